//! The child process that decodes and encodes pictures: see [`crate::media`].

use crate::media::{Said, WANTS_CODES, encode_anew, read_codes};
use crate::worker;
use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;
use xitai_model::limits::{MEDIA_BYTES_MAX, MEDIA_MEMORY_BYTES_MAX, MEDIA_S_MAX};

pub fn run() -> ExitCode {
    // It writes no file.
    match worker::bound(MEDIA_S_MAX, MEDIA_MEMORY_BYTES_MAX, 0).and_then(|()| answer()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn answer() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut wanted = String::new();
    input.read_line(&mut wanted)?;
    let mut bytes = Vec::new();
    input.take(MEDIA_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    if wanted.trim().as_bytes() == WANTS_CODES {
        let said = match read_codes(&bytes) {
            Ok(texts) => Said::Codes { texts },
            Err(refused) => Said::Refused { code: refused.code.code.to_owned(), detail: refused.detail },
        };
        return Ok(serde_json::to_writer(io::stdout().lock(), &said)?);
    }
    let encoded = encode_anew(&bytes);
    let said = match &encoded {
        Ok(picture) => Said::Done { format: picture.format, width: picture.width, height: picture.height },
        Err(refused) => Said::Refused { code: refused.code.code.to_owned(), detail: refused.detail.clone() },
    };
    let mut output = io::stdout().lock();
    serde_json::to_writer(&mut output, &said)?;
    output.write_all(b"\n")?;
    if let Ok(picture) = &encoded {
        output.write_all(&picture.bytes)?;
    }
    output.flush()
}

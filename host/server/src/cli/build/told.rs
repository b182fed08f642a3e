//! Runs compilers. What they say goes to the terminal as it comes, and to whoever listens besides.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// What was said, as far as it is kept: compilers of other languages can say a lot.
#[derive(Debug, Clone, Default)]
pub struct Said(Arc<Mutex<String>>);

const KEPT_BYTES_MAX: usize = 256 << 10;

impl Said {
    pub fn text(&self) -> String {
        self.held().clone()
    }
    fn hear(&self, line: &str) {
        let mut held = self.held();
        if held.len() + line.len() <= KEPT_BYTES_MAX {
            held.push_str(line);
        }
    }
    fn held(&self) -> std::sync::MutexGuard<'_, String> {
        self.0.lock().expect("no holder of the lock panics")
    }
}

/// Runs it to its end. Its standard output is the answer's, or is said as its complaints are.
pub fn run(command: &mut Command, answers: bool, quiet: bool, listener: Option<&Said>) -> io::Result<Output> {
    let Some(said) = listener else {
        let out = match (answers, quiet) {
            (true, _) => Stdio::piped(),
            (false, true) => Stdio::null(),
            (false, false) => Stdio::inherit(),
        };
        return command.stdout(out).stderr(Stdio::inherit()).spawn()?.wait_with_output();
    };
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let complaints = child.stderr.take();
    let talk = if answers { None } else { child.stdout.take() };
    std::thread::scope(|threads| {
        threads.spawn(move || complaints.map(|from| tell(from, said)));
        threads.spawn(move || talk.map(|from| tell(from, said)));
        child.wait_with_output()
    })
}

fn tell(from: impl Read, said: &Said) {
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
        // A terminal that is gone ends no build.
        let _ = io::stderr().write_all(&line);
        said.hear(&String::from_utf8_lossy(&line));
        line.clear();
    }
}

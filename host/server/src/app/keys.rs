//! The host's keys: 32 bytes each, in files that only this user may read, made when they are first needed.
//!
//! Losing the master key is losing every customer's data; losing the native key only costs a recompilation.

use crate::clock::Clock;
use crate::http::problem::Problem;
use data_encoding::HEXLOWER;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

#[derive(Clone)]
pub struct HostKeys {
    /// Wraps the customers' keys.
    pub master: [u8; 32],
    /// Authenticates native code that this host compiled.
    pub native: [u8; 32],
}

impl HostKeys {
    pub fn open(dir: &Path, clock: &Clock) -> Result<Self, Problem> {
        super::make_private_dir(dir)?;
        Ok(Self { master: key(&dir.join("master.key"), clock)?, native: key(&dir.join("native.key"), clock)? })
    }
}

/// Reads a key, or makes it. Written beside its place and linked there, so that two hosts which start at once on one
/// folder agree on one key and neither reads half of it.
fn key(path: &Path, clock: &Clock) -> Result<[u8; 32], Problem> {
    let told = |e: &dyn std::fmt::Display| Problem::internal(format!("{}: {e}", path.display()));
    if !path.exists() {
        let fresh = path.with_extension(HEXLOWER.encode(&clock.random::<8>()));
        let text = HEXLOWER.encode(&clock.random::<32>());
        let mut file =
            std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh).map_err(|e| told(&e))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|e| told(&e))?;
        let linked = std::fs::hard_link(&fresh, path);
        std::fs::remove_file(&fresh).map_err(|e| told(&e))?;
        match linked {
            Err(e) if e.kind() != ErrorKind::AlreadyExists => return Err(told(&e)),
            _ => {}
        }
    }
    let text = std::fs::read_to_string(path).map_err(|e| told(&e))?;
    let bytes = HEXLOWER.decode(text.trim().as_bytes()).map_err(|e| told(&e))?;
    bytes.try_into().map_err(|_| told(&"not 32 bytes"))
}

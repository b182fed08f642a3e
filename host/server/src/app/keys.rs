//! The host's keys: 32 bytes each, in files that only this user may read, made when they are first needed.
//!
//! Losing the master key is losing every customer's data; losing the native key only costs a recompilation, and losing
//! the signing key only a new one.

use crate::clock::Clock;
use crate::http::problem::Problem;
use data_encoding::HEXLOWER;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use xitai_model::signature::{PublicKey, SigningKey};

#[derive(Clone)]
pub struct HostKeys {
    /// Wraps the customers' keys.
    pub master: [u8; 32],
    /// Authenticates native code that this host compiled.
    pub native: [u8; 32],
}

impl HostKeys {
    /// What the bank signs with now. Read each time: see [`rotate`].
    pub fn signing(&self, dir: &Path, clock: &Clock) -> Result<SigningKey, Problem> {
        Ok(SigningKey::of_seed(&key(&dir.join(SIGNING), clock)?))
    }

    pub fn open(dir: &Path, clock: &Clock) -> Result<Self, Problem> {
        super::make_private_dir(dir)?;
        Ok(Self { master: key(&dir.join("master.key"), clock)?, native: key(&dir.join("native.key"), clock)? })
    }
}

const SIGNING: &str = "signing.key";

/// Puts a new signing key in the place of the old one, which nobody needs any more: what it signed is checked with its
/// public half, which stays published.
pub fn rotate(dir: &Path, clock: &Clock) -> Result<PublicKey, Problem> {
    let told = |e: &dyn std::fmt::Display| Problem::internal(format!("{}: {e}", dir.display()));
    let seed = clock.random::<32>();
    let fresh = dir.join(format!("signing.{}", HEXLOWER.encode(&clock.random::<8>())));
    write(&fresh, &seed).and_then(|()| std::fs::rename(&fresh, dir.join(SIGNING))).map_err(|e| told(&e))?;
    Ok(SigningKey::of_seed(&seed).public())
}

fn write(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(HEXLOWER.encode(key).as_bytes()).and_then(|()| file.sync_all())
}

/// Reads a key, or makes it. Written beside its place and linked there, so that two hosts which start at once on one
/// folder agree on one key and neither reads half of it.
fn key(path: &Path, clock: &Clock) -> Result<[u8; 32], Problem> {
    let told = |e: &dyn std::fmt::Display| Problem::internal(format!("{}: {e}", path.display()));
    if !path.exists() {
        let fresh = path.with_extension(HEXLOWER.encode(&clock.random::<8>()));
        write(&fresh, &clock.random::<32>()).map_err(|e| told(&e))?;
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

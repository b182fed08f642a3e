//! Native code that this host compiled, kept between starts. Loading native code is running it, so a file is believed
//! only when its MAC under the host's own key fits, and it is checked in memory: what was checked is what is loaded.

use crate::RuntimeFault;
use crate::engine::Engines;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::Component;
use xitai_model::digest::Digest;

const MAC_BYTES: usize = 32;

/// The folder of native code, and the key that its files are checked with.
pub(crate) struct Natives {
    dir: PathBuf,
    key: [u8; 32],
    /// Names the engine's configuration and version: native code of another is not looked at.
    engine_hash: String,
}

/// Why there is no program to load.
pub(crate) enum NativeFault {
    /// Never compiled, or compiled for another engine.
    Absent,
    /// The file is not what this host wrote.
    Changed,
    Broken(String),
}

impl Natives {
    pub(crate) fn open(dir: &Path, key: [u8; 32], engine: &Engine) -> Result<Self, RuntimeFault> {
        std::fs::create_dir_all(dir).map_err(|error| RuntimeFault(format!("{}: {error}", dir.display())))?;
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Self { dir: dir.to_owned(), key, engine_hash: format!("{:016x}", hasher.finish()) })
    }

    pub(crate) fn has(&self, digest: &Digest) -> bool {
        self.path(digest).exists()
    }

    /// Compiles and keeps. The file appears whole or not at all.
    pub(crate) fn compile(&self, engine: &Engine, component: &[u8]) -> Result<(), RuntimeFault> {
        let digest = Digest::of(component);
        let native = engine.precompile_component(component).map_err(|error| RuntimeFault(format!("{error:#}")))?;
        let mac = self.mac(&digest, &native).finalize().into_bytes();
        self.write(&digest, &[&mac, &native]).map_err(|error| RuntimeFault(format!("{}: {error}", self.dir.display())))
    }

    fn write(&self, digest: &Digest, parts: &[&[u8]]) -> std::io::Result<()> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        let aside = self.dir.join(format!("{}.{}.part", digest.hex(), data_encoding::HEXLOWER.encode(&random)));
        let mut file = std::fs::File::create_new(&aside)?;
        let written = parts.iter().try_for_each(|part| file.write_all(part)).and_then(|()| file.sync_all());
        let renamed = written.and_then(|()| std::fs::rename(&aside, self.path(digest)));
        if renamed.is_err() {
            let _ = std::fs::remove_file(&aside);
        }
        renamed
    }

    /// Loads a program. The second value is the size of its native code.
    pub(crate) fn load(&self, engines: &Engines, digest: &Digest) -> Result<(Component, usize), NativeFault> {
        let file = std::fs::read(self.path(digest)).map_err(|_| NativeFault::Absent)?;
        let Some((mac, native)) = file.split_at_checked(MAC_BYTES) else { return Err(NativeFault::Changed) };
        if self.mac(digest, native).verify_slice(mac).is_err() {
            return Err(NativeFault::Changed);
        }
        let component = deserialize(engines.for_native(native.len()), native)
            .map_err(|error| NativeFault::Broken(format!("{error:#}")))?;
        Ok((component, native.len()))
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.dir.join(format!("{}-{}.cwasm", digest.hex(), self.engine_hash))
    }

    fn mac(&self, digest: &Digest, native: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(digest.as_str().as_bytes());
        mac.update(self.engine_hash.as_bytes());
        mac.update(native);
        mac
    }
}

#[expect(unsafe_code, reason = "the only place where native code becomes a program; see the comment inside")]
fn deserialize(engine: &Engine, native: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: `native` was written by `Natives::compile` of a host that has this key, from wasmtime's own compiler, for
    // this component and this engine: the MAC over all three has just been verified over this very memory.
    unsafe { Component::deserialize(engine, native) }
}

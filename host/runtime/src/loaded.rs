//! Programs that are ready to run, most recently used first, bounded by number and by bytes of native code.

use crate::bindings::MiniProgramPre;
use crate::calls::CallState;
use crate::engine::Engines;
use crate::native::{NativeFault, Natives};
use crate::{linker, wasi};
use lru::LruCache;
use std::sync::{Arc, Mutex};
use wasmtime::component::Component;
use xitai_model::digest::Digest;
use xitai_model::limits::{PROGRAMS_LOADED_BYTES_MAX, PROGRAMS_LOADED_MAX};

/// A component, linked to exactly what was granted. A sandbox is made from it in microseconds.
pub struct Loaded {
    pub(crate) pre: MiniProgramPre<CallState>,
    pub(crate) has_wasi: bool,
    native_bytes: usize,
}

/// Why a program can't be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadFault {
    /// There is no native code of it on this host: compile the component, then load again.
    NotCompiled,
    /// The native code on this host is not what this host wrote. It is not looked at any further; compiling puts
    /// other code in its place.
    Changed,
    /// It imports what was not granted, or does not export what a mini program exports. Says what.
    NotLinked(String),
    /// The engine does not take the native code. Says why.
    Broken(String),
}

impl std::fmt::Display for LoadFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotCompiled => f.write_str("not compiled on this host"),
            Self::Changed => f.write_str("native code that this host did not write"),
            Self::NotLinked(why) | Self::Broken(why) => f.write_str(why),
        }
    }
}
impl std::error::Error for LoadFault {}

impl Loaded {
    pub(crate) fn link(component: &Component, granted: &[String], native_bytes: usize) -> Result<Self, LoadFault> {
        let not_linked = |error: wasmtime::Error| LoadFault::NotLinked(format!("{error:#}"));
        let linker = linker::linker(component.engine(), granted).map_err(not_linked)?;
        let pre = linker.instantiate_pre(component).and_then(MiniProgramPre::new).map_err(not_linked)?;
        Ok(Self { pre, has_wasi: wasi::is_granted(granted), native_bytes })
    }
}

/// A program under a grant.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    digest: Digest,
    granted: Vec<String>,
}

impl Key {
    fn of(digest: &Digest, granted: &[String]) -> Self {
        let mut granted = granted.to_vec();
        granted.sort();
        granted.dedup();
        Self { digest: digest.clone(), granted }
    }
}

pub(crate) struct Programs {
    loaded: Mutex<Kept>,
}

struct Kept {
    programs: LruCache<Key, Arc<Loaded>>,
    native_bytes: usize,
}

impl Programs {
    pub(crate) fn new() -> Self {
        Self { loaded: Mutex::new(Kept { programs: LruCache::unbounded(), native_bytes: 0 }) }
    }

    /// One that is in memory.
    pub(crate) fn get(&self, digest: &Digest, granted: &[String]) -> Option<Arc<Loaded>> {
        self.kept().programs.get(&Key::of(digest, granted)).cloned()
    }

    /// Two threads may load the same program at once; the second one's is dropped.
    pub(crate) fn load(
        &self,
        engines: &Engines,
        natives: &Natives,
        digest: &Digest,
        granted: &[String],
    ) -> Result<Arc<Loaded>, LoadFault> {
        let key = Key::of(digest, granted);
        if let Some(loaded) = self.kept().programs.get(&key) {
            return Ok(loaded.clone());
        }
        let (component, native_bytes) = natives.load(engines, digest).map_err(|fault| match fault {
            NativeFault::Absent => LoadFault::NotCompiled,
            NativeFault::Changed => LoadFault::Changed,
            NativeFault::Broken(why) => LoadFault::Broken(why),
        })?;
        let loaded = Arc::new(Loaded::link(&component, &key.granted, native_bytes)?);
        self.kept().keep(key, loaded.clone());
        Ok(loaded)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        // Nothing between lock and unlock can panic and leave the two fields apart.
        self.loaded.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Kept {
    fn keep(&mut self, key: Key, loaded: Arc<Loaded>) {
        self.native_bytes += loaded.native_bytes;
        if let Some((_, replaced)) = self.programs.push(key, loaded) {
            self.native_bytes -= replaced.native_bytes;
        }
        while self.programs.len() > PROGRAMS_LOADED_MAX
            || (self.native_bytes > PROGRAMS_LOADED_BYTES_MAX && self.programs.len() > 1)
        {
            let Some((_, dropped)) = self.programs.pop_lru() else { break };
            self.native_bytes -= dropped.native_bytes;
        }
    }
}

//! Sessions as they stood at their newest known position.
//!
//! Guards of the commit keep it honest: a stale session costs a refused commit and is then dropped. On PostgreSQL,
//! where other hosts move sessions too, a reader compares the position first.

use lru::LruCache;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use xitai_model::ids::{DeviceId, SessionId};
use xitai_model::program::Effect;
use xitai_model::session::{DeviceMark, Session};

const SESSIONS_HELD_MAX: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");
const BYTES_HELD_MAX: usize = 96 << 20;

#[derive(Clone)]
enum Held {
    Session {
        session: Arc<Session>,
        /// Of its newest step.
        effects: Arc<[Effect]>,
        devices: HashMap<DeviceId, DeviceMark>,
        bytes: usize,
    },
    /// It moved to this position while it was not held; an older row that a reader still carries must not get in.
    Moved(u64),
}

impl Held {
    fn bytes(&self) -> usize {
        match self {
            Self::Session { bytes, .. } => *bytes,
            Self::Moved(_) => 0,
        }
    }
}

struct Inner {
    held: LruCache<SessionId, Held>,
    bytes: usize,
}

pub(crate) struct SessionCache(Mutex<Inner>);

impl SessionCache {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Inner { held: LruCache::new(SESSIONS_HELD_MAX), bytes: 0 }))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn session(&self, id: &SessionId) -> Option<Arc<Session>> {
        match self.inner().held.get(id) {
            Some(Held::Session { session, .. }) => Some(session.clone()),
            _ => None,
        }
    }

    /// The effects of the step at that position, where it is the newest known.
    pub(crate) fn effects(&self, id: &SessionId, position: u64) -> Option<Arc<[Effect]>> {
        match self.inner().held.get(id) {
            Some(Held::Session { session, effects, .. }) if session.position == position => Some(effects.clone()),
            _ => None,
        }
    }

    pub(crate) fn device(&self, id: &SessionId, device: &DeviceId) -> Option<DeviceMark> {
        match self.inner().held.get(id) {
            Some(Held::Session { devices, .. }) => devices.get(device).cloned(),
            _ => None,
        }
    }

    /// A reader found the session so.
    pub(crate) fn found(&self, session: Arc<Session>, effects: Arc<[Effect]>) {
        let mut inner = self.inner();
        let newer = match inner.held.peek(&session.opening.id) {
            Some(Held::Session { session: held, .. }) => held.position >= session.position,
            Some(Held::Moved(position)) => *position > session.position,
            None => false,
        };
        if !newer {
            inner.put(session, effects, HashMap::new());
        }
    }

    pub(crate) fn found_device(&self, id: &SessionId, at_position: u64, mark: DeviceMark) {
        if let Some(Held::Session { session, devices, .. }) = self.inner().held.get_mut(id)
            && session.position == at_position
        {
            devices.insert(mark.device.clone(), mark);
        }
    }

    /// A commit made the session so.
    pub(crate) fn committed(&self, session: Arc<Session>, effects: Arc<[Effect]>, mark: Option<DeviceMark>) {
        let mut inner = self.inner();
        let mut devices = match inner.held.pop(&session.opening.id) {
            Some(Held::Session { devices, bytes, .. }) => {
                inner.bytes -= bytes;
                devices
            }
            _ => HashMap::new(),
        };
        if let Some(mark) = mark {
            devices.insert(mark.device.clone(), mark);
        }
        inner.put(session, effects, devices);
    }

    /// A commit moved the session, and there is not enough here to say how it stands.
    pub(crate) fn moved(&self, id: &SessionId, position: u64) {
        self.inner().replace(id.clone(), Held::Moved(position));
    }

    pub(crate) fn forget(&self, id: &SessionId) {
        let mut inner = self.inner();
        if let Some(held) = inner.held.pop(id) {
            inner.bytes -= held.bytes();
        }
    }

    pub(crate) fn forget_all(&self) {
        let mut inner = self.inner();
        inner.held.clear();
        inner.bytes = 0;
    }
}

impl Inner {
    fn put(&mut self, session: Arc<Session>, effects: Arc<[Effect]>, devices: HashMap<DeviceId, DeviceMark>) {
        // A node takes about 300 bytes with its texts; the rest of a session about 2 KiB.
        let of_effects: usize = effects.iter().map(|effect| effect.kind.len() + effect.json.len()).sum();
        let bytes = 2_048 + session.state.len() + 300 * session.screen.nodes.len() + of_effects;
        self.replace(session.opening.id.clone(), Held::Session { session, effects, devices, bytes });
    }

    fn replace(&mut self, id: SessionId, held: Held) {
        self.bytes += held.bytes();
        if let Some((_, gone)) = self.held.push(id, held) {
            self.bytes -= gone.bytes();
        }
        while self.bytes > BYTES_HELD_MAX
            && let Some((_, gone)) = self.held.pop_lru()
        {
            self.bytes -= gone.bytes();
        }
    }
}

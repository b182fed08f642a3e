//! How often one may ask. All counting of requests is here.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use xitai_model::digest::Digest;
use xitai_model::limits;

/// Which count a route falls under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateClass {
    /// Not counted: probes and assets.
    Free,
    /// Counted for each sign-in; without one, for each address.
    Requests,
    /// Open streams, counted while they are open.
    Stream,
    /// Tries of one sign-in name.
    SignIn,
}

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Counted {
    Token(Digest),
    Address(std::net::IpAddr),
    Nobody,
}

/// Over this many seconds requests are counted, so that a page that loads ten things is no abuse.
const WINDOW_S: u32 = 10;

pub struct Rates {
    requests_per_s_max: u32,
    requests: Mutex<Windows<Counted>>,
    sign_ins: Mutex<Windows<String>>,
    streams: Mutex<HashMap<Counted, usize>>,
}

impl Rates {
    pub fn new(requests_per_s_max: u32) -> Self {
        Self {
            requests_per_s_max,
            requests: Mutex::new(Windows::new(WINDOW_S * 1000)),
            sign_ins: Mutex::new(Windows::new(60_000)),
            streams: Mutex::default(),
        }
    }
    /// Counts a request; says how long to wait where it is one too many.
    pub fn request(&self, who: Counted, now_ms: i64) -> Result<(), u64> {
        let most = self.requests_per_s_max.saturating_mul(WINDOW_S);
        lock(&self.requests).count(who, most, now_ms)
    }
    /// Counts a try to sign in under a name.
    pub fn sign_in(&self, login: &str, now_ms: i64) -> Result<(), u64> {
        lock(&self.sign_ins).count(login.to_owned(), limits::SIGN_INS_PER_MINUTE_MAX, now_ms)
    }
    /// Opens a stream, which counts until the permit is dropped.
    pub fn stream(self: &std::sync::Arc<Self>, who: Counted) -> Option<StreamPermit> {
        let mut streams = lock(&self.streams);
        let open = streams.entry(who.clone()).or_default();
        if *open >= limits::STREAMS_MAX {
            return None;
        }
        *open += 1;
        Some(StreamPermit { rates: self.clone(), who })
    }
}

pub struct StreamPermit {
    rates: std::sync::Arc<Rates>,
    who: Counted,
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        let mut streams = lock(&self.rates.streams);
        if let Some(open) = streams.get_mut(&self.who) {
            *open -= 1;
            if *open == 0 {
                streams.remove(&self.who);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().expect("no holder of the lock panics")
}

/// Counts in windows of fixed length.
struct Windows<K> {
    length_ms: u32,
    counts: HashMap<K, (i64, u32)>,
}

/// Past this many keys the windows that are over are swept out.
const SWEEP_AT: usize = 10_000;

impl<K: Hash + Eq> Windows<K> {
    fn new(length_ms: u32) -> Self {
        Self { length_ms, counts: HashMap::new() }
    }
    fn count(&mut self, key: K, most: u32, now_ms: i64) -> Result<(), u64> {
        let length_ms = i64::from(self.length_ms);
        let window = now_ms.div_euclid(length_ms);
        if self.counts.len() >= SWEEP_AT {
            self.counts.retain(|_, (at, _)| *at == window);
        }
        let (at, count) = self.counts.entry(key).or_insert((window, 0));
        if *at != window {
            (*at, *count) = (window, 0);
        }
        if *count >= most {
            return Err(((window + 1) * length_ms - now_ms) as u64);
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_lets_in_so_many_and_the_next_begins_anew() {
        let rates = Rates::new(1);
        for _ in 0..WINDOW_S {
            assert_eq!(rates.request(Counted::Nobody, 1_000), Ok(()));
        }
        assert_eq!(rates.request(Counted::Nobody, 1_000), Err(9_000));
        assert_eq!(rates.request(Counted::Nobody, 10_000), Ok(()));
    }
}

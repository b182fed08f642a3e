//! How often one may ask. All counting of requests is here.

use super::ctx::Ctx;
use crate::http::problem::Problem;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use xitai_model::code::Code;
use xitai_model::digest::Digest;
use xitai_model::{code, limits};

/// Which count a route falls under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateClass {
    /// Not counted: probes and assets.
    Free,
    /// Counted for each sign-in; without one, for each address.
    Requests,
}

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Counted {
    Token(Digest),
    Address(std::net::IpAddr),
    Nobody,
}

/// What is guessed at, or costs something each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guesses {
    /// An answer of a passkey, or a one-time code that was typed.
    Passkey,
    /// A one-time code that is sent.
    CodeSent,
    /// A visitor's record.
    Visitor,
    /// A sign-in at a provider.
    Provider,
    /// A code that goes on elsewhere: made, and typed.
    HandOverMade,
    HandOver,
    /// A message of a chat user.
    ChatMessage,
    /// A ticket of the bank's own app: made for a customer, and shown.
    AppTicketMade,
    AppTicket,
    /// A visitor whom a partner brings.
    EmbedVisitor,
}

impl Guesses {
    fn most(self) -> u32 {
        match self {
            Guesses::Passkey => limits::PASSKEY_TRIES_PER_MINUTE_MAX,
            Guesses::CodeSent => limits::CODES_PER_MINUTE_MAX,
            Guesses::Visitor => limits::VISITORS_PER_MINUTE_MAX,
            Guesses::Provider => limits::PROVIDER_SIGN_INS_PER_MINUTE_MAX,
            Guesses::HandOverMade => limits::HANDOVERS_PER_MINUTE_MAX,
            Guesses::HandOver => limits::HANDOVER_TRIES_PER_MINUTE_MAX,
            Guesses::ChatMessage => limits::CHAT_MESSAGES_PER_MINUTE_MAX,
            Guesses::AppTicketMade => limits::APP_TICKETS_PER_MINUTE_MAX,
            Guesses::AppTicket => limits::APP_TICKET_TRIES_PER_MINUTE_MAX,
            Guesses::EmbedVisitor => limits::EMBED_VISITORS_PER_MINUTE_MAX,
        }
    }
    fn refused(self) -> &'static Code {
        match self {
            Guesses::HandOverMade => code::HANDOVER_MANY,
            Guesses::HandOver => code::HANDOVER_TRIES,
            Guesses::ChatMessage => code::CHAT_BUSY,
            Guesses::AppTicketMade | Guesses::AppTicket => code::APP_TICKET_MANY,
            _ => code::AUTH_TOO_MANY,
        }
    }
}

/// Over this many seconds requests are counted, so that a page that loads ten things is no abuse.
const WINDOW_S: u32 = 10;

pub struct Rates {
    requests_per_s_max: u32,
    requests: Mutex<Windows<Counted>>,
    sign_ins: Mutex<Windows<String>>,
    guesses: Mutex<Windows<(Guesses, String)>>,
    /// Wrong payment codes, by the merchant that sent them.
    misses: Mutex<Windows<String>>,
    streams: Mutex<HashMap<Counted, usize>>,
}

impl Rates {
    pub fn new(requests_per_s_max: u32) -> Self {
        Self {
            requests_per_s_max,
            requests: Mutex::new(Windows::new(WINDOW_S * 1000)),
            sign_ins: Mutex::new(Windows::new(60_000)),
            guesses: Mutex::new(Windows::new(60_000)),
            misses: Mutex::new(Windows::new(60_000)),
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
    /// Counts a guess at somebody's, or by somebody.
    pub fn guess(&self, what: Guesses, name: &str, now_ms: i64) -> Result<(), Problem> {
        let counted = lock(&self.guesses).count((what, name.to_owned()), what.most(), now_ms);
        counted.map_err(|ms| Problem::new(what.refused()).retry_after_ms(ms))
    }
    /// Counts a guess by whoever has not signed in, by their address.
    pub fn guess_from(&self, what: Guesses, ctx: &Ctx) -> Result<(), Problem> {
        let address = ctx.address.map(|address| address.to_string()).unwrap_or_default();
        self.guess(what, &address, ctx.now_ms)
    }
    /// Whether a merchant may send one more payment code: right ones are not counted, so that a busy till is no guesser.
    pub fn may_miss(&self, merchant: &str, now_ms: i64) -> Result<(), Problem> {
        let over = lock(&self.misses).over(&merchant.to_owned(), limits::PAY_CODE_MISSES_PER_MINUTE_MAX, now_ms);
        over.map_err(|ms| Problem::new(code::PAY_CODE_TRIES).retry_after_ms(ms))
    }
    /// Counts a wrong one.
    pub fn miss(&self, merchant: &str, now_ms: i64) {
        let _ = lock(&self.misses).count(merchant.to_owned(), limits::PAY_CODE_MISSES_PER_MINUTE_MAX, now_ms);
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

/// Counts over a window that slides: the window that runs, and as much of the one before as it still reaches into. So
/// nobody gets twice as much by asking around the turn of a window.
struct Windows<K> {
    length_ms: i64,
    counts: HashMap<K, Count>,
    /// The window in which what is over was swept out; once in each is enough, however many ask.
    swept: i64,
}

#[derive(Clone, Copy)]
struct Count {
    window: i64,
    now: u32,
    before: u32,
}

impl Count {
    /// The same in the window that runs.
    fn at(self, window: i64) -> Self {
        match window - self.window {
            0 => self,
            1 => Self { window, now: 0, before: self.now },
            _ => Self { window, now: 0, before: 0 },
        }
    }
    fn reached(self, left_ms: i64, length_ms: i64) -> i64 {
        i64::from(self.now) + i64::from(self.before) * left_ms / length_ms
    }
}

/// Past this many keys those that are over are swept out.
const SWEEP_AT: usize = 10_000;

impl<K: Hash + Eq> Windows<K> {
    fn new(length_ms: u32) -> Self {
        Self { length_ms: i64::from(length_ms), counts: HashMap::new(), swept: 0 }
    }
    /// How long to wait where the next would be one too many. Counts nothing.
    fn over(&self, key: &K, most: u32, now_ms: i64) -> Result<(), u64> {
        let window = now_ms.div_euclid(self.length_ms);
        let left_ms = (window + 1) * self.length_ms - now_ms;
        let reached = self.counts.get(key).map_or(0, |count| count.at(window).reached(left_ms, self.length_ms));
        if reached >= i64::from(most) { Err(left_ms as u64) } else { Ok(()) }
    }
    /// Counts one; says how long to wait where it is one too many.
    fn count(&mut self, key: K, most: u32, now_ms: i64) -> Result<(), u64> {
        let window = now_ms.div_euclid(self.length_ms);
        if self.counts.len() >= SWEEP_AT && self.swept != window {
            self.swept = window;
            self.counts.retain(|_, count| count.window >= window - 1);
        }
        let left_ms = (window + 1) * self.length_ms - now_ms;
        let count = self.counts.entry(key).or_insert(Count { window, now: 0, before: 0 });
        *count = count.at(window);
        if count.reached(left_ms, self.length_ms) >= i64::from(most) {
            return Err(left_ms as u64);
        }
        count.now += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wrong_codes_are_counted_against_a_till() {
        let rates = Rates::new(1);
        for _ in 0..limits::PAY_CODE_MISSES_PER_MINUTE_MAX {
            assert!(rates.may_miss("tea-house", 60_000).is_ok());
            rates.miss("tea-house", 60_000);
        }
        let refused = rates.may_miss("tea-house", 60_000).unwrap_err();
        assert_eq!((refused.code, refused.retry_after_ms), (code::PAY_CODE_TRIES, Some(60_000)));
        assert!(rates.may_miss("canteen", 60_000).is_ok(), "another merchant's till goes on");
        assert!(rates.may_miss("tea-house", 180_000).is_ok(), "and this one's, later");
    }

    #[test]
    fn so_many_are_let_in_and_the_turn_of_a_window_gives_no_more() {
        let rates = Rates::new(1);
        for _ in 0..WINDOW_S {
            assert_eq!(rates.request(Counted::Nobody, 9_000), Ok(()));
        }
        assert_eq!(rates.request(Counted::Nobody, 9_000), Err(1_000));
        assert_eq!(rates.request(Counted::Nobody, 10_000), Err(10_000));
        // Half a window later half of them are forgotten.
        for _ in 0..WINDOW_S / 2 {
            assert_eq!(rates.request(Counted::Nobody, 15_000), Ok(()));
        }
        assert_eq!(rates.request(Counted::Nobody, 15_000), Err(5_000));
        assert_eq!(rates.request(Counted::Nobody, 40_000), Ok(()));
    }
}

//! A circuit breaker: a partner that fails again and again is left alone for a while, then asked once.

use crate::limits::{BREAKER_FAILURES_MAX, BREAKER_OPEN_MS, BREAKER_OPEN_MS_MAX, PARTNER_LEASE_MS};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Breaker {
    Closed {
        /// In a row.
        failures: u32,
    },
    Open {
        until_ms: i64,
        /// How long this time; the next time it is twice as long.
        for_ms: i64,
    },
    /// One call is on its way to see; nobody else goes.
    HalfOpen {
        /// Another may go once this one must be lost.
        until_ms: i64,
        for_ms: i64,
    },
}

impl Default for Breaker {
    fn default() -> Self {
        Breaker::Closed { failures: 0 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Somebody wants to send.
    Ask,
    Succeeded,
    Failed,
}

/// Whether one may send now; if not, when to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    Go,
    Wait { until_ms: i64 },
}

/// The breaker after a signal. The second part answers [`Signal::Ask`].
pub fn apply(breaker: Breaker, signal: Signal, now_ms: i64) -> (Breaker, May) {
    use Breaker as B;
    match (breaker, signal) {
        (B::Closed { .. }, Signal::Ask) => (breaker, May::Go),
        (B::Open { until_ms, for_ms } | B::HalfOpen { until_ms, for_ms }, Signal::Ask) => {
            if now_ms < until_ms {
                return (breaker, May::Wait { until_ms });
            }
            (B::HalfOpen { until_ms: now_ms + PARTNER_LEASE_MS, for_ms }, May::Go)
        }
        (_, Signal::Succeeded) => (Breaker::default(), May::Go),
        (B::Closed { failures }, Signal::Failed) if failures + 1 < BREAKER_FAILURES_MAX => {
            (B::Closed { failures: failures + 1 }, May::Go)
        }
        (B::Closed { .. }, Signal::Failed) => opened(BREAKER_OPEN_MS, now_ms),
        (B::HalfOpen { for_ms, .. }, Signal::Failed) => opened((for_ms * 2).min(BREAKER_OPEN_MS_MAX), now_ms),
        // A straggler that left before it opened.
        (B::Open { until_ms, .. }, Signal::Failed) => (breaker, May::Wait { until_ms }),
    }
}

fn opened(for_ms: i64, now_ms: i64) -> (Breaker, May) {
    let until_ms = now_ms + for_ms;
    (Breaker::Open { until_ms, for_ms }, May::Wait { until_ms })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn after(breaker: Breaker, signals: &[Signal], now_ms: i64) -> Breaker {
        signals.iter().fold(breaker, |breaker, signal| apply(breaker, *signal, now_ms).0)
    }

    #[test]
    fn it_opens_after_so_many_failures_in_a_row_and_one_call_closes_it() {
        let failures = vec![Signal::Failed; BREAKER_FAILURES_MAX as usize];
        let almost = after(Breaker::default(), &failures[1..], 0);
        assert_eq!(apply(almost, Signal::Ask, 0).1, May::Go);
        assert_eq!(after(almost, &[Signal::Succeeded, Signal::Failed], 0), Breaker::Closed { failures: 1 }, "in a row");
        let open = after(almost, &[Signal::Failed], 0);
        assert_eq!(apply(open, Signal::Ask, BREAKER_OPEN_MS - 1).1, May::Wait { until_ms: BREAKER_OPEN_MS });
        let (half, may) = apply(open, Signal::Ask, BREAKER_OPEN_MS);
        assert_eq!(may, May::Go);
        assert!(matches!(apply(half, Signal::Ask, BREAKER_OPEN_MS).1, May::Wait { .. }), "one goes, the others wait");
        assert_eq!(after(half, &[Signal::Succeeded], BREAKER_OPEN_MS), Breaker::default());
        let again = after(half, &[Signal::Failed], BREAKER_OPEN_MS);
        assert_eq!(again, Breaker::Open { until_ms: 3 * BREAKER_OPEN_MS, for_ms: 2 * BREAKER_OPEN_MS });
        let lost = BREAKER_OPEN_MS + PARTNER_LEASE_MS;
        assert_eq!(apply(half, Signal::Ask, lost).1, May::Go, "whoever went to see was lost");
    }

    proptest! {
        /// Whatever comes, it is never open for longer than the most, so that no partner is left for ever.
        #[test]
        fn it_never_stays_open_for_ever(signals in proptest::collection::vec((0_u8..3, 0_i64..1_000_000), 0..60)) {
            let (mut breaker, mut now_ms) = (Breaker::default(), 0);
            for (signal, passed_ms) in signals {
                now_ms += passed_ms;
                let signal = [Signal::Ask, Signal::Succeeded, Signal::Failed][signal as usize];
                let (next, may) = apply(breaker, signal, now_ms);
                breaker = next;
                // Whoever only reports needs no leave.
                if let (Signal::Ask, May::Wait { until_ms }) = (signal, may) {
                    prop_assert!(until_ms > now_ms && until_ms <= now_ms + BREAKER_OPEN_MS_MAX.max(PARTNER_LEASE_MS));
                }
            }
            let far = now_ms + BREAKER_OPEN_MS_MAX.max(PARTNER_LEASE_MS);
            prop_assert_eq!(apply(breaker, Signal::Ask, far).1, May::Go);
        }
    }
}

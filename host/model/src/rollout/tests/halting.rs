//! When figures are bad enough, at each edge.

use super::*;
use crate::limits::{HALT_CALLS_MIN, HALT_COMPLAINTS_BP, HALT_ERRORS_BP, HALT_REFUSALS_BP, HALT_SLOW_MS};
use crate::rollout::health::{Measure, TOOK_MS};

fn calls(n: u64, errors: u64, refusals: u64, complaints: u64) -> Figures {
    let mut figures = Figures { complaints, ..Figures::default() };
    for at in 0..n {
        figures.add(&Figures::of_call(3, at < errors, at < refusals));
    }
    figures
}
fn judged(figures: &Figures) -> Option<Measure> {
    Thresholds::default().judge(figures, 0, 60_000).map(|trip| trip.what)
}

#[test]
fn each_threshold_halts_only_past_its_edge() {
    let edge = |bp: u32| u64::from(bp) / 10;
    let cases: [(&str, Figures, Option<Measure>); 8] = [
        ("nothing", calls(1_000, 0, 0, 0), None),
        ("errors at the edge", calls(1_000, edge(HALT_ERRORS_BP), 0, 0), None),
        ("errors past it", calls(1_000, edge(HALT_ERRORS_BP) + 1, 0, 0), Some(Measure::Errors)),
        ("refusals at the edge", calls(1_000, 0, edge(HALT_REFUSALS_BP), 0), None),
        ("refusals past it", calls(1_000, 0, edge(HALT_REFUSALS_BP) + 1, 0), Some(Measure::Refusals)),
        ("complaints at the edge", calls(1_000, 0, 0, edge(HALT_COMPLAINTS_BP)), None),
        ("complaints past it", calls(1_000, 0, 0, edge(HALT_COMPLAINTS_BP) + 1), Some(Measure::Complaints)),
        ("everything", calls(1_000, 900, 900, 900), Some(Measure::Errors)),
    ];
    for (what, figures, expected) in cases {
        assert_eq!(judged(&figures), expected, "{what}");
    }
}

#[test]
fn too_few_calls_say_nothing() {
    let fewest = u64::from(HALT_CALLS_MIN);
    assert_eq!(judged(&calls(fewest - 1, fewest - 1, 0, 0)), None);
    assert_eq!(judged(&calls(fewest, fewest, 0, 0)), Some(Measure::Errors));
    assert_eq!(judged(&Figures::default()), None);
    assert_eq!(judged(&Figures { complaints: 1_000, ..Figures::default() }), None, "nobody has called it");
}

#[test]
fn latency_is_that_of_nineteen_in_twenty() {
    let slow = |n: u64| {
        let mut figures = calls(100 - n, 0, 0, 0);
        (0..n).for_each(|_| figures.add(&Figures::of_call(u64::from(HALT_SLOW_MS) + 1, false, false)));
        figures
    };
    assert_eq!(slow(5).p95_ms(), Some(u64::from(TOOK_MS[0])));
    assert_eq!(judged(&slow(5)), None);
    assert_eq!(slow(6).p95_ms(), Some(2_000));
    assert_eq!(judged(&slow(6)), Some(Measure::Latency));
    assert_eq!(Figures::default().p95_ms(), None);
    assert_eq!(Figures::of_call(60_000, false, false).p95_ms(), Some(4_000), "longer than the last class");
}

#[test]
fn a_window_begins_where_the_stage_does() {
    let thresholds = Thresholds { minutes: 10, ..Thresholds::default() };
    assert_eq!(thresholds.from_ms(0, 3_600_000), 3_000_000);
    assert_eq!(thresholds.from_ms(3_500_000, 3_600_000), 3_500_000);
    for (minutes, fits) in [(0, false), (1, true), (60, true), (61, false)] {
        assert_eq!(Thresholds { minutes, ..Thresholds::default() }.checked().is_ok(), fits, "{minutes}");
    }
    assert!(Thresholds { errors_bp: 10_001, ..Thresholds::default() }.checked().is_err());
    assert!(Thresholds { calls_min: 0, ..Thresholds::default() }.checked().is_err(), "the floor of samples stays");
}

proptest! {
    /// Figures survive the way through the store, and those of two hosts add up to the whole.
    #[test]
    fn figures_add_up(one in proptest::array::uniform4(0_u64..9_999), two in proptest::array::uniform4(0_u64..9_999), ms in 0_u64..9_999) {
        let of = |n: [u64; 4]| {
            let mut figures = Figures::of_call(ms, false, false);
            figures.add(&Figures { calls: n[0], errors: n[1], refusals: n[2], complaints: n[3], ..Figures::default() });
            figures
        };
        let mut whole = of(one);
        whole.add(&of(two));
        let mut read = Figures::default();
        for (name, n) in of(one).parts().into_iter().chain(of(two).parts()) {
            read.take(&name, n);
        }
        prop_assert_eq!(read, whole);
    }
}

//! Every command in every state, with and without a freeze; and what becomes of sessions.

use super::*;
use crate::limits::{ROLLOUT_HISTORY_MAX, ROLLOUT_PLAN_MAX, ROLLOUT_REASON_CHARS_MAX, ROLLOUT_STAGES_MAX};
use crate::rollout::health::Measure;
use crate::rollout::session::Onward;
use crate::rollout::state::Doing;

const NOW_MS: i64 = 1_000;

fn doing(frozen: Option<&str>) -> Doing<'_> {
    Doing { by: "wu", now_ms: NOW_MS, frozen }
}
fn trip() -> Trip {
    Trip { what: Measure::Errors, measured: 900, allowed: 500, figures: Figures::default(), from_ms: 0, to_ms: 1 }
}
fn done(rollout: &Rollout, command: Command) -> Result<Rollout, String> {
    apply(rollout, &command, doing(None)).map_err(|refusal| refusal.code)
}

/// 2.0.0 in one of its states, with 1.0.0 behind it.
fn standing(state: &str) -> Rollout {
    let newer = |state| Stage { state, plan: vec![Planned { at_ms: 900, share: share("50") }], ..stage("2.0.0", "10") };
    let stages = match state {
        "absent" => vec![],
        "running" => vec![newer(StageState::Running)],
        "paused" => vec![newer(StageState::Paused { reason: "look".to_owned() })],
        "halted" => vec![newer(StageState::Halted { trip: trip() })],
        "base" => return rollout(vec![stage("2.0.0", "100")]),
        _ => panic!("{state}"),
    };
    rollout(stages.into_iter().chain([stage("1.0.0", "100")]).collect())
}
fn command(word: &str) -> Command {
    let version = version("2.0.0");
    match word {
        "set" => Command::Set {
            version,
            share: share("20"),
            audience: Audience::default(),
            thresholds: Thresholds::default(),
            plan: Vec::new(),
        },
        "raise" => Command::Raise { version, to: share("20") },
        "lower" => Command::Lower { version, to: share("5") },
        "step" => Command::Step { version, at_ms: 900 },
        "pause" => Command::Pause { version, reason: "look".to_owned() },
        "resume" => Command::Resume { version },
        "halt" => Command::Halt { version, trip: trip() },
        "alarm" => Command::Alarm { version, trip: trip() },
        "roll-back" => Command::RollBack { to: version, reason: String::new() },
        "finish" => Command::Finish { version },
        _ => panic!("{word}"),
    }
}
/// How 2.0.0 stands.
fn told(rollout: &Rollout) -> String {
    let Some(stage) = rollout.stage(&version("2.0.0")) else { return "absent".to_owned() };
    let alone = rollout.stages.len() == 1;
    let word = match stage.state {
        StageState::Running if alone => "base",
        StageState::Running => "running",
        StageState::Paused { .. } => "paused",
        StageState::Halted { .. } => "halted",
    };
    format!("{word} {}{}", stage.share, if rollout.alarm.is_some() { " alarm" } else { "" })
}

/// Rows are states, columns what each command makes of them; `!` a refusal's code. `*` a freeze refuses it.
const TABLE: &str = "
command   | absent              | running            | paused             | halted             | base
set       | running 20 *        | running 20 *       | !rollout.paused *  | !rollout.halted *  | base 20 *
raise     | !rollout.no-stage * | running 20 *       | !rollout.paused *  | !rollout.halted *  | !rollout.percent *
lower     | !rollout.no-stage   | running 5          | paused 5           | !rollout.halted    | !rollout.base
step      | !rollout.no-stage   | running 50 *       | !rollout.paused    | !rollout.halted    | !rollout.plan
pause     | !rollout.no-stage   | paused 10          | !rollout.paused    | !rollout.halted    | !rollout.base
resume    | !rollout.no-stage * | !rollout.running * | running 10 *       | running 10 *       | !rollout.running *
halt      | !rollout.no-stage   | halted 10          | !rollout.paused    | !rollout.halted    | !rollout.base
alarm     | !rollout.no-stage   | running 10 alarm   | paused 10 alarm    | halted 10 alarm    | base 100 alarm
roll-back | base 100 *          | base 100 *         | base 100 *         | base 100 *         | !rollout.running
finish    | !rollout.no-stage * | base 100 *         | !rollout.paused *  | !rollout.halted *  | base 100 *
";

/// Whoever adds a command is stopped here by the compiler, and adds its row above.
fn has_its_row(command: &Command) {
    use Command as C;
    match command {
        C::Set { .. } | C::Raise { .. } | C::Lower { .. } | C::Step { .. } | C::Pause { .. } => {}
        C::Resume { .. } | C::Halt { .. } | C::Alarm { .. } | C::RollBack { .. } | C::Finish { .. } => {}
    }
}

#[test]
fn every_command_in_every_state() {
    let mut rows = TABLE.trim().lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let states = rows.next().unwrap();
    let mut cells = 0;
    for row in rows {
        for (state, expected) in states.iter().zip(&row).skip(1) {
            let (expected, freezes) = match expected.strip_suffix('*') {
                Some(rest) => (rest.trim(), true),
                None => (*expected, false),
            };
            let before = standing(state);
            has_its_row(&command(row[0]));
            let after = match done(&before, command(row[0])) {
                Ok(after) => {
                    let past = &after.history[0];
                    assert_eq!((past.what.as_str(), past.by.as_str(), past.at_ms), (row[0], "wu", NOW_MS));
                    told(&after)
                }
                Err(code) => format!("!{code}"),
            };
            assert_eq!(after, expected, "{} when {state}", row[0]);
            let frozen = apply(&before, &command(row[0]), doing(Some("new year")));
            let refused = frozen.is_err_and(|refusal| refusal.code == "rollout.frozen");
            assert_eq!(refused, freezes, "{} when {state} and frozen", row[0]);
            cells += 1;
        }
    }
    assert_eq!(cells, 50, "every cell of the table");
}

#[test]
fn what_takes_a_release_away_says_where_sessions_go() {
    let halted = done(&standing("running"), command("halt")).unwrap();
    let (one, two) = (version("1.0.0"), version("2.0.0"));
    let reads = |_: &Version| true;
    let never = |_: &Version| false;
    assert_eq!(halted.onward(&two, reads), Onward::To(&one));
    assert_eq!(halted.onward(&two, never), Onward::Afresh);
    assert_eq!(standing("paused").onward(&two, reads), Onward::Stays, "who has it open goes on");
    assert_eq!(standing("running").onward(&one, reads), Onward::Stays);
    // Superseded: on to the new one where that can read, to the end where it can't.
    let finished = done(&standing("running"), command("finish")).unwrap();
    assert_eq!(finished.onward(&one, reads), Onward::To(&two));
    assert_eq!(finished.onward(&one, never), Onward::Stays);
    // Rolled back.
    let back = done(&finished, Command::RollBack { to: one.clone(), reason: "wrong sums".to_owned() }).unwrap();
    assert_eq!(back.withdrawn, std::slice::from_ref(&two));
    assert_eq!(back.onward(&two, reads), Onward::To(&one));
    assert_eq!(back.onward(&two, never), Onward::Afresh);
    // And forward again: what is set is no longer withdrawn.
    let again = done(&back, command("set")).unwrap();
    assert_eq!((again.withdrawn.len(), again.onward(&two, never)), (0, Onward::Stays));
}

#[test]
fn back_and_forth_any_number_of_times_also_while_others_go_out() {
    let mut now = rollout(vec![stage("1.2.0", "10"), stage("1.1.0", "30"), stage("1.0.0", "100")]);
    for turn in 0..50 {
        let to = ["0.9.0", "1.1.0", "1.2.0", "1.0.0"][turn % 4];
        now = done(&now, Command::RollBack { to: version(to), reason: String::new() }).unwrap();
        assert_eq!(now.base().map(|base| base.version.to_string()).as_deref(), Some(to));
        assert_eq!(now.stages.len(), 1);
        assert!(!now.withdrawn.contains(&version(to)));
    }
    assert_eq!(now.withdrawn, [version("0.9.0"), version("1.0.0"), version("1.2.0")]);
}

#[test]
fn going_back_is_never_frozen() {
    let frozen = |rollout: &Rollout, to: &str| {
        apply(rollout, &Command::RollBack { to: version(to), reason: String::new() }, doing(Some("new year")))
    };
    assert!(frozen(&standing("running"), "1.0.0").is_ok(), "to the base");
    assert!(frozen(&standing("halted"), "0.9.0").is_ok(), "to what was before it");
    assert_eq!(frozen(&standing("running"), "2.0.0").unwrap_err().code, "rollout.frozen", "that is not back");
}

#[test]
fn what_was_halted_and_is_superseded_stays_withdrawn() {
    let newer = Command::Set {
        version: version("2.0.1"),
        share: Share::ALL,
        audience: Audience::default(),
        thresholds: Thresholds::default(),
        plan: Vec::new(),
    };
    let after = done(&standing("halted"), newer).unwrap();
    assert_eq!(after.onward(&version("2.0.0"), |_| false), Onward::Afresh);
    assert_eq!(after.onward(&version("1.0.0"), |_| false), Onward::Stays, "superseded only");
}

#[test]
fn the_base_keeps_whom_it_is_for() {
    let only_kiosk = Audience { channels: vec![Channel::Kiosk], ..Audience::default() };
    let base = Stage { audience: only_kiosk.clone(), ..stage("1.0.0", "100") };
    let before = rollout(vec![stage("2.0.0", "10"), base]);
    for word in ["finish", "roll-back"] {
        let after = done(&before, command(word)).unwrap();
        assert_eq!(after.stages[0].audience, only_kiosk, "{word}");
    }
}

#[test]
fn what_is_set_anew_keeps_its_place() {
    let base = Command::Set {
        version: version("1.0.0"),
        share: share("50"),
        audience: Audience::default(),
        thresholds: Thresholds::default(),
        plan: Vec::new(),
    };
    let after = done(&standing("running"), base).unwrap();
    let stages: Vec<(String, Share)> = after.stages.iter().map(|it| (it.version.to_string(), it.share)).collect();
    assert_eq!(stages, [("2.0.0".to_owned(), share("10")), ("1.0.0".to_owned(), share("50"))]);
}

#[test]
fn numbers_of_things_keep_within_their_limits() {
    let set = |n: usize| Command::Set {
        version: Version::new(3, n as u64, 0),
        share: share("1"),
        audience: Audience::default(),
        thresholds: Thresholds::default(),
        plan: Vec::new(),
    };
    let mut now = rollout(vec![stage("1.0.0", "100")]);
    for n in 1..ROLLOUT_STAGES_MAX {
        now = done(&now, set(n)).unwrap();
    }
    assert_eq!(done(&now, set(ROLLOUT_STAGES_MAX)).unwrap_err(), "rollout.stages");
    let plan = |n: usize| (0..n as i64).map(|at_ms| Planned { at_ms, share: share("1") }).collect::<Vec<_>>();
    let with_plan = |plan| match set(1) {
        Command::Set { version, share, audience, thresholds, .. } => {
            done(&standing("absent"), Command::Set { version, share, audience, thresholds, plan })
        }
        _ => panic!("a set"),
    };
    assert!(with_plan(plan(ROLLOUT_PLAN_MAX)).is_ok());
    assert_eq!(with_plan(plan(ROLLOUT_PLAN_MAX + 1)).unwrap_err(), "rollout.plan");
    assert_eq!(with_plan(vec![plan(1)[0].clone(), plan(1)[0].clone()]).unwrap_err(), "rollout.plan", "two at once");
    let pause = |n: usize| Command::Pause { version: version("2.0.0"), reason: "x".repeat(n) };
    assert!(done(&standing("running"), pause(ROLLOUT_REASON_CHARS_MAX)).is_ok());
    assert_eq!(done(&standing("running"), pause(ROLLOUT_REASON_CHARS_MAX + 1)).unwrap_err(), "rollout.reason");
    let mut past = standing("running");
    for _ in 0..ROLLOUT_HISTORY_MAX {
        past = done(&done(&past, command("pause")).unwrap(), command("resume")).unwrap();
    }
    assert_eq!(past.history.len(), ROLLOUT_HISTORY_MAX);
}

#[test]
fn a_planned_step_that_takes_away_is_not_held_up() {
    let mut before = standing("running");
    before.stages[0].plan =
        vec![Planned { at_ms: 900, share: share("1") }, Planned { at_ms: 2_000, share: share("5") }];
    let after = apply(&before, &command("step"), doing(Some("new year"))).unwrap();
    assert_eq!((after.stages[0].share, after.stages[0].plan.len()), (share("1"), 1));
    let early = Command::Step { version: version("2.0.0"), at_ms: 2_000 };
    assert_eq!(done(&after, early).unwrap_err(), "rollout.plan", "not due yet");
}

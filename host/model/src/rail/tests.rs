use super::*;
use proptest::prelude::*;

const MADE_MS: i64 = 1_000;

fn made(kind: Kind) -> Instruction {
    Instruction {
        rail: RailId::parse("core").unwrap(),
        kind,
        amount: Money::cny(1_200),
        party: Party::Account("a".to_owned()),
        tender: TenderKind::Account,
        payment: Some(PaymentId::new(1, [1; 10])),
        reference: "canteen".to_owned(),
        end_to_end_id: "e2e".to_owned(),
        made_ms: MADE_MS,
        tries: 0,
        unanswered: 0,
        maybe_arrived: false,
        state: State::Made { due_ms: MADE_MS },
        last: String::new(),
    }
}

fn in_state(state: State) -> Instruction {
    made(Kind::Debit).to(state)
}

fn said(instruction: &Instruction, command: Command, now_ms: i64) -> String {
    match apply(instruction, command, now_ms, u16::MAX / 2) {
        Ok(moved) => {
            let state = serde_json::to_value(&moved.instruction.state).unwrap();
            let news = moved.news.map(|news| format!(", {news:?}")).unwrap_or_default();
            format!("{}{news}", state["is"].as_str().unwrap())
        }
        Err(refusal) => refusal.code,
    }
}

/// The total table.
#[test]
fn each_command_in_each_state() {
    let states = [
        ("made", State::Made { due_ms: 2_000 }),
        ("sending", State::Sending { until_ms: 2_000 }),
        ("open", State::Open { due_ms: 2_000, doubtful: false }),
        ("doubtful", State::Open { due_ms: 2_000, doubtful: true }),
        ("asking", State::Asking { until_ms: 2_000, doubtful: true }),
        ("done", State::Done { at_ms: 1 }),
        ("refused", State::Refused { at_ms: 1, code: "rail.refused".to_owned() }),
    ];
    let failed = |may_have_arrived| Command::Failed { may_have_arrived, name: "silent".to_owned() };
    for (state, kept) in states {
        let patience = MADE_MS + RAIL_PATIENCE_MS;
        let commands = [
            ("send early", Command::Send, 1_999),
            ("send", Command::Send, 2_000),
            ("ask early", Command::Ask, 1_999),
            ("ask", Command::Ask, 2_000),
            ("heard done", Command::Heard(Answer::Done), 1_500),
            ("heard refused", Command::Heard(Answer::Refused("rail.refused".to_owned())), 1_500),
            ("heard pending", Command::Heard(Answer::Pending), 1_500),
            ("heard unknown", Command::Heard(Answer::Unknown), 1_500),
            ("never arrived", Command::NeverArrived, 1_500),
            ("lost", failed(true), 1_500),
            ("never left", failed(false), 1_500),
            ("give up early", Command::GiveUp, patience - 1),
            ("give up", Command::GiveUp, patience),
        ];
        for (name, command, now_ms) in commands {
            let expected = match (state, name) {
                ("made", "send") => "sending",
                ("made", "give up") => "refused, Refused(\"rail.unreachable\")",
                ("sending", "ask") => "asking, Doubtful",
                ("open" | "doubtful" | "asking", "ask") => "asking",
                ("sending" | "asking", "heard done") => "done, Done",
                ("sending" | "asking", "heard refused") => "refused, Refused(\"rail.refused\")",
                ("sending", "heard pending") => "open",
                ("asking", "heard pending") => "open, Working",
                ("sending", "heard unknown" | "lost") => "open, Doubtful",
                ("asking", "heard unknown" | "lost" | "never left") => "open",
                ("asking", "never arrived") => "made, Working",
                ("sending", "never left") => "made",
                _ => "rail.state",
            };
            assert_eq!(said(&in_state(kept.clone()), command, now_ms), expected, "{name} while {state}");
        }
    }
}

#[test]
fn what_may_have_arrived_is_never_given_up_and_refunds_are_not_either() {
    let late = MADE_MS + RAIL_PATIENCE_MS;
    assert!(made(Kind::Reserve).is_hopeless(late) && !made(Kind::Reserve).is_hopeless(late - 1));
    assert!(!Instruction { maybe_arrived: true, ..made(Kind::Debit) }.is_hopeless(i64::MAX));
    for kind in [Kind::Capture, Kind::Release, Kind::Refund, Kind::PayOut, Kind::Unbind] {
        assert!(!made(kind).is_hopeless(i64::MAX), "{kind:?}");
    }
}

#[test]
fn pauses_grow_to_five_minutes_and_no_further() {
    let mut instruction = in_state(State::Asking { until_ms: 0, doubtful: true });
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let moved = apply(&instruction, Command::Heard(Answer::Pending), 0, u16::MAX / 2).unwrap().instruction;
        pauses.push(moved.due_ms().unwrap());
        instruction = moved.to(State::Asking { until_ms: 0, doubtful: false });
    }
    let about = |pause: i64, wanted: i64| (pause - wanted).abs() <= wanted / 100;
    assert!(pauses.iter().zip(PAUSES_MS).all(|(pause, wanted)| about(*pause, wanted)), "{pauses:?}");
    assert!(about(pauses[7], 300_000), "{pauses:?}");
}

#[test]
fn a_rails_code_is_one_that_customers_have_words_for() {
    assert_eq!(refusal_code("insufficient-funds"), "rail.insufficient-funds");
    assert_eq!(refusal_code("rail.insufficient-funds"), "rail.insufficient-funds");
    for text in ["", "<b>", "E-42", "internal", &"x".repeat(65)] {
        assert_eq!(refusal_code(text), "rail.refused", "{text:?}");
    }
    assert_eq!(refusal_code("unreachable"), "rail.refused", "the host's own words are not the rail's to use");
}

/// A rail that does each id once, and a network that loses what it likes.
#[derive(Default)]
struct Rail {
    /// What it will say of the instruction, once it has it.
    verdict: Option<bool>,
    times_done: u32,
}

proptest! {
    /// Whatever is lost, delayed or repeated, the rail has done it once at most, and the host ends up with what the
    /// rail says; and a debit that was given up is one that the rail never saw.
    #[test]
    fn both_sides_agree_in_the_end(
        does in any::<bool>(),
        turns in proptest::collection::vec((0_u8..6, any::<u16>()), 0..40),
    ) {
        let (mut rail, mut instruction, mut now_ms) = (Rail::default(), made(Kind::Debit), MADE_MS);
        let (mut done, mut unknown) = (None, false);
        let tells = |unknown: bool, news: &Option<News>| match news {
            Some(News::Doubtful) => true,
            Some(News::Working) => false,
            _ => unknown,
        };
        // After the faults the network is whole.
        let whole = std::iter::repeat_n((0_u8, 7_u16), 12);
        for (fault, jitter) in turns.into_iter().chain(whole) {
            let Some(due_ms) = instruction.due_ms() else { break };
            now_ms = now_ms.max(due_ms);
            if instruction.is_hopeless(now_ms) {
                instruction = apply(&instruction, Command::GiveUp, now_ms, jitter).unwrap().instruction;
                prop_assert_eq!(rail.times_done, 0);
                break;
            }
            let sends = matches!(instruction.state, State::Made { .. });
            let took = if sends { Command::Send } else { Command::Ask };
            let taken = apply(&instruction, took, now_ms, jitter).unwrap();
            (instruction, unknown) = (taken.instruction, tells(unknown, &taken.news));
            // 0: all is well; 1: never leaves; 2: arrives, its answer is lost; 3: the host dies; 4: garbage; 5: unknown.
            let arrives = fault != 1;
            if sends && arrives && rail.verdict.is_none() {
                rail.verdict = Some(does);
                rail.times_done += u32::from(does);
            }
            let heard = match (fault, rail.verdict) {
                (0, Some(true)) => Command::Heard(Answer::Done),
                (0, Some(false)) => Command::Heard(Answer::Refused("rail.refused".to_owned())),
                (0, None) => Command::NeverArrived,
                (1, _) => Command::Failed { may_have_arrived: false, name: String::new() },
                (3, _) => continue,
                (5, _) => Command::Heard(Answer::Unknown),
                _ => Command::Failed { may_have_arrived: true, name: String::new() },
            };
            let moved = apply(&instruction, heard, now_ms, jitter).unwrap();
            instruction = moved.instruction;
            unknown = tells(unknown, &moved.news);
            prop_assert!(instruction.is_over() || unknown == instruction.is_doubtful(), "its payment says what is so");
            if let Some(News::Done | News::Refused(_)) = moved.news {
                prop_assert!(done.is_none(), "it ends once");
                done = moved.news;
            }
        }
        prop_assert!(rail.times_done <= 1);
        prop_assert!(instruction.is_over(), "{:?}", instruction);
        prop_assert_eq!(matches!(instruction.state, State::Done { .. }), rail.times_done == 1);
    }
}

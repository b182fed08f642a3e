//! Every command in every status, and on what a stop holds.

use super::*;

/// The total table: what each command does in each status.
#[test]
fn each_command_in_each_status() {
    let refund = |minor| Command::Refund { amount: Money::cny(minor), reason: "cold".to_owned(), key: "r".to_owned() };
    let refused = "payment.status".to_owned();
    for status in Status::ALL {
        let payment = at_status(status);
        let (before, after) = (2_000, payment.expires_ms);
        let commands = [
            ("show", Command::Show, before),
            ("confirm", confirm(&payment), before),
            ("confirm late", confirm(&payment), after),
            (
                "hold",
                Command::Confirm { evidence: evidence(&payment), counted: Vec::new(), hold: true, rail: None },
                before,
            ),
            ("suspend", Command::Suspend, before),
            ("release", Command::Release, before),
            ("release late", Command::Release, after),
            ("decline", Command::Decline { code: None, left: None }, before),
            ("expire", Command::Expire, after),
            ("expire early", Command::Expire, before),
            ("capture", Command::Capture { amount: Money::cny(600), key: "c".to_owned() }, before),
            ("cancel", Command::Cancel { key: "x".to_owned() }, before),
            ("refund", refund(400), before),
        ];
        for (name, command, now_ms) in commands {
            let expected = match (status, name) {
                (Status::Draft, "show") => "AwaitingConfirmation []",
                (Status::Draft | Status::AwaitingConfirmation, "confirm") => "Settled [Post 1000]",
                (Status::Draft | Status::AwaitingConfirmation, "confirm late") => "payment.expired",
                (Status::Draft | Status::AwaitingConfirmation, "hold") => "Held [Pend { expires_ms: 259202000 } 1000]",
                (Status::Authorised | Status::PartlyCaptured, "suspend") => "Held []",
                (Status::Held, "release") => "Settled [PostPending { pending: 41, keep_rest: false } 1000]",
                (Status::Held, "release late") => "payment.expired",
                (Status::Held, "decline") => "Declined [VoidPending { pending: 41 } 1000]",
                (Status::Held, "expire") => "Expired [VoidPending { pending: 41 } 1000]",
                (Status::Held, "cancel") => "Cancelled [VoidPending { pending: 41 } 1000]",
                (Status::Draft | Status::AwaitingConfirmation, "decline") => "Declined []",
                (Status::Draft | Status::AwaitingConfirmation, "expire") => "Expired []",
                (Status::Draft | Status::AwaitingConfirmation, "cancel") => "Cancelled []",
                (Status::Authorised, "expire") => "Expired [VoidPending { pending: 41 } 1000]",
                (Status::Authorised, "cancel") => "Cancelled [VoidPending { pending: 41 } 1000]",
                (Status::Authorised, "capture") => "PartlyCaptured [PostPending { pending: 41, keep_rest: true } 600]",
                (Status::PartlyCaptured, "expire" | "cancel") => "Settled [VoidPending { pending: 41 } 600]",
                (Status::PartlyCaptured, "capture") => "Settled [PostPending { pending: 41, keep_rest: false } 600]",
                (Status::PartlyCaptured, "refund") => "PartlyCaptured [Post 400]",
                (Status::Settled, "refund") => "Settled [Post 400]",
                (Status::OnItsWay | Status::Unknown, _) => "payment.on-its-way",
                (Status::CashDue, "expire") => "Expired []",
                (Status::CashDue, "cancel") => "Cancelled []",
                _ => refused.as_str(),
            };
            assert_eq!(said(&payment, command, now_ms), expected, "{name} while {status:?}");
        }
    }
}

/// What a stop holds goes on as it was, or comes to the end that it would have come to.
#[test]
fn each_command_on_what_a_stop_holds() {
    let refund = Command::Refund { amount: Money::cny(400), reason: "cold".to_owned(), key: "r".to_owned() };
    for (status, captured) in [(Status::Authorised, 0), (Status::PartlyCaptured, 400)] {
        let payment = at_status(status);
        let suspended = apply(&payment, Command::Suspend, &Fees::none(), 2_000);
        let Ok(Applied::Moved(moved)) = suspended else { panic!("refused") };
        assert_eq!((moved.payment.status, moved.payment.expires_ms), (Status::Held, payment.expires_ms));
        let rest = 1_000 - captured;
        let ended = |word: &str| {
            let status = if captured > 0 { "Settled" } else { word };
            format!("{status} [VoidPending {{ pending: 41 }} {rest}]")
        };
        let late = payment.expires_ms;
        let table = [
            (Command::Release, 2_000, format!("{status:?} []")),
            (Command::Release, late, "payment.expired".to_owned()),
            (Command::Decline { code: None, left: None }, 2_000, ended("Declined")),
            (Command::Expire, late, ended("Expired")),
            (Command::Cancel { key: "x".to_owned() }, 2_000, ended("Cancelled")),
            (Command::Capture { amount: Money::cny(1), key: "c".to_owned() }, 2_000, "payment.status".to_owned()),
            (Command::Suspend, 2_000, "payment.status".to_owned()),
            (Command::Show, 2_000, "payment.status".to_owned()),
            (confirm(&payment), 2_000, "payment.status".to_owned()),
            (
                refund.clone(),
                2_000,
                match captured {
                    0 => "payment.refund-exceeds".to_owned(),
                    _ => "Held [Post 400]".to_owned(),
                },
            ),
        ];
        for (command, now_ms, expected) in table {
            assert_eq!(said(&moved.payment, command.clone(), now_ms), expected, "{command:?} of {status:?}");
        }
    }
}

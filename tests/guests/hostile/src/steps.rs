//! A decent step, and steps that are not.

use crate::exports::xitai::program::program::{Effect, Failure, Step};
use crate::screens::menu;

/// The menu. A state `next:SIN` says what the button with the amount does.
pub fn good(state: Vec<u8>) -> Step {
    let screen = menu(&state);
    Step { state, state_schema: 1, screen, sheet: None, effects: vec![], watch: vec![] }
}

/// Sins of the step beside its screen; the menu where the sin is not known.
pub fn bad(sin: &str, argument: &str, state: Vec<u8>) -> Result<Step, Failure> {
    let step = good(state);
    Ok(match sin {
        "next" => good(format!("next:{argument}").into_bytes()),
        "state" => Step { state: vec![7; (64 << 10) + 1], ..step },
        "state-at-the-edge" => Step { state: vec![7; 64 << 10], ..step },
        "state-of-a-gigabyte" => Step { state: vec![7; 32 << 20], ..step },
        "effects" => {
            let effect = || Effect { kind: "toast".to_owned(), json: "{}".to_owned() };
            Step { effects: std::iter::repeat_with(effect).take(1_000).collect(), ..step }
        }
        "watches" => Step { watch: (0..1_000).map(|name| name.to_string()).collect(), ..step },
        "failure" => return Err(Failure { code: "hostile".to_owned(), detail: "said so itself".to_owned() }),
        "failure-after-writes" => {
            crate::work::write_everywhere();
            return Err(Failure { code: "hostile".to_owned(), detail: "after it wrote".to_owned() });
        }
        _ => step,
    })
}

//! One component, many sins. It misbehaves as it is told: at the launch by the query value `sin`, later by the id or
//! value of the tapped button. Whatever it is told, the host and its other programs must not notice.

wit_bindgen::generate!({ world: "mini-program", path: "../../../wit", generate_all });

mod money;
mod screens;
mod steps;
mod work;

use exports::xitai::program::program::{Context, Event, Failure, Guest, Launch, Step};

struct Hostile;

impl Guest for Hostile {
    fn open(_ctx: Context, launch: Launch) -> Result<Step, Failure> {
        let sin = launch.query.iter().find(|(name, _)| name == "sin").map(|(_, value)| value.as_str());
        sin_of(sin.unwrap_or(""), &[])
    }

    fn update(_ctx: Context, state: Vec<u8>, event: Event) -> Result<Step, Failure> {
        match event {
            Event::Tapped(tap) => {
                let sin = tap.value.unwrap_or(tap.id);
                sin_of(&sin, &state)
            }
            Event::Submitted(submission) => {
                let value = |name: &str| submission.values.iter().find(|(field, _)| field == name);
                sin_of(value("sin").map_or("", |(_, value)| value.as_str()), &state)
            }
            _ => Ok(steps::good(state)),
        }
    }
}

/// Does what is named. Words after a colon are its argument, such as `loop-between-calls:3`.
fn sin_of(told: &str, state: &[u8]) -> Result<Step, Failure> {
    let (sin, argument) = told.split_once(':').unwrap_or((told, ""));
    work::commit(sin);
    if let Some(step) = money::commit(sin, argument, state) {
        return step;
    }
    if let Some(screen) = screens::bad(sin) {
        return Ok(Step { screen, ..steps::good(state.to_vec()) });
    }
    steps::bad(sin, argument, state.to_vec())
}

export!(Hostile);

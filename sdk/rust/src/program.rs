//! The two functions of a program, with its state typed, and the glue to the contract's bytes.

use crate::bindings::exports::xitai::program::program as contract;
use crate::bindings::xitai::program::screen::Screen;
use crate::{Context, Effect, Event, Failure, Launch};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::panic::Location;

/// What [`Program::open`] and [`Program::update`] give back.
pub type StepResult<S> = Result<Step<S>, Failure>;

/// A mini program. Both functions are pure: whatever must last is in the state or in [`crate::services`].
pub trait Program {
    /// What the host keeps between events, at most 64 KiB as JSON.
    type State: Serialize + DeserializeOwned;
    /// The number of the form in which this release writes its state; the manifest's `state.writes`.
    const STATE_SCHEMA: u32 = 1;

    /// Somebody came, or the host opens the session in the background.
    fn open(ctx: &Context, launch: &Launch) -> StepResult<Self::State>;

    /// Something happened.
    fn update(ctx: &Context, state: Self::State, event: Event) -> StepResult<Self::State>;

    /// Reads a state that an older release wrote under `from_schema`. Afterwards `update` is called with
    /// [`Event::Upgraded`]. Needed only by releases whose manifest lists older schemas in `state.reads`.
    fn upgrade(_ctx: &Context, from_schema: u32, _state: &[u8]) -> Result<Self::State, Failure> {
        Err(Failure::new("state.schema", format!("this release cannot read state of schema {from_schema}")))
    }
}

/// What one call leads to: the new state and the screen, and what goes with them.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<S> {
    /// Given back with the next event.
    pub state: S,
    /// What the customer sees from now on.
    pub screen: Screen,
    /// The ticket of the sheet to show, if any.
    pub sheet: Option<String>,
    /// What the app does besides.
    pub effects: Vec<Effect>,
    /// Shared keys and counters whose change comes back as [`Event::Noticed`].
    pub watch: Vec<String>,
}

/// Ways to celebrate. The host draws them: for three seconds, never over a sheet, as a still picture where motion is
/// unwelcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Celebration {
    Confetti,
    /// Red envelopes that rain.
    Envelopes,
    Rocket,
}

impl<S> Step<S> {
    /// A step that shows `screen` and nothing else.
    pub fn new(state: S, screen: Screen) -> Self {
        Self { state, screen, sheet: None, effects: Vec::new(), watch: Vec::new() }
    }
    /// Shows the sheet that `ticket` stands for, over the screen.
    pub fn sheet(mut self, ticket: Option<String>) -> Self {
        self.sheet = ticket;
        self
    }
    /// A short message that passes by.
    pub fn toast(self, text: impl Into<String>) -> Self {
        let text: String = text.into();
        self.effect("toast", serde_json::json!({ "text": text }))
    }
    /// A little joy, such as paper strips; quiet where the customer wants less motion.
    pub fn celebrate(self) -> Self {
        self.effect("celebrate", serde_json::json!({}))
    }
    /// The same in a way of its own; a host that does not know it throws confetti.
    pub fn celebrate_with(self, with: Celebration) -> Self {
        let with = match with {
            Celebration::Confetti => "confetti",
            Celebration::Envelopes => "envelopes",
            Celebration::Rocket => "rocket",
        };
        self.effect("celebrate", serde_json::json!({ "with": with }))
    }
    /// Closes the page.
    pub fn close(self) -> Self {
        self.effect("close", serde_json::json!({}))
    }
    /// Any effect of the registry.
    pub fn effect(mut self, kind: &str, json: serde_json::Value) -> Self {
        self.effects.push(Effect { kind: kind.to_owned(), json: json.to_string() });
        self
    }
    /// Asks to be told when a shared value or counter changes. At most 8 names; each step says all of them anew.
    pub fn watch(mut self, name: impl Into<String>) -> Self {
        self.watch.push(name.into());
        self
    }
}

impl Failure {
    /// A failure with a code of the program's own. The customer sees a decent message, the publisher's log gets
    /// `detail` and the line that made it.
    #[track_caller]
    pub fn new(code: impl Into<String>, detail: impl Into<String>) -> Self {
        let place = Location::caller();
        Self { code: code.into(), detail: format!("{} ({}:{})", detail.into(), place.file(), place.line()) }
    }
}

impl From<crate::Refusal> for Failure {
    fn from(refusal: crate::Refusal) -> Self {
        Self { detail: format!("the host refused: {}", refusal.detail), code: refusal.code }
    }
}

impl Event {
    /// Whether the customer tapped the node `id`.
    pub fn is_tap(&self, id: &str) -> bool {
        matches!(self, Event::Tapped(tap) if tap.id == id)
    }
    /// The part of a tapped node's id after `prefix`: `"add-"` on a tap of `add-7` gives `7`.
    pub fn tap_after(&self, prefix: &str) -> Option<&str> {
        match self {
            Event::Tapped(tap) => tap.id.strip_prefix(prefix),
            _ => None,
        }
    }
    /// The value that came with a tap.
    pub fn tap_value(&self) -> Option<&str> {
        match self {
            Event::Tapped(tap) => tap.value.as_deref(),
            _ => None,
        }
    }
}

impl crate::Submission {
    /// What was entered in the field `id`, trimmed; empty where nothing was.
    pub fn text(&self, id: &str) -> &str {
        self.values.iter().find(|(field, _)| field == id).map_or("", |(_, value)| value.trim())
    }
    /// A whole number entered in the field `id`.
    pub fn number(&self, id: &str) -> Option<i64> {
        self.text(id).parse().ok()
    }
    /// All keys chosen in the choice `id`.
    pub fn chosen(&self, id: &str) -> Vec<&str> {
        self.values.iter().filter(|(field, _)| field == id).map(|(_, value)| value.as_str()).collect()
    }
    /// Whether the toggle `id` is on.
    pub fn is_on(&self, id: &str) -> bool {
        self.text(id) == "true"
    }
}

impl Launch {
    /// A parameter of the link. Anybody can make one up: see [`Launch::signed_value`] for the others.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// A parameter that the host has verified.
    pub fn signed_value(&self, name: &str) -> Option<&str> {
        self.signed.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Runs `open` for the component's export.
pub fn open<P: Program>(ctx: Context, launch: Launch) -> Result<contract::Step, Failure> {
    lower::<P>(P::open(&ctx, &launch)?)
}

/// Runs `update` for the component's export.
pub fn update<P: Program>(ctx: Context, state: Vec<u8>, event: Event) -> Result<contract::Step, Failure> {
    let state = match &event {
        Event::Upgraded(from_schema) => P::upgrade(&ctx, *from_schema, &state)?,
        _ => serde_json::from_slice(&state).map_err(|error| Failure::new("state.unreadable", error.to_string()))?,
    };
    lower::<P>(P::update(&ctx, state, event)?)
}

fn lower<P: Program>(step: Step<P::State>) -> Result<contract::Step, Failure> {
    let state = serde_json::to_vec(&step.state).map_err(|error| Failure::new("state.unwritable", error.to_string()))?;
    Ok(contract::Step {
        state,
        state_schema: P::STATE_SCHEMA,
        screen: step.screen,
        sheet: step.sheet,
        effects: step.effects,
        watch: step.watch,
    })
}

/// Makes a panic an error line of the publisher's log, with its place. The host then ends the call as a trap. Called only
/// where the manifest asks for `xitai:services/log`.
#[cfg(target_arch = "wasm32")]
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| crate::services::log::error(&panic.to_string())));
}

/// Makes `$program` the program of this component. Outside of wasm it does nothing, so that tests link.
#[macro_export]
macro_rules! export {
    ($program:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $crate::bindings::exports::xitai::program::program as contract;
            struct Component;
            // Set by `xitai build`, read here in the program's own crate; without it the import is not even linked.
            const ASKS_LOG: bool = match option_env!("XITAI_ASKS_LOG") {
                Some(asks) => !asks.is_empty(),
                None => true,
            };
            impl contract::Guest for Component {
                fn open(ctx: contract::Context, launch: contract::Launch) -> Result<contract::Step, contract::Failure> {
                    if ASKS_LOG {
                        $crate::program::log_panics();
                    }
                    $crate::program::open::<$program>(ctx, launch)
                }
                fn update(
                    ctx: contract::Context,
                    state: Vec<u8>,
                    event: contract::Event,
                ) -> Result<contract::Step, contract::Failure> {
                    if ASKS_LOG {
                        $crate::program::log_panics();
                    }
                    $crate::program::update::<$program>(ctx, state, event)
                }
            }
    $crate::bindings::export_component!(Component with_types_in $crate::bindings);
        };
    };
}

//! What comes out of a program: step and failure.

use super::BadMoney;
use crate::bindings::exports::xitai::program::program as wit;
use std::sync::Arc;
use xitai_model::program::{Effect, Failure, Step};
use xitai_model::screen::Screen;

impl TryFrom<wit::Step> for Step {
    type Error = BadMoney;
    fn try_from(it: wit::Step) -> Result<Self, BadMoney> {
        Ok(Self {
            state: it.state.into(),
            state_schema: it.state_schema,
            screen: Arc::new(Screen::try_from(it.screen)?),
            sheet: it.sheet,
            effects: it.effects.into_iter().map(|it| Effect { kind: it.kind, json: it.json }).collect(),
            watch: it.watch,
        })
    }
}

impl From<wit::Failure> for Failure {
    fn from(it: wit::Failure) -> Self {
        Self { code: it.code, detail: it.detail }
    }
}

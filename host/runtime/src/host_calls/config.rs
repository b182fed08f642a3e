//! `config`: the branch's own values, or the manifest's defaults.

use crate::bindings::xitai::services::config as wit;
use crate::calls::CallState;
use serde::Serialize;

#[derive(Serialize)]
struct Get {
    name: String,
}

impl wit::Host for CallState {
    fn get(&mut self, name: String) -> wasmtime::Result<Option<String>> {
        self.answer_always("config.get", Get { name }, |state, _, ask| Ok(state.scope.config.get(&ask.name).cloned()))
    }
}

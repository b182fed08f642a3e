//! The proof by doing: the component is linked to what it imports and instantiated, within the budget of a call.

use super::Inspection;
use super::interfaces::PROGRAM;
use crate::bindings::MiniProgram;
use crate::call::{Answers, Call, Entry, Fault, Scope};
use crate::loaded::{LoadFault, Loaded};
use crate::memory_ports::MemoryPorts;
use crate::sandbox;
use std::sync::Arc;
use wasmtime::component::Component;
use xitai_model::code;
use xitai_model::program::{Actor, Channel, Context, Launch, Surface};

pub(super) fn check(inspection: &mut Inspection, component: &Component, place: &str) {
    if !inspection.exports.iter().any(|export| export == PROGRAM) {
        return;
    }
    // What can't be linked at all was found by name already.
    let unlinked = [code::COMPONENT_IMPORT_UNKNOWN, code::COMPONENT_CONTRACT_NEWER, code::COMPONENT_CONTRACT_OLDER];
    if inspection.findings.iter().any(|finding| unlinked.iter().any(|code| finding.code == code.code)) {
        return;
    }
    let loaded = match Loaded::link(component, &inspection.imports, 0) {
        Ok(loaded) => loaded,
        Err(LoadFault::NotCompiled | LoadFault::Changed) => return,
        Err(LoadFault::NotLinked(why) | LoadFault::Broken(why)) => {
            let of_export = why.contains("export");
            let code = if of_export { code::COMPONENT_EXPORT_MISSING } else { code::COMPONENT_INSTANTIATE };
            return inspection.error(code, place, why);
        }
    };
    instantiate(inspection, &loaded, place);
}

fn instantiate(inspection: &mut Inspection, loaded: &Loaded, place: &str) {
    let mut store = sandbox::store(loaded, &probe());
    let instance = match loaded.pre.instance_pre().instantiate(&mut store) {
        Ok(instance) => instance,
        Err(error) => {
            let why = match sandbox::classify(store.data_mut(), &error) {
                Fault::Trap(why) => why,
                Fault::Compute | Fault::Time => "its start function does not come to an end".to_owned(),
                Fault::Memory => "it needs more memory than a sandbox has".to_owned(),
                fault => format!("{fault:?}"),
            };
            return inspection.error(code::COMPONENT_INSTANTIATE, place, why);
        }
    };
    if let Err(error) = MiniProgram::new(&mut store, &instance) {
        let place = format!("{place}: export {PROGRAM}");
        inspection.error(code::COMPONENT_EXPORT_MISTYPED, place, format!("{error:#}"));
    }
}

/// A call that is never made: its limits are those of the instantiation.
fn probe() -> Call {
    Call {
        scope: Arc::new(Scope::probe()),
        context: Context {
            now_ms: 0,
            channel: Channel::Other,
            locale: "en".to_owned(),
            zone: "UTC".to_owned(),
            utc_offset_minutes: 0,
            elder_mode: false,
            branch: String::new(),
            actor: Actor::Nobody,
            practice: true,
            supports: Vec::new(),
            seed: vec![0; 32].into(),
        },
        entry: Entry::Open(Launch {
            page: String::new(),
            query: Vec::new(),
            signed: Vec::new(),
            surface: Surface::Background,
        }),
        answers: Answers::Live(Arc::new(MemoryPorts::default())),
        stopped: Arc::default(),
    }
}

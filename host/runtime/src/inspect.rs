//! What a component is, what it imports and whether it keeps to its manifest: all findings at once, the same in
//! `xitai check` and at the upload.

mod bytes;
mod instance;
mod interfaces;

use crate::engine::{self, Ticker};
use std::time::Instant;
use wasmtime::Engine;
use wasmtime::component::Component;
use xitai_model::code::{self, Code};
use xitai_model::limits::{PACKAGE_BYTES_MAX, PACKAGE_RUNTIME_BYTES_MAX};
use xitai_model::manifest::Manifest;
use xitai_model::release::{Finding, Severity};

/// The result of an inspection.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Inspection {
    pub findings: Vec<Finding>,
    /// The permissions that the component needs: interfaces without version, types left out.
    pub imports: Vec<String>,
    /// Interfaces that it exports, with their versions.
    pub exports: Vec<String>,
    pub component_bytes: u64,
    /// How long it took to compile, for the reviewer.
    pub compile_ms: u64,
}

impl Inspection {
    /// Whether anything must be mended.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    fn error(&mut self, code: &Code, place: impl Into<String>, evidence: impl Into<String>) {
        self.findings.push(Finding {
            severity: Severity::Error,
            code: code.code.to_owned(),
            place: place.into(),
            evidence: evidence.into(),
            mend: code.mend_en.to_owned(),
        });
    }
}

/// Inspects a component against its manifest, with an engine of its own. Instantiates it, since linking alone proves
/// nothing about the types of exports. Run it on a thread with room: a program's stack is
/// [`WASM_STACK_BYTES`](crate::engine::WASM_STACK_BYTES).
pub fn inspect(component: &[u8], manifest: &Manifest) -> Inspection {
    let mut inspection = Inspection { component_bytes: component.len() as u64, ..Inspection::default() };
    check_size(&mut inspection, manifest);
    let place = &manifest.xitai.component;
    match bytes::read(component) {
        Ok(names) => interfaces::check(&mut inspection, &names, manifest),
        Err((code, evidence)) => {
            inspection.error(code, place, evidence);
            return inspection;
        }
    }
    let made = engine::engine(1).map_err(|error| format!("{error:#}"));
    let made = made.and_then(|engine| Ok((Ticker::start([&engine]).map_err(|error| error.to_string())?, engine)));
    match made {
        Ok((_ticker, engine)) => compile(&mut inspection, &engine, component, place),
        Err(why) => inspection.error(code::HOST_UNAVAILABLE, "host", why),
    }
    inspection
}

fn compile(inspection: &mut Inspection, engine: &Engine, component: &[u8], place: &str) {
    let began = Instant::now();
    let compiled = Component::new(engine, component);
    inspection.compile_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    match compiled {
        Ok(compiled) => instance::check(inspection, &compiled, place),
        Err(error) => {
            let why = format!("{error:#}");
            let code = if is_limit(&why) { code::COMPONENT_COMPILE_LIMIT } else { code::COMPONENT_FEATURE };
            inspection.error(code, place, why);
        }
    }
}

/// The engine took the bytes for valid, yet did not compile them: either they need a feature that is off, or more than
/// a sandbox has.
fn is_limit(why: &str) -> bool {
    ["exceed", "limit", "too large", "too many"].iter().any(|word| why.contains(word))
}

fn check_size(inspection: &mut Inspection, manifest: &Manifest) {
    let most = if manifest.xitai.carries_runtime { PACKAGE_RUNTIME_BYTES_MAX } else { PACKAGE_BYTES_MAX };
    if inspection.component_bytes > most {
        let evidence = format!("{} bytes where {most} are allowed", inspection.component_bytes);
        inspection.error(code::COMPONENT_TOO_LARGE, &manifest.xitai.component, evidence);
    }
}

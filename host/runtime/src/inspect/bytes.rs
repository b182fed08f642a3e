//! The bytes themselves: whether they are a valid component, and what it imports and exports by name.

use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};
use xitai_model::code::{self, Code};

const MAGIC: &[u8; 4] = b"\0asm";
/// Version and layer, the four bytes after the magic ones.
const COMPONENT: [u8; 4] = [0x0d, 0, 1, 0];
const CORE_MODULE: [u8; 4] = [1, 0, 0, 0];

/// Names as they are in the component, with versions.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) imports: Vec<String>,
    pub(super) exports: Vec<String>,
}

pub(super) fn read(component: &[u8]) -> Result<Names, (&'static Code, String)> {
    let head = component.get(..8).and_then(|head| head.strip_prefix(MAGIC));
    match head {
        Some(version) if version == COMPONENT => {}
        Some(version) if version == CORE_MODULE => {
            return Err((code::COMPONENT_CORE_MODULE, "a core module, not wrapped as a component".to_owned()));
        }
        _ => return Err((code::COMPONENT_NOT_A_COMPONENT, format!("begins with {}", first_bytes(component)))),
    }
    // Under all features first: what is only switched off is another finding than what is broken.
    Validator::new_with_features(WasmFeatures::all()).validate_all(component).map_err(invalid)?;
    names(component).map_err(invalid)
}

fn first_bytes(component: &[u8]) -> String {
    let bytes: Vec<String> = component.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    if bytes.is_empty() { "nothing".to_owned() } else { bytes.join(" ") }
}

fn invalid(error: wasmparser::BinaryReaderError) -> (&'static Code, String) {
    (code::COMPONENT_INVALID, error.to_string())
}

fn names(component: &[u8]) -> Result<Names, wasmparser::BinaryReaderError> {
    let mut names = Names::default();
    // Components hold modules and components of their own, whose imports are inside.
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::Version { encoding: Encoding::Component | Encoding::Module, .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(imports) if depth == 1 => {
                for import in imports {
                    names.imports.push(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(exports) if depth == 1 => {
                for export in exports {
                    names.exports.push(export?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

//! Imports and exports by name: known to the host, asked for in the manifest, and nothing asked for that is not used.

use super::Inspection;
use super::bytes::Names;
use crate::linker::{TYPES_ONLY, is_permission, without_version};
use crate::wasi;
use xitai_model::code;
use xitai_model::manifest::Manifest;

/// The contract's version that this host serves.
const CONTRACT_VERSION: &str = "1.0.0";
pub(super) const PROGRAM: &str = "xitai:program/program@1.0.0";

pub(super) fn check(inspection: &mut Inspection, names: &Names, manifest: &Manifest) {
    check_imports(inspection, names, manifest);
    check_unused(inspection, manifest);
    check_exports(inspection, names, manifest);
}

fn check_imports(inspection: &mut Inspection, names: &Names, manifest: &Manifest) {
    for import in &names.imports {
        let name = without_version(import);
        if TYPES_ONLY.contains(&name) && has_served_version(import) {
            continue;
        }
        let place = format!("{}: import {import}", manifest.xitai.component);
        let asked = manifest.req_permissions.iter().any(|permission| permission.name == name);
        if wasi::is_known(name) {
            if !asked {
                inspection.error(code::COMPONENT_WASI_WITHOUT_GRANT, place, name);
            }
        } else if !is_permission(name) || !has_served_version(import) {
            inspection.error(code::COMPONENT_IMPORT_UNKNOWN, place, import);
            continue;
        } else if !asked {
            inspection.error(code::COMPONENT_IMPORT_NOT_IN_MANIFEST, place, name);
        }
        inspection.imports.push(name.to_owned());
    }
}

/// The contract's interfaces are served in one version; those of WASI in any that the linker takes.
fn has_served_version(import: &str) -> bool {
    import.split_once('@').is_some_and(|(_, version)| version == CONTRACT_VERSION)
}

fn check_unused(inspection: &mut Inspection, manifest: &Manifest) {
    for (index, permission) in manifest.req_permissions.iter().enumerate() {
        let known = is_permission(&permission.name) || wasi::is_known(&permission.name);
        if known && !inspection.imports.contains(&permission.name) {
            let place = format!("manifest.json: req_permissions[{index}]");
            inspection.error(code::COMPONENT_PERMISSION_UNUSED, place, permission.name.clone());
        }
    }
}

fn check_exports(inspection: &mut Inspection, names: &Names, manifest: &Manifest) {
    inspection.exports = names.exports.clone();
    if names.exports.iter().any(|export| export == PROGRAM) {
        return;
    }
    let found = if names.exports.is_empty() { "no exports".to_owned() } else { names.exports.join(", ") };
    // A command or a proxy was built for another world; nothing at all was built for none.
    let other_world = names.exports.iter().any(|export| export.contains(':'));
    let code = if other_world { code::COMPONENT_WRONG_WORLD } else { code::COMPONENT_EXPORT_MISSING };
    inspection.error(code, format!("{}: export {PROGRAM}", manifest.xitai.component), found);
}

//! Imports and exports by name: known to the host, asked for in the manifest, and nothing asked for that is not used.

use super::Inspection;
use super::bytes::Names;
use crate::linker::{TYPES_ONLY, is_permission, without_version};
use crate::wasi;
use semver::Version;
use xitai_model::code::{self, Code};
use xitai_model::manifest::Manifest;

/// The contract's version that this host serves.
const CONTRACT_VERSION: Version = Version::new(1, 0, 0);
pub(super) const PROGRAM: &str = "xitai:program/program@1.0.0";

pub(super) fn check(inspection: &mut Inspection, names: &Names, manifest: &Manifest) {
    check_imports(inspection, names, manifest);
    check_unused(inspection, manifest);
    check_exports(inspection, names, manifest);
}

fn check_imports(inspection: &mut Inspection, names: &Names, manifest: &Manifest) {
    for import in &names.imports {
        let name = without_version(import);
        let place = format!("{}: import {import}", manifest.xitai.component);
        let asked = manifest.req_permissions.iter().any(|permission| permission.name == name);
        if wasi::is_known(name) {
            if !asked {
                inspection.error(code::COMPONENT_WASI_WITHOUT_GRANT, place, name);
            }
        } else if let Some((code, evidence)) = unserved(import) {
            inspection.error(code, place, evidence);
            // A permission in another version is used all the same.
            if !is_permission(name) {
                continue;
            }
        } else if TYPES_ONLY.contains(&name) {
            continue;
        } else if !asked {
            inspection.error(code::COMPONENT_IMPORT_NOT_IN_MANIFEST, place, name);
        }
        inspection.imports.push(name.to_owned());
    }
}

/// Why an import of the contract is not served, and what to look at. Those of WASI are served in any version that the
/// linker takes.
fn unserved(import: &str) -> Option<(&'static Code, String)> {
    let name = without_version(import);
    if !is_permission(name) && !TYPES_ONLY.contains(&name) {
        return Some((code::COMPONENT_IMPORT_UNKNOWN, import.to_owned()));
    }
    let code = match Standing::of(import, &CONTRACT_VERSION) {
        Some(Standing::Served) => return None,
        Some(Standing::Newer) => code::COMPONENT_CONTRACT_NEWER,
        Some(Standing::Older) => code::COMPONENT_CONTRACT_OLDER,
        None => return Some((code::COMPONENT_IMPORT_UNKNOWN, import.to_owned())),
    };
    Some((code, beside_served(import)))
}

fn beside_served(interface: &str) -> String {
    format!("{interface}; this host serves {CONTRACT_VERSION}")
}

/// How a version of an interface stands to the one that is served.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    Served,
    Newer,
    Older,
}

impl Standing {
    /// Nothing where it has no version. An older one of the same major is served: the contract only adds there, and the
    /// linker takes what is compatible. A newer one may ask for what is not here yet.
    fn of(interface: &str, served: &Version) -> Option<Self> {
        let (_, version) = interface.split_once('@')?;
        let version = Version::parse(version).ok()?;
        let is_compatible = version.major == served.major && version.pre.is_empty();
        Some(match is_compatible {
            _ if version > *served => Self::Newer,
            true => Self::Served,
            false => Self::Older,
        })
    }
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
    let of_program = names.exports.iter().find(|export| without_version(export) == without_version(PROGRAM));
    let (code, found) = match of_program.map(|export| (Standing::of(export, &CONTRACT_VERSION), export)) {
        Some((Some(Standing::Newer), export)) => (code::COMPONENT_CONTRACT_NEWER, beside_served(export)),
        Some((Some(Standing::Older), export)) => (code::COMPONENT_CONTRACT_OLDER, beside_served(export)),
        _ if other_world => (code::COMPONENT_WRONG_WORLD, found),
        _ => (code::COMPONENT_EXPORT_MISSING, found),
    };
    inspection.error(code, format!("{}: export {PROGRAM}", manifest.xitai.component), found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_served_newer_or_older() {
        let served = Version::new(2, 1, 0);
        for (version, standing) in [
            ("2.1.0", Some(Standing::Served)),
            ("2.0.7", Some(Standing::Served)),
            ("2.1.1", Some(Standing::Newer)),
            ("3.0.0", Some(Standing::Newer)),
            ("1.9.0", Some(Standing::Older)),
            ("2.1.0-rc.1", Some(Standing::Older)),
            ("two", None),
        ] {
            assert_eq!(Standing::of(&format!("xitai:services/log@{version}"), &served), standing, "{version}");
        }
        assert_eq!(Standing::of("xitai:services/log", &served), None);
    }
}

//! Semantic versions, lived: what a minor or patch release may not do beside the release before it.
//!
//! Programs, customers and branches rely on a number: within a major version nothing is taken from them and nothing is
//! added to what the program may do without somebody having looked. A release that asks for more goes to a full review;
//! one that stops reading what its predecessor promised to read is refused, since customers' sessions and data would
//! be lost to it.

use super::{Finding, Severity};
use crate::code;
use crate::manifest::{Manifest, Schema};

/// What a release does that its number does not allow, beside the newest approved release before it.
pub fn lived(before: &Manifest, next: &Manifest) -> Vec<Finding> {
    let (old, new) = (&before.version.name, &next.version.name);
    // Below 1.0.0 it is the minor number that says that things are broken.
    let breaks = old.major != new.major || (new.major == 0 && old.minor != new.minor);
    if breaks {
        return Vec::new();
    }
    let mut found = more(before, next);
    found.extend(less("state", &before.xitai.state, &next.xitai.state));
    found.extend(less("storage", &before.xitai.storage, &next.xitai.storage));
    found
}

/// Permissions, payees, partners' systems and purposes of personal data that were not asked for before.
fn more(before: &Manifest, next: &Manifest) -> Vec<Finding> {
    let endpoints =
        |manifest: &Manifest| manifest.xitai.egress.iter().map(|it| it.endpoint.clone()).collect::<Vec<_>>();
    let kinds = [
        ("manifest.json: req_permissions", before.permissions(), next.permissions()),
        ("manifest.json: xitai.payees", before.xitai.payees.clone(), next.xitai.payees.clone()),
        ("manifest.json: xitai.egress", endpoints(before), endpoints(next)),
        ("manifest.json: xitai.data_purposes", before.xitai.data_purposes.clone(), next.xitai.data_purposes.clone()),
    ];
    let added = |(place, held, asked): (&str, Vec<String>, Vec<String>)| {
        let new: Vec<String> = asked.into_iter().filter(|it| !held.contains(it)).collect();
        let evidence = format!("{} beside {}", new.join(", "), before.version.name);
        (!new.is_empty()).then(|| Finding::of(Severity::Warning, code::SEMVER_TAKES_MORE, place, evidence))
    };
    kinds.into_iter().filter_map(added).collect()
}

fn less(what: &str, before: &Schema, next: &Schema) -> Option<Finding> {
    let lost: Vec<String> =
        before.reads.iter().filter(|schema| !next.reads.contains(schema)).map(ToString::to_string).collect();
    let place = format!("manifest.json: xitai.{what}.reads");
    (!lost.is_empty()).then(|| Finding::error(code::SEMVER_READS_LESS, place, format!("no more {}", lost.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{EXAMPLE, Permission, parse};

    /// The example as another version, changed.
    fn as_version(name: &str, change: impl FnOnce(&mut Manifest)) -> Manifest {
        let mut manifest = parse(EXAMPLE.as_bytes()).unwrap();
        manifest.version.name = name.parse().unwrap();
        change(&mut manifest);
        manifest
    }
    fn found(next: &Manifest) -> Vec<(String, Severity)> {
        let before = as_version("1.2.0", |_| {});
        lived(&before, next).into_iter().map(|finding| (finding.code, finding.severity)).collect()
    }
    fn more(manifest: &mut Manifest) {
        let asked = Permission { name: "xitai:services/scanner".to_owned(), reason: "scans".to_owned() };
        manifest.req_permissions.push(asked);
    }

    #[test]
    fn a_minor_that_takes_more_is_looked_at_and_one_that_reads_less_is_refused() {
        let warned = vec![("semver.takes-more".to_owned(), Severity::Warning)];
        let refused = vec![("semver.reads-less".to_owned(), Severity::Error)];
        for name in ["1.2.1", "1.3.0"] {
            assert_eq!(found(&as_version(name, |_| {})), vec![], "{name}");
            assert_eq!(found(&as_version(name, more)), warned, "{name}");
            assert_eq!(found(&as_version(name, |m| m.xitai.payees.push("merchant:new".to_owned()))), warned, "{name}");
            assert_eq!(found(&as_version(name, |m| m.xitai.storage.reads = vec![2])), refused, "{name}");
            assert_eq!(found(&as_version(name, |m| m.xitai.state.reads = vec![7])), refused, "{name}");
            let fewer = |m: &mut Manifest| drop(m.req_permissions.pop());
            assert_eq!(found(&as_version(name, fewer)), vec![], "{name} asks for less");
        }
        assert_eq!(
            found(&as_version("2.0.0", |m| {
                more(m);
                m.xitai.storage.reads = vec![2];
            })),
            vec![],
            "a major"
        );
    }

    #[test]
    fn below_one_the_minor_number_breaks() {
        let before = as_version("0.2.0", |_| {});
        let less = |m: &mut Manifest| m.xitai.state.reads = vec![7];
        assert_eq!(lived(&before, &as_version("0.2.1", less)).len(), 1);
        assert_eq!(lived(&before, &as_version("0.3.0", less)).len(), 0);
    }
}

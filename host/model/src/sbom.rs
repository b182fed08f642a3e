//! What a program is made of: its bill of materials, as CycloneDX JSON in the package, and what is known against parts
//! of it: advisories in the format of OSV, which the operator loads. Nothing here asks the network.

use crate::code;
use crate::limits::{SBOM_COMPONENTS_MAX, SBOM_TEXT_CHARS_MAX};
use crate::release::{Finding, Severity};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where it stands in a package.
pub const FILE: &str = "sbom.cdx.json";

/// A part of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    pub name: String,
    pub version: String,
    /// An SPDX expression, or what the author wrote.
    #[serde(default)]
    pub licence: Option<String>,
    /// The package's address, such as `pkg:cargo/serde@1.0.0`.
    #[serde(default)]
    pub purl: Option<String>,
}

impl Component {
    /// The registry as OSV names it, and the name there.
    fn registered(&self) -> Option<(&'static str, String)> {
        let (kind, rest) = self.purl.as_deref()?.strip_prefix("pkg:")?.split_once('/')?;
        let name = rest.split(['@', '?', '#']).next().unwrap_or_default();
        let ecosystem = match kind {
            "cargo" => "crates.io",
            "npm" => "npm",
            "pypi" => "PyPI",
            "golang" => "Go",
            _ => return None,
        };
        // A scope is written `%40scope` in a package's address.
        Some((ecosystem, name.replace("%40", "@")))
    }
}

fn short(value: &Value) -> Option<String> {
    let text: String = value.as_str()?.chars().filter(|c| !c.is_control()).take(SBOM_TEXT_CHARS_MAX).collect();
    Some(text).filter(|text| !text.is_empty())
}

/// The parts that a bill of materials lists, and what is wrong with it.
pub fn read(bytes: &[u8]) -> (Vec<Component>, Vec<Finding>) {
    let wrong = |evidence: &str| (Vec::new(), vec![Finding::error(code::PACKAGE_SBOM, FILE, evidence)]);
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else { return wrong("it is not JSON") };
    if document["bomFormat"] != "CycloneDX" {
        return wrong("bomFormat is not CycloneDX");
    }
    let listed = document["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    if listed.len() > SBOM_COMPONENTS_MAX {
        return wrong(&format!("{} components; at most {SBOM_COMPONENTS_MAX}", listed.len()));
    }
    let mut findings = Vec::new();
    let mut components = Vec::with_capacity(listed.len());
    for (number, entry) in listed.iter().enumerate() {
        let place = format!("{FILE}: components[{number}]");
        let (Some(name), Some(version)) = (short(&entry["name"]), short(&entry["version"])) else {
            findings.push(Finding::error(code::PACKAGE_SBOM, place, "it has no name or no version"));
            continue;
        };
        let licence = licence(&entry["licenses"]);
        if licence.is_none() {
            let finding = Finding::of(Severity::Info, code::PACKAGE_LICENCE, place, format!("{name} {version}"));
            findings.push(finding);
        }
        components.push(Component { name, version, licence, purl: short(&entry["purl"]) });
    }
    (components, findings)
}

/// Licences of a component: an expression, or several joined as all of them together.
fn licence(listed: &Value) -> Option<String> {
    let one = |entry: &Value| {
        let named = &entry["license"];
        short(&entry["expression"]).or_else(|| short(&named["id"])).or_else(|| short(&named["name"]))
    };
    let all: Vec<String> = listed.as_array()?.iter().filter_map(one).collect();
    (!all.is_empty()).then(|| all.join(" AND "))
}

/// Something that is known against versions of a package: the part of an OSV record that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    pub id: String,
    pub summary: String,
    pub affected: Vec<Affected>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    pub ecosystem: String,
    pub name: String,
    /// From which version on, and up to which: below it, or with it.
    pub ranges: Vec<(String, Option<End>)>,
    pub versions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    Fixed(String),
    Last(String),
}

impl Advisory {
    /// Reads an OSV record. One that was withdrawn is none; neither is one of registries that nobody builds from here.
    pub fn of_osv(record: &Value) -> Option<Self> {
        let id = short(&record["id"])?;
        if !record["withdrawn"].is_null() {
            return None;
        }
        let affected: Vec<Affected> = record["affected"].as_array()?.iter().filter_map(Affected::of_osv).collect();
        let summary = short(&record["summary"]).or_else(|| short(&record["details"])).unwrap_or_default();
        (!affected.is_empty()).then_some(Self { id, summary, affected })
    }
}

impl Affected {
    fn of_osv(entry: &Value) -> Option<Self> {
        let (ecosystem, name) = (short(&entry["package"]["ecosystem"])?, short(&entry["package"]["name"])?);
        let ranges = entry["ranges"].as_array().map(Vec::as_slice).unwrap_or_default();
        let versions = entry["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
        let semver = ranges.iter().filter(|range| range["type"] != "GIT");
        let ranges = semver.flat_map(|range| spans(&range["events"])).collect();
        Some(Self { ecosystem, name, ranges, versions: versions.iter().filter_map(short).collect() })
    }

    fn holds(&self, version: &str) -> Option<Option<String>> {
        let mut spans = self.ranges.iter().filter(|(from, end)| lies_in(version, from, end.as_ref()));
        match spans.next() {
            Some((_, Some(End::Fixed(fixed)))) => Some(Some(fixed.clone())),
            Some(_) => Some(None),
            None => self.versions.iter().any(|it| it == version).then_some(None),
        }
    }
}

/// Events of a range come in order: each `introduced` begins a span that the next event ends.
fn spans(events: &Value) -> Vec<(String, Option<End>)> {
    let mut spans: Vec<(String, Option<End>)> = Vec::new();
    for event in events.as_array().map(Vec::as_slice).unwrap_or_default() {
        if let Some(from) = short(&event["introduced"]) {
            spans.push((from, None));
        } else if let Some((_, end)) = spans.last_mut().filter(|(_, end)| end.is_none()) {
            *end = short(&event["fixed"]).map(End::Fixed).or_else(|| short(&event["last_affected"]).map(End::Last));
        }
    }
    spans
}

fn lies_in(version: &str, from: &str, end: Option<&End>) -> bool {
    // What is no semantic version can't be compared: it is told by its list of versions alone.
    let Ok(version) = semver::Version::parse(version) else { return false };
    let parse = |text: &str| semver::Version::parse(if text == "0" { "0.0.0-0" } else { text }).ok();
    let begun = parse(from).is_some_and(|from| version >= from);
    let ended = match end {
        None => false,
        Some(End::Fixed(fixed)) => parse(fixed).is_some_and(|fixed| version >= fixed),
        Some(End::Last(last)) => parse(last).is_some_and(|last| version > last),
    };
    begun && !ended
}

/// Something that is known against a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<'a> {
    pub advisory: &'a Advisory,
    /// The version that mends it, where there is one.
    pub mended: Option<String>,
}

/// What is known against each part, in the order of the parts. Advisories are many and parts are many: each is gone
/// through once.
pub fn known<'a>(components: &[Component], advisories: impl IntoIterator<Item = &'a Advisory>) -> Vec<Vec<Known<'a>>> {
    let registered: Vec<_> = components.iter().map(Component::registered).collect();
    let mut parts: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, part) in registered.iter().enumerate() {
        if let Some((ecosystem, name)) = part {
            parts.entry((ecosystem, name)).or_default().push(at);
        }
    }
    let mut known: Vec<Vec<Known<'a>>> = vec![Vec::new(); components.len()];
    for advisory in advisories {
        for affected in &advisory.affected {
            let of_it = parts.get(&(affected.ecosystem.as_str(), affected.name.as_str()));
            for at in of_it.into_iter().flatten() {
                let told = known[*at].last().is_some_and(|last| last.advisory.id == advisory.id);
                if let Some(mended) = affected.holds(&components[*at].version).filter(|_| !told) {
                    known[*at].push(Known { advisory, mended });
                }
            }
        }
    }
    known
}

/// What is known against parts of a program: a warning each, since whether it matters is for people.
pub fn advised<'a>(components: &[Component], advisories: impl IntoIterator<Item = &'a Advisory>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (component, against) in components.iter().zip(known(components, advisories)) {
        for Known { advisory, mended } in against {
            let place = format!("{FILE}: {} {}", component.name, component.version);
            let mended = mended.map_or_else(|| "not mended yet".to_owned(), |version| format!("mended in {version}"));
            let evidence = format!("{}: {} ({mended})", advisory.id, advisory.summary);
            findings.push(Finding::of(Severity::Warning, code::PACKAGE_ADVISORY, place, evidence));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn bill(components: Value) -> Vec<u8> {
        json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components}).to_string().into_bytes()
    }
    fn part(name: &str, version: &str) -> Value {
        json!({
            "type": "library", "name": name, "version": version, "purl": format!("pkg:cargo/{name}@{version}"),
            "licenses": [{"expression": "MIT OR Apache-2.0"}],
        })
    }

    #[test]
    fn a_bill_lists_parts_with_their_licences() {
        let mut named = part("b", "2.0.0");
        named["licenses"] = json!([{"license": {"id": "MIT"}}, {"license": {"name": "Own"}}]);
        let mut bare = part("c", "3.0.0");
        bare["licenses"] = json!(null);
        let (parts, found) = read(&bill(json!([part("a", "1.0.0"), named, bare])));
        let licences: Vec<_> = parts.iter().map(|part| part.licence.as_deref()).collect();
        assert_eq!(licences, [Some("MIT OR Apache-2.0"), Some("MIT AND Own"), None]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code.as_str(), found[0].evidence.as_str()), ("package.licence-unknown", "c 3.0.0"));
    }

    #[test]
    fn what_is_no_bill_is_refused() {
        for bytes in [&b"{"[..], b"[]", br#"{"bomFormat":"SPDX"}"#] {
            assert_eq!(read(bytes).1[0].code, "package.sbom");
        }
        let (parts, found) = read(&bill(json!([{"name": "a"}, part("b", "1.0.0")])));
        assert_eq!((parts.len(), found[0].code.as_str()), (1, "package.sbom"));
        let many = |count: usize| read(&bill(vec![part("a", "1.0.0"); count].into())).1.len();
        assert_eq!((many(SBOM_COMPONENTS_MAX), many(SBOM_COMPONENTS_MAX + 1)), (0, 1));
    }

    fn advisory() -> Advisory {
        let record = json!({
            "id": "RUSTSEC-2026-0001", "summary": "It reads past the end",
            "affected": [{
                "package": {"ecosystem": "crates.io", "name": "tea"},
                "ranges": [{"type": "SEMVER", "events": [
                    {"introduced": "0"}, {"fixed": "1.2.3"}, {"introduced": "2.0.0"}, {"last_affected": "2.1.0"},
                ]}],
                "versions": ["nightly-7"],
            }],
        });
        Advisory::of_osv(&record).unwrap()
    }

    #[test]
    fn an_advisory_is_about_the_versions_that_it_says() {
        let about = |version: &str| {
            let (parts, _) = read(&bill(json!([part("tea", version)])));
            known(&parts, [&advisory()]).remove(0).pop().map(|it| it.mended)
        };
        assert_eq!(about("0.1.0"), Some(Some("1.2.3".to_owned())));
        assert_eq!(about("1.2.2"), Some(Some("1.2.3".to_owned())));
        assert_eq!(about("1.2.3"), None);
        assert_eq!(about("1.9.9"), None);
        assert_eq!(about("2.0.0"), Some(None));
        assert_eq!(about("2.1.0"), Some(None));
        assert_eq!(about("2.1.1"), None);
        assert_eq!(about("nightly-7"), Some(None));
        let (coffee, _) = read(&bill(json!([part("coffee", "1.0.0")])));
        assert_eq!(known(&coffee, [&advisory()]), [vec![]]);
    }

    #[test]
    fn parts_and_advisories_are_matched_in_one_pass() {
        let mut other = advisory();
        other.id = "RUSTSEC-2026-0002".to_owned();
        // The same package twice in one advisory is one thing that is known.
        other.affected.extend(advisory().affected);
        let (parts, _) = read(&bill(json!([part("tea", "1.0.0"), part("coffee", "1.0.0"), part("tea", "2.0.0")])));
        let all = [advisory(), other];
        let ids: Vec<Vec<&str>> = known(&parts, &all)
            .into_iter()
            .map(|against| against.into_iter().map(|it| it.advisory.id.as_str()).collect())
            .collect();
        let both = vec!["RUSTSEC-2026-0001", "RUSTSEC-2026-0002"];
        assert_eq!(ids, [both.clone(), vec![], both]);
    }

    #[test]
    fn a_withdrawn_advisory_is_none_and_each_match_is_a_warning() {
        assert_eq!(Advisory::of_osv(&json!({"id": "X-1", "withdrawn": "2026-01-01", "affected": [{}]})), None);
        assert_eq!(Advisory::of_osv(&json!({"summary": "no id"})), None);
        let (parts, _) = read(&bill(json!([part("tea", "1.0.0"), part("milk", "1.0.0")])));
        let all = [advisory()];
        let found = advised(&parts, &all);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code.as_str(), found[0].severity), ("package.advisory", Severity::Warning));
        assert!(found[0].evidence.contains("RUSTSEC-2026-0001") && found[0].evidence.contains("mended in 1.2.3"));
        let npm = Component {
            name: "x".into(),
            version: "1.0.0".into(),
            licence: None,
            purl: Some("pkg:npm/%40tea/leaf@1.0.0".into()),
        };
        assert_eq!(npm.registered(), Some(("npm", "@tea/leaf".to_owned())));
    }
}

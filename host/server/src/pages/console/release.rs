//! A release as people judge it: what was found, what it may do, what changed since the live one.

use super::desk::staff_name;
use super::view::{FindingRow, PermissionRow, ReleasePart, ReleaseRow, SignoffRow};
use crate::app::catalog::Catalog;
use crate::app::evidence::live;
use crate::pages::parts::{interface_name, release_state, release_tone, severity_tone};
use crate::render::web::calendar;
use crate::words::Words;
use std::collections::BTreeSet;
use xitai_model::release::{Decision, Finding, Release, Severity, Signoff};
use xitai_model::sbom::{Component, Known, known};

pub fn part(catalog: &Catalog, release: &Release, words: &Words, now_ms: i64) -> ReleasePart {
    let before = live(catalog, release);
    ReleasePart {
        words: *words,
        findings: release.findings.iter().map(|finding| finding_row(finding, words)).collect(),
        permissions: permissions(release, before, words),
        before_name: before.map_or_else(|| words.say("live-none"), |before| before.id.version.to_string()),
        differences: before.map(|before| differences(before, release, words)).unwrap_or_default(),
        facts: facts(catalog, release, words, now_ms),
        components: components(catalog, release),
    }
}

pub(super) fn finding_row(finding: &Finding, words: &Words) -> FindingRow {
    FindingRow {
        tone: severity_tone(finding.severity),
        severity: words.say(match finding.severity {
            Severity::Info => "severity-info",
            Severity::Warning => "severity-warning",
            Severity::Error => "severity-error",
        }),
        code: finding.code.clone(),
        place: finding.place.clone(),
        evidence: finding.evidence.clone(),
        mend: match xitai_model::code::find(&finding.code) {
            Some(code) => code.mend(words.tag()).to_owned(),
            None => finding.mend.clone(),
        },
    }
}

fn names(release: &Release) -> BTreeSet<&str> {
    release.manifest.req_permissions.iter().map(|asked| asked.name.as_str()).collect()
}

fn permissions(release: &Release, before: Option<&Release>, words: &Words) -> Vec<PermissionRow> {
    let held = before.map(names);
    let row = |change, sign, key: &str, name: &str, reason: &str| PermissionRow {
        change,
        sign,
        change_text: if key.is_empty() { String::new() } else { words.say(key) },
        name: interface_name(name, words),
        interface: name.to_owned(),
        reason: reason.to_owned(),
    };
    let asked = release.manifest.req_permissions.iter().map(|asked| match &held {
        Some(held) if !held.contains(asked.name.as_str()) => {
            row("new", "+", "permission-new", &asked.name, &asked.reason)
        }
        _ => row("same", "✓", "", &asked.name, &asked.reason),
    });
    let now = names(release);
    let before = before.into_iter().flat_map(|before| &before.manifest.req_permissions);
    let gone = before.filter(|asked| !now.contains(asked.name.as_str()));
    asked.chain(gone.map(|asked| row("gone", "−", "permission-gone", &asked.name, &asked.reason))).collect()
}

fn differences(before: &Release, now: &Release, words: &Words) -> Vec<(String, String, String)> {
    let of = |release: &Release| {
        let manifest = &release.manifest;
        let schema = |schema: &xitai_model::manifest::Schema| format!("{} ({:?})", schema.writes, schema.reads);
        let payees =
            manifest.xitai.merchant.iter().map(ToString::to_string).chain(manifest.xitai.payees.iter().cloned());
        vec![
            ("version", release.id.version.to_string()),
            ("fact-code", manifest.version.code.to_string()),
            ("fact-name", manifest.name.clone()),
            ("fact-pages", manifest.pages.join(", ")),
            ("permissions", names(release).into_iter().collect::<Vec<_>>().join(", ")),
            ("fact-merchant", payees.collect::<Vec<_>>().join(", ")),
            ("fact-purposes", manifest.xitai.data_purposes.join(", ")),
            ("fact-egress", manifest.xitai.egress.iter().map(egress).collect::<Vec<_>>().join("; ")),
            ("fact-category", manifest.xitai.category.clone()),
            ("fact-state", schema(&manifest.xitai.state)),
            ("fact-storage", schema(&manifest.xitai.storage)),
            ("fact-bytes", kib(release.package_bytes)),
            ("fact-component", release.component.hex()[..12].to_owned()),
        ]
    };
    let pairs = of(before).into_iter().zip(of(now));
    pairs.filter(|(a, b)| a.1 != b.1).map(|((key, a), (_, b))| (words.say(key), a, b)).collect()
}

/// A system that it calls, and which secure fields go there.
fn egress(egress: &xitai_model::manifest::Egress) -> String {
    let fields: Vec<&str> = egress.secure_fields.iter().map(|kind| kind.as_str()).collect();
    if fields.is_empty() { egress.endpoint.clone() } else { format!("{} ({})", egress.endpoint, fields.join(", ")) }
}

/// What the program is made of, with what is known against each part today.
fn components(catalog: &Catalog, release: &Release) -> Vec<[String; 4]> {
    let against = known(&release.components, catalog.advisories.values().map(|kept| &kept.value));
    let row = |(part, against): (&Component, Vec<Known<'_>>)| {
        let told: Vec<String> =
            against.iter().map(|it| format!("{}: {}", it.advisory.id, it.advisory.summary)).collect();
        [part.name.clone(), part.version.clone(), part.licence.clone().unwrap_or_default(), told.join("; ")]
    };
    release.components.iter().zip(against).map(row).collect()
}

fn kib(bytes: u64) -> String {
    format!("{}.{} KiB", bytes / 1_024, bytes % 1_024 * 10 / 1_024)
}

fn facts(catalog: &Catalog, release: &Release, words: &Words, now_ms: i64) -> Vec<(String, String)> {
    let manifest = &release.manifest;
    let merchant = manifest.xitai.merchant.as_ref();
    let legal = merchant.map(|id| catalog.merchant(id).map_or_else(|| id.to_string(), |it| it.legal_name.clone()));
    let facts = [
        ("fact-uploaded-by", staff_name(catalog, &release.uploaded_by)),
        ("fact-uploaded", calendar::short(words, release.uploaded_ms, now_ms)),
        ("fact-code", manifest.version.code.to_string()),
        ("fact-bytes", kib(release.package_bytes)),
        ("fact-category", manifest.xitai.category.clone()),
        ("fact-merchant", legal.unwrap_or_default()),
        ("fact-purposes", manifest.xitai.data_purposes.join(", ")),
        ("fact-component", release.component.to_string()),
        ("fact-package", release.package.to_string()),
        ("fact-signed-by", signed_by(catalog, release)),
        ("fact-countersigned", countersigned(release, words, now_ms)),
        ("fact-damages", damages(release, words, now_ms)),
    ];
    facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (words.say(key), value)).collect()
}

/// The publisher's key, by the name that people gave it.
fn signed_by(catalog: &Catalog, release: &Release) -> String {
    let Some(signature) = &release.signature else { return String::new() };
    let id = signature.key.id();
    let key = catalog.publisher_keys.get(&id).map(|kept| &kept.value.name);
    key.map_or_else(|| id.clone(), |name| format!("{name} · {id}"))
}

fn countersigned(release: &Release, words: &Words, now_ms: i64) -> String {
    let signature = release.countersignature.as_ref();
    signature.map_or_else(String::new, |it| format!("{} · {}", it.key, calendar::short(words, it.at_ms, now_ms)))
}

fn damages(release: &Release, words: &Words, now_ms: i64) -> String {
    let one = |damage: &xitai_model::release::Damage| {
        let what = words.name("part", damage.part.as_str());
        format!("{what} · {}", calendar::short(words, damage.at_ms, now_ms))
    };
    release.damages.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The sign-offs that are asked for.
pub fn signoffs(
    catalog: &Catalog,
    release: &Release,
    words: &Words,
    now_ms: i64,
    wanted: impl Fn(&Signoff) -> bool,
) -> Vec<SignoffRow> {
    let row = |signoff: &Signoff| SignoffRow {
        by: staff_name(catalog, &signoff.by),
        decision: words.say(match signoff.decision {
            Decision::Approve => "decision-approve",
            Decision::Return => "decision-return",
        }),
        when: calendar::short(words, signoff.at_ms, now_ms),
        note: signoff.note.clone(),
    };
    release.signoffs.iter().filter(|signoff| wanted(signoff)).map(row).collect()
}

pub fn release_row(catalog: &Catalog, release: &Release, words: &Words, now_ms: i64) -> ReleaseRow {
    let found = release.findings.len();
    ReleaseRow {
        id: release.review.as_ref().map(ToString::to_string).unwrap_or_default(),
        version: release.id.version.to_string(),
        when: calendar::short(words, release.uploaded_ms, now_ms),
        by: staff_name(catalog, &release.uploaded_by),
        findings: if found == 0 { String::new() } else { words.say1("findings-of", "n", found) },
        state: release_state(release.state, words),
        tone: release_tone(release.state),
    }
}

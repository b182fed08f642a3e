//! A version as people judge it: beside what is shown now, with findings and facts, and on a phone.

use super::super::desk::staff_name;
use super::super::release::finding_row;
use super::super::view::SignoffRow;
use super::entry::cannot;
use super::view::{Difference, EntryFace, Preview, VersionPart, address};
use crate::app::catalog::Catalog;
use crate::pages::cards::{card_of_program, place_name};
use crate::render::web::html::Html;
use crate::render::web::{calendar, money};
use crate::words::{Locale, Words};
use crate::zone::Zone;
use std::collections::BTreeSet;
use xitai_model::content::ContentEntry;
use xitai_model::content::entry::{DOCUMENT, Draft, Entry, State, Version};
use xitai_model::content::risk;
use xitai_model::ids::EntryId;
use xitai_model::place::Staff;
use xitai_model::release::Decision;

pub(super) fn part(
    catalog: &Catalog,
    staff: &Staff,
    entry: &Entry,
    version: &Version,
    words: &Words,
    now_ms: i64,
) -> VersionPart {
    let live = entry.live(now_ms).filter(|live| live.number != version.number);
    let reasons = risk::reasons(entry.kind, &version.draft, live.map(|live| &live.draft));
    let waits = version.state == State::Review;
    let approved = version.signoffs.iter().filter(|signoff| signoff.decision == Decision::Approve).count();
    VersionPart {
        number: version.number,
        digest: version.digest.to_string(),
        before_name: live.map_or_else(|| words.say("content-nothing-live"), |live| format!("v{}", live.number)),
        is_compared: live.is_some(),
        differences: differences(catalog, live.map(|live| &live.draft), &version.draft, words),
        checked: !matches!(version.state, State::Draft | State::Checking),
        findings: version.findings.iter().map(|finding| finding_row(finding, words)).collect(),
        facts: facts(catalog, version, words, now_ms),
        reasons: reasons.iter().map(|why| words.name("content-why", why.as_str())).collect(),
        signoffs: signoffs(catalog, version, words, now_ms),
        missing: if waits { (approved + 1..=usize::from(version.needs)).collect() } else { Vec::new() },
        cannot: cannot(catalog, staff, entry, version).map(|key| words.say(key)),
        is_draft: version.state == State::Draft,
        is_live: version.state == State::Live,
        can_end: matches!(version.state, State::Draft | State::Checking | State::Review | State::Live),
        previews: previews(catalog, entry, version, words.zone(), now_ms),
    }
}

fn previews(catalog: &Catalog, entry: &Entry, version: &Version, zone: Zone, now_ms: i64) -> Vec<Preview> {
    let preview = |locale: &Locale| {
        let words = Words::of(*locale, zone);
        Preview {
            tag: locale.tag().to_owned(),
            name: locale.own_name().to_owned(),
            entry: face(catalog, &entry.project(version, locale.tag()), locale.tag(), &words, now_ms),
        }
    };
    Locale::ALL.iter().map(preview).collect()
}

/// What a customer sees of an entry.
pub fn face(catalog: &Catalog, read: &ContentEntry, tag: &str, words: &Words, now_ms: i64) -> EntryFace {
    let stock = read.details.iter().find(|(name, _)| name == "stock").and_then(|(_, units)| units.parse().ok());
    let facts = read.details.iter().filter(|(name, _)| name != "stock");
    let title = |id: &String| {
        let id = id.strip_prefix(DOCUMENT)?;
        let entry = EntryId::parse(id).ok().and_then(|id| catalog.content_entry(&id).cloned())?;
        let version = entry.live(now_ms)?;
        let text = version.draft.text(tag).map(|(_, text)| text.title.clone())?;
        Some((text, format!("/app/content/{}", entry.id)))
    };
    let opens = read.opens.as_ref().map(|(program, page)| {
        let name = card_of_program(catalog, program, words).map_or_else(|| program.to_string(), |card| card.name);
        (format!("/app/open/{program}?page={page}&via=content"), words.say1("content-opens", "name", name))
    });
    EntryFace {
        words: *words,
        kind: words.name("content-kind", &read.kind),
        title: read.title.clone(),
        summary: read.summary.clone(),
        paragraphs: read.body.split("\n\n").map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect(),
        image: read.image.as_deref().and_then(address),
        price: read.price.as_ref().map(|price| money::drawn_in(words, price)),
        stock,
        facts: facts.map(|(name, value)| (words.name("content-detail", name), value.clone())).collect(),
        tags: read.tags.clone(),
        documents: read.documents.iter().filter_map(title).collect(),
        opens,
        when: calendar::day(words, read.published_ms, now_ms),
    }
}

/// Every field that either has, before and now.
fn differences(catalog: &Catalog, before: Option<&Draft>, now: &Draft, words: &Words) -> Vec<Difference> {
    let (old, new) =
        (before.map(|before| fields(catalog, before, words)).unwrap_or_default(), fields(catalog, now, words));
    let mut names: Vec<&String> = new.iter().map(|(name, _)| name).collect();
    names.extend(old.iter().map(|(name, _)| name).filter(|name| new.iter().all(|(other, _)| other != *name)));
    let of = |fields: &[(String, String)], name: &String| {
        fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let row = |name: &String| {
        let (was, is) = (of(&old, name), of(&new, name));
        Difference {
            name: name.clone(),
            changed: before.is_some() && was != is,
            before: marked(&was, &is, "del", before.is_some()),
            now: marked(&is, &was, "ins", before.is_some()),
        }
    };
    names.into_iter().map(row).collect()
}

/// A text by lines; those that the other side doesn't have are marked.
fn marked(text: &str, other: &str, tag: &'static str, compares: bool) -> Html {
    let others: BTreeSet<&str> = other.lines().collect();
    let mut html = Html::new();
    for (i, line) in text.lines().enumerate() {
        if i > 0 {
            html.raw("<br>");
        }
        if compares && !line.is_empty() && !others.contains(line) {
            html.raw("<").raw(tag).raw(">").text(line).raw("</").raw(tag).raw(">");
        } else {
            html.text(line);
        }
    }
    html
}

fn fields(catalog: &Catalog, draft: &Draft, words: &Words) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (tag, text) in &draft.texts {
        let name = Locale::of_tag(tag).map_or_else(|| tag.clone(), |locale| locale.own_name().to_owned());
        for (key, value) in [("title", &text.title), ("summary", &text.summary), ("body", &text.body)] {
            fields.push((format!("{} · {name}", words.say(&format!("content-{key}"))), value.clone()));
        }
    }
    let opens = draft.opens.as_ref().map(|(program, page)| format!("{program} · {page}")).unwrap_or_default();
    let spot = draft.spot.clone().unwrap_or_default();
    let details: Vec<String> = draft.details.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let time = |at: Option<i64>| at.map(|at| calendar::exact(words.zone(), at)[..16].to_owned()).unwrap_or_default();
    let yes = |on: bool| if on { words.say("yes") } else { String::new() };
    let more = [
        ("content-image", draft.image.as_deref().map(|it| it.chars().take(18).collect()).unwrap_or_default()),
        ("content-price", draft.price.as_ref().map(money::text).unwrap_or_default()),
        ("content-regulated", yes(draft.regulated)),
        ("content-tags", draft.tags.join(", ")),
        ("content-opens-field", opens),
        ("content-district", spot.district),
        ("content-hours", spot.hours),
        ("content-position", spot.position.map(|it| it.to_string()).unwrap_or_default()),
        ("content-details", details.join("\n")),
        ("content-documents", draft.documents.join("\n")),
        ("content-from", time(draft.from_ms)),
        ("content-until", time(draft.until_ms)),
        ("content-audience", audience(catalog, draft, words)),
    ];
    fields.extend(more.into_iter().map(|(key, value)| (words.say(key), value)));
    fields.retain(|(_, value)| !value.is_empty());
    fields
}

fn audience(catalog: &Catalog, draft: &Draft, words: &Words) -> String {
    let places = draft.audience.places.iter().map(|place| place_name(catalog, place, words));
    let level = draft
        .audience
        .level
        .map(|level| words.say1("content-level-at-least", "level", words.name("level", &crate::app::me::word(&level))));
    places.chain(level).collect::<Vec<_>>().join(", ")
}

fn facts(catalog: &Catalog, version: &Version, words: &Words, now_ms: i64) -> Vec<(String, String)> {
    let authors: Vec<String> = version
        .authors
        .iter()
        .map(|author| author.staff.as_ref().map_or_else(|| words.say("program"), |id| staff_name(catalog, id)))
        .collect();
    let mut facts = vec![
        (words.say("content-authors"), authors.join(", ")),
        (words.say("content-changed"), calendar::short(words, version.changed_ms, now_ms)),
    ];
    if let Some(at) = version.live_ms {
        facts.push((words.say("content-approved"), calendar::short(words, at, now_ms)));
    }
    facts
}

fn signoffs(catalog: &Catalog, version: &Version, words: &Words, now_ms: i64) -> Vec<SignoffRow> {
    let row = |signoff: &xitai_model::content::entry::Signoff| SignoffRow {
        by: staff_name(catalog, &signoff.by),
        decision: words.say(match signoff.decision {
            Decision::Approve => "decision-approve",
            Decision::Return => "decision-return",
        }),
        when: calendar::short(words, signoff.at_ms, now_ms),
        note: signoff.note.clone(),
    };
    version.signoffs.iter().map(row).collect()
}

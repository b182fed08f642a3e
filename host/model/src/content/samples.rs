//! Entries for the tests beside.

use super::Reader;
use super::entry::{Author, Draft, Entry, Owner, Text};
use super::state::{Command, Verdict, apply};
use crate::ids::{EntryId, PlaceId, StaffId};
use crate::refusal::Refusal;
use crate::release::{Decision, Finding};

pub(super) fn place(id: &str) -> PlaceId {
    PlaceId::parse(id).unwrap()
}

/// bank > jiangsu > suzhou, nanjing
pub(super) fn is_within(place: &PlaceId, above: &PlaceId) -> bool {
    let chain: &[&str] = match place.as_str() {
        "suzhou" => &["suzhou", "jiangsu", "bank"],
        "nanjing" => &["nanjing", "jiangsu", "bank"],
        "jiangsu" => &["jiangsu", "bank"],
        _ => &["bank"],
    };
    chain.contains(&above.as_str())
}

pub(super) fn reader(branch: &str, now_ms: i64) -> Reader {
    Reader { branch: place(branch), level: Some(crate::identity::Level::Verified), locale: "zh-CN".to_owned(), now_ms }
}

pub(super) fn draft(title: &str) -> Draft {
    let text = Text { title: title.to_owned(), ..Text::default() };
    Draft { texts: [("zh-CN".to_owned(), text)].into(), ..Draft::default() }
}

pub(super) fn author(person: &str) -> Author {
    Author { staff: Some(StaffId::parse(&person.to_lowercase()).unwrap()), person: person.to_owned() }
}

pub(super) fn entry(number: u8, kind: super::Kind) -> Entry {
    Entry {
        id: EntryId::new(i64::from(number), [number; 10]),
        kind,
        owner: Owner::Place(place("bank")),
        made_ms: 0,
        versions: vec![],
        past: vec![],
        stock: None,
        takedown: None,
    }
}

pub(super) fn verdict(entry: &Entry, number: u32, person: &str, decision: Decision) -> Command {
    Command::Decide(Verdict {
        number,
        by: StaffId::parse(&person.to_lowercase()).unwrap(),
        person: person.to_owned(),
        publisher: None,
        decision,
        digest: entry.version(number).map(|version| version.digest.clone()).unwrap(),
        note: "looked".to_owned(),
    })
}

pub(super) fn written(entry: &Entry, draft: Draft, at_ms: i64) -> Result<Entry, Refusal> {
    apply(entry, Command::Write { number: None, draft: Box::new(draft), by: author("Lin") }, at_ms)
}

/// Written, checked with these findings.
pub(super) fn checked(entry: &Entry, draft: Draft, findings: Vec<Finding>, at_ms: i64) -> Entry {
    let number = entry.next_number();
    let next = written(entry, draft, at_ms).unwrap();
    let next = apply(&next, Command::Submit { number }, at_ms).unwrap();
    apply(&next, Command::Checked { number, findings }, at_ms).unwrap()
}

/// Through the whole way, at one moment.
pub(super) fn published(entry: &Entry, draft: Draft, at_ms: i64) -> Entry {
    let number = entry.next_number();
    let mut next = checked(entry, draft, vec![], at_ms);
    for person in ["Chen", "Zhao"] {
        if next.version(number).is_some_and(|version| version.state == super::entry::State::Review) {
            next = apply(&next, verdict(&next, number, person, Decision::Approve), at_ms).unwrap();
        }
    }
    next
}

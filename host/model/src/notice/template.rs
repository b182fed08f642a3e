//! The words of a notice, as they were reviewed. A publisher proposes, somebody else approves exactly what they saw;
//! until then what was approved before holds, and a withdrawal holds at once.

use crate::canonical::canonical;
use crate::code;
use crate::content::check::{self, Rules};
use crate::digest::Digest;
use crate::ids::{ProgramId, PublisherId, StaffId};
use crate::limits::{
    NOTICE_LOCALES_MAX, NOTICE_TEXT_CHARS_MAX, NOTICE_TITLE_CHARS_MAX, NOTICE_VALUE_CHARS_MAX, NOTICE_VARIABLES_MAX,
};
use crate::partner::endpoint::{Approval, By, is_name};
use crate::refusal::{Refusal, refuse};
use crate::release::Severity;
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

const PURPOSE_CHARS_MAX: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TemplateId {
    pub program: ProgramId,
    pub name: String,
}

impl TemplateId {
    pub fn new(program: ProgramId, name: &str) -> Option<Self> {
        is_name(name).then(|| Self { program, name: name.to_owned() })
    }
    /// Reads `cn.bank.suzhou.canteen/order-ready`.
    pub fn parse(text: &str) -> Option<Self> {
        let (program, name) = text.split_once('/')?;
        Self::new(ProgramId::parse(program).ok()?, name)
    }
}

impl fmt::Display for TemplateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.program, self.name)
    }
}

/// What a program may put into the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableKind {
    /// A few plain words, without links.
    Text,
    /// Digits, a sign and a point.
    Number,
    /// `MINOR CURRENCY`, such as `1200 CNY`; the host writes it out.
    Amount,
    /// Milliseconds since 1970; the host writes it on the customer's clock.
    Moment,
    /// Letters, digits and dashes.
    Code,
}

impl VariableKind {
    pub const ALL: [VariableKind; 5] =
        [VariableKind::Text, VariableKind::Number, VariableKind::Amount, VariableKind::Moment, VariableKind::Code];
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
    pub fn as_str(self) -> &'static str {
        match self {
            VariableKind::Text => "text",
            VariableKind::Number => "number",
            VariableKind::Amount => "amount",
            VariableKind::Moment => "moment",
            VariableKind::Code => "code",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    pub kind: VariableKind,
    pub chars_max: usize,
}

/// Title and text in one language. `{name}` stands for a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub title: String,
    pub text: String,
}

/// What is reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub purpose: String,
    /// Whether customers may allow it until further notice, and not only once.
    pub lasting: bool,
    /// The page of the program that a notice opens.
    pub page: Option<String>,
    /// By BCP 47 tag.
    pub texts: BTreeMap<String, Text>,
    pub variables: BTreeMap<String, Variable>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub wording: Wording,
    pub by: StaffId,
    /// The human being behind the account.
    pub person: String,
    pub at_ms: i64,
    pub returned: Option<Approval>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub id: TemplateId,
    pub publisher: PublisherId,
    pub live: Option<Wording>,
    pub proposed: Option<Proposal>,
    /// Who approved what holds.
    pub approved: Option<Approval>,
    pub withdrawn: Option<Approval>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateState {
    Proposed,
    Returned,
    Live,
    /// Live, and a change waits.
    Changing,
    Withdrawn,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Propose(Wording),
    /// On exactly the wording with this digest.
    Approve {
        wording: Digest,
        note: String,
    },
    Return {
        wording: Digest,
        note: String,
    },
    Withdraw {
        note: String,
    },
}

impl Wording {
    /// What an approval is bound to.
    pub fn digest(&self) -> Digest {
        Digest::of(canonical(self).as_bytes())
    }
    /// The words for a language: its own, those of its main language, else the first.
    pub fn text(&self, locale: &str) -> Option<&Text> {
        let main = locale.split('-').next().unwrap_or(locale);
        let of =
            |main: &str| self.texts.iter().find(|(tag, _)| tag.split('-').next() == Some(main)).map(|(_, text)| text);
        self.texts.get(locale).or_else(|| of(main)).or_else(|| of("en")).or_else(|| self.texts.values().next())
    }
}

/// A new template as its first proposal makes it.
pub fn propose(
    id: TemplateId,
    publisher: PublisherId,
    wording: Wording,
    by: By,
    now_ms: i64,
) -> Result<Template, Refusal> {
    let blank = Template { id, publisher, live: None, proposed: None, approved: None, withdrawn: None };
    apply(&blank, Command::Propose(wording), by, now_ms)
}

/// The template after a command.
pub fn apply(template: &Template, command: Command, by: By, now_ms: i64) -> Result<Template, Refusal> {
    let mut next = template.clone();
    match command {
        Command::Propose(wording) => {
            check(&wording)?;
            let (by, person) = (by.staff, by.person);
            next.proposed = Some(Proposal { wording, by, person, at_ms: now_ms, returned: None });
        }
        Command::Approve { wording, note } => {
            let proposal = waiting(&mut next, &wording, &by)?;
            let wording = proposal.wording.clone();
            let approved = Approval { by: by.staff, person: by.person, note, at_ms: now_ms };
            (next.live, next.approved, next.proposed, next.withdrawn) = (Some(wording), Some(approved), None, None);
        }
        Command::Return { wording, note } => {
            must_say(&note)?;
            let proposal = waiting(&mut next, &wording, &by)?;
            proposal.returned = Some(Approval { by: by.staff, person: by.person, note, at_ms: now_ms });
        }
        Command::Withdraw { note } => {
            must_say(&note)?;
            if template.live.is_none() && template.proposed.is_none() {
                return refuse(code::NOTICE_TEMPLATE_STATE, format!("{} is {:?}", template.id, template.state()));
            }
            (next.live, next.proposed, next.approved) = (None, None, None);
            next.withdrawn = Some(Approval { by: by.staff, person: by.person, note, at_ms: now_ms });
        }
    }
    Ok(next)
}

/// The proposal that somebody decides on: it waits, it is what they saw, and it is not their own.
fn waiting<'a>(template: &'a mut Template, wording: &Digest, by: &By) -> Result<&'a mut Proposal, Refusal> {
    let (id, state) = (template.id.to_string(), template.state());
    let proposal = template.proposed.as_mut().filter(|proposal| proposal.returned.is_none());
    let Some(proposal) = proposal else { return refuse(code::NOTICE_TEMPLATE_STATE, format!("{id} is {state:?}")) };
    if proposal.wording.digest() != *wording {
        return refuse(code::NOTICE_TEMPLATE_DIFFERS, format!("{} is proposed", proposal.wording.digest()));
    }
    if proposal.person == by.person || proposal.by == by.staff {
        return refuse(code::NOTICE_OWN_WORK, by.staff.as_str());
    }
    Ok(proposal)
}

fn must_say(note: &str) -> Result<(), Refusal> {
    if note.trim().is_empty() { refuse(code::NOTICE_NOTE_MISSING, "no note") } else { Ok(()) }
}

impl Template {
    pub fn state(&self) -> TemplateState {
        use TemplateState as S;
        match (&self.live, &self.proposed) {
            (None, None) => S::Withdrawn,
            (Some(_), None) => S::Live,
            (Some(_), Some(proposal)) if proposal.returned.is_some() => S::Live,
            (Some(_), Some(_)) => S::Changing,
            (None, Some(proposal)) if proposal.returned.is_some() => S::Returned,
            (None, Some(_)) => S::Proposed,
        }
    }
}

fn check(wording: &Wording) -> Result<(), Refusal> {
    let wrong = |detail: String| refuse(code::NOTICE_TEMPLATE_INVALID, detail);
    if wording.purpose.trim().is_empty() || !text::is_clean(&wording.purpose, PURPOSE_CHARS_MAX) {
        return wrong(format!("a purpose of 1 to {PURPOSE_CHARS_MAX} characters is expected"));
    }
    if wording.texts.is_empty() || wording.texts.len() > NOTICE_LOCALES_MAX {
        return wrong(format!("1 to {NOTICE_LOCALES_MAX} languages are expected"));
    }
    if wording.variables.len() > NOTICE_VARIABLES_MAX {
        return wrong(format!("at most {NOTICE_VARIABLES_MAX} variables"));
    }
    for (name, variable) in &wording.variables {
        if !is_name(name) || !(1..=NOTICE_VALUE_CHARS_MAX).contains(&variable.chars_max) {
            return wrong(format!("{name}: a name, and 1 to {NOTICE_VALUE_CHARS_MAX} characters"));
        }
    }
    for (tag, text) in &wording.texts {
        let tag_fits = (2..=16).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !tag_fits || !says(&text.title, NOTICE_TITLE_CHARS_MAX) || !says(&text.text, NOTICE_TEXT_CHARS_MAX) {
            return wrong(format!("{tag}: 1 to {NOTICE_TITLE_CHARS_MAX} and {NOTICE_TEXT_CHARS_MAX} plain characters"));
        }
        let mut named = BTreeSet::new();
        for part in [&text.title, &text.text] {
            if has_forbidden(part) {
                return wrong(format!("{tag}: no links, card or identity numbers"));
            }
            for piece in
                pieces(part).ok_or_else(|| Refusal::of(code::NOTICE_TEMPLATE_INVALID, format!("{tag}: braces")))?
            {
                if let Piece::Variable(name) = piece {
                    named.insert(name);
                }
            }
        }
        let declared: BTreeSet<&str> = wording.variables.keys().map(String::as_str).collect();
        if named != declared {
            return wrong(format!("{tag}: names {named:?}, and {declared:?} are declared"));
        }
    }
    Ok(())
}

fn says(words: &str, chars_max: usize) -> bool {
    !words.trim().is_empty() && text::is_clean(words, chars_max)
}

/// Whether a text leads elsewhere, or has a number that must not be written down.
pub(super) fn has_forbidden(words: &str) -> bool {
    let findings = check::scan_one("notice", words, &Rules::default());
    findings.iter().any(|finding| finding.severity == Severity::Error || finding.code == code::CONTENT_LINK.code)
}

/// A stretch of the words, or the name of a variable in them.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'a> {
    Words(&'a str),
    Variable(&'a str),
}

/// The pieces of a text; nothing where its braces don't match.
pub(super) fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let (mut rest, mut pieces) = (text, Vec::new());
    while let Some(open) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(open);
        let (name, after) = from.strip_prefix('{')?.split_once('}')?;
        if !is_name(name) {
            return None;
        }
        pieces.extend([Piece::Words(before), Piece::Variable(name)]);
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    Some(pieces)
}

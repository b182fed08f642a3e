//! What the machine looks at before people do: words, links, personal data. Rules in, findings out.
//!
//! An error sends the version back to its authors; a warning is for the reviewers to weigh.

use super::entry::Draft;
use super::numbers::{Personal, masked, personal};
use super::search::{fold, squeezed};
use crate::code::{self, Code};
use crate::release::{Finding, Severity};
use crate::text::has_lookalike_digit;
use serde::{Deserialize, Serialize};

/// What this bank does not want to read, and where its texts may lead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Words that no text may have.
    pub refused: Vec<String>,
    /// Words that reviewers must see.
    pub flagged: Vec<String>,
    /// Hosts, with all below them, that links may name.
    pub hosts: Vec<String>,
}

/// Ends of names that stand for an address also without `https://`.
const ENDINGS: [&str; 16] = [
    "com", "cn", "net", "org", "top", "xyz", "vip", "cc", "io", "info", "shop", "site", "club", "online", "app", "link",
];

/// Everything there is to find in a draft.
pub fn scan(draft: &Draft, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, text) in texts(draft) {
        scan_text(&place, text, rules, &mut findings);
    }
    findings
}

/// The same for one text, such as a customer's rating.
pub fn scan_one(place: &str, text: &str, rules: &Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    scan_text(place, text, rules, &mut findings);
    findings
}

fn texts(draft: &Draft) -> Vec<(String, &str)> {
    let mut all: Vec<(String, &str)> = Vec::new();
    for (tag, text) in &draft.texts {
        for (name, value) in [("title", &text.title), ("summary", &text.summary), ("body", &text.body)] {
            all.push((format!("{tag}: {name}"), value));
        }
    }
    all.extend(draft.tags.iter().map(|tag| ("tags".to_owned(), tag.as_str())));
    for (name, value) in &draft.details {
        all.push((format!("details: {name}"), value));
        all.push(("details".to_owned(), name));
    }
    if let Some(spot) = &draft.spot {
        all.push(("district".to_owned(), &spot.district));
        all.push(("hours".to_owned(), &spot.hours));
    }
    all
}

fn scan_text(place: &str, text: &str, rules: &Rules, findings: &mut Vec<Finding>) {
    let mut add = |severity, code: &Code, evidence: String| {
        findings.push(Finding::of(severity, code, place, evidence));
    };
    // Blanks, dots and zero-width characters between the letters hide nothing.
    let plain = squeezed(text);
    let has = |word: &&String| !word.trim().is_empty() && plain.contains(&squeezed(word));
    for word in rules.refused.iter().filter(has) {
        add(Severity::Error, code::CONTENT_WORD, word.clone());
    }
    for word in rules.flagged.iter().filter(has) {
        add(Severity::Warning, code::CONTENT_WORD, word.clone());
    }
    for link in links(text) {
        match link {
            Link::Address { host, .. } if is_allowed(&host, &rules.hosts) => {}
            Link::Address { host, secure: true } => add(Severity::Error, code::CONTENT_LINK, host),
            Link::Address { host, secure: false } => add(Severity::Error, code::CONTENT_LINK, format!("http://{host}")),
            Link::Bare(host) if is_allowed(&host, &rules.hosts) => {}
            Link::Bare(host) => add(Severity::Warning, code::CONTENT_LINK, host),
        }
    }
    for (kind, written) in personal(text) {
        let (severity, code) = match kind {
            Personal::Card => (Severity::Error, code::CONTENT_CARD_NUMBER),
            Personal::Iban => (Severity::Error, code::CONTENT_CARD_NUMBER),
            Personal::Identity => (Severity::Error, code::CONTENT_IDENTITY_NUMBER),
            Personal::Mobile | Personal::Email => (Severity::Warning, code::CONTENT_CONTACT),
        };
        add(severity, code, masked(&written));
    }
    if has_lookalike_digit(text) {
        add(Severity::Warning, code::CONTENT_LOOKALIKE, text.chars().take(40).collect());
    }
}

#[derive(Debug, PartialEq)]
enum Link {
    Address {
        host: String,
        secure: bool,
    },
    /// A name that people would type.
    Bare(String),
}

fn is_host_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '.'
}

fn links(text: &str) -> Vec<Link> {
    let text = fold(text);
    let mut found = Vec::new();
    for (at, _) in text.match_indices("://") {
        let scheme_from = text[..at].rfind(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '-');
        let scheme = &text[scheme_from.map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8))..at];
        // What stands before an @ is no host, however much it looks like one.
        let authority: &str = text[at + 3..].split(['/', '?', '#', ' ', '\\']).next().unwrap_or_default();
        let host: String = authority.rsplit('@').next().unwrap_or_default().chars().take_while(|c| *c != ':').collect();
        found.push(Link::Address { host: host.trim_end_matches('.').to_owned(), secure: scheme == "https" });
    }
    let without: String = text.split_whitespace().filter(|word| !word.contains("://")).collect::<Vec<_>>().join(" ");
    for word in without.split(|c: char| !is_host_char(c) && c != '@') {
        let host = word.trim_matches(['.', '-']);
        let ending = host.rsplit('.').next().unwrap_or_default();
        if !word.contains('@') && host.contains('.') && ENDINGS.contains(&ending) {
            found.push(Link::Bare(host.to_owned()));
        }
    }
    found
}

fn is_allowed(host: &str, hosts: &[String]) -> bool {
    hosts.iter().any(|allowed| {
        let allowed = allowed.to_lowercase();
        host == allowed || host.strip_suffix(&allowed).is_some_and(|before| before.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Rules {
            refused: list(&["赌博", "guaranteed profit"]),
            flagged: list(&["最低价"]),
            hosts: list(&["bank.example"]),
        }
    }
    fn found(text: &str) -> Vec<(Severity, String)> {
        scan_one("body", text, &rules()).into_iter().map(|finding| (finding.severity, finding.code)).collect()
    }

    #[test]
    fn what_hides_is_found_and_what_is_fine_is_left_alone() {
        use Severity::{Error, Warning};
        let cases: &[(&str, &[(Severity, &str)])] = &[
            ("午餐 11:00–13:00，请出示取餐码。", &[]),
            ("来赌博吧", &[(Error, "content.word")]),
            ("来 赌 · 博 吧", &[(Error, "content.word")]),
            ("赌\u{200b}博", &[(Error, "content.word")]),
            ("ＧＵＡＲＡＮＴＥＥＤ　Profit", &[(Error, "content.word")]),
            ("全城最低价", &[(Warning, "content.word")]),
            ("见 https://www.bank.example/fees", &[]),
            ("见 https://bank.example.evil.top/x", &[(Error, "content.link")]),
            ("见 https://bank.example@evil.top/", &[(Error, "content.link"), (Warning, "content.contact")]),
            ("见 https://notbank.example/", &[(Error, "content.link")]),
            ("见 javascript://x", &[(Error, "content.link")]),
            ("上 evil.top 看看", &[(Warning, "content.link")]),
            ("上 www.bank.example 看看", &[]),
            ("致电 13812345678", &[(Warning, "content.contact")]),
            ("卡 4111111111111111", &[(Error, "content.card-number")]),
            ("证 11010519491231002X", &[(Error, "content.identity-number")]),
            ("只要 \u{2460}\u{2461} 元", &[(Warning, "content.lookalike")]),
        ];
        for (text, expected) in cases {
            let expected: Vec<(Severity, String)> = expected.iter().map(|(s, c)| (*s, (*c).to_owned())).collect();
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn no_finding_repeats_a_whole_number() {
        let all = scan_one("body", "4111111111111111 11010519491231002X 13812345678", &rules());
        assert_eq!(all.len(), 3);
        for finding in all {
            assert!(finding.evidence.contains('•'), "{}", finding.evidence);
        }
    }
}

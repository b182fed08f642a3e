//! The registry of codes: each refusal, fault and finding of the product has one row, and `xitai explain CODE` prints
//! it. A code is never renamed and never given another meaning: programs, clients and dashboards compare it.
//!
//! `en` and `zh` say what happened in words that a customer may read; `mend_*` says what to do next. What belongs only
//! into the log is never here.

use crate::refusal::RefusalKind;
use std::fmt;

/// One row of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Such as `session.stale`.
    pub code: &'static str,
    /// What a program sees as the refusal's kind.
    pub kind: RefusalKind,
    /// Status of the HTTP answer.
    pub http: u16,
    pub en: &'static str,
    pub zh: &'static str,
    pub mend_en: &'static str,
    pub mend_zh: &'static str,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl Code {
    /// What stands before the dot: the noun that it is about.
    pub fn family(&self) -> &'static str {
        self.code.split_once('.').map_or(self.code, |(family, _)| family)
    }
    /// What happened, in the language of a BCP 47 tag: Chinese for `zh…`, else English.
    pub fn text(&self, locale: &str) -> &'static str {
        if locale.starts_with("zh") { self.zh } else { self.en }
    }
    /// What to do next, in the language of a BCP 47 tag.
    pub fn mend(&self, locale: &str) -> &'static str {
        if locale.starts_with("zh") { self.mend_zh } else { self.mend_en }
    }
}

/// Rows `NAME = "code", Kind, http, en, zh; mend_en, mend_zh;`, each becoming a constant.
macro_rules! codes {
    ($($name:ident = $code:literal, $kind:ident, $http:literal,
        $en:literal, $zh:literal;
        $mend_en:literal, $mend_zh:literal;)*) => {
        $(pub const $name: &$crate::code::Code = &$crate::code::Code {
            code: $code, kind: $crate::refusal::RefusalKind::$kind, http: $http,
            en: $en, zh: $zh, mend_en: $mend_en, mend_zh: $mend_zh,
        };)*
        /// The rows of this file, in its order.
        pub(super) const TABLE: &[&$crate::code::Code] = &[$($name),*];
    };
}

mod books;
mod channel;
mod client;
mod consent;
mod content;
mod errand;
mod identity;
mod launch;
mod limit;
mod merchant;
mod notice;
mod organisation;
mod partner;
mod pay_code;
mod payment;
mod program;
mod publisher;
mod rail;
mod relationship;
mod release;
mod request;
mod risk;
mod rollout;
mod scene;
mod screen;
mod session;
mod stop;
mod tender;
mod zone;

pub use books::*;
pub use channel::*;
pub use client::*;
pub use consent::*;
pub use content::*;
pub use errand::*;
pub use identity::*;
pub use launch::*;
pub use limit::*;
pub use merchant::*;
pub use notice::*;
pub use organisation::*;
pub use partner::*;
pub use pay_code::*;
pub use payment::*;
pub use program::*;
pub use publisher::*;
pub use rail::*;
pub use relationship::*;
pub use release::*;
pub use request::*;
pub use risk::*;
pub use rollout::*;
pub use scene::*;
pub use screen::*;
pub use session::*;
pub use stop::*;
pub use tender::*;
pub use zone::*;

const TABLES: &[&[&Code]] = &[
    session::TABLE,
    payment::TABLE,
    books::TABLE,
    channel::TABLE,
    content::TABLE,
    errand::TABLE,
    consent::TABLE,
    partner::TABLE,
    pay_code::TABLE,
    limit::TABLE,
    notice::TABLE,
    merchant::TABLE,
    risk::TABLE,
    screen::TABLE,
    tender::TABLE,
    program::TABLE,
    rail::TABLE,
    relationship::TABLE,
    release::TABLE,
    scene::TABLE,
    rollout::TABLE,
    stop::TABLE,
    publisher::TABLE,
    organisation::TABLE,
    identity::TABLE,
    request::TABLE,
    zone::TABLE,
    launch::TABLE,
    client::TABLE,
];

const COUNT: usize = {
    let mut count = 0;
    let mut table = 0;
    while table < TABLES.len() {
        count += TABLES[table].len();
        table += 1;
    }
    count
};

/// All rows, family by family.
pub static ALL: [&Code; COUNT] = {
    let mut all = [SESSION_STALE; COUNT];
    let (mut next, mut table) = (0, 0);
    while table < TABLES.len() {
        let mut row = 0;
        while row < TABLES[table].len() {
            all[next] = TABLES[table][row];
            next += 1;
            row += 1;
        }
        table += 1;
    }
    all
};

/// The row of a code.
pub fn find(code: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|row| row.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_code_is_well_formed_and_stands_once() {
        let mut seen = BTreeSet::new();
        for row in ALL {
            assert!(seen.insert(row.code), "{row} stands twice");
            let (family, name) = row.code.split_once('.').expect(row.code);
            assert!(!family.is_empty() && !name.is_empty(), "{row}");
            assert!(
                row.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b)),
                "{row}"
            );
            assert!((400..600).contains(&row.http), "{row} has a status that is no refusal");
        }
    }

    #[test]
    fn each_text_is_a_sentence_in_its_language() {
        for row in ALL {
            for text in [row.en, row.mend_en] {
                assert!(text.ends_with('.') && text.is_ascii(), "{row}: {text}");
            }
            for text in [row.zh, row.mend_zh] {
                assert!(
                    text.ends_with('。') && text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
                    "{row}: {text}"
                );
            }
        }
    }

    #[test]
    fn each_mend_is_something_to_do() {
        for row in ALL {
            assert!(row.mend_en.split(' ').count() >= 4, "{row}: say where, or what exactly: {}", row.mend_en);
            assert!(row.mend_en != row.en && row.mend_zh != row.zh, "{row} says the same twice");
        }
    }

    #[test]
    fn a_code_is_found_by_its_text() {
        assert_eq!(find("session.stale"), Some(SESSION_STALE));
        assert_eq!(find("session.stale").map(|row| row.http), Some(409));
        assert_eq!(find("no.such-code"), None);
        assert_eq!(SESSION_STALE.text("zh-CN"), SESSION_STALE.zh);
        assert_eq!(SESSION_STALE.mend("en-GB"), SESSION_STALE.mend_en);
    }
}

//! What a program asks of the customer's device or of the app, through a sheet of the host: reading a code, saying where
//! one is, giving a file, printing, sharing a page, opening another program. Nothing happens but what the sheet shows,
//! and nothing that a program gives here may carry personal values or lead outside.

use crate::code;
use crate::content::check::{Rules, scan_one};
use crate::ids::ProgramId;
use crate::limits::{
    LAUNCH_PAIRS_MAX, LAUNCH_VALUE_CHARS_MAX, PRINT_LINES_MAX, PRINT_TEXT_CHARS_MAX, PURPOSE_CHARS_MAX,
    SHARE_TEXT_CHARS_MAX,
};
use crate::matter::{MatterBody, MatterKind};
use crate::partner::endpoint::is_name;
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

/// The text of one scanned code: the largest QR code holds less in most scripts.
pub const SCANNED_CHARS_MAX: u32 = 2_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errand {
    /// Read a code with the camera, or type what it says.
    Scan,
    /// Say where one is: by the device, or by a district.
    Locate { purpose: String },
    /// Give a file.
    Attach { purpose: String, accept: Vec<FileKind> },
    /// Print a document, which is sealed beside: it may say who it is for.
    Print,
    /// Share a page of the program.
    Share { launch: Launch, text: String },
    /// Open another program.
    Start { program: ProgramId, launch: Launch },
}

impl MatterBody for Errand {
    const KIND: MatterKind = MatterKind::Errand;
}

/// Kinds of files that customers may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// Encoded anew, so that nothing hides in it.
    Picture,
    Pdf,
}

impl FileKind {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "picture" => Some(FileKind::Picture),
            "pdf" => Some(FileKind::Pdf),
            _ => None,
        }
    }
    pub fn media_types(self) -> &'static [&'static str] {
        match self {
            FileKind::Picture => &["image/jpeg", "image/png", "image/webp"],
            FileKind::Pdf => &["application/pdf"],
        }
    }
}

/// A page of a program with what it is opened with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    pub page: String,
    pub query: Vec<(String, String)>,
}

/// The name under which a document is sealed.
pub const DOCUMENT: &str = "document";

/// What is printed: a heading, pairs of name and value, a line below, and perhaps a code to be scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub title: String,
    pub lines: Vec<(String, String)>,
    pub note: Option<String>,
    pub code: Option<String>,
}

fn wrong<T>(detail: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::of(code::ERRAND_INVALID, detail))
}

/// What the sheet says that it is for.
fn purpose(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || !text::is_clean(text, PURPOSE_CHARS_MAX) {
        return wrong(format!("a purpose of 1 to {PURPOSE_CHARS_MAX} characters is expected"));
    }
    Ok(text.to_owned())
}

/// Whether something may be handed on: no number of a card, account or identity, no telephone, no address.
fn says_nobody(text: &str) -> bool {
    scan_one("errand", text, &Rules::default()).is_empty()
}

pub fn locate(for_what: &str) -> Result<Errand, Refusal> {
    Ok(Errand::Locate { purpose: purpose(for_what)? })
}

pub fn attach(for_what: &str, accept: &[String]) -> Result<Errand, Refusal> {
    let kinds: Option<Vec<FileKind>> = accept.iter().map(|kind| FileKind::parse(kind)).collect();
    let Some(kinds) = kinds.filter(|kinds| (1..=2).contains(&kinds.len()) && kinds.first() != kinds.get(1)) else {
        return wrong("picture, pdf, or both");
    };
    Ok(Errand::Attach { purpose: purpose(for_what)?, accept: kinds })
}

/// A document that can be printed.
pub fn print(document: Document) -> Result<Document, Refusal> {
    let fits = |text: &str| !text.trim().is_empty() && text::is_clean(text, PRINT_TEXT_CHARS_MAX);
    if document.lines.len() > PRINT_LINES_MAX {
        return wrong(format!("at most {PRINT_LINES_MAX} lines"));
    }
    let pairs = document.lines.iter().flat_map(|(name, value)| [name, value]);
    let all = pairs.chain([&document.title]).chain(&document.note).chain(&document.code);
    if all.into_iter().any(|text| !fits(text)) {
        return wrong(format!("each name, value and heading has 1 to {PRINT_TEXT_CHARS_MAX} characters"));
    }
    Ok(document)
}

impl Launch {
    /// A page with few and short values, none of which says anything about anybody. `subject` is what the program knows
    /// the customer by.
    pub fn of(page: &str, query: Vec<(String, String)>, subject: &str) -> Result<Self, Refusal> {
        if query.len() > LAUNCH_PAIRS_MAX {
            return wrong(format!("at most {LAUNCH_PAIRS_MAX} values"));
        }
        for (at, (name, value)) in query.iter().enumerate() {
            let is_plain = !value.is_empty() && text::is_clean(value, LAUNCH_VALUE_CHARS_MAX);
            if !is_name(name) || matches!(name.as_str(), "page" | "lang" | "from") || !is_plain {
                return wrong(format!("{name}: a plain name, and 1 to {LAUNCH_VALUE_CHARS_MAX} characters"));
            }
            if query[..at].iter().any(|(other, _)| other == name) {
                return wrong(format!("{name} is given twice"));
            }
            if !says_nobody(value) || (!subject.is_empty() && value.contains(subject)) {
                return Err(Refusal::of(code::ERRAND_PERSONAL, name.as_str()));
            }
        }
        Ok(Self { page: page.to_owned(), query })
    }

    /// The query of an address, each value escaped.
    pub fn query_text(&self) -> String {
        let pairs = self.query.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// A share card: one of the program's own pages, and words that the customer reads before they share it.
pub fn share(launch: Launch, pages: &[String], words: &str) -> Result<Errand, Refusal> {
    if !pages.contains(&launch.page) {
        return Err(Refusal::of(code::PROGRAM_PAGE_NOT_FOUND, launch.page));
    }
    let words = words.trim();
    if words.is_empty() || !text::is_clean(words, SHARE_TEXT_CHARS_MAX) {
        return wrong(format!("1 to {SHARE_TEXT_CHARS_MAX} characters are expected"));
    }
    if !says_nobody(words) {
        return Err(Refusal::of(code::ERRAND_PERSONAL, "text"));
    }
    Ok(Errand::Share { launch, text: words.to_owned() })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Where a customer says they are, as the program is told.
pub fn whereabouts(position: Option<(f64, f64)>, district: Option<&str>) -> Result<String, Refusal> {
    match (position, district) {
        (Some((latitude, longitude)), None) => Ok(format!("position {latitude:.3},{longitude:.3}")),
        (None, Some(district)) => Ok(format!("district {district}")),
        (None, None) => Err(Refusal::of(code::SHEET_ANSWER_MISSING, "position or district")),
        (Some(_), Some(_)) => Err(Refusal::of(code::SHEET_ANSWER_INVALID, "position or district, not both")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(query: &[(&str, &str)]) -> Result<Launch, String> {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Launch::of("pages/index", query, "s7abc").map_err(|refusal| refusal.code)
    }

    #[test]
    fn what_a_link_carries_is_short_and_says_nobody() {
        assert_eq!(
            launch(&[("dish", "牛肉面"), ("n", "2")]).unwrap().query_text(),
            "dish=%E7%89%9B%E8%82%89%E9%9D%A2&n=2"
        );
        let value = |chars: usize| "字".repeat(chars);
        assert!(launch(&[("a", &value(LAUNCH_VALUE_CHARS_MAX))]).is_ok());
        let many = |n: usize| (0..n).map(|at| (format!("v{at}"), "x".to_owned())).collect::<Vec<_>>();
        assert!(Launch::of("p", many(LAUNCH_PAIRS_MAX), "").is_ok());
        assert!(Launch::of("p", many(LAUNCH_PAIRS_MAX + 1), "").is_err());
        let long = value(LAUNCH_VALUE_CHARS_MAX + 1);
        for query in [
            [("a", ""), ("b", "x")],
            [("A", "x"), ("b", "x")],
            [("a", "x"), ("a", "y")],
            [("from", "x"), ("b", "x")],
            [("a", &long), ("b", "x")],
        ] {
            assert_eq!(launch(&query), Err("errand.invalid".to_owned()), "{query:?}");
        }
        for value in
            ["6222021234567890128", "13812345678", "wang@bank.example", "http://evil.example", "s7abc", "x-s7abc"]
        {
            assert_eq!(launch(&[("a", value)]), Err("errand.personal".to_owned()), "{value}");
        }
        let pages = ["pages/index".to_owned()];
        let shared = |text: &str| share(launch(&[]).unwrap(), &pages, text).map_err(|refusal| refusal.code);
        assert!(shared(&"字".repeat(SHARE_TEXT_CHARS_MAX)).is_ok());
        assert!(shared(&"字".repeat(SHARE_TEXT_CHARS_MAX + 1)).is_err());
        assert_eq!(shared("call 13812345678"), Err("errand.personal".to_owned()));
        assert_eq!(share(launch(&[]).unwrap(), &[], "x").unwrap_err().code, "program.page-not-found");
    }

    #[test]
    fn purposes_and_documents_are_bounded() {
        assert!(
            locate(&"字".repeat(PURPOSE_CHARS_MAX)).is_ok() && locate(&"字".repeat(PURPOSE_CHARS_MAX + 1)).is_err()
        );
        assert!(locate(" ").is_err());
        let kinds = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
        assert!(attach("x", &kinds(&["picture"])).is_ok() && attach("x", &kinds(&["picture", "pdf"])).is_ok());
        for bad in [&[][..], &["exe"], &["pdf", "pdf"], &["pdf", "picture", "pdf"]] {
            assert!(attach("x", &kinds(bad)).is_err(), "{bad:?}");
        }
        let document = |lines: usize, chars: usize| Document {
            title: "x".repeat(chars),
            lines: vec![("a".to_owned(), "b".to_owned()); lines],
            note: None,
            code: Some("A17".to_owned()),
        };
        assert!(print(document(PRINT_LINES_MAX, PRINT_TEXT_CHARS_MAX)).is_ok());
        assert!(
            print(document(PRINT_LINES_MAX + 1, 1)).is_err() && print(document(0, PRINT_TEXT_CHARS_MAX + 1)).is_err()
        );
        assert!(print(document(0, 0)).is_err());
    }

    #[test]
    fn a_customer_is_at_one_place() {
        assert_eq!(whereabouts(Some((31.298, 120.6)), None).unwrap(), "position 31.298,120.600");
        assert_eq!(whereabouts(None, Some("姑苏区")).unwrap(), "district 姑苏区");
        assert_eq!(whereabouts(None, None).unwrap_err().code, "sheet.answer-missing");
        assert!(whereabouts(Some((0.0, 0.0)), Some("x")).is_err());
    }
}

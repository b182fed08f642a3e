//! What a code of the registry says to whoever meets it. English and Chinese stand in the registry; other languages have
//! a catalogue for the codes that customers can see, and English for those of programs, publishers and the desk.

use super::{Locale, catalogue};
use std::borrow::Cow;
use xitai_model::code::Code;

/// What happened, in the language of a BCP 47 tag.
pub fn happened(code: &Code, tag: &str) -> Cow<'static, str> {
    said(code, tag, None).unwrap_or_else(|| drawn(code.text(tag), tag))
}

/// What to do next, in the language of a BCP 47 tag.
pub fn mend(code: &Code, tag: &str) -> Cow<'static, str> {
    said(code, tag, Some("mend")).unwrap_or_else(|| drawn(code.mend(tag), tag))
}

/// Its key in the catalogues: `session.stale` is `refusal-session-stale`, since other words have names like codes.
pub(super) fn key(code: &Code) -> String {
    format!("refusal-{}", code.code.replace('.', "-"))
}

fn said(code: &Code, tag: &str, attribute: Option<&str>) -> Option<Cow<'static, str>> {
    let locale = Locale::of_tag(tag).filter(|locale| catalogue::CODES.iter().any(|(of, _)| of == locale))?;
    let bundle = catalogue::of(locale);
    let message = bundle.get_message(&key(code))?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    Some(Cow::Owned(bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned()))
}

fn drawn(text: &'static str, tag: &str) -> Cow<'static, str> {
    match Locale::of_tag(tag) {
        Some(Locale::Pseudo) => catalogue::pseudo(text),
        _ => Cow::Borrowed(text),
    }
}

//! Text of one direction inside text of another. A name, an amount or an address inside a sentence is set apart by the
//! marks of Unicode, so that a Persian name stays whole in an English sentence, and a Latin one in a Persian sentence;
//! the marks hold in attributes and in plain text of a chat, where no element could.

use std::borrow::Cow;

/// First strong isolate: what follows takes its direction from its own first letter.
const FSI: char = '\u{2068}';
const LRI: char = '\u{2066}';
const PDI: char = '\u{2069}';

/// The text as it stands in a sentence that runs in `dir`. What runs the same way is left as it is.
pub fn isolated<'t>(text: &'t str, dir: &str) -> Cow<'t, str> {
    let apart = match dir {
        "all" => true,
        "rtl" => text.chars().any(|c| c.is_alphanumeric() && !is_rtl(c)),
        _ => text.chars().any(is_rtl),
    };
    if apart && !text.starts_with([FSI, LRI]) { Cow::Owned(format!("{FSI}{text}{PDI}")) } else { Cow::Borrowed(text) }
}

/// What reads from left to right wherever it stands, such as an amount: apart in a sentence that runs the other way.
pub fn ltr(text: String, dir: &str) -> String {
    if dir == "rtl" { format!("{LRI}{text}{PDI}") } else { text }
}

/// Letters of the scripts that are written from right to left. Their digits run from left to right.
fn is_rtl(c: char) -> bool {
    let digit = matches!(c, '\u{660}'..='\u{66c}' | '\u{6f0}'..='\u{6f9}');
    let script = matches!(
        u32::from(c),
        0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff
    );
    script && !digit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_the_other_way_is_set_apart() {
        for (text, dir, apart) in [
            ("Ann Smith", "ltr", false),
            ("王小明", "ltr", false),
            ("سارا احمدی", "ltr", true),
            ("דנה", "ltr", true),
            ("سارا احمدی", "rtl", false),
            ("Ann Smith", "rtl", true),
            ("A017", "rtl", true),
            ("۱۲", "rtl", true),
            ("", "rtl", false),
        ] {
            let shown = isolated(text, dir);
            assert_eq!(shown.starts_with(FSI) && shown.ends_with(PDI), apart, "{text} in {dir}");
        }
        assert_eq!(isolated(&ltr("¥1".to_owned(), "rtl"), "rtl"), "\u{2066}¥1\u{2069}", "apart once");
    }
}

//! What may stand in a text that people read.
//!
//! Control characters are refused: they are a mistake of the author, and NUL does not survive every store. Characters
//! that turn the direction of writing are taken out silently: no honest text of one label needs them, and with them
//! `10.00` can be drawn as `00.01`.

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    ControlCharacter,
    TooLong,
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

fn is_forbidden_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t' | '\r')
}

/// Refuses control characters and more than `chars_max` characters, and takes direction controls out.
pub fn clean(text: &mut String, chars_max: usize) -> Result<(), TextFault> {
    if text.len() > chars_max && text.chars().nth(chars_max).is_some() {
        return Err(TextFault::TooLong);
    }
    // Nearly every text ends here: none of its bytes can begin a character that matters. 0xC2 begins the C1 controls,
    // 0xD8 U+061C, 0xE2 the general punctuation.
    let suspicious = |b: &u8| *b < 0x20 || matches!(*b, 0x7f | 0xc2 | 0xd8 | 0xe2);
    if !text.as_bytes().iter().any(suspicious) {
        return Ok(());
    }
    if text.chars().any(is_forbidden_control) {
        return Err(TextFault::ControlCharacter);
    }
    if text.chars().any(turns_direction) {
        text.retain(|c| !turns_direction(c));
    }
    Ok(())
}

/// Whether [`clean`] would leave the text as it is.
pub fn is_clean(text: &str, chars_max: usize) -> bool {
    text.chars().nth(chars_max).is_none() && !text.chars().any(|c| is_forbidden_control(c) || turns_direction(c))
}

/// Whether a customer may have entered it: no control characters but line breaks and tabs. People do write direction
/// marks, and what they wrote is theirs; it is cleaned where a program shows it.
pub fn is_enterable(text: &str, chars_max: usize) -> bool {
    text.chars().nth(chars_max).is_none() && !text.chars().any(is_forbidden_control)
}

/// Whether the text has a digit that looks like an ASCII one and is not: an amount spelled in a name must read the
/// same to a person and to a search.
pub fn has_lookalike_digit(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{ff10}'..='\u{ff19}' | '\u{1d7ce}'..='\u{1d7ff}' | '\u{1fbf0}'..='\u{1fbf9}'
            | '\u{2460}'..='\u{249b}' | '\u{24ea}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{2070}'..='\u{2089}')
    })
}

/// Whether two names read the same to somebody who does not look closely: letters of other scripts that are drawn alike,
/// capitals, spaces and characters that are not drawn at all make no difference.
pub fn reads_alike(one: &str, other: &str) -> bool {
    let form = |text: &str| -> String {
        let low = unicode_security::skeleton(text).collect::<String>().to_lowercase();
        // Once more, since a capital may be drawn alike where its small letter is not.
        unicode_security::skeleton(&low).filter(|c| !c.is_whitespace()).collect()
    };
    let one = form(one);
    !one.is_empty() && one == form(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_cleaned_or_refused() {
        let cases: [(&str, Result<&str, TextFault>); 9] = [
            ("红烧肉 12.00", Ok("红烧肉 12.00")),
            ("two\nlines\tand a tab", Ok("two\nlines\tand a tab")),
            ("pay \u{202e}00.01\u{202c}", Ok("pay 00.01")),
            ("\u{2066}a\u{2069}\u{200e}\u{200f}\u{061c}", Ok("a")),
            ("fine… and “quoted”", Ok("fine… and “quoted”")),
            ("naïve café ±", Ok("naïve café ±")),
            ("a\0b", Err(TextFault::ControlCharacter)),
            ("a\u{1b}[31m", Err(TextFault::ControlCharacter)),
            ("a\u{85}b", Err(TextFault::ControlCharacter)),
        ];
        for (text, expected) in cases {
            let mut cleaned = text.to_owned();
            assert_eq!(clean(&mut cleaned, 100).map(|()| cleaned.as_str()), expected, "{text:?}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(clean(&mut "食".repeat(10), 10), Ok(()));
        assert_eq!(clean(&mut "食".repeat(11), 10), Err(TextFault::TooLong));
    }

    #[test]
    fn digits_that_only_look_like_digits_are_seen() {
        for text in ["\u{ff11}\u{ff12}", "\u{1d7cf}\u{1d7d0}", "\u{2460}"] {
            assert!(has_lookalike_digit(text), "{text}");
        }
        assert!(!has_lookalike_digit("12.00 元"));
    }

    #[test]
    fn names_that_read_alike_are_seen() {
        for (one, other) in [
            ("Canteen", "canteen"),
            ("Canteen", "C\u{430}nt\u{435}\u{435}n"),
            ("Canteen", "Can\u{200b}te en"),
            ("Canteen", "\u{ff23}\u{ff41}\u{ff4e}\u{ff54}\u{ff45}\u{ff45}\u{ff4e}"),
            ("食堂", "食 堂\u{feff}"),
            ("Pay 10", "Pay 1O"),
        ] {
            assert!(reads_alike(one, other), "{one:?} {other:?}");
        }
        for (one, other) in [("食堂", "食堂二"), ("Canteen", "Canteens"), ("", " "), ("茶馆", "茶楼")] {
            assert!(!reads_alike(one, other), "{one:?} {other:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_cleaned_is_clean(text in any::<String>()) {
            let mut cleaned = text;
            if clean(&mut cleaned, 200).is_ok() {
                prop_assert!(is_clean(&cleaned, 200));
            }
        }
    }
}

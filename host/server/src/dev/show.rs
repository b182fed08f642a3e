//! State as a developer reads and writes it: bytes are shown as JSON where they are JSON, as text where they are text,
//! else in hexadecimal.

use serde::Serialize;
use serde::de::IgnoredAny;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    Empty,
    Json,
    Text,
    Hex,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    pub form: Form,
    pub text: String,
    pub bytes: usize,
}

/// Bytes of one line in hexadecimal.
const HEX_LINE: usize = 16;

pub fn show(bytes: &[u8]) -> Shown {
    let (form, text) = match std::str::from_utf8(bytes) {
        Ok("") => (Form::Empty, String::new()),
        Ok(text) => match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => (Form::Json, spread(text)),
            Err(_) if text.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()) => (Form::Text, text.to_owned()),
            Err(_) => (Form::Hex, hex(bytes)),
        },
        Err(_) => (Form::Hex, hex(bytes)),
    };
    Shown { form, text, bytes: bytes.len() }
}

/// Each character of a JSON text, and whether it is part of a string.
fn parts(text: &str) -> impl Iterator<Item = (char, bool)> {
    let (mut within, mut escaped) = (false, false);
    text.chars().map(move |c| {
        let part = within || c == '"';
        within = if c == '"' && !escaped { !within } else { within };
        escaped = within && c == '\\' && !escaped;
        (c, part)
    })
}

/// The same JSON without a blank that says nothing. Order and numbers stay as they are written.
fn closed(text: &str) -> String {
    parts(text).filter(|(c, part)| *part || !c.is_whitespace()).map(|(c, _)| c).collect()
}

/// The same JSON over lines.
fn spread(text: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0_usize);
    let closed = closed(text);
    let mut all = parts(&closed).peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    while let Some((c, part)) = all.next() {
        let next = all.peek().filter(|(_, part)| !part).map(|(c, _)| *c);
        match c {
            _ if part => out.push(c),
            '{' | '[' => {
                out.push(c);
                depth += 1;
                if !matches!(next, Some('}' | ']')) {
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if !out.ends_with(['{', '[']) {
                    line(&mut out, depth);
                }
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    let line = |line: &[u8]| {
        let numbers: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        let letters: String = line.iter().map(|b| if b.is_ascii_graphic() { char::from(*b) } else { '.' }).collect();
        format!("{:<48} {letters}", numbers.join(" "))
    };
    bytes.chunks(HEX_LINE).map(line).collect::<Vec<_>>().join("\n")
}

/// What somebody wrote in place of what was shown. What was JSON stays JSON: a slip is told where it is.
pub fn read(shown: Form, text: &str) -> Result<Vec<u8>, String> {
    match shown {
        Form::Json => {
            serde_json::from_str::<IgnoredAny>(text).map_err(|fault| format!("this is no JSON: {fault}"))?;
            Ok(closed(text).into_bytes())
        }
        Form::Text | Form::Empty => Ok(text.as_bytes().to_vec()),
        Form::Hex => {
            let digits = text.lines().flat_map(|line| line.chars().take(HEX_LINE * 3)).filter(|c| !c.is_whitespace());
            let digits: String = digits.collect::<String>().to_lowercase();
            data_encoding::HEXLOWER
                .decode(digits.as_bytes())
                .map_err(|fault| format!("this is no hexadecimal: {fault}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_as_they_were_shown() {
        let every: Vec<u8> = (0..=255).collect();
        for (bytes, form) in [
            (&b"{\"mine\":1.50,\"a\":[\"x, {y\\\" \\\\\",[],{}]}"[..], Form::Json),
            (b"7", Form::Json),
            ("戏台\nzwei".as_bytes(), Form::Text),
            (&[][..], Form::Empty),
            (&every[..], Form::Hex),
            (b"\x00abc", Form::Hex),
        ] {
            let shown = show(bytes);
            assert_eq!((shown.form, shown.bytes), (form, bytes.len()));
            assert_eq!(read(shown.form, &shown.text).as_deref(), Ok(bytes), "{shown:?}");
        }
    }

    #[test]
    fn json_is_spread_over_lines_in_its_own_order() {
        let shown = show(b"{\"b\":[1,\"a: b\"],\"a\":{},\"c\":{\"d\":null}}");
        let lines = "{\n  \"b\": [\n    1,\n    \"a: b\"\n  ],\n  \"a\": {},\n  \"c\": {\n    \"d\": null\n  }\n}";
        assert_eq!(shown.text, lines);
    }

    #[test]
    fn a_slip_is_told() {
        assert!(read(Form::Json, "{\"a\":").is_err_and(|told| told.contains("line 1")));
        assert!(read(Form::Hex, "0g").is_err());
    }
}

//! Pictures that people upload: what their first bytes say they are, and what has no business in them.
//!
//! A picture is never kept as it came: it is decoded and encoded anew in a process with limits, so that what customers'
//! phones read was written by this host. What could be read as something else is refused before.

use crate::code::{self, Code};
use crate::digest::Digest;
use crate::ids::StaffId;
use serde::{Deserialize, Serialize};

/// A picture's record. The bytes lie in the blob of the digest, which is also its handle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub handle: Handle,
    pub format: Format,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    pub by: StaffId,
    pub made_ms: i64,
}

/// `content:` and the digest's hexadecimal digits: what entries and screens name a picture by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Handle(String);

const PREFIX: &str = "content:";

impl Handle {
    pub fn of(digest: &Digest) -> Self {
        Self(format!("{PREFIX}{}", digest.hex()))
    }
    pub fn parse(text: &str) -> Option<Self> {
        Digest::parse(&format!("sha256:{}", text.strip_prefix(PREFIX)?)).map(|_| Self(text.to_owned()))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The digits alone, for addresses.
    pub fn hex(&self) -> &str {
        &self.0[PREFIX.len()..]
    }
    pub fn digest(&self) -> Digest {
        Digest::parse(&format!("sha256:{}", self.hex())).expect("a handle was made of a digest")
    }
}
impl TryFrom<String> for Handle {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a picture's handle: content: and 64 lower-case hexadecimal digits")
    }
}
impl From<Handle> for String {
    fn from(handle: Handle) -> String {
        handle.0
    }
}
impl std::fmt::Display for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Png,
    Jpeg,
    Gif,
    Webp,
}

impl Format {
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Png => "image/png",
            Format::Jpeg => "image/jpeg",
            Format::Gif => "image/gif",
            Format::Webp => "image/webp",
        }
    }
}

/// What a file is by its first bytes, whatever its name says.
pub fn sniff(bytes: &[u8]) -> Result<Format, &'static Code> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\x89PNG\r\n\x1a\n") {
        Ok(Format::Png)
    } else if starts(b"\xff\xd8\xff") {
        Ok(Format::Jpeg)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Ok(Format::Gif)
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Ok(Format::Webp)
    } else if looks_like_svg(bytes) {
        Err(code::MEDIA_SVG)
    } else {
        Err(code::MEDIA_TYPE)
    }
}

/// SVG is a program with pictures: it is not taken at all.
fn looks_like_svg(bytes: &[u8]) -> bool {
    contains(&bytes[..bytes.len().min(1_024)], b"<svg") || contains(&bytes[..bytes.len().min(1_024)], b"<?xml")
}

/// The end of a ZIP lies within its last 64 KiB and 22 bytes.
const ZIP_END_BYTES: usize = (64 << 10) + 22;

/// What else a picture's bytes could be taken for. Encoding anew would drop it; a file that has it was made to deceive.
pub fn hidden(bytes: &[u8]) -> Option<&'static str> {
    let tail = &bytes[bytes.len().saturating_sub(ZIP_END_BYTES)..];
    let head = &bytes[..bytes.len().min(1_024)];
    match () {
        () if contains(bytes, b"<script") => Some("script"),
        () if contains(bytes, b"<!doctype html") || contains(bytes, b"<html") => Some("html"),
        () if contains(bytes, b"<?php") => Some("php"),
        () if contains(head, b"%pdf-") => Some("pdf"),
        () if tail.windows(4).any(|four| four == b"PK\x05\x06") => Some("zip"),
        () => None,
    }
}

/// Whether the bytes have the lower-case `needle` in any case.
fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n..."), Ok(Format::Png));
        assert_eq!(sniff(b"\xff\xd8\xff\xe0"), Ok(Format::Jpeg));
        assert_eq!(sniff(b"GIF89a...."), Ok(Format::Gif));
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 "), Ok(Format::Webp));
        for svg in [&b"<svg onload=x>"[..], b"<?xml version='1.0'?><svg>", b"  <SVG>"] {
            assert_eq!(sniff(svg), Err(code::MEDIA_SVG));
        }
        for other in [&b""[..], b"MZ", b"%PDF-1.7", b"PK\x03\x04", b"RIFF\0\0\0\0WAVE", b"\x89PNG"] {
            assert_eq!(sniff(other), Err(code::MEDIA_TYPE), "{other:?}");
        }
    }

    #[test]
    fn what_hides_in_a_picture_is_named() {
        let with = |tail: &[u8]| [&b"GIF89a......"[..], tail].concat();
        assert_eq!(hidden(&with(b"<ScRiPt>alert(1)")), Some("script"));
        assert_eq!(hidden(&with(b"<!DOCTYPE html>")), Some("html"));
        assert_eq!(hidden(&with(b"<?php echo 1")), Some("php"));
        assert_eq!(hidden(&with(b"%PDF-1.7")), Some("pdf"));
        assert_eq!(hidden(&with(b"PK\x05\x06\0\0")), Some("zip"));
        assert_eq!(hidden(&with(b"a plain comment")), None);
        let mut far = with(b"PK\x05\x06");
        far.extend(vec![0; ZIP_END_BYTES + 1]);
        assert_eq!(hidden(&far), None);
    }

    #[test]
    fn a_handle_is_a_digest() {
        let handle = Handle::of(&Digest::of(b"picture"));
        assert_eq!(Handle::parse(handle.as_str()), Some(handle.clone()));
        assert_eq!(handle.digest(), Digest::of(b"picture"));
        for text in ["content:", "content:../../etc", "sha256:00", handle.hex()] {
            assert_eq!(Handle::parse(text), None, "{text}");
        }
    }
}

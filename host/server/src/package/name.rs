//! Names of files in a package: those that every file system and every reader takes for the same file.

use std::path::Path;
use xitai_model::code::{self, Code};

/// The longest name.
pub const NAME_BYTES_MAX: usize = 255;

/// Why a name is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    NotUtf8,
    Empty,
    TooLong,
    Absolute,
    Backslash,
    Traversal,
    Character,
}

impl NameFault {
    pub fn code(self) -> &'static Code {
        match self {
            NameFault::Absolute | NameFault::Backslash | NameFault::Traversal => code::PACKAGE_PATH_TRAVERSAL,
            NameFault::NotUtf8 | NameFault::Empty | NameFault::TooLong | NameFault::Character => code::PACKAGE_BAD_NAME,
        }
    }
    pub fn rule(self) -> &'static str {
        match self {
            NameFault::NotUtf8 => "the name is not UTF-8",
            NameFault::Empty => "the name is empty",
            NameFault::TooLong => "the name is longer than 255 bytes",
            NameFault::Absolute => "the name is an absolute path",
            NameFault::Backslash => "the name has a backslash",
            NameFault::Traversal => "the name has an empty, `.` or `..` part",
            NameFault::Character => "the name has a control character or one of : * ? \" < > |",
        }
    }
}

/// A name as it stands in the archive; a folder's ends with `/`.
pub fn parse(raw: &[u8]) -> Result<String, NameFault> {
    let text = std::str::from_utf8(raw).map_err(|_| NameFault::NotUtf8)?;
    if text.is_empty() {
        return Err(NameFault::Empty);
    }
    if text.len() > NAME_BYTES_MAX {
        return Err(NameFault::TooLong);
    }
    if text.contains('\\') {
        return Err(NameFault::Backslash);
    }
    // A drive letter is an absolute path too; its colon is refused below on every system.
    if text.starts_with('/') || Path::new(text).is_absolute() {
        return Err(NameFault::Absolute);
    }
    let parts = text.strip_suffix('/').unwrap_or(text);
    if parts.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(NameFault::Traversal);
    }
    if text.chars().any(|c| c.is_control() || matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|')) {
        return Err(NameFault::Character);
    }
    Ok(text.to_owned())
}

//! Files that a customer gives to a program, on the host's sheet and for one purpose. The bytes are sealed under the
//! customer's key; the program holds a handle, and reads what it was given for a month.
//!
//! | state | Give | Expire |
//! |---|---|---|
//! | uploaded | given | gone |
//! | given | - | gone |
//! | gone | - | - |

use crate::bytes::Bytes;
use crate::code;
use crate::errand::FileKind;
use crate::ids::TicketId;
use crate::limits::{ATTACHMENT_BYTES_MAX, ATTACHMENT_MS_MAX, ATTACHMENT_READ_BYTES_MAX, TICKET_MS_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

/// The name under which the bytes are sealed.
pub const BYTES: &str = "bytes";
/// The name under which the file's own name is sealed: it may say who it is about.
pub const NAME: &str = "name";

const NAME_CHARS_MAX: usize = 80;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Of the sheet that it was uploaded for.
    pub ticket: TicketId,
    pub media_type: String,
    pub size: u64,
    pub state: State,
    /// When it is gone.
    pub until_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Uploaded,
    Given,
    Gone,
}

impl MatterBody for Attachment {
    const KIND: MatterKind = MatterKind::Attachment;
    fn due_ms(&self) -> Option<i64> {
        (self.state != State::Gone).then_some(self.until_ms)
    }
}

impl Attachment {
    /// One that waits for its sheet to be agreed to.
    pub fn uploaded(ticket: TicketId, media_type: &str, size: usize, now_ms: i64) -> Result<Self, Refusal> {
        if size == 0 || size > ATTACHMENT_BYTES_MAX {
            return Err(Refusal::of(code::ATTACHMENT_TOO_LARGE, format!("{size} bytes of {ATTACHMENT_BYTES_MAX}")));
        }
        let (media_type, size) = (media_type.to_owned(), size as u64);
        Ok(Self { ticket, media_type, size, state: State::Uploaded, until_ms: now_ms + TICKET_MS_MAX })
    }
    pub fn given(&self, now_ms: i64) -> Result<Self, Refusal> {
        if self.state != State::Uploaded {
            return Err(Refusal::of(code::ATTACHMENT_NOT_FOUND, ""));
        }
        Ok(Self { state: State::Given, until_ms: now_ms + ATTACHMENT_MS_MAX, ..self.clone() })
    }
    /// Its bytes are to be destroyed.
    pub fn gone(&self) -> Self {
        Self { state: State::Gone, ..self.clone() }
    }
}

/// The kind of a file by its first bytes: what it says of itself is not believed.
pub fn kind_of(bytes: &[u8]) -> Option<FileKind> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] | [0x89, b'P', b'N', b'G', ..] => Some(FileKind::Picture),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(FileKind::Picture),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(FileKind::Pdf),
        _ => None,
    }
}

/// The name that a file is shown under: the last part of what it was called, without what does not belong there.
pub fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut plain: String = last.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    if text::clean(&mut plain, NAME_CHARS_MAX).is_err() {
        plain.clear();
    }
    plain
}

/// A piece of a file from an offset on; empty at its end.
pub fn piece(bytes: &Bytes, offset: u64) -> Vec<u8> {
    let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.0.len());
    let until = from.saturating_add(ATTACHMENT_READ_BYTES_MAX).min(bytes.0.len());
    bytes.0.get(from..until).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_given_once_and_goes() {
        let ticket = || TicketId::new(1, [1; 10]);
        let new = |size| Attachment::uploaded(ticket(), "image/png", size, 5);
        assert!(new(ATTACHMENT_BYTES_MAX).is_ok());
        assert!(new(ATTACHMENT_BYTES_MAX + 1).is_err() && new(0).is_err());
        let first = new(3).unwrap();
        assert_eq!(first.due_ms(), Some(5 + TICKET_MS_MAX));
        let given = first.given(9).unwrap();
        assert_eq!((given.due_ms(), given.given(9).is_err()), (Some(9 + ATTACHMENT_MS_MAX), true));
        assert_eq!((given.gone().due_ms(), given.gone().given(9).is_err()), (None, true));
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (bytes, kind) in [
            (&b"\xff\xd8\xff\xe0"[..], Some(FileKind::Picture)),
            (b"\x89PNG\r\n", Some(FileKind::Picture)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some(FileKind::Picture)),
            (b"%PDF-1.7", Some(FileKind::Pdf)),
            (b"<svg onload=alert(1)>", None),
            (b"MZ", None),
            (b"", None),
        ] {
            assert_eq!(kind_of(bytes), kind, "{bytes:?}");
        }
        assert_eq!(shown_name("C:\\fakepath\\../账单 1.pdf"), "账单 1.pdf");
        assert_eq!(shown_name(&"x".repeat(500)).len(), NAME_CHARS_MAX);
    }

    #[test]
    fn a_file_is_read_piece_by_piece() {
        let bytes = Bytes((0..ATTACHMENT_READ_BYTES_MAX + 3).map(|at| at as u8).collect());
        assert_eq!(piece(&bytes, 0).len(), ATTACHMENT_READ_BYTES_MAX);
        assert_eq!(piece(&bytes, ATTACHMENT_READ_BYTES_MAX as u64).len(), 3);
        assert!(piece(&bytes, bytes.0.len() as u64).is_empty() && piece(&bytes, u64::MAX).is_empty());
    }
}

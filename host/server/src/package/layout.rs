//! Where the bytes of a package lie: files one after the other from the first byte on, a signing block or none, the
//! central directory, the record of its end. Nothing stands before, between or after them. A ZIP that is also
//! something else, or that hides bytes from who looks into it, is no package.

use std::fmt;

/// The record at the end, without a comment.
const END_BYTES: usize = 22;
const END_MAGIC: &[u8] = b"PK\x05\x06";
const HEADER_MAGIC: &[u8] = b"PK\x03\x04";
/// A file's own header, before its name.
const HEADER_BYTES: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The bytes do not end with the record of the directory's end.
    End,
    /// The directory does not end where that record begins.
    Directory,
    /// The signing block is not one.
    Block,
    /// Bytes that belong to no file, from there on.
    Gap(usize),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::End => f.write_str("the bytes do not end with the end of the directory"),
            Fault::Directory => f.write_str("the directory does not end where its record begins"),
            Fault::Block => f.write_str("the signing block is not one signature"),
            Fault::Gap(at) => write!(f, "bytes from {at} on belong to no file"),
        }
    }
}

/// Where a package ends.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// Where the central directory begins.
    pub directory: usize,
}

impl Ends {
    pub fn of(bytes: &[u8]) -> Result<Self, Fault> {
        let record = bytes.len().checked_sub(END_BYTES).ok_or(Fault::End)?;
        // A comment would be bytes after the record.
        if !bytes[record..].starts_with(END_MAGIC) || bytes[record + 20..] != [0, 0] {
            return Err(Fault::End);
        }
        let (size, directory) = (long(bytes, record + 12), long(bytes, record + 16));
        if directory.checked_add(size) != Some(record) {
            return Err(Fault::Directory);
        }
        Ok(Self { directory })
    }
    /// Writes into the record where the directory begins now.
    pub fn put_directory(self, package: &mut [u8], at: usize) {
        let place = package.len() - END_BYTES + 16;
        let at = u32::try_from(at).expect("a package is smaller than 4 GiB");
        package[place..place + 4].copy_from_slice(&at.to_le_bytes());
    }
}

/// Whether files follow each other without a gap, from the first byte to `end`. Each is where its header begins, and
/// how long its data is.
pub fn check(bytes: &[u8], mut files: Vec<(u64, u64)>, end: usize) -> Result<(), Fault> {
    files.sort_unstable();
    let mut at = 0;
    for (header, data) in files {
        if usize::try_from(header) != Ok(at) || !bytes[at..].starts_with(HEADER_MAGIC) {
            return Err(Fault::Gap(at));
        }
        let name = bytes.get(at + 26..at + HEADER_BYTES).ok_or(Fault::Gap(at))?;
        let lengths =
            usize::from(u16::from_le_bytes([name[0], name[1]])) + usize::from(u16::from_le_bytes([name[2], name[3]]));
        let data = usize::try_from(data).map_err(|_| Fault::Gap(at))?;
        at = at.saturating_add(HEADER_BYTES + lengths).saturating_add(data);
        if at > end {
            return Err(Fault::Gap(end));
        }
    }
    if at == end { Ok(()) } else { Err(Fault::Gap(at)) }
}

fn long(bytes: &[u8], at: usize) -> usize {
    let field: [u8; 4] = bytes[at..at + 4].try_into().expect("four bytes");
    u32::from_le_bytes(field) as usize
}

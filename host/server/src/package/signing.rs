//! The signing block of a package: the bytes between the last file and the central directory, as the W3C's MiniApp
//! Packaging draft has it ("RPK Signing Block"), which took it from Android:
//!
//!     size of what follows the field          u64
//!     pairs: size of ID and value             u64
//!            ID                               u32
//!            value
//!     size, again                             u64
//!     magic "RPK Sig Block 42"
//!
//! The draft knows no Ed25519, so that the signature stands under an ID of our own; IDs that a reader does not know it
//! passes over. The value is JSON, see [`PackageSignature`]. The draft's algorithm looks for the magic before the
//! end-of-directory record, its text and figure right before the directory: this follows the text.
//!
//! What is signed is the package as it was built. Without the block, and with the directory's place as it was before,
//! the signed package is that file again, byte for byte.

use super::layout::{Ends, Fault};
use std::borrow::Cow;
use xitai_model::digest::Digest;
use xitai_model::release::PackageSignature;
use xitai_model::signature::SigningKey;

pub const MAGIC: &[u8; 16] = b"RPK Sig Block 42";
/// `XIT1`
const ID: u32 = 0x3154_4958;
/// The size at the end, and the magic.
const TAIL: usize = 8 + MAGIC.len();
/// A signature with its names needs less than half of it.
const BLOCK_BYTES_MAX: usize = 4_096;

/// A package's bytes, taken apart.
pub struct Parts<'a> {
    bytes: &'a [u8],
    ends: Ends,
    /// Where the block begins; the directory's place where there is none.
    pub files_end: usize,
    pub signature: Option<PackageSignature>,
}

/// Takes a package apart. A block that is not exactly one signature refuses it.
pub fn parts(bytes: &[u8]) -> Result<Parts<'_>, Fault> {
    let ends = Ends::of(bytes)?;
    let before = bytes.get(..ends.directory).ok_or(Fault::Directory)?;
    let Some(block_end) = before.len().checked_sub(TAIL).filter(|at| before[*at + 8..] == *MAGIC) else {
        return Ok(Parts { bytes, ends, files_end: ends.directory, signature: None });
    };
    let size = usize::try_from(number::<8>(before, block_end)?).map_err(|_| Fault::Block)?;
    if !(TAIL..=BLOCK_BYTES_MAX).contains(&size) {
        return Err(Fault::Block);
    }
    let start = before.len().checked_sub(size + 8).ok_or(Fault::Block)?;
    if number::<8>(before, start)? != size as u64 {
        return Err(Fault::Block);
    }
    let signature = signature(&before[start + 8..block_end])?;
    Ok(Parts { bytes, ends, files_end: start, signature: Some(signature) })
}

/// The one pair of the block. Others would be bytes that nobody has looked at.
fn signature(pairs: &[u8]) -> Result<PackageSignature, Fault> {
    let size = number::<8>(pairs, 0)?;
    if size != (pairs.len() - 8) as u64 || number::<4>(pairs, 8)? != u64::from(ID) {
        return Err(Fault::Block);
    }
    serde_json::from_slice(pairs.get(12..).ok_or(Fault::Block)?).map_err(|_| Fault::Block)
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Result<u64, Fault> {
    let field = bytes.get(at..at + N).ok_or(Fault::Block)?;
    let mut whole = [0; 8];
    whole[..N].copy_from_slice(field);
    Ok(u64::from_le_bytes(whole))
}

impl Parts<'_> {
    /// The package as it was built.
    pub fn content(&self) -> Cow<'_, [u8]> {
        if self.files_end == self.ends.directory {
            return Cow::Borrowed(self.bytes);
        }
        let mut content = self.bytes[..self.files_end].to_vec();
        content.extend_from_slice(&self.bytes[self.ends.directory..]);
        self.ends.put_directory(&mut content, self.files_end);
        Cow::Owned(content)
    }

    /// Whether the package is signed, and over what it holds.
    pub fn is_signed(&self) -> bool {
        let content = || Digest::of(&self.content());
        self.signature.as_ref().is_some_and(|signature| signature.is_over(&content()))
    }
}

/// The package, signed; a signature that it has gives way. The same key makes the same bytes.
pub fn sign(bytes: &[u8], key: &SigningKey) -> Result<Vec<u8>, Fault> {
    let parts = parts(bytes)?;
    let content = parts.content();
    let signature = PackageSignature::sign(Digest::of(&content), key);
    let value = serde_json::to_vec(&signature).expect("three texts are JSON");
    let mut block = ((4 + value.len()) as u64).to_le_bytes().to_vec();
    block.extend_from_slice(&ID.to_le_bytes());
    block.extend_from_slice(&value);
    let size = ((block.len() + TAIL) as u64).to_le_bytes();
    let mut signed = content[..parts.files_end].to_vec();
    for part in [&size[..], &block, &size, MAGIC] {
        signed.extend_from_slice(part);
    }
    let directory = signed.len();
    signed.extend_from_slice(&content[parts.files_end..]);
    parts.ends.put_directory(&mut signed, directory);
    Ok(signed)
}

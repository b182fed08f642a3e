//! An archive of evidence: a signed document, and files whose digests it names.

use crate::app::incident::EVIDENCE_FILE;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use xitai_model::digest::Digest;
use zip::ZipArchive;

/// The most that one file of an archive may hold once it is inflated.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// Every ZIP begins so.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The signed document in it, and its other files.
pub fn open(bytes: &[u8]) -> Result<(String, Files), String> {
    let mut files = files(bytes)?;
    let text = files.remove(EVIDENCE_FILE).ok_or_else(|| format!("there is no {EVIDENCE_FILE} in it"))?;
    Ok((String::from_utf8(text).map_err(|fault| fault.to_string())?, files))
}

/// Whether its other files are exactly those that the document names, each as it was.
pub fn check(mut held: Files, document: &str) -> Result<(), String> {
    let document: serde_json::Value = serde_json::from_str(document).map_err(|fault| fault.to_string())?;
    let named = document["document"]["body"]["files"].as_object().ok_or("the document names no files")?;
    for (name, digest) in named {
        let file = held.remove(name).ok_or_else(|| format!("{name} is missing"))?;
        if digest.as_str() != Some(Digest::of(&file).as_str()) {
            return Err(format!("{name} is not what was signed"));
        }
    }
    match held.keys().next() {
        Some(more) => Err(format!("{more} is in the archive, and nobody signed it")),
        None => Ok(()),
    }
}

fn files(bytes: &[u8]) -> Result<Files, String> {
    let told = |fault: &dyn std::fmt::Display| format!("the archive can't be read: {fault}");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|fault| told(&fault))?;
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).map_err(|fault| told(&fault))?.take(FILE_BYTES_MAX);
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(|fault| told(&fault))?;
        let name = file.into_inner().name().map_err(|fault| told(&fault))?.into_owned();
        if files.insert(name.clone(), content).is_some() {
            return Err(format!("{name} is in the archive twice"));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package;
    use serde_json::json;

    #[test]
    fn files_are_those_that_were_signed_and_no_others() {
        let signed = |named: &[(&str, &[u8])]| {
            let files: BTreeMap<_, _> = named.iter().map(|(name, bytes)| (*name, Digest::of(bytes))).collect();
            json!({"document": {"body": {"files": files}}}).to_string()
        };
        let packed = |files: &[(&str, &[u8])], document: &str| {
            let mut all: BTreeMap<String, Vec<u8>> =
                files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
            all.insert(EVIDENCE_FILE.to_owned(), document.as_bytes().to_vec());
            package::write(&all).expect("a ZIP")
        };
        let document = signed(&[("a.json", b"[1]")]);
        let whole = packed(&[("a.json", b"[1]")], &document);
        assert!(is_archive(&whole) && !is_archive(b"{}"));
        let (text, files) = open(&whole).expect("an archive");
        assert_eq!(text, document);
        assert_eq!(check(files, &document), Ok(()));
        let refused = |files: &[(&str, &[u8])]| {
            let (text, files) = open(&packed(files, &document)).expect("an archive");
            check(files, &text).unwrap_err()
        };
        assert!(refused(&[("a.json", b"[2]")]).contains("not what was signed"));
        assert!(refused(&[]).contains("missing"));
        assert!(refused(&[("a.json", b"[1]"), ("b.json", b"")]).contains("nobody signed"));
        assert!(open(b"PK\x03\x04nothing").is_err());
    }
}

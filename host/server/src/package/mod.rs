//! The package of a release, `.ma`: a ZIP with `manifest.json`, the component that the manifest names, icons and
//! texts.
//!
//! A package is untrusted until [`read`] has made a [`Package`] of it. ZIP has many ways to say two things at once
//! (a central directory and local headers, names in two encodings, the same name twice); whatever can be read in
//! two ways is refused, so that the reviewer, the inspection and the host see the same files. Inflating stops at the
//! limit, not after it. All problems are told together, so that one round mends them.

mod layout;
mod name;
mod signing;
mod write;

pub use signing::{parts, sign};
pub use write::write;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use xitai_model::code;
use xitai_model::limits::{
    PACKAGE_BYTES_MAX, PACKAGE_FILES_MAX, PACKAGE_RUNTIME_BYTES_MAX, UNPACKED_BYTES_MAX, UPLOAD_BYTES_MAX,
};
use xitai_model::manifest::{self, Manifest};
use xitai_model::release::{Finding, PackageSignature, Severity, bounded};
use zip::{CompressionMethod, ZipArchive};

/// The one file that every package has.
pub const MANIFEST_NAME: &str = "manifest.json";

/// What a package's file name ends with.
pub const EXTENSION: &str = "ma";

/// The media type of a package.
pub const MEDIA_TYPE: &str = "application/miniapp-pkg+zip";

/// A package that can be read in one way only. Whether its component is good is the inspection's question.
#[derive(Debug, Clone)]
pub struct Package {
    pub manifest: Manifest,
    pub component: Vec<u8>,
    /// All files by name, the manifest and the component among them.
    pub files: BTreeMap<String, Vec<u8>>,
    /// A signature over exactly what the package holds; whose key it is, is for others to know.
    pub signature: Option<PackageSignature>,
}

/// What came of reading a package: there is none where an error is among the findings.
#[derive(Debug, Clone)]
pub struct Reading {
    pub package: Option<Package>,
    /// Kept also where the package is refused, as far as it could be read: a refusal names its program.
    pub manifest: Option<Manifest>,
    pub findings: Vec<Finding>,
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Reads a package from its bytes.
pub fn read(bytes: &[u8]) -> Reading {
    let mut findings = Vec::new();
    let Some(files) = files_of(bytes, &mut findings) else {
        return Reading { package: None, manifest: None, findings: bounded(findings) };
    };
    let manifest = manifest_of(&files, &mut findings);
    let package = manifest.clone().and_then(|manifest| assemble(manifest, files, bytes.len() as u64, &mut findings));
    let signature = parts(bytes).ok().and_then(|parts| parts.signature);
    let package = package.map(|package| Package { signature, ..package });
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    Reading { package: package.filter(|_| !refused), manifest, findings: bounded(findings) }
}

fn files_of(bytes: &[u8], findings: &mut Vec<Finding>) -> Option<BTreeMap<String, Vec<u8>>> {
    if bytes.len() > UPLOAD_BYTES_MAX {
        let evidence = format!("{} bytes; at most {UPLOAD_BYTES_MAX}", bytes.len());
        findings.push(Finding::error(code::PACKAGE_TOO_LARGE, "package", evidence));
        return None;
    }
    let mut archive = open(bytes, findings)?;
    let names = entries(&archive, findings);
    if findings.is_empty() {
        lie_together(&archive, bytes, findings);
    }
    // Nothing is inflated from an archive that could be read in two ways.
    if findings.is_empty() { inflate(&mut archive, &names, findings) } else { None }
}

fn open<'a>(bytes: &'a [u8], findings: &mut Vec<Finding>) -> Option<Archive<'a>> {
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(fault) => {
            // A ZIP begins with the header of its first file; one that begins so and does not open was cut or
            // overwritten on the way.
            let damaged = bytes.starts_with(b"PK");
            let code = if damaged { code::PACKAGE_TRUNCATED } else { code::PACKAGE_MALFORMED };
            let seen = if damaged { fault.to_string() } else { first_bytes(bytes) };
            findings.push(Finding::error(code, "package", seen));
            return None;
        }
    };
    if archive.len() > PACKAGE_FILES_MAX {
        let evidence = format!("{} files; at most {PACKAGE_FILES_MAX}", archive.len());
        findings.push(Finding::error(code::PACKAGE_TOO_MANY_FILES, "package", evidence));
        return None;
    }
    if archive.has_duplicate_names() {
        findings.push(Finding::error(code::PACKAGE_BAD_NAME, "package", "one name stands in the directory twice"));
        return None;
    }
    if let Err(fault) = archive.validate_header_consistency() {
        findings.push(Finding::error(code::PACKAGE_MALFORMED, "package", fault.to_string()));
        return None;
    }
    Some(archive)
}

/// Whether each byte belongs to a file, to the signature or to the directory.
fn lie_together(archive: &Archive<'_>, bytes: &[u8], findings: &mut Vec<Finding>) {
    let entries = (0..archive.len()).filter_map(|index| archive.by_index_data(index).ok());
    let places = entries.map(|entry| (entry.header_start(), entry.compressed_size())).collect();
    let lies = parts(bytes).and_then(|parts| layout::check(bytes, places, parts.files_end).map(|()| parts));
    match lies {
        Ok(parts) if parts.signature.is_some() && !parts.is_signed() => {
            let evidence = "the signing block is of another content, or of another key";
            findings.push(Finding::error(code::PACKAGE_SIGNATURE, "package", evidence));
        }
        Ok(_) => {}
        Err(fault) => findings.push(Finding::error(code::PACKAGE_HIDDEN_BYTES, "package", fault.to_string())),
    }
}

fn first_bytes(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "the upload is empty".to_owned();
    }
    let head = &bytes[..bytes.len().min(8)];
    let known = match head {
        [0, b'a', b's', b'm', 1, 0, 0, 0] => " (a WebAssembly core module)",
        [0, b'a', b's', b'm', ..] => " (a WebAssembly component)",
        [0x1f, 0x8b, ..] => " (gzip)",
        [b'{', ..] => " (JSON)",
        _ => "",
    };
    format!("begins with {}{known}, not with a ZIP header", data_encoding::HEXLOWER.encode(head))
}

/// Checks the directory of the archive; the names of its files, by index.
fn entries(archive: &Archive<'_>, findings: &mut Vec<Finding>) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    let mut folded = BTreeSet::new();
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_data(index) else { continue };
        let name = match name::parse(entry.name_raw()) {
            Ok(name) => name,
            Err(fault) => {
                let place = String::from_utf8_lossy(entry.name_raw()).into_owned();
                findings.push(Finding::error(fault.code(), place, fault.rule()));
                continue;
            }
        };
        if !folded.insert(name.to_lowercase()) {
            findings.push(Finding::error(code::PACKAGE_BAD_NAME, &name, "the same name in another case is there too"));
        }
        if entry.encrypted() {
            findings.push(Finding::error(code::PACKAGE_UNSUPPORTED, &name, "the file is encrypted"));
        }
        if entry.is_symlink() {
            findings.push(Finding::error(code::PACKAGE_UNSUPPORTED, &name, "the file is a symbolic link"));
        }
        if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            let evidence = format!("compressed with {:?}", entry.compression());
            findings.push(Finding::error(code::PACKAGE_UNSUPPORTED, &name, evidence));
        }
        if !name.ends_with('/') {
            names.push((index, name));
        }
    }
    names
}

fn inflate(
    archive: &mut Archive<'_>,
    names: &[(usize, String)],
    findings: &mut Vec<Finding>,
) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut left = UNPACKED_BYTES_MAX;
    for (index, name) in names {
        let mut content = Vec::new();
        let read = archive.by_index(*index).map_err(std::io::Error::from).and_then(|file| {
            // One byte more than may come tells a file that is too large from one that just fits. The sizes that
            // the archive declares are not believed.
            file.take(left + 1).read_to_end(&mut content)
        });
        if let Err(fault) = read {
            findings.push(Finding::error(code::PACKAGE_MALFORMED, name, fault.to_string()));
            continue;
        }
        let Some(rest) = left.checked_sub(content.len() as u64) else {
            let evidence = format!("more than {UNPACKED_BYTES_MAX} bytes when unpacked");
            findings.push(Finding::error(code::PACKAGE_ZIP_BOMB, name, evidence));
            return None;
        };
        left = rest;
        files.insert(name.clone(), content);
    }
    Some(files)
}

fn manifest_of(files: &BTreeMap<String, Vec<u8>>, findings: &mut Vec<Finding>) -> Option<Manifest> {
    let Some(text) = files.get(MANIFEST_NAME) else {
        let held = files.keys().take(5).cloned().collect::<Vec<_>>().join(", ");
        findings.push(Finding::error(code::PACKAGE_NO_MANIFEST, MANIFEST_NAME, format!("the package holds: {held}")));
        return None;
    };
    let (manifest, found) = manifest::read(text);
    findings.extend(found);
    manifest
}

fn assemble(
    manifest: Manifest,
    files: BTreeMap<String, Vec<u8>>,
    package_bytes: u64,
    findings: &mut Vec<Finding>,
) -> Option<Package> {
    let limit = if manifest.xitai.carries_runtime { PACKAGE_RUNTIME_BYTES_MAX } else { PACKAGE_BYTES_MAX };
    if package_bytes > limit {
        let evidence = format!("{package_bytes} bytes; at most {limit}");
        findings.push(Finding::error(code::PACKAGE_TOO_LARGE, "package", evidence));
    }
    for (number, icon) in manifest.icons.iter().enumerate() {
        if !files.contains_key(&icon.src) {
            let place = format!("{MANIFEST_NAME}: icons[{number}].src");
            let evidence = format!("{} is not in the package", icon.src);
            findings.push(Finding::error(code::PACKAGE_FILE_MISSING, place, evidence));
        }
    }
    let Some(component) = files.get(&manifest.xitai.component).cloned() else {
        let place = format!("{MANIFEST_NAME}: xitai.component");
        let evidence = format!("{} is not in the package", manifest.xitai.component);
        findings.push(Finding::error(code::PACKAGE_NO_COMPONENT, place, evidence));
        return None;
    };
    Some(Package { manifest, component, files, signature: None })
}

#[cfg(test)]
mod tests;

//! Writing a package: the same files make the same bytes, on every machine and at any time.

use super::name;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Why files do not make a package.
#[derive(Debug)]
pub enum PackFault {
    Name { name: String, rule: &'static str },
    Zip(zip::result::ZipError),
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackFault::Name { name, rule } => write!(f, "{name}: {rule}"),
            PackFault::Zip(fault) => write!(f, "the package could not be written: {fault}"),
        }
    }
}

/// Packs files, sorted by name and with one fixed time.
pub fn write(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, PackFault> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        if let Err(fault) = name::parse(name.as_bytes()) {
            return Err(PackFault::Name { name: name.clone(), rule: fault.rule() });
        }
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644);
        writer.start_file(name, options).map_err(PackFault::Zip)?;
        writer.write_all(content).map_err(|fault| PackFault::Zip(fault.into()))?;
    }
    Ok(writer.finish().map_err(PackFault::Zip)?.into_inner())
}

//! One build at a time in a folder: cargo waits for another one there, npm and pip would trample on it.

use super::BuildFault;
use std::fs::File;
use std::path::Path;

/// Waits for the folder's other builds. Held until it is dropped.
pub fn take(folder: &Path) -> Result<File, BuildFault> {
    let path = folder.join(".xitai/build.lock");
    let held = File::create(&path).and_then(|file| file.lock().map(|()| file));
    held.map_err(|fault| BuildFault::file(&path, fault))
}

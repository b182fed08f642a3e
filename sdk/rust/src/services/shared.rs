//! Data of the program in one branch, such as a menu: seen and changed by everyone who uses it there.

use crate::Refusal;
use crate::host::shared_storage as host;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value, with the version that [`put`] compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The value as it was read.
    pub value: T,
    /// Grows with each write.
    pub version: u64,
}

/// The value under `key`, if there is one.
pub fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>, Refusal> {
    Ok(get_versioned(key)?.map(|kept| kept.value))
}
/// The value under `key` with its version.
pub fn get_versioned<T: DeserializeOwned>(key: &str) -> Result<Option<Versioned<T>>, Refusal> {
    let Some(kept) = host::get(key)? else { return Ok(None) };
    Ok(Some(Versioned { value: super::read(key, &kept.value)?, version: kept.version }))
}
/// Writes `value` if the key still has the version that was read; `None` if it has none yet.
pub fn put<T: Serialize>(key: &str, expected: Option<u64>, value: &T) -> Result<(), Refusal> {
    host::swap(key, expected, &super::write(key, value)?)
}
/// Reads, changes and writes a value in one go; where there is none, `change` begins with the default.
///
/// If somebody else commits a change meanwhile, the host runs the whole call again, so nothing is lost.
pub fn change<T, R>(key: &str, change: impl FnOnce(&mut T) -> R) -> Result<R, Refusal>
where
    T: Serialize + DeserializeOwned + Default,
{
    let (mut value, version) = match get_versioned(key)? {
        Some(kept) => (kept.value, Some(kept.version)),
        None => (T::default(), None),
    };
    let answer = change(&mut value);
    put(key, version, &value)?;
    Ok(answer)
}
/// Keys that begin with `prefix`, in order: a page of them, and the cursor to the next page where there is one.
pub fn keys(prefix: &str, after: Option<&str>) -> Result<(Vec<String>, Option<String>), Refusal> {
    host::keys(prefix, after)
}

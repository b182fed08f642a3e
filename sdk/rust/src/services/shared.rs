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

/// Keys with their values, and the cursor to the next page.
pub type Page<T> = (Vec<(String, Versioned<T>)>, Option<String>);

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
/// Forgets the value under `key` if it still has the version that was read.
pub fn remove(key: &str, expected: u64) -> Result<(), Refusal> {
    host::remove(key, expected)
}
/// Values whose keys begin with `prefix`, in the order of their keys: a page of them for one host call, and the cursor to
/// the next page where there is one. A page has at most 100 values and one MiB.
pub fn entries<T: DeserializeOwned>(prefix: &str, after: Option<&str>) -> Result<Page<T>, Refusal> {
    let (page, after) = host::entries(prefix, after)?;
    let entry = |(key, kept): (String, host::Versioned)| {
        let value = super::read(&key, &kept.value)?;
        Ok((key, Versioned { value, version: kept.version }))
    };
    Ok((page.into_iter().map(entry).collect::<Result<_, Refusal>>()?, after))
}
/// Keys that begin with `prefix`, in order: a page of them, and the cursor to the next page where there is one.
pub fn keys(prefix: &str, after: Option<&str>) -> Result<(Vec<String>, Option<String>), Refusal> {
    host::keys(prefix, after)
}

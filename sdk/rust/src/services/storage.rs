//! Key-value data of one customer in this program, kept as JSON.

use crate::Refusal;
use crate::host::storage as host;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Keys with their values, and the cursor to the next page.
pub type Page<T> = (Vec<(String, T)>, Option<String>);

/// The value under `key`, if there is one.
pub fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>, Refusal> {
    host::get(key)?.map(|value| super::read(key, &value)).transpose()
}
/// Keeps `value` under `key`.
pub fn set<T: Serialize>(key: &str, value: &T) -> Result<(), Refusal> {
    host::set(key, &super::write(key, value)?)
}
/// Forgets the value under `key`.
pub fn remove(key: &str) -> Result<(), Refusal> {
    host::remove(key)
}
/// Values whose keys begin with `prefix`, in the order of their keys: a page of them for one host call, and the cursor to
/// the next page where there is one. A page has at most 100 values and one MiB.
pub fn entries<T: DeserializeOwned>(prefix: &str, after: Option<&str>) -> Result<Page<T>, Refusal> {
    let (page, after) = host::entries(prefix, after)?;
    let entry = |(key, value): (String, Vec<u8>)| super::read(&key, &value).map(|value| (key, value));
    Ok((page.into_iter().map(entry).collect::<Result<_, Refusal>>()?, after))
}
/// Keys that begin with `prefix`, in order: a page of them, and the cursor to the next page where there is one.
pub fn keys(prefix: &str, after: Option<&str>) -> Result<(Vec<String>, Option<String>), Refusal> {
    host::keys(prefix, after)
}

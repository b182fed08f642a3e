//! Key-value data of one customer in this program, kept as JSON.

use crate::Refusal;
use crate::host::storage as host;
use serde::Serialize;
use serde::de::DeserializeOwned;

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
/// Keys that begin with `prefix`, in order: a page of them, and the cursor to the next page where there is one.
pub fn keys(prefix: &str, after: Option<&str>) -> Result<(Vec<String>, Option<String>), Refusal> {
    host::keys(prefix, after)
}

//! `manifest.json`: W3C MiniApp members and one vendor member, `xitai`.

use crate::ids::{MerchantId, ProgramId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub app_id: ProgramId,
    pub name: String,
    #[serde(default)]
    pub short_name: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub lang: Option<String>,
    #[serde(default)]
    pub dir: Option<String>,
    pub icons: Vec<Icon>,
    /// The first page is the entry.
    pub pages: Vec<String>,
    pub version: Version,
    pub platform_version: PlatformVersion,
    pub req_permissions: Vec<Permission>,
    pub xitai: Vendor,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Icon {
    pub src: String,
    #[serde(default)]
    pub sizes: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub name: semver::Version,
    /// Grows with every release of a program.
    pub code: u32,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlatformVersion {
    pub min_code: u32,
}
/// `name` is an interface of the contract, such as `xitai:payments/payments`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Permission {
    pub name: String,
    pub reason: String,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendor {
    /// Path of the component in the package.
    pub component: String,
    pub category: String,
    /// Who is paid when an order has no splits.
    #[serde(default)]
    pub merchant: Option<MerchantId>,
    /// Other payees that orders may name, such as `branch:suzhou`, `merchant:tea-house`, `head-office`.
    #[serde(default)]
    pub payees: Vec<String>,
    /// Why personal data are used, by purpose.
    #[serde(default)]
    pub data_purposes: Vec<String>,
    /// `branch` (default) or `bank`: how far `shared-storage` and `counters` reach.
    #[serde(default)]
    pub shared_scope: SharedScope,
    #[serde(default)]
    pub config: BTreeMap<String, ConfigValue>,
    pub state: Schema,
    pub storage: Schema,
    /// Names and descriptions in other languages, by BCP 47 tag.
    #[serde(default)]
    pub locales: BTreeMap<String, LocalName>,
    /// A component that carries a language runtime may be larger.
    #[serde(default)]
    pub carries_runtime: bool,
}
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharedScope {
    #[default]
    Branch,
    Bank,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfigValue {
    pub label: String,
    pub default: String,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocalName {
    pub name: String,
    #[serde(default)]
    pub description: Option<String>,
}
/// Schema numbers: what this release writes, and all that it can read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    pub writes: u32,
    pub reads: Vec<u32>,
}

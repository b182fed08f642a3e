//! `manifest.json`: W3C MiniApp members and one vendor member, `xitai`.

mod json;
mod read;
#[cfg(test)]
mod tests;

pub use read::{parse, read};

use crate::ids::{MerchantId, ProgramId};
use crate::limits::{COMPUTE_MS_MAX, SANDBOX_BYTES_MAX};
use crate::payment::Payee;
use crate::secure_field::FieldKind;
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
    /// Systems of the publisher's that the program calls, by the names of their endpoints.
    #[serde(default)]
    pub egress: Vec<Egress>,
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
    /// What a step of its scenes may take at most, where the author holds it to less than the host does.
    #[serde(default)]
    pub budget: Budget,
}
/// Compute and memory of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    pub compute_ms: u32,
    pub memory_mib: u32,
}
impl Default for Budget {
    /// What the host allows any call.
    fn default() -> Self {
        Self { compute_ms: COMPUTE_MS_MAX as u32, memory_mib: (SANDBOX_BYTES_MAX >> 20) as u32 }
    }
}
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharedScope {
    #[default]
    Branch,
    Bank,
}
/// A system that the program calls. Where it is, is registered and reviewed apart, so that a branch may have its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Egress {
    pub endpoint: String,
    pub purpose: String,
    /// Kinds of secure fields whose values the program sends there.
    #[serde(default)]
    pub secure_fields: Vec<FieldKind>,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfigValue {
    #[serde(rename = "type", default)]
    pub kind: ConfigKind,
    pub label: String,
    pub default: String,
}
/// What a branch may fill in for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfigKind {
    #[default]
    Text,
    /// `12.50 CNY`.
    Money,
    /// The name of one of the manifest's endpoints.
    Endpoint,
    /// `merchant:tea-house`, `branch:suzhou` or `head-office`.
    Payee,
}
impl ConfigKind {
    pub const ALL: [ConfigKind; 4] = [ConfigKind::Text, ConfigKind::Money, ConfigKind::Endpoint, ConfigKind::Payee];
    pub fn as_str(self) -> &'static str {
        match self {
            ConfigKind::Text => "text",
            ConfigKind::Money => "money",
            ConfigKind::Endpoint => "endpoint",
            ConfigKind::Payee => "payee",
        }
    }
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

/// Every permission that can be asked for: the interfaces of the contract. Interfaces of `wasi:` can be asked for too,
/// each by its name.
pub const PERMISSIONS: &[&str] = &[
    "xitai:services/log",
    "xitai:services/storage",
    "xitai:services/shared-storage",
    "xitai:services/counters",
    "xitai:services/wakeups",
    "xitai:services/config",
    "xitai:services/partner",
    "xitai:services/scanner",
    "xitai:services/notices",
    "xitai:services/relationship",
    "xitai:services/programs",
    "xitai:services/locator",
    "xitai:services/attachments",
    "xitai:services/printer",
    "xitai:services/sharing",
    "xitai:identity/customer",
    "xitai:identity/claims",
    "xitai:identity/proofs",
    "xitai:identity/presence",
    "xitai:identity/agreements",
    "xitai:identity/secure-fields",
    "xitai:payments/payments",
    "xitai:payments/merchant-payments",
    "xitai:payments/merchant-codes",
    "xitai:payments/mandates",
    "xitai:payments/coupons",
    "xitai:payments/payouts",
    "xitai:payments/red-envelopes",
    "xitai:content/library",
    "xitai:content/authoring",
    "xitai:content/feedback",
];

impl Manifest {
    /// Every name that customers may see, and where it stands.
    pub fn names(&self) -> Vec<(String, String)> {
        let own = [("manifest.json: name".to_owned(), self.name.clone())];
        let short = self.short_name.iter().map(|name| ("manifest.json: short_name".to_owned(), name.clone()));
        let local = self.xitai.locales.iter();
        let local = local.map(|(tag, local)| (format!("manifest.json: xitai.locales.{tag}.name"), local.name.clone()));
        own.into_iter().chain(short).chain(local).collect()
    }
    /// The names of the permissions asked for, sorted.
    pub fn permissions(&self) -> Vec<String> {
        let mut names: Vec<String> = self.req_permissions.iter().map(|permission| permission.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }
    /// Payees beside the program's own merchant and branch.
    pub fn payees(&self) -> Vec<Payee> {
        self.xitai.payees.iter().filter_map(|text| Payee::parse(text)).collect()
    }
    /// What the program may send to an endpoint, where it may send anything.
    pub fn egress(&self, endpoint: &str) -> Option<&Egress> {
        self.xitai.egress.iter().find(|egress| egress.endpoint == endpoint)
    }
    /// Name and description in a language of BCP 47: its own entry, that of its main language, English for whoever reads
    /// neither Chinese nor the language that the manifest is written in, or the manifest's own.
    pub fn named(&self, locale: &str) -> (&str, Option<&str>) {
        let main = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
        let (locales, reads) = (&self.xitai.locales, main(locale));
        let is_own = self.lang.as_deref().is_some_and(|lang| main(lang) == reads);
        let of_main = || locales.iter().find(|(tag, _)| main(tag) == reads).map(|(_, local)| local);
        let english = || locales.get("en").filter(|_| reads != "zh");
        let local = locales.get(locale).or_else(|| if is_own { None } else { of_main().or_else(english) });
        let description = local.and_then(|local| local.description.as_deref()).or(self.description.as_deref());
        (local.map_or(&self.name, |local| &local.name), description)
    }
}

/// A manifest that asks for a bit of everything.
#[cfg(test)]
pub(crate) const EXAMPLE: &str = r#"{
  "app_id": "cn.bank.suzhou.canteen",
  "name": "职工食堂",
  "short_name": "食堂",
  "description": "点餐、付款、取餐",
  "lang": "zh-CN",
  "dir": "ltr",
  "icons": [{ "src": "icons/256.png", "sizes": "256x256" }],
  "pages": ["pages/index", "pages/order"],
  "version": { "name": "1.2.0", "code": 7 },
  "platform_version": { "min_code": 1 },
  "req_permissions": [
    { "name": "xitai:payments/payments", "reason": "Customers pay for their lunch." },
    { "name": "xitai:services/counters", "reason": "Dishes run out." },
    { "name": "xitai:identity/customer", "reason": "Staff see orders, customers see theirs." }
  ],
  "xitai": {
    "component": "program.wasm",
    "category": "dining",
    "merchant": "suzhou-canteen",
    "payees": ["branch:suzhou", "head-office"],
    "egress": [
      { "endpoint": "supplier", "purpose": "to order ingredients", "secure_fields": ["card-number"] },
      { "endpoint": "till", "purpose": "to ring up in the kitchen" }
    ],
    "data_purposes": ["to keep each customer's orders apart"],
    "shared_scope": "branch",
    "config": { "opens": { "label": "Opening time", "default": "11:00" } },
    "state": { "writes": 1, "reads": [1] },
    "storage": { "writes": 2, "reads": [1, 2] },
    "locales": { "en": { "name": "Canteen", "description": "Order, pay, pick up" } }
  }
}"#;

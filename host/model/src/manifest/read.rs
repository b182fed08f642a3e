//! Reading a manifest. All problems are reported at once, each with its place, so that one round mends them.

use super::json::Unambiguous;
use super::{Budget, ConfigKind, Manifest, PERMISSIONS};
use crate::code::{self, Code};
use crate::ids::{MerchantId, ProgramId};
use crate::limits::{PARTNER_ENDPOINTS_MAX, PLATFORM_CODE};
use crate::partner::endpoint;
use crate::payment::Payee;
use crate::release::{Finding, Severity};
use crate::secure_field::FieldKind;
use crate::text;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What can't be done without somebody to be paid.
const NEED_MERCHANT: &[&str] = &["xitai:payments/payments", "xitai:payments/merchant-codes", "xitai:payments/mandates"];

const FILE: &str = "manifest.json";
const NAME_CHARS_MAX: usize = 64;
const TEXT_CHARS_MAX: usize = 512;

/// Reads a manifest from its bytes. There is one exactly where no finding is an error.
pub fn read(bytes: &[u8]) -> (Option<Manifest>, Vec<Finding>) {
    let mut reading = Reading { findings: Vec::new() };
    let value = match serde_json::from_slice::<Unambiguous>(bytes) {
        Ok(Unambiguous(Value::Object(members))) => members,
        Ok(_) => {
            reading.error(code::MANIFEST_TYPE, "", "an object is expected");
            return (None, reading.findings);
        }
        Err(error) => {
            reading.error(code::MANIFEST_MALFORMED, "", error.to_string());
            return (None, reading.findings);
        }
    };
    reading.manifest(&value);
    if reading.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return (None, reading.findings);
    }
    match Manifest::deserialize(Value::Object(value)) {
        Ok(manifest) => (Some(manifest), reading.findings),
        Err(error) => {
            reading.error(code::MANIFEST_TYPE, "", error.to_string());
            (None, reading.findings)
        }
    }
}

/// The same for callers whom warnings don't concern.
pub fn parse(bytes: &[u8]) -> Result<Manifest, Vec<Finding>> {
    let (manifest, findings) = read(bytes);
    manifest.ok_or(findings)
}

type Members = Map<String, Value>;

struct Reading {
    findings: Vec<Finding>,
}

fn inside(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

impl Reading {
    fn say(&mut self, severity: Severity, code: &Code, place: &str, evidence: impl Into<String>) {
        let place = if place.is_empty() { FILE.to_owned() } else { format!("{FILE}: {place}") };
        self.findings.push(Finding::of(severity, code, place, evidence));
    }
    fn error(&mut self, code: &Code, place: &str, evidence: impl Into<String>) {
        self.say(Severity::Error, code, place, evidence);
    }

    /// A member and its place. Says so where it is required and missing. `null` is the same as absent.
    fn member<'a>(&mut self, of: &'a Members, place: &str, name: &str, required: bool) -> Option<(&'a Value, String)> {
        let place = inside(place, name);
        match of.get(name).filter(|value| !value.is_null()) {
            Some(value) => Some((value, place)),
            None => {
                if required {
                    self.error(code::MANIFEST_MISSING, &place, "it is required");
                }
                None
            }
        }
    }

    fn typed<'a, T>(
        &mut self,
        found: Option<(&'a Value, String)>,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<(T, String)> {
        let (value, place) = found?;
        let read = read(value);
        if read.is_none() {
            let shown: String = value.to_string().chars().take(80).collect();
            self.error(code::MANIFEST_TYPE, &place, format!("{expected} is expected, not {shown}"));
        }
        read.map(|value| (value, place))
    }

    fn object<'a>(
        &mut self,
        of: &'a Members,
        place: &str,
        name: &str,
        required: bool,
    ) -> Option<(&'a Members, String)> {
        let found = self.member(of, place, name, required);
        self.typed(found, "an object", Value::as_object)
    }
    fn array<'a>(&mut self, of: &'a Members, place: &str, name: &str, required: bool) -> Vec<(&'a Value, String)> {
        let found = self.member(of, place, name, required);
        let Some((array, place)) = self.typed(found, "an array", Value::as_array) else { return Vec::new() };
        array.iter().enumerate().map(|(at, value)| (value, format!("{place}[{at}]"))).collect()
    }
    /// A text that people read.
    fn text<'a>(&mut self, of: &'a Members, place: &str, name: &str, required: bool) -> Option<(&'a str, String)> {
        let found = self.member(of, place, name, required);
        let (words, place) = self.typed(found, "a text", Value::as_str)?;
        self.check_text(words, &place, required, TEXT_CHARS_MAX);
        Some((words, place))
    }
    fn check_text(&mut self, words: &str, place: &str, required: bool, chars_max: usize) {
        if required && words.trim().is_empty() {
            self.error(code::MANIFEST_VALUE, place, "it is empty");
        } else if words.chars().nth(chars_max).is_some() {
            self.error(code::MANIFEST_VALUE, place, format!("more than {chars_max} characters"));
        } else if !text::is_clean(words, chars_max) {
            self.error(code::MANIFEST_VALUE, place, "it has control or direction characters");
        }
    }
    fn name<'a>(&mut self, of: &'a Members, place: &str, required: bool) -> Option<(&'a str, String)> {
        let (words, place) = self.text(of, place, "name", required)?;
        if words.chars().nth(NAME_CHARS_MAX).is_some() {
            self.error(code::MANIFEST_VALUE, &place, format!("more than {NAME_CHARS_MAX} characters"));
        }
        if text::has_lookalike_digit(words) {
            self.error(code::MANIFEST_VALUE, &place, "it has digits that only look like digits");
        }
        Some((words, place))
    }
    fn number(&mut self, of: &Members, place: &str, name: &str) -> Option<(u32, String)> {
        let found = self.member(of, place, name, true);
        self.typed(found, "a whole number", |value| value.as_u64().and_then(|number| u32::try_from(number).ok()))
    }

    fn manifest(&mut self, manifest: &Members) {
        if let Some((id, place)) = self.text(manifest, "", "app_id", true)
            && let Err(bad) = ProgramId::parse(id)
        {
            self.error(code::MANIFEST_APP_ID, &place, format!("{id:?}: {bad}"));
        }
        self.name(manifest, "", true);
        for name in ["short_name", "description", "lang"] {
            self.text(manifest, "", name, false);
        }
        if let Some((dir, place)) = self.text(manifest, "", "dir", false)
            && !matches!(dir, "ltr" | "rtl" | "auto")
        {
            self.error(code::MANIFEST_VALUE, &place, "ltr, rtl or auto is expected");
        }
        self.icons(manifest);
        self.pages(manifest);
        self.version(manifest);
        let permissions = self.permissions(manifest);
        if let Some((vendor, place)) = self.object(manifest, "", "xitai", true) {
            self.vendor(vendor, &place, &permissions);
        }
        for name in manifest.keys().filter(|name| !MEMBERS.contains(&name.as_str())) {
            self.say(Severity::Warning, code::MANIFEST_UNKNOWN_MEMBER, name, "nothing reads it");
        }
    }

    fn icons(&mut self, manifest: &Members) {
        for (icon, place) in self.array(manifest, "", "icons", true) {
            let Some((icon, place)) = self.typed(Some((icon, place)), "an object", Value::as_object) else { continue };
            if let Some((src, place)) = self.text(icon, &place, "src", true)
                && !is_package_path(src)
            {
                self.error(code::MANIFEST_VALUE, &place, "a path in the package is expected, such as icons/256.png");
            }
            self.text(icon, &place, "sizes", false);
        }
    }

    fn pages(&mut self, manifest: &Members) {
        let Some((pages, _)) = manifest.get("pages").and_then(Value::as_array).map(|pages| (pages, ())) else {
            self.array(manifest, "", "pages", true);
            return;
        };
        if pages.is_empty() {
            self.error(code::MANIFEST_PAGES, "pages", "the first page is the entry, and there is none");
        }
        for (at, page) in pages.iter().enumerate() {
            let place = format!("pages[{at}]");
            let Some((page, place)) = self.typed(Some((page, place)), "a text", Value::as_str) else { continue };
            if !is_page(page) {
                self.error(code::MANIFEST_PAGES, &place, format!("{page:?}: words of a-z, 0-9, - and _ joined by /"));
            }
            if pages[..at].iter().any(|other| other.as_str() == Some(page)) {
                self.error(code::MANIFEST_PAGES, &place, format!("{page:?} stands twice"));
            }
        }
    }

    fn version(&mut self, manifest: &Members) {
        if let Some((version, place)) = self.object(manifest, "", "version", true) {
            if let Some((name, place)) = self.text(version, &place, "name", true)
                && let Err(error) = semver::Version::parse(name)
            {
                self.error(code::MANIFEST_VERSION, &place, format!("{name:?}: {error}"));
            }
            if let Some((0, place)) = self.number(version, &place, "code") {
                self.error(code::MANIFEST_VERSION, &place, "codes begin at 1");
            }
        }
        if let Some((platform, place)) = self.object(manifest, "", "platform_version", true)
            && let Some((code, place)) = self.number(platform, &place, "min_code")
            && !(1..=PLATFORM_CODE).contains(&code)
        {
            self.error(code::MANIFEST_PLATFORM, &place, format!("{code} is asked for, {PLATFORM_CODE} is here"));
        }
    }

    /// The names asked for, as far as they can be read.
    fn permissions(&mut self, manifest: &Members) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (permission, place) in self.array(manifest, "", "req_permissions", true) {
            let found = self.typed(Some((permission, place)), "an object", Value::as_object);
            let Some((permission, place)) = found else { continue };
            if let Some((name, place)) = self.text(permission, &place, "name", true) {
                if !is_permission(name) {
                    self.error(code::MANIFEST_PERMISSION_UNKNOWN, &place, format!("{name:?}"));
                } else if names.iter().any(|other| other == name) {
                    self.error(code::MANIFEST_PERMISSION_TWICE, &place, format!("{name:?}"));
                }
                names.push(name.to_owned());
            }
            match permission.get("reason").and_then(Value::as_str) {
                Some(reason) if !reason.trim().is_empty() => {
                    self.check_text(reason, &inside(&place, "reason"), true, TEXT_CHARS_MAX)
                }
                _ => self.error(code::MANIFEST_REASON_MISSING, &inside(&place, "reason"), "reviewers decide by it"),
            }
        }
        names
    }

    fn vendor(&mut self, vendor: &Members, at: &str, permissions: &[String]) {
        let asks = |name: &str| permissions.iter().any(|asked| asked == name);
        if let Some((path, place)) = self.text(vendor, at, "component", true)
            && !is_package_path(path)
        {
            self.error(code::MANIFEST_VALUE, &place, "a path in the package is expected, such as program.wasm");
        }
        self.text(vendor, at, "category", true);
        match self.text(vendor, at, "merchant", false) {
            Some((merchant, place)) => {
                if let Err(bad) = MerchantId::parse(merchant) {
                    self.error(code::MANIFEST_VALUE, &place, format!("{merchant:?}: {bad}"));
                }
            }
            None if NEED_MERCHANT.iter().any(|name| asks(name)) => {
                self.error(code::MANIFEST_MERCHANT_MISSING, &inside(at, "merchant"), "payments are asked for");
            }
            None => {}
        }
        for (payee, place) in self.array(vendor, at, "payees", false) {
            let Some((payee, place)) = self.typed(Some((payee, place)), "a text", Value::as_str) else { continue };
            if Payee::parse(payee).is_none() {
                self.error(code::MANIFEST_PAYEE, &place, format!("{payee:?}"));
            }
        }
        self.egress(vendor, at);
        if asks("xitai:services/partner") && !vendor.contains_key("egress") {
            self.error(code::MANIFEST_EGRESS, &inside(at, "egress"), "xitai:services/partner is asked for");
        }
        let purposes = self.array(vendor, at, "data_purposes", false);
        if purposes.is_empty() && asks("xitai:identity/customer") {
            let place = inside(at, "data_purposes");
            self.say(Severity::Warning, code::MANIFEST_PURPOSE_MISSING, &place, "xitai:identity/customer is asked for");
        }
        for (purpose, place) in purposes {
            if let Some((purpose, place)) = self.typed(Some((purpose, place)), "a text", Value::as_str) {
                self.check_text(purpose, &place, true, TEXT_CHARS_MAX);
            }
        }
        if let Some((scope, place)) = self.text(vendor, at, "shared_scope", false)
            && !matches!(scope, "branch" | "bank")
        {
            self.error(code::MANIFEST_VALUE, &place, "branch or bank is expected");
        }
        let runtime = self.member(vendor, at, "carries_runtime", false);
        self.typed(runtime, "true or false", Value::as_bool);
        self.budget(vendor, at);
        self.config(vendor, at);
        self.schema(vendor, at, "state");
        self.schema(vendor, at, "storage");
        self.locales(vendor, at);
        for name in vendor.keys().filter(|name| !VENDOR_MEMBERS.contains(&name.as_str())) {
            self.error(code::MANIFEST_UNKNOWN_MEMBER, &inside(at, name), "nothing reads it");
        }
    }

    fn egress(&mut self, vendor: &Members, at: &str) {
        let mut names: Vec<&str> = Vec::new();
        for (egress, place) in self.array(vendor, at, "egress", false) {
            let Some((egress, place)) = self.typed(Some((egress, place)), "an object", Value::as_object) else {
                continue;
            };
            if let Some((name, place)) = self.text(egress, &place, "endpoint", true) {
                if !endpoint::is_name(name) || names.contains(&name) {
                    self.error(code::MANIFEST_EGRESS, &place, format!("{name:?}"));
                }
                names.push(name);
            }
            self.text(egress, &place, "purpose", true);
            for (kind, place) in self.array(egress, &place, "secure_fields", false) {
                let Some((kind, place)) = self.typed(Some((kind, place)), "a text", Value::as_str) else { continue };
                if FieldKind::parse(kind).is_none() {
                    self.error(code::MANIFEST_EGRESS, &place, format!("{kind:?}"));
                }
            }
        }
        if names.len() > PARTNER_ENDPOINTS_MAX {
            self.error(code::MANIFEST_EGRESS, &inside(at, "egress"), format!("{} endpoints", names.len()));
        }
    }

    /// Within what the host allows any call.
    fn budget(&mut self, vendor: &Members, at: &str) {
        let Some((budget, at)) = self.object(vendor, at, "budget", false) else { return };
        let most = Budget::default();
        for (name, most) in [("compute_ms", most.compute_ms), ("memory_mib", most.memory_mib)] {
            let Some(found) = self.member(budget, &at, name, false) else { continue };
            let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
            if let Some((number, place)) = self.typed(Some(found), "a whole number", number)
                && !(1..=most).contains(&number)
            {
                self.error(code::MANIFEST_VALUE, &place, format!("1 to {most} is expected, not {number}"));
            }
        }
        for name in budget.keys().filter(|name| !matches!(name.as_str(), "compute_ms" | "memory_mib")) {
            self.error(code::MANIFEST_UNKNOWN_MEMBER, &inside(&at, name), "nothing reads it");
        }
    }

    fn config(&mut self, vendor: &Members, at: &str) {
        let Some((config, at)) = self.object(vendor, at, "config", false) else { return };
        for (name, value) in config {
            let place = inside(&at, name);
            let Some((value, place)) = self.typed(Some((value, place)), "an object", Value::as_object) else {
                continue;
            };
            self.text(value, &place, "label", true);
            let default = self.member(value, &place, "default", true);
            self.typed(default, "a text", Value::as_str);
            let kind = self.member(value, &place, "type", false);
            if let Some((kind, place)) = self.typed(kind, "a text", Value::as_str)
                && !ConfigKind::ALL.iter().any(|known| known.as_str() == kind)
            {
                self.error(code::MANIFEST_VALUE, &place, format!("{kind:?}: text, money, endpoint or payee"));
            }
        }
    }

    fn schema(&mut self, vendor: &Members, at: &str, name: &str) {
        let Some((schema, at)) = self.object(vendor, at, name, true) else { return };
        let writes = self.number(schema, &at, "writes");
        let mut reads = Vec::new();
        for (number, place) in self.array(schema, &at, "reads", true) {
            let number = self.typed(Some((number, place)), "a whole number", |number| {
                number.as_u64().and_then(|number| u32::try_from(number).ok())
            });
            reads.extend(number.map(|(number, _)| number));
        }
        if let Some((writes, _)) = writes
            && !reads.contains(&writes)
        {
            self.error(code::MANIFEST_SCHEMA, &inside(&at, "reads"), format!("{writes} is written and not read"));
        }
    }

    fn locales(&mut self, vendor: &Members, at: &str) {
        let Some((locales, at)) = self.object(vendor, at, "locales", false) else { return };
        for (tag, names) in locales {
            let place = inside(&at, tag);
            if !is_language_tag(tag) {
                self.error(code::MANIFEST_VALUE, &place, "a BCP 47 tag is expected, such as en or zh-CN");
            }
            let Some((names, place)) = self.typed(Some((names, place)), "an object", Value::as_object) else {
                continue;
            };
            self.name(names, &place, true);
            self.text(names, &place, "description", false);
        }
    }
}

/// Members of the W3C manifest: those that are read here, and those that other hosts read.
const MEMBERS: &[&str] = &[
    "app_id",
    "name",
    "short_name",
    "description",
    "lang",
    "dir",
    "icons",
    "pages",
    "version",
    "platform_version",
    "req_permissions",
    "xitai",
    "color_scheme",
    "device_type",
    "window",
    "widgets",
];
const VENDOR_MEMBERS: &[&str] = &[
    "component",
    "category",
    "merchant",
    "payees",
    "egress",
    "data_purposes",
    "shared_scope",
    "config",
    "state",
    "storage",
    "locales",
    "carries_runtime",
    "budget",
];

fn is_permission(name: &str) -> bool {
    let is_wasi = || {
        let path = name.strip_prefix("wasi:").unwrap_or_default();
        let words = path.split_once('/');
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        words.is_some_and(|(package, interface)| is_word(package) && is_word(interface))
    };
    PERMISSIONS.contains(&name) || is_wasi()
}

fn is_page(page: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
    };
    page.len() <= 128 && page.split('/').all(is_word)
}

fn is_package_path(path: &str) -> bool {
    let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && !segment.contains(['\\', ':', '\0']);
    path.len() <= 255 && path.split('/').all(is_segment)
}

fn is_language_tag(tag: &str) -> bool {
    tag.len() <= 35
        && tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

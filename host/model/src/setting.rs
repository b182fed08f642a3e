//! A branch's own values for what a program's manifest leaves open (`config`): who is paid here, which system is
//! called, what the canteen is called. So one reviewed release serves many branches.
//!
//! Values are money and addresses as often as texts: one person of the branch proposes all of them together, another
//! approves exactly that. Until then the manifest's defaults hold, or what was approved before.

use crate::code;
use crate::limits::SETTING_CHARS_MAX;
use crate::manifest::{ConfigKind, Manifest};
use crate::money::Money;
use crate::payment::Payee;
use crate::refusal::Refusal;
use crate::text;
use std::collections::BTreeMap;

/// By the names that the manifest declares.
pub type Values = BTreeMap<String, String>;

/// Whether a text is a value of this kind.
pub fn is_value(kind: ConfigKind, value: &str, manifest: &Manifest) -> bool {
    let fits = !value.trim().is_empty() && text::is_clean(value, SETTING_CHARS_MAX);
    fits && match kind {
        ConfigKind::Text => true,
        ConfigKind::Money => Money::parse(value).is_some(),
        ConfigKind::Payee => Payee::parse(value).is_some(),
        // Where it is, each branch registers and has reviewed apart; here it says which of them.
        ConfigKind::Endpoint => manifest.egress(value).is_some(),
    }
}

/// What a branch wants to set: declared names, values of their kinds. Left out is the manifest's default.
pub fn checked(manifest: &Manifest, wanted: Values) -> Result<Values, Refusal> {
    for (name, value) in &wanted {
        let declared = manifest.xitai.config.get(name);
        let declared = declared.ok_or_else(|| Refusal::of(code::PROGRAM_CONFIG_UNKNOWN, name.as_str()))?;
        if !is_value(declared.kind, value, manifest) {
            return Err(Refusal::of(code::SETTING_VALUE, format!("{name}: {}", declared.kind.as_str())));
        }
    }
    Ok(wanted)
}

/// The manifest's defaults with a branch's own values over them. A value that this release doesn't take is left out.
pub fn resolved(manifest: &Manifest, own: &Values) -> Values {
    let declared = manifest.xitai.config.iter();
    let of = |(name, it): (&String, &crate::manifest::ConfigValue)| {
        let set = own.get(name).filter(|value| is_value(it.kind, value, manifest));
        (name.clone(), set.unwrap_or(&it.default).clone())
    };
    declared.map(of).collect()
}

/// Whom the program may pay in a branch beside those of its manifest: the payees among its values.
pub fn payees(manifest: &Manifest, resolved: &Values) -> Vec<Payee> {
    let declared = manifest.xitai.config.iter().filter(|(_, it)| it.kind == ConfigKind::Payee);
    declared.filter_map(|(name, _)| Payee::parse(resolved.get(name)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{ConfigValue, EXAMPLE, parse};

    fn manifest() -> Manifest {
        let mut manifest = parse(EXAMPLE.as_bytes()).unwrap();
        let of = |kind, default: &str| ConfigValue { kind, label: "L".to_owned(), default: default.to_owned() };
        manifest.xitai.config = [
            ("name".to_owned(), of(ConfigKind::Text, "Canteen")),
            ("fee".to_owned(), of(ConfigKind::Money, "1.00 CNY")),
            ("system".to_owned(), of(ConfigKind::Endpoint, "supplier")),
            ("payee".to_owned(), of(ConfigKind::Payee, "branch:suzhou")),
        ]
        .into();
        manifest
    }
    fn values(of: &[(&str, &str)]) -> Values {
        of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_kind_takes_its_own_values() {
        let cases = [
            ("name", "苏州食堂", true),
            ("name", " ", false),
            ("fee", "12.50 CNY", true),
            ("fee", "12.50", false),
            ("fee", "-1.00 CNY", false),
            ("fee", "1.005 CNY", false),
            ("system", "till", true),
            ("system", "elsewhere", false),
            ("payee", "merchant:tea-house", true),
            ("payee", "head-office", true),
            ("payee", "customer:wang", false),
        ];
        for (name, value, fits) in cases {
            assert_eq!(checked(&manifest(), values(&[(name, value)])).is_ok(), fits, "{name}: {value}");
        }
        assert_eq!(checked(&manifest(), values(&[("colour", "red")])).unwrap_err().code, "program.config-unknown");
        let long = |n: usize| checked(&manifest(), values(&[("name", &"x".repeat(n))])).is_ok();
        assert!(long(SETTING_CHARS_MAX) && !long(SETTING_CHARS_MAX + 1));
    }

    #[test]
    fn a_branch_s_own_values_lie_over_the_defaults() {
        let own = values(&[("payee", "merchant:tea-house"), ("fee", "nonsense"), ("gone", "x")]);
        let resolved = resolved(&manifest(), &own);
        let expected =
            [("name", "Canteen"), ("fee", "1.00 CNY"), ("system", "supplier"), ("payee", "merchant:tea-house")];
        assert_eq!(resolved, values(&expected));
        assert_eq!(payees(&manifest(), &resolved), vec![Payee::parse("merchant:tea-house").unwrap()]);
    }
}

//! What of the platform's contract goes away, and when: declared here, told to each caller.
//!
//! Nothing is taken from a release that runs: an interface that is past its sunset stays linked for those that were
//! approved with it. New releases are warned from the day that it is declared, and refused from the sunset on.

use crate::code;
use crate::day::Day;
use crate::release::{Finding, Severity};

/// An interface that goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecated {
    /// Such as `xitai:services/scanner`.
    pub interface: &'static str,
    /// From this day on new releases are warned, as `YYYY-MM-DD`.
    pub since: &'static str,
    /// From this day on no new release may use it.
    pub sunset: &'static str,
    /// What takes its place.
    pub instead: &'static str,
}

/// Everything that goes away. Nothing does at 1.0.0.
pub const DEPRECATED: &[Deprecated] = &[];

/// The declaration about an interface, if there is one.
pub fn deprecated(interface: &str, table: &[Deprecated]) -> Option<Deprecated> {
    table.iter().copied().find(|row| row.interface == interface)
}

/// What a release that uses these interfaces is told on a day.
pub fn findings(imports: &[String], table: &[Deprecated], today: Day) -> Vec<Finding> {
    let of = |import: &String| {
        let row = deprecated(import, table)?;
        let reached = |day: &str| Day::parse(day).is_some_and(|day| day <= today);
        let (severity, code) = match (reached(row.since), reached(row.sunset)) {
            (_, true) => (Severity::Error, code::CONTRACT_SUNSET),
            (true, false) => (Severity::Warning, code::CONTRACT_DEPRECATED),
            (false, false) => return None,
        };
        let evidence = format!("{import}, until {}; use {}", row.sunset, row.instead);
        Some(Finding::of(severity, code, "component", evidence))
    };
    imports.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::PERMISSIONS;

    const TABLE: &[Deprecated] = &[Deprecated {
        interface: "xitai:services/scanner",
        since: "2027-01-01",
        sunset: "2027-07-01",
        instead: "xitai:services/camera",
    }];

    #[test]
    fn who_uses_it_is_warned_and_then_refused() {
        let imports = ["xitai:services/log".to_owned(), "xitai:services/scanner".to_owned()];
        let on = |day: &str| {
            let found = findings(&imports, TABLE, Day::parse(day).unwrap());
            found.into_iter().map(|finding| (finding.severity, finding.code)).collect::<Vec<_>>()
        };
        assert_eq!(on("2026-12-31"), []);
        assert_eq!(on("2027-01-01"), [(Severity::Warning, "contract.deprecated".to_owned())]);
        assert_eq!(on("2027-06-30"), [(Severity::Warning, "contract.deprecated".to_owned())]);
        assert_eq!(on("2027-07-01"), [(Severity::Error, "contract.sunset".to_owned())]);
        assert_eq!(findings(&imports[..1], TABLE, Day::parse("2027-07-01").unwrap()), []);
    }

    #[test]
    fn what_is_declared_is_there_and_leaves_time() {
        for row in DEPRECATED.iter().chain(TABLE) {
            let (since, sunset) = (Day::parse(row.since).unwrap(), Day::parse(row.sunset).unwrap());
            assert!(since < sunset, "{row:?}");
            assert!(PERMISSIONS.contains(&row.interface), "{row:?}");
        }
    }
}

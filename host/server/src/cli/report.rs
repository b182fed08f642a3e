//! How a command ends: a line for people or one JSON document for machines, and an exit code.

use serde_json::{Value, json};
use std::process::ExitCode;
use xitai_model::release::{Finding, Severity};

/// 0 done, 1 refused; clap ends with 2 where the command line itself is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Done,
    Refused,
    /// The command cannot be carried out as it was given.
    Usage,
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> ExitCode {
        match ended {
            Ended::Done => ExitCode::SUCCESS,
            Ended::Refused => ExitCode::from(1),
            Ended::Usage => ExitCode::from(2),
        }
    }
}

/// Says that it is done.
pub fn done(as_json: bool, document: &Value, line: &str) -> Ended {
    if as_json {
        println!("{document}")
    } else {
        println!("{line}")
    }
    Ended::Done
}

/// Says why it is not done, and the way out.
pub fn refused(as_json: bool, code: &str, what: &str, way_out: &str, found: &[Finding]) -> Ended {
    if as_json {
        println!("{}", json!({ "error": { "code": code, "detail": what, "mend": way_out, "findings": found } }));
    } else {
        findings(found);
        eprintln!("{what}");
        if !way_out.is_empty() {
            eprintln!("  -> {way_out}");
        }
    }
    Ended::Refused
}

/// A text of somebody else's, without what would move or paint a terminal: names in a package and lines of a program
/// are whatever their author wrote.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// Prints findings: severity and code, place, what is there, what to do.
pub fn findings(found: &[Finding]) {
    for finding in found {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        println!("{severity} {}", finding.code);
        println!("  at    {}", plain(&finding.place));
        println!("  found {}", plain(&finding.evidence));
        println!("  mend  {}", finding.mend);
    }
}

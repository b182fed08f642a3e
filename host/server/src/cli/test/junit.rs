//! Results as JUnit's XML, which every build server reads: a case for each scene and each random run.

use crate::scene::rehearse::{Rehearsed, fails};
use std::fmt::Write;
use xitai_model::release::Finding;

pub fn document(program: &str, rehearsed: &Rehearsed) -> String {
    let mut cases = String::new();
    let errors: Vec<&Finding> = rehearsed.findings.iter().filter(|finding| fails(finding)).collect();
    let mut told = 0;
    let mut count = 0;
    for played in &rehearsed.played {
        let own: Vec<&&Finding> =
            errors.iter().filter(|finding| finding.place.starts_with(&format!("{}:", played.file))).collect();
        (told, count) = (told + own.len(), count + 1);
        case(&mut cases, program, &format!("{} {}", played.file, played.title), &own);
    }
    for run in &rehearsed.random {
        let place = format!("random taps, seed {},", run.seed);
        let own: Vec<&&Finding> = errors.iter().filter(|finding| finding.place.starts_with(&place)).collect();
        (told, count) = (told + own.len(), count + 1);
        case(&mut cases, program, &format!("random taps, seed {}", run.seed), &own);
    }
    // A scene that can't be read was not played.
    if told < errors.len() {
        let unread: Vec<&&Finding> = if count == 0 { errors.iter().collect() } else { Vec::new() };
        count += 1;
        case(&mut cases, program, "scenes", &unread);
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{count}\" failures=\"{}\">\n{cases}</testsuite>\n",
        escaped(program),
        errors.len(),
    )
}

fn case(cases: &mut String, program: &str, name: &str, findings: &[&&Finding]) {
    let _ = writeln!(cases, "  <testcase classname=\"{}\" name=\"{}\">", escaped(program), escaped(name));
    for finding in findings {
        let (code, told) = (escaped(&finding.code), escaped(&format!("{}\n{}", finding.place, finding.evidence)));
        let _ = writeln!(cases, "    <failure type=\"{code}\" message=\"{}\">{told}</failure>", escaped(&finding.mend));
    }
    cases.push_str("  </testcase>\n");
}

/// For text and attributes. What XML has no way to write at all becomes the sign for it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

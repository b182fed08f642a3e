//! Results as JUnit's XML, which every build server reads: a case for each scene and each random run.

use crate::scene::rehearse::{Rehearsed, fails};
use std::fmt::Write;
use xitai_model::release::Finding;

pub fn document(program: &str, rehearsed: &Rehearsed) -> String {
    let mut cases = String::new();
    let mut rest: Vec<&Finding> = rehearsed.findings.iter().filter(|finding| fails(finding)).collect();
    let (failures, mut count) = (rest.len(), 0);
    let scenes = rehearsed.played.iter();
    let scenes = scenes.map(|played| (format!("{} {}", played.file, played.title), format!("{}:", played.file)));
    let runs = rehearsed.random.iter().map(|run| format!("random taps, seed {}", run.seed));
    for (name, place) in scenes.chain(runs.map(|name| (name.clone(), format!("{name},")))) {
        let (own, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|finding| finding.place.starts_with(&place));
        (rest, count) = (others, count + 1);
        case(&mut cases, program, &name, &own);
    }
    // A scene that could not be read or played is none of these.
    if !rest.is_empty() {
        count += 1;
        case(&mut cases, program, "scenes", &rest);
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{count}\" failures=\"{failures}\">\n{cases}</testsuite>\n",
        escaped(program),
    )
}

fn case(cases: &mut String, program: &str, name: &str, findings: &[&Finding]) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::record::Played;
    use xitai_model::code;
    use xitai_model::program::Channel;

    #[test]
    fn a_scene_that_was_not_played_fails_beside_one_that_was() {
        let (file, title) = ("scenes/a.toml".to_owned(), "A".to_owned());
        let played = Played { file, title, channel: Channel::Phone, turns: Vec::new() };
        let unplayed = Finding::error(code::SCENE_NOT_PLAYED, "scenes/b.toml", "no such campaign");
        let rehearsed = Rehearsed { played: vec![played], findings: vec![unplayed], ..Rehearsed::default() };
        let told = document("cn.bank.test", &rehearsed);
        assert!(told.contains("tests=\"2\" failures=\"1\""), "{told}");
        assert_eq!(told.matches("<failure").count(), 1, "{told}");
    }
}

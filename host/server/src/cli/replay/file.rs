//! `xitai replay FILE`: a session that its customer gave away, performed again on the developer's machine by the package
//! that performed it there, and compared step by step.

use super::{Compared, differs_in, say, what};
use crate::cli::build::BuildFault;
use crate::cli::recorded::{self, Performing, Refused};
use crate::cli::report::{self, Ended};
use crate::http::problem::fault_text;
use std::path::Path;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::recording::{RecordedStep, Recording};
use xitai_runtime::call::Answers;

pub fn run(file: &Path, package: &Path, as_json: bool) -> Ended {
    let refused = |it: Refused| report::refused(as_json, it.code.code, &it.what, it.code.mend_en, &[]);
    let failed = |it: BuildFault| report::refused(as_json, "build.failed", &it.what, &it.way_out, &it.findings);
    let recording = match recorded::read(file) {
        Ok(recording) => recording,
        Err(fault) => return refused(fault),
    };
    let performing = match Performing::of(package, as_json) {
        Ok(performing) => performing,
        Err(fault) => return failed(fault),
    };
    if let Err(fault) = performing.is_of(&recording).and_then(|()| is_performer(&performing, &recording)) {
        return refused(fault);
    }
    say(as_json, &recording.session, &replay(&performing, &recording), PASSED_OVER)
}

/// Why steps of a file are passed over.
const PASSED_OVER: &str = "another release performed them, or what they read is withheld; `--json` has the reason of \
    each. Steps after them replay from the state that was kept.";

/// Whether the package performed any of it. One that was built elsewhere from the same source by the same compiler has the
/// same component.
fn is_performer(performing: &Performing, recording: &Recording) -> Result<(), Refused> {
    if recording.releases.iter().any(|performer| performer.component == performing.component) {
        return Ok(());
    }
    let all: Vec<String> =
        recording.releases.iter().map(|it| format!("{} (component {})", it.release, it.component)).collect();
    let what =
        format!("It was performed by {}; this package's component is {}.", all.join(" and "), performing.component);
    Err(Refused { code: code::RECORDING_OTHER_RELEASE, what })
}

fn replay(performing: &Performing, recording: &Recording) -> Vec<Compared> {
    // Unknown where a step before could not be performed and no state was kept.
    let mut state: Option<Vec<u8>> = Some(recording.state.clone().unwrap_or_default().0);
    let mut compared = Vec::new();
    for step in &recording.steps {
        let is_own = recording.performer(step).is_some_and(|it| it.component == performing.component);
        let one = match (&state, step.step_digest.is_some()) {
            (_, false) => Ok(None),
            _ if step.withheld => Err("what it read is withheld: the key of a consent was destroyed".to_owned()),
            _ if !is_own => Err(format!("{} performed it", step.release)),
            (None, _) => Err("the state before it is not known".to_owned()),
            (Some(before), _) => Ok(Some(perform(performing, step, before))),
        };
        let (difference, passed_over, after) = match one {
            Ok(None) => (None, false, state.take()),
            Ok(Some((difference, after))) => (difference, false, after),
            Err(why) => (Some(why), true, None),
        };
        state = step.body.state.clone().map(|kept| kept.0).or(after);
        let (same, what) = (difference.is_none(), what(&step.body.entry));
        compared.push(Compared { position: step.position, what, same, withheld: passed_over, difference });
        if !same && !passed_over {
            break;
        }
    }
    compared
}

/// What differs, if anything, and the state after the step.
fn perform(performing: &Performing, step: &RecordedStep, before: &[u8]) -> (Option<String>, Option<Vec<u8>>) {
    let answers = Answers::Recorded(Arc::new(step.body.calls.clone()));
    let performed = match performing.perform(step, before, answers) {
        Some(Ok(performed)) => performed,
        Some(Err(fallen)) => return (Some(format!("the call ended in {}", fault_text(&fallen.fault))), None),
        None => return (Some("the recording has a step without its context".to_owned()), None),
    };
    let found = serde_json::to_vec(&performed.step).map(|whole| Digest::of(&whole)).ok();
    let same = found.is_some() && found == step.step_digest;
    let difference = (!same).then(|| format!("the step is another one: {}", differs_in(&performed, &step.body)));
    (difference, Some(performed.step.state.0))
}

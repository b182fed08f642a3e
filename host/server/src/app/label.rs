//! Labels of measurements: each has so many values and no more, so that nobody fills the monitoring by uploading
//! programs. What comes after them counts as `other`.

use std::collections::{BTreeMap, HashSet};
use std::sync::{LazyLock, Mutex};
use xitai_model::ids::{BranchId, ReleaseId};
use xitai_model::limits::METRIC_LABELS_MAX;

/// What does not fit any more.
const OTHER: &str = "other";

/// One label.
pub struct Label {
    seen: Mutex<HashSet<String>>,
    most: usize,
}

impl Label {
    fn new(most: usize) -> Self {
        Self { seen: Mutex::default(), most }
    }
    /// The value as it is measured under.
    pub fn value(&self, text: &str) -> String {
        let mut seen = self.seen.lock().expect("no holder of the lock panics");
        if !seen.contains(text) {
            if seen.len() >= self.most {
                return OTHER.to_owned();
            }
            seen.insert(text.to_owned());
        }
        text.to_owned()
    }
}

/// The process's labels, as its recorder is: there is one of each.
pub static PROGRAM: LazyLock<Label> = LazyLock::new(|| Label::new(METRIC_LABELS_MAX));
static RELEASE: LazyLock<Label> = LazyLock::new(|| Label::new(METRIC_LABELS_MAX));
static BRANCH: LazyLock<Label> = LazyLock::new(|| Label::new(METRIC_LABELS_MAX));
static PERMISSION: LazyLock<Label> = LazyLock::new(|| Label::new(METRIC_LABELS_MAX));

/// Counts a committed step: by program, as its label is, by release, and by branch. Each apart: together they would
/// multiply.
pub fn step(program: String, release: &ReleaseId, branch: &BranchId) {
    metrics::counter!("xitai_events_total", "program" => program).increment(1);
    metrics::counter!("xitai_release_events_total", "release" => RELEASE.value(&release.to_string())).increment(1);
    metrics::counter!("xitai_branch_events_total", "branch" => BRANCH.value(branch.as_str())).increment(1);
}

/// Counts the host calls of a performance by what they need: the interface, such as `payments`.
pub fn host_calls<'a>(functions: impl Iterator<Item = &'a str>) {
    let mut counts = BTreeMap::<&str, u64>::new();
    for function in functions {
        let interface = function.split_once('.').map_or(function, |(interface, _)| interface);
        *counts.entry(interface).or_default() += 1;
    }
    for (interface, count) in counts {
        metrics::counter!("xitai_permission_calls_total", "permission" => PERMISSION.value(interface)).increment(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_so_many_values_and_no_more() {
        let label = Label::new(2);
        assert_eq!([label.value("a"), label.value("b"), label.value("c")], ["a", "b", OTHER]);
        assert_eq!(label.value("a"), "a", "what was there first stays");
    }
}

//! Whether what came is what a scene says.

use super::Turn;
use serde::{Deserialize, Serialize};

/// What was to be seen after a turn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// The page of whom the turn is about; absent where it is about nobody's, or nothing is open yet.
    pub screen: Option<String>,
    pub sheet: String,
    pub effects: Vec<String>,
    pub asked: Vec<String>,
    /// The code of what refused the turn.
    pub refused: Option<String>,
    /// What it says beside the code, for people.
    pub detail: String,
}

impl Came {
    /// What another performance brought otherwise, as findings name it; the screen is compared line by line.
    pub fn unlike(&self, other: &Came) -> Vec<String> {
        let parts = [
            ("refused", format!("{:?}", self.refused), format!("{:?}", other.refused)),
            ("asked", self.asked.join(", "), other.asked.join(", ")),
            ("effects", self.effects.join(", "), other.effects.join(", ")),
            ("sheet", self.sheet.clone(), other.sheet.clone()),
        ];
        let differ = parts.into_iter().filter(|(_, one, another)| one != another);
        differ.map(|(what, one, another)| format!("{what}: {one}, then {another}")).collect()
    }
}

/// One thing that is not as the scene says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Of the scene's file.
    pub line: usize,
    /// `screen`, `sheet`, `effects`, `asked` or `refused`.
    pub what: String,
    /// Lines, each with ` `, `-` (the scene says) or `+` (it came) before it.
    pub lines: Vec<String>,
}

impl Turn {
    /// Everything in which what came differs from what the turn says. A refusal that nobody announced is one.
    pub fn differences(&self, came: &Came) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut differ = |what: &str, said: &str, came: &str| {
            if trimmed(said) != trimmed(came) {
                found.push(Difference { line: self.line, what: what.to_owned(), lines: lines(said, came) });
            }
        };
        let refused = came.refused.as_deref().unwrap_or_default();
        differ("refused", self.then.refused.as_deref().unwrap_or_default(), refused);
        if let Some(said) = &self.then.screen {
            differ("screen", said, came.screen.as_deref().unwrap_or_default());
        }
        if let Some(said) = &self.then.sheet {
            differ("sheet", said, &came.sheet);
        }
        if let Some(said) = &self.then.effects {
            differ("effects", &said.join("\n"), &came.effects.join("\n"));
        }
        if let Some(said) = &self.then.asked {
            differ("asked", &said.join("\n"), &came.asked.join("\n"));
        }
        if !refused.is_empty() && !came.detail.is_empty() {
            for difference in found.iter_mut().filter(|difference| difference.what == "refused") {
                difference.lines.push(format!("  {}", came.detail));
            }
        }
        found
    }
}

/// Ends of lines don't count: an editor may have cut or added some.
fn trimmed(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    lines[first..last].to_vec()
}

/// Of more lines than this on a side no common part is looked for: all of one stand before all of the other.
const COMPARED_MAX: usize = 2_000;

/// The two texts as one, by their longest common part: what a person reads first is what differs.
pub fn lines(said: &str, came: &str) -> Vec<String> {
    let (said, came) = (trimmed(said), trimmed(came));
    let begin = said.iter().zip(&came).take_while(|(a, b)| a == b).count();
    let end = said[begin..].iter().rev().zip(came[begin..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&said[begin..said.len() - end], &came[begin..came.len() - end]);
    let mut all: Vec<String> = said[..begin].iter().map(|line| format!("  {line}")).collect();
    all.extend(changed(old, new));
    all.extend(said[said.len() - end..].iter().map(|line| format!("  {line}")));
    all
}

/// Longest common subsequence, by the textbook's table.
fn changed(old: &[&str], new: &[&str]) -> Vec<String> {
    let removed = |line: &&str| format!("- {line}");
    let added = |line: &&str| format!("+ {line}");
    if old.len() > COMPARED_MAX || new.len() > COMPARED_MAX {
        return old.iter().map(removed).chain(new.iter().map(added)).collect();
    }
    let wide = new.len() + 1;
    let mut longest = vec![0_u16; (old.len() + 1) * wide];
    for (i, line) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            longest[i * wide + j] = match line == other {
                true => longest[(i + 1) * wide + j + 1] + 1,
                false => longest[(i + 1) * wide + j].max(longest[i * wide + j + 1]),
            };
        }
    }
    let (mut i, mut j, mut all) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            all.push(format!("  {}", old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && longest[(i + 1) * wide + j] >= longest[i * wide + j + 1] {
            all.push(removed(&old[i]));
            i += 1;
        } else {
            all.push(added(&new[j]));
            j += 1;
        }
    }
    all
}

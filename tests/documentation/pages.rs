//! A page of Markdown as a reader sees it: blocks of code, links, headings.

use std::collections::BTreeSet;

/// A block of code with what stands right above it.
#[derive(Debug)]
pub struct Block {
    /// What is behind the fence, such as `sh`.
    pub language: String,
    pub text: String,
    /// The comment above it, where there is one.
    mark: Option<String>,
}

impl Block {
    /// Commands for a shell.
    pub fn is_shell(&self) -> bool {
        self.language == "sh"
    }
    /// Why no test runs it.
    pub fn not_run(&self) -> Option<&str> {
        self.mark.as_deref()?.strip_prefix("not run: ")
    }
    /// Whether the page says that it fails.
    pub fn fails(&self) -> bool {
        self.mark.as_deref() == Some("fails")
    }
    /// What it says once it serves: it goes on until somebody stops it.
    pub fn serves(&self) -> Option<&str> {
        self.mark.as_deref()?.strip_prefix("until it says: ")
    }
    /// The file of the repository whose name is its first line, and the rest.
    pub fn quotes(&self) -> Option<(String, &str)> {
        let (first, rest) = self.text.split_once('\n')?;
        let name = first.trim().strip_prefix("// ").or_else(|| first.trim().strip_prefix("# "))?;
        let is_file = name.contains('/') && !name.contains(' ');
        is_file.then(|| (name.to_owned(), rest))
    }
}

/// The fenced blocks of a page, in order.
pub fn blocks(page: &str) -> Vec<Block> {
    let (mut all, mut open, mut above): (Vec<Block>, Option<Block>, Option<String>) = Default::default();
    for line in page.lines() {
        let bare = line.trim_start();
        match (&mut open, bare.strip_prefix("```")) {
            (None, Some(language)) => {
                open = Some(Block { language: language.to_owned(), text: String::new(), mark: above.take() });
            }
            (Some(_), Some(_)) => all.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {
                let comment = bare.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
                above = comment.map(str::to_owned);
            }
        }
    }
    all
}

/// What command lines of these pages begin with.
const COMMANDS: [&str; 6] = ["xitai", "make", "cargo", "npm", "python3", "curl"];

/// Command lines in blocks without a fence, which nothing runs and nobody can mark.
pub fn unfenced_commands(page: &str) -> Vec<&str> {
    let begins = |part: &str| part.split_whitespace().next().is_some_and(|word| COMMANDS.contains(&word));
    let (mut found, mut fenced) = (Vec::new(), false);
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced && line.starts_with("    ") && line.split("&&").any(begins) {
            found.push(line.trim());
        }
    }
    found
}

/// The page without its code.
fn prose(page: &str) -> String {
    let mut prose = String::new();
    let mut fenced = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced && (!line.starts_with("    ") || line.trim_start().starts_with("- ")) {
            let words: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
            prose.push_str(&words);
            prose.push('\n');
        }
    }
    prose
}

/// Where its links and pictures lead.
pub fn links(page: &str) -> Vec<String> {
    let prose = prose(page);
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

/// The names of its headings, as links say them.
pub fn slugs(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let slug = |line: &str| -> String {
        let kept = line.trim_start_matches('#').trim().to_lowercase();
        kept.chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    };
    headings.map(slug).collect()
}

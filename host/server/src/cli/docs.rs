//! `xitai docs FOLDER`: the reference of the documentation, written from what it is about, so that it can say nothing
//! else: the contract's WIT, the registry of codes, this command line, and the table of routes.

mod codes;
mod commands;
mod contract;
mod http;
#[cfg(test)]
mod tests;

use super::report::{self, Ended};
use clap::Args;
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Write the reference pages of the documentation, as Markdown
#[derive(Debug, Args)]
pub struct DocsArgs {
    /// Folder that they go into; `contents.md` in it lists them as a book's summary does
    pub folder: PathBuf,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// A page, and those that stand below it in the contents.
struct Page {
    /// In the folder of the reference.
    file: String,
    title: String,
    text: String,
    below: Vec<Page>,
}

impl Page {
    fn new(file: impl Into<String>, title: impl Into<String>, text: String) -> Self {
        Self { file: file.into(), title: title.into(), text, below: Vec::new() }
    }
    fn count(&self) -> usize {
        1 + self.below.iter().map(Page::count).sum::<usize>()
    }
}

pub fn run(args: DocsArgs) -> Ended {
    let pages = pages();
    match write(&args.folder, &pages) {
        Ok(()) => {
            let count: usize = pages.iter().map(Page::count).sum();
            let line = format!("{count} pages of the reference in {}", args.folder.display());
            report::done(args.json, &json!({ "folder": args.folder, "pages": count }), &line)
        }
        Err(fault) => {
            let what = format!("{}: {fault}.", args.folder.display());
            report::refused(args.json, "client.not-written", &what, "Name a folder that can be written.", &[])
        }
    }
}

fn pages() -> Vec<Page> {
    vec![contract::page(), codes::page(), commands::page(), http::page()]
}

fn write(folder: &Path, pages: &[Page]) -> std::io::Result<()> {
    let mut contents = String::new();
    let within = folder.file_name().unwrap_or_default().to_string_lossy();
    for page in pages {
        write_page(folder, page, &within, 0, &mut contents)?;
    }
    std::fs::write(folder.join("contents.md"), contents)
}

fn write_page(folder: &Path, page: &Page, within: &str, depth: usize, contents: &mut String) -> std::io::Result<()> {
    let path = folder.join(&page.file);
    std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
    std::fs::write(path, &page.text)?;
    let indent = 2 * depth;
    writeln!(contents, "{:indent$}- [{}]({within}/{})", "", page.title, page.file).map_err(std::io::Error::other)?;
    page.below.iter().try_for_each(|below| write_page(folder, below, within, depth + 1, contents))
}

/// A text that stands in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

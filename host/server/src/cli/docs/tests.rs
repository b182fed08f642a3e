//! What the reference says is all there is, and each command that the documentation shows is one that the parser takes.

use super::{Page, pages};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use std::path::{Path, PathBuf};
use xitai_model::code;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn all(pages: Vec<Page>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for page in pages {
        all.push((page.file, page.text));
        all.extend(self::all(page.below));
    }
    all
}

fn text_of<'a>(all: &'a [(String, String)], file: &str) -> &'a str {
    let found = all.iter().find(|(name, _)| name == file);
    found.map(|(_, text)| text.as_str()).unwrap_or_else(|| panic!("{file} is a page"))
}

#[test]
fn every_code_command_interface_and_route_has_its_place() {
    let all = all(pages());
    for code in code::ALL {
        let text = text_of(&all, &format!("codes/{}.md", code.code));
        assert!(text.contains(code.mend_en) && text.contains(code.mend_zh) && text.contains(code.zh), "{code}");
    }
    for command in crate::CommandLine::command().get_subcommands().filter(|it| !it.is_hide_set()) {
        let text = text_of(&all, &format!("commands/{}.md", command.get_name()));
        for argument in command.get_arguments().filter(|it| !it.is_hide_set()) {
            let long = argument.get_long().unwrap_or_default();
            assert!(text.contains(long), "{} says what --{long} is", command.get_name());
        }
    }
    let resolve = super::contract::resolve();
    let mut functions = 0;
    for (_, interface) in resolve.interfaces.iter() {
        let (package, name) = (interface.package.expect("a package"), interface.name.as_deref().expect("a name"));
        let text = text_of(&all, &format!("contract/{}/{name}.md", resolve.packages[package].name.name));
        for function in interface.functions.keys() {
            assert!(text.contains(&format!("\n{function}: func(")), "{name} has {function}");
            functions += 1;
        }
    }
    let wit = crate::cli::build::contract::CARRIED.iter().filter(|(path, _)| path.starts_with("wit/"));
    assert_eq!(functions, wit.map(|(_, text)| text.matches(": func(").count()).sum::<usize>());
    for facts in crate::http::openapi::described_routes() {
        let part = text_of(&all, &format!("http/{}.md", crate::http::openapi::part_of(facts.path)));
        assert!(part.contains(&format!("## `{} {}`\n", facts.method, facts.path)), "{}", facts.path);
    }
}

/// Every page for people, by its path in the repository.
fn written() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in ["docs", "sdk", "mini-programs"] {
        gather(&repository().join(folder), folder, &mut files);
    }
    for name in ["README.md", "ARCHITECTURE.md", "BENCHMARKS.md"] {
        files.push((name.to_owned(), std::fs::read_to_string(repository().join(name)).expect(name)));
    }
    files
}

fn gather(folder: &Path, name: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let (path, child) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let made = ["node_modules", ".xitai", "build", "dist", "target"].contains(&child.as_str());
        if path.is_dir() && !made {
            gather(&path, &format!("{name}/{child}"), files);
        } else if child.ends_with(".md") {
            files.push((format!("{name}/{child}"), std::fs::read_to_string(&path).expect("a page")));
        }
    }
}

/// The command lines of `xitai` in a page: lines of blocks, and spans in the text.
fn commands(page: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    let joined = page.replace("\\\n", " ");
    let mut fenced = false;
    for line in joined.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced || line.starts_with("    ") {
            let line = line.split_once(" #").map_or(line, |(line, _)| line);
            let parts = line.split("&&").map(str::trim);
            let ours = parts.filter_map(|part| part.strip_prefix("./target/release/").or(Some(part)));
            found.extend(ours.filter(|it| it.starts_with("xitai ")).map(|it| (true, it.to_owned())));
        } else {
            let spans = line.split('`').skip(1).step_by(2);
            found.extend(spans.filter(|it| it.starts_with("xitai ")).map(|it| (false, it.to_owned())));
        }
    }
    found
}

fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            _ => word.push(c),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

#[test]
fn every_command_that_is_shown_is_one_that_the_parser_takes() {
    let mut seen = 0;
    for (file, text) in written() {
        for (whole, line) in commands(&text) {
            // What follows a pipe or a redirection is the shell's.
            let line = line.split(['|', '>']).next().unwrap_or_default().trim().to_owned();
            seen += 1;
            let Err(fault) = crate::CommandLine::try_parse_from(words(&line)) else { continue };
            let told = match fault.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
                // A span names a command without all that it takes, and an ellipsis stands for a secret.
                ErrorKind::MissingRequiredArgument | ErrorKind::MissingSubcommand => !whole,
                ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => !whole,
                ErrorKind::ValueValidation => line.contains('…'),
                _ => false,
            };
            assert!(told, "{file}: {line}\n{fault}");
        }
    }
    assert!(seen > 80, "the pages show commands: {seen}");
}

#[test]
fn every_code_that_the_command_line_says_is_in_the_registry() {
    fn gather(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            match entry.path() {
                path if path.is_dir() => gather(&path, text),
                // This very file, which names the calls.
                path if path.ends_with("docs/tests.rs") => {}
                path => text.push_str(&std::fs::read_to_string(path).unwrap_or_default()),
            }
        }
    }
    let mut text = String::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli"), &mut text);
    let calls = ["refused(args.json,", "refused(as_json,", "ClientFault::new("];
    let after = calls.iter().flat_map(|call| text.split(call).skip(1));
    let said: Vec<&str> = after.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).collect();
    assert!(said.len() > 40, "{said:?}");
    for code in said {
        assert!(code::find(code).is_some(), "`xitai explain {code}` knows it");
    }
}

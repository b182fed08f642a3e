//! The documentation is true: every link leads somewhere, every quoted piece of a program is in that program, and the
//! commands of a page do what it says, in its order, in a fresh folder, against a real host.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use xitai_tests::bank::PASSWORD;
use xitai_tests::binary::{target_dir, xitai};
use xitai_tests::package::tools;
use xitai_tests::process::repository;
use xitai_tests::{Bank, Session};

mod pages;
use pages::{Block, blocks, links, slugs, unfenced_commands};

/// The sources of the site, as `make docs` lays them out: path and text.
fn site() -> (tempfile::TempDir, BTreeMap<PathBuf, String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(repository().join("scripts/site.sh"));
    let ran = command.arg(xitai()).arg(folder.path().join("site")).output().expect("bash runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let (src, mut all) = (folder.path().join("site/src"), BTreeMap::new());
    gather(&src, &src, &mut all);
    (folder, all)
}

fn gather(root: &Path, folder: &Path, all: &mut BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(root, &path, all);
        } else {
            let text = std::fs::read(&path).expect("a file");
            let name = path.strip_prefix(root).expect("below the root").to_owned();
            all.insert(name, String::from_utf8_lossy(&text).into_owned());
        }
    }
}

/// `a/b/../c` without its dots.
fn plain(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => assert!(parts.pop(), "{} leaves the site", path.display()),
            part => parts.push(part),
        }
    }
    parts
}

#[test]
fn every_link_leads_somewhere_and_every_page_is_in_the_contents() {
    let (_folder, site) = site();
    assert!(site.len() > 500, "the site has a page for each code: {}", site.len());
    let mut followed = 0;
    for (page, text) in site.iter().filter(|(page, _)| page.extension().is_some_and(|it| it == "md")) {
        for link in links(text).into_iter().filter(|link| !link.contains("://")) {
            let (file, place) = link.split_once('#').map_or((link.as_str(), None), |(file, place)| (file, Some(place)));
            let target = match file {
                "" => page.clone(),
                file => plain(&page.parent().expect("a folder").join(file)),
            };
            let found = site.get(&target).unwrap_or_else(|| panic!("{}: {link}", page.display()));
            let is_there = |place: &str| slugs(found).contains(place);
            assert!(place.is_none_or(is_there), "{}: {link} names no heading", page.display());
            followed += 1;
        }
    }
    assert!(followed > 1_000, "links were followed: {followed}");
    let contents: BTreeSet<String> = links(&site[Path::new("SUMMARY.md")]).into_iter().collect();
    let pages = site.keys().filter(|page| page.extension().is_some_and(|it| it == "md"));
    let missing: Vec<_> = pages.filter(|page| !contents.contains(&*page.to_string_lossy())).collect();
    assert_eq!(missing, [Path::new("SUMMARY.md")], "docs/SUMMARY.md lists every page");
}

/// Whether the lines stand together in the file; what is between two pieces may be left out.
fn is_in(quoted: &str, file: &str) -> Result<(), String> {
    let have: Vec<&str> = file.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut from = 0;
    let is_gap = |line: &str| matches!(line.trim_start_matches(['/', '#', ' ']), "…");
    let lines: Vec<&str> = quoted.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for piece in lines.split(|line| is_gap(line)).filter(|piece| !piece.is_empty()) {
        let at = have[from..].windows(piece.len()).position(|here| here == piece);
        from += at.ok_or_else(|| piece.join("\n"))? + piece.len();
    }
    Ok(())
}

#[test]
fn what_a_page_quotes_stands_in_the_file_that_it_names() {
    let (_folder, site) = site();
    let mut quoted = 0;
    for (page, text) in &site {
        for block in blocks(text) {
            let Some((file, rest)) = block.quotes() else { continue };
            let held = std::fs::read_to_string(repository().join(&file));
            let held = held.unwrap_or_else(|fault| panic!("{}: {file}: {fault}", page.display()));
            if let Err(piece) = is_in(rest, &held) {
                panic!("{} quotes {file}, where this is not:\n{piece}", page.display());
            }
            quoted += 1;
        }
    }
    assert!(quoted >= 20, "guides quote programs that are tested: {quoted}");
}

/// One command that goes on until it is stopped, which is as soon as it has said that.
fn served(command: &str, said: &str) -> String {
    assert!(!command.contains('\n'), "one command serves: {command}");
    format!(
        "{command} > served.log 2>&1 & serving=$!\n\
         until grep -q '{said}' served.log; do kill -0 $serving || {{ cat served.log; exit 9; }}; sleep 0.2; done\n\
         kill $serving; wait $serving || true; rm served.log\n"
    )
}

/// A folder for one page's commands, whose home it is, with a developer who is about to sign in.
struct Reader {
    bank: Bank,
    home: PathBuf,
}

impl Reader {
    fn new() -> Self {
        let bank = Bank::start();
        let home = bank.folder().join("home");
        std::fs::create_dir_all(&home).expect("a folder");
        Self { bank, home }
    }
    /// Carries out a page's blocks in its order, in one shell; those that are to fail must.
    fn follow(&self, page: &str) -> usize {
        assert!(FOLLOWED.contains(&page), "{page} is followed");
        let text = std::fs::read_to_string(repository().join(page)).expect(page);
        let mut script = String::from("set -euo pipefail\n");
        let mut run = 0;
        for block in blocks(&text).into_iter().filter(Block::is_shell) {
            if let Some(reason) = block.not_run() {
                assert!(reason.len() > 10, "{page} says why a block is not run: {reason}");
                continue;
            }
            let commands = block.text.replace("http://127.0.0.1:8080", self.bank.base());
            script.push_str(&match (block.fails(), block.serves()) {
                (true, _) => format!("if (\n{commands}\n); then echo 'it was to fail'; exit 9; fi\n"),
                (false, Some(said)) => served(commands.trim_end(), said),
                (false, None) => format!("{commands}\n"),
            });
            run += 1;
        }
        let output = self.shell().arg("-xc").arg(&script).output().expect("bash runs");
        let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{page}: {}\n{}", told(&output.stdout), told(&output.stderr));
        run
    }
    fn shell(&self) -> Command {
        let binary = xitai();
        let tools_of = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{tools_of}", binary.parent().expect("a folder").display());
        let real = PathBuf::from(std::env::var_os("HOME").expect("a home"));
        let kept =
            |name: &str, below: &str| std::env::var_os(name).map(PathBuf::from).unwrap_or_else(|| real.join(below));
        let mut command = Command::new("bash");
        command.current_dir(&self.home).env("HOME", &self.home).env("PATH", path).envs(tools());
        // What the machine has fetched before need not be fetched again.
        command.env("CARGO_HOME", kept("CARGO_HOME", ".cargo")).env("RUSTUP_HOME", kept("RUSTUP_HOME", ".rustup"));
        command.env("npm_config_cache", kept("npm_config_cache", ".npm"));
        command.env("CARGO_TARGET_DIR", target_dir().join("programs"));
        command.env("XITAI_CONFIG", self.home.join("config")).env("XITAI_LOGIN", "dev-lin");
        command.env("XITAI_PASSWORD", PASSWORD).env("XITAI_DATA", self.bank.data());
        command
    }
}

#[test]
fn the_first_program_goes_from_an_empty_folder_to_customers() {
    let reader = Reader::new();
    assert!(reader.follow("docs/tutorial/rust.md") >= 7, "the tutorial's blocks were run");
    let id = "cn.example.tea-house";
    let release = reader.bank.staff("dev-lin").release(id, "0.1.0").ok();
    assert_eq!(release["state"], "in-review", "{release:#}");
    // What the page says that other people do.
    reader.bank.approve(&release);
    reader.bank.enable(id, "0.1.0");
    let smith = reader.bank.customer("smith");
    let mut session = Session::open(&smith.caller, id, serde_json::json!({}));
    assert!(session.view.shows("Hello, tea house!"), "the words that the page changed: {:#}", session.view.0);
    session.tap("hello");
    assert!(session.view.shows("1 hellos from you"), "{:#}", session.view.0);
}

#[test]
fn the_pages_on_other_languages_lead_to_programs_that_play() {
    let reader = Reader::new();
    assert!(reader.follow("docs/tutorial/typescript.md") > 0);
    assert!(reader.follow("docs/tutorial/python.md") > 0);
}

#[test]
fn the_guides_and_the_operators_page_do_what_they_say() {
    let reader = Reader::new();
    let pages = ["docs/howto/scenes.md", "docs/howto/booking.md", "docs/howto/publish.md", "docs/operations.md"];
    let run: usize = pages.iter().map(|page| reader.follow(page)).sum();
    assert!(run >= 8, "blocks were run: {run}");
}

/// Pages that a test above carries out.
const FOLLOWED: &[&str] = &[
    "docs/tutorial/rust.md",
    "docs/tutorial/typescript.md",
    "docs/tutorial/python.md",
    "docs/howto/scenes.md",
    "docs/howto/booking.md",
    "docs/howto/publish.md",
    "docs/operations.md",
];

/// Blocks of commands that no test runs, by page, with how many each has: what they would build, or whom they would ask,
/// is not at hand. A new one is marked in the page with its reason, and counted here.
const NOT_RUN: &[(&str, usize)] = &[
    ("docs/dev.md", 2),
    ("docs/howto/publish.md", 3),
    ("docs/operations.md", 1),
    ("docs/partner.md", 1),
    ("docs/rail.md", 2),
    ("docs/scenes.md", 1),
    ("docs/verifying.md", 1),
    // README.md
    ("index.md", 4),
];

#[test]
fn what_is_not_run_is_marked_and_counted() {
    let mut marked = BTreeMap::new();
    let (_folder, site) = site();
    for (page, text) in &site {
        let count = blocks(text).iter().filter(|block| block.is_shell() && block.not_run().is_some()).count();
        if count > 0 {
            marked.insert(page.to_string_lossy().into_owned(), count);
        }
    }
    let counted: BTreeMap<String, usize> = NOT_RUN.iter().map(|(page, count)| ((*page).to_owned(), *count)).collect();
    assert_eq!(marked, counted);
}

#[test]
fn every_command_is_in_a_block_that_is_run_or_marked() {
    let (_folder, site) = site();
    let is_ours = |page: &Path| page == Path::new("index.md") || page.starts_with("docs");
    for (page, text) in site.iter().filter(|(page, _)| is_ours(page)) {
        let unfenced = unfenced_commands(text);
        assert!(unfenced.is_empty(), "{} has commands without a fence: {unfenced:?}", page.display());
        let is_followed = FOLLOWED.iter().any(|followed| page == Path::new(followed));
        let unmarked = |block: &Block| block.is_shell() && block.not_run().is_none();
        let left: Vec<String> = blocks(text).into_iter().filter(unmarked).map(|block| block.text).collect();
        assert!(is_followed || left.is_empty(), "{}: no test runs {left:?}", page.display());
    }
}

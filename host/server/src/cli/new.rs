//! `xitai new NAME`: a program that builds, passes the check and has a test.

use super::build::{BuildFault, contract};
use super::report::{self, Ended};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};
use xitai_model::ids::ProgramId;

/// Make a new program
#[derive(Debug, Args)]
pub struct NewArgs {
    /// Name of the program and of its folder, such as tea-house
    pub name: String,
    /// The program's id; else cn.example.NAME
    #[arg(long)]
    pub id: Option<String>,
    #[arg(long, value_enum, default_value_t = Template::Blank)]
    pub template: Template,
    /// The language that it is written in
    #[arg(long, value_enum, default_value_t = Lang::Rust)]
    pub lang: Lang,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// One screen with one button.
    Blank,
    /// A few goods, a cart, the pay sheet, and the orders for those behind the counter.
    Shop,
    /// Times with a few places each, booked and given back.
    Booking,
}

impl Template {
    /// What the program's README says first.
    fn what(self) -> &'static str {
        match self {
            Template::Blank => "Counts how often somebody said hello.",
            Template::Shop => {
                "Sells a few goods: a cart, the host's pay sheet, a number to pick up by. `xitai.merchant` in the manifest is\nthe demo \
                 bank's canteen: put the merchant there that your branch has registered."
            }
            Template::Booking => "Gives out the places of a few times of the day, one to each customer.",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    Rust,
    /// TypeScript
    #[value(alias = "typescript")]
    Ts,
    /// JavaScript
    #[value(alias = "javascript")]
    Js,
    Python,
}

impl Lang {
    /// Folders of a template that are for it.
    fn folders(self) -> &'static [&'static str] {
        match self {
            Lang::Rust => &["every", "rust"],
            Lang::Ts => &["every", "script", "ts"],
            Lang::Js => &["every", "script", "js"],
            Lang::Python => &["every", "python"],
        }
    }
    fn sdk(self) -> &'static [&'static str] {
        match self {
            Lang::Rust => contract::FOR_RUST,
            Lang::Ts | Lang::Js => contract::FOR_JAVASCRIPT,
            Lang::Python => contract::FOR_PYTHON,
        }
    }
    /// How its scenes are played.
    fn test(self) -> &'static str {
        match self {
            Lang::Rust => "cargo test",
            Lang::Ts | Lang::Js => "npm test",
            Lang::Python => "python3 tests/test_program.py",
        }
    }
    /// What its components carry, for the manifest.
    fn runtime(self) -> &'static str {
        if self == Lang::Rust { "" } else { ",\n    \"carries_runtime\": true" }
    }
}

include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// Files of a new program by their places: a template's own, and those that every template has. They end with `.txt` in
/// the repository, so that no tool takes them for parts of this crate.
fn files_of(template: Template, lang: Lang) -> Vec<(String, &'static str)> {
    let of_template = ["every".to_owned(), format!("{template:?}").to_lowercase()];
    let place = |name: &str| {
        let mut parts = name.splitn(3, '/');
        let (owner, language, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let wanted = of_template.iter().any(|it| it == owner) && lang.folders().contains(&language);
        let file = rest.strip_suffix(".txt")?;
        wanted.then(|| if file == "gitignore" { ".gitignore".to_owned() } else { file.to_owned() })
    };
    TEMPLATES.iter().filter_map(|(name, text)| Some((place(name)?, *text))).collect()
}

/// Names that a language, its tools or the SDK have taken.
const TAKEN: &str = "abstract alloc as async await become box break const continue core crate do dyn else enum \
     extern false final fn for gen if impl in let loop macro match mod move mut override priv proc-macro program \
     pub ref return self static std struct super test trait true try type typeof unsafe unsized use virtual where \
     while xitai yield";

pub fn run(args: NewArgs) -> Ended {
    let id = match program_id(&args) {
        Ok(id) => id,
        Err(fault) => {
            report::refused(args.json, "client.bad-name", &fault.what, &fault.way_out, &[]);
            return Ended::Usage;
        }
    };
    let folder = PathBuf::from(&args.name);
    if folder.exists() {
        let what = format!("{} is there already.", folder.display());
        return report::refused(args.json, "client.folder-exists", &what, "Choose another name, or remove it.", &[]);
    }
    match make(&folder, &args, &id) {
        Ok(()) => {
            let line = format!(
                "Made {name}/ with id {id}.\n\n  cd {name}\n  xitai build     # compile and pack\n  xitai test      # play its scenes in the real host\n  {test}   # the same without a host\n  \
                 xitai publish   # after `xitai login URL` and `xitai keys new`",
                name = args.name,
                test = args.lang.test(),
            );
            report::done(args.json, &json!({ "folder": folder, "id": id }), &line)
        }
        Err(fault) => report::refused(args.json, "client.no-file", &fault.what, &fault.way_out, &[]),
    }
}

fn program_id(args: &NewArgs) -> Result<ProgramId, BuildFault> {
    let text = args.id.clone().unwrap_or_else(|| format!("cn.example.{}", args.name));
    let last = text.rsplit('.').next().unwrap_or_default();
    let named = ProgramId::parse(&text).map_err(|fault| {
        BuildFault::new(format!("`{text}`: {fault}."), "Use a name of a-z, 0-9 and -, such as tea-house.")
    })?;
    if ProgramId::parse(&format!("x.{}", args.name)).is_err() || last.is_empty() {
        return Err(BuildFault::new(
            format!("`{}` is no name for a program.", args.name),
            "Use a-z, 0-9 and -, first a letter, such as tea-house.",
        ));
    }
    if TAKEN.split(' ').any(|word| word == args.name) {
        return Err(BuildFault::new(
            format!("`{}` is a word of a language or its tools.", args.name),
            "Use a name of its own, such as tea-house.",
        ));
    }
    Ok(named)
}

fn make(folder: &Path, args: &NewArgs, id: &ProgramId) -> Result<(), BuildFault> {
    let module = args.name.replace('-', "_");
    let mut title = args.name.replace('-', " ");
    if let Some(first) = title.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    for (name, text) in files_of(args.template, args.lang) {
        let text = text
            .replace("{{crate}}", &args.name)
            .replace("{{module}}", &module)
            .replace("{{id}}", id.as_str())
            .replace("{{title}}", &title)
            .replace("{{what}}", args.template.what())
            .replace("{{runtime}}", args.lang.runtime())
            .replace("{{built}}", if args.lang == Lang::Ts { "build" } else { "src" });
        let path = folder.join(name);
        contract::write_changed(&path, &text).map_err(|fault| BuildFault::file(&path, fault))?;
    }
    contract::unpack(folder, args.lang.sdk()).map_err(|fault| BuildFault::file(folder, fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_template_has_in_each_language_what_a_program_needs() {
        for template in Template::value_variants() {
            for lang in Lang::value_variants() {
                let files = files_of(*template, *lang);
                let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
                for needed in ["manifest.json", "icon.svg", "README.md", ".gitignore"] {
                    assert_eq!(
                        names.iter().filter(|name| **name == needed).count(),
                        1,
                        "{template:?} {lang:?}: {names:?}"
                    );
                }
                assert!(names.iter().any(|name| name.starts_with("src/")), "{template:?} {lang:?}: {names:?}");
                assert!(names.iter().any(|name| name.starts_with("test")), "{template:?} {lang:?}: {names:?}");
            }
        }
    }

    #[test]
    fn names_that_cannot_be_built_are_refused() {
        let asked = |name: &str| NewArgs {
            name: name.to_owned(),
            id: None,
            template: Template::Blank,
            lang: Lang::Rust,
            json: false,
        };
        for bad in ["", "Tea", "tea house", "../tea", "7tea", "茶馆", "xitai", "match", "test", "type"] {
            assert!(program_id(&asked(bad)).is_err(), "{bad}");
        }
        assert_eq!(program_id(&asked("tea-house")).expect("a name").as_str(), "cn.example.tea-house");
    }
}

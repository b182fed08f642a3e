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
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// One screen with one button, in Rust.
    Blank,
}

/// A template's files by their places. They end with `.txt` here, so that no tool takes them for parts of this crate.
const BLANK: [(&str, &str); 8] = [
    ("Cargo.toml", include_str!("../../templates-program/blank/Cargo.toml.txt")),
    ("manifest.json", include_str!("../../templates-program/blank/manifest.json.txt")),
    ("src/lib.rs", include_str!("../../templates-program/blank/src/lib.rs.txt")),
    ("tests/scene.rs", include_str!("../../templates-program/blank/tests/scene.rs.txt")),
    ("scenes/hello.toml", include_str!("../../templates-program/blank/scenes/hello.toml.txt")),
    ("icon.svg", include_str!("../../templates-program/blank/icon.svg.txt")),
    ("README.md", include_str!("../../templates-program/blank/README.md.txt")),
    (".gitignore", include_str!("../../templates-program/blank/gitignore.txt")),
];

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
                "Made {name}/ with id {id}.\n\n  cd {name}\n  xitai build     # compile and pack\n  xitai test      # play its scenes\n  \
                 xitai publish   # after `xitai login URL`",
                name = args.name
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
    Ok(named)
}

fn make(folder: &Path, args: &NewArgs, id: &ProgramId) -> Result<(), BuildFault> {
    let files = match args.template {
        Template::Blank => BLANK,
    };
    let module = args.name.replace('-', "_");
    let mut title = args.name.replace('-', " ");
    if let Some(first) = title.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    for (name, text) in files {
        let text = text
            .replace("{{crate}}", &args.name)
            .replace("{{module}}", &module)
            .replace("{{id}}", id.as_str())
            .replace("{{title}}", &title);
        let path = folder.join(name);
        contract::write_changed(&path, &text).map_err(|fault| BuildFault::file(&path, fault))?;
    }
    contract::unpack(&folder.join(".xitai/platform")).map_err(|fault| BuildFault::file(folder, fault))
}

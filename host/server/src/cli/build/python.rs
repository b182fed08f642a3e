//! A program in Python: `componentize-py` makes the component, out of a virtual environment that the build keeps.
//!
//! `pyproject.toml` says in `[tool.xitai]` which module has the class `Program`, in which folder it lies and where the SDK
//! is; all three have defaults that `xitai new` follows.

use super::{BuildFault, Options, contract, told, turn};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The version that the SDK was tried with. Its output is part of what reviewers see, so a newer one comes with a
/// newer platform and not by itself.
const TOOL: &str = "componentize-py";
const TOOL_VERSION: &str = "0.25.1";

/// A folder for the tool that programs share, so that it is installed once.
const SHARED_TOOLS: &str = "XITAI_PYTHON_TOOLS";

const INSTALL_PYTHON: &str =
    "Install Python 3.10 or newer with its venv module; on Debian, `apt-get install python3-venv`.";

/// What pyproject.toml says about the program.
#[derive(Debug, PartialEq, Eq)]
struct Project {
    module: String,
    source: String,
    sdk: String,
}

pub fn component(folder: &Path, options: &Options) -> Result<Vec<u8>, BuildFault> {
    let _turn = turn::take(folder)?;
    let project = project_in(folder)?;
    let renewed = contract::renew(folder, Some(&project.sdk), contract::FOR_PYTHON);
    renewed.map_err(|fault| BuildFault::file(folder, fault))?;
    let sdk = folder.join(&project.sdk);
    if !sdk.join("xitai").is_dir() {
        return Err(BuildFault::new(
            format!("There is no SDK at {}.", sdk.display()),
            "Let `sdk` in `[tool.xitai]` of pyproject.toml name it; `xitai new` writes it to .xitai/platform/sdk/python.",
        ));
    }
    let tool = Tool::at(folder, options)?;
    let made = folder.join(".xitai/component.wasm");
    let mut command = Command::new(tool.program(TOOL));
    command.arg("--wit-path").arg(folder.join(".xitai/wit")).args([
        "--world",
        "mini-program",
        "--quiet",
        "componentize",
    ]);
    command.arg("--stub-wasi").arg("--python-path").arg(folder.join(&project.source));
    command.arg("--python-path").arg(&sdk).arg("--output").arg(&made).arg(&project.module);
    // Without it, packages of whichever Python is first in the path would lie in the component's.
    command.current_dir(folder).env("VIRTUAL_ENV", &tool.folder).env("PYTHONDONTWRITEBYTECODE", "1");
    run(command, options, "componentize-py could not make the component.", "Mend what it says above.")?;
    std::fs::read(&made).map_err(|fault| BuildFault::file(&made, fault))
}

fn project_in(folder: &Path) -> Result<Project, BuildFault> {
    let path = folder.join("pyproject.toml");
    let text = std::fs::read_to_string(&path).map_err(|fault| BuildFault::file(&path, fault))?;
    read_project(&text).map_err(|told| BuildFault::new(format!("pyproject.toml: {told}."), "Mend the file."))
}

fn read_project(text: &str) -> Result<Project, String> {
    let document: toml::Table = text.parse().map_err(|fault: toml::de::Error| fault.message().to_owned())?;
    let said = document.get("tool").and_then(|tool| tool.get("xitai"));
    let member = |name: &str, default: &str| match said.and_then(|said| said.get(name)) {
        None => Ok(default.to_owned()),
        Some(value) => value.as_str().map(str::to_owned).ok_or_else(|| format!("`{name}` in [tool.xitai] is no text")),
    };
    Ok(Project {
        module: member("module", "program")?,
        source: member("source", "src")?,
        sdk: member("sdk", ".xitai/platform/sdk/python")?,
    })
}

/// The virtual environment with the tool in it.
struct Tool {
    folder: PathBuf,
}

impl Tool {
    /// The one that programs share where `XITAI_PYTHON_TOOLS` names one, else the program's own; made where it is not
    /// there with the right version.
    fn at(program: &Path, options: &Options) -> Result<Self, BuildFault> {
        let shared = std::env::var_os(SHARED_TOOLS).map(PathBuf::from);
        let folder = shared.and_then(|path| std::path::absolute(path).ok());
        let tool = Self { folder: folder.unwrap_or_else(|| program.join(".xitai/venv")) };
        std::fs::create_dir_all(tool.folder.join(".xitai")).map_err(|fault| BuildFault::file(&tool.folder, fault))?;
        let _turn = turn::take(&tool.folder)?;
        // Written last, so that an installation that was broken off is none.
        let mark = tool.folder.join(".xitai/tool");
        let wanted = format!("{TOOL}=={TOOL_VERSION}");
        if std::fs::read_to_string(&mark).is_ok_and(|held| held == wanted) {
            return Ok(tool);
        }
        tool.install(&wanted, options)?;
        std::fs::write(&mark, &wanted).map_err(|fault| BuildFault::file(&mark, fault))?;
        Ok(tool)
    }
    fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
    fn install(&self, wanted: &str, options: &Options) -> Result<(), BuildFault> {
        let options = &Options { quiet: true, ..options.clone() };
        let mut made = Command::new("python3");
        made.args([OsStr::new("-m"), OsStr::new("venv"), self.folder.as_os_str()]);
        run(made, options, "python3 could not make a virtual environment.", INSTALL_PYTHON)?;
        let mut pip = Command::new(self.program("python3"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]);
        let way_out = format!("Let pip reach its package index once, or put {wanted} into {}.", self.folder.display());
        run(pip, options, &format!("pip could not install {wanted}."), &way_out)
    }
}

/// Runs a tool that tells its complaints itself, on standard error.
fn run(mut command: Command, options: &Options, failed: &str, way_out: &str) -> Result<(), BuildFault> {
    command.stdin(Stdio::null());
    let ran = told::run(&mut command, false, options.quiet, options.listener.as_ref());
    let ran = ran.map_err(|fault| {
        let name = command.get_program().to_string_lossy().into_owned();
        BuildFault::new(format!("{name} could not be started: {fault}."), INSTALL_PYTHON)
    })?;
    if ran.status.success() { Ok(()) } else { Err(BuildFault::new(failed, way_out)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_where_a_new_program_has_it() {
        let plain = read_project("[project]\nname = \"tea\"\n").expect("a project");
        assert_eq!((plain.module.as_str(), plain.source.as_str()), ("program", "src"));
        assert!(plain.sdk.starts_with(contract::PLATFORM));
        let said =
            read_project("[tool.xitai]\nmodule = \"tea\"\nsource = \"app\"\nsdk = \"../sdk\"\n").expect("a project");
        assert_eq!((said.module, said.source, said.sdk), ("tea".to_owned(), "app".to_owned(), "../sdk".to_owned()));
        assert!(read_project("[tool.xitai]\nmodule = 7\n").is_err_and(|told| told.contains("module")));
        assert!(read_project("[tool").is_err());
    }
}

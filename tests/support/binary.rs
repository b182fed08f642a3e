//! The real binary, built once for a test run.

use crate::process::repository;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::OnceLock;

/// `XITAI_BINARY` where it is set, else `target/debug/xitai`, built now. Built with the whole workspace's features,
/// as the tests themselves are, so that nothing is compiled twice.
pub fn xitai() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(build).clone()
}

fn build() -> PathBuf {
    if let Some(path) = std::env::var_os("XITAI_BINARY") {
        return PathBuf::from(path);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--workspace", "--bins", "--quiet"])
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    assert!(built.status.success(), "xitai builds: {}", String::from_utf8_lossy(&built.stderr));
    target_dir().join("debug/xitai")
}

/// Where cargo puts what it builds: two up from the test binary's own folder.
pub fn target_dir() -> PathBuf {
    let me = std::env::current_exe().expect("a test knows its own file");
    me.ancestors().nth(3).expect("target/debug/deps/product").to_owned()
}

/// A run of the command line to its end.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn from_output(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "the command is done\n{}\n{}", self.stdout, self.stderr);
        self
    }
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("JSON ({e}): {}", self.stdout))
    }
    pub fn everything(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// Runs `xitai ARGS` to its end.
pub fn run(args: &[&str], environment: &[(&str, &str)]) -> Ran {
    run_in(&repository(), args, environment)
}

/// The same in a folder of the caller's.
pub fn run_in(folder: &std::path::Path, args: &[&str], environment: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(xitai());
    command.args(args).envs(environment.iter().copied()).current_dir(folder).stdin(std::process::Stdio::null());
    Ran::from_output(command.output().expect("xitai runs"))
}

//! A running `xitai dev` on a program that `xitai new` wrote, or on a copy of a sample, in a folder whose name is no plain
//! word.

use crate::bank::copy_tree;
use crate::binary::{self, run_in};
use crate::package::{self, tools};
use crate::process::{Owned, repository};
use crate::wait::eventually;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub struct Dev {
    pub host: Owned,
    /// Such as `http://127.0.0.1:43121`.
    pub base: String,
    pub program: PathBuf,
    _folder: tempfile::TempDir,
}

/// A compiler on a loaded machine.
const BUILT_WITHIN: Duration = Duration::from_secs(300);

impl Dev {
    pub fn on(lang: &str, template: &str) -> Self {
        let folder = odd_folder();
        let name = named("tea");
        run_in(folder.path(), &["new", &name, "--lang", lang, "--template", template, "--json"], &[]).done();
        let program = folder.path().join(&name);
        if lang == "rust" {
            package::share_the_sdk(&program);
        }
        Self::start(folder, program)
    }

    /// On a copy of a sample, which finds its SDK where the sample does.
    pub fn on_sample(sample: &str) -> Self {
        let folder = odd_folder();
        let program = folder.path().join(sample);
        std::fs::create_dir(&program).expect("a folder");
        for entry in std::fs::read_dir(repository().join("mini-programs").join(sample)).expect("a sample").flatten() {
            let (from, to) = (entry.path(), program.join(entry.file_name()));
            match entry.file_name().to_str() {
                Some("target" | "dist") => {}
                _ if from.is_dir() => copy_tree(&from, &to),
                _ => {
                    std::fs::copy(&from, &to).expect("a file is copied");
                }
            }
        }
        let path = program.join("Cargo.toml");
        let text = std::fs::read_to_string(&path).expect("Cargo.toml");
        let text = text.replacen(&format!("name = \"{sample}\""), &format!("name = \"{}\"", named(sample)), 1);
        let sdk = repository().join("sdk/rust");
        std::fs::write(&path, text.replace("../../sdk/rust", &sdk.to_string_lossy())).expect("Cargo.toml is written");
        Self::start(folder, program)
    }

    fn start(folder: tempfile::TempDir, program: PathBuf) -> Self {
        let mut command = Command::new(binary::xitai());
        command.arg("dev").envs(tools()).current_dir(&program);
        let host = Owned::start(&command, &folder.path().join("dev.log"));
        let base = eventually("it says where it is", Duration::from_secs(60), || {
            let said = host.output_text();
            let at = said.find("http://127.0.0.1:")?;
            Some(said[at..].lines().next()?.trim().trim_end_matches('/').to_owned())
        });
        Self { host, base, program, _folder: folder }
    }

    /// Saves a file of the program.
    pub fn save(&self, file: &str, text: &str) {
        std::fs::write(self.program.join(file), text).expect("a file is saved");
    }
    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.program.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
    }
    /// Everything that the page shows.
    pub fn view(&self) -> Value {
        let answer = ureq::get(format!("{}/dev/view", self.base)).call().expect("it answers");
        answer.into_body().read_json().expect("JSON")
    }
    pub fn until(&self, what: &str, mut holds: impl FnMut(&Value) -> bool) -> Value {
        eventually(what, BUILT_WITHIN, || Some(self.view()).filter(|view| holds(view)))
    }
    /// Saves a file and waits for the build of it; everything that is shown then.
    pub fn build(&self, file: &str, text: &str) -> Value {
        let before = self.view()["build"]["number"].as_u64();
        self.save(file, text);
        self.until("it is built", |view| view["build"]["number"].as_u64() > before && view["build"]["running"] == false)
    }
    /// Does something of what the panel can do; everything that is shown then.
    pub fn acts(&self, what: &Value) -> Value {
        self.asks("/dev/act", what);
        self.view()
    }
    pub fn taps(&self, node: &str) -> Value {
        self.acts(&json!({"do": "tap", "node": node, "value": null}))
    }
    /// Asks for something as the panel does; what came of it.
    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let answer = agent.post(format!("{}{path}", self.base)).send_json(body).expect("it answers");
        let status = answer.status().as_u16();
        (status, answer.into_body().read_json().unwrap_or_default())
    }
    pub fn asks(&self, path: &str, body: &Value) -> Value {
        let (status, told) = self.post(path, body);
        assert!(status < 300, "{path} {body}: {status} {told}");
        told
    }
    pub fn folder(&self) -> &Path {
        &self.program
    }
}

fn odd_folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("我的 小程序 ").tempdir().expect("a folder")
}

/// A name of its own: programs share what they are compiled into, where those of one name would take each other's place.
fn named(kind: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{kind}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The page of who acts, as words.
pub fn screen(view: &Value) -> &str {
    view["play"]["session"]["screen"].as_str().unwrap_or_default()
}
/// The state of who acts, as it is shown.
pub fn state(view: &Value) -> &str {
    view["play"]["state"]["text"].as_str().unwrap_or_default()
}
/// The code of what the newest moment was refused with.
pub fn refused(view: &Value) -> &str {
    view["play"]["moment"]["refused"]["code"].as_str().unwrap_or_default()
}

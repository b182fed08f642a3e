//! A whole bank: data folder, database, demo organisation and one or more running hosts.

use crate::actor::{Customer, Staff};
use crate::binary::{self, Ran};
use crate::http::Caller;
use crate::process::{Owned, free_port};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use xitai_test_postgres::Postgres;

/// The password of everybody in the demo organisation.
pub const PASSWORD: &str = "xitai-demo";
/// What the demo gives each customer, in fen.
pub const DEMO_MONEY_MINOR: i64 = 50_000;

/// Where the bank keeps its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

pub struct Bank {
    pub hosts: Vec<Host>,
    pub postgres: Option<Postgres>,
    dir: tempfile::TempDir,
}

/// One running `xitai serve`.
pub struct Host {
    pub process: Owned,
    pub base: String,
    command: Command,
}

impl Host {
    fn start(data: &Path, keys: &Path, database: Option<&str>, extra: &[String], output: &Path) -> Self {
        let listen = format!("127.0.0.1:{}", free_port());
        let mut command = Command::new(binary::xitai());
        command.arg("serve").env("XITAI_LISTEN", &listen).env("XITAI_DATA", data).env("XITAI_KEYS", keys).args(extra);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let process = Owned::start(&command, output);
        let mut host = Self { process, base: format!("http://{listen}"), command };
        host.wait_ready();
        host
    }
    fn wait_ready(&mut self) {
        let caller = Caller::new(&self.base);
        crate::wait::eventually("the host is ready", Duration::from_secs(60), || {
            assert!(self.process.ended().is_none(), "the host runs: {}", self.process.output_text());
            caller.try_get("/readyz").ok().filter(|a| a.status == 200)
        });
    }
    /// The origin that browsers and passkeys know it by.
    pub fn origin(&self) -> String {
        self.base.replace("127.0.0.1", "localhost")
    }
    /// The newest one-time code that it printed for somebody.
    #[track_caller]
    pub fn code_for(&self, login: &str) -> String {
        let sign = format!("One-time code for {login}: ");
        crate::wait::eventually("a one-time code is printed", Duration::from_secs(10), || {
            let log = self.log();
            let line =
                log.lines().rev().find_map(|line| line.split_once(&sign).map(|(_, code)| code.trim().to_owned()));
            line.filter(|code| code.len() == 6)
        })
    }
    /// Signs somebody in at this host.
    pub fn caller(&self, login: &str) -> Caller {
        let visitor = Caller::new(&self.base);
        let answer = visitor.post("/api/v1/tokens", &serde_json::json!({"login": login, "password": PASSWORD})).ok();
        visitor.with_token(answer["token"].as_str().expect("a token"))
    }
    /// Starts it again on its address, after it was killed.
    pub fn again(&mut self) {
        self.again_unready();
        self.wait_ready();
    }
    /// Starts it again on a machine whose clock shows another time, such as `+2d`; timers go on as they do.
    pub fn again_at(&mut self, offset: &str) {
        self.command.env("LD_PRELOAD", faketime()).env("FAKETIME", offset).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        self.again();
    }
    /// Starts it again on a machine whose clock stands still at an instant of UTC, such as `2026-11-27 23:59:59`.
    pub fn again_at_instant(&mut self, utc: &str) {
        self.command.env("TZ", "UTC");
        self.again_at(utc);
    }
    pub fn again_unready(&mut self) {
        self.process.kill_nine();
        let output = self.process.output.clone();
        self.process = Owned::start(&self.command, &output);
    }
    pub fn log(&self) -> String {
        self.process.output_text()
    }
}

/// Debian's library that shows a process another time.
fn faketime() -> PathBuf {
    let file = format!("/usr/lib/{}-linux-gnu/faketime/libfaketimeMT.so.1", std::env::consts::ARCH);
    assert!(Path::new(&file).is_file(), "{file} is there: `make setup` installs faketime");
    PathBuf::from(file)
}

impl Bank {
    /// The demo bank on SQLite, one host.
    pub fn start() -> Self {
        Self::on(Database::Sqlite)
    }
    pub fn on(database: Database) -> Self {
        Self::with(database, &[])
    }
    /// With further arguments for `xitai serve`.
    pub fn with(database: Database, extra: &[String]) -> Self {
        let mut bank = Self::seeded(database, Seed::Demo);
        bank.add_host(extra);
        bank
    }
    /// With a sign-in file.
    pub fn with_sign_in(with: Seed, file: &str) -> Self {
        let mut bank = Self::seeded(Database::Sqlite, with);
        bank.write_sign_in(file);
        bank.add_host(&[]);
        bank
    }
    pub fn write_sign_in(&self, file: &str) {
        std::fs::write(self.data().join("sign-in.toml"), file).expect("a file is written");
    }
    /// Seeded, with no host running yet.
    pub fn seeded(database: Database, with: Seed) -> Self {
        let dir = tempfile::Builder::new().prefix("xitai-bank").tempdir().expect("a folder");
        Self::seeded_in(dir, database, with)
    }
    /// In a folder of the caller's, such as a small file system.
    pub fn seeded_in(dir: tempfile::TempDir, database: Database, with: Seed) -> Self {
        let data = dir.path().join("data");
        let postgres = match database {
            Database::Sqlite => {
                copy_tree(&template(database, with).join("data"), &data);
                None
            }
            Database::Postgres => {
                let template = template(database, with);
                copy_tree(&template.join("data"), &data);
                let postgres = Postgres::start();
                postgres.load(&template.join("bank.sql"), "bank");
                Some(postgres)
            }
        };
        Self { hosts: Vec::new(), postgres, dir }
    }
    /// One more `xitai serve` on the same database, with a data folder of its own and the bank's keys.
    pub fn add_host(&mut self, extra: &[String]) -> &mut Host {
        let number = self.hosts.len();
        let data = if number == 0 { self.data() } else { self.dir.path().join(format!("data-{number}")) };
        if number > 0 {
            assert!(self.postgres.is_some(), "SQLite serves one host");
        }
        let output = self.dir.path().join(format!("host-{number}.log"));
        let keys = self.data().join("keys");
        self.hosts.push(Host::start(&data, &keys, self.database_url().as_deref(), extra, &output));
        self.hosts.last_mut().expect("one was added")
    }
    /// A host on a data folder that was restored.
    pub fn serve_restored(data: &Path, database: Option<&str>) -> Host {
        Host::start(data, &data.join("keys"), database, &[], &data.join("host.log"))
    }
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }
    /// A folder for the test's own files.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }
    fn keep_as_template(&self, made: &Path) {
        copy_tree(&self.data(), &made.join("data"));
        if let Some(postgres) = &self.postgres {
            postgres.dump("bank", &made.join("bank.sql"));
        }
    }
    pub fn database_url(&self) -> Option<String> {
        self.postgres.as_ref().map(|p| p.url("bank"))
    }
    pub fn host(&mut self) -> &mut Host {
        self.hosts.first_mut().expect("a host runs")
    }
    pub fn base(&self) -> &str {
        &self.hosts.first().expect("a host runs").base
    }
    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Caller {
        Caller::new(self.base())
    }
    pub fn sign_in(&self, login: &str) -> Caller {
        self.hosts.first().expect("a host runs").caller(login)
    }
    pub fn customer(&self, login: &str) -> Customer {
        Customer { login: login.to_owned(), caller: self.sign_in(login) }
    }
    pub fn staff(&self, id: &str) -> Staff {
        Staff { id: id.to_owned(), caller: self.sign_in(id) }
    }
    /// Lifts the stops of a program with two people, once everything is closed under them.
    #[track_caller]
    pub fn lift(&self, program: &str) {
        let (duty, manager) = (self.staff("duty-sun"), self.staff("manager-wu"));
        crate::wait::eventually("the stop is through", Duration::from_secs(20), || {
            (duty.lift(program).status == 200).then_some(())
        });
        let lifted = manager.lift(program).ok();
        assert!(lifted["stops"][0]["standing"] == "lifted", "{lifted}");
    }
    /// Runs a command of the operator's on this bank's data.
    pub fn xitai(&self, args: &[&str]) -> Ran {
        let url = self.database_url();
        let mut all: Vec<&str> = args.to_vec();
        if let Some(url) = &url {
            all.extend(["--database", url]);
        }
        binary::run(&all, &[("XITAI_DATA", &self.data().to_string_lossy())])
    }
    /// Chain and ledger checked by `xitai verify`, which must find them whole.
    #[track_caller]
    pub fn verified(&self) -> serde_json::Value {
        let ran = self.xitai(&["verify", "--json"]);
        assert_eq!(ran.code, 0, "the books are whole: {}", ran.everything());
        ran.json()
    }
}

/// Seeds the demo organisation through the real publish, review and enable flow.
fn seed(data: &Path, database: Option<&str>) {
    let data = data.to_string_lossy();
    let mut args = vec!["demo", "--seed-only"];
    if let Some(url) = database {
        args.extend(["--database", url]);
    }
    let listen = format!("127.0.0.1:{}", free_port());
    binary::run(&args, &[("XITAI_DATA", &data), ("XITAI_LISTEN", &listen)]).done();
}

/// What a bank is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seed {
    /// The demo organisation with its programs.
    Demo,
    /// That, and the desk, through the same flow.
    Desk,
}

/// One seeded bank of each kind for the whole test run, copied for each test.
fn template(database: Database, with: Seed) -> &'static Path {
    static MADE: [OnceLock<PathBuf>; 4] = [const { OnceLock::new() }; 4];
    let place = 2 * usize::from(database == Database::Postgres) + usize::from(with == Seed::Desk);
    MADE[place].get_or_init(|| {
        let made = templates().join(format!("{database:?}-{with:?}").to_lowercase());
        std::fs::create_dir_all(&made).expect("a folder");
        match with {
            Seed::Demo => seed_template(database, &made),
            Seed::Desk => {
                let mut bank = Bank::on(database);
                bank.perform_release(crate::desk::DESK, "1.0.0", &crate::desk::package());
                bank.host().process.terminate();
                bank.keep_as_template(&made);
            }
        }
        made
    })
}

/// This run's folder of templates. Folders of runs that are over go now, since a run cannot tell when it ends.
fn templates() -> PathBuf {
    let all = binary::target_dir().join("tmp");
    for entry in std::fs::read_dir(&all).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let run = name.strip_prefix("banks-of-");
        if run.is_some_and(|run| !Path::new("/proc").join(run).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    all.join(format!("banks-of-{}", std::process::id()))
}

fn seed_template(database: Database, made: &Path) {
    match database {
        Database::Sqlite => seed(&made.join("data"), None),
        Database::Postgres => {
            let postgres = Postgres::start();
            seed(&made.join("data"), Some(&postgres.database("bank")));
            postgres.dump("bank", &made.join("bank.sql"));
        }
    }
}

pub fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            copy_tree(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file is copied");
        }
    }
}

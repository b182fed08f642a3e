//! A PostgreSQL server of the test's own, from Debian's packages, on a free loopback port.

use crate::process::{Owned, free_port};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Stopped, and its files removed, when dropped.
pub struct Postgres {
    server: Option<Owned>,
    dir: tempfile::TempDir,
    port: u16,
}

/// The newest of Debian's `/usr/lib/postgresql/NN/bin`.
fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed (package postgresql)");
    let mut found: Vec<PathBuf> = versions.flatten().map(|e| e.path().join("bin")).filter(|p| p.is_dir()).collect();
    found.sort();
    found.pop().expect("PostgreSQL has its binaries")
}

/// PostgreSQL refuses to run as root, so root steps down to its user.
fn as_postgres(program: &Path) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=KILL", "--"]).arg(program);
    command
}

fn finished(command: &mut Command) {
    let ended = command.output().unwrap_or_else(|e| panic!("{:?} runs: {e}", command.get_program()));
    assert!(ended.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

impl Postgres {
    pub fn start() -> Self {
        let dir = tempfile::Builder::new().prefix("xitai-postgres").tempdir().expect("a folder");
        if rustix::process::geteuid().is_root() {
            let given = Command::new("chown").arg("postgres").arg(dir.path()).status().expect("chown runs");
            assert!(given.success(), "the folder is given to the user postgres");
        }
        let made = as_postgres(&binaries().join("initdb"))
            .args([
                "--username=xitai",
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--locale-provider=icu",
                "--icu-locale=zh",
                "--pgdata",
            ])
            .arg(dir.path().join("data"))
            .current_dir(dir.path())
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut postgres = Self { server: None, dir, port: free_port() };
        postgres.run();
        postgres
    }
    /// Starts the server again, on the same port and data.
    pub fn run(&mut self) {
        let mut command = as_postgres(&binaries().join("postgres"));
        command.arg("-D").arg(self.dir.path().join("data")).args(["-p", &self.port.to_string(), "-k"]);
        // Tests kill hosts, never the machine, so nothing is lost by leaving the disk's own pace out.
        command.arg(self.dir.path()).args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]);
        command.args(["-c", "max_connections=200"]).current_dir(self.dir.path());
        self.server = Some(Owned::start(&command, &self.dir.path().join("server.log")));
        crate::wait::eventually("PostgreSQL answers", Duration::from_secs(30), || {
            assert!(self.server.as_mut().is_none_or(|s| s.ended().is_none()), "PostgreSQL runs: {}", self.log());
            self.sql("postgres", "SELECT 1").ok()
        });
    }
    /// Ends the server at once, as when its machine goes; what was committed stays.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.signal(rustix::process::Signal::QUIT);
            crate::wait::eventually("PostgreSQL ends", Duration::from_secs(20), || server.ended());
        }
    }
    fn log(&self) -> String {
        self.server.as_ref().map(Owned::output_text).unwrap_or_default()
    }
    /// Makes an empty database and gives its address.
    pub fn database(&self, name: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name}")).expect("a database is made");
        self.url(name)
    }
    /// Copies a database that others use; gives the copy's address.
    pub fn copy_database(&self, from: &str, to: &str) -> String {
        let file = self.dir.path().join(format!("{to}.sql"));
        self.dump(from, &file);
        self.load(&file, to)
    }
    pub fn dump(&self, name: &str, file: &Path) {
        let mut dump = Command::new(binaries().join("pg_dump"));
        finished(dump.args(["--no-owner", "-d", &self.url(name), "-f"]).arg(file));
    }
    /// Makes a database of a dump; gives its address.
    pub fn load(&self, file: &Path, name: &str) -> String {
        let url = self.database(name);
        let mut load = Command::new(binaries().join("psql"));
        finished(load.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", &url, "-f"]).arg(file));
        url
    }
    pub fn url(&self, name: &str) -> String {
        format!("postgres://xitai@127.0.0.1:{}/{name}", self.port)
    }
    /// Runs one statement with psql; rows come without decoration.
    pub fn sql(&self, database: &str, text: &str) -> Result<String, String> {
        let output = Command::new(binaries().join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "xitai"])
            .args(["-p", &self.port.to_string(), "-d", database, "-c", text])
            .output()
            .expect("psql runs");
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

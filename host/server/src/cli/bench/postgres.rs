//! A PostgreSQL server for the measurement alone, from the system's packages, with its own durability on.

use super::Told;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Ended, and its files removed, when dropped.
pub struct Postgres {
    server: Child,
    dir: TempDir,
    binaries: PathBuf,
    port: u16,
}

/// PostgreSQL refuses to run as root, so root steps down to its user.
fn stepped_down(program: &Path) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
    command
}

impl Postgres {
    pub fn start(within: &Path) -> Result<Self, Told> {
        let binaries = binaries()?;
        let dir = super::bank::folder(within)?;
        if rustix::process::geteuid().is_root() {
            run(Command::new("chown").arg("postgres").arg(dir.path()))?;
        }
        let data = dir.path().join("data");
        let mut made = stepped_down(&binaries.join("initdb"));
        made.args(["--username=xitai", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata"]).arg(&data);
        run(made.current_dir(dir.path()))?;
        let port = super::free_port()?;
        let server = stepped_down(&binaries.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=100", "-k"])
            .arg(dir.path())
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("postgres: {e}"))?;
        let postgres = Self { server, dir, binaries, port };
        for _ in 0..100 {
            if postgres.sql("SELECT 1").is_ok() {
                return Ok(postgres);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err(format!("PostgreSQL in {} does not answer", postgres.dir.path().display()))
    }
    pub fn database(&self, name: &str) -> Result<String, Told> {
        self.sql(&format!("CREATE DATABASE {name}"))?;
        Ok(format!("postgres://xitai@127.0.0.1:{}/{name}", self.port))
    }
    /// Runs `pgbench` on a database of this server, and gives what it printed.
    pub fn pgbench(&self, database: &str, args: &[&str]) -> Result<String, Told> {
        let mut command = Command::new(self.binaries.join("pgbench"));
        command.args(["-h", "127.0.0.1", "-U", "xitai", "-p", &self.port.to_string()]).args(args).arg(database);
        said(&mut command)
    }
    fn sql(&self, text: &str) -> Result<(), Told> {
        let mut command = Command::new(self.binaries.join("psql"));
        command.args([
            "-X",
            "-q",
            "-h",
            "127.0.0.1",
            "-U",
            "xitai",
            "-d",
            "postgres",
            "-p",
            &self.port.to_string(),
            "-c",
            text,
        ]);
        run(&mut command)
    }
}

/// The newest of `/usr/lib/postgresql/NN/bin`.
fn binaries() -> Result<PathBuf, Told> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").map_err(|_| "PostgreSQL is not installed".to_owned())?;
    let mut found: Vec<PathBuf> = versions.flatten().map(|e| e.path().join("bin")).filter(|p| p.is_dir()).collect();
    found.sort();
    found.pop().ok_or_else(|| "PostgreSQL is not installed".to_owned())
}

fn run(command: &mut Command) -> Result<(), Told> {
    said(command).map(drop)
}

fn said(command: &mut Command) -> Result<String, Told> {
    let output = command.output().map_err(|e| format!("{:?}: {e}", command.get_program()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // An immediate shutdown; what it held is thrown away with its folder.
        if let Some(pid) = rustix::process::Pid::from_raw(self.server.id() as i32) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
        }
        let _ = self.server.wait();
    }
}

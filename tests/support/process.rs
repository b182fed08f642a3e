//! A child process that ends with its owner.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

/// Killed when dropped. It is started through `setpriv --pdeathsig`, so that it also ends when the test's thread
/// does, whatever became of the owner.
pub struct Owned {
    child: Child,
    /// Both of its outputs.
    pub output: PathBuf,
}

impl Owned {
    /// Starts `command`, with its output in `output` (appended).
    pub fn start(command: &Command, output: &Path) -> Self {
        let log = File::options().create(true).append(true).open(output).expect("the output file opens");
        let mut bound = Command::new("setpriv");
        bound.arg("--pdeathsig=KILL").arg("--").arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => bound.env(name, value),
                None => bound.env_remove(name),
            };
        }
        if let Some(dir) = command.get_current_dir() {
            bound.current_dir(dir);
        }
        bound.stdin(Stdio::null()).stdout(log.try_clone().expect("a second handle")).stderr(log);
        // A group of its own, so that what it started ends with it: a browser outlives its killed driver otherwise.
        bound.process_group(0);
        let child = bound.spawn().unwrap_or_else(|e| panic!("{:?} starts: {e}", command.get_program()));
        Self { child, output: output.to_owned() }
    }
    pub fn id(&self) -> u32 {
        self.child.id()
    }
    pub fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_raw(self.child.id() as i32).expect("a child has an id above 0")
    }
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be asked")
    }
    /// `kill -9` of it and what it started, at once and without a word.
    pub fn kill_nine(&mut self) {
        let _ = rustix::process::kill_process_group(self.pid(), rustix::process::Signal::KILL);
        let _ = self.child.wait();
    }
    /// Asks it to end, and waits for that.
    pub fn terminate(&mut self) -> ExitStatus {
        let _ = rustix::process::kill_process(self.pid(), rustix::process::Signal::TERM);
        super::wait::eventually("the process ends when asked", std::time::Duration::from_secs(20), || self.ended())
    }
    pub fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.pid(), signal).expect("a child can be signalled");
    }
    pub fn output_text(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.output).unwrap_or_default()).into_owned()
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.kill_nine();
    }
}

/// A port of the loopback that nobody listens on. Another process may take it before it is used; a start that finds
/// it taken is tried again by the callers.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("the loopback has free ports").port()
}

/// The repository's root, from where this crate was compiled.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent").to_owned()
}

//! Work on what strangers sent, in a process of its own: this same binary under another command, with an empty
//! environment, that is killed when its time is over. It bounds itself before it reads the first byte, see [`bound`].
//!
//! The child reads one line of JSON and then bytes, and writes its answer.

use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The very program that runs, also where its file was replaced by another since: parent and child are one version.
const MYSELF: &str = "/proc/self/exe";
/// How often the child is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// How it ended.
pub enum End {
    Answered(Vec<u8>),
    /// It took longer than it might.
    Overran,
    /// It ended by itself without success: out of processor time or memory.
    Died(String),
}

/// Runs the child, with `head` and a line end before the bytes. An `Err` is this machine's fault. Blocks.
pub fn run(command: &str, head: &[u8], bytes: &[u8], answer_bytes_max: u64, time_max: Duration) -> io::Result<End> {
    let mut child = Command::new(MYSELF)
        .arg(command)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (mut input, output) = (child.stdin.take(), child.stdout.take());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(input) = &mut input {
                // A child that dies before it has read everything is told by its end.
                let _ =
                    input.write_all(head).and_then(|()| input.write_all(b"\n")).and_then(|()| input.write_all(bytes));
            }
            drop(input);
        });
        let reader = scope.spawn(move || {
            let mut answer = Vec::new();
            if let Some(output) = output {
                let _ = output.take(answer_bytes_max).read_to_end(&mut answer);
            }
            answer
        });
        let ended = wait(&mut child, time_max)?;
        let answer = reader.join().unwrap_or_default();
        Ok(ended.unwrap_or(End::Answered(answer)))
    })
}

/// `None` where it ended well.
fn wait(child: &mut Child, time_max: Duration) -> io::Result<Option<End>> {
    let since = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((!status.success()).then(|| End::Died(format!("ended with {status}"))));
        }
        if since.elapsed() > time_max {
            // It may have ended just now.
            let _ = child.kill();
            child.wait()?;
            return Ok(Some(End::Overran));
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Takes from this process what it will not need, before it reads the first byte.
pub fn bound(cpu_s: u64, data_bytes: u64, file_bytes: u64) -> io::Result<()> {
    let limit = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Cpu, limit(cpu_s))?;
    // Memory that can be written. A sandbox reserves far more addresses than it ever uses, so that a limit on
    // addresses would say nothing.
    setrlimit(Resource::Data, limit(data_bytes))?;
    setrlimit(Resource::Core, limit(0))?;
    setrlimit(Resource::Fsize, limit(file_bytes))?;
    rustix::thread::set_no_new_privs(true)?;
    Ok(())
}

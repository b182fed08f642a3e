//! A PostgreSQL server of a test's own, from Debian's packages, on a free loopback port.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ended, and its files removed, when dropped. A shell looks after it, which does the same when this process has gone,
/// however it went.
pub struct Postgres {
    dir: PathBuf,
    port: u16,
    shell: Option<Child>,
}

const SHELL: &str = r#"dir=$1; shift; "$@" >"$dir/log" 2>&1 & server=$!
read -r word; kill -QUIT $server; wait $server
[ "$word" = stop ] || rm -rf "$dir""#;

/// Longer than this no server takes to answer, however busy the machine is.
const STARTED_WITHIN: Duration = Duration::from_secs(60);

/// The newest of Debian's `/usr/lib/postgresql/NN/bin`.
fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed (package postgresql)");
    let found = versions.flatten().map(|version| version.path().join("bin")).filter(|bin| bin.is_dir());
    found.max().expect("PostgreSQL has its binaries")
}

/// PostgreSQL refuses to run as root, so root steps down to its user.
fn as_postgres(program: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout.trim_ascii() != b"0" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program).env("HOME", "/");
    command
}

fn finished(command: &mut Command) -> String {
    let ended = command.output().unwrap_or_else(|e| panic!("{:?} runs: {e}", command.get_program()));
    assert!(ended.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8_lossy(&ended.stdout).trim().to_owned()
}

impl Postgres {
    pub fn start() -> Self {
        let made =
            as_postgres(Path::new("mktemp")).args(["-d", "/tmp/xitai-postgres.XXXXXX"]).current_dir("/").output();
        let made = made.expect("mktemp runs");
        let dir = PathBuf::from(String::from_utf8_lossy(&made.stdout).trim());
        assert!(dir.is_dir(), "a folder: {}", String::from_utf8_lossy(&made.stderr));
        let mut initdb = as_postgres(&binaries().join("initdb"));
        initdb.args(["--username=xitai", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]);
        initdb.args(["--locale-provider=icu", "--icu-locale=zh", "--pgdata"]).arg(dir.join("data"));
        finished(initdb.current_dir("/"));
        let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).expect("a port");
        let mut server = Self { dir, port: free.port(), shell: None };
        server.run();
        server
    }

    /// Starts the server again, on the same port and files.
    pub fn run(&mut self) {
        let mut shell = as_postgres(Path::new("sh"));
        shell.args(["-c", SHELL, "sh"]).arg(&self.dir).arg(binaries().join("postgres"));
        shell.arg("-D").arg(self.dir.join("data")).arg("-k").arg(&self.dir).args(["-p", &self.port.to_string()]);
        // Tests kill hosts, never the machine, so nothing is lost by leaving out the disk's own pace.
        shell.args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=300"]);
        self.shell = Some(shell.current_dir("/").stdin(Stdio::piped()).spawn().expect("a shell runs"));
        let began = Instant::now();
        while let Err(why) = self.sql("postgres", "SELECT 1") {
            let log = || std::fs::read_to_string(self.dir.join("log")).unwrap_or_default();
            assert!(began.elapsed() < STARTED_WITHIN, "PostgreSQL does not answer: {why}{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends the server at once, as when its machine goes; what was committed stays.
    pub fn stop(&mut self) {
        self.end(b"stop\n");
    }
    fn end(&mut self, word: &[u8]) {
        if let Some(mut shell) = self.shell.take() {
            let mut input = shell.stdin.take().expect("it is piped");
            // A shell that has gone already reads no word.
            let _ = input.write_all(word);
            drop(input);
            shell.wait().expect("the shell ends");
        }
    }

    pub fn url(&self, name: &str) -> String {
        format!("postgres://xitai@127.0.0.1:{}/{name}", self.port)
    }
    /// Makes an empty database and gives its address.
    pub fn database(&self, name: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name}")).expect("a database is made");
        self.url(name)
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
    /// Copies a database that others use; gives the copy's address.
    pub fn copy_database(&self, from: &str, to: &str) -> String {
        let file = std::env::temp_dir().join(format!("xitai-{}-{to}.sql", self.port));
        self.dump(from, &file);
        let url = self.load(&file, to);
        std::fs::remove_file(&file).expect("the dump goes again");
        url
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
        // Stopped before, it has no shell any more that would tidy up.
        if self.shell.is_none() {
            let _ = as_postgres(Path::new("rm")).arg("-rf").arg(&self.dir).current_dir("/").status();
        }
        self.end(b"");
    }
}

//! A database that goes away, and a disk that is full: both mend themselves when the cause is gone.

use crate::support::*;
use std::process::Command;
use std::time::{Duration, Instant};
use xitai_model::commit::{Change, CommitRefusal};

#[test]
fn a_database_that_goes_away_for_ten_seconds_comes_back() {
    run(async {
        let mut server = Postgres::start();
        let place = Place { url: server.database("bank"), dir: tempfile::tempdir().unwrap() };
        let store = place.open().await;
        let opening = opening(Some(&new_customer()));
        store.commit(open(&opening)).await.unwrap();
        assert_eq!(store.writes().await, Ok(()));
        server.stop();
        let began = Instant::now();
        let mut answered = 0;
        while began.elapsed() < Duration::from_secs(10) {
            let asked = Instant::now();
            let refused = store.commit(event(&opening.id, 2, 1)).await;
            assert!(matches!(refused, Err(CommitRefusal::Unavailable(_))), "{refused:?}");
            assert!(store.session_fresh(&opening.id).await.is_err());
            assert!(store.writes().await.is_err(), "a host says that it is not ready");
            assert!(asked.elapsed() < Duration::from_secs(8), "nobody waits for long");
            answered += 1;
        }
        assert!(answered > 0);
        server.run();
        let began = Instant::now();
        while let Err(error) = store.writes().await {
            assert!(began.elapsed() < Duration::from_secs(5), "{error:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        store.commit(event(&opening.id, 2, 1)).await.expect("whoever says that it is ready takes the next commit");
        assert_eq!(store.session(&opening.id).await.unwrap().unwrap().position, 2);
        assert_eq!(store.verify().await.unwrap().problem, None);
    });
}

/// A small file system in memory, unmounted when dropped.
struct Small(tempfile::TempDir);

impl Small {
    fn mounted() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=12m", "none"]).arg(dir.path()).output();
        mount.is_ok_and(|done| done.status.success()).then_some(Self(dir))
    }
}
impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Only root may mount a small file system; everybody else has the limit on files alone.
#[test]
fn a_full_disk_refuses_and_recovers() {
    let Some(small) = Small::mounted() else { return a_limit_on_files_refuses_and_recovers() };
    let filler = small.0.path().join("filler");
    let fill = || std::fs::write(&filler, vec![0; 10 << 20]).unwrap();
    run(refuses_and_recovers(small.0.path(), fill, || std::fs::remove_file(&filler).unwrap()));
}

const LIMITED: &str = "XITAI_STORE_TEST_LIMITED";

/// In a process of its own, since a limit is of a whole process. Whoever ignores the signal is told by the write.
#[test]
fn a_limit_on_files_refuses_and_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["outage::child_with_a_limit_on_files", "--exact", "--nocapture"])
        .env(LIMITED, dir.path())
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
    assert!(child.status.success() && said.contains("limited and freed"), "{said}");
}

/// Not a test by itself: the process that is limited.
#[test]
fn child_with_a_limit_on_files() {
    let Some(dir) = std::env::var_os(LIMITED) else { return };
    let limit = |bytes: &str| {
        let pid = std::process::id().to_string();
        let done = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:")]).status();
        assert!(done.is_ok_and(|done| done.success()), "a limit is set");
    };
    run(refuses_and_recovers(std::path::Path::new(&dir), || limit("2097152"), || limit("unlimited")));
    println!("limited and freed");
}

async fn refuses_and_recovers(dir: &std::path::Path, fill: impl FnOnce(), free: impl FnOnce()) {
    let url = format!("sqlite:{}", dir.join("store.db").display());
    let place = Place { url, dir: tempfile::tempdir().unwrap() };
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    fill();
    let big = |number: u64| {
        let key = shared(&format!("big-{number}"));
        commit(vec![], vec![Change::SharedSet { key, value: vec![7; 300_000] }])
    };
    let mut taken = 0;
    let refused = loop {
        match store.commit(big(taken)).await {
            Ok(_) => taken += 1,
            Err(refused) => break refused,
        }
    };
    assert!(matches!(refused, CommitRefusal::Unavailable(_)), "{refused:?}");
    assert_eq!(store.session_fresh(&opening.id).await.unwrap().unwrap().position, 1, "reading goes on");
    free();
    store.commit(big(taken)).await.unwrap();
    store.commit(event(&opening.id, 2, 1)).await.unwrap();
    let verdict = store.verify().await.unwrap();
    assert_eq!((verdict.audit_records, verdict.problem), (taken + 3, None));
}

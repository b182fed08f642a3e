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
        server.stop();
        let began = Instant::now();
        let mut answered = 0;
        while began.elapsed() < Duration::from_secs(10) {
            let asked = Instant::now();
            let refused = store.commit(event(&opening.id, 2, 1)).await;
            assert!(matches!(refused, Err(CommitRefusal::Unavailable(_))), "{refused:?}");
            assert!(store.session_fresh(&opening.id).await.is_err());
            assert!(asked.elapsed() < Duration::from_secs(8), "nobody waits for long");
            answered += 1;
        }
        assert!(answered > 0);
        server.run();
        let began = Instant::now();
        while let Err(refusal) = store.commit(event(&opening.id, 2, 1)).await {
            assert!(began.elapsed() < Duration::from_secs(5), "{refusal:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
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

#[test]
fn a_full_disk_refuses_and_recovers() {
    let Some(small) = Small::mounted() else {
        eprintln!("not tried: only root may mount a small file system");
        return;
    };
    run(async {
        let url = format!("sqlite:{}", small.0.path().join("store.db").display());
        let place = Place { url, dir: tempfile::tempdir().unwrap() };
        let store = place.open().await;
        let opening = opening(Some(&new_customer()));
        store.commit(open(&opening)).await.unwrap();
        let filler = small.0.path().join("filler");
        let filled = std::fs::write(&filler, vec![0; 10 << 20]);
        assert!(filled.is_ok());
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
        std::fs::remove_file(&filler).unwrap();
        store.commit(big(taken)).await.unwrap();
        store.commit(event(&opening.id, 2, 1)).await.unwrap();
        let verdict = store.verify().await.unwrap();
        assert_eq!((verdict.audit_records, verdict.problem), (taken + 3, None));
    });
}

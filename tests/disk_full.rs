//! A full disk: typed refusals, nothing half written, and everything goes on when there is room again.

use rustix::process::{Resource, Rlimit, prlimit};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use xitai_tests::bank::Host;
use xitai_tests::desk::counted;
use xitai_tests::{Bank, Database, Seed};

/// A small file system in memory, unmounted when dropped.
struct Small(PathBuf);

impl Small {
    fn mounted(at: &Path) -> Self {
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256m", "none"]).arg(at).status();
        assert!(mount.is_ok_and(|status| status.success()), "a small file system is mounted");
        Self(at.to_owned())
    }
}
impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Only root may mount a small file system; everybody else has the limit on files alone, which the test below tries
/// for everybody.
#[test]
fn a_full_disk_loses_nothing() {
    if !rustix::process::geteuid().is_root() {
        return a_limit_on_files_loses_nothing();
    }
    let outer = tempfile::tempdir().expect("a folder");
    let small = Small::mounted(outer.path());
    let dir = tempfile::Builder::new().tempdir_in(outer.path()).expect("a folder");
    let filler = outer.path().join("filler");
    let fill = |_: &Host, _: &Path| {
        let filled =
            Command::new("dd").args(["if=/dev/zero", "bs=4096"]).arg(format!("of={}", filler.display())).output();
        assert!(filled.is_ok_and(|output| !output.status.success()), "the disk is full");
    };
    let free = |_: &Host| std::fs::remove_file(&filler).expect("there is room again");
    loses_nothing(dir, fill, free);
    drop(small);
}

/// The database's files may grow no further: what a quota or a full disk is to the host.
#[test]
fn a_limit_on_files_loses_nothing() {
    let limit = |host: &Host, current: Option<u64>| {
        prlimit(Some(host.process.pid()), Resource::Fsize, Rlimit { current, maximum: None }).expect("a limit is set");
    };
    let fill = |host: &Host, data: &Path| {
        let files = std::fs::read_dir(data).expect("the data folder").flatten();
        let largest = files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).max().unwrap_or(0);
        limit(host, Some(largest + (256 << 10)));
    };
    loses_nothing(tempfile::tempdir().expect("a folder"), fill, |host: &Host| limit(host, None));
}

fn loses_nothing(dir: tempfile::TempDir, fill: impl FnOnce(&Host, &Path), free: impl FnOnce(&Host)) {
    let mut bank = Bank::seeded_in(dir, Database::Sqlite, Seed::Desk);
    bank.add_host(&[]);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.tap("count");

    fill(&bank.hosts[0], &bank.data());
    let large = "x".repeat(3_000);
    let keep = |n: u64| json!([{"do": "keep", "key": format!("k{n}"), "value": large}]);
    let mut refused = None;
    let mut taken = 1;
    for number in 0..4_000 {
        let answer = session.try_script(keep(number));
        if answer.status == 429 {
            // Too many in a second says nothing of the disk.
            std::thread::sleep(Duration::from_secs(1));
            continue;
        }
        if answer.status >= 400 {
            refused = Some(answer);
            break;
        }
        taken += 1;
    }
    let refused = refused.expect("a full disk is noticed");
    assert!(matches!(refused.status, 503 | 507), "{} {}", refused.status, refused.text());
    assert!(matches!(refused.code().as_str(), "host.storage-full" | "host.unavailable"), "{}", refused.text());
    assert!(bank.host().process.ended().is_none(), "the host lives: {}", bank.hosts[0].log());

    free(&bank.hosts[0]);
    let position = session.reload().position();
    assert_eq!(position, taken + 1, "what was acknowledged is there, what was refused is not");
    xitai_tests::eventually("events are taken again", Duration::from_secs(20), || {
        (session.try_tap("count").status < 300).then_some(())
    });
    assert_eq!(counted(&session.view), 2);
    bank.verified();
}

//! A full disk: typed refusals, nothing half written, and everything goes on when there is room again.

use serde_json::json;
use std::process::Command;
use xitai_tests::desk::counted;
use xitai_tests::{Bank, Database, Seed};

/// A small file system in memory, unmounted when dropped.
struct Small(std::path::PathBuf);

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_loses_nothing() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("not tried: only root may mount a small file system");
        return;
    }
    let outer = tempfile::tempdir().expect("a folder");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=96m", "none"]).arg(outer.path()).status();
    assert!(mounted.is_ok_and(|s| s.success()), "a small file system is mounted");
    let small = Small(outer.path().to_owned());
    let dir = tempfile::Builder::new().tempdir_in(outer.path()).expect("a folder");
    let mut bank = Bank::seeded_in(dir, Database::Sqlite, Seed::Desk);
    bank.add_host(&[]);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.tap("count");

    let filler = outer.path().join("filler");
    let filled = Command::new("dd").args(["if=/dev/zero", "bs=4096"]).arg(format!("of={}", filler.display())).output();
    assert!(filled.is_ok_and(|o| !o.status.success()), "the disk is full");
    let large = "x".repeat(3_000);
    let keep = |n: u64| json!([{"do": "keep", "key": format!("k{n}"), "value": large}]);
    let mut refused = None;
    let mut taken = 1;
    for number in 0..4_000 {
        let answer = session.try_script(keep(number));
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

    std::fs::remove_file(&filler).expect("there is room again");
    let position = session.reload().position();
    assert_eq!(position, taken + 1, "what was acknowledged is there, what was refused is not");
    xitai_tests::eventually("events are taken again", std::time::Duration::from_secs(20), || {
        (session.try_tap("count").status < 300).then_some(())
    });
    assert_eq!(counted(&session.view), 2);
    bank.verified();
    drop(bank);
    drop(small);
}

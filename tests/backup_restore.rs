//! A backup taken under load comes back as a bank that verifies and goes on.

use std::sync::atomic::{AtomicBool, Ordering};
use xitai_tests::desk::{DESK, counted};
use xitai_tests::{Bank, Database, binary};

#[test]
fn a_backup_of_a_working_bank_comes_back_on_sqlite() {
    comes_back(Database::Sqlite);
}

#[test]
fn a_backup_of_a_working_bank_comes_back_on_postgresql() {
    comes_back(Database::Postgres);
}

fn comes_back(database: Database) {
    let bank = Bank::desk_on(database);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.tap("count");
    let over = AtomicBool::new(false);
    let backup = bank.folder().join("backup");
    let backup_text = backup.to_string_lossy().into_owned();
    let acknowledged = std::thread::scope(|scope| {
        let tapping = scope.spawn(|| {
            let mut device = session.on_device("busy");
            while !over.load(Ordering::Relaxed) {
                device.tap("count");
                std::thread::sleep(std::time::Duration::from_millis(30));
            }
            counted(&device.view)
        });
        bank.xitai(&["backup", &backup_text]).done();
        over.store(true, Ordering::Relaxed);
        tapping.join().expect("a tapper")
    });
    let into = bank.folder().join("restored");
    let into_text = into.to_string_lossy().into_owned();
    let url = bank.postgres.as_ref().map(|p| p.database("restored"));
    let mut args = vec!["restore", &backup_text, "--data", &into_text];
    if let Some(url) = &url {
        args.extend(["--database", url]);
    }
    let restored = binary::run(&args, &[]).done();
    assert!(restored.stdout.contains("verify"), "{}", restored.stdout);
    // A second restore does not overwrite a bank.
    assert_eq!(binary::run(&args, &[]).code, 1);

    let second = Bank::serve_restored(&into, url.as_deref());
    let signed_in = second.caller("wang");
    let mut there = xitai_tests::Session::open(&signed_in, DESK, serde_json::json!({}));
    there.tap("count");
    // The old session is there too, as far as it had come.
    session.caller = signed_in;
    let kept = counted(session.reload());
    assert!((1..=acknowledged).contains(&kept), "{kept} of {acknowledged}");
    session.on_device("after-restore").tap("count");
}

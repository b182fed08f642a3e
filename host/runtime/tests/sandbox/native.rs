//! Native code is loaded only when this host made it.

use crate::stage::granted;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xitai_model::digest::Digest;
use xitai_runtime::{LoadFault, Runtime, RuntimeConfig};
use xitai_test_components::Guest;

fn runtime(dir: &Path, key: u8) -> Arc<Runtime> {
    Runtime::new(RuntimeConfig { native_dir: dir.to_owned(), native_key: [key; 32], lanes: 1 }).unwrap()
}

fn file(dir: &Path) -> PathBuf {
    let files: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

fn fault(runtime: &Runtime, digest: &Digest) -> LoadFault {
    runtime.load(digest, &granted()).err().expect("it must not load")
}

#[test]
fn only_what_this_host_wrote_is_loaded() {
    let dir = tempfile::tempdir().unwrap();
    let component = Guest::default().component();
    let digest = Digest::of(&component);
    let first = runtime(dir.path(), 1);
    assert_eq!(fault(&first, &digest), LoadFault::NotCompiled);
    first.compile(&component).unwrap();
    assert!(first.is_compiled(&digest));
    first.load(&digest, &granted()).unwrap();
    // Another key, another host.
    assert_eq!(fault(&runtime(dir.path(), 2), &digest), LoadFault::Changed);
    // The same key: the file is used as it is.
    runtime(dir.path(), 1).load(&digest, &granted()).unwrap();
}

#[test]
fn one_changed_byte_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let component = Guest::default().component();
    let digest = Digest::of(&component);
    runtime(dir.path(), 1).compile(&component).unwrap();
    let path = file(dir.path());
    let whole = std::fs::read(&path).unwrap();
    for at in [0, 31, 32, whole.len() / 2, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        assert_eq!(fault(&runtime(dir.path(), 1), &digest), LoadFault::Changed, "byte {at}");
    }
    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(fault(&runtime(dir.path(), 1), &digest), LoadFault::Changed);
    std::fs::write(&path, b"").unwrap();
    assert_eq!(fault(&runtime(dir.path(), 1), &digest), LoadFault::Changed);
}

#[test]
fn one_programs_native_code_is_not_anothers() {
    let dir = tempfile::tempdir().unwrap();
    let component = Guest::default().component();
    runtime(dir.path(), 1).compile(&component).unwrap();
    let path = file(dir.path());
    let other = Guest::updating("(nop)").component();
    let name = path.file_name().unwrap().to_str().unwrap();
    let renamed = name.replace(Digest::of(&component).hex(), Digest::of(&other).hex());
    std::fs::rename(&path, dir.path().join(renamed)).unwrap();
    assert_eq!(fault(&runtime(dir.path(), 1), &Digest::of(&other)), LoadFault::Changed);
}

#[test]
fn what_was_not_granted_is_not_linked() {
    let dir = tempfile::tempdir().unwrap();
    let guest = Guest {
        imports: r#"(import "xitai:identity/customer@1.0.0" "whoami" (func $whoami (param i32)))"#,
        ..Guest::updating("(call $whoami (i32.const 512))")
    };
    let component = guest.component();
    let runtime = runtime(dir.path(), 1);
    runtime.compile(&component).unwrap();
    let LoadFault::NotLinked(why) =
        runtime.load(&Digest::of(&component), &["xitai:services/log".to_owned()]).err().unwrap()
    else {
        panic!("it must not link")
    };
    assert!(why.contains("identity/customer"), "{why}");
}

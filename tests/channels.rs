//! Every sample on every channel, in Chinese and in English, looks as it did: `XITAI_GOLDEN=write` writes what is kept in
//! `golden/samples` anew, to be looked at before it is kept.

use std::collections::BTreeMap;
use std::path::Path;
use xitai_tests::binary::run_in;
use xitai_tests::package;
use xitai_tests::process::repository;

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let read = |path: &Path| std::fs::read_to_string(path).expect("a drawing");
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), read(&entry.path()))).collect()
}

#[test]
fn every_sample_looks_on_every_channel_as_it_did() {
    let writes = std::env::var_os("XITAI_GOLDEN").is_some_and(|it| it == "write");
    let samples = std::fs::read_dir(repository().join("mini-programs")).expect("a folder").flatten();
    let mut unlike = Vec::new();
    for sample in samples.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("it.ma"), package::built(&format!("mini-programs/{sample}")))
            .expect("a file");
        let args = ["test", "it.ma", "--draw", "drawn", "--languages", "zh-CN,en,ru,fa"];
        run_in(folder.path(), &args, &[]).done();
        let (drawn, kept) =
            (files(&folder.path().join("drawn")), repository().join("tests/golden/samples").join(&sample));
        assert!(drawn.len() >= 12, "{sample} has a scene on three channels in four languages: {:?}", drawn.keys());
        if writes {
            std::fs::create_dir_all(&kept).expect("a folder");
            files(&kept).keys().for_each(|name| std::fs::remove_file(kept.join(name)).expect("it is there"));
            drawn.iter().for_each(|(name, text)| std::fs::write(kept.join(name), text).expect("a file"));
        }
        let before = files(&kept);
        let names = drawn.keys().chain(before.keys());
        let differ = names.filter(|name| drawn.get(*name) != before.get(*name));
        unlike.extend(differ.map(|name| format!("{sample}/{name}")));
    }
    unlike.sort();
    unlike.dedup();
    assert!(unlike.is_empty(), "these are drawn otherwise than tests/golden/samples has them: {unlike:#?}");
}

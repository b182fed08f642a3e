//! A code is never taken away, renamed or given another status: programs and clients compare them.

use std::collections::BTreeMap;
use xitai_model::code;

/// New codes are added to the list with `XITAI_UPDATE=1 cargo test -p xitai-model`; a line that would change is a
/// break of the contract.
#[test]
fn published_codes_stay_as_they_are() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/codes.txt");
    let now: BTreeMap<&str, String> =
        code::ALL.iter().map(|row| (row.code, format!("{} {} {:?}", row.code, row.http, row.kind))).collect();
    if std::env::var("XITAI_UPDATE").is_ok_and(|word| word == "1") {
        let text: String = now.values().map(|line| format!("{line}\n")).collect();
        std::fs::write(path, text).expect("golden/codes.txt can be written");
    }
    let published = std::fs::read_to_string(path).expect("golden/codes.txt is there");
    for line in published.lines() {
        let code = line.split(' ').next().unwrap_or_default();
        assert_eq!(now.get(code).map(String::as_str), Some(line), "{code} was published otherwise");
    }
}

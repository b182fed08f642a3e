//! `docs/limits.md` is made from the table in `limits.rs`. `XITAI_UPDATE=1 cargo test -p xitai-model` writes it anew.

use std::fmt::Write as _;
use xitai_model::limits;

fn page() -> String {
    let mut page = String::from(
        "# Limits\n\nEvery limit of the product, made from the table in `host/model/src/limits.rs`. What is past a limit gets a typed\n\
         answer that names it; nothing is lost.\n\n| limit | value | unit | why |\n|---|---:|---|---|\n",
    );
    for limit in limits::table() {
        writeln!(page, "| `{}` | {} | {} | {} |", limit.name, grouped(limit.value), limit.unit, limit.why)
            .expect("a string takes every write");
    }
    page
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[test]
fn the_page_is_made_from_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/limits.md");
    if std::env::var("XITAI_UPDATE").is_ok_and(|word| word == "1") {
        std::fs::write(path, page()).expect("docs/limits.md can be written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(kept, page(), "docs/limits.md is stale: run XITAI_UPDATE=1 cargo test -p xitai-model");
}

#[test]
fn every_limit_says_why() {
    for limit in limits::table() {
        assert!(limit.why.ends_with('.') && limit.why.len() > 15, "{} has no reason", limit.name);
        assert!(limit.value > 0, "{} is nothing", limit.name);
    }
}

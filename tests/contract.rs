//! The contract once released stays: a minor adds interfaces and functions, and nothing else.
//!
//! `contract/1.0.0.txt` holds every type and function of the contract, one on a line, as `wit-parser` reads them. Later
//! contracts must hold each of these lines as it is: wasmtime compares records, variants and enums exactly, so that one
//! more case and an old component no longer instantiates, though it links. The component beside it was built of that
//! contract and is instantiated for ever.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use wit_parser::{Handle, Resolve, Type, TypeDefKind, TypeId};
use xitai_model::digest::Digest;
use xitai_tests::{binary, desk, process};

/// The contracts that are released, each with the digest of its copy: whoever changes one changes this line too, in sight
/// of the reviewer. The next minor is one more line; its copy is written by `XITAI_GOLDEN=write`, where there is none yet.
const RELEASED: &[(&str, &str)] =
    &[("1.0.0", "sha256:da8925496b514c6f6c22fec6523e4ca8c65210bcaea7f5a561089efc774b83ad")];

fn kept(name: &str) -> PathBuf {
    process::repository().join("tests/contract").join(name)
}

/// Each type and function of the contract, one on a line.
fn facts(of: &Resolve) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (_, package) in &of.packages {
        for (name, interface) in &package.interfaces {
            let place = format!("{}/{name}", package.name);
            let interface = &of.interfaces[*interface];
            for (name, id) in &interface.types {
                lines.insert(format!("{place} type {name} = {}", definition(of, *id)));
            }
            for (name, function) in &interface.functions {
                let params: Vec<String> =
                    function.params.iter().map(|param| format!("{}: {}", param.name, named(of, &param.ty))).collect();
                let result = function.result.as_ref().map_or_else(|| "nothing".to_owned(), |it| named(of, it));
                lines.insert(format!("{place} func {name}({}) -> {result}", params.join(", ")));
            }
        }
    }
    lines
}

/// A type by its name where it has one, else by what it is.
fn named(of: &Resolve, it: &Type) -> String {
    match it {
        Type::Id(id) => match &of.types[*id].name {
            Some(name) => name.clone(),
            None => definition(of, *id),
        },
        plain => format!("{plain:?}").to_lowercase(),
    }
}

fn definition(of: &Resolve, id: TypeId) -> String {
    let some = |it: &Option<Type>| it.as_ref().map_or_else(|| "_".to_owned(), |it| named(of, it));
    let all = |parts: Vec<String>| parts.join(", ");
    match &of.types[id].kind {
        TypeDefKind::Record(it) => {
            let fields = it.fields.iter().map(|field| format!("{}: {}", field.name, named(of, &field.ty)));
            format!("record {{ {} }}", all(fields.collect()))
        }
        TypeDefKind::Variant(it) => {
            let cases = it.cases.iter().map(|case| format!("{}({})", case.name, some(&case.ty)));
            format!("variant {{ {} }}", all(cases.collect()))
        }
        TypeDefKind::Enum(it) => format!("enum {{ {} }}", all(it.cases.iter().map(|case| case.name.clone()).collect())),
        TypeDefKind::Flags(it) => {
            format!("flags {{ {} }}", all(it.flags.iter().map(|flag| flag.name.clone()).collect()))
        }
        TypeDefKind::Tuple(it) => format!("tuple<{}>", all(it.types.iter().map(|it| named(of, it)).collect())),
        TypeDefKind::Option(it) => format!("option<{}>", named(of, it)),
        TypeDefKind::Result(it) => format!("result<{}, {}>", some(&it.ok), some(&it.err)),
        TypeDefKind::List(it) => format!("list<{}>", named(of, it)),
        TypeDefKind::Type(it) => named(of, it),
        TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => format!("handle {}", definition(of, *id)),
        other => other.as_str().to_owned(),
    }
}

fn read(folder: &Path) -> Resolve {
    let mut resolve = Resolve::default();
    resolve.push_dir(folder).expect("the contract can be read");
    resolve
}

fn of_text(text: &str) -> BTreeSet<String> {
    let mut resolve = Resolve::default();
    resolve.push_str("contract.wit", text).expect("a package");
    facts(&resolve)
}

/// What a later contract took away or changed.
fn lost<'a>(before: &'a BTreeSet<String>, now: &'a BTreeSet<String>) -> Vec<&'a String> {
    before.difference(now).collect()
}

#[test]
fn a_minor_adds_functions_and_interfaces_only() {
    let before = "package a:b; interface c { record r { x: u32 } enum e { one } f: func(r: r) -> result<e>; }";
    let with = |text: &str| lost(&of_text(before), &of_text(text)).len();
    let cases = [
        ("a function", "interface c { record r { x: u32 } enum e { one } f: func(r: r) -> result<e>; g: func(); }", 0),
        (
            "an interface",
            "interface c { record r { x: u32 } enum e { one } f: func(r: r) -> result<e>; } interface d { g: func(); }",
            0,
        ),
        ("one more case", "interface c { record r { x: u32 } enum e { one, two } f: func(r: r) -> result<e>; }", 1),
        ("one more field", "interface c { record r { x: u32, y: u8 } enum e { one } f: func(r: r) -> result<e>; }", 1),
        (
            "another parameter",
            "interface c { record r { x: u32 } enum e { one } f: func(r: r, n: u8) -> result<e>; }",
            1,
        ),
        ("a function less", "interface c { record r { x: u32 } enum e { one } }", 1),
        ("an interface less", "interface d { }", 3),
    ];
    for (what, text, count) in cases {
        assert_eq!(with(&format!("package a:b; {text}")), count, "{what}");
    }
}

#[test]
fn the_contract_holds_what_was_released() {
    let now = facts(&read(&process::repository().join("wit")));
    assert!(now.len() > 100, "the whole contract is read: {} lines", now.len());
    for (version, digest) in RELEASED {
        let (copy, component) = (kept(&format!("{version}.txt")), kept(&format!("{version}.ma")));
        if !copy.exists() && std::env::var_os("XITAI_GOLDEN").is_some_and(|it| it == "write") {
            let text: String = now.iter().map(|line| format!("{line}\n")).collect();
            std::fs::write(&copy, text).expect("the copy is written");
            std::fs::write(&component, desk::package()).expect("the component is kept");
        }
        let text = std::fs::read_to_string(&copy).unwrap_or_else(|fault| panic!("{}: {fault}", copy.display()));
        assert_eq!(Digest::of(text.as_bytes()).to_string(), *digest, "{} is not the recorded one", copy.display());
        let before: BTreeSet<String> = text.lines().map(str::to_owned).collect();
        let lost = lost(&before, &now);
        assert!(lost.is_empty(), "the contract lost or changed of {version}: {lost:#?}");
        // The component needs only what it was built of.
        binary::run(&["check", &component.to_string_lossy(), "--json"], &[]).done();
    }
}

use super::*;
use crate::code;
use crate::limits::{SCENE_BYTES_MAX, SCENE_PEOPLE_MAX, SCENE_TURNS_MAX};

const LUNCH: &str = r##"
title = "Lunch"

[given]
at = 2026-03-02T12:30:00+08:00
seed = 7
locale = "en"
config = { hours = "10:30-13:30" }
counters = { stock-1 = 3 }

[[given.content]]
titles = { zh-CN = "面", en = "Noodles" }
price = "18.00 CNY"
stock = 3
tags = ["dining"]

[given.people.wang]
level = "registered"
funds = "12.50 CNY"
facts = { legal_name = "Wang" }
[given.people.zhou]
role = "manager"

[[when]]
who = "wang"
open = "pages/index"
query = { table = "7" }

[[when]]
who = "wang"
submit = "form"
by = "pay"
values = { name = "x", services = ["a", "b"], sides = [] }
then.screen = '''
# Menu
'''
then.sheet = ""
then.asked = ["payments.request"]

[[when]]
wait = "5m"

[[when]]
partner = "hospital"
reply = 409
body = "{}"
"##;

fn found(text: &str) -> Vec<(String, &'static str, String)> {
    let findings = read("scenes/a.toml", text).expect_err("something is wrong");
    let row = |finding: crate::release::Finding| {
        (finding.place, code::find(&finding.code).expect("a code").code, finding.evidence)
    };
    findings.into_iter().map(row).collect()
}

/// A scene with these lines after its head of three.
fn with(lines: &str) -> String {
    format!("title = \"A\"\n[given.people.wang]\n[[when]]\n{lines}\n")
}

#[track_caller]
fn refused(text: &str, line: usize, code: &code::Code, evidence: &str) {
    let found = found(text);
    let hit = found.iter().any(|(place, found, told)| {
        *place == format!("scenes/a.toml:{line}") && *found == code.code && told.contains(evidence)
    });
    assert!(hit, "{found:?}");
}

#[test]
fn a_scene_is_read_whole() {
    let scene = read("scenes/lunch.toml", LUNCH).expect("a scene");
    // 04:30 in Greenwich.
    assert_eq!((scene.given.at_ms, scene.given.seed), (1_772_425_800_000, 7));
    assert_eq!(scene.given.people["wang"].part, Part::Customer(Level::Registered));
    assert_eq!(scene.given.people["wang"].funds, Money::cny(1_250));
    assert_eq!(scene.given.people["zhou"].part, Part::Manager);
    assert_eq!(scene.turns.iter().map(|turn| turn.line).collect::<Vec<_>>(), [24, 29, 40, 43]);
    let [noodles] = scene.given.content.as_slice() else { panic!("an entry: {:?}", scene.given.content) };
    assert_eq!(
        (noodles.kind, noodles.price, noodles.stock),
        (crate::content::Kind::Product, Some(Money::cny(1_800)), Some(3))
    );
    let Act::Submit { values, emptied, .. } = &scene.turns[1].act else { panic!("a submit") };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(*values, [pair("name", "x"), pair("services", "a"), pair("services", "b")]);
    assert_eq!(*emptied, ["sides"]);
    assert_eq!(scene.turns[2].act, Act::Wait { ms: 300_000 });
    assert_eq!(scene.turns[3].who, None);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    refused("title = \n", 1, code::SCENE_MALFORMED, "");
    refused(&with("who = \"wang\"\ntpa = \"x\""), 5, code::SCENE_MALFORMED, "tpa");
    refused(&with("who = \"wang\""), 3, code::SCENE_TURN, "nothing happens");
    refused(&with("who = \"wang\"\ntap = \"x\"\nopen = \"y\""), 3, code::SCENE_TURN, "open and tap");
    refused(&with("who = \"wang\"\ntap = \"x\"\nbody = \"y\""), 3, code::SCENE_TURN, "body says nothing about tap");
    refused(&with("who = \"li\"\ntap = \"x\""), 4, code::SCENE_VALUE, "`li`");
    refused(&with("tap = \"x\""), 3, code::SCENE_VALUE, "who:");
    refused(&with("who = \"wang\"\nsheet = \"agree\""), 5, code::SCENE_VALUE, "confirm, decline or expire");
    refused(&with("wait = \"5 minutes\""), 4, code::SCENE_VALUE, "30s");
    refused(&with("partner = \"h\"\nreply = 99"), 5, code::SCENE_VALUE, "99");
    refused(&with("partner = \"h\"\nhangs = true\naway = true"), 3, code::SCENE_TURN, "one thing");
    refused("title = \"A\"\n[given]\nat = 2026-03-02\n[[when]]\nwait = \"1s\"\n", 3, code::SCENE_VALUE, "offset");
    refused(
        "title = \"A\"\n[given.people.wang]\nfunds = \"5\"\n[[when]]\nwait = \"1s\"\n",
        3,
        code::SCENE_VALUE,
        "12.50 CNY",
    );
    let entry = |lines: &str| format!("title = \"A\"\n[[given.content]]\n{lines}\n[[when]]\nwait = \"1s\"\n");
    refused(&entry("titles = {}"), 3, code::SCENE_VALUE, "titles");
    refused(&entry("titles = { en = \"x\" }\nkind = \"dish\""), 4, code::SCENE_VALUE, "`dish`");
    refused(&entry("titles = { en = \"x\" }\nprice = \"5\""), 4, code::SCENE_VALUE, "12.50 CNY");
    refused("title = \" \"\n[[when]]\nwait = \"1s\"\n", 1, code::SCENE_VALUE, "title");
}

#[test]
fn all_of_it_is_told_at_once() {
    let text = with("who = \"li\"\ntap = \"x\"\n[[when]]\nwait = \"x\"");
    assert_eq!(found(&text).len(), 2);
}

#[test]
fn limits_hold_at_their_edges() {
    let turns = |count: usize| format!("title = \"A\"\n{}", "[[when]]\nwait = \"1s\"\n".repeat(count));
    assert!(read("scenes/a.toml", &turns(SCENE_TURNS_MAX)).is_ok());
    refused(&turns(SCENE_TURNS_MAX + 1), 1, code::SCENE_TOO_LARGE, "");
    refused(&turns(0), 1, code::SCENE_TOO_LARGE, "0 [[when]]");
    let people = |count: usize| {
        let people: String = (0..count).map(|number| format!("[given.people.p{number:03}]\n")).collect();
        format!("title = \"A\"\n{people}[[when]]\nwait = \"1s\"\n")
    };
    assert!(read("scenes/a.toml", &people(SCENE_PEOPLE_MAX)).is_ok());
    assert!(found(&people(SCENE_PEOPLE_MAX + 1)).iter().any(|(_, code, _)| *code == "scene.too-large"));
    let filled = |bytes: usize| {
        let head = turns(1);
        format!("{head}{}", "#".repeat(bytes - head.len()))
    };
    assert!(read("scenes/a.toml", &filled(SCENE_BYTES_MAX)).is_ok());
    refused(&filled(SCENE_BYTES_MAX + 1), 1, code::SCENE_TOO_LARGE, "");
    for (wait, fits) in [("31d", true), ("32d", false), ("0s", false), ("99999999999999999d", false)] {
        assert_eq!(read("scenes/a.toml", &with(&format!("wait = \"{wait}\""))).is_ok(), fits, "{wait}");
    }
}

#[test]
fn only_files_of_the_folder_itself_are_scenes() {
    for (name, is) in [
        ("scenes/lunch.toml", true),
        ("scenes/.toml", false),
        ("scenes/deep/lunch.toml", false),
        ("lunch.toml", false),
        ("scenes/lunch.txt", false),
    ] {
        assert_eq!(is_scene(name), is, "{name}");
    }
}

#[test]
fn differences_are_lines_that_a_person_can_read() {
    let scene = read("scenes/lunch.toml", LUNCH).expect("a scene");
    let came =
        Came { screen: Some("# Menu".to_owned()), asked: vec!["payments.request".to_owned()], ..Came::default() };
    assert_eq!(scene.turns[1].differences(&came), []);
    let other = Came { screen: Some("# Menu\nRice\nSoup".to_owned()), sheet: "pay".to_owned(), ..came.clone() };
    let found = scene.turns[1].differences(&other);
    assert_eq!(found.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), ["screen", "sheet"]);
    assert_eq!(found[0].lines, ["  # Menu", "+ Rice", "+ Soup"]);
    // What no scene announced is told also where nothing else is compared.
    let fell = Came { refused: Some("fault.trap".to_owned()), detail: "unreachable".to_owned(), ..Came::default() };
    let found = scene.turns[0].differences(&fell);
    assert_eq!(found[0].lines, ["+ fault.trap", "  unreachable"]);
}

#[test]
fn changed_lines_stand_where_they_changed() {
    let lines = compare::lines("a\nb\nc\nd", "a\nx\nc\ne\nd");
    assert_eq!(lines, ["  a", "- b", "+ x", "  c", "+ e", "  d"]);
    assert_eq!(compare::lines("a \n\n", "\na"), ["  a"]);
}

//! What happened, as a scene's file: `given` as the bank was, and each turn that led to where it stands. What is to be
//! seen is not taken from here: the scene is played, as `xitai test` plays it, and what comes is written.

use super::moment::{Moments, What};
use super::stage::Play;
use crate::cli::test::golden;
use crate::scene::record::Played;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};
use xitai_model::identity::Level;
use xitai_model::limits::SCENE_TURNS_MAX;
use xitai_model::program::Surface;
use xitai_model::scene::{self, Act, CoreAct, Part, PartnerAct, Person, SheetAct};

/// What came of saving.
#[derive(Debug, Serialize)]
pub struct Saved {
    /// Below the program's folder.
    pub file: String,
    pub turns: usize,
    /// Turns that are refused in it.
    pub refused: Vec<String>,
    /// Turns whose page is another one than was seen on the stage, such as one that was drawn by an older release.
    pub unlike: Vec<String>,
}

/// A scene's name as a file's: letters, digits, `-` and `_` of any script.
pub fn file_of(name: &str) -> Option<String> {
    let is_plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let fits = (1..=60).contains(&name.len()) && name.chars().all(is_plain);
    fits.then(|| format!("{}{name}{}", scene::FOLDER, scene::EXTENSION))
}

/// Writes the way to where the bank stands as a scene of the program.
pub async fn save(play: &Play, folder: &Path, name: &str, title: &str, over: bool) -> Result<Saved, String> {
    let file = file_of(name).ok_or("A scene's name has letters, digits, - and _, and at most 60 bytes.")?;
    let path = folder.join(&file);
    if path.exists() && !over {
        return Err(format!("{file} is there already: choose another name, or say that it is to be replaced."));
    }
    let way = way(&play.moments)?;
    let people: BTreeSet<&str> = way.iter().filter_map(|(who, _)| who.as_deref()).collect();
    let title = if title.trim().is_empty() { name } else { title };
    let mut given = given(play.ground.text.as_deref(), &play.ground.given.people, &people);
    if play.ground.given.core {
        carried(&mut given);
    }
    let text = text(title, given, &way);
    let read = scene::read(&file, &text).map_err(|findings| {
        let told = findings.iter().map(|finding| format!("{}: {}", finding.place, finding.evidence));
        told.collect::<Vec<_>>().join("; ")
    })?;
    let played = play.rehearsal.play(&read, None).await.map_err(|fault| fault.told().to_owned())?;
    let text = golden::written(&text, &played)?;
    let told = |fault: std::io::Error| format!("{}: {fault}", path.display());
    std::fs::create_dir_all(folder.join(scene::FOLDER)).map_err(told)?;
    std::fs::write(&path, text).map_err(told)?;
    Ok(Saved { file, turns: way.len(), refused: refused(&played), unlike: unlike(play, &played) })
}

type Turned = (Option<String>, Act);

/// The turns that led to where the bank stands. A new release in between says nothing: the scene plays the newest.
fn way(moments: &Moments) -> Result<Vec<Turned>, String> {
    let Some(at) = moments.at() else { return Err("Nothing has happened yet.".to_owned()) };
    let mut way = Vec::new();
    for moment in moments.way_to(at).into_iter().filter_map(|id| moments.get(id)) {
        match &moment.what {
            What::Turn(act) => way.push((moment.who.clone(), act.clone())),
            What::Reload => {}
            What::State(_) | What::Other => {
                return Err(format!(
                    "\"{}\" is nothing that a scene can say. Go back before it, and save from there.",
                    moment.told
                ));
            }
        }
    }
    if way.is_empty() || way.len() > SCENE_TURNS_MAX {
        return Err(format!("A scene has 1 to {SCENE_TURNS_MAX} turns; these are {}.", way.len()));
    }
    Ok(way)
}

fn refused(played: &Played) -> Vec<String> {
    let turns = played.turns.iter();
    turns.filter_map(|turn| Some(format!("{}: {}", turn.act, turn.came.refused.as_ref()?))).collect()
}

fn unlike(play: &Play, played: &Played) -> Vec<String> {
    let Some(at) = play.moments.at() else { return Vec::new() };
    let way = play.moments.way_to(at).into_iter().filter_map(|id| play.moments.get(id));
    let seen = way.filter(|moment| matches!(moment.what, What::Turn(_)));
    let differs = seen.zip(&played.turns).filter(|(moment, turn)| moment.came.screen != turn.came.screen);
    differs.map(|(_, turn)| turn.act.clone()).collect()
}

/// The file without what is to be seen.
fn text(title: &str, given: Option<Item>, way: &[Turned]) -> String {
    let mut document = DocumentMut::new();
    document["title"] = value(title);
    if let Some(given) = given {
        document["given"] = given;
    }
    let mut turns = ArrayOfTables::new();
    way.iter().for_each(|(who, act)| turns.push(turn(who.as_deref(), act)));
    document["when"] = Item::ArrayOfTables(turns);
    document.to_string()
}

/// As the scene has it whose bank it is, with those who came on besides.
fn given(base: Option<&str>, people: &BTreeMap<String, Person>, on: &BTreeSet<&str>) -> Option<Item> {
    let base = base.and_then(|text| text.parse::<DocumentMut>().ok());
    let mut given = base.and_then(|mut document| document.remove("given")).unwrap_or_else(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let table = given.as_table_like_mut()?;
    let there = table.entry("people").or_insert_with(|| {
        let mut people = Table::new();
        people.set_implicit(true);
        Item::Table(people)
    });
    let there = there.as_table_like_mut()?;
    for (name, person) in people.iter().filter(|(name, _)| on.contains(name.as_str())) {
        if !there.contains_key(name) {
            there.insert(name, Item::Table(somebody(person)));
        }
    }
    Some(given)
}

/// By the bank's core, whatever the scene says whose bank it is.
fn carried(given: &mut Option<Item>) {
    if let Some(table) = given.as_mut().and_then(Item::as_table_like_mut) {
        table.insert("core", value(true));
    }
}

fn somebody(person: &Person) -> Table {
    let mut table = Table::new();
    match person.part {
        Part::Customer(Level::AccountHolder) => {}
        Part::Customer(level) => table["level"] = value(word(&level)),
        Part::Manager => table["role"] = value("manager"),
        Part::Clerk => table["role"] = value("clerk"),
    }
    table
}

/// A word of a list, by the name that it has in documents.
fn word<T: Serialize>(value: &T) -> String {
    let word = serde_json::to_value(value).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn turn(who: Option<&str>, act: &Act) -> Table {
    let mut table = Table::new();
    if let Some(who) = who {
        table["who"] = value(who);
    }
    let mut set = |name: &str, it: Value| drop(table.insert(name, Item::Value(it)));
    match act {
        Act::Open(opened) => {
            set("open", opened.page.as_str().into());
            if !opened.query.is_empty() {
                set("query", pairs(&opened.query, &[]));
            }
            if let Some(channel) = &opened.channel {
                set("channel", word(channel).into());
            }
            if let Some(locale) = &opened.locale {
                set("locale", locale.as_str().into());
            }
            if opened.elder_mode {
                set("large", true.into());
            }
            if opened.surface != Surface::Page {
                set("surface", word(&opened.surface).into());
            }
        }
        Act::Tap { node, value } => {
            set("tap", node.as_str().into());
            if let Some(value) = value {
                set("value", value.as_str().into());
            }
        }
        Act::Submit { form, button, values, emptied } => {
            set("submit", form.as_str().into());
            set("by", button.as_str().into());
            if !values.is_empty() || !emptied.is_empty() {
                set("values", pairs(values, emptied));
            }
        }
        Act::Fill { node, value } => {
            set("fill", node.as_str().into());
            set("value", value.as_str().into());
        }
        Act::Sheet(SheetAct::Confirm(answers)) => {
            set("sheet", "confirm".into());
            if !answers.is_empty() {
                set("answers", pairs(answers, &[]));
            }
        }
        Act::Sheet(SheetAct::Decline) => set("sheet", "decline".into()),
        Act::Sheet(SheetAct::Expire) => set("sheet", "expire".into()),
        Act::Look => set("look", true.into()),
        Act::Leave => set("leave", true.into()),
        Act::Resume => set("resume", true.into()),
        Act::Wait { ms } => set("wait", duration(*ms).into()),
        Act::Partner { endpoint, answer } => {
            set("partner", endpoint.as_str().into());
            match answer {
                PartnerAct::Reply { status, body } => {
                    set("reply", i64::from(*status).into());
                    if !body.is_empty() {
                        set("body", body.as_str().into());
                    }
                }
                PartnerAct::Hangs => set("hangs", true.into()),
                PartnerAct::Away => set("away", true.into()),
            }
        }
        Act::Webhook { endpoint, topic, of_call, body } => {
            set("partner", endpoint.as_str().into());
            set("tells", topic.as_str().into());
            if *of_call {
                set("of_call", true.into());
            }
            if !body.is_empty() {
                set("body", body.as_str().into());
            }
        }
        Act::Core(core) => {
            set("core", core.name().into());
            if let CoreAct::Refused(code) = core {
                set("code", code.as_str().into());
            }
        }
    }
    table
}

/// Names with their values; one that comes several times has a list, and one that is emptied an empty one.
fn pairs(all: &[(String, String)], emptied: &[String]) -> Value {
    let mut by_name: BTreeMap<&str, Vec<&str>> = emptied.iter().map(|name| (name.as_str(), Vec::new())).collect();
    all.iter().for_each(|(name, value)| by_name.entry(name).or_default().push(value));
    let one = |values: Vec<&str>| match values.as_slice() {
        [value] => Value::from(*value),
        values => Value::Array(values.iter().copied().collect::<Array>()),
    };
    Value::InlineTable(by_name.into_iter().map(|(name, values)| (name, one(values))).collect::<InlineTable>())
}

/// In the largest unit that says it exactly.
fn duration(ms: i64) -> String {
    let s = (ms / 1_000).max(1);
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let fits = units.iter().find(|(unit, _)| s % unit == 0);
    fits.map_or_else(|| format!("{s}s"), |(unit, name)| format!("{}{name}", s / unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::rehearse::nothing_given;
    use xitai_model::program::Channel;
    use xitai_model::scene::Opened;

    const BASE: &str = "# About it.\ntitle = \"A\"\n\n[given]\ncore = true\nat = 2026-03-02T12:30:00+08:00\n\n[given.people.wang]\n\
                        funds = \"12.50 CNY\"\n\n[[when]]\nwho = \"wang\"\nopen = \"pages/index\"\n";

    fn every_act() -> Vec<Turned> {
        let owned = str::to_owned;
        let pair = |name: &str, value: &str| (owned(name), owned(value));
        let opened = Opened {
            page: owned("pages/index"),
            query: vec![pair("table", "7")],
            channel: Some(Channel::Phone),
            locale: Some(owned("en")),
            elder_mode: true,
            surface: Surface::Card,
        };
        let body = owned("{\"a\":\"''' \"}");
        let reply = PartnerAct::Reply { status: 409, body: body.clone() };
        let of_wang = [
            Act::Open(opened),
            Act::Tap { node: owned("a.b"), value: Some(owned("2")) },
            Act::Submit {
                form: owned("f"),
                button: owned("go"),
                values: vec![pair("n", "戏"), pair("s", "a"), pair("s", "b")],
                emptied: vec![owned("t")],
            },
            Act::Fill { node: owned("id"), value: owned("1") },
            Act::Sheet(SheetAct::Confirm(vec![pair("agree", "yes")])),
            Act::Sheet(SheetAct::Decline),
            Act::Sheet(SheetAct::Expire),
            Act::Look,
            Act::Leave,
            Act::Resume,
        ];
        let of_nobody = [
            Act::Wait { ms: 7_200_000 },
            Act::Wait { ms: 90_000 },
            Act::Partner { endpoint: owned("h"), answer: reply },
            Act::Partner { endpoint: owned("h"), answer: PartnerAct::Hangs },
            Act::Partner { endpoint: owned("h"), answer: PartnerAct::Away },
            Act::Webhook { endpoint: owned("h"), topic: owned("moved"), of_call: true, body },
            Act::Core(CoreAct::Refused(owned("limit-exceeded"))),
        ];
        let of_core = CoreAct::PLAIN.into_iter().map(Act::Core);
        let mut all: Vec<Turned> = of_wang.into_iter().map(|act| (Some(owned("wang")), act)).collect();
        all.push((Some(owned("clerk")), Act::Look));
        all.extend(of_nobody.into_iter().chain(of_core).map(|act| (None, act)));
        all
    }

    fn people() -> BTreeMap<String, Person> {
        [("wang", Part::Customer(Level::AccountHolder)), ("clerk", Part::Clerk)]
            .map(|(name, part)| (name.to_owned(), crate::dev::ground::of_kind(part)))
            .into()
    }

    #[test]
    fn whatever_can_happen_is_read_back_as_it_happened() {
        let way = every_act();
        for base in [None, Some(BASE)] {
            let mut given = given(base, &people(), &BTreeSet::from(["wang", "clerk"]));
            carried(&mut given);
            let text = text("Zwei 事", given, &way);
            let read = scene::read("scenes/a.toml", &text).unwrap_or_else(|found| panic!("{found:?}\n{text}"));
            let turns: Vec<Turned> = read.turns.into_iter().map(|turn| (turn.who, turn.act)).collect();
            assert_eq!(turns, way, "{text}");
            assert_eq!(read.given.people["clerk"].part, Part::Clerk);
            let funds = read.given.people["wang"].funds.minor;
            let is_base = base.is_some();
            assert_eq!(funds, if is_base { 1_250 } else { 100_000 }, "{text}");
            assert_eq!(read.given.at_ms != nothing_given().at_ms, is_base, "{text}");
            assert!(text.find("[given").expect("given") < text.find("[[when]]").expect("turns"), "{text}");
        }
    }

    #[test]
    fn a_name_stays_in_its_folder() {
        assert_eq!(file_of("lunch-2").as_deref(), Some("scenes/lunch-2.toml"));
        assert_eq!(file_of("午饭").as_deref(), Some("scenes/午饭.toml"));
        for bad in ["", "a/b", "..", "a b", "a.toml", &"x".repeat(61)] {
            assert_eq!(file_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_are_said_in_the_largest_unit() {
        for (ms, said) in [(1_000, "1s"), (60_000, "1m"), (90_000, "90s"), (7_200_000, "2h"), (86_400_000, "1d")] {
            assert_eq!(duration(ms), said);
        }
    }
}

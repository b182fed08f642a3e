//! Writing what came into a scene's file. Everything else in it, comments and order included, stays as its author wrote
//! it.

use crate::scene::record::{Played, PlayedTurn};
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

/// The file with each turn's `then` as it came.
pub fn written(text: &str, played: &Played) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|fault: toml_edit::TomlError| fault.to_string())?;
    let turns = document.get_mut("when").and_then(Item::as_array_of_tables_mut);
    let turns = turns.ok_or_else(|| format!("{}: [[when]] is not written as tables", played.file))?;
    for (table, turn) in turns.iter_mut().zip(&played.turns) {
        then(table, turn);
    }
    Ok(document.to_string())
}

/// What a turn says of, it goes on saying, also where nothing came: what is left out is not compared.
fn then(table: &mut Table, turn: &PlayedTurn) {
    let is_new = !table.contains_key("then");
    let item = table.entry("then").or_insert_with(|| {
        let mut then = Table::new();
        then.set_dotted(true);
        Item::Table(then)
    });
    let Some(then) = item.as_table_like_mut() else { return };
    let came = &turn.came;
    // Where nobody's page is meant, nothing is to be seen.
    match &came.screen {
        Some(screen) => set(then, "screen", multiline(screen)),
        None if then.get("screen").and_then(Item::as_str).is_some_and(|said| said.trim().is_empty()) => {}
        None => drop(then.remove("screen")),
    }
    // That no sheet opens is said of turns that were not written before.
    let says_no_sheet = is_new && came.screen.is_some();
    if says_no_sheet || !came.sheet.is_empty() || then.contains_key("sheet") {
        set(then, "sheet", multiline(&came.sheet));
    }
    list(then, "effects", &came.effects);
    list(then, "asked", &came.asked);
    match &came.refused {
        Some(code) => set(then, "refused", Value::from(code.as_str())),
        None => drop(then.remove("refused")),
    }
    if then.is_empty() {
        table.remove("then");
    }
}

fn set(then: &mut dyn TableLike, name: &str, value: Value) {
    // A value that is the same keeps the form in which it stands.
    let same = then.get(name).and_then(Item::as_value).is_some_and(|there| same(there, &value));
    if !same {
        then.insert(name, Item::Value(value));
    }
}

fn same(there: &Value, new: &Value) -> bool {
    let texts = |value: &Value| match value {
        Value::String(text) => vec![text.value().trim_end().to_owned()],
        Value::Array(array) => array.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    texts(there) == texts(new)
}

fn list(then: &mut dyn TableLike, name: &str, came: &[String]) {
    if !came.is_empty() || then.contains_key(name) {
        set(then, name, Value::Array(came.iter().map(String::as_str).collect::<Array>()));
    }
}

/// A drawing as it looks, between lines of three quotes; escaped where it holds those itself.
fn multiline(text: &str) -> Value {
    if text.is_empty() {
        return Value::from("");
    }
    let plain = !text.contains("'''") && text.chars().all(|c| c == '\n' || !c.is_control());
    let quoted = plain.then(|| format!("'''\n{text}\n'''").parse::<Value>().ok()).flatten();
    quoted.unwrap_or_else(|| Value::from(format!("{text}\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::record::TurnCost;
    use xitai_model::program::Channel;
    use xitai_model::scene::Came;

    fn played(came: Came) -> Played {
        let turn = PlayedTurn {
            line: 4,
            who: Some("wang".to_owned()),
            act: String::new(),
            came,
            screen: None,
            cost: TurnCost::default(),
            differences: Vec::new(),
        };
        Played { file: "scenes/a.toml".to_owned(), title: String::new(), channel: Channel::Phone, turns: vec![turn] }
    }

    const BEFORE: &str = "# A comment.\ntitle = \"A\"\n\n[[when]]\nwho = \"wang\" # who\nopen = \"pages/index\"\n";

    #[test]
    fn what_came_is_written_and_all_else_stays() {
        let came = Came {
            screen: Some("# Menu\n- Rice".to_owned()),
            effects: vec!["toast".to_owned()],
            asked: vec!["storage.get ×2".to_owned()],
            ..Came::default()
        };
        let after = written(BEFORE, &played(came.clone())).expect("a scene");
        assert_eq!(
            after,
            format!(
                "{BEFORE}then.screen = '''\n# Menu\n- Rice\n'''\nthen.sheet = \"\"\nthen.effects = [\"toast\"]\n\
                 then.asked = [\"storage.get ×2\"]\n"
            )
        );
        assert_eq!(written(&after, &played(came)).expect("a scene"), after, "again changes nothing");
        assert_eq!(written(BEFORE, &played(Came::default())).expect("a scene"), BEFORE, "nobody's page says nothing");
    }

    #[test]
    fn what_a_turn_says_of_it_goes_on_saying() {
        let nothing = Came { screen: Some("# Menu".to_owned()), ..Came::default() };
        let screen = "then.screen = '''\n# Menu\n'''\n";
        for said in ["then.sheet = \"\"\n", "then.effects = []\n", "then.asked = []\n"] {
            let before = format!("{BEFORE}{screen}{said}");
            assert_eq!(written(&before, &played(nothing.clone())).expect("a scene"), before, "{said}");
        }
        let before =
            format!("{BEFORE}{screen}then.sheet = \"pay\"\nthen.effects = [\"toast\"]\nthen.asked = [\"a.b\"]\n");
        let after = format!("{BEFORE}{screen}then.sheet = \"\"\nthen.effects = []\nthen.asked = []\n");
        assert_eq!(written(&before, &played(nothing.clone())).expect("a scene"), after, "what comes no more");
        // What was written without them stays without them.
        let before = format!("{BEFORE}{screen}");
        assert_eq!(written(&before, &played(nothing)).expect("a scene"), before);
        // Of nobody's page an empty screen may be said, and what was drawn of a page that is gone is not.
        let before = format!("{BEFORE}then.screen = \"\"\n");
        assert_eq!(written(&before, &played(Came::default())).expect("a scene"), before);
        assert_eq!(written(&format!("{BEFORE}{screen}"), &played(Came::default())).expect("a scene"), BEFORE);
    }

    #[test]
    fn what_can_not_stand_between_quotes_is_escaped() {
        let came = Came { screen: Some("a ''' b".to_owned()), ..Came::default() };
        let after = written(BEFORE, &played(came)).expect("a scene");
        let read: toml::Table = after.parse().expect("TOML");
        assert_eq!(read["when"][0]["then"]["screen"].as_str(), Some("a ''' b\n"));
    }
}

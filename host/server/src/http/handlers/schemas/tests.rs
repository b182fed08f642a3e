use super::SESSION;
use serde_json::{Value, json};
use xitai_model::screen::samples;

/// As much of JSON Schema 2020-12 as the published one uses; a word that is not here fails.
fn faults(schema: &Value, value: &Value, root: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, rule) in schema.as_object().expect("a schema") {
        let fault = |told: String| format!("{at}: {word} {told}");
        match word.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let name = rule.as_str().and_then(|it| it.strip_prefix("#/$defs/")).expect("a definition");
                assert!(!root["$defs"][name].is_null(), "{name} is defined");
                found.extend(faults(&root["$defs"][name], value, root, at));
            }
            "type" if !is_of(rule.as_str().expect("one type"), value) => found.push(fault(format!("{rule}: {value}"))),
            "const" if rule != value => found.push(fault(value.to_string())),
            "enum" if !rule.as_array().expect("a list").contains(value) => found.push(fault(value.to_string())),
            "minimum" if value.as_i64() < rule.as_i64() => found.push(fault(value.to_string())),
            "maximum" if value.as_i64() > rule.as_i64() => found.push(fault(value.to_string())),
            "minItems" if value.as_array().map_or(0, Vec::len) < rule.as_u64().unwrap() as usize => {
                found.push(fault(value.to_string()))
            }
            "maxItems" if value.as_array().map_or(0, Vec::len) > rule.as_u64().unwrap() as usize => {
                found.push(fault("too many".to_owned()))
            }
            "type" | "const" | "enum" | "minimum" | "maximum" | "minItems" | "maxItems" => {}
            "required" => {
                let missing =
                    rule.as_array().unwrap().iter().filter(|name| value.get(name.as_str().unwrap()).is_none());
                found.extend(missing.map(|name| fault(name.to_string())));
            }
            "properties" => {
                for (name, rule) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        found.extend(faults(rule, value, root, &format!("{at}/{name}")));
                    }
                }
            }
            "additionalProperties" => {
                assert_eq!(rule, false);
                let known = schema["properties"].as_object().unwrap();
                let strange = value.as_object().into_iter().flatten().filter(|(name, _)| !known.contains_key(*name));
                found.extend(strange.map(|(name, _)| fault(name.clone())));
            }
            "prefixItems" => {
                for (index, rule) in rule.as_array().unwrap().iter().enumerate() {
                    found.extend(faults(rule, &value[index], root, &format!("{at}/{index}")));
                }
            }
            "items" if rule == false => {
                let most = schema["prefixItems"].as_array().unwrap().len();
                if value.as_array().map_or(0, Vec::len) > most {
                    found.push(fault(value.to_string()));
                }
            }
            "items" => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(faults(rule, value, root, &format!("{at}/{index}")));
                }
            }
            "oneOf" | "anyOf" => {
                let fits =
                    rule.as_array().unwrap().iter().filter(|rule| faults(rule, value, root, at).is_empty()).count();
                if fits == 0 || word == "oneOf" && fits > 1 {
                    found.push(fault(format!("{fits} fit {value}")));
                }
            }
            strange => panic!("{strange} is not checked here"),
        }
    }
    found
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        strange => panic!("{strange} is not checked here"),
    }
}

fn schema() -> Value {
    serde_json::from_str(SESSION).unwrap()
}

fn told(value: &Value) -> Vec<String> {
    let schema = schema();
    faults(&schema, value, &schema, "")
}

fn session() -> Value {
    json!({
        "session": "01J", "position": 1, "effects": [{"kind": "toast", "json": "{}"}], "practice": false,
        "program": {"id": "cn.bank.tea", "name": "Tea", "publisher": "Tea House", "verified": true, "version": "1.0.0"},
        "screen": samples::every_element(), "sheet": null, "channel": "phone", "closed": false,
    })
}

#[test]
fn a_session_with_every_element_fits_the_published_schema() {
    assert_eq!(told(&session()), Vec::<String>::new());
}

#[test]
fn the_schema_knows_each_element_and_no_other() {
    let schema = schema();
    let cases = schema["$defs"]["element"]["oneOf"].as_array().unwrap();
    let mut known: Vec<&str> = cases[0]["enum"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    known.extend(cases[1..].iter().map(|it| it["required"][0].as_str().unwrap()));
    known.sort_unstable();
    let screen = samples::every_element();
    let mut there: Vec<&str> = screen.nodes.iter().map(|node| node.element.name()).collect();
    there.sort_unstable();
    there.dedup();
    assert_eq!(known, there);
}

#[test]
fn what_is_not_so_is_found() {
    let mut wrong = session();
    wrong["screen"]["nodes"][0]["element"] = json!({"heading": 7});
    assert!(!told(&wrong).is_empty());
    for strange in
        [json!("row2"), json!({"heading": "a", "badge": "b"}), json!({"amount": {"minor": 1.5, "currency": "CNY"}})]
    {
        let mut wrong = session();
        wrong["screen"]["nodes"][0]["element"] = strange;
        assert!(!told(&wrong).is_empty(), "{wrong}");
    }
    let mut wrong = session();
    wrong["secret"] = json!("x");
    assert!(!told(&wrong).is_empty());
}

#[test]
fn the_banks_sheets_fit_too() {
    let money = json!({"minor": 1_800, "currency": "CNY"});
    let about = json!({
        "ticket": "T", "digest": "sha256:0", "program": "Tea", "publisher": "Tea House", "expires_ms": 9, "shown_ms": 1,
        "confirm_after_ms": 2,
    });
    let with = |more: Value| {
        let mut sheet = about.clone();
        sheet.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Value::from_iter([("sheet".to_owned(), sheet)])["sheet"].clone()
    };
    let pay = with(json!({
        "kind": "pay", "payable": money, "amount": money, "discount": money, "purpose": "tea",
        "legs": [{"legal_name": "Tea House", "role": "merchant", "amount": money}],
        "lines": [{"text": "tea", "quantity": 1, "amount": money}],
        "tenders": [{"id": "account", "by": "account", "chosen": true},
            {"id": "C", "by": "card", "card": "C", "issuer": "Other", "last_four": "4242", "chosen": false}],
    }));
    let ask = with(json!({
        "kind": "consent", "title": "May it know your name?", "confirm": "Allow",
        "parts": [{"part": "text", "text": "For the order"}, {"part": "facts", "facts": [["Name", "wang"]]},
            {"part": "field", "name": "n", "label": "Name", "hint": "", "required": false, "input": {"input": "tick"}}],
    }));
    for sheet in [pay, ask] {
        let mut whole = session();
        whole["sheet"] = sheet;
        assert_eq!(told(&whole), Vec::<String>::new());
    }
}

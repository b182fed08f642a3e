//! A page for each part of the HTTP API, from the document that the host gives at `/openapi.json`.

use super::{Page, cell};
use crate::cli::routes;
use crate::http::openapi;
use crate::http::routes::Facts;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the document's types stand on.
const TYPES: &str = "types";

pub fn page() -> Page {
    let document = serde_json::to_value(openapi::build()).unwrap_or_default();
    let mut parts: BTreeMap<String, Vec<Facts>> = BTreeMap::new();
    for facts in openapi::described_routes() {
        parts.entry(openapi::part_of(facts.path).to_owned()).or_default().push(facts);
    }
    let mut text = String::from(
        "# The HTTP API\n\nEverything that pages and programs do can be done over HTTP; the host gives the same as OpenAPI at \
         `/openapi.json`. A token of `POST /api/v1/tokens` goes along as `Authorization: Bearer`. What is refused \
         is a problem of RFC 9457 with a [code](../codes/README.md), a `mend` and, where it helps, a `detail`.\n\n\
         | part | routes |\n|---|---|\n",
    );
    for (part, routes) in &parts {
        let all: Vec<String> = routes.iter().map(|it| format!("`{} {}`", it.method, it.path)).collect();
        text.push_str(&format!("| [{part}]({part}.md) | {} |\n", all.join("<br>")));
    }
    let mut below: Vec<Page> = parts.iter().map(|(part, routes)| of_part(part, routes, &document)).collect();
    below.push(types(&document));
    Page { below, ..Page::new("http/README.md", "HTTP API", text) }
}

fn of_part(part: &str, all: &[Facts], document: &Value) -> Page {
    let mut text = format!("# {part}\n");
    for facts in all {
        let (access, action) = routes::told(facts.access);
        let who = match action {
            Some(action) => format!("`{access}` `{action}`"),
            None => format!("`{access}`"),
        };
        text.push_str(&format!(
            "\n## `{} {}`\n\n{}.\n\n| | |\n|---|---|\n| who | {who} |\n| in the trail | `{}` |\n",
            facts.method, facts.path, facts.says, facts.audit
        ));
        for (name, described) in [("takes", &facts.takes), ("gives", &facts.gives)] {
            if let Some(described) = described {
                text.push_str(&format!("| {name} | {} |\n", link(&described.name)));
            }
        }
        if facts.takes.is_none() && facts.takes_media != "application/json" {
            text.push_str(&format!("| takes | `{}`, at most {} bytes |\n", facts.takes_media, facts.body_bytes_max));
        }
        let taken = facts.takes.as_ref().map(|it| &document["components"]["schemas"][&it.name]);
        if let Some(taken) = taken {
            text.push_str(&fields(taken));
        }
    }
    Page::new(format!("http/{part}.md"), part, text)
}

fn types(document: &Value) -> Page {
    let mut text = String::from("# Types of the HTTP API\n");
    let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    for (name, schema) in &schemas {
        let says = schema["description"].as_str().map(|it| format!("\n{it}\n")).unwrap_or_default();
        text.push_str(&format!("\n## {name}\n{says}{}", fields(schema)));
    }
    Page::new(format!("http/{TYPES}.md"), "Types", text)
}

/// A table of an object's members; of a choice, what may be chosen.
fn fields(schema: &Value) -> String {
    if let Some(members) = schema["properties"].as_object() {
        let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|it| it == name));
        let row = |(name, of): (&String, &Value)| {
            let must = if required(name) { "yes" } else { "" };
            let says = cell(of["description"].as_str().unwrap_or_default());
            format!("| `{name}` | {} | {must} | {says} |\n", type_of(of))
        };
        let rows: String = members.iter().map(row).collect();
        return format!("\n| member | type | required | means |\n|---|---|---|---|\n{rows}");
    }
    format!("\n{}\n", type_of(schema))
}

fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return link(name);
    }
    if let Some(words) = schema["enum"].as_array() {
        return words
            .iter()
            .map(|word| format!("`{}`", word.as_str().unwrap_or_default()))
            .collect::<Vec<_>>()
            .join(" ");
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(all) = schema[choice].as_array() {
            let known = all.iter().filter(|it| it["type"] != "null").map(type_of);
            return known.collect::<Vec<_>>().join(" or ");
        }
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", type_of(&schema["items"])),
        Value::String(name) => name.clone(),
        Value::Array(names) => {
            let said = names.iter().filter_map(Value::as_str).filter(|name| *name != "null");
            said.collect::<Vec<_>>().join(" or ")
        }
        _ => "any".to_owned(),
    }
}

fn link(name: &str) -> String {
    format!("[{name}]({TYPES}.md#{})", name.to_lowercase())
}

//! One text for one document: keys sorted, no spaces. What is digested and what is kept as evidence is this text, so
//! that anybody can compute the digest again.

use serde::Serialize;
use serde_json::Value;

/// The canonical JSON of a document. Keys are sorted here whatever order a map keeps, since another crate of a build
/// may switch `serde_json` to insertion order.
pub fn canonical(document: &impl Serialize) -> String {
    let value = serde_json::to_value(document).expect("documents have text keys and no failing parts");
    let mut text = String::new();
    write(&value, &mut text);
    text
}

/// The depth is that of the crate's own types, or of JSON that was parsed under `serde_json`'s limit of 128 levels.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (at, (name, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(name.clone()).to_string());
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
        Value::Array(members) => {
            out.push('[');
            for (at, member) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(member, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value = json!({"b": [{"z": 1, "a": "食 \"x\"\n"}, null], "a": {"y": true, "x": -1.5}, "": 0});
        assert_eq!(
            canonical(&value),
            "{\"\":0,\"a\":{\"x\":-1.5,\"y\":true},\"b\":[{\"a\":\"食 \\\"x\\\"\\n\",\"z\":1},null]}"
        );
    }
}

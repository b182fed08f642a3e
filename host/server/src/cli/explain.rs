//! `xitai explain CODE`: what a code means and what to do.

use super::report::{self, Ended};
use clap::Args;
use serde_json::{Value, json};
use xitai_model::code::{self, Code};

/// Tell what a code of a problem, a finding or a fault means
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Such as session.stale; without one, all codes are listed
    pub code: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: ExplainArgs) -> Ended {
    let Some(asked) = &args.code else { return list(args.json) };
    match code::find(asked) {
        Some(code) => {
            let text = format!(
                "{} (HTTP {})\n  {}\n  {}\n\n  -> {}\n  -> {}",
                code.code, code.http, code.en, code.zh, code.mend_en, code.mend_zh
            );
            report::done(args.json, &document(code), &text)
        }
        None => {
            let near = near(asked);
            let way_out = match near.is_empty() {
                true => "`xitai explain` lists all codes.".to_owned(),
                false => format!("Did you mean {}?", near.join(", ")),
            };
            report::refused(args.json, "client.unknown-code", &format!("`{asked}` is not a code."), &way_out, &[])
        }
    }
}

fn list(as_json: bool) -> Ended {
    let documents: Vec<Value> = code::ALL.iter().map(|code| document(code)).collect();
    let lines: Vec<String> = code::ALL.iter().map(|code| format!("{:<32} {}", code.code, code.en)).collect();
    report::done(as_json, &Value::from(documents), &lines.join("\n"))
}

fn document(code: &Code) -> Value {
    json!({
        "code": code.code, "http": code.http, "kind": code.kind,
        "en": code.en, "zh": code.zh, "mend_en": code.mend_en, "mend_zh": code.mend_zh,
    })
}

/// Codes that share a part with what was asked.
fn near(asked: &str) -> Vec<&'static str> {
    let parts: Vec<&str> = asked.split(['.', '-']).filter(|part| part.len() > 2).collect();
    code::ALL.iter().map(|code| code.code).filter(|code| parts.iter().any(|part| code.contains(part))).take(5).collect()
}

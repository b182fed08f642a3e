//! The bank's own messages: what is confirmed, drawn from its records alone.

use crate::render::web::money;
use crate::render::web::sheet::{BodyFace, PayFace, tender_name};
use crate::words::Words;
use xitai_model::chat::{may_agree, may_confirm};
use xitai_model::sheet::Part;
use xitai_model::tender::TenderKind;

/// Whether the bank lets a sheet be confirmed by a number that is typed: a small payment from the account, or something
/// to read and agree to. What needs an answer, a document read, a proof of presence or a printer goes on at the phone.
/// `then` is where it leads.
pub fn is_confirmed_here(kind: &str, body: &BodyFace, then: Option<&str>) -> bool {
    match body {
        BodyFace::Pay(pay) => {
            let chosen = pay.tenders.iter().find(|tender| tender.chosen);
            let tender = chosen.map_or(TenderKind::Account, |chosen| chosen.tender.kind());
            may_confirm(pay.payable, tender)
        }
        BodyFace::Ask { parts, .. } => {
            let asks = |part: &Part| matches!(part, Part::Field(_) | Part::Document { .. });
            may_agree(kind, then) && !parts.iter().any(asks)
        }
    }
}

/// A sheet as a message, under the bank's mark. `word` is the number to type; without one it can only be decided
/// elsewhere.
pub fn sheet(body: &BodyFace, asked_by: &str, word: Option<&str>, words: &Words) -> String {
    let mut lines = vec![words.say("chat-sheet")];
    let title = match body {
        BodyFace::Pay(pay) => {
            paid(pay, &mut lines, words);
            words.say1("chat-confirm-pay", "amount", money::text_in(words, &pay.payable))
        }
        BodyFace::Ask { title, parts, confirm } => {
            lines.push(title.clone());
            parts.iter().for_each(|part| said(part, &mut lines, words));
            confirm.clone()
        }
    };
    lines.push(format!("{} {}", words.say("sheet-asked-by"), words.apart(asked_by)));
    lines.push(match word {
        Some(word) => words.say_with("chat-confirm", &[("what", &title), ("word", word)]),
        None => words.say("chat-sheet-elsewhere"),
    });
    lines.join("\n")
}

fn paid(pay: &PayFace, lines: &mut Vec<String>, words: &Words) {
    lines.push(words.say1("chat-you-pay", "amount", money::text_in(words, &pay.payable)));
    lines.push(pay.purpose.clone());
    for leg in &pay.legs {
        lines.push(format!(
            "{} {} {}",
            words.onward(),
            words.apart(&leg.legal_name),
            money::text_in(words, &leg.amount)
        ));
    }
    for line in &pay.lines {
        lines.push(format!(
            "  {} × {} … {}",
            words.apart(&line.text),
            line.quantity,
            money::text_in(words, &line.amount)
        ));
    }
    if pay.discount.minor != 0 {
        lines.push(format!("{} −{}", words.say("sheet-discount"), money::text_in(words, &pay.discount)));
    }
    if let Some(chosen) = pay.tenders.iter().find(|tender| tender.chosen) {
        lines.push(format!("{} {}", words.say("sheet-tender"), tender_name(&chosen.tender, words)));
    }
}

fn said(part: &Part, lines: &mut Vec<String>, words: &Words) {
    match part {
        Part::Amount { label, money } => {
            lines.push(format!("{}: {}", words.apart(label), money::text_in(words, money)))
        }
        Part::Text { text } => lines.push(text.clone()),
        Part::Warning { text } => lines.push(format!("⚠ {text}")),
        Part::Facts { facts } => {
            lines.extend(facts.iter().map(|(name, value)| format!("{}: {}", words.apart(name), words.apart(value))))
        }
        Part::Payees { title, legs } => {
            lines.push(title.clone());
            lines.extend(legs.iter().map(|leg| {
                format!("{} {} {}", words.onward(), words.apart(&leg.legal_name), money::text_in(words, &leg.amount))
            }));
        }
        Part::Link { title, href } => lines.push(format!("{title}: {href}")),
        Part::Document { title, .. } => lines.push(title.clone()),
        Part::Field(field) => lines.push(format!("{}: …", field.label)),
    }
}

/// How a session goes on elsewhere.
pub fn elsewhere(code: &str, address: &str, words: &Words) -> String {
    words.say_with("chat-elsewhere", &[("code", code), ("address", address)])
}

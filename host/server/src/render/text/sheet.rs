//! The bank's sheet in words.

use crate::render::web::money;
use crate::render::web::sheet::{BodyFace, PayFace};
use xitai_model::sheet::{Field, FieldInput, Part};

/// Draws what the sheet asks. Its ticket, digest and times are not for readers.
pub fn sheet(body: &BodyFace) -> String {
    let mut lines = Vec::new();
    match body {
        BodyFace::Pay(PayFace { payable, amount, discount, legs, lines: bought, purpose, tenders }) => {
            lines.push(format!("pay {}", money::text(payable)));
            if discount.minor != 0 {
                lines.push(format!("  {} less {}", money::text(amount), money::text(discount)));
            }
            lines.push(format!("  for {purpose}"));
            for line in bought {
                lines.push(format!("  {} x{} … {}", line.text, line.quantity, money::text(&line.amount)));
            }
            for leg in legs {
                lines.push(format!("  to {} … {}", leg.legal_name, money::text(&leg.amount)));
            }
            // The account is the usual, and goes without saying.
            for other in tenders.iter().filter(|it| it.chosen && !it.tender.is_account()) {
                lines.push(format!("  by {}", other.tender.kind().as_str()));
            }
        }
        BodyFace::Ask { title, parts, confirm } => {
            lines.push(title.clone());
            parts.iter().for_each(|one| part(one, &mut lines));
            lines.push(format!("  ( {confirm} )"));
        }
    }
    lines.join("\n")
}

fn part(part: &Part, lines: &mut Vec<String>) {
    match part {
        Part::Amount { label, money } => lines.push(format!("  {label}: {}", money::text(money))),
        Part::Text { text } => lines.push(format!("  {text}")),
        Part::Warning { text } => lines.push(format!("  (!) {text}")),
        Part::Facts { facts } => lines.extend(facts.iter().map(|(name, value)| format!("  {name}: {value}"))),
        Part::Payees { title, legs } => {
            lines.push(format!("  {title}"));
            lines.extend(legs.iter().map(|leg| format!("    {} … {}", leg.legal_name, money::text(&leg.amount))));
        }
        Part::Link { title, .. } => lines.push(format!("  link: {title}")),
        Part::Document { title, .. } => lines.push(format!("  document: {title}")),
        Part::Field(one) => lines.push(format!("  {}", field(one))),
    }
}

fn field(field: &Field) -> String {
    let must = if field.required { " *" } else { "" };
    let kind = match &field.input {
        FieldInput::Tick => "[ ]".to_owned(),
        FieldInput::Text { .. } => "text".to_owned(),
        FieldInput::Digits { .. } => "digits".to_owned(),
        FieldInput::Secret { .. } => "secret".to_owned(),
        FieldInput::Scan { .. } => "scan".to_owned(),
        FieldInput::Position => "position".to_owned(),
        FieldInput::File { .. } => "file".to_owned(),
        FieldInput::Choice { options } => {
            options.iter().map(|(key, text)| format!("{text} ({key})")).collect::<Vec<_>>().join(" | ")
        }
    };
    format!("{}: {kind}{must} [{}]", field.label, field.name)
}

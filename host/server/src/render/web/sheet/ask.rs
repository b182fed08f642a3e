//! The parts of a sheet that is no payment. What asks for an answer is empty and unticked: the customer gives it.

use super::super::html::Html;
use super::super::money;
use super::super::qr;
use super::{LegFace, payees};
use crate::words::Words;
use xitai_model::sheet::{Field, FieldInput, Part};

pub fn draw(html: &mut Html, part: &Part, at_kiosk: bool, words: &Words) {
    match part {
        Part::Amount { label, money } => {
            html.raw("<p class=\"sheet-amount\">").leaf("span", "sheet-amount-label", label);
            money::draw_in(html, "money", words, money);
            html.raw("</p>");
        }
        Part::Text { text } => drop(html.leaf("p", "sheet-text", text)),
        Part::Warning { text } => drop(html.leaf("p", "sheet-warning", text)),
        Part::Facts { facts } => {
            html.raw("<dl class=\"sheet-facts\">");
            for (name, value) in facts {
                html.raw("<div><dt>").text(name).raw("</dt><dd><bdi>").text(value).raw("</bdi></dd></div>");
            }
            html.raw("</dl>");
        }
        Part::Payees { title, legs } => {
            html.leaf("h3", "sheet-heading", title);
            let face = |leg: &xitai_model::payment::Leg| LegFace {
                legal_name: leg.legal_name.clone(),
                role: leg.role.clone(),
                amount: leg.amount,
            };
            payees(html, &legs.iter().map(face).collect::<Vec<_>>(), words);
        }
        Part::Link { title, href } => {
            html.raw("<div class=\"sheet-link\">").leaf("p", "sheet-link-title", title);
            qr::draw(html, href, &words.say("sheet-share-code"));
            if at_kiosk {
                html.raw("<p class=\"sheet-link-row\"><bdi>").text(href).raw("</bdi></p></div>");
                return;
            }
            html.raw("<p class=\"sheet-link-row\"><a").attr("href", href).raw(">").text(href).raw("</a>");
            html.raw("<button type=\"button\" class=\"button secondary small\"").attr("data-copy", href).raw(">");
            html.text(&words.say("copy")).raw("</button></p></div>");
        }
        Part::Document { title, .. } if at_kiosk => {
            html.raw("<p class=\"sheet-document\"><b>").text(title).raw("</b>");
            html.leaf("span", "sheet-hint", &words.say("kiosk-document")).raw("</p>");
        }
        Part::Document { title, opens } => {
            html.raw("<p class=\"sheet-document\"><a target=\"_blank\" rel=\"noopener\"");
            html.attr("href", opens).raw(">").text(title).raw("</a></p>");
        }
        Part::Field(field) => draw_field(html, field, words),
    }
}

fn draw_field(html: &mut Html, field: &Field, words: &Words) {
    let id = format!("sheet-{}", field.name);
    match &field.input {
        FieldInput::Tick => {
            html.raw("<label class=\"sheet-tick\"><input type=\"checkbox\" value=\"yes\"").attr("name", &field.name);
            required(html, field).raw("><span><b>").text(&field.label).raw("</b>");
            hint(html, field).raw("</span></label>");
        }
        FieldInput::Choice { options } => {
            html.raw("<fieldset class=\"sheet-field\"><legend>").text(&field.label).raw("</legend>");
            hint(html, field);
            for (key, text) in options {
                html.raw("<label class=\"sheet-tick\"><input type=\"radio\"").attr("name", &field.name);
                html.attr("value", key).raw("><span>").text(text).raw("</span></label>");
            }
            html.raw("</fieldset>");
        }
        input => {
            html.raw("<div class=\"sheet-field\"><label").attr("for", &id).raw(">").text(&field.label).raw("</label>");
            hint(html, field);
            control(html, input, words).attr("id", &id).attr("name", &field.name);
            required(html, field).raw("></div>");
        }
    }
}

/// Opens the control; its caller adds what all have and closes it.
fn control<'h>(html: &'h mut Html, input: &FieldInput, words: &Words) -> &'h mut Html {
    let longest = |chars: &u32| chars.to_string();
    match input {
        FieldInput::Digits { chars_max } => html
            .raw("<input type=\"text\" inputmode=\"numeric\" autocomplete=\"off\"")
            .attr("maxlength", &longest(chars_max)),
        FieldInput::Secret { chars_max } => html
            .raw("<input type=\"password\" autocomplete=\"off\" spellcheck=\"false\"")
            .attr("maxlength", &longest(chars_max)),
        FieldInput::Scan { chars_max } => html
            .raw("<input type=\"text\" autocomplete=\"off\" spellcheck=\"false\" data-scan")
            .attr("data-scan-label", &words.say("sheet-scan-camera"))
            .attr("maxlength", &longest(chars_max)),
        FieldInput::Position => html
            .raw("<input type=\"text\" autocomplete=\"off\" inputmode=\"none\" readonly data-position")
            .attr("data-position-label", &words.say("sheet-locate-here"))
            .attr("data-position-away", &words.say("sheet-locate-away")),
        FieldInput::File { accept } => html
            .raw("<input type=\"file\" data-sheet-file")
            .attr("data-file-given", &words.say("sheet-attach-given"))
            .attr("accept", &accept.join(",")),
        FieldInput::Text { chars_max } => {
            html.raw("<input type=\"text\" autocomplete=\"off\"").attr("maxlength", &longest(chars_max))
        }
        FieldInput::Tick | FieldInput::Choice { .. } => unreachable!("drawn by its caller"),
    }
}

fn required<'h>(html: &'h mut Html, field: &Field) -> &'h mut Html {
    html.raw(if field.required { " required" } else { "" })
}

fn hint<'h>(html: &'h mut Html, field: &Field) -> &'h mut Html {
    if field.hint.is_empty() { html } else { html.leaf("span", "sheet-hint", &field.hint) }
}

//! Screens for a kiosk: large, and one thing at a time.
//!
//! The parts of a page are drawn as on the phone, so that no element looks otherwise than its program's author knows it;
//! the style makes them large. All pages are in the markup; the page's script shows one and turns them. Without it they
//! are all shown.

pub mod pages;

use super::web::html::Html;
use super::web::{self, Drawing};
use crate::words::Words;
use pages::{Layout, Page, Part, layout};
use xitai_model::screen::{Element, Screen};

/// Draws a screen. Its title is the page's.
pub fn screen(screen: &Screen, drawing: &Drawing<'_>) -> Html {
    let layout = layout(screen);
    let mut html = Html::new();
    html.raw("<div class=\"kiosk\" data-kiosk").attr("data-pages", &layout.pages.len().to_string()).raw(">");
    tabs(&mut html, &layout);
    let mut form = None;
    for (number, page) in layout.pages.iter().enumerate() {
        if page.form != form {
            between(&mut html, screen, form, page.form);
            form = page.form;
        }
        draw(&mut html, screen, page, (number, layout.pages.len()), drawing);
    }
    between(&mut html, screen, form, None);
    if !layout.pinned.is_empty() {
        html.raw("<div class=\"kiosk-pinned\">");
        for index in &layout.pinned {
            html.html(&web::part(screen, *index, None, drawing));
        }
        html.raw("</div>");
    }
    turning(&mut html, layout.pages.len(), &drawing.words);
    html.raw("</div>");
    html
}

/// Closes a form and begins the next: pages of one form lie in it together, so that it is sent as one.
fn between(html: &mut Html, screen: &Screen, before: Option<u32>, after: Option<u32>) {
    if before.is_some() {
        html.raw("</form>");
    }
    if let Some(node) = after.and_then(|index| screen.nodes.get(index as usize)) {
        html.raw("<form class=\"form kiosk-form\"").attr("data-node", &node.id).attr("data-form", &node.id);
        html.attr_some("aria-label", node.label.as_deref()).raw(" autocomplete=\"off\">");
    }
}

fn draw(html: &mut Html, screen: &Screen, page: &Page, (number, of): (usize, usize), drawing: &Drawing<'_>) {
    html.raw("<section class=\"kiosk-page\"").attr("data-page", &number.to_string());
    html.attr("id", &format!("kiosk-page-{number}"));
    html.attr("aria-label", &place(number, of, &drawing.words)).flag("hidden", number > 0).raw(">");
    if let Some(section) = &page.section {
        html.leaf("h2", "kiosk-section", section);
    }
    let form = page.form.and_then(|index| screen.nodes.get(index as usize)).map(|node| node.id.as_str());
    for part in &page.parts {
        match part {
            Part::Title(title) => drop(html.leaf("h2", "kiosk-section", title)),
            Part::Node(index) => drop(html.html(&web::part(screen, *index, form, drawing))),
            Part::More(index) => more(html, screen, *index, &drawing.words),
        }
    }
    html.raw("</section>");
}

fn more(html: &mut Html, screen: &Screen, index: u32, words: &Words) {
    let Some(node) = screen.nodes.get(index as usize) else { return };
    let text = match &node.element {
        Element::Items(items) => items.total.map(|total| words.say1("items-more-of", "n", total)),
        _ => None,
    };
    html.raw("<button type=\"button\" class=\"button quiet\"").attr("data-tap", &node.id).raw(" data-value=\"more\">");
    html.text(&text.unwrap_or_else(|| words.say("items-more"))).raw("</button>");
}

fn tabs(html: &mut Html, layout: &Layout) {
    if layout.tabs.is_empty() {
        return;
    }
    html.raw("<div class=\"kiosk-tabs\">");
    for (name, page) in &layout.tabs {
        html.raw("<button type=\"button\" class=\"button secondary\"").attr("data-turn-to", &page.to_string());
        html.raw(">").text(name).raw("</button>");
    }
    html.raw("</div>");
}

fn place(number: usize, of: usize, words: &Words) -> String {
    let figure = |count: usize| words.figures().number(&count.to_string());
    words.say_with("kiosk-page", &[("n", &figure(number + 1)), ("of", &figure(of))])
}

/// How the pages are turned. One page has nothing to turn.
fn turning(html: &mut Html, of: usize, words: &Words) {
    html.raw("<nav class=\"kiosk-turn\"").attr("aria-label", &words.say("kiosk-pages")).flag("hidden", of < 2).raw(">");
    html.raw("<button type=\"button\" class=\"button secondary\" data-turn=\"-1\" disabled>");
    html.text(&words.say("kiosk-previous")).raw("</button>");
    let [first, last] = [1, of].map(|count| words.figures().number(&count.to_string()));
    html.raw("<output class=\"kiosk-place\">").text(&format!("{first} / {last}")).raw("</output>");
    html.raw("<button type=\"button\" class=\"button primary\" data-turn=\"1\">");
    html.text(&words.say("kiosk-next")).raw("</button></nav>");
}

#[cfg(test)]
mod tests;

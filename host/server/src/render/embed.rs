//! Screens within a partner's page: drawn as on the phone, but for what only the bank's own window may ask for.

use super::web::html::Html;
use super::web::{self, Drawing};
use xitai_model::screen::{Element, Notice, Screen, Tone};

/// Draws a screen. A secure field is no field here: it says where one enters it.
pub fn screen(screen: &Screen, drawing: &Drawing<'_>) -> Html {
    if !screen.nodes.iter().any(|node| matches!(node.element, Element::SecureField(_))) {
        return web::screen(screen, drawing);
    }
    let mut plain = screen.clone();
    for node in &mut plain.nodes {
        if matches!(node.element, Element::SecureField(_)) {
            let text = drawing.words.say("embed-secure");
            node.element = Element::Notice(Notice { tone: Tone::Info, text });
        }
    }
    web::screen(&plain, drawing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Locale, Words};
    use crate::zone::Zone;
    use xitai_model::screen::Node;

    #[test]
    fn no_secret_is_entered_within_a_partners_page() {
        let node = |id: &str, element, children: &[u32]| Node {
            id: id.to_owned(),
            element,
            children: children.to_vec(),
            label: None,
            props: Vec::new(),
        };
        let nodes = vec![
            node("all", Element::Column, &[1, 2]),
            node("secret", Element::SecureField("01J00000000000000000000000".to_owned()), &[]),
            node("title", Element::Heading("Tea".to_owned()), &[]),
        ];
        let (words, fields) = (Words::of(Locale::En, Zone::utc()), Default::default());
        let drawing = Drawing {
            words,
            program: "cn.example.tea",
            pages: "/embed",
            files: "/f/",
            now_ms: 0,
            fields: &fields,
            ids: "",
        };
        let html = super::screen(&Screen { title: String::new(), nodes, root: 0 }, &drawing).into_string();
        assert!(!html.contains("<input") && html.contains("own window only"), "{html}");
        assert!(html.contains("Tea"), "{html}");
    }
}

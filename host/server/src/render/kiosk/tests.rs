use super::*;
use crate::words::Locale;
use std::collections::BTreeMap;
use xitai_model::screen::*;

fn node(id: &str, element: Element, children: &[u32]) -> Node {
    Node { id: id.to_owned(), element, children: children.to_vec(), label: None, props: Vec::new() }
}
fn button(text: &str) -> Element {
    let (text, value, amount) = (text.to_owned(), None, None);
    Element::Button(Button { text, weight: Weight::Primary, value, amount, disabled: false })
}
fn drawn(nodes: Vec<Node>) -> String {
    let words = Words::of(Locale::En, crate::config::ZONE_DEFAULT.parse().unwrap());
    let (purpose, masked) = ("to register you".to_owned(), String::new());
    let face = web::FieldFace { kind: "identity-number", purpose, filled: false, masked, over: false };
    let fields = BTreeMap::from([("T1".to_owned(), face)]);
    let (program, pages, files) = ("cn.example.stand", "/kiosk", "/f/");
    let drawing = Drawing { words, program, pages, files, now_ms: 0, fields: &fields, ids: "" };
    screen(&Screen { title: "Stand".to_owned(), nodes, root: 0 }, &drawing).into_string()
}

#[test]
fn all_pages_are_there_and_the_first_is_shown() {
    let mut nodes = vec![node("root", Element::Column, &[])];
    nodes.extend((0..8).map(|n| node(&format!("b{n}"), button(&format!("Do {n}")), &[])));
    nodes[0].children = (1..9).collect();
    let html = drawn(nodes);
    assert!(html.contains("data-pages=\"2\""), "{html}");
    assert!(html.contains("aria-label=\"Page 1 of 2\">") && html.contains("aria-label=\"Page 2 of 2\" hidden>"));
    assert!((0..8).all(|n| html.contains(&format!("data-tap=\"b{n}\""))), "{html}");
}

#[test]
fn a_secret_is_hidden_until_who_types_it_asks_to_see_it() {
    let html = drawn(vec![node("root", Element::Form, &[1]), node("id", Element::SecureField("T1".to_owned()), &[])]);
    assert!(html.contains("type=\"password\"") && html.contains("data-show aria-pressed=\"false\">Show<"), "{html}");
}

#[test]
fn a_document_is_read_on_a_page_of_the_kiosks() {
    let (entry, title) = ("01J00000000000000000000000", "Terms".to_owned());
    let handle = format!("{}{entry}", xitai_model::content::entry::DOCUMENT);
    let html = drawn(vec![node("terms", Element::Document(Document { handle, title }), &[])]);
    assert!(html.contains(&format!("href=\"/kiosk/content/{entry}\"")), "{html}");
}

#[test]
fn pages_of_a_form_are_sent_as_one() {
    let field = |id: &str| {
        let (value, hint, input) = (String::new(), String::new(), "text".to_owned());
        node(id, Element::TextField(TextField { value, hint, required: true, max_chars: 9, input }), &[])
    };
    let html = drawn(vec![
        node("root", Element::Form, &[1, 2, 3]),
        field("name"),
        field("street"),
        node("send", button("<Send>"), &[]),
    ]);
    assert_eq!(html.matches("<form").count(), 1, "{html}");
    let form = &html[html.find("<form").unwrap()..html.find("</form>").unwrap()];
    assert_eq!(form.matches("<section").count(), 3, "{form}");
    assert!(form.contains("type=\"submit\"") && form.contains("&lt;Send&gt;"), "{form}");
}

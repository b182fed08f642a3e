use super::*;
use xitai_model::screen::*;

fn node(id: &str, element: Element, children: &[u32]) -> Node {
    Node { id: id.to_owned(), element, children: children.to_vec(), label: None, props: Vec::new() }
}

fn button(text: &str) -> Element {
    let (text, value, amount) = (text.to_owned(), None, None);
    Element::Button(Button { text, weight: Weight::Primary, value, amount, disabled: false })
}

/// A column of these.
fn column(elements: Vec<Element>) -> Screen {
    let mut nodes = vec![node("root", Element::Column, &[])];
    nodes.extend(elements.into_iter().enumerate().map(|(at, element)| node(&format!("n{at}"), element, &[])));
    nodes[0].children = (1..nodes.len() as u32).collect();
    Screen { title: String::new(), nodes, root: 0 }
}

fn item(title: &str) -> Element {
    Element::Item(Item { title: title.to_owned(), subtitle: None, trailing: None, image: None })
}

#[test]
fn a_page_has_six_targets_and_five_entries_and_nothing_is_lost() {
    let targets = layout(&column((0..13).map(|n| button(&n.to_string())).collect()));
    assert_eq!(targets.pages.iter().map(|page| page.parts.len()).collect::<Vec<_>>(), [6, 6, 1]);
    let entries = layout(&column((0..12).map(|n| item(&n.to_string())).collect()));
    assert_eq!(entries.pages.iter().map(|page| page.parts.len()).collect::<Vec<_>>(), [5, 5, 2]);
    let all: Vec<&Part> = entries.pages.iter().flat_map(|page| &page.parts).collect();
    assert_eq!(all, (1..13).map(Part::Node).collect::<Vec<_>>().iter().collect::<Vec<_>>());
}

#[test]
fn each_field_has_its_page_and_the_button_comes_last() {
    let field = |required| {
        let (value, hint, input) = (String::new(), String::new(), "text".to_owned());
        Element::TextField(TextField { value, hint, required, max_chars: 20, input })
    };
    let mut screen = column(vec![Element::Form]);
    screen.nodes.push(node("why", Element::Paragraph("Why".to_owned()), &[]));
    screen.nodes.push(node("name", field(true), &[]));
    screen.nodes.push(node("street", field(false), &[]));
    screen.nodes.push(node("send", button("Send"), &[]));
    screen.nodes[1].children = vec![2, 3, 4, 5];
    let cut = layout(&screen);
    let parts: Vec<&[Part]> = cut.pages.iter().map(|page| page.parts.as_slice()).collect();
    assert_eq!(parts, [&[Part::Node(2), Part::Node(3)][..], &[Part::Node(4)], &[Part::Node(5)]]);
    assert!(cut.pages.iter().all(|page| page.form == Some(1)));
}

#[test]
fn what_is_pinned_in_a_form_follows_its_fields_and_is_in_it() {
    let (value, hint, input) = (String::new(), String::new(), "text".to_owned());
    let field = Element::TextField(TextField { value, hint, required: true, max_chars: 20, input });
    let mut screen = column(vec![Element::Form]);
    screen.nodes.push(node("send", button("Send"), &[]));
    screen.nodes[2].props = vec![("pin".to_owned(), "bottom".to_owned())];
    screen.nodes.push(node("name", field, &[]));
    screen.nodes[1].children = vec![2, 3];
    let cut = layout(&screen);
    assert!(cut.pinned.is_empty(), "{cut:?}");
    let parts: Vec<&[Part]> = cut.pages.iter().map(|page| page.parts.as_slice()).collect();
    assert_eq!(parts, [&[Part::Node(3)][..], &[Part::Node(2)]]);
    assert!(cut.pages.iter().all(|page| page.form == Some(1)));
}

#[test]
fn a_card_that_is_tapped_stays_whole_however_large() {
    let large = |tap: bool| {
        let mut screen = column(vec![Element::Card]);
        if tap {
            screen.nodes[1].props = vec![("tap".to_owned(), "yes".to_owned())];
        }
        for n in 0..KIOSK_LINES_MAX {
            let at = screen.nodes.len() as u32;
            screen.nodes.push(node(&format!("line{n}"), Element::Paragraph("A line\nand another".to_owned()), &[]));
            screen.nodes[1].children.push(at);
        }
        layout(&screen)
    };
    assert_eq!(large(true).pages.iter().map(|page| page.parts.clone()).collect::<Vec<_>>(), [vec![Part::Node(1)]]);
    assert!(large(false).pages.len() > 1, "what is only read is taken apart");
}

#[test]
fn what_is_pinned_stays_and_a_section_goes_on_under_its_name() {
    let mut screen = column(vec![Element::Section("Lunch".to_owned()), Element::Row]);
    screen.nodes[2].props = vec![("pin".to_owned(), "bottom".to_owned())];
    for n in 0..7 {
        let at = screen.nodes.len() as u32;
        screen.nodes.push(node(&format!("dish{n}"), item("Dish"), &[]));
        screen.nodes[1].children.push(at);
    }
    let cut = layout(&screen);
    assert_eq!(cut.pinned, [2]);
    assert_eq!(cut.pages.len(), 2);
    assert_eq!(cut.pages[0].parts[0], Part::Title("Lunch".to_owned()));
    assert_eq!((cut.pages[0].section.as_deref(), cut.pages[1].section.as_deref()), (None, Some("Lunch")));
}

#[test]
fn the_largest_screen_is_cut_to_an_end_and_a_damaged_one_too() {
    let large = column((0..999).map(|n| button(&n.to_string())).collect());
    let cut = layout(&large);
    assert_eq!(cut.pages.iter().map(|page| page.parts.len()).sum::<usize>(), 999);
    assert!(cut.pages.iter().all(|page| page.parts.len() <= KIOSK_TARGETS_MAX));
    let mut damaged = column(Vec::new());
    damaged.nodes[0].children = vec![0, 9_999];
    assert_eq!(layout(&damaged).pages.len(), 1);
}

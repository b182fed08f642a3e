use super::*;
use crate::words::Locale;
use xitai_model::screen::*;

fn node(id: &str, element: Element, children: &[u32]) -> Node {
    Node { id: id.to_owned(), element, children: children.to_vec(), label: None, props: Vec::new() }
}
fn drawing() -> Drawing {
    Drawing { words: Words::of(Locale::En, crate::config::ZONE_DEFAULT.parse().unwrap()), now_ms: 0 }
}
fn column(elements: Vec<Element>) -> Screen {
    let mut nodes = vec![node("root", Element::Column, &[])];
    nodes.extend(elements.into_iter().enumerate().map(|(at, element)| node(&format!("n{at}"), element, &[])));
    nodes[0].children = (1..nodes.len() as u32).collect();
    Screen { title: "Stand".to_owned(), nodes, root: 0 }
}
fn button(text: &str) -> Element {
    let (text, value, amount) = (text.to_owned(), None, None);
    Element::Button(Button { text, weight: Weight::Primary, value, amount, disabled: false })
}

#[test]
fn a_message_has_five_choices_and_numbers_count_through() {
    let drawn = parts(&column((0..12).map(|n| button(&format!("b{n}"))).collect()), &drawing());
    assert_eq!(drawn.len(), 3);
    assert!(drawn[0].contains("5. b4") && !drawn[0].contains("b5"), "{}", drawn[0]);
    assert!(drawn[2].contains("11. b10\n12. b11\n(3/3)"), "{}", drawn[2]);
}

#[test]
fn a_title_stands_with_what_follows_and_a_long_text_goes_on() {
    let mut elements: Vec<Element> = (0..5).map(|n| button(&format!("b{n}"))).collect();
    elements.push(Element::Heading("Next".to_owned()));
    elements.push(button("last"));
    let drawn = parts(&column(elements), &drawing());
    assert!(!drawn[0].contains("Next") && drawn[1].contains("— Next —\n6. last"), "{drawn:?}");
    let long = parts(&column(vec![Element::Paragraph("字".repeat(4_000))]), &drawing());
    assert_eq!(long.iter().map(|part| part.matches('字').count()).sum::<usize>(), 4_000);
    assert!(long.iter().all(|part| part.chars().count() <= CHAT_MESSAGE_CHARS_MAX + 80));
}

#[test]
fn the_largest_screen_is_said_to_an_end_and_a_damaged_one_too() {
    let drawn = parts(&column((0..999).map(|n| button(&format!("b{n}"))).collect()), &drawing());
    assert_eq!(drawn.len(), 200);
    let mut damaged = column(Vec::new());
    damaged.nodes[0].children = vec![0, 9_999];
    assert_eq!(parts(&damaged, &drawing()).len(), 1);
}

#[test]
fn questions_come_one_by_one_and_the_end_says_what_was_answered() {
    let field = TextField {
        value: String::new(),
        hint: "As in your passport".to_owned(),
        required: true,
        max_chars: 20,
        input: "text".to_owned(),
    };
    let mut screen = column(vec![Element::Form]);
    screen.nodes.push(Node { label: Some("Name".to_owned()), ..node("name", Element::TextField(field), &[]) });
    screen.nodes.push(node("news", Element::Toggle(Toggle { text: "News".to_owned(), on: false }), &[]));
    screen.nodes.push(node("send", button("Send"), &[]));
    screen.nodes[1].children = vec![2, 3, 4];
    let ask = |at, values: &[(String, String)]| question(&screen, "n0", at, values, &drawing());
    assert_eq!(ask(0, &[]), "【Stand】\n(1/2)\nName *\nAs in your passport\n“back” goes one step back.");
    assert_eq!(ask(1, &[]), "【Stand】\n(2/2)\nNews\n1 yes · 2 no\n“skip” keeps “no”.\n“back” goes one step back.");
    let values = [("name".to_owned(), "Li".to_owned()), ("news".to_owned(), "true".to_owned())];
    let end = ask(2, &values);
    assert!(end.starts_with("【Stand】\nName: Li\nNews: yes\n1. Send\n"), "{end}");
    assert!(parts(&screen, &drawing())[0].contains("1. Fill in: Name, News"));
}

#[test]
fn what_stands_in_a_form_is_read_and_numbered_before_it() {
    let mut screen = column(vec![Element::Form, button("Home")]);
    let link = Element::Link(Link { text: "Terms".to_owned(), page: "pages/terms".to_owned() });
    let item = Element::Item(Item { title: "Li".to_owned(), subtitle: None, trailing: None, image: None });
    screen.nodes.extend([
        node("intro", Element::Paragraph("Who travels".to_owned()), &[]),
        node("news", Element::Toggle(Toggle { text: "News".to_owned(), on: false }), &[]),
        node("terms", link, &[]),
        node("past", Element::Items(Items { total: None, more: true }), &[7]),
        node("last", item, &[]),
        node("send", button("Send"), &[]),
    ]);
    screen.nodes[7].props = vec![("tap".to_owned(), "yes".to_owned())];
    screen.nodes[1].children = vec![3, 4, 5, 6, 8];
    let drawn = parts(&screen, &drawing());
    let more = drawing().words.say("items-more");
    let lines = format!("【Stand】\nWho travels\n1. Terms →\n2. Li\n3. {more}\n4. Fill in: News\n5. Home");
    assert_eq!(drawn, [lines]);
    assert_eq!(xitai_model::chat::offers(&screen).len(), 5);
}

#[test]
fn a_program_speaks_under_its_title_and_cannot_write_the_bank_s_mark() {
    let claims = "🔒 The bank asks you\nReply with your card password";
    let mut screen = column(vec![Element::Quantity(Quantity { value: 1, minimum: 0, maximum: 9 }), button(claims)]);
    screen.nodes[1].label = Some(claims.to_owned());
    screen.title = format!("{claims}🔐");
    let named = "【 The bank asks you Reply with your card password】\n";
    let said = toast(&screen, &format!("\u{202e}{claims}\u{7}")).unwrap();
    for said in [question(&screen, "n0", 0, &[], &drawing()), parts(&screen, &drawing()).remove(0), said] {
        let is_whole = said.contains("card password\n") || said.ends_with("card password");
        assert!(said.starts_with(named) && is_whole, "{said}");
        assert!(!said.contains(['🔒', '🔐', '\u{202e}', '\u{7}']), "{said}");
    }
    assert_eq!(toast(&screen, " \u{202e}\n"), None);
    assert!(!programs(&[claims.to_owned()], true, &drawing().words).contains('🔒'));
}

use super::*;
use crate::screen::*;

fn text(text: &str) -> String {
    text.to_owned()
}
fn node(id: &str, element: Element, children: &[u32]) -> Node {
    Node { id: text(id), element, children: children.to_vec(), label: None, props: Vec::new() }
}
fn button(says: &str, value: Option<&str>, disabled: bool) -> Element {
    let value = value.map(text);
    Element::Button(Button { text: text(says), weight: Weight::Primary, value, amount: None, disabled })
}

/// A button, a disabled one, a quantity, a toggle, a link, and a form of four fields.
fn screen() -> Screen {
    let field = TextField { value: text(""), hint: text(""), required: true, max_chars: 5, input: text("text") };
    let date = DateField { value: None, earliest: Some(text("2026-11-01")), latest: None, required: false };
    let options = vec![(text("a"), text("Aisle")), (text("w"), text("Window"))];
    let choice = Choice { options, selected: Vec::new(), many: true, required: false };
    let nodes = vec![
        node("root", Element::Column, &[1, 2, 3, 4, 5, 6, 11]),
        node("pay", button("Pay", Some("all"), false), &[]),
        node("sold-out", button("Buy", None, true), &[]),
        node("rice", Element::Quantity(Quantity { value: 2, minimum: 0, maximum: 9 }), &[]),
        node("spicy", Element::Toggle(Toggle { text: text("Spicy"), on: true }), &[]),
        node("orders", Element::Link(Link { text: text("Orders"), page: text("pages/orders") }), &[]),
        node("who", Element::Form, &[7, 8, 9, 10]),
        node("name", Element::TextField(field), &[]),
        node("day", Element::DateField(date), &[]),
        node("seat", Element::Choice(choice), &[]),
        node("send", button("Send", None, false), &[]),
        node("dishes", Element::Items(Items { total: None, more: true }), &[12]),
        node("dish", Element::Item(Item { title: text("Rice"), subtitle: None, trailing: None, image: None }), &[]),
    ];
    let mut screen = Screen { title: text("Canteen"), nodes, root: 0 };
    screen.nodes[12].props = vec![(text("tap"), text("yes"))];
    screen
}

fn tapped(id: &str, value: Option<&str>) -> Heard {
    Heard::Posts(Event::Tapped { id: text(id), value: value.map(text) })
}
fn asking(node: &str, at: u32, values: &[(&str, &str)]) -> Place {
    let values = values.iter().map(|(name, value)| (text(name), text(value))).collect();
    Place::Asking { node: text(node), at, values }
}

#[test]
fn numbers_follow_the_page_and_leave_out_what_is_disabled() {
    let screen = screen();
    let found: Vec<&str> = offers(&screen).iter().map(|offer| screen.nodes[offer.node as usize].id.as_str()).collect();
    assert_eq!(found, ["pay", "rice", "spicy", "orders", "who", "dish", "dishes"]);
}

#[test]
fn what_stands_in_a_form_has_a_number_before_the_form() {
    let mut screen = screen();
    screen.nodes.extend([
        node("terms", Element::Link(Link { text: text("Terms"), page: text("pages/terms") }), &[]),
        node("past", Element::Items(Items { total: None, more: true }), &[15]),
        node("last", Element::Item(Item { title: text("Li"), subtitle: None, trailing: None, image: None }), &[]),
    ]);
    screen.nodes[15].props = vec![(text("tap"), text("yes"))];
    screen.nodes[6].children.extend([13, 14]);
    let found: Vec<&str> = offers(&screen).iter().map(|offer| screen.nodes[offer.node as usize].id.as_str()).collect();
    assert_eq!(found, ["pay", "rice", "spicy", "orders", "terms", "last", "past", "who", "dish", "dishes"]);
    let here = Place::Screen { part: 0 };
    assert_eq!(hear(&here, Some(&screen), 1, "5"), Heard::Opens(text("pages/terms")));
    assert_eq!(hear(&here, Some(&screen), 1, "6"), tapped("last", None));
    assert_eq!(hear(&here, Some(&screen), 1, "8"), Heard::Goes(asking("who", 0, &[])));
}

#[test]
fn a_message_holds_while_what_it_is_about_is_the_same() {
    let (told, here) = (screen(), Place::Screen { part: 0 });
    let mut sold_out = screen();
    sold_out.nodes[1].element = button("Buy", Some("all"), true);
    let mut asks_more = screen();
    asks_more.nodes[7].label = Some(text("Full name"));
    let holds = |place: &Place, now: &Screen, said: &str| {
        still_means(&hear(place, Some(&told), 2, said), place, Some(&told), now)
    };
    for (said, sold_out_holds, asks_more_holds) in [
        ("1", false, true),
        ("2", true, true),
        ("3", true, true),
        ("5", true, false),
        ("4", true, true),
        ("menu", true, true),
        ("phone", true, true),
        ("123456", true, true),
        ("more", false, false),
        ("99", false, false),
    ] {
        assert_eq!(holds(&here, &sold_out, said), sold_out_holds, "{said}, sold out");
        assert_eq!(holds(&here, &asks_more, said), asks_more_holds, "{said}, asks more");
        assert!(holds(&here, &screen(), said), "{said}, as it was told");
    }
    let asked = asking("who", 3, &[("name", "Li")]);
    for said in ["1", "7"] {
        assert!(holds(&asked, &sold_out, said) && !holds(&asked, &asks_more, said), "{said}");
    }
    let without = |heard: Heard| still_means(&heard, &here, None, &told);
    assert!(!without(tapped("pay", None)) && without(Heard::Programs), "nothing of what was told is kept");
}

#[test]
fn what_a_message_means_on_a_page() {
    let (screen, here) = (screen(), Place::Screen { part: 0 });
    let cases = [
        ("1", tapped("pay", Some("all"))),
        (" １。", tapped("pay", Some("all"))),
        ("2", Heard::Goes(asking("rice", 0, &[]))),
        ("3", tapped("spicy", Some("false"))),
        ("4", Heard::Opens(text("pages/orders"))),
        ("5", Heard::Goes(asking("who", 0, &[]))),
        ("6", tapped("dish", None)),
        ("7", tapped("dishes", Some("more"))),
        ("8", Heard::NotUnderstood),
        ("999", Heard::NotUnderstood),
        ("0", Heard::Programs),
        ("菜单", Heard::Programs),
        ("更多", Heard::Goes(Place::Screen { part: 1 })),
        ("BACK", Heard::Programs),
        ("手机", Heard::Elsewhere),
        ("Меню", Heard::Programs),
        ("Ещё", Heard::Goes(Place::Screen { part: 1 })),
        ("\u{2068}گوشي\u{2069}", Heard::Elsewhere),
        ("۶", tapped("dish", None)),
        ("۱۲۳۴۵۶", Heard::Code(text("123456"))),
        ("123456", Heard::Code(text("123456"))),
        ("１２３ ４５６", Heard::Code(text("123456"))),
        ("🍚", Heard::NotUnderstood),
        ("-1", Heard::NotUnderstood),
        ("1; DROP TABLE", Heard::NotUnderstood),
        ("", Heard::NotUnderstood),
    ];
    for (said, expected) in cases {
        assert_eq!(hear(&here, Some(&screen), 2, said), expected, "{said}");
    }
    let last = Place::Screen { part: 1 };
    assert_eq!(hear(&last, Some(&screen), 2, "more"), Heard::NotUnderstood);
    assert_eq!(hear(&last, Some(&screen), 2, "back"), Heard::Goes(here));
}

#[test]
fn a_form_is_asked_one_question_a_message() {
    let screen = screen();
    let steps: [(Place, &str, Heard); 12] = [
        (asking("who", 0, &[]), "  ", Heard::Unfit),
        (asking("who", 0, &[]), "skip", Heard::Unfit),
        (asking("who", 0, &[]), "王小明明明明", Heard::Unfit),
        (asking("who", 0, &[]), " 李😀 ", Heard::Goes(asking("who", 1, &[("name", "李😀")]))),
        (asking("who", 1, &[("name", "李")]), "2026/10/31", Heard::Unfit),
        (
            asking("who", 1, &[("name", "李")]),
            "2026/11/30",
            Heard::Goes(asking("who", 2, &[("name", "李"), ("day", "2026-11-30")])),
        ),
        (asking("who", 1, &[("name", "李")]), "跳过", Heard::Goes(asking("who", 2, &[("name", "李")]))),
        (asking("who", 2, &[]), "3", Heard::Unfit),
        (asking("who", 2, &[]), "2, 1 2", Heard::Goes(asking("who", 3, &[("seat", "w"), ("seat", "a")]))),
        (asking("who", 2, &[("name", "李")]), "back", Heard::Goes(asking("who", 1, &[("name", "李")]))),
        (asking("who", 3, &[]), "2", Heard::NotUnderstood),
        (asking("who", 0, &[]), "back", Heard::Goes(Place::Screen { part: 0 })),
    ];
    for (place, said, expected) in steps {
        assert_eq!(hear(&place, Some(&screen), 1, said), expected, "{place:?} {said}");
    }
    let (form, button) = (text("who"), text("send"));
    let values = vec![(text("name"), text("李"))];
    let sent = Heard::Posts(Event::Submitted { form, button, values: values.clone() });
    assert_eq!(hear(&asking("who", 3, &[("name", "李")]), Some(&screen), 1, "1"), sent);
}

#[test]
fn a_number_is_asked_and_zero_is_one() {
    let screen = screen();
    let here = asking("rice", 0, &[]);
    assert_eq!(hear(&here, Some(&screen), 1, "0"), tapped("rice", Some("0")));
    assert_eq!(hear(&here, Some(&screen), 1, "３"), tapped("rice", Some("3")));
    assert_eq!(hear(&here, Some(&screen), 1, "10"), Heard::Unfit);
}

#[test]
fn without_a_page_numbers_are_programs() {
    for screen in [None, Some(screen())] {
        assert_eq!(hear(&Place::Programs, screen.as_ref(), 0, "2"), Heard::Program(2));
        assert_eq!(hear(&Place::Programs, screen.as_ref(), 0, "hello"), Heard::Programs);
    }
    assert_eq!(hear(&Place::Screen { part: 0 }, None, 0, "2"), Heard::Program(2));
}

#[test]
fn the_bank_s_message_takes_its_own_number_and_no_other() {
    let (digest, other) = (Digest::of(b"shown"), Digest::of(b"shown again"));
    let word = confirm_word(&digest);
    assert!(word.len() == 4 && word != confirm_word(&other), "{word}");
    assert_eq!(decide(&digest, 0, &word), Decided::Confirms);
    assert_eq!(decide(&other, 0, &word), Decided::Wrong(1));
    for said in ["yes", "1", "确认", "ok 👍", ""] {
        assert_eq!(decide(&digest, 0, said), Decided::Wrong(1), "{said}");
    }
    assert_eq!(decide(&digest, CHAT_WRONG_WORDS_MAX - 1, "1"), Decided::Declines, "the last wrong one");
    for said in ["no", "取消", "back", "0", "Нет", "نه", "لغو", "منو"] {
        assert_eq!(decide(&digest, 0, said), Decided::Declines, "{said}");
    }
    assert_eq!(decide(&digest, 0, "phone"), Decided::Elsewhere);
}

#[test]
fn only_small_payments_from_the_account_are_confirmed_in_a_chat() {
    let cny = |minor| may_confirm(Money::cny(minor), TenderKind::Account);
    assert!(cny(CHAT_PAY_MINOR_MAX) && !cny(CHAT_PAY_MINOR_MAX + 1));
    assert!(!may_confirm(Money::cny(1), TenderKind::Card));
    assert!(!may_confirm(Money::new(1, Currency::parse("USD").unwrap()), TenderKind::Account));
    let agrees = |kind| may_agree(kind, None);
    assert!(agrees("coupon") && !agrees("agreement") && !agrees("presence") && !agrees("mandate"));
    assert!(may_agree("errand", Some("/app/open/cn.bank.tea?page=pages/index")), "it opens in the chat");
    assert!(!may_agree("errand", Some("/app/prints/M1")), "a chat prints nothing");
}

#[test]
fn whose_a_line_is_is_kept_and_never_read_from_its_text() {
    let mut talk = Talk::of("u");
    talk.say("🔒 The bank asks you", 0);
    talk.say(Saying::banks(text("🔒 The bank asks you")), 0);
    assert_eq!(talk.lines.iter().map(|line| line.is_banks).collect::<Vec<_>>(), [false, true]);
    assert_eq!(talk.outgoing.iter().map(|one| one.is_banks).collect::<Vec<_>>(), [false, true]);
    let before = r#"{"by_customer":false,"text":"🔒 The bank asks you","at_ms":0}"#;
    assert!(!serde_json::from_str::<Line>(before).unwrap().is_banks, "a row of before");
}

#[test]
fn messages_wait_in_their_order_and_not_without_end() {
    let message =
        |n: usize| Incoming { id: n.to_string(), text: text("hi"), too_long: false, at_ms: 0, linked_as: None };
    let mut talk = Talk::of("u");
    for n in 0..crate::limits::CHAT_WAITING_MAX {
        talk.take(message(n)).unwrap();
    }
    assert_eq!(talk.take(message(99)).unwrap_err().code, "chat.busy");
    assert_eq!(talk.due_ms(7), Some(7));
    let mut talk = Talk::of("u");
    for n in 0..crate::limits::CHAT_OUTGOING_MAX + 3 {
        talk.say(n.to_string(), 5);
    }
    assert_eq!(talk.outgoing.len(), crate::limits::CHAT_OUTGOING_MAX);
    assert_eq!(talk.next(5).unwrap().number, 4, "the oldest went");
    assert_eq!(talk.lines.len(), crate::limits::CHAT_OUTGOING_MAX + 3);
}

#[test]
fn what_does_not_get_through_is_sent_again_and_nothing_overtakes_it() {
    let mut talk = Talk::of("u");
    talk.say("a", 0);
    talk.say("b", 0);
    talk.failed(1, 0);
    assert_eq!(talk.next(1_999), None, "b waits behind a");
    assert_eq!(talk.next(2_000).unwrap().text, "a");
    talk.sent(1);
    assert_eq!(talk.next(0).unwrap().text, "b");
    for _ in 0..crate::limits::CHAT_TRIES_MAX {
        talk.failed(2, 0);
    }
    assert_eq!((talk.outgoing.len(), talk.due_ms(0)), (0, None), "given up");
}

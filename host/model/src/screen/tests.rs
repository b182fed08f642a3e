//! Each rule of a screen, at its edge.

use super::*;
use crate::code;
use crate::ids::{MerchantId, ProgramId};
use crate::limits::{SCREEN_DEPTH_MAX, SCREEN_NODES_MAX, SCREEN_TEXT_CHARS_MAX};
use crate::program::Event;
use proptest::prelude::*;

fn node(id: &str, element: Element, children: &[u32]) -> Node {
    Node { id: id.to_owned(), element, children: children.to_vec(), label: None, props: vec![] }
}
fn text(id: &str) -> Node {
    node(id, Element::Paragraph("text".to_owned()), &[])
}
fn button(id: &str, amount: Option<Money>) -> Node {
    let text = "Go".to_owned();
    node(id, Element::Button(Button { text, weight: Weight::Primary, value: None, amount, disabled: false }), &[])
}
fn screen(nodes: Vec<Node>) -> Screen {
    Screen { title: "Title".to_owned(), nodes, root: 0 }
}
fn page(elements: Vec<Element>) -> Screen {
    let children: Vec<u32> = (1..=elements.len() as u32).collect();
    let mut nodes = vec![node("root", Element::Column, &children)];
    nodes.extend(elements.into_iter().enumerate().map(|(i, element)| node(&format!("n{i}"), element, &[])));
    screen(nodes)
}

fn checked(screen: Screen) -> Result<Checked, ScreenFault> {
    let program = ProgramId::parse("cn.bank.suzhou.canteen").unwrap();
    let merchant = MerchantId::parse("suzhou-canteen").unwrap();
    check(screen, &Rules { program: &program, merchant: Some(&merchant), origin: Some("https://bank.example") })
}
#[track_caller]
fn refused(screen: Screen, code: &'static crate::code::Code, node: &str) {
    let fault = checked(screen).expect_err("a broken rule");
    assert_eq!((fault.code.code, fault.node.as_str()), (code.code, node), "{}", fault.detail);
}

#[test]
fn the_tree_must_be_one() {
    let column = |id: &str, children: &[u32]| node(id, Element::Column, children);
    assert!(checked(screen(vec![column("a", &[2, 1]), text("b"), text("c")])).is_ok());
    refused(screen(vec![]), code::SCREEN_EMPTY, "#0");
    refused(Screen { root: 1, ..screen(vec![text("a")]) }, code::SCREEN_BAD_ROOT, "#1");
    refused(screen(vec![column("a", &[1])]), code::SCREEN_BAD_CHILD, "a");
    refused(screen(vec![column("a", &[u32::MAX])]), code::SCREEN_BAD_CHILD, "a");
    refused(screen(vec![column("a", &[0])]), code::SCREEN_CYCLIC, "a");
    refused(screen(vec![column("a", &[1]), column("b", &[2]), column("c", &[1])]), code::SCREEN_CYCLIC, "c");
    refused(screen(vec![column("a", &[1, 1]), text("b")]), code::SCREEN_SHARED_CHILD, "a");
    refused(
        screen(vec![column("a", &[1, 2]), column("b", &[3]), column("c", &[3]), text("d")]),
        code::SCREEN_SHARED_CHILD,
        "c",
    );
    refused(screen(vec![column("a", &[]), text("b")]), code::SCREEN_UNREACHABLE, "b");
    refused(screen(vec![column("a", &[]), column("b", &[2]), column("c", &[1])]), code::SCREEN_UNREACHABLE, "b");
    refused(screen(vec![node("a", Element::Divider, &[1]), text("b")]), code::SCREEN_LEAF_HAS_CHILDREN, "a");
}

#[test]
fn ids_are_unique_and_plain() {
    refused(screen(vec![node("a", Element::Column, &[1]), text("a")]), code::SCREEN_DUPLICATE_ID, "a");
    for id in ["", "a b", "食", "a\0", "<script>", &"x".repeat(65)] {
        refused(screen(vec![text(id)]), code::SCREEN_BAD_ID, "#0");
    }
    for id in ["a", "dish:17/add", "A-Z_0.9", &"x".repeat(64)] {
        assert!(checked(screen(vec![text(id)])).is_ok(), "{id}");
    }
}

fn chain(depth: usize) -> Screen {
    let mut nodes: Vec<Node> = (1..depth).map(|i| node(&format!("n{i}"), Element::Column, &[i as u32])).collect();
    nodes.push(text("last"));
    screen(nodes)
}
fn wide(count: usize) -> Screen {
    page(vec![Element::Divider; count - 1])
}

#[test]
fn size_ends_at_the_limits() {
    assert!(checked(chain(SCREEN_DEPTH_MAX)).is_ok());
    refused(chain(SCREEN_DEPTH_MAX + 1), code::LIMIT_SCREEN_DEPTH, "last");
    assert!(checked(wide(SCREEN_NODES_MAX)).is_ok());
    refused(wide(SCREEN_NODES_MAX + 1), code::LIMIT_SCREEN_NODES, "root");
    refused(wide(100_000), code::LIMIT_SCREEN_NODES, "root");
    refused(chain(100_000), code::LIMIT_SCREEN_NODES, "n1");
    assert!(checked(page(vec![Element::Paragraph("食".repeat(SCREEN_TEXT_CHARS_MAX))])).is_ok());
    let long = page(vec![Element::Paragraph("食".repeat(SCREEN_TEXT_CHARS_MAX + 1))]);
    refused(long, code::LIMIT_SCREEN_TEXT, "n0");
    // 32 texts of 4,000 bytes are under 128 KiB of JSON, 33 are over.
    assert!(checked(page(vec![Element::Paragraph("x".repeat(4_000)); 32])).is_ok());
    refused(page(vec![Element::Paragraph("x".repeat(4_000)); 33]), code::LIMIT_SCREEN_BYTES, "root");
    refused(page(vec![Element::Tabs(vec![String::new(); 60_000])]), code::LIMIT_SCREEN_BYTES, "root");
}

#[test]
fn texts_are_cleaned() {
    let mut source = page(vec![Element::Heading("pay \u{202e}00.01".to_owned())]);
    source.title = "\u{2067}title".to_owned();
    source.nodes[1].label = Some("\u{200f}label".to_owned());
    let screen = checked(source).unwrap().into_screen();
    assert_eq!(screen.title, "title");
    assert_eq!(screen.nodes[1].element, Element::Heading("pay 00.01".to_owned()));
    assert_eq!(screen.nodes[1].label.as_deref(), Some("label"));
    for bad in ["a\0b", "a\u{7f}", "\u{1b}[1m"] {
        refused(page(vec![Element::Badge(bad.to_owned())]), code::SCREEN_CONTROL_CHARACTER, "n0");
    }
}

#[test]
fn money_is_in_range() {
    let max = crate::money::MINOR_MAX;
    assert!(checked(page(vec![Element::Amount(Money::cny(-max)), Element::Amount(Money::cny(max))])).is_ok());
    refused(page(vec![Element::Amount(Money::cny(max + 1))]), code::SCREEN_MONEY_RANGE, "n0");
    refused(page(vec![Element::Amount(Money::cny(i64::MIN))]), code::SCREEN_MONEY_RANGE, "n0");
    for minor in [0, -1] {
        refused(screen(vec![button("pay", Some(Money::cny(minor)))]), code::SCREEN_BUTTON_AMOUNT, "pay");
    }
    refused(screen(vec![button("pay", Some(Money::cny(max + 1)))]), code::SCREEN_MONEY_RANGE, "pay");
}

#[test]
fn progress_and_charts_can_be_drawn() {
    let progress = |done| page(vec![Element::Progress(Progress { done, total: 3 })]);
    assert!(checked(progress(3)).is_ok());
    refused(progress(4), code::SCREEN_PROGRESS_INVALID, "n0");
    let chart = |decimals| {
        let (kind, unit) = ("bar".to_owned(), "份".to_owned());
        page(vec![Element::Chart(Chart { kind, unit, points: vec![], decimals })])
    };
    assert!(checked(chart(6)).is_ok());
    refused(chart(7), code::SCREEN_CHART_INVALID, "n0");
}

#[test]
fn codes_lead_nowhere_else() {
    let merchant = |id: &str| crate::merchant::Merchant::new(MerchantId::parse(id).unwrap(), "食堂", "5812", "苏州");
    let own = crate::emvco::make(&merchant("suzhou-canteen"), Some(Money::cny(1200)), "17").unwrap();
    let foreign = crate::emvco::make(&merchant("tea-house"), Some(Money::cny(1200)), "17").unwrap();
    let good = [
        "A017",
        "PICK-UP 17",
        "/miniapp/cn.bank.suzhou.canteen/pages/pickup?code=17",
        "https://bank.example/miniapp/cn.bank.suzhou.canteen/pages/pickup",
        own.as_str(),
    ];
    for text in good {
        assert!(checked(page(vec![Element::Qr(text.to_owned())])).is_ok(), "{text}");
    }
    let bad = [
        "",
        "https://evil.example/",
        "https://bank.example.evil/miniapp/cn.bank.suzhou.canteen/pages/pickup",
        "https://bank.example/miniapp/cn.bank.suzhou.branch-queue/pages/index",
        "https://bank.example/miniapp/cn.bank.suzhou.canteen/../cn.evil/pages",
        "wxp://f2f0abc",
        "evil.example",
        "12345678901234567890123456789012345",
        foreign.as_str(),
    ];
    for text in bad {
        refused(page(vec![Element::Qr(text.to_owned())]), code::SCREEN_QR_FOREIGN, "n0");
    }
}

#[test]
fn images_and_links_stay_inside() {
    let image = |source: &str| page(vec![Element::Image(Image { source: source.to_owned(), alt: "a".to_owned() })]);
    for source in ["asset:img/rice.png", "content:01ARZ3NDEKTSV4RRFFQ69G5FAV"] {
        assert!(checked(image(source)).is_ok(), "{source}");
    }
    let bad = [
        "",
        "asset:",
        "https://evil.example/p.gif",
        "data:image/png;base64,AA",
        "asset:../../etc/passwd",
        "asset:/x",
        "asset:a?b",
        "asset:a\\b",
        "javascript:alert(1)",
    ];
    for source in bad {
        refused(image(source), code::SCREEN_IMAGE_FOREIGN, "n0");
    }
    let link = |page_: &str| page(vec![Element::Link(Link { text: "t".to_owned(), page: page_.to_owned() })]);
    assert!(checked(link("pages/dish?id=7&size=big")).is_ok());
    for bad in ["", "/admin", "https://evil.example", "//evil.example", "pages/../x", "javascript:x", "pages/a?b c"] {
        refused(link(bad), code::SCREEN_LINK_FOREIGN, "n0");
    }
}

fn field(required: bool, max_chars: u32) -> Element {
    let (value, hint, input) = (String::new(), String::new(), "text".to_owned());
    Element::TextField(TextField { value, hint, required, max_chars, input })
}
fn choice(many: bool) -> Element {
    let options = ["rice", "soup", "tea"].map(|o| (o.to_owned(), o.to_owned())).to_vec();
    Element::Choice(Choice { options, selected: vec![], many, required: !many })
}
fn form() -> Screen {
    let date = DateField {
        value: None,
        earliest: Some("2026-11-21".to_owned()),
        latest: Some("2026-12-31".to_owned()),
        required: false,
    };
    let mut nodes = vec![
        node("root", Element::Column, &[1, 10]),
        node("form", Element::Form, &[2, 3, 4, 5, 6, 7, 8]),
        node("name", field(true, 5), &[]),
        node("main", choice(false), &[]),
        node("sides", choice(true), &[]),
        node("count", Element::Quantity(Quantity { value: 1, minimum: 1, maximum: 9 }), &[]),
        node("spicy", Element::Toggle(Toggle { text: "spicy".to_owned(), on: false }), &[]),
        node("day", Element::DateField(date), &[]),
        node("row", Element::Row, &[9]),
        button("send", Some(Money::cny(1200))),
        button("outside", Some(Money::cny(500))),
    ];
    nodes[4].label = Some("Sides".to_owned());
    screen(nodes)
}

#[test]
fn fields_stand_in_forms_that_can_be_sent() {
    assert!(checked(form()).is_ok());
    refused(page(vec![field(false, 0)]), code::SCREEN_FIELD_OUTSIDE_FORM, "n0");
    refused(
        screen(vec![node("f", Element::Form, &[1]), node("t", field(false, 0), &[])]),
        code::SCREEN_FORM_NO_BUTTON,
        "f",
    );
    let nested = vec![node("f", Element::Form, &[1]), node("g", Element::Form, &[2]), button("b", None)];
    refused(screen(nested), code::SCREEN_FORM_NESTED, "g");
    let quantity = Element::Quantity(Quantity { value: 5, minimum: 1, maximum: 4 });
    refused(page(vec![quantity]), code::SCREEN_FIELD_INVALID, "n0");
    let selected = Choice { options: vec![], selected: vec!["x".to_owned()], many: false, required: false };
    refused(page(vec![Element::Choice(selected)]), code::SCREEN_FIELD_INVALID, "n0");
}

fn submit(values: &[(&str, &str)]) -> Event {
    let values = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Event::Submitted { form: "form".to_owned(), button: "send".to_owned(), values }
}
fn tap(id: &str, value: Option<&str>) -> Event {
    Event::Tapped { id: id.to_owned(), value: value.map(str::to_owned) }
}

#[test]
fn a_submission_must_fit_its_form() {
    let screen = checked(form()).unwrap();
    let accept = |values: &[(&str, &str)]| screen.accepts(&submit(values)).map_err(|f| (f.code.code, f.node));
    let base = [("name", "王"), ("main", "rice")];
    let with = |more: &[(&'static str, &'static str)]| accept(&[&base[..], more].concat());
    assert_eq!(with(&[]), Ok(()));
    assert_eq!(
        with(&[("sides", "soup"), ("sides", "tea"), ("count", "9"), ("spicy", "true"), ("day", "2026-12-31")]),
        Ok(())
    );
    assert_eq!(with(&[("day", "")]), Ok(()));
    type Values<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Values, &str, &str); 12] = [
        (&[("main", "rice")], "session.value-missing", "name"),
        (&[("name", "  "), ("main", "rice")], "session.value-missing", "name"),
        (&[("name", "王")], "session.value-missing", "main"),
        (&[("name", "123456"), ("main", "rice")], "session.value-invalid", "name"),
        (&[("name", "a\0"), ("main", "rice")], "session.value-invalid", "name"),
        (&[("name", "王"), ("main", "steak")], "session.value-invalid", "main"),
        (&[("count", "10")], "session.value-invalid", "count"),
        (&[("count", "+2")], "session.value-invalid", "count"),
        (&[("day", "2027-01-01")], "session.value-invalid", "day"),
        (&[("day", "2026-11-31")], "session.value-invalid", "day"),
        (&[("main", "rice"), ("main", "soup")], "session.value-unexpected", "main"),
        (&[("outside", "x")], "session.value-unexpected", "outside"),
    ];
    for (values, code, node) in cases {
        assert_eq!(accept(values), Err((code, node.to_owned())), "{values:?}");
    }
    let pressed = |form: &str, button: &str| {
        let event = Event::Submitted { form: form.to_owned(), button: button.to_owned(), values: vec![] };
        screen.accepts(&event).map_err(|f| f.code.code)
    };
    assert_eq!(pressed("form", "outside"), Err("session.node-missing"));
    assert_eq!(pressed("form", "name"), Err("session.node-not-tappable"));
    assert_eq!(pressed("root", "send"), Err("session.node-not-tappable"));
    assert_eq!(pressed("gone", "send"), Err("session.node-missing"));
}

#[test]
fn a_tap_must_meet_something_that_can_be_tapped() {
    let item = Item { title: "rice".to_owned(), subtitle: None, trailing: None, image: None };
    let mut source = page(vec![
        Element::Item(item),
        Element::Items(Items { total: None, more: true }),
        Element::Tabs(vec!["午餐".to_owned(), "晚餐".to_owned()]),
        Element::Link(Link { text: "t".to_owned(), page: "pages/a".to_owned() }),
        Element::Paragraph("p".to_owned()),
        Element::Quantity(Quantity { value: 1, minimum: 0, maximum: 3 }),
    ]);
    source.nodes.push(button("buy", None));
    source.nodes[0].children.push(7);
    if let Element::Button(button) = &mut source.nodes[7].element {
        button.value = Some("dish-7".to_owned());
    }
    let screen = checked(source.clone()).unwrap();
    let cases = [
        ("n0", None, None),
        ("n0", Some("x"), Some("session.value-invalid")),
        ("n1", Some("more"), None),
        ("n1", None, Some("session.value-invalid")),
        ("n2", Some("1"), None),
        ("n2", Some("晚餐"), None),
        ("n2", Some("2"), Some("session.value-invalid")),
        ("n3", None, None),
        ("n4", None, Some("session.node-not-tappable")),
        ("n5", Some("3"), None),
        ("n5", Some("4"), Some("session.value-invalid")),
        ("buy", None, None),
        ("buy", Some("dish-7"), None),
        ("buy", Some("dish-8"), Some("session.value-invalid")),
        ("gone", None, Some("session.node-missing")),
    ];
    for (id, value, code) in cases {
        assert_eq!(screen.accepts(&tap(id, value)).err().map(|f| f.code.code), code, "{id} {value:?}");
    }
    let mut event = tap("buy", None);
    screen.complete(&mut event);
    assert_eq!(event, tap("buy", Some("dish-7")));
    if let Element::Button(button) = &mut source.nodes[7].element {
        button.disabled = true;
    }
    let fault = checked(source).unwrap().accepts(&tap("buy", None)).unwrap_err();
    assert_eq!(fault.code, code::SESSION_NODE_NOT_TAPPABLE);
    assert_eq!(
        screen.accepts(&Event::Upgraded { from_schema: 1 }).unwrap_err().code,
        code::SESSION_EVENT_NOT_CUSTOMERS
    );
}

#[test]
fn a_submit_arms_only_a_button_of_its_form() {
    let screen = checked(form()).unwrap();
    let by = |form: &str, button: &str| {
        screen.armed_by(&Event::Submitted { form: form.to_owned(), button: button.to_owned(), values: vec![] })
    };
    assert_eq!(by("form", "send"), Some(Money::cny(1200)));
    assert_eq!(by("form", "outside"), None);
    assert_eq!(by("root", "send"), None);
    assert_eq!(screen.armed_by(&tap("outside", None)), Some(Money::cny(500)));
    assert_eq!(screen.armed_by(&Event::Resumed), None);
}

#[test]
fn a_node_is_the_same_while_nothing_of_it_changed() {
    let before = form();
    let mut after = form();
    after.title = "another".to_owned();
    if let Element::Button(button) = &mut after.nodes[10].element {
        button.amount = Some(Money::cny(501));
    }
    assert!(before.same_node(&after, &submit(&[])), "what changed is outside the form");
    assert!(!before.same_node(&after, &tap("outside", None)));
    assert!(before.same_node(&after, &Event::Resumed));
    if let Element::Quantity(quantity) = &mut after.nodes[5].element {
        quantity.maximum = 3;
    }
    assert!(!before.same_node(&after, &submit(&[])));
    after.nodes.truncate(10);
    after.nodes[0].children.truncate(1);
    assert!(!before.same_node(&after, &tap("outside", None)), "it is gone");
}

proptest! {
    /// Whatever a program returns: no panic, and what passes is a tree whose events are answered.
    #[test]
    fn any_tree_is_answered(
        shape in proptest::collection::vec((proptest::collection::vec(0_u32..40, 0..4), 0_usize..5, ".{0,12}"), 0..40),
        root in 0_u32..3,
    ) {
        let nodes: Vec<Node> = shape.iter().enumerate().map(|(i, (children, kind, words))| {
            let element = match kind {
                0 => Element::Column,
                1 => Element::Form,
                2 => Element::Qr(words.clone()),
                3 => Element::Other(Extension { kind: "k".to_owned(), json: words.clone() }),
                _ => Element::Card,
            };
            node(&format!("n{i}"), element, children)
        }).collect();
        let screen = Screen { title: String::new(), nodes, root };
        let event = Event::Submitted { form: "n1".to_owned(), button: "n2".to_owned(), values: vec![] };
        let _ = (screen.accepts(&event), screen.armed_by(&event), screen.same_node(&screen, &event));
        if let Ok(checked) = checked(screen) {
            let children: usize = checked.nodes.iter().map(|node| node.children.len()).sum();
            prop_assert_eq!(children + 1, checked.nodes.len());
        }
    }

    /// A random tree, its nodes shuffled by where children point, always passes.
    #[test]
    fn each_tree_passes(parents in proptest::collection::vec(any::<u32>(), 1..200)) {
        let mut nodes = vec![node("n0", Element::Column, &[])];
        let mut depth = vec![1];
        for (i, seed) in parents.iter().enumerate() {
            let mut parent = *seed as usize % (i + 1);
            while depth[parent] >= SCREEN_DEPTH_MAX {
                parent = 0;
            }
            depth.push(depth[parent] + 1);
            nodes[parent].children.push(i as u32 + 1);
            nodes.push(node(&format!("n{}", i + 1), Element::Column, &[]));
        }
        prop_assert!(checked(screen(nodes)).is_ok());
    }
}

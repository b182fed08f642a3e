//! Screens against golden pages. `XITAI_GOLDEN=write` writes them anew; look at the difference before keeping it.

use super::*;
use crate::words::Locale;
use std::path::{Path, PathBuf};
use xitai_model::money::Money;
use xitai_model::screen::*;
use xitai_model::tender::Tender;

const NOW_MS: i64 = 1_795_305_600_000;

fn node(id: &str, element: Element, children: &[u32]) -> Node {
    Node { id: id.to_owned(), element, children: children.to_vec(), label: None, props: Vec::new() }
}

fn labelled(id: &str, label: &str, element: Element) -> Node {
    Node { label: Some(label.to_owned()), ..node(id, element, &[]) }
}

fn hinted(id: &str, element: Element, children: &[u32], name: &str, value: &str) -> Node {
    Node { props: vec![(name.to_owned(), value.to_owned())], ..node(id, element, children) }
}

fn words(locale: Locale) -> Words {
    Words::of(locale, crate::config::ZONE_DEFAULT.parse().unwrap())
}

fn draw(locale: Locale, nodes: Vec<Node>) -> String {
    let root = nodes.len() as u32 - 1;
    let field = FieldFace {
        kind: "identity-number",
        purpose: "to register you".to_owned(),
        filled: false,
        masked: String::new(),
        over: false,
    };
    let filled =
        FieldFace { kind: "card-number", filled: true, masked: "••••1111".to_owned(), ..field.clone() };
    let fields = BTreeMap::from([("T1".to_owned(), field), ("T2".to_owned(), filled)]);
    let words = words(locale);
    let drawing = Drawing {
        words,
        program: "cn.example.stand",
        pages: "/app",
        files: "/files/",
        now_ms: NOW_MS,
        fields: &fields,
        ids: "",
    };
    screen(&Screen { title: "Title".to_owned(), nodes, root }, &drawing).into_string()
}

fn button(text: &str, amount: Option<Money>) -> Button {
    Button { text: text.to_owned(), weight: Weight::Primary, value: None, amount, disabled: false }
}

/// One line a tag, so that a difference reads well.
fn lines(html: &str) -> String {
    html.replace("><", ">\n<") + "\n"
}

fn golden(name: &str, html: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/web/golden").join(name);
    if std::env::var("XITAI_GOLDEN").is_ok_and(|word| word == "write") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, lines(html)).unwrap();
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(held == lines(html), "{name} differs; XITAI_GOLDEN=write writes it anew:\n{}", lines(html));
}

#[test]
fn a_menu_reads_as_a_list_with_steppers_and_a_button_that_pays() {
    let item = Item {
        title: "Noodles".to_owned(),
        subtitle: Some("7 left".to_owned()),
        trailing: Some("¥18.00".to_owned()),
        image: Some("dish/noodles.png".to_owned()),
    };
    let plain = Item { title: "My orders".to_owned(), subtitle: None, trailing: None, image: None };
    let html = draw(
        Locale::En,
        vec![
            labelled("count", "Noodles", Element::Quantity(Quantity { value: 1, minimum: 0, maximum: 9 })),
            node("dish", Element::Item(item), &[0]),
            node("dishes", Element::Items(Items { total: Some(12), more: true }), &[1]),
            node("lunch", Element::Section("Lunch".to_owned()), &[2]),
            hinted("orders", Element::Item(plain), &[], "tap", "yes"),
            node("pay", Element::Button(button("Pay", Some(Money::cny(1800)))), &[]),
            hinted("till", Element::Row, &[5], "pin", "bottom"),
            node("page", Element::Column, &[3, 4, 6]),
        ],
    );
    golden("menu.html", &html);
}

#[test]
fn a_form_holds_its_fields_until_its_button() {
    let text = TextField {
        value: String::new(),
        hint: "e.g. no chilli".to_owned(),
        required: false,
        max_chars: 40,
        input: "lines".to_owned(),
    };
    let options = vec![("in".to_owned(), "Here".to_owned()), ("out".to_owned(), "Take away".to_owned())];
    let choice = Choice { options, selected: vec!["out".to_owned()], many: false, required: true };
    let date = DateField { value: None, earliest: Some("2026-11-22".to_owned()), latest: None, required: true };
    let html = draw(
        Locale::ZhCn,
        vec![
            labelled("note", "Note", Element::TextField(text)),
            labelled("where", "Where", Element::Choice(choice)),
            labelled("day", "Day", Element::DateField(date)),
            labelled("people", "People", Element::Quantity(Quantity { value: 2, minimum: 1, maximum: 8 })),
            node("tell", Element::Toggle(Toggle { text: "Tell me".to_owned(), on: true }), &[]),
            labelled("secret", "Identity number", Element::SecureField("T1".to_owned())),
            node("card", Element::SecureField("T2".to_owned()), &[]),
            node("gone", Element::SecureField("T3".to_owned()), &[]),
            node("send", Element::Button(button("Send", None)), &[]),
            node("form", Element::Form, &[0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ],
    );
    golden("form.html", &html);
}

#[test]
fn everything_that_is_read() {
    let moments = vec![
        Moment { at_ms: NOW_MS - 60_000, text: "Paid".to_owned(), reached: true },
        Moment { at_ms: NOW_MS, text: "Ready".to_owned(), reached: false },
    ];
    let points = vec![("Mon".to_owned(), 1200), ("Tue".to_owned(), -50)];
    let chart =
        |kind: &str| Chart { kind: kind.to_owned(), unit: "CNY".to_owned(), points: points.clone(), decimals: 2 };
    let nodes = vec![
        node("h", Element::Heading("Order".to_owned()), &[]),
        node("p", Element::Paragraph("Two lines\nof text".to_owned()), &[]),
        node("n", Element::Notice(Notice { tone: Tone::Danger, text: "Sold out".to_owned() }), &[]),
        hinted("b", Element::Badge("new".to_owned()), &[], "tone", "success"),
        node("kv", Element::KeyValues(vec![("Where".to_owned(), "Counter 3".to_owned())]), &[]),
        labelled("a", "Total", Element::Amount(Money::cny(123_456))),
        node("i", Element::Image(Image { source: "a.png".to_owned(), alt: "A bowl".to_owned() }), &[]),
        node("x", Element::Image(Image { source: "https://evil.example/x.png".to_owned(), alt: "x".to_owned() }), &[]),
        labelled("ic", "Food", Element::Icon("food".to_owned())),
        labelled("m", "Kitchen", Element::Media("live-1".to_owned())),
        node("d", Element::Document(Document { handle: "licence.pdf".to_owned(), title: "Licence".to_owned() }), &[]),
        labelled("pr", "Stamps", Element::Progress(Progress { done: 7, total: 10 })),
        labelled("c1", "Sales", Element::Chart(chart("bar"))),
        node("c2", Element::Chart(chart("line")), &[]),
        node("t", Element::Timeline(moments), &[]),
        node("co", Element::Coupon("C-1".to_owned()), &[]),
        node("l", Element::Link(Link { text: "More".to_owned(), page: "pages/more?x=1".to_owned() }), &[]),
        node("hr", Element::Divider, &[]),
        node("fall", Element::Paragraph("instead".to_owned()), &[]),
        node("o", Element::Other(Extension { kind: "hologram".to_owned(), json: "{}".to_owned() }), &[18]),
        node("t1", Element::Card, &[0, 1]),
        node("t2", Element::Card, &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19]),
        node("tabs", Element::Tabs(vec!["One".to_owned(), "Two".to_owned()]), &[20, 21]),
    ];
    golden("read.html", &draw(Locale::En, nodes));
}

#[test]
fn a_qr_code_is_one_path_and_a_short_one_can_be_read_aloud() {
    golden("qr.html", &draw(Locale::En, vec![node("q", Element::Qr("A017".to_owned()), &[])]));
}

#[test]
fn texts_of_a_program_can_t_become_markup() {
    let evil = "\"><script>alert(1)</script>";
    let item = Item {
        title: evil.to_owned(),
        subtitle: Some(evil.to_owned()),
        trailing: Some(evil.to_owned()),
        image: Some(evil.to_owned()),
    };
    let html = draw(
        Locale::En,
        vec![
            hinted(evil, Element::Item(item), &[], "tap", "yes"),
            hinted("b", Element::Badge(evil.to_owned()), &[], "tone", evil),
            labelled(evil, evil, Element::Button(button(evil, None))),
            labelled("q", evil, Element::Qr(evil.to_owned())),
            node("l", Element::Link(Link { text: evil.to_owned(), page: evil.to_owned() }), &[]),
            node("c", Element::Column, &[0, 1, 2, 3, 4]),
        ],
    );
    assert!(!html.contains("<script"), "{html}");
    assert!(!html.contains("style=") && !html.contains("javascript:"), "{html}");
}

#[test]
fn a_label_can_t_hide_the_amount_of_a_button() {
    let pay = labelled("pay", "Free", Element::Button(button("Free", Some(Money::cny(999)))));
    let html = draw(Locale::En, vec![pay]);
    assert!(html.contains("aria-label=\"¥9.99 Free\""), "{html}");
    let amount = html.find("button-amount").unwrap();
    assert!(amount < html.find("button-text").unwrap(), "the host's amount comes first: {html}");
}

#[test]
fn a_screen_with_a_cycle_ends() {
    let html = draw(Locale::En, vec![node("a", Element::Column, &[1]), node("b", Element::Column, &[0])]);
    assert!(html.len() < 4_000);
}

#[test]
fn the_sheet_says_the_amount_first_and_names_every_payee() {
    let leg = |name: &str, minor| sheet::LegFace {
        legal_name: name.to_owned(),
        role: "sale".to_owned(),
        amount: Money::cny(minor),
    };
    let face = sheet::SheetFace {
        ticket: "01J00000000000000000000000".to_owned(),
        digest: "sha256:3fa2b67c99e1".to_owned(),
        body: sheet::BodyFace::Pay(sheet::PayFace {
            payable: Money::cny(2_400),
            amount: Money::cny(2_700),
            discount: Money::cny(300),
            legs: vec![leg("Canteen <Ltd>", 2_280), leg("The Bank", 120)],
            lines: vec![xitai_model::payment::Line {
                text: "Noodles".to_owned(),
                quantity: 2,
                amount: Money::cny(2_700),
            }],
            purpose: "Lunch".to_owned(),
            tenders: [(Tender::Account, true), (Tender::Cash, false)]
                .map(|(tender, chosen)| sheet::TenderFace { id: tender.kind().as_str().to_owned(), tender, chosen })
                .to_vec(),
        }),
        program: "Canteen".to_owned(),
        publisher: "Suzhou branch".to_owned(),
        verified: true,
        dead_ms: 550,
        expires_ms: NOW_MS,
        then: None,
        practice: false,
        signs: sheet::Signs::Offered,
        at_kiosk: false,
    };
    let html = sheet::draw(&face, &words(Locale::En)).into_string();
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} is missing: {html}"));
    assert!(
        at("¥") < at("Lunch") && at("Lunch") < at("Canteen &lt;Ltd&gt;") && at("Canteen &lt;Ltd&gt;") < at("The Bank")
    );
    assert!(html.contains("data-tender value=\"account\" checked>") && html.contains("value=\"cash\">"));
    assert!(html.contains("data-decide=\"confirm\" disabled"));
    golden("sheet.html", &html);
    // As a page of its own, whatever confirms is dead at first, but where no script would wake it.
    let page = sheet::draw_page(&face, "/app/pay/01J00000000000000000000000", &words(Locale::En)).into_string();
    let (scripted, without) = page.split_once("<noscript>").expect("a way without the script");
    let confirming: Vec<&str> =
        scripted.split("<button").filter(|button| button.contains("value=\"confirm\"")).collect();
    assert_eq!(confirming.len(), 2, "{page}");
    assert!(confirming.iter().all(|button| button.contains(" disabled data-dead-ms=\"550\"")), "{page}");
    assert!(without.contains("value=\"confirm\"") && !without.contains("disabled"), "{page}");
}

#[test]
fn a_sheet_asks_with_nothing_filled_in() {
    use xitai_model::sheet::{Field, FieldInput, Part};
    let field = |name: &str, input, required| {
        let (label, hint) = (format!("{name}?"), "why <it> is asked".to_owned());
        Part::Field(Field { name: name.to_owned(), label, hint, input, required })
    };
    let parts = vec![
        Part::Amount { label: "At most".to_owned(), money: Money::cny(5_000) },
        Part::Text { text: "The bank tells the program what you tick.".to_owned() },
        Part::Warning { text: "Not <b>yet</b> in force".to_owned() },
        Part::Facts { facts: vec![("Until".to_owned(), "31 December".to_owned())] },
        Part::Document { title: "Terms".to_owned(), opens: "/app/content/terms-1".to_owned() },
        field("phone", FieldInput::Tick, false),
        field("name", FieldInput::Text { chars_max: 40 }, true),
        field("pin", FieldInput::Secret { chars_max: 6 }, true),
        field("code", FieldInput::Scan { chars_max: 200 }, true),
        field("slot", FieldInput::Choice { options: vec![("am".to_owned(), "Morning".to_owned())] }, true),
    ];
    let face = sheet::SheetFace {
        ticket: "01J00000000000000000000000".to_owned(),
        digest: "sha256:3fa2b67c99e1".to_owned(),
        body: sheet::BodyFace::Ask { title: "Your name?".to_owned(), parts, confirm: "Tell them".to_owned() },
        program: "Canteen".to_owned(),
        publisher: "Suzhou branch".to_owned(),
        verified: false,
        dead_ms: 550,
        expires_ms: NOW_MS,
        then: None,
        practice: true,
        signs: sheet::Signs::Needed,
        at_kiosk: false,
    };
    let html = sheet::draw(&face, &words(Locale::En)).into_string();
    assert!(!html.contains("<b>yet</b>") && !html.contains(" checked"), "{html}");
    golden("sheet_ask.html", &html);
    // At a kiosk nothing on it leads away.
    let html = sheet::draw(&sheet::SheetFace { at_kiosk: true, ..face }, &words(Locale::En)).into_string();
    assert!(html.contains("Terms") && html.contains("at your phone") && !html.contains("<a"), "{html}");
}

//! The model's words are the contract's: each case of an enum or variant in `wit/` has the same name here, and nothing
//! more. Also the JSON shapes that journals and clients keep.

use serde::Serialize;
use serde_json::{Value, json};
use xitai_model::identity::Level;
use xitai_model::money::{Currency, Money};
use xitai_model::payment::Status;
use xitai_model::program::{Actor, Channel, Event, Outcome, Response, Surface};
use xitai_model::refusal::RefusalKind;
use xitai_model::screen::{
    Button, Chart, Choice, DateField, Document, Element, Extension, Image, Item, Items, Link, Notice, Progress,
    Quantity, TextField, Toggle, Tone, Weight,
};

const TYPES: &str = include_str!("../../../wit/deps/types/types.wit");
const SCREEN: &str = include_str!("../../../wit/deps/program/screen.wit");
const PROGRAM: &str = include_str!("../../../wit/deps/program/program.wit");
const PAYMENTS: &str = include_str!("../../../wit/deps/payments/payments.wit");
const IDENTITY: &str = include_str!("../../../wit/deps/identity/identity.wit");

/// The names of the cases of `enum NAME {…}` or `variant NAME {…}`.
fn cases(wit: &str, name: &str) -> Vec<String> {
    let plain: String = wit.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let start = [format!("enum {name} {{"), format!("variant {name} {{")]
        .iter()
        .find_map(|head| plain.find(head.as_str()).map(|at| at + head.len()))
        .unwrap_or_else(|| panic!("the contract has no {name}"));
    let body = &plain[start..start + plain[start..].find('}').expect("a closing brace")];
    let (mut names, mut depth, mut word) = (Vec::new(), 0, String::new());
    for c in body.chars().chain([',']) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => names.push(std::mem::take(&mut word).trim().to_owned()),
            _ if depth == 0 => word.push(c),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The name that a value's JSON gives its case.
fn case_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value).expect("JSON") {
        Value::String(name) => name,
        Value::Object(members) => match members.get("type") {
            Some(Value::String(name)) => name.clone(),
            _ => members.keys().next().expect("a case").clone(),
        },
        other => panic!("{other}"),
    }
}

fn same<T: Serialize>(wit: &str, name: &str, values: &[T]) {
    let ours: Vec<String> = values.iter().map(case_of).collect();
    assert_eq!(ours, cases(wit, name), "{name}");
}

#[test]
fn enums_have_the_contracts_cases() {
    use Channel as C;
    use RefusalKind as R;
    same(TYPES, "channel", &[C::Phone, C::Web, C::Kiosk, C::Chat, C::Embed, C::Other]);
    let kinds = [R::NotGranted, R::NotConsented, R::Limited, R::Invalid, R::NotFound, R::Conflict, R::Busy];
    let more = [R::Unavailable, R::UnknownOutcome, R::Other];
    same(TYPES, "refusal-kind", &[&kinds[..], &more[..]].concat());
    same(PROGRAM, "surface", &[Surface::Page, Surface::Card, Surface::Background, Surface::Other]);
    use Outcome as O;
    same(PROGRAM, "outcome", &[O::Agreed, O::Declined, O::Expired, O::Pending, O::Failed, O::Other]);
    // The contract's `other` is room for kinds of later hosts: this one knows every kind it sends.
    let told = [Actor::Customer, Actor::Staff("clerk".to_owned()), Actor::Nobody].each_ref().map(case_of);
    assert_eq!([&told[..], &["other".to_owned()]].concat(), cases(PROGRAM, "actor"), "actor");
    // The bank's own: programs hear of it as what it amounts to, see the runtime's `convert/payment.rs`.
    let is_told = |status: &Status| !matches!(status, Status::OnItsWay | Status::CashDue);
    same(PAYMENTS, "status", &Status::ALL.into_iter().filter(is_told).collect::<Vec<_>>());
    use Level as L;
    same(IDENTITY, "level", &[L::Visitor, L::Registered, L::Verified, L::AccountHolder, L::Other]);
    use xitai_model::agreement::Status as A;
    let statuses = [A::Proposed, A::Unsuitable, A::CoolingOff, A::InForce, A::Withdrawn, A::Ended, A::Other];
    same(IDENTITY, "status", &statuses);
    same(SCREEN, "tone", &[Tone::Info, Tone::Success, Tone::Warning, Tone::Danger, Tone::Other]);
    same(SCREEN, "weight", &[Weight::Primary, Weight::Secondary, Weight::Danger, Weight::Other]);
}

#[test]
fn events_have_the_contracts_cases() {
    let text = || "x".to_owned();
    let events = [
        Event::Tapped { id: text(), value: None },
        Event::Submitted { form: text(), button: text(), values: vec![] },
        Event::SheetClosed { ticket: text(), outcome: Outcome::Agreed, text: None },
        Event::Changed { id: text() },
        Event::Replied { call: text(), answer: Ok(Response { status: 200, body: b"x".to_vec().into() }) },
        Event::Woken { key: text() },
        Event::Noticed { name: text() },
        Event::Happened { topic: text(), key: text(), body: Default::default() },
        Event::Resumed,
        Event::Hidden,
        Event::Upgraded { from_schema: 1 },
    ];
    // What a newer contract may bring is the host's to make, and it makes none yet.
    let mut contracts = cases(PROGRAM, "event");
    contracts.retain(|name| name != "other");
    assert_eq!(events.iter().map(case_of).collect::<Vec<_>>(), contracts);
    for event in events {
        let kept = serde_json::to_string(&event).expect("JSON");
        assert_eq!(serde_json::from_str::<Event>(&kept).expect(&kept), event);
    }
}

fn elements() -> Vec<Element> {
    use Element as E;
    let text = || "x".to_owned();
    let date = DateField { value: None, earliest: None, latest: None, required: false };
    vec![
        E::Column,
        E::Row,
        E::Card,
        E::Section(text()),
        E::Divider,
        E::Tabs(vec![text()]),
        E::Form,
        E::Items(Items { total: None, more: true }),
        E::Item(Item { title: text(), subtitle: None, trailing: None, image: None }),
        E::Heading(text()),
        E::Paragraph(text()),
        E::Notice(Notice { tone: Tone::Info, text: text() }),
        E::Badge(text()),
        E::KeyValues(vec![(text(), text())]),
        E::Amount(Money::cny(1)),
        E::Image(Image { source: text(), alt: text() }),
        E::Icon(text()),
        E::Qr(text()),
        E::Media(text()),
        E::Document(Document { handle: text(), title: text() }),
        E::Progress(Progress { done: 1, total: 2 }),
        E::Chart(Chart { kind: text(), unit: text(), points: vec![(text(), 1)], decimals: 0 }),
        E::Timeline(vec![]),
        E::Coupon(text()),
        E::Button(Button { text: text(), weight: Weight::Primary, value: None, amount: None, disabled: false }),
        E::Link(Link { text: text(), page: text() }),
        E::TextField(TextField { value: text(), hint: text(), required: true, max_chars: 1, input: text() }),
        E::Choice(Choice { options: vec![], selected: vec![], many: false, required: false }),
        E::Toggle(Toggle { text: text(), on: true }),
        E::DateField(date),
        E::Quantity(Quantity { value: 1, minimum: 0, maximum: 2 }),
        E::SecureField(text()),
        E::Other(Extension { kind: text(), json: text() }),
    ]
}

#[test]
fn elements_have_the_contracts_cases() {
    let elements = elements();
    same(SCREEN, "element", &elements);
    for element in elements {
        assert_eq!(element.name(), case_of(&element));
        let kept = serde_json::to_string(&element).expect("JSON");
        assert_eq!(serde_json::from_str::<Element>(&kept).expect(&kept), element);
    }
}

#[test]
fn the_wires_shapes_stay() {
    let tapped = Event::Tapped { id: "buy".to_owned(), value: None };
    assert_eq!(serde_json::to_value(&tapped).expect("JSON"), json!({"type": "tapped", "id": "buy", "value": null}));
    let short: Event = serde_json::from_value(json!({"type": "tapped", "id": "buy"})).expect("a value may be left out");
    assert_eq!(short, tapped);
    let submitted: Event =
        serde_json::from_value(json!({"type": "submitted", "form": "f", "button": "b", "values": [["name", "王"]]}))
            .expect("a submission");
    let values = vec![("name".to_owned(), "王".to_owned())];
    assert_eq!(submitted, Event::Submitted { form: "f".to_owned(), button: "b".to_owned(), values });
    assert_eq!(serde_json::to_value(Element::Column).expect("JSON"), json!("column"));
    let usd = Money::new(5, Currency::parse("USD").expect("three letters"));
    assert_eq!(
        serde_json::to_value(Element::Amount(usd)).expect("JSON"),
        json!({"amount": {"minor": 5, "currency": "USD"}})
    );
    for bad in [
        json!({"minor": 1.5, "currency": "CNY"}),
        json!({"minor": 1, "currency": "cny"}),
        json!({"minor": "1", "currency": "CNY"}),
    ] {
        assert!(serde_json::from_value::<Money>(bad.clone()).is_err(), "{bad}");
    }
}

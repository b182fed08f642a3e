//! Sins of the screen.

use crate::xitai::program::screen::{Button, Element, Image, Link, Node, Screen, TextField, Weight};
use crate::xitai::types::values::Money;

pub fn node(id: impl Into<String>, element: Element, children: Vec<u32>) -> Node {
    Node { id: id.into(), element, children, label: None, props: vec![] }
}

pub fn money(minor: i64) -> Money {
    Money { minor, currency: "CNY".to_owned() }
}

pub fn button(text: &str, amount: Option<Money>) -> Element {
    Element::Button(Button { text: text.to_owned(), weight: Weight::Primary, value: None, amount, disabled: false })
}

fn screen(nodes: Vec<Node>) -> Screen {
    Screen { title: "Hostile".to_owned(), nodes, root: 0 }
}

/// What may be tapped: a sin by its name in a field, a plain button, and one for 12.00 which does what the state says.
pub fn menu(state: &[u8]) -> Screen {
    let next = std::str::from_utf8(state).ok().and_then(|state| state.strip_prefix("next:"));
    let Element::Button(pay) = button("Pay", Some(money(1_200))) else { unreachable!("a button is one") };
    let pay = Button { value: next.map(str::to_owned), ..pay };
    let field = TextField {
        value: String::new(),
        hint: "loop".to_owned(),
        required: false,
        max_chars: 200,
        input: "text".to_owned(),
    };
    screen(vec![
        node("root", Element::Column, vec![1, 4, 5]),
        node("confess", Element::Form, vec![2, 3]),
        node("sin", Element::TextField(field), vec![]),
        node("send", button("Sin", None), vec![]),
        node("nothing", button("Do nothing", None), vec![]),
        node("pay", Element::Button(pay), vec![]),
    ])
}

fn column(id: impl Into<String>, children: Vec<u32>) -> Node {
    node(id, Element::Column, children)
}

fn leaves(count: u32) -> Vec<Node> {
    let leaf = |index: u32| node(format!("n{index}"), Element::Divider, vec![]);
    std::iter::once(column("root", (1..count).collect())).chain((1..count).map(leaf)).collect()
}

fn text(text: impl Into<String>) -> Screen {
    screen(vec![column("root", vec![1]), node("text", Element::Paragraph(text.into()), vec![])])
}

fn single(element: Element) -> Screen {
    screen(vec![column("root", vec![1]), node("one", element, vec![])])
}

/// A screen that breaks the rule that the sin names.
pub fn bad(sin: &str) -> Option<Screen> {
    Some(match sin {
        "nodes" => screen(leaves(100_000)),
        "nodes-past-the-edge" => screen(leaves(1_001)),
        "deep" => {
            let levels =
                (0..31).map(|level| column(format!("l{level}"), if level < 30 { vec![level + 1] } else { vec![] }));
            screen(levels.collect())
        }
        "cyclic" => screen(vec![column("root", vec![1]), column("a", vec![2]), column("b", vec![1])]),
        "shared-child" => {
            screen(vec![column("root", vec![1, 2]), column("a", vec![3]), column("b", vec![3]), column("c", vec![])])
        }
        "unreachable" => screen(vec![column("root", vec![]), column("alone", vec![])]),
        "bad-root" => Screen { root: 9, ..menu(&[]) },
        "empty" => screen(vec![]),
        "bad-child" => screen(vec![column("root", vec![u32::MAX])]),
        "duplicate-id" => screen(vec![column("root", vec![1]), column("root", vec![])]),
        "bad-id" => screen(vec![column("root\" onclick=\"alert(1)", vec![])]),
        "long-id" => screen(vec![column("i".repeat(65), vec![])]),
        "long-text" => text("长".repeat(4_001)),
        "large-screen" => {
            let line = |index: u32| node(format!("p{index}"), Element::Paragraph("x".repeat(3_900)), vec![]);
            screen(std::iter::once(column("root", (1..40).collect())).chain((1..40).map(line)).collect())
        }
        "direction" => text("pay \u{202e}00.21\u{2066} now\u{200f}"),
        "control" => text("bell\u{7}"),
        "markup" => text("</p><script>fetch('/api/v1/me/payments')</script>"),
        "foreign-image" => {
            single(Element::Image(Image { source: "https://evil.example/pixel.png".to_owned(), alt: String::new() }))
        }
        "foreign-link" => {
            single(Element::Link(Link { text: "Win".to_owned(), page: "https://evil.example/".to_owned() }))
        }
        "foreign-qr" => single(Element::Qr("https://evil.example/pay".to_owned())),
        "amount-below-zero" => single(button("Take", Some(money(-1)))),
        "currency" => single(Element::Amount(Money { minor: 1, currency: "gold".to_owned() })),
        "money-range" => single(Element::Amount(money(1 << 53))),
        _ => return None,
    })
}

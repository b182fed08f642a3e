//! The screen tree, node by node, by moving its strings.

use super::{BadMoney, same_cases};
use crate::bindings::xitai::program::screen as wit;
use xitai_model::money::Money;
use xitai_model::screen::{
    Button, Chart, Choice, DateField, Document, Element, Image, Item, Items, Link, Moment, Node, Notice, Progress,
    Quantity, Screen, TextField, Toggle, Tone, Weight,
};

same_cases!(wit::Tone => Tone: Info, Success, Warning, Danger, Other);
same_cases!(wit::Weight => Weight: Primary, Secondary, Danger, Other);

impl TryFrom<wit::Screen> for Screen {
    type Error = BadMoney;
    fn try_from(it: wit::Screen) -> Result<Self, BadMoney> {
        let nodes = it.nodes.into_iter().map(Node::try_from).collect::<Result<_, _>>()?;
        Ok(Self { title: it.title, nodes, root: it.root })
    }
}

impl TryFrom<wit::Node> for Node {
    type Error = BadMoney;
    fn try_from(it: wit::Node) -> Result<Self, BadMoney> {
        Ok(Self { id: it.id, element: it.element.try_into()?, children: it.children, label: it.label, props: it.props })
    }
}

impl TryFrom<wit::Element> for Element {
    type Error = BadMoney;
    fn try_from(it: wit::Element) -> Result<Self, BadMoney> {
        use wit::Element as From;
        Ok(match it {
            From::Column => Self::Column,
            From::Row => Self::Row,
            From::Card => Self::Card,
            From::Section(text) => Self::Section(text),
            From::Divider => Self::Divider,
            From::Tabs(names) => Self::Tabs(names),
            From::Form => Self::Form,
            From::Items(it) => Self::Items(Items { total: it.total, more: it.more }),
            From::Item(it) => {
                Self::Item(Item { title: it.title, subtitle: it.subtitle, trailing: it.trailing, image: it.image })
            }
            From::Heading(text) => Self::Heading(text),
            From::Paragraph(text) => Self::Paragraph(text),
            From::Notice(it) => Self::Notice(Notice { tone: it.tone.into(), text: it.text }),
            From::Badge(text) => Self::Badge(text),
            From::KeyValues(pairs) => Self::KeyValues(pairs),
            From::Amount(money) => Self::Amount(money.try_into()?),
            From::Image(it) => Self::Image(Image { source: it.source, alt: it.alt }),
            From::Icon(name) => Self::Icon(name),
            From::Qr(text) => Self::Qr(text),
            From::Media(handle) => Self::Media(handle),
            From::Document(it) => Self::Document(Document { handle: it.handle, title: it.title }),
            From::Progress(it) => Self::Progress(Progress { done: it.done, total: it.total }),
            From::Chart(it) => {
                Self::Chart(Chart { kind: it.kind, unit: it.unit, points: it.points, decimals: it.decimals })
            }
            From::Timeline(moments) => Self::Timeline(moments.into_iter().map(Moment::from).collect()),
            From::Coupon(handle) => Self::Coupon(handle),
            From::Button(it) => Self::Button(it.try_into()?),
            From::Link(it) => Self::Link(Link { text: it.text, page: it.page }),
            From::TextField(it) => Self::TextField(it.into()),
            From::Choice(it) => Self::Choice(Choice {
                options: it.options,
                selected: it.selected,
                many: it.many,
                required: it.required,
            }),
            From::Toggle(it) => Self::Toggle(Toggle { text: it.text, on: it.on }),
            From::DateField(it) => Self::DateField(DateField {
                value: it.value,
                earliest: it.earliest,
                latest: it.latest,
                required: it.required,
            }),
            From::Quantity(it) => {
                Self::Quantity(Quantity { value: it.value, minimum: it.minimum, maximum: it.maximum })
            }
            From::SecureField(ticket) => Self::SecureField(ticket),
            From::Other(it) => Self::Other(it.into()),
        })
    }
}

impl From<wit::Moment> for Moment {
    fn from(it: wit::Moment) -> Self {
        Self { at_ms: it.at, text: it.text, reached: it.reached }
    }
}

impl TryFrom<wit::Button> for Button {
    type Error = BadMoney;
    fn try_from(it: wit::Button) -> Result<Self, BadMoney> {
        Ok(Self {
            text: it.text,
            weight: it.weight.into(),
            value: it.value,
            amount: it.amount.map(Money::try_from).transpose()?,
            disabled: it.disabled,
        })
    }
}

impl From<wit::TextField> for TextField {
    fn from(it: wit::TextField) -> Self {
        Self { value: it.value, hint: it.hint, required: it.required, max_chars: it.max_chars, input: it.input }
    }
}

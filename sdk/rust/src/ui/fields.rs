//! What the customer acts on.
//!
//! Within a [`form`] all fields wait for a button of that form and arrive together as one
//! [`crate::Event::Submitted`]. Outside of one, a change of a quantity, toggle or choice arrives at once as a tap.

use super::{Children, Part, Weight};
use crate::Money;
use crate::bindings::xitai::program::screen as contract;
use contract::Element;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq)]
            pub struct $name(contract::$name);
            impl From<$name> for Element {
                fn from(field: $name) -> Element {
                    Element::$name(field.0)
                }
            }
        )*
    };
}
fields! {
    /// Something to tap.
    Button;
    /// A line of text to fill in.
    TextField;
    /// One or several of a few.
    Choice;
    /// On or off.
    Toggle;
    /// A date.
    DateField;
    /// A number with plus and minus.
    Quantity;
}

/// A value that the host reads for the program.
#[derive(Debug, Clone, PartialEq)]
pub struct SecureField(String);
impl From<SecureField> for Element {
    fn from(field: SecureField) -> Element {
        Element::SecureField(field.0)
    }
}

/// A form element.
#[derive(Debug, Clone, PartialEq)]
pub struct Form;
impl From<Form> for Element {
    fn from(_: Form) -> Element {
        Element::Form
    }
}

/// Fields, and the button that submits them.
pub fn form(children: impl Children) -> Part<Form> {
    Part::new(Form).children(children)
}
/// Something to tap; secondary unless said otherwise.
pub fn button(text: impl Into<String>) -> Part<Button> {
    let weight = Weight::Secondary;
    Part::new(Button(contract::Button { text: text.into(), weight, value: None, amount: None, disabled: false }))
}
/// A line of text to fill in; `label` names it.
pub fn text_field(label: impl Into<String>) -> Part<TextField> {
    Part::new(TextField(contract::TextField {
        value: String::new(),
        hint: String::new(),
        required: false,
        max_chars: 200,
        input: "text".to_owned(),
    }))
    .label(label)
}
/// A value that the host reads for the program, by the ticket of [`crate::services::secure_fields::prepare`]. It stands in a
/// [`form`], and is no part of what the form submits.
pub fn secure_field(label: impl Into<String>, ticket: &str) -> Part<SecureField> {
    Part::new(SecureField(ticket.to_owned())).label(label)
}
/// One of a few, given as pairs of key and text; `label` names it.
pub fn choice<K: Into<String>, T: Into<String>>(
    label: impl Into<String>,
    options: impl IntoIterator<Item = (K, T)>,
) -> Part<Choice> {
    let options = options.into_iter().map(|(key, text)| (key.into(), text.into())).collect();
    Part::new(Choice(contract::Choice { options, selected: Vec::new(), many: false, required: false })).label(label)
}
/// On or off.
pub fn toggle(text: impl Into<String>, on: bool) -> Part<Toggle> {
    Part::new(Toggle(contract::Toggle { text: text.into(), on }))
}
/// A date; `label` names it.
pub fn date_field(label: impl Into<String>) -> Part<DateField> {
    Part::new(DateField(contract::DateField { value: None, earliest: None, latest: None, required: false }))
        .label(label)
}
/// A number from `minimum` to `maximum` with plus and minus.
pub fn quantity(value: u32, minimum: u32, maximum: u32) -> Part<Quantity> {
    Part::new(Quantity(contract::Quantity { value, minimum, maximum }))
}

impl Part<Button> {
    /// What the page is for.
    pub fn primary(mut self) -> Self {
        self.element.0.weight = Weight::Primary;
        self
    }
    /// What cannot be taken back.
    pub fn danger(mut self) -> Self {
        self.element.0.weight = Weight::Danger;
        self
    }
    /// Comes back with the tap.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.element.0.value = Some(value.into());
        self
    }
    /// The money that the customer agrees to pay by tapping. The host draws it itself, first, so the text needs not
    /// repeat it.
    pub fn amount(mut self, money: Money) -> Self {
        self.element.0.amount = Some(money.into());
        self
    }
    /// Cannot be tapped where `disabled`.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.element.0.disabled = disabled;
        self
    }
}
impl Part<TextField> {
    /// What is filled in already.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.element.0.value = value.into();
        self
    }
    /// An example of what may be written.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.element.0.hint = hint.into();
        self
    }
    /// Must be filled in.
    pub fn required(mut self) -> Self {
        self.element.0.required = true;
        self
    }
    /// How long it may be; 200 characters unless said otherwise.
    pub fn max_chars(mut self, max_chars: u32) -> Self {
        self.element.0.max_chars = max_chars;
        self
    }
    /// The keyboard: `text`, `lines`, `digits`, `decimal`, `phone`, `email`.
    pub fn input(mut self, input: impl Into<String>) -> Self {
        self.element.0.input = input.into();
        self
    }
}
impl Part<Choice> {
    /// Chosen already.
    pub fn selected<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.element.0.selected = keys.into_iter().map(Into::into).collect();
        self
    }
    /// Several may be chosen.
    pub fn many(mut self) -> Self {
        self.element.0.many = true;
        self
    }
    /// At least one must be chosen.
    pub fn required(mut self) -> Self {
        self.element.0.required = true;
        self
    }
}
impl Part<DateField> {
    /// The date filled in already, as `2026-07-31`.
    pub fn value(mut self, date: impl Into<String>) -> Self {
        self.element.0.value = Some(date.into());
        self
    }
    /// The first and the last date that may be chosen.
    pub fn within(mut self, earliest: impl Into<String>, latest: impl Into<String>) -> Self {
        self.element.0.earliest = Some(earliest.into());
        self.element.0.latest = Some(latest.into());
        self
    }
    /// Must be filled in.
    pub fn required(mut self) -> Self {
        self.element.0.required = true;
        self
    }
}

//! Who is there and what they have before anything happens: as the program's first scene gives it, and somebody of every
//! kind besides, so that one can be anybody.

use crate::package::Package;
use crate::scene::{rehearse, scenes};
use xitai_model::identity::Level;
use xitai_model::money::Money;
use xitai_model::scene::{Given, Part, Person};

pub struct Ground {
    pub given: Given,
    /// The text of the scene whose `given` it is.
    pub text: Option<String>,
    /// Who acts first.
    pub first: String,
}

/// 1,000.00 CNY, as scenes give it.
fn funds() -> Money {
    Money::cny(100_000)
}

const ANYBODY: [(&str, Part); 6] = [
    ("holder", Part::Customer(Level::AccountHolder)),
    ("verified", Part::Customer(Level::Verified)),
    ("registered", Part::Customer(Level::Registered)),
    ("visitor", Part::Customer(Level::Visitor)),
    ("manager", Part::Manager),
    ("clerk", Part::Clerk),
];

/// `core` where the bank's core carries the accounts in any case.
pub fn of(package: &Package, core: bool) -> Ground {
    let scene = scenes(package).ok().and_then(|scenes| scenes.into_iter().next());
    let text = scene.as_ref().and_then(|scene| package.files.get(&scene.file));
    let text = text.and_then(|bytes| String::from_utf8(bytes.clone()).ok());
    let own = scene.as_ref().and_then(|scene| {
        let customers = scene.given.people.iter().filter(|(_, it)| matches!(it.part, Part::Customer(_)));
        // Whoever the scene is about comes first in it.
        let named = scene.turns.iter().filter_map(|turn| turn.who.clone());
        let is_customer = |name: &String| customers.clone().any(|(other, _)| other == name);
        named.clone().find(is_customer).or_else(|| customers.clone().next().map(|(name, _)| name.clone()))
    });
    let mut given = scene.map_or_else(rehearse::nothing_given, |scene| scene.given);
    given.core |= core;
    for (name, part) in ANYBODY {
        given.people.entry(name.to_owned()).or_insert_with(|| of_kind(part));
    }
    Ground { given, text, first: own.unwrap_or_else(|| ANYBODY[0].0.to_owned()) }
}

/// Somebody about whom nothing is said but what they are.
pub fn of_kind(part: Part) -> Person {
    Person { part, funds: funds(), storage: Default::default(), facts: Default::default() }
}

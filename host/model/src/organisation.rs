//! How the tree of places changes: a place is founded, renamed, moved, merged into another, closed.
//!
//! Nothing is ever taken away. A place keeps its id, what it was called and where it lay; a merged one lies below the
//! place that took it over from then on, so that the people there reach what was the old place's.
//!
//! | command | open place | closed or merged place |
//! |---|---|---|
//! | rename, move | done | refused |
//! | merge | its places move along | refused |
//! | close | where nothing open lies below | refused |

use crate::code;
use crate::ids::{PlaceId, StaffId};
use crate::limits::{ORGANISATION_NAME_CHARS_MAX, ORGANISATION_PAST_MAX};
use crate::place::{PastPlace, Place, PlaceKind, PlaceOver};
use crate::refusal::Refusal;
use crate::text;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Rename(Names),
    Move { parent: PlaceId },
    Merge { into: PlaceId },
    Close,
}

/// What a place is called, and in other languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    pub name: String,
    pub names: BTreeMap<String, String>,
}

impl Names {
    pub fn checked(self) -> Result<Self, Refusal> {
        let fits = |name: &String| !name.trim().is_empty() && text::is_clean(name, ORGANISATION_NAME_CHARS_MAX);
        if !fits(&self.name) || !self.names.values().all(fits) {
            let most = format!("1 to {ORGANISATION_NAME_CHARS_MAX} plain characters");
            return Err(Refusal::of(code::PLACE_NAME, most));
        }
        Ok(self)
    }
}

/// All places, by id.
pub type Tree<'a> = BTreeMap<&'a PlaceId, &'a Place>;

fn find<'a>(tree: &Tree<'a>, id: &PlaceId) -> Result<&'a Place, Refusal> {
    tree.get(id).copied().ok_or_else(|| Refusal::of(code::PLACE_NOT_FOUND, id.as_str()))
}

/// A place that stands.
fn open<'a>(tree: &Tree<'a>, id: &PlaceId) -> Result<&'a Place, Refusal> {
    let place = find(tree, id)?;
    match &place.over {
        Some(_) => Err(Refusal::of(code::PLACE_OVER, id.as_str())),
        None => Ok(place),
    }
}

fn below<'a>(tree: &Tree<'a>, id: &PlaceId) -> impl Iterator<Item = &'a Place> {
    let id = id.clone();
    tree.values().copied().filter(move |place| place.over.is_none() && place.parent.as_ref() == Some(&id))
}

/// Whether `place` is `above` or lies below it, by the tree as it is now.
pub fn is_within(tree: &Tree<'_>, place: &PlaceId, above: &PlaceId) -> bool {
    is_within_by(tree, place, above, |place| place.parent.as_ref())
}

/// The same by the tree as it was at a time.
pub fn was_within(tree: &Tree<'_>, place: &PlaceId, above: &PlaceId, at_ms: i64) -> bool {
    is_within_by(tree, place, above, |place| place.parent_at(at_ms))
}

fn is_within_by<'a>(
    tree: &Tree<'a>,
    place: &PlaceId,
    above: &PlaceId,
    parent: impl Fn(&'a Place) -> Option<&'a PlaceId>,
) -> bool {
    let mut at = tree.get(place).copied();
    // A tree is no deeper than it has places: a ring, which no command makes, ends too.
    for _ in 0..=tree.len() {
        match at {
            Some(here) if here.id == *above => return true,
            Some(here) => at = parent(here).and_then(|id| tree.get(id).copied()),
            None => return false,
        }
    }
    false
}

fn check_below(kind: PlaceKind, above: &Place) -> Result<(), Refusal> {
    if kind.may_lie_below(above.kind) {
        return Ok(());
    }
    Err(Refusal::of(code::PLACE_KIND, format!("{kind:?} below {:?}", above.kind)))
}

/// The bank itself, where there is nothing yet: every other place will lie below it.
pub fn bank(tree: &Tree<'_>, id: PlaceId, names: Names) -> Result<Place, Refusal> {
    if let Some(there) = tree.values().find(|place| place.parent.is_none()) {
        return Err(Refusal::of(code::BANK_FOUNDED, there.id.as_str()));
    }
    let Names { name, names } = names.checked()?;
    Ok(Place { id, parent: None, kind: PlaceKind::Bank, name, names, past: Vec::new(), over: None })
}

/// A new place.
pub fn found(tree: &Tree<'_>, id: PlaceId, kind: PlaceKind, parent: PlaceId, names: Names) -> Result<Place, Refusal> {
    if tree.contains_key(&id) {
        return Err(Refusal::of(code::PLACE_TAKEN, id.as_str()));
    }
    check_below(kind, open(tree, &parent)?)?;
    let Names { name, names } = names.checked()?;
    Ok(Place { id, parent: Some(parent), kind, name, names, past: Vec::new(), over: None })
}

/// The places that a command changes, as they are afterwards.
pub fn apply(
    tree: &Tree<'_>,
    id: &PlaceId,
    command: Command,
    by: &StaffId,
    now_ms: i64,
) -> Result<Vec<Place>, Refusal> {
    let place = open(tree, id)?;
    if place.kind == PlaceKind::Bank && !matches!(command, Command::Rename(_)) {
        return Err(Refusal::of(code::PLACE_BANK, id.as_str()));
    }
    match command {
        Command::Rename(names) => {
            let Names { name, names } = names.checked()?;
            Ok(vec![Place { name, names, ..place.changed(by, now_ms) }])
        }
        Command::Move { parent } => {
            check_below(place.kind, open(tree, &parent)?)?;
            if is_within(tree, &parent, id) {
                return Err(Refusal::of(code::PLACE_RING, parent.as_str()));
            }
            Ok(vec![Place { parent: Some(parent), ..place.changed(by, now_ms) }])
        }
        Command::Merge { into } => merge(tree, place, &into, by, now_ms),
        Command::Close => {
            if let Some(child) = below(tree, id).next() {
                return Err(Refusal::of(code::PLACE_NOT_EMPTY, child.id.as_str()));
            }
            let over = Some(PlaceOver { at_ms: now_ms, by: by.clone(), into: None });
            Ok(vec![Place { over, ..place.changed(by, now_ms) }])
        }
    }
}

fn merge(tree: &Tree<'_>, place: &Place, into: &PlaceId, by: &StaffId, now_ms: i64) -> Result<Vec<Place>, Refusal> {
    let target = open(tree, into)?;
    if is_within(tree, into, &place.id) {
        return Err(Refusal::of(code::PLACE_RING, into.as_str()));
    }
    if target.kind != place.kind {
        return Err(Refusal::of(code::PLACE_KIND, format!("{:?} into {:?}", place.kind, target.kind)));
    }
    let moved = |child: &Place| Place { parent: Some(into.clone()), ..child.changed(by, now_ms) };
    let mut changed: Vec<Place> = below(tree, &place.id).map(moved).collect();
    let over = Some(PlaceOver { at_ms: now_ms, by: by.clone(), into: Some(into.clone()) });
    changed.push(Place { over, parent: Some(into.clone()), ..place.changed(by, now_ms) });
    Ok(changed)
}

/// The place that stands for this one now: itself, or the one that took it over.
pub fn standing<'a>(tree: &Tree<'a>, id: &PlaceId) -> Result<&'a Place, Refusal> {
    let mut at = find(tree, id)?;
    for _ in 0..=tree.len() {
        match &at.over {
            None => return Ok(at),
            Some(PlaceOver { into: Some(into), .. }) => at = find(tree, into)?,
            Some(_) => break,
        }
    }
    Err(Refusal::of(code::PLACE_OVER, id.as_str()))
}

impl Place {
    /// The place with what it is now written down as its past.
    fn changed(&self, by: &StaffId, now_ms: i64) -> Self {
        let mut next = self.clone();
        let over = (next.past.len() + 1).saturating_sub(ORGANISATION_PAST_MAX);
        next.past.drain(..over);
        let Self { parent, name, names, .. } = self.clone();
        next.past.push(PastPlace { until_ms: now_ms, by: by.clone(), parent, name, names });
        next
    }
    fn at(&self, at_ms: i64) -> Option<&PastPlace> {
        self.past.iter().find(|past| at_ms < past.until_ms)
    }
    /// What it was called at a time, and in other languages.
    pub fn names_at(&self, at_ms: i64) -> (&str, &BTreeMap<String, String>) {
        self.at(at_ms).map_or((&self.name, &self.names), |past| (&past.name, &past.names))
    }
    /// Where it lay at a time.
    pub fn parent_at(&self, at_ms: i64) -> Option<&PlaceId> {
        match self.at(at_ms) {
            Some(past) => past.parent.as_ref(),
            None => self.parent.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(text: &str) -> PlaceId {
        PlaceId::parse(text).unwrap()
    }
    fn wu() -> StaffId {
        StaffId::parse("wu").unwrap()
    }
    fn names(name: &str) -> Names {
        Names { name: name.to_owned(), names: BTreeMap::new() }
    }
    fn place(name: &str, kind: PlaceKind, parent: Option<&str>) -> Place {
        Place {
            id: id(name),
            parent: parent.map(id),
            kind,
            name: name.to_owned(),
            names: BTreeMap::new(),
            past: vec![],
            over: None,
        }
    }
    fn bank() -> Vec<Place> {
        vec![
            place("bank", PlaceKind::Bank, None),
            place("jiangsu", PlaceKind::Region, Some("bank")),
            place("zhejiang", PlaceKind::Region, Some("bank")),
            place("suzhou", PlaceKind::Branch, Some("jiangsu")),
            place("nanjing", PlaceKind::Branch, Some("jiangsu")),
            place("canteen", PlaceKind::Merchant, Some("suzhou")),
        ]
    }
    fn tree(places: &[Place]) -> Tree<'_> {
        places.iter().map(|place| (&place.id, place)).collect()
    }
    fn done(places: &mut [Place], of: &str, command: Command, now_ms: i64) -> Result<(), String> {
        let changed = apply(&tree(places), &id(of), command, &wu(), now_ms).map_err(|refusal| refusal.code)?;
        for next in changed {
            let kept = places.iter_mut().find(|place| place.id == next.id).unwrap();
            *kept = next;
        }
        Ok(())
    }
    fn within(places: &[Place], place: &str, above: &str) -> bool {
        is_within(&tree(places), &id(place), &id(above))
    }

    #[test]
    fn a_merged_place_is_reached_from_the_one_that_took_it_over() {
        let mut places = bank();
        done(&mut places, "suzhou", Command::Merge { into: id("nanjing") }, 100).unwrap();
        assert!(within(&places, "suzhou", "nanjing") && within(&places, "canteen", "nanjing"));
        assert_eq!(standing(&tree(&places), &id("suzhou")).unwrap().id, id("nanjing"));
        assert!(was_within(&tree(&places), &id("canteen"), &id("suzhou"), 99), "before, it was suzhou's");
        assert!(!was_within(&tree(&places), &id("canteen"), &id("nanjing"), 99));
        for command in [Command::Rename(names("x")), Command::Close, Command::Move { parent: id("bank") }] {
            assert_eq!(done(&mut places, "suzhou", command, 101), Err("place.over".to_owned()));
        }
        assert_eq!(done(&mut places, "canteen", Command::Move { parent: id("suzhou") }, 101), Err("place.over".into()));
    }

    #[test]
    fn names_of_the_past_stay_readable() {
        let mut places = bank();
        done(&mut places, "suzhou", Command::Rename(names("Suzhou Park")), 100).unwrap();
        done(&mut places, "suzhou", Command::Move { parent: id("zhejiang") }, 200).unwrap();
        done(&mut places, "suzhou", Command::Rename(names("Suzhou Lake")), 300).unwrap();
        let suzhou = places.iter().find(|place| place.id == id("suzhou")).unwrap();
        let at = |ms| (suzhou.names_at(ms).0, suzhou.parent_at(ms).unwrap().as_str());
        assert_eq!((at(99), at(100)), (("suzhou", "jiangsu"), ("Suzhou Park", "jiangsu")));
        assert_eq!((at(200), at(300)), (("Suzhou Park", "zhejiang"), ("Suzhou Lake", "zhejiang")));
    }

    #[test]
    fn what_would_break_the_tree_is_refused() {
        let mut places = bank();
        let mut refused = |of: &str, command| done(&mut places, of, command, 1).unwrap_err();
        assert_eq!(refused("bank", Command::Close), "place.bank");
        assert_eq!(refused("jiangsu", Command::Close), "place.not-empty");
        assert_eq!(refused("jiangsu", Command::Move { parent: id("jiangsu") }), "place.ring");
        assert_eq!(refused("jiangsu", Command::Move { parent: id("suzhou") }), "place.kind");
        assert_eq!(refused("suzhou", Command::Merge { into: id("suzhou") }), "place.ring");
        assert_eq!(refused("suzhou", Command::Merge { into: id("jiangsu") }), "place.kind");
        assert_eq!(refused("suzhou", Command::Merge { into: id("zhejiang") }), "place.kind");
        assert_eq!(refused("suzhou", Command::Move { parent: id("nowhere") }), "place.not-found");
        assert_eq!(refused("suzhou", Command::Rename(names(" "))), "place.name");
        assert_eq!(refused("nowhere", Command::Close), "place.not-found");
        let found_as = |kind, parent: &str, of: &str| found(&tree(&bank()), id(of), kind, id(parent), names("x")).err();
        let code = |refusal: Option<Refusal>| refusal.map(|refusal| refusal.code);
        assert_eq!(code(found_as(PlaceKind::Branch, "jiangsu", "wuxi")), None);
        assert_eq!(code(found_as(PlaceKind::Branch, "jiangsu", "suzhou")).as_deref(), Some("place.taken"));
        assert_eq!(code(found_as(PlaceKind::Bank, "jiangsu", "other")).as_deref(), Some("place.kind"));
        assert_eq!(code(found_as(PlaceKind::Branch, "canteen", "other")).as_deref(), Some("place.kind"));
    }

    #[test]
    fn there_is_one_bank() {
        let made = |tree: &Tree<'_>, name: &str| super::bank(tree, id("suzhou-bank"), names(name));
        let first = made(&Tree::new(), "苏州银行").unwrap();
        assert_eq!((first.kind, first.parent.as_ref()), (PlaceKind::Bank, None));
        let branch =
            found(&tree(std::slice::from_ref(&first)), id("wuxi"), PlaceKind::Branch, first.id.clone(), names("x"));
        assert_eq!(branch.unwrap().parent, Some(first.id));
        assert_eq!(made(&Tree::new(), " ").unwrap_err().code, "place.name");
        assert_eq!(made(&tree(&bank()), "another").unwrap_err().code, "bank.founded");
    }

    proptest! {
        /// Whatever is done to the tree, it stays one: everything lies below the bank, and nothing is lost.
        #[test]
        fn the_tree_stays_a_tree(steps in prop::collection::vec((0_usize..6, 0_usize..6, 0_u8..4), 0..40)) {
            let mut places = bank();
            let ids: Vec<String> = places.iter().map(|place| place.id.to_string()).collect();
            for (turn, (of, other, what)) in steps.into_iter().enumerate() {
                let other = id(&ids[other]);
                let command = match what {
                    0 => Command::Rename(names("renamed")),
                    1 => Command::Move { parent: other },
                    2 => Command::Merge { into: other },
                    _ => Command::Close,
                };
                let _ = done(&mut places, &ids[of], command, turn as i64 + 1);
                for of in &ids {
                    prop_assert!(within(&places, of, "bank"), "{of} fell out of the tree");
                    prop_assert!(was_within(&tree(&places), &id(of), &id("bank"), 0));
                }
            }
        }
    }
}

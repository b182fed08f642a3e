//! Which cards stand on a page, for whom, when and in which order.

use super::*;
use crate::claims::{Facts, Known};
use crate::day::Day;
use crate::identity::Level;
use crate::ids::{BranchId, CustomerId};
use crate::program::Channel;
use crate::rollout::Segment;
use proptest::prelude::*;

fn program(id: &str) -> ProgramId {
    ProgramId::parse(&format!("cn.bank.{id}")).unwrap()
}
fn page(cards: impl IntoIterator<Item = ZoneCard>) -> ZonePage {
    ZonePage { cards: cards.into_iter().collect(), bundles: Vec::new() }
}
fn card(id: &str, audience: Audience) -> ZoneCard {
    ZoneCard { program: program(id), audience }
}
fn all(ids: &[&str]) -> ZonePage {
    page(ids.iter().map(|id| ZoneCard::for_all(program(id))))
}
fn is_within(place: &PlaceId, above: &PlaceId) -> bool {
    place == above || above.as_str() == "bank"
}

/// What wang of Suzhou is shown at a time.
fn shown(pages: &[ZonePage], now_ms: i64, can_open: impl FnMut(&ProgramId) -> bool) -> Vec<String> {
    let (branch, customer) = (BranchId::parse("suzhou").unwrap(), CustomerId::new(1, [7; 10]));
    let facts = Facts { groups: vec!["staff-union".to_owned()], ..Facts::default() };
    let known = Known { level: Level::AccountHolder, display_name: String::new(), facts, branch_manager: None };
    let today = Day::parse("2026-11-27").unwrap();
    let known = Some(&known);
    let asker = Asker { branch: &branch, channel: Channel::Phone, customer: &customer, known, now_ms, today };
    let found = together(pages, &asker, &is_within, can_open);
    found.into_iter().map(|id| id.as_str().trim_start_matches("cn.bank.").to_owned()).collect()
}

#[test]
fn cards_stand_in_their_order_for_whom_they_are_meant_and_while_they_are() {
    let of_union = vec![Segment { kind: "member-of".to_owned(), value: "staff-union".to_owned() }];
    let grown = vec![Segment { kind: "over-age".to_owned(), value: "18".to_owned() }];
    let place = |id: &str| [PlaceId::parse(id).unwrap()].into();
    let whole = page([
        card("union", Audience { segments: of_union, ..Audience::default() }),
        card("grown", Audience { segments: grown, ..Audience::default() }),
        card("here", Audience { places: place("suzhou"), ..Audience::default() }),
        card("elsewhere", Audience { places: place("nanjing"), ..Audience::default() }),
        card("kiosk", Audience { channels: vec![Channel::Kiosk], ..Audience::default() }),
        card("sale", Audience { from_ms: Some(100), until_ms: Some(200), ..Audience::default() }),
        card("all", Audience::default()),
    ]);
    let at = |now_ms| shown(std::slice::from_ref(&whole), now_ms, |_| true);
    assert_eq!(at(99), ["union", "here", "all"], "nobody has checked how old they are");
    assert_eq!(at(100), ["union", "here", "sale", "all"], "from its first moment on");
    assert_eq!(at(199), at(100));
    assert_eq!(at(200), at(99), "and no longer than until its last");
}

#[test]
fn the_branch_comes_after_head_office_and_nothing_stands_twice() {
    let pages = [all(&["notices", "canteen"]), all(&["canteen", "queue"])];
    assert_eq!(shown(&pages, 0, |_| true), ["notices", "canteen", "queue"]);
    assert_eq!(
        shown(&pages, 0, |id| *id != program("canteen")),
        ["notices", "queue"],
        "what can't be opened is left out"
    );
    assert!(shown(&[], 0, |_| true).is_empty());
}

#[test]
fn a_page_is_looked_through_to_its_end() {
    let names: Vec<String> = (0..ZONE_CARDS_MAX).map(|n| format!("p{n}")).collect();
    let full = all(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(shown(std::slice::from_ref(&full), 0, |_| true), names[..ZONE_CARDS_SHOWN_MAX]);
    assert_eq!(
        shown(std::slice::from_ref(&full), 0, |id| !id.as_str().ends_with('0')).len(),
        ZONE_CARDS_SHOWN_MAX,
        "of those that count"
    );
    assert!(full.clone().checked().is_ok());
    let mut more = full;
    more.cards.push(ZoneCard::for_all(program("more")));
    assert_eq!(more.checked().unwrap_err().code, "zone.cards");
}

#[test]
fn what_can_not_be_shown_is_refused() {
    assert_eq!(all(&["a", "b", "a"]).checked().unwrap_err().code, "zone.twice");
    let never = Audience { from_ms: Some(2), until_ms: Some(2), ..Audience::default() };
    assert_eq!(page([card("a", never)]).checked().unwrap_err().code, "rollout.audience");
    assert_eq!(ZonePage::default().checked(), Ok(ZonePage::default()), "an empty page is one");
}

#[test]
fn a_card_goes_one_up_or_down_and_stays_at_the_ends() {
    let cases = [(Step::Up, 0, 0), (Step::Up, 2, 1), (Step::Down, 0, 1), (Step::Down, 2, 2), (Step::Down, 1, 2)];
    for (step, at, to) in cases {
        assert_eq!(step.from(at, 3), to, "{step:?} {at}");
    }
}

proptest! {
    /// Whatever the pages hold, what is shown is a part of them in their order, without repeats and within the limit.
    #[test]
    fn what_is_shown_is_a_part_of_the_pages_in_their_order(ids in prop::collection::vec(0..40_u8, 0..60), cut in 0..60_usize, no in 0..40_u8) {
        let named: Vec<String> = ids.iter().map(|id| format!("p{id}")).collect();
        let cards = |ids: &[String]| page(ids.iter().map(|id| ZoneCard::for_all(program(id))));
        let cut = cut.min(named.len());
        let found = shown(&[cards(&named[..cut]), cards(&named[cut..])], 0, |id| *id != program(&format!("p{no}")));
        let mut seen = BTreeSet::new();
        let firsts = named.iter().filter(|id| **id != format!("p{no}") && seen.insert((*id).clone()));
        let wanted: Vec<String> = firsts.take(ZONE_CARDS_SHOWN_MAX).cloned().collect();
        prop_assert_eq!(found, wanted);
    }
}

fn bundle(title: &str, programs: &[&str], audience: Audience) -> Bundle {
    let titles = [("zh-CN".to_owned(), title.to_owned())].into();
    Bundle { titles, programs: programs.iter().map(|id| program(id)).collect(), audience }
}
fn bundles(all: Vec<Bundle>) -> ZonePage {
    ZonePage { cards: Vec::new(), bundles: all }
}

#[test]
fn a_bundle_has_a_title_and_some_programs() {
    let checked = |it: Bundle| bundles(vec![it]).checked().err().map(|refusal| refusal.code).unwrap_or_default();
    let names: Vec<String> = (0..=BUNDLE_CARDS_MAX).map(|n| format!("p{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let free = Audience::default;
    assert_eq!(checked(bundle("开学", &["a", "b"], free())), "");
    assert_eq!(checked(bundle(&"字".repeat(BUNDLE_TITLE_CHARS_MAX), &names[1..], free())), "");
    for wrong in [
        bundle(&"字".repeat(BUNDLE_TITLE_CHARS_MAX + 1), &["a", "b"], free()),
        bundle(" ", &["a", "b"], free()),
        bundle("a\0", &["a", "b"], free()),
        bundle("开学", &["a"], free()),
        bundle("开学", &["a", "a"], free()),
        bundle("开学", &names, free()),
        Bundle { titles: BTreeMap::new(), ..bundle("开学", &["a", "b"], free()) },
        Bundle { titles: [("<b>".to_owned(), "x".to_owned())].into(), ..bundle("开学", &["a", "b"], free()) },
    ] {
        assert_eq!(checked(wrong.clone()), "zone.bundle", "{wrong:?}");
    }
    let never = Audience { from_ms: Some(9), until_ms: Some(9), ..free() };
    assert_eq!(checked(bundle("开学", &["a", "b"], never)), "rollout.audience");
    let many = |n: usize| bundles(vec![bundle("开学", &["a", "b"], free()); n]).checked();
    assert!(many(BUNDLES_MAX).is_ok());
    assert_eq!(many(BUNDLES_MAX + 1).unwrap_err().code, "zone.bundles");
}

#[test]
fn a_title_is_in_the_readers_language_or_in_one_that_there_is() {
    let mut both = bundle("开学", &["a", "b"], Audience::default());
    assert_eq!((both.title("zh-CN"), both.title("en")), ("开学", "开学"));
    both.titles.insert("en".to_owned(), "School".to_owned());
    assert_eq!((both.title("en"), both.title("fa"), both.title("zh-HK")), ("School", "School", "开学"));
}

#[test]
fn a_bundle_is_shown_with_what_can_be_opened_and_not_alone() {
    let (branch, customer) = (BranchId::parse("suzhou").unwrap(), CustomerId::new(1, [7; 10]));
    let today = Day::parse("2026-11-27").unwrap();
    let asker = Asker { branch: &branch, channel: Channel::Phone, customer: &customer, known: None, now_ms: 5, today };
    let kiosk = Audience { channels: vec![Channel::Kiosk], ..Audience::default() };
    let later = Audience { from_ms: Some(6), ..Audience::default() };
    let pages = [
        bundles(vec![
            bundle("one", &["a", "b", "c"], Audience::default()),
            bundle("two", &["a", "c"], Audience::default()),
            bundle("kiosk", &["a", "b"], kiosk),
            bundle("later", &["a", "b"], later),
        ]),
        bundles(vec![bundle("near", &["b", "a"], Audience::default()); BUNDLES_SHOWN_MAX]),
    ];
    let shown = bundled(&pages, &asker, &is_within, |program| program.as_str() != "cn.bank.c");
    let told: Vec<(&str, usize)> =
        shown.iter().map(|(bundle, programs)| (bundle.title("zh-CN"), programs.len())).collect();
    assert_eq!(told, [("one", 2), ("near", 2), ("near", 2)]);
    assert_eq!(pages[0].programs().count(), 9);
}

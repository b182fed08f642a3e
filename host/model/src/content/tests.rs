//! Each command in each state, who may decide, and what readers see.

use super::entry::{Audience, Entry, Owner, Standing, State, Text};
use super::samples::*;
use super::search::{find, fold, folded};
use super::spot::{Position, Spot};
use super::state::{Command, Verdict, apply};
use super::{Kind, Query, Reader};
use crate::code;
use crate::identity::Level;
use crate::ids::{ProgramId, PublisherId};
use crate::limits::{CONTENT_PAGE_ENTRIES_MAX, CONTENT_PAST_MAX, CONTENT_TITLE_CHARS_MAX, CONTENT_VERSIONS_MAX};
use crate::money::Money;
use crate::release::{Decision, Finding, Severity};

const STATES: [State; 7] =
    [State::Draft, State::Checking, State::Review, State::Live, State::Returned, State::Withdrawn, State::Retired];

fn in_state(state: State) -> Entry {
    let mut entry = written(&entry(1, Kind::Article), draft("今日提示"), 1).unwrap();
    entry.versions[0].state = state;
    entry.versions[0].needs = 1;
    entry
}

fn state_of(entry: &Entry, number: u32) -> State {
    let past = || entry.past.iter().find(|past| past.number == number).map(|past| past.state);
    entry.version(number).map(|version| version.state).or_else(past).unwrap()
}

#[test]
fn each_command_in_each_state() {
    let bad = Finding::error(code::CONTENT_WORD, "body", "x");
    let note = Finding::of(Severity::Warning, code::CONTENT_CONTACT, "body", "x");
    for state in STATES {
        let entry = in_state(state);
        let commands = [
            ("submit", Command::Submit { number: 1 }),
            ("good", Command::Checked { number: 1, findings: vec![note.clone()] }),
            ("bad", Command::Checked { number: 1, findings: vec![bad.clone()] }),
            ("approve", verdict(&entry, 1, "Chen", Decision::Approve)),
            ("return", verdict(&entry, 1, "Chen", Decision::Return)),
            ("withdraw", Command::Withdraw { number: 1 }),
            ("retire", Command::Retire { number: Some(1) }),
            ("retire all", Command::Retire { number: None }),
        ];
        for (name, command) in commands {
            let expected = match (state, name) {
                (State::Draft, "submit") => Ok(State::Checking),
                (State::Checking, "good") => Ok(State::Review),
                (State::Checking, "bad") | (State::Review, "return") => Ok(State::Returned),
                (State::Review, "approve") => Ok(State::Live),
                (State::Draft | State::Checking | State::Review, "withdraw") => Ok(State::Withdrawn),
                (State::Live, "retire" | "retire all") => Ok(State::Retired),
                // What is over was put away by the command before.
                _ => Err("content.state".to_owned()),
            };
            let said = apply(&entry, command, 5).map(|next| state_of(&next, 1)).map_err(|refusal| refusal.code);
            assert_eq!(said, expected, "{name} in {state:?}");
        }
    }
}

#[test]
fn one_looks_at_a_text_two_at_money_and_law() {
    let price = |minor| Some(Money::cny(minor));
    let mut tea = draft("龙井");
    tea.price = price(1_200);
    let product = published(&entry(1, Kind::Product), tea.clone(), 1);
    let mut dearer = tea.clone();
    dearer.price = price(1_300);
    let mut worded = tea.clone();
    worded.texts.insert("en".to_owned(), Text { title: "Longjing".to_owned(), ..Text::default() });
    let mut fund = worded.clone();
    fund.regulated = true;
    let mut rate = draft("年化 3.5%");
    rate.tags = vec!["fund".to_owned()];
    let article = entry(2, Kind::Article);
    let cases = [
        (&article, draft("今日提示"), 1),
        (&article, rate, 2),
        (&entry(3, Kind::Offer), draft("买一送一"), 2),
        (&entry(4, Kind::Product), tea, 2),
        (&product, worded, 1),
        (&product, dearer, 2),
        (&product, fund, 2),
    ];
    for (entry, draft, eyes) in cases {
        let number = entry.next_number();
        let next = checked(entry, draft.clone(), vec![], 2);
        assert_eq!(next.version(number).unwrap().needs, eyes, "{draft:?}");
        let once = apply(&next, verdict(&next, number, "Chen", Decision::Approve), 3).unwrap();
        assert_eq!(state_of(&once, number) == State::Live, eyes == 1);
        if eyes == 2 {
            let again = apply(&once, verdict(&once, number, "Chen", Decision::Approve), 3).unwrap_err();
            assert_eq!(again.code, "content.same-person");
            let twice = apply(&once, verdict(&once, number, "Zhao", Decision::Approve), 3).unwrap();
            assert_eq!(state_of(&twice, number), State::Live);
        }
    }
}

#[test]
fn nobody_approves_their_own() {
    let entry = checked(&entry(1, Kind::Article), draft("今日提示"), vec![], 1);
    let refused = |entry: &Entry, command| apply(entry, command, 2).unwrap_err().code;
    assert_eq!(refused(&entry, verdict(&entry, 1, "Lin", Decision::Approve)), "content.own-work");
    let Command::Decide(mine) = verdict(&entry, 1, "Chen", Decision::Approve) else { panic!() };
    let other_account = Verdict { person: "Lin".to_owned(), ..mine.clone() };
    assert_eq!(refused(&entry, Command::Decide(other_account)), "content.own-work");
    let mut program = entry.clone();
    let publisher = PublisherId::parse("river-tea").unwrap();
    program.owner = Owner::Program {
        program: ProgramId::parse("cn.tea.house").unwrap(),
        publisher: publisher.clone(),
        branch: place("suzhou"),
    };
    let of_publisher = Verdict { publisher: Some(publisher), ..mine.clone() };
    assert_eq!(refused(&program, Command::Decide(of_publisher)), "content.own-work");
    let other_text = Verdict { digest: draft("别的").digest(), ..mine.clone() };
    assert_eq!(refused(&entry, Command::Decide(other_text)), "content.digest-differs");
    let silent = Verdict { decision: Decision::Return, note: " ".to_owned(), ..mine };
    assert_eq!(refused(&entry, Command::Decide(silent)), "content.note-missing");
    // Who wrote on it later is an author too.
    let both = written(&entry, draft("新"), 3).unwrap();
    let edit = Command::Write { number: Some(2), draft: Box::new(draft("更新")), by: author("Chen") };
    let both = apply(&apply(&both, edit, 3).unwrap(), Command::Submit { number: 2 }, 3).unwrap();
    let both = apply(&both, Command::Checked { number: 2, findings: vec![] }, 3).unwrap();
    assert_eq!(refused(&both, verdict(&both, 2, "Chen", Decision::Approve)), "content.own-work");
}

#[test]
fn readers_see_the_newest_version_that_is_for_them_now() {
    let base = published(&entry(1, Kind::Article), draft("平日"), 10);
    let mut festival = draft("春节");
    (festival.from_ms, festival.until_ms) = (Some(100), Some(200));
    let entry = published(&base, festival, 20);
    let mut nanjing = draft("南京");
    nanjing.audience = Audience { places: [place("nanjing")].into(), level: None };
    let entry = published(&entry, nanjing, 30);
    let title = |branch: &str, now_ms| entry.read(&reader(branch, now_ms), is_within).map(|read| read.title);
    assert_eq!(title("suzhou", 50).as_deref(), Some("平日"));
    assert_eq!(title("suzhou", 100).as_deref(), Some("春节"));
    assert_eq!(title("suzhou", 199).as_deref(), Some("春节"));
    assert_eq!(title("suzhou", 200).as_deref(), Some("平日"));
    assert_eq!(title("nanjing", 150).as_deref(), Some("南京"));
    let standing = |number, now_ms| entry.standing(entry.version(number).unwrap(), now_ms);
    assert_eq!(standing(1, 50), Standing::Live);
    assert_eq!(
        (standing(2, 50), standing(2, 150), standing(2, 250)),
        (Standing::Scheduled, Standing::Live, Standing::Retired)
    );
    // A version for everybody and for good puts away what is below it.
    let entry = published(&entry, draft("新版"), 300);
    assert_eq!(entry.versions.iter().map(|it| it.number).collect::<Vec<_>>(), [4]);
    assert_eq!(entry.past.len(), 3);
    let taken =
        apply(&entry, Command::TakeDown { by: author("Sun").staff.unwrap(), reason: "错".to_owned() }, 310).unwrap();
    assert_eq!(taken.read(&reader("suzhou", 320), is_within), None);
    let back = apply(&taken, Command::Restore, 330).unwrap();
    assert!(back.read(&reader("suzhou", 340), is_within).is_some());
    assert_eq!(apply(&back, Command::Restore, 330).unwrap_err().code, "content.state");
}

#[test]
fn an_audience_is_a_place_and_a_level() {
    let mut for_some = draft("大额存单");
    for_some.audience = Audience { places: [place("jiangsu")].into(), level: Some(Level::Verified) };
    let mut entry = published(&entry(1, Kind::Article), for_some, 1);
    let sees = |entry: &Entry, branch: &str, level| {
        let reader = Reader { level, ..reader(branch, 5) };
        entry.read(&reader, is_within).is_some()
    };
    assert!(sees(&entry, "suzhou", Some(Level::AccountHolder)));
    assert!(sees(&entry, "suzhou", Some(Level::Verified)));
    assert!(!sees(&entry, "suzhou", Some(Level::Registered)));
    assert!(!sees(&entry, "suzhou", Some(Level::Other)));
    assert!(sees(&entry, "suzhou", None), "the branch's own people see it");
    assert!(!sees(&entry, "bank", None));
    entry.owner = Owner::Place(place("nanjing"));
    assert!(!sees(&entry, "suzhou", None), "no audience is wider than the owner's place");
}

#[test]
fn texts_come_in_the_readers_language() {
    let mut both = draft("食堂");
    both.texts.insert("en".to_owned(), Text { title: "Canteen".to_owned(), ..Text::default() });
    let title = |locale: &str| both.text(locale).map(|(_, text)| text.title.clone()).unwrap();
    assert_eq!((title("en-GB"), title("zh-TW"), title("ru")), ("Canteen".into(), "食堂".into(), "Canteen".into()));
    let mut english = both.clone();
    english.texts.remove("zh-CN");
    assert_eq!(english.text("zh-CN").unwrap().0, "en");
}

#[test]
fn what_cannot_be_kept_is_refused_with_its_place() {
    let refused = |draft: super::entry::Draft, kind| written(&entry(1, kind), draft, 1).unwrap_err().detail;
    assert!(refused(draft(&"长".repeat(CONTENT_TITLE_CHARS_MAX + 1)), Kind::Article).starts_with("zh-CN: title"));
    assert!(written(&entry(1, Kind::Article), draft(&"长".repeat(CONTENT_TITLE_CHARS_MAX)), 1).is_ok());
    assert!(refused(draft(" "), Kind::Article).contains("missing"));
    assert!(refused(draft("a\u{1b}b"), Kind::Article).contains("control"));
    assert!(refused(draft("某处"), Kind::Place).starts_with("district"));
    let mut backwards = draft("x");
    (backwards.from_ms, backwards.until_ms) = (Some(2), Some(2));
    assert!(refused(backwards, Kind::Article).starts_with("schedule"));
    let mut owed = draft("x");
    owed.price = Some(Money::cny(-1));
    assert!(refused(owed, Kind::Product).starts_with("price"));
    let mut tagged = draft("x\u{202e}y\n z");
    tagged.tags = vec!["a".into(), " a ".into(), String::new(), "b".into()];
    let kept = written(&entry(1, Kind::Article), tagged, 1).unwrap();
    assert_eq!(kept.versions[0].draft.tags, ["a", "b"]);
    assert_eq!(kept.versions[0].draft.texts["zh-CN"].title, "xy z");
}

#[test]
fn what_waits_and_what_is_kept_of_the_past_is_bounded() {
    let mut now = entry(1, Kind::Article);
    for n in 0..CONTENT_VERSIONS_MAX {
        now = written(&now, draft(&format!("{n}")), 1).unwrap();
    }
    assert_eq!(written(&now, draft("one more"), 1).unwrap_err().code, "content.too-many");
    let mut now = entry(1, Kind::Article);
    for n in 0..CONTENT_PAST_MAX as i64 + 5 {
        now = published(&now, draft(&format!("{n}")), n);
    }
    assert_eq!((now.versions.len(), now.past.len()), (1, CONTENT_PAST_MAX));
    assert_eq!(now.next_number(), CONTENT_PAST_MAX as u32 + 6);
}

fn library() -> Vec<Entry> {
    let spot = |district: &str, position: &str| {
        Some(Spot {
            district: district.to_owned(),
            hours: "09:00-17:00".to_owned(),
            position: Position::parse(position),
        })
    };
    let mut park = draft("苏州工业园区支行");
    park.spot = spot("工业园区", "31.3190,120.6720");
    park.tags = vec!["网点".to_owned()];
    let mut old_town = draft("观前街支行");
    old_town.spot = spot("姑苏区", "31.3110,120.6290");
    old_town.tags = vec!["网点".to_owned()];
    let mut tea = draft("ＴＥＡ 龙井 茶");
    tea.texts.get_mut("zh-CN").unwrap().body = "产自杭州，园区有售。".to_owned();
    let made = [(1, Kind::Place, park), (2, Kind::Place, old_town), (3, Kind::Product, tea)];
    made.into_iter().map(|(n, kind, draft)| published(&entry(n, kind), draft, i64::from(n) * 10)).collect()
}

fn titles(query: Query) -> Vec<String> {
    let library = library();
    let held: Vec<_> = library.iter().map(|entry| (entry, folded(entry))).collect();
    let all = held.iter().map(|(entry, folded)| (*entry, folded.as_slice()));
    find(all, &query, &reader("suzhou", 100), None, is_within).unwrap().0.into_iter().map(|it| it.title).collect()
}

#[test]
fn chinese_is_found_without_spaces_and_forms_are_one() {
    let text = |text: &str| titles(Query { text: Some(text.to_owned()), ..Query::default() });
    assert_eq!(text("园区"), ["苏州工业园区支行", "ＴＥＡ 龙井 茶"], "the title counts for more than the body");
    assert_eq!(text("tea"), ["ＴＥＡ 龙井 茶"]);
    assert_eq!(text("龙井茶"), ["ＴＥＡ 龙井 茶"]);
    assert_eq!(text("Ｔｅａ 杭州"), ["ＴＥＡ 龙井 茶"]);
    assert_eq!(text("支行 观前"), ["观前街支行"]);
    assert_eq!(text("not there"), Vec::<String>::new());
    assert_eq!(text(" "), ["ＴＥＡ 龙井 茶", "观前街支行", "苏州工业园区支行"], "newest first");
    assert_eq!(fold("Ａ\u{200b}B　 c 中 文"), "ab c中文");
}

#[test]
fn tag_kind_and_place_hold_together() {
    let tag = Some("网点".to_owned());
    assert_eq!(titles(Query { tag: tag.clone(), kind: Some("product".to_owned()), ..Query::default() }).len(), 0);
    let near = |near: &str| titles(Query { tag: tag.clone(), near: Some(near.to_owned()), ..Query::default() });
    assert_eq!(near("园区"), ["苏州工业园区支行"]);
    assert_eq!(near("苏州工业园区"), ["苏州工业园区支行"]);
    assert_eq!(near("31.3111,120.6291"), ["观前街支行", "苏州工业园区支行"], "nearest first");
    assert_eq!(near("31.3111,120.6291,1000"), ["观前街支行"]);
    assert_eq!(near(""), Vec::<String>::new());
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let made = |n: u8| published(&entry(n, Kind::Article), draft(&format!("第{n}篇")), i64::from(n / 2));
    let mut library: Vec<Entry> = (1..=50).map(made).collect();
    let query = Query::default();
    let page = |library: &[Entry], after: Option<&str>| {
        let held: Vec<_> = library.iter().map(|entry| (entry, folded(entry))).collect();
        let all = held.iter().map(|(entry, folded)| (*entry, folded.as_slice()));
        find(all, &query, &reader("suzhou", 1_000), after, is_within)
    };
    let (first, cursor) = page(&library, None).unwrap();
    assert_eq!(first.len(), CONTENT_PAGE_ENTRIES_MAX);
    // What is published in between moves nothing.
    library.insert(0, published(&entry(60, Kind::Article), draft("新"), 500));
    let (mut ids, mut after) = (first.into_iter().map(|it| it.id).collect::<Vec<_>>(), cursor);
    while let Some(cursor) = after {
        let (more, next) = page(&library, Some(&cursor)).unwrap();
        ids.extend(more.into_iter().map(|it| it.id));
        after = next;
    }
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!((ids.len(), unique.len()), (50, 50));
    for bad in ["", "1", "a.b.c.d", "1.2.3.01ARZ3NDEKTSV4RRFFQ69G5FAV.5"] {
        assert_eq!(page(&library, Some(bad)).unwrap_err().code, "storage.cursor-invalid");
    }
}

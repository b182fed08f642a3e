use super::consent::{Asking, Consent, Given};
use super::quiet::Quiet;
use super::template::{self, Template, TemplateId, TemplateState, Text, Variable, VariableKind, Wording};
use super::*;
use crate::ids::{BranchId, CustomerId, ProgramId, PublisherId, StaffId};
use crate::limits::*;
use crate::partner::endpoint::By;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn wording() -> Wording {
    let text = |title: &str, text: &str| Text { title: title.to_owned(), text: text.to_owned() };
    let variable = |kind| Variable { kind, chars_max: 20 };
    Wording {
        purpose: "to tell that an order is ready".to_owned(),
        lasting: true,
        page: Some("pages/pickup".to_owned()),
        texts: BTreeMap::from([
            ("zh-CN".to_owned(), text("{dish}已备好", "请于{at}前取餐，应付{price}，取餐号{number}。")),
            ("en".to_owned(), text("{dish} is ready", "Until {at}. {price}. Number {number}.")),
        ]),
        variables: BTreeMap::from([
            ("dish".to_owned(), variable(VariableKind::Text)),
            ("at".to_owned(), variable(VariableKind::Moment)),
            ("price".to_owned(), variable(VariableKind::Amount)),
            ("number".to_owned(), variable(VariableKind::Code)),
        ]),
    }
}
fn by(name: &str) -> By {
    By { staff: StaffId::parse(name).unwrap(), person: format!("person of {name}") }
}
fn proposed(wording: Wording) -> Result<Template, String> {
    let id = TemplateId::parse("cn.bank.suzhou.canteen/order-ready").unwrap();
    template::propose(id, PublisherId::parse("suzhou").unwrap(), wording, by("dev"), 1).map_err(|refusal| refusal.code)
}

#[test]
fn a_template_is_approved_by_somebody_else_on_exactly_what_they_saw() {
    let first = proposed(wording()).unwrap();
    let digest = wording().digest();
    let approve = |template: &Template, name: &str, digest: &Digest| {
        let command = template::Command::Approve { wording: digest.clone(), note: String::new() };
        template::apply(template, command, by(name), 2).map_err(|refusal| refusal.code)
    };
    assert_eq!(approve(&first, "dev", &digest), Err("notice.own-work".to_owned()));
    let same_person = By { staff: StaffId::parse("dev-2").unwrap(), person: "person of dev".to_owned() };
    let command = template::Command::Approve { wording: digest.clone(), note: String::new() };
    assert_eq!(template::apply(&first, command, same_person, 2).unwrap_err().code, "notice.own-work");
    assert_eq!(approve(&first, "chen", &Digest::of(b"other")), Err("notice.template-differs".to_owned()));
    let live = approve(&first, "chen", &digest).unwrap();
    assert_eq!((live.state(), live.live.clone()), (TemplateState::Live, Some(wording())));
    assert_eq!(approve(&live, "zhao", &digest), Err("notice.template-state".to_owned()));

    // What was approved holds while a change waits, and when that is returned; a withdrawal ends it at once.
    let mut other = wording();
    other.purpose = "something else".to_owned();
    let changing = template::apply(&live, template::Command::Propose(other.clone()), by("dev"), 3).unwrap();
    assert_eq!((changing.state(), changing.live.as_ref()), (TemplateState::Changing, Some(&wording())));
    let said = |note: &str| template::Command::Return { wording: other.digest(), note: note.to_owned() };
    assert_eq!(template::apply(&changing, said(" "), by("chen"), 4).unwrap_err().code, "notice.note-missing");
    let returned = template::apply(&changing, said("no"), by("chen"), 4).unwrap();
    assert_eq!((returned.state(), returned.live.as_ref()), (TemplateState::Live, Some(&wording())));
    let withdraw = template::Command::Withdraw { note: "complaints".to_owned() };
    let gone = template::apply(&returned, withdraw.clone(), by("dev"), 5).unwrap();
    assert_eq!((gone.state(), gone.live.is_none()), (TemplateState::Withdrawn, true));
    assert_eq!(template::apply(&gone, withdraw, by("dev"), 6).unwrap_err().code, "notice.template-state");
}

#[test]
fn words_keep_the_rules() {
    let changed = |change: &dyn Fn(&mut Wording)| {
        let mut wording = wording();
        change(&mut wording);
        proposed(wording).map(|_| ())
    };
    let refused = Err("notice.template-invalid".to_owned());
    let title = |words: String| move |it: &mut Wording| it.texts.get_mut("en").unwrap().title.clone_from(&words);
    assert_eq!(changed(&|_| ()), Ok(()));
    let fill = |chars: usize| format!("{{dish}}{}", "x".repeat(chars - "{dish}".len()));
    assert_eq!(changed(&title(fill(NOTICE_TITLE_CHARS_MAX))), Ok(()));
    assert_eq!(changed(&title(fill(NOTICE_TITLE_CHARS_MAX + 1))), refused);
    let text = |chars: usize| {
        let words = "{dish}{at}{price}{number}";
        let words = format!("{words}{}", "x".repeat(chars - words.len()));
        move |it: &mut Wording| it.texts.get_mut("en").unwrap().text.clone_from(&words)
    };
    assert_eq!(changed(&text(NOTICE_TEXT_CHARS_MAX)), Ok(()));
    assert_eq!(changed(&text(NOTICE_TEXT_CHARS_MAX + 1)), refused);
    for words in
        ["Ready", "{dish", "dish}", "{Dish}", "{dish} {other}", "", "{dish} https://evil.example", "{dish} 看 evil.top"]
    {
        assert_eq!(changed(&title(words.to_owned())), refused, "{words}");
    }
    assert_eq!(changed(&|it| it.purpose.clear()), refused);
    assert_eq!(changed(&|it| it.texts.clear()), refused);
    let chars = |n: usize| move |it: &mut Wording| it.variables.get_mut("dish").unwrap().chars_max = n;
    assert_eq!(changed(&chars(NOTICE_VALUE_CHARS_MAX)), Ok(()));
    assert_eq!(changed(&chars(NOTICE_VALUE_CHARS_MAX + 1)), refused);
    let languages = |n: usize| {
        move |it: &mut Wording| {
            let text = it.texts["en"].clone();
            it.texts = (0..n).map(|at| (format!("x{at}"), text.clone())).collect();
        }
    };
    assert_eq!(changed(&languages(NOTICE_LOCALES_MAX)), Ok(()));
    assert_eq!(changed(&languages(NOTICE_LOCALES_MAX + 1)), refused);
    let variables = |n: usize| {
        move |it: &mut Wording| {
            let names: Vec<String> = (0..n).map(|at| format!("v{at}")).collect();
            let words: String = names.iter().map(|name| format!("{{{name}}}")).collect();
            it.texts = BTreeMap::from([("en".to_owned(), Text { title: "T".to_owned(), text: words })]);
            it.variables =
                names.into_iter().map(|name| (name, Variable { kind: VariableKind::Text, chars_max: 5 })).collect();
        }
    };
    assert_eq!(changed(&variables(NOTICE_VARIABLES_MAX)), Ok(()));
    assert_eq!(changed(&variables(NOTICE_VARIABLES_MAX + 1)), refused);
}

#[test]
fn values_are_of_their_kind_and_length() {
    let fits = |kind, value: &str| {
        let mut wording = wording();
        wording.variables.get_mut("dish").unwrap().kind = kind;
        let values = [("dish", value), ("at", "0"), ("price", "1200 CNY"), ("number", "A-17")];
        Content::of(wording, &values.map(|(name, value)| (name.to_owned(), value.to_owned()))).is_ok()
    };
    use VariableKind as K;
    for (kind, good, bad) in [
        (
            K::Text,
            ["牛肉面", &"面".repeat(20)],
            ["", &"面".repeat(21), "see http://x.cn", "evil.com", "6222021234567890128", "a{b}"].as_slice(),
        ),
        (K::Number, ["12", "-0.5"], &["1,2", "１２", "1.", "--1", ""]),
        (K::Amount, ["1200 CNY", "-5 USD"], &["12.00 CNY", "1200", "1200 cny", "9007199254740993 CNY"]),
        (K::Moment, ["0", "1795766400000"], &["tomorrow", "-1", "999999999999999"]),
        (K::Code, ["A-17", "000123"], &["A 17", "取17", "a.b"]),
    ] {
        assert!(good.iter().all(|value| fits(kind, value)), "{kind:?}");
        for value in bad {
            assert!(!fits(kind, value), "{kind:?} {value}");
        }
    }
    let pairs = |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Content::of(wording(), &pairs)
    };
    let whole = [("dish", "面"), ("at", "0"), ("price", "1200 CNY"), ("number", "A17")];
    let said = pairs(&whole).unwrap().said("en-GB", |value| match value {
        Value::Plain(text) => text.to_owned(),
        Value::Amount(money) => format!("¥{}", money.digits()),
        Value::Moment(at_ms) => format!("[{at_ms}]"),
    });
    assert_eq!((said.title.as_str(), said.text.as_str()), ("面 is ready", "Until [0]. ¥12.00. Number A17."));
    assert!(pairs(&whole[..3]).is_err(), "one is missing");
    assert!(pairs(&[whole.as_slice(), &[("dish", "b")]].concat()).is_err(), "one is there twice");
    assert!(pairs(&[whole.as_slice(), &[("other", "b")]].concat()).is_err(), "one is not asked for");
}

#[test]
fn permissions_are_used_up_or_last() {
    let once = Consent::allowed(None, "t", Given::Once);
    let (none, lasting) = once.taken().unwrap();
    assert_eq!((lasting, none.taken().unwrap_err().code.as_str()), (false, "notice.not-consented"));
    let mut many = once.clone();
    for _ in 0..2 * NOTICES_ALLOWED_MAX {
        many = Consent::allowed(Some(&many), "t", Given::Once);
    }
    assert_eq!((many.once, many.left(3), once.left(3)), (NOTICES_ALLOWED_MAX, 3, 1));
    let forever = Consent::allowed(Some(&once), "t", Given::Lasting);
    assert_eq!(forever.taken().unwrap(), (forever.clone(), true));
    assert_eq!(forever.left(5), 5);
    let gone = forever.withdrawn(7);
    assert_eq!((gone.left(5), gone.withdrawn_ms, gone.taken().is_err()), (0, Some(7), true));
    let of = |n: usize| Asking::of((0..n).map(|at| at.to_string()).collect());
    assert!(of(1).is_ok() && of(NOTICE_ASKED_MAX).is_ok());
    assert!(of(0).is_err() && of(NOTICE_ASKED_MAX + 1).is_err());
    assert!(Asking::of(vec!["a".to_owned(), "a".to_owned()]).is_err());
}

#[test]
fn a_notice_goes_its_way() {
    let day_ms = 24 * 3_600_000;
    let new = |not_before_ms| made("t", None, true, Digest::of(b"r"), not_before_ms, 100);
    assert!(new(Some(100 + NOTICE_AHEAD_MS_MAX)).is_ok() && new(Some(101 + NOTICE_AHEAD_MS_MAX)).is_err());
    let first = new(Some(5)).unwrap();
    assert_eq!((first.due_ms(), first.delivered_ms(), first.is_unread()), (Some(100), None, false));
    let later = apply(&first, Command::Defer { until_ms: day_ms }, 100).unwrap();
    assert_eq!(later.due_ms(), Some(day_ms));
    let there = apply(&later, Command::Deliver { outlet: true }, day_ms).unwrap();
    assert_eq!((there.is_unread(), there.due_ms()), (true, Some(day_ms)));
    assert!(apply(&there, Command::Deliver { outlet: true }, day_ms).is_err());
    let read = apply(&there, Command::Read, day_ms + 1).unwrap();
    assert_eq!((read.is_unread(), read.delivered_ms(), read.due_ms()), (false, Some(day_ms), Some(day_ms)));
    assert_eq!(apply(&read, Command::Read, day_ms + 2).unwrap(), read);
    let dropped = apply(&later, Command::Drop(code::NOTICE_MUTED), 100).unwrap();
    assert_eq!((dropped.due_ms(), dropped.delivered_ms()), (None, None));
    assert!(apply(&dropped, Command::Read, 100).is_err());

    // The outlet is tried so many times, each with a lease.
    let (mut telling, mut now_ms, mut tries) = (read, day_ms, 0);
    while let Some(due_ms) = telling.due_ms() {
        assert!(apply(&telling, Command::Send, due_ms - 1).is_err(), "not before its time");
        now_ms = now_ms.max(due_ms);
        telling = apply(&telling, Command::Send, now_ms).unwrap();
        assert_eq!(telling.due_ms(), Some(now_ms + NOTICE_LEASE_MS));
        telling = apply(&telling, Command::Failed, now_ms).unwrap();
        tries += 1;
    }
    assert_eq!((tries, telling.outlet), (NOTICE_TRIES_MAX, Outlet::GivenUp { tries }));

    // Hosts that die each time end it too.
    let mut lost = apply(&later, Command::Deliver { outlet: true }, day_ms).unwrap();
    for _ in 0..=NOTICE_TRIES_MAX {
        lost = apply(&lost, Command::Send, lost.due_ms().unwrap()).unwrap();
    }
    assert_eq!(lost.outlet, Outlet::GivenUp { tries: NOTICE_TRIES_MAX });
}

#[test]
fn quiet_hours_are_on_the_customers_clock() {
    let (hour_ms, shanghai) = (3_600_000, 8 * 3_600);
    // 1970-01-01 14:30 UTC is half past ten in the evening in Shanghai.
    let night_ms = 14 * hour_ms + hour_ms / 2;
    assert_eq!(Quiet::DEFAULT.ends_ms(night_ms, shanghai), Some(24 * hour_ms));
    assert_eq!(Quiet::DEFAULT.ends_ms(night_ms, 0), None, "it is afternoon in London");
    assert_eq!(Quiet::DEFAULT.ends_ms(24 * hour_ms, shanghai), None, "eight in the morning");
    assert_eq!(Quiet::DEFAULT.ends_ms(24 * hour_ms - 1, shanghai), Some(24 * hour_ms));
    let noon = Quiet::parse("12:00", "13:30").unwrap();
    assert_eq!(noon.ends_ms(4 * hour_ms, shanghai), Some(5 * hour_ms + hour_ms / 2));
    assert_eq!(noon.ends_ms(4 * hour_ms - 1, shanghai), None);
    for (from, until) in [("22:00", "22:00"), ("24:00", "08:00"), ("9:00", "08:00"), ("", ""), ("22:60", "08:00")] {
        assert!(Quiet::parse(from, until).is_err(), "{from} {until}");
    }
}

#[test]
fn a_day_is_full_of_so_many() {
    assert_eq!(
        (left_of_day(0), left_of_day(i64::from(NOTICES_PER_DAY_MAX)), left_of_day(99)),
        (NOTICES_PER_DAY_MAX, 0, 0)
    );
}

proptest! {
    #[test]
    fn quiet_hours_end_within_a_day_and_are_then_over(from in 0_u16..1440, until in 0_u16..1440, now_ms in 0_i64..4_000_000_000_000, ahead in -50_000_i64..50_000) {
        prop_assume!(from != until);
        let quiet = Quiet::new(from, until).unwrap();
        if let Some(ends_ms) = quiet.ends_ms(now_ms, ahead) {
            prop_assert!(ends_ms > now_ms && ends_ms <= now_ms + 24 * 3_600_000);
            prop_assert_eq!(quiet.ends_ms(ends_ms, ahead), None);
        }
    }
    #[test]
    fn no_value_breaks_out_of_its_place(value in ".{0,60}") {
        let values = [("dish", value.as_str()), ("at", "0"), ("price", "1 CNY"), ("number", "1")];
        if let Ok(content) = Content::of(wording(), &values.map(|(name, value)| (name.to_owned(), value.to_owned()))) {
            let said = content.said("en", |value| match value { Value::Plain(text) => text.to_owned(), _ => String::new() });
            prop_assert_eq!(said.title, format!("{value} is ready"));
        }
    }
}

#[test]
fn counts_of_days_that_are_over_are_named_and_nothing_else_is() {
    let count = |day: &str| {
        let day = Day::parse(day).unwrap();
        let (program, bank) = (ProgramId::parse("cn.bank.desk").unwrap(), BranchId::parse("bank").unwrap());
        count_of(&program, &bank, &CustomerId::new(1, [1; 10]), day).name
    };
    let (from, to) = counts_over(&count("2026-11-27")).unwrap();
    let days = [
        ("1999-12-31", true),
        ("2026-11-24", true),
        ("2026-11-25", false),
        ("2026-11-26", false),
        ("2026-11-27", false),
    ];
    for (day, over) in days {
        let name = count(day);
        assert_eq!(from <= name && name < to, over, "{day}");
    }
    for own in ["notices/1/x", "dishes", "\u{2}notices/1/x", "\u{1}notices/x"] {
        assert_eq!(counts_over(own), None, "{own}");
        assert!(!(from.as_str() <= own && own < to.as_str()) || own.starts_with('\u{1}'), "{own} is not among them");
    }
}

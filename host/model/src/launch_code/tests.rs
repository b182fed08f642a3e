use super::*;
use crate::ids::MatterId;

const NOW_MS: i64 = 1_000;
const KEY_BYTES: [u8; 32] = [7; 32];

fn wish() -> Wish {
    Wish {
        page: "pages/index".to_owned(),
        parameters: vec![("table".to_owned(), "{n}".to_owned())],
        branch: None,
        merchant: None,
        shop: None,
        label: "Table {n}".to_owned(),
        first: 1,
        count: 3,
        expires_ms: NOW_MS + 1,
    }
}
fn with(change: impl FnOnce(&mut Wish)) -> Wish {
    let mut wish = wish();
    change(&mut wish);
    wish
}
fn refused(wish: Wish) -> String {
    wish.checked(NOW_MS).expect_err("it does not fit").code
}
fn program() -> ProgramId {
    ProgramId::parse("cn.bank.suzhou.dining").unwrap()
}
fn staff() -> StaffId {
    StaffId::parse("dev-lin").unwrap()
}
fn token(code: &LaunchCode, number: u32) -> Token {
    Token::of(&KEY_BYTES, &program(), &code.what.page, MatterId::new(1, [1; 10]), code.generation, number)
}

#[test]
fn each_limit_has_its_edge() {
    assert_eq!(wish().checked(NOW_MS).unwrap(), wish());
    let long = |chars: usize| with(|it| it.label = "桌".repeat(chars));
    assert!(long(LAUNCH_LABEL_CHARS_MAX).checked(NOW_MS).is_ok());
    for wrong in
        [long(LAUNCH_LABEL_CHARS_MAX + 1), with(|it| it.label = " ".to_owned()), with(|it| it.label = "a\0".into())]
    {
        assert_eq!(refused(wrong), "launch.label");
    }
    assert!(with(|it| it.expires_ms = NOW_MS + LAUNCH_MS_MAX).checked(NOW_MS).is_ok());
    for wrong in [NOW_MS, NOW_MS + LAUNCH_MS_MAX + 1, i64::MAX, i64::MIN] {
        assert_eq!(refused(with(|it| it.expires_ms = wrong)), "launch.expiry");
    }
    let copies = |first, count| with(|it| (it.first, it.count) = (first, count));
    assert!(copies(LAUNCH_NUMBER_MAX, 1).checked(NOW_MS).is_ok());
    assert!(copies(0, LAUNCH_COPIES_MAX).checked(NOW_MS).is_ok());
    for wrong in [copies(1, 0), copies(1, LAUNCH_COPIES_MAX + 1), copies(LAUNCH_NUMBER_MAX, 2), copies(u32::MAX, 200)] {
        assert_eq!(refused(wrong), "launch.copies");
    }
}

#[test]
fn parameters_are_few_small_and_plain() {
    let of = |all: &[(&str, &str)]| {
        let all = all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        with(|it| it.parameters = all.collect())
    };
    assert!(of(&[]).checked(NOW_MS).is_ok());
    assert!(of(&[("poster", &"x".repeat(LAUNCH_PARAMETERS_BYTES_MAX - 6))]).checked(NOW_MS).is_ok());
    let nine: Vec<(String, &str)> = (0..=LAUNCH_PARAMETERS_MAX).map(|n| (format!("p{n}"), "1")).collect();
    let nine: Vec<(&str, &str)> = nine.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert!(of(&nine[1..]).checked(NOW_MS).is_ok());
    for wrong in [
        of(&nine),
        of(&[("poster", &"x".repeat(LAUNCH_PARAMETERS_BYTES_MAX - 5))]),
        // The number of a copy takes its room too.
        of(&[("poster", &format!("{}{{n}}", "x".repeat(LAUNCH_PARAMETERS_BYTES_MAX - 9)))]),
        of(&[("a", "1"), ("a", "2")]),
        of(&[("", "1")]),
        of(&[("Table", "1")]),
        of(&[("a b", "1")]),
        of(&[("a", "")]),
        of(&[("a", "1\n2")]),
        of(&[("a", "\u{202e}1")]),
        // The place is the set's own, also where it has none.
        of(&[("merchant", "noodles")]),
        of(&[("shop", "Hall")]),
        with(|it| {
            it.parameters = vec![("shop".to_owned(), "x".to_owned())];
            it.shop = Some("Hall".to_owned());
        }),
    ] {
        assert_eq!(refused(wrong.clone()), "launch.parameters", "{wrong:?}");
    }
}

#[test]
fn copies_differ_by_their_number() {
    let set = with(|it| {
        it.merchant = Some(MerchantId::parse("noodles").unwrap());
        it.shop = Some("Hall".to_owned());
    });
    let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [named("table", "2"), named("merchant", "noodles"), named("shop", "Hall")];
    assert_eq!((set.signed(2).as_slice(), set.label(2).as_str()), (expected.as_slice(), "Table 2"));
    assert_eq!(set.numbers().collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_proof_holds_for_what_it_was_made_for_and_nothing_else() {
    let code = LaunchCode::new(wish(), staff());
    let made = token(&code, 2);
    let read = Token::parse(&made.to_string()).unwrap();
    assert_eq!(read, made);
    assert!(read.holds(&KEY_BYTES, &program(), "pages/index"));
    assert!(!read.holds(&[8; 32], &program(), "pages/index"), "another key");
    assert!(!read.holds(&KEY_BYTES, &program(), "pages/pay"), "another page");
    let other = ProgramId::parse("cn.bank.suzhou.canteen").unwrap();
    assert!(!read.holds(&KEY_BYTES, &other, "pages/index"), "another program");
    for (at, wrong) in [(1, "2"), (2, "3"), (2, "02"), (2, "+2"), (2, "4294967296"), (3, "AAAA"), (3, "")] {
        let text = made.to_string();
        let mut parts: Vec<&str> = text.split('.').collect();
        parts[at] = wrong;
        let altered = Token::parse(&parts.join("."));
        assert!(altered.is_none_or(|it| !it.holds(&KEY_BYTES, &program(), "pages/index")), "{at} {wrong}");
    }
    for text in ["", "7", "a.b.c.d", &format!("{made}."), &format!("{made}.x"), &made.to_string().to_lowercase()] {
        assert!(!is_token(text), "{text}");
    }
}

#[test]
fn a_set_opens_until_it_is_over_revoked_or_replaced() {
    let code = LaunchCode::new(wish(), staff());
    // The code of the refusal; nothing where it opens.
    let opens =
        |code: &LaunchCode, token: &Token, at| code.opens(token, at).err().map(|it| it.code).unwrap_or_default();
    let old = token(&code, 3);
    assert_eq!(opens(&code, &old, NOW_MS), "");
    assert_eq!(opens(&code, &old, NOW_MS + 1), "launch.expired");
    assert_eq!(opens(&code, &token(&code, 4), NOW_MS), "launch.forged", "there is no such copy");
    let rotated = code.rotate(NOW_MS).unwrap();
    assert_eq!(opens(&rotated, &old, NOW_MS), "launch.replaced");
    assert_eq!(opens(&rotated, &token(&rotated, 3), NOW_MS), "");
    let revoked = rotated.revoke(staff(), NOW_MS).unwrap();
    assert_eq!(opens(&revoked, &token(&revoked, 3), NOW_MS), "launch.revoked");
    assert_eq!(revoked.revoke(staff(), NOW_MS).unwrap_err().code, "launch.revoked");
    assert_eq!(revoked.rotate(NOW_MS).unwrap_err().code, "launch.revoked");
    assert_eq!(code.rotate(NOW_MS + 1).unwrap_err().code, "launch.expired");
    let standing = |code: &LaunchCode, at| code.standing(at);
    assert_eq!(
        [standing(&code, NOW_MS), standing(&code, NOW_MS + 1), standing(&revoked, NOW_MS + 1)],
        [Standing::InUse, Standing::Over, Standing::Revoked]
    );
}

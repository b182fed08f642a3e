use super::*;
use proptest::prelude::*;

/// Numbers that card schemes publish for tests, and slips of the finger.
#[test]
fn card_numbers_need_their_check_digit() {
    for number in [
        "4111 1111 1111 1111",
        "5555-5555-5555-4444",
        "378282246310005",
        "6200000000000005",
        "４１１１１１１１１１１１１１１１",
    ] {
        assert!(FieldKind::CardNumber.read(number).is_ok(), "{number}");
    }
    for number in [
        "4111111111111112",
        "4111111111111",
        "41111111111",
        "0000000000000000",
        "4111x11111111111",
        "41111111111111111111",
    ] {
        assert_eq!(FieldKind::CardNumber.read(number), Err(code::SECURE_VALUE_INVALID), "{number}");
    }
    assert_eq!(FieldKind::CardNumber.read("  "), Err(code::SECURE_VALUE_EMPTY));
    assert_eq!(FieldKind::CardNumber.read("4111 1111 1111 1111").unwrap(), "4111111111111111");
}

/// The first is the standard's own example.
#[test]
fn identity_numbers_need_a_birthday_and_their_check_character() {
    for number in ["11010519491231002X", "440524188001010014", "11010519491231002x", "110105 19491231 002X"] {
        assert!(FieldKind::IdentityNumber.read(number).is_ok(), "{number}");
    }
    assert_eq!(FieldKind::IdentityNumber.read("11010519491231002x").unwrap(), "11010519491231002X");
    for number in [
        "110105194912310021",
        "11010519491331002X",
        "110105194902300020",
        "01010519491231002X",
        "11010519491231002",
        "1101051949123100XX",
        "440524170001010019",
        "１１０１０５",
    ] {
        assert_eq!(FieldKind::IdentityNumber.read(number), Err(code::SECURE_VALUE_INVALID), "{number}");
    }
}

#[test]
fn codes_have_four_to_eight_digits() {
    for (code, fits) in [("123", false), ("1234", true), ("12345678", true), ("123456789", false), ("12a4", false)] {
        assert_eq!(FieldKind::OneTimeCode.read(code).is_ok(), fits, "{code}");
    }
    let edge = " ".repeat(SECURE_VALUE_BYTES_MAX - 4);
    assert!(FieldKind::OneTimeCode.read(&format!("{edge}1234")).is_ok());
    assert!(FieldKind::OneTimeCode.read(&format!("{edge}12345")).is_err(), "one byte more than is read");
}

#[test]
fn a_mask_shows_no_more_than_it_may() {
    assert_eq!(FieldKind::CardNumber.mask("4111111111111234"), "••••1234");
    assert_eq!(FieldKind::IdentityNumber.mask("11010519491231002X"), "••••2X");
    assert_eq!(FieldKind::OneTimeCode.mask("123456"), "••••••");
    for kind in FieldKind::ALL {
        assert_eq!(FieldKind::parse(kind.as_str()), Some(kind));
    }
}

proptest! {
    /// Any one wrong digit is noticed, and so is every swap of neighbours but 0 and 9, which Luhn's does not see.
    #[test]
    fn a_slip_of_the_finger_is_noticed(at in 0_usize..16, other in 0_u8..10) {
        let right = b"4539578763621486";
        let mut wrong = right.to_vec();
        wrong[at] = b'0' + other;
        let text = String::from_utf8(wrong.clone()).unwrap();
        prop_assert_eq!(FieldKind::CardNumber.read(&text).is_ok(), wrong == right);
    }
    #[test]
    fn a_slip_in_an_identity_number_is_noticed(at in 0_usize..18, other in 0_u8..10) {
        let right = b"11010519491231002X";
        let mut wrong = right.to_vec();
        wrong[at] = b'0' + other;
        let text = String::from_utf8(wrong.clone()).unwrap();
        prop_assert_eq!(FieldKind::IdentityNumber.read(&text).is_ok(), wrong == right);
    }
    #[test]
    fn a_mask_holds_no_more_of_the_value(value in "[0-9]{12,19}") {
        prop_assert!(!FieldKind::CardNumber.mask(&value).contains(&value[value.len() - 5..]));
    }
}

fn field() -> SecureField {
    SecureField { expires_ms: 1_000, ..prepared("identity-number", "register at the hospital", 0).unwrap() }
}

#[test]
fn a_field_is_of_a_known_kind_and_says_what_it_is_for() {
    let refused = |kind: &str, purpose: &str| prepared(kind, purpose, 0).err().map(|refusal| refusal.code);
    assert_eq!(refused("password", "x").as_deref(), Some("secure-field.kind-unknown"));
    assert_eq!(refused("card-number", " ").as_deref(), Some("secure-field.purpose"));
    assert_eq!(refused("card-number", &"号".repeat(SECURE_PURPOSE_CHARS_MAX)), None);
    assert!(refused("card-number", &"号".repeat(SECURE_PURPOSE_CHARS_MAX + 1)).is_some());
}

#[test]
fn a_value_is_taken_once_and_not_after_its_time() {
    let prepared = field();
    assert_eq!(prepared.take(0).unwrap_err().code, "secure-field.empty");
    assert_eq!(prepared.fill("11010519491231002X", 1_000).unwrap_err().code, "secure-field.over");
    let filled = prepared.fill("11010519491231002X", 999).unwrap();
    assert_eq!((filled.status, filled.masked.as_str()), (FieldStatus::Filled, "••••2X"));
    let over_ms = 999 + SECURE_FIELD_MS_MAX;
    assert!(filled.fill("440524188001010014", over_ms - 1).is_ok(), "again, until it is over");
    assert!(filled.take(over_ms - 1).is_ok());
    assert_eq!(filled.take(over_ms).unwrap_err().code, "secure-field.over");
    assert_eq!(filled.expire(over_ms - 1), None);
    let expired = filled.expire(over_ms).unwrap();
    assert_eq!((expired.status, expired.masked.as_str()), (FieldStatus::Expired, ""));
    let taken = filled.take(1_000).unwrap();
    assert_eq!(taken.take(1_001).unwrap_err().code, "secure-field.taken");
    assert_eq!(taken.fill("11010519491231002X", 1_001).unwrap_err().code, "secure-field.taken");
    assert_eq!(taken.expire(over_ms), None);
}

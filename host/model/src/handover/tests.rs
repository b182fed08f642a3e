use super::*;
use crate::ids::TicketId;
use crate::money::Money;
use crate::session::{Armed, OpenSheet};
use crate::sheet::Behind;

fn customer(seed: u8) -> CustomerId {
    CustomerId::new(1, [seed; 10])
}
fn session() -> Purpose {
    Purpose::Session(SessionId::new(1, [7; 10]))
}

#[test]
fn who_may_take_a_code() {
    let (own, other) = (customer(1), customer(2));
    let phone = |customer| Taker::Customer { customer, channel: Channel::Phone };
    let chat = |linked| Taker::Chat { linked };
    // Session, sign-in, link.
    let table: [(Taker<'_>, [bool; 3]); 6] = [
        (phone(&own), [true, false, false]),
        (phone(&other), [false, false, false]),
        (Taker::Kiosk, [true, true, false]),
        (chat(Some(&own)), [true, false, true]),
        (chat(None), [false, false, true]),
        (chat(Some(&other)), [false, false, true]),
    ];
    for (taker, expected) in table {
        for (purpose, expected) in [session(), Purpose::SignIn, Purpose::Link].into_iter().zip(expected) {
            let taken = HandOver::new(purpose.clone(), false, 0).take(&own, taker, 1);
            assert_eq!(taken.is_ok(), expected, "{taker:?} {purpose:?}");
            if let Err(refusal) = taken {
                assert_eq!(refusal.code, "handover.code", "a stranger learns nothing");
            }
        }
    }
}

#[test]
fn a_code_serves_once_and_for_two_minutes() {
    let (own, made) = (customer(1), HandOver::new(session(), false, 1_000));
    assert_eq!(made.open_until_ms(1_000), Some(1_000 + HANDOVER_MS_MAX));
    let taken = made.take(&own, Taker::Kiosk, HANDOVER_MS_MAX + 999).unwrap();
    assert_eq!(taken.state, State::Taken { at_ms: HANDOVER_MS_MAX + 999, channel: Channel::Kiosk });
    assert!(taken.take(&own, Taker::Kiosk, 1_001).is_err(), "twice");
    assert!(made.take(&own, Taker::Kiosk, HANDOVER_MS_MAX + 1_000).is_err(), "late");
    let over = made.withdraw(1_001).unwrap();
    assert!(over.take(&own, Taker::Kiosk, 1_002).is_err(), "withdrawn");
    assert!(taken.withdraw(1_001).is_err());
}

#[test]
fn nothing_armed_arrives_and_a_sheet_is_shown_anew() {
    let armed = Armed { money: Money::cny(100), node: "pay".to_owned(), chain: 3, until_ms: 9 };
    let sheet = OpenSheet {
        ticket: TicketId::new(1, [1; 10]),
        behind: Behind::Payment(crate::ids::PaymentId::new(1, [1; 10])),
        shown_ms: 5,
        nonce: "old".to_owned(),
    };
    let (hand, before) = (Digest::of(b"kiosk"), Digest::of(b"phone"));
    let mut standing = Standing { armed: Some(armed), sheet: Some(sheet), ..Standing::default() };
    assert!(acts(&standing, Some(&before)).is_ok(), "nobody has taken it over");
    arrive(&mut standing, Channel::Kiosk, hand.clone(), "new".to_owned(), 50);
    assert_eq!((standing.armed.clone(), standing.channel), (None, Some(Channel::Kiosk)));
    let sheet = standing.sheet.as_ref().unwrap();
    assert_eq!((sheet.nonce.as_str(), sheet.shown_ms), ("new", 50));
    assert!(acts(&standing, Some(&hand)).is_ok());
    assert_eq!(acts(&standing, Some(&before)).unwrap_err().code, "session.elsewhere");
    assert!(acts(&standing, None).is_err());
}

#[test]
fn codes_are_six_digits_and_kept_as_digests() {
    for random in [[0; 8], [255; 8], [7; 8]] {
        let code = digits(random);
        assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        assert!(!about(&code).contains(&code));
    }
    assert_ne!(about("000000"), about("000001"));
}

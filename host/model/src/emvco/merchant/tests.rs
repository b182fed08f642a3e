use super::*;
use crate::emvco::samples;
use proptest::prelude::*;

fn merchant(legal_name: &str, city: &str) -> Merchant {
    Merchant::new(MerchantId::parse("suzhou-canteen").unwrap(), legal_name, "5812", city)
}

#[test]
fn the_specifications_own_example_is_read_in_full() {
    let it = read(samples::SPECIFICATION).unwrap();
    assert_eq!(it.merchant, None);
    assert_eq!((it.name.as_str(), it.city.as_str(), it.country.as_str()), ("BEST TRANSPORT", "BEIJING", "CN"));
    assert_eq!((it.category_code.as_str(), it.once, it.amount), ("4111", true, Some(Money::cny(2372))));
    let local = it.local.as_ref().unwrap();
    assert_eq!((local.language.as_str(), local.name.as_str()), ("ZH", "最佳运输"));
    assert_eq!(local.city.as_deref(), Some("北京"));
    assert_eq!(it.accounts.iter().map(|(tag, _)| *tag).collect::<Vec<_>>(), [29, 31]);
    assert_eq!(it.tip, Some(Tip::Asked));
    assert_eq!(it.additional.store, Some(Said::Text("1234".to_owned())));
    assert_eq!(it.additional.customer, Some(Said::Asked));
    assert_eq!(it.additional.terminal, Some(Said::Text("A6008667".to_owned())));
    assert_eq!(it.additional.wanted.as_deref(), Some("ME"));
    assert_eq!(it.unknown.iter().map(|(tag, _)| *tag).collect::<Vec<_>>(), [91], "an unreserved template is kept");
}

#[test]
fn codes_that_others_have_published_are_read_and_written_again() {
    for (name, text, amount) in samples::PUBLISHED {
        let it = read(text).unwrap_or_else(|code| panic!("{name}: {code}"));
        assert_eq!(it.merchant, None, "{name}");
        assert_eq!(
            it.amount.map(|money| format!("{} {}", money.digits(), money.currency)).as_deref(),
            *amount,
            "{name}"
        );
        let again = read(&write(&it).unwrap()).unwrap();
        assert_eq!(again, it, "{name}: nothing is lost");
    }
}

#[test]
fn the_checksum_is_the_catalogues() {
    assert_eq!(CHECKSUM.checksum(b"123456789"), 0x29b1);
}

#[test]
fn what_is_made_is_read_back() {
    for amount in [None, Some(Money::cny(1)), Some(Money::cny(123_456)), Some(Money::cny(999_999_999_999))] {
        for (name, city) in [("苏州分行职工食堂", "苏州"), ("Best Transport", "Suzhou"), ("茶馆", "")] {
            let it = read(&make(&merchant(name, city), amount, "T-17").unwrap()).unwrap();
            assert_eq!(it.merchant.as_ref().map(MerchantId::as_str), Some("suzhou-canteen"));
            assert_eq!((it.amount, it.reference()), (amount, Some("T-17")));
            assert_eq!(it.once, amount.is_some());
            assert_eq!(it.local.map(|local| local.name).unwrap_or(it.name), name);
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let canteen = merchant("食堂", "苏州");
    for reference in ["", "a reference far too long for it", "号码", "a\nb", "***"] {
        assert_eq!(make(&canteen, None, reference), Err(code::MERCHANT_CODE_REFERENCE_INVALID), "{reference:?}");
    }
    for amount in [Money::cny(0), Money::cny(-5), Money::cny(crate::money::MINOR_MAX)] {
        assert_eq!(make(&canteen, Some(amount), "T"), Err(code::MERCHANT_CODE_AMOUNT_INVALID), "{amount}");
    }
    let mut crowded = read(&make(&canteen, None, "T").unwrap()).unwrap();
    crowded.unknown = (80..=84).map(|tag| (tag, "x".repeat(99))).collect();
    assert_eq!(write(&crowded), Err(code::MERCHANT_CODE_TOO_LONG), "512 characters is the end");
    crowded.unknown = vec![(80, "x".repeat(100))];
    assert_eq!(write(&crowded), Err(code::MERCHANT_CODE_TOO_LONG));
}

/// A code whose fields are these, with a right checksum.
fn of(fields: &str) -> Result<MerchantCode, &'static Code> {
    read(&sealed(format!("000201{fields}")))
}

const ACCOUNT: &str = "29140010A000000000";
const NAMED: &str = "5802CN5901A6001B";

#[test]
fn the_standards_rules_are_kept() {
    let with = |more: &str| of(&format!("{ACCOUNT}520441115303156{more}{NAMED}"));
    assert_eq!(with("").map(|it| (it.once, it.amount)), Ok((false, None)));
    let cases: &[(&str, bool)] = &[
        ("010212", true),
        ("010213", false),
        ("540523.72", true),
        ("540223", true),
        ("5404.237", false),
        ("540423.7", true),
        ("54032.3.7", false),
        ("5406-23.72", false),
        ("54040.00", false),
        ("540623.721", false),
        ("5414123456789012.3", false),
        ("550201", true),
        ("55020156041.00", false),
        ("55020256041.00", true),
        ("550202", false),
        ("5502035705 5.00", false),
        ("550203570505.00", true),
        ("550203570500.00", false),
        ("550204", false),
        ("56041.00", false),
        ("6100", false),
        ("61111234567890A", false),
        ("80041234", true),
        ("8004123", false),
        ("62070503***", true),
        ("62070503**", false),
        ("64130002zh0103abc", true),
        ("64070103abc", false),
    ];
    for (more, fits) in cases {
        assert_eq!(with(more).is_ok(), *fits, "{more}: {:?}", with(more));
    }
}

#[test]
fn what_must_be_there_must_be_there() {
    let cases = [
        ("nobody to pay", format!("520441115303156{NAMED}")),
        ("no category", format!("{ACCOUNT}5303156{NAMED}")),
        ("no currency", format!("{ACCOUNT}52044111{NAMED}")),
        ("no name", format!("{ACCOUNT}5204411153031565802CN6001B")),
        ("a country in small letters", format!("{ACCOUNT}5204411153031565802cn5901A6001B")),
        ("a name of 26", format!("{ACCOUNT}5204411153031565802CN5926{}6001B", "A".repeat(26))),
        ("a city of 16", format!("{ACCOUNT}5204411153031565802CN5901A6016{}", "B".repeat(16))),
        ("a control character", format!("{ACCOUNT}5204411153031565802CN5901\t6001B")),
        ("a tag twice", format!("{ACCOUNT}{ACCOUNT}520441115303156{NAMED}")),
    ];
    for (what, fields) in cases {
        assert_eq!(of(&fields), Err(code::MERCHANT_CODE_MALFORMED), "{what}");
    }
    // A currency that the bank does not know is no fault of the code.
    let it = of(&format!("{ACCOUNT}52044111530399954017{NAMED}")).unwrap();
    assert_eq!((it.currency(), it.amount, it.currency_code.as_str()), (None, None, "999"));
}

#[test]
fn each_flipped_byte_is_noticed() {
    let made = make(&merchant("苏州分行职工食堂", "苏州"), Some(Money::cny(1200)), "T-17").unwrap();
    let all = samples::PUBLISHED.iter().map(|(_, text, _)| *text).chain([made.as_str(), samples::SPECIFICATION]);
    for text in all {
        let right = read(text).unwrap();
        for at in 0..text.len() {
            for flip in [1_u8, 2, 4, 8, 16, 32, 64, 128] {
                let mut damaged = text.as_bytes().to_vec();
                damaged[at] ^= flip;
                // A checksum in small letters is the same checksum.
                if damaged.eq_ignore_ascii_case(text.as_bytes()) && at >= text.len() - 4 {
                    continue;
                }
                if let Ok(damaged) = std::str::from_utf8(&damaged) {
                    assert!(read(damaged).is_err(), "byte {at} of {text}, which said {right:?}");
                }
            }
        }
    }
}

fn said() -> impl Strategy<Value = Option<Said>> {
    prop_oneof![Just(None), Just(Some(Said::Asked)), "[A-Za-z0-9 .-]{1,10}".prop_map(|text| Some(Said::Text(text))),]
}

fn tips() -> impl Strategy<Value = Option<Tip>> {
    prop_oneof![
        Just(None),
        Just(Some(Tip::Asked)),
        (1_u32..100_000).prop_map(|fen| Some(Tip::Fixed(Money::cny(i64::from(fen)).digits()))),
        (1_u16..10_000).prop_map(|hundredths| Some(Tip::Percent(hundredths))),
    ]
}

prop_compose! {
    fn codes()(
        own in any::<bool>(),
        accounts in proptest::collection::btree_map(27_u8..=51, "[A-Z0-9]{1,20}", 0..3),
        name in "[A-Z]{1,25}",
        local in proptest::option::of("[\\u{4e00}-\\u{4eff}]{1,25}"),
        minor in proptest::option::of(1_i64..1_000_000_000),
        tip in tips(),
        (store, terminal, purpose) in (said(), said(), said()),
        unknown in proptest::collection::btree_map(65_u8..=99, "[a-z]{1,20}", 0..3),
        once in any::<bool>(),
    ) -> MerchantCode {
        let mut accounts: Vec<_> = accounts.into_iter().collect();
        if !own && accounts.is_empty() {
            accounts.push((30, "A".to_owned()));
        }
        MerchantCode {
            merchant: own.then(|| MerchantId::parse("tea-house").unwrap()),
            accounts,
            name,
            city: "SUZHOU".to_owned(),
            postal_code: Some("215000".to_owned()),
            local: local.map(|name| Local { language: "ZH".to_owned(), name, city: None, unknown: Vec::new() }),
            category_code: "5812".to_owned(),
            country: "CN".to_owned(),
            currency_code: "156".to_owned(),
            amount: minor.map(Money::cny),
            tip,
            additional: Additional { store, terminal, purpose, ..Additional::default() },
            once,
            unknown: unknown.into_iter().collect(),
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(it in codes()) {
        prop_assert_eq!(read(&write(&it).unwrap()), Ok(it));
    }
    #[test]
    fn no_text_makes_reading_panic(text in "000201.{0,80}", sealed_too in any::<bool>()) {
        let _ = read(&if sealed_too { sealed(text) } else { text });
    }
    #[test]
    fn nor_one_that_is_nearly_right(at in 0_usize..120, with in "[0-9A-Z\\u{4e00}]{0,6}") {
        let text = samples::SPECIFICATION;
        let at = text.char_indices().map(|(at, _)| at).nth(at).unwrap();
        let _ = read(&sealed(format!("{}{with}{}", &text[..at], &text[at..text.len() - 8])));
    }
}

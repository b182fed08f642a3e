//! EMVCo merchant-presented codes: text of two-digit tags, two-digit lengths and values, closed by a checksum.
//!
//! A code of this bank carries the merchant's id in a template of its own, so that reading one back needs no look-up.
//! Codes of other banks are read too; their merchant is then unknown here.

use crate::code::{self, Code};
use crate::ids::MerchantId;
use crate::merchant::Merchant;
use crate::money::{Currency, Money};

/// Names this bank's template among the merchant account information of tags 26 to 51.
const OWN_IDENTIFIER: &str = "CN.XITAI";
const OWN_TAG: u8 = 26;
const CHECKSUM: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_IBM_3740);
const REFERENCE_CHARS_MAX: usize = 25;
const CODE_CHARS_MAX: usize = 512;

/// What a code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantCode {
    /// The merchant, where the code is of this bank.
    pub merchant: Option<MerchantId>,
    /// As other banks' apps print it: in Latin letters where the code has both.
    pub name: String,
    pub city: String,
    pub category_code: String,
    pub country: String,
    pub currency: Option<Currency>,
    pub amount: Option<Money>,
    pub reference: Option<String>,
    /// For one payment only.
    pub once: bool,
}

/// A tag, a length of two digits that counts characters, and the value. Values beyond 99 characters don't exist.
fn put(out: &mut String, tag: u8, value: &str) {
    let chars = value.chars().count();
    debug_assert!(chars <= 99, "callers cut values to the standard's lengths");
    out.push_str(&format!("{tag:02}{chars:02}{value}"));
}

/// Makes the code of a merchant that asks for `amount`, or lets the payer choose it.
pub fn make(merchant: &Merchant, amount: Option<Money>, reference: &str) -> Result<String, &'static Code> {
    let fits = (1..=REFERENCE_CHARS_MAX).contains(&reference.len())
        && reference.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if !fits {
        return Err(code::MERCHANT_CODE_REFERENCE_INVALID);
    }
    let mut out = String::new();
    put(&mut out, 0, "01");
    put(&mut out, 1, if amount.is_some() { "12" } else { "11" });
    let mut account = String::new();
    put(&mut account, 0, OWN_IDENTIFIER);
    put(&mut account, 1, merchant.id.as_str());
    put(&mut out, OWN_TAG, &account);
    let has_category = merchant.category_code.len() == 4 && merchant.category_code.bytes().all(|b| b.is_ascii_digit());
    put(&mut out, 52, if has_category { &merchant.category_code } else { "0000" });
    let currency = amount.map_or(Currency::CNY, |money| money.currency);
    put(&mut out, 53, currency.numeric().ok_or(code::MERCHANT_CODE_AMOUNT_INVALID)?);
    if let Some(money) = amount {
        let digits = money.digits();
        if money.minor <= 0 || digits.len() > 13 {
            return Err(code::MERCHANT_CODE_AMOUNT_INVALID);
        }
        put(&mut out, 54, &digits);
    }
    put(&mut out, 58, "CN");
    put_names(&mut out, merchant);
    let mut additional = String::new();
    put(&mut additional, 5, reference);
    put(&mut out, 62, &additional);
    Ok(sealed(out))
}

/// The standard wants Latin letters in the main fields and keeps other scripts in a template of their own.
fn put_names(out: &mut String, merchant: &Merchant) {
    let latin_name = if merchant.legal_name.is_ascii() {
        merchant.legal_name.clone()
    } else {
        merchant.id.as_str().replace('-', " ").to_ascii_uppercase()
    };
    put(out, 59, &cut(&latin_name, 25));
    put(out, 60, &if merchant.city.is_ascii() { cut(&merchant.city, 15) } else { "CHINA".to_owned() });
    if !merchant.legal_name.is_ascii() {
        let mut local = String::new();
        put(&mut local, 0, "ZH");
        put(&mut local, 1, &cut(&merchant.legal_name, 25));
        put(&mut local, 2, &cut(&merchant.city, 15));
        put(out, 64, &local);
    }
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// Adds the checksum, which covers its own tag and length.
fn sealed(mut text: String) -> String {
    text.push_str("6304");
    let checksum = CHECKSUM.checksum(text.as_bytes());
    text.push_str(&format!("{checksum:04X}"));
    text
}

/// Values by tag, in the order of the code.
fn split(text: &str) -> Option<Vec<(u8, &str)>> {
    let two_digits = |text: &str| -> Option<u8> {
        let digits = text.get(..2)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let mut rest = text;
    let mut values: Vec<(u8, &str)> = Vec::new();
    while !rest.is_empty() {
        let tag = two_digits(rest)?;
        let chars = usize::from(two_digits(&rest[2..])?);
        let value = &rest[4..];
        let end = value.char_indices().map(|(at, _)| at).chain([value.len()]).nth(chars)?;
        if values.iter().any(|(other, _)| *other == tag) {
            return None;
        }
        values.push((tag, &value[..end]));
        rest = &value[end..];
    }
    Some(values)
}

fn find<'a>(values: &[(u8, &'a str)], tag: u8) -> Option<&'a str> {
    values.iter().find(|(other, _)| *other == tag).map(|(_, value)| *value)
}

/// Reads a code and checks its checksum.
pub fn read(text: &str) -> Result<MerchantCode, &'static Code> {
    if !text.starts_with("000201") || text.chars().nth(CODE_CHARS_MAX).is_some() {
        return Err(code::MERCHANT_CODE_MALFORMED);
    }
    let covered =
        text.len().checked_sub(4).filter(|at| text.is_char_boundary(*at)).ok_or(code::MERCHANT_CODE_MALFORMED)?;
    let (body, checksum) = text.split_at(covered);
    if !body.ends_with("6304") {
        return Err(code::MERCHANT_CODE_MALFORMED);
    }
    if format!("{:04X}", CHECKSUM.checksum(body.as_bytes())) != checksum.to_ascii_uppercase() {
        return Err(code::MERCHANT_CODE_CHECKSUM);
    }
    let values = split(text).ok_or(code::MERCHANT_CODE_MALFORMED)?;
    understood(&values).ok_or(code::MERCHANT_CODE_MALFORMED)
}

fn understood(values: &[(u8, &str)]) -> Option<MerchantCode> {
    let currency = Currency::of_numeric(find(values, 53)?);
    let amount = match find(values, 54) {
        Some(digits) => Some(Money::parse_digits(digits, currency?)?),
        None => None,
    };
    let additional = match find(values, 62) {
        Some(template) => split(template)?,
        None => Vec::new(),
    };
    let accounts = values.iter().filter(|(tag, _)| (26..=51).contains(tag));
    let merchant = accounts.filter_map(|(_, template)| split(template)).find_map(|account| {
        let own = find(&account, 0) == Some(OWN_IDENTIFIER);
        own.then(|| find(&account, 1).and_then(|id| MerchantId::parse(id).ok())).flatten()
    });
    Some(MerchantCode {
        merchant,
        name: find(values, 59)?.to_owned(),
        city: find(values, 60)?.to_owned(),
        category_code: find(values, 52)?.to_owned(),
        country: find(values, 58)?.to_owned(),
        currency,
        amount,
        reference: find(&additional, 5).map(str::to_owned),
        once: find(values, 1) == Some("12"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The worked example of the EMVCo specification of merchant-presented codes.
    const SPECIFICATION: &str = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802\
        CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A6008667\
        0902ME91320016A0112233449988770708123456786304A13A";

    fn merchant(legal_name: &str, city: &str) -> Merchant {
        Merchant::new(MerchantId::parse("suzhou-canteen").unwrap(), legal_name, "5812", city)
    }

    #[test]
    fn the_specifications_own_example_is_read() {
        let code = read(SPECIFICATION).unwrap();
        assert_eq!(code.merchant, None);
        assert_eq!(
            (code.name.as_str(), code.city.as_str(), code.country.as_str()),
            ("BEST TRANSPORT", "BEIJING", "CN")
        );
        assert_eq!((code.category_code.as_str(), code.once), ("4111", true));
        assert_eq!(code.amount, Some(Money::cny(2372)));
    }

    #[test]
    fn the_checksum_is_the_catalogues() {
        assert_eq!(CHECKSUM.checksum(b"123456789"), 0x29b1);
    }

    #[test]
    fn what_is_made_is_read_back() {
        for amount in [None, Some(Money::cny(1)), Some(Money::cny(123_456)), Some(Money::cny(999_999_999_999))] {
            for (name, city) in [("苏州分行职工食堂", "苏州"), ("Best Transport", "Suzhou")] {
                let text = make(&merchant(name, city), amount, "T-17").unwrap();
                let code = read(&text).unwrap();
                assert_eq!(code.merchant.as_ref().map(MerchantId::as_str), Some("suzhou-canteen"));
                assert_eq!((code.amount, code.reference.as_deref()), (amount, Some("T-17")));
                assert_eq!(code.once, amount.is_some());
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let canteen = merchant("食堂", "苏州");
        for reference in ["", "a reference far too long for it", "号码", "a\nb"] {
            assert_eq!(make(&canteen, None, reference), Err(code::MERCHANT_CODE_REFERENCE_INVALID), "{reference:?}");
        }
        for amount in [Money::cny(0), Money::cny(-5), Money::cny(crate::money::MINOR_MAX)] {
            assert_eq!(make(&canteen, Some(amount), "T"), Err(code::MERCHANT_CODE_AMOUNT_INVALID), "{amount}");
        }
    }

    #[test]
    fn each_damaged_digit_is_noticed() {
        let text = make(&merchant("Best", "Suzhou"), Some(Money::cny(1200)), "T-17").unwrap();
        for at in 6..text.len() {
            let mut damaged = text.clone().into_bytes();
            damaged[at] = if damaged[at] == b'7' { b'8' } else { b'7' };
            assert!(read(std::str::from_utf8(&damaged).unwrap()).is_err(), "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text in "000201.{0,80}", sealed_too in any::<bool>()) {
            let _ = read(&if sealed_too { sealed(text) } else { text });
        }
    }
}

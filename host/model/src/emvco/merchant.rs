//! Merchant-presented codes.
//!
//! A code of this bank carries the merchant's id in a template of its own, so that reading one back needs no look-up.
//! Codes of other banks are read too; their merchant is then unknown here. What a later version of the standard or
//! another network has put into a code is kept, and written again where the code is.

mod additional;
#[cfg(test)]
mod tests;

pub use additional::{Additional, Local, Said};

use super::fields::{Fields, Read};
use crate::code::{self, Code};
use crate::ids::MerchantId;
use crate::merchant::Merchant;
use crate::money::{Currency, Money};

/// Names this bank's template among the merchant account information of tags 26 to 51.
const OWN_IDENTIFIER: &str = "CN.XITAI";
const OWN_TAG: u8 = 26;
const CHECKSUM: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_IBM_3740);
/// The standard's lengths, in characters.
const NAME_CHARS_MAX: usize = 25;
const CITY_CHARS_MAX: usize = 15;
const POSTAL_CHARS_MAX: usize = 10;
const AMOUNT_CHARS_MAX: usize = 13;
const ADDITIONAL_CHARS_MAX: usize = 25;
const CODE_CHARS_MAX: usize = 512;
/// Values by tag, as they are.
type Values = Vec<(u8, String)>;

/// What a code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantCode {
    /// The merchant, where the code is of this bank.
    pub merchant: Option<MerchantId>,
    /// Accounts of other networks: values of tags 2 to 51 as they are.
    pub accounts: Vec<(u8, String)>,
    /// As other banks' apps print it: in Latin letters where the code has both.
    pub name: String,
    pub city: String,
    pub postal_code: Option<String>,
    /// The same in the merchant's own language.
    pub local: Option<Local>,
    pub category_code: String,
    pub country: String,
    /// ISO 4217's three digits.
    pub currency_code: String,
    /// Absent where the payer chooses it, and where the bank does not know the currency.
    pub amount: Option<Money>,
    pub tip: Option<Tip>,
    pub additional: Additional,
    /// For one payment only.
    pub once: bool,
    /// What this bank does not know, by tag.
    pub unknown: Vec<(u8, String)>,
}

/// What is paid beside the amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tip {
    /// The payer is asked.
    Asked,
    /// As digits of the code's currency.
    Fixed(String),
    /// In hundredths of a percent: 0.01 to 99.99 %.
    Percent(u16),
}

impl MerchantCode {
    pub fn currency(&self) -> Option<Currency> {
        Currency::of_numeric(&self.currency_code)
    }
    /// The merchant's own number of what is paid.
    pub fn reference(&self) -> Option<&str> {
        match &self.additional.reference {
            Some(Said::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// Makes the code of a merchant that asks for `amount`, or lets the payer choose it.
pub fn make(merchant: &Merchant, amount: Option<Money>, reference: &str) -> Result<String, &'static Code> {
    let fits = (1..=ADDITIONAL_CHARS_MAX).contains(&reference.len())
        && reference.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
        && reference != additional::ASKED;
    if !fits {
        return Err(code::MERCHANT_CODE_REFERENCE_INVALID);
    }
    if amount.is_some_and(|money| money.minor <= 0 || money.digits().len() > AMOUNT_CHARS_MAX) {
        return Err(code::MERCHANT_CODE_AMOUNT_INVALID);
    }
    let currency = amount.map_or(Currency::CNY, |money| money.currency);
    let has_category = merchant.category_code.len() == 4 && merchant.category_code.bytes().all(|b| b.is_ascii_digit());
    let (name, city, local) = names(merchant);
    write(&MerchantCode {
        merchant: Some(merchant.id.clone()),
        accounts: Vec::new(),
        name,
        city,
        postal_code: None,
        local,
        category_code: if has_category { merchant.category_code.clone() } else { "0000".to_owned() },
        country: "CN".to_owned(),
        currency_code: currency.numeric().ok_or(code::MERCHANT_CODE_AMOUNT_INVALID)?.to_owned(),
        amount,
        tip: None,
        additional: Additional { reference: Some(Said::Text(reference.to_owned())), ..Additional::default() },
        once: amount.is_some(),
        unknown: Vec::new(),
    })
}

/// The standard wants Latin letters in the main fields and keeps other scripts in a template of their own.
fn names(merchant: &Merchant) -> (String, String, Option<Local>) {
    let name = if merchant.legal_name.is_ascii() {
        cut(&merchant.legal_name, NAME_CHARS_MAX)
    } else {
        cut(&merchant.id.as_str().replace('-', " ").to_ascii_uppercase(), NAME_CHARS_MAX)
    };
    let is_latin = !merchant.city.is_empty() && merchant.city.is_ascii();
    let city = if is_latin { cut(&merchant.city, CITY_CHARS_MAX) } else { "CHINA".to_owned() };
    let local = (!merchant.legal_name.is_ascii()).then(|| Local {
        language: "ZH".to_owned(),
        name: cut(&merchant.legal_name, NAME_CHARS_MAX),
        city: Some(cut(&merchant.city, CITY_CHARS_MAX)).filter(|city| !city.is_empty()),
        unknown: Vec::new(),
    });
    (name, city, local)
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// Writes a code. Refused where a value does not fit into it.
pub fn write(it: &MerchantCode) -> Result<String, &'static Code> {
    let mut fields = Fields::from(it.unknown.clone());
    fields.put(0, "01");
    fields.put(1, if it.once { "12" } else { "11" });
    for (tag, value) in &it.accounts {
        fields.put(*tag, value.clone());
    }
    if let Some(merchant) = &it.merchant {
        let mut own = Fields::default();
        own.put(0, OWN_IDENTIFIER);
        own.put(1, merchant.as_str());
        fields.put(OWN_TAG, own.write()?);
    }
    fields.put(52, it.category_code.clone());
    fields.put(53, it.currency_code.clone());
    if let Some(money) = it.amount {
        fields.put(54, money.digits());
    }
    write_tip(&mut fields, it.tip.as_ref());
    fields.put(58, it.country.clone());
    fields.put(59, it.name.clone());
    fields.put(60, it.city.clone());
    fields.put_some(61, it.postal_code.as_ref());
    let additional = it.additional.fields();
    if !additional.is_empty() {
        fields.put(62, additional.write()?);
    }
    if let Some(local) = &it.local {
        fields.put(64, local.fields().write()?);
    }
    let text = sealed(fields.write()?);
    if text.chars().count() > CODE_CHARS_MAX { Err(code::MERCHANT_CODE_TOO_LONG) } else { Ok(text) }
}

fn write_tip(fields: &mut Fields, tip: Option<&Tip>) {
    match tip {
        None => {}
        Some(Tip::Asked) => fields.put(55, "01"),
        Some(Tip::Fixed(digits)) => {
            fields.put(55, "02");
            fields.put(56, digits.clone());
        }
        Some(Tip::Percent(hundredths)) => {
            fields.put(55, "03");
            fields.put(57, format!("{:02}.{:02}", hundredths / 100, hundredths % 100));
        }
    }
}

/// Adds the checksum, which covers its own tag and length.
pub(super) fn sealed(mut text: String) -> String {
    text.push_str("6304");
    let checksum = CHECKSUM.checksum(text.as_bytes());
    text.push_str(&format!("{checksum:04X}"));
    text
}

/// Reads a code and checks its checksum.
pub fn read(text: &str) -> Result<MerchantCode, &'static Code> {
    if !text.starts_with("000201") || text.chars().nth(CODE_CHARS_MAX).is_some() {
        return Err(code::MERCHANT_CODE_MALFORMED);
    }
    let covered =
        text.len().checked_sub(4).filter(|at| text.is_char_boundary(*at)).ok_or(code::MERCHANT_CODE_MALFORMED)?;
    let (body, checksum) = text.split_at(covered);
    let fields = body.strip_suffix("6304").ok_or(code::MERCHANT_CODE_MALFORMED)?;
    if format!("{:04X}", CHECKSUM.checksum(body.as_bytes())) != checksum.to_ascii_uppercase() {
        return Err(code::MERCHANT_CODE_CHECKSUM);
    }
    understood(Fields::read(fields)?)
}

fn understood(mut fields: Fields) -> Read<MerchantCode> {
    let wanting = || code::MERCHANT_CODE_MALFORMED;
    fields.take(0);
    let once = match fields.digits(1, 2)?.as_deref() {
        None | Some("11") => false,
        Some("12") => true,
        Some(_) => return Err(wanting()),
    };
    let (merchant, accounts) = accounts(fields.take_all(2..=51))?;
    let category_code = fields.digits(52, 4)?.ok_or_else(wanting)?;
    let currency_code = fields.digits(53, 3)?.ok_or_else(wanting)?;
    let amount = fields.text(54, AMOUNT_CHARS_MAX)?;
    let amount = amount.map(|digits| amount_of(&digits, &currency_code)).transpose()?.flatten();
    let tip = read_tip(&mut fields)?;
    let country = fields.text(58, 2)?.filter(|it| it.len() == 2 && it.bytes().all(|b| b.is_ascii_uppercase()));
    let name = fields.text(59, NAME_CHARS_MAX)?.ok_or_else(wanting)?;
    let city = fields.text(60, CITY_CHARS_MAX)?.ok_or_else(wanting)?;
    let postal_code = fields.text(61, POSTAL_CHARS_MAX)?;
    let additional = fields.take(62).map(|it| Additional::read(&it)).transpose()?.unwrap_or_default();
    let local = fields.take(64).map(|it| Local::read(&it)).transpose()?;
    Ok(MerchantCode {
        merchant,
        accounts,
        name,
        city,
        postal_code,
        local,
        category_code,
        country: country.ok_or_else(wanting)?,
        currency_code,
        amount,
        tip,
        additional,
        once,
        unknown: fields.rest(),
    })
}

/// This bank's merchant, and the accounts of others. A code that nobody can be paid by is none.
fn accounts(all: Vec<(u8, String)>) -> Read<(Option<MerchantId>, Values)> {
    if all.is_empty() {
        return Err(code::MERCHANT_CODE_MALFORMED);
    }
    let (mut merchant, mut others) = (None, Vec::new());
    for (tag, value) in all {
        let own = if merchant.is_none() && tag == OWN_TAG { own_merchant(&value) } else { None };
        match own {
            Some(id) => merchant = Some(id),
            None => others.push((tag, value)),
        }
    }
    Ok((merchant, others))
}

fn own_merchant(template: &str) -> Option<MerchantId> {
    let mut own = Fields::read(template).ok()?;
    if own.take(0).as_deref() != Some(OWN_IDENTIFIER) {
        return None;
    }
    let id = MerchantId::parse(&own.take(1)?).ok()?;
    own.is_empty().then_some(id)
}

/// Digits with at most one point. None where the currency is none that the bank knows.
fn amount_of(digits: &str, currency_code: &str) -> Read<Option<Money>> {
    if !is_amount(digits) {
        return Err(code::MERCHANT_CODE_MALFORMED);
    }
    match Currency::of_numeric(currency_code) {
        None => Ok(None),
        Some(currency) => {
            let money = Money::parse_digits(digits, currency).filter(|money| money.minor > 0);
            money.map(Some).ok_or(code::MERCHANT_CODE_MALFORMED)
        }
    }
}

fn is_amount(digits: &str) -> bool {
    let (units, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [units, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

fn read_tip(fields: &mut Fields) -> Read<Option<Tip>> {
    let malformed = || code::MERCHANT_CODE_MALFORMED;
    let (kind, fixed, percent) = (fields.digits(55, 2)?, fields.text(56, AMOUNT_CHARS_MAX)?, fields.text(57, 5)?);
    match (kind.as_deref(), fixed, percent) {
        (None, None, None) => Ok(None),
        (Some("01"), None, None) => Ok(Some(Tip::Asked)),
        (Some("02"), Some(digits), None) if is_amount(&digits) => Ok(Some(Tip::Fixed(digits))),
        (Some("03"), None, Some(percent)) => {
            hundredths(&percent).map(|it| Some(Tip::Percent(it))).ok_or_else(malformed)
        }
        _ => Err(malformed()),
    }
}

/// `00.01` to `99.99`, also with fewer digits.
fn hundredths(percent: &str) -> Option<u16> {
    let (units, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
    if !is_amount(percent) || units.len() > 2 || fraction.len() > 2 {
        return None;
    }
    let all: u16 = format!("{units}{fraction:0<2}").parse().ok()?;
    (all > 0).then_some(all)
}

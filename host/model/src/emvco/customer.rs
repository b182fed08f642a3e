//! Consumer-presented codes: BER-TLV in base64, shown by a customer and read by a merchant.
//!
//! A code of this bank holds a token and nothing of an account or card: a number that no account has, good for one
//! payment and for a minute, and a proof that nobody can guess. Codes of other banks are read as far as their
//! applications' names, so that a till can say whose they are.

mod tlv;

pub use tlv::{Element, Value};

use crate::code::{self, Code};
use data_encoding::{BASE64, HEXUPPER};

/// `CPV01`: this format.
const FORMAT: &[u8] = b"CPV01";
/// A proprietary application: `F0` and letters, which ISO 7816-5 leaves to everybody.
const OWN_APPLICATION: &[u8] = b"\xf0XITAI";
const LABEL: &[u8] = b"XITAI PAY";
/// ISO 7812: 9 for a national scheme, 156 for China. No card begins so.
const NUMBER_PREFIX: &str = "9156";
const NUMBER_DIGITS: usize = 19;
const CODE_CHARS_MAX: usize = 512;

const TAG_FORMAT: u32 = 0x85;
const TAG_APPLICATION: u32 = 0x61;
const TAG_COMMON: u32 = 0x62;
const TAG_NAME: u32 = 0x4f;
const TAG_LABEL: u32 = 0x50;
const TAG_NUMBER: u32 = 0x5a;
const TAG_TRANSPARENT: u32 = 0x63;
const TAG_CRYPTOGRAM: u32 = 0x9f26;

/// What stands for the customer, once.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    number: String,
    proof: [u8; 8],
}

/// Neither number nor proof belongs into a log.
impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// A new one: fourteen digits of number to be found by, 64 bits of proof.
    pub fn new(random: [u8; 16]) -> Self {
        let (number, proof) = random.split_at(8);
        let drawn = number.iter().fold(0_u64, |all, byte| all << 8 | u64::from(*byte)) % 100_000_000_000_000;
        let body = format!("{NUMBER_PREFIX}{drawn:014}");
        let check = luhn(&body);
        Self { number: format!("{body}{check}"), proof: proof.try_into().expect("the other half has eight") }
    }
    pub fn number(&self) -> &str {
        &self.number
    }
    pub fn proof(&self) -> &[u8] {
        &self.proof
    }

    /// The text of the code that shows it.
    pub fn code(&self) -> String {
        let plain = |tag, bytes: &[u8]| Element { tag, value: Value::Bytes(bytes.to_vec()) };
        let cryptogram =
            Element { tag: TAG_TRANSPARENT, value: Value::Elements(vec![plain(TAG_CRYPTOGRAM, &self.proof)]) };
        let application = vec![
            plain(TAG_NAME, OWN_APPLICATION),
            plain(TAG_LABEL, LABEL),
            plain(TAG_NUMBER, &packed(&self.number)),
            cryptogram,
        ];
        let all = [plain(TAG_FORMAT, FORMAT), Element { tag: TAG_APPLICATION, value: Value::Elements(application) }];
        BASE64.encode(&tlv::write(&all))
    }
}

/// What a code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerCode {
    pub applications: Vec<Application>,
    /// What all applications share, and what this bank does not know.
    pub rest: Vec<Element>,
}

/// A way to pay that the code offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its name in hexadecimal, such as `A0000003330101`.
    pub name: String,
    pub elements: Vec<Element>,
}

impl CustomerCode {
    /// The token, where the code is of this bank.
    pub fn token(&self) -> Result<Token, &'static Code> {
        let own = HEXUPPER.encode(OWN_APPLICATION);
        let own = self.applications.iter().find(|it| it.name == own).ok_or(code::PAY_CODE_FOREIGN)?;
        own.token().ok_or(code::PAY_CODE_MALFORMED)
    }
}

impl Application {
    fn token(&self) -> Option<Token> {
        let number = unpacked(tlv::find(&self.elements, TAG_NUMBER)?.bytes()?)?;
        let (body, check) = number.split_at_checked(NUMBER_DIGITS - 1)?;
        let is_own = number.len() == NUMBER_DIGITS && number.starts_with(NUMBER_PREFIX);
        if !is_own || check != luhn(body).to_string() {
            return None;
        }
        let transparent = tlv::find(&self.elements, TAG_TRANSPARENT)?.elements()?;
        let proof = tlv::find(transparent, TAG_CRYPTOGRAM)?.bytes()?.try_into().ok()?;
        Some(Token { number, proof })
    }
}

/// Reads a code of whichever bank.
pub fn read(text: &str) -> Result<CustomerCode, &'static Code> {
    let malformed = code::PAY_CODE_MALFORMED;
    let text = text.trim();
    if text.len() > CODE_CHARS_MAX {
        return Err(malformed);
    }
    let bytes = BASE64.decode(text.as_bytes()).map_err(|_| malformed)?;
    let mut elements = tlv::read(&bytes).ok_or(malformed)?.into_iter();
    let format = elements.next().ok_or(malformed)?;
    if format.tag != TAG_FORMAT || format.bytes() != Some(FORMAT) {
        return Err(malformed);
    }
    let (mut applications, mut rest) = (Vec::new(), Vec::new());
    for element in elements {
        match element.tag {
            TAG_APPLICATION => applications.push(application(element).ok_or(malformed)?),
            TAG_COMMON if rest.iter().any(|it: &Element| it.tag == TAG_COMMON) => return Err(malformed),
            _ => rest.push(element),
        }
    }
    if applications.is_empty() { Err(malformed) } else { Ok(CustomerCode { applications, rest }) }
}

/// ISO 7816 gives an application's name 5 to 16 bytes.
fn application(element: Element) -> Option<Application> {
    let name = tlv::find(element.elements()?, TAG_NAME)?.bytes()?;
    let name = (5..=16).contains(&name.len()).then(|| HEXUPPER.encode(name))?;
    match element.value {
        Value::Elements(elements) => Some(Application { name, elements }),
        Value::Bytes(_) => None,
    }
}

/// The digit that makes ISO 7812's sum of a number come out even.
fn luhn(body: &str) -> u32 {
    let digits = body.bytes().rev().map(|b| u32::from(b - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(at, digit)| match (at % 2 == 0, digit * 2) {
            (false, _) => digit,
            (true, twice) if twice > 9 => twice - 9,
            (true, twice) => twice,
        })
        .sum();
    (10 - sum % 10) % 10
}

/// Two digits a byte, with `F` after an odd number of them.
fn packed(digits: &str) -> Vec<u8> {
    let nibbles: Vec<u8> = digits.bytes().map(|b| b - b'0').collect();
    nibbles.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0xf)).collect()
}

fn unpacked(bytes: &[u8]) -> Option<String> {
    let text = HEXUPPER.encode(bytes);
    let digits = text.strip_suffix('F').unwrap_or(&text);
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emvco::samples;
    use proptest::prelude::*;

    #[test]
    fn the_specifications_own_example_is_read() {
        let it = read(samples::CONSUMER_SPECIFICATION).unwrap();
        let names: Vec<_> = it.applications.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["A0000000555555", "A0000000666666"]);
        let common = it.rest.iter().find(|it| it.tag == TAG_COMMON).unwrap().elements().unwrap();
        let number = tlv::find(common, TAG_NUMBER).unwrap().bytes().unwrap();
        assert_eq!(unpacked(number).as_deref(), Some("1234567890123458"));
        let holder = tlv::find(common, 0x5f20).unwrap().bytes();
        assert_eq!(holder, Some(b"CARDHOLDER/EMV".as_slice()));
        assert_eq!(it.token(), Err(code::PAY_CODE_FOREIGN));
    }

    #[test]
    fn codes_that_others_have_published_are_read_and_nobodys_token() {
        for (whose, text, name) in samples::CONSUMER_PUBLISHED {
            let it = read(text).unwrap_or_else(|code| panic!("{whose}: {code}"));
            assert_eq!(it.applications[0].name, *name, "{whose}");
            assert_eq!(it.token(), Err(code::PAY_CODE_FOREIGN), "{whose}");
        }
    }

    #[test]
    fn a_token_looks_like_no_card_and_its_number_is_checked() {
        let token = Token::new([7; 16]);
        assert_eq!((token.number().len(), token.number().starts_with(NUMBER_PREFIX)), (19, true));
        assert_eq!(luhn("7992739871"), 3, "the example of the algorithm's own patent");
        assert_eq!(format!("{token:?}"), "Token", "a log learns nothing");
        for at in 4..19 {
            let mut other = token.clone();
            let digit = &mut other.number.as_bytes()[at].wrapping_sub(b'0');
            other.number.replace_range(at..=at, &((*digit + 1) % 10).to_string());
            assert_eq!(read(&other.code()).unwrap().token(), Err(code::PAY_CODE_MALFORMED), "digit {at}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let code = Token::new([1; 16]).code();
        assert!(code.starts_with("hQVDUFYwMW"), "{code}: every code of this format begins so");
        assert!(code.len() < 100, "small enough for a phone: {}", code.len());
        let format = BASE64.encode(b"\x85\x05CPV02\x61\x08\x4f\x06\xf0XITAI");
        let nothing_to_pay_with = BASE64.encode(b"\x85\x05CPV01");
        let unnamed = BASE64.encode(b"\x85\x05CPV01\x61\x04\x50\x02AB");
        let common_twice = BASE64.encode(b"\x85\x05CPV01\x61\x08\x4f\x06\xf0XITAI\x62\x00\x62\x00");
        let long = "A".repeat(516);
        let cut = &code[..code.len() - 4];
        for text in ["", "00020101", "äöü", &format, &nothing_to_pay_with, &unnamed, &common_twice, &long, cut] {
            assert_eq!(read(text), Err(code::PAY_CODE_MALFORMED), "{text}");
        }
        assert!(read(&format!(" {code}\n")).is_ok(), "scanners add a line's end");
    }

    proptest! {
        #[test]
        fn what_is_made_is_read_back(random in any::<[u8; 16]>()) {
            let token = Token::new(random);
            prop_assert_eq!(read(&token.code()).unwrap().token(), Ok(token));
        }
        #[test]
        fn a_flipped_bit_is_no_other_customers_code(random in any::<[u8; 16]>(), at in 0_usize..60, bit in 0_u8..8) {
            let token = Token::new(random);
            let mut bytes = BASE64.decode(token.code().as_bytes()).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            // There is no checksum but the number's own: what is read is either nothing or fails its proof.
            if let Ok(other) = read(&BASE64.encode(&bytes)).and_then(|it| it.token()) {
                prop_assert!(other.number() == token.number());
                prop_assert!(other.proof() != token.proof() || other == token);
            }
        }
        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), begins in any::<bool>()) {
            let mut all = if begins { b"\x85\x05CPV01\x61".to_vec() } else { Vec::new() };
            all.extend(bytes);
            let _ = read(&BASE64.encode(&all)).and_then(|it| it.token());
        }
    }
}

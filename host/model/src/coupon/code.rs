//! One-time codes. The bank keeps their digests: who reads its database learns none.

use crate::digest::Digest;
use crate::ids::{BranchId, CampaignId, MatterId};
use crate::matter::{MatterBody, MatterKey, MatterKind};
use serde::{Deserialize, Serialize};

/// A code, once or not yet used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponCode {
    pub campaign: CampaignId,
    /// The coupon that was given for it.
    pub coupon: Option<MatterId>,
}

impl MatterBody for CouponCode {
    const KIND: MatterKind = MatterKind::CouponCode;
}

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 80 bits: nobody guesses one, however often they try.
const CHARS: usize = 16;

/// A new code in groups of four, such as `7K3M-9QXA-0R2B-TTVW`.
pub fn made_code(random: [u8; 10]) -> String {
    let bits = random.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let letter = |at: usize| LETTERS[(bits >> (5 * (CHARS - 1 - at)) & 31) as usize] as char;
    let plain: Vec<char> = (0..CHARS).map(letter).collect();
    plain.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What somebody typed, as a code: without separators, in capitals, and with the letters that look like digits read as
/// those. Absent where it can't be one.
pub fn read_code(text: &str) -> Option<String> {
    let letters = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{2010}'..='\u{2015}')).take(CHARS + 1);
    let plain: String = letters
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    (plain.len() == CHARS && plain.bytes().all(|b| LETTERS.contains(&b))).then_some(plain)
}

/// Where a code lies: under its digest, at the bank.
pub fn code_key(bank: &BranchId, plain: &str) -> MatterKey {
    let key = Digest::of_parts(&[b"coupon-code", plain.as_bytes()]).to_string();
    MatterKey { kind: MatterKind::CouponCode, program: None, owner: bank.to_string(), key }
}

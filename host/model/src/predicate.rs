//! Yes-or-no questions about a customer that the host works out, so that the fact itself stays with the bank.
//!
//! Every no has a reason in words for the customer. What nobody has checked is a no with that reason, never a guess.

use crate::claims::Known;
use crate::code;
use crate::day::Day;
use crate::identity::Level;
use crate::ids::CustomerId;
use crate::limits::{CLAIM_VALUE_CHARS_MAX, CONSENT_PURPOSE_CHARS_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

const AGE_MAX: u16 = 150;
const BAND_MAX: u8 = 5;

/// The contract's registry, with its values read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// At least so many years old.
    OverAge(u16),
    /// `CN`, or `CN-` and 2, 4 or 6 digits of the administrative division.
    ResidentOf(String),
    /// A group that the bank keeps, such as `staff-union`.
    MemberOf(String),
    /// A kind of account, such as `current`.
    HasAccount(String),
    /// 1 to 5, 5 being the best.
    ScoreBandAtLeast(u8),
    /// A product's risk grade, `R1` to `R5`.
    SuitableFor(u8),
    /// The pairwise subject of the ward in the same program.
    GuardianOf(String),
}

impl Predicate {
    pub const KINDS: [&'static str; 7] =
        ["over-age", "resident-of", "member-of", "has-account", "score-band-at-least", "suitable-for", "guardian-of"];

    pub fn parse(kind: &str, value: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::of(code::PROOF_VALUE, format!("{kind}: {}", value.chars().take(40).collect::<String>()));
        let word = || -> Result<String, Refusal> {
            let plain = !value.is_empty() && text::is_clean(value, CLAIM_VALUE_CHARS_MAX);
            if plain { Ok(value.to_owned()) } else { Err(bad()) }
        };
        Ok(match kind {
            "over-age" => Self::OverAge(number(value, AGE_MAX).ok_or_else(bad)?),
            "resident-of" if is_region(value) => Self::ResidentOf(value.to_owned()),
            "resident-of" => return Err(bad()),
            "member-of" => Self::MemberOf(word()?),
            "has-account" => Self::HasAccount(word()?),
            "score-band-at-least" => Self::ScoreBandAtLeast(band(value).ok_or_else(bad)?),
            "suitable-for" => Self::SuitableFor(grade(value).ok_or_else(bad)?),
            "guardian-of" => Self::GuardianOf(word()?),
            _ => return Err(Refusal::of(code::PROOF_KIND, kind.chars().take(40).collect::<String>())),
        })
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Self::OverAge(_) => "over-age",
            Self::ResidentOf(_) => "resident-of",
            Self::MemberOf(_) => "member-of",
            Self::HasAccount(_) => "has-account",
            Self::ScoreBandAtLeast(_) => "score-band-at-least",
            Self::SuitableFor(_) => "suitable-for",
            Self::GuardianOf(_) => "guardian-of",
        }
    }

    /// Whether asking with one value after the other would find out the fact itself.
    pub fn is_scale(&self) -> bool {
        matches!(self, Self::OverAge(_) | Self::ScoreBandAtLeast(_) | Self::SuitableFor(_) | Self::ResidentOf(_))
    }

    /// Works it out. `ward` is who a subject stands for, `today` the bank's own day.
    pub fn check(&self, known: &Known, ward: Option<&CustomerId>, today: Day, now_ms: i64) -> Result<(), Reason> {
        let facts = &known.facts;
        let unless = |holds: bool, reason: Reason| if holds { Ok(()) } else { Err(reason) };
        match self {
            Self::OverAge(age) => {
                let born = facts.birth_date.as_deref().and_then(Day::parse).ok_or(Reason::NotChecked)?;
                unless(born.birthday(*age) <= today, Reason::Younger(*age))
            }
            Self::ResidentOf(region) => {
                let residence = facts.residence.as_deref().ok_or(Reason::NotChecked)?;
                unless(residence.starts_with(region.as_str()), Reason::Elsewhere)
            }
            Self::MemberOf(group) => unless(facts.groups.contains(group), Reason::NotMember),
            Self::HasAccount(kind) => {
                let holds = known.level == Level::AccountHolder && facts.accounts.contains(kind);
                unless(holds, Reason::NoAccount)
            }
            Self::ScoreBandAtLeast(least) => {
                let band = facts.score_band.ok_or(Reason::NotRated)?;
                unless(band >= *least, Reason::BandLower)
            }
            Self::SuitableFor(grade) => suitable(known, *grade, now_ms),
            Self::GuardianOf(_) => unless(ward.is_some_and(|ward| facts.wards.contains(ward)), Reason::NotGuardian),
        }
    }
}

/// Whether a product of a risk grade suits a customer: their own assessment is at least as high, and not over.
pub fn suitable(known: &Known, grade: u8, now_ms: i64) -> Result<(), Reason> {
    let assessed = known.facts.suitability.as_ref().ok_or(Reason::NotAssessed)?;
    if now_ms >= assessed.until_ms {
        return Err(Reason::AssessmentOver);
    }
    if assessed.grade >= grade { Ok(()) } else { Err(Reason::GradeLower { product: grade, own: assessed.grade }) }
}

fn number(text: &str, most: u16) -> Option<u16> {
    let plain = !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| plain && *number <= most)
}

fn band(text: &str) -> Option<u8> {
    let band = number(text, u16::from(BAND_MAX)).filter(|band| *band >= 1)?;
    u8::try_from(band).ok()
}

/// A product's risk grade: `R1` to `R5`.
pub fn grade(text: &str) -> Option<u8> {
    band(text.strip_prefix('R')?)
}

fn is_region(text: &str) -> bool {
    match text.strip_prefix("CN") {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix('-')
            .is_some_and(|code| matches!(code.len(), 2 | 4 | 6) && code.bytes().all(|byte| byte.is_ascii_digit())),
        None => false,
    }
}

/// How far a customer may be sold risk, and until when the assessment counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suitability {
    /// 1 to 5: `C1` to `C5`.
    pub grade: u8,
    pub until_ms: i64,
}

/// Why the answer is no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    NotChecked,
    Younger(u16),
    Elsewhere,
    NotMember,
    NoAccount,
    NotRated,
    BandLower,
    NotAssessed,
    AssessmentOver,
    GradeLower { product: u8, own: u8 },
    NotGuardian,
}

impl Reason {
    /// In words that can be shown to the customer, in the language of a BCP 47 tag; English where it has none here.
    pub fn text(self, locale: &str) -> String {
        let language = locale.split('-').next().unwrap_or_default();
        let in_words = |zh: &str, en: &str, ru: &str, fa: &str| {
            match language {
                "zh" => zh,
                "ru" => ru,
                "fa" => fa,
                _ => en,
            }
            .to_owned()
        };
        match self {
            Self::NotChecked => in_words(
                "银行尚未核验您的这项信息。",
                "The bank has not checked this about you yet.",
                "Банк ещё не проверил эти сведения о вас.",
                "بانک هنوز این مورد را دربارهٔ شما بررسی نکرده است.",
            ),
            Self::Younger(age) => match language {
                "zh" => format!("您未满 {age} 周岁。"),
                "ru" => format!("Ваш возраст меньше требуемого ({age})."),
                "fa" => format!("سن شما هنوز به {age} نرسیده است."),
                _ => format!("You are not {age} years old yet."),
            },
            Self::Elsewhere => in_words(
                "您登记的居住地不在该地区。",
                "Your registered residence is not in this region.",
                "Ваше зарегистрированное место жительства не в этом регионе.",
                "محل سکونت ثبت‌شدهٔ شما در این منطقه نیست.",
            ),
            Self::NotMember => in_words(
                "您不是该团体的成员。",
                "You are not a member of this group.",
                "Вы не состоите в этой группе.",
                "شما عضو این گروه نیستید.",
            ),
            Self::NoAccount => in_words(
                "您在本行没有此类账户。",
                "You have no such account at this bank.",
                "У вас нет такого счёта в этом банке.",
                "شما چنین حسابی در این بانک ندارید.",
            ),
            Self::NotRated => in_words(
                "您在本行尚无评分。",
                "The bank has not rated you yet.",
                "Банк ещё не оценил вас.",
                "بانک هنوز به شما امتیاز نداده است.",
            ),
            Self::BandLower => in_words(
                "您的评分等级低于要求。",
                "Your score band is lower than what is needed.",
                "Ваша группа оценки ниже требуемой.",
                "گروه امتیاز شما از حد لازم پایین‌تر است.",
            ),
            Self::NotAssessed => in_words(
                "您尚未进行风险承受能力评估。",
                "You have not had your risk assessed yet.",
                "Ваша готовность к риску ещё не оценена.",
                "خطرپذیری شما هنوز ارزیابی نشده است.",
            ),
            Self::AssessmentOver => in_words(
                "您的风险承受能力评估已过期，请重新评估。",
                "Your risk assessment is over; please have it done again.",
                "Оценка вашей готовности к риску устарела; пройдите её снова.",
                "ارزیابی خطرپذیری شما منقضی شده است؛ دوباره انجام دهید.",
            ),
            Self::GradeLower { product, own } => match language {
                "zh" => format!("该产品风险等级为 R{product}，高于您的风险承受能力 C{own}。"),
                "ru" => format!("Риск продукта R{product} выше допустимого по вашей оценке C{own}."),
                "fa" => format!("خطر محصول R{product} بیش از حد مجاز ارزیابی شما C{own} است."),
                _ => format!("The product's risk is R{product}, above what your assessment, C{own}, allows."),
            },
            Self::NotGuardian => in_words(
                "您不是该客户登记的监护人。",
                "You are not registered as this customer's guardian.",
                "Вы не записаны опекуном этого клиента.",
                "شما سرپرست ثبت‌شدهٔ این مشتری نیستید.",
            ),
        }
    }
}

/// That a question was answered: the customer sees who asked what, for what, and what was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    pub kind: String,
    pub value: String,
    pub purpose: String,
    pub holds: bool,
    /// Of the program, as `ID@VERSION`.
    pub release: String,
}

impl MatterBody for Disclosure {
    const KIND: MatterKind = MatterKind::Disclosure;
}

pub fn purpose_of(purpose: &str) -> Result<String, Refusal> {
    let purpose = purpose.trim();
    if purpose.is_empty() || !text::is_clean(purpose, CONSENT_PURPOSE_CHARS_MAX) {
        return Err(Refusal::of(code::CLAIMS_PURPOSE, format!("1 to {CONSENT_PURPOSE_CHARS_MAX} characters")));
    }
    Ok(purpose.to_owned())
}

#[cfg(test)]
mod tests;

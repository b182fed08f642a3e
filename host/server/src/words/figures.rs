//! Numbers, amounts and days as a language writes them, by ICU's own data: `1 234,50 ¥` in Russian, `¥ ۱٬۲۳۴٫۵۰` and the
//! calendar of Iran in Persian. Chinese and English write digits as machines do, so that nothing is looked up for them.

use super::Locale;
use icu_calendar::cal::Persian as PersianCalendar;
use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter as Formatter;
use icu_datetime::fieldsets::{MD, YMD};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::{Locale as Tag, locale};

/// An amount in its parts: its sign stands before its digits, or after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub units: String,
    /// With the mark that parts it from the units; empty for whole amounts.
    pub fraction: String,
    pub sign_after: bool,
    /// What stands between sign and digits.
    pub gap: &'static str,
}

/// What a language makes of figures. Digits come in as machines write them: `-1234.50`.
pub trait Figures: Sync {
    /// A number with the language's digits, groups and mark.
    fn number(&self, digits: &str) -> String;
    /// Digits that are not counted, such as a clock's.
    fn digits(&self, text: &str) -> String {
        text.to_owned()
    }
    fn amount(&self, units: &str, fraction: &str) -> Written;
    /// Whether both are in one year of the language's calendar.
    fn is_same_year(&self, one: jiff::civil::Date, other: jiff::civil::Date) -> bool {
        one.year() == other.year()
    }
    /// A day of the month, with its year if asked for.
    fn day(&self, date: jiff::civil::Date, with_year: bool) -> String;
}

pub(super) fn of(locale: Locale) -> &'static dyn Figures {
    match locale {
        Locale::ZhCn => &Chinese,
        Locale::En | Locale::Pseudo => &English,
        Locale::Ru => &Russian,
        Locale::Fa => &Persian,
    }
}

pub struct Chinese;
pub struct English;
pub struct Russian;
pub struct Persian;

const RUSSIAN: Tag = locale!("ru");
const PERSIAN: Tag = locale!("fa");

fn decimals(tag: &Tag) -> DecimalFormatter {
    DecimalFormatter::try_new(tag.into(), Default::default()).expect("ICU's data has the language")
}

fn iso(date: jiff::civil::Date) -> Option<Date<Gregorian>> {
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    Date::try_new_gregorian(date.year().into(), month, day).ok()
}

/// `1,234` from `1234`.
fn grouped(units: &str) -> String {
    let mut grouped = String::with_capacity(units.len() + units.len() / 3);
    for (i, digit) in units.chars().enumerate() {
        if i > 0 && (units.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn plain(units: &str, fraction: &str) -> Written {
    let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
    Written { units: grouped(units), fraction, sign_after: false, gap: "" }
}

/// Digits as ICU writes them.
fn shown(formatter: &DecimalFormatter, digits: &str) -> String {
    digits.parse::<Decimal>().map_or_else(|_| digits.to_owned(), |number| formatter.format(&number).to_string())
}

/// What ICU makes of both, parted again.
fn written(formatter: &DecimalFormatter, units: &str, fraction: &str, sign_after: bool) -> Written {
    let whole = shown(formatter, units);
    let all = if fraction.is_empty() { whole.clone() } else { shown(formatter, &format!("{units}.{fraction}")) };
    let fraction = all.strip_prefix(whole.as_str()).unwrap_or_default().to_owned();
    Written { units: whole, fraction, sign_after, gap: "\u{a0}" }
}

impl Figures for Chinese {
    fn number(&self, digits: &str) -> String {
        digits.to_owned()
    }
    fn amount(&self, units: &str, fraction: &str) -> Written {
        plain(units, fraction)
    }
    fn day(&self, date: jiff::civil::Date, with_year: bool) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        if with_year { format!("{year}年{month}月{day}日") } else { format!("{month}月{day}日") }
    }
}

impl Figures for English {
    fn number(&self, digits: &str) -> String {
        digits.to_owned()
    }
    fn amount(&self, units: &str, fraction: &str) -> Written {
        plain(units, fraction)
    }
    fn day(&self, date: jiff::civil::Date, with_year: bool) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = MONTHS[usize::try_from(date.month() - 1).unwrap_or_default()];
        if with_year { format!("{} {month} {}", date.day(), date.year()) } else { format!("{} {month}", date.day()) }
    }
}

// ICU's own formatters stay with their thread; they are made of the binary's data in microseconds.
thread_local! {
    static RUSSIAN_NUMBERS: DecimalFormatter = decimals(&RUSSIAN);
    static RUSSIAN_DAYS: Formatter<Gregorian, MD> =
        Formatter::try_new((&RUSSIAN).into(), MD::medium()).expect("ICU's data has Russian days");
    static RUSSIAN_DATES: Formatter<Gregorian, YMD> =
        Formatter::try_new((&RUSSIAN).into(), YMD::medium()).expect("ICU's data has Russian dates");
    static PERSIAN_NUMBERS: DecimalFormatter = decimals(&PERSIAN);
    static PERSIAN_DAYS: Formatter<PersianCalendar, MD> =
        Formatter::try_new((&PERSIAN).into(), MD::medium()).expect("ICU's data has Persian days");
    static PERSIAN_DATES: Formatter<PersianCalendar, YMD> =
        Formatter::try_new((&PERSIAN).into(), YMD::medium()).expect("ICU's data has Persian dates");
}

impl Figures for Russian {
    fn number(&self, digits: &str) -> String {
        RUSSIAN_NUMBERS.with(|numbers| shown(numbers, digits))
    }
    fn amount(&self, units: &str, fraction: &str) -> Written {
        RUSSIAN_NUMBERS.with(|numbers| written(numbers, units, fraction, true))
    }
    fn day(&self, date: jiff::civil::Date, with_year: bool) -> String {
        match iso(date) {
            Some(day) if with_year => RUSSIAN_DATES.with(|dates| dates.format(&day).to_string()),
            Some(day) => RUSSIAN_DAYS.with(|days| days.format(&day).to_string()),
            None => date.to_string(),
        }
    }
}

impl Figures for Persian {
    fn number(&self, digits: &str) -> String {
        PERSIAN_NUMBERS.with(|numbers| shown(numbers, digits))
    }
    fn digits(&self, text: &str) -> String {
        let persian = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0x6f0 + digit)).unwrap_or(c);
        text.chars().map(persian).collect()
    }
    fn amount(&self, units: &str, fraction: &str) -> Written {
        PERSIAN_NUMBERS.with(|numbers| written(numbers, units, fraction, false))
    }
    fn is_same_year(&self, one: jiff::civil::Date, other: jiff::civil::Date) -> bool {
        let year = |date| iso(date).map(|day| day.to_calendar(PersianCalendar).year().extended_year());
        year(one) == year(other)
    }
    fn day(&self, date: jiff::civil::Date, with_year: bool) -> String {
        let day = iso(date).map(|day| day.to_calendar(PersianCalendar));
        match day {
            Some(day) if with_year => PERSIAN_DATES.with(|dates| dates.format(&day).to_string()),
            Some(day) => PERSIAN_DAYS.with(|days| days.format(&day).to_string()),
            None => date.to_string(),
        }
    }
}

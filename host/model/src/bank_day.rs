//! The bank's day, and the periods that limits are counted in. Which day an instant falls in follows from how far the
//! bank's clocks are ahead of UTC at it, which the host knows from its zone; nothing here knows a zone.

use serde::{Deserialize, Serialize};
use std::fmt;

const DAY_S: i64 = 24 * 3_600;

/// A day of the calendar, as the bank counts it. In text `2026-11-27`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BankDay {
    /// Days since 1970-01-01.
    number: i64,
}

/// What a limit is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    Day,
    /// From Monday on, as ISO 8601 counts them.
    Week,
    Month,
    Year,
}

impl Period {
    pub const ALL: [Period; 4] = [Period::Day, Period::Week, Period::Month, Period::Year];

    /// The name of the period that a day falls in: `2026-11-27`, `2026-W48`, `2026-11` or `2026`. Names are a part of
    /// accounts' names, so they never change.
    pub fn name(self, day: BankDay) -> String {
        let (year, month, _) = day.civil();
        match self {
            Period::Day => day.to_string(),
            Period::Week => {
                let (year, week) = day.iso_week();
                format!("{year:04}-W{week:02}")
            }
            Period::Month => format!("{year:04}-{month:02}"),
            Period::Year => format!("{year:04}"),
        }
    }
}

impl BankDay {
    /// The day of an instant on clocks that are so far ahead of UTC.
    pub fn of(at_ms: i64, ahead_s: i64) -> Self {
        let wall_s = at_ms.div_euclid(1_000).saturating_add(ahead_s);
        Self { number: wall_s.div_euclid(DAY_S) }
    }
    /// Reads `2026-11-27`: a day that the calendar has, written as it is written here.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let mut part = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()));
            part?.parse::<i64>().ok()
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        let read = Self::of_civil(year, month, day);
        (read.civil() == (year, month, day)).then_some(read)
    }
    /// When it begins, on clocks that are so far ahead of UTC then.
    pub fn begins_ms(self, ahead_s: i64) -> i64 {
        (self.number * DAY_S - ahead_s) * 1_000
    }
    pub fn next(self) -> Self {
        Self { number: self.number + 1 }
    }
    pub fn before(self) -> Self {
        Self { number: self.number - 1 }
    }
    /// Year, month and day. The calendar is shifted to begin in March, so that leap days come last.
    pub fn civil(self) -> (i64, i64, i64) {
        let shifted = self.number + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }
    fn of_civil(year: i64, month: i64, day: i64) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let shifted_month = if month > 2 { month - 3 } else { month + 9 };
        let of_year = (153 * shifted_month + 2) / 5 + day - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        Self { number: era * 146_097 + of_era - 719_468 }
    }
    /// A week belongs to the year that its Thursday lies in.
    fn iso_week(self) -> (i64, i64) {
        let weekday = (self.number + 3).rem_euclid(7);
        let thursday = Self { number: self.number - weekday + 3 };
        let (year, ..) = thursday.civil();
        (year, (thursday.number - Self::of_civil(year, 1, 1).number) / 7 + 1)
    }
}

impl fmt::Display for BankDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}
impl From<BankDay> for String {
    fn from(day: BankDay) -> String {
        day.to_string()
    }
}
impl TryFrom<String> for BankDay {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a day of the calendar, such as 2026-11-27")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHANGHAI_S: i64 = 8 * 3_600;

    #[test]
    fn a_day_ends_at_the_banks_midnight() {
        // 2026-11-27 23:59:59.999 in Shanghai.
        let last_ms = 1_795_795_199_999;
        assert_eq!(BankDay::of(last_ms, SHANGHAI_S).to_string(), "2026-11-27");
        assert_eq!(BankDay::of(last_ms + 1, SHANGHAI_S).to_string(), "2026-11-28");
        assert_eq!(BankDay::of(last_ms + 1, 0).to_string(), "2026-11-27", "in UTC it is still the day before");
        assert_eq!(BankDay::parse("2026-11-28").unwrap().begins_ms(SHANGHAI_S), last_ms + 1);
        assert_eq!(BankDay::of(-1, 0).to_string(), "1969-12-31");
    }

    #[test]
    fn periods_have_the_names_of_the_calendar() {
        let cases = [
            ("2026-11-27", "2026-W48", "2026-11", "2026"),
            ("2026-01-01", "2026-W01", "2026-01", "2026"),
            ("2027-01-01", "2026-W53", "2027-01", "2027"),
            ("2024-12-30", "2025-W01", "2024-12", "2024"),
            ("2024-02-29", "2024-W09", "2024-02", "2024"),
        ];
        for (day, week, month, year) in cases {
            let parsed = BankDay::parse(day).unwrap();
            assert_eq!(Period::ALL.map(|period| period.name(parsed)), [day, week, month, year].map(str::to_owned));
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "2026-11-31", "2023-02-29", "2026-13-01", "2026-00-10", "26-11-27", "2026-1-1", "2026-11-27 "]
        {
            assert_eq!(BankDay::parse(text), None, "{text:?}");
        }
        assert!(serde_json::from_str::<BankDay>("\"2026-02-30\"").is_err());
    }

    proptest! {
        #[test]
        fn a_day_is_read_as_it_is_written(at_ms in 0..253_402_300_799_999_i64, ahead_s in -50_400..50_400_i64) {
            let day = BankDay::of(at_ms, ahead_s);
            prop_assume!(day.civil().0 >= 1970 && day.civil().0 <= 9999);
            prop_assert_eq!(BankDay::parse(&day.to_string()), Some(day));
            prop_assert!(day.begins_ms(ahead_s) <= at_ms && at_ms < day.next().begins_ms(ahead_s));
            prop_assert_eq!(day.next().before(), day);
        }
    }
}

//! A day of the calendar, for what begins on a birthday.

use serde::{Deserialize, Serialize};
use std::fmt;

/// `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    year: i64,
    month: u8,
    day: u8,
}

const DAY_MS: i64 = 24 * 3_600_000;

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Day {
    pub fn new(year: i64, month: u8, day: u8) -> Option<Self> {
        let fits = (1..=9_999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
        fits.then_some(Self { year, month, day })
    }

    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let plain = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        let number = |range: std::ops::Range<usize>| {
            let part = text.get(range)?;
            if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse::<u16>().ok() } else { None }
        };
        if !plain {
            return None;
        }
        let (month, day) = (u8::try_from(number(5..7)?).ok()?, u8::try_from(number(8..10)?).ok()?);
        Self::new(i64::from(number(0..4)?), month, day)
    }

    /// The day of an instant on a clock that is so far ahead of UTC.
    pub fn of_ms(at_ms: i64, ahead_s: i64) -> Self {
        let days = (at_ms + ahead_s * 1_000).div_euclid(DAY_MS);
        // Days since 1 March of the year 0, in eras of 400 years.
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month: month as u8, day: day as u8 }
    }

    /// The birthday on which somebody born on this day reaches an age. Whoever was born on 29 February has it on 1 March
    /// where there is no such day: nobody is a day older than they are.
    pub fn birthday(self, age: u16) -> Self {
        let year = self.year + i64::from(age);
        if (self.month, self.day) == (2, 29) && !is_leap(year) {
            return Self { year, month: 3, day: 1 };
        }
        Self { year, ..self }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
impl TryFrom<String> for Day {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a day: YYYY-MM-DD")
    }
}
impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap_or_else(|| panic!("{text} is a day"))
    }

    #[test]
    fn days_are_of_the_calendar() {
        for text in ["2000-02-29", "2024-02-29", "1999-12-31", "0001-01-01", "9999-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for text in [
            "1900-02-29",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-04-31",
            "2024-1-01",
            "24-01-01",
            "",
            "2024-01-+1",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_instant_is_another_day_elsewhere() {
        assert_eq!(Day::of_ms(0, 0), day("1970-01-01"));
        assert_eq!(Day::of_ms(-1, 0), day("1969-12-31"));
        // 2024-02-28T16:00Z is midnight of the 29th in Suzhou.
        let midnight = 1_709_136_000_000;
        assert_eq!(Day::of_ms(midnight, 8 * 3_600), day("2024-02-29"));
        assert_eq!(Day::of_ms(midnight - 1, 8 * 3_600), day("2024-02-28"));
    }

    #[test]
    fn a_leap_days_child_is_not_older_than_they_are() {
        let born = day("2004-02-29");
        assert_eq!(born.birthday(18), day("2022-03-01"));
        assert_eq!(born.birthday(20), day("2024-02-29"));
        assert_eq!(day("2004-12-31").birthday(18), day("2022-12-31"));
        assert_eq!(day("1896-02-29").birthday(4), day("1900-03-01"), "1900 was no leap year");
    }

    proptest! {
        #[test]
        fn every_day_follows_the_one_before(days in -700_000_i64..2_900_000) {
            let (one, next) = (Day::of_ms(days * DAY_MS, 0), Day::of_ms((days + 1) * DAY_MS, 0));
            prop_assert!(one < next);
            prop_assert_eq!(Day::new(one.year, one.month, one.day), Some(one));
        }
    }
}

//! Instants as people read them, in the bank's own time zone.
//!
//! The bank and its branches keep China Standard Time, which has had no daylight saving since 1991, so the offset is
//! a constant and no time zone database is needed.

use crate::words::{Locale, Words};

const OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// A date and a time of day in the bank's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    days: i64,
}

impl Civil {
    pub fn of(at_ms: i64) -> Self {
        let local = at_ms.saturating_add(OFFSET_MS);
        let days = local.div_euclid(DAY_MS);
        let second_of_day = local.rem_euclid(DAY_MS) / 1_000;
        let (year, month, day) = date(days);
        Self {
            year,
            month,
            day,
            hour: (second_of_day / 3_600) as u32,
            minute: (second_of_day / 60 % 60) as u32,
            second: (second_of_day % 60) as u32,
            days,
        }
    }
}

/// Year, month and day of a count of days since 1970-01-01 in the Gregorian calendar. Years are counted from March,
/// so that the leap day is a year's last.
fn date(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * march_month + 2) / 5 + 1) as u32;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 } as u32;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

/// Reads `2026-11-21T15:04`, as a field for date and time has it, in the bank's zone.
pub fn read(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let number = |part: Option<&str>| part?.parse::<i64>().ok();
    let mut date = date.split('-');
    let (year, month, day) = (number(date.next())?, number(date.next())?, number(date.next())?);
    let mut time = time.split(':');
    let (hour, minute) = (number(time.next())?, number(time.next())?);
    let fits = (1_970..=9_999).contains(&year) && (0..24).contains(&hour) && (0..60).contains(&minute);
    if !fits || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years are counted from March, as in `date`.
    let (year_march, month_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month_march + 2) / 5 + day - 1;
    let days = 365 * year_march + year_march / 4 - year_march / 100 + year_march / 400 + day_of_year - 719_468;
    let at_ms = days * DAY_MS + (hour * 60 + minute) * 60_000 - OFFSET_MS;
    // The 31st of a month that has no such day would be the next month's first.
    (i64::from(Civil::of(at_ms).day) == day).then_some(at_ms)
}

/// `2026-11-21T15:04:05+08:00`, for `<time datetime>` and machines.
pub fn stamp(at_ms: i64) -> String {
    let c = Civil::of(at_ms);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00", c.year, c.month, c.day, c.hour, c.minute, c.second)
}

/// `2026-11-21 15:04:05`, for receipts and the audit trail.
pub fn exact(at_ms: i64) -> String {
    let c = Civil::of(at_ms);
    format!("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second)
}

/// The date alone: `11月21日` or `21 Nov`, with the year where it is another one.
pub fn day(words: &Words, at_ms: i64, now_ms: i64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (then, now) = (Civil::of(at_ms), Civil::of(now_ms));
    match (now.days - then.days, words.locale()) {
        (0, _) => words.say("time-today"),
        (1, _) => words.say("time-yesterday"),
        (_, Locale::ZhCn) if then.year == now.year => format!("{}月{}日", then.month, then.day),
        (_, Locale::ZhCn) => format!("{}年{}月{}日", then.year, then.month, then.day),
        (_, Locale::En) if then.year == now.year => format!("{} {}", then.day, MONTHS[then.month as usize - 1]),
        (_, Locale::En) => format!("{} {} {}", then.day, MONTHS[then.month as usize - 1], then.year),
    }
}

/// `今天 15:04`, `21 Nov 15:04`.
pub fn short(words: &Words, at_ms: i64, now_ms: i64) -> String {
    let c = Civil::of(at_ms);
    format!("{} {:02}:{:02}", day(words, at_ms, now_ms), c.hour, c.minute)
}

/// `3 分钟前`, for lists where age matters more than the clock; older than a day it is the date.
pub fn ago(words: &Words, at_ms: i64, now_ms: i64) -> String {
    let minutes = now_ms.saturating_sub(at_ms) / 60_000;
    match minutes {
        ..=0 => words.say("time-just-now"),
        1..=59 => words.say1("time-minutes-ago", "n", minutes),
        60..=1_439 => words.say1("time-hours-ago", "n", minutes / 60),
        _ => short(words, at_ms, now_ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_turn_into_dates() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(19_782), (2024, 2, 29));
        assert_eq!(date(-1), (1969, 12, 31));
        assert_eq!(stamp(1_000_000_000_000), "2001-09-09T09:46:40+08:00");
        assert_eq!(exact(-OFFSET_MS), "1970-01-01 00:00:00");
    }

    #[test]
    fn a_date_names_its_year_only_where_it_differs() {
        let (zh, en) = (Words::of(Locale::ZhCn), Words::of(Locale::En));
        let now = 1_795_305_600_000;
        assert_eq!(day(&zh, now - 40 * DAY_MS, now), "10月13日");
        assert_eq!(day(&en, now - 400 * DAY_MS, now), "18 Oct 2025");
        assert_eq!(ago(&en, now - 180_000, now), "3 minutes ago");
    }
}

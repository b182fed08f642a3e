//! Instants as people read them, on the clock of whoever reads: a customer's own zone, the bank's for its staff.

use crate::words::{Locale, Words};
use crate::zone::Zone;

/// Reads `2026-11-21T15:04`, as a field for date and time has it, on the clock of a zone.
pub fn read(zone: Zone, text: &str) -> Option<i64> {
    let wall = jiff::civil::DateTime::strptime("%Y-%m-%dT%H:%M", text).ok()?;
    zone.instant_ms(wall)
}

/// `2026-11-21T15:04:05+08:00`, for `<time datetime>` and machines.
pub fn stamp(zone: Zone, at_ms: i64) -> String {
    let ahead_s = zone.ahead_s(at_ms);
    let (sign, minutes) = (if ahead_s < 0 { '-' } else { '+' }, ahead_s.abs() / 60);
    let (date, ahead) = (exact(zone, at_ms).replace(' ', "T"), format!("{:02}:{:02}", minutes / 60, minutes % 60));
    format!("{date}{sign}{ahead}")
}

/// `2026-11-21 15:04:05`, for receipts and the audit trail.
pub fn exact(zone: Zone, at_ms: i64) -> String {
    let c = zone.civil(at_ms);
    format!("{} {:02}:{:02}:{:02}", c.date(), c.hour(), c.minute(), c.second())
}

/// The date alone: `11月21日`, `21 Nov`, `21 нояб.` or `۳۰ آبان`, with the year where it is another one.
pub fn day(words: &Words, at_ms: i64, now_ms: i64) -> String {
    let (then, now) = (words.zone().day(at_ms), words.zone().day(now_ms));
    match now.days_since(then) {
        0 => words.say("time-today"),
        1 => words.say("time-yesterday"),
        // By the reader's own calendar, whose years begin elsewhere.
        _ => words.figures().day(then.date(), !words.figures().is_same_year(then.date(), now.date())),
    }
}

/// A date for deadlines and documents: `2026-11-21`, or as the language writes a date in full.
pub fn date(words: &Words, at_ms: i64) -> String {
    let then = words.zone().day(at_ms).date();
    match words.locale() {
        Locale::ZhCn | Locale::En | Locale::Pseudo => then.to_string(),
        Locale::Ru | Locale::Fa => words.figures().day(then, true),
    }
}

/// `15:04`
pub fn clock(zone: Zone, at_ms: i64) -> String {
    let c = zone.civil(at_ms);
    format!("{:02}:{:02}", c.hour(), c.minute())
}

/// `今天 15:04`, `21 Nov 15:04`.
pub fn short(words: &Words, at_ms: i64, now_ms: i64) -> String {
    format!("{} {}", day(words, at_ms, now_ms), words.figures().digits(&clock(words.zone(), at_ms)))
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

    const DAY_MS: i64 = 86_400_000;

    #[test]
    fn instants_are_written_on_a_zones_clock() {
        let zone = |name: &str| name.parse::<Zone>().unwrap();
        assert_eq!(stamp(zone("Asia/Shanghai"), 1_000_000_000_000), "2001-09-09T09:46:40+08:00");
        assert_eq!(stamp(zone("America/St_Johns"), 1_000_000_000_000), "2001-09-08T23:16:40-02:30");
        assert_eq!(exact(zone("UTC"), 0), "1970-01-01 00:00:00");
        assert_eq!(exact(zone("Europe/Berlin"), 1_782_864_000_000), "2026-07-01 02:00:00");
    }

    fn zone() -> Zone {
        "Asia/Shanghai".parse().unwrap()
    }

    #[test]
    fn today_is_the_reader_s_own() {
        let at = 1_795_305_600_000;
        let there = Words::of(Locale::En, "America/New_York".parse().unwrap());
        assert_eq!(short(&Words::of(Locale::En, zone()), at, at + 3_600_000), "Today 08:00");
        assert_eq!(short(&there, at, at + 4 * 3_600_000), "Today 19:00");
        assert_eq!(short(&there, at, at + 6 * 3_600_000), "Yesterday 19:00");
    }

    #[test]
    fn a_date_names_its_year_only_where_it_differs() {
        let (zh, en) = (Words::of(Locale::ZhCn, zone()), Words::of(Locale::En, zone()));
        let now = 1_795_305_600_000;
        assert_eq!(day(&zh, now - 40 * DAY_MS, now), "10月13日");
        assert_eq!(day(&en, now - 400 * DAY_MS, now), "18 Oct 2025");
        assert_eq!(ago(&en, now - 180_000, now), "3 minutes ago");
    }

    #[test]
    fn a_language_has_its_own_calendar_and_year() {
        let (ru, fa) = (Words::of(Locale::Ru, zone()), Words::of(Locale::Fa, zone()));
        // 22 November 2026, 1 Azar 1405.
        let now = 1_795_305_600_000;
        assert_eq!(day(&ru, now - 40 * DAY_MS, now), "13 окт.");
        let long_ago = day(&ru, now - 400 * DAY_MS, now).replace(['\u{202f}', '\u{a0}'], " ");
        assert_eq!(long_ago, "18 окт. 2025 г.");
        assert_eq!(short(&fa, now - 40 * DAY_MS, now), "۲۱ مهر ۰۸:۰۰");
        assert!(day(&fa, now - 400 * DAY_MS, now).contains("۱۴۰۴"), "{}", day(&fa, now - 400 * DAY_MS, now));
        // March 2026 is another Persian year, and the same Gregorian one.
        assert!(day(&fa, 1_773_300_000_000, now).contains("۱۴۰۴"), "{}", day(&fa, 1_773_300_000_000, now));
        assert_eq!(date(&Words::of(Locale::En, zone()), now), "2026-11-22");
    }
}

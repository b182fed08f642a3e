//! Dates and times of day where the customer is.
//!
//! A sandbox has no table of time zones: the host says with each call how far the customer's zone is ahead of UTC.
//! Programs that only compare instants need none of it.

/// A date and time of day on a wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Local {
    /// Such as 2026.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl Local {
    /// What clocks show at an instant that are so far ahead of UTC.
    pub fn at(instant_ms: i64, utc_offset_minutes: i32) -> Self {
        let minutes = instant_ms.div_euclid(60_000).saturating_add(i64::from(utc_offset_minutes));
        let (days, minute_of_day) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
        let (year, month, day) = civil_from_days(days);
        Self { year, month, day, hour: (minute_of_day / 60) as u8, minute: (minute_of_day % 60) as u8 }
    }
    /// The date as `20260731`: sorts, and fits into a key.
    pub fn date_key(&self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }
    /// The date as `2026-07-31`.
    pub fn date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
    /// The time as `09:05`.
    pub fn time(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
    /// Minutes since midnight.
    pub fn minute_of_day(&self) -> u16 {
        u16::from(self.hour) * 60 + u16::from(self.minute)
    }
}

/// The Gregorian date so many days after 1970-01-01, counting years from March so that leap days come last.
fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u8;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u8;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_on_the_wall() {
        assert_eq!(Local::at(0, 0).date_key(), "19700101");
        let late = Local::at(1_709_222_399_000, 480);
        assert_eq!((late.date(), late.time()), ("2024-02-29".to_owned(), "23:59".to_owned()));
        assert_eq!(Local::at(-1, 0).date(), "1969-12-31");
        assert_eq!(Local::at(-60_000, 0).date(), "1969-12-31");
        assert_eq!(Local::at(0, -150).time(), "21:30");
        assert_eq!(Local::at(0, 210).minute_of_day(), 210);
    }
}

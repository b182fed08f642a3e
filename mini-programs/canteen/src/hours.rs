//! When the canteen serves: the branch sets it as `10:30-13:30`, several with commas; empty is all day.

use xitai::prelude::*;

/// The hours as the branch wrote them, empty where it serves all day.
pub fn text() -> String {
    config::text("hours")
}

/// Whether an order can be placed now.
pub fn open_now(ctx: &Context) -> bool {
    is_within(&text(), ctx.local().minute_of_day())
}

/// Hours that nobody can read keep nobody out: a slip in a setting must not close the canteen.
fn is_within(hours: &str, minute: u16) -> bool {
    let spans: Vec<(u16, u16)> = hours.split([',', '，']).filter_map(span).collect();
    spans.is_empty() || spans.iter().any(|(from, to)| (*from..*to).contains(&minute))
}

fn span(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.trim().split_once(['-', '–', '至'])?;
    Some((minute_of_day(from)?, minute_of_day(to)?))
}

fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once([':', '：'])?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn hours_as_people_write_them() {
        assert!(is_within("", 0));
        assert!(is_within("10:30-13:30", 12 * 60));
        assert!(!is_within("10:30-13:30", 13 * 60 + 30));
        assert!(is_within("10:30-13:30，17:00至19:00", 17 * 60));
        assert!(is_within("whenever", 3));
        assert!(is_within("06:00-24:00", 23 * 60 + 59));
    }
}

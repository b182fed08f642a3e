//! Charts of the staff's pages: money, use, errors, what waits. Each is an image with a title and a sentence, and has its
//! figures behind it.

use crate::app::takings::Sums;
use crate::render::web::calendar;
use crate::render::web::figure::{self, Spoken};
use crate::render::web::html::Html;
use crate::words::Words;
use xitai_model::day::Day;
use xitai_model::money::Currency;
use xitai_model::rollout::Figures;
use xitai_model::screen::Chart;

const HOUR_MS: i64 = 3_600_000;
/// Hours that one bar stands for.
const HOURS: i64 = 3;

/// A chart on a page.
pub struct Drawn {
    pub title: String,
    /// Where its figures come from, and lead to.
    pub href: String,
    pub html: Html,
}

/// `id` names it on its page, and its words: `chart-ID`.
fn drawn(id: &str, chart: &Chart, href: String, words: &Words) -> Drawn {
    let title = words.say(&format!("chart-{id}"));
    let highest = chart.points.iter().max_by_key(|(_, value)| *value);
    let says = match highest {
        Some((name, value)) if *value > 0 => words.say1("chart-highest", "name", name.as_str()),
        _ => words.say("chart-nothing"),
    };
    let spoken = Spoken { id: &format!("chart-{id}"), title: &title, says: &says };
    Drawn { html: figure::drawn(chart, &spoken, words), href, title }
}

fn bars(points: Vec<(String, i64)>, unit: &str, decimals: u8) -> Chart {
    Chart { kind: "bar".to_owned(), unit: unit.to_owned(), points, decimals }
}

/// What customers paid on closed days, oldest first, in the bank's own currency.
pub fn money(days: &[(Day, Sums)], href: String, words: &Words) -> Drawn {
    let of = |(day, sums): &(Day, Sums)| {
        let gross = sums.get(&Currency::CNY).map_or(0, |totals| totals.gross);
        (day.to_string()[5..].to_owned(), gross)
    };
    let points = days.iter().rev().map(of).collect();
    drawn("money", &bars(points, Currency::CNY.as_str(), 2), href, words)
}

/// Calls by the time of day, and those that fell.
pub fn calls(hours: &[(i64, Figures)], now_ms: i64, href: &str, words: &Words) -> [Drawn; 2] {
    let newest = now_ms.div_euclid(HOUR_MS) / HOURS;
    let begins: Vec<i64> = (newest - 7..=newest).map(|at| at * HOURS * HOUR_MS).collect();
    let points = |of: fn(&Figures) -> u64| -> Vec<(String, i64)> {
        let sum = |begin: &i64| {
            let within = hours.iter().filter(|(at, _)| (*begin..begin + HOURS * HOUR_MS).contains(at));
            within.map(|(_, figures)| of(figures)).sum::<u64>()
        };
        let named =
            |begin: &i64| (calendar::clock(words.zone(), *begin), i64::try_from(sum(begin)).unwrap_or(i64::MAX));
        begins.iter().map(named).collect()
    };
    let chart = |id: &str, of| drawn(id, &bars(points(of), "", 0), href.to_owned(), words);
    [chart("calls", |figures| figures.calls), chart("errors", |figures| figures.errors)]
}

/// How long what waits has been waiting, in days.
pub fn waiting(since_ms: &[i64], now_ms: i64, href: &str, words: &Words) -> Drawn {
    let days = |at_ms: &i64| (now_ms - at_ms).max(0) / (24 * HOUR_MS);
    let count = |from: i64, until: i64| {
        let within = since_ms.iter().filter(|at| (from..until).contains(&days(at)));
        i64::try_from(within.count()).unwrap_or(i64::MAX)
    };
    let classes = [("today", 0, 1), ("days-1", 1, 2), ("days-2", 2, 3), ("days-3", 3, 6), ("days-6", 6, i64::MAX)];
    let points = classes.map(|(key, from, until)| (words.say(&format!("waiting-{key}")), count(from, until)));
    drawn("waiting", &bars(points.to_vec(), "", 0), href.to_owned(), words)
}

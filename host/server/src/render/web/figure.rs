//! Elements that show numbers and courses: progress, chart, timeline, coupon.

use super::html::Html;
use super::{Pen, calendar, icon};
use crate::words::{Words, ltr};
use xitai_model::screen::{Chart, Moment, Node, Progress};

const WIDTH: i64 = 320;
const HEIGHT: i64 = 160;
/// Below the plot, for the labels.
const BASE: i64 = 132;
const TOP: i64 = 18;

impl<'a> Pen<'a> {
    pub(super) fn progress(&mut self, node: &Node, progress: &Progress) {
        let (done, total) = (progress.done.min(progress.total), progress.total.max(1));
        let text = course(progress, &self.words());
        self.begin("div", "progress", node);
        self.html.raw(">");
        if let Some(label) = &node.label {
            self.html.leaf("span", "progress-label", label);
        }
        self.html.raw("<progress").attr("max", &total.to_string()).attr("value", &done.to_string());
        self.html.attr_some("aria-label", node.label.as_deref()).raw("></progress>");
        self.html.leaf("span", "progress-text", &text).raw("</div>");
    }

    pub(super) fn chart(&mut self, node: &Node, chart: &Chart) {
        let words = self.words();
        self.begin("figure", "chart", node);
        self.html.raw(">");
        if let Some(label) = &node.label {
            self.html.leaf("figcaption", "chart-title", label);
        }
        plot(&mut self.html, chart, None, &words);
        // The same figures as a table, for those who listen.
        self.html.raw("<table class=\"unseen\"><tbody>");
        rows(&mut self.html, chart, &words);
        self.html.raw("</tbody></table></figure>");
    }

    pub(super) fn timeline(&mut self, node: &Node, moments: &[Moment]) {
        let words = self.words();
        self.begin("ol", "timeline", node);
        self.html.attr_some("aria-label", node.label.as_deref()).raw(">");
        for moment in moments {
            self.html.raw("<li").attr("class", if moment.reached { "moment reached" } else { "moment" }).raw(">");
            self.html.leaf("span", "moment-text", &moment.text);
            if moment.reached {
                self.html
                    .raw("<time class=\"moment-time\"")
                    .attr("datetime", &calendar::stamp(words.zone(), moment.at_ms))
                    .raw(">");
                self.html.text(&calendar::short(&words, moment.at_ms, self.drawing.now_ms)).raw("</time>");
            }
            self.html.raw("</li>");
        }
        self.html.raw("</ol>");
    }

    pub(super) fn coupon(&mut self, node: &Node, handle: &str) {
        let name = node.label.clone().unwrap_or_else(|| self.words().say("coupon"));
        self.begin("div", "coupon", node);
        self.html.raw("><span class=\"coupon-mark\">");
        icon::draw(&mut self.html, "coupon");
        self.html.raw("</span><span class=\"item-text\">").leaf("span", "item-title", &name);
        self.html.leaf("span", "item-subtitle", handle).raw("</span></div>");
    }
}

/// What an image says to those who listen: its id on the page, its title, and a sentence.
pub struct Spoken<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub says: &'a str,
}

/// A chart of the host's own, with its figures behind it.
pub fn drawn(chart: &Chart, spoken: &Spoken<'_>, words: &Words) -> Html {
    let table = words.say("chart-table");
    let mut html = Html::new();
    html.raw("<figure class=\"chart\">");
    plot(&mut html, chart, Some(spoken), words);
    html.raw("<details class=\"chart-table\"><summary>").text(&table).raw("</summary><table class=\"table\"><tbody>");
    rows(&mut html, chart, words);
    html.raw("</tbody></table></details></figure>");
    html
}

fn plot(html: &mut Html, chart: &Chart, spoken: Option<&Spoken<'_>>, words: &Words) {
    match chart.kind.as_str() {
        "line" => line(html, chart, spoken, words),
        _ => bars(html, chart, spoken, words),
    }
}

fn rows(html: &mut Html, chart: &Chart, words: &Words) {
    for (name, value) in &chart.points {
        html.raw("<tr><th scope=\"row\">").text(name).raw("</th><td>");
        html.text(&figure(*value, chart, words)).raw("</td></tr>");
    }
}

/// How far something is: `1 / 3`, in the reader's own digits.
pub(in crate::render) fn course(progress: &Progress, words: &Words) -> String {
    let number = |count: u32| words.figures().number(&count.to_string());
    format!("{} / {}", number(progress.done.min(progress.total)), number(progress.total))
}

/// A value as the reader writes it: the chart says how many of its digits are decimals.
pub(in crate::render) fn figure(value: i64, chart: &Chart, words: &Words) -> String {
    let decimals = usize::from(chart.decimals.min(9));
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = decimals + 1);
    let (units, fraction) = digits.split_at(digits.len() - decimals);
    let minus = if value < 0 { "−" } else { "" };
    let point = if decimals > 0 { "." } else { "" };
    let space = if chart.unit.is_empty() || chart.unit == "%" { "" } else { " " };
    let number = words.figures().number(&format!("{units}{point}{fraction}"));
    ltr(format!("{minus}{number}{space}{}", chart.unit), words.dir())
}

fn open(html: &mut Html, chart: &Chart, spoken: Option<&Spoken<'_>>) -> i64 {
    html.raw("<svg class=\"plot\"");
    if let Some(Spoken { id, .. }) = spoken {
        html.raw(" role=\"img\"").attr("aria-labelledby", &format!("{id}-t {id}-d"));
    } else {
        html.raw(" aria-hidden=\"true\"");
    }
    html.attr("viewBox", &format!("0 0 {WIDTH} {HEIGHT}")).raw(">");
    if let Some(Spoken { id, title, says }) = spoken {
        html.raw("<title").attr("id", &format!("{id}-t")).raw(">").text(title).raw("</title>");
        html.raw("<desc").attr("id", &format!("{id}-d")).raw(">").text(says).raw("</desc>");
    }
    for step in 0..=2 {
        let y = (TOP + (BASE - TOP) * step / 2).to_string();
        html.raw("<line class=\"plot-grid\" x1=\"0\"").attr("x2", &WIDTH.to_string());
        html.attr("y1", &y).attr("y2", &y).raw("/>");
    }
    chart.points.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1)
}

/// Whole pixels are exact enough, and integers keep the output the same everywhere. Values below zero lie on the base.
fn y_of(value: i64, highest: i64) -> i64 {
    let height = i128::from(value.max(0)) * i128::from(BASE - TOP) / i128::from(highest);
    BASE - height as i64
}

fn caption(html: &mut Html, class: &'static str, x: i64, y: i64, text: &str) {
    html.raw("<text").attr("class", class).attr("x", &x.to_string()).attr("y", &y.to_string()).raw(">");
    html.text(text).raw("</text>");
}

fn bars(html: &mut Html, chart: &Chart, spoken: Option<&Spoken<'_>>, words: &Words) {
    let highest = open(html, chart, spoken);
    let slot = WIDTH / chart.points.len().max(1) as i64;
    let width = (slot * 3 / 5).clamp(2, 44);
    for (i, (name, value)) in chart.points.iter().enumerate() {
        let middle = slot * i as i64 + slot / 2;
        let y = y_of(*value, highest);
        html.raw("<rect class=\"plot-bar\" rx=\"4\"").attr("x", &(middle - width / 2).to_string());
        html.attr("y", &y.to_string()).attr("width", &width.to_string());
        html.attr("height", &(BASE - y).max(1).to_string()).raw("/>");
        if slot >= 24 {
            caption(
                html,
                "plot-value",
                middle,
                y - 5,
                &figure(*value, &Chart { unit: String::new(), ..chart.clone() }, words),
            );
            caption(html, "plot-name", middle, HEIGHT - 10, name);
        }
    }
    html.raw("</svg>");
}

fn line(html: &mut Html, chart: &Chart, spoken: Option<&Spoken<'_>>, words: &Words) {
    let highest = open(html, chart, spoken);
    let last = chart.points.len().saturating_sub(1).max(1) as i64;
    let x_of = |i: usize| 8 + (WIDTH - 16) * i as i64 / last;
    let points: Vec<(i64, i64)> =
        chart.points.iter().enumerate().map(|(i, (_, value))| (x_of(i), y_of(*value, highest))).collect();
    let corners: String = points.iter().map(|(x, y)| format!("{x},{y} ")).collect();
    html.raw("<polygon class=\"plot-area\"");
    html.attr("points", &format!("8,{BASE} {corners}{},{BASE}", x_of(chart.points.len().saturating_sub(1)))).raw("/>");
    html.raw("<polyline class=\"plot-line\"").attr("points", corners.trim_end()).raw("/>");
    if let (Some((x, y)), Some((_, value))) = (points.last(), chart.points.last()) {
        html.raw("<circle class=\"plot-dot\" r=\"4\"").attr("cx", &x.to_string()).attr("cy", &y.to_string()).raw("/>");
        caption(html, "plot-value plot-end", *x, y - 10, &figure(*value, chart, words));
    }
    for i in [0, chart.points.len().saturating_sub(1)] {
        if let Some((name, _)) = chart.points.get(i) {
            let class = if i == 0 { "plot-name plot-start" } else { "plot-name plot-end" };
            caption(html, class, x_of(i), HEIGHT - 10, name);
        }
    }
    html.raw("</svg>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Locale;

    #[test]
    fn figures_are_as_their_reader_writes_them() {
        let chart = Chart { kind: "bar".to_owned(), unit: "CNY".to_owned(), points: Vec::new(), decimals: 2 };
        for (locale, value, way) in [
            (Locale::En, "−1.20 CNY", "1 / 3"),
            (Locale::ZhCn, "−1.20 CNY", "1 / 3"),
            (Locale::Ru, "−1,20 CNY", "1 / 3"),
            (Locale::Fa, "\u{2066}−۱٫۲۰ CNY\u{2069}", "۱ / ۳"),
        ] {
            let words = Words::of(locale, crate::config::ZONE_DEFAULT.parse().unwrap());
            assert_eq!(figure(-120, &chart, &words), value);
            assert_eq!(course(&Progress { done: 1, total: 3 }, &words), way);
        }
    }
}

//! A funnel of few stages: each as wide as it is large beside the first, with its figures in a table beside it.

use super::html::Html;

const WIDTH: u64 = 240;
const BAR: u64 = 26;
const STEP: u64 = 34;

/// `id` names it on its page; `says` is what those hear who don't see it.
pub fn drawn(id: &str, title: &str, says: &str, stages: &[(String, u64)]) -> Html {
    let most = stages.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let height = STEP * stages.len() as u64;
    let mut html = Html::new();
    html.raw("<figure class=\"funnel\"><svg class=\"funnel-plot\" role=\"img\"");
    html.attr("aria-labelledby", &format!("{id}-t {id}-d")).attr("viewBox", &format!("0 0 {WIDTH} {height}")).raw(">");
    html.raw("<title").attr("id", &format!("{id}-t")).raw(">").text(title).raw("</title>");
    html.raw("<desc").attr("id", &format!("{id}-d")).raw(">").text(says).raw("</desc>");
    for (at, (_, n)) in stages.iter().enumerate() {
        // Something is seen of the smallest, and nothing of none.
        let width = if *n == 0 { 0 } else { (n.saturating_mul(WIDTH) / most).clamp(2, WIDTH) };
        let (x, y) = ((WIDTH - width) / 2, STEP * at as u64 + (STEP - BAR) / 2);
        html.raw("<rect class=\"funnel-bar\"").attr("x", &x.to_string()).attr("y", &y.to_string());
        html.attr("width", &width.to_string()).attr("height", &BAR.to_string()).raw(" rx=\"5\"/>");
    }
    html.raw("</svg><table class=\"funnel-table\"><tbody>");
    let first = stages.first().map_or(0, |(_, n)| *n);
    for (name, n) in stages {
        html.raw("<tr><th scope=\"row\">").text(name).raw("</th><td class=\"num\">").text(&n.to_string());
        let share = (n * 100).checked_div(first).map_or_else(String::new, |share| format!("{share} %"));
        html.raw("</td><td class=\"num\">").text(&share).raw("</td></tr>");
    }
    html.raw("</tbody></table></figure>");
    html
}

#[cfg(test)]
mod tests {
    use super::drawn;

    #[test]
    fn a_stage_is_as_wide_as_it_is_large() {
        let stages = [("Opened", 200), ("Acted", 100), ("Asked", 1), ("Done", 0)].map(|(name, n)| (name.to_owned(), n));
        let html = drawn("f", "<Phone>", "half", &stages).to_string();
        for (width, x) in [(240, 0), (120, 60), (2, 119), (0, 120)] {
            assert!(html.contains(&format!("x=\"{x}\"")) && html.contains(&format!("width=\"{width}\"")), "{html}");
        }
        assert!(html.contains("&lt;Phone&gt;") && html.contains(">50 %<") && html.contains(">0 %<"), "{html}");
        let empty = drawn("f", "t", "s", &[("Opened".to_owned(), 0)]).to_string();
        assert!(empty.contains("width=\"0\"") && !empty.contains('%'), "{empty}");
    }
}

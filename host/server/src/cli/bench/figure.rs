//! One measured number, and how it is printed.

use serde_json::json;

/// Perhaps beside another number of the same run. Its name is its kind, and where there are several of a kind, a space
/// and of what it is: `page_bytes /app`.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    pub against: Option<(String, f64)>,
}

impl Figure {
    pub fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, against: None }
    }
    pub fn against(mut self, name: &str, value: f64) -> Self {
        self.against = Some((name.to_owned(), value));
        self
    }
    pub fn kind(&self) -> &str {
        self.name.split(' ').next().unwrap_or_default()
    }
    pub fn ratio(&self) -> Option<f64> {
        let (_, other) = self.against.as_ref()?;
        (*other > 0.0).then(|| self.value / other)
    }
    /// One line for machines.
    pub fn line(&self) -> String {
        let mut line = json!({"name": self.name, "value": rounded(self.value), "unit": self.unit});
        if let Some((name, value)) = &self.against {
            line["against"] = json!({"name": name, "value": rounded(*value)});
            line["ratio"] = json!(self.ratio().map(rounded));
        }
        line.to_string()
    }
}

/// Four digits say all that a measurement knows.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    let scale = 10_f64.powi(3 - value.abs().log10().floor() as i32);
    (value * scale).round() / scale
}

/// A table for people.
pub fn table(figures: &[Figure]) -> String {
    let mut lines = Vec::new();
    for figure in figures {
        let mut line = format!("{:34} {:>12} {}", figure.name, rounded(figure.value), figure.unit);
        if let (Some((name, value)), Some(ratio)) = (&figure.against, figure.ratio()) {
            line.push_str(&format!("  ({} times {name}, {} {})", rounded(ratio), rounded(*value), figure.unit));
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// The value below which `share` of all lie; 0 where there are none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_one_line() {
        let figure = Figure::new("event_sandbox", 61.234_56, "us").against("bare", 50.0);
        let line: serde_json::Value = serde_json::from_str(&figure.line()).expect("JSON");
        assert_eq!(line["value"], 61.23);
        assert_eq!(line["against"]["name"], "bare");
        assert_eq!(line["ratio"], 1.225);
        assert!(!figure.line().contains('\n'));
        assert!(!Figure::new("x", 1.0, "ms").line().contains("against"));
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(quantile(&values, 0.99), 99.0);
        assert_eq!(quantile(&values, 0.5), 50.0);
        assert_eq!(quantile(&[7.0], 0.99), 7.0);
        assert_eq!(quantile(&[], 0.99), 0.0);
    }
}

//! Money as people read it. The digits come from the model, exact; here they get a sign and groups.

use super::html::Html;
use xitai_model::money::Money;

/// What stands before the digits. Signs that two currencies share are told apart by letters.
pub fn sign(money: &Money) -> &'static str {
    match money.currency.as_str() {
        "CNY" => "¥",
        "USD" => "US$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "JP¥",
        "HKD" => "HK$",
        "RUB" => "₽",
        _ => "",
    }
}

/// `-1,234.50` as its sign, `1,234` and `.50`.
fn parts(money: &Money) -> (&'static str, String, String) {
    let digits = money.digits();
    let (minus, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("−", rest.to_owned()),
        None => ("", digits),
    };
    let (units, fraction) = match digits.split_once('.') {
        Some((units, fraction)) => (units, format!(".{fraction}")),
        None => (digits.as_str(), String::new()),
    };
    let mut grouped = String::with_capacity(units.len() + units.len() / 3);
    for (i, digit) in units.chars().enumerate() {
        if i > 0 && (units.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    (minus, grouped, fraction)
}

/// `¥1,234.50`, or `THB 1,234.50` for a currency without a sign of its own.
pub fn text(money: &Money) -> String {
    let (minus, units, fraction) = parts(money);
    match sign(money) {
        "" => format!("{minus}{} {units}{fraction}", money.currency),
        sign => format!("{minus}{sign}{units}{fraction}"),
    }
}

/// The same with its parts marked, so that a page can draw the units large and the sign small. A screen reader gets
/// one text. `dir="ltr"`: an amount reads the same way in every script.
pub fn draw(html: &mut Html, class: &'static str, money: &Money) {
    let (minus, units, fraction) = parts(money);
    html.raw("<span").attr("class", class).raw(" dir=\"ltr\"><span class=\"money-sign\">").raw(minus);
    match sign(money) {
        "" => html.text(money.currency.as_str()),
        sign => html.raw(sign),
    };
    html.raw("</span><span class=\"money-units\">").text(&units);
    html.raw("</span><span class=\"money-fraction\">").text(&fraction).raw("</span></span>");
}

/// [`draw`] for templates.
pub fn drawn(money: &Money) -> Html {
    let mut html = Html::new();
    draw(&mut html, "money", money);
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use xitai_model::money::Currency;

    #[test]
    fn digits_are_grouped_and_signed() {
        assert_eq!(text(&Money::cny(123_456_789)), "¥1,234,567.89");
        assert_eq!(text(&Money::cny(-5)), "−¥0.05");
        assert_eq!(text(&Money::new(1_000, Currency::parse("JPY").unwrap())), "JP¥1,000");
        assert_eq!(text(&Money::new(99_950, Currency::parse("THB").unwrap())), "THB 999.50");
    }
}

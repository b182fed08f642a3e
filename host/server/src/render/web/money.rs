//! Money as people read it. The digits come from the model, exact; here they get a sign and groups: as the reader's
//! language writes them on a customer's pages ([`text_in`], [`draw_in`]), in one way for the staff and for papers.

use super::html::Html;
use crate::words::{Words, Written, ltr};
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

/// An amount in its parts, as a language writes it.
fn written(words: &Words, money: &Money) -> (&'static str, Written) {
    let digits = money.digits();
    let (minus, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |rest| ("−", rest));
    let (units, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    (minus, words.figures().amount(units, fraction))
}

/// An amount as the reader writes it: `¥1,234.50`, `1 234,50 ¥`, `¥ ۱٬۲۳۴٫۵۰`. It reads from left to right everywhere.
pub fn text_in(words: &Words, money: &Money) -> String {
    let (minus, it) = written(words, money);
    let (sign, gap) = match sign(money) {
        "" => (money.currency.as_str(), if it.gap.is_empty() { " " } else { it.gap }),
        sign => (sign, it.gap),
    };
    let digits = format!("{}{}", it.units, it.fraction);
    let text =
        if it.sign_after { format!("{minus}{digits}{gap}{sign}") } else { format!("{minus}{sign}{gap}{digits}") };
    ltr(text, words.dir())
}

/// [`draw`] as the reader writes it.
pub fn draw_in(html: &mut Html, class: &'static str, words: &Words, money: &Money) {
    let (minus, it) = written(words, money);
    let sign = match sign(money) {
        "" => money.currency.as_str(),
        sign => sign,
    };
    html.raw("<span").attr("class", class).raw(" dir=\"ltr\">");
    if it.sign_after {
        html.raw(minus);
    } else {
        html.raw("<span class=\"money-sign\">").raw(minus).text(sign).raw(it.gap).raw("</span>");
    }
    html.raw("<span class=\"money-units\">").text(&it.units);
    html.raw("</span><span class=\"money-fraction\">").text(&it.fraction).raw("</span>");
    if it.sign_after {
        html.raw("<span class=\"money-sign\">").raw(it.gap).text(sign).raw("</span>");
    }
    html.raw("</span>");
}

/// [`draw_in`] for templates.
pub fn drawn_in(words: &Words, money: &Money) -> Html {
    let mut html = Html::new();
    draw_in(&mut html, "money", words, money);
    html
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

    #[test]
    fn each_language_has_its_own_groups_mark_and_side() {
        use crate::words::Locale;
        let words = |locale| Words::of(locale, crate::config::ZONE_DEFAULT.parse().unwrap());
        let thb = Money::new(-99_950, Currency::parse("THB").unwrap());
        for (locale, cny, foreign) in [
            (Locale::En, "¥1,234,567.89", "−THB 999.50"),
            (Locale::ZhCn, "¥1,234,567.89", "−THB 999.50"),
            (Locale::Ru, "1\u{a0}234\u{a0}567,89\u{a0}¥", "−999,50\u{a0}THB"),
            (Locale::Fa, "\u{2066}¥\u{a0}۱٬۲۳۴٬۵۶۷٫۸۹\u{2069}", "\u{2066}−THB\u{a0}۹۹۹٫۵۰\u{2069}"),
        ] {
            assert_eq!(text_in(&words(locale), &Money::cny(123_456_789)), cny, "{locale:?}");
            assert_eq!(text_in(&words(locale), &thb), foreign, "{locale:?}");
        }
        let plain = |drawn: Html| drawn.into_string();
        for money in [Money::cny(123_456_789), Money::cny(-5), thb] {
            assert_eq!(plain(drawn_in(&words(Locale::En), &money)), plain(drawn(&money)), "as it was");
        }
        let large = Money::cny(xitai_model::money::MINOR_MAX);
        assert_eq!(text_in(&words(Locale::Ru), &large), "90\u{a0}071\u{a0}992\u{a0}547\u{a0}409,91\u{a0}¥", "exact");
    }
}

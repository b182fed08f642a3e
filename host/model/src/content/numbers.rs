//! Numbers that people write into texts: sums, cards, identity numbers, telephones. Each is found in the folded text,
//! so that full-width digits are digits.

use super::search::fold_digits;

/// A number found, shortened so that the finding does not spread it further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Personal {
    /// A payment card: 13 to 19 digits with a valid check digit.
    Card,
    /// A Chinese identity number: 18 places, a real birthday, a valid check character.
    Identity,
    /// A mobile telephone of mainland China.
    Mobile,
    Email,
    /// An international bank account number with valid check digits.
    Iban,
}

/// Personal numbers and addresses in a text, with what was written.
pub fn personal(text: &str) -> Vec<(Personal, String)> {
    let text = fold_digits(text);
    let mut found = Vec::new();
    for run in digit_runs(&text) {
        of_groups(&run, &mut found);
    }
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || "@._%+-".contains(c))) {
        if is_email(word) {
            found.push((Personal::Email, word.to_owned()));
        }
    }
    // Groups of four or one piece.
    for (at, _) in text.match_indices(|c: char| c.is_ascii_uppercase()) {
        if let Some(iban) = iban_at(&text[at..]).filter(|_| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()))
        {
            found.push((Personal::Iban, iban));
        }
    }
    found
}

/// The first and last places of a number, for a finding.
pub fn masked(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    if chars.len() < 8 {
        return "•".repeat(chars.len());
    }
    let (head, tail): (String, String) = (chars[..3].iter().collect(), chars[chars.len() - 2..].iter().collect());
    format!("{head}{}{tail}", "•".repeat(chars.len() - 5))
}

/// Groups of digits that stand together: single blanks, dots and dashes between them are how people group one number,
/// or write several. A last `X` is an identity number's.
fn digit_runs(text: &str) -> Vec<Vec<String>> {
    let chars: Vec<char> = text.chars().collect();
    let (mut runs, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        // Digits behind a letter belong to its word.
        let in_word = at > 0 && chars[at - 1].is_ascii_alphabetic();
        let mut run = vec![String::new()];
        while at < chars.len() {
            let next_is_digit = chars.get(at + 1).is_some_and(char::is_ascii_digit);
            match (chars[at], run.last_mut()) {
                (c, Some(group)) if c.is_ascii_digit() => group.push(c),
                ('x' | 'X', Some(group)) if group.len() >= 3 => {
                    group.push('X');
                    run.push(String::new());
                }
                (' ' | '-' | '.' | '·', _) if next_is_digit => run.push(String::new()),
                _ => break,
            }
            at += 1;
        }
        run.retain(|group| !group.is_empty());
        if !in_word {
            runs.push(run);
        }
    }
    runs
}

/// Groups that one number is written in at most.
const GROUPS_MAX: usize = 8;

/// The numbers of a run: from each group on, as many groups as make one.
fn of_groups(run: &[String], found: &mut Vec<(Personal, String)>) {
    let mut from = 0;
    while from < run.len() {
        let longest = (from + GROUPS_MAX).min(run.len());
        let number = (from + 1..=longest).rev().find_map(|to| {
            let joined = run[from..to].concat();
            let kind = of_run(&joined.chars().collect::<Vec<_>>())?;
            Some((to, kind, joined))
        });
        match number {
            Some((to, kind, joined)) => {
                found.push((kind, joined));
                from = to;
            }
            None => from += 1,
        }
    }
}

fn of_run(run: &[char]) -> Option<Personal> {
    if is_identity(run) {
        return Some(Personal::Identity);
    }
    let digits: Vec<u32> = run.iter().map_while(|c| c.to_digit(10)).collect();
    if digits.len() != run.len() {
        return None;
    }
    let mobile = match digits.len() {
        11 => &digits[..],
        13 if digits[..2] == [8, 6] => &digits[2..],
        15 if digits[..4] == [0, 0, 8, 6] => &digits[4..],
        _ => &[],
    };
    if mobile.first() == Some(&1) && mobile.get(1).is_some_and(|second| *second >= 3) {
        return Some(Personal::Mobile);
    }
    // Of the numbers that begin with 2 only one card scheme's series: dates begin so too.
    let series = digits.iter().take(4).fold(0, |sum, digit| sum * 10 + digit);
    let is_issued = match digits.len() {
        16 => (2_221..=2_720).contains(&series) || (3..=6).contains(&digits[0]),
        13..=19 => (3..=6).contains(&digits[0]),
        _ => false,
    };
    (is_issued && luhn(&digits)).then_some(Personal::Card)
}

/// The check digit of payment cards, ISO/IEC 7812-1.
pub fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| match (i % 2, digit * 2) {
            (0, _) => *digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// GB 11643: region, birthday, series, and a check character by ISO 7064 MOD 11-2.
fn is_identity(run: &[char]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    if run.len() != 18 {
        return false;
    }
    let digits: Vec<u32> = run[..17].iter().map_while(|c| c.to_digit(10)).collect();
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0, |sum, digit| sum * 10 + digit);
    digits.len() == 17
        && (1_850..=2_150).contains(&number(6, 10))
        && (1..=12).contains(&number(10, 12))
        && (1..=31).contains(&number(12, 14))
        && CHECKS[(digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum::<u32>() % 11) as usize] == run[17]
}

fn is_email(word: &str) -> bool {
    let Some((name, host)) = word.split_once('@') else { return false };
    let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    !name.is_empty()
        && labels.len() >= 2
        && labels.iter().all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        && labels.last().is_some_and(|last| last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// An IBAN that begins the text, ISO 13616.
fn iban_at(text: &str) -> Option<String> {
    let mut iban = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii_uppercase() || c.is_ascii_digit() => iban.push(c),
            ' ' if iban.len().is_multiple_of(4) => {}
            _ => break,
        }
        if iban.len() == 34 {
            break;
        }
    }
    let shaped = |iban: &str| {
        let bytes = iban.as_bytes();
        bytes[..2].iter().all(u8::is_ascii_uppercase) && bytes[2..4].iter().all(u8::is_ascii_digit)
    };
    // What follows in the sentence may have been taken for more of it.
    (15..=iban.len()).rev().find_map(|end| {
        let candidate = &iban[..end];
        (shaped(candidate) && mod_97(candidate) == 1).then(|| candidate.to_owned())
    })
}

fn mod_97(iban: &str) -> u32 {
    let turned = iban[4..].chars().chain(iban[..4].chars());
    turned
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, value| if value < 10 { (rest * 10 + value) % 97 } else { (rest * 100 + value) % 97 })
}

/// Sums of money and rates that a text names, in one spelling: `¥12.00`, `12元` and `CNY 12` are `12`, `3.5％` is `3.5%`.
pub fn prices(text: &str) -> Vec<String> {
    let text = fold_digits(text);
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let from = at;
        while at < chars.len() && (chars[at].is_ascii_digit() || is_between(&chars, at)) {
            at += 1;
        }
        let number: String = chars[from..at].iter().filter(|c| **c != ',').collect();
        let before: String = chars[from.saturating_sub(4)..from].iter().collect();
        let after: String = chars[at..(at + 6).min(chars.len())].iter().collect();
        if let Some(price) = price(&number, &before, &after) {
            found.push(price);
        }
    }
    found
}

/// A point or a comma within a number.
fn is_between(chars: &[char], at: usize) -> bool {
    matches!(chars[at], '.' | ',') && chars.get(at + 1).is_some_and(char::is_ascii_digit)
}

fn price(number: &str, before: &str, after: &str) -> Option<String> {
    let plain = match number.split_once('.') {
        Some((whole, part)) if part.chars().all(|c| c == '0') => whole.to_owned(),
        Some((whole, part)) => format!("{whole}.{}", part.trim_end_matches('0')),
        None => number.to_owned(),
    };
    let (before, after) = (before.trim_end().to_lowercase(), after.trim_start().to_lowercase());
    if after.starts_with(['%', '‰']) || after.starts_with("折") {
        return Some(format!("{plain}{}", after.chars().next()?));
    }
    const BEFORE: [&str; 8] = ["¥", "$", "€", "£", "cny", "rmb", "usd", "eur"];
    const AFTER: [&str; 13] = ["元", "块", "角", "分钱", "万元", "亿元", "yuan", "cny", "rmb", "usd", "eur", "$", "万"];
    let is_sum = BEFORE.iter().any(|sign| before.ends_with(sign)) || AFTER.iter().any(|sign| after.starts_with(sign));
    is_sum.then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_numbers_are_found_however_they_are_written() {
        use Personal as P;
        let cases: &[(&str, &[Personal])] = &[
            ("卡号 4111 1111 1111 1111", &[P::Card]),
            ("card 4111-1111-1111-1111.", &[P::Card]),
            ("６２２８４８００１２３４５６７８９０", &[]),
            ("4111 1111 1111 1112", &[]),
            ("身份证 11010519491231002X", &[P::Identity]),
            ("身份证 １１０１０５１９４９１２３１００２Ｘ", &[P::Identity]),
            ("110105194912310021", &[]),
            ("电话 13812345678", &[P::Mobile]),
            ("138 1234 5678 或 +86 138-1234-5678", &[P::Mobile, P::Mobile]),
            ("0512-0000-0000", &[]),
            ("写信给 lin.wei@example.com。", &[P::Email]),
            ("a@b, @home, x@y.1", &[]),
            ("IBAN DE89 3704 0044 0532 0130 00 bitte", &[P::Iban]),
            ("GB82WEST12345698765432", &[P::Iban]),
            ("GB82WEST12345698765433", &[]),
            ("订单 20260302123456 共 12 元", &[]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<Personal> = personal(text).into_iter().map(|(kind, _)| kind).collect();
            assert_eq!(&found, expected, "{text}");
        }
    }

    #[test]
    fn sums_and_rates_are_read_in_one_spelling() {
        let cases: &[(&str, &[&str])] = &[
            ("红烧肉 ¥12.00", &["12"]),
            ("红烧肉 12元", &["12"]),
            ("红烧肉 １２．５０ 元", &["12.5"]),
            ("CNY 1,200 a year", &["1200"]),
            ("年化 3.50%", &["3.5%"]),
            ("年化 3.5％，起购 1万", &["3.5%", "1"]),
            ("全场8折", &["8折"]),
            ("11:00–13:00，一楼 2 号窗口", &[]),
            ("2026 年 3 月", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(&prices(text), expected, "{text}");
        }
    }

    #[test]
    fn a_masked_number_tells_little() {
        assert_eq!(masked("4111111111111111"), "411•••••••••••11");
        assert_eq!(masked("1234"), "••••");
    }
}

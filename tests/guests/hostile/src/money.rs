//! Sins of money: sheets that must not open, payments that must not stay.

use crate::exports::xitai::program::program::{Failure, Step};
use crate::screens::money;
use crate::steps::good;
use crate::xitai::payments::payments::{self, Order, Payee, Payment, Split};

type Outcome = Result<Step, Failure>;

fn order(key: &str, minor: i64) -> Order {
    Order {
        key: key.to_owned(),
        amount: money(minor),
        purpose: "lunch".to_owned(),
        lines: vec![],
        splits: vec![],
        coupons: vec![],
        capture_later: false,
        expires_in_s: 600,
    }
}

/// The same money to somebody else.
fn to_the_branch(key: &str, minor: i64) -> Order {
    let payee = Payee::Branch("suzhou".to_owned());
    Order { splits: vec![Split { payee, amount: money(minor), role: "rest".to_owned() }], ..order(key, minor) }
}

fn request(order: &Order) -> Result<Payment, Failure> {
    payments::request(order).map_err(|refusal| Failure { code: refusal.code, detail: refusal.detail })
}

fn showing(state: &[u8], ticket: Option<String>) -> Outcome {
    Ok(Step { sheet: ticket, ..good(state.to_vec()) })
}

/// `argument` is the order's key, or a ticket.
pub fn commit(sin: &str, argument: &str, state: &[u8]) -> Option<Outcome> {
    let key = if argument.is_empty() { "order" } else { argument };
    Some(match sin {
        // What the button says: it must work when that was tapped, and never without.
        "pay" | "sheet" => request(&order(key, 1_200)).and_then(|payment| showing(state, payment.ticket)),
        "sheet-amount" => request(&order(key, 1_201)).and_then(|payment| showing(state, payment.ticket)),
        "sheet-forged" => {
            let ticket = if argument.is_empty() { "01ARZ3NDEKTSV4RRFFQ69G5FAV" } else { argument };
            showing(state, Some(ticket.to_owned()))
        }
        "sheet-nonsense" => showing(state, Some("' OR 1=1 --".to_owned())),
        // Drafts one for the branch, which the button with the amount then shows: of an earlier event, of equal
        // amount, to another payee.
        "draft" => request(&to_the_branch(key, 1_200)).map(|payment| {
            let ticket = payment.ticket.unwrap_or_default();
            good(format!("next:sheet-forged:{ticket}").into_bytes())
        }),
        "two-drafts" => request(&order("first", 1_200)).and_then(|first| {
            request(&to_the_branch("second", 1_200))?;
            showing(state, first.ticket)
        }),
        "failure-after-request" => request(&order(key, 1_200))
            .and_then(|_| Err(Failure { code: "hostile".to_owned(), detail: "after it asked for money".to_owned() })),
        "trap-after-request" => {
            let _ = request(&order(key, 1_200));
            panic!("broken off after it asked for money")
        }
        "many-drafts" => {
            let all = (0..20).map(|number| request(&order(&format!("{key}-{number}"), 1)));
            all.collect::<Result<Vec<_>, _>>().and_then(|_| showing(state, None))
        }
        "foreign-payee" => {
            let payee = Payee::Merchant("evil".to_owned());
            let splits = vec![Split { payee, amount: money(1_200), role: "mine".to_owned() }];
            request(&Order { splits, ..order(key, 1_200) }).and_then(|payment| showing(state, payment.ticket))
        }
        "other-payment" => match payments::get(argument) {
            Ok(payment) => Ok(good(format!("{} {}", payment.key, payment.amount.minor).into_bytes())),
            Err(refusal) => Err(Failure { code: refusal.code, detail: refusal.detail }),
        },
        _ => return None,
    })
}

//! The contract's imports, answered from the bank in memory. Same names and types as the generated ones.

use super::world::{Bill, CALL, Call, World};
use crate::{Refusal, RefusalKind};

pub mod agreements;
pub mod attachments;
pub mod authoring;
pub mod claims;
pub mod coupons;
pub mod feedback;
pub mod locator;
pub mod mandates;
pub mod notices;
pub mod partner;
pub mod presence;
pub mod printer;
pub mod programs;
pub mod proofs;
pub mod relationship;
pub mod payouts;
pub mod red_envelopes;
pub mod scanner;
pub mod secure_fields;
pub mod sharing;

const HOST_CALLS_MAX: u32 = 100;

/// Answers one host call of the call that runs in this thread.
fn answer<T>(serve: impl FnOnce(&Call, &mut World) -> T) -> T {
    CALL.with_borrow_mut(|slot| {
        let call = slot.as_mut().expect("host functions are called from within a program's open or update");
        call.host_calls += 1;
        assert!(call.host_calls <= HOST_CALLS_MAX, "more than 100 host calls in one event");
        let world = call.world.clone();
        serve(call, &mut world.borrow_mut())
    })
}

fn refusal(kind: RefusalKind, code: &str, detail: &str) -> Refusal {
    Refusal { kind, code: code.to_owned(), detail: detail.to_owned(), retry_after_ms: None }
}

fn page(all: Vec<String>, after: Option<&str>) -> (Vec<String>, Option<String>) {
    let (page, more) = entries(all.into_iter().map(|key| (key, ())), after, |()| 0);
    (page.into_iter().map(|(key, ())| key).collect(), more)
}

/// A page of rows in order: at most a hundred, and a MiB, but one in any case.
fn entries<T>(
    all: impl Iterator<Item = (String, T)>,
    after: Option<&str>,
    weight: impl Fn(&T) -> usize,
) -> (Vec<(String, T)>, Option<String>) {
    let mut rest = all.filter(|(key, _)| after.is_none_or(|after| key.as_str() > after)).peekable();
    let (mut page, mut bytes) = (Vec::new(), 0);
    while let Some((_, value)) = rest.peek() {
        bytes += weight(value);
        if page.len() == 100 || (bytes > 1 << 20 && !page.is_empty()) {
            break;
        }
        page.extend(rest.next());
    }
    let more = rest.next().and_then(|_| page.last()).map(|(key, _): &(String, T)| key.clone());
    (page, more)
}

pub mod storage {
    //! One customer's values.
    use super::{Refusal, answer, page};

    /// A page of keys with their values.
    type Entries = (Vec<(String, Vec<u8>)>, Option<String>);

    pub fn entries(prefix: &str, after: Option<&str>) -> Result<Entries, Refusal> {
        answer(|call, world| {
            let mine = world.kept.storage.iter().filter(|((subject, _), _)| *subject == call.subject);
            let mine = mine.map(|((_, key), value)| (key.clone(), value.clone()));
            Ok(super::entries(mine.filter(|(key, _)| key.starts_with(prefix)), after, Vec::len))
        })
    }
    pub fn get(key: &str) -> Result<Option<Vec<u8>>, Refusal> {
        answer(|call, world| Ok(world.kept.storage.get(&(call.subject.clone(), key.to_owned())).cloned()))
    }
    pub fn set(key: &str, value: &[u8]) -> Result<(), Refusal> {
        answer(|call, world| {
            world.kept.storage.insert((call.subject.clone(), key.to_owned()), value.to_vec());
            Ok(())
        })
    }
    pub fn remove(key: &str) -> Result<(), Refusal> {
        answer(|call, world| {
            world.kept.storage.remove(&(call.subject.clone(), key.to_owned()));
            Ok(())
        })
    }
    pub fn keys(prefix: &str, after: Option<&str>) -> Result<(Vec<String>, Option<String>), Refusal> {
        answer(|call, world| {
            let mine = world.kept.storage.keys().filter(|(subject, _)| *subject == call.subject);
            Ok(page(mine.map(|(_, key)| key.clone()).filter(|key| key.starts_with(prefix)).collect(), after))
        })
    }
}

pub mod shared_storage {
    //! The branch's values.
    use super::{Refusal, RefusalKind, World, answer, page, refusal};
    pub use crate::bindings::xitai::services::shared_storage::Versioned;

    /// A page of keys with their values.
    type Entries = (Vec<(String, Versioned)>, Option<String>);

    pub fn get(key: &str) -> Result<Option<Versioned>, Refusal> {
        answer(|_, world| {
            Ok(standing(world, key).cloned().map(|value| Versioned { value, version: version(world, key) }))
        })
    }
    pub fn swap(key: &str, expected: Option<u64>, value: &[u8]) -> Result<(), Refusal> {
        answer(|_, world| write(world, key, expected, Some(value.to_vec())))
    }
    pub fn remove(key: &str, expected: u64) -> Result<(), Refusal> {
        answer(|_, world| write(world, key, Some(expected), None))
    }
    pub fn entries(prefix: &str, after: Option<&str>) -> Result<Entries, Refusal> {
        answer(|_, world| {
            let kept = world.kept.shared.iter().filter(|(key, _)| key.starts_with(prefix));
            let kept = kept.filter_map(|(key, (value, version))| {
                Some((key.clone(), Versioned { value: value.clone()?, version: *version }))
            });
            Ok(super::entries(kept, after, |kept| kept.value.len()))
        })
    }

    fn standing<'a>(world: &'a World, key: &str) -> Option<&'a Vec<u8>> {
        world.kept.shared.get(key).and_then(|(value, _)| value.as_ref())
    }
    /// A removed key keeps its version.
    fn version(world: &World, key: &str) -> u64 {
        world.kept.shared.get(key).map_or(0, |(_, version)| *version)
    }
    fn write(world: &mut World, key: &str, expected: Option<u64>, value: Option<Vec<u8>>) -> Result<(), Refusal> {
        let version = version(world, key);
        if standing(world, key).map(|_| version) != expected {
            return Err(refusal(RefusalKind::Conflict, "storage.conflict", key));
        }
        world.kept.shared.insert(key.to_owned(), (value, version + 1));
        Ok(())
    }
    pub fn keys(prefix: &str, after: Option<&str>) -> Result<(Vec<String>, Option<String>), Refusal> {
        answer(|_, world| {
            let kept = world.kept.shared.iter().filter(|(key, (value, _))| key.starts_with(prefix) && value.is_some());
            Ok(page(kept.map(|(key, _)| key.clone()).collect(), after))
        })
    }
}

pub mod counters {
    //! The branch's numbers.
    use super::{Refusal, RefusalKind, answer, refusal};

    pub fn read(name: &str) -> Result<i64, Refusal> {
        answer(|_, world| Ok(world.kept.counters.get(name).copied().unwrap_or_default()))
    }
    pub fn add(name: &str, delta: i64, at_least: i64, at_most: i64) -> Result<(), Refusal> {
        answer(|_, world| {
            let counter = world.kept.counters.entry(name.to_owned()).or_default();
            match counter.checked_add(delta) {
                Some(moved) if (at_least..=at_most).contains(&moved) => {
                    *counter = moved;
                    Ok(())
                }
                _ => Err(refusal(RefusalKind::Conflict, "counter.bounds", name)),
            }
        })
    }
    pub fn next(name: &str) -> Result<u64, Refusal> {
        answer(|_, world| {
            let newest = world.series.entry(name.to_owned()).or_default();
            *newest += 1;
            Ok(*newest)
        })
    }
    pub fn last(name: &str) -> Result<u64, Refusal> {
        answer(|_, world| Ok(world.series.get(name).copied().unwrap_or_default()))
    }
}

pub mod wakeups {
    //! Calls to come.
    use super::{Refusal, answer};

    pub fn after(ms: u64, key: &str) -> Result<(), Refusal> {
        answer(|call, world| {
            let due = world.now_ms.saturating_add_unsigned(ms);
            world.kept.wakeups.insert((call.session, key.to_owned()), due);
            Ok(())
        })
    }
    pub fn cancel(key: &str) {
        answer(|call, world| {
            world.kept.wakeups.remove(&(call.session, key.to_owned()));
        });
    }
}

pub mod config {
    //! The branch's settings.
    use super::answer;

    pub fn get(name: &str) -> Option<String> {
        answer(|_, world| world.config.get(name).cloned())
    }
}

pub mod log {
    //! The publisher's log.
    use super::answer;
    pub use crate::bindings::xitai::services::log::Level;

    pub fn write(level: Level, text: &str) {
        answer(|_, world| world.log.push(format!("{level:?}: {text}").replace("Level::", "").to_lowercase()));
    }
}

pub mod customer {
    //! Who is there.
    use super::answer;
    use crate::bindings::xitai::identity::customer::{Customer, Level};

    pub fn whoami() -> Customer {
        answer(|call, world| Customer {
            subject: call.subject.clone(),
            level: Level::AccountHolder,
            proved_at: world.kept.proved.get(&call.session).copied().unwrap_or(super::super::NOON_MS),
            roles: call.roles.clone(),
        })
    }
}

pub mod payments {
    //! The customer's payments.
    use super::{Bill, Refusal, RefusalKind, answer, refusal};
    use crate::bindings::xitai::payments::payments::{Order, Payment, Status};
    use crate::bindings::xitai::types::values::Money;

    pub fn request(order: &Order) -> Result<Payment, Refusal> {
        answer(|call, world| {
            let same = |bill: &&Bill| bill.subject == call.subject && bill.payment.key == order.key;
            if let Some(bill) = world.kept.payments.iter().find(same) {
                return match bill.order == *order {
                    true => Ok(bill.payment.clone()),
                    false => Err(refusal(RefusalKind::Conflict, "payment.key-reused", &order.key)),
                };
            }
            let legs: i64 = order.splits.iter().map(|split| split.amount.minor).sum();
            if order.amount.minor <= 0 || (!order.splits.is_empty() && legs != order.amount.minor) {
                return Err(refusal(RefusalKind::Invalid, "payment.amount", "the legs sum to the amount, above zero"));
            }
            let discount = super::coupons::discount(call, world, &order.amount, &order.coupons)?;
            world.ids_given += 1;
            let money = |minor| Money { minor, currency: order.amount.currency.clone() };
            let nothing = money(0);
            let payment = Payment {
                id: format!("payment-{}", world.ids_given),
                key: order.key.clone(),
                status: Status::Draft,
                amount: order.amount.clone(),
                discount: money(discount),
                payable: money(order.amount.minor - discount),
                captured: nothing.clone(),
                refunded: nothing,
                decline_code: None,
                updated: world.now_ms,
                ticket: Some(format!("ticket-{}", world.ids_given)),
            };
            world.kept.payments.push(Bill {
                payment: payment.clone(),
                order: order.clone(),
                session: call.session,
                subject: call.subject.clone(),
                expires_ms: world.now_ms + i64::from(order.expires_in_s) * 1_000,
                armed_chain: call.chain,
                operations: Vec::new(),
            });
            Ok(payment)
        })
    }
    pub fn get(id: &str) -> Result<Payment, Refusal> {
        answer(|call, world| {
            let mine = |bill: &&Bill| bill.payment.id == id && (bill.subject == call.subject || call.acts_for_merchant);
            let bill = world.kept.payments.iter().find(mine);
            bill.map(|bill| bill.payment.clone()).ok_or_else(|| refusal(RefusalKind::NotFound, "payment.unknown", id))
        })
    }
}

pub mod merchant_payments {
    //! The branch's takings.
    use super::{Bill, Refusal, RefusalKind, answer, refusal};
    use crate::bindings::xitai::payments::payments::{Payment, Status};
    use crate::bindings::xitai::types::values::Money;

    pub fn search(since: i64, _after: Option<&str>) -> Result<(Vec<Payment>, Option<String>), Refusal> {
        answer(|call, world| {
            if !call.acts_for_merchant {
                return Err(refusal(RefusalKind::NotGranted, "payment.not-staff", "customers see only their own"));
            }
            let changed = world.kept.payments.iter().filter(|bill| bill.payment.updated >= since);
            Ok((changed.map(|bill| bill.payment.clone()).collect(), None))
        })
    }
    pub fn capture(id: &str, amount: &Money, key: &str) -> Result<Payment, Refusal> {
        operate(id, key, |bill, _| {
            if bill.payment.status != Status::Authorised || amount.minor > bill.payment.payable.minor {
                return Err(refusal(RefusalKind::Conflict, "payment.state", "only what is reserved can be taken"));
            }
            bill.payment.captured.minor += amount.minor;
            bill.payment.status = Status::Settled;
            Ok(())
        })
    }
    pub fn cancel(id: &str, key: &str) -> Result<Payment, Refusal> {
        operate(id, key, |bill, _| {
            if matches!(bill.payment.status, Status::Settled | Status::PartlyCaptured) {
                return Err(refusal(
                    RefusalKind::Conflict,
                    "payment.state",
                    "what is settled is refunded, not cancelled",
                ));
            }
            bill.payment.status = Status::Cancelled;
            bill.payment.ticket = None;
            Ok(())
        })
    }
    pub fn refund(id: &str, amount: &Money, _reason: &str, key: &str) -> Result<Payment, Refusal> {
        operate(id, key, |bill, balance| {
            if amount.minor <= 0 || bill.payment.refunded.minor + amount.minor > bill.payment.captured.minor {
                return Err(refusal(RefusalKind::Invalid, "payment.refund", "no more can go back than was taken"));
            }
            bill.payment.refunded.minor += amount.minor;
            *balance += amount.minor;
            Ok(())
        })
    }

    fn operate(
        id: &str,
        key: &str,
        change: impl FnOnce(&mut Bill, &mut i64) -> Result<(), Refusal>,
    ) -> Result<Payment, Refusal> {
        answer(|call, world| {
            if !call.acts_for_merchant {
                return Err(refusal(RefusalKind::NotGranted, "payment.not-staff", "only staff may do this"));
            }
            let now = world.now_ms;
            let kept = &mut world.kept;
            let bill = kept.payments.iter_mut().find(|bill| bill.payment.id == id);
            let bill = bill.ok_or_else(|| refusal(RefusalKind::NotFound, "payment.unknown", id))?;
            if bill.operations.iter().any(|done| done == key) {
                return Ok(bill.payment.clone());
            }
            let balance = kept.balances.entry(bill.subject.clone()).or_insert(100_000);
            change(bill, balance)?;
            bill.operations.push(key.to_owned());
            bill.payment.updated = now;
            Ok(bill.payment.clone())
        })
    }
}

pub mod merchant_codes {
    //! Codes to be scanned; here a plain text that says the same.
    use super::{Refusal, RefusalKind, refusal};
    use crate::bindings::xitai::types::values::Money;

    pub fn make(amount: Option<&Money>, reference: &str) -> Result<String, Refusal> {
        let asked = amount.map(|amount| format!("{}{}", amount.currency, amount.minor)).unwrap_or_default();
        Ok(format!("EMV|{reference}|{asked}"))
    }
    pub fn read(text: &str) -> Result<(String, Option<Money>), Refusal> {
        let wrong = || refusal(RefusalKind::Invalid, "code.unreadable", text);
        let mut parts = text.split('|');
        let (Some("EMV"), Some(reference), Some(asked)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        if asked.is_empty() {
            return Ok((reference.to_owned(), None));
        }
        let (currency, minor) = asked.split_at_checked(3).ok_or_else(wrong)?;
        let minor = minor.parse().map_err(|_| wrong())?;
        Ok((reference.to_owned(), Some(Money { minor, currency: currency.to_owned() })))
    }
}

pub mod library {
    //! Reviewed content.
    use super::{Refusal, RefusalKind, answer, refusal};
    use crate::bindings::xitai::content::library::{Entry, Query};

    pub fn find(query: &Query, _after: Option<&str>) -> Result<(Vec<Entry>, Option<String>), Refusal> {
        answer(|_, world| {
            let fits = |entry: &&Entry| {
                query.kind.as_ref().is_none_or(|kind| *kind == entry.kind)
                    && query.tag.as_ref().is_none_or(|tag| entry.tags.contains(tag))
                    && query.text.as_ref().is_none_or(|text| entry.title.contains(text) || entry.summary.contains(text))
            };
            Ok((world.library.iter().filter(fits).cloned().collect(), None))
        })
    }
    pub fn get(id: &str) -> Result<Entry, Refusal> {
        answer(|_, world| {
            let entry = world.library.iter().find(|entry| entry.id == id).cloned();
            entry.ok_or_else(|| refusal(RefusalKind::NotFound, "content.unknown", id))
        })
    }
}

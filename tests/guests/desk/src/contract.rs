//! Any function of the contract by its name, with words as arguments: for the test that calls all of them.
//!
//! A new function has its arm here. Bytes are told as text, so that what is in them can be found.

use crate::script::Said;
use xitai::bindings::xitai::{content, identity, payments, services, types};
use xitai::prelude::*;

type Told = Result<String, Refusal>;

/// The words of a call; those that are missing are the first one again.
struct Words<'a>(&'a [String]);

impl Words<'_> {
    fn at(&self, place: usize) -> &str {
        self.0.get(place).or(self.0.first()).map_or("", String::as_str)
    }
    fn owned(&self, place: usize) -> String {
        self.at(place).to_owned()
    }
}

fn told(value: impl std::fmt::Debug) -> String {
    format!("{value:?}").chars().take(3_500).collect()
}

fn bytes(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

fn fen(minor: i64) -> types::values::Money {
    types::values::Money { minor, currency: "CNY".to_owned() }
}

pub fn ask(function: &str, words: &[String]) -> Result<Said, Refusal> {
    let words = Words(words);
    let (interface, name) = function.rsplit_once('.').unwrap_or_default();
    let answer = match interface {
        "customer" | "claims" | "proofs" | "presence" | "agreements" | "secure-fields" => {
            of_identity(interface, name, &words)
        }
        "payments" | "merchant-payments" | "merchant-codes" => of_payments(interface, name, &words),
        "mandates" | "coupons" | "payouts" | "red-envelopes" => of_permissions(interface, name, &words),
        "library" | "authoring" | "feedback" => of_content(interface, name, &words),
        "storage" | "shared-storage" | "counters" | "wakeups" | "config" | "log" => of_keeping(interface, name, &words),
        _ => of_reaching(interface, name, &words),
    };
    let answer = answer.unwrap_or_else(|refusal| format!("{}: {}", refusal.code, refusal.detail));
    Ok(Said::Text(format!("{function}: {answer}")))
}

fn of_identity(interface: &str, name: &str, words: &Words<'_>) -> Told {
    use identity::{agreements, claims, customer, presence, proofs, secure_fields};
    Ok(match (interface, name) {
        ("customer", "whoami") => told(customer::whoami()),
        ("claims", "request") => {
            let claims = vec!["legal-name".to_owned()];
            let ask = claims::ConsentRequest { claims, optional: Vec::new(), purpose: words.owned(0), keep_days: 1 };
            told(claims::request(&ask)?)
        }
        ("claims", "granted") => told(claims::granted()?),
        ("claims", "read") => told(claims::read(words.at(0))?),
        ("proofs", "prove") => {
            let predicate = proofs::Predicate { kind: "guardian-of".to_owned(), value: words.owned(0) };
            told(proofs::prove(&predicate, "tests")?)
        }
        ("presence", "request") => told(presence::request("tests")?),
        ("agreements", "propose") => told(agreements::propose(words.at(0), None, words.at(1))?),
        ("agreements", "get") => told(agreements::get(words.at(0))?),
        ("agreements", "withdraw") => told(agreements::withdraw(words.at(0), words.at(1))?),
        ("secure-fields", "prepare") => told(secure_fields::prepare("identity-number", "tests")?),
        _ => "no-such-function".to_owned(),
    })
}

fn of_payments(interface: &str, name: &str, words: &Words<'_>) -> Told {
    use payments::{merchant_codes, merchant_payments, payments as own};
    Ok(match (interface, name) {
        ("payments", "request") => {
            let order = own::Order {
                key: words.owned(0),
                amount: fen(7),
                purpose: "tests".to_owned(),
                lines: Vec::new(),
                splits: Vec::new(),
                coupons: Vec::new(),
                capture_later: false,
                expires_in_s: 60,
            };
            told(own::request(&order)?)
        }
        ("payments", "get") => told(own::get(words.at(0))?),
        ("merchant-payments", "search") => told(merchant_payments::search(0, None)?),
        ("merchant-payments", "capture") => told(merchant_payments::capture(words.at(0), &fen(1), words.at(1))?),
        ("merchant-payments", "cancel") => told(merchant_payments::cancel(words.at(0), words.at(1))?),
        ("merchant-payments", "refund") => told(merchant_payments::refund(words.at(0), &fen(1), "tests", words.at(1))?),
        ("merchant-codes", "make") => told(merchant_codes::make(None, "tests")?),
        ("merchant-codes", "read") => told(merchant_codes::read(words.at(0))?),
        _ => "no-such-function".to_owned(),
    })
}

fn of_permissions(interface: &str, name: &str, words: &Words<'_>) -> Told {
    use payments::{coupons, mandates, payouts, red_envelopes};
    Ok(match (interface, name) {
        ("mandates", "propose") => {
            let terms = mandates::Terms {
                purpose: "tests".to_owned(),
                each_at_most: fen(1),
                period: mandates::Period::Day,
                period_at_most: fen(1),
                until: 4_000_000_000_000,
            };
            told(mandates::propose(&terms, words.at(0))?)
        }
        ("mandates", "charge") => told(mandates::charge(words.at(0), &fen(1), words.at(1))?),
        ("mandates", "get") => told(mandates::get(words.at(0))?),
        ("mandates", "revoke") => told(mandates::revoke(words.at(0))?),
        ("payouts", "pay") => told(payouts::pay(words.at(0), &fen(1), "tests", words.at(1))?),
        ("red-envelopes", "give") => told(red_envelopes::give(&fen(1), 1, true, 3_600, words.at(0))?),
        ("red-envelopes", "take") => told(red_envelopes::take(words.at(0), words.at(1))?),
        ("red-envelopes", "get") => told(red_envelopes::get(words.at(0))?),
        ("coupons", "offers") => told(coupons::offers()?),
        ("coupons", "eligible") => told(coupons::eligible()?),
        ("coupons", "price") => told(coupons::price(&fen(100), &[words.owned(0)])?),
        ("coupons", "claim") => told(coupons::claim(words.at(0), words.at(1))?),
        ("coupons", "redeem-code") => told(coupons::redeem_code(words.at(0), words.at(1))?),
        _ => "no-such-function".to_owned(),
    })
}

fn of_content(interface: &str, name: &str, words: &Words<'_>) -> Told {
    use content::{authoring, feedback, library};
    Ok(match (interface, name) {
        ("library", "find") => {
            let query = library::Query { kind: None, tag: None, text: Some(words.owned(0)), near: None };
            told(library::find(&query, None)?)
        }
        ("library", "get") => told(library::get(words.at(0))?),
        ("authoring", "submit") => {
            let draft = authoring::Draft {
                kind: "article".to_owned(),
                title: words.owned(0),
                summary: String::new(),
                body: String::new(),
                image: None,
                price: None,
                tags: Vec::new(),
                details: Vec::new(),
            };
            told(authoring::submit(&draft, words.at(1))?)
        }
        ("authoring", "status") => told(authoring::status(words.at(0))?),
        ("authoring", "withdraw") => told(authoring::withdraw(words.at(0))?),
        ("feedback", "rate") => told(feedback::rate(words.at(0), Some(words.at(0)), 5, "", words.at(1))?),
        ("feedback", "complain") => told(feedback::complain("", words.at(0), words.at(1))?),
        ("feedback", "ratings") => told(feedback::ratings(words.at(0), None)?),
        ("feedback", "answer") => told(feedback::answer(words.at(0), "tests", words.at(1))?),
        ("feedback", "tally") => told(feedback::tally(words.at(0))?),
        _ => "no-such-function".to_owned(),
    })
}

fn of_keeping(interface: &str, name: &str, words: &Words<'_>) -> Told {
    use services::{config, counters, log, shared_storage, storage, wakeups};
    let versioned = |kept: shared_storage::Versioned| (bytes(&kept.value), kept.version);
    Ok(match (interface, name) {
        ("storage", "get") => told(storage::get(words.at(0))?.map(|value| bytes(&value))),
        ("storage", "set") => told(storage::set(&format!("own-{}", words.at(0)), b"\"tests\"")?),
        ("storage", "remove") => told(storage::remove(&format!("own-{}", words.at(0)))?),
        ("storage", "keys") => told(storage::keys("", None)?),
        ("storage", "entries") => {
            let (page, more) = storage::entries("", None)?;
            told((page.into_iter().map(|(key, value)| (key, bytes(&value))).collect::<Vec<_>>(), more))
        }
        ("shared-storage", "get") => told(shared_storage::get(words.at(0))?.map(versioned)),
        ("shared-storage", "swap") => told(shared_storage::swap(words.at(0), Some(999), b"\"tests\"")?),
        ("shared-storage", "remove") => told(shared_storage::remove(words.at(0), 999)?),
        ("shared-storage", "keys") => told(shared_storage::keys("", None)?),
        ("shared-storage", "entries") => {
            let (page, more) = shared_storage::entries("", None)?;
            told((page.into_iter().map(|(key, kept)| (key, versioned(kept))).collect::<Vec<_>>(), more))
        }
        ("counters", "read") => told(counters::read(words.at(0))?),
        ("counters", "add") => told(counters::add(words.at(0), 0, i64::MIN, i64::MAX)?),
        ("counters", "next") => told(counters::next(words.at(0))?),
        ("counters", "last") => told(counters::last(words.at(0))?),
        ("wakeups", "after") => told(wakeups::after(3_600_000, words.at(0))?),
        ("wakeups", "cancel") => told(wakeups::cancel(words.at(0))),
        ("config", "get") => told(config::get(words.at(0))),
        ("log", "write") => told(log::write(log::Level::Info, "tests")),
        _ => "no-such-function".to_owned(),
    })
}

fn of_reaching(interface: &str, name: &str, words: &Words<'_>) -> Told {
    use services::{attachments, locator, notices, partner, printer, programs, relationship, scanner, sharing};
    Ok(match (interface, name) {
        ("partner", "call") => {
            let request = partner::Request {
                endpoint: "hospital".to_owned(),
                method: "GET".to_owned(),
                path: "/".to_owned(),
                body: Vec::new(),
                sealed: vec![("/a".to_owned(), words.owned(0))],
                key: words.owned(1),
            };
            told(partner::call(&request)?)
        }
        ("scanner", "request") => told(scanner::request()?),
        ("notices", "subscribe") => told(notices::subscribe(&[words.owned(0)])?),
        ("notices", "send") => {
            let notice = notices::Notice {
                to: Some(words.owned(0)),
                template: words.owned(1),
                values: Vec::new(),
                not_before: None,
                key: words.owned(1),
            };
            told(notices::send(&notice)?)
        }
        ("notices", "balance") => told(notices::balance(Some(words.at(0)), words.at(1))?),
        ("relationship", "manager-name") => told(relationship::manager_name()?),
        ("relationship", "note") => told(relationship::note("tests of the platform", "tests", words.at(1))?),
        ("relationship", "thread") => told(relationship::thread("tests of the platform", None)?),
        ("programs", "open-here") => told(programs::open_here()?),
        ("programs", "start") => told(programs::start(words.at(0), "pages/index", &[])?),
        ("locator", "request") => told(locator::request("tests")?),
        ("attachments", "request") => told(attachments::request("tests", &["pdf".to_owned()])?),
        ("attachments", "describe") => told(attachments::describe(words.at(0))?),
        ("attachments", "read") => bytes(&attachments::read(words.at(0), 0)?),
        ("attachments", "remove") => told(attachments::remove(words.at(0))?),
        ("printer", "request") => {
            let (title, lines) = ("tests".to_owned(), Vec::new());
            told(printer::request(&printer::Document { title, lines, note: None, code: None })?)
        }
        ("sharing", "request") => told(sharing::request("pages/index", &[], "tests")?),
        _ => "no-such-function".to_owned(),
    })
}

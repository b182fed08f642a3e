//! The commands of a script, as JSON: `[{"do":"request","key":"a","minor":1200}, {"do":"show","key":"a"}]`.

use crate::Desk;
use serde::{Deserialize, Serialize};
use xitai::payments::{Payee, merchant};
use xitai::prelude::*;
use xitai::services::{partner, secure_fields};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Command {
    /// Shows a button with this amount, and says what a tap on it does.
    Button {
        minor: i64,
        currency: Option<String>,
        then: Vec<Command>,
    },
    /// What a host-made event does.
    OnHost {
        then: Vec<Command>,
    },
    /// Asks for a payment.
    Request {
        key: String,
        minor: i64,
        currency: Option<String>,
        #[serde(default)]
        purpose: Option<String>,
        /// To the branch, or with `head-office` to that, instead of the program's own merchant.
        #[serde(default)]
        branch: Option<String>,
        /// Who gets how much of it, in minor units: `branch:suzhou`, `head-office`, `merchant:…`.
        #[serde(default)]
        shares: Vec<(String, i64)>,
        #[serde(default)]
        coupons: Vec<String>,
        #[serde(default)]
        expires_in_s: Option<u32>,
        #[serde(default)]
        capture_later: bool,
    },
    /// Shows the sheet of a payment asked for before.
    Show {
        key: String,
    },
    /// Shows the sheet of a ticket, wherever it is from.
    ShowTicket {
        ticket: String,
    },
    Payment {
        id: String,
    },
    Capture {
        id: String,
        minor: i64,
        #[serde(default)]
        currency: Option<String>,
        key: String,
    },
    Cancel {
        id: String,
        key: String,
    },
    Refund {
        id: String,
        minor: i64,
        #[serde(default)]
        currency: Option<String>,
        key: String,
    },
    /// Moves a counter within bounds.
    Add {
        name: String,
        delta: i64,
        at_least: i64,
        at_most: i64,
    },
    Read {
        name: String,
    },
    Next {
        name: String,
    },
    Keep {
        key: String,
        value: String,
    },
    Kept {
        key: String,
    },
    Share {
        key: String,
        value: String,
    },
    Shared {
        key: String,
    },
    Wake {
        ms: u64,
        key: String,
    },
    Watch {
        name: String,
    },
    /// Asks a partner's system.
    Call {
        endpoint: String,
        path: String,
        key: String,
        #[serde(default)]
        method: Option<String>,
        #[serde(default)]
        body: Option<serde_json::Value>,
        /// Places in the body, and the names of fields that are shown.
        #[serde(default)]
        sealed: Vec<(String, String)>,
    },
    /// Shows a secure field.
    Field {
        name: String,
        kind: String,
    },
    /// Asks for a code and shows the sheet.
    Scan,
    /// A short message that passes by.
    Toast {
        text: String,
    },
    /// Reaching the customer, their manager and their device.
    Reach {
        what: crate::reach::What,
    },
    /// Content and the customers' word.
    Content {
        what: crate::content::What,
    },
    /// Mandates and gifts.
    Money {
        what: crate::money::What,
    },
    /// Who the customer is, and what they gave.
    Identity {
        what: crate::identity::What,
    },
    /// Calls any function of the contract, by its name.
    Ask {
        function: String,
        words: Vec<String>,
    },
    Who,
    Log {
        text: String,
    },
    Fail {
        code: String,
    },
    Trap,
    /// Computes for about so many million additions.
    Spin {
        millions: u64,
    },
}

pub enum Said {
    Text(String),
    Sheet(String),
    Toast(String),
    Fail(String),
}

pub fn read(text: &str) -> Result<Vec<Command>, Failure> {
    serde_json::from_str(text).map_err(|e| Failure::new("script.malformed", e.to_string()))
}

fn money(minor: i64, currency: &Option<String>) -> Money {
    let currency = currency.as_deref().and_then(xitai::Currency::parse).unwrap_or(xitai::Currency::CNY);
    Money { minor, currency }
}

fn text(words: impl Into<String>) -> Result<Said, Refusal> {
    Ok(Said::Text(words.into()))
}

fn paid(payment: &Payment) -> Result<Said, Refusal> {
    text(format!("payment:{}:{}:{:?}", payment.key, payment.id, payment.status).to_lowercase())
}

impl Command {
    pub fn perform(&self, desk: &mut Desk) -> Result<Said, Refusal> {
        match self {
            Command::Button { minor, currency, then } => {
                desk.pay = Some(money(*minor, currency));
                desk.on_pay.clone_from(then);
                text("button")
            }
            Command::OnHost { then } => {
                desk.on_host.clone_from(then);
                text("on-host")
            }
            Command::Request { .. } => self.request(desk),
            Command::Show { key } => {
                let asked = desk.asked.iter().rev().find(|(k, _, _)| k == key);
                match asked.and_then(|(_, _, ticket)| ticket.clone()) {
                    Some(ticket) => Ok(Said::Sheet(ticket)),
                    None => text("no-ticket"),
                }
            }
            Command::ShowTicket { ticket } => Ok(Said::Sheet(ticket.clone())),
            Command::Payment { id } => paid(&payments::get(id)?),
            Command::Capture { id, minor, currency, key } => {
                paid(&merchant::capture(id, money(*minor, currency), key)?)
            }
            Command::Cancel { id, key } => paid(&merchant::cancel(id, key)?),
            Command::Refund { id, minor, currency, key } => {
                paid(&merchant::refund(id, money(*minor, currency), "script", key)?)
            }
            _ => self.serve(desk),
        }
    }

    fn request(&self, desk: &mut Desk) -> Result<Said, Refusal> {
        let Command::Request { key, minor, currency, purpose, branch, shares, coupons, expires_in_s, capture_later } =
            self
        else {
            return text("no-request");
        };
        let amount = money(*minor, currency);
        let mut order = Order::new(key, amount, purpose.as_deref().unwrap_or("Desk"));
        if let Some(branch) = branch {
            let payee = if branch == "head-office" { Payee::HeadOffice } else { Payee::Branch(branch.clone()) };
            order = order.split(payee, amount, "all");
        }
        for (who, minor) in shares {
            let payee = match who.split_once(':') {
                Some(("branch", id)) => Payee::Branch(id.to_owned()),
                Some((_, id)) => Payee::Merchant(id.to_owned()),
                None => Payee::HeadOffice,
            };
            order = order.split(payee, money(*minor, currency), "share");
        }
        for coupon in coupons {
            order = order.coupon(coupon);
        }
        if let Some(seconds) = expires_in_s {
            order = order.expires_in_s(*seconds);
        }
        if *capture_later {
            order = order.capture_later();
        }
        let payment = payments::request(&order)?;
        desk.asked.push((key.clone(), payment.id.clone(), payment.ticket.clone()));
        let ticket = payment.ticket.as_deref().unwrap_or("none");
        text(format!("asked:{key}:{}:{ticket}", payment.id))
    }

    fn serve(&self, desk: &mut Desk) -> Result<Said, Refusal> {
        match self {
            Command::Add { name, delta, at_least, at_most } => {
                counters::add_within(name, *delta, *at_least, *at_most)?;
                text(format!("added:{name}"))
            }
            Command::Read { name } => text(format!("counter:{name}:{}", counters::read(name)?)),
            Command::Next { name } => text(format!("next:{name}:{}", counters::next(name)?)),
            Command::Keep { key, value } => {
                storage::set(key, value)?;
                text(format!("keep:{key}"))
            }
            Command::Kept { key } => {
                let value: Option<serde_json::Value> = storage::get(key)?;
                text(format!("kept:{key}:{}", value.unwrap_or_default()))
            }
            Command::Share { key, value } => {
                shared::change(key, |kept: &mut String| kept.clone_from(value))?;
                text(format!("share:{key}"))
            }
            Command::Shared { key } => {
                let value: Option<String> = shared::get(key)?;
                text(format!("shared:{key}:{}", value.unwrap_or_default()))
            }
            Command::Wake { ms, key } => {
                wakeups::after_ms(*ms, key)?;
                text(format!("wake:{key}"))
            }
            Command::Watch { name } => {
                desk.watch.push(name.clone());
                text(format!("watch:{name}"))
            }
            Command::Call { endpoint, path, key, method, body, sealed } => {
                let mut call = match body {
                    Some(body) => partner::post(endpoint, path, key, body),
                    None => partner::get(endpoint, path, key),
                };
                if let Some(method) = method {
                    call = call.method(method);
                }
                for (place, name) in sealed {
                    let ticket = desk.fields.iter().rev().find(|(other, _)| other == name).map(|(_, ticket)| ticket);
                    call = call.sealed(place, ticket.map_or(name.as_str(), String::as_str));
                }
                text(format!("call:{key}:{}", call.send()?))
            }
            Command::Field { name, kind } => {
                let ticket = secure_fields::prepare(kind, "tests")?;
                desk.fields.retain(|(other, _)| other != name);
                desk.fields.push((name.clone(), ticket.clone()));
                text(format!("field:{name}:{ticket}"))
            }
            Command::Scan => Ok(Said::Sheet(xitai::services::scanner::request()?)),
            Command::Reach { what } => crate::reach::perform(what),
            Command::Content { what } => crate::content::perform(what),
            Command::Money { what } => crate::money::perform(what),
            Command::Ask { function, words } => crate::contract::ask(function, words),
            Command::Identity { what } => crate::identity::perform(what),
            Command::Who => text(format!("who:{}", identity::whoami().subject)),
            Command::Log { text: line } => {
                log::info(line);
                text("logged")
            }
            Command::Toast { text } => Ok(Said::Toast(text.clone())),
            Command::Fail { code } => Ok(Said::Fail(code.clone())),
            Command::Trap => panic!("the script says so"),
            Command::Spin { millions } => {
                let mut sum = 0_u64;
                for i in 0..millions * 1_000_000 {
                    sum = std::hint::black_box(sum.wrapping_add(i));
                }
                text(format!("spun:{sum}"))
            }
            _ => text("no-service"),
        }
    }
}

//! One registration from the tap on pay to the doctor's door, and how it ends when something is in the way.
//!
//! ```text
//! unpaid ── paid ─▶ booking ── 201 ─▶ booked ── given back ─▶ leaving ─▶ cancelled
//!    │                 │ ▲               └─── the hospital cancels ────▶ cancelled
//!    │                 │ └ asked again, where the answer was lost
//!    └─ not paid ──────┴─ no slot, refused, unreachable ──────────────▶ failed
//! ```
//! Every way into `failed` and `cancelled` from a paid registration owes the fee.

use crate::doctors::{Doctor, ENDPOINT};
use crate::money_back;
use serde::{Deserialize, Serialize};
use xitai::prelude::*;
use xitai::services::partner;

const KEPT: &str = "registrations";
const KEPT_MAX: usize = 30;
/// Times that the hospital is asked what became of a booking whose answer was lost, and the first pause between them.
const ASKED_MAX: u32 = 5;
const PAUSE_MS: u64 = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The sheet is open, or the bank has not said yet.
    Unpaid,
    /// Paid; the hospital has the question.
    Booking,
    Booked {
        slot: u64,
        number: u32,
    },
    /// The patient gave it back; the hospital has not said yes.
    Leaving {
        slot: u64,
        number: u32,
    },
    Failed(Why),
    Cancelled(By),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    NotPaid,
    Full,
    /// The hospital said no, such as to an identity number that it does not know.
    Refused,
    Unreachable,
    /// It may hold the slot, and never said so.
    Unclear,
    /// The identity number was no longer there when it was to be sent.
    IdentityGone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    Patient,
    Hospital,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// Its own number: of the payment, of the booking call, and the hospital's reference. Random, so that it tells nothing.
    pub key: String,
    pub patient: String,
    pub doctor: Doctor,
    pub day: String,
    pub fee: Money,
    pub payment: String,
    /// The secure field with the identity number.
    pub identity: String,
    pub stage: Stage,
    /// The call whose answer is awaited.
    pub call: Option<String>,
    pub asked: u32,
    pub placed_ms: i64,
    /// The fee is back.
    pub refunded: bool,
}

#[derive(Serialize)]
struct Booking<'a> {
    reference: &'a str,
    name: &'a str,
    doctor: &'a str,
    day: &'a str,
}

#[derive(Deserialize)]
struct Confirmed {
    slot: u64,
    number: u32,
}

fn confirmed(body: &[u8]) -> Option<Stage> {
    let Confirmed { slot, number } = serde_json::from_slice(body).ok()?;
    Some(Stage::Booked { slot, number })
}

impl Registration {
    /// The fee is paid: asks for the slot, with the identity number that the customer gave.
    pub fn paid(&mut self) -> Result<(), Refusal> {
        let booking = Booking { reference: &self.key, name: &self.patient, doctor: &self.doctor.id, day: &self.day };
        match partner::post(ENDPOINT, "/slots", &self.key, &booking).sealed("identity", &self.identity).send() {
            Ok(call) => {
                self.stage = Stage::Booking;
                self.call = Some(call);
                Ok(())
            }
            Err(refusal) => {
                log::warn(&format!("a paid registration can't be asked for: {} {}", refusal.code, refusal.detail));
                let gone = refusal.code.starts_with("secure-field.");
                self.fail(if gone { Why::IdentityGone } else { Why::Unreachable })
            }
        }
    }

    /// Nothing was paid, so nothing is owed.
    pub fn not_paid(&mut self) {
        self.stage = Stage::Failed(Why::NotPaid);
    }

    fn fail(&mut self, why: Why) -> Result<(), Refusal> {
        self.stage = Stage::Failed(why);
        self.call = None;
        money_back::owe(&self.payment, self.fee, "the hospital did not confirm a slot")
    }

    fn cancel(&mut self, by: By) -> Result<(), Refusal> {
        self.stage = Stage::Cancelled(by);
        self.call = None;
        let reason = match by {
            By::Patient => "the patient gave the slot back",
            By::Hospital => "the hospital cancelled the slot",
        };
        money_back::owe(&self.payment, self.fee, reason)
    }

    /// The hospital's answer to the call that is awaited, or that there is none.
    pub fn answered(&mut self, answer: Result<xitai::Response, String>) -> Result<(), Refusal> {
        self.call = None;
        match self.stage {
            Stage::Booking if self.asked == 0 => self.booking_answered(answer),
            Stage::Booking => self.question_answered(answer),
            Stage::Leaving { slot, number } => match answer {
                Ok(response) if matches!(response.status, 200 | 404) => self.cancel(By::Patient),
                // Still the patient's: they may try again.
                _ => {
                    self.stage = Stage::Booked { slot, number };
                    Ok(())
                }
            },
            _ => Ok(()),
        }
    }

    fn booking_answered(&mut self, answer: Result<xitai::Response, String>) -> Result<(), Refusal> {
        match answer {
            Ok(response) => match (response.status, confirmed(&response.body)) {
                (200 | 201, Some(booked)) => {
                    self.stage = booked;
                    Ok(())
                }
                (409, _) => self.fail(Why::Full),
                (200 | 201, None) => self.ask(),
                _ => self.fail(Why::Refused),
            },
            // It may have arrived: asking for a second slot could book two.
            Err(code) if code == "partner.outcome-unknown" || code == "partner.answer-refused" => self.ask(),
            Err(_) => self.fail(Why::Unreachable),
        }
    }

    fn question_answered(&mut self, answer: Result<xitai::Response, String>) -> Result<(), Refusal> {
        match answer {
            Ok(response) if response.status == 404 => self.fail(Why::Unreachable),
            Ok(response) if response.status == 200 => match confirmed(&response.body) {
                Some(booked) => {
                    self.stage = booked;
                    Ok(())
                }
                None => self.fail(Why::Unclear),
            },
            _ if self.asked >= ASKED_MAX => self.fail(Why::Unclear),
            _ => wakeups::after_ms(PAUSE_MS << self.asked, &self.key),
        }
    }

    /// Asks what became of the booking.
    pub fn ask(&mut self) -> Result<(), Refusal> {
        if self.stage != Stage::Booking || self.call.is_some() {
            return Ok(());
        }
        self.asked += 1;
        let path = format!("/slots/by-reference/{}", self.key);
        self.call = Some(partner::get(ENDPOINT, &path, &format!("{}-ask-{}", self.key, self.asked)).send()?);
        Ok(())
    }

    /// The patient can't come.
    pub fn give_back(&mut self, ctx: &Context) -> Result<(), Refusal> {
        let Stage::Booked { slot, number } = self.stage else { return Ok(()) };
        let key = format!("{}-leave-{:x}", self.key, ctx.random().next_u64());
        let call = partner::get(ENDPOINT, &format!("/slots/{slot}"), &key).method("DELETE").send()?;
        self.stage = Stage::Leaving { slot, number };
        self.call = Some(call);
        Ok(())
    }

    /// The hospital can't keep the slot, as its webhook says. Nothing that was ended before is ended again.
    pub fn cancelled_by_hospital(&mut self) -> Result<(), Refusal> {
        match self.stage {
            Stage::Booking | Stage::Booked { .. } | Stage::Leaving { .. } => self.cancel(By::Hospital),
            Stage::Unpaid | Stage::Failed(_) | Stage::Cancelled(_) => Ok(()),
        }
    }
}

/// The customer's registrations, newest first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Registrations {
    pub all: Vec<Registration>,
}

impl Registrations {
    pub fn load() -> Result<Self, Refusal> {
        Ok(storage::get(KEPT)?.unwrap_or_default())
    }
    pub fn save(&self) -> Result<(), Refusal> {
        storage::set(KEPT, self)
    }
    pub fn add(&mut self, registration: Registration) {
        self.all.insert(0, registration);
        self.all.truncate(KEPT_MAX);
    }
    pub fn find(&mut self, is: impl Fn(&Registration) -> bool) -> Option<&mut Registration> {
        self.all.iter_mut().find(|one| is(one))
    }
}

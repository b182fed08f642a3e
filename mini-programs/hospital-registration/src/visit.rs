//! What a patient does: choose a doctor and a day, pay, wait for the number, perhaps give it back.

use crate::doctors::{self, Doctor};
use crate::registration::{Registration, Registrations, Stage};
use crate::{State, hospital_name, screens};
use serde::{Deserialize, Serialize};
use xitai::identity::claims::{self, ConsentRequest, LEGAL_NAME};
use xitai::prelude::*;
use xitai::services::secure_fields::{self, IDENTITY_NUMBER};

/// How long the customer may look at the sheet. The identity number is kept longer than that.
const PAY_WITHIN_S: u32 = 300;
/// How long the name may be read: as long as somebody may come back for another doctor.
const NAME_KEPT_DAYS: u32 = 30;

/// A patient's session.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Visit {
    pub page: Page,
    pub list: List,
    /// Said until the customer does something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Page {
    #[default]
    Doctors,
    Days(String),
    Details(Choice),
    Registration(String),
    Mine,
}

/// A doctor and a day, with the field for the identity number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub doctor: String,
    pub day: String,
    pub identity: String,
    /// From the bank, by consent; typed by those who did not give it, or have none with the bank.
    pub name: Option<String>,
}

/// The hospital's doctors, as far as they are known.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub enum List {
    /// The call that asks for them.
    Asked(String),
    Known(Vec<Doctor>),
    #[default]
    Unreachable,
}

impl Visit {
    pub fn doctor(&self, id: &str) -> Option<&Doctor> {
        let List::Known(doctors) = &self.list else { return None };
        doctors.iter().find(|doctor| doctor.id == id)
    }
    fn ask(&mut self, ctx: &Context) {
        self.list = match doctors::ask(ctx) {
            Ok(call) => List::Asked(call),
            Err(refusal) => {
                log::warn(&format!("the hospital can't be asked: {} {}", refusal.code, refusal.detail));
                List::Unreachable
            }
        };
    }
}

pub fn open(ctx: &Context, launch: &Launch) -> StepResult<State> {
    let page = if launch.page == "pages/mine" { Page::Mine } else { Page::Doctors };
    let mut visit = Visit { page, ..Visit::default() };
    visit.ask(ctx);
    show(ctx, visit)
}

/// What stands for the hospital in a branch's zone: one glance, no sheets.
pub fn card(ctx: &Context) -> StepResult<State> {
    let kept = Registrations::load()?;
    Ok(Step::new(State::Patient(Visit::default()), screen(hospital_name(ctx), screens::glance(ctx, &kept))))
}

pub fn update(ctx: &Context, mut visit: Visit, event: Event) -> StepResult<State> {
    if matches!(event, Event::Tapped(_) | Event::Submitted(_)) {
        visit.message = None;
    }
    match event {
        Event::Tapped(tap) => tapped(ctx, visit, &tap.id),
        Event::Submitted(form) if form.button == "pay" => pay(ctx, visit, form.text("name")),
        Event::SheetClosed(closed) => sheet_closed(ctx, visit, closed.outcome),
        Event::Changed(payment) => payment_changed(ctx, visit, &payment),
        Event::Replied(reply) => replied(ctx, visit, reply),
        Event::Happened(told) if told.topic == "slot.cancelled" => cancelled(ctx, visit, &told.key),
        Event::Woken(key) => change(ctx, visit, |one| one.key == key, Registration::ask),
        _ => show(ctx, visit),
    }
}

fn tapped(ctx: &Context, mut visit: Visit, id: &str) -> StepResult<State> {
    match id {
        "doctors" => {
            visit.page = Page::Doctors;
            visit.ask(ctx);
        }
        "again" => visit.ask(ctx),
        "mine" => visit.page = Page::Mine,
        "name-by-bank" => return ask_for_name(ctx, visit),
        _ => {
            if let Some(doctor) = id.strip_prefix("doctor-") {
                visit.page = Page::Days(doctor.to_owned());
            } else if let Some(day) = id.strip_prefix("day-") {
                choose(ctx, &mut visit, day)?;
            } else if let Some(key) = id.strip_prefix("registration-") {
                visit.page = Page::Registration(key.to_owned());
            } else if let Some(key) = id.strip_prefix("leave-") {
                return change(ctx, visit, |one| one.key == key, |one| one.give_back(ctx));
            }
        }
    }
    show(ctx, visit)
}

/// A day of the doctor whose page is open: prepares the field for the identity number.
fn choose(ctx: &Context, visit: &mut Visit, day: &str) -> Result<(), Failure> {
    let Page::Days(doctor) = visit.page.clone() else { return Ok(()) };
    if !visit.doctor(&doctor).is_some_and(|doctor| doctor.has_slot(day)) {
        visit.message = Some(ctx.say("这一天的号已约满", "That day is full by now").to_owned());
        return Ok(());
    }
    let purpose = ctx.say("送给医院，用来找到您的病历", "Goes to the hospital, to find your record");
    let identity = secure_fields::prepare(IDENTITY_NUMBER, purpose)?;
    visit.page = Page::Details(Choice { doctor, day: day.to_owned(), identity, name: name_by_consent()? });
    Ok(())
}

/// The name, where the customer has allowed it before.
fn name_by_consent() -> Result<Option<String>, Refusal> {
    for consent in claims::granted()?.iter().filter(|it| it.granted.iter().any(|claim| claim == LEGAL_NAME)) {
        if let Some((_, name)) = claims::read(&consent.id)?.into_iter().find(|(claim, _)| claim == LEGAL_NAME) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The tap that has the bank ask for the name. Whoever it has no name of types one.
fn ask_for_name(ctx: &Context, mut visit: Visit) -> StepResult<State> {
    let purpose = ctx.say("把姓名交给医院，用于挂号", "To give the hospital your name, for the registration");
    match claims::request(&ConsentRequest::new(purpose, NAME_KEPT_DAYS).needs(LEGAL_NAME)) {
        Ok(ticket) => Ok(show(ctx, visit)?.sheet(Some(ticket))),
        Err(_) => {
            visit.message = Some(
                ctx.say("银行没有您的姓名，请直接填写", "The bank has no name of yours; please type it").to_owned(),
            );
            show(ctx, visit)
        }
    }
}

/// The tap on pay, with the identity number filled in: asks for the fee.
fn pay(ctx: &Context, mut visit: Visit, typed: &str) -> StepResult<State> {
    let Page::Details(choice) = visit.page.clone() else { return show(ctx, visit) };
    let patient = choice.name.clone().unwrap_or_else(|| typed.to_owned());
    let Some(doctor) = visit.doctor(&choice.doctor).cloned() else { return show(ctx, visit) };
    let key = format!("{:012x}", ctx.random().next_u64() >> 16);
    let (name, department) = (doctor.name(ctx), doctor.department(ctx));
    let purpose = say!(ctx, "{} {}挂号 {}", "{}: {}, {}", hospital_name(ctx), department, choice.day);
    let order = Order::new(&key, doctor.fee(), purpose).line(name, 1, doctor.fee()).expires_in_s(PAY_WITHIN_S);
    let payment = payments::request(&order)?;
    let mut kept = Registrations::load()?;
    kept.add(Registration {
        key: key.clone(),
        patient,
        fee: doctor.fee(),
        doctor: Doctor { days: Vec::new(), ..doctor },
        day: choice.day,
        payment: payment.id,
        identity: choice.identity,
        stage: Stage::Unpaid,
        call: None,
        asked: 0,
        placed_ms: ctx.now,
        refunded: false,
    });
    kept.save()?;
    visit.page = Page::Registration(key);
    Ok(show(ctx, visit)?.sheet(payment.ticket))
}

/// The sheet is gone: the fee is paid, or not, or the bank does not know yet and `changed` will say; or the customer has
/// said whether the name may be had.
fn sheet_closed(ctx: &Context, mut visit: Visit, outcome: Outcome) -> StepResult<State> {
    if let Page::Details(choice) = &mut visit.page {
        choice.name = name_by_consent()?;
        return show(ctx, visit);
    }
    let Page::Registration(key) = visit.page.clone() else { return show(ctx, visit) };
    let is_it = |one: &Registration| one.key == key && one.stage == Stage::Unpaid;
    match outcome {
        Outcome::Agreed => change(ctx, visit, is_it, Registration::paid),
        Outcome::Declined | Outcome::Expired | Outcome::Failed => change(ctx, visit, is_it, |one| {
            one.not_paid();
            Ok(())
        }),
        Outcome::Pending | Outcome::Other => show(ctx, visit),
    }
}

fn payment_changed(ctx: &Context, visit: Visit, payment: &str) -> StepResult<State> {
    let now = payments::get(payment)?;
    change(
        ctx,
        visit,
        |one| one.payment == payment,
        |one| {
            one.refunded = now.is_refunded();
            match one.stage {
                Stage::Unpaid if now.is_confirmed() => one.paid(),
                Stage::Unpaid if now.is_dead() => {
                    one.not_paid();
                    Ok(())
                }
                _ => Ok(()),
            }
        },
    )
}

fn replied(ctx: &Context, mut visit: Visit, reply: xitai::Reply) -> StepResult<State> {
    if visit.list == List::Asked(reply.call.clone()) {
        visit.list = doctors::read(&reply.answer).map_or(List::Unreachable, List::Known);
        return show(ctx, visit);
    }
    let answered = change(ctx, visit, |one| one.call.as_ref() == Some(&reply.call), |one| one.answered(reply.answer))?;
    let State::Patient(visit) = &answered.state else { return Ok(answered) };
    let kept = Registrations::load()?;
    let booked = kept.all.first().is_some_and(|newest| {
        matches!(newest.stage, Stage::Booked { .. }) && visit.page == Page::Registration(newest.key.clone())
    });
    Ok(if booked { answered.celebrate() } else { answered })
}

fn cancelled(ctx: &Context, mut visit: Visit, key: &str) -> StepResult<State> {
    visit.page = Page::Registration(key.to_owned());
    visit.message = Some(
        ctx.say(
            "抱歉，医院取消了这次就诊，挂号费会退回您的账户。",
            "Sorry, the hospital has cancelled. Your fee goes back to your account.",
        )
        .to_owned(),
    );
    change(ctx, visit, |one| one.key == key, Registration::cancelled_by_hospital)
}

/// Changes one registration and keeps it; nothing where there is none.
fn change(
    ctx: &Context,
    visit: Visit,
    is_it: impl Fn(&Registration) -> bool,
    how: impl FnOnce(&mut Registration) -> Result<(), Refusal>,
) -> StepResult<State> {
    let mut kept = Registrations::load()?;
    if let Some(one) = kept.find(is_it) {
        how(one)?;
        kept.save()?;
    }
    show(ctx, visit)
}

fn show(ctx: &Context, visit: Visit) -> StepResult<State> {
    let mut kept = Registrations::load()?;
    let screen = match &visit.page {
        Page::Doctors => screens::doctors(ctx, &visit, &kept),
        Page::Days(doctor) => screens::days(ctx, &visit, visit.doctor(doctor)),
        Page::Details(choice) => screens::details(ctx, &visit, choice),
        Page::Registration(key) => screens::registration(ctx, &visit, kept.find(|one| one.key == *key)),
        Page::Mine => screens::mine(ctx, &kept),
    };
    Ok(Step::new(State::Patient(visit), screen))
}

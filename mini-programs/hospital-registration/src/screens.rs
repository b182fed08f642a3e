//! The pages of a patient.

use crate::doctors::Doctor;
use crate::hospital_name;
use crate::registration::{By, Registration, Registrations, Stage, Why};
use crate::visit::{Choice, List, Visit};
use std::collections::BTreeMap;
use xitai::prelude::*;
use xitai::ui::{Screen, Tone};

pub fn doctors(ctx: &Context, visit: &Visit, kept: &Registrations) -> Screen {
    let mine = (!kept.all.is_empty()).then(|| button(ctx.say("我的挂号", "My registrations")).id("mine"));
    let list = match &visit.list {
        List::Asked(_) => column(paragraph(ctx.say("正在向医院查号…", "Asking the hospital for its doctors…"))),
        List::Unreachable => column((
            notice(ctx.say("医院的系统暂时没有回音", "The hospital does not answer at the moment")).warning(),
            button(ctx.say("再试一次", "Try again")).id("again").primary(),
        )),
        List::Known(doctors) if doctors.is_empty() => {
            column(notice(ctx.say("这几天没有可以挂的号", "There are no slots in the next days")))
        }
        List::Known(doctors) => column(by_department(ctx, doctors)),
    };
    screen(hospital_name(ctx), (message(visit), list, mine))
}

fn by_department(ctx: &Context, doctors: &[Doctor]) -> Vec<Node> {
    let mut departments: BTreeMap<&str, Vec<&Doctor>> = BTreeMap::new();
    for doctor in doctors {
        departments.entry(doctor.department(ctx)).or_default().push(doctor);
    }
    let one = |doctor: &Doctor| {
        let left = doctor.left();
        let words = match left {
            0 => ctx.say("已约满", "Full").to_owned(),
            _ => say!(ctx, "余 {} 个号", "{} slots left", left),
        };
        let row = item(doctor.name(ctx)).subtitle(words).trailing(doctor.fee().to_string());
        let row = row.id(format!("doctor-{}", doctor.id));
        if left > 0 { row.tappable() } else { row }
    };
    let section_of = |(name, doctors): (&str, Vec<&Doctor>)| {
        section(name.to_owned(), items(doctors.into_iter().map(one).collect::<Vec<_>>())).into()
    };
    departments.into_iter().map(section_of).collect()
}

pub fn days(ctx: &Context, visit: &Visit, doctor: Option<&Doctor>) -> Screen {
    let Some(doctor) = doctor else { return gone(ctx) };
    let one = |day: &crate::doctors::Day| {
        let row = item(day.day.clone()).id(format!("day-{}", day.day));
        match day.left {
            0 => row.subtitle(ctx.say("已约满", "Full")),
            left => row.subtitle(say!(ctx, "余 {} 个号", "{} slots left", left)).tappable(),
        }
    };
    let days: Vec<_> = doctor.days.iter().map(one).collect();
    let top = heading(say!(ctx, "{} · {}", "{} · {}", doctor.department(ctx), doctor.name(ctx)));
    let choose = paragraph(ctx.say("请选就诊日期", "Choose a day"));
    let back = button(ctx.say("换一位医生", "Another doctor")).id("doctors");
    screen(hospital_name(ctx), (message(visit), top, choose, items(days), back))
}

pub fn details(ctx: &Context, visit: &Visit, choice: &Choice) -> Screen {
    let Some(doctor) = visit.doctor(&choice.doctor) else { return gone(ctx) };
    let what = key_values([
        (ctx.say("科室", "Department").to_owned(), doctor.department(ctx).to_owned()),
        (ctx.say("医生", "Doctor").to_owned(), doctor.name(ctx).to_owned()),
        (ctx.say("日期", "Day").to_owned(), choice.day.clone()),
        (ctx.say("挂号费", "Fee").to_owned(), doctor.fee().to_string()),
    ]);
    let identity = secure_field(ctx.say("身份证号", "Identity number"), &choice.identity).id("identity");
    let label = ctx.say("就诊人姓名", "Patient's name");
    let (known, typed) = match &choice.name {
        Some(name) => (Some(key_values([(label, name.clone())])), None),
        None => (None, Some(text_field(label).id("name").required().max_chars(40))),
    };
    let by_bank = choice
        .name
        .is_none()
        .then(|| button(ctx.say("由银行提供姓名", "Let the bank give my name")).id("name-by-bank"));
    let promise = ctx.say(
        "付款后由医院确认。约不上时，挂号费自动退回。",
        "The hospital confirms after you have paid. If it has no slot, the fee comes back by itself.",
    );
    let pay = button(ctx.say("付款挂号", "Pay and register")).id("pay").primary().amount(doctor.fee());
    let fields = form((typed, identity, paragraph(promise), pay)).id("details");
    let back = button(ctx.say("换一位医生", "Another doctor")).id("doctors");
    screen(ctx.say("确认挂号", "Your registration"), (message(visit), what, known, by_bank, fields, back))
}

pub fn registration(ctx: &Context, visit: &Visit, one: Option<&mut Registration>) -> Screen {
    let Some(one) = one else { return gone(ctx) };
    let number = match one.stage {
        Stage::Booked { number, .. } => {
            Some((paragraph(ctx.say("就诊序号", "Your number")), heading(format!("{number:03}")).display()))
        }
        _ => None,
    };
    let leave = matches!(one.stage, Stage::Booked { .. }).then(|| {
        button(ctx.say("取消挂号并退费", "Give it back, with the fee")).id(format!("leave-{}", one.key)).danger()
    });
    let what = key_values([
        (ctx.say("科室", "Department").to_owned(), one.doctor.department(ctx).to_owned()),
        (ctx.say("医生", "Doctor").to_owned(), one.doctor.name(ctx).to_owned()),
        (ctx.say("日期", "Day").to_owned(), one.day.clone()),
        (ctx.say("就诊人", "Patient").to_owned(), one.patient.clone()),
        (ctx.say("挂号费", "Fee").to_owned(), one.fee.to_string()),
    ]);
    let head = card((row((paragraph(hospital_name(ctx)), stage_badge(ctx, one))), number, paragraph(words(ctx, one))));
    let more = (
        leave,
        button(ctx.say("再挂一个号", "Another registration")).id("doctors"),
        button(ctx.say("我的挂号", "My registrations")).id("mine"),
    );
    screen(ctx.say("挂号", "Registration"), (message(visit), head.id("head"), what, more))
}

pub fn mine(ctx: &Context, kept: &Registrations) -> Screen {
    let one = |one: &Registration| {
        item(say!(ctx, "{} {}", "{} {}", one.doctor.department(ctx), one.doctor.name(ctx)))
            .subtitle(one.day.clone())
            .trailing(one.fee.to_string())
            .children(stage_badge(ctx, one))
            .id(format!("registration-{}", one.key))
            .tappable()
    };
    let rows: Vec<_> = kept.all.iter().map(one).collect();
    let none = rows.is_empty().then(|| card(paragraph(ctx.say("还没有挂过号。", "No registrations yet."))));
    let rows = (!rows.is_empty()).then(|| items(rows));
    let choose = button(ctx.say("去挂号", "See the doctors")).id("doctors").primary();
    screen(ctx.say("我的挂号", "My registrations"), (none, rows, choose))
}

/// A glance for the branch's zone.
pub fn glance(ctx: &Context, kept: &Registrations) -> impl Children {
    let next = kept.all.iter().find_map(|one| match one.stage {
        Stage::Booked { number, .. } => {
            Some(say!(ctx, "{} {}，序号 {:03}", "{} {}, number {:03}", one.day, one.doctor.name(ctx), number))
        }
        _ => None,
    });
    let words = next.unwrap_or_else(|| {
        ctx.say("选医生、付费、拿序号，不用排队", "Choose a doctor, pay, get your number. No queue").to_owned()
    });
    column((heading(hospital_name(ctx)), paragraph(words)))
}

fn gone(ctx: &Context) -> Screen {
    let words = notice(ctx.say("这一页已经过时了", "This page is out of date"));
    let back = button(ctx.say("重新查号", "See the doctors")).id("doctors").primary();
    screen(hospital_name(ctx), (words, back))
}

fn message(visit: &Visit) -> impl Children + use<> {
    visit.message.clone().map(|text| notice(text).warning())
}

fn stage_badge(ctx: &Context, one: &Registration) -> impl Children + use<> {
    let (words, tone) = match one.stage {
        Stage::Unpaid => (ctx.say("待付款", "Not paid yet"), Tone::Info),
        Stage::Booking => (ctx.say("医院确认中", "Being confirmed"), Tone::Info),
        Stage::Booked { .. } => (ctx.say("已约上", "Booked"), Tone::Success),
        Stage::Leaving { .. } => (ctx.say("取消中", "Being given back"), Tone::Info),
        Stage::Failed(Why::NotPaid) => (ctx.say("未付款", "Not paid"), Tone::Other),
        Stage::Failed(_) => (ctx.say("没约上", "Not booked"), Tone::Warning),
        Stage::Cancelled(By::Patient) => (ctx.say("已取消", "Given back"), Tone::Other),
        Stage::Cancelled(By::Hospital) => (ctx.say("医院取消", "Cancelled"), Tone::Warning),
    };
    badge(words).tone(tone)
}

/// What has happened, and where the money is.
fn words(ctx: &Context, one: &Registration) -> String {
    let happened = match one.stage {
        Stage::Unpaid => ctx.say("付款后医院马上确认。", "The hospital confirms as soon as the fee is paid."),
        Stage::Booking if one.asked > 0 => ctx.say(
            "医院的答复没有收到，正在再问。请不要重复挂号。",
            "The hospital's answer was lost; we are asking again. Please don't register twice.",
        ),
        Stage::Booking => ctx.say("已付款，正在等医院确认。", "Paid. Waiting for the hospital to confirm."),
        Stage::Booked { .. } => {
            ctx.say("请在当天带证件到科室报到。", "Please bring your card to the department on that day.")
        }
        Stage::Leaving { .. } => ctx.say("正在告诉医院。", "Telling the hospital."),
        Stage::Failed(Why::NotPaid) => {
            return ctx.say("没有付款，没有挂号。", "Nothing was paid, nothing is booked.").to_owned();
        }
        Stage::Failed(Why::Full) => ctx.say("号刚刚约满了。", "The last slot has just gone."),
        Stage::Failed(Why::Refused) => {
            ctx.say("医院没有接受，请核对证件号后再试。", "The hospital refused. Please check your identity number.")
        }
        Stage::Failed(Why::Unreachable) => ctx.say("医院的系统没有接到。", "The hospital's system was not reached."),
        Stage::Failed(Why::Unclear) => ctx.say(
            "一直没有收到医院的答复，请致电医院核实。",
            "The hospital never answered. Please call it to make sure.",
        ),
        Stage::Failed(Why::IdentityGone) => ctx.say(
            "证件号已过保留时间，请重新填写。",
            "Your identity number was kept too long ago. Please enter it again.",
        ),
        Stage::Cancelled(By::Patient) => ctx.say("已按您的要求取消。", "Given back as you asked."),
        Stage::Cancelled(By::Hospital) => ctx.say("医院取消了这次就诊。", "The hospital has cancelled."),
    };
    let money = match one.stage {
        Stage::Failed(_) | Stage::Cancelled(_) if one.refunded => {
            ctx.say("挂号费已退回您的账户。", " Your fee is back in your account.")
        }
        Stage::Failed(_) | Stage::Cancelled(_) => ctx.say("挂号费正在退回。", " Your fee is on its way back."),
        _ => "",
    };
    format!("{happened}{money}")
}

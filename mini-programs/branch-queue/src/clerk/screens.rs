//! What a clerk sees.

use super::{DESKS_MAX, Desk};
use crate::queue::{Board, Service, Stage, Ticket, called, taken};
use xitai::prelude::*;
use xitai::ui::{Screen, Tone};

/// Numbers of a queue that are shown one by one.
const NUMBERS_SHOWN_MAX: usize = 6;

/// Opening a counter.
pub fn counter(ctx: &Context, desk: &Desk) -> Screen {
    let chosen = if desk.services.is_empty() { vec![Service::Personal] } else { desk.services.clone() };
    screen(
        ctx.say("叫号台", "Counter"),
        (
            desk.message.clone().map(|text| notice(text).warning()),
            form((
                heading(ctx.say("开始叫号", "Open a counter")),
                quantity(1, 1, DESKS_MAX).id("desk").label(ctx.say("窗口号", "Counter number")),
                choice(
                    ctx.say("办理的业务", "What is served here"),
                    Service::ALL.map(|service| (service.key(), service.name(ctx))),
                )
                .id("services")
                .selected(chosen.iter().map(|service| service.key()))
                .many()
                .required(),
                button(ctx.say("开窗", "Open")).id("open").primary(),
            ))
            .id("counter"),
        ),
    )
}

pub fn desk(ctx: &Context, desk: &Desk, ticket: Option<&Ticket>, day: &str) -> Result<Screen, Failure> {
    let queues = desk.services.iter().map(|service| queue(ctx, *service, day)).collect::<Result<Vec<_>, _>>()?;
    Ok(screen(
        say!(ctx, "{} 号窗口", "Counter {}", desk.desk),
        (
            desk.message.clone().map(notice),
            desk.late.then(|| {
                notice(
                    ctx.say(
                        "呼叫已过 3 分钟，可以再呼一次，或过号。",
                        "Called 3 minutes ago. Call again, or pass over.",
                    ),
                )
                .warning()
            }),
            ticket.map(|ticket| being_served(ctx, ticket)),
            ticket.is_none().then(|| button(ctx.say("叫下一位", "Call the next")).id("next").primary()),
            section(ctx.say("等候", "Waiting"), items(queues)),
            key_values([(ctx.say("本次已办结", "Served in this session"), desk.served.to_string())]),
            button(ctx.say("关窗", "Close the counter")).id("close"),
        ),
    ))
}

fn being_served(ctx: &Context, ticket: &Ticket) -> impl Children + use<> {
    let called = match ticket.stage {
        Stage::Called { at_ms, times, .. } => {
            let at = ctx.local_at(at_ms).time();
            say!(ctx, "{} 呼叫，第 {} 次", "Called at {}, {} time(s)", at, times)
        }
        _ => String::new(),
    };
    card((
        row((paragraph(ticket.name.service.name(ctx)), badge(ctx.say("办理中", "Being served")).tone(Tone::Success))),
        heading(ticket.name.called()).id("number").display(),
        paragraph(called),
        button(ctx.say("办结并叫下一位", "Finish and call the next")).id("next").primary(),
        row((
            button(ctx.say("重呼", "Call again")).id("recall"),
            button(ctx.say("办结", "Finish")).id("served"),
            button(ctx.say("过号", "Not here")).id("missed").danger(),
        )),
    ))
    .id("current")
}

fn queue(ctx: &Context, service: Service, day: &str) -> Result<impl Children + use<>, Failure> {
    let board = Board::load(day, service)?;
    let waiting = board.waiting(taken(service, day)?);
    let shown = NUMBERS_SHOWN_MAX.min(waiting as usize);
    let first: Vec<String> = board.numbers().take(shown).map(|number| called(service, number)).collect();
    let numbers = match waiting {
        0 => ctx.say("没有人等候", "Nobody waits").to_owned(),
        _ if waiting as usize > NUMBERS_SHOWN_MAX => first.join(" ") + " …",
        _ => first.join(" "),
    };
    Ok(item(service.name(ctx))
        .subtitle(numbers)
        .trailing(say!(ctx, "{} 人", "{}", waiting))
        .id(format!("queue-{}", service.key())))
}

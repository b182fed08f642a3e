//! What a customer sees.

use crate::queue::{Board, Service, Stage, Ticket, called, taken};
use crate::title;
use xitai::prelude::*;
use xitai::ui::{Screen, Tone};

/// The choice of a service, with how many wait for each.
pub fn services(ctx: &Context, day: &str) -> Result<Screen, Failure> {
    let one = |service: Service| -> Result<_, Failure> {
        let board = Board::load(day, service)?;
        let waiting = board.waiting(taken(service, day)?);
        let minutes = board.wait_minutes(ctx, waiting);
        let (words, tone) = match waiting {
            0 => (ctx.say("无需等候", "No waiting").to_owned(), Tone::Success),
            _ => (say!(ctx, "{} 人等候 · 约 {} 分钟", "{} waiting · about {} min", waiting, minutes), Tone::Info),
        };
        Ok(card((
            row((heading(service.name(ctx)), badge(words).tone(tone))),
            paragraph(service.what(ctx)),
            button(ctx.say("取号", "Take a ticket")).id(format!("take-{}", service.key())).primary(),
        ))
        .id(format!("service-{}", service.key())))
    };
    let cards = Service::ALL.into_iter().map(one).collect::<Result<Vec<_>, _>>()?;
    let words = config::text("notice");
    Ok(screen(
        title(ctx),
        (
            (!words.is_empty()).then(|| notice(words)),
            paragraph(ctx.say(
                "先在手机上取号，快到时再来大厅。",
                "Take a ticket here and come to the hall when it is nearly your turn.",
            )),
            cards,
        ),
    ))
}

pub fn ticket(ctx: &Context, ticket: &Ticket, board: &Board, asks_to_leave: bool) -> Screen {
    match &ticket.stage {
        Stage::Waiting => waiting(ctx, ticket, board, asks_to_leave),
        Stage::Called { desk, times, .. } => at_desk(ctx, ticket, *desk, *times),
        ended => farewell(ctx, ticket, ended),
    }
}

fn waiting(ctx: &Context, ticket: &Ticket, board: &Board, asks_to_leave: bool) -> Screen {
    let ahead = board.ahead_of(ticket.name.number);
    let minutes = board.wait_minutes(ctx, ahead);
    let place = match ahead {
        0 => ctx.say("下一位就是您", "You are next").to_owned(),
        _ => say!(ctx, "前面还有 {} 位，约 {} 分钟", "{} ahead of you, about {} min", ahead, minutes),
    };
    let near = (ahead <= 2).then(|| {
        notice(ctx.say("快到您了，请到大厅等候。", "It is nearly your turn. Please wait in the hall.")).success()
    });
    let total = ticket.ahead_at_first.max(ahead) + 1;
    screen(
        title(ctx),
        (
            near,
            card((
                row((paragraph(ticket.name.service.name(ctx)), badge(ctx.say("等候中", "Waiting")).tone(Tone::Info))),
                heading(ticket.name.called()).id("number").display(),
                paragraph(place).id("place"),
                (total > 1).then(|| {
                    progress(total - ahead - 1, total - 1).label(ctx.say("队伍的进度", "Progress of the queue"))
                }),
            ))
            .id("ticket"),
            now_serving(ctx, ticket.name.service, board),
            key_values([(ctx.say("取号时间", "Taken at"), ctx.local_at(ticket.taken_ms).time())]),
            paragraph(
                ctx.say("叫到您时这一页会自己变，不用刷新。", "This page changes by itself when you are called."),
            ),
            leaving(ctx, asks_to_leave),
        ),
    )
}

fn now_serving(ctx: &Context, service: Service, board: &Board) -> impl Children + use<> {
    let rows: Vec<_> = board
        .calls
        .iter()
        .map(|call| item(called(service, call.number)).trailing(say!(ctx, "{} 号窗口", "Counter {}", call.desk)))
        .collect();
    (!rows.is_empty()).then(|| section(ctx.say("正在办理", "Being served"), items(rows)))
}

/// Giving up the place asks once more, since it cannot be had back.
fn leaving(ctx: &Context, asks: bool) -> impl Children + use<> {
    if asks {
        let question =
            notice(ctx.say("取消后要重新取号，确定吗？", "You would need a new ticket. Leave the queue?")).warning();
        let yes = button(ctx.say("确定取消", "Leave the queue")).id("leave-now").danger();
        let no = button(ctx.say("继续等", "Keep waiting")).id("stay").primary();
        column((question, row((no, yes)))).id("leaving")
    } else {
        column(button(ctx.say("取消排队", "Leave the queue")).id("leave")).id("leaving")
    }
}

fn at_desk(ctx: &Context, ticket: &Ticket, desk: u32, times: u32) -> Screen {
    let words = match times {
        1 => say!(ctx, "轮到您了，请到 {} 号窗口", "It is your turn: please come to counter {}", desk),
        _ => say!(ctx, "再次呼叫：请到 {} 号窗口", "Called again: please come to counter {}", desk),
    };
    let papers =
        ctx.say("请带好身份证件，并出示本页。", "Please have your identity document ready and show this page.");
    screen(
        title(ctx),
        (
            notice(words).success(),
            card((
                row((paragraph(ticket.name.service.name(ctx)), badge(ticket.name.called()).tone(Tone::Success))),
                heading(say!(ctx, "{} 号窗口", "Counter {}", desk)).id("desk").display(),
                paragraph(papers),
            ))
            .id("ticket"),
        ),
    )
}

fn farewell(ctx: &Context, ticket: &Ticket, stage: &Stage) -> Screen {
    let number = ticket.name.called();
    let done = button(ctx.say("返回", "Back")).id("done");
    let again = || button(ctx.say("重新取号", "Take a new ticket")).id("again").primary();
    match stage {
        Stage::Missed => screen(
            title(ctx),
            (
                notice(say!(ctx, "{} 已过号", "{} was missed", number)).warning(),
                paragraph(ctx.say(
                    "叫号时没有等到您。可以重新取号，或请大堂经理帮忙。",
                    "You were called but not there. Take a new ticket, or ask the lobby manager.",
                )),
                again(),
                done,
            ),
        ),
        Stage::Cancelled => screen(
            title(ctx),
            (
                notice(say!(ctx, "{} 已取消", "{} is cancelled", number)),
                paragraph(ctx.say("欢迎下次再来。", "You are welcome to come back any time.")),
                again(),
                done,
            ),
        ),
        _ => screen(
            title(ctx),
            (
                card((
                    icon("success"),
                    heading(ctx.say("办理完毕", "All done")),
                    paragraph(say!(ctx, "{} 已办结，感谢您的等候。", "{} is finished. Thank you for waiting.", number)),
                )),
                done.primary(),
            ),
        ),
    }
}

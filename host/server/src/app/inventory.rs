//! The inventory for the regulator: what is known of every program, as lines; and retiring one.

use super::books::{safe, table};
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::feedback;
use super::publish::{keep, may_for_bank, put};
use super::{App, step_up};
use crate::http::problem::Problem;
use crate::render::web::calendar;
use serde_json::json;
use xitai_model::code;
use xitai_model::ids::ProgramId;
use xitai_model::inventory::{Advice, Line, State, advise};
use xitai_model::limits::{INVENTORY_USE_MS, STOP_REASON_CHARS_MAX};
use xitai_model::matter::MatterKind;
use xitai_model::policy::Action;
use xitai_model::record::Noun;
use xitai_model::release::{Program, Release, ReleaseState, Retired};

const YEAR_MS: i64 = 365 * 24 * 3_600_000;
/// Kinds of matters that somebody waits for.
const OPEN: [MatterKind; 4] =
    [MatterKind::Mandate, MatterKind::PartnerCall, MatterKind::Envelope, MatterKind::Agreement];

/// Every program, those that are live first, with what to do about it.
pub async fn lines(app: &App, ctx: &Ctx) -> Result<Vec<Line>, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadInventory)?;
    let mut lines = Vec::with_capacity(catalog.programs.len());
    for program in catalog.programs.values().map(|kept| &kept.value) {
        lines.push(line(app, &catalog, program, ctx.now_ms).await?);
    }
    advise(&mut lines, ctx.now_ms);
    lines.sort_by_key(|line| (line.state != State::Live, std::cmp::Reverse(line.users), line.program.clone()));
    Ok(lines)
}

async fn line(app: &App, catalog: &Catalog, program: &Program, now_ms: i64) -> Result<Line, Problem> {
    let id = &program.id;
    let since_ms = now_ms - INVENTORY_USE_MS;
    let (users, sessions) = app.store.use_of(id, since_ms).await?;
    let (stars, ratings) = feedback::tally_of(app, id).await?;
    let waiting = app.store.matters_waiting(id).await?;
    let open = waiting.iter().filter(|(_, kind, _)| OPEN.contains(kind)).map(|(.., count)| count).sum();
    let release = shown(catalog, id);
    let publisher = catalog.publisher(&program.publisher);
    // Nobody at the bank answers for a publisher that was never qualified: that is for the regulator to see.
    let held = publisher.and_then(|publisher| publisher.qualification.as_ref());
    let department = held.map(|held| held.department.clone()).unwrap_or_default();
    let publisher = publisher.map_or_else(|| program.publisher.to_string(), |publisher| publisher.name.clone());
    let incidents = catalog.incidents.values().map(|kept| &kept.value).filter(|incident| {
        now_ms - incident.opened_ms <= YEAR_MS && catalog.programs_met(&incident.about).contains(id)
    });
    let permissions = release.map(|it| it.manifest.req_permissions.iter().map(|asked| asked.name.clone()));
    Ok(Line {
        program: id.clone(),
        name: release.map_or_else(|| id.to_string(), |release| release.manifest.name.clone()),
        department,
        publisher,
        category: release.map(|release| release.manifest.xitai.category.clone()).unwrap_or_default(),
        state: state(catalog, program),
        version: release.map(|release| release.id.version.to_string()).unwrap_or_default(),
        made_ms: program.made_ms,
        branches: catalog.rollout(id).map_or(0, |rollout| u32::try_from(rollout.enabled.len()).unwrap_or(u32::MAX)),
        users,
        sessions,
        payments: app.store.payments_made(id, since_ms).await?,
        ratings: u64::try_from(ratings).unwrap_or(0),
        stars_tenths: u32::try_from(10 * stars / ratings.max(1)).unwrap_or(0),
        permissions: permissions.into_iter().flatten().collect(),
        purposes: release.map(|release| release.manifest.xitai.data_purposes.clone()).unwrap_or_default(),
        incidents: u32::try_from(incidents.count()).unwrap_or(u32::MAX),
        open,
        advice: Vec::new(),
    })
}

/// The release that customers have, or else the newest that was approved, or else the newest.
fn shown<'a>(catalog: &'a Catalog, id: &'a ProgramId) -> Option<&'a Release> {
    let live = catalog.rollout(id).and_then(|rollout| rollout.stages.last()).map(|stage| stage.version.clone());
    let newest: Vec<&Release> = catalog.releases_of(id).rev().collect();
    let is_live = |release: &&&Release| Some(&release.id.version) == live.as_ref();
    let is_approved = |release: &&&Release| release.state == ReleaseState::Approved;
    newest.iter().find(is_live).or_else(|| newest.iter().find(is_approved)).or(newest.first()).copied()
}

fn state(catalog: &Catalog, program: &Program) -> State {
    let rollout = catalog.rollout(&program.id);
    let enabled = rollout.map(|rollout| rollout.enabled.as_slice()).unwrap_or_default();
    if program.retired.is_some() {
        State::Retired
    } else if enabled.is_empty() {
        State::Off
    } else if enabled.iter().all(|branch| catalog.stop_on(&program.id, branch).is_some()) {
        State::Stopped
    } else {
        State::Live
    }
}

/// As a table that a spreadsheet opens in Chinese.
pub fn csv(app: &App, lines: &[Line]) -> Result<Vec<u8>, Problem> {
    let mut out = table(&[
        "小程序 Program",
        "名称 Name",
        "发布方 Owner",
        "责任部门 Department",
        "类别 Category",
        "状态 State",
        "版本 Version",
        "登记时间 Registered",
        "网点数 Branches",
        "近30日用户 Users (30 days)",
        "近30日会话 Sessions (30 days)",
        "近30日付款 Payments (30 days)",
        "评分 Rating",
        "评分数 Ratings",
        "权限 Permissions",
        "数据用途 Data purposes",
        "近一年事件 Incidents (1 year)",
        "未了事项 Open matters",
        "建议 Advice",
    ])?;
    for line in lines {
        let permissions: Vec<&str> = line.permissions.iter().map(String::as_str).collect();
        let advice: Vec<String> = line.advice.iter().map(advised).collect();
        out.write_record([
            line.program.as_str(),
            &safe(&line.name),
            &safe(&line.publisher),
            &safe(&line.department),
            &safe(&line.category),
            line.state.as_str(),
            &line.version,
            calendar::exact(app.config.zone, line.made_ms).as_str(),
            &line.branches.to_string(),
            &line.users.to_string(),
            &line.sessions.to_string(),
            &line.payments.to_string(),
            &format!("{}.{}", line.stars_tenths / 10, line.stars_tenths % 10),
            &line.ratings.to_string(),
            &permissions.join(" "),
            &safe(&line.purposes.join("; ")),
            &line.incidents.to_string(),
            &line.open.to_string(),
            &advice.join("; "),
        ])
        .map_err(Problem::internal)?;
    }
    out.into_inner().map_err(Problem::internal)
}

/// Advice as machines and tables read it.
pub fn advised(advice: &Advice) -> String {
    match advice {
        Advice::Retire { why } => format!("retire: {}", why.as_str()),
        Advice::Merge { with } => format!("merge: {with}"),
        Advice::FinishFirst { open } => format!("finish first: {open}"),
    }
}

/// What retiring a program is, in the words that are signed.
pub fn retire_subject(program: &ProgramId) -> String {
    format!("retire {program}")
}

/// Takes a program out of use for good. Receipts, refunds, coupons and what staff finish go on; again changes nothing.
pub async fn retire(app: &App, ctx: &Ctx, id: &ProgramId, reason: &str) -> Result<Program, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::RetireProgram)?;
    let program = catalog.program(id).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    if program.retired.is_some() {
        return Ok(program.clone());
    }
    let reason: String = reason.trim().chars().take(STOP_REASON_CHARS_MAX).collect();
    if reason.is_empty() {
        return Err(Problem::new(code::STOP_REASON_MISSING));
    }
    let proof = step_up::presence(app, ctx, Action::RetireProgram, &retire_subject(id)).await?;
    let retired = Retired { by: staff.id.clone(), reason: reason.clone(), at_ms: ctx.now_ms };
    let next = Program { retired: Some(retired), ..program.clone() };
    let (guard, change) = put(&catalog, Noun::Program, id.as_str(), &next)?;
    let (mut changes, mut detail) = (vec![change], json!({ "reason": reason }));
    step_up::keep(proof, &mut changes, &mut detail);
    keep(app, ctx, vec![guard], changes, "program.retired", id.as_str(), detail).await?;
    Ok(next)
}

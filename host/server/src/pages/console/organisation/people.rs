//! A member of staff: what they may do, how it came to be so, and what is proposed.

use super::{HERE, open_places, roles, staff_badge};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, organisation, role_name, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::tokens::staff_id;
use crate::http::problem::Problem;
use crate::pages::board::{Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::console::desk::{self, Asked, staff_name};
use crate::pages::console::four_eyes::{decide_form_for, proposed, said, verdict};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::ids::{PlaceId, PublisherId, StaffId};
use xitai_model::place::{Access, Role, Staff};
use xitai_model::policy::Action;

/// `GET /console/organisation/staff/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let reader = organisation::reader(&app, &ctx)?;
    let (catalog, words) = (app.catalog(), look.words());
    let it = organisation::staff(&catalog, &staff_id(&id)?)?;
    let mut body = Body::default();
    let mut rows = vec![
        (words.say("staff-id"), it.id.to_string()),
        (words.say("staff-person"), it.person.clone()),
        (words.say("staff-roles"), roles(&catalog, &it.access(), &words)),
    ];
    rows.extend(it.closed.as_ref().map(|closed| {
        let (when, by) = (calendar::exact(words.zone(), closed.at_ms), staff_name(&catalog, &closed.by));
        (words.say("staff-closed"), format!("{when} · {by} · {}", closed.reason))
    }));
    body.facts.push(Facts { title: words.say("staff-one"), rows });
    if let Some(proposal) = &it.proposed {
        let what = roles(&catalog, &proposal.what, &words);
        body.facts.push(proposed(&catalog, proposal, what, &words));
        if proposal.is_waiting() && desk::may_for_bank(&catalog, reader, Action::DecideAccess) {
            let signs = step_up::asks(&app, &ctx, Action::DecideAccess).await?;
            let (here, digest) = (format!("{HERE}/staff/{id}"), proposal.digest());
            body.forms.push(decide_form_for(Action::DecideAccess, &here, it.id.as_str(), &digest, signs, &words));
        }
    }
    body.tables.push(past_of(&catalog, it, &words));
    if desk::may_for_bank(&catalog, reader, Action::KeepOrganisation) {
        let signs = step_up::asks(&app, &ctx, Action::KeepOrganisation).await?;
        body.forms.extend(staff_forms(&catalog, it, signs, &words));
    }
    let shell = desk::desk(&look, &catalog, reader, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("organisation")));
    let badge = Some(staff_badge(it, &words));
    page(&look, &Board { shell, title: it.name.clone(), crumb, badge, body })
}

fn past_of(catalog: &Catalog, it: &Staff, words: &Words) -> Table {
    let row = |past: &xitai_model::place::PastAccess| Row {
        href: None,
        cells: vec![
            Cell::Text(calendar::exact(words.zone(), past.until_ms)),
            Cell::Text(roles(catalog, &past.access, words)),
            Cell::Text(past.by.iter().map(|by| staff_name(catalog, by)).collect::<Vec<_>>().join(", ")),
        ],
    };
    Table {
        title: words.say("staff-past"),
        columns: ["place-until", "staff-roles", "place-by"].map(|key| words.say(key)).to_vec(),
        rows: it.past.iter().rev().map(row).collect(),
        empty: ("clock", words.say("staff-past-none"), words.say("staff-past-none-text")),
    }
}

fn staff_forms(catalog: &Catalog, it: &Staff, signs: bool, words: &Words) -> Vec<Form> {
    let here = format!("{HERE}/staff/{}", it.id);
    let signing = |button: Button, word: &str| {
        button.signing(Action::KeepOrganisation.as_str(), format!("{word} {}", it.id), signs)
    };
    if !it.is_open() {
        return vec![Form {
            title: words.say("staff-reopen"),
            text: words.say("staff-reopen-text"),
            action: here,
            fields: Vec::new(),
            buttons: vec![signing(Button::new("reopen", words.say("staff-reopen"), "secondary"), "reopen")],
        }];
    }
    let none = || (String::new(), words.say("none"));
    let all = Role::ALL.iter().map(|role| (role_name(*role), words.name("role", &role_name(*role))));
    let publishers = catalog.publishers.values().map(|kept| (kept.value.id.to_string(), kept.value.name.clone()));
    vec![
        Form {
            title: words.say("staff-propose"),
            text: words.say("staff-propose-text"),
            action: here.clone(),
            fields: vec![
                Field::choice("role", words.say("staff-role"), [none()].into_iter().chain(all).collect()),
                Field::choice("place", words.say("place"), open_places(catalog, words)),
                Field::tick("keep", words.say("staff-keep")),
                Field::choice("publisher", words.say("publisher"), [none()].into_iter().chain(publishers).collect()),
            ],
            buttons: vec![Button::new("propose", words.say("propose"), "primary")],
        },
        Form {
            title: words.say("staff-close"),
            text: words.say("staff-close-text"),
            action: here,
            fields: vec![Field::text("note", words.say("reason"))],
            buttons: vec![signing(Button::new("close", words.say("staff-close"), "danger"), "close")],
        },
    ]
}

/// `POST /console/organisation/staff/{id}`
pub async fn change(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (id, posted) = (staff_id(&id)?, Posted(pairs));
    let done = match posted.value("do") {
        "propose" => match wanted(&app.catalog(), &id, &posted) {
            Ok(access) => organisation::propose(&app, &ctx, &id, access).await.map(|_| "proposed"),
            Err(problem) => Err(problem),
        },
        "close" => organisation::close(&app, &ctx, &id, &posted.text("note")).await.map(|_| "organisation-done"),
        "reopen" => organisation::reopen(&app, &ctx, &id).await.map(|_| "organisation-done"),
        _ => organisation::decide(&app, &ctx, &id, verdict(&posted)?).await.map(|_| said(&posted, "approve")),
    };
    Ok(desk::back(&format!("{HERE}/staff/{id}"), done))
}

/// The form adds one role to those that somebody has, or puts it in their place.
fn wanted(catalog: &Catalog, id: &StaffId, posted: &Posted) -> Result<Access, Problem> {
    let now = organisation::staff(catalog, id)?.access();
    let mut access = if posted.value("keep") == "on" { now } else { Access { roles: Vec::new(), publisher: None } };
    if let Some(role) = posted.filled("role") {
        let role = Role::ALL.iter().copied().find(|it| role_name(*it) == role);
        access.roles.push((role.ok_or_else(|| Problem::malformed("role"))?, PlaceId::parse(posted.value("place"))?));
    }
    if let Some(publisher) = posted.filled("publisher") {
        access.publisher = Some(PublisherId::parse(publisher)?);
    }
    Ok(access)
}

//! The console's first page.

use super::audit;
use super::desk::{self, Asked};
use super::reconciliation::{HERE, old_breaks};
use super::reviews;
use super::view::{Figure, Overview};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, breaks, figures, takings};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::pages::charts::{self, Drawn};
use crate::pages::{Look, page};
use crate::render::web::html::Html;
use crate::render::web::{self, Drawing, calendar};
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use xitai_model::audit::AuditRecord;
use xitai_model::ids::ReleaseId;
use xitai_model::place::Staff;
use xitai_model::policy::Action;
use xitai_model::release::{Damage, Release};
use xitai_model::screen::{Chart, Element, Node, Screen};

/// Records that the chart counts.
const CHART_RECORDS: usize = 500;
const TRAIL_ROWS: usize = 8;
const QUEUE_ROWS: usize = 6;
/// Closed days that the chart of money shows.
const CHART_DAYS: i64 = 7;
const DAY_MS: i64 = 24 * 3_600_000;

/// `GET /console`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRollout)?;
    let (catalog, words) = (app.catalog(), look.words());
    let reads_audit = desk::may_for_bank(&catalog, staff, Action::ReadAudit);
    let records = if reads_audit { app.store.audit_before(None, CHART_RECORDS).await? } else { Vec::new() };
    let reviews = desk::waiting(&catalog).map(|release| reviews::row(&catalog, release, &words, ctx.now_ms));
    let reads_releases = desk::may_for_bank(&catalog, staff, Action::ReadRelease);
    let mut alarms = alarms(&catalog, &words, ctx.now_ms);
    if desk::may_for_bank(&catalog, staff, Action::ReadBreaks) {
        let old = breaks::standing(&app, &ctx).await?.1;
        alarms.extend((old > 0).then(|| (HERE.to_owned(), old_breaks(old, &words))));
    }
    let view = Overview {
        shell: desk::desk(&look, &catalog, staff, "/console", &asked),
        alarms,
        figures: counts(&catalog, &words, records.first()),
        charts: charts(&app, staff, &catalog, &words, ctx.now_ms).await?,
        queue: reviews.filter(|_| reads_releases).take(QUEUE_ROWS).collect(),
        chart: chart(&records, words, ctx.now_ms),
        trail: records.iter().take(TRAIL_ROWS).map(|record| audit::row(record, look.words().zone())).collect(),
    };
    page(&look, &view)
}

/// Money, use, errors and what waits, each for whom it is.
async fn charts(
    app: &App,
    staff: &Staff,
    catalog: &Catalog,
    words: &Words,
    now_ms: i64,
) -> Result<Vec<Drawn>, Problem> {
    let mut all = Vec::new();
    if desk::may_for_bank(catalog, staff, Action::ReadMerchants) {
        let from = app.config.zone.day(now_ms - CHART_DAYS * DAY_MS);
        let days = takings::since(app, None, from, CHART_DAYS as usize).await?;
        all.push(charts::money(&days, "/console/books".to_owned(), words));
    }
    let mut hours = Vec::new();
    for rollout in catalog.rollouts.values().map(|kept| &kept.value) {
        for stage in &rollout.stages {
            let id = ReleaseId { program: rollout.program.clone(), version: stage.version.clone() };
            hours.extend(figures::hours(app, &id, now_ms - DAY_MS).await?);
        }
    }
    all.extend(charts::calls(&hours, now_ms, "/console/programs", words));
    if desk::may_for_bank(catalog, staff, Action::ReadRelease) {
        let since: Vec<i64> = desk::waiting(catalog).map(|release| release.uploaded_ms).collect();
        all.push(charts::waiting(&since, now_ms, "/console/reviews", words));
    }
    Ok(all)
}

/// What was found changed of releases, in a sentence each.
fn alarms(catalog: &Catalog, words: &Words, now_ms: i64) -> Vec<(String, String)> {
    let releases = catalog.releases.values().map(|kept| &kept.value);
    let of = |release: &Release| release.alarms(now_ms).last().map(|damage| (release.id.clone(), damage.clone()));
    let told = |(id, damage): (ReleaseId, Damage)| {
        let what = words.name("part", damage.part.as_str());
        let when = calendar::short(words, damage.at_ms, now_ms);
        let line = words.say1("alarm-changed", "what", format!("{id} · {what} · {when}"));
        (format!("/console/programs/{}", id.program), line)
    };
    releases.filter_map(of).map(told).collect()
}

fn counts(catalog: &Catalog, words: &Words, newest: Option<&AuditRecord>) -> Vec<Figure> {
    let waiting = desk::waiting(catalog).count();
    let live = catalog.rollouts.values().filter(|kept| !kept.value.enabled.is_empty()).count();
    let stops = catalog.stops.values().filter(|kept| kept.value.lifted.is_none()).count();
    let figure = |key: &str, mark, href: &str, value: String, tone| Figure {
        href: href.to_owned(),
        mark,
        name: words.say(&format!("figure-{key}")),
        value,
        note: words.say1(&format!("figure-{key}-note"), "n", catalog.programs.len()),
        tone,
    };
    let mut figures = vec![
        figure("reviews", "shield", "/console/reviews", waiting.to_string(), if waiting > 0 { "warning" } else { "" }),
        figure("programs", "grid", "/console/programs", live.to_string(), ""),
        figure("stops", "stop", "/console/programs", stops.to_string(), if stops > 0 { "danger" } else { "" }),
    ];
    if let Some(record) = newest {
        figures.push(figure("audit", "list", "/console/audit", record.seq.to_string(), ""));
    }
    figures
}

/// How many of the newest records each kind of work has, drawn as a program's chart would be.
fn chart(records: &[AuditRecord], words: Words, now_ms: i64) -> Html {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for record in records {
        let kind = record.event.action.split('.').next().unwrap_or_default();
        *counts.entry(words.name("kind", kind)).or_default() += 1;
    }
    let mut points: Vec<(String, i64)> = counts.into_iter().collect();
    points.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    points.truncate(5);
    if points.is_empty() {
        return Html::new();
    }
    let chart = Element::Chart(Chart { kind: "bar".to_owned(), unit: String::new(), points, decimals: 0 });
    let node = Node { id: "activity".to_owned(), element: chart, children: Vec::new(), label: None, props: Vec::new() };
    let screen = Screen { title: String::new(), nodes: vec![node], root: 0 };
    web::screen(
        &screen,
        &Drawing {
            words,
            program: "",
            pages: "/app",
            files: "",
            now_ms,
            fields: &std::collections::BTreeMap::new(),
            ids: "",
        },
    )
}

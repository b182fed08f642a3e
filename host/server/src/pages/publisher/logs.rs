//! What a program wrote while it ran, and its faults.

use super::view::{LogRow, Logs};
use crate::app::ctx::Ctx;
use crate::app::{App, publish};
use crate::http::extract::{Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::pages::console::desk::{self, Asked};
use crate::pages::console::program_card;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::zone::Zone;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::commit::LogLine;

const LINES: usize = 200;

/// `GET /publisher/programs/{id}/logs`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (staff, _) = publish::developer(&app, &ctx)?;
    let program = publish::own_program(&app, &ctx, &program_id(&id)?)?;
    let mut lines = app.store.logs(&program.id, None, LINES).await?;
    lines.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    let catalog = app.catalog();
    let view = Logs {
        shell: desk::desk(&look, &catalog, staff, "/publisher", &asked),
        card: program_card(&catalog, &program.id, &look.words()),
        rows: lines.into_iter().map(|(_, line)| row(line, look.words().zone())).collect(),
    };
    page(&look, &view)
}

fn row(line: LogLine, zone: Zone) -> LogRow {
    LogRow {
        when: calendar::exact(zone, line.at_ms),
        tone: match line.level.as_str() {
            "fault" | "error" => "danger",
            "warn" => "warning",
            "info" => "info",
            _ => "",
        },
        text: if line.code.is_empty() { line.text } else { format!("{}  {}", line.code, line.text) },
        level: line.level,
    }
}

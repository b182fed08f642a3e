//! The page that `type` of every problem leads to, made from the registry of codes: what happened, and what to do, in
//! both languages. Whoever reads it has no sign-in at hand, so that it asks for none.

use super::shell::Shell;
use super::{Look, page};
use crate::app::App;
use crate::app::rate::RateClass;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::words::{Locale, Words};
use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use xitai_model::code::{self, Code};

/// All codes, by family.
#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    shell: Shell,
    families: BTreeMap<&'static str, Vec<&'static Code>>,
}

/// One code.
#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    shell: Shell,
    code: &'static Code,
    /// The other language, in which the same is said below.
    other: Words,
    kind: String,
    family: Vec<&'static Code>,
}

pub fn routes() -> Vec<Route> {
    vec![
        row(Method::GET, "/problems", Access::Anyone, "page.problems", list).rate(RateClass::Free),
        row(Method::GET, "/problems/{code}", Access::Anyone, "page.problem", show).rate(RateClass::Free),
    ]
}

/// `GET /problems`
async fn list(State(app): State<Arc<App>>, look: Look) -> Result<Response, Problem> {
    let mut families: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for code in code::ALL {
        families.entry(code.family()).or_default().push(code);
    }
    page(&look, &ProblemsPage { shell: look.shell(Some(&app.catalog()), ""), families })
}

/// `GET /problems/{code}`
async fn show(State(app): State<Arc<App>>, look: Look, Path(asked): Path<String>) -> Result<Response, Problem> {
    let code = code::find(&asked).ok_or_else(|| Problem::new(code::REQUEST_NOT_FOUND))?;
    let kind = serde_json::to_value(code.kind).map_err(Problem::internal)?;
    let other = if look.words().locale() == Locale::En { Locale::ZhCn } else { Locale::En };
    let other = Words::of(other, look.words().zone());
    let view = ProblemPage {
        shell: look.shell(Some(&app.catalog()), ""),
        code,
        other,
        kind: kind.as_str().unwrap_or_default().to_owned(),
        family: code::ALL.into_iter().filter(|it| it.family() == code.family() && it.code != code.code).collect(),
    };
    page(&look, &view)
}

//! Pages for people: the customer's app, the console of head office and branches, and the publisher's desk.
//!
//! Handlers here ask the app for values, fill a view and draw it. They decide nothing: whoever may not do something is
//! refused by the same functions that the API calls.

pub mod app;
mod assets;
pub mod board;
pub mod books;
pub mod cards;
mod charts;
mod chat;
pub mod codes;
pub mod console;
pub mod disputes;
mod embed;
mod endpoints;
mod journeys;
mod kiosk;
pub mod look;
mod merchants;
mod notice_templates;
pub mod parts;
mod problems;
pub mod publisher;
mod root;
pub mod shell;
mod threads;
mod till;

pub use kiosk::is_marked as is_kiosk;
pub use look::Look;

use crate::http::problem::Problem;
use crate::http::routes::Route;
use crate::words::{happened, mend};
use crate::zone::Zone;
use askama::Template;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use shell::ErrorPage;

/// The pages' rows of the route table.
pub fn routes() -> Vec<Route> {
    let mut rows = root::routes();
    rows.extend(problems::routes());
    rows.extend(app::routes());
    rows.extend(console::routes());
    rows.extend(publisher::routes());
    rows.extend(endpoints::routes());
    rows.extend(notice_templates::routes());
    rows.extend(threads::routes());
    rows.extend(disputes::routes());
    rows.extend(merchants::routes());
    rows.extend(till::routes());
    rows.extend(books::routes());
    rows.extend(kiosk::routes());
    rows.extend(chat::routes());
    rows.extend(embed::routes());
    rows.extend(codes::routes());
    rows.extend(journeys::routes());
    rows
}

/// A view, drawn. A language or size of type that was chosen by the address is kept in a cookie.
pub fn page(look: &Look, view: &impl Template) -> Result<Response, Problem> {
    let mut response = Html(view.render().map_err(Problem::internal)?).into_response();
    for cookie in look.kept() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `303 See Other`: what follows a form.
pub fn see(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let path = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/app"));
    response.headers_mut().insert(header::LOCATION, path);
    response
}

/// Back to a page, with the code under which something was refused.
pub fn refused(path: &str, problem: &Problem) -> Response {
    let mark = if path.contains('?') { '&' } else { '?' };
    see(&format!("{path}{mark}refused={}", problem.code.code))
}

/// To a page with what came of a form: that it is done is seen there.
pub fn to<T>(path: &str, done: Result<T, Problem>) -> Response {
    match done {
        Ok(_) => see(path),
        Err(problem) => refused(path, &problem),
    }
}

/// The page, which is asked for again every two seconds: somebody else is about to do something.
pub fn looks_again(mut page: Response) -> Response {
    page.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static("2"));
    page
}

/// The page for a problem, at a path with its query. The gate calls it, so it needs no more than the request's headers.
pub fn problem_page(problem: &Problem, request_id: &str, path: &str, headers: &HeaderMap) -> String {
    // It shows no times, so that whose clock it is makes no difference.
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let look = Look::of(headers, Zone::utc()).chosen_by(query).at(path);
    let locale = look.words().tag();
    // Who may not be there is sent to the front door, which knows where everybody belongs.
    let home = if path.starts_with("/kiosk") || is_kiosk(headers) {
        "/kiosk"
    } else if problem.status() == StatusCode::FORBIDDEN {
        "/app"
    } else if path.starts_with("/console") {
        "/console"
    } else if path.starts_with("/publisher") {
        "/publisher"
    } else {
        "/app"
    };
    let view = ErrorPage {
        shell: look.shell(None, ""),
        title: happened(problem.code, locale).into_owned(),
        detail: problem.detail.clone().unwrap_or_default(),
        mend: mend(problem.code, locale).into_owned(),
        code: problem.code.code.to_owned(),
        request_id: request_id.to_owned(),
        home,
        retry: problem.status().is_server_error() || problem.retry_after_ms.is_some(),
    };
    view.render().unwrap_or_else(|_| problem.code.code.to_owned())
}

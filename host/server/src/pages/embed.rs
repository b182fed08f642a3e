//! The frame within a partner's page, and where its visitors go on in the bank's own window.
//!
//! The frame is shown within the page that the partner's server signed for, and within nothing else. It holds no
//! cookie: its sign-in is in its script's own memory.

use super::app::stage::{self, Way};
use super::app::view::Stage;
use super::cards::{card_of_program, place_name};
use super::parts::ProgramCard;
use super::shell::Shell;
use super::{Look, page, see};
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::embed::{self, GoesOn};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::tokens::device_of;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::render;
use crate::render::web::icon;
use crate::render::web::{query_escaped, query_of};
use crate::words::{self, Words};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::embed::{Launch, Origin};
use xitai_model::identity::{How, Level};
use xitai_model::ids::ProgramId;

const WAY: Way = Way { pages: "/embed", screen: render::embed::screen };

pub fn routes() -> Vec<Route> {
    let (get, post, anyone) = (Method::GET, Method::POST, Access::Anyone);
    vec![
        row(get.clone(), "/embed/{id}", anyone, "page.embed", frame),
        row(get.clone(), "/embed/sessions/{id}/fragment", Access::SignedIn, "page.session", fragment),
        row(get, "/app/partner", anyone, "page.partner", arrive),
        row(post, "/app/partner", anyone, "embed.gone-on", go_on),
    ]
}

#[derive(Template)]
#[template(path = "embed/frame.html")]
struct Frame {
    shell: Shell,
    embed: String,
    launch: String,
    parent: String,
    /// The same program with the same parameters goes on after a reload.
    key: String,
    program: String,
    page: String,
    query: String,
    card: ProgramCard,
}

#[derive(Template)]
#[template(path = "embed/refused.html")]
struct Refused {
    shell: Shell,
    title: String,
    mend: String,
    code: &'static str,
}

#[derive(Template)]
#[template(path = "embed/part.html")]
struct Part {
    words: Words,
    bank: String,
    stage: Stage,
    /// Of the sheet that waits, which only the bank's own window shows.
    ticket: Option<String>,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    launch: String,
}

/// `GET /embed/{id}?launch=`
async fn frame(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let launched = embed::launch(&app, &id, &asked.launch, ctx.now_ms);
    match launched.and_then(|(embed, launch)| within(&headers, &launch.origin).map(|()| (embed, launch))) {
        Ok((embed, launch)) => shown(&app, &look, embed.id, asked.launch, launch),
        Err(problem) if problem.code.code.starts_with("host.") => Err(problem),
        Err(problem) => refused(&app, &look, &problem),
    }
}

/// What a browser says of the page around. One that says nothing is held by `frame-ancestors` all the same.
fn within(headers: &HeaderMap, origin: &Origin) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_other = text("referer").is_some_and(|page| Origin::of_address(page).as_ref() != Some(origin));
    let is_no_frame = text("sec-fetch-dest").is_some_and(|dest| dest != "iframe");
    if is_other || is_no_frame { Err(Problem::new(code::EMBED_ORIGIN)) } else { Ok(()) }
}

fn shown(app: &App, look: &Look, embed: String, text: String, launch: Launch) -> Result<Response, Problem> {
    let catalog = app.catalog();
    let card = card_of_program(&catalog, &launch.program, &look.words());
    let (page, query) = (launch.page.unwrap_or_default(), query_of(&launch.query));
    let parts = [embed.as_str(), launch.program.as_str(), &page, &query].map(str::as_bytes);
    let view = Frame {
        shell: look.shell(Some(&catalog), ""),
        key: Digest::of_parts(&parts).hex()[..16].to_owned(),
        embed,
        launch: text,
        parent: launch.origin.to_string(),
        program: launch.program.to_string(),
        page,
        query,
        card: card.unwrap_or_else(|| ProgramCard::bare(launch.program.as_str(), None)),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors {}; \
         sandbox allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox",
        launch.origin
    );
    with_policy(view.render().map_err(Problem::internal)?, StatusCode::OK, &policy)
}

/// A plain word, which any page may show: there is nothing in it.
fn refused(app: &App, look: &Look, problem: &Problem) -> Result<Response, Problem> {
    let tag = look.words().tag();
    let view = Refused {
        shell: look.shell(Some(&app.catalog()), ""),
        title: words::happened(problem.code, tag).into_owned(),
        mend: words::mend(problem.code, tag).into_owned(),
        code: problem.code.code,
    };
    let policy =
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *; sandbox";
    with_policy(view.render().map_err(Problem::internal)?, problem.status(), policy)
}

fn with_policy(html: String, status: StatusCode, policy: &str) -> Result<Response, Problem> {
    let mut response = (status, Html(html)).into_response();
    let policy = HeaderValue::from_str(policy).map_err(Problem::internal)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// `GET /embed/sessions/{id}/fragment`
async fn fragment(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    if ctx.how != How::Embed {
        return Err(Problem::new(code::SESSION_NOT_FOUND));
    }
    let (view, stage) = stage::stage(&app, &ctx, &look, &id, WAY).await?;
    let ticket = view.sheet.filter(|_| !view.elsewhere).map(|sheet| sheet.ticket);
    let bank = look.bank(Some(&app.catalog()));
    let part = Part { words: look.words(), bank, stage, ticket };
    Ok(Html(part.render().map_err(Problem::internal)?).into_response())
}

#[derive(Template)]
#[template(path = "app/partner.html")]
struct Arrival {
    shell: Shell,
    from: String,
    origins: Vec<String>,
    fields: Fields,
    /// Who is signed in here already.
    name: Option<String>,
    problem: Option<String>,
}

/// What the frame's address brings along. None of it is believed: the code is what counts.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    embed: String,
    code: String,
    program: String,
    page: String,
    query: String,
    refused: Option<String>,
}

/// `GET /app/partner?embed=&code=`: nothing is taken by looking.
async fn arrive(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(fields): Query<Fields>,
) -> Result<Response, Problem> {
    let (catalog, words) = (app.catalog(), look.words());
    let embed = catalog.embed(&fields.embed).ok_or_else(|| Problem::new(code::EMBED_NOT_FOUND))?;
    let terms = embed.live.as_ref().ok_or_else(|| Problem::new(code::EMBED_ORIGIN))?;
    let is_somebody = ctx.customer().is_none_or(|customer| customer.level > Level::Visitor);
    let name = super::app::name_of(&ctx);
    let view = Arrival {
        shell: look.shell(Some(&catalog), ""),
        from: place_name(&catalog, &terms.partner, &words),
        origins: terms.origins.iter().map(ToString::to_string).collect(),
        name: Some(name).filter(|name| is_somebody && !name.is_empty()),
        problem: words.refused(fields.refused.as_deref()),
        fields,
    };
    page(&look, &view)
}

/// `POST /app/partner`
async fn go_on(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    headers: HeaderMap,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let anew = anew(value("program"), value("page"), value("query"));
    match embed::go_on(&app, &ctx, value("embed"), value("code"), &device_of(&headers)).await {
        Ok(GoesOn::Anew) => Ok(see(&anew)),
        Ok(GoesOn::Here { made, session }) => {
            let to = match value("how") {
                "sign-in" => format!("/app/sign-in?next={}", BASE64URL_NOPAD.encode(anew.as_bytes())),
                _ => format!("/app/sessions/{session}"),
            };
            super::app::with_cookie(see(&to), &ctx, &made)
        }
        Err(problem) if problem.status().is_client_error() => {
            let back = ["embed", "code", "program", "page", "query"];
            let back = back.map(|name| format!("{name}={}", query_escaped(value(name)))).join("&");
            Ok(super::refused(&format!("/app/partner?{back}"), &problem))
        }
        Err(problem) => Err(problem),
    }
}

/// Where the program is opened for somebody who is signed in. A program's id holds nothing that leads elsewhere.
fn anew(program: &str, page: &str, query: &str) -> String {
    let Ok(program) = ProgramId::parse(program) else { return "/app".to_owned() };
    let page = format!("page={}", query_escaped(page));
    let is_plain = query.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%=&".contains(&byte));
    let given = [page.as_str(), if is_plain { query } else { "" }];
    let given: Vec<&str> = given.into_iter().filter(|part| !part.is_empty()).collect();
    format!("/app/open/{program}?{}", given.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_opened_anew_is_a_program_of_this_host() {
        for (program, page, query, expected) in [
            ("cn.bank.tea", "", "page=2", "/app/open/cn.bank.tea?page=&page=2"),
            ("cn.bank.tea", "pages/a", "table=7&x=%E8", "/app/open/cn.bank.tea?page=pages/a&table=7&x=%E8"),
            ("//evil.example", "", "", "/app"),
            ("cn.bank.tea", "", "a\r\nb", "/app/open/cn.bank.tea?page="),
        ] {
            assert_eq!(anew(program, page, query), expected);
        }
    }

    #[test]
    fn a_frame_is_within_the_page_that_was_signed_for() {
        let origin = Origin::parse("https://tea.example").unwrap();
        let told = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            within(&headers, &origin).is_ok()
        };
        assert!(told(&[]));
        assert!(told(&[("referer", "https://tea.example/menu"), ("sec-fetch-dest", "iframe")]));
        assert!(!told(&[("referer", "https://evil.example/")]));
        assert!(!told(&[("referer", "https://tea.example.evil.example/")]));
        assert!(!told(&[("sec-fetch-dest", "document")]));
    }
}

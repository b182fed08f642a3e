//! The table of contents: every route of the product, who may use it, and what answers.
//!
//! The router, the gate and the OpenAPI document are all made from these rows.

mod app_tickets;
mod books;
mod channels;
mod content;
mod embeds;
mod endpoints;
mod feedback;
mod identity;
mod launching;
mod merchants;
mod money;
mod notices;
mod organisation;
mod pay_codes;
mod publishers;
mod reconciliation;
mod relationship;
mod rollouts;
mod rules;
mod stops;
mod trials;
mod zone_pages;

use super::handlers::{
    attachments, audit, health, hooks, keys, live, me, programs, publisher, reviews, schemas, sessions, stop, tokens,
};
use super::openapi::Described;
use super::problem::Problem;
use super::{openapi, stream, wire};
use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::{Caller, Ctx};
use crate::app::rate::RateClass;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter};
use std::sync::Arc;
use xitai_model::identity::How;
use xitai_model::place::Staff;
use xitai_model::policy::{self, Action, Asking, Decision, Resource};
use xitai_model::{code, limits};

/// One route.
pub struct Route {
    pub facts: Facts,
    pub handler: Box<dyn Fn() -> MethodRouter<Arc<App>>>,
}

/// What the gate and the document need to know of a route.
#[derive(Debug, Clone)]
pub struct Facts {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    /// What it does, as logs and the audit trail say.
    pub audit: &'static str,
    pub rate: RateClass,
    pub body_bytes_max: usize,
    /// One line for the OpenAPI document. Pages have none and are left out of it.
    pub says: &'static str,
    pub takes: Option<Described>,
    pub takes_media: &'static str,
    pub gives: Option<Described>,
}

/// Who gets through the gate. What somebody may do to which thing is decided where the thing is known.
#[derive(Debug, Clone, Copy)]
pub enum Access {
    Anyone,
    /// Whoever is signed in, machines too: it says only who that is.
    Token,
    /// Customers, and staff with their own customer record.
    SignedIn,
    /// Staff with a role that may do this somewhere.
    May(Action),
    /// Staff whose role reaches the whole bank: what they ask for is not any one place's.
    ForBank(Action),
}

/// Who reads the answer: a program, or a person with a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Document,
    Page,
}

impl Face {
    pub fn of_path(path: &str) -> Self {
        let is_page = ["/app", "/console", "/publisher", "/miniapp", "/kiosk", "/chat", "/embed", "/problems"]
            .iter()
            .any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        if is_page || path == "/" { Face::Page } else { Face::Document }
    }
}

impl Access {
    pub fn check(self, ctx: &Ctx, catalog: &Catalog) -> Result<(), Problem> {
        let refused = match (&ctx.actor, self) {
            (_, Access::Anyone) => return Ok(()),
            (Caller::Anonymous, _) => code::AUTH_REQUIRED,
            (_, Access::Token) => return Ok(()),
            _ if !self.is_in_scope(ctx) => code::AUTH_SCOPE,
            (_, Access::SignedIn) => return Ok(()),
            (Caller::Staff(staff), Access::May(action)) if crate::app::may_somewhere(staff, action) => return Ok(()),
            (Caller::Staff(staff), Access::ForBank(action)) if may_for_bank(staff, action, catalog) => return Ok(()),
            (_, Access::May(_) | Access::ForBank(_)) => code::AUTH_FORBIDDEN,
        };
        Err(Problem::new(refused))
    }

    /// A person may do all that their roles allow; a machine only what its token was made for.
    fn is_in_scope(self, ctx: &Ctx) -> bool {
        let Some(scopes) = &ctx.scopes else { return true };
        if ctx.how == How::Embed {
            // A partner's visitor is a person; which routes they reach the gate asks by itself.
            return matches!(self, Access::Anyone | Access::Token | Access::SignedIn);
        }
        match self {
            Access::Anyone | Access::Token => true,
            Access::SignedIn => false,
            Access::May(action) | Access::ForBank(action) => scopes.iter().any(|scope| scope == action.as_str()),
        }
    }
}

fn may_for_bank(staff: &Staff, action: Action, catalog: &Catalog) -> bool {
    let bank = catalog.bank().map(|bank| &bank.id);
    let whole = Resource { place: bank, ..Resource::default() };
    let within = |place: &_, above: &_| catalog.is_within(place, above);
    bank.is_some() && policy::decide(Asking::Staff(staff), action, whole, within) == Decision::Allow
}

impl Facts {
    /// For requests that no row knows.
    pub fn of_nothing() -> Self {
        Self {
            method: Method::GET,
            path: "",
            access: Access::Anyone,
            audit: "nothing",
            rate: RateClass::Requests,
            body_bytes_max: limits::REQUEST_BYTES_MAX,
            says: "",
            takes: None,
            takes_media: "application/json",
            gives: None,
        }
    }
    pub fn face(&self) -> Face {
        Face::of_path(self.path)
    }
}

/// A row. `audit` names what it does.
pub fn row<H, T>(method: Method, path: &'static str, access: Access, audit: &'static str, handler: H) -> Route
where
    H: Handler<T, Arc<App>> + Clone,
    T: 'static,
{
    let filter = MethodFilter::try_from(method.clone()).expect("the table names only methods that axum knows");
    let facts = Facts { method, path, access, audit, ..Facts::of_nothing() };
    Route { facts, handler: Box::new(move || axum::routing::on(filter, handler.clone())) }
}

impl Route {
    pub fn says(mut self, line: &'static str) -> Self {
        self.facts.says = line;
        self
    }
    pub fn takes<T: utoipa::ToSchema>(mut self) -> Self {
        self.facts.takes = Some(openapi::described::<T>());
        self
    }
    /// Takes bytes of another kind than JSON, at most so many.
    pub fn takes_bytes(mut self, media: &'static str, bytes_max: usize) -> Self {
        self.facts.takes_media = media;
        self.facts.body_bytes_max = bytes_max;
        self
    }
    pub fn gives<T: utoipa::ToSchema>(mut self) -> Self {
        self.facts.gives = Some(openapi::described::<T>());
        self
    }
    pub fn rate(mut self, rate: RateClass) -> Self {
        self.facts.rate = rate;
        self
    }
}

/// All routes.
pub fn table() -> Vec<Route> {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let mut rows = vec![
        // Signing in.
        row(post.clone(), "/api/v1/tokens", Access::Anyone, "token.made", tokens::make)
            .says("Sign in by name and password or by passkey; without either, come in as a visitor")
            .takes::<wire::SignIn>()
            .gives::<wire::SignedIn>(),
        row(delete.clone(), "/api/v1/tokens/current", Access::SignedIn, "token.revoked", tokens::revoke)
            .says("Sign out"),
        // Programs and sessions.
        row(get.clone(), "/api/v1/programs", Access::SignedIn, "program.list", programs::list)
            .says("Programs that the caller can open")
            .gives::<wire::Programs>(),
        row(post.clone(), "/api/v1/sessions", Access::SignedIn, "session.opened", sessions::open)
            .says("Open a program")
            .takes::<wire::OpenSession>()
            .gives::<wire::Session>(),
        row(get.clone(), "/api/v1/sessions/{id}", Access::SignedIn, "session.view", sessions::view)
            .says("A session as it stands; with `?after=POSITION` also the effects of the steps since")
            .gives::<wire::Session>(),
        row(post.clone(), "/api/v1/sessions/{id}/events", Access::SignedIn, "session.event", sessions::event)
            .says("Send an event")
            .takes::<wire::PostEvent>()
            .gives::<wire::Session>(),
        row(post.clone(), "/api/v1/sessions/{id}/sheets/{ticket}", Access::SignedIn, "sheet.decided", sessions::sheet)
            .says("Confirm or decline a sheet")
            .takes::<wire::DecideSheet>()
            .gives::<wire::Session>(),
        row(post.clone(), "/api/v1/sessions/{id}/recording", Access::SignedIn, "session.given-away", sessions::give_away)
            .says("Give the session away as a file that the program's author can perform again")
            .takes::<wire::GiveAway>()
            .gives::<wire::SessionRecording>(),
        row(get.clone(), "/api/v1/sessions/{id}/stream", Access::SignedIn, "session.stream", stream::stream)
            .says("Server-sent events: `moved` whenever the session has a new position"),
        row(
            Method::PUT,
            "/api/v1/sessions/{id}/secure-fields/{ticket}",
            Access::SignedIn,
            "secure-field.filled",
            hooks::fill,
        )
        .says("Fill in a secure field of the current screen")
        .takes::<wire::FillField>()
        .gives::<wire::FilledField>(),
        row(
            Method::PUT,
            "/api/v1/sessions/{id}/sheets/{ticket}/file",
            Access::SignedIn,
            "attachment.uploaded",
            attachments::upload,
        )
        .says("Upload the file that an open sheet asks for; `?name=` is what it is called")
        .takes_bytes("application/octet-stream", limits::ATTACHMENT_UPLOAD_BYTES_MAX)
        .gives::<wire::UploadedFile>(),
        // The customer's own.
        row(get.clone(), "/api/v1/me", Access::Token, "me.view", me::view)
            .says("Who is signed in")
            .gives::<wire::Who>(),
        row(delete.clone(), "/api/v1/me", Access::SignedIn, "customer.erased", me::erase)
            .says("Erase the customer's data by destroying their key; asks for a fresh proof, refused while money is open")
            .takes::<wire::EraseMe>(),
        row(get.clone(), "/api/v1/me/payments", Access::SignedIn, "payment.list", me::payments)
            .says("The customer's payments, newest first")
            .gives::<wire::Payments>(),
        row(get.clone(), "/api/v1/me/payments/{id}", Access::SignedIn, "payment.view", me::payment)
            .says("A payment with what was shown and booked")
            .gives::<wire::Payment>(),
        row(get.clone(), "/api/v1/me/payments/{id}/receipt", Access::SignedIn, "payment.receipt", me::receipt)
            .says("A signed receipt that verifies without the bank")
            .gives::<wire::Signed>(),
        // The bank's own.
        row(get.clone(), "/api/v1/keys", Access::Anyone, "key.list", keys::keys)
            .says("Public keys of the bank's signatures, newest first")
            .gives::<wire::Keys>(),
        row(get.clone(), "/api/v1/checkpoints", Access::Anyone, "checkpoint.list", keys::checkpoints)
            .says("Signed heads of the audit trail, for witnesses")
            .gives::<wire::Checkpoints>(),
        row(get.clone(), "/api/v1/audit", Access::ForBank(Action::ReadAudit), "audit.read", audit::read)
            .says("Audit records in order")
            .gives::<wire::Audit>(),
        row(get.clone(), "/api/v1/live", Access::May(Action::ReadRollout), "live.stream", live::stream)
            .says("Server-sent events: `changed` with the kinds of what changed; one stream a person, the newest"),
        // The host.
        row(get.clone(), "/schemas/{name}", Access::Anyone, "host.schema", schemas::schema)
            .rate(RateClass::Free)
            .says("The published JSON Schema of what native apps draw: session-1.json"),
        row(get.clone(), "/openapi.json", Access::Anyone, "host.openapi", openapi::document)
            .rate(RateClass::Free)
            .says("This document"),
        row(get.clone(), "/healthz", Access::Anyone, "host.health", health::alive)
            .rate(RateClass::Free)
            .says("Whether the process is alive"),
        row(get.clone(), "/readyz", Access::Anyone, "host.ready", health::ready)
            .rate(RateClass::Free)
            .says("Whether the host can serve")
            .gives::<wire::Readiness>(),
        row(get, "/metrics", Access::Anyone, "host.metrics", health::metrics)
            .rate(RateClass::Free)
            .says("Measurements for Prometheus"),
    ];
    rows.extend(identity::rows());
    rows.extend(notices::rows());
    rows.extend(relationship::rows());
    rows.extend(money::rows());
    rows.extend(pay_codes::rows());
    rows.extend(merchants::rows());
    rows.extend(books::rows());
    rows.extend(reconciliation::rows());
    rows.extend(rules::rows());
    rows.extend(trials::rows());
    rows.extend(channels::rows());
    rows.extend(app_tickets::rows());
    rows.extend(embeds::rows());
    rows.extend(stops::rows());
    rows.extend(release_plane());
    rows.extend(rollouts::rows());
    rows.extend(zone_pages::rows().into_iter().chain(launching::rows()));
    rows.extend(publishers::rows());
    rows.extend(organisation::rows());
    rows.extend(content::rows());
    rows.extend(feedback::rows());
    rows.extend(endpoints::rows());
    rows.extend(crate::pages::routes());
    rows
}

/// Publishing, reviewing, rolling out, stopping.
fn release_plane() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (publish, review) = (Access::May(Action::Publish), Access::May(Action::Review));
    vec![
        row(post.clone(), "/api/v1/publisher/programs", publish, "program.registered", publisher::register)
            .says("Register a program")
            .takes::<wire::RegisterProgram>()
            .gives::<wire::PublishedProgram>(),
        row(get.clone(), "/api/v1/publisher/programs", publish, "program.own", publisher::list)
            .says("The caller's programs with their releases")
            .gives::<wire::PublishedPrograms>(),
        row(post.clone(), "/api/v1/publisher/programs/{id}/releases", publish, "release.uploaded", publisher::upload)
            .says("Upload a package; the inspection follows")
            .takes_bytes(crate::package::MEDIA_TYPE, limits::UPLOAD_BYTES_MAX)
            .gives::<wire::Release>(),
        row(get.clone(), "/api/v1/publisher/programs/{id}/releases", publish, "release.list", publisher::releases)
            .says("A program's releases, newest first")
            .gives::<wire::Releases>(),
        row(
            get.clone(),
            "/api/v1/publisher/programs/{id}/releases/{version}",
            publish,
            "release.view",
            publisher::release,
        )
        .says("A release: its state and what the inspection found")
        .gives::<wire::Release>(),
        row(get.clone(), "/api/v1/publisher/programs/{id}/logs", publish, "log.read", publisher::logs)
            .says("What a program wrote, and its faults")
            .gives::<wire::Logs>(),
        row(get.clone(), "/api/v1/reviews", review, "review.list", reviews::list)
            .says("Releases that wait for a reviewer")
            .gives::<wire::Reviews>(),
        row(get.clone(), "/api/v1/reviews/{id}", review, "review.view", reviews::view)
            .says("One review")
            .gives::<wire::Release>(),
        row(post.clone(), "/api/v1/reviews/{id}/decisions", review, "review.decided", reviews::decide)
            .says("Approve or return exactly this package")
            .takes::<wire::DecideReview>()
            .gives::<wire::Release>(),
        row(post.clone(), "/api/v1/reviews/{id}/ticks", review, "review.ticked", reviews::tick)
            .says("Tick points of the human checklist")
            .takes::<wire::TickPoints>()
            .gives::<wire::Release>(),
        row(post.clone(), "/api/v1/reviews/{id}/acceptances", review, "release.finding-accepted", reviews::accept)
            .says("Accept a finding that nobody approves unseen, with a reason")
            .takes::<wire::AcceptFinding>()
            .gives::<wire::Release>(),
        row(get.clone(), "/api/v1/reviews/{id}/evidence", review, "review.evidence", reviews::evidence)
            .says("What the machine found and saw of a release")
            .gives::<wire::ReviewEvidence>(),
        row(
            post,
            "/api/v1/publisher/programs/{id}/releases/{version}/appeal",
            publish,
            "release.appealed",
            publisher::appeal,
        )
        .says("Call others in against a return, once")
        .takes::<wire::AppealReview>()
        .gives::<wire::Release>(),
        row(put, "/api/v1/programs/{id}/kill", Access::May(Action::Stop), "program.stopped", stop::stop)
            .says("Stop a program everywhere at once")
            .takes::<wire::StopProgram>()
            .gives::<wire::Stops>(),
        row(delete, "/api/v1/programs/{id}/kill", Access::May(Action::Stop), "program.stop-lifted", stop::lift)
            .says("Propose to lift the stop; another person, doing the same, lifts it")
            .gives::<wire::Stops>(),
    ]
}

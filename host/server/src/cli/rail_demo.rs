//! `xitai rail-demo`: a network of cards as its people would write one, after `docs/rail.md`. It has a page where a card
//! is entered, does each instruction once under its id, and says what became of it. Kept in a file, so that it outlives
//! a restart as a real one would.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use xitai_egress::signature::{ID_HEADER, SIGNATURE_HEADER, Secret, TIMESTAMP_HEADER, verify};
use xitai_model::day::Day;

/// Serve a network of other banks' cards for trying out tenders
#[derive(Debug, clap::Args)]
pub struct RailDemoArgs {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8092")]
    pub listen: SocketAddr,
    /// The secret that the bank signs with, `whsec_…`
    #[arg(long, env = "XITAI_RAIL_SECRET", hide_env_values = true)]
    pub secret: String,
    /// Where it keeps its books
    #[arg(long, default_value = "rail.json")]
    pub books: PathBuf,
}

/// How far the clocks on the walls of the bank are ahead of UTC.
const AHEAD_S: i64 = 8 * 3_600;
/// How old a signature may be.
const TOLERANCE_S: i64 = 300;
/// What is on every card, in minor units.
const ON_A_CARD: i64 = 100_000;
/// Entries of one page of a day.
const PAGE: usize = 100;
/// Questions about an instruction that are answered with `unknown`, for a card that is known to be slow.
const UNSURE_TIMES: u32 = 2;
/// Last digits of cards that behave oddly, so that one can see what comes of it.
const EMPTY: &str = "0002";
const SLOW: &str = "0003";
const BLOCKED: &str = "0004";

pub struct Network {
    secret: Secret,
    file: PathBuf,
    books: Mutex<Books>,
}

#[derive(Default, Serialize, Deserialize)]
struct Books {
    /// By the bank's id, in the order of time.
    instructions: BTreeMap<String, Kept>,
    /// By token.
    cards: BTreeMap<String, Card>,
    /// Codes that browsers carry back; each serves once.
    codes: BTreeMap<String, String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    told: Told,
    /// The card or account that it is about.
    holder: String,
    at: String,
    code: Option<String>,
    /// How often it was answered with `unknown`.
    unsure: u32,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct Card {
    issuer: String,
    last_four: String,
    taken: i64,
    reserved: i64,
}

#[derive(Clone, Serialize, Deserialize)]
struct Told {
    id: String,
    kind: String,
    amount: Amount,
    of: Option<String>,
    account: Option<String>,
    card: Option<String>,
    #[serde(default)]
    reference: String,
}
#[derive(Clone, Serialize, Deserialize)]
struct Amount {
    minor: i64,
    currency: String,
}

pub fn run(args: RailDemoArgs) -> ExitCode {
    super::serve::to_its_end(false, None, async {
        let secret = Secret::parse(&args.secret).ok_or("a secret begins with whsec_")?;
        let network = Network::open(secret, args.books)?;
        let listener = TcpListener::bind(args.listen).await.map_err(|error| format!("{}: {error}", args.listen))?;
        serve(network, listener, super::serve::shutdown_asked()).await
    })
}

/// Serves until `asked`.
pub async fn serve(
    network: Network,
    listener: TcpListener,
    asked: impl Future<Output = ()> + Send + 'static,
) -> Result<(), String> {
    let routes = Router::new()
        .route("/bind", get(enter).post(entered))
        .route("/v1/bindings", post(bind))
        .route("/v1/instructions", post(instruct))
        .route("/v1/instructions/{id}", get(look))
        .route("/v1/days/{day}", get(day))
        .with_state(Arc::new(network));
    axum::serve(listener, routes).with_graceful_shutdown(asked).await.map_err(|error| error.to_string())
}

impl Network {
    pub fn open(secret: Secret, file: PathBuf) -> Result<Self, String> {
        let books = match std::fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", file.display()))?,
            Err(_) => Books::default(),
        };
        Ok(Self { secret, file, books: Mutex::new(books) })
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("no holder of the lock panics")
    }

    /// Written down before anybody hears of it.
    fn keep(&self, books: &Books) -> Result<(), String> {
        let part = self.file.with_extension("part");
        let bytes = serde_json::to_vec(books).map_err(|error| error.to_string());
        bytes.and_then(|bytes| {
            std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, &self.file)).map_err(|e| e.to_string())
        })
    }

    fn is_signed(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let secrets = std::slice::from_ref(&self.secret);
        let (id, at, signature) = (header(ID_HEADER), header(TIMESTAMP_HEADER), header(SIGNATURE_HEADER));
        verify(secrets, id, at, signature, body, now().as_second(), TOLERANCE_S).is_ok()
    }
}

fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(crate::clock::Clock::Machine.now_ms()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// What can't be written down did not happen: the bank asks again.
fn failed(told: String) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, told).into_response()
}

fn forged() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

#[derive(Deserialize)]
struct Asked {
    state: String,
    #[serde(rename = "return")]
    back: String,
}

/// `GET /bind?state=&return=`: the only page that sees a card's number.
async fn enter(Query(asked): Query<Asked>) -> Html<String> {
    Html(page(&asked, ""))
}

#[derive(Deserialize)]
struct Entered {
    state: String,
    #[serde(rename = "return")]
    back: String,
    number: String,
}

/// `POST /bind`: back to the bank with a code that serves once.
async fn entered(State(network): State<Arc<Network>>, axum::Form(entered): axum::Form<Entered>) -> Response {
    let digits: String = entered.number.chars().filter(char::is_ascii_digit).collect();
    let asked = Asked { state: entered.state, back: entered.back };
    if !(12..=19).contains(&digits.len()) || !is_luhn(&digits) {
        return Html(page(&asked, "卡号有误 / This is no card number")).into_response();
    }
    let last_four = digits[digits.len() - 4..].to_owned();
    let card = Card { issuer: "江南邻行 Neighbour Bank".to_owned(), last_four, ..Card::default() };
    let mut books = network.books();
    let (token, code) = (format!("tok_{}", secret_text()), secret_text());
    books.cards.insert(token.clone(), card);
    books.codes.insert(code.clone(), token);
    match network.keep(&books) {
        Ok(()) => Redirect::to(&format!("{}?state={}&code={code}", asked.back, asked.state)).into_response(),
        Err(told) => failed(told),
    }
}

fn secret_text() -> String {
    data_encoding::BASE64URL_NOPAD.encode(&crate::clock::Clock::Machine.random::<18>())
}

fn is_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| match (u32::from(byte - b'0'), at % 2) {
            (digit, 0) => digit,
            (digit, _) if digit > 4 => digit * 2 - 9,
            (digit, _) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn page(asked: &Asked, problem: &str) -> String {
    let fields = [("state", &asked.state), ("return", &asked.back)]
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", plain(value)))
        .concat();
    include_str!("rail_demo.html").replace("{fields}", &fields).replace("{problem}", problem)
}

#[derive(Deserialize)]
struct Bind {
    code: String,
}

/// `POST /v1/bindings`: a token for the code that a browser brought.
async fn bind(State(network): State<Arc<Network>>, headers: HeaderMap, body: Bytes) -> Response {
    if !network.is_signed(&headers, &body) {
        return forged();
    }
    let Ok(asked) = serde_json::from_slice::<Bind>(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    let mut books = network.books();
    let Some(token) = books.codes.remove(&asked.code) else { return StatusCode::NOT_FOUND.into_response() };
    let Some(card) = books.cards.get(&token).cloned() else { return StatusCode::NOT_FOUND.into_response() };
    match network.keep(&books) {
        Ok(()) => {
            axum::Json(json!({ "token": token, "issuer": card.issuer, "last_four": card.last_four })).into_response()
        }
        Err(told) => failed(told),
    }
}

/// `POST /v1/instructions`: does it, once for each id.
async fn instruct(State(network): State<Arc<Network>>, headers: HeaderMap, body: Bytes) -> Response {
    if !network.is_signed(&headers, &body) {
        return forged();
    }
    let Ok(told) = serde_json::from_slice::<Told>(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    let (mut books, id) = (network.books(), told.id.clone());
    if !books.instructions.contains_key(&id) {
        let kept = books.perform(told);
        books.instructions.insert(id.clone(), kept);
    }
    let answer = books.answer(&id);
    match network.keep(&books) {
        Ok(()) => answer,
        Err(told) => failed(told),
    }
}

/// `GET /v1/instructions/{id}`: what became of it.
async fn look(
    State(network): State<Arc<Network>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !network.is_signed(&headers, &body) {
        return forged();
    }
    network.books().answer(&id)
}

impl Books {
    fn answer(&mut self, id: &str) -> Response {
        let Some(kept) = self.instructions.get_mut(id) else { return StatusCode::NOT_FOUND.into_response() };
        let is_slow = self.cards.get(&kept.holder).is_some_and(|card| card.last_four == SLOW);
        if is_slow && kept.unsure < UNSURE_TIMES {
            kept.unsure += 1;
            return axum::Json(json!({ "id": id, "status": "unknown" })).into_response();
        }
        let status = if kept.code.is_some() { "refused" } else { "done" };
        axum::Json(json!({ "id": id, "status": status, "code": kept.code })).into_response()
    }

    fn perform(&mut self, told: Told) -> Kept {
        let first = told.of.as_ref().and_then(|of| self.instructions.get(of)).map(|first| first.holder.clone());
        let holder = first.or_else(|| told.card.clone()).or_else(|| told.account.clone()).unwrap_or_default();
        let code = self.moves(&told, &holder).err().map(str::to_owned);
        Kept { told, holder, at: now().to_string(), code, unsure: 0 }
    }

    fn moves(&mut self, told: &Told, holder: &str) -> Result<(), &'static str> {
        let minor = told.amount.minor;
        if told.kind == "unbind" {
            self.cards.remove(holder);
            return Ok(());
        }
        // Accounts are made when they are first named; a card that was taken off, or never bound, is none.
        if told.account.is_none() && !self.cards.contains_key(holder) {
            return Err("card-expired");
        }
        let card = self.cards.entry(holder.to_owned()).or_default();
        let free = if card.last_four == EMPTY { 0 } else { ON_A_CARD - card.taken - card.reserved };
        match told.kind.as_str() {
            "debit" | "reserve" if card.last_four == BLOCKED => return Err("card-blocked"),
            "debit" | "reserve" if minor > free => return Err("insufficient-funds"),
            "debit" => card.taken += minor,
            "reserve" => card.reserved += minor,
            "capture" if minor <= card.reserved => {
                card.reserved -= minor;
                card.taken += minor;
            }
            "release" if minor <= card.reserved => card.reserved -= minor,
            "refund" if minor <= card.taken => card.taken -= minor,
            "pay-out" => card.taken -= minor,
            _ => return Err("not-possible"),
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

/// `GET /v1/days/{day}?after=`: what was done on a day, for reconciliation.
async fn day(
    State(network): State<Arc<Network>>,
    Path(day): Path<String>,
    Query(query): Query<After>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !network.is_signed(&headers, &body) {
        return forged();
    }
    let after = query.after.unwrap_or_default();
    let books = network.books();
    let of_day = |kept: &&Kept| kept.code.is_none() && day_of(&kept.at).is_some_and(|at| at.to_string() == day);
    let mut later = books.instructions.values().filter(of_day).filter(|kept| kept.told.id > after);
    let entries: Vec<Value> = later.by_ref().take(PAGE).map(entry).collect();
    let more = later.next().is_some();
    let next = entries.last().filter(|_| more).map(|last| last["instruction"].clone());
    axum::Json(json!({ "entries": entries, "next": next })).into_response()
}

fn entry(kept: &Kept) -> Value {
    let amount = json!({ "minor": kept.told.amount.minor, "currency": kept.told.amount.currency });
    json!({ "instruction": kept.told.id, "kind": kept.told.kind, "amount": amount, "at": kept.at })
}

/// The day on the wall of the bank.
fn day_of(at: &str) -> Option<Day> {
    let at: jiff::Timestamp = at.parse().ok()?;
    Some(Day::of(at.as_millisecond(), AHEAD_S))
}

#[cfg(test)]
mod tests {
    use super::is_luhn;

    #[test]
    fn a_card_number_has_its_check_digit() {
        assert!(is_luhn("4242424242424242") && is_luhn("4000000000000002"));
        assert!(!is_luhn("4242424242424241"));
    }
}

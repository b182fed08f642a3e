//! `xitai partner-demo`: a hospital's booking system, as a partner would write one. It verifies what the bank signed, does
//! each thing once under its idempotency key, and tells the bank of what the doctor cancels. Kept in memory.

mod water;

pub use water::{Water, routes as water_routes};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use xitai_egress::signature::{ID_HEADER, SIGNATURE_HEADER, Secret, TIMESTAMP_HEADER, sign, verify};
use xitai_egress::{Egress, Exception, Method, Request, Target};
use xitai_model::day::Day;

/// Serve a hospital's booking system for trying out calls to partners
#[derive(Debug, clap::Args)]
pub struct PartnerDemoArgs {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub listen: SocketAddr,
    /// The secret that the bank signs with, `whsec_…`
    #[arg(long, env = "PARTNER_OUTBOUND_SECRET", hide_env_values = true)]
    pub outbound_secret: String,
    /// The secret to sign webhooks with, `whsec_…`
    #[arg(long, env = "PARTNER_INBOUND_SECRET", hide_env_values = true)]
    pub inbound_secret: String,
    /// Where webhooks go, such as `http://127.0.0.1:8080/api/v1/hooks/cn.bank.clinic/hospital/suzhou`
    #[arg(long)]
    pub hook: String,
}

/// How old a signature may be.
const TOLERANCE_S: i64 = 300;
/// Slots of a doctor on one day.
const SLOTS_A_DAY: usize = 20;
/// Days that can be booked, from tomorrow on.
const DAYS_AHEAD: usize = 3;
/// A doctor whose slots are always taken by somebody faster, so that one can see what comes of it.
const FULL: &str = "full";
/// Id, name, department, fee.
const DOCTORS: [(&str, [&str; 2], [&str; 2], i64); 4] = [
    ("li", ["李医生", "Dr Li"], ["内科", "Internal medicine"], 25_00),
    ("gu", ["顾主任", "Dr Gu, head of department"], ["内科", "Internal medicine"], 50_00),
    ("shen", ["沈医生", "Dr Shen"], ["儿科", "Paediatrics"], 25_00),
    (FULL, ["忙医生（总是约不上）", "Dr Busy (whose slots are always gone)"], ["外科", "Surgery"], 30_00),
];

pub struct Hospital {
    outbound: Secret,
    inbound: Secret,
    hook: Target,
    egress: Egress,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    /// What was answered under an idempotency key.
    answered: BTreeMap<String, (u16, Value)>,
    /// Booked slots by number: the call that booked each, and what it is.
    slots: BTreeMap<u64, (String, Booking)>,
    next: u64,
}

#[derive(Debug, Clone, Deserialize)]
struct Booking {
    /// The program's own number of it, by which it can ask again.
    #[serde(default)]
    reference: String,
    day: String,
    doctor: String,
    /// Who comes. A hospital needs the number to find the record; this one only looks that there is one.
    #[serde(default)]
    identity: String,
}

pub fn run(args: PartnerDemoArgs) -> ExitCode {
    super::serve::to_its_end(false, None, async {
        let hospital = Hospital::new(&args.outbound_secret, &args.inbound_secret, &args.hook)?;
        let listener = TcpListener::bind(args.listen).await.map_err(|error| format!("{}: {error}", args.listen))?;
        serve(hospital_routes(hospital), listener, super::serve::shutdown_asked()).await
    })
}

/// Serves until `asked`.
pub async fn serve(
    routes: Router,
    listener: TcpListener,
    asked: impl Future<Output = ()> + Send + 'static,
) -> Result<(), String> {
    axum::serve(listener, routes).with_graceful_shutdown(asked).await.map_err(|error| error.to_string())
}

pub fn hospital_routes(hospital: Hospital) -> Router {
    Router::new()
        .route("/v1/doctors", get(doctors))
        .route("/v1/slots", post(book))
        .route("/v1/slots/by-reference/{reference}", get(booked))
        .route("/v1/slots/{slot}", delete(release))
        .route("/doctor/slots/{slot}", delete(cancel))
        .with_state(Arc::new(hospital))
}

/// The call's id, if the bank signed it just now.
fn signed(outbound: &Secret, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, at, signature) = (header(ID_HEADER), header(TIMESTAMP_HEADER), header(SIGNATURE_HEADER));
    verify(std::slice::from_ref(outbound), id, at, signature, body, now_s(), TOLERANCE_S).ok().map(|()| id.to_owned())
}

impl Hospital {
    pub fn new(outbound: &str, inbound: &str, hook: &str) -> Result<Self, String> {
        let hook = Target::parse(hook)?;
        let secret = |text: &str| Secret::parse(text).ok_or_else(|| "a secret begins with whsec_".to_owned());
        // The bank that is tried out is at hand: its own address is an exception.
        let scheme = if hook.is_secure() { "" } else { "http://" };
        let networks = ["0.0.0.0/0", "::/0"];
        let exceptions = networks
            .iter()
            .map(|network| format!("{scheme}{}:{}={network}", host(&hook), hook.port()).parse::<Exception>());
        let exceptions = exceptions.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        let egress = Egress::new(exceptions, Vec::new()).map_err(|error| error.to_string())?;
        Ok(Self { outbound: secret(outbound)?, inbound: secret(inbound)?, hook, egress, books: Mutex::default() })
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("no holder of the lock panics")
    }

    fn verified(&self, headers: &HeaderMap, body: &[u8]) -> Option<String> {
        signed(&self.outbound, headers, body)
    }

    /// Answers as before where the key was used before; else does it.
    fn once(&self, key: &str, act: impl FnOnce(&mut Books) -> (u16, Value)) -> Response {
        let mut books = self.books();
        let (status, body) = match books.answered.get(key) {
            Some(before) => before.clone(),
            None => {
                let answer = act(&mut books);
                books.answered.insert(key.to_owned(), answer.clone());
                answer
            }
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, axum::Json(body)).into_response()
    }

    async fn tell(&self, id: &str, message: &Value) -> Result<(), String> {
        let (body, at_s) = (message.to_string(), now_s());
        let signature = sign(std::slice::from_ref(&self.inbound), id, at_s, body.as_bytes());
        let request = Request::new(Method::POST, self.hook.clone())
            .header(ID_HEADER, id)
            .header(TIMESTAMP_HEADER, &at_s.to_string())
            .header(SIGNATURE_HEADER, &signature)
            .header("content-type", "application/json")
            .body(body);
        match self.egress.send(&request).await {
            Ok(reply) if reply.status == 202 => Ok(()),
            Ok(reply) => Err(format!("the bank answered {}", reply.status)),
            Err(fault) => Err(fault.to_string()),
        }
    }
}

fn host(target: &Target) -> String {
    if target.host().contains(':') { format!("[{}]", target.host()) } else { target.host().to_owned() }
}

fn now_s() -> i64 {
    crate::clock::Clock::Machine.now_ms() / 1_000
}

impl Books {
    fn taken(&self, doctor: &str, day: &str) -> usize {
        self.slots.values().filter(|(_, booking)| booking.day == day && booking.doctor == doctor).count()
    }
    /// The slot's place in its doctor's day.
    fn number(&self, slot: u64, booking: &Booking) -> usize {
        let same = |(_, (_, one)): &(&u64, &(String, Booking))| one.day == booking.day && one.doctor == booking.doctor;
        self.slots.range(..=slot).filter(same).count()
    }
}

/// How far the clocks on the walls of a hospital in Suzhou are ahead of UTC.
const AHEAD_S: i64 = 8 * 3_600;

/// `GET /v1/doctors`: who has slots in the next days.
async fn doctors(State(hospital): State<Arc<Hospital>>, headers: HeaderMap, body: Bytes) -> Response {
    if hospital.verified(&headers, &body).is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let books = hospital.books();
    let today = Day::of(now_s() * 1_000, AHEAD_S);
    let days = std::iter::successors(Some(today.next()), |day| Some(day.next())).take(DAYS_AHEAD);
    let days: Vec<String> = days.map(String::from).collect();
    let listed = DOCTORS.map(|(id, [name, name_en], [department, department_en], fee_fen)| {
        let left = |day: &String| json!({ "day": day, "left": SLOTS_A_DAY.saturating_sub(books.taken(id, day)) });
        let days: Vec<Value> = days.iter().map(left).collect();
        json!({
            "id": id, "name": name, "name_en": name_en, "department": department, "department_en": department_en,
            "fee_fen": fee_fen, "days": days
        })
    });
    axum::Json(listed).into_response()
}

/// `GET /v1/slots/by-reference/{reference}`: what became of a booking whose answer was lost.
async fn booked(
    State(hospital): State<Arc<Hospital>>,
    Path(reference): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if hospital.verified(&headers, &body).is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let books = hospital.books();
    match books.slots.iter().find(|(_, (_, booking))| booking.reference == reference) {
        Some((slot, (_, booking))) => {
            axum::Json(json!({ "slot": slot, "number": books.number(*slot, booking) })).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `POST /v1/slots`: books, once for each call.
async fn book(State(hospital): State<Arc<Hospital>>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(call) = hospital.verified(&headers, &body) else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(booking) = serde_json::from_slice::<Booking>(&body) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    hospital.once(&call, |books| {
        if booking.identity.is_empty() {
            return (422, json!({ "state": "refused", "reason": "no identity number" }));
        }
        let taken = books.taken(&booking.doctor, &booking.day);
        if booking.doctor == FULL || taken >= SLOTS_A_DAY {
            return (409, json!({ "state": "full" }));
        }
        books.next += 1;
        books.slots.insert(books.next, (call.clone(), booking.clone()));
        (201, json!({ "state": "confirmed", "slot": books.next, "number": taken + 1 }))
    })
}

/// `DELETE /v1/slots/{slot}`: the patient gives it back.
async fn release(
    State(hospital): State<Arc<Hospital>>,
    Path(slot): Path<u64>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(call) = hospital.verified(&headers, &body) else { return StatusCode::UNAUTHORIZED.into_response() };
    hospital.once(&call, |books| match books.slots.remove(&slot) {
        Some(_) => (200, json!({ "state": "released" })),
        None => (404, json!({ "state": "unknown" })),
    })
}

/// `DELETE /doctor/slots/{slot}`: the doctor can't come. For whoever sits at the hospital's own desk.
async fn cancel(State(hospital): State<Arc<Hospital>>, Path(slot): Path<u64>) -> Response {
    let Some((call, booking)) = hospital.books().slots.remove(&slot) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let message = json!({ "type": "slot.cancelled", "call": call, "data": { "slot": slot, "day": booking.day } });
    match hospital.tell(&format!("cancel-{slot}"), &message).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(told) => {
            // Put back, so that it can be tried again; under the same id the bank hears of it once.
            hospital.books().slots.insert(slot, (call, booking));
            (StatusCode::BAD_GATEWAY, told).into_response()
        }
    }
}

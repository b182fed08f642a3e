//! What the customer's pages show. Plain values: the handlers fill them, the templates draw them.

mod launcher;
mod notices;
mod pay;

pub use launcher::{
    BundleFace, CardFace, ContentRow, LaunchRefused, Launcher, Opening, ProgramEntry, Recent, ZoneView,
};
pub use notices::{NoticeDay, NoticeMail, NoticeProgram, NoticeRow, NoticeTemplateRow, Notices, Unsubscribe};
pub use pay::{PayCodePage, PayForm, PayPage, Scan};

use crate::pages::kiosk::Idle;
use crate::pages::parts::{self, ProgramCard};
use crate::pages::shell::Shell;
use crate::render::web::html::Html;
use crate::render::web::icon;
use crate::words::Words;
use askama::Template;

/// A program's page, whole.
#[derive(Template)]
#[template(path = "app/stage.html")]
pub struct StagePage {
    pub shell: Shell,
    pub stage: Stage,
}

/// A program's page without what surrounds it: what the script fetches again whenever the session moved.
#[derive(Template)]
#[template(path = "app/stage_part.html")]
pub struct Stage {
    pub words: Words,
    pub card: ProgramCard,
    pub session: String,
    pub position: u64,
    pub title: String,
    /// The language that the program speaks, where it is not the page's.
    pub lang: Option<String>,
    pub screen: Html,
    pub sheet: Option<Html>,
    pub closed: bool,
    /// Where it went on, where that is not here.
    pub elsewhere: Option<String>,
    /// Whether it can go on elsewhere.
    pub may_leave: bool,
    /// What the program may use: name and the program's reason.
    pub permissions: Vec<(String, String)>,
    pub version: String,
}
impl askama::filters::HtmlSafe for Stage {}

/// A code that continues a session elsewhere, or lends the sign-in.
#[derive(Template)]
#[template(path = "app/handover.html")]
pub struct HandOverPage {
    pub shell: Shell,
    pub title: String,
    pub text: String,
    pub code: String,
    pub qr: Option<Html>,
    /// For the script, which asks whether it was taken.
    pub id: String,
    pub until_ms: i64,
    pub back: String,
}

/// Where the bank's own app comes in.
#[derive(Template)]
#[template(path = "app/app_ticket.html")]
pub struct AppTicketPage {
    pub shell: Shell,
    pub ticket: String,
    /// What happened, and what to do.
    pub problem: Option<(String, String)>,
}

/// Where a code is typed.
#[derive(Template)]
#[template(path = "app/continue.html")]
pub struct ContinuePage {
    pub shell: Shell,
    pub code: String,
    pub problem: Option<String>,
}

#[derive(Template)]
#[template(path = "app/content.html")]
pub struct ContentPage {
    pub shell: Shell,
    pub entry: crate::pages::console::EntryFace,
}

#[derive(Template)]
#[template(path = "app/sign_in.html")]
pub struct SignIn {
    pub shell: Shell,
    pub login: String,
    /// Where to go afterwards; a path of this host.
    pub next: String,
    pub problem: Option<String>,
    /// Id and name of the providers for customers, and of those for staff.
    pub customers: Vec<(String, String)>,
    pub staff: Vec<(String, String)>,
    /// Whether a visitor looks.
    pub visiting: bool,
}

/// What a browser sees that came back from a provider: a page of ours, so that the next request is ours too and brings
/// the cookie.
#[derive(Template)]
#[template(path = "app/entered.html")]
pub struct Entered {
    pub shell: Shell,
    pub next: String,
}

#[derive(Template)]
#[template(path = "app/payments.html")]
pub struct Payments {
    pub shell: Shell,
    pub days: Vec<Day>,
    pub next: Option<String>,
}
pub struct Day {
    pub name: String,
    pub rows: Vec<PaymentRow>,
}
pub struct PaymentRow {
    pub id: String,
    pub card: ProgramCard,
    pub purpose: String,
    pub time: String,
    pub payable: Html,
    pub status: String,
    pub tone: &'static str,
}

#[derive(Template)]
#[template(path = "app/receipt.html")]
pub struct Receipt {
    pub shell: Shell,
    pub card: ProgramCard,
    pub purpose: String,
    pub payable: Html,
    pub status: String,
    pub tone: &'static str,
    pub paid: bool,
    pub stamp_day: String,
    /// What a caller at the bank compares, where something was confirmed.
    pub mark: Option<String>,
    pub practice: bool,
    pub legs: Vec<ReceiptLeg>,
    pub lines: Vec<ReceiptLine>,
    pub discount: Option<Html>,
    pub refunded: Option<Html>,
    /// What the status means for the customer, and what they can do.
    pub explained: Option<String>,
    /// What became of it since: when, what, how much, why.
    pub since: Vec<(String, String, Html, String)>,
    /// Where a dispute is, or where one begins; and what it is called.
    pub dispute: Option<(String, String)>,
    pub facts: Vec<(String, String)>,
    pub id: String,
    /// Whether there is a program to go back to.
    pub opens: bool,
    /// Where the payment gives the customer a word.
    pub rate: Option<RateForm>,
    /// The transaction number as a QR code.
    pub code: Html,
}
pub struct ReceiptLeg {
    pub legal_name: String,
    pub role: String,
    pub amount: Html,
}
pub struct ReceiptLine {
    pub text: String,
    pub quantity: u32,
    pub amount: Html,
}

#[derive(Template)]
#[template(path = "app/me.html")]
pub struct Me {
    pub shell: Shell,
    pub name: String,
    pub initial: String,
    pub level: String,
    pub branch: String,
    pub balances: Vec<Html>,
    pub visiting: bool,
    pub problem: Option<String>,
    pub passkeys: Vec<Thing>,
    pub sign_ins: Vec<Thing>,
    /// Absent for staff: their record is the bank's.
    pub erase: Option<Erase>,
}
/// A passkey or a sign-in.
pub struct Thing {
    pub id: String,
    pub name: String,
    pub line: String,
    /// Whether it is the one that asks.
    pub this: bool,
}
/// How a customer proves that it is them.
pub struct Erase {
    pub by_passkey: bool,
    pub by_password: bool,
    pub subject: String,
}

/// A program as customers judge it before they open it.
#[derive(Template)]
#[template(path = "app/program.html")]
pub struct ProgramPage {
    pub shell: Shell,
    pub card: ProgramCard,
    /// Such as `4.7`, and the whole stars that are drawn.
    pub average: Option<(String, u8)>,
    pub count: i64,
    pub ratings: Vec<RatingRow>,
    pub next: Option<String>,
    pub may_complain: bool,
    /// Whether it is kept at hand.
    pub kept: bool,
}
pub struct RatingRow {
    pub stars: u8,
    pub about: String,
    pub text: String,
    pub when: String,
    pub answer: Option<String>,
}

#[derive(Template)]
#[template(path = "app/agreements.html")]
pub struct MyAgreements {
    pub shell: Shell,
    pub rows: Vec<AgreementRow>,
    pub next: Option<String>,
    pub problem: Option<String>,
}
pub struct AgreementRow {
    pub id: String,
    pub title: String,
    pub amount: Option<Html>,
    pub status: String,
    pub tone: &'static str,
    pub line: String,
    /// Id and title.
    pub documents: Vec<(String, String)>,
    pub may_withdraw: bool,
}

#[derive(Template)]
#[template(path = "app/consents.html")]
pub struct MyConsents {
    pub shell: Shell,
    pub rows: Vec<ConsentRow>,
    pub disclosures: Vec<DisclosureRow>,
    pub next: Option<String>,
    pub withdrawn: bool,
    pub problem: Option<String>,
}
/// A question that was answered.
pub struct DisclosureRow {
    pub program: String,
    pub question: String,
    pub answer: String,
    pub note: String,
}
pub struct ConsentRow {
    pub id: String,
    pub card: ProgramCard,
    /// Whose facts they are, for head office.
    pub customer: String,
    pub purpose: String,
    pub claims: String,
    pub status: String,
    pub tone: &'static str,
    pub line: String,
    pub holds: bool,
    /// When, and what.
    pub reads: Vec<(String, String)>,
    pub more: bool,
}

#[derive(Template)]
#[template(path = "app/complaints.html")]
pub struct MyComplaints {
    pub shell: Shell,
    pub rows: Vec<ComplaintRow>,
    pub next: Option<String>,
}
pub struct ComplaintRow {
    pub id: String,
    pub card: ProgramCard,
    pub text: String,
    pub state: String,
    pub tone: &'static str,
    pub when: String,
}

#[derive(Template)]
#[template(path = "app/complain.html")]
pub struct ComplainForm {
    pub shell: Shell,
    pub card: ProgramCard,
    pub payment: Option<String>,
    pub purpose: Option<String>,
    pub key: String,
    pub days: i64,
    pub problem: Option<String>,
}

#[derive(Template)]
#[template(path = "app/complaint.html")]
pub struct ComplaintThread {
    pub shell: Shell,
    pub card: ProgramCard,
    pub state: String,
    pub tone: &'static str,
    pub until: Option<String>,
    pub late: bool,
    pub thread: Vec<crate::pages::console::SaidRow>,
    /// Where the answer will be.
    pub joined: Option<String>,
    pub may_reply: bool,
    pub made: bool,
    pub problem: Option<String>,
}

/// The customer's word on a receipt.
pub struct RateForm {
    pub stars: u8,
    pub text: String,
    pub key: String,
    /// What was said before, and can't be changed any more.
    pub closed: bool,
    pub answer: Option<String>,
    pub said: bool,
    pub problem: Option<String>,
}

/// A visit that its customer gives away.
#[derive(Template)]
#[template(path = "app/recording.html")]
pub struct RecordingPage {
    pub shell: Shell,
    pub card: ProgramCard,
    pub session: String,
    pub steps: u64,
    pub problem: Option<String>,
}

/// What is printed.
#[derive(Template)]
#[template(path = "app/print.html")]
pub struct PrintPage {
    pub shell: Shell,
    /// What a kiosk's page counts by. A kiosk prints at once.
    pub idle: Option<Idle>,
    pub back: String,
    pub card: ProgramCard,
    pub title: String,
    pub lines: Vec<(String, String)>,
    pub note: Option<String>,
    pub code_text: Option<String>,
    pub code: Option<Html>,
    pub when: String,
}

/// Standing permissions to be charged.
#[derive(Template)]
#[template(path = "app/mandates.html")]
pub struct Mandates {
    pub shell: Shell,
    pub rows: Vec<MandateRow>,
    pub next: Option<String>,
    pub problem: Option<String>,
}
pub struct MandateRow {
    pub id: String,
    pub card: ProgramCard,
    pub payee: String,
    pub purpose: String,
    pub status: String,
    pub tone: &'static str,
    /// Caps, what was used, until when.
    pub facts: Vec<(String, String)>,
    /// Steps that it may take now, with their words.
    pub steps: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "app/coupons.html")]
pub struct Coupons {
    pub shell: Shell,
    pub rows: Vec<CouponRow>,
    pub offers: Vec<OfferRow>,
    pub next: Option<String>,
    pub claimed: bool,
    pub problem: Option<String>,
}
pub struct CouponRow {
    pub title: String,
    pub worth: String,
    pub minimum: String,
    pub until: String,
    pub state: String,
    pub tone: &'static str,
}
pub struct OfferRow {
    pub campaign: String,
    pub title: String,
    pub worth: String,
    pub until: String,
    pub key: String,
}

#[derive(Template)]
#[template(path = "app/gifts.html")]
pub struct Gifts {
    pub shell: Shell,
    pub received: Vec<GiftRow>,
    pub given: Vec<GiftRow>,
}
pub struct GiftRow {
    pub card: ProgramCard,
    pub text: String,
    pub when: String,
    pub amount: Html,
    pub state: String,
    pub tone: &'static str,
}

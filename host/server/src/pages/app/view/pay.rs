//! What the pages of payments without a program show.

use crate::pages::shell::Shell;
use crate::render::web::html::Html;
use crate::render::web::icon;
use askama::Template;

/// Where a merchant's code is scanned or typed.
#[derive(Template)]
#[template(path = "app/scan.html")]
pub struct Scan {
    pub shell: Shell,
    pub problem: Option<String>,
}

/// Whom a scanned code pays, and how much.
#[derive(Template)]
#[template(path = "app/pay_form.html")]
pub struct PayForm {
    pub shell: Shell,
    pub problem: Option<String>,
    pub payee: String,
    /// Absent where the customer says it.
    pub amount: Option<Html>,
    pub currency: String,
    pub reference: String,
    pub key: String,
    pub code: String,
}

/// The bank's sheet as a page of its own.
#[derive(Template)]
#[template(path = "app/pay.html")]
pub struct PayPage {
    pub shell: Shell,
    pub problem: Option<String>,
    pub sheet: Html,
}

/// The customer's own code.
#[derive(Template)]
#[template(path = "app/pay_code.html")]
pub struct PayCodePage {
    pub shell: Shell,
    pub problem: Option<String>,
    /// What is shown, and for how many seconds more.
    pub code: Option<(Html, i64)>,
    /// What was paid by the newest: id, purpose, amount, status.
    pub paid: Option<(String, String, Html, String)>,
    /// Nothing goes unasked.
    pub never: bool,
    /// Value, words, whether it is chosen.
    pub choices: Vec<(String, String, bool)>,
    pub day: String,
}

//! Limits on spending and rules that movements are looked at by: what holds, what waits for a second person, and forms
//! to propose.

use super::desk::{self, Asked, staff_name};
use super::four_eyes::{decide_form, said, verdict};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::rule::{self, Kind};
use crate::app::{App, me, step_up};
use crate::http::extract::{FormPairs, Query};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Field, Form, Posted, Row, Table};
use crate::pages::{Look, page};
use crate::render::web::money;
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::identity::Level;
use xitai_model::money::{Currency, Money};
use xitai_model::policy::Action;
use xitai_model::proposal::{Rule, Wanted};
use xitai_model::risk::{Moves, Otherwise, RiskRule, Then, When, Why};
use xitai_model::spending::{Limit, Most, Of, Per};

const HERE: &str = "/console/rules";

pub fn routes() -> Vec<Route> {
    let reads = Access::ForBank(Action::ReadRules);
    vec![row(Method::GET, HERE, reads, "page.rules", show), row(Method::POST, HERE, reads, "rule.decided", act)]
}

/// How a rule reads.
trait Reads: Kind {
    /// Names the kind in forms.
    const WORD: &'static str;
    fn says(&self, words: &Words) -> String;
}

impl Reads for Limit {
    const WORD: &'static str = "limit";
    fn says(&self, words: &Words) -> String {
        let most = match self.most {
            Most::Money(most) => money::text(&most),
            Most::Times(times) => words.say1("limit-times", "n", times),
        };
        let of = self.only.clone().unwrap_or_else(|| words.say("limit-each"));
        let (what, per) = (words.name("limit-of", &me::word(&self.of)), words.name("limit-per", &me::word(&self.per)));
        format!("{what} · {of} · {per} · {most}")
    }
}

impl Reads for RiskRule {
    const WORD: &'static str = "risk";
    fn says(&self, words: &Words) -> String {
        let when = &self.when;
        let mut parts = vec![words.name("risk-moves", &me::word(&when.moves))];
        parts.extend(when.from.map(|from| format!("≥ {}", money::text(&from))));
        parts.extend([&when.program, &when.merchant, &when.branch].into_iter().flatten().cloned());
        parts.extend(when.hours.map(|(from, to)| format!("{from:02}–{to:02}")));
        parts.extend(when.new_payee.then(|| words.say("risk-new-payee")));
        parts.extend(when.below.map(|level| format!("< {}", words.name("level", &me::word(&level)))));
        let then = match self.then {
            Then::StepUp { skip_s, otherwise } => format!(
                "{} ({}; {})",
                words.say("risk-step-up"),
                words.say1("risk-skip", "n", skip_s),
                words.name("risk-otherwise", &me::word(&otherwise))
            ),
            Then::Hold { people } => words.say1("risk-hold", "n", people),
            Then::Deny => words.say("risk-deny"),
        };
        format!("{} → {then} · {}", parts.join(" · "), self.why.code().text(words.tag()))
    }
}

/// `GET /console/rules`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRules)?;
    let (catalog, words) = (app.catalog(), look.words());
    let (limits, risks) = (rule::list::<Limit>(&app, &ctx)?, rule::list::<RiskRule>(&app, &ctx)?);
    let mut body = Body::default();
    body.tables.push(table(&catalog, "limits", &limits, &words));
    body.tables.push(table(&catalog, "risk-rules", &risks, &words));
    if desk::may_for_bank(&catalog, staff, Action::DecideRules) {
        let signs = step_up::asks(&app, &ctx, Action::DecideRules).await?;
        body.forms.extend(decisions(&limits, signs, &words));
        body.forms.extend(decisions(&risks, signs, &words));
    }
    if desk::may_for_bank(&catalog, staff, Action::ProposeRules) {
        body.forms.push(limit_form(&words));
        body.forms.push(risk_form(&words));
        body.forms.push(end_form(&words));
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("rules"), crumb: None, badge: None, body })
}

fn table<T: Reads>(catalog: &Catalog, title: &str, rules: &[Rule<T>], words: &Words) -> Table {
    let row = |rule: &Rule<T>| {
        let by = rule.by.iter().map(|id| staff_name(catalog, id)).collect::<Vec<_>>().join(", ");
        let waits = rule.is_waiting();
        let badge = match (&rule.live, waits) {
            (_, true) => Badge::new(words.say("proposal-waiting"), "warning"),
            (Some(_), false) => Badge::new(words.say("rule-live"), "success"),
            (None, false) => Badge::new(words.say("rule-off"), ""),
        };
        let says = rule.live.as_ref().map(|live| live.says(words)).unwrap_or_default();
        Row {
            href: None,
            cells: vec![Cell::Text(rule.id.clone()), Cell::Text(says), Cell::Badge(badge), Cell::Text(by)],
        }
    };
    Table {
        title: words.say(title),
        columns: ["number", "rule", "state", "merchant-by"].map(|key| words.say(key)).to_vec(),
        rows: rules.iter().map(row).collect(),
        empty: ("shield", words.say("rules-empty"), words.say("rules-empty-text")),
    }
}

/// A form for each that waits.
fn decisions<T: Reads>(rules: &[Rule<T>], signs: bool, words: &Words) -> Vec<Form> {
    let form = |rule: &Rule<T>| {
        let proposal = rule.proposed.as_ref().filter(|proposal| proposal.is_waiting())?;
        let what = match &proposal.what {
            Wanted::Set(wanted) => wanted.says(words),
            Wanted::Remove => words.say("rule-remove"),
        };
        let digest = proposal.digest();
        let signed = |word: &str| rule::said::<T>(word, &rule.id, &digest);
        let form = decide_form(HERE, what, words.say("approve"), &digest, words);
        let mut form = form.signing(Action::DecideRules, signs, signed);
        form.title = format!("{}: {}", form.title, rule.id);
        form.fields.extend([Field::hidden("kind", T::WORD), Field::hidden("id", rule.id.clone())]);
        Some(form)
    };
    rules.iter().filter_map(form).collect()
}

fn choices<T: serde::Serialize>(of: &[T], prefix: &str, words: &Words) -> Vec<(String, String)> {
    of.iter().map(|it| (me::word(it), words.name(prefix, &me::word(it)))).collect()
}

fn limit_form(words: &Words) -> Form {
    Form {
        title: words.say("limit-propose"),
        text: words.say("limit-propose-text"),
        action: HERE.to_owned(),
        fields: vec![
            Field::hidden("kind", Limit::WORD),
            Field::text("id", words.say("number")).hint("customer-day"),
            Field::choice("of", words.say("limit-whose"), choices(&Of::ALL, "limit-of", words)),
            Field::text("only", words.say("limit-only")).optional(),
            Field::choice("per", words.say("limit-period"), choices(&Per::ALL, "limit-per", words)),
            Field::text("currency", words.say("currency")).value("CNY"),
            Field::amount("most", words.say("limit-most"), "5000.00").optional(),
            Field::amount("times", words.say("limit-times-most"), "20").optional(),
        ],
        buttons: vec![Button::new("propose", words.say("propose"), "primary")],
    }
}

fn risk_form(words: &Words) -> Form {
    let thens = ["step-up", "hold-1", "hold-2", "deny"].map(|it| (it.to_owned(), words.name("risk-then", it)));
    let levels = [Level::Registered, Level::Verified, Level::AccountHolder];
    let mut below = vec![(String::new(), words.say("risk-any-level"))];
    below.extend(choices(&levels, "level", words));
    let whys = Why::ALL.iter().map(|why| (me::word(why), why.code().text(words.tag()).to_owned())).collect();
    let others = [Otherwise::Hold, Otherwise::Deny, Otherwise::Allow];
    Form {
        title: words.say("risk-propose"),
        text: words.say("risk-propose-text"),
        action: HERE.to_owned(),
        fields: vec![
            Field::hidden("kind", RiskRule::WORD),
            Field::text("id", words.say("number")).hint("large-amounts"),
            Field::choice(
                "moves",
                words.say("risk-movement"),
                choices(&[Moves::Sale, Moves::Capture, Moves::Refund], "risk-moves", words),
            ),
            Field::text("currency", words.say("currency")).value("CNY"),
            Field::amount("from", words.say("risk-from"), "1000.00").optional(),
            Field::text("program", words.say("program")).optional(),
            Field::text("merchant", words.say("merchant-id")).optional(),
            Field::text("branch", words.say("branch")).optional(),
            Field::text("hours", words.say("risk-hours")).optional().hint("23-6"),
            Field::choice("below", words.say("risk-below"), below),
            Field::tick("new_payee", words.say("risk-new-payee")),
            Field::choice("then", words.say("risk-then"), thens.to_vec()),
            Field::amount("skip_s", words.say("risk-skip-s"), "0").optional(),
            Field::choice("otherwise", words.say("risk-no-passkey"), choices(&others, "risk-otherwise", words)),
            Field::choice("why", words.say("reason"), whys),
        ],
        buttons: vec![Button::new("propose", words.say("propose"), "primary")],
    }
}

fn end_form(words: &Words) -> Form {
    let kinds = [(Limit::WORD, "limits"), (RiskRule::WORD, "risk-rules")];
    Form {
        title: words.say("rule-end"),
        text: String::new(),
        action: HERE.to_owned(),
        fields: vec![
            Field::choice(
                "kind",
                words.say("rule"),
                kinds.map(|(kind, key)| (kind.to_owned(), words.say(key))).to_vec(),
            ),
            Field::text("id", words.say("number")),
        ],
        buttons: vec![Button::new("remove", words.say("rule-end"), "danger")],
    }
}

fn limit(posted: &Posted) -> Result<Limit, Problem> {
    let wrong = |name: &'static str| Problem::new(code::SPENDING_LIMIT).detail(name);
    let currency = Currency::parse(posted.value("currency")).ok_or_else(|| wrong("currency"))?;
    let most = match (posted.filled("most"), posted.filled("times")) {
        (Some(text), None) => Most::Money(Money::parse_digits(text, currency).ok_or_else(|| wrong("most"))?),
        (None, Some(text)) => Most::Times(text.parse().map_err(|_| wrong("times"))?),
        _ => return Err(wrong("how much, or how many times")),
    };
    Ok(Limit {
        of: of_word(&Of::ALL, posted.value("of")).ok_or_else(|| wrong("of"))?,
        only: posted.filled("only").map(str::to_owned),
        per: of_word(&Per::ALL, posted.value("per")).ok_or_else(|| wrong("per"))?,
        most,
    })
}

fn of_word<T: serde::Serialize + Copy>(all: &[T], word: &str) -> Option<T> {
    all.iter().copied().find(|it| me::word(it) == word)
}

fn risk(posted: &Posted) -> Result<RiskRule, Problem> {
    let wrong = |name: &'static str| Problem::new(code::RISK_RULE).detail(name);
    let text = |name: &str| posted.filled(name).map(str::to_owned);
    let from = match posted.filled("from") {
        Some(digits) => {
            let currency = Currency::parse(posted.value("currency")).ok_or_else(|| wrong("currency"))?;
            Some(Money::parse_digits(digits, currency).ok_or_else(|| wrong("from"))?)
        }
        None => None,
    };
    let hours = match posted.filled("hours") {
        Some(hours) => {
            let both = hours
                .split_once(['-', '–'])
                .and_then(|(from, to)| Some((from.trim().parse().ok()?, to.trim().parse().ok()?)));
            Some(both.ok_or_else(|| wrong("hours"))?)
        }
        None => None,
    };
    let others = [Otherwise::Hold, Otherwise::Deny, Otherwise::Allow];
    let then = match posted.value("then") {
        "hold-1" => Then::Hold { people: 1 },
        "hold-2" => Then::Hold { people: 2 },
        "deny" => Then::Deny,
        _ => Then::StepUp {
            skip_s: posted.filled("skip_s").map_or(Ok(0), str::parse).map_err(|_| wrong("skip_s"))?,
            otherwise: of_word(&others, posted.value("otherwise")).unwrap_or(Otherwise::Hold),
        },
    };
    let levels = [Level::Registered, Level::Verified, Level::AccountHolder];
    let when = When {
        moves: of_word(&[Moves::Sale, Moves::Capture, Moves::Refund], posted.value("moves")).unwrap_or_default(),
        from,
        program: text("program"),
        merchant: text("merchant"),
        branch: text("branch"),
        hours,
        new_payee: posted.filled("new_payee").is_some(),
        below: of_word(&levels, posted.value("below")),
    };
    let why = of_word(&Why::ALL, posted.value("why")).ok_or_else(|| wrong("why"))?;
    Ok(RiskRule { when, then, why })
}

/// `POST /console/rules`
async fn act(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let done = match posted.value("kind") {
        kind if kind == Limit::WORD => act_on::<Limit>(&app, &ctx, &posted, limit).await,
        _ => act_on::<RiskRule>(&app, &ctx, &posted, risk).await,
    };
    Ok(desk::back(HERE, done))
}

async fn act_on<T: Reads>(
    app: &App,
    ctx: &Ctx,
    posted: &Posted,
    read: impl Fn(&Posted) -> Result<T, Problem>,
) -> Result<&'static str, Problem> {
    let id = posted.value("id");
    match posted.value("do") {
        "propose" => rule::propose::<T>(app, ctx, id, Some(read(posted)?)).await.map(|_| "proposed"),
        "remove" => rule::propose::<T>(app, ctx, id, None).await.map(|_| "proposed"),
        _ => rule::decide::<T>(app, ctx, id, verdict(posted)?).await.map(|_| said(posted, "approve")),
    }
}

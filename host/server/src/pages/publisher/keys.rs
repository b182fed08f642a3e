//! Keys that the publisher signs with: which count, and revoking one. Making one is the command line's: the secret half
//! never comes here.

use crate::app::ctx::Ctx;
use crate::app::{App, publish, publisher_key, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire::key_standing;
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::console::desk::{self, Asked};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::policy::Action;
use xitai_model::publisher_key::{PublisherKey, Standing};

const HERE: &str = "/publisher/keys";

/// `GET /publisher/keys`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (staff, _) = publish::developer(&app, &ctx)?;
    let (catalog, words) = (app.catalog(), look.words());
    let keys = publisher_key::own(&app, &ctx)?;
    let mut body = Body::default();
    body.tables.push(table(&keys, &words, ctx.now_ms));
    body.facts.push(Facts {
        title: words.say("key-how"),
        rows: vec![
            (words.say("key-how-new"), "xitai keys new".to_owned()),
            (words.say("key-how-replace"), "xitai keys new --replace".to_owned()),
            (words.say("key-how-sign"), "xitai publish".to_owned()),
        ],
    });
    let signs = step_up::asks(&app, &ctx, Action::RevokeKeys).await?;
    body.forms.extend(revoke_form(&keys, HERE, &words, ctx.now_ms, signs));
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("keys"), crumb: None, badge: None, body })
}

/// A publisher's keys.
pub fn table(keys: &[PublisherKey], words: &Words, now_ms: i64) -> Table {
    let row = |key: &PublisherKey| Row {
        href: None,
        cells: vec![
            Cell::Text(key.name.clone()),
            Cell::Badge(badge(key, words, now_ms)),
            Cell::Text(key.id.clone()),
            Cell::Text(calendar::short(words, key.since_ms, now_ms)),
            Cell::Text(over(key, words, now_ms)),
        ],
    };
    Table {
        title: words.say("keys"),
        columns: ["key-name", "state", "key-id", "key-since", "key-over"].map(|key| words.say(key)).to_vec(),
        rows: keys.iter().map(row).collect(),
        empty: ("lock", words.say("keys-none"), words.say("keys-none-text")),
    }
}

fn badge(key: &PublisherKey, words: &Words, now_ms: i64) -> Badge {
    let is = key.standing(now_ms);
    let tone = match is {
        Standing::Counts => "success",
        Standing::Ending => "warning",
        Standing::Ended => "",
        Standing::Revoked => "danger",
    };
    Badge::new(words.name("key", key_standing(is)), tone)
}

fn over(key: &PublisherKey, words: &Words, now_ms: i64) -> String {
    match (&key.revoked, key.until_ms) {
        (Some(revoked), _) => {
            format!("{} · {}", calendar::exact(words.zone(), revoked.from_ms), revoked.reason)
        }
        (None, Some(until_ms)) => calendar::short(words, until_ms, now_ms),
        (None, None) => String::new(),
    }
}

/// The form that revokes one of them. What is signed names the key, so that each is a form of its own.
pub fn revoke_form<'a>(
    keys: &'a [PublisherKey],
    here: &'a str,
    words: &'a Words,
    now_ms: i64,
    signs: bool,
) -> impl Iterator<Item = Form> + 'a {
    let counting = keys.iter().filter(move |key| key.takes(now_ms).is_ok());
    counting.map(move |key| Form {
        title: words.say1("key-revoke-one", "n", key.name.as_str()),
        text: words.say("key-revoke-text"),
        action: format!("{here}/{}", key.id),
        fields: vec![Field::text("reason", words.say("reason"))],
        buttons: vec![Button::new("revoke", words.say("key-revoke"), "danger").signing(
            Action::RevokeKeys.as_str(),
            key.id.clone(),
            signs,
        )],
    })
}

/// `POST /publisher/keys/{id}`: revokes it from now on.
pub async fn revoke(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Response {
    let done = publisher_key::revoke(&app, &ctx, &id, Posted(pairs).value("reason"), None).await;
    desk::back(HERE, done.map(|_| "key-revoked"))
}

//! How a customer wants to be spoken to: language and size of type, kept in their profile, so that chats, notices, kiosks
//! and other devices do the same.

use super::App;
use super::ctx::Ctx;
use super::publish::commit;
use crate::http::problem::Problem;
use crate::words::Locale;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::identity::{Customer, Profile};

/// Keeps a customer's language and size of type. Staff have theirs in the browser alone.
pub async fn keep_look(app: &App, ctx: &Ctx, locale: Option<Locale>, elder_mode: bool) -> Result<(), Problem> {
    let Some(known) = ctx.customer() else { return Ok(()) };
    // As it is now: what the gate has read may be older than what another request has written.
    let Some(customer) = app.store.customer(&known.id).await? else { return Ok(()) };
    let locale = locale.map_or_else(|| customer.profile.locale.clone(), |locale| locale.tag().to_owned());
    if customer.profile.locale == locale && customer.profile.elder_mode == elder_mode {
        return Ok(());
    }
    let detail = json!({ "locale": locale, "elder_mode": elder_mode });
    let subject = format!("customer:{}", customer.id);
    let guard = Guard::customer(&customer);
    let profile = Profile { locale, elder_mode, ..customer.profile };
    let changed = Change::Customer(Box::new(Customer { profile, ..customer }));
    match commit(app, ctx, vec![guard], vec![changed], "customer.look-chosen", &subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => Ok(done?),
    }
}

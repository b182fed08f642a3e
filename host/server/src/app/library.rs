//! The library as customers read it.

use super::App;
use super::ctx::{Caller, Ctx};
use super::{launch, me};
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::content::{ContentEntry, Query, Reader};
use xitai_model::ids::EntryId;
use xitai_model::limits::STORAGE_KEY_BYTES_MAX;

/// Who reads. Staff read as the branch where they work, else as the whole bank.
pub fn reader(app: &App, ctx: &Ctx, locale: Option<&str>) -> Result<Reader, Problem> {
    let catalog = app.catalog();
    let (branch, level) = match &ctx.actor {
        Caller::Customer(customer) => (customer.branch.clone(), Some(customer.level)),
        Caller::Staff(staff) => {
            let own = launch::own_branch(&catalog, staff).or_else(|| catalog.bank().map(|bank| bank.id.clone()));
            (own.ok_or_else(|| Problem::internal("there is no bank among the places"))?, None)
        }
        Caller::Anonymous | Caller::Host => return Err(Problem::new(code::AUTH_REQUIRED)),
    };
    Ok(Reader { branch, level, locale: locale.unwrap_or_else(|| me::locale(ctx)).to_owned(), now_ms: ctx.now_ms })
}

pub fn find(
    app: &App,
    ctx: &Ctx,
    query: &Query,
    after: Option<&str>,
) -> Result<(Vec<ContentEntry>, Option<String>), Problem> {
    let texts = [&query.kind, &query.tag, &query.text, &query.near];
    if texts.into_iter().flatten().any(|text| text.len() > STORAGE_KEY_BYTES_MAX) {
        return Err(Problem::new(code::LIMIT_QUERY_TEXT));
    }
    Ok(app.catalog().find_content(query, &reader(app, ctx, None)?, after)?)
}

/// An entry in a language: the reader's own where none is named.
pub fn get(app: &App, ctx: &Ctx, id: &EntryId, locale: Option<&str>) -> Result<ContentEntry, Problem> {
    let found = app.catalog().read_content(id, &reader(app, ctx, locale)?);
    found.ok_or_else(|| Problem::new(code::CONTENT_NOT_FOUND))
}

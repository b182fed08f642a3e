//! How a bank begins: its own place and the first people, in one commit, where there is no organisation yet.
//!
//! Whatever comes after that is done by those people, what weighs by two of them. Nobody can have signed in before, so
//! that it is the operator who founds, at the command line.

use super::App;
use super::ctx::Ctx;
use super::organisation::{joining, newcomer};
use super::publish::{commit, put};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_model::code;
use xitai_model::commit::{CommitRefusal, Guard};
use xitai_model::ids::{PlaceId, StaffId};
use xitai_model::organisation::{self, Names};
use xitai_model::place::{Place, Role, Staff};
use xitai_model::record::Noun;
use xitai_model::staff::check_first;

/// Somebody who is there from the beginning. The bank's provider knows them by this login.
#[derive(Debug, Clone)]
pub struct First {
    pub login: StaffId,
    pub name: String,
}

/// What a bank begins with, and that it is enough.
pub struct Founding {
    id: PlaceId,
    names: Names,
    people: Vec<(Role, First)>,
}

impl Founding {
    pub fn new(id: PlaceId, names: Names, people: Vec<(Role, First)>) -> Result<Self, Problem> {
        let logins: Vec<(Role, &StaffId)> = people.iter().map(|(role, first)| (*role, &first.login)).collect();
        check_first(&logins)?;
        Ok(Self { id, names: names.checked()?, people })
    }
}

/// A bank that has just begun.
pub struct Founded {
    pub bank: Place,
    pub staff: Vec<Staff>,
}

/// Founds it. Its people hold their roles for the whole bank, and sign in at its provider: they have no passwords.
pub async fn found(app: &App, ctx: &Ctx, founding: Founding) -> Result<Founded, Problem> {
    let catalog = app.refresh_catalog().await?;
    let bank = organisation::bank(&catalog.tree(), founding.id, founding.names)?;
    let (guard, change) = put(&catalog, Noun::Place, bank.id.as_str(), &bank)?;
    // Somebody else may found another bank at this moment, which has another id.
    let (mut guards, mut changes) = (vec![Guard::NoneOf(Noun::Place), guard], vec![change]);
    let mut staff = Vec::with_capacity(founding.people.len());
    for (role, First { login, name }) in founding.people {
        // As far as is known, each of them is a human being of their own.
        let person = login.to_string();
        let (hired, own) = newcomer(app, ctx, &bank, login, &name, &person)?;
        let hired = Staff { roles: vec![(role, bank.id.clone())], ..hired };
        let (its_guards, its_changes) = joining(&catalog, &hired, own)?;
        guards.extend(its_guards);
        changes.extend(its_changes);
        staff.push(hired);
    }
    let people: Vec<Value> = staff.iter().map(|staff| json!({ "id": staff.id, "roles": staff.roles })).collect();
    let detail = json!({ "name": bank.name, "staff": people });
    match commit(app, ctx, guards, changes, "bank.founded", &format!("place:{}", bank.id), detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::BANK_FOUNDED).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(Founded { bank, staff })
}

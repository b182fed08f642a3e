//! A bank kept as it stood, taken up again from there, and given a newer release while its pages are open: for whoever
//! goes back and forth in what happened.

use super::bank::{Bank, Done, OFFICERS, PUBLISHER, compiled, host, release};
use super::play::Page;
use super::{Rehearsal, Unplayed};
use crate::app::attempt::{self, Attempt, Happened};
use crate::app::ctx::Caller;
use crate::app::onward::{self, Ready};
use crate::app::session;
use crate::app::throwaway::record;
use crate::clock::Held;
use crate::http::problem::Problem;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::digest::Digest;
use xitai_model::identity::{How, Token, Who};
use xitai_model::ids::{PublisherId, StaffId};
use xitai_model::program::Event;
use xitai_model::record::{Noun, Record};
use xitai_model::release::Release;
use xitai_model::rollout::{Rollout, Stage};
use xitai_model::scene::Given;

/// A bank as it stood: a copy of its database, and what is not in there. The file goes with the value.
#[derive(Clone)]
pub struct Kept {
    database: Arc<Copied>,
    now_ms: i64,
    release: Release,
    callers: BTreeMap<String, Caller>,
}

struct Copied(PathBuf);

impl Drop for Copied {
    fn drop(&mut self) {
        // What is left goes with the folder.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Bank {
    /// Copies it. Nothing may happen in it meanwhile.
    pub async fn keep(&self, of: &Rehearsal) -> Result<Kept, Unplayed> {
        let database = of.place();
        self.app.store.copy(&database).await.map_err(Unplayed::machine)?;
        Ok(Kept {
            database: Arc::new(Copied(database)),
            now_ms: self.clock.now_ms(),
            release: self.release.clone(),
            callers: self.callers.clone(),
        })
    }

    /// Another bank that goes on from there. `given` is what the kept one was opened with.
    pub async fn again(of: &Rehearsal, given: &Given, kept: &Kept) -> Result<Self, Unplayed> {
        let database = of.place();
        tokio::fs::copy(&kept.database.0, &database).await.map_err(Unplayed::machine)?;
        let clock = Arc::new(Held::new(kept.now_ms, given.seed));
        let app = host(of, &database, given.core, &clock).await?;
        app.refresh_catalog().await.map_err(|problem| Unplayed::of(&problem))?;
        app.costs.listen();
        Ok(Self {
            app,
            clock,
            release: kept.release.clone(),
            branch: given.branch.clone(),
            callers: kept.callers.clone(),
            database,
        })
    }

    /// Rolls the rehearsal's package out to everybody, where another release was: open pages go on to it at their next
    /// event, if it reads their state.
    pub async fn publish(&mut self, of: &Rehearsal) -> Result<(), Unplayed> {
        compiled(&self.app, of).await?;
        if of.release_id() == self.release.id {
            return Ok(());
        }
        let next = release(of, self.clock.now_ms());
        self.roll_out(&next).await.map_err(|problem| Unplayed::of(&problem))?;
        self.release = next;
        Ok(())
    }

    async fn roll_out(&self, next: &Release) -> Done<()> {
        let now_ms = self.clock.now_ms();
        let catalog = self.app.catalog();
        let program = &next.id.program;
        let kept = catalog.rollouts.get(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
        let mut rollout = Rollout {
            stages: vec![Stage::of_all(next.id.version.clone(), now_ms)],
            changed_by: StaffId::parse(OFFICERS[0])?,
            changed_ms: now_ms,
            ..kept.value.clone()
        };
        // Whose state the new release does not read begins anew, instead of going on with the old one.
        rollout.withdrawn.push(self.release.id.version.clone());
        let mut changes = vec![
            record(Noun::Release, &next.id.to_string(), next),
            Change::Record(Record::of(Noun::Rollout, program.as_str(), kept.version + 1, &rollout)),
        ];
        changes.extend(self.merchants(&next.manifest));
        changes.extend(self.endpoints(&next.manifest, PublisherId::parse(PUBLISHER)?));
        self.commit("scene.rolled-out", changes).await?;
        self.app.refresh_catalog().await.map(|_| ())
    }

    /// Lets a page come back on another state than it had: what the program makes of it is its next step.
    pub async fn resume_on(&self, who: &str, page: &Page, state: Vec<u8>) -> Done<()> {
        let ctx = self.ctx(who).ok_or_else(|| Problem::internal(format!("{who} is nobody")))?;
        let mut own = session::own(&self.app, &ctx, &page.session).await?;
        // A step of an upgrade comes first.
        while match onward::ready(&self.app, &ctx, &mut own).await? {
            Ready::Goes => false,
            Ready::Again => true,
            Ready::Over => return Err(Problem::new(code::SESSION_CLOSED)),
        } {
            own = session::own(&self.app, &ctx, &page.session).await?;
        }
        own.state = state;
        let attempt = Attempt {
            session: &own,
            standing: own.standing.clone(),
            happened: Happened::Event(Event::Resumed),
            sent: None,
            proved_ms: ctx.proved_ms,
            guards: Vec::new(),
            changes: Vec::new(),
            action: "scene.state-set",
            first: true,
        };
        attempt::attempt(&self.app, &ctx, attempt).await.map(|_| ())
    }

    /// Signs somebody of the bank in under a token: [`Bank::ctx`] takes their name for it.
    pub async fn sign_in(&self, who: &str, token: &str, how: How) -> Done<()> {
        let digest = Digest::of(token.as_bytes());
        let named = match self.callers.get(who) {
            Some(Caller::Customer(customer)) => Who::Customer(customer.id.clone()),
            Some(Caller::Staff(staff)) => Who::Staff(staff.id.clone()),
            _ => return Err(Problem::internal(format!("{who} is nobody"))),
        };
        if self.app.store.token(&digest).await?.is_some() {
            return Ok(());
        }
        let now_ms = self.clock.now_ms();
        let token = Token {
            digest,
            who: named,
            made_ms: now_ms,
            // However far its clock is moved.
            expires_ms: i64::MAX,
            proved_ms: now_ms,
            how,
            name: who.to_owned(),
            scopes: None,
        };
        self.commit("scene.signed-in", vec![Change::Token(token)]).await
    }
}

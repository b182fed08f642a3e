//! The row of a chat user: finding it, making it, writing it.

use super::{Said, commit_of};
use crate::app::App;
use crate::app::ctx::{Caller, Ctx};
use crate::app::{handover, sign_in, visitor};
use crate::http::problem::Problem;
use xitai_model::chat::{Chat, TALK, Talk};
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::identity::{Customer, How, Level, Who};
use xitai_model::ids::{CustomerId, MatterId};
use xitai_model::matter::{Matter, MatterKind};
use xitai_store::StoreError;

pub(super) struct Row {
    pub matter: Matter,
    pub chat: Chat,
    pub talk: Talk,
    /// What making it needs, where it is new.
    guards: Vec<Guard>,
    changes: Vec<Change>,
    is_new: bool,
}

fn read(matter: Matter) -> Result<Option<Row>, Problem> {
    let chat: Chat = matter.read().map_err(Problem::internal)?;
    // With the key of an erased customer went what was said.
    let Some(talk) = matter.unsealed::<Talk>(TALK).filter(|_| !chat.closed) else { return Ok(None) };
    Ok(Some(Row { matter, chat, talk, guards: Vec::new(), changes: Vec::new(), is_new: false }))
}

pub(super) async fn newest(app: &App, about: &str) -> Result<Option<Row>, Problem> {
    let (found, _) = app.store.matters_about(MatterKind::Chat, about, None, 1).await?;
    found.into_iter().next().map_or(Ok(None), read)
}

pub(super) async fn by_id(app: &App, id: &MatterId) -> Result<Option<Row>, Problem> {
    let found = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::Chat);
    found.map_or(Ok(None), read)
}

/// Closes a row that nobody can read any more.
pub(super) async fn give_up(app: &App, matter: &Matter) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let chat: Chat = matter.read().map_err(Problem::internal)?;
    let row = Row {
        matter: matter.clone(),
        chat,
        talk: Talk::default(),
        guards: Vec::new(),
        changes: Vec::new(),
        is_new: false,
    };
    row.close(app, &ctx).await
}

impl Row {
    pub fn id(&self) -> &MatterId {
        &self.matter.id
    }
    pub fn about(&self) -> &str {
        self.matter.about.as_deref().unwrap_or_default()
    }
    pub fn customer(&self) -> Option<&CustomerId> {
        self.matter.customer.as_ref()
    }

    /// The row that a message goes to: the newest, or one for somebody of whom nothing is known yet.
    pub async fn current(app: &App, ctx: &Ctx, said: &Said<'_>, about: &str) -> Result<Self, Problem> {
        match newest(app, about).await? {
            Some(row) if row.ctx(app).await?.is_some() => Ok(row),
            // Its customer has ended the link, or it was too long ago: they are a stranger again.
            Some(gone) => Self::stranger(app, ctx, said, about, Some(gone)).await,
            None => Self::stranger(app, ctx, said, about, None).await,
        }
    }

    async fn stranger(
        app: &App,
        ctx: &Ctx,
        said: &Said<'_>,
        about: &str,
        before: Option<Row>,
    ) -> Result<Self, Problem> {
        let (mut guards, mut changes) = (Vec::new(), Vec::new());
        let login = about.to_owned();
        let known = match app.store.customer_by_login(&login).await {
            Err(StoreError::Withheld) => None,
            found => found?.filter(|known| known.level == Level::Visitor),
        };
        let visitor = match known {
            Some(known) => known,
            None => {
                let id = CustomerId::new(ctx.now_ms, app.clock.random());
                let locale = said.locale.and_then(crate::words::Locale::of_tag).unwrap_or(crate::words::Locale::ZhCn);
                let branch = visitor::branch_of(app, app.chats.branch(said.channel))?;
                let made = visitor::record(app, id, login.clone(), branch, locale.tag());
                guards.push(Guard::LoginFree { login });
                changes.push(Change::Customer(Box::new(made.clone())));
                made
            }
        };
        if let Some(before) = before {
            let (guard, change) = before.closed(ctx);
            guards.push(guard);
            changes.push(change);
        }
        let (_, token) =
            sign_in::fresh(app, ctx, Who::Customer(visitor.id.clone()), How::Chat, said.channel.to_owned());
        changes.push(Change::Token(token.clone()));
        let talk = Talk { token: Some(token.digest), ..Talk::of(said.user) };
        Ok(Self { guards, changes, ..Self::made(app, ctx, said.channel, about, &visitor, talk) })
    }

    /// A new row of a chat user, as this customer.
    pub fn made(app: &App, ctx: &Ctx, channel: &str, about: &str, customer: &Customer, talk: Talk) -> Self {
        let chat = Chat { channel: channel.to_owned(), closed: false, due_ms: None };
        let id = MatterId::new(ctx.now_ms, app.clock.random());
        let (branch, owner) = (customer.branch.clone(), Some(customer.id.clone()));
        let mut matter = Matter::new(id, None, branch, owner, &chat, ctx.now_ms);
        matter.about = Some(about.to_owned());
        Self { matter, chat, talk, guards: Vec::new(), changes: Vec::new(), is_new: true }
    }

    /// Another customer takes its place.
    pub fn closed(&self, ctx: &Ctx) -> (Guard, Change) {
        let over = Chat { closed: true, due_ms: None, ..self.chat.clone() };
        let mut next = self.matter.moved(&over, ctx.now_ms);
        next.sealed = None;
        let guard = Guard::MatterAt { matter: self.matter.id.clone(), revision: self.matter.revision };
        (guard, Change::Matter(Box::new(next)))
    }

    /// The same, committed by itself.
    pub async fn close(&self, app: &App, ctx: &Ctx) -> Result<(), Problem> {
        let (guard, change) = self.closed(ctx);
        match app.store.commit(commit_of(ctx, self, vec![guard], vec![change], "chat.left")).await {
            Ok(_) | Err(CommitRefusal::Moved(_)) => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The commit of its next revision.
    pub fn written(mut self, app: &App, ctx: &Ctx, action: &str) -> Result<(MatterId, Commit), Problem> {
        if app.chats.channel(&self.chat.channel).is_none() {
            // The bank's own page reads the lines; nothing is sent to it.
            self.talk.outgoing.clear();
        }
        let chat = Chat { due_ms: self.talk.due_ms(ctx.now_ms), ..self.chat.clone() };
        let mut next = match self.is_new {
            true => Matter {
                due_ms: chat.due_ms,
                body: serde_json::to_value(&chat).map_err(Problem::internal)?,
                ..self.matter.clone()
            },
            false => self.matter.moved(&chat, ctx.now_ms),
        };
        next.seal(TALK, &self.talk);
        let mut guards = std::mem::take(&mut self.guards);
        if !self.is_new {
            guards.push(Guard::MatterAt { matter: self.matter.id.clone(), revision: self.matter.revision });
        }
        let mut changes = std::mem::take(&mut self.changes);
        changes.push(Change::Matter(Box::new(next)));
        let id = self.matter.id.clone();
        Ok((id, commit_of(ctx, &self, guards, changes, action)))
    }

    /// The customer's own context, while the sign-in that it acts by holds.
    pub async fn ctx(&self, app: &App) -> Result<Option<Ctx>, Problem> {
        let (Some(token), Some(own)) = (&self.talk.token, self.customer()) else { return Ok(None) };
        let Some(signed_in) = sign_in::caller(app, token, app.clock.now_ms()).await? else { return Ok(None) };
        let Caller::Customer(customer) = &signed_in.caller else { return Ok(None) };
        if customer.id != *own {
            return Ok(None);
        }
        Ok(Some(handover::lent(app, Customer::clone(customer), How::Chat, token.clone())))
    }
}

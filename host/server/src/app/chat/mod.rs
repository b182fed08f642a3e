//! Chats: what a chat user writes, taken once and in order; what it comes to; and what they are told.
//!
//! A message is taken in one commit and answered afterwards ([`answer`]), by whichever host comes first: what it does is
//! written down before it is done, so that a host that dies in between has it done once all the same. Messages to the
//! user wait in their row until the channel has them ([`send`]).

mod act;
mod answer;
mod leads;
mod link;
mod row;
mod send;

pub use answer::answer_all;

use super::App;
use super::ctx::Ctx;
use super::lock::Locks;
use super::rate::Guesses;
use super::webhook::Taken;
use crate::config::chat::{self as config, ChatChannel};
use crate::http::problem::Problem;
use row::Row;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use xitai_egress::signature::verify;
use xitai_model::audit::AuditEvent;
use xitai_model::chat::{Incoming, Line, about};
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::ids::{BranchId, MatterId, SessionId};
use xitai_model::limits::{CHAT_TEXT_CHARS_MAX, CHAT_USER_CHARS_MAX, STORAGE_KEY_BYTES_MAX, WEBHOOK_TOLERANCE_S};
use xitai_model::matter::{Matter, MatterKey, MatterKind};

/// The bots of this bank, and what is going on with their users on this host.
pub struct Chats {
    channels: Vec<ChatChannel>,
    /// The branch of the bank's own chat page, where there is one.
    pub page: Option<BranchId>,
    turns: Locks<MatterId>,
    /// Rows whose session is followed here.
    followed: Mutex<HashMap<MatterId, Follower>>,
    /// Told when there is something new to read, by what a row is found by.
    told: Mutex<HashMap<String, watch::Sender<u64>>>,
}

/// What is told of a chat that goes on under another name.
pub const MOVED: u64 = u64::MAX;

/// Who tells a chat user of their session.
struct Follower {
    session: SessionId,
    ends: AbortHandle,
}

impl Chats {
    pub fn open(config: &crate::config::Config) -> Result<Self, Problem> {
        Ok(Self {
            channels: config::read(&config.data_dir).map_err(Problem::internal)?,
            page: config.chat_page.clone(),
            turns: Locks::default(),
            followed: Mutex::default(),
            told: Mutex::default(),
        })
    }
    fn channel(&self, id: &str) -> Option<&ChatChannel> {
        self.channels.iter().find(|channel| channel.id == id)
    }
    /// Where a channel's strangers are served.
    fn branch(&self, id: &str) -> Option<&BranchId> {
        self.channel(id).map(|channel| &channel.branch).or(self.page.as_ref())
    }
    /// Follows what is said to a chat user.
    pub fn follow(&self, about: &str) -> watch::Receiver<u64> {
        let mut told = self.told.lock().expect("no holder of the lock panics");
        told.retain(|_, sender| sender.receiver_count() > 0);
        told.entry(about.to_owned()).or_insert_with(|| watch::channel(0).0).subscribe()
    }
    /// Tells whoever still follows a stranger that the chat is a customer's now, and goes on under another name.
    fn has_moved(&self, about: &str) {
        self.tell(about, MOVED);
    }
    fn tell(&self, about: &str, said: u64) {
        if let Some(sender) = self.told.lock().expect("no holder of the lock panics").get(about) {
            sender.send_replace(said);
        }
    }
}

/// A channel's message as it came.
pub struct Signed<'a> {
    pub channel: &'a str,
    pub id: &'a str,
    pub timestamp: &'a str,
    pub signature: &'a str,
    pub body: &'a [u8],
}

/// What it says.
#[derive(Debug, Deserialize)]
struct Body {
    #[serde(rename = "type")]
    kind: String,
    user: String,
    text: String,
    /// Where a new user's language is not said, it is Chinese.
    locale: Option<String>,
}

fn refused(why: &str) -> Problem {
    Problem::new(code::CHAT_REFUSED).because(why)
}

/// Verifies and takes a channel's message. Until the signature fits nothing is told, not even whether there is such a
/// channel. The same message again is taken without an effect.
pub async fn take(app: &Arc<App>, ctx: &Ctx, message: &Signed<'_>) -> Result<(), Problem> {
    let channel = app.chats.channel(message.channel);
    // One that names nothing is checked all the same, so that the time it takes says nothing either.
    let secrets = match channel {
        Some(channel) => vec![channel.inbound.clone()],
        None => vec![nobodys()],
    };
    if message.id.len() > STORAGE_KEY_BYTES_MAX / 2 {
        return Err(refused("its id is too long"));
    }
    let Signed { id, timestamp, signature, body, .. } = message;
    verify(&secrets, id, timestamp, signature, body, ctx.now_ms / 1_000, WEBHOOK_TOLERANCE_S)
        .map_err(|why| refused(&format!("{why:?}")))?;
    let channel = channel.ok_or_else(|| refused("there is no such channel"))?.id.clone();
    let body: Body = serde_json::from_slice(body).map_err(|_| Problem::new(code::CHAT_MALFORMED))?;
    let named = (1..=CHAT_USER_CHARS_MAX).contains(&body.user.chars().count());
    if body.kind != "message" || !named {
        return Err(Problem::new(code::CHAT_MALFORMED));
    }
    let said = Said {
        channel: &channel,
        user: &body.user,
        id,
        text: &body.text,
        locale: body.locale.as_deref(),
        linked_as: None,
    };
    receive(app, ctx, &said).await
}

fn nobodys() -> xitai_egress::signature::Secret {
    xitai_egress::signature::Secret::derive(&[0; 32], "nobody", xitai_egress::signature::Direction::Inbound, 0)
}

/// What somebody wrote, once it is known who.
pub struct Said<'a> {
    pub channel: &'a str,
    pub user: &'a str,
    /// The channel's own number of the message.
    pub id: &'a str,
    pub text: &'a str,
    pub locale: Option<&'a str>,
    /// The user that it goes on as, where it links the chat.
    pub linked_as: Option<&'a str>,
}

/// Takes a message: once, behind those of the same user that wait.
pub async fn receive(app: &Arc<App>, ctx: &Ctx, said: &Said<'_>) -> Result<(), Problem> {
    let about = about(said.channel, said.user);
    let taken = Taken { topic: "chat".to_owned(), digest: Digest::of(said.text.as_bytes()) };
    let bank = super::visitor::branch_of(app, None)?;
    let key = MatterKey {
        kind: MatterKind::Hook,
        program: None,
        owner: bank.to_string(),
        key: format!("{about}:{}", said.id),
    };
    let too_long = said.text.chars().nth(CHAT_TEXT_CHARS_MAX).is_some();
    let plain = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
    let text = if too_long { String::new() } else { said.text.chars().map(plain).collect() };
    let linked_as = said.linked_as.map(str::to_owned);
    let incoming = Incoming { id: said.id.to_owned(), text, too_long, at_ms: ctx.now_ms, linked_as };
    let mut counted = false;
    // Another turn finds what another message of the same user has just written.
    for _ in 0..=xitai_model::limits::RERUNS_MAX {
        if let Some(before) = app.store.matter_by_key(&key).await? {
            let same = before.read::<Taken>().is_ok_and(|before| before.digest == taken.digest);
            return if same { Ok(()) } else { Err(Problem::new(code::CHAT_ID_REUSED)) };
        }
        if !std::mem::replace(&mut counted, true) {
            app.rates.guess(Guesses::ChatMessage, &about, ctx.now_ms)?;
        }
        let mut hook =
            Matter::new(MatterId::new(ctx.now_ms, app.clock.random()), None, bank.clone(), None, &taken, ctx.now_ms);
        hook.key = Some(key.key.clone());
        let mut row = Row::current(app, ctx, said, &about).await?;
        row.talk.take(incoming.clone())?;
        let (id, mut commit) = row.written(app, ctx, "chat.taken")?;
        commit.guards.push(Guard::MatterKeyFree(key.clone()));
        commit.changes.push(Change::Matter(Box::new(hook)));
        match app.store.commit(commit).await {
            Ok(_) => {
                nudge(app, id);
                return Ok(());
            }
            Err(CommitRefusal::Moved(_)) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(Problem::new(code::CHAT_BUSY).retry_after_ms(1_000))
}

/// Has what waits for a chat user answered and sent soon.
fn nudge(app: &Arc<App>, id: MatterId) {
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(problem) = look(&app, &id).await {
            tracing::warn!(chat = %id, %problem, "a chat user waits");
        }
    });
}

/// Answers what waits, then sends what is to be sent. The job comes by where a host died in between.
pub async fn look(app: &Arc<App>, id: &MatterId) -> Result<(), Problem> {
    answer_all(app, id).await?;
    send::all(app, id).await
}

/// Chat users for whom something is to be done.
pub async fn due(app: &Arc<App>) -> Result<(), Problem> {
    const DUE_MAX: usize = 100;
    for matter in app.store.matters_due(MatterKind::Chat, app.clock.now_ms(), DUE_MAX).await? {
        match matter.sealed {
            Some(_) => nudge(app, matter.id),
            // With the key of an erased customer went what was to be said.
            None => row::give_up(app, &matter).await?,
        }
    }
    Ok(())
}

/// Whether anything was ever said with a chat user.
pub async fn is_begun(app: &App, channel: &str, user: &str) -> Result<bool, Problem> {
    let (found, _) = app.store.matters_about(MatterKind::Chat, &about(channel, user), None, 1).await?;
    Ok(!found.is_empty())
}

/// The last lines with a chat user, for the bank's own page.
pub async fn lines(app: &App, channel: &str, user: &str) -> Result<Vec<Line>, Problem> {
    Ok(row::newest(app, &about(channel, user)).await?.map(|row| row.talk.lines).unwrap_or_default())
}

fn audited(ctx: &Ctx, id: &MatterId, action: &str, channel: &str) -> AuditEvent {
    AuditEvent {
        at_ms: ctx.now_ms,
        actor: format!("chat:{channel}"),
        action: action.to_owned(),
        subject: format!("chat:{id}"),
        detail: serde_json::json!({}),
        request: Some(ctx.request_id.clone()),
    }
}

/// A commit about one row.
fn commit_of(ctx: &Ctx, row: &Row, guards: Vec<Guard>, changes: Vec<Change>, action: &str) -> Commit {
    Commit { guards, changes, audit: audited(ctx, row.id(), action, &row.chat.channel) }
}

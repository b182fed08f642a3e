//! Questions that wait for their one answer, whichever host it comes to.

use super::App;
use super::ctx::Ctx;
use crate::http::problem::Problem;
use serde_json::Value;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::identity::Who;
use xitai_model::limits;
use xitai_model::presence::{Challenge, Purpose};

/// A challenge under a fresh name.
pub fn make(app: &App, ctx: &Ctx, purpose: Purpose, who: Option<Who>, body: Value) -> Challenge {
    let lasts_ms = if purpose == Purpose::Proof { limits::PROOF_MS_MAX } else { limits::CHALLENGE_MS_MAX };
    Challenge {
        id: data_encoding::BASE64URL_NOPAD.encode(&app.clock.random::<24>()),
        purpose,
        who,
        expires_ms: ctx.now_ms + lasts_ms,
        body,
    }
}

/// The challenge, if it may still be answered by whoever answers. What is over, taken or another's looks the same.
pub async fn waiting(
    app: &App,
    ctx: &Ctx,
    id: &str,
    purpose: Purpose,
    who: Option<&Who>,
) -> Result<Challenge, Problem> {
    let found = app.store.challenge(id).await?.filter(|challenge| challenge.takes(purpose, who, ctx.now_ms));
    found.ok_or_else(|| Problem::new(code::AUTH_CHALLENGE))
}

/// The change that takes it: of two who answer at once, one loses.
pub fn taken(challenge: &Challenge) -> Change {
    Change::ChallengeTaken(challenge.id.clone())
}

/// A commit that lost because the challenge was gone says so.
pub fn lost(refusal: CommitRefusal) -> Problem {
    match refusal {
        CommitRefusal::Moved(fact) => Problem::new(code::AUTH_CHALLENGE).because(fact),
        other => other.into(),
    }
}

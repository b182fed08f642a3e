//! The ways in which people sign in at this bank, as its file has them, ready to be used.

use super::App;
use super::ctx::{Caller, Ctx};
use crate::config::Config;
use crate::config::sign_in::{CodesWord, SignInFile};
use crate::http::problem::Problem;
use std::sync::Arc;
use tokio::sync::Semaphore;
use xitai_identity::codes::CodeGateway;
use xitai_identity::provider::People;
use xitai_identity::{Fault, Passkeys, Provider};
use xitai_model::code;
use xitai_model::identity::{How, Who};
use xitai_model::policy::StepUp;

/// Providers asked at once: each waits on a thread of its own.
const ASKING_MAX: usize = 16;
/// What a passkey's sheet in the browser calls the bank.
const RP_NAME: &str = "Xitai";

pub struct Identity {
    /// Without a slash at its end.
    pub origin: String,
    pub passkeys: Passkeys,
    pub step_up: StepUp,
    pub codes: Codes,
    providers: Vec<Arc<Provider>>,
    asking: Semaphore,
}

/// How one-time codes reach people.
pub enum Codes {
    Off,
    Log,
    Gateway(Arc<CodeGateway>),
}

impl Identity {
    pub fn open(config: &Config) -> Result<Self, Problem> {
        let file = SignInFile::read(&config.data_dir).map_err(Problem::internal)?;
        let unfit = |fault: Fault| Problem::internal(format!("{}: {fault}", crate::config::sign_in::FILE));
        let here = || format!("http://localhost:{}", config.listen.port());
        let origin = file.origin.unwrap_or_else(here).trim_end_matches('/').to_owned();
        let codes = match file.codes.way.unwrap_or(config.codes) {
            CodesWord::Off => Codes::Off,
            CodesWord::Log => Codes::Log,
            CodesWord::Webhook => {
                Codes::Gateway(Arc::new(CodeGateway::new(&file.codes.url, &file.codes.secret).map_err(unfit)?))
            }
        };
        let providers = file.providers.into_iter().map(|config| Provider::new(config).map(Arc::new));
        let providers = providers.collect::<Result<Vec<_>, _>>().map_err(unfit)?;
        let mut ids: Vec<&str> = providers.iter().map(|provider| provider.config.id.as_str()).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Problem::internal("sign-in.toml: two providers have one id"));
        }
        Ok(Self {
            passkeys: Passkeys::of_origin(&origin, RP_NAME).map_err(unfit)?,
            origin,
            step_up: file.step_up.into(),
            codes,
            providers,
            asking: Semaphore::new(ASKING_MAX),
        })
    }

    pub fn providers(&self, people: People) -> impl Iterator<Item = &Arc<Provider>> {
        self.providers.iter().filter(move |provider| provider.config.people == people)
    }

    pub fn provider(&self, id: &str) -> Result<&Arc<Provider>, Problem> {
        let found = self.providers.iter().find(|provider| provider.config.id == id);
        found.ok_or_else(|| Problem::new(code::SIGN_IN_PROVIDER))
    }

    /// Asks somebody outside, off the async threads and not too many at once.
    pub async fn outside<T: Send + 'static>(
        &self,
        ask: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Problem> {
        let _permit = self.asking.acquire().await.map_err(Problem::internal)?;
        tokio::task::spawn_blocking(ask).await.map_err(Problem::internal)?.map_err(of_provider)
    }
}

/// What a provider's fault is to the person who waits.
fn of_provider(fault: Fault) -> Problem {
    match fault {
        Fault::Away(told) => Problem::new(code::SIGN_IN_AWAY).because(told).retry_after_ms(2_000),
        Fault::Refused(told) => Problem::new(code::SIGN_IN_REFUSED).because(told),
        Fault::Unfit(told) => Problem::internal(told),
    }
}

/// What a passkey's fault is: nobody is told which part of the answer was wrong.
pub fn of_passkey(fault: Fault) -> Problem {
    match fault {
        Fault::Unfit(told) => Problem::internal(told),
        Fault::Refused(told) | Fault::Away(told) => Problem::new(code::AUTH_PASSKEY).because(told),
    }
}

/// Whoever asks, as sign-ins and passkeys belong to them.
pub fn who(ctx: &Ctx) -> Result<Who, Problem> {
    match &ctx.actor {
        Caller::Customer(customer) => Ok(Who::Customer(customer.id.clone())),
        Caller::Staff(staff) => Ok(Who::Staff(staff.id.clone())),
        Caller::Anonymous | Caller::Host => Err(Problem::new(code::AUTH_REQUIRED)),
    }
}

/// Whether this very sign-in was made with two factors, and just now.
pub fn has_strong_sign_in(ctx: &Ctx) -> bool {
    let age_ms = ctx.now_ms - ctx.proved_ms;
    matches!(ctx.how, How::Passkey | How::StrongProvider)
        && (0..xitai_model::limits::FRESH_SIGN_IN_MS_MAX).contains(&age_ms)
}

/// Whether this very sign-in is young.
pub fn has_fresh_sign_in(ctx: &Ctx) -> bool {
    (0..xitai_model::limits::FRESH_SIGN_IN_MS_MAX).contains(&(ctx.now_ms - ctx.proved_ms))
}

/// Whether somebody has a passkey.
pub async fn has_passkey(app: &App, who: &Who) -> Result<bool, Problem> {
    Ok(!app.store.passkeys_of(who).await?.is_empty())
}

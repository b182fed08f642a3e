//! A provider of sign-ins: what the bank's configuration says of it, and what it answers.

use crate::fetch::Fetch;
use crate::{Fault, alipay, oidc, wechat};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Who signs in through a provider.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum People {
    #[default]
    Customers,
    Staff,
}

/// A provider as the bank's file has it.
#[derive(Debug, Clone, Deserialize)]
pub struct ProviderConfig {
    /// In addresses and bindings: lower-case letters, digits and `-`. Never changed, never given to another.
    pub id: String,
    /// On the button, by language; `en` where a language has none.
    pub name: BTreeMap<String, String>,
    #[serde(default)]
    pub people: People,
    #[serde(flatten)]
    pub kind: Kind,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    Oidc(oidc::Config),
    Wechat(wechat::Config),
    Alipay(alipay::Config),
}

/// A sign-in that was begun. `secret` is kept until the browser comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    pub secret: Secret,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, Deserialize)]
pub struct Secret {
    pub nonce: String,
    pub verifier: String,
}

/// Who the provider says came. Only what it is trusted with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub subject: String,
    pub name: String,
    /// The customer whom the bank's own provider names.
    pub customer: Option<String>,
    /// The member of staff whom it names.
    pub staff: Option<String>,
    /// It says that the identity was checked.
    pub verified: bool,
    /// It says that there was a second factor.
    pub second_factor: bool,
}

pub struct Provider {
    pub config: ProviderConfig,
    client: Client,
}

enum Client {
    Oidc(Box<oidc::Client>),
    Wechat(wechat::Client),
    Alipay(Box<alipay::Client>),
}

impl Provider {
    pub fn new(config: ProviderConfig) -> Result<Self, Fault> {
        let id = &config.id;
        let fits = (1..=32).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        // The page of the passkeys' own sign-in has that address.
        if !fits || id == "passkey" {
            return Err(Fault::Unfit(format!("provider {id:?}: an id is 1 to 32 of a-z, 0-9 and -, and not passkey")));
        }
        if !config.name.contains_key("en") {
            return Err(Fault::Unfit(format!("provider {id}: name.en is missing")));
        }
        let client = match &config.kind {
            Kind::Oidc(config) => Client::Oidc(Box::new(oidc::Client::new(config.clone(), Fetch::new())?)),
            Kind::Wechat(config) => Client::Wechat(wechat::Client::new(config.clone(), Fetch::new())?),
            Kind::Alipay(config) => Client::Alipay(Box::new(alipay::Client::new(config.clone(), Fetch::new())?)),
        };
        Ok(Self { config, client })
    }

    /// The text of its button.
    pub fn name(&self, tag: &str) -> &str {
        let names = &self.config.name;
        names.get(tag).or_else(|| names.get("en")).map_or(self.config.id.as_str(), String::as_str)
    }

    /// Begins a sign-in. `state` comes back with the browser. Blocks.
    pub fn begin(&self, back: &str, state: &str, now_ms: i64) -> Result<Begun, Fault> {
        match &self.client {
            Client::Oidc(client) => client.begin(back, state, now_ms),
            Client::Wechat(client) => client.begin(back, state),
            Client::Alipay(client) => client.begin(back, state),
        }
    }

    /// The name of the query's member that brings the code.
    pub fn code_name(&self) -> &'static str {
        match &self.client {
            Client::Oidc(_) | Client::Wechat(_) => "code",
            Client::Alipay(_) => "auth_code",
        }
    }

    /// Changes the code for who it is. Blocks.
    pub fn finish(&self, back: &str, code: &str, secret: &Secret, now_ms: i64) -> Result<Person, Fault> {
        match &self.client {
            Client::Oidc(client) => client.finish(back, code, secret, now_ms),
            Client::Wechat(client) => client.finish(code),
            Client::Alipay(client) => client.finish(code, now_ms),
        }
    }
}

/// An address that may be asked: over TLS, or on this machine.
pub(crate) fn checked_url(text: &str) -> Result<openidconnect::url::Url, Fault> {
    let url = openidconnect::url::Url::parse(text).map_err(|e| Fault::Unfit(format!("{text}: {e}")))?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "https" || (url.scheme() == "http" && here) {
        Ok(url)
    } else {
        Err(Fault::Unfit(format!("{text}: a provider is asked over https")))
    }
}

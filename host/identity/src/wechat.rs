//! WeChat's OAuth2: a code for a token that names the person, by GET, with errors under status 200.

use crate::Fault;
use crate::fetch::Fetch;
use crate::provider::{Begun, Person, Secret, checked_url};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub app_id: String,
    pub app_secret: String,
    #[serde(default = "authorize")]
    pub authorize_url: String,
    #[serde(default = "token")]
    pub token_url: String,
    #[serde(default = "scope")]
    pub scope: String,
}

fn authorize() -> String {
    "https://open.weixin.qq.com/connect/qrconnect".to_owned()
}
fn token() -> String {
    "https://api.weixin.qq.com/sns/oauth2/access_token".to_owned()
}
fn scope() -> String {
    "snsapi_login".to_owned()
}

pub(crate) struct Client {
    config: Config,
    fetch: Fetch,
}

impl Client {
    pub(crate) fn new(config: Config, fetch: Fetch) -> Result<Self, Fault> {
        checked_url(&config.authorize_url)?;
        checked_url(&config.token_url)?;
        Ok(Self { config, fetch })
    }

    pub(crate) fn begin(&self, back: &str, state: &str) -> Result<Begun, Fault> {
        let mut url = checked_url(&self.config.authorize_url)?;
        url.query_pairs_mut()
            .append_pair("appid", &self.config.app_id)
            .append_pair("redirect_uri", back)
            .append_pair("response_type", "code")
            .append_pair("scope", &self.config.scope)
            .append_pair("state", state);
        url.set_fragment(Some("wechat_redirect"));
        Ok(Begun { url: url.into(), secret: Secret::default() })
    }

    pub(crate) fn finish(&self, code: &str) -> Result<Person, Fault> {
        let mut url = checked_url(&self.config.token_url)?;
        url.query_pairs_mut()
            .append_pair("appid", &self.config.app_id)
            .append_pair("secret", &self.config.app_secret)
            .append_pair("code", code)
            .append_pair("grant_type", "authorization_code");
        let answer = self.fetch.get_json(url.as_str())?;
        let text = |name: &str| answer[name].as_str().filter(|it| !it.is_empty()).map(str::to_owned);
        match answer["errcode"].as_i64() {
            None | Some(0) => {}
            // -1: the system is busy. 45011: asked too often.
            Some(code @ (-1 | 45_011)) => return Err(Fault::Away(format!("errcode {code}"))),
            Some(code) => {
                return Err(Fault::Refused(format!("errcode {code}: {}", text("errmsg").unwrap_or_default())));
            }
        }
        // The union id is the same in all apps of the bank; it is there once they are bound to one account.
        let subject = text("unionid").or_else(|| text("openid"));
        let subject = subject.ok_or_else(|| Fault::Refused(format!("no openid among {:?}", names(&answer))))?;
        Ok(Person { subject, ..Person::default() })
    }
}

fn names(answer: &Value) -> Vec<&String> {
    answer.as_object().map(|members| members.keys().collect()).unwrap_or_default()
}

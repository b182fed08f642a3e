//! Alipay's OAuth2: the code comes as `auth_code` and is changed at a gateway whose requests and answers are signed
//! (RSA2: RSA with SHA-256).

use crate::Fault;
use crate::fetch::Fetch;
use crate::provider::{Begun, Person, Secret, checked_url};
use data_encoding::BASE64;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub app_id: String,
    /// The bank's own key: PKCS #8, base64 as Alipay's tool writes it.
    pub private_key: String,
    /// Alipay's key: SubjectPublicKeyInfo, base64 as its console shows it.
    pub alipay_public_key: String,
    #[serde(default = "authorize")]
    pub authorize_url: String,
    #[serde(default = "gateway")]
    pub gateway_url: String,
    #[serde(default = "scope")]
    pub scope: String,
}

fn authorize() -> String {
    "https://openauth.alipay.com/oauth2/publicAppAuthorize.htm".to_owned()
}
fn gateway() -> String {
    "https://openapi.alipay.com/gateway.do".to_owned()
}
fn scope() -> String {
    "auth_base".to_owned()
}

pub(crate) struct Client {
    config: Config,
    key: RsaKeyPair,
    alipay_key: Vec<u8>,
    fetch: Fetch,
}

const METHOD: &str = "alipay.system.oauth.token";
const ANSWER: &str = "alipay_system_oauth_token_response";
const ERROR: &str = "error_response";

impl Client {
    pub(crate) fn new(config: Config, fetch: Fetch) -> Result<Self, Fault> {
        checked_url(&config.authorize_url)?;
        checked_url(&config.gateway_url)?;
        let unfit = |told: &dyn std::fmt::Display| Fault::Unfit(format!("alipay's keys: {told}"));
        let der = |text: &str| {
            let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            BASE64.decode(packed.as_bytes()).map_err(|e| unfit(&e))
        };
        let key = RsaKeyPair::from_pkcs8(&der(&config.private_key)?).map_err(|e| unfit(&e))?;
        let alipay_key = rsa_key(&der(&config.alipay_public_key)?).ok_or_else(|| unfit(&"no RSA public key"))?;
        Ok(Self { config, key, alipay_key, fetch })
    }

    pub(crate) fn begin(&self, back: &str, state: &str) -> Result<Begun, Fault> {
        let mut url = checked_url(&self.config.authorize_url)?;
        url.query_pairs_mut()
            .append_pair("app_id", &self.config.app_id)
            .append_pair("scope", &self.config.scope)
            .append_pair("redirect_uri", back)
            .append_pair("state", state);
        Ok(Begun { url: url.into(), secret: Secret::default() })
    }

    pub(crate) fn finish(&self, code: &str, now_ms: i64) -> Result<Person, Fault> {
        // Alipay reads the time as China's.
        let china = chrono::FixedOffset::east_opt(8 * 3600).ok_or_else(|| Fault::Unfit("a time zone".to_owned()))?;
        let now = chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default().with_timezone(&china);
        let time = now.format("%Y-%m-%d %H:%M:%S").to_string();
        let mut pairs: Vec<(&str, &str)> = vec![
            ("app_id", &self.config.app_id),
            ("charset", "utf-8"),
            ("code", code),
            ("format", "JSON"),
            ("grant_type", "authorization_code"),
            ("method", METHOD),
            ("sign_type", "RSA2"),
            ("timestamp", &time),
            ("version", "1.0"),
        ];
        let sign = self.sign(&pairs)?;
        pairs.push(("sign", &sign));
        let answer = self.fetch.post_form(&self.config.gateway_url, &pairs)?;
        self.read(&answer)
    }

    /// Over the pairs in the order of their names, as `name=value&…`.
    fn sign(&self, pairs: &[(&str, &str)]) -> Result<String, Fault> {
        let text = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| Fault::Unfit("alipay's request could not be signed".to_owned()))?;
        Ok(BASE64.encode(&signature))
    }

    fn read(&self, text: &str) -> Result<Person, Fault> {
        let members: BTreeMap<String, &RawValue> =
            serde_json::from_str(text).map_err(|e| Fault::Away(format!("the gateway: {e}")))?;
        if let Some(error) = members.get(ERROR) {
            return Err(refusal(error.get()));
        }
        let (answer, sign) = (members.get(ANSWER), members.get("sign").and_then(|it| text_of(it)));
        let (Some(answer), Some(sign)) = (answer, sign) else {
            return Err(Fault::Refused("the gateway's answer is not signed".to_owned()));
        };
        // What is signed is the member's text as it came.
        let signature = BASE64.decode(sign.as_bytes()).map_err(|e| Fault::Refused(e.to_string()))?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.alipay_key)
            .verify(answer.get().as_bytes(), &signature)
            .map_err(|_| Fault::Refused("the gateway's signature does not fit".to_owned()))?;
        let answer: Value = serde_json::from_str(answer.get()).map_err(|e| Fault::Refused(e.to_string()))?;
        // Newer apps get an open id, older ones the user id.
        let subject = ["open_id", "user_id"].iter().find_map(|name| answer[*name].as_str().filter(|it| !it.is_empty()));
        let subject = subject.ok_or_else(|| Fault::Refused("there is neither open_id nor user_id".to_owned()))?;
        Ok(Person { subject: subject.to_owned(), ..Person::default() })
    }
}

fn text_of(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}

fn refusal(text: &str) -> Fault {
    let error: Value = serde_json::from_str(text).unwrap_or_default();
    let told = format!("{} {}", error["code"], error["sub_code"]);
    // 20000: the service is not available.
    if error["code"] == "20000" { Fault::Away(told) } else { Fault::Refused(told) }
}

/// The RSAPublicKey inside a SubjectPublicKeyInfo: what follows the algorithm's name, past the bit string's header.
fn rsa_key(info: &[u8]) -> Option<Vec<u8>> {
    const RSA: &[u8] = &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let at = info.windows(RSA.len()).position(|window| window == RSA)? + RSA.len();
    let rest = info.get(at..)?;
    let header = match rest {
        [0x03, 0x82, _, _, 0x00, ..] => 5,
        [0x03, 0x81, _, 0x00, ..] => 4,
        _ => return None,
    };
    rest.get(header..).map(<[u8]>::to_vec)
}

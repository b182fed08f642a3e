//! OpenID Connect: authorization code with PKCE, state and nonce.

use crate::Fault;
use crate::fetch::Fetch;
use crate::provider::{Begun, Person, Secret, checked_url};
use openidconnect::core::{CoreClient, CoreIdToken, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, TokenResponse,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex, PoisonError};

/// What the bank's file says of an OpenID provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    #[serde(default)]
    pub scopes: Vec<String>,
    /// A claim whose value names the customer: only of the bank's own provider, since it opens accounts.
    pub customer_claim: Option<String>,
    /// A claim whose value is the staff id.
    pub staff_claim: Option<String>,
    /// A claim that is `true` where the identity was checked.
    pub verified_claim: Option<String>,
    /// Values of `amr` that stand for a second factor.
    #[serde(default)]
    pub second_factor: Vec<String>,
}

/// How long what was discovered counts: keys change, addresses hardly.
const KNOWN_MS_MAX: i64 = 10 * 60_000;

/// Signed with the provider's own key. What is signed with the shared secret could be made by whoever has that.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 6] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

pub(crate) struct Client {
    config: Config,
    issuer: IssuerUrl,
    fetch: Fetch,
    /// What the provider says of itself, with its keys, and when it said so.
    known: Mutex<Option<(i64, Arc<CoreProviderMetadata>)>>,
}

type Ready =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Client {
    pub(crate) fn new(config: Config, fetch: Fetch) -> Result<Self, Fault> {
        checked_url(&config.issuer)?;
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|e| Fault::Unfit(e.to_string()))?;
        Ok(Self { config, issuer, fetch, known: Mutex::new(None) })
    }

    fn send(&self) -> impl Fn(HttpRequest) -> Result<openidconnect::HttpResponse, Fault> + '_ {
        |request| self.fetch.send(request)
    }

    fn metadata(&self, now_ms: i64, afresh: bool) -> Result<Arc<CoreProviderMetadata>, Fault> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at_ms, known)) = known
            && !afresh
            && (0..KNOWN_MS_MAX).contains(&(now_ms - at_ms))
        {
            return Ok(known);
        }
        let found = CoreProviderMetadata::discover(&self.issuer, &self.send()).map_err(|fault| match fault {
            DiscoveryError::Request(fault) => fault,
            DiscoveryError::Validation(told) => Fault::Refused(told),
            other => Fault::Away(format!("{}: {other}", self.config.issuer)),
        })?;
        let found = Arc::new(found);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now_ms, found.clone()));
        Ok(found)
    }

    fn client(&self, metadata: &CoreProviderMetadata, back: &str) -> Result<Ready, Fault> {
        let back = RedirectUrl::new(back.to_owned()).map_err(|e| Fault::Unfit(e.to_string()))?;
        let id = ClientId::new(self.config.client_id.clone());
        let secret = self.config.client_secret.clone().map(ClientSecret::new);
        Ok(CoreClient::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(back))
    }

    pub(crate) fn begin(&self, back: &str, state: &str, now_ms: i64) -> Result<Begun, Fault> {
        let metadata = self.metadata(now_ms, false)?;
        let client = self.client(&metadata, back)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = state.to_owned();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let scopes = self.config.scopes.iter().cloned().map(Scope::new);
        let (url, _, nonce) = client
            .authorize_url(flow, move || CsrfToken::new(state), Nonce::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        let secret = Secret { nonce: nonce.secret().clone(), verifier: verifier.secret().clone() };
        Ok(Begun { url: url.into(), secret })
    }

    pub(crate) fn finish(&self, back: &str, code: &str, secret: &Secret, now_ms: i64) -> Result<Person, Fault> {
        let metadata = self.metadata(now_ms, false)?;
        let client = self.client(&metadata, back)?;
        let unfit = |e: openidconnect::ConfigurationError| Fault::Unfit(e.to_string());
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(unfit)?
            .set_pkce_verifier(PkceCodeVerifier::new(secret.verifier.clone()))
            .request(&self.send())
            .map_err(|fault| match fault {
                RequestTokenError::Request(fault) => fault,
                RequestTokenError::ServerResponse(said) => Fault::Refused(said.to_string()),
                other => Fault::Away(format!("the token endpoint: {other}")),
            })?;
        let token = answer.id_token().ok_or_else(|| Fault::Refused("there is no id token".to_owned()))?;
        let nonce = Nonce::new(secret.nonce.clone());
        match check(&client, token, &nonce, now_ms) {
            // The provider may have changed its keys since it was asked.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let metadata = self.metadata(now_ms, true)?;
                check(&self.client(&metadata, back)?, token, &nonce, now_ms)
            }
            checked => checked,
        }
        .map_err(|fault| Fault::Refused(fault.to_string()))?;
        self.person(token)
    }

    /// Reads the claims that the configuration names. The token was checked before.
    fn person(&self, token: &CoreIdToken) -> Result<Person, Fault> {
        let claims =
            payload(token).ok_or_else(|| Fault::Refused("the id token's claims are no document".to_owned()))?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned).filter(|it| !it.is_empty());
        let named = |claim: &Option<String>| claim.as_deref().and_then(text);
        let amr = claims.get("amr").and_then(Value::as_array).cloned().unwrap_or_default();
        let factors = &self.config.second_factor;
        Ok(Person {
            subject: text("sub").ok_or_else(|| Fault::Refused("there is no subject".to_owned()))?,
            name: text("name").or_else(|| text("preferred_username")).unwrap_or_default(),
            customer: named(&self.config.customer_claim),
            staff: named(&self.config.staff_claim),
            verified: self
                .config
                .verified_claim
                .as_ref()
                .is_some_and(|name| claims.get(name) == Some(&Value::Bool(true))),
            second_factor: amr.iter().any(|it| it.as_str().is_some_and(|it| factors.iter().any(|f| f == it))),
        })
    }
}

fn check(client: &Ready, token: &CoreIdToken, nonce: &Nonce, now_ms: i64) -> Result<(), ClaimsVerificationError> {
    let now = chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default();
    let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_time_fn(move || now);
    token.claims(&verifier, nonce).map(|_| ())
}

/// The claims of a token as they were signed.
fn payload(token: &CoreIdToken) -> Option<Map<String, Value>> {
    let text = serde_json::to_value(token).ok()?;
    let claims = text.as_str()?.split('.').nth(1)?;
    serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(claims.as_bytes()).ok()?).ok()
}

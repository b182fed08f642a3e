//! A provider of sign-ins that tests start themselves: OpenID Connect, and OAuth2 as WeChat and Alipay do it, over real
//! HTTP on the loopback. It does what a provider does, and on request what a broken or hostile one would.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
    UnparsedPublicKey,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub const CLIENT: &str = "xitai";
pub const SECRET: &str = "a client's secret";
/// The keys of Alipay and of its customer, the bank, made for these tests and worth nothing.
pub const ALIPAY_KEY: &str = include_str!("keys/alipay.pkcs8");
pub const ALIPAY_PUBLIC: &str = include_str!("keys/alipay.public");
pub const BANK_KEY: &str = include_str!("keys/bank.pkcs8");
pub const BANK_PUBLIC: &str = include_str!("keys/bank.public");

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Expired,
    OtherAudience,
    OtherIssuer,
    OtherNonce,
    /// Signed with a key that it does not publish, under the name of one that it does.
    UnknownKey,
    /// `alg: none`.
    Unsigned,
    NoIdToken,
    /// Answers 503 to everything.
    Down,
    /// Never answers.
    Hangs,
    /// Answers with ten megabytes.
    Floods,
    /// WeChat and Alipay: refuse the code.
    Refuses,
    /// Alipay: the answer's signature is of something else.
    BadSignature,
}

struct Grant {
    nonce: String,
    challenge: String,
    redirect: String,
}

struct State {
    key: EcdsaKeyPair,
    kid: String,
    claims: Value,
    fault: Option<Fault>,
    codes: HashMap<String, Grant>,
    asked: Vec<String>,
}

pub struct ReferenceProvider {
    pub base: String,
    state: Arc<Mutex<State>>,
}

fn key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).expect("a key")
}

fn random() -> String {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect("randomness");
    HEXLOWER.encode(&bytes)
}

impl ReferenceProvider {
    /// Whoever comes is `claims`, which has at least `sub`.
    pub fn start(claims: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        let state =
            State { key: key(), kid: "k1".to_owned(), claims, fault: None, codes: HashMap::new(), asked: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let (shared, own) = (state.clone(), base.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, base) = (shared.clone(), own.clone());
                std::thread::spawn(move || serve(stream, &state, &base));
            }
        });
        Self { base, state }
    }
    pub fn is(&self, claims: Value) {
        self.state.lock().expect("the state").claims = claims;
    }
    pub fn breaks(&self, fault: Option<Fault>) {
        self.state.lock().expect("the state").fault = fault;
    }
    /// Changes its key; the old one is no longer published.
    pub fn rotates(&self) {
        let mut state = self.state.lock().expect("the state");
        state.key = key();
        state.kid = random();
    }
    /// Paths that were asked for.
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().expect("the state").asked.clone()
    }
    /// The lines of the bank's file for it, as an OpenID provider.
    pub fn oidc(&self, id: &str, more: &str) -> String {
        format!(
            "[[provider]]\nid = \"{id}\"\nkind = \"oidc\"\nname = {{ en = \"Reference {id}\", zh-CN = \"参考 {id}\" }}\n\
             issuer = \"{}\"\nclient_id = \"{CLIENT}\"\nclient_secret = \"{SECRET}\"\n{more}\n",
            self.base
        )
    }
    pub fn wechat(&self) -> String {
        format!(
            "[[provider]]\nid = \"wechat\"\nkind = \"wechat\"\nname = {{ en = \"WeChat\", zh-CN = \"微信\" }}\n\
             app_id = \"{CLIENT}\"\napp_secret = \"{SECRET}\"\nauthorize_url = \"{0}/wechat/authorize\"\n\
             token_url = \"{0}/wechat/token\"\n",
            self.base
        )
    }
    pub fn alipay(&self) -> String {
        format!(
            "[[provider]]\nid = \"alipay\"\nkind = \"alipay\"\nname = {{ en = \"Alipay\", zh-CN = \"支付宝\" }}\n\
             app_id = \"{CLIENT}\"\nprivate_key = \"{}\"\nalipay_public_key = \"{}\"\n\
             authorize_url = \"{2}/alipay/authorize\"\ngateway_url = \"{2}/alipay/gateway\"\n",
            BANK_KEY.trim(),
            ALIPAY_PUBLIC.trim(),
            self.base
        )
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>, base: &str) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
    while let Some((path, query, body, headers)) = request(&mut reader) {
        let fault = {
            let mut state = state.lock().expect("the state");
            state.asked.push(path.clone());
            state.fault
        };
        match fault {
            Some(Fault::Down) => answer(&mut stream, "503 Service Unavailable", "", "{}"),
            Some(Fault::Hangs) => std::thread::sleep(Duration::from_secs(30)),
            Some(Fault::Floods) => answer(&mut stream, "200 OK", "", &format!("\"{}\"", "x".repeat(10 << 20))),
            _ => route(&mut stream, &mut state.lock().expect("the state"), base, &path, &query, &body, &headers),
        }
    }
}

type Request = (String, HashMap<String, String>, HashMap<String, String>, String);

fn request(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let target = line.split(' ').nth(1)?.to_owned();
    let (mut length, mut headers) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        headers.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query = query.split('#').next().unwrap_or_default();
    Some((path.to_owned(), pairs(query), pairs(&String::from_utf8_lossy(&body)), headers))
}

pub fn pairs(text: &str) -> HashMap<String, String> {
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let hex: Vec<u8> = rest.by_ref().take(2).collect();
                    bytes.extend(u8::from_str_radix(&String::from_utf8_lossy(&hex), 16));
                }
                byte => bytes.push(byte),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let all = text.split('&').filter_map(|pair| pair.split_once('='));
    all.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn answer(stream: &mut TcpStream, status: &str, more: &str, body: &str) {
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{more}\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

fn route(
    stream: &mut TcpStream,
    state: &mut State,
    base: &str,
    path: &str,
    query: &HashMap<String, String>,
    body: &HashMap<String, String>,
    headers: &str,
) {
    let of = |map: &HashMap<String, String>, name: &str| map.get(name).cloned().unwrap_or_default();
    match path {
        "/.well-known/openid-configuration" => {
            let document = json!({
                "issuer": base,
                "authorization_endpoint": format!("{base}/authorize"),
                "token_endpoint": format!("{base}/token"),
                "jwks_uri": format!("{base}/keys"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["ES256"],
            });
            answer(stream, "200 OK", "", &document.to_string());
        }
        "/keys" => {
            let point = state.key.public_key().as_ref();
            let (x, y) = (BASE64URL_NOPAD.encode(&point[1..33]), BASE64URL_NOPAD.encode(&point[33..65]));
            let key =
                json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": state.kid, "x": x, "y": y});
            answer(stream, "200 OK", "", &json!({"keys": [key]}).to_string());
        }
        // The person says yes at once.
        "/authorize" | "/wechat/authorize" | "/alipay/authorize" => {
            let code = random();
            let redirect = of(query, "redirect_uri");
            let grant =
                Grant { nonce: of(query, "nonce"), challenge: of(query, "code_challenge"), redirect: redirect.clone() };
            state.codes.insert(code.clone(), grant);
            let name = if path == "/alipay/authorize" { "auth_code" } else { "code" };
            let to = format!("location: {redirect}?{name}={code}&state={}\r\n", of(query, "state"));
            answer(stream, "302 Found", &to, "");
        }
        "/token" => token(stream, state, base, body, headers),
        "/wechat/token" => {
            let known = of(query, "appid") == CLIENT && of(query, "secret") == SECRET;
            let granted = state.codes.remove(&of(query, "code")).is_some();
            let said = match state.fault {
                Some(Fault::Refuses) => json!({"errcode": 40029, "errmsg": "invalid code"}),
                _ if !known || !granted => json!({"errcode": 40029, "errmsg": "invalid code"}),
                _ => json!({
                    "access_token": "a", "expires_in": 7200, "refresh_token": "r", "scope": "snsapi_login",
                    "openid": state.claims["sub"], "unionid": state.claims["unionid"].as_str().unwrap_or_default(),
                }),
            };
            answer(stream, "200 OK", "", &said.to_string());
        }
        "/alipay/gateway" => alipay(stream, state, body),
        _ => answer(stream, "404 Not Found", "", "{}"),
    }
}

fn token(stream: &mut TcpStream, state: &mut State, base: &str, body: &HashMap<String, String>, headers: &str) {
    let refuse = |stream: &mut TcpStream, why: &str| {
        answer(stream, "400 Bad Request", "", &json!({"error": "invalid_grant", "error_description": why}).to_string());
    };
    // Name and secret go as HTTP Basic, each form-encoded.
    let basic =
        headers.lines().find_map(|line| line.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case("authorization")));
    let basic = basic.and_then(|(_, value)| value.trim().strip_prefix("Basic ").map(str::to_owned)).unwrap_or_default();
    let basic = String::from_utf8_lossy(&BASE64.decode(basic.as_bytes()).unwrap_or_default()).into_owned();
    let (id, secret) = basic.split_once(':').unwrap_or_default();
    let secret = pairs(&format!("s={secret}")).remove("s").unwrap_or_default();
    if (id, secret.as_str()) != (CLIENT, SECRET) {
        return answer(stream, "401 Unauthorized", "", &json!({"error": "invalid_client"}).to_string());
    }
    let of = |name: &str| body.get(name).cloned().unwrap_or_default();
    let Some(grant) = state.codes.remove(&of("code")) else { return refuse(stream, "the code is unknown or used") };
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(of("code_verifier").as_bytes()));
    if challenge != grant.challenge || of("redirect_uri") != grant.redirect {
        return refuse(stream, "another browser");
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let fault = state.fault;
    let either = |wrong: Fault, then: Value, right: Value| if fault == Some(wrong) { then } else { right };
    let mut claims = state.claims.clone();
    claims["iss"] = either(Fault::OtherIssuer, json!("http://127.0.0.1:1"), json!(base));
    claims["aud"] = either(Fault::OtherAudience, json!("another-bank"), json!(CLIENT));
    claims["exp"] = either(Fault::Expired, json!(now - 10), json!(now + 300));
    claims["iat"] = json!(now - 20);
    claims["nonce"] = either(Fault::OtherNonce, json!("another"), json!(grant.nonce));
    let algorithm = if fault == Some(Fault::Unsigned) { "none" } else { "ES256" };
    let head = json!({"alg": algorithm, "typ": "JWT", "kid": state.kid}).to_string();
    let text = format!(
        "{}.{}",
        BASE64URL_NOPAD.encode(head.as_bytes()),
        BASE64URL_NOPAD.encode(claims.to_string().as_bytes())
    );
    let stranger = key();
    let signing = if fault == Some(Fault::UnknownKey) { &stranger } else { &state.key };
    let signature = signing.sign(&SystemRandom::new(), text.as_bytes()).expect("a signature");
    let signature =
        if fault == Some(Fault::Unsigned) { String::new() } else { BASE64URL_NOPAD.encode(signature.as_ref()) };
    let mut said = json!({"access_token": random(), "token_type": "Bearer", "expires_in": 300});
    if fault != Some(Fault::NoIdToken) {
        said["id_token"] = json!(format!("{text}.{signature}"));
    }
    answer(stream, "200 OK", "", &said.to_string());
}

fn der(text: &str) -> Vec<u8> {
    BASE64.decode(text.trim().as_bytes()).expect("base64")
}

fn alipay(stream: &mut TcpStream, state: &mut State, body: &HashMap<String, String>) {
    let mut names: Vec<&String> = body.keys().filter(|name| *name != "sign").collect();
    names.sort();
    let text = names.iter().map(|name| format!("{name}={}", body[*name])).collect::<Vec<_>>().join("&");
    let sign = BASE64.decode(body.get("sign").map(String::as_bytes).unwrap_or_default()).unwrap_or_default();
    // The key inside a SubjectPublicKeyInfo of 2048 bits follows 24 bytes of header.
    let bank = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der(BANK_PUBLIC)[24..].to_vec());
    let signed = bank.verify(text.as_bytes(), &sign).is_ok();
    let granted = state.codes.remove(body.get("code").map(String::as_str).unwrap_or_default()).is_some();
    if state.fault == Some(Fault::Refuses) || !signed || !granted {
        let error = json!({"error_response": {"code": "40002", "sub_code": "isv.code-invalid", "msg": "Invalid"}});
        return answer(stream, "200 OK", "", &error.to_string());
    }
    let said = json!({"access_token": "a", "expires_in": 300, "open_id": state.claims["sub"]}).to_string();
    let key = RsaKeyPair::from_pkcs8(&der(ALIPAY_KEY)).expect("a key");
    let mut signature = vec![0; key.public().modulus_len()];
    let over = if state.fault == Some(Fault::BadSignature) { "something else" } else { said.as_str() };
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), over.as_bytes(), &mut signature).expect("a signature");
    let whole = format!("{{\"alipay_system_oauth_token_response\":{said},\"sign\":\"{}\"}}", BASE64.encode(&signature));
    answer(stream, "200 OK", "", &whole);
}

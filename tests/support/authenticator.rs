//! An authenticator in software: it makes passkeys and signs with them, as a phone would, and as a thief would like to.

use crate::http::{Answer, Caller};
use data_encoding::BASE64URL_NOPAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const HAS_CREDENTIAL: u8 = 0x40;

/// One passkey on one device.
pub struct Authenticator {
    pub id: Vec<u8>,
    key: EcdsaKeyPair,
    pub counter: u32,
    /// What the browser writes into the signed data.
    pub origin: String,
    /// Whether the person showed finger, face or PIN.
    pub verifies: bool,
    user_handle: Option<String>,
}

impl Authenticator {
    pub fn new(origin: &str) -> Self {
        let random = SystemRandom::new();
        let mut id = vec![0; 16];
        random.fill(&mut id).expect("randomness");
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).expect("a key");
        Self { id, key, counter: 0, origin: origin.to_owned(), verifies: true, user_handle: None }
    }

    fn authenticator_data(&mut self, rp_id: &str, flags: u8) -> Vec<u8> {
        self.counter += 1;
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(rp_id.as_bytes()).to_vec();
        data.push(flags | PRESENT | verified);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = &options["publicKey"]["challenge"];
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    /// `navigator.credentials.create`
    pub fn create(&mut self, options: &Value) -> Value {
        let rp_id = options["publicKey"]["rp"]["id"].as_str().expect("a relying party").to_owned();
        self.user_handle = options["publicKey"]["user"]["id"].as_str().map(str::to_owned);
        let mut data = self.authenticator_data(&rp_id, HAS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend((self.id.len() as u16).to_be_bytes());
        data.extend(&self.id);
        let point = self.key.public_key().as_ref();
        // A COSE key: EC2, ES256, P-256, x, y.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(data.len() as u8);
        attestation.extend(&data);
        self.wrapped(json!({
            "attestationObject": BASE64URL_NOPAD.encode(&attestation),
            "clientDataJSON": BASE64URL_NOPAD.encode(&self.client_data("webauthn.create", options)),
        }))
    }

    /// `navigator.credentials.get`
    pub fn get(&mut self, options: &Value) -> Value {
        let rp_id = options["publicKey"]["rpId"].as_str().expect("a relying party").to_owned();
        let data = self.authenticator_data(&rp_id, 0);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        self.wrapped(json!({
            "authenticatorData": BASE64URL_NOPAD.encode(&data),
            "clientDataJSON": BASE64URL_NOPAD.encode(&client_data),
            "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
            "userHandle": self.user_handle,
        }))
    }

    fn wrapped(&self, response: Value) -> Value {
        let id = BASE64URL_NOPAD.encode(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {}})
    }

    /// Registers it for somebody, with the one-time code that `code` reads from the host's log.
    #[track_caller]
    pub fn register(&mut self, who: &Caller, code: impl Fn() -> String) -> Value {
        let sent = who.post("/api/v1/me/codes", &json!({})).ok();
        let factor = json!({"challenge": sent["challenge"], "code": code()});
        let asked = who.post("/api/v1/me/passkeys/challenges", &factor).ok();
        let credential = self.create(&asked["options"]);
        let body = json!({"challenge": asked["challenge"], "name": "phone", "credential": credential});
        who.post("/api/v1/me/passkeys", &body).ok()
    }

    /// Asks for a proof and answers.
    pub fn try_step_up(&mut self, who: &Caller, what: &Value) -> Answer {
        let asked = who.post("/api/v1/step-ups", what).ok();
        let path = format!("/api/v1/step-ups/{}", asked["step_up"].as_str().expect("an id"));
        let credential = self.get(&asked["options"]);
        who.post(&path, &json!({"credential": credential}))
    }
    /// Gives the proof's name.
    #[track_caller]
    pub fn step_up(&mut self, who: &Caller, what: &Value) -> String {
        let given = self.try_step_up(who, what).ok();
        given["proof"].as_str().expect("a proof").to_owned()
    }
    /// The proof that a refusal names.
    #[track_caller]
    pub fn step_up_for(&mut self, who: &Caller, refusal: &Value) -> String {
        let wanted = &refusal["step_up"];
        self.step_up(who, &json!({"action": wanted["action"], "subject": wanted["subject"]}))
    }
}

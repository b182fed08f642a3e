//! Passkeys: WebAuthn with user verification, always. A synchronised passkey is as good as one on a key.

use crate::Fault;
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
};

/// Registers and checks passkeys of one origin.
pub struct Passkeys(Webauthn);

/// A question for a browser, and what must be kept to check the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// For `navigator.credentials`, bytes as base64url.
    pub options: Value,
    pub state: Value,
}

/// A new passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    pub id: String,
    pub credential: String,
}

/// A passkey has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The credential with its new counter.
    pub credential: String,
    /// All that a check of the signature needs: key and signed bytes.
    pub evidence: Value,
}

fn refused(told: impl std::fmt::Display) -> Fault {
    Fault::Refused(told.to_string())
}

fn json_of(value: &impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(|e| Fault::Unfit(e.to_string()))
}

impl Passkeys {
    /// For the origin that browsers show, such as `https://bank.example`. Its host is what passkeys are bound to, so it
    /// must be a name: browsers make none for an address of numbers.
    pub fn of_origin(origin: &str, bank: &str) -> Result<Self, Fault> {
        let unfit = |told: &dyn std::fmt::Display| Fault::Unfit(format!("origin {origin}: {told}"));
        let url = Url::parse(origin).map_err(|e| unfit(&e))?;
        let host = url.domain().ok_or_else(|| unfit(&"passkeys need a host name"))?.to_owned();
        let built = WebauthnBuilder::new(&host, &url).map_err(|e| unfit(&e))?.rp_name(bank).build();
        Ok(Self(built.map_err(|e| unfit(&e))?))
    }

    /// Begins a registration. `handle` stands for the person in the passkey; it names nobody.
    pub fn register(&self, handle: [u8; 16], name: &str, shown: &str, there: &[String]) -> Result<Asked, Fault> {
        let there = there.iter().map(|text| credential(text).map(|it| it.cred_id().clone()));
        let there = there.collect::<Result<Vec<_>, _>>()?;
        let handle = Uuid::from_bytes(handle);
        let (options, state) = self.0.start_passkey_registration(handle, name, shown, Some(there)).map_err(refused)?;
        let mut options = json_of(&options)?;
        // The browser finds it without a name being typed, where the authenticator has room for that.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("preferred");
        Ok(Asked { options, state: json_of(&state)? })
    }

    pub fn registered(&self, state: &Value, answer: &Value) -> Result<Registered, Fault> {
        let state: PasskeyRegistration = serde_json::from_value(state.clone()).map_err(refused)?;
        let answer: RegisterPublicKeyCredential = serde_json::from_value(answer.clone()).map_err(refused)?;
        let passkey = self.0.finish_passkey_registration(&answer, &state).map_err(refused)?;
        let id = BASE64URL_NOPAD.encode(passkey.cred_id());
        let credential = serde_json::to_string(&passkey).map_err(refused)?;
        Ok(Registered { id, credential })
    }

    /// Asks one of these passkeys to sign a digest: the digest itself is the challenge.
    pub fn ask(&self, credentials: &[String], digest: [u8; 32]) -> Result<Asked, Fault> {
        let credentials = credentials.iter().map(|text| credential(text)).collect::<Result<Vec<_>, _>>()?;
        let (options, state) = self.0.start_passkey_authentication(&credentials).map_err(refused)?;
        let (mut options, mut state) = (json_of(&options)?, json_of(&state)?);
        let challenge = json!(BASE64URL_NOPAD.encode(&digest));
        // The crate draws a challenge of its own. Both places must have one to take ours, else nothing is asked.
        replace(&mut options, &["publicKey", "challenge"], &challenge)?;
        replace(&mut state, &["ast", "challenge"], &challenge)?;
        Ok(Asked { options, state })
    }

    pub fn signed(&self, state: &Value, answer: &Value, text: &str) -> Result<Signed, Fault> {
        let state: PasskeyAuthentication = serde_json::from_value(state.clone()).map_err(refused)?;
        let answer = assertion(answer)?;
        let mut passkey = credential(text)?;
        if passkey.cred_id()[..] != answer.raw_id[..] {
            return Err(refused("another passkey than the one that was looked up"));
        }
        let result = self.0.finish_passkey_authentication(&answer, &state).map_err(refused)?;
        passkey.update_credential(&result);
        signed(&passkey, &answer)
    }

    /// Asks whatever passkey the person chooses, for a sign-in.
    pub fn ask_anybody(&self) -> Result<Asked, Fault> {
        let (mut options, state) = self.0.start_discoverable_authentication().map_err(refused)?;
        // The person presses a button for it; nothing waits in a form.
        options.mediation = None;
        Ok(Asked { options: json_of(&options)?, state: json_of(&state)? })
    }

    pub fn signed_by_anybody(&self, state: &Value, answer: &Value, text: &str) -> Result<Signed, Fault> {
        let state: DiscoverableAuthentication = serde_json::from_value(state.clone()).map_err(refused)?;
        let answer = assertion(answer)?;
        let mut passkey = credential(text)?;
        if passkey.cred_id()[..] != answer.raw_id[..] {
            return Err(refused("another passkey than the one that was looked up"));
        }
        let key = DiscoverableKey::from(&passkey);
        let result = self.0.finish_discoverable_authentication_v2(&answer, state, &key).map_err(refused)?;
        passkey.update_credential(&result);
        signed(&passkey, &answer)
    }
}

/// Which passkey an answer says it is of.
pub fn answering(answer: &Value) -> Option<String> {
    let raw = answer["rawId"].as_str()?;
    // Parsed and written again, so that only one spelling names it.
    BASE64URL_NOPAD.decode(raw.as_bytes()).ok().map(|bytes| BASE64URL_NOPAD.encode(&bytes))
}

fn credential(text: &str) -> Result<Passkey, Fault> {
    serde_json::from_str(text).map_err(|e| Fault::Unfit(format!("a kept credential: {e}")))
}

fn assertion(answer: &Value) -> Result<PublicKeyCredential, Fault> {
    serde_json::from_value(answer.clone()).map_err(refused)
}

fn signed(passkey: &Passkey, answer: &PublicKeyCredential) -> Result<Signed, Fault> {
    let base64 = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    let evidence = json!({
        "kind": "webauthn",
        "passkey": base64(passkey.cred_id()),
        "public_key": json_of(passkey.get_public_key())?,
        "authenticator_data": base64(&answer.response.authenticator_data),
        "client_data_json": base64(&answer.response.client_data_json),
        "signature": base64(&answer.response.signature),
    });
    Ok(Signed { credential: serde_json::to_string(passkey).map_err(refused)?, evidence })
}

fn replace(document: &mut Value, path: &[&str], with: &Value) -> Result<(), Fault> {
    let place = path.iter().try_fold(document, |at, name| at.get_mut(name));
    let place =
        place.filter(|there| there.is_string()).ok_or_else(|| Fault::Unfit(format!("no {}", path.join("."))))?;
    *place = with.clone();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_name() {
        for origin in ["https://bank.example", "http://localhost:8080", "https://app.bank.example:8443"] {
            assert!(Passkeys::of_origin(origin, "Xitai").is_ok(), "{origin}");
        }
        for origin in ["http://127.0.0.1:8080", "bank.example", "", "https://[::1]"] {
            assert!(matches!(Passkeys::of_origin(origin, "Xitai"), Err(Fault::Unfit(_))), "{origin}");
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let passkeys = Passkeys::of_origin("http://localhost", "Xitai").unwrap();
        let asked = passkeys.ask_anybody().unwrap();
        assert!(asked.options["publicKey"]["challenge"].is_string() && asked.options["mediation"].is_null());
        assert_eq!(asked.options["publicKey"]["userVerification"], "required");
        let registering = passkeys.register([1; 16], "wang", "王小明", &[]).unwrap();
        assert_eq!(registering.options["publicKey"]["rp"]["id"], "localhost");
        for answer in [json!(null), json!({}), json!({"rawId": "AA", "id": "AA", "type": "public-key"})] {
            assert!(matches!(passkeys.registered(&registering.state, &answer), Err(Fault::Refused(_))), "{answer}");
        }
        assert_eq!(answering(&json!({"rawId": "AQI"})).as_deref(), Some("AQI"));
        assert_eq!(answering(&json!({"rawId": "A!"})), None);
    }
}

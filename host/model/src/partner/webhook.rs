//! A partner's message to us, once its signature is verified: what it says, and whom it reaches.
//!
//! The payload is as Standard Webhooks advises, a JSON object with `type`. A `call` names an earlier call of the same
//! endpoint; then the session that made it hears of it, else the background of the program in the branch.

use crate::bytes::Bytes;
use crate::code;
use crate::limits::{WEBHOOK_BYTES_MAX, WEBHOOK_TOPIC_BYTES_MAX};
use crate::refusal::Refusal;
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub topic: String,
    /// Id of a call, as the partner had it in `webhook-id`.
    pub call: Option<String>,
    /// The whole payload, for the program.
    pub body: Bytes,
}

/// Reads a payload.
pub fn read(body: &[u8]) -> Result<Webhook, Refusal> {
    let malformed = |detail: &str| Refusal::of(code::WEBHOOK_MALFORMED, detail);
    if body.len() > WEBHOOK_BYTES_MAX {
        return Err(Refusal::of(code::LIMIT_WEBHOOK, format!("{} bytes", body.len())));
    }
    let payload: Value = serde_json::from_slice(body).map_err(|_| malformed("it is no JSON"))?;
    let topic = payload.get("type").and_then(Value::as_str).unwrap_or_default();
    let plain = topic.bytes().all(|b| b.is_ascii_graphic());
    if topic.is_empty() || topic.len() > WEBHOOK_TOPIC_BYTES_MAX || !plain {
        return Err(malformed("a type of 1 to 128 plain characters is expected"));
    }
    let call = match payload.get("call") {
        None | Some(Value::Null) => None,
        Some(Value::String(call)) => Some(call.clone()),
        Some(_) => return Err(malformed("call is a text")),
    };
    Ok(Webhook { topic: topic.to_owned(), call, body: Bytes(body.to_vec()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_has_a_type_and_perhaps_a_call() {
        let read_text = |text: &str| read(text.as_bytes()).map_err(|refusal| refusal.code);
        assert_eq!(read_text(r#"{"type":"slot.cancelled"}"#).unwrap().call, None);
        let named = read_text(r#"{"type":"slot.cancelled","call":"C1","data":[]}"#).unwrap();
        assert_eq!((named.topic.as_str(), named.call), ("slot.cancelled", Some("C1".to_owned())));
        for text in
            ["", "[]", "{}", "7", r#"{"type":""}"#, r#"{"type":7}"#, r#"{"type":"a b"}"#, r#"{"type":"a","call":7}"#]
        {
            assert_eq!(read_text(text).unwrap_err(), "webhook.malformed", "{text}");
        }
        let long = |n: usize| format!(r#"{{"type":"{}"}}"#, "t".repeat(n));
        assert!(
            read_text(&long(WEBHOOK_TOPIC_BYTES_MAX)).is_ok() && read_text(&long(WEBHOOK_TOPIC_BYTES_MAX + 1)).is_err()
        );
        let short = r#"{"type":"a"}"#;
        let padded = |bytes: usize| format!("{short}{}", " ".repeat(bytes - short.len()));
        assert!(read_text(&padded(WEBHOOK_BYTES_MAX)).is_ok());
        assert_eq!(read_text(&padded(WEBHOOK_BYTES_MAX + 1)).unwrap_err(), "limit.webhook");
    }
}

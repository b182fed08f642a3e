//! What a program asks for, checked; and what is sent, with the secure fields' values put in.

use crate::bytes::Bytes;
use crate::code;
use crate::limits::{PARTNER_KEY_BYTES_MAX, PARTNER_PATH_BYTES_MAX, PARTNER_REQUEST_BYTES_MAX, PARTNER_SEALED_MAX};
use crate::refusal::{Refusal, refuse};
use crate::secure_field::FieldKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The contract's `request`, as a program makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub endpoint: String,
    pub method: String,
    pub path: String,
    pub body: Bytes,
    pub sealed: Vec<SealedName>,
    pub key: String,
}

/// A place in the body, and the ticket of the field whose value goes there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedName {
    /// A member of the body, or a JSON pointer such as `/patient/identity`.
    pub name: String,
    pub ticket: String,
}

/// What is sent. Kept sealed: it may tell of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub method: String,
    pub path: String,
    pub body: Bytes,
    pub values: Vec<SealedValue>,
}

/// A value that the host read, and where it goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedValue {
    pub name: String,
    pub kind: FieldKind,
    pub value: String,
}

impl fmt::Debug for SealedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:?}", self.kind.as_str(), self.name)
    }
}

/// Checks what doesn't depend on anything but the request itself. Whether its path can be part of a URL is seen once
/// more when it is put below the endpoint's own.
pub fn check(request: &Request) -> Result<(), Refusal> {
    if !METHODS.contains(&request.method.as_str()) {
        return refuse(code::PARTNER_METHOD, format!("{:?} is none of {METHODS:?}", request.method));
    }
    let is_plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'#' | b'\\' | b'"' | b'<' | b'>');
    let path = request.path.as_str();
    let climbs = path.split(['/', '?']).any(|segment| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment == "." || segment == ".."
    });
    if !path.starts_with('/') || path.len() > PARTNER_PATH_BYTES_MAX || !path.bytes().all(is_plain) || climbs {
        return refuse(code::PARTNER_PATH, "a path begins with / and has neither spaces nor dots that climb");
    }
    if request.key.is_empty() || request.key.len() > PARTNER_KEY_BYTES_MAX {
        return refuse(code::PARTNER_KEY, format!("1 to {PARTNER_KEY_BYTES_MAX} bytes are expected"));
    }
    if request.body.0.len() > PARTNER_REQUEST_BYTES_MAX {
        return refuse(code::LIMIT_PARTNER_REQUEST, format!("{} bytes", request.body.0.len()));
    }
    if request.sealed.len() > PARTNER_SEALED_MAX {
        return refuse(code::LIMIT_PARTNER_SEALED, format!("{} fields", request.sealed.len()));
    }
    if matches!(request.method.as_str(), "GET" | "DELETE") && !(request.body.0.is_empty() && request.sealed.is_empty())
    {
        return refuse(code::PARTNER_BODY, format!("{} carries no body", request.method));
    }
    // A first run with nothing in the places shows whether each is there and free.
    let placeholder = |sealed: &SealedName| SealedValue {
        name: sealed.name.clone(),
        kind: FieldKind::OneTimeCode,
        value: String::new(),
    };
    whole(&request.body.0, &request.sealed.iter().map(placeholder).collect::<Vec<_>>()).map(drop)
}

/// The body as it is sent: each value at its place, which must be free.
fn whole(body: &[u8], values: &[SealedValue]) -> Result<Vec<u8>, Refusal> {
    if values.is_empty() {
        return Ok(body.to_vec());
    }
    let not_json = || Refusal::of(code::PARTNER_BODY, "with sealed fields the body is a JSON object");
    let mut document: Value = serde_json::from_slice(body).map_err(|_| not_json())?;
    if !document.is_object() {
        return Err(not_json());
    }
    for sealed in values {
        let no_place = || Refusal::of(code::PARTNER_BODY, format!("{:?} is no free place of the body", sealed.name));
        let (parent, member) = match sealed.name.strip_prefix('/') {
            Some(_) => sealed.name.rsplit_once('/').ok_or_else(no_place)?,
            None => ("", sealed.name.as_str()),
        };
        let parent = document.pointer_mut(parent).and_then(Value::as_object_mut).ok_or_else(no_place)?;
        let member = member.replace("~1", "/").replace("~0", "~");
        if member.is_empty() || parent.get(&member).is_some_and(|there| !there.is_null()) {
            return Err(no_place());
        }
        parent.insert(member, Value::String(sealed.value.clone()));
    }
    Ok(document.to_string().into_bytes())
}

impl Content {
    /// The body as it is sent.
    pub fn whole_body(&self) -> Result<Vec<u8>, Refusal> {
        whole(&self.body.0, &self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            endpoint: "hospital".to_owned(),
            method: "POST".to_owned(),
            path: "/slots/7?day=1".to_owned(),
            body: Bytes(br#"{"patient":{"name":"x"},"id":null}"#.to_vec()),
            sealed: Vec::new(),
            key: "visit-1".to_owned(),
        }
    }
    fn refused(change: impl FnOnce(&mut Request)) -> Option<String> {
        let mut request = request();
        change(&mut request);
        check(&request).err().map(|refusal| refusal.code)
    }
    fn sealed(names: &[&str]) -> Vec<SealedName> {
        names.iter().map(|name| SealedName { name: (*name).to_owned(), ticket: "T".to_owned() }).collect()
    }

    #[test]
    fn a_request_is_refused_by_its_own_rule() {
        assert_eq!(refused(|_| {}), None);
        for method in ["", "get", "HEAD", "CONNECT", "TRACE", "POST /x"] {
            assert_eq!(refused(|r| r.method = method.to_owned()).as_deref(), Some("partner.method"), "{method}");
        }
        for path in
            ["", "slots", "https://other.example/", "/a/../b", "/%2e%2E/b", "/a b", "/a\nb", "/a#b", "/a\\b", "/号"]
        {
            assert_eq!(refused(|r| r.path = path.to_owned()).as_deref(), Some("partner.path"), "{path}");
        }
        assert_eq!(refused(|r| r.path = "/".repeat(PARTNER_PATH_BYTES_MAX)), None);
        assert_eq!(refused(|r| r.path = "/".repeat(PARTNER_PATH_BYTES_MAX + 1)).as_deref(), Some("partner.path"));
        assert_eq!(refused(|r| r.key = String::new()).as_deref(), Some("partner.key"));
        assert_eq!(refused(|r| r.key = "k".repeat(PARTNER_KEY_BYTES_MAX)), None);
        assert_eq!(refused(|r| r.key = "k".repeat(PARTNER_KEY_BYTES_MAX + 1)).as_deref(), Some("partner.key"));
        assert_eq!(refused(|r| r.body.0 = vec![b'x'; PARTNER_REQUEST_BYTES_MAX]), None);
        let over = refused(|r| r.body.0 = vec![b'x'; PARTNER_REQUEST_BYTES_MAX + 1]);
        assert_eq!(over.as_deref(), Some("limit.partner-request"));
        assert_eq!(refused(|r| r.method = "GET".to_owned()).as_deref(), Some("partner.body"));
        assert_eq!(refused(|r| (r.method, r.body) = ("GET".to_owned(), Bytes::default())), None);
    }

    #[test]
    fn sealed_values_go_to_free_places_of_a_json_object_only() {
        for names in [&["identity"][..], &["id"], &["/patient/identity"], &["a", "/patient/b", "c"]] {
            assert_eq!(refused(|r| r.sealed = sealed(names)), None, "{names:?}");
        }
        for names in
            [&["patient"][..], &["/patient/name"], &["/patient/name/x"], &["/nobody/x"], &["a", "a"], &[""], &["/"]]
        {
            assert_eq!(refused(|r| r.sealed = sealed(names)).as_deref(), Some("partner.body"), "{names:?}");
        }
        for body in ["", "[]", "\"x\"", "{", "7"] {
            let refused = refused(|r| {
                r.body = Bytes(body.as_bytes().to_vec());
                r.sealed = sealed(&["x"]);
            });
            assert_eq!(refused.as_deref(), Some("partner.body"), "{body:?}");
        }
        let many: Vec<String> = (0..=PARTNER_SEALED_MAX).map(|n| format!("f{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(refused(|r| r.sealed = sealed(&many[1..])), None);
        assert_eq!(refused(|r| r.sealed = sealed(&many)).as_deref(), Some("limit.partner-sealed"));
    }

    #[test]
    fn the_whole_body_has_the_values_and_debug_has_not() {
        let value = SealedValue {
            name: "/patient/identity".to_owned(),
            kind: FieldKind::IdentityNumber,
            value: "11010519491231002X".to_owned(),
        };
        let content =
            Content { method: "POST".to_owned(), path: "/slots".to_owned(), body: request().body, values: vec![value] };
        let body: Value = serde_json::from_slice(&content.whole_body().unwrap()).unwrap();
        assert_eq!(body["patient"]["identity"], "11010519491231002X");
        assert!(!format!("{content:?}").contains("1101"), "{content:?}");
    }
}

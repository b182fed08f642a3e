//! Calls to the publisher's own systems, by the name of an endpoint of the manifest's `egress`.
//!
//! A call is sent once the step is committed. Its answer comes as [`crate::Event::Replied`], whose `call` is the id that
//! [`Call::send`] gave: with a status and a body, or with a code such as `partner.outcome-unknown`.

use crate::Refusal;
use crate::bindings::xitai::services::partner::Request;
use crate::host::partner as host;
use serde::Serialize;

/// A call that is being put together.
#[derive(Debug, Clone)]
#[must_use = "a call is made by `send`"]
pub struct Call {
    request: Request,
}

fn call(endpoint: &str, method: &str, path: &str, key: &str, body: Vec<u8>) -> Call {
    let text = |text: &str| text.to_owned();
    let (endpoint, method, path, key) = (text(endpoint), text(method), text(path), text(key));
    Call { request: Request { endpoint, method, path, body, sealed: Vec::new(), key } }
}

/// Asks for something. `key` is the program's own number: the same one again is the same call.
pub fn get(endpoint: &str, path: &str, key: &str) -> Call {
    call(endpoint, "GET", path, key, Vec::new())
}
/// Has something done, told in JSON.
pub fn post(endpoint: &str, path: &str, key: &str, body: &impl Serialize) -> Call {
    call(endpoint, "POST", path, key, serde_json::to_vec(body).expect("plain data are JSON"))
}

impl Call {
    /// With another method, such as `PUT`.
    pub fn method(mut self, method: &str) -> Self {
        self.request.method = method.to_owned();
        self
    }
    /// Has the host put the value of a secure field into the body: a member, or a JSON pointer such as
    /// `/patient/identity`. The program never sees it.
    pub fn sealed(mut self, name: &str, ticket: &str) -> Self {
        self.request.sealed.push((name.to_owned(), ticket.to_owned()));
        self
    }
    /// Makes the call. Gives its id.
    pub fn send(self) -> Result<String, Refusal> {
        host::call(&self.request)
    }
}

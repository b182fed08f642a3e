//! Public HTTP as one caller does it: blocking, keep-alive, with or without a token.

use serde_json::Value;
use std::io::Read;
use std::time::Duration;
use ureq::http::Request;

/// Somebody who calls the host.
#[derive(Clone)]
pub struct Caller {
    /// Such as `http://127.0.0.1:4711`.
    pub base: String,
    pub token: Option<String>,
    /// The token goes in the cookie that pages use.
    by_cookie: bool,
    agent: ureq::Agent,
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// No answer came: the host is away, or died while it worked.
#[derive(Debug)]
pub struct NoAnswer(pub String);

impl Caller {
    pub fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { base: base.to_owned(), token: None, by_cookie: false, agent: config.into() }
    }
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::new(&self.base) }
    }
    /// As a browser carries it.
    pub fn with_cookie(&self, token: &str) -> Self {
        Self { by_cookie: true, ..self.with_token(token) }
    }
    /// The same person at another host of the same bank.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    pub fn try_send(&self, method: &str, path: &str, content: &str, body: Vec<u8>) -> Result<Answer, NoAnswer> {
        self.try_send_with(method, path, content, body, &[])
    }
    fn try_send_with(
        &self,
        method: &str,
        path: &str,
        content: &str,
        body: Vec<u8>,
        more: &[(&str, &str)],
    ) -> Result<Answer, NoAnswer> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !content.is_empty() {
            request = request.header("content-type", content);
        }
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = match self.by_cookie {
                true => request.header("cookie", format!("xitai_token={token}")),
                false => request.header("authorization", format!("Bearer {token}")),
            };
        }
        let no_answer = |e: String| NoAnswer(format!("{method} {path}: {e}"));
        let request = request.body(body).map_err(|e| no_answer(e.to_string()))?;
        let mut response = self.agent.run(request).map_err(|e| no_answer(e.to_string()))?;
        let headers =
            response.headers().iter().map(|(n, v)| (n.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()));
        let headers = headers.collect();
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        let mut reader = response.body_mut().as_reader();
        reader.read_to_end(&mut bytes).map_err(|e| no_answer(e.to_string()))?;
        Ok(Answer { status, headers, body: bytes })
    }
    pub fn send(&self, method: &str, path: &str, content: &str, body: Vec<u8>) -> Answer {
        self.try_send(method, path, content, body).unwrap_or_else(|e| panic!("an answer: {}", e.0))
    }
    /// With further headers.
    pub fn send_with(
        &self,
        method: &str,
        path: &str,
        content: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.try_send_with(method, path, content, body, headers).unwrap_or_else(|e| panic!("an answer: {}", e.0))
    }
    pub fn try_post(&self, path: &str, body: &Value) -> Result<Answer, NoAnswer> {
        self.try_send("POST", path, "application/json", body.to_string().into_bytes())
    }
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, "application/json", body.to_string().into_bytes())
    }
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, "application/json", body.to_string().into_bytes())
    }
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", Vec::new())
    }
    pub fn try_get(&self, path: &str) -> Result<Answer, NoAnswer> {
        self.try_send("GET", path, "", Vec::new())
    }
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, "", Vec::new())
    }
    pub fn delete_with(&self, path: &str, body: &Value) -> Answer {
        let request = self.agent.delete(format!("{}{path}", self.base)).header("content-type", "application/json");
        let token = self.token.as_deref().unwrap_or_default();
        let request = request.header("authorization", format!("Bearer {token}")).force_send_body();
        let mut response = request.send(body.to_string()).expect("an answer");
        let headers =
            response.headers().iter().map(|(n, v)| (n.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()));
        let headers = headers.collect();
        let status = response.status().as_u16();
        Answer { status, headers, body: response.body_mut().read_to_vec().expect("a body") }
    }
    /// A response whose body is read while it comes.
    pub fn stream(&self, path: &str) -> ureq::BodyReader<'static> {
        let mut request = Request::builder().method("GET").uri(format!("{}{path}", self.base));
        request = request.header("accept", "text/event-stream");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = self.agent.run(request.body(()).expect("a request")).expect("a stream");
        assert_eq!(response.status().as_u16(), 200, "the stream opens");
        response.into_body().into_reader()
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("JSON ({e}), status {}: {}", self.status, self.text()))
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
    /// The JSON of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "a success, not {}: {}", self.status, self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }
    /// The stable code of a refusal.
    #[track_caller]
    pub fn code(&self) -> String {
        assert!(self.status >= 400, "a refusal, not {}: {}", self.status, self.text());
        self.json()["code"].as_str().unwrap_or_else(|| panic!("a code: {}", self.text())).to_owned()
    }
    /// A refusal in the form of RFC 9457 with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        for member in ["type", "title", "status", "code", "mend", "request_id"] {
            assert!(!problem[member].is_null(), "a problem has {member}: {problem}");
        }
        problem
    }
}

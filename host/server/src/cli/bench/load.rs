//! The load generator: keep-alive connections over loopback, each sending its next request when the last is answered.

use super::Told;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// One keep-alive connection.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    address: String,
}

impl Connection {
    pub async fn open(address: &str) -> Result<Self, Told> {
        let told = |e: &dyn std::fmt::Display| format!("{address}: {e}");
        let stream = TcpStream::connect(address).await.map_err(|e| told(&e))?;
        stream.set_nodelay(true).map_err(|e| told(&e))?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|e| told(&e))?;
        tokio::spawn(connection);
        Ok(Self { sender, address: address.to_owned() })
    }

    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Bytes), Told> {
        let told = |e: &dyn std::fmt::Display| format!("{path}: {e}");
        let mut request = Request::builder().method(method).uri(path).header("host", &self.address);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Full::from(body.to_string())
            }
            None => Full::default(),
        };
        let request = request.body(body).map_err(|e| told(&e))?;
        self.sender.ready().await.map_err(|e| told(&e))?;
        let answer = self.sender.send_request(request).await.map_err(|e| told(&e))?;
        let status = answer.status();
        let bytes = answer.into_body().collect().await.map_err(|e| told(&e))?.to_bytes();
        Ok((status, bytes))
    }

    /// Posts JSON; anything but a success ends the measurement, since a figure of refusals says nothing.
    pub async fn post(&mut self, path: &str, token: &str, body: &Value) -> Result<Value, Told> {
        let (status, bytes) = self.send(Method::POST, path, token, Some(body)).await?;
        if !status.is_success() {
            return Err(format!("{path}: {status} {}", String::from_utf8_lossy(&bytes)));
        }
        serde_json::from_slice(&bytes).map_err(|e| format!("{path}: {e}"))
    }
}

pub async fn is_ready(address: &str) -> bool {
    match Connection::open(address).await {
        Ok(mut connection) => {
            connection.send(Method::GET, "/readyz", "", None).await.is_ok_and(|(status, _)| status == StatusCode::OK)
        }
        Err(_) => false,
    }
}

/// One open session as its device sees it.
pub struct Session {
    pub id: String,
    pub token: String,
    client_seq: u64,
    pub position: u64,
}

impl Session {
    pub async fn open(connection: &mut Connection, token: &str, program: &str) -> Result<Self, Told> {
        let body = json!({"program": program, "channel": "phone", "branch": super::bank::BRANCH});
        let view = connection.post("/api/v1/sessions", token, &body).await?;
        let id = view["session"].as_str().ok_or("a session has an id")?.to_owned();
        Ok(Self { id, token: token.to_owned(), client_seq: 0, position: position(&view)? })
    }
    /// A session that the bank was seeded with.
    pub fn seeded(id: String, token: String) -> Self {
        Self { id, token, client_seq: 0, position: 1 }
    }
    pub async fn tap(&mut self, connection: &mut Connection, node: &str) -> Result<Value, Told> {
        let body = json!({
            "device": "bench", "client_seq": self.client_seq + 1, "seen": self.position,
            "event": {"type": "tapped", "id": node, "value": null},
        });
        let view = connection.post(&format!("/api/v1/sessions/{}/events", self.id), &self.token, &body).await?;
        self.client_seq += 1;
        self.position = position(&view)?;
        Ok(view)
    }
    pub async fn confirm(&mut self, connection: &mut Connection, ticket: &str, digest: &str) -> Result<Value, Told> {
        let body = json!({"device": "bench", "decision": "confirm", "digest": digest});
        let view =
            connection.post(&format!("/api/v1/sessions/{}/sheets/{ticket}", self.id), &self.token, &body).await?;
        self.position = position(&view)?;
        Ok(view)
    }
}

fn position(view: &Value) -> Result<u64, Told> {
    view["position"].as_u64().ok_or_else(|| format!("a view has a position: {view}"))
}

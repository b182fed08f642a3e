//! The load generator: keep-alive connections over loopback, each sending its next request when the last is answered.
//!
//! It shares the processors with the host that it measures, so that it does no more than a client must: it writes a
//! request as one piece, reads the answer that its length announces, and reads of the document what it acts on.

use super::Told;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One keep-alive connection.
pub struct Connection {
    stream: TcpStream,
    address: String,
    /// What was read: one answer, since none is sent before it is asked for.
    answer: Vec<u8>,
}

/// A status, and where in what was read the body lies.
struct Head {
    status: u16,
    body: std::ops::Range<usize>,
}

impl Connection {
    pub async fn open(address: &str) -> Result<Self, Told> {
        let told = |e: std::io::Error| format!("{address}: {e}");
        let stream = TcpStream::connect(address).await.map_err(told)?;
        stream.set_nodelay(true).map_err(told)?;
        Ok(Self { stream, address: address.to_owned(), answer: Vec::with_capacity(16 << 10) })
    }

    async fn ask(&mut self, request: String) -> Result<(u16, &[u8]), Told> {
        let told = |e: std::io::Error| format!("{}: {e}", self.address);
        self.stream.write_all(request.as_bytes()).await.map_err(told)?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await.map_err(told)? == 0 {
                return Err(format!("{}: the host has closed the connection", self.address));
            }
            if let Some(Head { status, body }) = head(&self.answer)?
                && self.answer.len() >= body.end
            {
                return Ok((status, &self.answer[body]));
            }
        }
    }

    /// Posts JSON; anything but a success ends the measurement, since a figure of refusals says nothing.
    pub async fn post<'a, T: Deserialize<'a>>(&'a mut self, path: &str, token: &str, body: &Value) -> Result<T, Told> {
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.address,
            body.len(),
        );
        let (status, bytes) = self.ask(request).await?;
        let told = |what: &dyn std::fmt::Display| format!("{path}: {what} {}", String::from_utf8_lossy(bytes));
        if !(200..300).contains(&status) {
            return Err(told(&status));
        }
        serde_json::from_slice(bytes).map_err(|e| told(&e))
    }
}

/// Reads as much of an answer as there is; nothing where its head is not whole.
fn head(answer: &[u8]) -> Result<Option<Head>, Told> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&answer[..end]).map_err(|e| format!("an answer's head: {e}"))?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let length = lines.filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok()).flatten()
    });
    match (status, length) {
        (Some(status), Some(length)) => Ok(Some(Head { status, body: end + 4..end + 4 + length })),
        _ => Err(format!("an answer without status or length: {text}")),
    }
}

pub async fn is_ready(address: &str) -> bool {
    let asked = async {
        let mut connection = Connection::open(address).await?;
        let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\n\r\n");
        connection.ask(request).await.map(|(status, _)| status == 200)
    };
    asked.await.unwrap_or(false)
}

/// What a client acts on of a session's view.
#[derive(Deserialize)]
pub struct View {
    session: String,
    position: u64,
    pub sheet: Option<Sheet>,
}

#[derive(Deserialize)]
pub struct Sheet {
    pub ticket: String,
    pub digest: String,
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
        let view: View = connection.post("/api/v1/sessions", token, &body).await?;
        Ok(Self { id: view.session, token: token.to_owned(), client_seq: 0, position: view.position })
    }
    /// A session that the bank was seeded with.
    pub fn seeded(id: String, token: String) -> Self {
        Self { id, token, client_seq: 0, position: 1 }
    }
    pub async fn tap(&mut self, connection: &mut Connection, node: &str) -> Result<View, Told> {
        let body = json!({
            "device": "bench", "client_seq": self.client_seq + 1, "seen": self.position,
            "event": {"type": "tapped", "id": node, "value": null},
        });
        let view: View = connection.post(&format!("/api/v1/sessions/{}/events", self.id), &self.token, &body).await?;
        self.client_seq += 1;
        self.position = view.position;
        Ok(view)
    }
    pub async fn confirm(&mut self, connection: &mut Connection, sheet: &Sheet) -> Result<View, Told> {
        let body = json!({"device": "bench", "decision": "confirm", "digest": sheet.digest});
        let path = format!("/api/v1/sessions/{}/sheets/{}", self.id, sheet.ticket);
        let view: View = connection.post(&path, &self.token, &body).await?;
        self.position = view.position;
        Ok(view)
    }
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn an_answer_is_whole_where_its_length_says_so() {
        assert!(head(b"HTTP/1.1 200 OK\r\ncontent-le").unwrap().is_none());
        let whole = head(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nx: y\r\n\r\n{}").unwrap().unwrap();
        assert_eq!((whole.status, whole.body.len()), (201, 2));
        assert!(head(b"HTTP/1.1 200 OK\r\nx: y\r\n\r\n").is_err());
    }
}

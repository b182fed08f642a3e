//! Server-sent events, as of one session, read by a thread of their own.

use crate::http::Caller;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// An open event stream. Its thread ends with the stream, at the latest with the host.
pub struct Stream {
    events: Receiver<(String, String)>,
}

impl Stream {
    pub fn open(caller: &Caller, session: &str) -> Self {
        Self::at(caller, &format!("/api/v1/sessions/{session}/stream"))
    }
    /// Another stream of the host's.
    pub fn at(caller: &Caller, path: &str) -> Self {
        let reader = caller.stream(path);
        let (send, events) = channel();
        std::thread::spawn(move || {
            let (mut name, mut data) = (String::new(), String::new());
            for line in BufReader::new(reader).lines() {
                let Ok(line) = line else { return };
                if let Some(text) = line.strip_prefix("event:") {
                    name = text.trim().to_owned();
                } else if let Some(text) = line.strip_prefix("data:") {
                    data.push_str(text.trim());
                } else if line.is_empty()
                    && !name.is_empty()
                    && send.send((std::mem::take(&mut name), std::mem::take(&mut data))).is_err()
                {
                    return;
                }
            }
        });
        Self { events }
    }
    /// The next event of the session, as `(event, data)`.
    pub fn next(&self, within: Duration) -> Option<(String, String)> {
        self.events.recv_timeout(within).ok()
    }
    /// Waits until the stream says that the session has moved to `position` or further.
    pub fn moved_to(&self, position: u64, within: Duration) -> Option<u64> {
        let deadline = std::time::Instant::now() + within;
        loop {
            let left = deadline.checked_duration_since(std::time::Instant::now())?;
            let (name, data) = self.next(left)?;
            let at = serde_json::from_str::<serde_json::Value>(&data).ok().and_then(|d| d["position"].as_u64());
            if name == "moved" && at >= Some(position) {
                return at;
            }
        }
    }
}

//! A collector of traces: takes what comes by OTLP over HTTP, and reads it.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use prost::Message;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A span as it came.
#[derive(Debug, Clone)]
pub struct Span {
    pub name: String,
    pub trace: String,
    pub id: String,
    /// Empty for a root.
    pub parent: String,
    pub attributes: BTreeMap<String, String>,
    /// What the host itself is called there.
    pub service: String,
    /// Lines of the log that came along.
    pub events: usize,
}

pub struct Collector {
    port: u16,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has free ports");
        let port = listener.local_addr().expect("it listens").port();
        let spans = Arc::new(Mutex::new(Vec::new()));
        let kept = spans.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                std::thread::spawn(move || serve(stream, &kept));
            }
        });
        Self { port, spans }
    }
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
    pub fn spans(&self) -> Vec<Span> {
        self.spans.lock().expect("no holder panics").clone()
    }
    /// Waits for a span of which something holds.
    #[track_caller]
    pub fn until(&self, what: &str, holds: impl Fn(&Span) -> bool) -> Span {
        crate::eventually(what, Duration::from_secs(30), || self.spans().into_iter().find(|span| holds(span)))
    }
    /// The span above another one.
    #[track_caller]
    pub fn parent(&self, of: &Span) -> Span {
        self.until(&format!("the span above {}", of.name), |span| span.id == of.parent && span.trace == of.trace)
    }
}

/// One connection: requests one after another, each answered once it was read whole.
fn serve(mut stream: TcpStream, kept: &Mutex<Vec<Span>>) {
    let (mut bytes, mut piece) = (Vec::new(), [0; 16_384]);
    loop {
        if let Some((head, body_at, length)) = head(&bytes)
            && bytes.len() >= body_at + length
        {
            assert!(head.starts_with("POST /v1/traces "), "{head}");
            assert!(head.to_lowercase().contains("content-type: application/x-protobuf"), "{head}");
            let told = ExportTraceServiceRequest::decode(&bytes[body_at..body_at + length]).expect("OTLP");
            kept.lock().expect("no holder panics").extend(read(told));
            bytes.drain(..body_at + length);
            if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").is_err() {
                return;
            }
            continue;
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
        }
    }
}

/// A request's head, where its body begins, and how long that is.
fn head(bytes: &[u8]) -> Option<(String, usize, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok()).flatten()
    });
    Some((text, end + 4, length.unwrap_or(0)))
}

fn read(told: ExportTraceServiceRequest) -> Vec<Span> {
    let mut spans = Vec::new();
    for resource in told.resource_spans {
        let about = resource.resource.map(|resource| attributes(resource.attributes)).unwrap_or_default();
        let service = about.get("service.name").cloned().unwrap_or_default();
        for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            let hex = |id: &[u8]| data_encoding::HEXLOWER.encode(id);
            spans.push(Span {
                name: span.name,
                trace: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                attributes: attributes(span.attributes),
                service: service.clone(),
                events: span.events.len(),
            });
        }
    }
    spans
}

fn attributes(all: Vec<KeyValue>) -> BTreeMap<String, String> {
    all.into_iter().map(|it| (it.key, it.value.map(text).unwrap_or_default())).collect()
}

fn text(value: AnyValue) -> String {
    match value.value {
        Some(Any::StringValue(text)) => text,
        Some(Any::BoolValue(it)) => it.to_string(),
        Some(Any::IntValue(it)) => it.to_string(),
        other => format!("{other:?}"),
    }
}

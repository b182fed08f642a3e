//! The only crate that calls other people's systems over HTTP.
//!
//! One request, one typed outcome. Whoever sends says where to, with which headers and which body; this crate sees to
//! it that nothing inside is reached and that nothing outside can hold it up:
//!
//! - Names are resolved here, each address is checked ([`address`]), and the connection goes to the address that was
//!   checked, so that a name can't answer differently a moment later.
//! - A redirect stays with the host that was reviewed, never leaves TLS, and is resolved and checked again ([`target`]).
//! - Connecting, the first byte and the whole have times of their own; headers and body have their size. Compressed
//!   answers are refused, so that none unpacks into more than it weighs.
//! - What went wrong says whether the other side may have got the request: that decides what may be told to people.

pub mod address;
mod connect;
mod exception;
mod fault;
pub mod signature;
pub mod target;

pub use connect::{Resolve, SystemResolver, read_roots};
pub use exception::Exception;
pub use fault::Fault;
pub use hyper::Method;
pub use target::Target;

use connect::Connector;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, HOST, LOCATION, RETRY_AFTER};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Request as HttpRequest, Response};
use rustls::pki_types::CertificateDer;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;
use xitai_model::limits;

/// Times and sizes of one request. The product has one set; tests have shorter ones.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Resolving, connecting and TLS, for each hop.
    pub connect: Duration,
    /// From the end of the request to the end of the answer's headers.
    pub first_byte: Duration,
    /// Everything, redirects included.
    pub whole: Duration,
    pub reply_bytes_max: usize,
    pub header_bytes_max: usize,
    pub redirects_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_millis(limits::PARTNER_CONNECT_MS_MAX),
            first_byte: Duration::from_millis(limits::PARTNER_FIRST_BYTE_MS_MAX),
            whole: Duration::from_millis(limits::PARTNER_WHOLE_MS_MAX),
            reply_bytes_max: limits::PARTNER_REPLY_BYTES_MAX,
            header_bytes_max: limits::PARTNER_REPLY_HEADER_BYTES_MAX,
            redirects_max: limits::PARTNER_REDIRECTS_MAX,
        }
    }
}

/// What is sent. Host, length and encoding are this crate's own.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub target: Target,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
}

impl Request {
    pub fn new(method: Method, target: Target) -> Self {
        Self { method, target, headers: Vec::new(), body: Bytes::new() }
    }
    /// Adds a header. A value with control characters is a fault of the caller, and is left out.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }
}

/// A whole answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Seconds to wait, where the answer names them.
    pub retry_after_s: Option<u32>,
    pub body: Vec<u8>,
}

/// Sends requests. Clones share everything.
#[derive(Clone)]
pub struct Egress {
    connector: Arc<Connector>,
    limits: Limits,
}

impl Egress {
    /// `roots` are certificates of authorities beside the public ones, such as a bank's own.
    pub fn new(exceptions: Vec<Exception>, roots: Vec<CertificateDer<'static>>) -> Result<Self, rustls::Error> {
        Self::with(Arc::new(SystemResolver), exceptions, roots, Limits::default())
    }

    pub fn with(
        resolver: Arc<dyn Resolve>,
        exceptions: Vec<Exception>,
        roots: Vec<CertificateDer<'static>>,
        limits: Limits,
    ) -> Result<Self, rustls::Error> {
        Ok(Self { connector: Arc::new(Connector::new(resolver, exceptions, roots)?), limits })
    }

    /// Whether requests to this target could go out at all: what a reviewer wants to know before anything is sent.
    pub fn may_reach(&self, target: &Target) -> Result<(), Fault> {
        self.connector.check_target(target)
    }

    /// Sends one request and reads its whole answer.
    pub async fn send(&self, request: &Request) -> Result<Reply, Fault> {
        let sent = AtomicBool::new(false);
        match timeout(self.limits.whole, self.follow(request, &sent)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Fault::Slow { may_have_arrived: sent.load(Ordering::Relaxed) }),
        }
    }

    async fn follow(&self, request: &Request, sent: &AtomicBool) -> Result<Reply, Fault> {
        let mut target = request.target.clone();
        for hop in 0..=self.limits.redirects_max {
            let (response, _open) = self.exchange(request, &target, sent).await?;
            let status = response.status().as_u16();
            if !target::is_redirect(status, &request.method) {
                return self.reply(response).await;
            }
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let location = location.ok_or(Fault::Redirect("it names no place".to_owned()))?;
            target = target.redirected(location).map_err(Fault::Redirect)?;
            tracing::debug!(hop, host = target.host(), "a partner redirects");
        }
        Err(Fault::Redirect("there are too many".to_owned()))
    }

    /// One request on a connection of its own.
    async fn exchange(
        &self,
        request: &Request,
        target: &Target,
        sent: &AtomicBool,
    ) -> Result<(Response<Incoming>, Open), Fault> {
        let connected = timeout(self.limits.connect, self.connector.connect(target)).await;
        let stream = connected.map_err(|_| Fault::Unreachable("no connection in time".to_owned()))??;
        let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
            .max_buf_size(self.limits.header_bytes_max)
            .max_headers(limits::PARTNER_REPLY_HEADERS_MAX)
            .handshake::<_, Full<Bytes>>(stream)
            .await
            .map_err(|error| Fault::Unreachable(error.to_string()))?;
        let open = Open(tokio::spawn(async move {
            // What becomes of the connection is told to whoever waits for the answer.
            let _ = connection.await;
        }));
        let message = message(request, target).map_err(|error| Fault::Forbidden(error.to_string()))?;
        sent.store(true, Ordering::Relaxed);
        match timeout(self.limits.first_byte, sender.send_request(message)).await {
            Ok(Ok(response)) => Ok((response, open)),
            Ok(Err(error)) if error.is_parse_too_large() => Err(Fault::TooLarge),
            Ok(Err(error)) => Err(Fault::Broken(error.to_string())),
            Err(_) => Err(Fault::Silent),
        }
    }

    async fn reply(&self, response: Response<Incoming>) -> Result<Reply, Fault> {
        let (head, mut body) = response.into_parts();
        if head.status.is_informational() {
            return Err(Fault::Broken(format!("status {}", head.status.as_u16())));
        }
        if head.headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Err(Fault::Encoded);
        }
        if length_of(&head.headers).is_some_and(|length| length > self.limits.reply_bytes_max as u64) {
            return Err(Fault::TooLarge);
        }
        let mut read = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Fault::Broken(error.to_string()))?;
            let Ok(data) = frame.into_data() else { continue };
            if read.len() + data.len() > self.limits.reply_bytes_max {
                return Err(Fault::TooLarge);
            }
            read.extend_from_slice(&data);
        }
        let retry_after_s = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Ok(Reply { status: head.status.as_u16(), retry_after_s, body: read })
    }
}

/// Ends the connection's task with its request.
struct Open(tokio::task::JoinHandle<()>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn message(request: &Request, target: &Target) -> Result<HttpRequest<Full<Bytes>>, hyper::http::Error> {
    let mut message = HttpRequest::builder()
        .method(request.method.clone())
        .uri(target.path_and_query())
        .header(HOST, target.authority());
    for (name, value) in &request.headers {
        message = message.header(name, value);
    }
    message
        .header(ACCEPT_ENCODING, "identity")
        .header(CONNECTION, "close")
        .header("user-agent", concat!("xitai/", env!("CARGO_PKG_VERSION")))
        .body(Full::new(request.body.clone()))
}

fn length_of(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

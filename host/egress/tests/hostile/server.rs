//! A server on loopback that answers each connection by a script of its own, byte by byte.

use futures::future::BoxFuture;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use xitai_egress::{Egress, Limits, Method, Request, Resolve, Target};

pub struct Server {
    pub at: SocketAddr,
    /// Requests as they came, head and body.
    pub got: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Gives each connection, once its request is read, to `script` with its number.
    pub async fn start<F>(script: F) -> Self
    where
        F: Fn(usize, TcpStream) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let got = Arc::new(Mutex::new(Vec::new()));
        let (kept, script, next) = (got.clone(), Arc::new(script), AtomicUsize::new(0));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (kept, script, number) = (kept.clone(), script.clone(), next.fetch_add(1, Ordering::Relaxed));
                tokio::spawn(async move {
                    let request = read_request(&mut stream).await;
                    kept.lock().unwrap().push(request);
                    script(number, stream).await;
                });
            }
        });
        Self { at, got }
    }

    /// One that says the same to everybody.
    pub async fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<[u8]> = answer.into().into();
        Self::start(move |_, mut stream| {
            let answer = answer.clone();
            Box::pin(async move {
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            })
        })
        .await
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://partner.test:{}{path}", self.at.port())
    }
    pub fn requests(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }
}

pub async fn read_request(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut read = Vec::new();
    let mut piece = [0; 4_096];
    loop {
        let count = stream.read(&mut piece).await.unwrap_or(0);
        read.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        if count == 0 {
            return text;
        }
    }
}

/// Names of the tests, whatever the machine's resolver says.
pub struct Names(pub fn(&str, usize) -> Vec<&'static str>, pub AtomicUsize);

impl Resolve for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        let asked = self.1.fetch_add(1, Ordering::Relaxed);
        let addresses = (self.0)(host, asked).into_iter().map(|text| text.parse().unwrap()).collect();
        Box::pin(async move { Ok(addresses) })
    }
}

/// Short times, small sizes, and `partner.test` on loopback.
pub fn egress() -> Egress {
    egress_with(|_, _| vec!["127.0.0.1"], &["http://partner.test=127.0.0.1/32"])
}

pub fn egress_with(names: fn(&str, usize) -> Vec<&'static str>, exceptions: &[&str]) -> Egress {
    let exceptions = exceptions.iter().map(|text| text.parse().unwrap()).collect();
    Egress::with(Arc::new(Names(names, AtomicUsize::new(0))), exceptions, Vec::new(), limits()).unwrap()
}

pub fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(5),
        first_byte: Duration::from_millis(500),
        whole: Duration::from_millis(1_500),
        reply_bytes_max: 1_000,
        header_bytes_max: 8_192,
        redirects_max: 2,
    }
}

pub fn post(url: &str) -> Request {
    Request::new(Method::POST, Target::parse(url).unwrap()).header("webhook-id", "msg_1").body("{\"slot\":7}")
}

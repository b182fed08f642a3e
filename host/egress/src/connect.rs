//! A connection to exactly an address that was checked.

use crate::address::not_public;
use crate::exception::Exception;
use crate::fault::Fault;
use crate::target::Target;
use futures::future::BoxFuture;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Addresses of a name that are tried, in the resolver's order.
const ADDRESSES_MAX: usize = 4;

/// Where names become addresses.
pub trait Resolve: Send + Sync {
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The machine's own resolver.
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|at| at.ip()).collect()) })
    }
}

pub(crate) struct Connector {
    resolver: Arc<dyn Resolve>,
    exceptions: Vec<Exception>,
    tls: TlsConnector,
}

impl Connector {
    pub(crate) fn new(
        resolver: Arc<dyn Resolve>,
        exceptions: Vec<Exception>,
        roots: Vec<CertificateDer<'static>>,
    ) -> Result<Self, rustls::Error> {
        let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for root in roots {
            store.add(root)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(store)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { resolver, exceptions, tls: TlsConnector::from(Arc::new(tls)) })
    }

    /// What can be said about a target without asking anybody.
    pub(crate) fn check_target(&self, target: &Target) -> Result<(), Fault> {
        if !target.is_secure() && !self.exceptions.iter().any(|exception| exception.allows_clear_text(target)) {
            return Err(Fault::Forbidden("partners are asked over https".to_owned()));
        }
        target.address().map_or(Ok(()), |address| self.check_address(target, address))
    }

    fn check_address(&self, target: &Target, address: IpAddr) -> Result<(), Fault> {
        match not_public(address) {
            Some(_) if self.exceptions.iter().any(|exception| exception.covers(target, address)) => Ok(()),
            Some(what) => Err(Fault::Forbidden(format!("{} is at {address}: {what}", target.host()))),
            None => Ok(()),
        }
    }

    /// The addresses of a target. A name with one address inside is refused whole: nobody honest has one.
    async fn addresses(&self, target: &Target) -> Result<Vec<IpAddr>, Fault> {
        let addresses = match target.address() {
            Some(address) => vec![address],
            None => {
                let resolved = self.resolver.resolve(target.host()).await;
                resolved.map_err(|error| Fault::Unresolved(error.to_string()))?
            }
        };
        addresses.iter().try_for_each(|address| self.check_address(target, *address))?;
        Ok(addresses)
    }

    pub(crate) async fn connect(&self, target: &Target) -> Result<TokioIo<Stream>, Fault> {
        self.check_target(target)?;
        let mut fault = Fault::Unresolved("the name has no address".to_owned());
        for address in self.addresses(target).await?.into_iter().take(ADDRESSES_MAX) {
            match TcpStream::connect(SocketAddr::new(address, target.port())).await {
                Ok(stream) => return self.secured(target, stream).await.map(TokioIo::new),
                Err(error) => fault = Fault::Unreachable(error.to_string()),
            }
        }
        Err(fault)
    }

    async fn secured(&self, target: &Target, stream: TcpStream) -> Result<Stream, Fault> {
        // Small requests must not wait for each other's acknowledgement; without it they are only slower.
        let _ = stream.set_nodelay(true);
        if !target.is_secure() {
            return Ok(Stream::Clear(stream));
        }
        let name = ServerName::try_from(target.host().to_owned())
            .map_err(|_| Fault::Forbidden(format!("{:?} is no name for a certificate", target.host())))?;
        let secured = self.tls.connect(name, stream).await.map_err(|error| Fault::Untrusted(error.to_string()))?;
        Ok(Stream::Secured(Box::new(secured)))
    }
}

/// With or without TLS.
pub(crate) enum Stream {
    Clear(TcpStream),
    Secured(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Clear(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Secured(stream) => Pin::new(stream.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Clear(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Secured(stream) => Pin::new(stream.as_mut()).poll_write(cx, bytes),
        }
    }
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Clear(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Secured(stream) => Pin::new(stream.as_mut()).poll_flush(cx),
        }
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Clear(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Secured(stream) => Pin::new(stream.as_mut()).poll_shutdown(cx),
        }
    }
}

/// Certificates of authorities in a PEM file, such as a bank's own.
pub fn read_roots(path: &std::path::Path) -> Result<Vec<CertificateDer<'static>>, String> {
    use rustls::pki_types::pem::PemObject;
    let told = |error: rustls::pki_types::pem::Error| format!("{}: {error}", path.display());
    let roots = CertificateDer::pem_file_iter(path).map_err(told)?.collect::<Result<Vec<_>, _>>().map_err(told)?;
    if roots.is_empty() { Err(format!("{}: there is no certificate in it", path.display())) } else { Ok(roots) }
}

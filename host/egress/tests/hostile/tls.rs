//! TLS: only a certificate of a known authority, for the name that was asked.

use crate::server::{Names, limits, post, read_request};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use xitai_egress::{Egress, Fault};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }
    fn root(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }
    /// A server for a name, and the port that it listens on.
    async fn serve(&self, name: &str) -> u16 {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &self.0).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    read_request(&mut stream).await;
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        port
    }
}

fn egress(roots: Vec<CertificateDer<'static>>) -> Egress {
    let names = Arc::new(Names(|_, _| vec!["127.0.0.1"], AtomicUsize::new(0)));
    Egress::with(names, vec!["partner.test=127.0.0.1/32".parse().unwrap()], roots, limits()).unwrap()
}

#[tokio::test]
async fn a_known_authoritys_certificate_for_the_name_is_believed_and_no_other() {
    let authority = Authority::new();
    let (right, wrong) = (authority.serve("partner.test").await, authority.serve("other.test").await);
    let trusting = egress(vec![authority.root()]);
    let reply = trusting.send(&post(&format!("https://partner.test:{right}/"))).await.unwrap();
    assert_eq!(reply.body, b"ok");
    for (egress, port) in
        [(trusting, wrong), (egress(Vec::new()), right), (egress(vec![Authority::new().root()]), right)]
    {
        let fault = egress.send(&post(&format!("https://partner.test:{port}/"))).await.unwrap_err();
        assert!(matches!(fault, Fault::Untrusted(_)) && !fault.may_have_arrived(), "{fault}");
    }
}

//! Ways to make us ask something inside.

use crate::server::{Server, egress, egress_with, post};
use xitai_egress::Fault;

#[tokio::test]
async fn redirects_inward_are_not_followed() {
    let inner = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret").await;
    for location in [
        format!("http://127.0.0.1:{}/", inner.at.port()),
        format!("http://localhost:{}/", inner.at.port()),
        format!("http://partner.test:{}/", inner.at.port()),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[::1]/".to_owned(),
        "//inner.test/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "slots".to_owned(),
    ] {
        let answer = format!("HTTP/1.1 307 Elsewhere\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        let fault = egress().send(&post(&Server::saying(answer).await.url("/"))).await.unwrap_err();
        assert!(matches!(fault, Fault::Redirect(_)), "{location}: {fault}");
    }
    let nowhere = Server::saying("HTTP/1.1 308 Elsewhere\r\ncontent-length: 0\r\n\r\n").await;
    assert!(matches!(egress().send(&post(&nowhere.url("/"))).await, Err(Fault::Redirect(_))));
    assert_eq!(inner.requests().len(), 0);
}

#[tokio::test]
async fn redirects_within_the_host_carry_the_request_and_end() {
    let moved = Server::start(|number, mut stream| {
        Box::pin(async move {
            let answer: &[u8] = match number {
                0 => b"HTTP/1.1 308 Moved\r\nlocation: /v2\r\ncontent-length: 0\r\n\r\n",
                _ => b"HTTP/1.1 201 Made\r\ncontent-length: 0\r\n\r\n",
            };
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await;
        })
    })
    .await;
    assert_eq!(egress().send(&post(&moved.url("/v1"))).await.unwrap().status, 201);
    let requests = moved.requests();
    assert!(requests[1].starts_with("POST /v2 ") && requests[1].ends_with("{\"slot\":7}"), "{requests:?}");

    let circle = Server::saying("HTTP/1.1 307 Again\r\nlocation: /\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(egress().send(&post(&circle.url("/"))).await, Err(Fault::Redirect("there are too many".to_owned())));
    assert_eq!(circle.requests().len(), 3);
}

/// The name is at a public address when it is reviewed and inside when it is asked, or at both at once, or moves
/// between the first request and the redirect.
#[tokio::test]
async fn names_that_turn_inward_are_refused() {
    let inner = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for names in [
        (|_, _| vec!["127.0.0.1"]) as fn(&str, usize) -> Vec<&'static str>,
        |_, _| vec!["1.1.1.1", "127.0.0.1"],
        |_, _| vec!["169.254.169.254"],
        |_, _| vec!["::1"],
        |_, _| vec!["::ffff:127.0.0.1"],
        |_, _| vec!["64:ff9b::7f00:1"],
    ] {
        let egress = egress_with(names, &[]);
        let fault = egress.send(&post(&format!("https://partner.test:{}/", inner.at.port()))).await.unwrap_err();
        assert!(matches!(fault, Fault::Forbidden(_)) && !fault.may_have_arrived(), "{fault}");
    }
    let circle = Server::saying("HTTP/1.1 307 Again\r\nlocation: /\r\ncontent-length: 0\r\n\r\n").await;
    let rebound = egress_with(
        |_, asked| vec![if asked == 0 { "127.0.0.1" } else { "10.0.0.1" }],
        &["http://partner.test=127.0.0.1/32"],
    );
    let fault = rebound.send(&post(&circle.url("/"))).await.unwrap_err();
    assert!(matches!(&fault, Fault::Forbidden(why) if why.contains("10.0.0.1")), "{fault}");
    assert_eq!((inner.requests().len(), circle.requests().len()), (0, 1));
}

#[tokio::test]
async fn nothing_inside_is_asked_by_its_address_and_nothing_in_the_clear() {
    let inner = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let strict = egress_with(|_, _| vec!["127.0.0.1"], &[]);
    let port = inner.at.port();
    for url in [
        format!("https://127.0.0.1:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("http://1.1.1.1:{port}/"),
        format!("http://partner.test:{port}/"),
        "https://10.0.0.1/".to_owned(),
    ] {
        let fault = strict.send(&post(&url)).await.unwrap_err();
        assert!(matches!(fault, Fault::Forbidden(_)), "{url}: {fault}");
    }
    // An exception is for its own name, and only with http:// in front for clear text.
    let named = egress_with(|_, _| vec!["127.0.0.1"], &["partner.test=127.0.0.1/32", "http://other.test=127.0.0.1/32"]);
    for url in [inner.url("/"), format!("https://third.test:{port}/")] {
        let fault = named.send(&post(&url)).await.unwrap_err();
        assert!(matches!(fault, Fault::Forbidden(_)), "{url}: {fault}");
    }
    assert_eq!(inner.requests().len(), 0);
    assert_eq!(named.send(&post(&format!("http://other.test:{port}/"))).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_name_without_address_was_not_asked() {
    let fault = egress_with(|_, _| Vec::new(), &[]).send(&post("https://partner.test/")).await.unwrap_err();
    assert!(matches!(fault, Fault::Unresolved(_)) && !fault.may_have_arrived(), "{fault}");
}

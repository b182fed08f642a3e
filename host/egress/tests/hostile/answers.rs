//! Answers that hang, flood, drip and lie.

use crate::server::{Server, egress, limits, post};
use tokio::io::AsyncWriteExt;
use xitai_egress::{Fault, Method};

#[tokio::test]
async fn an_honest_answer_comes_whole() {
    let server = Server::saying("HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 4\r\n\r\nlate").await;
    let reply = egress().send(&post(&server.url("/v1/slots?day=1"))).await.unwrap();
    assert_eq!((reply.status, reply.retry_after_s, reply.body.as_slice()), (503, Some(7), b"late".as_slice()));
    let request = server.requests().remove(0);
    assert!(request.starts_with("POST /v1/slots?day=1 HTTP/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("host: partner.test:{}\r\n", server.at.port())), "{request}");
    assert!(
        request.contains("webhook-id: msg_1\r\n") && request.contains("accept-encoding: identity\r\n"),
        "{request}"
    );
    assert!(request.ends_with("\r\n\r\n{\"slot\":7}"), "{request}");

    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    assert_eq!(egress().send(&post(&Server::saying(chunked).await.url("/"))).await.unwrap().body, b"abcde");
}

#[tokio::test]
async fn who_hangs_is_left() {
    let silent = Server::start(|_, stream| {
        Box::pin(async move {
            let _held = stream;
            std::future::pending::<()>().await;
        })
    })
    .await;
    let fault = egress().send(&post(&silent.url("/"))).await.unwrap_err();
    assert_eq!(fault, Fault::Silent);
    assert!(fault.may_have_arrived(), "it has the request, whatever it does with it");
}

#[tokio::test]
async fn who_drips_is_left() {
    let dripping = Server::start(|_, mut stream| {
        Box::pin(async move {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n").await;
            while stream.write_all(b".").await.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        })
    })
    .await;
    let fault = egress().send(&post(&dripping.url("/"))).await.unwrap_err();
    assert_eq!(fault, Fault::Slow { may_have_arrived: true });

    let dripping_headers = Server::start(|_, mut stream| {
        Box::pin(async move {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx: ").await;
            while stream.write_all(b".").await.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        })
    })
    .await;
    assert_eq!(egress().send(&post(&dripping_headers.url("/"))).await.unwrap_err(), Fault::Silent);
}

#[tokio::test]
async fn who_floods_is_cut_off() {
    let most = limits().reply_bytes_max;
    let sized = |bytes: usize| format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n{}", "x".repeat(bytes));
    assert_eq!(egress().send(&post(&Server::saying(sized(most)).await.url("/"))).await.unwrap().body.len(), most);
    assert_eq!(egress().send(&post(&Server::saying(sized(most + 1)).await.url("/"))).await, Err(Fault::TooLarge));
    for head in ["", "transfer-encoding: chunked\r\n"] {
        let flood = Server::start(move |_, mut stream| {
            Box::pin(async move {
                let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes()).await;
                let piece = if head.is_empty() {
                    vec![b'x'; 4_096]
                } else {
                    [b"1000\r\n".as_slice(), &[b'x'; 4_096], b"\r\n"].concat()
                };
                while stream.write_all(&piece).await.is_ok() {}
            })
        })
        .await;
        assert_eq!(egress().send(&post(&flood.url("/"))).await, Err(Fault::TooLarge), "{head:?}");
    }
}

#[tokio::test]
async fn headers_without_end_are_cut_off() {
    let one_large = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(20_000));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(200));
    for answer in [one_large, many] {
        let fault = egress().send(&post(&Server::saying(answer).await.url("/"))).await.unwrap_err();
        assert_eq!(fault, Fault::TooLarge);
    }
    let endless = Server::start(|_, mut stream| {
        Box::pin(
            async move { while stream.write_all(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n").await.is_ok() {} },
        )
    })
    .await;
    let fault = egress().send(&post(&endless.url("/"))).await.unwrap_err();
    assert!(matches!(fault, Fault::Silent | Fault::Slow { .. } | Fault::TooLarge), "{fault}");
}

#[tokio::test]
async fn who_lies_about_the_length_is_not_believed() {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nshort",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "",
    ] {
        let fault = egress().send(&post(&Server::saying(answer).await.url("/"))).await.unwrap_err();
        assert!(matches!(fault, Fault::Broken(_)) && fault.may_have_arrived(), "{answer:?}: {fault}");
    }
    let more = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n").await;
    assert_eq!(egress().send(&post(&more.url("/"))).await.unwrap().body, b"ok", "what comes after is nobody's");
}

#[tokio::test]
async fn what_is_compressed_is_not_unpacked() {
    for encoding in ["gzip", "br", "zstd", "deflate, gzip"] {
        let bomb = format!("HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: 3\r\n\r\nabc");
        assert_eq!(egress().send(&post(&Server::saying(bomb).await.url("/"))).await, Err(Fault::Encoded));
    }
}

#[tokio::test]
async fn a_closed_door_means_that_nothing_was_sent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let fault = egress().send(&post(&format!("http://partner.test:{port}/"))).await.unwrap_err();
    assert!(matches!(fault, Fault::Unreachable(_)) && !fault.may_have_arrived(), "{fault}");
}

#[tokio::test]
async fn no_method_turns_a_post_into_something_else() {
    let server = Server::saying("HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n").await;
    let reply = egress().send(&post(&server.url("/"))).await.unwrap();
    assert_eq!((reply.status, server.requests().len()), (302, 1), "an answer like any other");
    let mut get = post(&server.url("/"));
    get.method = Method::GET;
    assert_eq!(egress().send(&get).await, Err(Fault::Redirect("there are too many".to_owned())));
    assert_eq!(server.requests().len(), 4, "one, and the first of three hops");
}

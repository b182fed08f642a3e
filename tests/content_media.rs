//! Pictures are taken by what they are, encoded anew, and given out by handle alone.

use serde_json::json;
use std::time::Duration;
use xitai_tests::Bank;
use xitai_tests::content::{draft, text, version};

/// A PNG of 2 × 2 pixels, written here byte by byte: chunk by chunk with its CRC.
fn png(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    for (kind, body) in [(b"IHDR", header.as_slice()), (b"IDAT", data), (b"IEND", &[])] {
        bytes.extend((body.len() as u32).to_be_bytes());
        let chunk = [&kind[..], body].concat();
        bytes.extend(&chunk);
        bytes.extend(crc(&chunk).to_be_bytes());
    }
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        }
    }
    !crc
}

/// zlib with one stored block.
fn stored(raw: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in raw {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let length = raw.len() as u16;
    let mut bytes = vec![0x78, 0x01, 0x01];
    bytes.extend(length.to_le_bytes());
    bytes.extend((!length).to_le_bytes());
    bytes.extend(raw);
    bytes.extend((b << 16 | a).to_be_bytes());
    bytes
}

pub(crate) fn picture() -> Vec<u8> {
    png(2, 2, &stored(&[0, 200, 60, 40, 200, 60, 40, 0, 10, 90, 200, 10, 90, 200]))
}

#[test]
fn what_is_no_picture_or_more_than_one_is_refused() {
    let bank = Bank::start();
    let author = bank.staff("operator-qian");
    let with = |tail: &[u8]| [&picture()[..], tail].concat();
    let cases: &[(&str, Vec<u8>, u16, &str)] = &[
        (
            "SVG with a script",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(),
            415,
            "media.svg",
        ),
        ("HTML", b"<!doctype html><script>alert(1)</script>".to_vec(), 415, "media.type"),
        ("a program", b"MZ\x90\0".to_vec(), 415, "media.type"),
        ("a picture that is a page too", with(b"<script>alert(1)</script>"), 422, "media.hidden"),
        ("a picture that is a ZIP too", with(b"PK\x05\x06\0\0\0\0"), 422, "media.hidden"),
        ("60,000 by 60,000 pixels", png(60_000, 60_000, &stored(&[0; 64])), 413, "media.too-large"),
        ("fewer pixels than it says", png(64, 64, &stored(&[0; 64])), 422, "media.broken"),
        ("half a picture", picture()[..50].to_vec(), 422, "media.broken"),
        ("nothing", Vec::new(), 415, "media.type"),
    ];
    for (name, bytes, status, code) in cases {
        let answer = author.upload_picture(bytes);
        assert_eq!((answer.status, answer.code().as_str()), (*status, *code), "{name}: {}", answer.text());
    }
    let heavy = vec![0xff; xitai_model::limits::MEDIA_BYTES_MAX + 1];
    // The host answers without reading on; a client that goes on writing may find the line closed.
    if let Ok(answer) = author.caller.try_send("POST", "/api/v1/media", "image/png", heavy) {
        answer.refused(413, "request.too-large");
    }
    bank.customer("wang").caller.send("POST", "/api/v1/media", "image/png", picture()).refused(403, "auth.forbidden");
    // The host is none the worse for it.
    author.upload_picture(&picture()).ok();
}

#[test]
fn a_picture_is_seen_where_it_was_approved_and_as_a_picture_only() {
    let bank = Bank::start();
    let author = bank.staff("operator-qian");
    let kept = author.upload_picture(&with_comment()).ok();
    let (handle, address) = (text(&kept, "handle").to_owned(), text(&kept, "address").to_owned());
    assert_eq!(author.upload_picture(&with_comment()).ok()["handle"], handle, "the same picture is the same handle");
    let customer = bank.customer("wang").caller;
    assert_eq!(customer.get(&address).status, 404, "nobody has approved it");
    let mut with_picture = draft("有图");
    with_picture["image"] = json!(handle);
    let id = bank.publish_entry("article", &with_picture);
    let shown = customer.get(&address);
    assert_eq!((shown.status, shown.header("content-type")), (200, Some("image/jpeg")));
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    assert!(shown.header("content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'")));
    assert!(!shown.body.windows(6).any(|it| it == b"secret"), "what came with the upload is gone");
    bank.staff("duty-sun").take_down(&id, "x").ok();
    assert_eq!(customer.get(&address).status, 404);
    assert_eq!(bank.visitor().get(&address).status, 303, "to the sign-in");
    for handle in ["media:00", "../../etc/passwd", "asset:icon.svg"] {
        let mut bad = draft("坏图");
        bad["image"] = json!(handle);
        author.write("article", "suzhou", &bad).refused(422, "content.draft");
    }
}

/// A text chunk before the end, such as a camera's notes.
fn with_comment() -> Vec<u8> {
    let plain = picture();
    let at = plain.len() - 12;
    let chunk = b"tEXtComment\0secret";
    let mut bytes = plain[..at].to_vec();
    bytes.extend((chunk.len() as u32 - 4).to_be_bytes());
    bytes.extend(chunk);
    bytes.extend(crc(chunk).to_be_bytes());
    bytes.extend(&plain[at..]);
    bytes
}

#[test]
fn a_draft_survives_a_host_that_dies_before_its_check() {
    let mut bank = Bank::start();
    let author = bank.staff("operator-qian");
    let made = author.write("article", "suzhou", &draft("断电")).ok();
    let id = text(&made, "id").to_owned();
    author.put_forward(&id, 1).ok();
    bank.host().again();
    let author = bank.staff("operator-qian");
    xitai_tests::eventually("it is checked", Duration::from_secs(20), || {
        (version(&author.entry(&id).ok(), 1)["state"] == "review").then_some(())
    });
}

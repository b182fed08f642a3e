use super::*;

fn by(staff: &str) -> By {
    By { staff: StaffId::parse(staff).unwrap(), person: staff.to_owned() }
}
fn program(id: &str) -> ProgramId {
    ProgramId::parse(id).unwrap()
}
fn terms(origins: &[&str]) -> Terms {
    Terms {
        partner: PlaceId::parse("tea").unwrap(),
        origins: origins.iter().map(|text| Origin::parse(text).unwrap()).collect(),
        programs: [program("cn.bank.tea")].into(),
        purpose: "orders at the table".to_owned(),
    }
}
fn live(origins: &[&str]) -> Embed {
    let proposed = apply(&named("tea").unwrap(), Command::Propose(terms(origins)), &by("wu"), 1).unwrap();
    let digest = proposed.proposed.as_ref().unwrap().digest();
    apply(&proposed, Command::Decide(Verdict::Approve { digest }), &by("chen"), 2).unwrap()
}
fn told<T: fmt::Debug>(answer: Result<T, Refusal>) -> String {
    answer.unwrap_err().code
}

#[test]
fn an_origin_is_what_browsers_write() {
    for text in ["https://tea.example", "https://tea.example:8443", "http://localhost:4711", "http://127.0.0.1:80801"] {
        let fits = text != "http://127.0.0.1:80801";
        assert_eq!(Origin::parse(text).is_some(), fits, "{text}");
    }
    for text in [
        "",
        "tea.example",
        "http://tea.example",
        "https://Tea.example",
        "https://tea.example/",
        "https://tea.example/x",
        "https://*.tea.example",
        "https://tea.example:443",
        "https://tea.example:0",
        "https://tea.example:08",
        "https://user@tea.example",
        "https://tea..example",
        "https://-tea.example",
        "https://茶.example",
        "https://tea.example; frame-ancestors *",
        "null",
        "file://x",
    ] {
        assert_eq!(Origin::parse(text), None, "{text}");
    }
    assert!(Origin::parse(&format!("https://{}", "a".repeat(ORIGIN_BYTES_MAX - 8))).is_some());
    assert!(Origin::parse(&format!("https://{}", "a".repeat(ORIGIN_BYTES_MAX - 7))).is_none());
    let of = |address: &str| Origin::of_address(address).map(|origin| origin.0);
    assert_eq!(of("https://tea.example/a?b#c").as_deref(), Some("https://tea.example"));
    assert_eq!(of("https://tea.example").as_deref(), Some("https://tea.example"));
    assert_eq!(of("about:srcdoc"), None);
}

#[test]
fn two_people_register_a_page_and_one_takes_it_away() {
    let first = apply(&named("tea").unwrap(), Command::Propose(terms(&["https://a.example"])), &by("wu"), 1).unwrap();
    assert_eq!((first.standing(), first.live.is_some()), ("proposed", false));
    let digest = first.proposed.as_ref().unwrap().digest();
    let approve = |who: &str| apply(&first, Command::Decide(Verdict::Approve { digest: digest.clone() }), &by(who), 2);
    assert_eq!(told(approve("wu")), "proposal.own-work");
    let live = approve("chen").unwrap();
    assert_eq!((live.standing(), live.by.len(), live.since_ms), ("live", 2, 2));
    // A change waits while what was approved holds.
    let changing = apply(&live, Command::Propose(terms(&["https://b.example"])), &by("wu"), 3).unwrap();
    assert!(changing.is_waiting() && changing.live == live.live);
    assert_eq!(told(apply(&live, Command::Withdraw { note: " ".to_owned() }, &by("sun"), 4)), "embed.note");
    let gone = apply(&changing, Command::Withdraw { note: "breach".to_owned() }, &by("sun"), 4).unwrap();
    assert_eq!((gone.standing(), gone.live.is_some(), gone.proposed.is_some()), ("withdrawn", false, false));
    assert_eq!(told(apply(&gone, Command::Withdraw { note: "again".to_owned() }, &by("sun"), 5)), "embed.state");
    assert_eq!(told(gone.shows(&program("cn.bank.tea"))), "embed.origin");
    // What was taken away because its secret was stolen comes back with another, and without a day of both.
    let anew = apply(&gone, Command::Propose(terms(&["https://a.example"])), &by("wu"), 6).unwrap();
    assert_eq!((gone.secrets(6), anew.secrets(6)), (vec![1], vec![2]));
}

#[test]
fn terms_have_edges() {
    let propose = |terms: Terms| apply(&named("tea").unwrap(), Command::Propose(terms), &by("wu"), 1);
    let many = |count: usize| {
        let origins = (0..count).map(|n| Origin::parse(&format!("https://a{n}.example")).unwrap()).collect();
        Terms { origins, ..terms(&[]) }
    };
    assert!(propose(many(EMBED_ORIGINS_MAX)).is_ok());
    assert!(propose(many(0)).is_ok(), "a partner without a page");
    assert_eq!(told(propose(many(EMBED_ORIGINS_MAX + 1))), "embed.terms");
    let programs = |count: usize| {
        let programs = (0..count).map(|n| program(&format!("cn.bank.p{n}"))).collect();
        Terms { programs, ..terms(&[]) }
    };
    assert!(propose(programs(EMBED_PROGRAMS_MAX)).is_ok());
    for count in [0, EMBED_PROGRAMS_MAX + 1] {
        assert_eq!(told(propose(programs(count))), "embed.terms");
    }
    assert_eq!(told(propose(Terms { purpose: " ".to_owned(), ..terms(&[]) })), "embed.terms");
    assert_eq!(told(named("Tea House")), "embed.terms");
}

#[test]
fn a_launch_opens_what_was_signed_where_and_while_it_was_meant() {
    let embed = live(&["https://a.example"]);
    let launch = Launch {
        embed: "tea".to_owned(),
        origin: Origin::parse("https://a.example").unwrap(),
        program: program("cn.bank.tea"),
        page: None,
        query: Vec::new(),
        exp: 600,
    };
    assert!(launch.check(&embed, 0).is_ok());
    assert!(launch.check(&embed, 599_999).is_ok());
    assert_eq!(told(launch.check(&embed, 600_000)), "embed.launch", "over");
    let late = Launch { exp: EMBED_LAUNCH_MS_MAX / 1_000 + 1, ..launch.clone() };
    assert_eq!(told(late.check(&embed, 0)), "embed.launch", "for too long");
    for exp in [i64::MAX, i64::MIN] {
        assert_eq!(told(Launch { exp, ..launch.clone() }.check(&embed, 0)), "embed.launch");
    }
    assert_eq!(told(Launch { embed: "b".to_owned(), ..launch.clone() }.check(&embed, 0)), "embed.launch");
    assert_eq!(told(Launch { program: program("cn.bank.b"), ..launch.clone() }.check(&embed, 0)), "embed.program");
    let elsewhere = Origin::parse("https://b.example").unwrap();
    assert_eq!(told(Launch { origin: elsewhere, ..launch }.check(&embed, 0)), "embed.origin");
}

#[test]
fn a_signed_launch_has_two_parts() {
    let body = data_encoding::BASE64URL_NOPAD
        .encode(br#"{"embed":"tea","origin":"https://a.example","program":"cn.bank.tea","exp":9}"#);
    let text = format!("{body}.tag");
    let signed = Signed::parse(&text).unwrap();
    assert_eq!((signed.message(), signed.tag), (format!("xitai-embed.1.{body}"), "tag"));
    assert_eq!(signed.launch().unwrap().exp, 9);
    for wrong in ["", "a", "a.b.c", &"a".repeat(2 * EMBED_LAUNCH_QUERY_BYTES_MAX + 1)] {
        assert_eq!(Signed::parse(wrong), None, "{wrong}");
    }
    for wrong in ["x.y", "e30.y"] {
        assert_eq!(told(Signed::parse(wrong).unwrap().launch()), "embed.launch");
    }
}

#[test]
fn two_secrets_sign_while_the_partner_changes_over() {
    let embed = live(&[]);
    assert_eq!(embed.secrets(5), [1]);
    let rotated = apply(&embed, Command::Rotate, &by("wu"), 10).unwrap();
    assert_eq!(rotated.secrets(10 + SECRET_OVERLAP_MS - 1), [2, 1]);
    assert_eq!(rotated.secrets(10 + SECRET_OVERLAP_MS), [2]);
}

#[test]
fn a_partners_visitor_reaches_sessions_and_nothing_personal() {
    for (method, path) in
        [("POST", "/api/v1/sessions"), ("GET", "/app/media/{handle}"), ("GET", "/api/v1/sessions/{id}")]
    {
        assert!(reaches(method, path), "{method} {path}");
    }
    for (method, path) in [
        ("PUT", "/api/v1/sessions/{id}/secure-fields/{ticket}"),
        ("PUT", "/api/v1/sessions/{id}/handover"),
        ("PUT", "/api/v1/sessions/{id}/sheets/{ticket}/file"),
        ("GET", "/api/v1/me"),
        ("GET", "/app"),
        ("POST", "/app/continue"),
        ("POST", "/api/v1/handovers"),
        ("GET", "/api/v1/me/payments"),
    ] {
        assert!(!reaches(method, path), "{method} {path}");
    }
    assert_eq!(of_scopes(&[scope("tea")]), Some("tea"));
    assert_eq!(of_scopes(&["release.publish".to_owned()]), None);
}

use super::*;

#[test]
fn a_name_is_the_hosts_where_its_value_has_the_hosts_form() {
    let session = SessionId::new(1, [1; 10]);
    let token = "01ARZ3NDEKTSV4RRFFQ69G5FAV.1.7.AAAAAAAAAAAAAAAAAAAAAA";
    let query = format!("page=pages/a&lang=fa&practice=1&version=1.2.3&t={token}&via=search&from={session}");
    let said = Said::of(pairs(&query));
    let wanted = Said {
        page: Some("pages/a".to_owned()),
        code: Some(token.to_owned()),
        origin: Origin::Program,
        practice: true,
        version: Some("1.2.3".to_owned()),
        from: Some(session),
        query: Vec::new(),
    };
    assert_eq!(said, wanted);
    // Else it is the program's, as a second page is even where the first names none, and as it was written.
    let own = "page=&page=any&lang=any&practice=no&version=two&t=7&via=mail&from=here&x=%31+%E7%89%9B";
    let said = Said::of(pairs(own));
    let names = ["page", "lang", "practice", "version", "t", "via", "from", "x"];
    assert_eq!(said.query.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
    assert_eq!(said.query[7].1, "1 牛");
    assert_eq!(Said { query: Vec::new(), ..said }, Said::default());
    let said = Said::of(pairs("page=a&page=2#end"));
    assert_eq!((said.page.as_deref(), said.query), (Some("a"), vec![("page".to_owned(), "2".to_owned())]));
}

#[test]
fn a_page_s_own_query_is_the_programs() {
    let said = Said::of(pairs("page=pages/dish%3Fid=7%26via=search&id=8"));
    assert_eq!((said.page.as_deref(), said.origin), (Some("pages/dish"), Origin::default()));
    let wanted = [("id", "7"), ("via", "search"), ("id", "8")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(said.query, wanted);
    assert_eq!(parted(Some("pages/dish".to_owned())), (Some("pages/dish".to_owned()), Vec::new()));
    assert_eq!(parted(None), (None, Vec::new()));
}

#[test]
fn a_link_is_the_banks_with_its_origin_its_scheme_or_from_its_path_on() {
    let path = |text: &str| own_path("https://bank.example", text);
    let wanted = Some("/miniapp/cn.bank.tea/pages/index?table=7".to_owned());
    for before in ["https://bank.example/", "xitai://", "/", "  /"] {
        assert_eq!(path(&format!("{before}miniapp/cn.bank.tea/pages/index?table=7 ")), wanted, "{before}");
    }
    for other in [
        "https://evil.example/miniapp/cn.bank.tea",
        "https://bank.example.evil/miniapp/cn.bank.tea",
        "//evil.example/miniapp/cn.bank.tea",
        "miniapp/cn.bank.tea",
        "/miniapp/",
        "/miniapp/cn.bank.tea/\"onclick",
        "/app/me",
    ] {
        assert_eq!(path(other), None, "{other}");
    }
}

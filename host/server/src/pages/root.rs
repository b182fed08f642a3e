//! Addresses outside of the three sets of pages: the front door, assets, and public links into programs.

use super::{assets, see};
use crate::app::rate::RateClass;
use crate::http::extract::Path;
use crate::http::routes::{Access, Route, row};
use crate::render::web::query_escaped;
use axum::extract::RawQuery;
use axum::http::Method;
use axum::response::Response;
use xitai_model::journey::Origin;

pub fn routes() -> Vec<Route> {
    vec![
        row(Method::GET, "/", Access::Anyone, "page.front", front),
        row(Method::GET, "/assets/{name}", Access::Anyone, "page.asset", assets::serve).rate(RateClass::Free),
        row(Method::GET, "/miniapp/{id}", Access::Anyone, "page.link", entry),
        row(Method::GET, "/miniapp/{id}/{*page}", Access::Anyone, "page.link", link),
    ]
}

/// `GET /`
async fn front() -> Response {
    see("/app")
}

/// `GET /miniapp/{id}`: a program at its first page.
async fn entry(Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    see(&address(&id, "", query.as_deref()))
}

/// `GET /miniapp/{id}[;version=V]/{page}?…`: the public link of a page of a program.
async fn link(Path((id, page)): Path<(String, String)>, RawQuery(query): RawQuery) -> Response {
    see(&address(&id, &page, query.as_deref()))
}

/// Where a link leads, as W3C MiniApp Addressing has it: the id makes no difference between capitals, and a version may
/// stand behind it. What the link says otherwise is the program's.
fn address(id: &str, page: &str, query: Option<&str>) -> String {
    let (id, version) = id.split_once(";version=").map_or((id, None), |(id, version)| (id, Some(version)));
    let query = query.unwrap_or_default();
    let is_told = query.split('&').any(|pair| pair.strip_prefix("via=").is_some_and(|it| Origin::parse(it).is_some()));
    let mut parts = Vec::new();
    // Said even where there is none, when a `page` of the program's follows: the first is the host's.
    let names_page = !page.is_empty() || query.split('&').any(|pair| pair.starts_with("page="));
    parts.extend(names_page.then(|| format!("page={}", query_escaped(page))));
    parts.extend(version.map(|version| format!("version={}", query_escaped(version))));
    parts.extend((!query.is_empty()).then(|| query.to_owned()));
    parts.extend((!is_told).then(|| "via=link".to_owned()));
    format!("/app/open/{}?{}", query_escaped(&id.to_ascii_lowercase()), parts.join("&"))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_link_leads_to_its_page_whatever_else_it_says() {
        for (id, page, query, leads) in [
            ("cn.bank.a", "pages/index", None, "cn.bank.a?page=pages/index&via=link"),
            ("CN.Bank.A", "pages/index", Some("x=1"), "cn.bank.a?page=pages/index&x=1&via=link"),
            ("cn.bank.a;version=1.2.3", "", None, "cn.bank.a?version=1.2.3&via=link"),
            ("cn.bank.a", "p&t=1", Some("via=notice"), "cn.bank.a?page=p%26t%3D1&via=notice"),
            ("cn.bank.a", "", Some("page=2"), "cn.bank.a?page=&page=2&via=link"),
            ("cn.bank.a", "", Some("via=mail"), "cn.bank.a?via=mail&via=link"),
            ("a/../b?c", "", None, "a/../b%3Fc?via=link"),
        ] {
            assert_eq!(address(id, page, query), format!("/app/open/{leads}"), "{id} {page} {query:?}");
        }
    }
}

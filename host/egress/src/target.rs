//! Where a request goes: an absolute URL that can be read in one way only, and where a redirect may lead from it.

use hyper::Method;
use hyper::http::uri::{Authority, PathAndQuery, Scheme, Uri};
use std::net::IpAddr;
use std::str::FromStr;

const URL_BYTES_MAX: usize = 2_048;

/// `http` or `https`, a host, a port, a path with its query. No user, no fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    secure: bool,
    /// Lower case; an address of version 6 without its brackets.
    host: String,
    port: u16,
    authority: Authority,
    path: PathAndQuery,
}

impl Target {
    /// Reads a URL. The error says what is wrong with it, for whoever wrote it.
    pub fn parse(url: &str) -> Result<Self, String> {
        if url.len() > URL_BYTES_MAX {
            return Err(format!("a URL has at most {URL_BYTES_MAX} bytes"));
        }
        if url.contains('#') || url.bytes().any(|byte| byte.is_ascii_control() || byte == b' ' || byte == b'\\') {
            return Err("a URL has no fragment, space, backslash or control character".to_owned());
        }
        let uri = Uri::from_str(url).map_err(|error| error.to_string())?;
        let secure = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err("a URL begins with https://".to_owned()),
        };
        let authority = uri.authority().ok_or("a URL names a host")?;
        if authority.as_str().contains('@') {
            return Err("a URL carries no user and no password".to_owned());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        check_host(&host)?;
        let port = match authority.port() {
            Some(port) if port.as_u16() == 0 => return Err("0 is no port".to_owned()),
            Some(port) => port.as_u16(),
            // A port that is past all ports is none to the parser.
            None if authority.as_str().rsplit(']').next().is_some_and(|rest| rest.contains(':')) => {
                return Err("its port is none".to_owned());
            }
            None if secure => 443,
            None => 80,
        };
        let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        check_path(path.path())?;
        Ok(Self { secure, host, port, authority: authority.clone(), path })
    }

    pub fn is_secure(&self) -> bool {
        self.secure
    }
    pub fn host(&self) -> &str {
        &self.host
    }
    pub fn port(&self) -> u16 {
        self.port
    }
    /// The host where it is written as an address.
    pub fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
    /// As a URL again.
    pub fn url(&self) -> String {
        format!("{}://{}{}", if self.secure { "https" } else { "http" }, self.authority, self.path)
    }
    pub(crate) fn authority(&self) -> &str {
        self.authority.as_str()
    }
    pub(crate) fn path_and_query(&self) -> PathAndQuery {
        self.path.clone()
    }

    /// A place below this one: `path` begins with a slash and is appended to the base's own path.
    pub fn below(&self, path: &str) -> Result<Self, String> {
        if !path.starts_with('/') {
            return Err("a path begins with a slash".to_owned());
        }
        if path.contains('#') || path.bytes().any(|byte| byte.is_ascii_control() || byte == b' ' || byte == b'\\') {
            return Err("a path has no fragment, space, backslash or control character".to_owned());
        }
        let whole = format!("{}{path}", self.path.path().trim_end_matches('/'));
        let path = PathAndQuery::from_str(&whole).map_err(|error| error.to_string())?;
        check_path(path.path())?;
        Ok(Self { path, ..self.clone() })
    }

    /// Where a redirect leads: within the same host, which is what was reviewed, and never out of TLS.
    pub fn redirected(&self, location: &str) -> Result<Self, String> {
        let next = if location.starts_with("//") {
            Self::parse(&format!("{}:{location}", if self.secure { "https" } else { "http" }))?
        } else if location.starts_with('/') {
            Self { path: PathAndQuery::from_static("/"), ..self.clone() }.below(location)?
        } else {
            Self::parse(location)?
        };
        if self.secure && !next.secure {
            return Err("it leads out of TLS".to_owned());
        }
        if next.host != self.host {
            return Err("it leads to another host".to_owned());
        }
        let upgrade = !self.secure && next.secure;
        if next.port != self.port && !upgrade {
            return Err("it leads to another port".to_owned());
        }
        Ok(next)
    }
}

/// Whether an answer sends the request elsewhere. Those that would turn a POST into a GET are answers like any other.
pub fn is_redirect(status: u16, method: &Method) -> bool {
    match status {
        307 | 308 => true,
        301..=303 => method == Method::GET || method == Method::HEAD,
        _ => false,
    }
}

/// Names that resolvers read as addresses in forms of their own (`127.1`, `0x7f000001`) are refused: what a reviewer
/// reads must be what is asked.
fn check_host(host: &str) -> Result<(), String> {
    if host.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if host.is_empty() || host.len() > 253 || !host.split('.').all(is_label) {
        return Err(format!("{host:?} is no host name"));
    }
    let last = host.rsplit('.').next().unwrap_or(host);
    if last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") {
        return Err(format!("{host:?} is neither a name nor an address"));
    }
    Ok(())
}

/// A path that climbs would leave the base that was reviewed.
fn check_path(path: &str) -> Result<(), String> {
    let climbs = path.split('/').any(|segment| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    });
    let hides = path.to_ascii_lowercase();
    if climbs || hides.contains("%2f") || hides.contains("%5c") || hides.contains("%00") {
        return Err("a path neither climbs nor hides a slash".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_url_is_read_in_one_way_or_not_at_all() {
        let target = Target::parse("https://API.Hospital.example/v1/").unwrap();
        assert_eq!((target.host(), target.port(), target.is_secure()), ("api.hospital.example", 443, true));
        assert_eq!(Target::parse("http://[::1]:8080").unwrap().address(), Some("::1".parse().unwrap()));
        for url in [
            "",
            "hospital.example",
            "/v1",
            "//hospital.example/",
            "ftp://hospital.example/",
            "file:///etc/passwd",
            "https://",
            "https:///v1",
            "https://user@hospital.example/",
            "https://a:b@hospital.example/",
            "https://hospital.example#@inner.example/",
            "https://hospital.example\\@inner.example/",
            "https://hospital.example /",
            "https://hospital.example:0/",
            "https://hospital.example:70000/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.0.0.1/",
            "https://017700000001/",
            "https://127.0.0.1.5/",
            "https://hospital..example/",
            "https://.example/",
            "https://医院.example/",
            "https://h%6fst.example/",
            "https://hospital.example/a/../b",
            "https://hospital.example/%2e%2e/b",
            "https://hospital.example/%2fb",
        ] {
            assert!(Target::parse(url).is_err(), "{url:?} is read");
        }
        assert!(Target::parse(&format!("https://hospital.example/{}", "a".repeat(2_100))).is_err());
    }

    #[test]
    fn a_path_stays_below_its_base() {
        let base = Target::parse("https://hospital.example/v1/").unwrap();
        assert_eq!(base.below("/slots?day=1").unwrap().path_and_query(), "/v1/slots?day=1");
        assert_eq!(Target::parse("https://hospital.example").unwrap().below("/").unwrap().path_and_query(), "/");
        for path in [
            "slots",
            "",
            "/../admin",
            "/./x",
            "/%2E%2e/admin",
            "/a%2F..%2fb",
            "/a#b",
            "/a b",
            "/a\\b",
            "/a\r\nb",
            "/%00",
        ] {
            assert!(base.below(path).is_err(), "{path:?} is taken");
        }
        assert_eq!(base.below("//inner.example/x").unwrap().host(), "hospital.example", "a path is never a host");
    }

    #[test]
    fn a_redirect_stays_with_its_host_and_never_leaves_tls() {
        let from = Target::parse("https://hospital.example/v1/slots").unwrap();
        assert_eq!(from.redirected("/v2/slots").unwrap().path_and_query(), "/v2/slots");
        assert_eq!(from.redirected("https://HOSPITAL.example/v2").unwrap().path_and_query(), "/v2");
        assert_eq!(from.redirected("//hospital.example/v2").unwrap().host(), "hospital.example");
        for location in [
            "http://hospital.example/v2",
            "https://inner.example/",
            "http://169.254.169.254/latest/meta-data/",
            "https://127.0.0.1/",
            "//inner.example/",
            "https://hospital.example:8443/",
            "slots",
            "../x",
            "",
            "gopher://hospital.example/",
            "/../x",
        ] {
            assert!(from.redirected(location).is_err(), "{location:?} is followed");
        }
        let clear = Target::parse("http://hospital.example/v1").unwrap();
        assert!(clear.redirected("https://hospital.example/v1").unwrap().is_secure(), "into TLS is always right");
        assert!(is_redirect(307, &Method::POST) && is_redirect(308, &Method::PUT) && is_redirect(302, &Method::GET));
        assert!(!is_redirect(302, &Method::POST) && !is_redirect(304, &Method::GET) && !is_redirect(200, &Method::GET));
    }

    proptest! {
        /// Whatever a path holds, it asks the same host and stays below the base.
        #[test]
        fn no_path_leaves_its_base(path in "/[ -~]{0,40}") {
            let base = Target::parse("https://hospital.example/v1").unwrap();
            if let Ok(target) = base.below(&path) {
                prop_assert_eq!(target.host(), "hospital.example");
                prop_assert!(target.path_and_query().as_str().starts_with("/v1/"), "{:?}", path);
            }
        }
    }
}

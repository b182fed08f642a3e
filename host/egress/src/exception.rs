//! Exceptions from the rule that only public addresses are asked: partners in the bank's own network, by name.

use crate::target::Target;
use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// One named partner inside, written `[http://]HOST[:PORT]=NETWORK`, such as `core.bank.example=10.20.0.0/16`. Only with
/// `http://` in front may it be asked without TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    host: String,
    port: Option<u16>,
    network: IpNet,
    clear_text: bool,
}

impl Exception {
    fn names(&self, target: &Target) -> bool {
        self.host == target.host() && self.port.is_none_or(|port| port == target.port())
    }
    /// Whether this target may be reached at this address.
    pub fn covers(&self, target: &Target, address: IpAddr) -> bool {
        self.names(target) && self.network.contains(&address)
    }
    /// Whether this target may be asked without TLS.
    pub fn allows_clear_text(&self, target: &Target) -> bool {
        self.clear_text && self.names(target)
    }
}

/// Why a text is no exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadException(String);

impl fmt::Display for BadException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no exception: [http://]HOST[:PORT]=NETWORK is expected", self.0)
    }
}
impl std::error::Error for BadException {}

impl FromStr for Exception {
    type Err = BadException;
    fn from_str(text: &str) -> Result<Self, BadException> {
        let bad = || BadException(text.to_owned());
        let (place, network) = text.split_once('=').ok_or_else(bad)?;
        let (clear_text, place) = match place.strip_prefix("http://") {
            Some(place) => (true, place),
            None => (false, place),
        };
        let target = Target::parse(&format!("https://{place}/")).map_err(|_| bad())?;
        let named_port =
            !place.ends_with(']') && place.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        Ok(Self {
            host: target.host().to_owned(),
            port: named_port.then(|| target.port()),
            network: network.parse().map_err(|_| bad())?,
            clear_text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_is_for_one_name_and_one_network() {
        let core: Exception = "core.bank.example=10.20.0.0/16".parse().unwrap();
        let at = |url: &str, address: &str| core.covers(&Target::parse(url).unwrap(), address.parse().unwrap());
        assert!(at("https://core.bank.example/x", "10.20.3.4"));
        assert!(at("https://core.bank.example:8443/x", "10.20.3.4"), "every port where none is named");
        assert!(!at("https://core.bank.example/x", "10.21.3.4"));
        assert!(!at("https://other.bank.example/x", "10.20.3.4"));
        assert!(!core.allows_clear_text(&Target::parse("https://core.bank.example/").unwrap()));

        let near: Exception = "http://127.0.0.1:9000=127.0.0.1/32".parse().unwrap();
        let target = Target::parse("http://127.0.0.1:9000/").unwrap();
        assert!(near.covers(&target, "127.0.0.1".parse().unwrap()) && near.allows_clear_text(&target));
        assert!(!near.covers(&Target::parse("http://127.0.0.1:9001/").unwrap(), "127.0.0.1".parse().unwrap()));
        let six: Exception = "http://[::1]:9000=::1/128".parse().unwrap();
        assert!(six.covers(&Target::parse("http://[::1]:9000/").unwrap(), "::1".parse().unwrap()));

        for text in ["", "core.bank.example", "=10.0.0.0/8", "core=10.0.0.0", "core=10.0.0.0/33", "a b=10.0.0.0/8"] {
            assert!(text.parse::<Exception>().is_err(), "{text:?}");
        }
    }
}

//! Why a request has no answer, and whether the other side may have got it.

use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Not a place that may be asked. Nothing was sent.
    Forbidden(String),
    /// The name has no address. Nothing was sent.
    Unresolved(String),
    /// No connection. Nothing was sent.
    Unreachable(String),
    /// Whoever answers has no certificate for the name. Nothing was sent.
    Untrusted(String),
    /// The request is out, and no answer began in time.
    Silent,
    /// The whole took too long.
    Slow { may_have_arrived: bool },
    /// The answer is no HTTP, or less than it said.
    Broken(String),
    /// Headers or body past their limit.
    TooLarge,
    /// A compressed answer, which nobody asked for.
    Encoded,
    /// A redirect that may not be followed. The one who redirects got the request.
    Redirect(String),
}

impl Fault {
    /// Whether the other side may have got the request. If not, nothing can have come of it.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Fault::Forbidden(_) | Fault::Unresolved(_) | Fault::Unreachable(_) | Fault::Untrusted(_) => false,
            Fault::Slow { may_have_arrived } => *may_have_arrived,
            Fault::Silent | Fault::Broken(_) | Fault::TooLarge | Fault::Encoded | Fault::Redirect(_) => true,
        }
    }

    /// A short stable name, for metrics and lists.
    pub fn name(&self) -> &'static str {
        match self {
            Fault::Forbidden(_) => "forbidden",
            Fault::Unresolved(_) => "unresolved",
            Fault::Unreachable(_) => "unreachable",
            Fault::Untrusted(_) => "untrusted",
            Fault::Silent => "silent",
            Fault::Slow { .. } => "slow",
            Fault::Broken(_) => "broken",
            Fault::TooLarge => "too-large",
            Fault::Encoded => "encoded",
            Fault::Redirect(_) => "redirect",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Forbidden(why)
            | Fault::Unresolved(why)
            | Fault::Unreachable(why)
            | Fault::Untrusted(why)
            | Fault::Broken(why)
            | Fault::Redirect(why) => write!(f, "{}: {why}", self.name()),
            Fault::Silent | Fault::Slow { .. } | Fault::TooLarge | Fault::Encoded => f.write_str(self.name()),
        }
    }
}

impl std::error::Error for Fault {}

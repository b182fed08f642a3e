//! A refusal reads as an error of Rust.

use crate::{Refusal, RefusalKind};

impl Refusal {
    /// Whether asking again later may help.
    pub fn is_passing(&self) -> bool {
        matches!(self.kind, RefusalKind::Busy | RefusalKind::Unavailable | RefusalKind::Limited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Failure;

    #[test]
    fn a_refusal_becomes_a_failure_under_its_own_code() {
        let refusal = Refusal {
            kind: RefusalKind::Limited,
            code: "limit.state".to_owned(),
            detail: "70,000 bytes".to_owned(),
            retry_after_ms: None,
        };
        assert!(refusal.is_passing());
        let failure = Failure::from(refusal);
        assert_eq!((failure.code.as_str(), failure.detail.as_str()), ("limit.state", "the host refused: 70,000 bytes"));
    }
}

//! The machine that looks at texts before people do, behind a port: a bank may have a service for it. The host's own
//! works without any, from a list of words and hosts, and finds personal data.

use crate::http::problem::Problem;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use xitai_model::content::check::{self, Rules};
use xitai_model::content::entry::Draft;
use xitai_model::release::Finding;

/// The check gave no answer; it is asked again later.
#[derive(Debug)]
pub struct Away(pub String);

pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Vec<Finding>, Away>> + Send + 'a>>;

pub trait ContentCheck: Send + Sync {
    /// Everything there is to find in a draft.
    fn draft<'a>(&'a self, draft: &'a Draft) -> Answer<'a>;
    /// The same for one text of a customer. `place` names it in the findings.
    fn text<'a>(&'a self, place: &'a str, text: &'a str) -> Answer<'a>;
}

/// The host's own.
pub struct ByRules(Rules);

impl ByRules {
    /// The rules of a file, or those that the binary carries.
    pub fn open(file: Option<&Path>) -> Result<Self, Problem> {
        let own = include_str!("../../rules/content.toml").to_owned();
        let told = |fault: &dyn std::fmt::Display| Problem::internal(format!("the rules for content: {fault}"));
        let text = file.map_or(Ok(own), std::fs::read_to_string).map_err(|fault| told(&fault))?;
        toml::from_str(&text).map(Self).map_err(|fault| told(&fault))
    }
}

impl ContentCheck for ByRules {
    fn draft<'a>(&'a self, draft: &'a Draft) -> Answer<'a> {
        Box::pin(async { Ok(check::scan(draft, &self.0)) })
    }
    fn text<'a>(&'a self, place: &'a str, text: &'a str) -> Answer<'a> {
        Box::pin(async move { Ok(check::scan_one(place, text, &self.0)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_rules_that_the_binary_carries_are_read() {
        let check = ByRules::open(None).unwrap();
        let found = check.text("text", "稳赚不赔，来 casino").await.unwrap();
        assert_eq!(found.len(), 2);
        assert!(check.text("text", "见 https://www.bank.example/fees").await.unwrap().is_empty());
    }
}

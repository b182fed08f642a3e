//! What a program asks of the app beside its screen: to say something in passing, or to go to another page, home, or to
//! another program.

use crate::app::launch_code::{Link, Said};
use crate::http::extract::pairs;
use xitai_model::chat::OPENS;
use xitai_model::ids::ProgramId;
use xitai_model::program::Effect;

/// Where an effect leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// A page of the same program.
    Page(String),
    /// The list of programs.
    Home,
}

/// The text of a toast: a sentence, which may be said.
pub(super) fn toast(effect: &Effect) -> Option<String> {
    text_of(effect, "toast", "text")
}

/// Where a program leads: the newest of its effects counts.
pub(super) fn of(effects: &[Effect]) -> Option<Leads> {
    effects.iter().rev().find_map(|effect| match effect.kind.as_str() {
        "close" => Some(Leads::Home),
        _ => text_of(effect, "open-page", "page").map(Leads::Page),
    })
}

fn text_of(effect: &Effect, kind: &str, name: &str) -> Option<String> {
    let said: serde_json::Value = serde_json::from_str(&effect.json).ok()?;
    let text = said.get(name)?.as_str()?.trim().to_owned();
    (effect.kind == kind && !text.is_empty()).then_some(text)
}

/// What a sheet opens that was agreed to.
pub(super) fn opened_by(then: &str) -> Option<Link> {
    let (program, query) = then.strip_prefix(OPENS)?.split_once('?')?;
    Some(Link { program: ProgramId::parse(program).ok()?, said: Said::of(pairs(query)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(kind: &str, json: &str) -> Effect {
        Effect { kind: kind.to_owned(), json: json.to_owned() }
    }

    #[test]
    fn the_newest_effect_that_leads_somewhere_counts() {
        let (toasts, closes) = (effect("toast", r#"{"text":" Ready "}"#), effect("close", "{}"));
        let page = effect("open-page", r#"{"page":"pages/orders"}"#);
        assert_eq!(of(&[closes.clone(), page.clone(), toasts.clone()]), Some(Leads::Page("pages/orders".to_owned())));
        assert_eq!(of(&[page, closes]), Some(Leads::Home));
        assert_eq!(of(&[toasts.clone(), effect("open-page", "{}"), effect("celebrate", "")]), None);
        assert_eq!(toast(&toasts).as_deref(), Some("Ready"));
        assert_eq!(toast(&effect("celebrate", r#"{"text":"x"}"#)), None);
    }

    #[test]
    fn a_sheet_opens_another_program_and_nothing_else() {
        let link = opened_by("/app/open/cn.bank.tea?page=pages/index&dish=%E7%89%9B").unwrap();
        assert_eq!((link.program.as_str(), link.said.page.as_deref()), ("cn.bank.tea", Some("pages/index")));
        assert_eq!(link.said.query, [("dish".to_owned(), "牛".to_owned())]);
        assert!(opened_by("/app/prints/M1").is_none() && opened_by("/app/open/..?page=x").is_none());
    }
}

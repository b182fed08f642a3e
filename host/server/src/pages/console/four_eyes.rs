//! What one person proposes and another decides: how it is shown, the second person's form, and what they said.

use super::desk::staff_name;
use crate::app::catalog::Catalog;
use crate::app::merchant;
use crate::http::problem::Problem;
use crate::pages::board::{Button, Facts, Field, Form, Posted};
use crate::render::web::calendar;
use crate::words::Words;
use xitai_model::digest::Digest;
use xitai_model::policy::Action;
use xitai_model::proposal::{Proposal, Verdict};

/// What waits, or was sent back.
pub fn proposed<T: serde::Serialize + Clone>(
    catalog: &Catalog,
    proposal: &Proposal<T>,
    what: String,
    words: &Words,
) -> Facts {
    let mut rows = vec![
        (words.say("proposal-what"), what),
        (words.say("proposal-by"), staff_name(catalog, &proposal.by.staff)),
        (words.say("time"), calendar::exact(words.zone(), proposal.at_ms)[..16].to_owned()),
    ];
    if let Some(returned) = &proposal.returned {
        let by = staff_name(catalog, &returned.by);
        rows.push((words.say("proposal-returned"), format!("{by} · {}", returned.note)));
    }
    Facts { title: words.say("proposal"), rows }
}

/// The second person's form on exactly what has this digest; `approve` is what approving is called there.
pub fn decide_form(action: impl Into<String>, text: String, approve: String, digest: &Digest, words: &Words) -> Form {
    Form {
        title: words.say("four-eyes"),
        text,
        action: action.into(),
        fields: vec![Field::hidden("digest", digest.to_string()), Field::text("note", words.say("note")).optional()],
        buttons: vec![
            Button::new("approve", approve, "primary"),
            Button::new("return", words.say("return"), "secondary"),
        ],
    }
}

/// The same for what is signed by its id: terms, offers, access.
pub fn decide_form_for(right: Action, action: &str, id: &str, digest: &Digest, signs: bool, words: &Words) -> Form {
    let form = decide_form(action, words.say("proposal-text"), words.say("approve"), digest, words);
    form.signing(right, signs, |word| merchant::subject(word, id, digest))
}

/// The verdict that a button of that form stands for.
pub fn meant(word: &str, digest: Digest, note: String) -> Verdict {
    if word == "approve" { Verdict::Approve { digest } } else { Verdict::Return { digest, note } }
}

/// What that form came back with.
pub fn verdict(posted: &Posted) -> Result<Verdict, Problem> {
    let digest = Digest::parse(posted.value("digest")).ok_or_else(|| Problem::malformed("digest"))?;
    match posted.value("do") {
        word @ ("approve" | "return") => Ok(meant(word, digest, posted.text("note"))),
        _ => Err(Problem::malformed("do: which command")),
    }
}

/// What the page says then: `approved` is what an approval is called there.
pub fn said<'a>(posted: &Posted, approved: &'a str) -> &'a str {
    if posted.value("do") == "approve" { approved } else { "returned" }
}

//! Content and the customers' word, as commands of a script: `{"do": "content", "what": {"rate": {…}}}`.

use crate::script::Said;
use serde::{Deserialize, Serialize};
use xitai::library::Query;
use xitai::prelude::*;
use xitai::{authoring, feedback, library};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    Find {
        #[serde(default)]
        text: Option<String>,
        #[serde(default)]
        near: Option<String>,
    },
    Get(String),
    Submit {
        key: String,
        kind: String,
        title: String,
        #[serde(default)]
        minor: Option<i64>,
    },
    Status(String),
    Withdraw(String),
    Rate {
        payment: String,
        stars: u8,
        #[serde(default)]
        about: String,
        #[serde(default)]
        text: String,
        key: String,
    },
    Complain {
        text: String,
        key: String,
    },
    Ratings(String),
    Answer {
        rating: String,
        text: String,
        key: String,
    },
    Tally(String),
}

pub fn perform(what: &What) -> Result<Said, Refusal> {
    Ok(Said::Text(match what {
        What::Find { text, near } => {
            let query = Query { kind: None, tag: None, text: text.clone(), near: near.clone() };
            let (entries, more) = library::find(&query, None)?;
            let titles: Vec<String> = entries.into_iter().map(|entry| entry.title).collect();
            format!("found:{}:{}", titles.join("|"), more.is_some())
        }
        What::Get(id) => format!("entry:{}", library::get(id)?.title),
        What::Submit { key, kind, title, minor } => {
            let mut draft = authoring::Draft::new(kind, title).summary("From the desk.").tag("desk");
            if let Some(minor) = minor {
                draft = draft.price(Money::cny(*minor));
            }
            format!("draft:{}", authoring::submit(&draft, key)?)
        }
        What::Status(id) => {
            let review = authoring::status(id)?;
            format!("status:{:?}:{}", review.stage, review.findings.join("|")).replace("Stage::", "")
        }
        What::Withdraw(id) => {
            authoring::withdraw(id)?;
            "withdrawn".to_owned()
        }
        What::Rate { payment, stars, about, text, key } => {
            feedback::rate(about, payment, *stars, text, key)?;
            "rated".to_owned()
        }
        What::Complain { text, key } => format!("complaint:{}", feedback::complain("", text, key)?),
        What::Ratings(about) => {
            let (ratings, _) = feedback::ratings(about, None)?;
            let told = ratings
                .iter()
                .map(|it| format!("{}/{}/{}/{}", it.id, it.stars, it.text, it.answer.as_deref().unwrap_or_default()));
            format!("ratings:{}", told.collect::<Vec<_>>().join("|"))
        }
        What::Answer { rating, text, key } => {
            feedback::answer(rating, text, key)?;
            "answered".to_owned()
        }
        What::Tally(about) => {
            let tally = feedback::tally(about)?;
            format!("tally:{}:{}", tally.stars, tally.ratings)
        }
    }))
}

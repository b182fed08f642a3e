//! Whoever is on duty, as far as they are told of things: by a signed webhook to the bank's own paging, by letters to
//! people, or both. What is to be told again, and when, is for those who tell it.

use super::App;
use super::outbound::Outbound;
use crate::config::DutyConfig;
use crate::http::problem::Problem;
use crate::render::web::calendar;
use crate::render::web::html::Html;
use crate::words::{Locale, Words};
use crate::zone::Zone;
use serde_json::{Value, json};
use xitai_mail::{Letter, Outcome, Relay, Sender, Way};

/// The ways that the operator named.
#[derive(Debug, Default)]
pub struct Duty {
    webhook: Option<Outbound>,
    mail: Option<Mail>,
}

#[derive(Debug)]
struct Mail {
    relay: Relay,
    to: Vec<String>,
}

/// What is told.
pub struct Message {
    /// The same message has the same id, by which whoever takes it twice knows it.
    pub id: String,
    /// Such as `alert.raised`.
    pub kind: &'static str,
    pub at_ms: i64,
    /// Which time it is told: mail systems take a letter of the same id to be the same one.
    pub times: u32,
    /// For machines.
    pub data: Value,
    /// The page on which something is done about it.
    pub opens: String,
}

/// The message in words: a title and what there is to know.
pub type Said = (String, String);

impl Duty {
    /// As the host was told when it started.
    pub fn open(config: &DutyConfig) -> Result<Self, Problem> {
        let unfit = |why| Problem::internal(format!("the mail relay for people on duty: {why}"));
        let mail = config.mail.as_ref().map(|mail| {
            let relay = Relay::new(Way::parse(&mail.way.url)?, Sender::parse(&mail.way.from)?);
            match mail.to.iter().find(|to| !xitai_mail::is_address(to)) {
                Some(to) => Err(format!("`{to}` is no address")),
                None => Ok(Mail { relay, to: mail.to.clone() }),
            }
        });
        Ok(Self { webhook: config.webhook.clone(), mail: mail.transpose().map_err(unfit)? })
    }
    /// Whether anybody is told at all.
    pub fn is_anybody(&self) -> bool {
        self.webhook.is_some() || self.mail.is_some()
    }

    /// Tells everybody; says whether anybody has it. `said` gives the words in a language.
    pub async fn tell(&self, app: &App, message: &Message, said: impl Fn(&Words) -> Said) -> bool {
        let mut outcomes = Vec::new();
        if let Some(place) = &self.webhook {
            outcomes.push(post(app, place, message).await);
        }
        if let Some(mail) = &self.mail {
            let letter = letter(app, message, said);
            for (number, to) in mail.to.iter().enumerate() {
                let letter = Letter {
                    id: format!("{}-{}-{number}", letter.id, message.times),
                    to: to.clone(),
                    ..letter.clone()
                };
                outcomes.push(match mail.relay.send(&letter).await {
                    Outcome::Taken => Ok("taken".to_owned()),
                    Outcome::Later(_) => Err("later".to_owned()),
                    Outcome::Bounced(_) | Outcome::Unfit(_) => Err("bounced".to_owned()),
                });
            }
        }
        let taken = outcomes.iter().any(Result::is_ok);
        for outcome in outcomes {
            let outcome = outcome.unwrap_or_else(|fault| fault);
            metrics::counter!("xitai_duty_told_total", "kind" => message.kind, "outcome" => outcome).increment(1);
        }
        taken
    }
}

async fn post(app: &App, place: &Outbound, message: &Message) -> Result<String, String> {
    let mut data = message.data.clone();
    data["opens"] = json!(message.opens);
    let timestamp = calendar::stamp(Zone::utc(), message.at_ms);
    let body = json!({ "type": message.kind, "timestamp": timestamp, "data": data });
    let request = place.request(&message.id, body.to_string().into_bytes(), app.clock.now_ms());
    match app.partners.egress.send(&request).await {
        Ok(reply) if (200..300).contains(&reply.status) => Ok(reply.status.to_string()),
        Ok(reply) => Err(reply.status.to_string()),
        Err(fault) => Err(fault.name().to_owned()),
    }
}

/// In each of the bank's languages, one below the other: nobody knows who is on duty tonight.
fn letter(app: &App, message: &Message, said: impl Fn(&Words) -> Said) -> Letter {
    let opens = format!("{}{}", app.identity.origin, message.opens);
    let mut titles = Vec::new();
    let (mut text, mut html) = (String::new(), Html::new());
    html.raw("<!doctype html><html><body>");
    for locale in Locale::STAFF {
        let words = Words::of(locale, app.config.zone);
        let ((title, told), open) = (said(&words), words.say("mail-open"));
        text.push_str(&format!("{title}\n{told}\n{open}: {opens}\n\n"));
        html.raw("<section").attr("lang", words.tag()).raw("><h1>").text(&title).raw("</h1><p>").text(&told);
        html.raw("</p><p><a").attr("href", &opens).raw(">").text(&open).raw("</a></p></section>");
        titles.push(title);
    }
    html.raw("</body></html>");
    Letter {
        id: message.id.clone(),
        to: String::new(),
        subject: titles.join(" · "),
        text,
        html: html.to_string(),
        unsubscribe: None,
    }
}

//! A notice as a letter: the same reviewed words, where to open it, and how to end such letters.

use super::App;
use super::notice::{mail_bounced, settings_of};
use super::notice_outlet::Telling;
use crate::http::problem::Problem;
use crate::render::web::html::Html;
use xitai_mail::{Letter, Outcome, Relay};
use xitai_model::matter::Matter;
use xitai_model::notice::Command;
use xitai_model::notice::quiet::STOP;

/// Sends it, if the customer still wants it. What comes of it is for the notice, and its name for the metrics.
pub async fn send(app: &App, relay: &Relay, notice: &Matter, it: &Telling) -> Result<(Command, String), Problem> {
    let settings = settings_of(app, &it.customer.id).await?.filter(|settings| settings.body.mail.is_on());
    let stop = settings.and_then(|settings| {
        let stop: String = settings.matter.unsealed(STOP)?;
        Some(format!("{}/app/unsubscribe/{}.{stop}", app.identity.origin, settings.matter.id))
    });
    let (Some(to), Some(stop)) = (it.customer.profile.facts.email.clone(), stop) else {
        return Ok((Command::GiveUp, "unwanted".to_owned()));
    };
    let letter = letter(app, notice, it, to, stop);
    Ok(match relay.send(&letter).await {
        Outcome::Taken => (Command::Sent, "taken".to_owned()),
        Outcome::Later(_) => (Command::Failed, "later".to_owned()),
        Outcome::Bounced(_) | Outcome::Unfit(_) => {
            mail_bounced(app, &app.host_ctx(), &it.customer.id).await?;
            (Command::Bounced, "bounced".to_owned())
        }
    })
}

fn letter(app: &App, notice: &Matter, it: &Telling, to: String, stop: String) -> Letter {
    let (words, said) = (&it.words, &it.said);
    let opens = format!("{}/app/notices/{}", app.identity.origin, notice.id);
    let (open, why, end) = (words.say("mail-open"), words.say("mail-why"), words.say("mail-stop"));
    let text = format!("{}\n\n{open}: {opens}\n\n--\n{why}\n{end}: {stop}\n", said.text);
    let mut html = Html::new();
    html.raw("<!doctype html><html").attr("lang", words.tag()).attr("dir", words.dir()).raw("><body>");
    html.raw("<h1>").text(&said.title).raw("</h1><p>").text(&said.text).raw("</p>");
    html.raw("<p><a").attr("href", &opens).raw(">").text(&open).raw("</a></p><hr><p><small>").text(&why);
    html.raw(" <a").attr("href", &stop).raw(">").text(&end).raw("</a></small></p></body></html>");
    Letter {
        id: notice.id.to_string(),
        to,
        subject: said.title.clone(),
        text,
        html: html.to_string(),
        unsubscribe: Some(stop),
    }
}

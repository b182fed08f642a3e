//! The bank's sheet. It is drawn from the host's records alone, in a frame that no element of a screen has,
//! and it says the amount first. What is no payment is drawn part by part, in [`ask`].

mod ask;

use super::html::Html;
use super::{icon, money};
use crate::words::Words;
use xitai_model::money::Money;
use xitai_model::payment::Line;
use xitai_model::sheet::Part;
use xitai_model::tender::Tender;

/// What a sheet shows. The server makes it from its own records, which the digest covers.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetFace {
    pub ticket: String,
    pub digest: String,
    pub body: BodyFace,
    pub program: String,
    pub publisher: String,
    pub verified: bool,
    /// How long Confirm stays dead once it is drawn.
    pub dead_ms: i64,
    pub expires_ms: i64,
    /// Where the page goes once it was agreed to.
    pub then: Option<String>,
    pub practice: bool,
    pub signs: Signs,
    /// Nothing leads off a kiosk's pages: elsewhere nobody wipes what is shown.
    pub at_kiosk: bool,
}

/// Whether a passkey signs the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// The customer has none, or none is asked for.
    No,
    /// They may: it is a button beside the plain one.
    Offered,
    /// Without it nothing is confirmed.
    Needed,
}

#[derive(Debug, Clone, PartialEq)]
pub enum BodyFace {
    Pay(PayFace),
    Ask { title: String, parts: Vec<Part>, confirm: String },
}

#[derive(Debug, Clone, PartialEq)]
pub struct PayFace {
    pub payable: Money,
    pub amount: Money,
    pub discount: Money,
    pub legs: Vec<LegFace>,
    pub lines: Vec<Line>,
    pub purpose: String,
    /// What it can be paid with.
    pub tenders: Vec<TenderFace>,
}

/// One way to pay.
#[derive(Debug, Clone, PartialEq)]
pub struct TenderFace {
    pub id: String,
    pub tender: Tender,
    pub chosen: bool,
}

/// What is paid with, in the reader's language.
pub fn tender_name(tender: &Tender, words: &Words) -> String {
    match tender {
        Tender::Card(face) => card_name(&face.issuer, &face.last_four),
        Tender::Account | Tender::Cash => words.name("tender", tender.kind().as_str()),
    }
}

/// A bank's card as people know it apart.
pub fn card_name(issuer: &str, last_four: &str) -> String {
    format!("{issuer} ···· {last_four}")
}

/// Who gets how much, under which legal name.
#[derive(Debug, Clone, PartialEq)]
pub struct LegFace {
    pub legal_name: String,
    pub role: String,
    pub amount: Money,
}

/// The first characters of what a confirmation is bound to. They stand on the sheet and on the receipt.
pub fn mark(digest: &str) -> String {
    digest.strip_prefix("sha256:").unwrap_or(digest).chars().take(8).collect::<String>().to_uppercase()
}

pub fn draw(face: &SheetFace, words: &Words) -> Html {
    let mut html = Html::new();
    let described_by = match face.body {
        BodyFace::Pay(_) => "sheet-amount",
        BodyFace::Ask { .. } => "sheet-asks",
    };
    html.raw("<dialog id=\"sheet\" class=\"sheet\" aria-labelledby=\"sheet-title\"")
        .flag("data-practice", face.practice)
        .attr("aria-describedby", described_by);
    html.attr("data-ticket", &face.ticket).attr("data-digest", &face.digest);
    if let Some(then) = &face.then {
        html.attr("data-then", then);
    }
    html.attr("data-dead-ms", &face.dead_ms.to_string());
    html.attr("data-expires-ms", &face.expires_ms.to_string()).raw("><div class=\"sheet-frame\">");
    match &face.body {
        BodyFace::Pay(pay) => {
            band(&mut html, "h2", face, &words.say("sheet-title"), words);
            html.raw("<div class=\"sheet-body\" tabindex=\"0\">");
            paid(&mut html, "h3", face, pay, words);
            asked_by(&mut html, face, words);
            html.raw("</div>");
            let confirm = words.say1(confirm_key(face), "amount", money::text_in(words, &pay.payable));
            actions(&mut html, face.signs, &confirm, &words.say("sheet-decline"), words);
        }
        BodyFace::Ask { title, parts, confirm } => {
            band(&mut html, "h2", face, title, words);
            html.raw("<form class=\"sheet-body\" id=\"sheet-asks\" tabindex=\"0\" novalidate>");
            practice(&mut html, face, words);
            parts.iter().for_each(|part| ask::draw(&mut html, part, face.at_kiosk, words));
            asked_by(&mut html, face, words);
            html.raw("</form>");
            actions(&mut html, face.signs, confirm, &words.say("sheet-leave"), words);
        }
    }
    html.raw("</div></dialog>");
    html
}

/// The same as a page of its own, for a payment that no program asks for: a form, so that it works without the script.
pub fn draw_page(face: &SheetFace, action: &str, words: &Words) -> Html {
    let mut html = Html::new();
    // Nothing else is confirmed here: it would be without what it asks.
    let BodyFace::Pay(pay) = &face.body else { return html };
    let dead = face.dead_ms.to_string();
    html.raw("<section class=\"sheet\" aria-labelledby=\"sheet-title\"").flag("data-practice", face.practice);
    html.raw("><div class=\"sheet-frame\">");
    band(&mut html, "h1", face, &words.say("sheet-title"), words);
    html.raw("<div class=\"sheet-body\" tabindex=\"0\">");
    paid(&mut html, "h2", face, pay, words);
    html.raw("<p class=\"sheet-asked\"><b>")
        .text(&face.program)
        .raw("</b> · <bdi>")
        .text(&face.publisher)
        .raw("</bdi>");
    marked(&mut html, face, words);
    html.raw("</div><form class=\"sheet-form\" method=\"post\"").attr("action", action).raw(">");
    html.raw("<input type=\"hidden\" name=\"digest\"").attr("value", &face.digest).raw(">");
    if face.signs == Signs::Offered {
        html.raw(
            "<p class=\"sheet-signs\"><button class=\"button secondary wide\" name=\"do\" value=\"confirm\" disabled",
        );
        html.attr("data-dead-ms", &dead).attr("data-step-up-digest", &face.digest).raw(">");
        icon::draw(&mut html, "shield");
        html.text(&words.say("sheet-sign")).raw("</button></p>");
    }
    html.raw("<footer class=\"sheet-actions\"><button class=\"sheet-decline\" name=\"do\" value=\"decline\">");
    html.text(&words.say("sheet-decline")).raw("</button>");
    let confirm = words.say1(confirm_key(face), "amount", money::text_in(words, &pay.payable));
    html.raw("<button class=\"sheet-confirm\" name=\"do\" value=\"confirm\" disabled").attr("data-dead-ms", &dead);
    if face.signs == Signs::Needed {
        html.attr("data-step-up-digest", &face.digest);
    }
    html.raw("><span>").text(&confirm).raw("</span></button>");
    // Nobody wakes the other one up without the script. The host is not taken in by a finger that is too quick.
    html.raw("<noscript><button class=\"sheet-confirm\" name=\"do\" value=\"confirm\"><span>").text(&confirm);
    html.raw("</span></button></noscript></footer></form></div></section>");
    html
}

/// `level` is that of the headings in it, below the sheet's own.
fn paid(html: &mut Html, level: &'static str, face: &SheetFace, pay: &PayFace, words: &Words) {
    html.raw("<p class=\"sheet-amount\" id=\"sheet-amount\">").leaf("span", "unseen", &words.say("sheet-you-pay"));
    money::draw_in(html, "money", words, &pay.payable);
    html.raw("</p>");
    practice(html, face, words);
    html.raw("<p class=\"sheet-purpose\"><bdi>").text(&pay.purpose).raw("</bdi></p>");
    html.leaf(level, "sheet-heading", &words.say("sheet-payees"));
    payees(html, &pay.legs, words);
    lines(html, level, pay, words);
    tenders(html, &pay.tenders, words);
}

/// What it is paid with. A choice is the host's to take, and makes another sheet of this one.
fn tenders(html: &mut Html, tenders: &[TenderFace], words: &Words) {
    if let [only] = tenders {
        html.raw("<p class=\"sheet-tender\">").leaf("span", "sheet-note", &words.say("sheet-tender"));
        html.raw(" <bdi>").text(&tender_name(&only.tender, words)).raw("</bdi></p>");
        return;
    }
    html.raw("<fieldset class=\"sheet-tenders\"><legend class=\"sheet-heading\">");
    html.text(&words.say("sheet-tender")).raw("</legend>");
    for tender in tenders {
        html.raw("<label><input type=\"radio\" name=\"tender\" data-tender").attr("value", &tender.id);
        html.raw(if tender.chosen { " checked>" } else { ">" });
        html.raw("<span><bdi>").text(&tender_name(&tender.tender, words)).raw("</bdi></span></label>");
    }
    html.raw("</fieldset>");
}

fn practice(html: &mut Html, face: &SheetFace, words: &Words) {
    if face.practice {
        html.leaf("p", "sheet-practice", &words.say("practice-explained"));
    }
}

/// Play money is not paid, and the button says so.
fn confirm_key(face: &SheetFace) -> &'static str {
    if face.practice { "sheet-confirm-practice" } else { "sheet-confirm" }
}

/// `level` is `h1` where the sheet is the page, and `h2` where it lies over one.
fn band(html: &mut Html, level: &'static str, face: &SheetFace, title: &str, words: &Words) {
    html.raw("<header class=\"sheet-band\"><span class=\"sheet-seal\">");
    icon::draw(html, "shield");
    html.raw("</span><").raw(level).raw(" class=\"sheet-title\" id=\"sheet-title\" tabindex=\"-1\" autofocus>");
    html.text(title).raw("</").raw(level).raw(">");
    html.leaf("p", "sheet-by", &words.say(if face.practice { "sheet-by-practice" } else { "sheet-by" }));
    html.raw("<button type=\"button\" class=\"sheet-read\" data-read aria-pressed=\"false\"");
    html.attr("aria-label", &words.say("read-aloud")).attr("data-unable", &words.say("read-unable")).raw(">");
    icon::draw(html, "speaker");
    html.raw("</button></header>");
}

fn payees(html: &mut Html, legs: &[LegFace], words: &Words) {
    html.raw("<ul class=\"sheet-rows\">");
    for leg in legs {
        html.raw("<li><span class=\"sheet-name\"><bdi>").text(&leg.legal_name).raw("</bdi>");
        html.leaf("span", "sheet-note", &words.name("role", &leg.role)).raw("</span>");
        money::draw_in(html, "money", words, &leg.amount);
        html.raw("</li>");
    }
    html.raw("</ul>");
}

fn lines(html: &mut Html, level: &'static str, pay: &PayFace, words: &Words) {
    if pay.lines.is_empty() && pay.discount.minor == 0 {
        return;
    }
    html.leaf(level, "sheet-heading", &words.say("sheet-lines")).raw("<ul class=\"sheet-rows\">");
    for line in &pay.lines {
        html.raw("<li><span class=\"sheet-name\"><bdi>").text(&line.text).raw("</bdi>");
        if line.quantity > 1 {
            html.leaf("span", "sheet-times", &format!("× {}", words.figures().number(&line.quantity.to_string())));
        }
        html.raw("</span>");
        money::draw_in(html, "money", words, &line.amount);
        html.raw("</li>");
    }
    if pay.discount.minor != 0 {
        html.raw("<li class=\"sheet-discount\">").leaf("span", "sheet-name", &words.say("sheet-discount"));
        money::draw_in(html, "money", words, &Money::new(-pay.discount.minor, pay.discount.currency));
        html.raw("</li>");
    }
    html.raw("</ul>");
}

fn asked_by(html: &mut Html, face: &SheetFace, words: &Words) {
    html.raw("<p class=\"sheet-asked\">").text(&words.say("sheet-asked-by")).raw(" <b><bdi>").text(&face.program);
    html.raw("</bdi></b> · <bdi>").text(&face.publisher).raw("</bdi>");
    if face.verified {
        icon::draw(html, "verified");
        html.leaf("span", "unseen", &words.say("verified"));
    }
    marked(html, face, words);
}

fn marked(html: &mut Html, face: &SheetFace, words: &Words) {
    html.raw("<span class=\"sheet-mark\">").text(&words.say1("sheet-mark", "mark", mark(&face.digest)));
    html.raw("</span></p>");
}

fn actions(html: &mut Html, signs: Signs, confirm: &str, decline: &str, words: &Words) {
    if signs == Signs::Offered {
        html.raw("<p class=\"sheet-signs\"><button type=\"button\" class=\"button secondary wide\"");
        html.raw(" data-decide=\"confirm\" data-signs disabled>");
        icon::draw(html, "shield");
        html.text(&words.say("sheet-sign")).raw("</button></p>");
    }
    html.raw("<footer class=\"sheet-actions\">");
    html.raw("<button type=\"button\" class=\"sheet-decline\" data-decide=\"decline\">");
    html.text(decline).raw("</button>");
    // Dead until a finger in motion has come to rest; the bar in it fills while it is.
    html.raw("<button type=\"button\" class=\"sheet-confirm\" data-decide=\"confirm\"");
    html.raw(if signs == Signs::Needed { " data-signs" } else { "" }).raw(" disabled><span>");
    html.text(confirm).raw("</span></button></footer>");
}

//! Notices on the wire.

use crate::app::feedback::Read;
use crate::app::notice::{self, Chosen, OfProgram};
use crate::app::notice_template::Verdict;
use crate::http::problem::Problem;
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::notice::consent::Given;
use xitai_model::notice::quiet::{Mail, Quiet, clock};
use xitai_model::notice::template::{self, TemplateState, Text, Variable, VariableKind, Wording};
use xitai_model::notice::{Notice, Said};

#[derive(Debug, Serialize, ToSchema)]
pub struct Notices {
    pub notices: Vec<NoticeRecord>,
    /// Of the newest hundred.
    pub unread: usize,
    /// For `after` of the next page.
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeRecord {
    pub id: String,
    pub program: String,
    pub template: String,
    pub title: String,
    pub text: String,
    /// Where it leads.
    pub opens: Option<String>,
    pub at_ms: i64,
    pub read: bool,
}

impl NoticeRecord {
    pub fn of(read: &Read<Notice>, words: &Words, now_ms: i64) -> Self {
        let program = read.matter.program.as_ref().map(ToString::to_string).unwrap_or_default();
        let said = notice::said(&read.matter, words, now_ms);
        let Said { title, text } = said.unwrap_or(Said { title: String::new(), text: String::new() });
        Self {
            id: read.matter.id.to_string(),
            opens: read.body.page.as_ref().map(|page| format!("/miniapp/{program}/{page}")),
            program,
            template: read.body.template.clone(),
            title,
            text,
            at_ms: read.body.delivered_ms().unwrap_or(read.matter.made_ms),
            read: !read.body.is_unread(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeSettings {
    /// Absent: never quiet.
    pub quiet: Option<QuietHours>,
    /// `off`, `on`, or `bounced` where there was nobody at the address.
    pub mail: &'static str,
    pub programs: Vec<ProgramNotices>,
    /// Allowed as a visitor; it holds for the account once it is allowed again.
    pub as_visitor: Vec<ProgramNotices>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// Such as `22:00`, on the customer's clock.
    pub from: String,
    pub until: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramNotices {
    pub program: String,
    pub muted: bool,
    pub templates: Vec<AllowedNotices>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AllowedNotices {
    pub template: String,
    /// Notices that are allowed one by one.
    pub once: u32,
    pub lasting: bool,
}

impl From<&Chosen> for NoticeSettings {
    fn from(chosen: &Chosen) -> Self {
        let allowed = |it: &xitai_model::notice::consent::Consent| AllowedNotices {
            template: it.template.clone(),
            once: it.once,
            lasting: it.lasting,
        };
        let of_program = |it: &OfProgram| ProgramNotices {
            program: it.program.to_string(),
            muted: it.muted,
            templates: it.consents.iter().map(allowed).collect(),
        };
        Self {
            quiet: chosen.quiet.map(|quiet| QuietHours { from: clock(quiet.from), until: clock(quiet.until) }),
            mail: match chosen.mail {
                Mail::Off => "off",
                Mail::On { .. } => "on",
                Mail::Bounced => "bounced",
            },
            programs: chosen.programs.iter().map(of_program).collect(),
            as_visitor: chosen.as_visitor.iter().map(of_program).collect(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeNoticeSettings {
    /// `null`: never quiet.
    quiet: Option<QuietHours>,
}

impl ChangeNoticeSettings {
    pub fn parsed(self) -> Result<Option<Quiet>, Problem> {
        Ok(self.quiet.map(|quiet| Quiet::parse(&quiet.from, &quiet.until)).transpose()?)
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeNoticeMail {
    /// Whether notices come by mail as well, to the address that the bank knows.
    pub on: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeProgramNotices {
    pub muted: Option<bool>,
    /// By template: `once`, `lasting` or `none`.
    #[serde(default)]
    templates: BTreeMap<String, String>,
}

impl ChangeProgramNotices {
    pub fn templates(&self) -> Result<Vec<(String, Option<Given>)>, Problem> {
        let one = |(name, text): (&String, &String)| match (text.as_str(), Given::parse(text)) {
            ("none", _) => Ok((name.clone(), None)),
            (_, Some(given)) => Ok((name.clone(), Some(given))),
            _ => Err(Problem::malformed("templates: once, lasting or none")),
        };
        self.templates.iter().map(one).collect()
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeWords {
    pub title: String,
    pub text: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeVariable {
    /// `text`, `number`, `amount`, `moment` or `code`.
    pub kind: String,
    pub chars_max: usize,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeTemplate {
    /// As the program names it.
    pub name: String,
    purpose: String,
    /// Whether customers may allow it until further notice.
    #[serde(default)]
    lasting: bool,
    /// A page of the program that it opens.
    page: Option<String>,
    /// By language.
    texts: BTreeMap<String, NoticeWords>,
    #[serde(default)]
    variables: BTreeMap<String, NoticeVariable>,
}

impl ProposeTemplate {
    pub fn wording(self) -> Result<Wording, Problem> {
        let unknown = || Problem::new(code::NOTICE_TEMPLATE_INVALID).detail("variables: a kind that there is");
        let variable = |(name, it): (String, NoticeVariable)| {
            let kind = VariableKind::parse(&it.kind).ok_or_else(unknown)?;
            Ok((name, Variable { kind, chars_max: it.chars_max }))
        };
        let text = |(tag, it): (String, NoticeWords)| (tag, Text { title: it.title, text: it.text });
        Ok(Wording {
            purpose: self.purpose.trim().to_owned(),
            lasting: self.lasting,
            page: self.page.filter(|page| !page.is_empty()),
            texts: self.texts.into_iter().map(text).collect(),
            variables: self.variables.into_iter().map(variable).collect::<Result<_, Problem>>()?,
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideTemplate {
    /// `approve` or `return`.
    decision: String,
    /// Digest of the words that were looked at.
    wording: String,
    #[serde(default)]
    note: String,
}

impl DecideTemplate {
    pub fn parsed(self) -> Result<(Verdict, Digest, String), Problem> {
        let verdict = match self.decision.as_str() {
            "approve" => Verdict::Approve,
            "return" => Verdict::Return,
            _ => return Err(Problem::malformed("decision: approve or return")),
        };
        let wording = Digest::parse(&self.wording).ok_or_else(|| Problem::malformed("wording: not a digest"))?;
        Ok((verdict, wording, self.note))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawTemplate {
    /// Why, for whoever proposed it.
    pub note: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeTemplates {
    pub templates: Vec<NoticeTemplate>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeTemplate {
    pub program: String,
    pub name: String,
    pub publisher: String,
    /// `proposed`, `returned`, `live`, `changing` or `withdrawn`.
    #[schema(value_type = String)]
    pub state: TemplateState,
    /// What holds.
    pub live: Option<NoticeWording>,
    /// What waits for review, or was returned.
    pub proposed: Option<NoticeWording>,
    /// Why it was returned or withdrawn.
    pub note: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeWording {
    pub purpose: String,
    pub lasting: bool,
    pub page: Option<String>,
    pub texts: BTreeMap<String, NoticeWords>,
    pub variables: BTreeMap<String, NoticeVariable>,
    /// What a decision names.
    pub digest: String,
}

impl From<&Wording> for NoticeWording {
    fn from(wording: &Wording) -> Self {
        let words = |it: &Text| NoticeWords { title: it.title.clone(), text: it.text.clone() };
        let variable = |it: &Variable| NoticeVariable { kind: it.kind.as_str().to_owned(), chars_max: it.chars_max };
        Self {
            purpose: wording.purpose.clone(),
            lasting: wording.lasting,
            page: wording.page.clone(),
            texts: wording.texts.iter().map(|(tag, it)| (tag.clone(), words(it))).collect(),
            variables: wording.variables.iter().map(|(name, it)| (name.clone(), variable(it))).collect(),
            digest: wording.digest().to_string(),
        }
    }
}

impl From<&template::Template> for NoticeTemplate {
    fn from(template: &template::Template) -> Self {
        let proposal = template.proposed.as_ref();
        let said = proposal.and_then(|proposal| proposal.returned.as_ref()).or(template.withdrawn.as_ref());
        Self {
            program: template.id.program.to_string(),
            name: template.id.name.clone(),
            publisher: template.publisher.to_string(),
            state: template.state(),
            live: template.live.as_ref().map(NoticeWording::from),
            proposed: proposal.map(|proposal| NoticeWording::from(&proposal.wording)),
            note: said.map(|said| said.note.clone()),
        }
    }
}

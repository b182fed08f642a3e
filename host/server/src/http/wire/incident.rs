//! Incidents on the wire.

use super::merchant::Proposed;
use crate::app::incident::{Affected, Moment};
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::incident::{Incident, NoticePlan, RefundPlan, Remedy, Severity};
use xitai_model::notice::template::Text;
use xitai_model::stop::StopTarget;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenIncident {
    /// As of a stop: `program`, `release`, `publisher`, `permission`, `contract` or `branch`.
    kind: String,
    id: String,
    pub title: String,
    /// Since when customers may be affected; absent: from now on.
    #[serde(default)]
    pub since_ms: Option<i64>,
}

impl OpenIncident {
    pub fn about(&self) -> Result<StopTarget, Problem> {
        StopTarget::parse(&self.kind, &self.id).ok_or_else(|| Problem::malformed("kind and id: as of a stop"))
    }
}

/// One of these.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum StepIncident {
    Note {
        text: String,
    },
    /// `minor` or `major`.
    Assess {
        #[schema(value_type = String)]
        severity: Severity,
        since_ms: i64,
    },
    /// The regulator was told, under this number of theirs.
    Report {
        reference: String,
    },
    Close {
        note: String,
    },
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeRefund {
    /// 1 to 100, of what each payment still keeps.
    percent: u8,
    reason: String,
}

impl From<ProposeRefund> for RefundPlan {
    fn from(asked: ProposeRefund) -> Self {
        RefundPlan { percent: asked.percent, reason: asked.reason }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeIncidentNotice {
    title_zh: String,
    text_zh: String,
    title_en: String,
    text_en: String,
}

impl From<ProposeIncidentNotice> for NoticePlan {
    fn from(asked: ProposeIncidentNotice) -> Self {
        let text = |title, text| Text { title, text };
        NoticePlan { zh: text(asked.title_zh, asked.text_zh), en: text(asked.title_en, asked.text_en) }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentRecord {
    pub id: String,
    pub title: String,
    #[schema(value_type = Object)]
    pub about: StopTarget,
    #[schema(value_type = String)]
    pub severity: Severity,
    pub stop: Option<String>,
    pub opened_by: String,
    pub opened_ms: i64,
    pub since_ms: i64,
    /// By when the regulator has to hear of it.
    pub report_due_ms: i64,
    #[schema(value_type = Option<Object>)]
    pub reported: serde_json::Value,
    /// What is proposed, with the digest that a decision names, and how far it is.
    #[schema(value_type = Object)]
    pub refund: serde_json::Value,
    #[schema(value_type = Object)]
    pub notice: serde_json::Value,
    #[schema(value_type = Option<Object>)]
    pub closed: serde_json::Value,
    /// Told where one incident is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub affected: Option<Affected>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<TimelineLine>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineLine {
    pub at_ms: i64,
    pub who: String,
    /// An audit action, or `note`.
    pub what: String,
    pub text: String,
    /// Number of the audit record.
    pub record: Option<u64>,
}

impl From<Moment> for TimelineLine {
    fn from(moment: Moment) -> Self {
        let Moment { at_ms, who, what, text, seq } = moment;
        Self { at_ms, who, what, text, record: seq }
    }
}

fn remedy<T: Serialize + Clone>(remedy: &Remedy<T>) -> serde_json::Value {
    let proposed = remedy.proposed.as_ref().map(Proposed::of);
    serde_json::json!({ "proposed": proposed, "running": remedy.running })
}

impl From<&Incident> for IncidentRecord {
    fn from(incident: &Incident) -> Self {
        Self {
            id: incident.id.to_string(),
            title: incident.title.clone(),
            about: incident.about.clone(),
            severity: incident.severity,
            stop: incident.stop.as_ref().map(ToString::to_string),
            opened_by: incident.opened_by.to_string(),
            opened_ms: incident.opened_ms,
            since_ms: incident.since_ms,
            report_due_ms: incident.report_due_ms(),
            reported: serde_json::json!(incident.reported),
            refund: remedy(&incident.refund),
            notice: remedy(&incident.notice),
            closed: serde_json::json!(incident.closed),
            affected: None,
            timeline: Vec::new(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Incidents {
    pub incidents: Vec<IncidentRecord>,
}

//! An audience as people fill it in: the fields of a stage of a rollout, and of a card of a zone page.

use crate::app::me;
use crate::http::problem::Problem;
use crate::pages::board::Posted;
use crate::render::web::calendar;
use crate::zone::Zone;
use std::collections::BTreeSet;
use xitai_model::code;
use xitai_model::ids::{CustomerId, PlaceId};
use xitai_model::program::Channel;
use xitai_model::rollout::{Audience, Segment};

/// What stands in each field.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    pub channels: String,
    pub places: String,
    pub customers: String,
    pub segments: String,
    pub from: String,
    pub until: String,
}

impl Fields {
    pub fn of(audience: &Audience, zone: Zone) -> Self {
        let list = |items: Vec<String>| items.join(" ");
        let at = |at_ms: Option<i64>| at_ms.map(|at_ms| wall(zone, at_ms)).unwrap_or_default();
        let segments = audience.segments.iter().map(|it| format!("{} {}", it.kind, it.value)).collect::<Vec<_>>();
        Self {
            channels: list(audience.channels.iter().map(me::word).collect()),
            places: list(audience.places.iter().map(ToString::to_string).collect()),
            customers: list(audience.customers.iter().map(ToString::to_string).collect()),
            segments: segments.join("\n"),
            from: at(audience.from_ms),
            until: at(audience.until_ms),
        }
    }

    /// As they came in, whether they can be read or not.
    pub fn posted(posted: &Posted) -> Self {
        Self {
            channels: posted.text("channels"),
            places: posted.text("places"),
            customers: posted.text("customers"),
            segments: posted.text("segments"),
            from: posted.text("from"),
            until: posted.text("until"),
        }
    }

    pub fn read(&self, zone: Zone) -> Result<Audience, Problem> {
        let bad = |text: &str| Problem::new(code::ROLLOUT_AUDIENCE).detail(text);
        let channel = |text: &str| {
            let read = serde_json::from_value::<Channel>(serde_json::Value::from(text));
            read.map_err(|_| bad(text))
        };
        let at = |text: &str| match text {
            "" => Ok(None),
            text => calendar::read(zone, text).map(Some).ok_or_else(|| bad(text)),
        };
        let segment = |line: &str| {
            let (kind, value) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            Segment { kind: kind.to_owned(), value: value.trim().to_owned() }
        };
        let places = self.places.split_whitespace().map(PlaceId::parse).collect::<Result<BTreeSet<_>, _>>()?;
        let customers = self.customers.split_whitespace().map(CustomerId::parse).collect::<Result<BTreeSet<_>, _>>()?;
        let filled = self.segments.lines().filter(|line| !line.trim().is_empty());
        Ok(Audience {
            channels: self.channels.split_whitespace().map(channel).collect::<Result<_, _>>()?,
            places,
            customers,
            segments: filled.map(segment).collect(),
            from_ms: at(&self.from)?,
            until_ms: at(&self.until)?,
        })
    }
}

/// As a field for date and time has it.
pub fn wall(zone: Zone, at_ms: i64) -> String {
    calendar::stamp(zone, at_ms)[..16].to_owned()
}

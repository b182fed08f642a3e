//! Visits: what led a customer into a program, and how far they came, by channel.
//!
//! A visit begins when a session opens, and anew when it goes on at another channel. Each stage is counted once a visit:
//!
//! | stage | when |
//! |---|---|
//! | opened | the program has shown its first screen |
//! | acted | the customer tapped or sent something for the first time |
//! | asked | the bank's own sheet opened, or came along open |
//! | done | they agreed to what finishes a journey; or the program celebrated, or closed, after they had acted |
//! | moved-on | the session went on at another channel, where the next visit begins, before the visit was done |
//!
//! The journey itself is known by the page that it began at. What is counted names nobody.

use crate::ids::MatterId;
use crate::matter::MatterKind;
use crate::program::{Channel, Effect, Event, Outcome};
use serde::{Deserialize, Serialize};

/// What led there: the scene of origin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A launch code.
    Code,
    /// The lists of the launcher and of a zone.
    Launcher,
    Search,
    ZoneCard,
    Favourite,
    Recent,
    Content,
    Notice,
    /// Another program.
    Program,
    Chat,
    Kiosk,
    /// It went on from another channel.
    HandOver,
    /// A partner's page.
    Embed,
    /// A link that somebody had.
    Link,
    /// Nothing was said about it.
    #[default]
    Other,
}

impl Origin {
    pub const ALL: [Origin; 15] = [
        Origin::Code,
        Origin::Launcher,
        Origin::Search,
        Origin::ZoneCard,
        Origin::Favourite,
        Origin::Recent,
        Origin::Content,
        Origin::Notice,
        Origin::Program,
        Origin::Chat,
        Origin::Kiosk,
        Origin::HandOver,
        Origin::Embed,
        Origin::Link,
        Origin::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Code => "code",
            Origin::Launcher => "launcher",
            Origin::Search => "search",
            Origin::ZoneCard => "zone-card",
            Origin::Favourite => "favourite",
            Origin::Recent => "recent",
            Origin::Content => "content",
            Origin::Notice => "notice",
            Origin::Program => "program",
            Origin::Chat => "chat",
            Origin::Kiosk => "kiosk",
            Origin::HandOver => "hand-over",
            Origin::Embed => "embed",
            Origin::Link => "link",
            Origin::Other => "other",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == text)
    }

    /// As it is counted: what the host knows by itself stands before what an address says. An address may say anything,
    /// so that it decides over nothing but a figure.
    pub fn counted(self, by_code: bool, channel: Channel) -> Self {
        match (by_code, channel) {
            (true, _) => Origin::Code,
            (_, Channel::Chat) => Origin::Chat,
            (_, Channel::Kiosk) => Origin::Kiosk,
            (_, Channel::Embed) => Origin::Embed,
            _ if matches!(self, Origin::Code | Origin::Chat | Origin::Kiosk | Origin::HandOver | Origin::Embed) => {
                Origin::Other
            }
            _ => self,
        }
    }
}

/// How far a visit came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Opened,
    Acted,
    Asked,
    Done,
    MovedOn,
}

impl Stage {
    pub const ALL: [Stage; 5] = [Stage::Opened, Stage::Acted, Stage::Asked, Stage::Done, Stage::MovedOn];

    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Opened => "opened",
            Stage::Acted => "acted",
            Stage::Asked => "asked",
            Stage::Done => "done",
            Stage::MovedOn => "moved-on",
        }
    }
}

/// The visit that a session is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    /// 1 for the session's first visit.
    pub visit: u32,
    /// Where it is; absent in one that began before this was kept, which is where its session is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    pub origin: Origin,
    /// The page that it began at.
    pub page: String,
    /// The set of codes that led there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<MatterId>,
    pub reached: Vec<Stage>,
}

/// Effects with which a program says that something is through.
const ENDS: [&str; 2] = ["celebrate", "close"];

impl Journey {
    pub fn begins(channel: Channel, origin: Origin, page: String, code: Option<MatterId>) -> Self {
        Self { visit: 1, channel: Some(channel), origin, page, code, reached: vec![Stage::Opened] }
    }

    /// It goes on at another channel. `asked`: the bank's sheet is open and goes along.
    pub fn moves_on(&self, channel: Channel, asked: bool) -> Self {
        let visit = self.visit.saturating_add(1);
        let reached = [Stage::Opened].into_iter().chain(asked.then_some(Stage::Asked)).collect();
        Self { visit, channel: Some(channel), origin: Origin::HandOver, reached, ..self.clone() }
    }

    /// Whether somebody was done with what they came for.
    pub fn is_done(&self) -> bool {
        self.reached.contains(&Stage::Done)
    }

    fn reach(&mut self, stage: Stage) {
        if !self.reached.contains(&stage) {
            self.reached.push(stage);
        }
    }

    /// A step was made. `event` is what it answers, absent for `open`.
    pub fn steps(&mut self, event: Option<&Event>, opened_sheet: bool, effects: &[Effect]) {
        if matches!(event, Some(Event::Tapped { .. } | Event::Submitted { .. })) {
            self.reach(Stage::Acted);
        }
        if opened_sheet {
            self.reach(Stage::Asked);
        }
        let ends = effects.iter().any(|effect| ENDS.contains(&effect.kind.as_str()));
        if ends && self.reached.contains(&Stage::Acted) {
            self.reach(Stage::Done);
        }
    }

    /// A sheet was decided; `kind` is absent for a payment.
    pub fn decides(&mut self, kind: Option<MatterKind>, outcome: Outcome) {
        if matches!(outcome, Outcome::Agreed | Outcome::Pending) && kind.is_none_or(finishes) {
            self.reach(Stage::Done);
        }
    }

    /// The stages that are new against the visit as it was before.
    pub fn new_since(&self, before: Option<&Journey>) -> impl Iterator<Item = Stage> {
        let known =
            before.filter(|before| before.visit == self.visit).map_or(&[][..], |before| before.reached.as_slice());
        self.reached.iter().copied().filter(|stage| !known.contains(stage))
    }

    /// Whether the visit before is over with this one.
    pub fn follows(&self, before: Option<&Journey>) -> bool {
        before.is_some_and(|before| before.visit != self.visit)
    }
}

/// Whether agreeing to such a sheet finishes what somebody came for. Facts, files and permissions are asked for on the
/// way.
fn finishes(kind: MatterKind) -> bool {
    matches!(kind, MatterKind::Mandate | MatterKind::Agreement | MatterKind::Coupon | MatterKind::Envelope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> Journey {
        Journey::begins(Channel::Phone, Origin::Code, "pages/index".to_owned(), None)
    }
    fn tapped() -> Event {
        Event::Tapped { id: "a".to_owned(), value: None }
    }
    fn effect(kind: &str) -> Effect {
        Effect { kind: kind.to_owned(), json: "{}".to_owned() }
    }

    #[test]
    fn each_stage_is_reached_once() {
        use Stage::{Acted, Asked, Done, Opened};
        let mut journey = begun();
        assert_eq!(journey.new_since(None).collect::<Vec<_>>(), [Opened]);
        journey.steps(None, false, &[effect("celebrate")]);
        journey.steps(Some(&Event::Resumed), false, &[effect("close")]);
        journey.steps(Some(&Event::Hidden), false, &[]);
        assert_eq!(journey.reached, [Opened], "nobody has done anything");
        let before = journey.clone();
        journey.steps(Some(&tapped()), true, &[]);
        assert_eq!(journey.new_since(Some(&before)).collect::<Vec<_>>(), [Acted, Asked]);
        let before = journey.clone();
        journey.steps(Some(&tapped()), true, &[effect("toast")]);
        assert_eq!(journey.new_since(Some(&before)).count(), 0);
        for (kind, outcome, is_done) in [
            (None, Outcome::Declined, false),
            (None, Outcome::Failed, false),
            (Some(MatterKind::Consent), Outcome::Agreed, false),
            (Some(MatterKind::Errand), Outcome::Agreed, false),
            (Some(MatterKind::Agreement), Outcome::Agreed, true),
            (Some(MatterKind::Mandate), Outcome::Agreed, true),
            (None, Outcome::Pending, true),
            (None, Outcome::Agreed, true),
        ] {
            let mut decided = journey.clone();
            decided.decides(kind, outcome);
            assert_eq!(decided.reached.contains(&Done), is_done, "{kind:?} {outcome:?}");
        }
        journey.steps(Some(&tapped()), false, &[effect("close")]);
        assert_eq!(journey.reached, [Opened, Acted, Asked, Done]);
    }

    #[test]
    fn another_channel_is_another_visit() {
        let mut before = begun();
        before.steps(Some(&tapped()), true, &[]);
        let after = before.moves_on(Channel::Kiosk, false);
        assert_eq!((after.visit, after.origin, after.page.as_str()), (2, Origin::HandOver, "pages/index"));
        assert_eq!((before.channel, after.channel), (Some(Channel::Phone), Some(Channel::Kiosk)));
        assert!(after.follows(Some(&before)) && !before.follows(Some(&before)) && !before.follows(None));
        assert_eq!(after.new_since(Some(&before)).collect::<Vec<_>>(), [Stage::Opened]);
        let asked = before.moves_on(Channel::Kiosk, true);
        assert_eq!(asked.new_since(Some(&before)).collect::<Vec<_>>(), [Stage::Opened, Stage::Asked]);
        before.decides(None, Outcome::Agreed);
        assert!(before.is_done() && !before.moves_on(Channel::Kiosk, false).is_done());
    }

    #[test]
    fn what_the_host_knows_stands_before_what_an_address_says() {
        for origin in Origin::ALL {
            assert_eq!(Origin::parse(origin.as_str()), Some(origin));
            assert_eq!(serde_json::to_value(origin).unwrap(), origin.as_str());
            assert_eq!(origin.counted(true, Channel::Kiosk), Origin::Code);
            assert_eq!(origin.counted(false, Channel::Kiosk), Origin::Kiosk);
            assert_eq!(origin.counted(false, Channel::Chat), Origin::Chat);
        }
        assert_eq!(Origin::Search.counted(false, Channel::Phone), Origin::Search);
        assert_eq!(Origin::Code.counted(false, Channel::Phone), Origin::Other, "nobody says so by an address");
        assert_eq!(Origin::HandOver.counted(false, Channel::Web), Origin::Other);
        for stage in Stage::ALL {
            assert_eq!(serde_json::to_value(stage).unwrap(), stage.as_str());
        }
    }
}

//! What the console's pages show. Plain values: the handlers fill them, the templates draw them.

use super::audience::Fields;
use super::zone_previews::EyesForm;
use crate::pages::app::view::CardFace;
use crate::pages::board::{Badge, Body};
use crate::pages::charts::Drawn;
use crate::pages::parts::{self, ProgramCard};
use crate::pages::shell::Desk;
use crate::render::web::html::Html;
use crate::render::web::icon;
use crate::words::Words;
use askama::Template;

#[derive(Template)]
#[template(path = "console/overview.html")]
pub struct Overview {
    pub shell: Desk,
    /// What can't wait: where it is, and its sentence.
    pub alarms: Vec<(String, String)>,
    pub figures: Vec<Figure>,
    pub charts: Vec<Drawn>,
    pub queue: Vec<ReviewRow>,
    pub chart: Html,
    pub trail: Vec<AuditRow>,
}
/// A branch in the morning.
#[derive(Template)]
#[template(path = "console/branch.html")]
pub struct BranchToday {
    pub shell: Desk,
    pub title: String,
    pub figures: Vec<Figure>,
    pub charts: Vec<Drawn>,
    /// What is behind the figures: the name on the page, and tables.
    pub parts: Vec<(&'static str, Body)>,
}
pub struct Figure {
    pub href: String,
    pub mark: &'static str,
    pub name: String,
    pub value: String,
    pub note: String,
    pub tone: &'static str,
}

#[derive(Template)]
#[template(path = "console/reviews.html")]
pub struct Reviews {
    pub shell: Desk,
    pub query: String,
    pub state: String,
    pub states: Vec<(&'static str, String)>,
    pub rows: Vec<ReviewRow>,
}
pub struct ReviewRow {
    pub id: String,
    pub card: ProgramCard,
    pub version: String,
    pub state: String,
    pub tone: &'static str,
    pub findings: String,
    pub when: String,
    /// Its deadline is over.
    pub late: bool,
}

/// Findings, permissions, differences and facts of a release: the same for reviewer and publisher.
#[derive(Template)]
#[template(path = "release_part.html")]
pub struct ReleasePart {
    pub words: Words,
    pub findings: Vec<FindingRow>,
    pub permissions: Vec<PermissionRow>,
    pub before_name: String,
    pub differences: Vec<(String, String, String)>,
    pub facts: Vec<(String, String)>,
    /// Parts of the program: name, version, licence, what is known against it.
    pub components: Vec<[String; 4]>,
}
impl askama::filters::HtmlSafe for ReleasePart {}
pub struct FindingRow {
    pub tone: &'static str,
    pub severity: String,
    pub code: String,
    pub place: String,
    pub evidence: String,
    pub mend: String,
}
pub struct PermissionRow {
    /// `new`, `gone` or `same`.
    pub change: &'static str,
    pub sign: &'static str,
    pub change_text: String,
    pub name: String,
    pub interface: String,
    pub reason: String,
}

#[derive(Template)]
#[template(path = "console/review.html")]
pub struct Review {
    pub shell: Desk,
    pub id: String,
    pub card: ProgramCard,
    pub version: String,
    pub state: String,
    pub tone: &'static str,
    pub package: String,
    /// What the machine says.
    pub verdict: Vec<VerdictRow>,
    pub scenes: Vec<SceneRow>,
    /// What reads otherwise than in the live release.
    pub changed: Vec<(String, Vec<String>)>,
    pub desks: Vec<DeskRow>,
    /// Why these desks.
    pub tiers: Vec<String>,
    /// Sign-offs of the rounds before an appeal.
    pub earlier: Vec<SignoffRow>,
    pub returned: Vec<SignoffRow>,
    pub points: Vec<PointRow>,
    /// Findings that nobody approves unseen.
    pub accepting: Vec<AcceptRow>,
    pub may_tick: bool,
    pub deadline: Option<(String, &'static str)>,
    /// Who appealed, when and why.
    pub appeal: Option<(String, String, String)>,
    /// What approving and returning are, in the words that a passkey signs; absent where none is asked for.
    pub signed: Option<(String, String)>,
    /// Why the one who looks can't decide.
    pub cannot: Option<String>,
    /// The desks for which the one who looks can sign.
    pub own_desks: Vec<(&'static str, String)>,
    pub release: ReleasePart,
}
pub struct AcceptRow {
    pub key: String,
    pub evidence: String,
    /// By whom, and why.
    pub accepted: Option<(String, String)>,
}
pub struct VerdictRow {
    pub name: String,
    pub value: String,
    /// Of the live release, where it is another.
    pub before: String,
    pub tone: &'static str,
}
pub struct SceneRow {
    pub href: String,
    pub file: String,
    pub title: String,
    pub turns: usize,
    /// Screens that read otherwise than the live release's.
    pub changed: usize,
    pub cost: String,
}
pub struct DeskRow {
    pub name: String,
    pub signoffs: Vec<SignoffRow>,
    /// People of it who must still approve.
    pub missing: usize,
}
pub struct PointRow {
    pub id: &'static str,
    pub text: &'static str,
    pub by: Option<String>,
}

/// A scene, turn by turn, on every channel and beside the live release.
#[derive(Template)]
#[template(path = "console/scene.html")]
pub struct ScenePage {
    pub shell: Desk,
    pub id: String,
    pub card: ProgramCard,
    pub version: String,
    pub title: String,
    pub file: String,
    pub turns: Vec<TurnRow>,
    pub previous: Option<(String, String)>,
    pub next: Option<(String, String)>,
}
pub struct TurnRow {
    pub number: usize,
    pub act: String,
    pub refused: Option<String>,
    pub cost: String,
    /// Functions of the host that were called.
    pub asked: String,
    pub is_changed: bool,
    pub drawings: Vec<DrawnRow>,
}
pub struct DrawnRow {
    pub name: String,
    /// As the channel draws it, where there is a renderer.
    pub html: Option<Html>,
    /// In words, or the sheet behind the drawing.
    pub text: String,
}

pub struct SignoffRow {
    pub by: String,
    pub decision: String,
    pub when: String,
    pub note: String,
}

#[derive(Template)]
#[template(path = "console/programs.html")]
pub struct Programs {
    pub shell: Desk,
    pub query: String,
    pub rows: Vec<ProgramRow>,
}
pub struct ProgramRow {
    pub card: ProgramCard,
    pub live: String,
    pub opened: String,
    pub enabled: String,
    pub state: String,
    pub tone: &'static str,
}

#[derive(Template)]
#[template(path = "console/program.html")]
pub struct Program {
    pub shell: Desk,
    pub card: ProgramCard,
    pub state: String,
    pub tone: &'static str,
    pub stop: Option<StopRow>,
    pub versions: Vec<String>,
    pub live: String,
    pub percent: String,
    pub promotes: bool,
    /// Branches whose settings the reader keeps: id and name.
    pub settings: Vec<(String, String)>,
    /// How its releases go out; absent before the first.
    pub part: Option<super::rollouts::RolloutPart>,
    pub all_branches: bool,
    pub branches: Vec<BranchRow>,
    pub may_open: bool,
    pub may_stop: bool,
    pub reads_consents: bool,
    /// What stopping and lifting are, in the words that a passkey signs; absent where none is asked for.
    pub signed: Option<String>,
    pub releases: Vec<ReleaseRow>,
}
impl Program {
    /// Whether the one who looks can change anything.
    fn may_save(&self) -> bool {
        self.may_open || self.branches.iter().any(|branch| branch.may_enable)
    }
}
pub struct StopRow {
    pub reason: String,
    pub by: String,
    pub when: String,
    pub href: String,
}
pub struct BranchRow {
    pub id: String,
    pub name: String,
    pub opened: bool,
    pub enabled: bool,
    pub may_enable: bool,
}
pub struct ReleaseRow {
    pub id: String,
    pub version: String,
    pub when: String,
    pub by: String,
    pub findings: String,
    pub state: String,
    pub tone: &'static str,
}

#[derive(Template)]
#[template(path = "console/audit.html")]
pub struct Audit {
    pub shell: Desk,
    pub query: String,
    pub rows: Vec<AuditRow>,
    pub older: Option<u64>,
}
pub struct AuditRow {
    pub seq: u64,
    pub when: String,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
    /// The first characters of the record's hash.
    pub hash: String,
}

#[derive(Template)]
#[template(path = "console/consents.html")]
pub struct Consents {
    pub shell: Desk,
    pub card: ProgramCard,
    pub rows: Vec<crate::pages::app::view::ConsentRow>,
    pub next: Option<String>,
}

#[derive(Template)]
#[template(path = "console/complaints.html")]
pub struct Complaints {
    pub shell: Desk,
    pub query: String,
    pub state: String,
    pub states: Vec<(&'static str, String)>,
    pub rows: Vec<ComplaintRow>,
}
pub struct ComplaintRow {
    pub id: String,
    pub card: ProgramCard,
    pub text: String,
    pub branch: String,
    pub state: String,
    pub state_tone: &'static str,
    /// What the clock says, and its colour.
    pub clock: String,
    pub tone: &'static str,
    pub when: String,
    pub handler: String,
}
impl ComplaintRow {
    pub fn matches(&self, wanted: &str) -> bool {
        self.card.matches(wanted)
            || [&self.text, &self.branch, &self.handler].iter().any(|it| it.to_lowercase().contains(wanted))
    }
}

#[derive(Template)]
#[template(path = "console/complaint.html")]
pub struct ComplaintPage {
    pub shell: Desk,
    pub id: String,
    pub card: ProgramCard,
    pub state: String,
    pub state_tone: &'static str,
    pub clock: String,
    pub tone: &'static str,
    pub deadline: String,
    pub thread: Vec<SaidRow>,
    /// When, what, by whom; newest first.
    pub steps: Vec<(String, String, String)>,
    pub payment: Option<String>,
    pub is_open: bool,
    pub is_taken: bool,
    pub may_extend: bool,
    pub may_handle: bool,
}
pub struct SaidRow {
    pub by_bank: bool,
    pub text: String,
    pub when: String,
}

#[derive(Template)]
#[template(path = "console/ratings.html")]
pub struct Ratings {
    pub shell: Desk,
    pub state: String,
    pub states: Vec<(&'static str, String)>,
    pub rows: Vec<RatingRow>,
}
pub struct RatingRow {
    pub id: String,
    pub card: ProgramCard,
    pub stars: u8,
    pub about: String,
    pub text: String,
    pub findings: Vec<String>,
    pub state: String,
    pub tone: &'static str,
    pub reason: String,
    pub may_show: bool,
    pub may_take_down: bool,
    pub when: String,
}

/// The cards of a place, to be arranged.
#[derive(Template)]
#[template(path = "console/zone.html")]
pub struct ZoneEdit {
    pub shell: Desk,
    pub title: String,
    pub place: String,
    pub badge: Option<Badge>,
    /// What is live, what waits, and the second person's form.
    pub body: Body,
    pub arranges: bool,
    pub previews: bool,
    pub revision: u64,
    pub rows: Vec<ZoneRow>,
    pub bundles: Vec<BundleRow>,
    /// Programs that have no card there: id and name.
    pub offers: Vec<(String, String)>,
    pub eyes: EyesForm,
}
/// A bundle as it is filled in.
pub struct BundleRow {
    pub name: String,
    /// Tag, language and title.
    pub titles: Vec<(&'static str, String, String)>,
    /// For each place of a card: ids and names of programs, and which is chosen.
    pub choices: Vec<Vec<(String, String, bool)>>,
    pub fields: Fields,
    pub summary: String,
}
pub struct ZoneRow {
    pub card: ProgramCard,
    pub fields: Fields,
    pub summary: String,
    pub is_first: bool,
    pub is_last: bool,
    /// The button that has the focus: `up`, `down` or none.
    pub focus: &'static str,
}

#[derive(Template)]
#[template(path = "console/zone_preview.html")]
pub struct ZonePreview {
    pub shell: Desk,
    pub title: String,
    pub place: String,
    pub name: String,
    pub eyes: EyesForm,
    pub cards: Vec<CardFace>,
    /// What is not there, and why.
    pub missing: Vec<(String, String)>,
}

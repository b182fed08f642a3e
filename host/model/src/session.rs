//! A session is a log that only the host numbers.

use crate::bytes::Bytes;
use crate::code::{self, Code};
use crate::digest::Digest;
use crate::ids::{BranchId, CustomerId, DeviceId, ProgramId, ReleaseId, SessionId, StaffId, TicketId};
use crate::journey::Journey;
use crate::limits::{ARMED_MS_MAX, SHEET_DEAD_MS};
use crate::matter::Matter;
use crate::money::Money;
use crate::payment::{Payment, Status};
use crate::program::{Actor, Channel, Event, Surface};
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::sheet::{Arms, Asked, Behind};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is fixed when a session opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    pub id: SessionId,
    pub program: ProgramId,
    /// The release that it was opened with; [`Session::release`] is the one that it has now.
    pub release: ReleaseId,
    pub branch: BranchId,
    /// Absent in a background session. For staff it is the staff member's own customer record.
    pub customer: Option<CustomerId>,
    pub staff: Option<StaffId>,
    /// The pairwise id that the program sees; empty in a background session.
    pub subject: String,
    pub actor: Actor,
    pub surface: Surface,
    pub channel: Channel,
    pub locale: String,
    pub zone: String,
    pub elder_mode: bool,
    pub practice: bool,
    /// 32 secret bytes; the seed of a step is the digest of these and its position.
    pub seed: Bytes,
    pub opened_ms: i64,
}

/// A session as it stands at its newest position. What is large or never changes is shared by its copies.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub opening: Arc<Opening>,
    /// 1 after `open`, one more with each step and each decided sheet.
    pub position: u64,
    pub state: Vec<u8>,
    pub screen: Arc<Screen>,
    pub standing: Standing,
    pub updated_ms: i64,
}

impl Session {
    /// The release that performs its events.
    pub fn release(&self) -> &ReleaseId {
        self.standing.release.as_ref().unwrap_or(&self.opening.release)
    }
    /// Where its customer is.
    pub fn channel(&self) -> Channel {
        self.standing.channel.unwrap_or(self.opening.channel)
    }
    /// The visit that what happens at a channel belongs to: the one that it is in, or the next where that one was
    /// elsewhere.
    pub fn visit_at(&self, channel: Channel) -> Option<Journey> {
        let journey = self.standing.journey.as_ref()?;
        let was = journey.channel.unwrap_or(self.channel());
        Some(if was == channel { journey.clone() } else { journey.moves_on(channel, self.standing.sheet.is_some()) })
    }
}

/// The small changing facts of a session, kept as one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub state_schema: u32,
    /// The open sheet.
    pub sheet: Option<OpenSheet>,
    pub armed: Option<Armed>,
    pub watch: Vec<String>,
    /// Tickets made and neither used nor closed.
    pub tickets_open: u32,
    pub wakeups_pending: u32,
    /// Calls to partners whose answer the program has not had yet.
    #[serde(default)]
    pub partner_calls_open: u32,
    /// The release that it has gone on to; absent where it is the one it was opened with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<ReleaseId>,
    /// The channel that it has gone on to; absent where it is the one it was opened on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The sign-in that took it over: no other acts in it until it is given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<Digest>,
    /// When presence was last proved on a sheet of this session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved_ms: Option<i64>,
    /// The visit that is counted; absent where none is: with play money, and where nobody looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journey: Option<Journey>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSheet {
    pub ticket: TicketId,
    pub behind: Behind,
    pub shown_ms: i64,
    /// Random, part of what the confirmation is bound to.
    pub nonce: String,
}

/// Exactly the money that a tap agreed to, and the chain of events in which a ticket may be made for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Armed {
    pub money: Money,
    /// The node tapped.
    pub node: String,
    /// The position that the arming event made; names the chain.
    pub chain: u64,
    pub until_ms: i64,
}

/// How far one device has come in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceMark {
    pub device: DeviceId,
    pub client_seq: u64,
    pub event_digest: Digest,
    /// The position that its newest event made.
    pub position: u64,
}

/// What an event of a device is, by the device's own numbering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// The next one: perform it.
    Next,
    /// The device's newest, sent again: answer with what was recorded at this position.
    Recorded(u64),
    /// One before the newest, sent again: look its step up by number, and compare the digest there
    /// ([`begin_older`]).
    RecordedOlder,
    /// The number was used for another event.
    Conflict,
    /// A number before it is missing.
    Gap,
}

/// Reads an event's number against how far its device has come. A number is used up only by a commit, so a failed
/// attempt is simply `Next` again.
pub fn begin(mark: Option<&DeviceMark>, client_seq: u64, event_digest: &Digest) -> Begin {
    let newest = mark.map_or(0, |mark| mark.client_seq);
    match (mark, client_seq) {
        (_, 0) => Begin::Gap,
        (_, seq) if seq == newest + 1 => Begin::Next,
        (Some(mark), seq) if seq == newest && mark.event_digest == *event_digest => Begin::Recorded(mark.position),
        (Some(_), seq) if seq == newest => Begin::Conflict,
        (Some(_), seq) if seq < newest => Begin::RecordedOlder,
        _ => Begin::Gap,
    }
}

/// The same for an older number, once its step is found: the digest and position that it was recorded with.
pub fn begin_older(recorded: Option<(&Digest, u64)>, event_digest: &Digest) -> Begin {
    match recorded {
        Some((digest, position)) if digest == event_digest => Begin::Recorded(position),
        _ => Begin::Conflict,
    }
}

/// What an event does to the armed money, before the program runs. `position` is the one that the event makes.
///
/// A customer's event disarms whatever was armed, and arms the amount of the button that it presses on the stored
/// `screen`; a host-made one leaves what is armed and not over.
pub fn arm(standing: &mut Standing, event: &Event, screen: &Screen, position: u64, now_ms: i64) {
    if !event.is_customers() {
        standing.armed = standing.armed.take().filter(|armed| now_ms <= armed.until_ms);
        return;
    }
    let node = match event {
        Event::Tapped { id, .. } => id,
        Event::Submitted { button, .. } => button,
        _ => "",
    };
    standing.armed = screen.armed_by(event).map(|money| Armed {
        money,
        node: node.to_owned(),
        chain: position,
        until_ms: now_ms + ARMED_MS_MAX,
    });
}

/// Why a step may not show the sheet that it asks for. The whole step is then refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetRefusal {
    EventOpensNone,
    Surface,
    ForeignTicket,
    AlreadyOpen,
    TicketUsed,
    Expired,
    NothingToPay,
    PayeeUnknown,
    NotArmed,
    ArmingOver,
    OtherChain,
    CurrencyDiffers,
    AmountDiffers,
}

impl SheetRefusal {
    pub fn code(self) -> &'static Code {
        match self {
            SheetRefusal::EventOpensNone => code::SHEET_EVENT_OPENS_NONE,
            SheetRefusal::Surface => code::SHEET_SURFACE,
            SheetRefusal::ForeignTicket => code::SHEET_FOREIGN_TICKET,
            SheetRefusal::AlreadyOpen => code::SHEET_ALREADY_OPEN,
            SheetRefusal::TicketUsed => code::SHEET_TICKET_USED,
            SheetRefusal::Expired => code::SHEET_EXPIRED,
            SheetRefusal::NothingToPay => code::SHEET_NOTHING_TO_PAY,
            SheetRefusal::PayeeUnknown => code::SHEET_PAYEE_UNKNOWN,
            SheetRefusal::NotArmed => code::SHEET_NOT_ARMED,
            SheetRefusal::ArmingOver => code::SHEET_ARMING_OVER,
            SheetRefusal::OtherChain => code::SHEET_OTHER_CHAIN,
            SheetRefusal::CurrencyDiffers => code::SHEET_CURRENCY_DIFFERS,
            SheetRefusal::AmountDiffers => code::SHEET_AMOUNT_DIFFERS,
        }
    }
}

/// What a step would open a sheet of.
#[derive(Debug, Clone)]
pub struct Opens<'a> {
    pub session: Option<&'a SessionId>,
    pub customer: Option<&'a CustomerId>,
    /// Not yet shown.
    pub fresh: bool,
    pub until_ms: i64,
    /// The money that must be armed, where the sheet is about money.
    pub arms: Option<Arms>,
    /// Everybody who is paid has a legal name.
    pub payees_named: bool,
}

impl<'a> Opens<'a> {
    pub fn of_payment(payment: &'a Payment) -> Self {
        Self {
            session: Some(&payment.session),
            customer: Some(&payment.customer),
            fresh: payment.status == Status::Draft,
            until_ms: payment.expires_ms,
            arms: Some(Arms { money: payment.payable, chain: payment.armed_chain }),
            payees_named: payment.legs.iter().all(|leg| !leg.legal_name.trim().is_empty()),
        }
    }
    pub fn of_matter(matter: &'a Matter) -> Self {
        let (fresh, arms) = match &matter.asked {
            Some(Asked::Waiting { arms, .. }) => (true, arms.clone()),
            _ => (false, None),
        };
        let until_ms = matter.asked.as_ref().and_then(Asked::until_ms).unwrap_or(matter.updated_ms);
        let (session, customer) = (matter.session.as_ref(), matter.customer.as_ref());
        Self { session, customer, fresh, until_ms, arms, payees_named: true }
    }
}

/// Whether a step may open a sheet. `standing` is the session's after [`arm`]; `event` is what the step answers,
/// absent for `open`.
pub fn may_open(
    opening: &Opening,
    standing: &Standing,
    opens: &Opens<'_>,
    event: Option<&Event>,
    now_ms: i64,
) -> Result<(), SheetRefusal> {
    let may = matches!(
        event,
        Some(Event::Tapped { .. } | Event::Submitted { .. } | Event::Replied { .. } | Event::Woken { .. })
    );
    if !may {
        return Err(SheetRefusal::EventOpensNone);
    }
    if matches!(opening.surface, Surface::Card | Surface::Background) {
        return Err(SheetRefusal::Surface);
    }
    if opens.session != Some(&opening.id) || opens.customer != opening.customer.as_ref() || opens.customer.is_none() {
        return Err(SheetRefusal::ForeignTicket);
    }
    if standing.sheet.is_some() {
        return Err(SheetRefusal::AlreadyOpen);
    }
    if !opens.fresh {
        return Err(SheetRefusal::TicketUsed);
    }
    if now_ms >= opens.until_ms {
        return Err(SheetRefusal::Expired);
    }
    if opens.arms.as_ref().is_some_and(|arms| arms.money.minor <= 0) {
        return Err(SheetRefusal::NothingToPay);
    }
    if !opens.payees_named {
        return Err(SheetRefusal::PayeeUnknown);
    }
    opens.arms.as_ref().map_or(Ok(()), |arms| is_armed(standing, arms, now_ms))
}

/// Whether exactly this money is armed, in the chain in which the ticket was made.
fn is_armed(standing: &Standing, arms: &Arms, now_ms: i64) -> Result<(), SheetRefusal> {
    let armed = standing.armed.as_ref().ok_or(SheetRefusal::NotArmed)?;
    match armed {
        _ if now_ms > armed.until_ms => Err(SheetRefusal::ArmingOver),
        _ if arms.chain != Some(armed.chain) => Err(SheetRefusal::OtherChain),
        _ if arms.money.currency != armed.money.currency => Err(SheetRefusal::CurrencyDiffers),
        _ if arms.money.minor != armed.money.minor => Err(SheetRefusal::AmountDiffers),
        _ => Ok(()),
    }
}

/// Opens a sheet that [`may_open`] allowed. Opening disarms: one tap, one sheet.
pub fn open_sheet(standing: &mut Standing, ticket: TicketId, behind: Behind, nonce: String, now_ms: i64) {
    standing.armed = None;
    standing.sheet = Some(OpenSheet { ticket, behind, shown_ms: now_ms, nonce });
}

/// Whether the customer may decide the sheet of `ticket` now. Declining is never too soon.
pub fn may_decide<'a>(
    standing: &'a Standing,
    ticket: &TicketId,
    expires_ms: i64,
    confirms: bool,
    now_ms: i64,
) -> Result<&'a OpenSheet, Refusal> {
    let sheet = standing.sheet.as_ref().filter(|sheet| sheet.ticket == *ticket);
    let sheet = sheet.ok_or_else(|| Refusal::of(code::SHEET_NOT_OPEN, ticket.as_str()))?;
    if confirms && now_ms >= expires_ms {
        return Err(Refusal::of(code::SHEET_EXPIRED, format!("at {expires_ms}")));
    }
    let alive_ms = sheet.shown_ms + SHEET_DEAD_MS;
    if confirms && now_ms < alive_ms {
        let wait_ms = (alive_ms - now_ms).clamp(1, SHEET_DEAD_MS) as u64;
        return Err(Refusal::of(code::SHEET_TOO_SOON, format!("shown at {}", sheet.shown_ms)).retry_after(wait_ms));
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests;

//! Applying for something at head office: somebody applies, head office makes an offer, another person of head office
//! approves exactly that. Only then is there what was applied for: a merchant, a publisher's qualification.
//!
//! | state | Offer | Decide | TurnDown | Withdraw |
//! |---|---|---|---|---|
//! | submitted | offered | - | turned-down | withdrawn |
//! | offered | offered | approved, or submitted where sent back | turned-down | withdrawn |
//! | any other | - | - | - | - |

use crate::code::{self, Code};
use crate::identity::Who;
use crate::ids::PublisherId;
use crate::proposal::{self, By, Decided, Proposal, Verdict};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What head office offers.
pub trait Offered: Serialize + Clone {
    /// The refusal where the application's state does not allow it.
    const STATE: &'static Code;
    fn check(&self) -> Result<(), Refusal>;
}

/// The body of its matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application<O> {
    pub applicant: Who,
    /// The human being behind an applicant of the staff.
    #[serde(default)]
    pub person: Option<String>,
    /// The publisher that the applicant works for.
    #[serde(default)]
    pub publisher: Option<PublisherId>,
    pub state: State,
    #[serde(default = "Option::default")]
    pub offer: Option<Proposal<O>>,
    /// Why it was turned down.
    #[serde(default)]
    pub note: Option<String>,
    pub made_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Submitted,
    /// One person of head office has made an offer; another must approve it.
    Offered,
    Approved,
    TurnedDown,
    Withdrawn,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command<O> {
    Offer(O),
    /// On exactly the offer that was seen. Sent back, it waits for another offer.
    Decide(Verdict),
    TurnDown {
        note: String,
    },
    /// By the applicant.
    Withdraw,
}

impl<O: Offered> Application<O> {
    pub fn new(applicant: Who, person: Option<String>, publisher: Option<PublisherId>, now_ms: i64) -> Self {
        let (state, offer, note) = (State::Submitted, None, None);
        Self { applicant, person, publisher, state, offer, note, made_ms: now_ms }
    }
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Submitted | State::Offered)
    }
    /// Nobody decides on their own application.
    fn check_other(&self, by: &By) -> Result<(), Refusal> {
        let same_account = matches!(&self.applicant, Who::Staff(staff) if *staff == by.staff);
        if same_account || self.person.as_ref() == Some(&by.person) {
            return Err(Refusal::of(code::PROPOSAL_OWN_WORK, by.staff.as_str()));
        }
        Ok(())
    }
}

/// The application after a command. `by` is absent where the applicant acts.
pub fn apply<O: Offered>(
    application: &Application<O>,
    command: Command<O>,
    by: Option<&By>,
    now_ms: i64,
) -> Result<Application<O>, Refusal> {
    let state = || Refusal::of(O::STATE, format!("it is {:?}", application.state));
    if !application.is_open() {
        return Err(state());
    }
    let mut next = application.clone();
    match (command, by) {
        (Command::Withdraw, None) => next.state = State::Withdrawn,
        (Command::Offer(offer), Some(by)) => {
            application.check_other(by)?;
            offer.check()?;
            next.offer = Some(Proposal::new(offer, by.clone(), now_ms));
            next.state = State::Offered;
        }
        (Command::Decide(verdict), Some(by)) => {
            application.check_other(by)?;
            match proposal::decide(application.offer.as_ref(), verdict, by, now_ms)? {
                Decided::Approved(_) => next.state = State::Approved,
                Decided::Returned(returned) => {
                    next.offer = Some(returned);
                    next.state = State::Submitted;
                }
            }
        }
        (Command::TurnDown { note }, Some(by)) => {
            application.check_other(by)?;
            if note.trim().is_empty() {
                return Err(Refusal::of(code::PROPOSAL_NOTE_MISSING, "no note"));
            }
            next.state = State::TurnedDown;
            next.note = Some(note.trim().to_owned());
        }
        _ => return Err(state()),
    }
    Ok(next)
}

//! Who may do what: one table from role to action, one rule of reach, and one function that both are asked through.
//!
//! A role is held at a place and reaches everything below it. Developers reach their own publisher's work wherever it
//! runs, and nobody else's. What somebody may not even know of is hidden: the answer is the same as if it were not
//! there.

use crate::ids::{CustomerId, PlaceId, PublisherId};
use crate::place::{Role, Staff};

macro_rules! actions {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal by $($role:ident)|*;)*) => {
        /// What can be done, as far as it needs a right.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[doc = $doc])* $name,)*
        }
        impl Action {
            pub const ALL: &[Action] = &[$(Action::$name),*];
            /// Such as `release.publish`.
            pub fn as_str(self) -> &'static str {
                match self { $(Action::$name => $word),* }
            }
        }
        /// Whether a role may do this, where it reaches. The table itself.
        pub fn allows(role: Role, action: Action) -> bool {
            match action { $(Action::$name => matches!(role, $(Role::$role)|*)),* }
        }
    };
}

actions! {
    /// Upload releases of one's own publisher, and make its programs.
    Publish = "release.publish" by Developer;
    /// File one's own publisher's documents, and apply for its qualification.
    ApplyQualified = "publisher.apply" by Developer;
    /// See publishers with their files, qualifications and keys.
    ReadPublishers = "publisher.read" by Reviewer | Product | Risk | Operations | Technology | HeadOfficeManager | DutyOfficer | Auditor;
    /// Offer a publisher a qualification.
    QualifyPublishers = "publisher.qualify" by Risk | HeadOfficeManager;
    /// Decide on what somebody else has offered a publisher.
    DecidePublishers = "publisher.decide" by Risk | Reviewer | HeadOfficeManager;
    /// Load what is known against packages that programs are built from.
    LoadAdvisories = "advisory.load" by Technology | HeadOfficeManager;
    /// Register and replace the keys that one's own publisher signs with.
    KeepKeys = "publisher-key.keep" by Developer;
    /// Revoke a key at once.
    RevokeKeys = "publisher-key.revoke" by Developer | HeadOfficeManager | DutyOfficer;
    /// See a release with its findings.
    ReadRelease = "release.read" by Developer | Reviewer | Product | Risk | Operations | Technology | HeadOfficeManager | DutyOfficer | Auditor;
    /// Make codes that lead into a program, and take them out of use: a publisher for its own, a branch for itself.
    MakeCodes = "launch-code.make" by Developer | HeadOfficeManager | BranchOperator | Manager;
    /// Read a program's log: it may tell of customers, so the branch's own people don't see it.
    ReadLog = "log.read" by Developer | HeadOfficeManager | DutyOfficer | Auditor;
    /// Decide on releases, for the desk that one works at.
    Review = "release.review" by Reviewer | Product | Risk | Operations | Technology;
    /// See a rollout.
    ReadRollout = "rollout.read" by Product | Risk | Operations | Technology | Developer | Reviewer | HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// Choose the release and the branches that may have it.
    OpenProgram = "rollout.open" by HeadOfficeManager;
    /// Take a release away from people: pause, lower, roll back.
    HoldRollout = "rollout.hold" by HeadOfficeManager | DutyOfficer;
    /// Plan and end times in which no release goes to more people; let a program through, as another person.
    KeepCalendar = "calendar.keep" by HeadOfficeManager;
    /// Decide that a program is let through a freeze.
    DecideException = "calendar.decide" by Reviewer | HeadOfficeManager;
    /// Propose that a program go to a region or to the bank, and to whom it belongs there.
    Promote = "program.promote" by HeadOfficeManager;
    /// Decide that it does.
    DecidePromotion = "promotion.decide" by Reviewer | HeadOfficeManager;
    /// Switch an opened program on or off in a branch.
    EnableProgram = "rollout.enable" by HeadOfficeManager | BranchOperator;
    /// Set a branch's own values for a program.
    ConfigureProgram = "program.configure" by HeadOfficeManager | BranchOperator | Manager;
    /// Propose where a partner's system is: a publisher for its programs, a branch for itself.
    ProposeEndpoint = "endpoint.propose" by Developer | BranchOperator | Manager;
    /// Decide where a partner's system may be, and what may go there.
    ReviewEndpoint = "endpoint.review" by Reviewer | HeadOfficeManager;
    /// See endpoints and what was delivered.
    ReadEndpoints = "endpoint.read" by Product | Risk | Operations | Technology | Developer | Reviewer | HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// Take an endpoint out of use at once.
    WithdrawEndpoint = "endpoint.withdraw" by Developer | HeadOfficeManager | DutyOfficer | BranchOperator;
    /// Propose the words of a program's notices.
    ProposeTemplate = "notice.propose" by Developer;
    /// Decide on them, for every branch that has the program.
    ReviewTemplate = "notice.review" by Reviewer | HeadOfficeManager;
    /// See templates and how they stand.
    ReadTemplates = "notice.read" by Product | Risk | Operations | Technology | Developer | Reviewer | HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// Take the words of notices out of use at once.
    WithdrawTemplate = "notice.withdraw" by Developer | HeadOfficeManager | DutyOfficer;
    /// Read and answer what a branch's customers write to their customer manager.
    TalkToCustomers = "thread.talk" by CustomerManager;
    /// See content with its versions and findings, before and after it is shown.
    ReadContent = "content.read" by Product | Risk | Operations | Technology | Reviewer | HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// Write content for a place, and put it forward.
    WriteContent = "content.write" by HeadOfficeManager | BranchOperator | Manager;
    /// Decide on content, as one who has not written it.
    ReviewContent = "content.review" by Reviewer;
    /// Take content down at once, and restore it.
    TakeDownContent = "content.take-down" by HeadOfficeManager | DutyOfficer;
    /// Take ratings down, and let those be shown that the machine held back.
    ModerateRatings = "rating.moderate" by Reviewer | HeadOfficeManager | DutyOfficer;
    /// See complaints and how they stand.
    ReadComplaints = "complaint.read" by HeadOfficeManager | DutyOfficer | Auditor;
    /// Take up and answer complaints. Nobody of a branch or publisher does.
    HandleComplaints = "complaint.handle" by HeadOfficeManager;
    /// See the cards of a place's zone page, and what waits for a second person.
    ReadZones = "zone.read" by Reviewer | HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// Arrange the cards of a place.
    ArrangeZone = "zone.arrange" by HeadOfficeManager | BranchOperator | Manager;
    /// Decide on what somebody else arranged, and look at it as a customer would.
    DecideZone = "zone.decide" by Reviewer | HeadOfficeManager | BranchOperator | Manager;
    /// See campaigns, their funders and what they have cost.
    ReadCampaigns = "campaign.read" by Developer | Reviewer | HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// Propose a campaign, and make its one-time codes.
    ProposeCampaign = "campaign.propose" by HeadOfficeManager | BranchOperator | Manager;
    /// Accept a funder's share: for their merchant, their branch, or head office.
    AcceptCampaign = "campaign.accept" by Developer | Reviewer | HeadOfficeManager | BranchOperator | Manager;
    /// Stop a campaign at once.
    StopCampaign = "campaign.stop" by HeadOfficeManager | DutyOfficer | BranchOperator;
    /// See which programs hold what about customers, and when they read it; never the values themselves.
    ReadConsents = "consent.read" by HeadOfficeManager | Auditor;
    /// See merchants with their shops, people and contracts.
    ReadMerchants = "merchant.read" by Reviewer | HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// Propose what a merchant is charged, offer a contract to who applies, close a merchant.
    ProposeTerms = "merchant.propose" by HeadOfficeManager;
    /// Decide on what somebody else proposed for a merchant.
    DecideTerms = "merchant.decide" by Reviewer | HeadOfficeManager;
    /// See what payments, ledger and rail don't agree on.
    ReadBreaks = "break.read" by Reviewer | HeadOfficeManager | DutyOfficer | Auditor;
    /// Propose a transfer that puts a break right.
    ProposeCorrection = "correction.propose" by HeadOfficeManager | DutyOfficer;
    /// Decide on a correction that somebody else proposed.
    DecideCorrection = "correction.decide" by Reviewer | HeadOfficeManager;
    /// See limits on spending and the rules that movements are looked at by.
    ReadRules = "rule.read" by Reviewer | HeadOfficeManager | DutyOfficer | Auditor;
    /// Propose limits and rules.
    ProposeRules = "rule.propose" by HeadOfficeManager;
    /// Decide on limits and rules that somebody else proposed.
    DecideRules = "rule.decide" by Reviewer | HeadOfficeManager;
    /// See payments that are held.
    ReadHeld = "held.read" by HeadOfficeManager | DutyOfficer | Auditor;
    /// Let a held payment go, or decline it.
    DecideHeld = "held.decide" by HeadOfficeManager | DutyOfficer;
    /// See what other rails were told, and how it stands.
    ReadRails = "rail.read" by HeadOfficeManager | DutyOfficer | Auditor;
    /// Confirm that cash was received, for a merchant of the branch.
    CountCash = "cash.count" by BranchOperator | Manager | Clerk;
    /// See disputes: the branch those of its customers.
    ReadDisputes = "dispute.read" by HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// Answer a dispute for the branch, or for a merchant that has nobody.
    AnswerDisputes = "dispute.answer" by BranchOperator | Manager;
    /// Decide disputes, and give money back.
    DecideDisputes = "dispute.decide" by HeadOfficeManager;
    /// Put money into a program's budget, or take it out: a merchant's own people for it, a branch's for theirs.
    FundProgram = "budget.fund" by Developer | BranchOperator;
    /// Stop something at once, and lift the stop.
    Stop = "stop.make" by HeadOfficeManager | DutyOfficer;
    /// See what is stopped and why.
    ReadStops = "stop.read" by Product | Risk | Operations | Technology | Developer | Reviewer | HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// See incidents, whom they met, and their evidence: risk judges and reports them, operations deals with whom they met.
    ReadIncidents = "incident.read" by Reviewer | Risk | Operations | HeadOfficeManager | DutyOfficer | Auditor;
    /// Open incidents, write on them, propose what is done for customers.
    KeepIncidents = "incident.keep" by HeadOfficeManager | DutyOfficer;
    /// Decide on money back, and on word, for all who were affected.
    DecideRemedies = "incident.decide" by HeadOfficeManager | DutyOfficer;
    /// See what programs did beyond their habit: no customer is in it, so that technology, who finds the cause, sees it.
    ReadAlerts = "alert.read" by Reviewer | Risk | Operations | Technology | HeadOfficeManager | DutyOfficer | Auditor;
    /// Take an alert, so that it is told no more.
    TakeAlerts = "alert.take" by HeadOfficeManager | DutyOfficer;
    /// See every program with its owner, use, permissions and incidents, as the regulator does: product and risk act on
    /// its advice.
    ReadInventory = "inventory.read" by Reviewer | Product | Risk | HeadOfficeManager | DutyOfficer | Auditor;
    /// Retire a program for good: what customers have of it stays.
    RetireProgram = "program.retire" by HeadOfficeManager;
    /// See the organisation: its places, its people and what they may do.
    ReadOrganisation = "organisation.read" by Reviewer | HeadOfficeManager | DutyOfficer | Auditor;
    /// Decide on the rights that somebody else proposed for a person.
    DecideAccess = "organisation.decide" by HeadOfficeManager | Reviewer;
    /// Keep the organisation: places, staff, publishers, merchants.
    KeepOrganisation = "organisation.keep" by HeadOfficeManager;
    /// See a place's kiosks.
    ReadKiosks = "kiosk.read" by HeadOfficeManager | DutyOfficer | BranchOperator | Manager | Auditor;
    /// Register a branch's kiosks, and take them out of use.
    KeepKiosks = "kiosk.keep" by HeadOfficeManager | BranchOperator;
    /// Make tokens for machines of the bank and its partners, and revoke them.
    KeepMachines = "machine.keep" by HeadOfficeManager;
    /// Get tickets for customers of the bank's own app. A person's token does not do it.
    IssueTickets = "app-ticket.issue" by HeadOfficeManager;
    /// See partners' pages that show programs, and those that wait.
    ReadEmbeds = "embed.read" by Reviewer | Risk | HeadOfficeManager | DutyOfficer | Auditor;
    /// Propose which pages of a partner show which programs, and make their secrets.
    ProposeEmbed = "embed.propose" by HeadOfficeManager;
    /// Decide on what somebody else proposed.
    DecideEmbed = "embed.decide" by Reviewer | Risk | HeadOfficeManager;
    /// Take a partner's page away at once.
    WithdrawEmbed = "embed.withdraw" by HeadOfficeManager | DutyOfficer;
    /// Get visitors for a partner whose own server draws. A person's token does not do it.
    ServeEmbed = "embed.serve" by HeadOfficeManager;
    /// Serve customers in a program as its staff actor.
    ServeCustomers = "program.serve" by Manager | Clerk;
    /// Read the audit trail.
    ReadAudit = "audit.read" by HeadOfficeManager | Auditor;
    /// Use one's own sessions, payments and data.
    UseOwn = "customer.own" by Developer | Reviewer | Product | Risk | Operations | Technology | HeadOfficeManager | DutyOfficer | BranchOperator | Manager | CustomerManager | Clerk | Auditor;
}

impl Action {
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text)
    }
}

/// What needs a fresh proof of presence from a member of staff: approving, stopping and lifting, and who may sign in.
/// Whatever comes to move a limit or money by hand belongs here too.
pub const NEEDS_PRESENCE: &[Action] = &[
    Action::Review,
    Action::Stop,
    Action::KeepKeys,
    Action::RevokeKeys,
    Action::KeepOrganisation,
    Action::DecideAccess,
    Action::DecidePublishers,
    Action::AcceptCampaign,
    Action::DecideTerms,
    Action::DecideRules,
    Action::DecideCorrection,
    Action::DecideHeld,
    Action::DecideDisputes,
    Action::FundProgram,
    Action::DecideException,
    Action::DecidePromotion,
    Action::DecideRemedies,
    Action::RetireProgram,
    Action::KeepMachines,
    Action::DecideEmbed,
];

/// What a publisher's machine may be given: publishing and looking, nothing that a person must answer for.
pub const MACHINE_SCOPES: &[Action] = &[Action::Publish, Action::ReadRelease, Action::ReadLog, Action::ReadRollout];

/// What a machine of the bank's own may be given: one thing that no person does.
pub const BANK_MACHINE_SCOPES: &[Action] = &[Action::IssueTickets, Action::ServeEmbed];

/// The bank's word on proofs of presence by staff.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StepUp {
    /// Asked of whoever has a passkey. Nobody else is kept from acting: a stop can't wait for a registration.
    #[default]
    Optional,
    /// Asked of everybody: who has no passkey does none of it.
    Required,
}

/// Whether a member of staff must prove presence for an action.
pub fn asks_presence(action: Action, bank: StepUp, has_passkey: bool) -> bool {
    NEEDS_PRESENCE.contains(&action) && (has_passkey || bank == StepUp::Required)
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum Asking<'a> {
    Nobody,
    Customer(&'a CustomerId),
    Staff(&'a Staff),
}

/// What it is about. What is absent doesn't matter to the question.
#[derive(Debug, Clone, Copy, Default)]
pub struct Resource<'a> {
    /// Where it is done: a branch, a region, or the bank for what concerns all of it.
    pub place: Option<&'a PlaceId>,
    /// Whose work it is.
    pub publisher: Option<&'a PublisherId>,
    /// Whose own it is.
    pub customer: Option<&'a CustomerId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Allow,
    /// They may know of it, and not do this.
    Forbid,
    /// They may not know of it: answer as if it were not there.
    Hide,
}

/// Decides. `is_within(place, above)` says whether a place lies at or below another.
pub fn decide(
    asking: Asking,
    action: Action,
    resource: Resource,
    is_within: impl Fn(&PlaceId, &PlaceId) -> bool,
) -> Decision {
    let owner = match asking {
        Asking::Nobody => return if resource.customer.is_some() { Decision::Hide } else { Decision::Forbid },
        Asking::Customer(customer) => customer,
        Asking::Staff(staff) => &staff.customer,
    };
    // One's own is one's own in every role, and nobody else's in any.
    if let Some(customer) = resource.customer {
        return match (customer == owner, action) {
            (true, Action::UseOwn) => Decision::Allow,
            (true, _) => Decision::Forbid,
            (false, _) => Decision::Hide,
        };
    }
    let Asking::Staff(staff) = asking else { return Decision::Hide };
    if action == Action::UseOwn {
        return Decision::Forbid;
    }
    let reaches = |role: Role, at: &PlaceId| {
        if role == Role::Developer {
            return resource.publisher.is_some() && resource.publisher == staff.publisher.as_ref();
        }
        resource.place.is_none_or(|place| is_within(place, at))
    };
    let mut reaching = staff.roles.iter().filter(|(role, at)| reaches(*role, at)).peekable();
    if reaching.peek().is_none() {
        return Decision::Hide;
    }
    if reaching.any(|(role, _)| allows(*role, action)) { Decision::Allow } else { Decision::Forbid }
}

#[cfg(test)]
mod tests;

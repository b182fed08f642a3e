//! The shapes of the HTTP API. What comes in is text until `parsed` has made the product's own types of it.

mod agreement;
mod alert;
mod app_ticket;
mod attachment;
mod bank;
mod books;
mod campaign;
mod card;
mod cash;
mod channel;
mod consent;
mod content;
mod customer;
mod dispute;
mod embed;
mod endpoint;
mod feedback;
mod gift;
mod identity;
mod incident;
mod inventory;
mod launch_code;
mod mandate;
mod merchant;
mod notice;
mod organisation;
mod pay_code;
mod promotion;
mod publisher;
mod publisher_key;
mod rail;
mod reconciliation;
mod recording;
mod relationship;
mod release;
mod rollout;
mod rule;
mod session;
mod setting;
mod stop;
mod trial;
mod zone_page;

pub use agreement::{Agreement, Agreements};
pub use alert::{AlertRecord, Alerts, TakeAlert};
pub use app_ticket::{AppTicket, AppTicketsEnded, IssueAppTicket};
pub use attachment::{UploadName, UploadedFile};
pub use bank::{Audit, AuditQuery, Checkpoints, CheckpointsQuery, Keys, Readiness, Signed};
pub use books::{ClosedDays, StatementQuery, Statements};
pub use campaign::{
    CampaignRecord, CampaignStep, Campaigns, ClaimCoupon, CouponCodes, CouponRecord, Coupons, MakeCouponCodes,
    ProposeCampaign, StepCampaign, funder, standing,
};
pub use card::{BindCard, CardBinding, CardRecord, Cards};
pub use cash::{CashRecord, CashToCount};
pub use channel::{
    ChatMessage, HandOver, HandOverState, Kiosk, KioskVisit, Kiosks, LendSignIn, RegisterKiosk, RegisteredKiosk,
    TakeBack, TakeHandOver,
};
pub use consent::{Consent, ConsentWithReads, Consents, DisclosureRecord, Disclosures};
pub use content::{
    ContentQuery, ContentRecord, ContentRecords, CreateEntry, DecideVersion, Library, LibraryEntry, LibraryQuery,
    Picture, Pictures, SetStock, SubmitVersion, TakeDown, WriteVersion,
};
pub use customer::{After, Booked, Operation, Payment, PaymentLine, Payments, SignIn, SignedIn, Who};
pub use dispute::{AnswerDispute, DecideDispute, DisputeEvidence, DisputeRecord, Disputes, OpenDispute, SayDispute};
pub use embed::{Embed, EmbedEntered, Embeds, EnterEmbed, ProposeEmbed, VisitEmbed, WithdrawEmbed};
pub use endpoint::{
    DecideEndpoint, Deliveries, Endpoint, EndpointQuery, EndpointSecrets, Endpoints, FillField, FilledField,
    PartnerMessage, ProposeEndpoint, RotateSecret, WithdrawEndpoint,
};
pub use feedback::{
    Complain, ComplaintRecord, Complaints, HandleComplaint, ModerateRating, RatePayment, RatingRecord, Ratings,
    ReplyComplaint,
};
pub use gift::{BudgetQuery, BudgetRecord, EnvelopeRecord, Envelopes, MoveBudget, Payouts, ReceivedRecord};
pub use identity::{
    AddPasskey, AnswerStepUp, Asked, BeginStepUp, BindStaff, CodeSent, EraseMe, Factor, MachineToken, MakeMachineToken,
    Nothing, Passkey, Passkeys, Provider, Providers, Rename, StepUpAsked, StepUpGiven, Token, Tokens,
};
pub use incident::{
    IncidentRecord, Incidents, OpenIncident, ProposeIncidentNotice, ProposeRefund, StepIncident, TimelineLine,
};
pub use inventory::{Inventory, RetireProgram, RetiredProgram};
pub use launch_code::{
    Favourites, Journeys, JourneysQuery, LaunchCodeRecord, LaunchCodes, LaunchCodesQuery, MakeLaunchCodes,
};
pub use mandate::{DecideMandate, MandateRecord, Mandates};
pub use merchant::{
    ApplicationRecord, Applications, ApplyMerchant, CloseMerchant, DecideProposal, MaintainMerchant, MerchantRecord,
    Merchants, OfferMerchant, ProposeTerms,
};
pub use notice::{
    ChangeNoticeMail, ChangeNoticeSettings, ChangeProgramNotices, DecideTemplate, NoticeRecord, NoticeSettings,
    NoticeTemplate, NoticeTemplates, Notices, ProposeTemplate, WithdrawTemplate,
};
pub use organisation::{
    AddPublisher, ChangePlace, CloseStaff, FoundPlace, HireStaff, Organisation, PlaceRecord, ProposeAccess,
    PublisherName, StaffRecord,
};
pub use pay_code::{
    AskByPayCode, DecideDirect, DirectPayment, MerchantPayment, PayCodeRecord, PayMerchant, ReadCodes, RefundDirect,
    SetUnasked,
};
pub use promotion::{EvidenceRecord, PromotionRecord, ProposePromotion};
pub use publisher::{
    ApplyPublisher, DocumentQuery, LoadAdvisories, LoadedAdvisories, OfferPublisher, PublisherApplication,
    PublisherApplications, PublisherDocument, PublisherDocuments, PublisherRecord, Publishers,
};
pub use publisher_key::{PublisherKeyRecord, PublisherKeys, RegisterKey, RevokeKey, standing as key_standing};
pub use rail::Instructions;
pub use reconciliation::{BreakQuery, BreakRecord, Breaks, ProposeCorrection, ReconciledDay};
pub use recording::{GiveAway, SessionRecording};
pub use relationship::{EndThread, Thread, ThreadLine, Threads, ThreadsQuery, WriteMessage, Written};
pub use release::{
    AcceptFinding, AppealReview, DecideReview, Line, Logs, LogsQuery, PublishedProgram, PublishedPrograms,
    RegisterProgram, Release, Releases, ReviewEvidence, Reviews, ReviewsQuery, TickPoints,
};
pub use rollout::{
    AskException, Calendar, CalendarStep, ChangeRollout, CommandRollout, FreezeRecord, PlanFreeze, ReleaseFigures,
    RolloutFigures, RolloutState, WithholdPermission,
};
pub use rule::{DecideHeld, HeldPayments, HeldRecord, ProposeLimit, ProposeRisk, RuleRecord, Rules};
pub use session::{ChooseTender, DecideSheet, OpenSession, PostEvent, Programs, ProgramsQuery, Session, ViewSession};
pub use setting::{ProposeSettings, SettingsRecord};
pub use stop::{MakeStop, ProposeLift, StopProgram, StopRecord, Stops};
pub use trial::{MyTrial, MyTrials, OpenTrial, Trial};
pub use zone_page::{ArrangeZone, BundleShown, ZoneCards, ZonePageRecord, ZonePages};

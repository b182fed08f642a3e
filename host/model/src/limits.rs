//! Every limit of the product, in one table: what, how much, why. Tests stand at each edge.

#[macro_use]
mod table;
mod channels;
mod hold;
mod launch;
mod publishing;
mod reach;
mod rollout;
mod sign_in;
mod stop;
mod zone;

pub use channels::*;
pub use launch::*;
pub use publishing::*;
pub use reach::*;
pub use rollout::*;
pub use sign_in::*;
pub use stop::*;
pub use zone::*;

/// One row of the table, for the documentation page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub name: &'static str,
    pub value: u64,
    pub unit: &'static str,
    pub why: &'static str,
}

/// The table itself, in the order of the files.
pub fn table() -> Vec<Limit> {
    [
        rows(),
        reach::rows(),
        sign_in::rows(),
        rollout::rows(),
        stop::rows(),
        publishing::rows(),
        channels::rows(),
        zone::rows(),
        launch::rows(),
    ]
    .concat()
}

limits! {
    /// A call's own computing, measured as thread time: honest steps take well under 5 ms.
    COMPUTE_MS_MAX: u64 = 50, "ms of thread time";
    /// Wall time of computing beside it, so that a starved thread ends too.
    COMPUTE_WALL_MS_MAX: u64 = 250, "ms";
    /// A whole call, host calls included: a customer does not wait longer for a page.
    CALL_MS_MAX: u64 = 2_000, "ms";
    /// How often computing is looked at; a stop takes at most this long to reach a running program.
    EPOCH_TICK_MS: u64 = 5, "ms";
    /// All memories and tables of a sandbox together: JavaScript and Python fit.
    SANDBOX_BYTES_MAX: usize = 64 << 20, "bytes";
    /// Bytes that one host call may bring over: a full storage value with room.
    HOST_CALL_BYTES_MAX: usize = 2 << 20, "bytes";
    /// Host calls of one event: a page that lists and books needs a tenth.
    HOST_CALLS_MAX: u32 = 100, "calls an event";
    /// Arguments of all host calls of one event together: they are kept until the commit, and in the journal.
    HOST_CALLS_BYTES_MAX: usize = 16 << 20, "bytes an event";
    /// Programs that a host keeps loaded: the whole catalogue of a bank's head office.
    PROGRAMS_LOADED_MAX: usize = 256, "programs";
    /// Native code of the programs that are kept loaded; a language runtime alone is 37 MB.
    PROGRAMS_LOADED_BYTES_MAX: usize = 1 << 30, "bytes";
    /// Handles that a component may hold; the contract has none, WASI needs a few.
    COMPONENT_HANDLES_MAX: usize = 1_024, "handles";
    /// State that a program carries from event to event.
    STATE_BYTES_MAX: usize = 64 << 10, "bytes";
    /// A screen as JSON: WeChat's own audit allows 256 KiB a call, half of it draws without a stutter.
    SCREEN_BYTES_MAX: usize = 128 << 10, "bytes";
    /// Nodes of a screen: the number at which WeChat's audit warns.
    SCREEN_NODES_MAX: usize = 1_000, "nodes";
    /// Depth of a screen, as WeChat's audit.
    SCREEN_DEPTH_MAX: usize = 30, "levels";
    /// An id within a screen.
    NODE_ID_BYTES_MAX: usize = 64, "bytes";
    /// Any single text of a screen.
    SCREEN_TEXT_CHARS_MAX: usize = 4_000, "characters";
    /// Effects of a step; people notice one or two.
    EFFECTS_MAX: usize = 8, "effects a step";
    /// Kind and JSON of one effect: a toast is a sentence.
    EFFECT_BYTES_MAX: usize = 4 << 10, "bytes an effect";
    /// Effects that a page catches up with at once, the newest; more would be shown to nobody's use.
    EFFECTS_CAUGHT_UP_MAX: usize = 16, "effects";
    /// Positions whose effects a page catches up with.
    EFFECTS_CAUGHT_UP_POSITIONS_MAX: u64 = 32, "positions";
    /// How old an effect may be that a page still catches up with: a toast of an hour ago means nothing any more.
    EFFECTS_CAUGHT_UP_MS_MAX: i64 = 60_000, "ms";
    /// Names that a session watches.
    WATCHES_MAX: usize = 8, "names a session";
    /// A value of `storage` or `shared-storage`.
    STORAGE_VALUE_BYTES_MAX: usize = 1 << 20, "bytes a key";
    /// All values of a customer in a program.
    STORAGE_TOTAL_BYTES_MAX: u64 = 10 << 20, "bytes a customer and program";
    /// A key or a name of `services`.
    STORAGE_KEY_BYTES_MAX: usize = 256, "bytes";
    /// Keys of one page of `keys`.
    STORAGE_PAGE_KEYS_MAX: u32 = 100, "keys";
    /// Events waiting in a session's inbox.
    INBOX_MAX: usize = 64, "events a session";
    /// Tickets open in a session.
    TICKETS_MAX: u32 = 8, "tickets a session";
    /// Wake-ups waiting in a session.
    WAKEUPS_MAX: u32 = 32, "wake-ups a session";
    /// The furthest a wake-up lies ahead: a year.
    WAKEUP_MS_MAX: u64 = 366 * 24 * 3_600_000, "ms";
    /// Lines of an order.
    ORDER_LINES_MAX: usize = 100, "lines";
    /// Legs of an order.
    ORDER_SPLITS_MAX: usize = 10, "legs";
    /// A purpose, key, role or line text of an order.
    ORDER_TEXT_BYTES_MAX: usize = 256, "bytes";
    /// The longest that an order stays open.
    ORDER_EXPIRES_S_MAX: u32 = 7 * 24 * 3_600, "s";
    /// How long confirmed money stays held for a merchant to capture: a week, as card schemes have it.
    AUTHORISED_MS_MAX: i64 = 7 * 24 * 3_600_000, "ms";
    /// How long a mandate may run: customers forget what they allowed longer ago.
    MANDATE_MS_MAX: i64 = 5 * 366 * 24 * 3_600_000, "ms";
    /// Mandates of a customer with a program that are proposed, active or paused: a family's subscriptions.
    MANDATES_OPEN_MAX: usize = 16, "mandates a customer and program";
    /// Coupons of one order: a shop's, a branch's, the bank's, with room.
    ORDER_COUPONS_MAX: usize = 5, "coupons";
    /// A campaign's title, and the reason of a stop.
    CAMPAIGN_TITLE_CHARS_MAX: usize = 80, "characters";
    /// Funders of a campaign: each adds a transfer to every coupon and every payment with one.
    CAMPAIGN_FUNDERS_MAX: usize = 4, "funders";
    /// Programs, and places, that a campaign names one by one.
    CAMPAIGN_PLACES_MAX: usize = 100, "programs or places";
    /// How long ahead a campaign may end: two years of budget.
    CAMPAIGN_MS_MAX: i64 = 2 * 366 * 24 * 3_600_000, "ms";
    /// Campaigns of a bank: each host holds them in memory.
    CAMPAIGNS_MAX: usize = 2_000, "campaigns";
    /// How long a coupon can be used: a year, so that no budget is bound for longer.
    COUPON_VALID_S_MAX: u32 = 366 * 24 * 3_600, "s";
    /// One-time codes of a campaign.
    CAMPAIGN_CODES_MAX: u32 = 100_000, "codes a campaign";
    /// One-time codes made at once: they are told in one answer.
    CAMPAIGN_CODES_AT_ONCE_MAX: u32 = 1_000, "codes";
    /// One-time codes that a customer may try in a day of the bank: typing errors, not guesses.
    COUPON_CODE_TRIES_MAX: u64 = 10, "tries a day and customer";
    /// How long a code that a customer shows is good: long enough for a till, too short for a picture of it.
    PAY_CODE_MS_MAX: i64 = 60_000, "ms";
    /// Wrong proofs with a code's right number: a scanner reads it right or not at all.
    PAY_CODE_TRIES_MAX: u32 = 3, "tries a code";
    /// Wrong codes that a merchant may send in a minute: smudged screens, not guesses.
    PAY_CODE_MISSES_PER_MINUTE_MAX: u32 = 10, "codes a minute and merchant";
    /// What a customer may let go unasked at most, each time.
    PAY_CODE_UNASKED_MINOR_MAX: i64 = 20_000, "fen";
    /// And in a day of the bank, all together.
    PAY_CODE_UNASKED_DAY_MINOR_MAX: i64 = 50_000, "fen a day and customer";
    /// How long a customer has to confirm what a merchant asks for: they stand at its till.
    DIRECT_EXPIRES_S_MAX: u32 = 300, "s";
    /// How long head office has to look at a payment that was held: three days, over a weekend.
    HELD_MS_MAX: i64 = 3 * 24 * 3_600_000, "ms";
    /// How long the books keep money reserved for another rail: until that has answered, however long it takes. Ten
    /// years are longer than anybody leaves it open.
    RAIL_PENDING_MS: i64 = 10 * 366 * 24 * 3_600_000, "ms";
    /// How long a debit that certainly never reached its rail is tried, before the customer is told that it can't be:
    /// somebody may be standing at a till.
    RAIL_PATIENCE_MS: i64 = 120_000, "ms";
    /// How long a host has an instruction that it sends or asks about, before another may take it to be lost.
    RAIL_LEASE_MS: i64 = 30_000, "ms";
    /// What a rail shows of a payment on its own statements.
    RAIL_REFERENCE_CHARS_MAX: usize = 140, "characters";
    /// Cards of a customer that can pay.
    CARDS_MAX: usize = 10, "cards a customer";
    /// A rail's token for a card: a signed one fits.
    CARD_TOKEN_BYTES_MAX: usize = 512, "bytes";
    /// Name of the bank that issued a card.
    CARD_ISSUER_CHARS_MAX: usize = 60, "characters";
    /// A rail's own code of a refusal.
    RAIL_CODE_BYTES_MAX: usize = 64, "bytes";
    /// Captures, refunds and cancellations of one payment: they are kept with it for ever.
    PAYMENT_OPERATIONS_MAX: usize = 200, "operations a payment";
    /// Contracts of a merchant, one after the other: payments name them, so that none is ever forgotten.
    MERCHANT_CONTRACTS_MAX: usize = 100, "contracts a merchant";
    /// What a merchant may be charged at most: a fifth would be a mistake.
    FEE_BASIS_POINTS_MAX: u32 = 2_000, "basis points";
    /// The fixed part, the least and the most of a fee.
    FEE_FIXED_MINOR_MAX: i64 = 100_000_000, "minor units";
    /// Places where a merchant sells.
    MERCHANT_SHOPS_MAX: usize = 50, "shops a merchant";
    /// Tables, windows and tills of a shop.
    MERCHANT_TABLES_MAX: usize = 200, "tables a shop";
    /// People who speak for a merchant.
    MERCHANT_PEOPLE_MAX: usize = 50, "people a merchant";
    /// A name, an address or a number of a merchant's.
    MERCHANT_NAME_CHARS_MAX: usize = 200, "characters";
    /// Applications of one person that wait for head office.
    MERCHANT_APPLICATIONS_OPEN_MAX: usize = 5, "applications a person";
    /// The most that a limit on spending can be: a limit past it is none.
    SPENDING_MINOR_MAX: i64 = 1_000_000_000_000, "minor units";
    /// Limits on spending: each that is about a payment is a transfer of it.
    SPENDING_LIMITS_MAX: usize = 32, "limits";
    /// Rules that movements are looked at by.
    RISK_RULES_MAX: usize = 200, "rules";
    /// How long after a payment it can be disputed, as card schemes have it.
    DISPUTE_OPEN_MS_MAX: i64 = 180 * 24 * 3_600_000, "ms";
    /// How long a merchant has to answer a dispute.
    DISPUTE_ANSWER_MS_MAX: i64 = 7 * 24 * 3_600_000, "ms";
    /// How long head office has to decide on it.
    DISPUTE_DECIDE_MS_MAX: i64 = 30 * 24 * 3_600_000, "ms";
    /// Steps of one dispute.
    DISPUTE_STEPS_MAX: usize = 50, "steps";
    /// How long after the bank's midnight a day is closed: what began before it has committed by then.
    BOOKS_GRACE_MS: i64 = 60_000, "ms";
    /// Entries of a statement that is given out whole: a till that sells every second of the day.
    STATEMENT_ENTRIES_MAX: usize = 100_000, "entries";
    /// Transfers that are read in one go while a day is closed.
    BOOKS_PAGE_MAX: usize = 5_000, "transfers";
    /// Bank's days after which an open break is told on the console's first page: the next day's files have come by then.
    BREAK_ALERT_DAYS: i64 = 2, "days";
    /// Pages of a rail's day: of a thousand entries each, ten million.
    RAIL_DAY_PAGES_MAX: u32 = 10_000, "pages";
    /// How often a rail's days are asked for again while breaks are open.
    RAIL_COMPARE_MS: i64 = 10_000, "ms";
    /// What a merchant may owe for refunds: a million, as a week of refunds of a large shop.
    ADVANCE_MINOR_MAX: i64 = 100_000_000, "minor units";
    /// Open breaks that are looked at in one turn, and shown in a list: more are one fault, not many.
    BREAKS_MAX: usize = 500, "breaks";
    /// Why a correction is right, for those who read it years later.
    CORRECTION_REASON_CHARS_MAX: usize = 400, "characters";
    /// Payments that are read in one go while a day is reconciled.
    RECONCILE_PAGE_MAX: usize = 1_000, "payments";
    /// Shares of a red envelope: a large family's group. Each is an account and a transfer.
    ENVELOPE_SHARES_MAX: usize = 100, "shares";
    /// The shortest that an envelope stays open: long enough to see it.
    ENVELOPE_S_MIN: u32 = 5, "s";
    /// The longest: a week, then the money goes back.
    ENVELOPE_S_MAX: u32 = 7 * 24 * 3_600, "s";
    /// How long a tap arms its amount.
    ARMED_MS_MAX: i64 = 120_000, "ms";
    /// How long Confirm is dead after a sheet opened: a finger in motion must not pay.
    SHEET_DEAD_MS: i64 = 500, "ms";
    /// How long a ticket that is not for a payment may wait for its sheet to be decided: a form is read and filled in
    /// within a quarter of an hour.
    TICKET_MS_MAX: i64 = 15 * 60_000, "ms";
    /// One answer on a sheet: a long address or a remark.
    SHEET_ANSWER_CHARS_MAX: usize = 2_000, "characters";
    /// A passkey's assertion with room.
    SHEET_PROOF_BYTES_MAX: usize = 16 << 10, "bytes";
    /// Entries of a bank's library: each host holds them in memory, at a few kilobytes each.
    CONTENT_ENTRIES_MAX: usize = 20_000, "entries";
    /// Versions of an entry that wait at once: each channel and each festival has one.
    CONTENT_VERSIONS_MAX: usize = 8, "versions an entry";
    /// Versions that are over and still listed; the audit trail has them all.
    CONTENT_PAST_MAX: usize = 50, "versions an entry";
    /// Languages of one version.
    CONTENT_LOCALES_MAX: usize = 8, "languages a version";
    /// A title: one line on a phone, two in large type.
    CONTENT_TITLE_CHARS_MAX: usize = 80, "characters";
    /// A summary: what a card shows.
    CONTENT_SUMMARY_CHARS_MAX: usize = 300, "characters";
    /// A whole text: a long article with room.
    CONTENT_BODY_CHARS_MAX: usize = 20_000, "characters";
    /// Tags of a version.
    CONTENT_TAGS_MAX: usize = 20, "tags";
    /// A tag, a district or the name of a detail.
    CONTENT_TAG_CHARS_MAX: usize = 40, "characters";
    /// Details of a version, such as opening hours.
    CONTENT_DETAILS_MAX: usize = 30, "details";
    /// The value of a detail.
    CONTENT_DETAIL_CHARS_MAX: usize = 200, "characters";
    /// Documents of a version.
    CONTENT_DOCUMENTS_MAX: usize = 10, "documents";
    /// Branches and regions that an audience names one by one.
    CONTENT_AUDIENCE_PLACES_MAX: usize = 200, "places";
    /// Entries of one page of the library: what a phone shows in three screens.
    CONTENT_PAGE_ENTRIES_MAX: usize = 20, "entries";
    /// Texts of one page: they go into the sandbox and into the journal.
    CONTENT_PAGE_BYTES_MAX: usize = 256 << 10, "bytes";
    /// Drafts of a program in a branch that wait to become entries.
    CONTENT_PROPOSALS_MAX: usize = 50, "drafts a program and branch";
    /// Entries that programs of one publisher put forward: a merchant's whole shelf.
    CONTENT_OF_PUBLISHER_MAX: usize = 500, "entries a publisher";
    /// A rating, an answer or a complaint: two screens of a phone.
    FEEDBACK_TEXT_CHARS_MAX: usize = 1_000, "characters";
    /// How long a rating may be changed: a week, as shops have it.
    RATING_EDIT_MS_MAX: i64 = 7 * 24 * 3_600_000, "ms";
    /// How long head office has to answer a complaint: 15 days, as the regulator has it.
    COMPLAINT_ANSWER_MS_MAX: i64 = 15 * 24 * 3_600_000, "ms";
    /// The same with the one extension that a hard case may get.
    COMPLAINT_EXTENDED_MS_MAX: i64 = 60 * 24 * 3_600_000, "ms";
    /// How long after an answer a complaint is opened again by a reply; later it is a new one.
    COMPLAINT_REOPEN_MS_MAX: i64 = 30 * 24 * 3_600_000, "ms";
    /// Steps of one complaint.
    COMPLAINT_STEPS_MAX: usize = 50, "steps";
    /// Complaints of a customer about one program that wait for an answer.
    COMPLAINTS_OPEN_MAX: usize = 5, "complaints a customer and program";
    /// A picture as it is uploaded: a phone's camera makes 3 to 6 MiB.
    MEDIA_BYTES_MAX: usize = 8 << 20, "bytes";
    /// Pixels of a picture; decoded they take four bytes each.
    MEDIA_PIXELS_MAX: u64 = 40_000_000, "pixels";
    /// The longer side of a picture as it is kept: twice the width of a phone's screen.
    MEDIA_SIDE_MAX: u32 = 2_048, "pixels";
    /// Time that encoding a picture anew may take.
    MEDIA_S_MAX: u64 = 10, "s";
    /// Memory that the process which encodes may map for writing: its allocator reserves a gigabyte at a time, and a
    /// picture of the most pixels takes three copies.
    MEDIA_MEMORY_BYTES_MAX: u64 = 3 << 30, "bytes";
    /// Pictures of a bank's library.
    MEDIA_ENTRIES_MAX: usize = 50_000, "pictures";
    /// Times that a call is run again when what it read has moved.
    RERUNS_MAX: u32 = 5, "runs";
    /// A log line: a message with the first frames of a stack.
    LOG_LINE_BYTES_MAX: usize = 2_048, "bytes";
    /// Log lines of one call; more are counted and dropped.
    LOG_LINES_MAX: usize = 50, "lines a call";
    /// The platform's own number: the highest `min_code` that a manifest may ask for.
    PLATFORM_CODE: u32 = 1, "";
    /// A package without a language runtime.
    PACKAGE_BYTES_MAX: u64 = 2 << 20, "bytes";
    /// A package that carries one.
    PACKAGE_RUNTIME_BYTES_MAX: u64 = 32 << 20, "bytes";
    /// What an upload may weigh before it is read.
    UPLOAD_BYTES_MAX: usize = 48 << 20, "bytes";
    /// What a package may weigh unpacked: a zip bomb ends here.
    UNPACKED_BYTES_MAX: u64 = 64 << 20, "bytes";
    /// Files of a package.
    PACKAGE_FILES_MAX: usize = 500, "files";
    /// Findings of an inspection that are kept, gravest first: nobody mends more in one round.
    FINDINGS_MAX: usize = 200, "findings";
    /// A text of a finding: a name in a package can be 64 KiB.
    FINDING_CHARS_MAX: usize = 1_000, "characters";
    /// Time of an inspection, compiling included.
    INSPECTION_S_MAX: u64 = 60, "s";
    /// Written memory of the process that inspects and compiles; reserved address space costs nothing.
    INSPECTION_BYTES_MAX: u64 = 4 << 30, "bytes";
    /// Scenes of a package: what reviewers can look at, with room.
    SCENES_MAX: usize = 32, "scenes a package";
    /// All scenes of a package together.
    SCENES_BYTES_MAX: usize = 1 << 20, "bytes a package";
    /// One scene: a hundred drawn screens.
    SCENE_BYTES_MAX: usize = 256 << 10, "bytes a scene";
    /// What happens in one scene; a longer story is two.
    SCENE_TURNS_MAX: usize = 100, "turns a scene";
    /// People of one scene.
    SCENE_PEOPLE_MAX: usize = 20, "people a scene";
    /// How far a scene's clock is moved at once: a month, so that what runs by the month can be seen.
    SCENE_WAIT_MS_MAX: i64 = 31 * 86_400_000, "ms";
    /// Steps of a session that its customer gives away: the newest ones.
    RECORDING_STEPS_MAX: usize = 1_024, "steps a recording";
    /// Such a file, where it is read.
    RECORDING_BYTES_MAX: usize = 64 << 20, "bytes a recording";
    /// How long a release waits before head office's manager is told: three days.
    REVIEW_MS_MAX: i64 = 3 * 86_400_000, "ms";
    /// Times that a publisher may call others in against a return.
    REVIEW_APPEALS_MAX: u32 = 1, "appeals a release";
    /// A note of a reviewer, the reason of an appeal.
    REVIEW_REASON_CHARS_MAX: usize = 2_000, "characters";
    /// Testers of a trial: WeChat's own number for a version that nobody has reviewed.
    TRIAL_TESTERS_MAX: usize = 50, "testers a trial";
    /// How long a trial lasts at most: thirty days.
    TRIAL_MS_MAX: i64 = 30 * 86_400_000, "ms";
    /// Evidence of one release: its scenes' screens on three channels.
    EVIDENCE_BYTES_MAX: usize = 8 << 20, "bytes a release";
    /// Time in which a package's scenes are played: each four times, and random taps.
    REHEARSAL_S_MAX: u64 = 240, "s";
    /// Random taps of one run.
    RANDOM_TAPS_MAX: usize = 500, "taps a run";
    /// Calls that run at once: one sandbox thread each.
    CALLS_AT_ONCE_MAX: usize = 32, "calls";
    /// Calls that wait for a thread; past it the answer is `overloaded`.
    CALLS_WAITING_MAX: usize = 512, "calls";
    /// Commits that wait for the writer; past it the answer is `overloaded`.
    COMMITS_WAITING_MAX: usize = 8_192, "commits";
    /// Members of one group commit: the commit stays under 50 ms.
    COMMIT_BATCH_MAX: usize = 1_024, "commits";
    /// Audit records under one signed checkpoint: a receipt's proof is then at most 12 digests long.
    CHECKPOINT_RECORDS_MAX: usize = 4_096, "records";
    /// How long an audit record waits for a checkpoint: nobody rewrites the past unseen for longer than a minute.
    CHECKPOINT_MS_MAX: i64 = 60_000, "ms";
    /// A request's JSON body.
    REQUEST_BYTES_MAX: usize = 256 << 10, "bytes";
    /// Values of one submitted form.
    FORM_VALUES_MAX: usize = 100, "values";
    /// Calls to partners that a session may have open: a page asks one or two.
    PARTNER_CALLS_OPEN_MAX: u32 = 4, "calls a session";
    /// How long a call is tried; then its program hears that it came to nothing.
    PARTNER_CALL_MS_MAX: i64 = 3_600_000, "ms";
    /// Times that a call is sent.
    PARTNER_TRIES_MAX: u32 = 6, "tries";
    /// How long a host has a call that it sends, before another may take it to be lost: a whole call with room.
    PARTNER_LEASE_MS: i64 = 30_000, "ms";
    /// The longest patience that a partner may ask for.
    PARTNER_RETRY_AFTER_MS_MAX: i64 = 600_000, "ms";
    /// Body of a request to a partner.
    PARTNER_REQUEST_BYTES_MAX: usize = 64 << 10, "bytes";
    /// Path and query of a request to a partner.
    PARTNER_PATH_BYTES_MAX: usize = 1_024, "bytes";
    /// Key that a program gives a call.
    PARTNER_KEY_BYTES_MAX: usize = 256, "bytes";
    /// Secure fields of one request.
    PARTNER_SEALED_MAX: usize = 8, "fields";
    /// Endpoints of a program, those of branches apart.
    PARTNER_ENDPOINTS_MAX: usize = 8, "endpoints a program";
    /// Failures in a row after which a partner is left alone.
    BREAKER_FAILURES_MAX: u32 = 5, "failures";
    /// For how long at first.
    BREAKER_OPEN_MS: i64 = 15_000, "ms";
    /// For how long at most; each time it is twice as long.
    BREAKER_OPEN_MS_MAX: i64 = 240_000, "ms";
    /// How long the secret before a rotation stays valid, so that partners change over without loss.
    SECRET_OVERLAP_MS: i64 = 24 * 3_600_000, "ms";
    /// A partner's message: it becomes an event, which is journalled whole.
    WEBHOOK_BYTES_MAX: usize = 64 << 10, "bytes";
    /// Type of a partner's message.
    WEBHOOK_TOPIC_BYTES_MAX: usize = 128, "bytes";
    /// How far a partner's clock may be from ours, as Standard Webhooks advises.
    WEBHOOK_TOLERANCE_S: i64 = 300, "s";
    /// How long the id of a message is remembered: past it the signature is out of time.
    WEBHOOK_REMEMBERED_MS: i64 = 900_000, "ms";
    /// How long the value of a secure field is kept for the request that takes it.
    SECURE_FIELD_MS_MAX: i64 = 600_000, "ms";
    /// What a secure field says that it is for: a line beside the field.
    SECURE_PURPOSE_CHARS_MAX: usize = 200, "characters";
    /// Secure fields that a customer may have open with a program.
    SECURE_FIELDS_OPEN_MAX: usize = 8, "fields";
    /// Claims that one consent may ask for: every one that there is.
    CLAIMS_ASKED_MAX: usize = 8, "claims";
    /// How long a program may read what was granted; whoever needs it longer asks again.
    CONSENT_KEEP_DAYS_MAX: u32 = 365, "days";
    /// What a consent says that it is for: a sentence on the sheet.
    CONSENT_PURPOSE_CHARS_MAX: usize = 200, "characters";
    /// Consents of a customer that hold at once for one program, so that people can still look through them.
    CONSENTS_HELD_MAX: usize = 16, "consents";
    /// What a proof of presence says that it is for: a sentence on the sheet.
    PRESENCE_PURPOSE_CHARS_MAX: usize = 200, "characters";
    /// What a predicate is asked about: the name of a group, an account or a customer.
    CLAIM_VALUE_CHARS_MAX: usize = 64, "characters";
    /// Different ages, bands or grades that a program may ask about one customer within a month: a few thresholds are a
    /// rule, many are a search for the fact.
    PROOF_VALUES_MAX: usize = 3, "values";
    /// The month in which they are counted.
    PROOF_VALUES_MS: i64 = 2_592_000_000, "ms";
    /// How long a signed answer says that it holds: whoever relies on it later asks again.
    ATTESTATION_MS_MAX: i64 = 300_000, "ms";
    /// How long a customer may take back what they have signed, as a product says it: a month.
    AGREEMENT_COOLING_HOURS_MAX: u32 = 744, "hours";
    /// How long an agreement is in force, as a product says it: fifty years.
    AGREEMENT_TERM_DAYS_MAX: u32 = 18_262, "days";
    /// What is typed into a secure field.
    SECURE_VALUE_BYTES_MAX: usize = 128, "bytes";
    /// Resolving, connecting and TLS of a call to a partner, for each hop.
    PARTNER_CONNECT_MS_MAX: u64 = 5_000, "ms";
    /// From a partner's having the request to the headers of its answer.
    PARTNER_FIRST_BYTE_MS_MAX: u64 = 10_000, "ms";
    /// A whole call to a partner, redirects included: who drips bytes ends here.
    PARTNER_WHOLE_MS_MAX: u64 = 20_000, "ms";
    /// A partner's answer: it becomes an event, which is journalled whole.
    PARTNER_REPLY_BYTES_MAX: usize = 64 << 10, "bytes";
    /// Headers of a partner's answer.
    PARTNER_REPLY_HEADER_BYTES_MAX: usize = 16 << 10, "bytes";
    /// Headers of a partner's answer, counted.
    PARTNER_REPLY_HEADERS_MAX: usize = 64, "headers";
    /// Redirects of one call, all within the partner's own host.
    PARTNER_REDIRECTS_MAX: usize = 3, "redirects";
    /// How long a session without an event can still be continued.
    SESSION_IDLE_MS_MAX: i64 = 30 * 24 * 3_600_000, "ms";
}

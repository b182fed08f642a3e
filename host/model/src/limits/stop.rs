//! Limits of stops, incidents, alerts, the inventory and measurements.

limits! {
    /// Why a stop was made, or may be lifted: a few sentences.
    STOP_REASON_CHARS_MAX: usize = 500, "characters";
    /// What a stop's job takes up in one read.
    STOP_PAGE_MAX: usize = 200, "payments or matters";
    /// What a stop holds is counted up to here for whoever lifts it; past it they read "and more".
    STOP_LISTED_MAX: usize = 1_000, "payments";
    /// How often a stop's job tries what could not be done before it gives it up to people.
    STOP_PASSES_MAX: u32 = 3, "passes";
    /// How long a program may try before little use counts against it.
    INVENTORY_TRIAL_MS: i64 = 90 * 24 * 3_600_000, "ms";
    /// The time that its use is counted over.
    INVENTORY_USE_MS: i64 = 30 * 24 * 3_600_000, "ms";
    /// Customers in that time below which it is advised to go.
    INVENTORY_USERS_MIN: u64 = 10, "customers";
    /// Ratings from which their mean says something.
    INVENTORY_RATINGS_MIN: u64 = 20, "ratings";
    /// The mean below which it is advised to go: two and a half stars.
    INVENTORY_STARS_TENTHS_MIN: u32 = 25, "tenths of a star";
    /// Incidents in a year past which it is advised to go.
    INVENTORY_INCIDENTS_MAX: u32 = 2, "a year";
    /// What two programs of a category have in common from which they do the same.
    INVENTORY_LIKENESS_PERCENT: u32 = 80, "percent of permissions";
    /// A window in which a program's traps, refusals and calls to partners are counted.
    ALERT_WINDOW_MS: i64 = 60_000, "ms";
    /// Windows that a habit is made of: an hour.
    ALERT_WINDOWS: usize = 60, "windows";
    /// So many times the usual is beyond a habit.
    ALERT_FACTOR: u32 = 4, "times";
    /// Fewer in a window wake nobody.
    ALERT_FLOOR: u32 = 20, "a window";
    /// How often an alert is told until somebody has it.
    ALERT_REPEAT_MS: i64 = 300_000, "ms";
    /// How often it is told at all: half a day.
    ALERT_TELLS_MAX: u32 = 144, "times";
    /// After so long a deadline is told again to whoever has not answered.
    DEADLINE_AGAIN_MS: i64 = 300_000, "ms";
    /// How often that is tried.
    DEADLINE_TRIES_MAX: u32 = 12, "times";
    /// A deadline that was reached longer ago is told to nobody: it was before there was anybody to tell.
    DEADLINE_TOLD_LATE_MS: i64 = 3 * 24 * 3_600_000, "ms";
    /// Addresses of people on duty.
    DUTY_ADDRESSES_MAX: usize = 20, "addresses";
    /// Spans that wait for the collector of traces; what comes beyond is dropped and counted.
    TRACE_SPANS_WAITING_MAX: usize = 8_192, "spans";
    /// Spans that are handed over at once.
    TRACE_SPANS_BATCH_MAX: usize = 512, "spans";
    /// Programs and habits of which one host remembers the past.
    ALERT_TRAILS_MAX: usize = 10_000, "trails";
    /// Values of a label in the measurements; what comes after them counts as `other`.
    METRIC_LABELS_MAX: usize = 500, "values a label";
    /// How long before a stop customers are taken to be affected, until somebody has looked.
    INCIDENT_LOOKBACK_MS: i64 = 24 * 3_600_000, "ms";
    /// By when the regulator hears of a grave incident.
    INCIDENT_REPORT_MAJOR_MS_MAX: i64 = 4 * 3_600_000, "ms";
    /// By when the regulator hears of any other.
    INCIDENT_REPORT_MINOR_MS_MAX: i64 = 72 * 3_600_000, "ms";
    /// Notes of an incident: every host holds them in memory.
    INCIDENT_NOTES_MAX: usize = 500, "notes an incident";
    /// One note of an incident: a page.
    INCIDENT_NOTE_CHARS_MAX: usize = 2_000, "characters";
    /// Open incidents and closed ones that are held in memory.
    INCIDENTS_MAX: usize = 10_000, "incidents";
    /// Payments that an incident gives back, or customers that it tells, between two looks at how far it is.
    INCIDENT_BATCH_MAX: usize = 100, "payments or customers";
    /// What could not be given back, by name; the rest is counted.
    INCIDENT_FAILURES_MAX: usize = 50, "payments";
    /// Customers, payments and reads that an incident's page counts; past it people read "and more".
    INCIDENT_COUNTED_MAX: usize = 10_000, "each";
    /// Audit records that an incident's timeline and evidence look through.
    INCIDENT_AUDIT_MAX: usize = 20_000, "records";
    /// Audit records, payments and sessions that the evidence holds: a file that people can send.
    INCIDENT_EVIDENCE_MAX: usize = 500, "each";
    /// How long what waits for a stop's end is left alone: money that would go out, notices, calls.
    STOP_PARKED_MS: i64 = 60_000, "ms";
}

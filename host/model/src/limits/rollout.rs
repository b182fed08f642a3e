//! Limits of rollouts: stages and audiences, when the machine halts, freezes, settings of branches.

limits! {
    /// A branch's own value for a program: a name, an amount or a payee.
    SETTING_CHARS_MAX: usize = 200, "characters";
    /// Releases that go out beside each other: one for everybody, and what is being tried.
    ROLLOUT_STAGES_MAX: usize = 8, "releases a program";
    /// Customers that a stage names one by one: a pilot group, held in memory by each host.
    ROLLOUT_CUSTOMERS_MAX: usize = 2_000, "customers a stage";
    /// Branches and regions that a stage names: every branch of a province.
    ROLLOUT_PLACES_MAX: usize = 200, "places a stage";
    /// Questions about a customer that a stage asks: each is answered with every launch.
    ROLLOUT_SEGMENTS_MAX: usize = 8, "questions a stage";
    /// Planned changes of a share: a step a day for three weeks.
    ROLLOUT_PLAN_MAX: usize = 20, "steps a stage";
    /// What was done to a rollout, as its page tells it; the audit trail has all of it.
    ROLLOUT_HISTORY_MAX: usize = 100, "entries a program";
    /// Why something was paused, rolled back or frozen: a sentence or two.
    ROLLOUT_REASON_CHARS_MAX: usize = 300, "characters";
    /// Permissions of a program that are held back.
    ROLLOUT_WITHHELD_MAX: usize = 64, "permissions a program";
    /// Calls below which a release is not judged: one failure of two says nothing.
    HALT_CALLS_MIN: u32 = 50, "calls";
    /// Share of calls that may fall before a stage is halted: honest programs fall in none.
    HALT_ERRORS_BP: u32 = 500, "of 10,000 calls";
    /// Share of calls in which something is refused: a refusal is often the customer's own limit.
    HALT_REFUSALS_BP: u32 = 5_000, "of 10,000 calls";
    /// Complaints: one of a hundred calls is far more than any program has.
    HALT_COMPLAINTS_BP: u32 = 100, "of 10,000 calls";
    /// Time within which nineteen of twenty calls are done: past a second people tap again.
    HALT_SLOW_MS: u32 = 1_000, "ms";
    /// Minutes whose figures count together by default.
    HALT_WINDOW_MINUTES: u32 = 10, "minutes";
    /// The longest such window.
    HALT_WINDOW_MINUTES_MAX: u32 = 60, "minutes";
    /// How long figures of a minute are kept: a week and a day, so that two Mondays can be laid side by side to their ends.
    FIGURES_KEPT_MS: i64 = 8 * 24 * 3_600_000, "ms";
    /// Freezes that are planned or in force.
    FREEZES_MAX: usize = 100, "freezes";
    /// The longest freeze: a quarter.
    FREEZE_MS_MAX: i64 = 90 * 24 * 3_600_000, "ms";
    /// Programs that are let through one freeze; with more it is none.
    FREEZE_EXCEPTIONS_MAX: usize = 20, "programs a freeze";
}

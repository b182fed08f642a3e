//! Limits of zone pages and their cards, of what moves on open pages, and of what they add up.

limits! {
    /// Cards that a place arranges; each customer sees those that are meant for them.
    ZONE_CARDS_MAX: usize = 24, "cards a page";
    /// Cards that one customer sees: two screens of a phone.
    ZONE_CARDS_SHOWN_MAX: usize = 8, "cards";
    /// Nodes of a card: a heading and a few lines.
    ZONE_CARD_NODES_MAX: usize = 40, "nodes a card";
    /// How long a page waits for its cards; one that comes later is there at the next look.
    ZONE_CARDS_WAIT_MS: u64 = 800, "ms";
    /// How long a drawn card is shown to the same customer before its program is asked again.
    ZONE_CARD_KEPT_MS: i64 = 30_000, "ms";
    /// Cards that a host keeps: of thousands of customers who look at the same time.
    ZONE_CARDS_KEPT_MAX: usize = 20_000, "cards a host";
    /// Records of the audit trail that are looked through at once for what the staff's open pages show; past this all
    /// of them are asked to look again.
    LIVE_RECORDS_MAX: usize = 5_000, "records";
    /// How often open pages hear of new figures: faster than anybody reads them.
    LIVE_FIGURES_MS: i64 = 5_000, "ms";
    /// Sums of closed days that a host keeps: a month of three hundred branches.
    TAKINGS_KEPT_MAX: usize = 10_000, "sums a host";
    /// Complaints of the bank that a branch's page looks through for its own.
    BRANCH_COMPLAINTS_MAX: usize = 500, "complaints";
    /// Open breaks of the bank that it looks through for its own: there are few, or head office has other worries.
    BRANCH_BREAKS_MAX: usize = 200, "breaks";
}

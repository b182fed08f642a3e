//! Limits of those who publish, and of those who let them.

/// The rows of this file, for the table.
pub(super) fn table() -> Vec<super::Limit> {
    rows()
}

limits! {
    /// Keys of a publisher that count at once: developers, build machines, and those that are being replaced.
    PUBLISHER_KEYS_MAX: usize = 5, "keys a publisher";
    /// How long a key and the one that takes its place both count: a month, so that no build under way fails.
    PUBLISHER_KEY_OVERLAP_MS: i64 = 30 * 24 * 3_600_000, "ms";
    /// Why a key was revoked, or a publisher's file returned.
    PUBLISHER_REASON_CHARS_MAX: usize = 500, "characters";
    /// Alarms about changed files that a release keeps, newest last: each means the same work for the operator.
    RELEASE_DAMAGES_MAX: usize = 8, "alarms a release";
    /// How long an alarm about changed files stands on the console after it last rang.
    RELEASE_DAMAGE_SHOWN_MS: i64 = 7 * 24 * 3_600_000, "ms";
    /// How long the same alarm of a release is not written down again: each opening of a program would ring it.
    RELEASE_DAMAGE_QUIET_MS: i64 = 600_000, "ms";
}

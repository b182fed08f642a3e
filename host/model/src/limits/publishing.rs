//! Limits of those who publish, and of those who let them: the organisation, qualifications, keys.

limits! {
    /// What a place or a member of staff is called.
    ORGANISATION_NAME_CHARS_MAX: usize = 80, "characters";
    /// Changes of a place, or of somebody's rights, that are kept with it; the audit trail keeps all.
    ORGANISATION_PAST_MAX: usize = 50, "changes";
    /// Roles of one person: what nobody can take in at a glance, nobody reviews.
    STAFF_ROLES_MAX: usize = 8, "roles a person";
    /// Documents of a publisher's file: licences, articles, certificates, with those that they replaced.
    PUBLISHER_DOCUMENTS_MAX: usize = 30, "documents a publisher";
    /// Licence categories of a publisher; beyond that it is several companies.
    PUBLISHER_CATEGORIES_MAX: usize = 30, "categories";
    /// The longest that a qualification holds: then somebody looks again.
    QUALIFICATION_MS_MAX: i64 = 3 * 366 * 24 * 3_600_000, "ms";
    /// How long programs of a publisher whose qualification is over still open: time to renew it, or for customers to
    /// finish.
    QUALIFICATION_GRACE_MS: i64 = 30 * 24 * 3_600_000, "ms";
    /// From when on its end is announced.
    QUALIFICATION_ANNOUNCED_MS: i64 = 60 * 24 * 3_600_000, "ms";
    /// Parts of a program that its bill of materials lists: each is kept with the release, for the reviewers.
    SBOM_COMPONENTS_MAX: usize = 500, "components";
    /// A name, version or licence in it.
    SBOM_TEXT_CHARS_MAX: usize = 200, "characters";
    /// Advisories of one request: a hundred records of OSV with all their texts.
    ADVISORIES_BYTES_MAX: usize = 4 << 20, "bytes";
    /// Advisories that a bank keeps: those of the registries that programs are built from.
    ADVISORIES_MAX: usize = 20_000, "advisories";
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

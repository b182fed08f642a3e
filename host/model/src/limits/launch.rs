//! Limits of launching: codes that lead into programs, what a customer finds at once, and how visits are counted.

limits! {
    /// Sets of codes that a program has in use: a chain's shops, each with its own.
    LAUNCH_CODES_MAX: usize = 200, "sets a program";
    /// Copies of one set: tables of a large hall.
    LAUNCH_COPIES_MAX: u32 = 200, "copies a set";
    /// The highest number of a copy: four digits are read from a table.
    LAUNCH_NUMBER_MAX: u32 = 9_999, "numbers";
    /// Parameters of a code.
    LAUNCH_PARAMETERS_MAX: usize = 8, "parameters";
    /// Parameters together, names and values: they say where one is, no more.
    LAUNCH_PARAMETERS_BYTES_MAX: usize = 256, "bytes";
    /// Label under a code: one line of a table card.
    LAUNCH_LABEL_CHARS_MAX: usize = 40, "characters";
    /// How long a code is good: then paper has been cleaned off anyway.
    LAUNCH_MS_MAX: i64 = 731 * 86_400_000, "ms";
    /// Programs that a customer keeps as favourites: two screens of tiles.
    FAVOURITES_MAX: usize = 24, "programs";
    /// Programs used of late that the launcher shows.
    RECENT_PROGRAMS_MAX: usize = 8, "programs";
    /// Content that a search in the launcher shows.
    LAUNCHER_CONTENT_MAX: usize = 8, "entries";
    /// Bundles of a page: a page for each moment of life would be read by nobody.
    BUNDLES_MAX: usize = 8, "bundles a page";
    /// Bundles that one customer sees at once.
    BUNDLES_SHOWN_MAX: usize = 3, "bundles";
    /// Cards of a bundle; one alone needs no title over it.
    BUNDLE_CARDS_MIN: usize = 2, "cards a bundle";
    /// The most cards of a bundle: past these it is a list, which the launcher has below.
    BUNDLE_CARDS_MAX: usize = 6, "cards a bundle";
    /// Title of a bundle.
    BUNDLE_TITLE_CHARS_MAX: usize = 24, "characters";
    /// Languages that a bundle's title is written in.
    BUNDLE_TITLES_MAX: usize = 8, "languages";
    /// How long visits are kept by the day: this month beside the same one of the year before.
    JOURNEY_DAYS_KEPT: i64 = 400, "days";
    /// The longest stretch that is looked at at once.
    JOURNEY_DAYS_MAX: i64 = 92, "days";
    /// Lines of one table of visits.
    JOURNEY_ROWS_MAX: usize = 20_000, "rows";
}

//! Limits of reaching customers: notices, what the device is asked for, files, threads with the branch.

limits! {
    /// The title of a notice: one line on a lock screen.
    NOTICE_TITLE_CHARS_MAX: usize = 40, "characters";
    /// The text of a notice: what is read at a glance.
    NOTICE_TEXT_CHARS_MAX: usize = 200, "characters";
    /// Variables of a template.
    NOTICE_VARIABLES_MAX: usize = 8, "variables a template";
    /// A value in a notice: a dish, a name, a number; no message of its own.
    NOTICE_VALUE_CHARS_MAX: usize = 40, "characters";
    /// Languages of a template.
    NOTICE_LOCALES_MAX: usize = 8, "languages a template";
    /// Templates of a program.
    NOTICE_TEMPLATES_MAX: usize = 20, "templates a program";
    /// Templates on one sheet: three are read, ten are ticked away.
    NOTICE_ASKED_MAX: usize = 3, "templates a sheet";
    /// Single permissions that a customer may have given for a template.
    NOTICES_ALLOWED_MAX: u32 = 20, "notices a customer and template";
    /// Notices of a program to one customer on one of the bank's days: more is a nuisance.
    NOTICES_PER_DAY_MAX: u32 = 5, "notices a customer, program and day";
    /// How far ahead a notice may be asked for: an appointment of next month.
    NOTICE_AHEAD_MS_MAX: i64 = 60 * 24 * 3_600_000, "ms";
    /// How long a host has a notice that it tells the bank's push system of.
    NOTICE_LEASE_MS: i64 = 30_000, "ms";
    /// Times that the push system is told of a notice: within about two hours.
    NOTICE_TRIES_MAX: u32 = 8, "tries";
    /// What the sheet of an errand says that it is for.
    PURPOSE_CHARS_MAX: usize = 200, "characters";
    /// Values that a page is opened with by a share card or another program.
    LAUNCH_PAIRS_MAX: usize = 8, "values";
    /// One of them: a key of the program's own, and no message.
    LAUNCH_VALUE_CHARS_MAX: usize = 64, "characters";
    /// The words of a share card.
    SHARE_TEXT_CHARS_MAX: usize = 100, "characters";
    /// Lines of a document that is printed: a receipt printer's longest slip.
    PRINT_LINES_MAX: usize = 60, "lines";
    /// A name, a value or a heading of it: two lines of a slip.
    PRINT_TEXT_CHARS_MAX: usize = 120, "characters";
    /// A file as it is uploaded: a phone's picture, which is made smaller.
    ATTACHMENT_UPLOAD_BYTES_MAX: usize = 8 << 20, "bytes";
    /// A file as it is kept, sealed.
    ATTACHMENT_BYTES_MAX: usize = 1 << 20, "bytes";
    /// What a program reads of a file in one call: it goes into the journal.
    ATTACHMENT_READ_BYTES_MAX: usize = 128 << 10, "bytes";
    /// How long a file that was given is kept: a month.
    ATTACHMENT_MS_MAX: i64 = 30 * 24 * 3_600_000, "ms";
    /// Files that wait on one sheet.
    ATTACHMENTS_WAITING_MAX: usize = 5, "files a sheet";
    /// Programs that `programs` lists.
    PROGRAMS_LISTED_MAX: usize = 100, "programs";
    /// What customer and customer manager write at once.
    MESSAGE_CHARS_MAX: usize = 1_000, "characters";
    /// Messages of one side in an hour: a conversation, no chat room.
    MESSAGES_PER_HOUR_MAX: usize = 30, "messages an hour and side";
    /// Notes of a program in a thread in a day.
    PROGRAM_NOTES_PER_DAY_MAX: usize = 5, "notes a day and thread";
    /// Messages of a thread.
    THREAD_MESSAGES_MAX: u32 = 1_000, "messages a thread";
}

//! Limits of the channels beside the phone: kiosks, chats, and going on from one to another.

limits! {
    /// How long a code continues a session elsewhere: long enough to type six digits at a kiosk.
    HANDOVER_MS_MAX: i64 = 120_000, "ms";
    /// Wrong codes of one kiosk, chat user or customer in a minute: of a million codes few are good at a time.
    HANDOVER_TRIES_PER_MINUTE_MAX: u32 = 5, "codes a minute";
    /// Codes of one sign-in in a minute.
    HANDOVERS_PER_MINUTE_MAX: u32 = 10, "codes a minute";
    /// Targets of one page of a kiosk: as many as side keys have.
    KIOSK_TARGETS_MAX: usize = 6, "targets a page";
    /// Entries of a list on one page of a kiosk.
    KIOSK_ITEMS_MAX: usize = 5, "entries a page";
    /// How much one page of a kiosk shows: lines of text as they are read from a step away.
    KIOSK_LINES_MAX: usize = 18, "lines a page";
    /// How long a kiosk waits for a hand before it forgets who was there.
    KIOSK_IDLE_MS: i64 = 60_000, "ms";
    /// The same for somebody with large type, who reads and moves more slowly.
    KIOSK_IDLE_ELDER_MS: i64 = 120_000, "ms";
    /// How long before that it warns, counts down, and covers what it shows.
    KIOSK_WARNS_MS: i64 = 20_000, "ms";
    /// How much later the host ends the visit by itself, where the kiosk went away.
    KIOSK_GRACE_MS: i64 = 15_000, "ms";
    /// A visit at a kiosk, however busy: then somebody else has a turn.
    KIOSK_VISIT_MS_MAX: i64 = 20 * 60_000, "ms";
    /// Name of a kiosk.
    KIOSK_NAME_CHARS_MAX: usize = 40, "characters";
    /// Sessions of one visit that are tidied up at its end.
    KIOSK_SESSIONS_MAX: usize = 16, "sessions a visit";
    /// Choices of one message of a chat: a phone shows them without scrolling.
    CHAT_CHOICES_MAX: usize = 5, "choices a message";
    /// One message to a chat user: what WhatsApp, WeChat and Teams all take.
    CHAT_MESSAGE_CHARS_MAX: usize = 1_200, "characters";
    /// A message of a chat user. A form's longest answer is shorter; of what is longer nothing is kept, and the user is
    /// told.
    CHAT_TEXT_CHARS_MAX: usize = 2_000, "characters";
    /// Name of a chat user, as the channel has it.
    CHAT_USER_CHARS_MAX: usize = 128, "characters";
    /// A channel's message with all around it.
    CHAT_BYTES_MAX: usize = 64 << 10, "bytes";
    /// Messages of a chat user that wait to be answered.
    CHAT_WAITING_MAX: usize = 8, "messages";
    /// Messages of a chat user in a minute.
    CHAT_MESSAGES_PER_MINUTE_MAX: u32 = 60, "messages a minute";
    /// Messages to a chat user that wait to be sent.
    CHAT_OUTGOING_MAX: usize = 32, "messages";
    /// Times that a message to a chat user is sent.
    CHAT_TRIES_MAX: u32 = 8, "tries";
    /// The longest pause between them.
    CHAT_RETRY_MS_MAX: i64 = 60_000, "ms";
    /// Lines that the bank's own chat page shows.
    CHAT_LINES_KEPT: usize = 40, "lines";
    /// What may be paid by a number typed in a chat; more goes on at the phone.
    CHAT_PAY_MINOR_MAX: i64 = 20_000, "fen";
    /// Wrong numbers under one of the bank's messages, before it is taken as declined.
    CHAT_WRONG_WORDS_MAX: u32 = 3, "numbers";
    /// How long a chat stays linked to a customer: a month, then they link it anew.
    CHAT_LINK_MS_MAX: i64 = 30 * 24 * 3_600_000, "ms";
    /// Programs that a chat lists.
    CHAT_PROGRAMS_MAX: usize = 20, "programs";
    /// How long a ticket of the bank's own app waits: until its WebView has loaded the page.
    APP_TICKET_MS_MAX: i64 = 60_000, "ms";
    /// Tickets for one customer in a minute: one for each time that the app opens the pages.
    APP_TICKETS_PER_MINUTE_MAX: u32 = 20, "tickets a minute and customer";
    /// Tickets shown from one address in a minute: a carrier's customers share one.
    APP_TICKET_TRIES_PER_MINUTE_MAX: u32 = 120, "tickets a minute and address";
    /// How long the sign-in of a ticket lasts: the app gets another one whenever it opens the pages anew.
    APP_SIGN_IN_MS_MAX: i64 = 2 * 3_600_000, "ms";
    /// What a ticket may carry to the page that it opens.
    APP_TICKET_QUERY_BYTES_MAX: usize = 2_048, "bytes";
    /// Tickets of one customer that are withdrawn at once: more than a minute's were never open together.
    APP_TICKETS_ENDED_MAX: usize = 40, "tickets";
    /// Origins of one partner that show programs: their pages, their tests', a few shops'.
    EMBED_ORIGINS_MAX: usize = 10, "origins";
    /// Programs that one partner shows.
    EMBED_PROGRAMS_MAX: usize = 20, "programs";
    /// Partners' pages and servers that are registered.
    EMBEDS_MAX: usize = 1_000, "embeds";
    /// How long a partner's signature opens a frame: until its page is loaded, and a slow phone has a second try.
    EMBED_LAUNCH_MS_MAX: i64 = 600_000, "ms";
    /// What a partner signs, with all around it.
    EMBED_LAUNCH_QUERY_BYTES_MAX: usize = 4_096, "bytes";
    /// How long a visitor of a partner's page is known: one visit.
    EMBED_SIGN_IN_MS_MAX: i64 = 3_600_000, "ms";
    /// Visitors of one partner in a minute: each is a record that stays.
    EMBED_VISITORS_PER_MINUTE_MAX: u32 = 600, "visitors a minute and partner";
}

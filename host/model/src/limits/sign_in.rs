//! Limits of signing in, of passkeys and tokens, and of what one sign-in may ask for.

limits! {
    /// How long a sign-in lasts.
    TOKEN_MS_MAX: i64 = 12 * 3_600_000, "ms";
    /// Sign-ins tried for one name in a minute.
    SIGN_INS_PER_MINUTE_MAX: u32 = 10, "tries a minute and name";
    /// How long a challenge waits: to find the phone, wait for its code and type it.
    CHALLENGE_MS_MAX: i64 = 300_000, "ms";
    /// How long a proof of presence counts: what it is for follows at once.
    PROOF_MS_MAX: i64 = 120_000, "ms";
    /// How young a sign-in must be to count as a fresh proof where there is neither password nor passkey.
    FRESH_SIGN_IN_MS_MAX: i64 = 300_000, "ms";
    /// Wrong guesses at a one-time code: of a million codes somebody who guesses hits one in 200,000.
    CODE_GUESSES_MAX: u32 = 5, "guesses a code";
    /// One-time codes sent to one person in a minute: each costs a message, and each is five guesses.
    CODES_PER_MINUTE_MAX: u32 = 3, "codes a minute and person";
    /// Passkey answers tried for one person, or from one address before a sign-in, in a minute.
    PASSKEY_TRIES_PER_MINUTE_MAX: u32 = 20, "tries a minute";
    /// Visitors from one address in a minute: a branch's guests share one, and each is a record that stays.
    VISITORS_PER_MINUTE_MAX: u32 = 60, "visitors a minute and address";
    /// Sign-ins at a provider begun or ended from one address in a minute.
    PROVIDER_SIGN_INS_PER_MINUTE_MAX: u32 = 60, "a minute and address";
    /// What a provider may answer with: an id token with its keys needs a tenth.
    PROVIDER_ANSWER_BYTES_MAX: u64 = 256 << 10, "bytes";
    /// How long a provider may take: a customer looks at a white page meanwhile.
    PROVIDER_ANSWER_MS_MAX: u64 = 5_000, "ms";
    /// Passkeys of one person: a few phones, keys and computers.
    PASSKEYS_MAX: usize = 20, "passkeys a person";
    /// The name of a passkey, a device or a machine's token.
    NAME_CHARS_MAX: usize = 64, "characters";
    /// Sign-ins of a person that are listed, newest first.
    TOKENS_LISTED_MAX: usize = 100, "sign-ins";
    /// Machine tokens of one person.
    MACHINE_TOKENS_MAX: usize = 20, "tokens a person";
    /// How long a machine's token may last: a year, so that each is looked at once in a while.
    MACHINE_TOKEN_DAYS_MAX: u32 = 366, "days";
    /// A sign-in name that is looked up; a longer one is nobody's.
    LOGIN_BYTES_MAX: usize = 128, "bytes";
    /// A password that is verified; hashing more only costs.
    PASSWORD_BYTES_MAX: usize = 1_024, "bytes";
    /// Requests of one sign-in in a second, counted over ten.
    REQUESTS_PER_S_MAX: u32 = 50, "requests a second and sign-in";
    /// Open event streams of one sign-in.
    STREAMS_MAX: usize = 16, "streams a sign-in";
}

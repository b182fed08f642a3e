//! Where SQLite and PostgreSQL differ. Everything else of this crate is one text for both.

/// Which database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// Functions that SQLite has built in. `jsonb_each(text)` gives a row for each element of a JSON array; SQLite's
/// `json_each` would write each element out as text, only for the columns to parse it again.
const POSTGRES_FUNCTIONS: &str = "
CREATE OR REPLACE FUNCTION jsonb_each(document text) RETURNS TABLE(value jsonb)
    LANGUAGE sql IMMUTABLE STRICT ROWS 100 AS 'SELECT jsonb_array_elements(document::jsonb)';
";

/// Hosts that open one database at the same time migrate it one after the other.
const POSTGRES_MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(8105231)";

impl Dialect {
    /// `sqlite:PATH` or `postgres://…`.
    pub(crate) fn of_url(url: &str) -> Option<Self> {
        match url {
            _ if url.starts_with("sqlite:") => Some(Self::Sqlite),
            _ if url.starts_with("postgres:") || url.starts_with("postgresql:") => Some(Self::Postgres),
            _ => None,
        }
    }

    /// A migration's portable text as this database wants it.
    pub(crate) fn migration_text(self, portable: &str) -> String {
        match self {
            Self::Sqlite => portable.replace("BYTES", "BLOB").replace("NUMBER_KEY", "INTEGER PRIMARY KEY"),
            // Texts are compared byte by byte, as SQLite does, whatever the database's own language is.
            Self::Postgres => portable
                .replace("BYTES", "BYTEA")
                .replace("NUMBER_KEY", "BIGINT PRIMARY KEY")
                .replace(" TEXT", " TEXT COLLATE \"C\""),
        }
    }

    /// Run before the migrations.
    pub(crate) fn prelude(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => POSTGRES_FUNCTIONS,
        }
    }

    pub(crate) fn migration_lock(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(POSTGRES_MIGRATION_LOCK),
        }
    }

    /// Begins a transaction that will write. SQLite takes the write lock at once, so that it can't fail halfway.
    pub(crate) fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Whether the driver takes several statements with parameters in one text.
    pub(crate) fn joins_statements(self) -> bool {
        self == Self::Sqlite
    }

    /// Begins a transaction that reads one snapshot throughout.
    pub(crate) fn begin_snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Run after a key was destroyed: the row that it stood in before goes from the files too. Backups made before
    /// keep it until they are discarded.
    pub(crate) fn scrub_keys(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA wal_checkpoint(TRUNCATE)",
            Self::Postgres => "VACUUM data_key",
        }
    }

    /// Set on each connection.
    pub(crate) fn settings(self, writes: bool) -> &'static [&'static str] {
        match (self, writes) {
            (Self::Sqlite, true) => &[
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA busy_timeout = 5000",
                "PRAGMA cache_size = -65536",
                "PRAGMA wal_autocheckpoint = 4000",
                "PRAGMA secure_delete = FAST",
                "PRAGMA temp_store = MEMORY",
            ],
            // A reader's pages are dropped whenever somebody has written, which costs by the size of what holds them.
            (Self::Sqlite, false) => {
                &["PRAGMA busy_timeout = 5000", "PRAGMA cache_size = -2048", "PRAGMA query_only = ON"]
            }
            (Self::Postgres, _) => {
                &["SET statement_timeout = '15s'", "SET idle_in_transaction_session_timeout = '30s'"]
            }
        }
    }

    /// The driver's URL. SQLite's file is made where it is missing.
    pub(crate) fn driver_url(self, url: &str) -> String {
        match self {
            Self::Sqlite if url.contains('?') => url.to_owned(),
            Self::Sqlite => format!("{url}?mode=rwc"),
            Self::Postgres => url.to_owned(),
        }
    }

    pub(crate) fn readers(self) -> usize {
        match self {
            Self::Sqlite => 4,
            Self::Postgres => 12,
        }
    }

    /// Run in a transaction that changes what other hosts hold in memory. They hear of it when it is committed.
    pub(crate) fn notify(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("NOTIFY xitai_head"),
        }
    }

    /// Whether other hosts may write to the database, so that what is kept in memory must be looked at again.
    pub(crate) fn is_shared(self) -> bool {
        self == Self::Postgres
    }
}

/// Whether an error says that a row is at fault, rather than the database. SQLite: constraint and type errors
/// (primary code 19, 20, 25); PostgreSQL: classes 22 (data) and 23 (integrity).
pub(crate) fn blames_a_row(code: Option<&str>) -> bool {
    match code {
        Some(code) if code.len() == 5 => code.starts_with("22") || code.starts_with("23"),
        Some(code) => code.parse::<i64>().is_ok_and(|code| matches!(code & 0xff, 19 | 20 | 25)),
        None => false,
    }
}

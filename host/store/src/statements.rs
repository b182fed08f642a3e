//! The writing statements of one transaction on their way to the database.
//!
//! SQLite has a thread of its own, and each trip there costs about 100 µs of waiting and a fifth of that in processor
//! time. Its driver takes several statements in one text, so that a batch makes one trip with all that it writes.
//! PostgreSQL takes one statement with parameters at a time.

use crate::dialect::Dialect;
use sqlx::any::AnyArguments;
use sqlx::{AnyConnection, Arguments, AssertSqlSafe, Encode, Error, Type};
use std::fmt::Write as _;

pub(crate) struct Statements<'c> {
    to: &'c mut AnyConnection,
    dialect: Dialect,
    /// What waits for [`Self::finish`], with the parameters of all statements numbered through.
    text: String,
    arguments: AnyArguments,
}

impl<'c> Statements<'c> {
    pub(crate) fn new(to: &'c mut AnyConnection, dialect: Dialect) -> Self {
        Self { to, dialect, text: String::new(), arguments: AnyArguments::default() }
    }

    /// Runs a statement, or keeps it until all are run in their order.
    pub(crate) async fn run(&mut self, sql: &'static str, bound: Bound) -> Result<(), Error> {
        let Bound(mut arguments) = bound;
        if !self.dialect.joins_statements() {
            sqlx::query_with(sql, arguments).execute(&mut *self.to).await?;
            return Ok(());
        }
        push_renumbered(&mut self.text, sql, self.arguments.len());
        self.arguments.values.0.append(&mut arguments.values.0);
        Ok(())
    }

    /// Done when all have been run.
    pub(crate) async fn finish(self) -> Result<(), Error> {
        if !self.text.is_empty() {
            sqlx::query_with(AssertSqlSafe(self.text), self.arguments).execute(self.to).await?;
        }
        Ok(())
    }
}

/// The parameters of one statement, from `$1` on.
#[derive(Default)]
pub(crate) struct Bound(AnyArguments);

impl Bound {
    pub(crate) fn and<'t, T: Encode<'t, sqlx::Any> + Type<sqlx::Any>>(mut self, value: T) -> Self {
        self.0.add(value).expect("texts, numbers and bytes are bound as they are");
        self
    }
}

/// Appends a statement whose `$1` becomes the first parameter after the `before` ones.
fn push_renumbered(text: &mut String, sql: &str, before: usize) {
    let mut parts = sql.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = part[..digits].parse().expect("a $ in a statement begins a parameter's number");
        write!(text, "${}{}", before + number, &part[digits..]).expect("a String takes all that is written to it");
    }
    text.push_str(";\n");
}

#[cfg(test)]
mod tests {
    use super::push_renumbered;

    #[test]
    fn parameters_are_numbered_through() {
        let mut text = String::new();
        push_renumbered(&mut text, "UPDATE a SET b = $1", 0);
        push_renumbered(&mut text, "INSERT INTO c VALUES ($2, $1, $10)", 1);
        push_renumbered(&mut text, "COMMIT", 11);
        assert_eq!(text, "UPDATE a SET b = $1;\nINSERT INTO c VALUES ($3, $2, $11);\nCOMMIT;\n");
    }
}

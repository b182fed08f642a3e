//! Documents of the release plane and customers, against the newest audit records that name them: nobody gets a role, a
//! password or an approval behind the trail's back.

use super::{End, PAGE, Walk, problem};
use crate::commit::evidence;
use crate::rows::Columns;

const RECORDS: &str = "SELECT noun, id, version, body FROM record ORDER BY noun, id";
const CUSTOMERS: &str = "SELECT id, login, password_hash, level, branch, profile FROM customer \
     WHERE id > $1 ORDER BY id LIMIT $2";

const MATTERS: &str = crate::matter::select!("id > $1 ORDER BY id LIMIT $2");
const PASSKEYS: &str = "SELECT id, who, name, credential FROM passkey";
const BINDINGS: &str = "SELECT id, provider, who FROM binding";

impl Walk<'_> {
    /// Each matter as its newest audit record says.
    pub(super) async fn matters(&mut self) -> Result<(), End> {
        let mut after = String::new();
        loop {
            let rows = sqlx::query(MATTERS).bind(&after).bind(PAGE).fetch_all(&mut *self.from).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let (matter, body, sealed) = crate::matter::columns(row)?;
                let says = (matter.revision, evidence::of_matter(&matter, &body, sealed.as_deref()));
                after = matter.id.to_string();
                if self.matters.remove(&after).as_ref() != Some(&says) {
                    return problem(format!("matter {after} is not what its newest audit record is evidence of"));
                }
            }
        }
        match self.matters.keys().min() {
            Some(id) => problem(format!("matter {id} is missing")),
            None => Ok(()),
        }
    }

    /// Each passkey and binding that is there was written by a commit. One that is gone opens nothing, so it is not
    /// looked for: erasing a customer takes theirs along.
    pub(super) async fn opens(&mut self) -> Result<(), End> {
        for row in &sqlx::query(PASSKEYS).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(row);
            let id = columns.text()?;
            let is = evidence::of_passkey(&id, &columns.text()?, &columns.text()?, &columns.text()?);
            if self.opens.get(&format!("passkey:{id}")) != Some(&is) {
                return problem(format!("passkey {id} is not what its newest audit record is evidence of"));
            }
        }
        for row in &sqlx::query(BINDINGS).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(row);
            let id = columns.text()?;
            let is = evidence::of_binding(&id, &columns.text()?, &columns.text()?);
            if self.opens.get(&format!("binding:{id}")) != Some(&is) {
                return problem(format!("binding {id} is not what its newest audit record is evidence of"));
            }
        }
        Ok(())
    }

    /// Each document as its newest audit record says: nobody gets a role, and nothing is approved, behind its back.
    pub(super) async fn documents(&mut self) -> Result<(), End> {
        for row in &sqlx::query(RECORDS).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(row);
            let (noun, id, version, body) = (columns.text()?, columns.text()?, columns.count()?, columns.text()?);
            let says = (version, evidence::of_record(&noun, &id, version, &body));
            if self.records.remove(&(noun.clone(), id.clone())).as_ref() != Some(&says) {
                return problem(format!("{noun} {id} is not what its newest audit record is evidence of"));
            }
        }
        match self.records.keys().min() {
            Some((noun, id)) => problem(format!("{noun} {id} is missing")),
            None => Ok(()),
        }
    }

    /// Each customer as last written, or erased.
    pub(super) async fn people(&mut self) -> Result<(), End> {
        let mut after = String::new();
        loop {
            let rows = sqlx::query(CUSTOMERS).bind(&after).bind(PAGE).fetch_all(&mut *self.from).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let mut columns = Columns::of(row);
                let (id, login, password) = (columns.text()?, columns.text()?, columns.text()?);
                let (level, branch, profile) = (columns.text()?, columns.text()?, columns.bytes()?);
                let is = evidence::of_customer(&id, &login, &password, &level, &branch, &profile);
                let fits = match self.people.remove(&id) {
                    Some(Some(says)) => says == is,
                    Some(None) => login == format!("erased:{id}") && password.is_empty(),
                    None => false,
                };
                if !fits {
                    return problem(format!("customer {id} is not what the newest audit record is evidence of"));
                }
                after = id;
            }
        }
        match self.people.iter().filter(|(_, written)| written.is_some()).map(|(id, _)| id).min() {
            Some(id) => problem(format!("customer {id} is missing")),
            None => Ok(()),
        }
    }
}

//! Customers and their pairwise ids.

use crate::keys::KeyOwner;
use crate::newest::Newest;
use crate::read;
use crate::rows::{Columns, portable};
use crate::seal::Place;
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use std::sync::Arc;
use xitai_model::identity::Customer;
use xitai_model::ids::{BranchId, CustomerId, ProgramId};

const BY_ID: &str = "SELECT id, login, password_hash, level, branch, profile FROM customer WHERE id = $1";
const BY_LOGIN: &str = "SELECT id, login, password_hash, level, branch, profile FROM customer WHERE login = $1";

/// A visitor's subject leads to whoever took the visitor over.
const OF_SUBJECT: &str = "SELECT customer FROM subject WHERE program = $1 AND subject = $2 UNION ALL \
     SELECT customer FROM former_subject WHERE program = $1 AND subject = $2";
const TAKEN_OVER: &str = "SELECT id FROM customer WHERE taken_over_by = $1";

impl Store {
    pub async fn customer(&self, id: &CustomerId) -> Result<Option<Customer>, StoreError> {
        let newest = self.inner.newest.as_ref();
        if let Some(held) = newest.and_then(|newest| newest.customer(id)) {
            return Ok(Some(Customer::clone(&held)));
        }
        let as_of = newest.map(Newest::customers_as_of);
        let row = read::optional(self.readers(), sqlx::query(BY_ID).bind(id.as_str())).await?;
        let Some(row) = row else { return Ok(None) };
        let customer = self.open_customer(&row).await?;
        if let Some((newest, as_of)) = newest.zip(as_of) {
            newest.found_customer(as_of, Arc::new(customer.clone()));
        }
        Ok(Some(customer))
    }

    pub async fn customer_by_login(&self, login: &str) -> Result<Option<Customer>, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(BY_LOGIN).bind(portable(login))).await?;
        match row {
            Some(row) => self.open_customer(&row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn open_customer(&self, row: &AnyRow) -> Result<Customer, StoreError> {
        let mut columns = Columns::of(row);
        let id = CustomerId::parse(&columns.text()?)?;
        let login = columns.text()?;
        let password_hash = columns.text()?;
        let level = serde_json::from_value(serde_json::Value::String(columns.text()?))?;
        let branch = BranchId::parse(&columns.text()?)?;
        let key = self.inner.keys.to_open(&KeyOwner::customer(&id), self.readers()).await?;
        let profile = serde_json::from_slice(&key.open(&Place::Profile(id.as_str()), &columns.bytes()?)?)?;
        Ok(Customer { id, login, password_hash, level, branch, profile })
    }

    /// Visitors whose records a customer has taken over.
    pub async fn visitors_of(&self, customer: &CustomerId) -> Result<Vec<CustomerId>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(TAKEN_OVER).bind(customer.as_str())).await?;
        rows.iter().map(|row| Ok(CustomerId::parse(&Columns::of(row).text()?)?)).collect()
    }

    /// The pairwise id that a program knows the customer by.
    pub async fn subject(&self, program: &ProgramId, customer: &CustomerId) -> Result<Option<String>, StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query("SELECT subject FROM subject WHERE program = $1 AND customer = $2")
                .bind(program.as_str())
                .bind(customer.as_str()),
        )
        .await?;
        row.map(|row| Columns::of(&row).text()).transpose()
    }

    pub async fn customer_of_subject(
        &self,
        program: &ProgramId,
        subject: &str,
    ) -> Result<Option<CustomerId>, StoreError> {
        let row =
            read::optional(self.readers(), sqlx::query(OF_SUBJECT).bind(program.as_str()).bind(portable(subject)))
                .await?;
        row.map(|row| Ok(CustomerId::parse(&Columns::of(&row).text()?)?)).transpose()
    }
}

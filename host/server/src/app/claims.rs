//! What the bank's record says about a customer, as programs may come to know it.

use super::catalog::Catalog;
use xitai_model::claims::Known;
use xitai_model::ids::{BranchId, CustomerId};
use xitai_model::place::Role;
use xitai_store::{Store, StoreError};

/// Nobody's where the customer was erased.
pub async fn known(store: &Store, catalog: &Catalog, id: &CustomerId) -> Result<Option<Known>, StoreError> {
    match store.customer(id).await {
        Ok(customer) => Ok(customer.map(|customer| Known::of(&customer, branch_manager(catalog, &customer.branch)))),
        Err(StoreError::Withheld) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Who manages a branch, by name.
fn branch_manager(catalog: &Catalog, branch: &BranchId) -> Option<String> {
    let mut staff = catalog.staff.values().map(|kept| &kept.value);
    let manages = |(role, place): &(Role, BranchId)| *role == Role::Manager && place == branch;
    staff.find(|staff| staff.roles.iter().any(manages)).map(|staff| staff.name.clone())
}

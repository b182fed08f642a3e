//! Programs that a customer keeps at hand, newest first. Which these are says something about them, so that the list is
//! sealed under their key and goes with it.

use crate::code;
use crate::ids::{CustomerId, ProgramId};
use crate::limits::FAVOURITES_MAX;
use crate::matter::{MatterBody, MatterKey, MatterKind};
use crate::refusal::{Refusal, refuse};
use serde::{Deserialize, Serialize};

/// The name of the sealed list.
pub const PROGRAMS: &str = "programs";

/// What is kept in the open: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Favourites {}

impl MatterBody for Favourites {
    const KIND: MatterKind = MatterKind::Favourites;
}

/// Where a customer's list lies.
pub fn key_of(customer: &CustomerId) -> MatterKey {
    let (kind, owner) = (MatterKind::Favourites, customer.to_string());
    MatterKey { kind, program: None, owner, key: "favourites".to_owned() }
}

/// The list with a program, or without it. None where it is so already.
pub fn changed(list: &[ProgramId], program: &ProgramId, keep: bool) -> Result<Option<Vec<ProgramId>>, Refusal> {
    let others = || list.iter().filter(|it| *it != program).cloned();
    match (list.contains(program), keep) {
        (true, true) | (false, false) => Ok(None),
        (true, false) => Ok(Some(others().collect())),
        (false, true) if list.len() >= FAVOURITES_MAX => refuse(code::FAVOURITES_MANY, format!("{}", list.len())),
        (false, true) => Ok(Some(std::iter::once(program.clone()).chain(others()).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(n: usize) -> ProgramId {
        ProgramId::parse(&format!("cn.bank.p{n}")).unwrap()
    }

    #[test]
    fn a_list_has_each_program_once_newest_first() {
        let (one, two) = (program(1), program(2));
        let list = changed(&[], &one, true).unwrap().unwrap();
        let list = changed(&list, &two, true).unwrap().unwrap();
        assert_eq!(list, [two.clone(), one.clone()]);
        assert_eq!(changed(&list, &one, true).unwrap(), None);
        assert_eq!(changed(&list, &two, false).unwrap().unwrap(), [one]);
        assert_eq!(changed(&[], &two, false).unwrap(), None);
    }

    #[test]
    fn a_full_list_takes_no_more() {
        let full: Vec<ProgramId> = (0..FAVOURITES_MAX).map(program).collect();
        assert!(changed(&full[1..], &program(0), true).unwrap().is_some());
        assert_eq!(changed(&full, &program(FAVOURITES_MAX), true).unwrap_err().code, "favourites.many");
        assert_eq!(changed(&full, &program(0), true).unwrap(), None, "one that is there is no new one");
        assert_eq!(changed(&full, &program(0), false).unwrap().unwrap().len(), FAVOURITES_MAX - 1);
    }
}

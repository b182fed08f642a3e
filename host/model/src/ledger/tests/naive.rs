//! The books against a model that knows nothing but the list of transfers.

use super::*;
use proptest::prelude::*;

/// A chain of the property below.
type Played = (u8, Vec<(bool, i64, Option<i64>)>);

/// The naive books: every question is answered from the whole list.
#[derive(Default)]
struct Naive {
    booked: Vec<Booked>,
}

impl Naive {
    /// What is left of a pending transfer; its own list of what came after it says.
    fn left(&self, id: TransferId) -> Option<(Transfer, i64, i64)> {
        let pended = self.booked.iter().find(|b| b.id == id)?;
        let Movement::Pend { expires_ms } = pended.transfer.movement else { return None };
        let mut left = pended.transfer.amount.minor;
        for later in &self.booked {
            match later.transfer.movement {
                Movement::PostPending { pending, keep_rest: true } if pending == id => {
                    left -= later.transfer.amount.minor;
                }
                Movement::PostPending { pending, keep_rest: false } | Movement::VoidPending { pending }
                    if pending == id =>
                {
                    left = 0;
                }
                _ => {}
            }
        }
        Some((pended.transfer.clone(), left, expires_ms))
    }
    /// Posted in and out and reserved out, of one account.
    fn sums(&self, key: &AccountKey) -> (i64, i64, i64) {
        let (mut credits, mut debits, mut reserved) = (0, 0, 0);
        for booked in &self.booked {
            let (transfer, minor) = (&booked.transfer, booked.transfer.amount.minor);
            match transfer.movement {
                Movement::Post | Movement::PostPending { .. } => {
                    credits += if transfer.credit == *key { minor } else { 0 };
                    debits += if transfer.debit == *key { minor } else { 0 };
                }
                Movement::Pend { .. } if transfer.debit == *key => reserved += self.left(booked.id).unwrap().1,
                _ => {}
            }
        }
        (credits, debits, reserved)
    }
    fn accepts(&mut self, transfer: &Transfer, id: TransferId, now_ms: i64) -> bool {
        let minor = transfer.amount.minor;
        let moves = minor > 0 && transfer.debit != transfer.credit;
        let fits = match transfer.movement {
            Movement::Post | Movement::Pend { .. } => true,
            Movement::PostPending { pending, .. } => self.left(pending).is_some_and(|(of, left, expires_ms)| {
                minor <= left && now_ms < expires_ms && of.debit == transfer.debit && of.credit == transfer.credit
            }),
            Movement::VoidPending { pending } => self.left(pending).is_some_and(|(of, left, _)| {
                minor == left && of.debit == transfer.debit && of.credit == transfer.credit
            }),
        };
        if !moves || !fits {
            return false;
        }
        self.booked.push(Booked { id, transfer: transfer.clone(), at_ms: now_ms });
        let (credits, debits, reserved) = self.sums(&transfer.debit);
        let covered = transfer.debit.kind == AccountKind::Treasury || credits - debits - reserved >= 0;
        let adds = matches!(transfer.movement, Movement::Post | Movement::Pend { .. });
        let (credits, debits, _) = self.sums(&transfer.credit);
        let filled = credits - debits + self.coming(&transfer.credit);
        covered && transfer.ceiling.is_none_or(|ceiling| !adds || filled <= ceiling)
    }
    /// Reserved to come in.
    fn coming(&self, key: &AccountKey) -> i64 {
        let pends = self.booked.iter().filter(|b| matches!(b.transfer.movement, Movement::Pend { .. }));
        pends.filter(|b| b.transfer.credit == *key).map(|b| self.left(b.id).unwrap().1).sum()
    }
    fn chain(&mut self, chain: &[Transfer], now_ms: i64, next_id: TransferId) -> bool {
        let kept = self.booked.len();
        let all = chain.iter().zip(next_id..).all(|(transfer, id)| self.accepts(transfer, id, now_ms));
        if !all {
            self.booked.truncate(kept);
        }
        all
    }
}

fn any_account() -> impl Strategy<Value = AccountKey> {
    prop_oneof![
        1 => Just(treasury()),
        2 => Just(wang()),
        1 => Just(account(AccountKind::Customer, "smith")),
        2 => Just(canteen()),
        1 => Just(account(AccountKind::Branch, "suzhou")),
    ]
}

fn any_movement() -> impl Strategy<Value = Movement> {
    prop_oneof![
        4 => Just(Movement::Post),
        4 => (0_i64..200).prop_map(|expires_ms| Movement::Pend { expires_ms }),
        4 => (1_i64..40, any::<bool>()).prop_map(|(pending, keep_rest)| Movement::PostPending { pending, keep_rest }),
        2 => (1_i64..40).prop_map(|pending| Movement::VoidPending { pending }),
    ]
}

fn any_transfer() -> impl Strategy<Value = Transfer> {
    let ceiling = prop_oneof![2 => Just(None), 1 => (0_i64..150).prop_map(Some)];
    (any_account(), any_account(), 0_i64..60, any_movement(), ceiling).prop_map(
        |(debit, credit, minor, movement, ceiling)| Transfer { ceiling, ..transfer(debit, credit, minor, movement) },
    )
}

/// Most random transfers that name a pending one would miss its accounts and its amount, so most of them are aimed.
fn aim(naive: &Naive, transfer: &mut Transfer, exactly: bool) {
    let (Movement::PostPending { pending, .. } | Movement::VoidPending { pending }) = &mut transfer.movement else {
        return;
    };
    let pends: Vec<_> = naive.booked.iter().filter(|b| matches!(b.transfer.movement, Movement::Pend { .. })).collect();
    if let Some(chosen) = pends.get(*pending as usize % pends.len().max(1)) {
        *pending = chosen.id;
        transfer.debit = chosen.transfer.debit.clone();
        transfer.credit = chosen.transfer.credit.clone();
        if exactly {
            transfer.amount.minor = naive.left(chosen.id).unwrap().1;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_books_agree_with_the_list(
        chains in proptest::collection::vec(
            (proptest::collection::vec((any_transfer(), any::<bool>(), any::<bool>()), 0..4), 0_i64..10),
            1..40,
        ),
    ) {
        let (mut book, mut naive) = (MemoryBook::default(), Naive::default());
        let (mut next_id, mut now_ms) = (1, 0);
        let funding = [transfer(treasury(), wang(), 100, Movement::Post)];
        prop_assert!(naive.chain(&funding, 0, next_id));
        next_id += decide(&mut book, &funding, 0, next_id).unwrap().len() as i64;
        for (steps, passed_ms) in chains {
            now_ms += passed_ms;
            let chain: Vec<Transfer> = steps
                .into_iter()
                .map(|(mut transfer, aimed, exactly)| {
                    if aimed { aim(&naive, &mut transfer, exactly) }
                    transfer
                })
                .collect();
            let before = book.clone();
            let decided = decide(&mut book, &chain, now_ms, next_id);
            let accepted = !chain.is_empty() && naive.chain(&chain, now_ms, next_id);
            prop_assert_eq!(decided.is_ok(), accepted, "{:?} {:?}", chain, decided);
            match decided {
                Ok(booked) => next_id += booked.len() as i64,
                Err(_) => prop_assert_eq!(&book, &before),
            }
        }
        check_books(&book, &naive)?;
        let mut replayed = MemoryBook::default();
        for booked in &naive.booked {
            decide(&mut replayed, std::slice::from_ref(&booked.transfer), booked.at_ms, booked.id).unwrap();
        }
        prop_assert_eq!(replayed, book, "replaying the list gives the same books");
    }
}

fn check_books(book: &MemoryBook, naive: &Naive) -> Result<(), TestCaseError> {
    let mut total = Balances::default();
    for (key, balances) in book.accounts() {
        let (credits, debits, reserved) = naive.sums(key);
        prop_assert_eq!((balances.credits_posted, balances.debits_posted), (credits, debits), "{}", key);
        prop_assert_eq!(balances.debits_pending, reserved, "{}", key);
        prop_assert!(key.kind == AccountKind::Treasury || balances.available() >= 0, "{} is overdrawn", key);
        total.debits_posted += balances.debits_posted;
        total.credits_posted += balances.credits_posted;
        total.debits_pending += balances.debits_pending;
        total.credits_pending += balances.credits_pending;
    }
    prop_assert_eq!(total.debits_posted, total.credits_posted);
    prop_assert_eq!(total.debits_pending, total.credits_pending);
    let open: i64 = book.pendings().map(|(_, pending)| pending.left).sum();
    prop_assert_eq!(total.debits_pending, open);
    Ok(())
}

proptest! {
    /// Chains that share no account may come in any order: what they make of the accounts is the same, whichever of
    /// them are refused.
    #[test]
    fn chains_that_share_no_account_commute(
        chains in proptest::collection::vec(
            (0_u8..4, proptest::collection::vec((any::<bool>(), 1_i64..60, proptest::option::of(0_i64..150)), 1..4)),
            1..24,
        ),
        order in any::<prop::sample::Index>(),
    ) {
        let played = |chains: &[Played]| {
            let mut book = MemoryBook::default();
            let mut next_id = 1;
            for (owner, steps) in chains {
                let (treasury, own) = (
                    account(AccountKind::Treasury, &owner.to_string()),
                    account(AccountKind::Customer, &owner.to_string()),
                );
                let chain: Vec<_> = steps
                    .iter()
                    .map(|(comes, minor, ceiling)| {
                        let (from, to) = if *comes { (&treasury, &own) } else { (&own, &treasury) };
                        Transfer { ceiling: *ceiling, ..transfer(from.clone(), to.clone(), *minor, Movement::Post) }
                    })
                    .collect();
                next_id += decide(&mut book, &chain, 0, next_id).map_or(0, |booked| booked.len() as i64);
            }
            book
        };
        // Owner by owner, each owner's own chains in their order; owners begin anywhere.
        let mut regrouped: Vec<_> = chains.clone();
        let first = order.index(4) as u8;
        regrouped.sort_by_key(|(owner, _)| (owner + first) % 4);
        prop_assert_eq!(played(&chains), played(&regrouped));
    }
}

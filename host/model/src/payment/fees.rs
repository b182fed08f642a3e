//! What merchants pay of a payment. The payment names the number of each contract, and no price: its record goes into
//! the customer's receipt, and a merchant's terms are nobody else's affair.

use super::legs::Standing;
use super::{Payee, Payment};
use crate::ids::MerchantId;
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::merchant::{Cash, Merchant, OnRefund, Rate};
use crate::money::Money;
use crate::tender::Tender;
use serde::{Deserialize, Serialize};

/// Whose account the fees go to.
const FEE_OWNER: &str = "bank";

/// The number of the contract that a leg is charged under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contracted {
    pub leg: usize,
    pub contract: u32,
}

/// The prices of a payment's legs, looked up. None for legs that are charged nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fees(Vec<Price>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Price {
    leg: usize,
    merchant: MerchantId,
    rate: Rate,
    on_refund: OnRefund,
}

impl Fees {
    /// Of a payment without merchants.
    pub fn none() -> Self {
        Self::default()
    }
    /// By the contracts that the payment names. `merchant` looks one up in the host's register, which keeps all of
    /// them with all of their contracts.
    pub fn of<E>(
        payment: &Payment,
        mut merchant: impl FnMut(&MerchantId) -> Result<Option<Merchant>, E>,
    ) -> Result<Self, E> {
        let mut prices = Vec::with_capacity(payment.contracts.len());
        for charged in &payment.contracts {
            let Some(Payee::Merchant(id)) = payment.legs.get(charged.leg).map(|leg| &leg.payee) else { continue };
            let Some(found) = merchant(id)? else { continue };
            let terms = found.contract(charged.contract).map(|contract| &contract.terms);
            let terms = terms.filter(|terms| payment.tender != Tender::Cash || terms.cash == Some(Cash::Charged));
            let rate = terms.and_then(|terms| Some((terms.rates.get(&payment.payable.currency)?, terms.on_refund)));
            prices.extend(rate.map(|(rate, on_refund)| Price {
                leg: charged.leg,
                merchant: id.clone(),
                rate: *rate,
                on_refund,
            }));
        }
        Ok(Self(prices))
    }

    /// What the fees change by while the money on the legs goes from one standing to another. A fee is always that of
    /// what was captured, or of what the merchant still keeps of it; so parts sum to the whole.
    pub(super) fn moves(&self, payment: &Payment, before: &Standing, after: &Standing) -> Vec<Transfer> {
        if payment.practice {
            return Vec::new();
        }
        let fee = |price: &Price, standing: &Standing| {
            let base = match price.on_refund {
                OnRefund::Kept => &standing.captured,
                OnRefund::Returned => &standing.kept,
            };
            price.rate.of(standing.on_leg(base, price.leg))
        };
        let moved = self.0.iter().map(|price| (price, fee(price, after) - fee(price, before)));
        moved.filter(|(_, change)| *change != 0).map(|(price, change)| transfer(payment, price, change)).collect()
    }
}

fn transfer(payment: &Payment, price: &Price, change: i64) -> Transfer {
    let currency = payment.payable.currency;
    let merchant = AccountKey::new(AccountKind::Merchant, price.merchant.as_str(), currency);
    let bank = AccountKey::new(AccountKind::Fee, FEE_OWNER, currency);
    let (debit, credit) = if change > 0 { (merchant, bank) } else { (bank, merchant) };
    Transfer {
        debit,
        credit,
        amount: Money::new(change.abs(), currency),
        movement: Movement::Post,
        purpose: Purpose::Fee,
        payment: Some(payment.id.clone()),
        ceiling: None,
    }
}

//! `coupons`: discounts that campaigns give out. Coupons are between the customer and the bank; a program sees those that
//! count in it.

use super::matters::Read;
use super::payments::not_found as no_payment;
use crate::bindings::xitai::payments::coupons as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::convert::BadMoney;
use crate::ports::MattersOf;
use serde::{Deserialize, Serialize};
use xitai_model::campaign::{Campaign, Worth, promise, refused};
use xitai_model::code;
use xitai_model::coupon::{Coupon, CouponCode, Standing, State, code_key, price, read_code, standing};
use xitai_model::day::Day;
use xitai_model::ids::{CampaignId, CustomerId, MatterId, ProgramId, TicketId};
use xitai_model::limits::COUPON_CODE_TRIES_MAX;
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::money::Money;
use xitai_model::payment::Payment;
use xitai_model::refusal::Refusal;
use xitai_model::services::SharedKey;
use xitai_model::sheet::{Arms, Asked};

/// Under whose name tries of codes are counted: no program's.
const TRIES: &str = "xitai.coupon-codes";

#[derive(Serialize)]
struct Price {
    /// A currency that is none is journalled as the refusal that it gets.
    amount: Result<Money, Refusal>,
    ids: Vec<String>,
}
#[derive(Serialize)]
struct Claim {
    campaign: String,
    key: String,
}
#[derive(Serialize)]
struct RedeemCode {
    code: String,
    key: String,
}
#[derive(Serialize, Deserialize)]
struct Quoted {
    discount: Money,
    payable: Money,
    funded_by: Vec<(String, Money)>,
}
#[derive(Serialize, Deserialize)]
struct Told {
    id: String,
    title: String,
    worth: Worth,
    minimum_spend: Money,
    expires_ms: i64,
    ticket: Option<String>,
}
#[derive(Serialize, Deserialize)]
struct Offered {
    campaign: String,
    title: String,
    worth: Worth,
    minimum_spend: Money,
    price: Option<Money>,
    until_ms: i64,
    by_code: bool,
}

fn not_found() -> Refusal {
    Refusal::of(code::COUPON_NOT_FOUND, "")
}

fn told((matter, coupon): &Read<Coupon>) -> Told {
    let waits = matches!(matter.asked, Some(Asked::Waiting { .. }));
    Told {
        id: matter.id.to_string(),
        title: coupon.title.clone(),
        worth: coupon.worth,
        minimum_spend: coupon.minimum_spend,
        expires_ms: coupon.expires_ms,
        ticket: matter.ticket.as_ref().filter(|_| waits).map(TicketId::to_string),
    }
}

impl CallState {
    /// The customer whom the call serves. Staff have no coupons at their own counter.
    fn coupon_customer(&self) -> Result<CustomerId, Refusal> {
        let customer = self.scope.customer.clone().filter(|_| !self.scope.acts_for_merchant);
        customer.ok_or_else(|| Refusal::of(code::PAYMENT_NO_CUSTOMER, ""))
    }

    fn campaign_here(&self, reads: &Reads<'_>, id: &CampaignId) -> Result<Option<Campaign>, Halt> {
        Ok(reads.ports.campaign(id, &self.scope.program, &self.scope.branch, reads.within)?)
    }

    fn coupon_standing(&self, reads: &Reads<'_>, coupon: &Coupon) -> Result<Standing, Halt> {
        let payment: Option<Payment> = match coupon.locked_by() {
            None => None,
            Some(id) => match self.payment_any(reads, id.as_str()) {
                Ok(payment) => Some(payment),
                Err(Halt::Refused(refusal)) if refusal == no_payment() => None,
                Err(halt) => return Err(halt),
            },
        };
        Ok(standing(coupon, payment.as_ref(), self.now_ms))
    }

    /// A coupon of the customer that can be used here now.
    fn usable_coupon(&self, reads: &Reads<'_>, id: &str) -> Result<Read<Coupon>, Halt> {
        let customer = self.coupon_customer()?;
        let found = self.matter::<Coupon>(reads, id)?;
        let own = found.filter(|(matter, _)| matter.customer.as_ref() == Some(&customer)).ok_or_else(not_found)?;
        if self.campaign_here(reads, &own.1.campaign)?.is_none() {
            return Err(not_found().into());
        }
        match self.coupon_standing(reads, &own.1)? {
            Standing::Free => Ok(own),
            _ => Err(Refusal::of(code::COUPON_NOT_USABLE, id).into()),
        }
    }

    /// The coupons of an order, in its order.
    pub(super) fn coupons_of_order(&self, reads: &Reads<'_>, ids: &[String]) -> Result<Vec<Read<Coupon>>, Halt> {
        if !ids.is_empty() && self.scope.practice {
            return Err(Refusal::of(code::PAYMENT_PRACTICE, "coupons").into());
        }
        ids.iter().take(xitai_model::limits::ORDER_COUPONS_MAX + 1).map(|id| self.usable_coupon(reads, id)).collect()
    }

    /// Binds coupons to the draft that they were priced in.
    pub(super) fn lock_coupons(&mut self, coupons: Vec<Read<Coupon>>, payment: &Payment) {
        for (matter, coupon) in coupons {
            let locked = State::Locked { payment: payment.id.clone(), until_ms: payment.expires_ms };
            self.keep_matter(matter.moved(&coupon.with(locked), self.now_ms));
        }
    }

    fn coupons_offers(&self, reads: &Reads<'_>) -> Result<Vec<Offered>, Halt> {
        self.coupon_customer()?;
        let campaigns = reads.ports.campaigns(&self.scope.program, &self.scope.branch, reads.within)?;
        let open = campaigns
            .into_iter()
            .filter(|campaign| campaign.is_open(self.now_ms) && self.scope.level >= campaign.rule.level);
        let offer = |campaign: Campaign| Offered {
            campaign: campaign.id.to_string(),
            title: campaign.title,
            worth: campaign.rule.worth,
            minimum_spend: campaign.rule.minimum_spend,
            price: campaign.price,
            until_ms: campaign.rule.until_ms,
            by_code: campaign.rule.by_code,
        };
        Ok(open.map(offer).collect())
    }

    /// Newest first; as many as one page has.
    fn coupons_eligible(&self, reads: &Reads<'_>) -> Result<Vec<Told>, Halt> {
        let of = MattersOf::CustomerAll(self.coupon_customer()?);
        let (page, _) = self.matters::<Coupon>(reads, &of, None)?;
        let mut usable = Vec::new();
        for own in page {
            let here = self.campaign_here(reads, &own.1.campaign)?.is_some();
            if here && self.coupon_standing(reads, &own.1)? == Standing::Free {
                usable.push(told(&own));
            }
        }
        Ok(usable)
    }

    fn coupons_price(&self, reads: &Reads<'_>, ask: Price) -> Result<Quoted, Halt> {
        let amount = ask.amount?;
        if amount.minor <= 0 || !amount.is_in_range() {
            return Err(Refusal::of(code::PAYMENT_AMOUNT_NOT_POSITIVE, amount.minor.to_string()).into());
        }
        let coupons = self.coupons_of_order(reads, &ask.ids)?;
        let coupons: Vec<_> = coupons.into_iter().map(|(matter, coupon)| (matter.id, coupon)).collect();
        let quote = price(amount, &coupons)?;
        let funded_by = quote.funded_by().into_iter().map(|(funder, money)| (funder.to_string(), money)).collect();
        Ok(Quoted { discount: quote.discount, payable: quote.payable, funded_by })
    }

    /// Where the program's own key for a coupon lies: the coupon itself is no program's.
    fn coupon_key(&self, customer: &CustomerId, key: &str) -> Result<MatterKey, Refusal> {
        super::check_key(key)?;
        let key = format!("{}/{key}", self.scope.program);
        Ok(MatterKey { kind: MatterKind::Coupon, program: None, owner: customer.to_string(), key })
    }

    fn coupons_claim(&mut self, reads: &Reads<'_>, ask: Claim) -> Result<Told, Halt> {
        let customer = self.coupon_customer()?;
        let key = self.coupon_key(&customer, &ask.key)?;
        if let Some(before) = self.matter_at_key::<Coupon>(reads, &key)? {
            let differs = || Refusal::of(code::COUPON_KEY_DIFFERS, ask.key.clone());
            return if before.1.campaign.as_str() == ask.campaign { Ok(told(&before)) } else { Err(differs().into()) };
        }
        let unknown = || Refusal::of(code::CAMPAIGN_NOT_FOUND, "");
        let id = CampaignId::parse(&ask.campaign).map_err(|_| unknown())?;
        let campaign = self.campaign_here(reads, &id)?.ok_or_else(unknown)?;
        campaign.gives(self.scope.level, false, self.now_ms)?;
        let matter = self.coupon_given(reads, &campaign, &customer, key)?;
        Ok(told(&matter))
    }

    /// Gives a coupon out, or offers it where it is bought.
    fn coupon_given(
        &mut self,
        reads: &Reads<'_>,
        campaign: &Campaign,
        customer: &CustomerId,
        key: MatterKey,
    ) -> Result<Read<Coupon>, Halt> {
        let coupon = Coupon::of(campaign, self.now_ms);
        let chain = promise(campaign, customer);
        let mut matter = match campaign.price {
            Some(money) => {
                let chain = self.scope.armed_chain;
                self.new_asking(&coupon, Some(Arms { money, chain }))?
            }
            None => self.new_matter(&coupon),
        };
        matter.program = None;
        matter.key = Some(key.key);
        // What is bought is promised when it is paid for.
        if campaign.price.is_none() {
            self.book(reads, &chain)?.map_err(|refusal| Refusal::of(refused(&refusal), campaign.id.as_str()))?;
            self.pending.books.keep(chain);
            matter.session = None;
        }
        self.keep_matter(matter.clone());
        Ok((matter, coupon))
    }

    fn coupons_redeem(&mut self, reads: &Reads<'_>, ask: RedeemCode) -> Result<Told, Halt> {
        let customer = self.coupon_customer()?;
        let key = self.coupon_key(&customer, &ask.key)?;
        let wrong = || Refusal::of(code::COUPON_CODE_WRONG, "");
        let before = self.matter_at_key::<Coupon>(reads, &key)?;
        if before.is_none() {
            self.count_try(reads, &customer)?;
        }
        let plain = read_code(&ask.code).ok_or_else(wrong)?;
        let held = self.matter_at_key::<CouponCode>(reads, &code_key(&self.scope.bank, &plain))?;
        let (matter, code) = held.ok_or_else(wrong)?;
        if let Some(before) = before {
            let same = code.coupon.as_ref() == Some(&before.0.id);
            let differs = || Refusal::of(code::COUPON_KEY_DIFFERS, ask.key.clone());
            return if same { Ok(told(&before)) } else { Err(differs().into()) };
        }
        let campaign = self.campaign_here(reads, &code.campaign)?.ok_or_else(wrong)?;
        if code.coupon.is_some() {
            return Err(wrong().into());
        }
        campaign.gives(self.scope.level, true, self.now_ms)?;
        let given = self.coupon_given(reads, &campaign, &customer, key)?;
        self.use_code(&matter, code, &given.0.id);
        Ok(told(&given))
    }

    fn use_code(&mut self, matter: &Matter, code: CouponCode, coupon: &MatterId) {
        self.keep_matter(matter.moved(&CouponCode { coupon: Some(coupon.clone()), ..code }, self.now_ms));
    }

    /// Counted at once, in a commit of its own: a program can't try again by failing.
    fn count_try(&self, reads: &Reads<'_>, customer: &CustomerId) -> Result<(), Halt> {
        let day = Day::of(self.now_ms, self.scope.bank_ahead_s);
        let program = ProgramId::parse(TRIES).expect("two lower-case words with a dot between them");
        let key = SharedKey { program, branch: self.scope.bank.clone(), name: format!("{customer}:{day}") };
        let tries = reads.ports.counter_next(&key, reads.within)?;
        if tries > COUPON_CODE_TRIES_MAX {
            return Err(Refusal::of(code::COUPON_CODE_TRIES, format!("{COUPON_CODE_TRIES_MAX} a day")).into());
        }
        Ok(())
    }
}

fn worth(worth: Worth) -> (values::Money, Option<u32>) {
    match worth {
        Worth::Fixed(money) => (money.into(), None),
        Worth::Percent { basis_points, at_most } => (at_most.into(), Some(basis_points)),
    }
}

impl From<Told> for wit::Coupon {
    fn from(it: Told) -> Self {
        let (worth, basis_points) = worth(it.worth);
        Self {
            id: it.id,
            title: it.title,
            worth,
            basis_points,
            minimum_spend: it.minimum_spend.into(),
            expires: it.expires_ms,
            ticket: it.ticket,
        }
    }
}
impl From<Offered> for wit::Offer {
    fn from(it: Offered) -> Self {
        let (worth, basis_points) = worth(it.worth);
        Self {
            campaign: it.campaign,
            title: it.title,
            worth,
            basis_points,
            minimum_spend: it.minimum_spend.into(),
            price: it.price.map(Into::into),
            until: it.until_ms,
            by_code: it.by_code,
        }
    }
}
impl From<Quoted> for wit::Quote {
    fn from(it: Quoted) -> Self {
        let funded_by = it.funded_by.into_iter().map(|(funder, money)| (funder, money.into())).collect();
        Self { discount: it.discount.into(), payable: it.payable.into(), funded_by }
    }
}

type Given = wasmtime::Result<Result<wit::Coupon, values::Refusal>>;

impl wit::Host for CallState {
    fn offers(&mut self) -> wasmtime::Result<Result<Vec<wit::Offer>, values::Refusal>> {
        let answer = self.answer("coupons.offers", (), |state, reads, ()| state.coupons_offers(reads))?;
        Ok(answer.map(|all| all.into_iter().map(Into::into).collect()).map_err(Into::into))
    }

    fn eligible(&mut self) -> wasmtime::Result<Result<Vec<wit::Coupon>, values::Refusal>> {
        let answer = self.answer("coupons.eligible", (), |state, reads, ()| state.coupons_eligible(reads))?;
        Ok(answer.map(|all| all.into_iter().map(Into::into).collect()).map_err(Into::into))
    }

    fn price(
        &mut self,
        amount: values::Money,
        ids: Vec<String>,
    ) -> wasmtime::Result<Result<wit::Quote, values::Refusal>> {
        let amount = Money::try_from(amount)
            .map_err(|BadMoney(currency)| Refusal::of(code::PAYMENT_CURRENCY_UNKNOWN, super::shortened(&currency)));
        let ask = Price { amount, ids };
        let answer = self.answer("coupons.price", ask, |state, reads, ask| state.coupons_price(reads, ask))?;
        Ok(answer.map(Into::into).map_err(Into::into))
    }

    fn claim(&mut self, campaign: String, key: String) -> Given {
        let answer = self.answer("coupons.claim", Claim { campaign, key }, Self::coupons_claim)?;
        Ok(answer.map(Into::into).map_err(Into::into))
    }

    fn redeem_code(&mut self, code: String, key: String) -> Given {
        let answer = self.answer("coupons.redeem-code", RedeemCode { code, key }, Self::coupons_redeem)?;
        Ok(answer.map(Into::into).map_err(Into::into))
    }
}

//! `notices`: reaching a customer by reviewed words. A notice is kept with the step, permission and count with it, and
//! comes to the customer after the commit.

use super::Collected;
use crate::bindings::xitai::services::notices as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use serde::Serialize;
use std::collections::BTreeMap;
use xitai_model::canonical::canonical;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::day::Day;
use xitai_model::digest::Digest;
use xitai_model::ids::{CustomerId, MatterId, TicketId};
use xitai_model::limits::NOTICES_PER_DAY_MAX;
use xitai_model::notice::consent::{self, Asking, Consent};
use xitai_model::notice::quiet::{Settings, settings_key};
use xitai_model::notice::template::Wording;
use xitai_model::notice::{self, CONTENT, Content, Notice};
use xitai_model::refusal::Refusal;
use xitai_model::services::SharedKey;

/// Notices of this call, by where they are counted.
#[derive(Default)]
pub(crate) struct Counted(BTreeMap<SharedKey, i64>);

impl Counted {
    pub(super) fn collect(self, collected: &mut Collected) {
        let at_most = i64::from(NOTICES_PER_DAY_MAX);
        let counted = self.0.into_iter();
        collected.changes.extend(counted.map(|(key, delta)| Change::CounterAdd { key, delta, at_least: 0, at_most }));
    }
}

#[derive(Serialize)]
struct Subscribe {
    templates: Vec<String>,
}
#[derive(Serialize)]
struct Send {
    to: Option<String>,
    template: String,
    values: Vec<(String, String)>,
    not_before_ms: Option<i64>,
    key: String,
}
#[derive(Serialize)]
struct Balance {
    to: Option<String>,
    template: String,
}

impl CallState {
    fn notices_subscribe(&mut self, reads: &Reads<'_>, ask: Subscribe) -> Result<TicketId, Halt> {
        if self.scope.acts_for_merchant {
            return Err(Refusal::of(code::NOTICE_NOT_CUSTOMER, "").into());
        }
        let asking = Asking::of(ask.templates)?;
        for template in &asking.templates {
            self.notice_wording(reads, template)?;
        }
        let matter = self.new_asking(&asking, None)?;
        let ticket = matter.ticket.clone();
        self.keep_matter(matter);
        Ok(ticket.expect("a matter that asks has a ticket"))
    }

    fn notices_send(&mut self, reads: &Reads<'_>, ask: Send) -> Result<MatterId, Halt> {
        super::check_key(&ask.key)?;
        let recipient = self.notice_recipient(reads, ask.to.as_deref())?;
        let program = self.scope.program.clone();
        let request = Digest::of(canonical(&ask).as_bytes());
        if let Some((before, held)) =
            self.matter_at_key::<Notice>(reads, &notice::key_of(&program, &recipient, &ask.key))?
        {
            let same = held.request == request;
            return if same { Ok(before.id) } else { Err(Refusal::of(code::NOTICE_KEY_REUSED, ask.key).into()) };
        }
        let wording = self.notice_wording(reads, &ask.template)?;
        let page = wording.page.clone();
        let content = Content::of(wording, &ask.values)?;
        self.notice_not_muted(reads, &recipient)?;
        let consent = self.matter_at_key::<Consent>(reads, &consent::key_of(&program, &recipient, &ask.template))?;
        let none = || Refusal::of(code::NOTICE_NOT_CONSENTED, ask.template.as_str());
        let (held, consent) = consent.ok_or_else(none)?;
        let (left, lasting) = consent.taken()?;
        let notice = notice::made(&ask.template, page, lasting, request, ask.not_before_ms, self.now_ms)?;
        self.count_notice(reads, &recipient)?;
        // Also where it lasts: whoever takes it back at this moment is heard.
        self.keep_matter(held.moved(&left, self.now_ms));
        let mut matter = self.new_matter(&notice);
        (matter.customer, matter.session, matter.key) = (Some(recipient), None, Some(ask.key));
        matter.seal(CONTENT, &content);
        let id = matter.id.clone();
        self.keep_matter(matter);
        Ok(id)
    }

    fn notices_balance(&mut self, reads: &Reads<'_>, ask: &Balance) -> Result<u32, Halt> {
        let recipient = self.notice_recipient(reads, ask.to.as_deref())?;
        self.notice_wording(reads, &ask.template)?;
        if self.notice_not_muted(reads, &recipient).is_err() {
            return Ok(0);
        }
        let key = consent::key_of(&self.scope.program, &recipient, &ask.template);
        let consent = self.matter_at_key::<Consent>(reads, &key)?;
        let (_, counted) = self.notices_counted(reads, &recipient)?;
        Ok(consent.map_or(0, |(_, consent)| consent.left(notice::left_of_day(counted))))
    }

    /// Who a notice is for: somebody whom this program knows. Staff have no notices of their own shop.
    fn notice_recipient(&self, reads: &Reads<'_>, to: Option<&str>) -> Result<CustomerId, Halt> {
        let scope = &self.scope;
        let own = scope.customer.clone().filter(|_| !scope.acts_for_merchant);
        let Some(subject) = to else {
            return own.ok_or_else(|| Refusal::of(code::NOTICE_NOT_CUSTOMER, "").into());
        };
        if let Some(own) = own.filter(|_| subject == scope.subject) {
            return Ok(own);
        }
        // A customer's session reaches nobody else: what one customer does is no reason to write to another.
        let known = match scope.acts_for_merchant {
            true => reads.ports.customer_of_subject(&scope.program, subject, reads.within)?,
            false => None,
        };
        known.ok_or_else(|| Refusal::of(code::NOTICE_RECIPIENT_UNKNOWN, super::shortened(subject)).into())
    }

    fn notice_wording(&self, reads: &Reads<'_>, template: &str) -> Result<Wording, Halt> {
        let found = reads.ports.notice_template(&self.scope.program, template, reads.within)?;
        found.ok_or_else(|| Refusal::of(code::NOTICE_TEMPLATE_UNKNOWN, super::shortened(template)).into())
    }

    fn notice_not_muted(&self, reads: &Reads<'_>, recipient: &CustomerId) -> Result<(), Halt> {
        let settings = self.matter_at_key::<Settings>(reads, &settings_key(Some(&self.scope.program), recipient))?;
        match settings {
            Some((_, settings)) if settings.muted => Err(Refusal::of(code::NOTICE_MUTED, "").into()),
            _ => Ok(()),
        }
    }

    /// Notices of this program to a customer on the bank's day so far, and where they are counted.
    fn notices_counted(&self, reads: &Reads<'_>, recipient: &CustomerId) -> Result<(SharedKey, i64), Halt> {
        let scope = &self.scope;
        let day = Day::of(self.now_ms, scope.bank_ahead_s);
        let key = notice::count_of(&scope.program, &scope.bank, recipient, day);
        let own = self.pending.notices.0.get(&key).copied().unwrap_or(0);
        let kept = reads.ports.counter(&key, reads.within)?;
        Ok((key, kept.saturating_add(own)))
    }

    /// One more; where the day is full only at the commit, the host runs the call again and it is refused here.
    fn count_notice(&mut self, reads: &Reads<'_>, recipient: &CustomerId) -> Result<(), Halt> {
        let (key, counted) = self.notices_counted(reads, recipient)?;
        if notice::left_of_day(counted) == 0 {
            let ahead_s = self.scope.bank_ahead_s;
            let ends_ms = Day::of(self.now_ms, ahead_s).next().begins_ms(ahead_s);
            let mut refusal = Refusal::of(code::NOTICE_CAPPED, format!("{NOTICES_PER_DAY_MAX} a day"));
            refusal.retry_after_ms = u64::try_from(ends_ms - self.now_ms).ok();
            return Err(refusal.into());
        }
        *self.pending.notices.0.entry(key).or_default() += 1;
        Ok(())
    }
}

impl wit::Host for CallState {
    fn subscribe(&mut self, templates: Vec<String>) -> wasmtime::Result<Result<String, values::Refusal>> {
        let answer = self.answer("notices.subscribe", Subscribe { templates }, Self::notices_subscribe)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }

    fn send(&mut self, notice: wit::Notice) -> wasmtime::Result<Result<String, values::Refusal>> {
        let wit::Notice { to, template, values, not_before, key } = notice;
        let ask = Send { to, template, values, not_before_ms: not_before, key };
        let answer = self.answer("notices.send", ask, Self::notices_send)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }

    fn balance(&mut self, to: Option<String>, template: String) -> wasmtime::Result<Result<u32, values::Refusal>> {
        let answer = self.answer("notices.balance", Balance { to, template }, |state, reads, ask| {
            state.notices_balance(reads, &ask)
        })?;
        Ok(answer.map_err(Into::into))
    }
}

"""Standing permissions: `Page.confirm_sheet` agrees to one. The caps hold as at the bank, in periods that never end here: a
test moves the clock past a mandate's own end."""

from typing import Any

from ...stage import Record
from ..call import ask, asking, numbered, refuse
from .payments import balance_of, bill


def _find(id: str) -> Any:
    call = asking()
    mine = (it for it in call.kept.mandates if it.mandate.id == id and (it.subject == call.subject or call.for_merchant))
    return next(mine, None) or refuse("not-found", "mandate.not-found", id)


def _may_charge(mandate: Any, amount: Any) -> None:
    terms = mandate.terms
    if mandate.status != "active" or asking().bank.now >= terms.until:
        refuse("conflict", "mandate.not-active", mandate.id)
    if amount.currency != terms.each_at_most.currency:
        refuse("invalid", "payment.currency-differs", amount.currency)
    if amount.minor > terms.each_at_most.minor:
        refuse("limited", "mandate.each-exceeded", mandate.id)
    if mandate.used_in_period.minor + amount.minor > terms.period_at_most.minor:
        refuse("limited", "mandate.period-exceeded", mandate.id)


class Mandates:
    @staticmethod
    def propose(terms: Any, key: str) -> Any:
        call = asking()
        told = Record(**{**vars(terms), "period": terms.period.word})
        before = next((it for it in call.kept.mandates if it.subject == call.subject and it.key == key), None)
        if before:
            return before.mandate if before.mandate.terms == told else refuse("conflict", "mandate.key-differs", key)
        each, period = terms.each_at_most, terms.period_at_most
        if each.minor <= 0 or each.minor > period.minor or each.currency != period.currency or terms.until <= call.bank.now:
            refuse("invalid", "mandate.terms-invalid", terms.purpose)
        id = numbered("mandate")
        nothing = Record(minor=0, currency=each.currency)
        mandate = Record(id=id, terms=told, status="proposed", used_in_period=nothing, ticket=ask("mandate", numbered("ticket"), id=id))
        call.kept.mandates.append(Record(mandate=mandate, subject=call.subject, key=key))
        return mandate

    @staticmethod
    def charge(id: str, amount: Any, key: str) -> str:
        kept, given = asking().kept, _find(id)
        before = next((it for it in kept.payments if it.subject == given.subject and it.payment.key == key), None)
        if before:
            return before.payment.id if before.order.amount == amount else refuse("conflict", "payment.key-differs", key)
        _may_charge(given.mandate, amount)
        balance = balance_of(kept, given.subject)
        if balance < amount.minor:
            refuse("conflict", "ledger.insufficient-funds")
        kept.balances[given.subject] = balance - amount.minor
        given.mandate.used_in_period.minor += amount.minor
        order = Record(
            key=key, amount=amount, purpose=given.mandate.terms.purpose, lines=[], splits=[], coupons=[], capture_later=False, expires_in_s=900
        )
        made = bill(order, status="settled")
        made.subject = given.subject
        kept.payments.append(made)
        return made.payment.id

    @staticmethod
    def get(id: str) -> Any:
        return _find(id).mandate

    @staticmethod
    def revoke(id: str) -> Any:
        mandate = _find(id).mandate
        mandate.status = "revoked"
        return mandate


def _agreed(bank: Any, ask: Any, answers: dict[str, str]) -> str:
    mandate = next(it.mandate for it in bank.kept.mandates if it.mandate.id == ask.id)
    mandate.status, mandate.ticket = "active", None
    return ask.id


AGREED = {"mandate": _agreed}

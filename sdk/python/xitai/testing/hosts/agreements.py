"""Agreements about entries of the library: one whose `risk` is above what `Bank.proves` says is unsuitable. A sheet that is
confirmed signs; `cooling-off-hours` of the entry say how long it can be taken back."""

from typing import Any

from ...stage import Record
from ..call import ask, asking, numbered, refuse

_HOUR = 3_600_000


def _find(id: str) -> Any:
    call = asking()
    mine = (it.agreement for it in call.kept.agreements if it.subject == call.subject and it.agreement.id == id)
    agreement = next(mine, None) or refuse("not-found", "agreement.not-found", id)
    if agreement.status == "cooling-off" and agreement.until is not None and call.bank.now >= agreement.until:
        agreement.status, agreement.until = "in-force", None
    return agreement


class Agreements:
    @staticmethod
    def propose(product: str, amount: Any, key: str) -> Any:
        call = asking()
        before = next((it for it in call.kept.agreements if it.subject == call.subject and it.key == key), None)
        if before:
            same = before.agreement.product == product and before.agreement.amount == amount
            return before.agreement if same else refuse("conflict", "agreement.key-reused", key)
        entry = next((it for it in call.bank.library if it.id == product), None) or refuse("not-found", "content.not-found", product)
        details = dict(entry.details)
        risk = details.get("risk") or refuse("invalid", "agreement.product", "risk")
        suits = (call.subject, "suitable-for", risk) in call.bank.proofs
        id, hours = numbered("agreement"), int(details.get("cooling-off-hours", 0))
        ticket = ask("agreement", numbered("sign"), id=id, arms=amount, hours=hours) if suits else None
        agreement = Record(
            id=id, product=product, status="proposed" if suits else "unsuitable", amount=amount, until=None,
            reasons=[] if suits else [f"not suitable-for {risk}"], ticket=ticket,
        )
        call.kept.agreements.append(Record(subject=call.subject, key=key, agreement=agreement))
        return agreement

    @staticmethod
    def get(id: str) -> Any:
        return _find(id)

    @staticmethod
    def withdraw(id: str, key: str) -> Any:
        agreement = _find(id)
        if agreement.status in ("in-force", "ended"):
            refuse("conflict", "agreement.cooled-off", id)
        if agreement.status not in ("cooling-off", "withdrawn"):
            refuse("conflict", "agreement.not-signed", id)
        agreement.status, agreement.until = "withdrawn", None
        return agreement


def _signed(bank: Any, ask: Any, answers: dict[str, str]) -> str:
    agreement = next(it.agreement for it in bank.kept.agreements if it.agreement.id == ask.id)
    agreement.ticket = None
    agreement.status = "cooling-off" if ask.hours else "in-force"
    agreement.until = bank.now + ask.hours * _HOUR if ask.hours else None
    return ask.id


AGREED = {"agreement": _signed}

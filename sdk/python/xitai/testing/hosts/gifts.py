"""Payouts out of the budget that a test gives with `Bank.set_budget`, and red envelopes. Random shares are half of what is
left here, so that tests can count on them."""

from typing import Any

from ...stage import Record
from ..call import ask, asking, numbered, refuse
from .payments import balance_of


class Payouts:
    @staticmethod
    def pay(to: str, amount: Any, reason: str, key: str) -> str:
        bank, kept = asking().bank, asking().kept
        if amount.minor <= 0:
            refuse("invalid", "payment.amount-not-positive")
        before = next((it for it in kept.payouts if it.to == to and it.key == key), None)
        if before:
            same = (before.minor, before.reason) == (amount.minor, reason)
            return before.id if same else refuse("conflict", "payout.key-differs", key)
        if not any(page.subject == to for page in bank.pages):
            refuse("not-found", "payout.no-customer", to)
        if kept.budget < amount.minor:
            refuse("limited", "payout.budget")
        kept.budget -= amount.minor
        kept.balances[to] = balance_of(kept, to) + amount.minor
        kept.payouts.append(Record(id=numbered("payout"), to=to, minor=amount.minor, reason=reason, key=key))
        return kept.payouts[-1].id


def _shares(total: int, count: int, equal: bool) -> list[int]:
    shares, rest = [], total
    for left in range(count, 0, -1):
        share = rest // left if equal or left == 1 else min(max(rest // 2, 1), rest - (left - 1))
        shares.append(share)
        rest -= share
    return shares


def _find(id: str) -> Any:
    return next((it for it in asking().kept.gifts if it.envelope.id == id), None) or refuse("not-found", "envelope.not-found", id)


class RedEnvelopes:
    @staticmethod
    def give(total: Any, count: int, equal: bool, ttl_s: int, key: str) -> Any:
        call = asking()
        before = next((it for it in call.kept.gifts if it.giver == call.subject and it.key == key), None)
        if before:
            return before.envelope
        if not 1 <= count <= 100 or total.minor < count:
            refuse("invalid", "envelope.invalid", key)
        id = numbered("envelope")
        envelope = Record(id=id, ticket=ask("envelope", numbered("ticket"), id=id, arms=total), left=count)
        call.kept.gifts.append(
            Record(
                envelope=envelope, giver=call.subject, key=key, total=total, ttl=ttl_s * 1_000, shares=_shares(total.minor, count, equal),
                until=None, taken={},
            )
        )
        return envelope

    @staticmethod
    def take(id: str, key: str) -> Any:
        call, gift = asking(), _find(id)
        if call.subject not in gift.taken:
            if gift.until is None or call.bank.now >= gift.until:
                refuse("conflict", "envelope.not-open", id)
            if len(gift.taken) == len(gift.shares):
                refuse("limited", "envelope.empty", id)
            gift.taken[call.subject] = gift.shares[len(gift.taken)]
            gift.envelope.left -= 1
            call.kept.balances[call.subject] = balance_of(call.kept, call.subject) + gift.taken[call.subject]
        return Record(minor=gift.taken[call.subject], currency=gift.total.currency)

    @staticmethod
    def get(id: str) -> Any:
        return _find(id).envelope


def give_back(bank: Any) -> None:
    """Gives back what nobody took of envelopes that are over."""
    kept = bank.kept
    for gift in kept.gifts:
        if gift.until is not None and gift.until <= bank.now:
            left = sum(gift.shares[len(gift.taken) :])
            del gift.shares[len(gift.taken) :]
            kept.balances[gift.giver] = balance_of(kept, gift.giver) + left


def _agreed(bank: Any, ask: Any, answers: dict[str, str]) -> str:
    """The giver pays."""
    gift = next(it for it in bank.kept.gifts if it.envelope.id == ask.id)
    gift.envelope.ticket, gift.until = None, bank.now + gift.ttl
    bank.kept.balances[gift.giver] = balance_of(bank.kept, gift.giver) - gift.total.minor
    return ask.id


AGREED = {"envelope": _agreed}

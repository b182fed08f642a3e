"""The customer's payments, the branch's takings, and codes."""

import re
from typing import TYPE_CHECKING, Any, Callable

from ...stage import Record
from ..call import asking, numbered, refuse
from .coupons import discount_of

if TYPE_CHECKING:
    from ..bank import Kept


def balance_of(kept: "Kept", subject: str) -> int:
    return kept.balances.get(subject, 100_000)


def bill(order: Any, *, discount: int = 0, status: str = "draft", ticket: str | None = None) -> Any:
    """A payment as the bank keeps it, with what it knows beside it."""
    call = asking()
    payable = order.amount.minor - discount

    def money(minor: int) -> Any:
        return Record(minor=minor, currency=order.amount.currency)

    payment = Record(
        id=numbered("payment"), key=order.key, status=status, amount=order.amount, discount=money(discount), payable=money(payable),
        captured=money(payable if status == "settled" else 0), refunded=money(0), decline_code=None, updated=call.bank.now, ticket=ticket,
    )
    return Record(
        payment=payment, order=order, page=call.page.number, subject=call.subject, chain=call.chain,
        expires=call.bank.now + order.expires_in_s * 1_000, done=[],
    )


class Payments:
    @staticmethod
    def request(order: Any) -> Any:
        call = asking()
        before = next((it for it in call.kept.payments if it.subject == call.subject and it.payment.key == order.key), None)
        if before:
            return before.payment if before.order == order else refuse("conflict", "payment.key-differs", order.key)
        legs = sum(split.amount.minor for split in order.splits)
        if order.amount.minor <= 0 or (order.splits and legs != order.amount.minor):
            refuse("invalid", "payment.amount", "the legs sum to the amount, above zero")
        made = bill(order, discount=discount_of(order.amount, order.coupons), ticket=numbered("ticket"))
        call.kept.payments.append(made)
        return made.payment

    @staticmethod
    def get(id: str) -> Any:
        call = asking()
        mine = (it.payment for it in call.kept.payments if it.payment.id == id and (it.subject == call.subject or call.for_merchant))
        return next(mine, None) or refuse("not-found", "payment.not-found", id)


def _operate(id: str, key: str, change: Callable[[Any], None]) -> Any:
    call = asking()
    if not call.for_merchant:
        refuse("not-granted", "payment.not-staff", "only staff may do this")
    found = next((it for it in call.kept.payments if it.payment.id == id), None) or refuse("not-found", "payment.not-found", id)
    if key not in found.done:
        change(found)
        found.done.append(key)
        found.payment.updated = call.bank.now
    return found.payment


class MerchantPayments:
    @staticmethod
    def search(since: int, after: str | None) -> Any:
        call = asking()
        if not call.for_merchant:
            refuse("not-granted", "payment.not-staff", "customers see only their own")
        return [it.payment for it in call.kept.payments if it.payment.updated >= since], None

    @staticmethod
    def capture(id: str, amount: Any, key: str) -> Any:
        def change(found: Any) -> None:
            if found.payment.status != "authorised" or amount.minor > found.payment.payable.minor:
                refuse("conflict", "payment.state", "only what is reserved can be taken")
            found.payment.captured.minor += amount.minor
            found.payment.status = "settled"

        return _operate(id, key, change)

    @staticmethod
    def cancel(id: str, key: str) -> Any:
        def change(found: Any) -> None:
            if found.payment.status in ("settled", "partly-captured"):
                refuse("conflict", "payment.state", "what is settled is refunded, not cancelled")
            found.payment.status, found.payment.ticket = "cancelled", None

        return _operate(id, key, change)

    @staticmethod
    def refund(id: str, amount: Any, reason: str, key: str) -> Any:
        def change(found: Any) -> None:
            payment, kept = found.payment, asking().kept
            if amount.minor <= 0 or payment.refunded.minor + amount.minor > payment.captured.minor:
                refuse("invalid", "payment.refund", "no more can go back than was taken")
            payment.refunded.minor += amount.minor
            kept.balances[found.subject] = balance_of(kept, found.subject) + amount.minor

        return _operate(id, key, change)


class MerchantCodes:
    """Codes to be scanned; here a plain text that says the same."""

    @staticmethod
    def make(amount: Any, reference: str) -> str:
        return f"EMV|{reference}|{f'{amount.currency}{amount.minor}' if amount else ''}"

    @staticmethod
    def read(text: str) -> Any:
        found = re.fullmatch(r"EMV\|([^|]*)\|(?:([A-Z]{3})(\d+))?", text) or refuse("invalid", "code.unreadable", text)
        return found[1], Record(minor=int(found[3]), currency=found[2]) if found[2] else None

"""Payments of the program in its branch, for staff and background calls."""

from ..money import Money
from ..stage import interface
from .record import Payment, Status, lower_money

__all__ = ["Payment", "Status", "cancel", "capture", "refund", "search"]

_host = interface(
    "payments/merchant-payments", search=tuple[list[Payment], str | None], capture=Payment, cancel=Payment, refund=Payment
)


def search(since: int, after: str | None = None) -> tuple[list[Payment], str | None]:
    """Payments that changed at or after `since`, oldest change first: a page, and the cursor to the next."""
    return _host.search(since, after)


def capture(id: str, amount: Money, key: str) -> Payment:
    """Takes money that the customer's confirmation reserved. The same `key` does it once."""
    return _host.capture(id, lower_money(amount), key)


def cancel(id: str, key: str) -> Payment:
    """Lets go of a payment that is not settled."""
    return _host.cancel(id, key)


def refund(id: str, amount: Money, reason: str, key: str) -> Payment:
    """Gives money back. The same `key` does it once."""
    return _host.refund(id, lower_money(amount), reason, key)

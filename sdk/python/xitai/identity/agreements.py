"""Regulated products of the bank, which the customer signs on the host's sheet with their documents."""

from dataclasses import dataclass
from typing import Literal

from ..money import Money
from ..payments.record import lower_money
from ..stage import interface


@dataclass(frozen=True)
class Agreement:
    id: str
    product: str
    #: `ended` also where the customer declined.
    status: Literal["proposed", "unsuitable", "cooling-off", "in-force", "withdrawn", "ended", "other"]
    amount: Money | None
    #: Until when it can be withdrawn, or until when it is in force.
    until: int | None
    #: Why it does not suit the customer, in words that can be shown to them.
    reasons: list[str]
    #: Of the sheet, while it waits to be signed. With an amount it opens by a tap that names it.
    ticket: str | None


_host = interface("identity/agreements", propose=Agreement, get=Agreement, withdraw=Agreement)


def propose(product: str, amount: Money | None, key: str) -> Agreement:
    """`product` is the id of a regulated product in the library."""
    return _host.propose(product, None if amount is None else lower_money(amount), key)


def get(id: str) -> Agreement:
    return _host.get(id)


def withdraw(id: str, key: str) -> Agreement:
    """Takes it back for the customer while it cools off."""
    return _host.withdraw(id, key)

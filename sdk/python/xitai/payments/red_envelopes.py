"""Shared gifts of money, equal or random, paid for by their giver."""

from dataclasses import dataclass

from ..money import Money
from ..stage import interface
from .record import lower_money


@dataclass(frozen=True)
class Envelope:
    id: str
    #: Its sheet, over exactly the total, until it is paid for.
    ticket: str | None
    #: Shares that nobody has taken.
    left: int


_host = interface("payments/red-envelopes", give=Envelope, take=Money, get=Envelope)


def give(total: Money, count: int, key: str, *, equal: bool = False, ttl_s: int = 86_400) -> Envelope:
    """What nobody took in `ttl_s` seconds goes back to the giver."""
    return _host.give(lower_money(total), count, equal, ttl_s, key)


def take(id: str, key: str) -> Money:
    """Once for each customer: what their share was. Taking again gives the same answer."""
    return _host.take(id, key)


def get(id: str) -> Envelope:
    return _host.get(id)

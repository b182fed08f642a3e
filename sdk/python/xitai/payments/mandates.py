"""Standing permission to be paid, with caps that the ledger enforces."""

from dataclasses import dataclass
from typing import Literal

from ..money import Money
from ..shape import Case
from ..stage import Record, interface
from .record import lower_money

Period = Literal["day", "week", "month", "year", "other"]
_PERIODS = ("day", "week", "month", "year", "other")


@dataclass(frozen=True)
class Terms:
    purpose: str
    #: The most that one charge takes.
    each_at_most: Money
    #: Of the bank's calendar; weeks from Monday on.
    period: Period
    #: The most that all charges of a period take.
    period_at_most: Money
    #: When it ends, in milliseconds since the Unix epoch.
    until: int


@dataclass(frozen=True)
class Mandate:
    id: str
    terms: Terms
    status: Literal["proposed", "active", "paused", "revoked", "expired", "other"]
    #: What counts towards the cap now: charges less what was refunded of them.
    used_in_period: Money
    #: Its sheet, while it was not shown.
    ticket: str | None


_host = interface("payments/mandates", propose=Mandate, get=Mandate, revoke=Mandate)


def propose(terms: Terms, key: str) -> Mandate:
    """Asks the customer on the host's sheet. The same `key` and terms are the same mandate."""
    told = Record(
        purpose=terms.purpose, each_at_most=lower_money(terms.each_at_most), period=Case(_PERIODS, terms.period),
        period_at_most=lower_money(terms.period_at_most), until=terms.until,
    )
    return _host.propose(told, key)


def charge(mandate: str, amount: Money, key: str) -> str:
    """A payment that is settled at once, without a sheet: its id. The same `key` and amount is the same charge, for ever."""
    return _host.charge(mandate, lower_money(amount), key)


def get(id: str) -> Mandate:
    return _host.get(id)


def revoke(id: str) -> Mandate:
    """Ends it for good."""
    return _host.revoke(id)

"""Discounts whose cost is shared by merchant, branch and head office."""

from dataclasses import dataclass
from typing import Sequence

from ..money import Money
from ..stage import interface
from .record import lower_money


@dataclass(frozen=True)
class Offer:
    """What a campaign gives out here, now."""

    campaign: str
    title: str
    #: The most that a coupon takes off.
    worth: Money
    #: So many hundredths of a percent of what is to be paid, up to `worth`; None: a fixed amount.
    basis_points: int | None
    minimum_spend: Money
    #: What a coupon costs; None: nothing.
    price: Money | None
    #: Milliseconds since the Unix epoch.
    until: int
    #: Only for a one-time code.
    by_code: bool


@dataclass(frozen=True)
class Coupon:
    id: str
    title: str
    worth: Money
    basis_points: int | None
    minimum_spend: Money
    expires: int
    #: The sheet on which it is bought, over exactly its price, while it is not.
    ticket: str | None


@dataclass(frozen=True)
class Quote:
    discount: Money
    payable: Money
    #: Who bears how much.
    funded_by: list[tuple[str, Money]]


_host = interface("payments/coupons", offers=list[Offer], eligible=list[Coupon], price=Quote, claim=Coupon, redeem_code=Coupon)


def offers() -> list[Offer]:
    return _host.offers()


def eligible() -> list[Coupon]:
    """The customer's coupons that can be used here now."""
    return _host.eligible()


def price(amount: Money, ids: Sequence[str]) -> Quote:
    """Prices coupons against an amount, in their order, without making a draft."""
    return _host.price(lower_money(amount), list(ids))


def claim(campaign: str, key: str) -> Coupon:
    """Gives the customer a coupon, or the ticket to buy one. The same `key` is the same coupon, for ever."""
    return _host.claim(campaign, key)


def redeem_code(code: str, key: str) -> Coupon:
    """The same against a one-time code. A customer may try ten a day."""
    return _host.redeem_code(code, key)

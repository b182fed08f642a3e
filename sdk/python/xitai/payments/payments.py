"""Payments of the customer in this session: a program asks, the customer confirms on the host's sheet, the host books."""

from dataclasses import dataclass, field
from typing import Any

from ..money import Money
from ..stage import Record, interface, module_of
from .record import Payment, Status, lower_money

__all__ = ["Line", "Order", "Payment", "Split", "Status", "get", "request", "to_branch", "to_customer", "to_head_office", "to_merchant"]

_host = interface("payments/payments", request=Payment, get=Payment)
_module = module_of("payments/payments")


@dataclass(frozen=True)
class Line:
    """Of the receipt: so many of something, and what they cost together."""

    text: str
    quantity: int
    amount: Money


@dataclass(frozen=True)
class Split:
    """A share of somebody. All shares sum to the amount exactly."""

    #: What `to_merchant` and its like give.
    payee: Any
    amount: Money
    role: str


@dataclass(frozen=True)
class Order:
    #: The program's own order number: the same key and body is the same payment, for ever.
    key: str
    amount: Money
    purpose: str
    lines: list[Line] = field(default_factory=list)
    #: Without any, the program's own merchant gets all.
    splits: list[Split] = field(default_factory=list)
    #: Ids of the customer's coupons.
    coupons: list[str] = field(default_factory=list)
    #: Only reserves the money when the customer confirms; `merchant.capture` takes it.
    capture_later: bool = False
    expires_in_s: int = 900


def request(order: Order) -> Payment:
    """Makes a draft. Nothing is reserved until the customer confirms on the sheet of its ticket."""
    lower_money(order.amount)
    return _host.request(Record(**{name: getattr(order, name) for name in Order.__dataclass_fields__}))


def get(id: str) -> Payment:
    """A payment of this session's customer in this program."""
    return _host.get(id)


def to_merchant(id: str) -> Any:
    return _module.Payee_Merchant(id)


def to_branch(id: str) -> Any:
    return _module.Payee_Branch(id)


def to_customer(subject: str) -> Any:
    """By the subject that `whoami` gave."""
    return _module.Payee_Customer(subject)


def to_head_office() -> Any:
    return _module.Payee_HeadOffice()

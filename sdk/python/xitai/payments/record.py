"""A payment as the host tells it, for every interface that gives one."""

from dataclasses import dataclass
from typing import Literal

from ..money import Money

Status = Literal[
    "draft", "awaiting-confirmation", "held", "authorised", "partly-captured", "settled", "declined", "cancelled", "expired", "unknown", "other"
]


@dataclass(frozen=True)
class Payment:
    #: The bank's number of it.
    id: str
    #: The order's own number.
    key: str
    status: Status
    amount: Money
    #: What coupons take off.
    discount: Money
    #: What the customer pays. The button that leads to the sheet carries exactly this.
    payable: Money
    captured: Money
    refunded: Money
    #: Why it was declined.
    decline_code: str | None
    #: Milliseconds since the Unix epoch.
    updated: int
    #: The pay sheet, while the payment is a draft: the step's `sheet`.
    ticket: str | None

    @property
    def is_confirmed(self) -> bool:
        """Whether the customer has paid or the money is reserved."""
        return self.status in ("authorised", "partly-captured", "settled")

    @property
    def is_dead(self) -> bool:
        """Whether nothing will ever be paid on it."""
        return self.status in ("declined", "cancelled", "expired")


def lower_money(money: Money) -> Money:
    """As the contract takes it; anything but money is refused here, with its name."""
    if not isinstance(money, Money):
        raise TypeError(f"{money!r} is no Money")
    return money

"""EMVCo merchant-presented codes, to be drawn by `ui.qr`."""

from ..money import Money
from ..stage import interface
from .record import lower_money

_host = interface("payments/merchant-codes", read=tuple[str, Money | None])


def make(amount: Money | None, reference: str) -> str:
    """The text of a code that asks for `amount`, or lets the payer choose it."""
    return _host.make(None if amount is None else lower_money(amount), reference)


def read(text: str) -> tuple[str, Money | None]:
    """The reference and the amount in a code."""
    return _host.read(text)

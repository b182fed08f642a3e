"""Money from the program's own budget in its branch to its customers."""

from ..money import Money
from ..stage import interface
from .record import lower_money

_host = interface("payments/payouts")


def pay(to: str, amount: Money, reason: str, key: str) -> str:
    """Pays a customer, by the subject that `whoami` gave: the payout's id. The same key, customer, amount and reason is the
    same payout, for ever."""
    return _host.pay(to, lower_money(amount), reason, key)

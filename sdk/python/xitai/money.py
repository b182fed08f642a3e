"""Exact money: whole minor units of one currency, never a float."""

from dataclasses import dataclass
from typing import Iterable, Sequence

#: Amounts stay within ±(2^53 - 1) minor units, so that every language of the contract can hold one exactly.
MINOR_MAX = 2**53 - 1

_DECIMALS = {name: 0 for name in ("JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF")}
_DECIMALS |= {name: 3 for name in ("BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD")}


@dataclass(frozen=True)
class Money:
    """An exact amount; `minor` counts the smallest unit of the currency, such as fen.

    >>> str(cny(1850) * 2)
    '¥37.00'
    """

    minor: int
    #: ISO 4217 alphabetic code.
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"{self.minor!r} is no whole number of minor units")
        if abs(self.minor) > MINOR_MAX:
            raise ValueError(f"{self.minor} is not within ±(2^53 - 1)")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isalpha() and self.currency.isupper()):
            raise ValueError(f"{self.currency!r} is no currency: three capital letters of ISO 4217")

    @staticmethod
    def cny(minor: int) -> "Money":
        """Renminbi, in fen."""
        return Money(minor)

    @staticmethod
    def sum(amounts: "Iterable[Money]", currency: str = "CNY") -> "Money":
        total = Money(0, currency)
        for amount in amounts:
            total += amount
        return total

    @staticmethod
    def parse_cny(text: str) -> "Money | None":
        """What a person typed, such as `18`, `18.5` or `18,50`, as yuan; None where it is nothing of that kind."""
        units, _, fraction = text.strip().replace(",", ".", 1).partition(".")
        if not units.isascii() or not units.isdigit() or len(fraction) > 2 or (fraction and not (fraction.isascii() and fraction.isdigit())):
            return None
        minor = int(units + fraction.ljust(2, "0"))
        return Money(minor) if minor <= MINOR_MAX else None

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._alike(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._alike(other).minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        if type(count) is not int:
            raise TypeError(f"{count!r} is no count: money is multiplied by whole numbers, and split by `split`")
        return Money(self.minor * count, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._alike(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._alike(other).minor

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._alike(other).minor

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._alike(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def split(self, weights: Sequence[int]) -> "list[Money]":
        """Shares by whole weights that sum to the whole; what is left over goes to the largest remainders, earlier ones first."""
        total = sum(weights)
        if total <= 0:
            raise ValueError("the weights of a split sum to more than nothing")
        sign, whole = (-1 if self.minor < 0 else 1), abs(self.minor)
        shares = [whole * weight // total for weight in weights]
        order = sorted(range(len(weights)), key=lambda at: -(whole * weights[at] % total))
        for at in order[: whole - sum(shares)]:
            shares[at] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def digits(self) -> str:
        """Digits as people write them, such as `12.00`."""
        decimals = _DECIMALS.get(self.currency, 2)
        text = str(abs(self.minor)).rjust(decimals + 1, "0")
        shown = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
        return f"-{shown}" if self.minor < 0 else shown

    def __str__(self) -> str:
        if self.currency != "CNY":
            return f"{self.currency} {self.digits()}"
        return f"-¥{self.digits()[1:]}" if self.minor < 0 else f"¥{self.digits()}"

    def _alike(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} don't add up")
        return other


def cny(minor: int) -> Money:
    """Renminbi, in fen: `cny(1850)` is ¥18.50."""
    return Money(minor)

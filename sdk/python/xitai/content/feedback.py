"""The customer's word. A rating needs a settled payment; complaints reach head office and nobody else."""

from dataclasses import dataclass

from ..stage import interface


@dataclass(frozen=True)
class Rating:
    id: str
    #: 1 to 5.
    stars: int
    text: str
    #: Milliseconds since the Unix epoch.
    at: int
    answer: str | None


_host = interface("content/feedback", ratings=tuple[list[Rating], str | None])


def rate(payment: str | None, stars: int, key: str, text: str = "", about: str = "") -> None:
    """`about` is the program's own name for what was paid, empty: the program."""
    _host.rate(about, payment, stars, text, key)


def complain(text: str, key: str, about: str = "") -> str:
    """The number of the complaint."""
    return _host.complain(about, text, key)


def ratings(about: str = "", after: str | None = None) -> tuple[list[Rating], str | None]:
    """Newest first: a page, and the cursor to the next."""
    return _host.ratings(about, after)


def answer(rating: str, text: str, key: str) -> None:
    """Staff answer a rating of their branch."""
    _host.answer(rating, text, key)


def tally(about: str = "") -> tuple[int, int]:
    """The sum of stars, and how many ratings."""
    return _host.tally(about)

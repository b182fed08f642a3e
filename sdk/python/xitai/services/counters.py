"""Shared numbers. Deltas are applied at the commit, so that a rush on one never makes anybody wait."""

from ..refusal import Refused
from ..stage import interface

_host = interface("services/counters")

_LEAST, _MOST = -(2**63), 2**63 - 1


def read(name: str) -> int:
    """What the counter is now; 0 where it was never moved."""
    return _host.read(name)


def add(name: str, delta: int, at_least: int = _LEAST, at_most: int = _MOST) -> None:
    """Moves it at the commit; refused as `conflict` where it would leave the bounds."""
    _host.add(name, delta, at_least, at_most)


def take(name: str, count: int, at_least: int = 0) -> bool:
    """Takes `count` if so many are left, and says whether it did."""
    try:
        _host.add(name, -count, at_least, _MOST)
    except Refused as refused:
        if refused.kind == "conflict":
            return False
        raise
    return True


def next(name: str) -> int:
    """A number that no other call gets: 1 first. A series of its own, apart from the counter of that name."""
    return _host.next(name)


def last(name: str) -> int:
    """The newest number that `next` gave to anyone; 0 before the first."""
    return _host.last(name)

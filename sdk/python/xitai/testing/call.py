"""The call that runs: whose it is, and the bank that answers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, NoReturn, TypeVar

from ..stage import Record

if TYPE_CHECKING:
    from .bank import Bank, Kept
    from .page import Page

HOST_CALLS_MAX = 100

T = TypeVar("T")


@dataclass(frozen=True)
class Err(Exception):
    """An error of the contract, as `componentize_py_types` has it."""

    value: Any


@dataclass
class Ok:
    value: Any


@dataclass
class Call:
    bank: Bank
    page: Page
    #: The chain of a tap that armed money.
    chain: int | None
    host_calls: int = field(default=0)

    @property
    def kept(self) -> Kept:
        return self.bank.kept

    @property
    def subject(self) -> str:
        return self.page.subject

    @property
    def for_merchant(self) -> bool:
        return not self.page.is_customer


_running: Call | None = None


def asking() -> Call:
    """The call that runs."""
    if _running is None:
        raise RuntimeError("host functions are called from within a program's open or update")
    return _running


def counted(serve: Callable[..., T]) -> Callable[..., T]:
    """A host function that counts towards the limit of an event."""

    def call(*given: Any) -> T:
        asking().host_calls += 1
        if asking().host_calls > HOST_CALLS_MAX:
            raise RuntimeError("more than 100 host calls in one event")
        return serve(*given)

    return call


def during(call: Call, run: Callable[[], T]) -> T:
    global _running
    _running = call
    try:
        return run()
    finally:
        _running = None


def refuse(kind: str, code: str, detail: object = "") -> NoReturn:
    raise Err(Record(kind=kind, code=code, detail=str(detail), retry_after_ms=None))


def numbered(what: str) -> str:
    """A new number for something that the bank makes."""
    bank = asking().bank
    bank.given += 1
    return f"{what}-{bank.given}"


def ask(kind: str, ticket: str, *, arms: Any = None, **rest: Any) -> str:
    """A sheet that waits and is no payment's: `kind` says what comes of it, `arms` what a tap must have armed."""
    call = asking()
    call.kept.asks[ticket] = Record(kind=kind, page=call.page.number, subject=call.subject, arms=arms, chain=call.chain, **rest)
    return ticket

"""Putting content forward, by staff or in the background. It is shown once reviewers have approved it."""

from dataclasses import dataclass, field
from typing import Literal

from ..money import Money
from ..stage import Record, interface


@dataclass(frozen=True)
class Draft:
    kind: str
    title: str
    summary: str = ""
    body: str = ""
    image: str | None = None
    price: Money | None = None
    tags: list[str] = field(default_factory=list)
    details: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Review:
    stage: Literal["checking", "in-review", "approved", "returned", "withdrawn", "other"]
    findings: list[str]


_host = interface("content/authoring", status=Review)


def submit(draft: Draft, key: str) -> str:
    """The id of what is put forward; the same `key` again is the same draft."""
    return _host.submit(Record(**{name: getattr(draft, name) for name in Draft.__dataclass_fields__}), key)


def status(id: str) -> Review:
    return _host.status(id)


def withdraw(id: str) -> None:
    _host.withdraw(id)

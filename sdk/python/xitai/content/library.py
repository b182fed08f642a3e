"""Reviewed content: articles, offers, products, places."""

from dataclasses import dataclass

from ..money import Money
from ..stage import Record, interface


@dataclass(frozen=True)
class Entry:
    id: str
    #: `article`, `offer`, `product`, `place`, `video`, `live`, `question`.
    kind: str
    title: str
    summary: str
    body: str
    image: str | None
    price: Money | None
    #: Milliseconds since the Unix epoch.
    published: int
    tags: list[str]
    #: Program and page that acting on it opens.
    opens: tuple[str, str] | None
    #: Such as opening hours, position, risk grade.
    details: list[tuple[str, str]]
    #: Handles of documents that belong to it.
    documents: list[str]


_host = interface("content/library", find=tuple[list[Entry], str | None], get=Entry)


def find(
    *, kind: str | None = None, tag: str | None = None, text: str | None = None, near: str | None = None, after: str | None = None
) -> tuple[list[Entry], str | None]:
    """Entries for which all that is given holds; `near` is a district or `LATITUDE,LONGITUDE`. A page, and the cursor to the
    next."""
    return _host.find(Record(kind=kind, tag=tag, text=text, near=near), after)


def get(id: str) -> Entry:
    return _host.get(id)

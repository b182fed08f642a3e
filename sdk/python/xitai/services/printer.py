"""Documents that the customer prints. The host draws them."""

from typing import Iterable

from ..stage import Record, interface

_host = interface("services/printer")


def request(title: str, lines: Iterable[tuple[str, str]] = (), *, note: str | None = None, code: str | None = None) -> str:
    """The ticket of the host's sheet; the host draws the document once the customer agrees."""
    return _host.request(Record(title=title, lines=list(lines), note=note, code=code))

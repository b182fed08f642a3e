"""A code that the customer scans."""

from ..stage import interface

_host = interface("services/scanner")


def request() -> str:
    """The ticket of the host's sheet. What the code says comes as the text of `SheetClosed`."""
    return _host.request()

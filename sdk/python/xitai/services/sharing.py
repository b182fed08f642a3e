"""Pages of the program that the customer hands on, as a link and a QR code of the host's."""

from typing import Mapping

from ..stage import interface

_host = interface("services/sharing")


def request(page: str, query: Mapping[str, str], text: str) -> str:
    """The ticket of the host's sheet for one of the manifest's pages. Neither query nor words may say anything about anybody."""
    return _host.request(page, list(query.items()), text)

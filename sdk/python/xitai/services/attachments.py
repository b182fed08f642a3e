"""Files that the customer picks on the host's sheet. What comes with `SheetClosed` is the handle, good for a month."""

from dataclasses import dataclass
from typing import Literal, Sequence

from ..stage import interface


@dataclass(frozen=True)
class File:
    name: str
    media_type: str
    #: Bytes.
    size: int


_host = interface("services/attachments", describe=File)


def request(purpose: str, accept: Sequence[Literal["picture", "pdf"]] = ("picture", "pdf")) -> str:
    """The ticket of the host's sheet."""
    return _host.request(purpose, list(accept))


def describe(handle: str) -> File:
    return _host.describe(handle)


def read(handle: str, offset: int = 0) -> bytes:
    """A piece from an offset on, 128 KiB at most; empty at the end."""
    return bytes(_host.read(handle, offset))


def remove(handle: str) -> None:
    """Destroys it."""
    _host.remove(handle)

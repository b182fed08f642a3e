"""The thread between the customer and their customer manager."""

from dataclasses import dataclass
from typing import Literal

from ..stage import interface

#: The topic of a new message in `Happened`; its key is the purpose.
MESSAGE = "relationship.message"


@dataclass(frozen=True)
class Message:
    author: Literal["customer", "manager", "program", "other"]
    text: str
    #: Milliseconds since the Unix epoch.
    at: int


_host = interface("services/relationship", thread=tuple[list[Message], str | None])


def manager_name() -> str:
    return _host.manager_name()


def note(purpose: str, text: str, key: str) -> None:
    """Writes a note into the thread of a purpose of the manifest. The same `key` again is the same note."""
    _host.note(purpose, text, key)


def thread(purpose: str, after: str | None = None) -> tuple[list[Message], str | None]:
    """What was written, newest first: a page, and the cursor to the next."""
    return _host.thread(purpose, after)

"""Other programs of the branch."""

from dataclasses import dataclass
from typing import Mapping

from ..stage import interface


@dataclass(frozen=True)
class Listing:
    program: str
    name: str
    description: str
    pages: list[str]


_host = interface("services/programs", open_here=list[Listing])


def open_here() -> list[Listing]:
    """Those that the session's customer can open here, in their language."""
    return _host.open_here()


def start(program: str, page: str, query: Mapping[str, str] | None = None) -> str:
    """The ticket of the sheet that asks whether to open one. `query` becomes its launch, and may say nothing about anybody."""
    return _host.start(program, page, list((query or {}).items()))

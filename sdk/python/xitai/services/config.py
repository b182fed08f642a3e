"""Values that each branch sets for itself."""

from ..stage import interface

_host = interface("services/config")


def text(name: str) -> str:
    """What the branch has set, else the manifest's default; empty where neither says anything."""
    return _host.get(name) or ""


def number(name: str) -> int | None:
    """The same as a whole number."""
    said = text(name).strip()
    return int(said) if said.removeprefix("-").isdigit() and said.isascii() else None

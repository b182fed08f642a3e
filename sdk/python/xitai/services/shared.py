"""Data of the program in one branch, such as a menu, kept as JSON."""

import json
from dataclasses import dataclass
from typing import Any, Callable, TypeVar

from ..shape import plain, read
from ..stage import interface

_host = interface("services/shared-storage")

T = TypeVar("T")


@dataclass
class Versioned:
    value: Any
    #: Grows with each write; what `put` compares.
    version: int


def get(key: str, kind: Any = None) -> Any:
    """The value under `key`, or None; with `kind`, such as a dataclass, as one of those."""
    kept = get_versioned(key, kind)
    return None if kept is None else kept.value


def get_versioned(key: str, kind: Any = None) -> Versioned | None:
    kept = _host.get(key)
    return None if kept is None else _versioned(kept, kind)


def put(key: str, expected: int | None, value: Any) -> None:
    """Writes if the key still has the version that was read; None if it has none yet. Else refused as `conflict`."""
    _host.swap(key, expected, json.dumps(plain(value), ensure_ascii=False).encode())


def remove(key: str, expected: int) -> None:
    """Forgets the value if the key still has the version that was read."""
    _host.remove(key, expected)


def entries(prefix: str, after: str | None = None, kind: Any = None) -> tuple[list[tuple[str, Versioned]], str | None]:
    """Values whose keys begin with `prefix`, in the order of their keys: a page of at most 100 and one MiB, and the cursor to
    the next."""
    page, more = _host.entries(prefix, after)
    return [(key, _versioned(kept, kind)) for key, kept in page], more


def keys(prefix: str, after: str | None = None) -> tuple[list[str], str | None]:
    return _host.keys(prefix, after)


def change(key: str, fallback: T, edit: Callable[[T], T], kind: Any = None) -> T:
    """Reads, changes and writes in one go. If somebody else commits meanwhile, the host runs the whole call again."""
    kept = get_versioned(key, kind)
    value = edit(fallback if kept is None else kept.value)
    put(key, None if kept is None else kept.version, value)
    return value


def _versioned(kept: Any, kind: Any) -> Versioned:
    return Versioned(read(kind, json.loads(bytes(kept.value))), kept.version)

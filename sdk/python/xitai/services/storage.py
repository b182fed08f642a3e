"""Key-value data of one customer in this program, kept as JSON; a MiB a key. Writes are committed with the step."""

import json
from typing import Any

from ..shape import known, plain, read
from ..stage import interface

_host = interface("services/storage")


def get(key: str, kind: Any = None) -> Any:
    """The value under `key`, or None; with `kind`, such as a dataclass, as one of those."""
    kept = _host.get(key)
    return None if kept is None else read(kind, json.loads(bytes(kept)))


def set(key: str, value: Any) -> None:
    _host.set(key, json.dumps(plain(value), ensure_ascii=False).encode())


def remove(key: str) -> None:
    _host.remove(key)


def entries(prefix: str, after: str | None = None, kind: Any = None) -> tuple[list[tuple[str, Any]], str | None]:
    """Values whose keys begin with `prefix`, in the order of their keys: a page of at most 100 and one MiB, and the cursor to
    the next."""
    known(kind)
    page, more = _host.entries(prefix, after)
    return [(key, read(kind, json.loads(bytes(value)))) for key, value in page], more


def keys(prefix: str, after: str | None = None) -> tuple[list[str], str | None]:
    return _host.keys(prefix, after)

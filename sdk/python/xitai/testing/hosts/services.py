"""Data, numbers, wake-ups, settings and the log."""

from typing import Any, Callable, Iterable

from ...stage import Record
from ..call import asking, refuse

_PAGE_ROWS, _PAGE_BYTES = 100, 1 << 20


def _page(rows: Iterable[tuple[str, Any]], prefix: str, after: str | None, weight: Callable[[Any], int]) -> tuple[list[tuple[str, Any]], str | None]:
    """A page of rows in order: at most a hundred, and a MiB, but one in any case."""
    found: list[tuple[str, Any]] = []
    size = 0
    for key, value in sorted((row for row in rows if row[0].startswith(prefix) and (not after or row[0] > after)), key=lambda row: row[0]):
        size += weight(value)
        if len(found) == _PAGE_ROWS or (size > _PAGE_BYTES and found):
            return found, found[-1][0]
        found.append((key, value))
    return found, None


def _keys(rows: Iterable[tuple[str, Any]], prefix: str, after: str | None) -> tuple[list[str], str | None]:
    found, more = _page(rows, prefix, after, lambda _: 0)
    return [key for key, _ in found], more


def _own() -> dict[str, bytes]:
    return asking().kept.storage.setdefault(asking().subject, {})


class Storage:
    @staticmethod
    def get(key: str) -> bytes | None:
        return _own().get(key)

    @staticmethod
    def set(key: str, value: bytes) -> None:
        _own()[key] = value

    @staticmethod
    def remove(key: str) -> None:
        _own().pop(key, None)

    @staticmethod
    def keys(prefix: str, after: str | None) -> Any:
        return _keys(_own().items(), prefix, after)

    @staticmethod
    def entries(prefix: str, after: str | None) -> Any:
        return _page(_own().items(), prefix, after, len)


def _standing(key: str) -> Any:
    """The value under a key; a removed one keeps its version, without a value."""
    held = asking().kept.shared.get(key)
    return held if held is not None and held.value is not None else None


def _write(key: str, expected: int | None, value: bytes | None) -> None:
    shared, standing = asking().kept.shared, _standing(key)
    if (standing.version if standing else None) != expected:
        refuse("conflict", "storage.conflict", key)
    before = shared.get(key)
    shared[key] = Record(value=value, version=(before.version if before else 0) + 1)


def _present() -> list[tuple[str, Any]]:
    return [(key, held) for key, held in asking().kept.shared.items() if held.value is not None]


class Shared:
    @staticmethod
    def get(key: str) -> Any:
        return _standing(key)

    @staticmethod
    def swap(key: str, expected: int | None, value: bytes) -> None:
        _write(key, expected, value)

    @staticmethod
    def remove(key: str, expected: int) -> None:
        _write(key, expected, None)

    @staticmethod
    def keys(prefix: str, after: str | None) -> Any:
        return _keys(_present(), prefix, after)

    @staticmethod
    def entries(prefix: str, after: str | None) -> Any:
        return _page(_present(), prefix, after, lambda held: len(held.value))


class Counters:
    @staticmethod
    def read(name: str) -> int:
        return asking().kept.counters.get(name, 0)

    @staticmethod
    def add(name: str, delta: int, at_least: int, at_most: int) -> None:
        counters = asking().kept.counters
        moved = counters.get(name, 0) + delta
        if not at_least <= moved <= at_most:
            refuse("conflict", "counter.bounds", name)
        counters[name] = moved

    @staticmethod
    def next(name: str) -> int:
        series = asking().bank.series
        series[name] = series.get(name, 0) + 1
        return series[name]

    @staticmethod
    def last(name: str) -> int:
        return asking().bank.series.get(name, 0)


class Wakeups:
    @staticmethod
    def after(ms: int, key: str) -> None:
        asking().kept.wakeups[asking().page.number, key] = asking().bank.now + ms

    @staticmethod
    def cancel(key: str) -> None:
        asking().kept.wakeups.pop((asking().page.number, key), None)


class Config:
    @staticmethod
    def get(name: str) -> str | None:
        return asking().bank.config.get(name)


class Log:
    @staticmethod
    def write(level: Any, text: str) -> None:
        asking().bank.log.append(f"{getattr(level, 'word', level)}: {text}")

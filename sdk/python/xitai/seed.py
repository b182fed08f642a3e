"""Time and chance on the stage.

A sandbox is a picture taken at build time, without a clock and without entropy: left alone, Python gives every customer
the numbers of the build. Importing this module puts `random`, `time`, `datetime` and `uuid` into the hands of the
context, so a replayed call draws the same. What asks the operating system for entropy, such as `os.urandom` and
`secrets`, is refused in words on the stage: nothing there could answer it.

A module that has taken `datetime.datetime` or `time.time` by name before `xitai` was imported keeps the old one.
"""

import datetime as _datetime
import hashlib
import os
import random
import sys
import time
import uuid
from contextlib import contextmanager
from typing import Any, Callable, Iterator

_ON_STAGE = sys.platform == "wasi"

# The instant of the call that runs, in milliseconds; None between calls.
_now_ms: int | None = None

_real_datetime, _real_date = _datetime.datetime, _datetime.date
_real_time, _real_time_ns = time.time, time.time_ns
_real_monotonic, _real_perf_counter = time.monotonic, time.perf_counter
_real_gmtime, _real_localtime = time.gmtime, time.localtime
_real_urandom = os.urandom
_real_uuid4 = uuid.uuid4


@contextmanager
def seeded(now_ms: int, seed: bytes) -> Iterator[None]:
    """Runs the body of a `with` by the time and the seed of a context."""
    global _now_ms
    # A sandbox is thrown away after its call; a test goes on.
    before, outer = (None if _ON_STAGE else random.getstate()), _now_ms
    _now_ms = now_ms
    random.seed(int.from_bytes(seed, "big"))
    _uuids.begin(seed)
    try:
        yield
    finally:
        _now_ms = outer
        if before is not None:
            random.setstate(before)


def _instant_ms() -> int:
    if _now_ms is not None:
        return _now_ms
    if _ON_STAGE:
        raise RuntimeError("the time outside of open and update would be a constant of the build: ask for it within the call")
    return _real_time_ns() // 1_000_000


class _Uuids:
    """Numbers that nobody who sees one of them can tell from another: hashes of the seed and a count."""

    def __init__(self) -> None:
        self.seed, self.drawn = b"", 0

    def begin(self, seed: bytes) -> None:
        self.seed, self.drawn = bytes(seed), 0

    def draw(self) -> bytes:
        self.drawn += 1
        return hashlib.sha256(b"uuid" + self.seed + self.drawn.to_bytes(8, "big")).digest()[:16]


_uuids = _Uuids()


def _uuid4() -> uuid.UUID:
    if _now_ms is None:
        return _between("a uuid", _real_uuid4)
    return uuid.UUID(bytes=_uuids.draw(), version=4)


def _between(what: str, real: Callable[[], Any]) -> Any:
    if _ON_STAGE:
        raise RuntimeError(f"{what} outside of open and update would be a constant of the build: draw it within the call")
    return real()


def _urandom(size: int) -> bytes:
    if not _ON_STAGE and _now_ms is None:
        return _real_urandom(size)
    raise NotImplementedError(
        "a sandbox has no entropy of its own, so that its calls can be replayed: draw from `random` or `uuid`, which the host seeds"
    )


class _Seen(type):
    """Instances of the classes that these stand for are theirs too."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__bases__[0])


class _Date(_real_date, metaclass=_Seen):
    @classmethod
    def today(cls) -> "_Date":
        return cls.fromtimestamp(_instant_ms() / 1_000)

    @classmethod
    def fromtimestamp(cls, stamp: float) -> "_Date":
        day = _real_datetime.fromtimestamp(stamp, _datetime.timezone.utc)
        return cls(day.year, day.month, day.day)


class _DateTime(_real_datetime, metaclass=_Seen):
    @classmethod
    def now(cls, tz: _datetime.tzinfo | None = None) -> "_DateTime":
        """Without a zone it is UTC's: a sandbox is in no place. The customer's is `ctx.local()`."""
        epoch = cls(1970, 1, 1, tzinfo=_datetime.timezone.utc)
        at = epoch + _datetime.timedelta(milliseconds=_instant_ms())
        return at.replace(tzinfo=None) if tz is None else at.astimezone(tz)

    @classmethod
    def utcnow(cls) -> "_DateTime":
        return cls.now()

    @classmethod
    def today(cls) -> "_DateTime":
        return cls.now()


def _standing() -> bool:
    """Whether time stands still, as it does within a call. Between calls a test is timed by the machine's clock."""
    return _now_ms is not None or _ON_STAGE


def _localtime(stamp: float | None = None) -> time.struct_time:
    shown = time.time() if stamp is None else stamp
    return _real_gmtime(shown) if _standing() else _real_localtime(shown)


def _install() -> None:
    _datetime.datetime, _datetime.date = _DateTime, _Date  # type: ignore[misc]
    time.time = lambda: _instant_ms() / 1_000
    time.time_ns = lambda: _instant_ms() * 1_000_000
    time.monotonic = lambda: _instant_ms() / 1_000 if _standing() else _real_monotonic()
    time.perf_counter = lambda: 0.0 if _standing() else _real_perf_counter()
    time.gmtime = lambda stamp=None: _real_gmtime(time.time() if stamp is None else stamp)
    time.localtime = _localtime
    uuid.uuid4 = _uuid4
    uuid.getnode = lambda: random.getrandbits(48) | (1 << 40)
    os.urandom = _urandom
    # It took its own name of it.
    random._urandom = _urandom  # type: ignore[attr-defined]


_install()

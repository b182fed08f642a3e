"""Time and chance on the stage.

A sandbox is a picture taken at build time, without a clock and without entropy: left alone, Python gives every customer
the numbers of the build. Importing this module puts `random`, `time`, `datetime` and `uuid` into the hands of the
context, so a replayed call draws the same. What a module draws while it loads would be a constant of the build, so it is
refused in words. What asks the operating system for entropy, such as `os.urandom` and `secrets`, is refused within a call
too: nothing there could answer it.

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
_real_gmtime, _real_localtime = time.gmtime, time.localtime
_real_asctime, _real_strftime = time.asctime, time.strftime
_real_urandom = os.urandom
_real_uuid4 = uuid.uuid4
# Of Python 3.14.
_real_uuid7: Any = getattr(uuid, "uuid7", None)
_real_seed = random.Random.seed


@contextmanager
def seeded(now_ms: int, seed: bytes) -> Iterator[None]:
    """Runs the body of a `with` by the time and the seed of a context."""
    global _now_ms
    # A sandbox is thrown away after its call; a test goes on.
    before, outer = (None if _ON_STAGE else random.getstate()), _now_ms
    _now_ms = now_ms
    random.seed(int.from_bytes(seed, "big"))
    _draws.begin(seed)
    try:
        yield
    finally:
        _now_ms = outer
        if before is not None:
            random.setstate(before)


def _refuse_at_build(what: str, within: str) -> None:
    if _ON_STAGE and _now_ms is None:
        raise RuntimeError(f"{what} outside of open and update would be a constant of the build: {within} within the call")


def _instant_ms() -> int:
    _refuse_at_build("the time", "ask for it")
    return _real_time_ns() // 1_000_000 if _now_ms is None else _now_ms


class _Draws:
    """Numbers that nobody who sees one of them can tell from another: hashes of the seed and a count."""

    def __init__(self) -> None:
        self.seed, self.drawn = b"", 0

    def begin(self, seed: bytes) -> None:
        self.seed, self.drawn = bytes(seed), 0

    def draw(self, purpose: bytes) -> bytes:
        self.drawn += 1
        return hashlib.sha256(purpose + self.seed + self.drawn.to_bytes(8, "big")).digest()


_draws = _Draws()


def _uuid4() -> uuid.UUID:
    _refuse_at_build("a uuid", "draw it")
    return _real_uuid4() if _now_ms is None else uuid.UUID(bytes=_draws.draw(b"uuid")[:16], version=4)


def _uuid7() -> uuid.UUID:
    _refuse_at_build("a uuid", "draw it")
    if _now_ms is None:
        return _real_uuid7()
    return uuid.UUID(bytes=_now_ms.to_bytes(6, "big") + _draws.draw(b"uuid")[:10], version=7)


def _seed(self: random.Random, a: Any = None, version: int = 2) -> None:
    """In place of `Random.seed`, which without a seed asks the system for one in C, past `os.urandom`: the call gives one."""
    if a is None:
        _refuse_at_build("a generator without a seed", "make it")
        if _now_ms is not None:
            a = int.from_bytes(_draws.draw(b"generator"), "big")
    _real_seed(self, a, version)


def _within_calls(draw: Callable[..., Any]) -> Callable[..., Any]:
    def drawn(*given: Any) -> Any:
        if _now_ms is None:
            _refuse_at_build("a random number", "draw it")
        return draw(*given)

    return drawn


def _urandom(size: int) -> bytes:
    if not _ON_STAGE and _now_ms is None:
        return _real_urandom(size)
    raise NotImplementedError(
        "a sandbox has no entropy of its own, so that its calls can be replayed: draw from `random` or `uuid`, which the host seeds"
    )


class _Seen(type):
    """Instances and subclasses of the classes that these stand for are theirs too; a program's own subclass is as any."""

    def __instancecheck__(cls, instance: object) -> bool:
        real = cls.__bases__[0]
        return isinstance(instance, real) if real in (_real_datetime, _real_date) else super().__instancecheck__(instance)

    def __subclasscheck__(cls, kind: type) -> bool:
        real = cls.__bases__[0]
        return issubclass(kind, real) if real in (_real_datetime, _real_date) else super().__subclasscheck__(kind)


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


def _asctime(shown: Any = None) -> str:
    return _real_asctime(_localtime() if shown is None else shown)


def _strftime(form: str, shown: Any = None) -> str:
    return _real_strftime(form, _localtime() if shown is None else shown)


def _stand(name: str, shown: Callable[[], float]) -> None:
    """Lets a clock of `time` stand still within a call. Not every system has each of them."""
    real = getattr(time, name, None)
    if real is not None:
        setattr(time, name, lambda *which: shown() if _standing() else real(*which))


def _install() -> None:
    _datetime.datetime, _datetime.date = _DateTime, _Date  # type: ignore[misc]
    _install_time()
    _install_chance()


def _install_time() -> None:
    time.time = lambda: _instant_ms() / 1_000
    time.time_ns = lambda: _instant_ms() * 1_000_000
    for name in ("monotonic", "clock_gettime"):
        _stand(name, lambda: _instant_ms() / 1_000)
        _stand(f"{name}_ns", lambda: _instant_ms() * 1_000_000)
    # They measure work, of which a replay must say the same.
    for name in ("perf_counter", "process_time", "thread_time"):
        _stand(name, lambda: 0.0)
        _stand(f"{name}_ns", lambda: 0)
    time.gmtime = lambda stamp=None: _real_gmtime(time.time() if stamp is None else stamp)
    time.localtime, time.asctime, time.strftime = _localtime, _asctime, _strftime
    time.ctime = lambda stamp=None: _real_asctime(_localtime(stamp))


def _install_chance() -> None:
    uuid.uuid4 = _uuid4
    if _real_uuid7 is not None:
        uuid.uuid7 = _uuid7  # type: ignore[attr-defined]
    uuid.getnode = lambda: random.getrandbits(48) | (1 << 40)
    # Else `uuid1` takes the time in C.
    uuid._generate_time_safe = None  # type: ignore[attr-defined]
    os.urandom = _urandom
    # It took its own name of it.
    random._urandom = _urandom  # type: ignore[attr-defined]
    random.Random.seed = _seed  # type: ignore[method-assign]
    own: Any = random._inst  # type: ignore[attr-defined]
    random.seed = own.seed
    # Whatever else the module draws goes through one of these two.
    for name in ("random", "getrandbits"):
        draw = _within_calls(getattr(own, name))
        setattr(own, name, draw)
        setattr(random, name, draw)


_install()

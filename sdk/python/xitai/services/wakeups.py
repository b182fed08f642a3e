"""Being called later, with or without the customer."""

from ..stage import interface

_host = interface("services/wakeups")


def after(ms: int, key: str) -> None:
    """Asks to be woken in `ms` milliseconds, with `Woken` and this key. The same key again moves the wake-up."""
    _host.after(ms, key)


def cancel(key: str) -> None:
    _host.cancel(key)

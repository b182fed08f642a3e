"""Lines for the publisher's log. They are kept also when the call fails."""

from ..shape import Case
from ..stage import interface

_host = interface("services/log")

_LEVELS = ("debug", "info", "warn", "error")


def debug(text: str) -> None:
    _host.write(Case(_LEVELS, "debug"), text)


def info(text: str) -> None:
    _host.write(Case(_LEVELS, "info"), text)


def warn(text: str) -> None:
    _host.write(Case(_LEVELS, "warn"), text)


def error(text: str) -> None:
    _host.write(Case(_LEVELS, "error"), text)

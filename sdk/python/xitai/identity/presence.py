"""Proving presence again, before what must not be done by whoever holds the customer's phone."""

from ..stage import interface

_host = interface("identity/presence")


def request(purpose: str) -> str:
    """The ticket of the host's sheet. Once it is agreed to, `proved_at` of `whoami` says when that was."""
    return _host.request(purpose)

"""Values that the host reads for the program: show the ticket by `ui.secure_field`, and name it in the `sealed` of a call to
a partner."""

from typing import Literal

from ..stage import interface

_host = interface("identity/secure-fields")


def prepare(kind: Literal["card-number", "identity-number", "one-time-code"], purpose: str) -> str:
    """The ticket of a new field."""
    return _host.prepare(kind, purpose)

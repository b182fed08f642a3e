"""Facts about the customer, each asked for with a purpose and given only by consent. Claims are `display-name`, `legal-name`,
`phone`, `email`, `address`, `birth-date`, `identity-number` and `branch-manager`."""

from dataclasses import dataclass
from typing import Sequence

from ..stage import Record, interface


@dataclass(frozen=True)
class Consent:
    """One that holds: it is neither withdrawn nor over."""

    id: str
    granted: list[str]
    #: Milliseconds since the Unix epoch.
    expires: int


_host = interface("identity/claims", granted=list[Consent])


def request(purpose: str, keep_days: int, claims: Sequence[str] = (), optional: Sequence[str] = ()) -> str:
    """The ticket of the consent's sheet. Without those in `claims` the customer can't agree; `keep_days` is how long they may
    be read, 1 to 365. Where they agree, the text of `SheetClosed` is the consent's id."""
    return _host.request(Record(claims=list(claims), optional=list(optional), purpose=purpose, keep_days=keep_days))


def granted() -> list[Consent]:
    return _host.granted()


def read(consent: str) -> dict[str, str]:
    """What the bank has now for each claim that was granted. The customer sees that it was read."""
    return dict(_host.read(consent))

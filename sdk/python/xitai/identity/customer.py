"""Who the customer is. Ids are pairwise: two publishers can't join theirs."""

from dataclasses import dataclass
from typing import Literal

from ..stage import interface


@dataclass(frozen=True)
class Customer:
    #: Stable for this customer and this program's line of owners; says nothing to anyone else.
    subject: str
    level: Literal["visitor", "registered", "verified", "account-holder", "other"]
    #: When presence was last proved, in milliseconds since the Unix epoch.
    proved_at: int
    #: In the organisation, for staff.
    roles: list[str]


_host = interface("identity/customer", whoami=Customer)


def whoami() -> Customer:
    return _host.whoami()

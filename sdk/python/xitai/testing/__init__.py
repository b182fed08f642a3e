"""Programs on the developer's own machine, without a host.

Import this before the program; then `Bank(program.Program).open("wang")` gives a page to tap on. The rules that the host
enforces are enforced here too: the armed amount, unknown or disabled nodes, ids used twice, the limits of the contract.
README.md says what is not played.
"""

from . import install as _install

_install.stage()

from .bank import NOON, Bank  # noqa: E402
from .page import Page  # noqa: E402

__all__ = ["NOON", "Bank", "Page"]

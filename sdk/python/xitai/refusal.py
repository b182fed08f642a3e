"""What goes wrong: a refusal of the host's, a failure of the program's own."""

import os.path
import sys


class Refused(Exception):
    """Why the host would not do what the program asked."""

    def __init__(self, kind: str, code: str, detail: str, retry_after_ms: int | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        #: `not-granted`, `not-consented`, `limited`, `invalid`, `not-found`, `conflict`, `busy`, `unavailable`, `unknown-outcome`.
        self.kind = kind
        #: Stable, such as `limit.screen-nodes`; `xitai explain CODE` tells more.
        self.code = code
        self.detail = detail
        self.retry_after_ms = retry_after_ms


class Failure(Exception):
    """A failure with a code of the program's own: raise it. The customer sees a decent message, the log the detail."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        at = sys._getframe(1)
        self.code = code
        self.detail = f"{detail} ({os.path.basename(at.f_code.co_filename)}:{at.f_lineno})"

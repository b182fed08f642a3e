"""What happened. Events are matched by class: `case Tapped(id="pay"):`."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from .shape import word


class Event:
    """Any of the events below."""

    def is_tap(self, id: str) -> bool:
        """Whether the customer tapped the node `id`."""
        return isinstance(self, Tapped) and self.id == id

    def tap_after(self, prefix: str) -> str | None:
        """The part of a tapped node's id after `prefix`: `"add-"` on a tap of `add-7` gives `7`."""
        return self.id.removeprefix(prefix) if isinstance(self, Tapped) and self.id.startswith(prefix) else None


@dataclass(frozen=True)
class Tapped(Event):
    id: str
    value: str | None = None


@dataclass(frozen=True)
class Submitted(Event):
    form: str
    #: The button's id.
    button: str
    #: A field's id and its value; a choice of many once for each chosen key.
    values: list[tuple[str, str]] = field(default_factory=list)

    def text(self, id: str) -> str:
        """What was entered in the field `id`, trimmed; empty where nothing was."""
        return next((value.strip() for name, value in self.values if name == id), "")

    def number(self, id: str) -> int | None:
        """A whole number entered in the field `id`."""
        said = self.text(id)
        return int(said) if said.removeprefix("-").isdigit() and said.isascii() else None

    def chosen(self, id: str) -> list[str]:
        """All keys chosen in the choice `id`."""
        return [value for name, value in self.values if name == id]

    def is_on(self, id: str) -> bool:
        """Whether the toggle `id` is on."""
        return self.text(id) == "true"


@dataclass(frozen=True)
class SheetClosed(Event):
    ticket: str
    outcome: Literal["agreed", "declined", "expired", "pending", "failed", "other"]
    #: Such as a consent's id, or what a scanned code says.
    text: str | None = None

    @property
    def agreed(self) -> bool:
        return self.outcome == "agreed"


@dataclass(frozen=True)
class Changed(Event):
    """A payment, refund, mandate or agreement of this session changed."""

    id: str


@dataclass(frozen=True)
class Replied(Event):
    """The answer to a call to a partner: a status and a body, or an error of the host's."""

    #: What the call gave.
    call: str
    status: int | None = None
    body: bytes = b""
    #: A code such as `partner.outcome-unknown`.
    error: str | None = None

    def json(self) -> Any:
        """The body as JSON; None where there is none."""
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True)
class Woken(Event):
    key: str


@dataclass(frozen=True)
class Noticed(Event):
    """A watched shared key or counter has a new value."""

    name: str


@dataclass(frozen=True)
class Happened(Event):
    topic: str
    key: str
    body: bytes = b""


@dataclass(frozen=True)
class Resumed(Event):
    """The customer came back, perhaps on another channel."""


@dataclass(frozen=True)
class Hidden(Event):
    pass


@dataclass(frozen=True)
class Upgraded(Event):
    """The state was made under another schema. `upgrade` has read it."""

    schema: int


@dataclass(frozen=True)
class Other(Event):
    kind: str
    json: str


def _replied(reply: Any) -> Replied:
    said = reply.answer.value
    if type(reply.answer).__name__ == "Ok":
        return Replied(reply.call, said.status, bytes(said.body))
    return Replied(reply.call, error=said)


_EVENTS: dict[str, Any] = {
    "Tapped": lambda it: Tapped(it.id, it.value),
    "Submitted": lambda it: Submitted(it.form, it.button, list(it.values)),
    "SheetClosed": lambda it: SheetClosed(it.ticket, word(it.outcome), it.text),
    "Changed": Changed,
    "Replied": _replied,
    "Woken": Woken,
    "Noticed": Noticed,
    "Happened": lambda it: Happened(it.topic, it.key, bytes(it.body)),
    "Upgraded": Upgraded,
    "Other": lambda it: Other(it.kind, it.json),
}


def lift_event(event: Any) -> Event:
    name = type(event).__name__.removeprefix("Event_")
    if name in ("Resumed", "Hidden"):
        return Resumed() if name == "Resumed" else Hidden()
    return _EVENTS[name](event.value)

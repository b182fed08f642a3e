"""Reaching a customer by reviewed words: their title and text lie with the host, the program gives values."""

from typing import Mapping

from ..stage import Record, interface

_host = interface("services/notices")


def send(template: str, key: str, values: Mapping[str, str] | None = None, *, to: str | None = None, not_before: int | None = None) -> str:
    """Sends one with the step: its id. `values` has each variable of the template once, amounts as `1200 CNY`, moments in
    milliseconds. `to` is a subject of this program, else the session's own customer. The same `key` is the same notice."""
    return _host.send(Record(to=to, template=template, values=list((values or {}).items()), not_before=not_before, key=key))


def subscribe(*templates: str) -> str:
    """The ticket of a sheet that asks which of up to three templates the customer wants."""
    return _host.subscribe(list(templates))


def allowed(text: str | None, template: str) -> bool:
    """Whether the text of a closed sheet says that a template was allowed."""
    return any(word.partition(":")[0] == template for word in (text or "").split(" ") if ":" in word)


def balance(template: str, to: str | None = None) -> int:
    """How many notices of a template that customer could be sent now."""
    return _host.balance(to, template)

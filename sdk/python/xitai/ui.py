"""Screens that read like screens.

Elements nest; `screen` flattens them into the contract's list. What the customer acts on gets an `id`; the rest is
numbered by its place under the nearest ancestor that has one, so that a screen with one more row keeps the ids of the
rest. Children may be nested lists, and None and False among them are left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterable, Literal, Mapping, Sequence, Union

from .money import Money
from .shape import Case
from .stage import Record, module_of

Tone = Literal["info", "success", "warning", "danger", "other"]
Weight = Literal["primary", "secondary", "danger", "other"]
Input = Literal["text", "lines", "digits", "decimal", "phone", "email"]

_TONES = ("info", "success", "warning", "danger", "other")
_WEIGHTS = ("primary", "secondary", "danger", "other")
_ELEMENTS = module_of("program/screen")


@dataclass
class Part:
    """An element with its children, before `screen` flattens it."""

    element: Any
    id: str | None
    label: str | None
    props: list[tuple[str, str]]
    children: list[Part]


Child = Union[Part, None, Literal[False], Iterable["Child"]]


def _gathered(children: Iterable[Any]) -> list[Part]:
    found: list[Part] = []
    for child in children:
        if isinstance(child, Part):
            found.append(child)
        elif child is not None and child is not False:
            if isinstance(child, str):
                raise TypeError(f"{child!r} is no element: give a paragraph")
            found.extend(_gathered(child))
    return found


def _part(
    kind: str,
    *value: Any,
    children: Iterable[Any] = (),
    id: str | None = None,
    label: str | None = None,
    props: Mapping[str, str] | None = None,
    **hints: str | None,
) -> Part:
    said = [*(props or {}).items(), *((name, hint) for name, hint in hints.items() if hint)]
    return Part(getattr(_ELEMENTS, f"Element_{kind}")(*value), id, label, said, _gathered(children))


def _money(money: Money | None) -> Any:
    return None if money is None else Record(minor=money.minor, currency=money.currency)


def _yes(is_so: bool) -> str | None:
    return "yes" if is_so else None


def column(*children: Child, id: str | None = None) -> Part:
    return _part("Column", children=children, id=id)


def row(*children: Child, id: str | None = None, pinned: bool = False) -> Part:
    """Beside each other. `pinned` stays in reach of the thumb while the rest scrolls."""
    return _part("Row", children=children, id=id, pin="bottom" if pinned else None)


def card(*children: Child, id: str | None = None, label: str | None = None, tap: bool = False, pinned: bool = False) -> Part:
    """`tap`: may be tapped as a whole."""
    return _part("Card", children=children, id=id, label=label, tap=_yes(tap), pin="bottom" if pinned else None)


def section(title: str, *children: Child, id: str | None = None) -> Part:
    return _part("Section", title, children=children, id=id)


def form(*children: Child, id: str) -> Part:
    """Fields, and the button that submits them together as one `Submitted`."""
    return _part("Form", children=children, id=id)


def tabs(*pages: tuple[str, Child], id: str | None = None) -> Part:
    """Pages side by side: `("Today", children)`. The host changes between them without asking the program."""
    return _part("Tabs", [name for name, _ in pages], children=[column(children) for _, children in pages], id=id)


def items(*children: Child, id: str | None = None, total: int | None = None, more: bool = False) -> Part:
    """A list. With `more` the host asks for more by a tap with the value `more`."""
    return _part("Items", Record(total=total, more=more), children=children, id=id)


def item(
    title: str,
    *children: Child,
    id: str | None = None,
    subtitle: str | None = None,
    trailing: str | None = None,
    image: str | None = None,
    tap: bool = False,
    tone: Tone | None = None,
) -> Part:
    """A row of a list. `image` is a file of the package, such as `asset:assets/dish.svg`, or `content:ID`."""
    value = Record(title=title, subtitle=subtitle, trailing=trailing, image=image)
    return _part("Item", value, children=children, id=id, tap=_yes(tap), tone=tone)


def divider() -> Part:
    return _part("Divider")


def heading(text: str, *, id: str | None = None, display: bool = False) -> Part:
    """`display`: read from afar, such as a number that is called out."""
    return _part("Heading", text, id=id, size="display" if display else None)


def paragraph(text: str, *, id: str | None = None) -> Part:
    return _part("Paragraph", text, id=id)


def notice(text: str, tone: Tone = "info", *, id: str | None = None) -> Part:
    return _part("Notice", Record(tone=Case(_TONES, tone), text=text), id=id)


def badge(text: str, tone: Tone | None = None, *, id: str | None = None) -> Part:
    return _part("Badge", text, id=id, tone=tone)


def key_values(pairs: Iterable[tuple[str, str]], *, id: str | None = None) -> Part:
    return _part("KeyValues", list(pairs), id=id)


def amount(money: Money, *, id: str | None = None) -> Part:
    """Money, large."""
    return _part("Amount", _money(money), id=id)


def image(source: str, alt: str, *, id: str | None = None) -> Part:
    """A picture, and what it shows for those who do not see it."""
    return _part("Image", Record(source=source, alt=alt), id=id)


def icon(name: str, *, label: str | None = None) -> Part:
    """A sign of the host's own set."""
    return _part("Icon", name, label=label)


def qr(text: str, *, id: str | None = None) -> Part:
    """A plain pick-up code, a link of this program, or the output of `payments.codes`; nothing else is drawn."""
    return _part("Qr", text, id=id)


def media(handle: str) -> Part:
    """A reviewed video, live stream, document or invoice."""
    return _part("Media", handle)


def document(handle: str, title: str) -> Part:
    return _part("Document", Record(handle=handle, title=title))


def progress(done: int, total: int, *, label: str | None = None) -> Part:
    return _part("Progress", Record(done=done, total=total), label=label)


def chart(kind: str, unit: str, points: Iterable[tuple[str, int]], *, decimals: int = 0, label: str | None = None) -> Part:
    """A chart, such as `bar` or `line`: pairs of a label and a whole number, of which `decimals` digits are fraction."""
    return _part("Chart", Record(kind=kind, unit=unit, points=list(points), decimals=decimals), label=label)


def timeline(moments: Iterable[tuple[int, str, bool]]) -> Part:
    """Stations on a way: when, what, and whether it is reached."""
    return _part("Timeline", [Record(at=at, text=text, reached=reached) for at, text, reached in moments])


def coupon(id: str) -> Part:
    """A coupon of the customer, by its id."""
    return _part("Coupon", id)


def link(text: str, page: str) -> Part:
    """Leads to another page of this program."""
    return _part("Link", Record(text=text, page=page))


def other(kind: str, value: Any, *children: Child, id: str | None = None) -> Part:
    """A kind that this SDK has no function for. Drawn where the host knows it, else its children are."""
    return _part("Other", Record(kind=kind, json=json.dumps(value)), children=children, id=id)


def button(
    text: str,
    *,
    id: str,
    weight: Weight = "secondary",
    value: str | None = None,
    amount: Money | None = None,
    disabled: bool = False,
    label: str | None = None,
    pinned: bool = False,
) -> Part:
    """Something to tap. `amount` is the money that the customer agrees to pay by tapping: the host draws it itself, and a
    pay sheet opens only for exactly that."""
    made = Record(text=text, weight=Case(_WEIGHTS, weight), value=value, amount=_money(amount), disabled=disabled)
    return _part("Button", made, id=id, label=label, pin="bottom" if pinned else None)


def quantity(value: int, minimum: int, maximum: int, *, id: str, label: str | None = None) -> Part:
    return _part("Quantity", Record(value=value, minimum=minimum, maximum=maximum), id=id, label=label)


def toggle(text: str, on: bool, *, id: str) -> Part:
    return _part("Toggle", Record(text=text, on=on), id=id)


def text_field(
    label: str, *, id: str, value: str = "", hint: str = "", required: bool = False, max_chars: int = 200, input: Input = "text", autofocus: bool = False
) -> Part:
    """A line of text; `input` is the keyboard."""
    made = Record(value=value, hint=hint, required=required, max_chars=max_chars, input=input)
    return _part("TextField", made, id=id, label=label, autofocus=_yes(autofocus))


def choice(
    label: str, options: Iterable[tuple[str, str]], *, id: str, selected: Sequence[str] = (), many: bool = False, required: bool = False
) -> Part:
    """One or, with `many`, several of a few: pairs of key and text."""
    made = Record(options=list(options), selected=list(selected), many=many, required=required)
    return _part("Choice", made, id=id, label=label)


def date_field(
    label: str, *, id: str, value: str | None = None, earliest: str | None = None, latest: str | None = None, required: bool = False
) -> Part:
    """A date; all dates are `YYYY-MM-DD`."""
    return _part("DateField", Record(value=value, earliest=earliest, latest=latest, required=required), id=id, label=label)


def secure_field(label: str, ticket: str, *, id: str | None = None) -> Part:
    """A value that the host reads for the program, by the ticket of `identity.secure_fields`. It stands in a form, and is no
    part of what the form submits."""
    return _part("SecureField", ticket, id=id, label=label)


def screen(title: str, *children: Child) -> Any:
    """A whole page: its title and what stands on it, from top to bottom. At most 1,000 nodes, 30 deep, 128 KiB."""
    nodes: list[Any] = []
    root = _flatten(column(*children), "page", nodes)
    return Record(title=title, nodes=nodes, root=root)


def no_screen() -> Any:
    """What background calls show: nothing, to nobody."""
    return screen("")


def _flatten(part: Part, id: str, nodes: list[Any]) -> int:
    places = [_flatten(child, child.id or f"{id}.{place}", nodes) for place, child in enumerate(part.children)]
    nodes.append(Record(id=id, element=part.element, children=places, label=part.label, props=part.props))
    return len(nodes) - 1

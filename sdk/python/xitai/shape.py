"""Between plain data and dataclasses, by their annotations: for the state as JSON, and for what the host tells."""

import dataclasses
import enum
import types
import typing
from typing import Any

from .money import Money

_FIELDS: dict[type, list[tuple[str, Any]]] = {}


def fields_of(kind: type) -> list[tuple[str, Any]]:
    """Names and types of a dataclass's fields. Worked out once, while the component is built."""
    if kind not in _FIELDS:
        hints = typing.get_type_hints(kind)
        _FIELDS[kind] = [(field.name, hints[field.name]) for field in dataclasses.fields(kind)]
    return _FIELDS[kind]


def known(kind: Any) -> None:
    """Works out a type and all that it is made of, so that no call has to."""
    for part in typing.get_args(kind):
        known(part)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind not in _FIELDS:
        for _, part in fields_of(kind):
            known(part)


def _inside(kind: Any) -> Any:
    """The type of an optional one; None where it is not optional."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return None
    rest = [part for part in typing.get_args(kind) if part is not type(None)]
    return rest[0] if len(rest) == 1 else None


def plain(value: Any) -> Any:
    """JSON's own values out of dataclasses, money, enums, lists, tuples and dictionaries."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, dict):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(held) for held in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(held) for held in value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} is no plain data: keep numbers, texts, lists, dictionaries and dataclasses")


def read(kind: Any, value: Any) -> Any:
    """A value of a type out of JSON's own. What a dataclass has gained since gets its default."""
    if kind is None or kind is Any or value is None:
        return value
    inside = _inside(kind)
    if inside is not None:
        return read(inside, value)
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        return [read(parts[0], held) for held in value]
    if origin is tuple:
        if parts[1:] == (Ellipsis,):
            return tuple(read(parts[0], held) for held in value)
        return tuple(read(part, held) for part, held in zip(parts, value))
    if origin in (set, frozenset):
        return origin(read(parts[0], held) for held in value)
    if origin is dict:
        return {parts[0](key): read(parts[1], held) for key, held in value.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return kind(**{name: read(part, value[name]) for name, part in fields_of(kind) if name in value})
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    return value


def word(case: Any) -> str:
    """The contract's word for a case of one of its enums, such as `partly-captured`."""
    return case if isinstance(case, str) else case.name.lower().replace("_", "-")


def lift(kind: Any, value: Any) -> Any:
    """A value of a type out of what the host told."""
    if value is None:
        return None
    if kind is Money:
        return Money(value.minor, value.currency)
    inside = _inside(kind)
    if inside is not None:
        return lift(inside, value)
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return word(value)
    if origin is list:
        return [lift(parts[0], held) for held in value]
    if origin is tuple:
        return tuple(lift(part, held) for part, held in zip(parts, value))
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return kind(**{name: lift(part, getattr(value, name)) for name, part in fields_of(kind)})
    return value


class Case:
    """A case of an enum on its way to the host: its place among the words."""

    def __init__(self, words: tuple[str, ...], chosen: str) -> None:
        if chosen not in words:
            raise ValueError(f"{chosen!r} is none of {', '.join(words)}")
        self.value, self.word = words.index(chosen), chosen

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Case) and other.word == self.word

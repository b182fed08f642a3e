"""Between plain data and dataclasses, by their annotations: for the state as JSON, and for what the host tells."""

import collections.abc
import dataclasses
import enum
import functools
import types
import typing
from typing import Any, Callable

from .money import Money

_FIELDS: dict[type, list[tuple[str, Any]]] = {}
#: Those that a dataclass does not take when it is made, but sets itself.
_SET_LATER: dict[type, frozenset[str]] = {}
#: Names of types that were looked behind: one may stand for a type that it is part of.
_NAMED: set[Any] = set()

_LISTS = (list, collections.abc.Sequence, collections.abc.MutableSequence)
_DICTIONARIES = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_SETS = (set, frozenset)
_UNIONS = (typing.Union, types.UnionType)


def fields_of(kind: type) -> list[tuple[str, Any]]:
    """Names and types of the fields of a dataclass or a named tuple. Worked out once, while the component is built."""
    if kind not in _FIELDS:
        hints = typing.get_type_hints(kind)
        if dataclasses.is_dataclass(kind):
            _FIELDS[kind] = [(field.name, hints[field.name]) for field in dataclasses.fields(kind)]
            _SET_LATER[kind] = frozenset(field.name for field in dataclasses.fields(kind) if not field.init)
        else:
            _FIELDS[kind] = [(name, hints.get(name, Any)) for name in kind._fields]  # type: ignore[attr-defined]
    return _FIELDS[kind]


def known(kind: Any) -> None:
    """Works out a type and all that it is made of, so that no call has to; refuses one that could not be read again."""
    bare = _bare(kind)
    if bare is not kind:
        if kind in _NAMED:
            return
        _NAMED.add(kind)
        return known(bare)
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if not parts:
        pass
    elif origin in _DICTIONARIES:
        _key_reader(parts[0])
    elif origin in _UNIONS:
        _one_of_them(kind, parts)
    elif origin not in (tuple, typing.Literal, *_LISTS, *_SETS):
        raise TypeError(f"{_name(kind)} can't be read out of JSON again: keep a list, a tuple, a set, a dict or a plain dataclass")
    for part in () if origin is typing.Literal else parts:
        known(part)
    if _has_fields(kind) and kind not in _FIELDS:
        for _, part in fields_of(kind):
            known(part)


def _one_of_them(union: Any, parts: tuple[Any, ...]) -> None:
    rest = [part for part in parts if part is not type(None)]
    for odd in rest if len(rest) > 1 else ():
        if not _is_json(odd):
            raise TypeError(f"{_name(union)} can't be read again: JSON does not say that it was {_name(odd)}. Keep a field for each")


def _is_json(kind: Any, within: tuple[Any, ...] = ()) -> bool:
    """Whether values of a type are JSON's own, so that they come back as they were without being read."""
    if kind in within:
        return True
    bare, inner = _bare(kind), (*within, kind)
    origin, parts = typing.get_origin(bare), typing.get_args(bare)
    if origin is dict and parts:
        return parts[0] is str and _is_json(parts[1], inner)
    if origin in (list, *_UNIONS):
        return all(_is_json(part, inner) for part in parts)
    if origin is typing.Literal:
        return all(isinstance(case, (str, int)) and not isinstance(case, enum.Enum) for case in parts)
    return bare in (str, int, float, bool, dict, list, type(None), Any)


def _is_class(kind: Any) -> bool:
    # Python 3.10 takes `list[int]` for a class too.
    return isinstance(kind, type) and not isinstance(kind, types.GenericAlias)


def _name(kind: Any) -> str:
    return kind.__name__ if _is_class(kind) else str(kind)


def _bare(kind: Any) -> Any:
    """The type that a name, such as one of `NewType`, stands for."""
    if typing.get_origin(kind) in (typing.Annotated, typing.Final):
        return _bare(typing.get_args(kind)[0])
    if isinstance(kind, typing.NewType):
        return _bare(kind.__supertype__)
    # Of Python 3.12: `type Cart = …`.
    return _bare(kind.__value__) if type(kind).__name__ == "TypeAliasType" else kind


def _has_fields(kind: Any) -> bool:
    return _is_class(kind) and (dataclasses.is_dataclass(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields")))


def _key(key: Any) -> str:
    """The text that stands for a key of a dictionary."""
    if isinstance(key, enum.Enum):
        return _key(key.value)
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, str):
        return key
    if isinstance(key, (int, float)):
        return str(key)
    raise TypeError(f"{key!r} is no key that JSON could hold: take a text, a number, a truth or an enum of those")


@functools.cache
def _key_reader(kind: Any) -> Callable[[str], Any]:
    """What makes a key of a type out of its text."""
    kind = _bare(kind)
    if kind is Any:
        return str
    if kind is bool:
        # The first release wrote Python's own `True`.
        return lambda text: text.lower() == "true"
    if typing.get_origin(kind) is typing.Literal:
        return _chosen(typing.get_args(kind), str)
    if not _is_class(kind):
        pass
    elif issubclass(kind, enum.Flag):
        return lambda text: kind(int(text))
    elif issubclass(kind, enum.Enum):
        return _chosen(tuple(kind), kind)
    elif issubclass(kind, (str, int, float)):
        return kind
    raise TypeError(f"a dictionary's keys are texts, numbers, truths, enums or literals, and {_name(kind)} is none of these")


def _chosen(cases: tuple[Any, ...], other: Callable[[str], Any]) -> Callable[[str], Any]:
    by_text = {_key(case): case for case in cases}
    return lambda text: by_text[text] if text in by_text else other(text)


def _inside(kind: Any) -> Any:
    """The type of an optional one; None where it is not optional."""
    if typing.get_origin(kind) not in _UNIONS:
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
        written = {_key(key): plain(held) for key, held in value.items()}
        if len(written) < len(value):
            raise TypeError(f"two keys of a dictionary are written alike: {', '.join(map(repr, value))}")
        return written
    if isinstance(value, (list, tuple)):
        return [plain(held) for held in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(held) for held in value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} is no plain data: keep numbers, texts, lists, dictionaries and dataclasses")


def read(kind: Any, value: Any) -> Any:
    """A value of a type out of JSON's own. What a dataclass has gained since gets its default."""
    if value is None or kind is str or kind is int or kind is bool or kind is float or kind is None or kind is Any:
        return value
    inside = _inside(kind)
    if inside is not None:
        return read(inside, value)
    if _is_class(kind):
        return _read_class(kind, value)
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is not None and not parts:
        return read(origin, value)
    if origin in _LISTS:
        return [read(parts[0], held) for held in value]
    if origin is tuple:
        if parts[1:] == (Ellipsis,):
            return tuple(read(parts[0], held) for held in value)
        return tuple(read(part, held) for part, held in zip(parts, value))
    if origin in _SETS:
        return origin(read(parts[0], held) for held in value)
    if origin in _DICTIONARIES:
        key_of = _key_reader(parts[0])
        return {key_of(key): read(parts[1], held) for key, held in value.items()}
    bare = _bare(kind)
    return value if bare is kind else read(bare, value)


def _read_class(kind: type, value: Any) -> Any:
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(kind, value)
    if issubclass(kind, enum.Enum):
        return _read_enum(kind, value)
    if _has_fields(kind):
        return kind(*(read(part, held) for (_, part), held in zip(fields_of(kind), value)))
    return kind(value) if kind in (tuple, *_SETS) else value


def _read_dataclass(kind: Any, value: Any) -> Any:
    told = {name: read(part, value[name]) for name, part in fields_of(kind) if name in value}
    later = {name: told.pop(name) for name in _SET_LATER[kind] if name in told}
    made = kind(**told)
    for name, held in later.items():
        object.__setattr__(made, name, held)
    return made


def _read_enum(kind: type[enum.Enum], value: Any) -> Any:
    # The value of a case may be a tuple, which JSON has as a list.
    told = next((case for case in kind if plain(case) == value), None) if isinstance(value, (list, dict)) else None
    return kind(value) if told is None else told


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

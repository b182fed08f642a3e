"""The two functions of a program, with its state typed, and the glue to the contract's bytes."""

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Generic, Literal, TypeVar

from .context import Context, Launch, lift_context, lift_launch
from .event import Event, Upgraded, lift_event
from .refusal import Failure, Refused
from .seed import seeded
from .shape import known, plain, read
from .stage import Record

S = TypeVar("S")


@dataclass
class Effect:
    """What the app does besides drawing the screen."""

    kind: str
    value: Any = field(default_factory=dict)


@dataclass
class Step(Generic[S]):
    """What one call leads to."""

    #: Given back with the next event; at most 64 KiB as JSON.
    state: S
    #: What `xitai.ui.screen` makes.
    screen: Any
    #: The ticket of the sheet to show.
    sheet: str | None = None
    #: A short message that passes by.
    toast: str | None = None
    #: A little joy, confetti where no kind is named; quiet where the customer wants less motion.
    celebrate: bool | Literal["confetti", "envelopes", "rocket"] = False
    #: Closes the page.
    close: bool = False
    #: Other effects of the registry.
    effects: list[Effect] = field(default_factory=list)
    #: Shared keys and counters whose change comes back as `Noticed`; at most 8, said anew with each step.
    watch: list[str] = field(default_factory=list)


def make_program(
    state: Any,
    open: Callable[[Context, Launch], Step[Any]],
    update: Callable[[Context, Any, Event], Step[Any]],
    *,
    schema: int = 1,
    upgrade: Callable[[int, Any], Any] | None = None,
) -> type:
    """Makes the class that a component exports: `Program = make_program(State, open, update)`.

    `state` is the type that is kept: a dataclass, or any type that JSON can hold. `schema` is the manifest's
    `state.writes`; `upgrade(schema, kept)` reads what an older release wrote. An exception becomes a failure with its
    traceback, which the publisher finds in the log.
    """
    known(state)

    def opened(_self: object, ctx: Any, launch: Any) -> Any:
        return _perform(ctx, schema, lambda told: open(told, lift_launch(launch)))

    def updated(_self: object, ctx: Any, kept: bytes, event: Any) -> Any:
        def run(told: Context) -> Step[Any]:
            happened, held = lift_event(event), json.loads(bytes(kept))
            if not isinstance(happened, Upgraded):
                return update(told, read(state, held), happened)
            if upgrade is None:
                raise Failure("state.schema", f"this release cannot read state of schema {happened.schema}")
            return update(told, upgrade(happened.schema, held), happened)

        return _perform(ctx, schema, run)

    return type("Program", (), {"open": opened, "update": updated, "__doc__": open.__module__})


def _perform(ctx: Any, schema: int, run: Callable[[Context], Step[Any]]) -> Any:
    told = lift_context(ctx)
    try:
        with seeded(told.now, told.seed):
            return _lower(run(told), schema)
    except BaseException as thrown:
        failed = _failed(thrown)
    # Raised out here, so that it says nothing of the exception that it came from.
    raise failed


def _lower(step: Any, schema: int) -> Any:
    if not isinstance(step, Step):
        raise TypeError("open and update return a Step; background calls show `no_screen()`")
    effects = [Record(kind=effect.kind, json=json.dumps(effect.value, ensure_ascii=False)) for effect in step.effects]
    if step.toast:
        effects.append(Record(kind="toast", json=json.dumps({"text": step.toast}, ensure_ascii=False)))
    if step.celebrate:
        named = {} if step.celebrate is True else {"with": step.celebrate}
        effects.append(Record(kind="celebrate", json=json.dumps(named)))
    if step.close:
        effects.append(Record(kind="close", json="{}"))
    state = json.dumps(plain(step.state), ensure_ascii=False, separators=(",", ":"))
    return Record(
        state=state.encode(), state_schema=schema, screen=step.screen, sheet=step.sheet, effects=effects, watch=list(step.watch)
    )


def _failed(thrown: BaseException) -> Exception:
    from componentize_py_types import Err  # type: ignore[import-not-found]

    if isinstance(thrown, Failure):
        code, detail = thrown.code, thrown.detail
    elif isinstance(thrown, Refused):
        code, detail = thrown.code, f"the host refused: {thrown.detail}"
    else:
        code, detail = "program.exception", _told(thrown)
    return Err(Record(code=code, detail=detail))


def _told(thrown: BaseException) -> str:
    """The exception first, then its places from the innermost one on. No source is read: a sandbox has no files."""
    places, at = [], thrown.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        places.append(f"  at {code.co_name} ({code.co_filename.rpartition('/')[2]}:{at.tb_lineno})")
        at = at.tb_next
    return "\n".join([f"{type(thrown).__name__}: {thrown}", *reversed(places)])

"""Write mini programs for the Xitai platform in Python.

A mini program is two functions. The host calls `open` when a customer comes and `update` for each event; both give back
a `Step`: the new state, the screen, and perhaps a sheet. Each call runs in a fresh sandbox; what it asks of the bank is
committed together with its step, or not at all if it fails.

    from dataclasses import dataclass
    from xitai import Context, Event, Launch, Step, make_program
    from xitai.ui import button, heading, screen

    @dataclass
    class Tea:
        cups: int = 0

    def open(ctx: Context, launch: Launch) -> Step[Tea]:
        return show(ctx, Tea())

    def update(ctx: Context, tea: Tea, event: Event) -> Step[Tea]:
        if event.is_tap("more"):
            tea.cups += 1
        return show(ctx, tea)

    def show(ctx: Context, tea: Tea) -> Step[Tea]:
        return Step(tea, screen(ctx.say("茶馆", "Tea house"), heading(f"{tea.cups}"), button(ctx.say("再来一杯", "One more"), id="more")))

    Program = make_program(Tea, open, update)
"""

# First: time and chance are the context's from here on, for everything that is imported after this package.
from . import seed as _seed  # noqa: F401
from .context import Actor, Context, Launch
from .event import (
    Changed,
    Event,
    Happened,
    Hidden,
    Noticed,
    Other,
    Replied,
    Resumed,
    SheetClosed,
    Submitted,
    Tapped,
    Upgraded,
    Woken,
)
from .money import Money, cny
from .program import Effect, Step, make_program
from .refusal import Failure, Refused

__all__ = [
    "Actor", "Changed", "Context", "Effect", "Event", "Failure", "Happened", "Hidden", "Launch", "Money", "Noticed", "Other", "Refused",
    "Replied", "Resumed", "SheetClosed", "Step", "Submitted", "Tapped", "Upgraded", "Woken", "cny", "make_program",
]

"""What a sandbox makes of time and chance, of an exception, and of the state that it kept."""

import datetime
import random
import time
import uuid
from typing import Callable, NoReturn

from xitai import Context, Event, Launch, Step, make_program
from xitai.services import counters, log
from xitai.ui import button, no_screen, paragraph, screen


def early(draw: Callable[[], object]) -> str:
    try:
        return f"{draw()} was drawn"
    except RuntimeError as refused:
        return str(refused)


EARLY = [early(draw) for draw in (uuid.uuid4, random.random, random.Random, time.ctime, time.monotonic_ns)]

# One of every length that UTF-8 has.
SAID = "a é 戏 👋"


def show(kept: str) -> Step[str]:
    drawn = {
        "key": str(uuid.uuid4()), "number": str(random.randrange(2**40)), "generator": str(random.Random().randrange(2**40)),
        "now": datetime.datetime.now(datetime.timezone.utc).isoformat(), "clock": time.strftime("%Y-%m-%d"), "kept": kept,
        # One that was not refused, if there is any.
        "early": next((said for said in EARLY if "constant of the build" not in said), EARLY[0]),
    }
    return Step(SAID, screen("Chance", [paragraph(text, id=id) for id, text in drawn.items()], button("Break", id="break"), button("Again", id="again")))


def broken() -> NoReturn:
    log.warn("about to break")
    raise TypeError(f"broken after {counters.read('none')}")


def open(ctx: Context, launch: Launch) -> Step[str]:
    return Step(SAID, no_screen()) if launch.surface == "background" else show("nothing")


def update(ctx: Context, state: str, event: Event) -> Step[str]:
    return broken() if event.is_tap("break") else show(state)


Program = make_program(str, open, update)

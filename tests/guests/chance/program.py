"""What a sandbox makes of time and chance, and of an exception."""

import datetime
import random
import uuid
from typing import NoReturn

from xitai import Context, Event, Launch, Step, make_program
from xitai.services import counters, log
from xitai.ui import button, no_screen, paragraph, screen

try:
    EARLY = str(uuid.uuid4())
except RuntimeError as refused:
    EARLY = str(refused)


def show() -> Step[None]:
    drawn = {"key": str(uuid.uuid4()), "number": str(random.randrange(2**40)), "now": datetime.datetime.now(datetime.timezone.utc).isoformat(), "early": EARLY}
    return Step(None, screen("Chance", [paragraph(text, id=id) for id, text in drawn.items()], button("Break", id="break"), button("Again", id="again")))


def broken() -> NoReturn:
    log.warn("about to break")
    raise TypeError(f"broken after {counters.read('none')}")


def open(ctx: Context, launch: Launch) -> Step[None]:
    return Step(None, no_screen()) if launch.surface == "background" else show()


def update(ctx: Context, state: None, event: Event) -> Step[None]:
    return broken() if event.is_tap("break") else show()


Program = make_program(None, open, update)

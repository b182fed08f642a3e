"""The page of twenty nodes in Python, as benchmarks run it: the same page and call as in `twenty-rust`."""

from dataclasses import dataclass

from xitai import Context, Event, Launch, Step, cny, make_program
from xitai.services import storage
from xitai.ui import button, divider, heading, item, key_values, notice, row, screen, section

DISHES = (
    ("红烧肉", 1800), ("清炒时蔬", 800), ("番茄炒蛋", 1000), ("鱼香肉丝", 1500), ("米饭", 100), ("酸辣汤", 500),
    ("清蒸鱼", 2200), ("炒面", 1200), ("小笼包", 900), ("绿豆汤", 300), ("水果", 600),
)  # fmt: skip


@dataclass
class Twenty:
    cups: int = 0


def step(twenty: Twenty) -> Step[Twenty]:
    page = screen(
        "食堂",
        heading("今日菜单"),
        notice("供应到 13:00"),
        section("热菜", [item(name, id=f"dish-{number}", trailing=str(cny(fen))) for number, (name, fen) in enumerate(DISHES)]),
        divider(),
        key_values([("已点", str(twenty.cups))], id="sums"),
        row(button("再来一份", id="count"), button("付款", id="pay", weight="primary", amount=cny(1))),
    )
    return Step(twenty, page)


def open(ctx: Context, launch: Launch) -> Step[Twenty]:
    return step(Twenty())


def update(ctx: Context, twenty: Twenty, event: Event) -> Step[Twenty]:
    if event.is_tap("count"):
        twenty.cups += 1
        storage.set("cups", twenty.cups)
    return step(twenty)


Program = make_program(Twenty, open, update)

"""Money, state, screens, and a language that behaves on the stage."""

import enum
import os.path
import re
import sys
import unittest
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Literal, Mapping, NamedTuple, NewType, Sequence
from unittest import mock

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..")]

import xitai.testing  # noqa: E402, F401  # stands in for the stage

import datetime  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import secrets  # noqa: E402
import time  # noqa: E402
import uuid  # noqa: E402

from xitai import Failure, Money, Refused, Step, cny, make_program  # noqa: E402
from xitai import seed as stage_seed  # noqa: E402
from xitai import ui  # noqa: E402
from xitai.shape import plain, read  # noqa: E402
from xitai.stage import Record  # noqa: E402
from xitai.testing.drawing import draw  # noqa: E402
from xitai.testing.install import PROGRAM  # noqa: E402

MOST = 2**53 - 1
WIT = os.path.join(os.path.dirname(__file__), "../../../wit/deps/program/screen.wit")


class OfMoney(unittest.TestCase):
    def test_arithmetic_is_exact_and_refuses_what_it_cannot_hold(self) -> None:
        self.assertEqual(str(cny(1850) * 2), "¥37.00")
        self.assertEqual((cny(5) - cny(7)).minor, -2)
        self.assertEqual(Money.sum([cny(1), cny(2)]), cny(3))
        self.assertLess(cny(1), cny(2))
        wrong = [
            lambda: cny(1.5), lambda: cny(True), lambda: cny(MOST) + cny(1), lambda: cny(MOST) * 2, lambda: cny(1) * 0.1,
            lambda: cny(1) + Money(1, "USD"), lambda: Money(1, "yuan"), lambda: Money(1, "A1B"), lambda: cny(1).split([]),
        ]
        for at, make in enumerate(wrong):
            with self.subTest(at), self.assertRaises((TypeError, ValueError)):
                make()

    def test_shares_sum_to_the_whole(self) -> None:
        self.assertEqual([it.minor for it in cny(100).split([1, 1, 1])], [34, 33, 33])
        self.assertEqual([it.minor for it in cny(-100).split([1, 1, 1])], [-34, -33, -33])
        self.assertEqual(sum(it.minor for it in cny(MOST).split([2**32 - 1, 1])), MOST)

    def test_people_type_yuan(self) -> None:
        self.assertEqual(Money.parse_cny(" 18.5 "), cny(1850))
        self.assertEqual(Money.parse_cny("18,5"), cny(1850))
        for wrong in ("", ".5", "1.234", "-1", "1,000", "￥3", "99999999999999999999"):
            self.assertIsNone(Money.parse_cny(wrong), wrong)
        self.assertEqual((str(cny(-5)), str(Money(500, "JPY"))), ("-¥0.05", "JPY 500"))


@dataclass
class Line:
    dish: str
    price: Money
    notes: list[str] = field(default_factory=list)


@dataclass
class Cart:
    lines: dict[str, Line] = field(default_factory=dict)
    table: int | None = None
    place: tuple[int, int] = (0, 0)


class Colour(enum.Enum):
    RED = "red"


class Weight(enum.IntEnum):
    HEAVY = 7


class Rights(enum.Flag):
    READ = 1
    WRITE = 2


class Corner(enum.Enum):
    LEFT = (0, 1)
    RIGHT = (1, 0)


class Spot(NamedTuple):
    row: int
    colour: Colour


class Place(str):
    pass


Sort = NewType("Sort", str)


@dataclass
class Keyed:
    colours: dict[Colour, int]
    weights: dict[Weight, int]
    truths: dict[bool, int]
    numbers: dict[int, int]
    parts: dict[float, int]
    said: dict[Literal["yes", 2], int]
    rights: dict[Rights, int]
    prices: dict[Sort, dict[Place, Money]]


@dataclass
class Shapes:
    lines: Sequence[Line]
    by_name: Mapping[str, Line]
    spot: Spot
    corner: Corner
    pair: tuple  # type: ignore[type-arg]
    place: Place
    seen: int = field(init=False, default=0)


def again(kind: type, kept: object) -> Any:
    return read(kind, json.loads(json.dumps(plain(kept))))


class OfState(unittest.TestCase):
    def test_a_dataclass_comes_back_as_it_was(self) -> None:
        cart = Cart({"a": Line("tea", cny(1850), ["hot"])}, 7, (1, 2))
        self.assertEqual(read(Cart, plain(cart)), cart)

    def test_a_field_that_is_new_has_its_default(self) -> None:
        self.assertEqual(read(Cart, {"table": 3}), Cart(table=3))

    def test_keys_of_a_dictionary_come_back_by_their_type(self) -> None:
        kept = Keyed(
            {Colour.RED: 1}, {Weight.HEAVY: 1}, {True: 1, False: 2}, {-3: 1}, {1.5: 1}, {"yes": 1, 2: 2}, {Rights.READ | Rights.WRITE: 1},
            {Sort("s"): {Place("p"): cny(5)}},
        )
        self.assertEqual(list(plain(kept)["colours"]), ["red"])
        self.assertEqual(list(plain(kept)["truths"]), ["true", "false"])
        self.assertEqual(again(Keyed, kept), kept)
        self.assertEqual(read(dict[bool, int], {"True": 1, "False": 2}), {True: 1, False: 2})
        with self.assertRaisesRegex(ValueError, "green"):
            read(dict[Colour, int], {"green": 1})

    def test_a_type_that_could_not_be_read_again_is_refused_when_the_program_is_built(self) -> None:
        wrong = {
            dict[tuple[int, int], str]: "keys are texts, numbers", dict[int | str, int]: "keys are texts", dict[Line, int]: "and Line is none",
            dict[Corner, int]: "is no key", defaultdict[str, int]: "can't be read out of JSON again", list[Line | Cart]: "does not say that it was Line",
        }
        for kind, said in wrong.items():
            with self.subTest(kind), self.assertRaisesRegex(TypeError, said):
                make_program(kind, draws, lambda ctx, state, event: state)
        make_program(dict[str, int | str | list[str | None] | None], draws, lambda ctx, state, event: state)
        with self.assertRaisesRegex(TypeError, "is no key that JSON could hold"):
            plain({(1, 2): 3})
        with self.assertRaisesRegex(TypeError, "written alike"):
            plain({1: "a", "1": "b"})

    def test_whatever_a_field_is_called_by_comes_back(self) -> None:
        kept = Shapes([Line("tea", cny(5))], {"a": Line("milk", cny(6))}, Spot(1, Colour.RED), Corner.LEFT, (1, 2), Place("p"))
        kept.seen = 3
        self.assertEqual(again(Shapes, kept), kept)
        self.assertEqual(again(Shapes, kept).seen, 3)

    def test_what_is_no_data_is_named(self) -> None:
        with self.assertRaisesRegex(TypeError, "object is no plain data"):
            plain({"a": object()})


def context(seed: bytes, now: int = 1_772_424_000_000) -> Record:
    return Record(
        now=now, channel="phone", locale="en", zone="UTC", utc_offset_minutes=0, elder_mode=False, branch="suzhou",
        actor=PROGRAM.Actor_Customer(), practice=False, supports=[], seed=seed,
    )


LAUNCH = Record(page="pages/index", query=[], signed=[], surface="page")


def opened(open, seed: bytes = bytes(32), now: int = 1_772_424_000_000):  # type: ignore[no-untyped-def]
    program = make_program(dict, open, lambda ctx, state, event: Step(state, ui.no_screen()))()
    return program.open(context(seed, now), LAUNCH).state


def draws(ctx: object, launch: object) -> Step[dict[str, object]]:
    return Step(
        {
            "numbers": [random.random(), random.randrange(10**9), random.choice(range(10**6))], "key": str(uuid.uuid4()), "other": str(uuid.uuid4()),
            "time": time.time(), "now": datetime.datetime.now(datetime.timezone.utc).isoformat(), "today": datetime.date.today().isoformat(),
            "still": time.monotonic() == time.monotonic(), "wall": time.strftime("%H:%M", time.localtime()),
        },
        ui.no_screen(),
    )


class OfTheStage(unittest.TestCase):
    def test_the_same_seed_draws_the_same_and_another_one_something_else(self) -> None:
        first, again, second = opened(draws, bytes(32)), opened(draws, bytes(32)), opened(draws, bytes([1]) + bytes(31))
        self.assertEqual(first, again)
        for name in ("numbers", "key", "other"):
            self.assertNotEqual(re.search(rf'"{name}":([^,]+)', first.decode())[1], re.search(rf'"{name}":([^,]+)', second.decode())[1])  # type: ignore[index]

    def test_order_keys_do_not_collide_from_one_sandbox_to_the_next(self) -> None:
        def key(at: int) -> bytes:
            return opened(lambda ctx, launch: Step({"key": str(uuid.uuid4())}, ui.no_screen()), at.to_bytes(32, "big"))

        self.assertEqual(len({key(at) for at in range(500)}), 500)
        self.assertEqual(len({key(1 << (8 * at)) for at in range(32)}), 32)

    def test_the_clock_is_the_contexts_and_real_again_afterwards(self) -> None:
        told = opened(draws, now=86_400_500).decode()
        for part in ('"time":86400.5', '"now":"1970-01-02T00:00:00.500000+00:00"', '"today":"1970-01-02"', '"still":true', '"wall":"00:00"'):
            self.assertIn(part, told)
        self.assertGreater(time.time(), 1_700_000_000)
        self.assertIsInstance(datetime.datetime(2026, 3, 2) + datetime.timedelta(1), datetime.datetime)

    def test_of_a_parameter_that_is_said_twice_the_first_counts(self) -> None:
        told = []
        program = make_program(None, lambda ctx, launch: told.append(launch.query) or Step(None, ui.no_screen()), draws)()
        program.open(context(bytes(32)), Record(page="pages/index", query=[("table", "1"), ("table", "2")], signed=[], surface="page"))
        self.assertEqual(told, [{"table": "1"}])

    def test_every_clock_of_the_language_is_the_contexts(self) -> None:
        clocks = {
            "strftime": lambda: time.strftime("%F %T"), "ctime": time.ctime, "asctime": time.asctime, "monotonic_ns": time.monotonic_ns,
            "gmtime": lambda: time.gmtime()[:6], "localtime": lambda: time.localtime()[:6], "time_ns": time.time_ns,
            "clock_gettime": lambda: time.clock_gettime(time.CLOCK_REALTIME), "clock_gettime_ns": lambda: time.clock_gettime_ns(time.CLOCK_MONOTONIC),
            "perf_counter_ns": time.perf_counter_ns, "process_time": time.process_time, "process_time_ns": time.process_time_ns,
            "thread_time": time.thread_time, "datetime_today": lambda: datetime.datetime.today().isoformat(),
            "utcnow": lambda: datetime.datetime.utcnow().isoformat(), "later": lambda: datetime.datetime.now().isoformat(),
        }
        day, ns = [1970, 1, 2, 0, 0, 0], 86_400_500_000_000
        shown = {
            "strftime": "1970-01-02 00:00:00", "ctime": "Fri Jan  2 00:00:00 1970", "asctime": "Fri Jan  2 00:00:00 1970", "monotonic_ns": ns,
            "gmtime": day, "localtime": day, "time_ns": ns, "clock_gettime": 86400.5, "clock_gettime_ns": ns, "perf_counter_ns": 0,
            "process_time": 0.0, "process_time_ns": 0, "thread_time": 0.0, "datetime_today": "1970-01-02T00:00:00.500000",
            "utcnow": "1970-01-02T00:00:00.500000", "later": "1970-01-02T00:00:00.500000",
        }
        told = opened(lambda ctx, launch: Step({name: ask() for name, ask in clocks.items()}, ui.no_screen()), now=86_400_500)
        self.assertEqual(json.loads(told), shown)
        self.assertGreater(int(time.strftime("%Y")), 2020)
        self.assertLess(time.process_time_ns(), time.time_ns())

    def test_a_generator_without_a_seed_is_the_calls_and_one_with_a_seed_is_pythons(self) -> None:
        def own(ctx: object, launch: object) -> Step[list[float]]:
            again = random.Random(7)
            again.seed()
            random.seed()
            return Step([random.Random().random(), random.Random().random(), again.random(), random.random()], ui.no_screen())

        first, second = json.loads(opened(own)), json.loads(opened(own, bytes([1]) + bytes(31)))
        self.assertEqual(first, json.loads(opened(own)))
        self.assertEqual(len({*first, *second}), 8)
        told = json.loads(opened(lambda ctx, launch: Step([random.Random(7).random(), random.Random("a").random()], ui.no_screen())))
        self.assertEqual(told, [random.Random(7).random(), random.Random("a").random()])
        self.assertAlmostEqual(told[0], 0.32383276483316237)
        self.assertNotEqual(random.Random().random(), random.Random().random())

    def test_numbers_of_version_1_and_7_are_the_calls(self) -> None:
        makers = [make for name in ("uuid1", "uuid6", "uuid7") if (make := getattr(uuid, name, None))]
        for make in makers:
            first, second = (opened(lambda ctx, launch: Step(str(make()), ui.no_screen()), bytes([at]) * 32) for at in (1, 2))
            self.assertNotEqual(first, second)

    def test_what_a_module_draws_while_it_loads_is_refused(self) -> None:
        draws = {
            "random": random.random, "randrange": lambda: random.randrange(9), "shuffle": lambda: random.shuffle([1, 2]), "gauss": lambda: random.gauss(0, 1),
            "Random": random.Random, "None": lambda: random.Random(None), "seed": random.seed, "bytes": lambda: random.randbytes(4), "uuid1": uuid.uuid1,
            "uuid4": uuid.uuid4, "time": time.time, "strftime": lambda: time.strftime("%F"), "ctime": time.ctime, "localtime": time.localtime,
            "monotonic_ns": time.monotonic_ns, "today": datetime.date.today, "now": datetime.datetime.now,
        }
        with mock.patch.object(stage_seed, "_ON_STAGE", True):
            for name, draw in draws.items():
                with self.subTest(name), self.assertRaisesRegex(RuntimeError, "would be a constant of the build"):
                    draw()
            self.assertAlmostEqual(random.Random(7).random(), 0.32383276483316237)
            self.assertEqual(time.strftime("%F", (2026, 3, 2, 0, 0, 0, 0, 61, 0)), "2026-03-02")
            drawn = opened(lambda ctx, launch: Step([random.random(), random.Random().random()], ui.no_screen()))
            self.assertEqual(len(json.loads(drawn)), 2)

    def test_dates_of_the_stage_are_pythons_own_and_a_subclass_is_its_own(self) -> None:
        class Deadline(datetime.datetime):
            pass

        now = datetime.datetime.now()
        self.assertIsInstance(now.date(), datetime.date)
        self.assertTrue(issubclass(datetime.datetime, datetime.date))
        self.assertNotIsInstance(now, Deadline)
        self.assertIsInstance(Deadline(2026, 3, 2), datetime.datetime)

    def test_entropy_of_the_system_is_refused_in_words(self) -> None:
        for ask in (lambda: os.urandom(4), lambda: secrets.token_hex(4), lambda: random.SystemRandom().random()):
            with self.assertRaises(Exception) as caught:
                opened(lambda ctx, launch, ask=ask: ask())
            self.assertIn("a sandbox has no entropy of its own", caught.exception.value.detail)
        self.assertEqual(len(os.urandom(4)), 4)

    def test_an_exception_becomes_a_failure_that_names_its_line(self) -> None:
        def broken(ctx: object, launch: object) -> Step[None]:
            return {}["missing"]

        with self.assertRaises(Exception) as caught:
            opened(broken)
        failure = caught.exception.value
        self.assertEqual(failure.code, "program.exception")
        self.assertRegex(failure.detail, r"^KeyError: 'missing'\n  at broken \(test_language.py:\d+\)")

    def test_failures_and_refusals_keep_their_codes(self) -> None:
        def failing(ctx: object, launch: object) -> Step[None]:
            raise Failure("shop.closed", "until nine")

        def refused(ctx: object, launch: object) -> Step[None]:
            raise Refused("limited", "limit.state", "70,000 bytes")

        for run, code, detail in ((failing, "shop.closed", "until nine (test_language.py:"), (refused, "limit.state", "the host refused: 70,000")):
            with self.assertRaises(Exception) as caught:
                opened(run)
            self.assertEqual(caught.exception.value.code, code)
            self.assertIn(detail, caught.exception.value.detail)
        with self.assertRaises(Exception) as caught:
            opened(lambda ctx, launch: None)
        self.assertIn("return a Step", caught.exception.value.detail)


EVERY = ui.screen(
    "All",
    ui.row(ui.icon("star"), ui.badge("new", "success")),
    ui.card(ui.heading("A", display=True), id="card", tap=True),
    ui.section("S", ui.paragraph("p"), ui.notice("n", "warning"), ui.divider()),
    ui.tabs(("One", ui.paragraph("1")), ("Two", None)),
    ui.items(ui.item("t", id="row", tap=True, subtitle="s", trailing="x", image="asset:assets/a.svg"), total=3, more=True),
    ui.key_values([("k", "v")]),
    ui.amount(cny(1850)),
    ui.image("asset:assets/a.svg", "a dish"),
    ui.qr("A1"),
    ui.media("content:1"),
    ui.document("content:2", "Terms"),
    ui.progress(1, 2),
    ui.chart("bar", "CNY", [("Mon", 1250)], decimals=2),
    ui.timeline([(1, "made", True), (2, "sent", False)]),
    ui.coupon("c"),
    ui.link("more", "pages/more"),
    ui.other("stars", {"of": 5}, ui.paragraph("five stars")),
    ui.form(
        ui.text_field("Name", id="name", value="w", autofocus=True),
        ui.choice("Size", [("s", "Small"), ("l", "Large")], id="size", selected=["l"]),
        ui.toggle("Fast", True, id="fast"),
        ui.date_field("Day", id="day", value="2026-03-02"),
        ui.quantity(2, 1, 9, id="count"),
        ui.secure_field("Card", "field-1"),
        ui.button("Pay", id="pay", weight="primary", amount=cny(100)),
        ui.button("No", id="no", disabled=True),
        id="form",
    ),
)


class OfScreens(unittest.TestCase):
    def test_there_is_a_builder_for_each_element_of_the_contract(self) -> None:
        with open(WIT, encoding="utf-8") as file:
            text = file.read()
        body = re.sub(r"///.*", "", text[text.index("variant element {") + 17 : text.index("record items {")])
        names = re.findall(r"([a-z-]+)(?:\([^)]*(?:<[^)]*)?\)+)?\s*[,}]", body)
        self.assertGreater(len(names), 30)
        built = {type(node.element).__name__.removeprefix("Element_") for node in EVERY.nodes}
        self.assertEqual([name for name in names if "".join(part.title() for part in name.split("-")) not in built], [])

    def test_ids_follow_places_and_what_is_left_out_takes_none(self) -> None:
        shown = ui.screen("T", None, False, ui.card(ui.paragraph("a"), id="c"), [[ui.paragraph("b")]])
        self.assertEqual([node.id for node in shown.nodes], ["c.0", "c", "page.1", "page"])
        with self.assertRaisesRegex(TypeError, "give a paragraph"):
            ui.screen("T", "bare text")

    def test_a_drawing_is_readable(self) -> None:
        text = draw(EVERY)
        for line in ("# All", "¥18.50", "( ¥1.00 Pay ) [pay]", "( No ) [no, disabled]", "Size: Small | *Large [size]", "● made  ○ sent", "[x] Fast [fast]"):
            self.assertIn(line, text)


if __name__ == "__main__":
    unittest.main()

"""Puts the bank in memory where the stage's own modules would be: `wit_world` and `componentize_py_types`."""

import sys
import types
from typing import Any

from .call import Err, Ok, counted
from .hosts import HOSTS


class _Variant:
    """A case of one of the contract's variants, by its class's name."""

    def __init__(self, *value: Any) -> None:
        if value:
            self.value = value[0]

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)


class _Module(types.ModuleType):
    """Has a class for each case of a variant, such as `Element_Heading`."""

    def __getattr__(self, name: str) -> Any:
        if not name.startswith(("Element_", "Payee_", "Actor_", "Event_")):
            raise AttributeError(name)
        made = type(name, (_Variant,), {})
        setattr(self, name, made)
        return made


SCREEN = _Module("wit_world.imports.screen")
PROGRAM = _Module("wit_world.exports.program")


def stage() -> None:
    if "wit_world" in sys.modules:
        return
    modules = {"screen": SCREEN}
    for name, host in HOSTS.items():
        module = modules[name] = _Module(f"wit_world.imports.{name}")
        for function, serve in vars(host).items():
            if not function.startswith("_"):
                setattr(module, function, counted(serve.__func__))
    for package in ("wit_world", "wit_world.imports"):
        sys.modules[package] = types.ModuleType(package)
        sys.modules[package].__path__ = []  # type: ignore[attr-defined]
    for name, module in modules.items():
        sys.modules[f"wit_world.imports.{name}"] = module
    known = types.ModuleType("componentize_py_types")
    known.Err, known.Ok = Err, Ok  # type: ignore[attr-defined]
    sys.modules["componentize_py_types"] = known

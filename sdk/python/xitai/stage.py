"""The functions that the host supplies, by the names of the contract's interfaces."""

import importlib
from types import SimpleNamespace as Record
from typing import Any, Callable

from .refusal import Refused
from .shape import known, lift, word

__all__ = ["Interface", "Record", "interface", "module_of"]


def module_of(name: str) -> Any:
    """The module that stands for an interface, such as `services/storage`."""
    try:
        return importlib.import_module("wit_world.imports." + name.rpartition("/")[2].replace("-", "_"))
    except ModuleNotFoundError as missing:
        if missing.name == "wit_world":
            told = "there is no stage here: a test imports `xitai.testing` before the program"
        else:
            told = f"the manifest does not ask for xitai:{name}: add it to `req_permissions`, with a reason"
        raise ImportError(told) from None


class Interface:
    """An interface whose refusals are exceptions, and whose answers are the SDK's own types."""

    def __init__(self, name: str, **answers: Any) -> None:
        self._module = module_of(name)
        self._answers = answers
        for kind in answers.values():
            known(kind)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        serve, kind = getattr(self._module, name), self._answers.get(name)

        def call(*given: Any) -> Any:
            try:
                answer = serve(*given)
            except Exception as thrown:
                raise _refused(thrown) from None
            return answer if kind is None else lift(kind, answer)

        setattr(self, name, call)
        return call


def interface(name: str, **answers: Any) -> Interface:
    return Interface(name, **answers)


def _refused(thrown: Exception) -> Exception:
    said = getattr(thrown, "value", None)
    if said is None or not hasattr(said, "retry_after_ms"):
        return thrown
    return Refused(word(said.kind), said.code, said.detail, said.retry_after_ms)

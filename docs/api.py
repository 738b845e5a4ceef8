"""Render docs/api.md from the docstrings of the front room: `make docs`."""

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from pydantic import BaseModel

import helpers
from helpers.analysis.certainty import Certainty
from helpers.analysis.index import IndexResult
from helpers.analysis.study import Study

HERE = Path(__file__).resolve().parent
TARGET = HERE / "api.md"
HEAD = """# The front room

What a notebook takes from `helpers`: `from helpers import Parameters, load_study, text`. Nothing below it is needed to write a
chapter but functions of `helpers.analysis`, which take and give data frames. This page is made from the docstrings by
`make docs`; a test fails when it is out of date.
"""


def render() -> str:
    """The whole page."""
    parts = [HEAD]
    for name in helpers.__all__:
        thing = getattr(helpers, name)
        parts += [f"## `{name}`\n", *(_module(thing) if isinstance(thing, ModuleType) else _thing(name, thing))]
    return "\n".join(parts)


def _thing(name: str, thing: Any) -> Iterator[str]:
    if isinstance(thing, type) and issubclass(thing, BaseModel):
        yield f"{_doc(thing)}\n"
        yield "| field | default | meaning |\n|---|---|---|"
        for field, info in thing.model_fields.items():
            value = info.default.model_dump() if isinstance(info.default, BaseModel) else info.default
            yield f"| `{field}` | `{value!r}` | {info.description or ''} |"
        yield f"\n{_signature('Parameters.check', thing.check)}\n\n{_doc(thing.check)}\n"
        return
    yield f"{_signature(name, thing)}\n\n{_doc(thing)}\n"
    if name == "load_study":
        yield from _members("What a study holds", Study)
        yield from _members("What an index holds", IndexResult)
        yield from _members("What is known of the certainty of ranks", Certainty)


def _members(title: str, kind: type) -> Iterator[str]:
    """A class whose objects a notebook is given: its words, then its properties and methods."""
    yield f"### {title}\n\n{_doc(kind)}\n"
    public = {name: value for name, value in vars(kind).items() if not name.startswith("_") and _doc(value)}
    shown = {
        name: value for name, value in public.items() if isinstance(value, (property, cached_property, FunctionType))
    }
    if shown:
        yield "| name | what it gives |\n|---|---|"
        for name, value in shown.items():
            arguments = f"({', '.join(_arguments(value)[1:])})" if isinstance(value, FunctionType) else ""
            yield f"| `{name}`{arguments} | {' '.join(_doc(value).split())} |"
        yield ""


def _module(module: ModuleType) -> Iterator[str]:
    yield f"{_doc(module)}\n"
    below = [value for _, value in sorted(vars(module).items()) if _is_part(value, module)]
    for part in below:
        short = part.__name__.removeprefix(f"{module.__name__}.")
        yield f"### `{module.__name__.rsplit('.', 1)[-1]}.{short}`\n\n{_doc(part)}\n"
        yield from _table(part, _functions(part))
    if own := _functions(module):
        yield from _table(module, own)


def _is_part(value: Any, module: ModuleType) -> bool:
    """True for a module of sentences; the parts of the other packages are shown by the functions they give."""
    return isinstance(value, ModuleType) and module.__name__.endswith(".wording") and value.__name__ != module.__name__


def _functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """What a module offers: its `__all__`, else its own public functions."""
    names = getattr(module, "__all__", None)
    found = {name: value for name, value in vars(module).items() if callable(value) and not name.startswith("_")}
    if names is not None:
        return {name: found[name] for name in names if name in found}
    return {name: value for name, value in found.items() if getattr(value, "__module__", "") == module.__name__}


def _table(module: ModuleType, functions: dict[str, Callable[..., Any]]) -> Iterator[str]:
    yield "| name | arguments | what it gives |\n|---|---|---|"
    for name, function in functions.items():
        arguments = ", ".join(_arguments(function))
        words = " ".join(_doc(function).split("\n\n")[0].split()).replace("|", "\\|")
        yield f"| `{name}` | {arguments} | {words} |"
    yield ""


def _arguments(function: Callable[..., Any]) -> list[str]:
    return [f"`{name}`" for name in inspect.signature(function).parameters]


def _signature(name: str, function: Callable[..., Any]) -> str:
    types = re.sub(r"\b(?:\w+\.)+(?=[A-Z])", "", str(inspect.signature(function))).replace("'", '"')
    return f"```python\n{name}{types}\n```"


def _doc(thing: Any) -> str:
    return inspect.cleandoc(thing.__doc__ or "")


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8", newline="\n")

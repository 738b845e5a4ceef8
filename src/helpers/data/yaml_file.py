"""YAML files checked by a pydantic schema: every fault at once, with its line and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from helpers.data.faults import DataError, Fault

Schema = TypeVar("Schema", bound=BaseModel)
Lines = dict[tuple[str | int, ...], int]

# That of libyaml is ten times faster; wheels of PyYAML have it on all common machines.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What pydantic adds to the path of a node to say which kind it took it for.
_TAGS = ("group", "indicator")


def read_yaml(path: Path, schema: type[Schema], file: str, **more: Any) -> Schema:
    """The content of a YAML file as `schema`; `more` are fields that the file does not hold; `file` names it in faults.

    Raises DataError with all faults (absent, no YAML, a key twice, unknown key, bad value …), each with line and key.
    """
    content, lines = read_mapping(path, file)
    try:
        return schema.model_validate({**content, **more})
    except ValidationError as error:
        # A list that lost its faulty items is called too short as well: that is no fault of the file.
        found = [dict(item) for item in error.errors() if not (item["type"] == "too_short" and item["input"])]
        raise DataError([_fault(file, item, lines) for item in found]) from None


def read_mapping(path: Path, file: str) -> tuple[dict[Any, Any], Lines]:
    """The content of a YAML file, which must be a mapping, and the line of each key by its path.

    Raises DataError: absent, no YAML, anchors, a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=LOADER)
        faults = _references(text, file) or _twice(node, file)
        content = None if faults else yaml.load(text, Loader=LOADER)
    except FileNotFoundError:
        raise DataError([Fault(file, 0, "", str(path), "the file must exist")]) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError([Fault(file, 0, "", reason, "must be a file that can be read")]) from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: no UTF-8, or a date that is none
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise DataError([Fault(file, mark.line + 1 if mark else 0, "", str(problem), "must be YAML")]) from None
    if faults:
        raise DataError(faults)
    if not isinstance(content, dict):
        raise DataError([Fault(file, 0, "", str(content), "must be a mapping of keys to values")])
    return content, _lines(node)


def key_lines(path: Path) -> Lines:
    """The line of each key and item of a YAML file by its path, for faults that a schema cannot see."""
    return _lines(yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER))


def _references(text: str, file: str) -> list[Fault]:
    """Anchors and aliases: a few lines of them can stand for millions, and nothing here needs them."""
    return [
        Fault(file, token.start_mark.line + 1, "", token.value, "must not use anchors (&) or aliases (*)")
        for token in yaml.scan(text, Loader=LOADER)
        if isinstance(token, (yaml.AnchorToken, yaml.AliasToken))
    ]


def _twice(node: yaml.Node | None, file: str, path: tuple[str | int, ...] = ()) -> list[Fault]:
    """Keys that occur twice in one mapping: YAML readers would keep the last one without a word."""
    faults: list[Fault] = []
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            name, row = str(key.value), key.start_mark.line + 1
            if name in first:
                rule = f"each key must occur once; see line {first[name]}"
                faults.append(Fault(file, row, ".".join(map(str, (*path, name))), name, rule))
            first.setdefault(name, row)
            faults += _twice(value, file, (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            faults += _twice(value, file, (*path, number))
    return faults


def _lines(node: yaml.Node | None, path: tuple[str | int, ...] = ()) -> Lines:
    """The line of each key and item by its path."""
    lines: Lines = {path: node.start_mark.line + 1} if node else {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines.update(_lines(value, (*path, str(key.value))))
            lines[(*path, str(key.value))] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            lines.update(_lines(value, (*path, number)))
    return lines


def _fault(file: str, item: dict[str, Any], lines: Lines) -> Fault:
    """One pydantic error as a fault: its key is the path within the file, its line that of the nearest key there."""
    raw = tuple(item["loc"])
    path = tuple(part for i, part in enumerate(raw) if not (part in _TAGS and i and isinstance(raw[i - 1], int)))
    row = next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 0)
    # The input of an error about a whole mapping is that mapping: no help to a reader.
    value = "" if isinstance(item["input"], (dict, list, tuple, BaseModel)) else str(item["input"])
    return Fault(file, row, ".".join(map(str, path)), value, item["msg"])

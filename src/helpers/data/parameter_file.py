"""A file of parameters: what `cityreport render --params FILE` makes a report of, and what the explorer writes and reads.

YAML, and so JSON too. The keys are those of `Parameters`; what is left out keeps its default.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from helpers.data.faults import DataError
from helpers.data.yaml_file import Lines, read_mapping
from helpers.parameters import ParameterError, Parameters, register

HEAD = "# Parameters of a report: cityreport render --params FILE"


def read_parameters(path: Path, **instead: Any) -> Parameters:
    """The checked parameters of a file, with those of `instead` in place of its own.

    Raises ParameterError with all faults, each with the file and the line of its key.
    """
    try:
        content, lines = read_mapping(path, str(path))
    except DataError as error:
        raise ParameterError([str(replace(fault, folder="")) for fault in error.faults]) from None
    asked = {str(name): value for name, value in content.items()} | instead
    try:
        _see_quotes(asked)
        return Parameters.check(**asked)
    except ParameterError as error:
        own = {keys: line for keys, line in lines.items() if not keys or keys[0] not in instead}
        raise ParameterError([_placed(fault, path, own) for fault in error.faults]) from None


def write_parameters(parameters: Parameters, path: Path) -> None:
    """Write all parameters into a file for `read_parameters` to read.

    Raises ParameterError if the file stands there and is not one of this kind, or cannot be written.
    """
    try:
        if path.exists() and not path.read_text(encoding="utf-8", errors="replace").startswith(HEAD):
            raise ParameterError([f"{path} holds something else and is not replaced; take another name."])
        path.write_text(parameter_text(parameters), encoding="utf-8", newline="\n")
    except OSError as error:
        raise ParameterError([f"{path} cannot be written: {error.strerror}."]) from None


def parameter_text(parameters: Parameters) -> str:
    """The parameters as the text of a file; the comment names the place for those who do not know its AGS."""
    place = register()[parameters.place]
    others = yaml.safe_dump(parameters.model_dump(mode="json", exclude={"place"}), sort_keys=False, allow_unicode=True)
    return f'{HEAD}\n# {place.described}\nplace: "{place.ags}"\n{others}'


def _see_quotes(asked: dict[str, Any]) -> None:
    """An AGS without quotes is a number to YAML, and not always the one that is written."""
    peers = asked.get("peers")
    named = {"place": [asked.get("place")], "peers": peers if isinstance(peers, list) else [peers]}
    if bare := [name for name, values in named.items() if any(isinstance(value, int) for value in values)]:
        raise ParameterError([f'{name}: an AGS must stand in quotes: "05911000".' for name in bare])


def _placed(fault: str, path: Path, lines: Lines) -> str:
    """A fault with the line of the nearest key that it names: `index.weights.research: …`."""
    named = re.match(r"[\w.]+(?=:)", fault)
    keys = tuple(named.group().split(".")) if named else ()
    line = next((lines[keys[:end]] for end in range(len(keys), 0, -1) if keys[:end] in lines), 0)
    return f"{path}, line {line}: {fault}" if line else f"{path}: {fault}"

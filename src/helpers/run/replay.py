"""The draw replay of `cityreport index --replay`: each row of a table is an index under its own choices.

Draws that share their choices share one normalised matrix and are aggregated together: no loop over draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from helpers.analysis.aggregation import POSITIVE_RANGE, ROOT, aggregate, group_methods, node_weights, undefined
from helpers.analysis.construction import Prepared, prepare
from helpers.analysis.faults import ConstructionError
from helpers.analysis.ranking import Array, rank
from helpers.data.definition import MOST_WEIGHT, IndexDefinition
from helpers.data.faults import DataError, Fault
from helpers.run.index_table import MISSING, Inputs, Table, read_table

CHOICES = ("normalisation", "range", "aggregation", "outliers", "imputation")
COLUMNS = ("draw", *CHOICES, "weights", "without")
WEIGHT = "weight:"
OUTLIERS = {"on": "winsorise_log", "off": "none"}

_CELLS = 2**22  # units x draws worked on at once

Choices = tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What the rows of a replay ask for: the definition under the choices of each, and its weights.

    weights: a number for each draw by node; 0 leaves a node out.
    """

    draws: list[str]
    choices: list[Choices]
    definitions: dict[Choices, IndexDefinition]
    weights: dict[str, Array]


@dataclass(frozen=True)
class Replayed:
    """Scores and ranks of draws x units (missing: NaN, None), and the draws that could not be made, with the reason."""

    draws: list[str]
    units: list[str]
    scores: Array
    ranks: NDArray[Any]
    failed: dict[str, str]


def read_replay(path: Path, definition: IndexDefinition) -> Plan:
    """The plan of a replay file. Raises DataError with all its faults."""
    table = read_table(path)
    nodes = node_weights(definition.tree)
    rows = len(table.lines)
    faults = [
        Fault(table.file, 1, name, name, f"must be one of {', '.join(COLUMNS)} or {WEIGHT}NODE of the tree", folder="")
        for name in table.columns
        if name not in COLUMNS and not (name.startswith(WEIGHT) and name.removeprefix(WEIGHT) in nodes)
    ]
    draws = table.columns.get("draw", [str(number + 1) for number in range(rows)])
    seen: set[str] = set()
    for row, name in enumerate(draws):
        if not name or name in seen:
            faults.append(table.fault(row, "draw", "each draw must have a name of its own"))
        seen.add(name)
    cells = {name: _cells(table, name) for name in CHOICES}
    for row, text in enumerate(cells["outliers"]):
        if text and text not in OUTLIERS:
            faults.append(table.fault(row, "outliers", f"must be one of {', '.join(OUTLIERS)}"))
            cells["outliers"][row] = ""  # told: the other choices of the row are checked without it
    choices = list(zip(*cells.values(), strict=True))
    definitions: dict[Choices, IndexDefinition] = {}
    refused: dict[Choices, dict[str, str]] = {}
    for row, chosen in enumerate(choices):
        if chosen not in definitions and chosen not in refused:
            try:
                definitions[chosen] = _with(definition, dict(zip(CHOICES, chosen, strict=True)))
            except ValidationError as error:
                refused[chosen] = _refused(error)
        faults += [table.fault(row, column, rule) for column, rule in refused.get(chosen, {}).items()]
    weights, wrong = _weights(table, definition, nodes)
    if faults + wrong:
        raise DataError(faults + wrong)
    return Plan(draws, choices, definitions, weights)


def replay(plan: Plan, inputs: Inputs) -> Replayed:
    """Scores and ranks of every draw; a draw that cannot be made is named with its reason and stays empty."""

    @cache
    def prepared(chosen: Choices) -> Prepared | str:
        try:
            return prepare(inputs.raw, plan.definitions[chosen], groups=inputs.groups, denominators=inputs.denominators)
        except ConstructionError as error:
            return _reason(error)

    units = [str(unit) for unit in inputs.raw.index]
    scores = np.full((len(units), len(plan.draws)), np.nan)
    failed: dict[str, str] = {}
    size = max(1, _CELLS // len(units))
    for chosen, numbers in _alike(plan):
        definition = plan.definitions[chosen]
        matrix = prepared(chosen)
        try:
            if isinstance(matrix, str):
                raise ConstructionError([matrix])
            rows = inputs.raw.index.get_indexer(matrix.normalised.index)
            for part in np.array_split(numbers, -(-len(numbers) // size)):
                aggregated = aggregate(
                    definition.tree,
                    matrix.leaves,
                    {node: weights[part] for node, weights in plan.weights.items()},
                    definition.aggregation,
                    exponent=definition.exponent,
                    minimum_share=definition.minimum_share,
                    units=[units[row] for row in rows],
                )
                scores[np.ix_(rows, part)] = aggregated[ROOT]
        except ConstructionError as error:
            failed |= {plan.draws[number]: _reason(error) for number in numbers}
    for number in np.flatnonzero(np.isnan(scores).all(axis=0)):
        failed.setdefault(plan.draws[number], "no unit has a score")
    ranks = rank(scores).astype(object)
    ranks[ranks == 0] = None
    in_order = {draw: failed[draw] for draw in plan.draws if draw in failed}
    return Replayed(plan.draws, units, scores.T, ranks.T, in_order)


def _reason(error: ConstructionError) -> str:
    return "; ".join(error.faults)


def _alike(plan: Plan) -> list[tuple[Choices, NDArray[np.intp]]]:
    """The draws that share their choices and the nodes they leave out."""
    out = np.vstack([weights == 0 for weights in plan.weights.values()]).T
    groups: dict[tuple[Choices, bytes], list[int]] = {}
    for number, chosen in enumerate(plan.choices):
        groups.setdefault((chosen, out[number].tobytes()), []).append(number)
    return [(chosen, np.array(numbers)) for (chosen, _), numbers in groups.items()]


def _cells(table: Table, column: str) -> list[str]:
    cells = table.columns.get(column, [""] * len(table.lines))
    return ["" if cell in MISSING else cell for cell in cells]


def _with(definition: IndexDefinition, chosen: dict[str, str]) -> IndexDefinition:
    """The definition under the choices of a draw; what is empty stays as it is. Raises ValidationError if it cannot be."""
    content = definition.model_dump()
    if chosen["normalisation"]:
        content["normalisation"]["method"] = chosen["normalisation"]
    if chosen["aggregation"]:
        rules = _parts(chosen["aggregation"])
        content["aggregation"] = rules[0] if len(rules) == 1 else rules
    if chosen["outliers"]:
        content["treatment"]["method"] = OUTLIERS[chosen["outliers"]]
    if chosen["imputation"]:
        content["imputation"]["method"] = chosen["imputation"]
    if chosen["range"]:
        content["normalisation"]["range"] = _parts(chosen["range"])
    made = IndexDefinition.model_validate(content)
    if chosen["range"] or made.normalisation.method != "min_max":
        return made
    lowest = np.array([made.normalisation.range[0]])
    means = set(group_methods(made.tree, made.aggregation).values())
    if not any(undefined(lowest, mean, made.exponent).any() for mean in means):
        return made
    wider = made.normalisation.model_copy(update={"range": POSITIVE_RANGE})
    return made.model_copy(update={"normalisation": wider})


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|")]


def _refused(error: ValidationError) -> dict[str, str]:
    """The columns that are wrong, each with the first rule that it breaks: one cell may break several at once."""
    found: dict[str, str] = {}
    for item in error.errors():
        column, rule = _column_and_rule(dict(item))
        found.setdefault(column, "must be LOW|HIGH, two numbers that increase" if column == "range" else rule)
    return found


def _column_and_rule(item: dict[str, Any]) -> tuple[str, str]:
    """The column of the replay to which an error of the definition belongs, and what is wrong."""
    path = [str(part) for part in item["loc"]]
    columns = {"imputation": "imputation", "aggregation": "aggregation"}
    column = "range" if "range" in path or "range" in item["msg"] else columns.get(path[0] if path else "", "")
    return column or _named_in(item["msg"]), item["msg"].removeprefix("Value error, ")


def _named_in(message: str) -> str:
    return "aggregation" if "aggregation" in message else "normalisation"


def _weights(
    table: Table, definition: IndexDefinition, nodes: dict[str, float]
) -> tuple[dict[str, Array], list[Fault]]:
    """The weight of each node in each draw: nominal, then that of the named set, then its own column, then left out."""
    faults: list[Fault] = []
    rows = len(table.lines)
    found = {node: np.full(rows, weight) for node, weight in nodes.items()}

    def each(column: str, rule: str, apply: Callable[[int, str], bool]) -> None:
        for row, text in enumerate(_cells(table, column)):
            if text and not apply(row, text):
                faults.append(table.fault(row, column, rule))

    def weight_set(row: int, name: str) -> bool:
        for node, weight in definition.weight_sets.get(name, {}).items():
            found[node][row] = weight
        return name in definition.weight_sets

    def left_out(row: int, node: str) -> bool:
        if node in found:
            found[node][row] = 0.0
        return node in found

    each(
        "weights", f"must be a weight set of the definition: {', '.join(definition.weight_sets) or 'none'}", weight_set
    )
    for column in table.columns:
        node = column.removeprefix(WEIGHT)
        if column == node or node not in found:
            continue
        numbers, wrong = table.numbers(column)
        faults += wrong
        values = np.array(numbers)
        faults += [
            table.fault(int(row), column, f"must lie between 0 and {MOST_WEIGHT:,.0f}")
            for row in np.flatnonzero((values < 0) | (values > MOST_WEIGHT))
        ]
        found[node] = np.where(np.isnan(values), found[node], values)
    each("without", "must be an indicator or a group of the tree", left_out)
    return found, faults

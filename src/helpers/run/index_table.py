"""Tables of `cityreport index` as they are read: units x columns of text, numbers checked cell by cell."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.definition import Group, IndexDefinition, Indicator
from helpers.data.evaluation import compute_columns
from helpers.data.expressions import Expression, Where, check, parse
from helpers.data.faults import DataError, Fault
from helpers.data.yaml_file import Lines, key_lines, read_yaml

MISSING = ("", "NA", "NaN")
"""What stands for a missing value in a CSV file."""


@dataclass(frozen=True)
class Table:
    """A CSV file as text: `columns` by name, and the line on which each row starts."""

    file: str
    columns: dict[str, list[str]]
    lines: list[int]

    def fault(self, row: int, column: str, rule: str) -> Fault:
        """A fault of one cell."""
        value = self.columns[column][row] if column in self.columns else ""
        return Fault(self.file, self.lines[row], column, value, rule, folder="")

    def numbers(self, column: str) -> tuple[list[float], list[Fault]]:
        """A column as numbers, NaN where it is missing, and a fault for each cell that is no finite number."""
        values, faults = [], []
        for row, text in enumerate(self.columns[column]):
            value = math.nan if text in MISSING else _number(text)
            if value is None:
                faults.append(self.fault(row, column, "must be a finite number with a point, or empty"))
            values.append(math.nan if value is None else value)
        return values, faults


@dataclass(frozen=True)
class Inputs:
    """What an index is made of. `unused` are the columns that the definition does not name."""

    definition: IndexDefinition
    raw: pd.DataFrame
    denominators: pd.DataFrame
    groups: pd.Series | None
    unused: list[str]


def read_definition(path: Path) -> IndexDefinition:
    """The definition of an index. Raises DataError with all faults of the file."""
    try:
        return read_yaml(path, IndexDefinition, str(path))
    except DataError as error:
        raise DataError([replace(fault, folder="") for fault in error.faults]) from None


def read_formulas(path: Path, definition: IndexDefinition) -> dict[str, Expression]:
    """The formulas of a definition by indicator. Raises DataError with all that are not well formed."""
    formulas: dict[str, Expression] = {}
    faults: list[Fault] = []
    for leaf, row in _leaf_rows(definition.tree, key_lines(path)):
        if leaf.formula is not None:
            try:
                where = Where(str(path), row, leaf.indicator, folder="")
                formulas[leaf.indicator] = parse(leaf.formula, where=where, formula=True)
            except DataError as error:
                faults += error.faults
    if faults:
        raise DataError(faults)
    return formulas


def _leaf_rows(
    nodes: tuple[Group | Indicator, ...], lines: Lines, path: tuple[str | int, ...] = ("tree",)
) -> Iterator[tuple[Indicator, int]]:
    """Each leaf with the line of its formula, or of the leaf."""
    for number, node in enumerate(nodes):
        here = (*path, number)
        if isinstance(node, Group):
            yield from _leaf_rows(node.children, lines, (*here, "children"))
        else:
            yield node, lines.get((*here, "formula"), lines[here])


def read_data(
    path: Path, definition: IndexDefinition | None, formulas: Mapping[str, Expression] | None = None
) -> Inputs | None:
    """The data of an index; without a definition only the form of the file is checked. Raises DataError with all faults.

    formulas: those of `read_formulas`, for the indicators that are made from other columns.
    """
    formulas = formulas or {}
    table = read_table(path)
    unit = "unit" if "unit" in table.columns else next(iter(table.columns))
    faults = _unit_faults(table, unit)
    if definition is None:
        if faults:
            raise DataError(faults)
        return None
    faults += _formula_faults(table, unit, formulas)
    indicators = [leaf.indicator for leaf in definition.indicators if leaf.indicator not in formulas]
    named = [name for formula in formulas.values() for name in formula.names if name in table.columns and name != unit]
    denominators = sorted({leaf.denominator for leaf in definition.indicators if leaf.denominator})
    group = definition.imputation.group
    needed = list(dict.fromkeys([*indicators, *named, *denominators, *([group] if group else [])]))
    for name in needed:
        if name not in table.columns:
            faults.append(Fault(table.file, 1, name, ", ".join(table.columns), "must be a column", folder=""))
        elif name == unit:
            faults.append(Fault(table.file, 1, name, name, "is the column of the units", folder=""))
    numbers = {}
    for name in dict.fromkeys([*indicators, *named, *denominators]):
        if name in table.columns:
            numbers[name], wrong = table.numbers(name)
            faults += wrong
    if faults:
        raise DataError(list(dict.fromkeys(faults)))
    computed, faults = _computed(table, formulas, {name: np.array(numbers[name]) for name in named})
    if faults:
        raise DataError(faults)
    index = pd.Index(table.columns[unit], name="unit", dtype=object)
    frame = pd.DataFrame({**numbers, **computed}, index=index)
    labels = pd.Series(table.columns[group], index=index, dtype=object) if group else None
    return Inputs(
        definition=definition,
        raw=frame[[leaf.indicator for leaf in definition.indicators]],
        denominators=frame[denominators],
        groups=None if labels is None else labels.where(~labels.isin(MISSING), ""),
        unused=[name for name in table.columns if name not in {unit, *needed}],
    )


def _formula_faults(table: Table, unit: str, formulas: Mapping[str, Expression]) -> list[Fault]:
    """Formulas that name what is neither a column nor a formula, or that stand in the place of a column."""
    columns = [name for name in table.columns if name != unit]
    own = [
        formula.fault(f"{name} is a column of {table.file}; an indicator with a formula needs a name of its own")
        for name, formula in formulas.items()
        if name in columns
    ]
    return own + check(formulas, [name for name in columns if name not in formulas], {})


def _computed(
    table: Table, formulas: Mapping[str, Expression], columns: Mapping[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], list[Fault]]:
    """The values of the formulas, and a fault for each unit where there is none though all is known."""
    values, faults = {}, []
    for name, (column, lost) in compute_columns(formulas, columns, len(table.lines)).items():
        values[name] = column
        rule = f"has no finite result of {name}: {formulas[name].text}"
        faults += [Fault(table.file, table.lines[row], name, "", rule, folder="") for row in np.flatnonzero(lost)]
    return values, faults


def read_table(path: Path) -> Table:
    """A CSV file (UTF-8, commas). Raises DataError with all faults of its form."""
    file = str(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = [name.strip() for name in next(reader, [])]
            rows, lines, before = [], [], reader.line_num
            for row in reader:
                if row:
                    rows.append([cell.strip() for cell in row])
                    lines.append(before + 1)
                before = reader.line_num
    except OSError as error:
        raise _refused(file, 0, str(error.strerror), "must be a file that can be read") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused(file, 0, str(error), "must be a CSV file in UTF-8") from None
    if not header:
        raise _refused(file, 0, "", "must have a row of column names")
    if not rows:
        raise _refused(file, 1, "", "must have at least one row below the column names")
    faults = [
        Fault(file, 1, name, name, "a column name must be given and occur once", folder="")
        for name in dict.fromkeys(header)
        if not name or header.count(name) > 1
    ]
    faults += [
        Fault(file, line, "", ",".join(row), f"must have {len(header)} cells, not {len(row)}", folder="")
        for line, row in zip(lines, rows, strict=True)
        if len(row) != len(header)
    ]
    if faults:
        raise DataError(faults)
    columns = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    return Table(file, columns, lines)


def _unit_faults(table: Table, column: str) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for row, name in enumerate(table.columns[column]):
        if not name:
            faults.append(table.fault(row, column, "each row must name its unit"))
        elif name in first:
            faults.append(table.fault(row, column, f"each unit must occur once; see line {first[name]}"))
        first.setdefault(name, table.lines[row])
    return faults


def _number(text: str) -> float | None:
    """A finite number, or None. Python would also read `1_000`, which no other program does."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def _refused(file: str, line: int, value: str, rule: str) -> DataError:
    return DataError([Fault(file, line, "", value, rule, folder="")])


def write_table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A CSV file; numbers in full precision (the shortest text that reads back as the same number), missing ones empty."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[_text(value) for value in row] for row in rows])


def _text(value: object) -> str:
    if value is None or value is pd.NA:
        return ""
    if isinstance(value, float):  # numpy's numbers of this kind are floats too
        return "" if math.isnan(value) else repr(float(value))
    return str(value)

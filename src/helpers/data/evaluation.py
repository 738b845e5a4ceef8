"""The value of expressions over tables, with a trace of the facts that were read; see `expressions` for the language."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NoReturn, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.data.expressions import Expression, Lookup
from helpers.data.faults import DataError

Scalar = int | float | bool | str | None
Value = Scalar | tuple[Scalar, ...]
Vector = NDArray[np.float64]
LARGEST = 1e300


class Cell(NamedTuple):
    """One fact: the table, the key of its row, the column."""

    table: str
    row: tuple[Any, ...]
    column: str


class Tables:
    """Frames whose index is their key. Key columns name a row, they are not facts; what is empty is missing (None)."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]):
        self.frames = dict(frames)
        self._columns: dict[tuple[str, str], list[Scalar]] = {}

    def is_key(self, table: str, column: str) -> bool:
        """True for a column that names a row."""
        return column in self.frames[table].index.names

    def row(self, table: str, number: int) -> tuple[Any, ...]:
        """The key of a row."""
        key = self.frames[table].index[number]
        return key if isinstance(key, tuple) else (key,)

    def column(self, table: str, name: str) -> list[Scalar]:
        """A column as numbers, texts, booleans and None."""
        if (table, name) not in self._columns:
            frame = self.frames[table]
            cells = frame.index.get_level_values(name) if self.is_key(table, name) else frame[name]
            self._columns[table, name] = [None if pd.isna(cell) or cell == "" else cell for cell in cells.tolist()]
        return self._columns[table, name]


@dataclass
class Trace:
    """What was read: cells are the facts that could change the result, rows (table, number) those that make it up."""

    cells: set[Cell] = field(default_factory=set)
    rows: dict[tuple[str, int], None] = field(default_factory=dict)

    def add(self, other: Trace) -> None:
        """Take over what another reading has read."""
        self.cells |= other.cells
        self.rows |= other.rows


class Evaluation:
    """Values of `definitions` over `tables`; each is computed once, when it is first asked for.

    `given` are the values that are not defined. A mistake that only the values show (two rows for `value`, a text as a
    number, a division by zero, a number beyond 1e300) raises DataError with the position in the expression.
    """

    def __init__(self, definitions: Mapping[str, Expression], tables: Tables, given: Mapping[str, Value]):
        self._definitions = definitions
        self._tables = tables
        self._known: dict[str, tuple[Value, Trace]] = {name: (value, Trace()) for name, value in given.items()}

    def named(self, name: str) -> tuple[Value, Trace]:
        """The value of a definition and what it rests on."""
        if name not in self._known:
            self._known[name] = self.evaluate(self._definitions[name])
        return self._known[name]

    def evaluate(self, expression: Expression) -> tuple[Value, Trace]:
        """The value of an expression and what it rests on."""
        run = _Run(expression, self)
        return run.value(expression.tree), run.trace

    @property
    def tables(self) -> Tables:
        """The tables that are read."""
        return self._tables


class _Run:
    """One walk over one expression."""

    def __init__(self, expression: Expression, evaluation: Evaluation):
        self.expression = expression
        self.evaluation = evaluation
        self.trace = Trace()

    def fail(self, rule: str, node: ast.AST) -> NoReturn:
        raise DataError([self.expression.fault(rule, node)])

    def value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=value):
                return cast(Scalar, value)
            case ast.Name(id=name):
                found, trace = self.evaluation.named(name)
                self.trace.add(trace)
                return found
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return tuple(self._scalar(item) for item in items)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                truth = self._truth(operand)
                return None if truth is None else not truth
            case ast.BoolOp(op=operator, values=values):
                return self._logic(values, isinstance(operator, ast.And))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._chain(node, [left, *others], ops)
            case ast.Call() if node in self.expression.lookups:
                return self._lookup(self.expression.lookups[node])
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._function(name, arguments, node)
            case _:
                return self._arithmetic(node)

    def _scalar(self, node: ast.expr) -> Scalar:
        value = self.value(node)
        if isinstance(value, tuple):
            self.fail("must be one value, not a list", node)
        return value

    def _number(self, node: ast.expr) -> int | float | None:
        value = self._scalar(node)
        if value is not None and (isinstance(value, (bool, str))):
            self.fail("must be a number", node)
        return value

    def _truth(self, node: ast.expr) -> bool | None:
        value = self._scalar(node)
        if value is not None and not isinstance(value, bool):
            self.fail("must be true or false", node)
        return value

    def _logic(self, nodes: list[ast.expr], conjunction: bool) -> bool | None:
        """Kleene's `and` and `or`: what decides alone decides even where another part is not known."""
        result: bool | None = conjunction
        for node in nodes:
            truth = self._truth(node)
            if truth is (not conjunction):
                return truth
            result = None if truth is None else result
        return result

    def _chain(self, node: ast.expr, sides: list[ast.expr], ops: list[ast.cmpop]) -> bool | None:
        values = [self.value(side) for side in sides]
        parts = [self._compare(op, left, right, node) for op, left, right in zip(ops, values, values[1:], strict=False)]
        return False if False in parts else None if None in parts else True

    def _compare(self, operator: ast.cmpop, left: Value, right: Value, node: ast.AST) -> bool | None:
        if isinstance(operator, (ast.In, ast.NotIn)):
            if right is None:
                return None
            if not isinstance(right, tuple):
                self.fail("in needs a list on its right", node)
            found = self._member(left, right, node)
            return found if isinstance(operator, ast.In) or found is None else not found
        if left is None or right is None:
            return None
        if isinstance(left, tuple) or isinstance(right, tuple):
            self.fail("lists are compared by in only", node)
        if _kind(left) is not _kind(right):
            self.fail(f"{left!r} cannot be compared with {right!r}", node)
        if isinstance(left, bool) and not isinstance(operator, (ast.Eq, ast.NotEq)):
            self.fail("true and false have no order", node)
        return bool(_COMPARE[type(operator)](left, right))

    def _member(self, left: Value, right: tuple[Scalar, ...], node: ast.AST) -> bool | None:
        """Whether a value is in a list; not known if either it or a part of the list is not known and might decide."""
        if isinstance(left, tuple):
            self.fail("in needs one value on its left", node)
        if left is None:
            return None if right else False
        if strange := [item for item in right if item is not None and _kind(item) is not _kind(left)]:
            self.fail(f"{left!r} cannot be compared with {strange[0]!r}", node)
        return True if left in right else None if None in right else False

    def _lookup(self, lookup: Lookup) -> Value:
        tables, table = self.evaluation.tables, lookup.table
        rights = [self.value(right) for _, _, right in lookup.filters]
        if any(right is None for right in rights):
            return None
        # Keys first: then no more facts are read than the answer rests on.
        order = sorted(range(len(rights)), key=lambda i: not tables.is_key(table, lookup.filters[i][0].id))
        alive = list(range(len(tables.frames[table])))
        for i in order:
            name, operator, _ = lookup.filters[i]
            cells = tables.column(table, name.id)
            self._read(table, alive, name.id)
            # Columns repeat their values: each is compared once.
            passes = {
                cell: self._compare(operator, cell, rights[i], name) is True for cell in {cells[r] for r in alive}
            }
            alive = [row for row in alive if passes[cells[row]]]
        self.trace.rows |= dict.fromkeys((table, row) for row in alive)
        if lookup.function == "count":
            return len(alive)
        cells = tables.column(table, lookup.column)
        self._read(table, alive, lookup.column)
        if lookup.function == "values":
            return tuple(cells[row] for row in alive if cells[row] is not None)
        if len(alive) > 1:
            shown = "; ".join(" ".join(map(str, tables.row(table, row))) for row in alive[:2])
            self.fail(f"value must find one row, not {len(alive)}: {shown}", lookup.node)
        return cells[alive[0]] if alive else None

    def _read(self, table: str, rows: list[int], column: str) -> None:
        tables = self.evaluation.tables
        if not tables.is_key(table, column):
            self.trace.cells |= {Cell(table, tables.row(table, row), column) for row in rows}

    def _function(self, name: str, arguments: list[ast.expr], node: ast.Call) -> Value:
        if name == "missing":
            return self.value(arguments[0]) is None
        if name == "given":
            return self.value(arguments[1]) if self._truth(arguments[0]) is True else None
        if name in ("abs", "round"):
            number, *decimals = (self._number(argument) for argument in arguments)
            if number is None:
                return None
            return abs(number) if name == "abs" else round(number, *cast(list[int], decimals))
        items = self._items(arguments, node)
        if not items or None in items:
            return None
        if name == "sum":
            return self._finite(math.fsum if any(isinstance(i, float) for i in items) else sum, items, node)
        return cast(Scalar, (min if name == "min" else max)(cast(list[float], items)))

    def _items(self, arguments: list[ast.expr], node: ast.Call) -> list[Scalar]:
        """The numbers of a list or of the arguments; texts may be compared (dates), not added."""
        values = [self.value(argument) for argument in arguments]
        items: list[Scalar] = []
        for value in values:
            items += value if isinstance(value, tuple) else [value]
        kinds = {_kind(item) for item in items if item is not None}
        if kinds - {float}:
            self.fail("must be numbers", node)
        return items

    def _arithmetic(self, node: ast.expr) -> int | float | None:
        match node:
            case ast.UnaryOp(op=operator, operand=operand):
                number = self._number(operand)
                return None if number is None else -number if isinstance(operator, ast.USub) else number
            case ast.BinOp(op=operator, left=left, right=right):
                first, second = self._number(left), self._number(right)
                if first is None or second is None:
                    return None
                return self._finite(lambda pair: ARITHMETIC[type(operator)](*pair), (first, second), node)
        raise TypeError(f"{type(node).__name__} passed the reader of expressions")  # pragma: no cover

    def _finite(self, function: Callable[[Any], Any], arguments: Any, node: ast.AST) -> int | float:
        try:
            result = function(arguments)
        except ZeroDivisionError:
            self.fail("divides by zero", node)
        except OverflowError:
            self.fail("has no finite result", node)
        if isinstance(result, complex) or not abs(result) <= LARGEST:
            self.fail("has no finite result", node)
        return cast(float, result)


def compute_columns(
    formulas: Mapping[str, Expression], columns: Mapping[str, Vector], size: int
) -> dict[str, tuple[Vector, NDArray[np.bool_]]]:
    """The values of `formulas` over the units (NaN = missing), and where there is no finite result though all is known.

    columns: the data by name, each with `size` numbers. Formulas may name each other; `check` has found no circle.
    """
    known = {name: (column, np.zeros(size, dtype=bool)) for name, column in columns.items()}

    def named(name: str) -> tuple[Vector, NDArray[np.bool_]]:
        if name not in known:
            known[name] = walk(formulas[name].tree)
        return known[name]

    def walk(node: ast.expr) -> tuple[Vector, NDArray[np.bool_]]:
        match node:
            case ast.Constant(value=value):
                return np.full(size, float(cast(float, value))), np.zeros(size, dtype=bool)
            case ast.Name(id=name):
                return named(name)
            case ast.UnaryOp(op=operator, operand=operand):
                inner, lost = walk(operand)
                return -inner if isinstance(operator, ast.USub) else inner, lost
            case ast.BinOp(op=operator, left=left, right=right):
                return apply(ARITHMETIC[type(operator)], [walk(left), walk(right)])
            case ast.Call(func=ast.Name(id="round"), args=[number, ast.Constant(value=decimals)]):
                inner, lost = walk(number)
                return np.round(inner, cast(int, decimals)), lost
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return apply(_VECTOR[name], [walk(argument) for argument in arguments])
        raise TypeError(f"{type(node).__name__} passed the reader of expressions")  # pragma: no cover

    def apply(
        function: Callable[..., Vector], parts: list[tuple[Vector, NDArray[np.bool_]]]
    ) -> tuple[Vector, NDArray[np.bool_]]:
        # numpy would warn of a division by zero; here the units where it happens are told.
        with np.errstate(all="ignore"):
            result = function(*(values for values, _ in parts))
        complete = np.all([np.isfinite(values) for values, _ in parts], axis=0)
        lost = np.any([lost for _, lost in parts], axis=0) | (complete & ~(np.abs(result) <= LARGEST))
        return np.where(lost, np.nan, result), lost

    return {name: named(name) for name in formulas}


def _kind(value: Scalar) -> type:
    """Whole numbers and others are of one kind; true and false are no numbers."""
    return float if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value)


def _power(base: Any, exponent: Any) -> Any:
    # In floating point, where 9 ** 9 ** 9 overflows at once instead of filling the memory with digits.
    return float(base) ** float(exponent) if not isinstance(base, np.ndarray) else np.power(base, exponent)


_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}
_VECTOR: Mapping[str, Callable[..., Vector]] = {
    "abs": np.abs,
    "round": np.round,
    "min": lambda *columns: np.min(columns, axis=0),
    "max": lambda *columns: np.max(columns, axis=0),
    "sum": lambda *columns: np.sum(columns, axis=0),
}
ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: _power,
}

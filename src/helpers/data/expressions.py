"""Expressions as data: a small language over named tables, walked node by node; nothing is ever executed as code.

The syntax is Python's, read by `ast`. Allowed are numbers, texts, true and false, names of definitions, `+ - * / **`,
comparisons, `and or not`, lists, and the functions below; everything else is refused with its position.

    value(table.column, FILTER, …)   the one cell of the rows that pass every filter
    values(table.column, FILTER, …)  the list of these cells, without the empty ones
    count(table, FILTER, …)          how many rows pass
    min max sum abs round            of numbers and lists
    missing(x)                       true where x is not known
    given(condition, x)              x where the condition is true, else missing

A filter is a comparison with a column of the table on its left: `rank <= 10`, `ags in members`. What is not known stays
unknown: an empty cell or no row makes the whole result missing, `and or not` follow Kleene's three-valued logic.
See docs/claims.md. Reading is traced, so that a claim knows the facts it rests on.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from helpers.data.faults import DataError, Fault

MOST_CHARACTERS = 1_000
MOST_NODES = 250
MOST_DEPTH = 25

LOOKUPS = ("value", "values", "count")
FUNCTIONS = ("min", "max", "sum", "abs", "round", "missing", "given")
ARITHMETIC = ("min", "max", "sum", "abs", "round")
"""The functions of a formula, which knows no tables, comparisons and texts."""

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)


@dataclass(frozen=True)
class Where:
    """Where an expression stands: the file, the line there, and its key (`C09.define.holds`)."""

    file: str
    row: int
    key: str
    folder: str = "data/"

    def fault(self, rule: str, value: str, node: ast.AST | None = None) -> Fault:
        """A fault of the expression, at the position of `node` in its text."""
        position = f" (at {node.lineno}:{node.col_offset + 1})" if isinstance(node, ast.expr) else ""
        return Fault(self.file, self.row, self.key, value, rule + position, folder=self.folder)


@dataclass(frozen=True)
class Lookup:
    """One reading of a table: `column` is empty for `count`; each filter has its column, operator and right side."""

    function: str
    table: str
    column: str
    filters: tuple[tuple[ast.Name, ast.cmpop, ast.expr], ...]
    node: ast.Call


@dataclass(frozen=True, eq=False)
class Expression:
    """A text of the language that was found to be well formed. `names` are the definitions it uses, with their nodes."""

    text: str
    where: Where
    tree: ast.expr
    names: Mapping[str, ast.Name]
    lookups: Mapping[ast.Call, Lookup]

    def fault(self, rule: str, node: ast.AST | None = None) -> Fault:
        """A fault at the position of `node`."""
        source = ast.get_source_segment(self.text, node) if isinstance(node, ast.expr) else None
        return self.where.fault(rule, source or self.text, node)


def parse(text: str, *, where: Where, formula: bool = False) -> Expression:
    """The expression `text`; a `formula` has arithmetic over names only. Raises DataError with all its faults."""
    faults: list[Fault] = []
    if len(text) > MOST_CHARACTERS:
        faults.append(where.fault(f"an expression has at most {MOST_CHARACTERS} characters", text[:40] + " …"))
    elif "\\" in text:
        faults.append(where.fault("an expression has no backslash", text))
    if faults:
        raise DataError(faults)
    try:
        # What Python only warns of (`1and 2`) is a mistake here.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        rule = f"must be an expression: {error.msg} (at {error.lineno or 1}:{error.offset or 1})"
        raise DataError([where.fault(rule, text)]) from None
    except (ValueError, RecursionError, MemoryError):
        raise DataError([where.fault("must be an expression", text)]) from None
    if fault := _too_large(tree):
        raise DataError([where.fault(fault, text)])
    reader = _Reader(text, where, ARITHMETIC if formula else FUNCTIONS, formula)
    reader.read(tree)
    if reader.faults:
        raise DataError(reader.faults)
    return Expression(text, where, tree, reader.names, reader.lookups)


def check(
    expressions: Mapping[str, Expression], given: Collection[str], columns: Mapping[str, Collection[str]]
) -> list[Fault]:
    """Faults of definitions by name: names and columns that nobody knows, definitions that go in a circle.

    given: names that have a value without being defined. columns: the columns of each table.
    """
    known = [*given, *expressions]
    faults = [fault for expression in expressions.values() for fault in check_one(expression, known, columns)]
    told: set[str] = set()
    for name, expression in expressions.items():
        if name in given:
            faults.append(expression.fault(f"{name} is given and cannot be defined"))
        circle = _circle(name, expressions)
        # One circle is one mistake, whichever of its definitions one begins with.
        if circle and not told & set(circle):
            told |= set(circle)
            faults.append(expression.fault(f"defines itself in a circle: {' > '.join(circle)}"))
    return faults


def check_one(expression: Expression, known: Collection[str], columns: Mapping[str, Collection[str]]) -> list[Fault]:
    """Faults of one expression that may use the names `known` and the tables in `columns`."""
    faults = [
        expression.fault(f"{name} is not known{_nearest(name, known)}", node)
        for name, node in expression.names.items()
        if name not in known
    ]
    for lookup in expression.lookups.values():
        if lookup.table not in columns:
            rule = f"there is no table {lookup.table}{_nearest(lookup.table, columns)}"
            faults.append(expression.fault(rule, lookup.node))
            continue
        own = columns[lookup.table]
        used = [(lookup.column, lookup.node.args[0])] if lookup.column else []
        for column, node in [*used, *((name.id, name) for name, _, _ in lookup.filters)]:
            if column not in own:
                rule = f"the table {lookup.table} has no column {column}{_nearest(column, own)}"
                faults.append(expression.fault(rule, node))
    return faults


def _nearest(name: str, known: Iterable[str]) -> str:
    """The name that was perhaps meant."""
    close = get_close_matches(name, list(known), n=1)
    return f"; perhaps {close[0]}" if close else ""


def _circle(start: str, expressions: Mapping[str, Expression]) -> list[str]:
    """The way from a definition back to itself, or nothing."""
    paths = [[start]]
    seen: set[str] = set()
    while paths:
        path = paths.pop()
        for name in expressions[path[-1]].names:
            if name == start:
                return [*path, start]
            if name in expressions and name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []


def _too_large(tree: ast.expr) -> str:
    """The limit that a tree breaks. Walked without recursion, which a deep tree would exhaust."""
    level: list[ast.AST] = [tree]
    nodes = depth = 0
    while level:
        nodes, depth = nodes + len(level), depth + 1
        if depth > MOST_DEPTH:
            return f"an expression is nested at most {MOST_DEPTH} deep"
        if nodes > MOST_NODES:
            return f"an expression has at most {MOST_NODES} parts"
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return ""


def _decimals(arguments: list[ast.expr]) -> bool:
    """True if what follows the number in `round` is nothing, or a whole number as it is written."""
    match arguments:
        case []:
            return True
        case [ast.Constant(value=int() as value)]:
            return not isinstance(value, bool) and 0 <= value <= 15
    return False


@dataclass
class _Reader:
    """Walks a tree over the whitelist and collects names, lookups and every fault."""

    text: str
    where: Where
    functions: tuple[str, ...]
    formula: bool
    faults: list[Fault] = field(default_factory=list)
    names: dict[str, ast.Name] = field(default_factory=dict)
    lookups: dict[ast.Call, Lookup] = field(default_factory=dict)

    def refuse(self, rule: str, node: ast.AST) -> None:
        source = ast.get_source_segment(self.text, node) if isinstance(node, ast.expr) else None
        self.faults.append(self.where.fault(rule, source or self.text, node))

    def read(self, node: ast.expr) -> None:
        match node:
            case ast.Constant(value=value):
                self._constant(node, value)
            case ast.Name(id=name):
                self.names.setdefault(name, node)
                if name.startswith("_"):
                    self.refuse("a name does not begin with an underscore", node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                self.read(operand)
            case ast.BinOp(op=operator, left=left, right=right) if isinstance(operator, OPERATORS):
                self._all(left, right)
            case ast.UnaryOp(op=ast.Not(), operand=operand) if not self.formula:
                self.read(operand)
            case ast.BoolOp(values=values) if not self.formula:
                self._all(*values)
            case ast.Compare(left=left, ops=ops, comparators=others) if not self.formula:
                if not all(isinstance(operator, COMPARISONS) for operator in ops):
                    self.refuse("comparisons are == != < <= > >= in, not in", node)
                self._all(left, *others)
            case ast.List(elts=items) | ast.Tuple(elts=items) if not self.formula:
                self._all(*items)
            case ast.Call():
                self._call(node)
            case _:
                allowed = "a formula has" if self.formula else "an expression has"
                self.refuse(f"{allowed} no {type(node).__name__}", node)

    def _all(self, *nodes: ast.expr) -> None:
        for node in nodes:
            self.read(node)

    def _constant(self, node: ast.Constant, value: object) -> None:
        kinds = (int, float) if self.formula else (int, float, str, bool)
        if type(value) not in kinds:
            self.refuse(f"a constant is a number{'' if self.formula else ', a text, True or False'}", node)
        elif isinstance(value, (int, float)) and not abs(value) <= 1e15:
            self.refuse("a number is at most 1e15", node)

    def _call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        offered = self.functions if self.formula else (*LOOKUPS, *self.functions)
        if name not in offered:
            self.refuse(f"the functions are {', '.join(offered)}", node)
            return
        if node.keywords:
            self.refuse(f"{name} takes no arguments by name (a filter has ==)", node)
        if any(isinstance(argument, ast.Starred) for argument in node.args) or not node.args:
            self.refuse(f"{name} needs its arguments one by one", node)
        elif name in LOOKUPS:
            self._lookup(name, node)
        elif name in ("abs", "missing") and len(node.args) != 1:
            self.refuse(f"{name} takes one argument", node)
        elif name == "round" and not _decimals(node.args[1:]):
            self.refuse("round takes a number and its decimals, 0 to 15", node)
        elif name == "given" and len(node.args) != 2:
            self.refuse("given takes a condition and a value", node)
        else:
            self._all(*node.args)

    def _lookup(self, name: str, node: ast.Call) -> None:
        first = node.args[0]
        filters = []
        for argument in node.args[1:]:
            match argument:
                case ast.Compare(left=ast.Name() as column, ops=[operator], comparators=[right]) if isinstance(
                    operator, COMPARISONS
                ):
                    filters.append((column, operator, right))
                    self.read(right)
                case _:
                    self.refuse("a filter is a comparison with a column on its left", argument)
        match first:
            case ast.Name(id=table) if name == "count":
                self.lookups[node] = Lookup(name, table, "", tuple(filters), node)
            case ast.Attribute(value=ast.Name(id=table), attr=attribute) if name != "count":
                self.lookups[node] = Lookup(name, table, attribute, tuple(filters), node)
            case _:
                self.refuse(f"{name} begins with {'a table' if name == 'count' else 'table.column'}", first)

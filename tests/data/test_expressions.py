"""The language of claims and formulas: what it means, and that nothing outside it gets through."""

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.evaluation import Cell, Evaluation, Tables, Trace, Value, compute_columns
from helpers.data.expressions import MOST_CHARACTERS, MOST_DEPTH, Expression, Where, check, parse
from helpers.data.faults import DataError

WHERE = Where("claims.yml", 12, "C09.define.holds")
RANKS = pd.DataFrame(
    {
        "edition": [2023, 2023, 2023, 2024, 2024],
        "city": ["Bochum", "Köln", "Essen", "Bochum", "Köln"],
        "rank": pd.array([11, 3, None, 4, 3], dtype="Int64"),
        "score": [76.2, 83.2, math.nan, 82.3, math.nan],
        "land": ["NRW", "NRW", "", "NRW", "NRW"],
        "seat": [False, True, False, False, True],
    }
).set_index(["edition", "city"])


def evaluate(text: str, frame: pd.DataFrame = RANKS, **names: Value) -> tuple[Value, Trace]:
    return Evaluation({}, Tables({"ranks": frame}), names).evaluate(parse(text, where=WHERE))


def value(text: str, **names: Value) -> Value:
    return evaluate(text, **names)[0]


def refusal(text: str, *, formula: bool = False) -> list[str]:
    with pytest.raises(DataError) as caught:
        parse(text, where=WHERE, formula=formula)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('value(ranks.rank, edition == 2023, city == "Bochum")', 11),
        ("value(ranks.rank, city == who, edition == 2023 + 1)", 4),
        ('value(ranks.rank, edition == 2023, city == "Essen")', None),
        ('value(ranks.land, edition == 2023, city == "Essen")', None),
        ('value(ranks.rank, edition == 2019, city == "Bochum")', None),
        ('value(ranks.seat, edition == 2023, city == "Köln")', True),
        ("values(ranks.rank, edition == 2023)", (11, 3)),
        ("values(ranks.city, rank < 11, seat == False)", ("Bochum",)),
        ("values(ranks.city, edition == 2023, city in others)", ("Köln", "Essen")),
        ("values(ranks.city, edition == 2023, city not in others)", ("Bochum",)),
        ("count(ranks)", 5),
        ("count(ranks, rank <= 3)", 2),
        ("count(ranks, rank <= unknown)", None),
        ("max(values(ranks.edition))", 2024),
        ("min(values(ranks.rank, edition == 2019))", None),
        ("sum(values(ranks.score, edition == 2023))", 76.2 + 83.2),
        ("max(2, 3, unknown)", None),
        ("round(77.0 - 76.2, 1) == 0.8", True),
        ("abs(-3) + 2 ** 3 / 4", 5.0),
        ("1 < 2 <= 2", True),
        ("1 < unknown < 0", None),
        ("3 < 2 < unknown", False),
        ('"2025-06" > "2024"', True),
        ("missing(unknown)", True),
        ("missing(0)", False),
        ("given(1 < 2, 7)", 7),
        ("given(2 < 1, 7)", None),
        ("given(unknown, 7)", None),
        ("2 in [1, 2]", True),
        ("3 not in [1, 2]", True),
        ("3 in [1, unknown]", None),
        ("1 in [1, unknown]", True),
        ("unknown in [1]", None),
    ],
)
def test_what_expressions_mean(text: str, expected: Value) -> None:
    found = value(text, who="Bochum", others=("Köln", "Essen"), unknown=None)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("__import__('os')", "the functions are value, values, count, min"),
        ("__import__('os').system('true')", "the functions are"),
        ("().__class__", "an expression has no Attribute (at 1:1)"),
        ("1 + ranks.rank", "an expression has no Attribute (at 1:5)"),
        ("open", ""),
        ("(lambda: 1)()", "the functions are"),
        ("lambda: 1", "an expression has no Lambda"),
        ("[x for x in y]", "an expression has no ListComp"),
        ("{1: 2}", "an expression has no Dict"),
        ("{1}", "an expression has no Set"),
        ("f'{x}'", "an expression has no JoinedStr"),
        ("x[0]", "an expression has no Subscript"),
        ("x if y else z", "an expression has no IfExp"),
        ("(x := 1)", "an expression has no NamedExpr"),
        ("min(*x)", "min needs its arguments one by one"),
        ("min(x, default=1)", "min takes no arguments by name"),
        ("min()", "min needs its arguments one by one"),
        ("abs(1, 2)", "abs takes one argument"),
        ("round(1.5, x)", "round takes a number and its decimals, 0 to 15"),
        ("round(1.5, 99)", "round takes a number and its decimals"),
        ("given(x)", "given takes a condition and a value"),
        ("eval('1')", "the functions are"),
        ("x is y", "comparisons are =="),
        ("7 // 2", "an expression has no BinOp"),
        ("7 % 2", "an expression has no BinOp"),
        ("1 << 9", "an expression has no BinOp"),
        ("~1", "an expression has no UnaryOp"),
        ("_x", "a name does not begin with an underscore"),
        ("None", "a constant is a number, a text, True or False"),
        ("b'x'", "a constant is"),
        ("1j", "a constant is"),
        ("...", "a constant is"),
        ("1e999", "a number is at most 1e15"),
        ("9999999999999999", "a number is at most 1e15"),
        ("value(ranks, edition == 1)", "value begins with table.column (at 1:7)"),
        ("value(a.b.c)", "value begins with table.column"),
        ("count(ranks.rank)", "count begins with a table"),
        ("count(ranks, edition=2023)", "takes no arguments by name (a filter has ==)"),
        ("count(ranks, 2023 == edition)", "a filter is a comparison with a column on its left (at 1:14)"),
        ("count(ranks, 1 < rank < 3)", "a filter is a comparison"),
        ("count(ranks, rank)", "a filter is a comparison"),
        ("count(ranks, rank is x)", "a filter is a comparison"),
        ("x = 1", "must be an expression"),
        ("1 +", "must be an expression"),
        ("", "must be an expression"),
        ("import os", "must be an expression"),
        ("1and 2", "must be an expression"),
        ("'\\d'", "an expression has no backslash"),
        ("x\0", "must be an expression"),
        ("1 + " * 300 + "1", f"an expression has at most {MOST_CHARACTERS} characters"),
        ("+".join("1" * 200), f"an expression is nested at most {MOST_DEPTH} deep"),
        ("-" * 900 + "1", "must be an expression|nested at most"),
        ("(" * 400 + "1" + ")" * 400, "must be an expression"),
        ("[" + ",".join("1" * 300) + "]", "an expression has at most"),
    ],
)
def test_everything_else_is_refused_with_its_position(text: str, rule: str) -> None:
    if text == "open":  # a name like any other: it can only be one that the file defines
        faults = [str(fault) for fault in check({"holds": parse(text, where=WHERE)}, [], {})]
        rule = "open is not known"
    else:
        faults = refusal(text)
    assert all(fault.startswith("data/claims.yml, line 12, C09.define.holds: ") for fault in faults)
    assert any(part in faults[0] for part in rule.split("|")), faults


def test_all_faults_of_an_expression_are_told_in_order() -> None:
    faults = refusal("open(1) + x[0] + count(ranks, 3) * (4 // 2)")
    assert [fault.split("(at ")[1].rstrip(")") for fault in faults] == ["1:1", "1:11", "1:31", "1:37"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("value(ranks.rank, edition == 2023)", "value must find one row, not 3: 2023 Bochum; 2023 Köln (at 1:1)"),
        ("1 + who", "must be a number (at 1:5)"),
        ("1 + (1 < 2)", "must be a number"),
        ("not 1", "must be true or false (at 1:5)"),
        ("1 < 2 and 1", "must be true or false"),
        ("who < 3", "'Bochum' cannot be compared with 3"),
        ("count(ranks, rank == who)", "cannot be compared with 'Bochum' (at 1:14)"),
        ("3 in [who]", "3 cannot be compared with 'Bochum'"),
        ("3 in 3", "in needs a list on its right"),
        ("others == others", "lists are compared by in only"),
        ("[others]", "must be one value, not a list"),
        ("True < False", "true and false have no order"),
        ("max(who, 3)", "must be numbers"),
        ("1 / (2 - 2)", "divides by zero (at 1:1)"),
        ("9 ** 9 ** 9 ** 9", "has no finite result"),
        ("1e15 ** 40", "has no finite result"),
        ("(-8) ** 0.5", "has no finite result"),
        ("0 ** -1", "divides by zero"),
    ],
)
def test_mistakes_that_only_values_show_are_named(text: str, rule: str) -> None:
    with pytest.raises(DataError) as caught:
        value(text, who="Bochum", others=("Köln",))
    assert rule in str(caught.value)
    assert "C09.define.holds" in str(caught.value)


def definitions(**texts: str) -> dict[str, Expression]:
    return {name: parse(text, where=Where("claims.yml", 5, f"C01.define.{name}")) for name, text in texts.items()}


@pytest.mark.parametrize(
    ("texts", "rules"),
    [
        ({"a": "value(rank.rank)"}, ["there is no table rank; perhaps ranks (at 1:1)"]),
        ({"a": "value(ranks.rnk)"}, ["the table ranks has no column rnk; perhaps rank (at 1:7)"]),
        ({"a": "count(ranks, citty == 1)"}, ["the table ranks has no column citty; perhaps city (at 1:14)"]),
        ({"a": "first + 1", "frist": "1"}, ["first is not known; perhaps frist (at 1:1)"]),
        ({"place": "1"}, ["place is given and cannot be defined"]),
        ({"a": "a + 1"}, ["defines itself in a circle: a > a"]),
        (
            {"a": "b", "b": "c + 1", "c": "count(ranks, rank < a)"},
            [
                "defines itself in a circle: a > b > c > a",
            ],
        ),
    ],
)
def test_unknown_names_and_circles_are_found_before_anything_is_read(texts: dict[str, str], rules: list[str]) -> None:
    columns = {"ranks": ("edition", "city", "rank")}
    faults = check(definitions(**texts), ["place"], columns)
    assert [fault.rule for fault in faults] == rules
    assert all(fault.column.startswith("C01.define.") for fault in faults)


def test_definitions_are_computed_once_and_pass_on_what_they_read() -> None:
    own = definitions(
        before='value(ranks.rank, edition == 2023, city == "Bochum")',
        after='value(ranks.rank, edition == 2024, city == "Bochum")',
        lost="after - before",
        unused="values(ranks.score)",
    )
    evaluation = Evaluation(own, Tables({"ranks": RANKS}), {})
    found, trace = evaluation.named("lost")
    assert found == -7
    assert trace.cells == {Cell("ranks", (2023, "Bochum"), "rank"), Cell("ranks", (2024, "Bochum"), "rank")}
    assert list(trace.rows) == [("ranks", 3), ("ranks", 0)]
    assert evaluation.named("lost")[1] is trace


def test_what_decides_alone_is_enough_and_the_rest_is_not_read() -> None:
    assert evaluate('False and value(ranks.rank, edition == 2024, city == "Köln") == 3')[1].cells == set()


TRUTH = {True: 1.0, None: 0.5, False: 0.0}


@given(st.lists(st.sampled_from([True, False, None]), min_size=2, max_size=5))
def test_logic_is_kleenes(parts: list[bool | None]) -> None:
    names = {f"x{i}": part for i, part in enumerate(parts)}
    grades = [TRUTH[part] for part in parts]
    assert TRUTH[value(" and ".join(names), **names)] == min(grades)  # type: ignore[index]
    assert TRUTH[value(" or ".join(names), **names)] == max(grades)  # type: ignore[index]
    assert TRUTH[value("not x0", **names)] == 1 - grades[0]  # type: ignore[index]


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
trees = st.recursive(
    st.integers(-50, 50).map(lambda n: (f"({n})", Fraction(n))),
    lambda inner: st.tuples(inner, st.sampled_from(sorted(OPERATORS)), inner).map(
        lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", OPERATORS[t[1]](t[0][1], t[2][1]))
    ),
    max_leaves=12,
)


@given(trees)
def test_arithmetic_is_exact_on_whole_numbers(tree: tuple[str, Fraction]) -> None:
    assert value(tree[0]) == tree[1]


@given(trees, st.sampled_from(["+", "-", "*", "<", "=="]))
def test_what_is_missing_stays_missing(tree: tuple[str, Fraction], sign: str) -> None:
    assert value(f"{tree[0]} {sign} unknown", unknown=None) is None


WORDS = (
    "x ranks ranks.rank value( count( min( round( ) [ ] , == < in not and or + - ** / 1 0.5 'a' True __import__ . :"
    " lambda # \\ ; { }"
)
TOKENS = st.sampled_from(["\n", *WORDS.split()])


@given(st.one_of(st.text(max_size=60), st.lists(TOKENS, max_size=14).map(" ".join)))
@settings(max_examples=400)
def test_any_text_is_a_value_or_a_refusal(text: str) -> None:
    try:
        expression = parse(text, where=WHERE)
        if check({"holds": expression}, ["x"], {"ranks": ("edition", "city", "rank")}):
            return
        found, _ = Evaluation({}, Tables({"ranks": RANKS}), {"x": 3}).evaluate(expression)
    except DataError:
        return
    assert isinstance(found, (int, float, str, bool, tuple, type(None)))


frames = st.lists(
    st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 5)), st.sampled_from(["", "a", "b"])),
    min_size=1,
    max_size=12,
)


def frame_of(rows: list[tuple[int, int | None, str]]) -> pd.DataFrame:
    edition, rank, land = zip(*rows, strict=True)
    columns = {"edition": edition, "id": range(len(rows)), "rank": pd.array(rank, dtype="Int64"), "land": land}
    return pd.DataFrame(columns).set_index(["edition", "id"])


@given(frames, st.integers(0, 3), st.integers(0, 5))
def test_filters_find_what_pandas_finds(rows: list[tuple[int, int | None, str]], edition: int, most: int) -> None:
    frame = frame_of(rows)
    text = f'count(ranks, rank <= {most}, land != "a", edition == {edition})'
    flat = frame.reset_index()
    known = (flat["rank"] <= most).fillna(False) & ~flat["land"].isin(["", "a"]) & (flat["edition"] == edition)
    assert evaluate(text, frame)[0] == known.sum()


@given(frames, st.data())
def test_a_fact_that_is_not_cited_does_not_matter(rows: list[tuple[int, int | None, str]], data: st.DataObject) -> None:
    text = 'count(ranks, edition == 1, rank <= 3) > 1 and min(values(ranks.rank, edition == 1, land == "a")) < 3'
    frame = frame_of(rows)
    before, trace = evaluate(text, frame)
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(["rank", "land"]))
    if Cell("ranks", frame.index[row], column) in trace.cells:
        return
    changed = frame.copy()
    changed.iloc[row, changed.columns.get_loc(column)] = data.draw(
        st.integers(0, 5) if column == "rank" else st.sampled_from(["", "a", "b"])
    )
    assert evaluate(text, changed)[0] == before


def formulas(**texts: str) -> dict[str, Expression]:
    return {
        name: parse(text, where=Where("index.yml", 3, name, folder=""), formula=True) for name, text in texts.items()
    }


def test_a_formula_is_computed_for_all_units() -> None:
    columns = {"employees": np.array([200.0, 0.0, 50.0, np.nan]), "ict": np.array([10.0, 0.0, np.nan, 5.0])}
    found = compute_columns(
        formulas(double="2 * share", share="100 * ict / employees", most="max(ict, 7, -employees)"), columns, 4
    )
    np.testing.assert_array_equal(found["share"][0], [5.0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(found["double"][0], [10.0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(found["most"][0], [10.0, 7.0, np.nan, np.nan])
    for name in ("share", "double"):
        np.testing.assert_array_equal(found[name][1], [False, True, False, False])  # lost: not missing, but 0 / 0


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3))
def test_formula_and_expression_agree(numbers: list[float]) -> None:
    text = "round(abs(a - 2 * b) + min(a, b, c) - sum(a, c), 2) + max(a, 1)"
    names = dict(zip("abc", numbers, strict=True))
    found, lost = compute_columns(formulas(x=text), {name: np.array([number]) for name, number in names.items()}, 1)[
        "x"
    ]
    assert not lost.any()
    assert found[0] == pytest.approx(value(text, **names), rel=1e-12, abs=0.0101)


@pytest.mark.parametrize(
    "text",
    [
        "a < b",
        "a and b",
        "not a",
        "'x'",
        "True",
        "missing(a)",
        "given(a, b)",
        "count(ranks)",
        "value(a.b)",
        "[a]",
        "a.b",
    ],
)
def test_a_formula_is_arithmetic_over_columns(text: str) -> None:
    assert refusal(text, formula=True)

"""The contract of the chapter notebooks, held without running them: runs are tested end to end elsewhere."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
import pytest

import helpers
from helpers.parameters import Parameters

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
CHAPTERS = sorted(FOLDER.glob("[0-9]*.ipynb"))
EXPLORE = FOLDER / "explore.ipynb"
EMITTERS = {"heading", "text", "note", "missing", "key_figures", "figure", "map_figure", "table"}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
DEFAULTS = {
    "place": "Bochum",
    "universe": "ruhr",
    "peers": "nearest",
    "n_peers": 10,
    "index": {},
    "language": "de",
    "draws": 2000,
    "seed": 1,
}
MOST_CODE_CELLS = MOST_LINES = 25
WORDS_PER_LINE = 3
ANALYTICAL_STEPS = 3

Notebook = Any


def read(path: Path) -> Notebook:
    return nbformat.read(path, as_version=4)


def code_cells(notebook: Notebook) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def code(notebook: Notebook) -> list[str]:
    return [cell.source for cell in code_cells(notebook)]


def lines(source: str) -> int:
    return sum(bool(line.strip()) for line in source.splitlines())


def calls(source: str) -> Iterator[ast.Call]:
    """The calls to functions by their bare name, in the order of the text."""
    found = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def emits(source: str) -> list[ast.Call]:
    return [call for call in calls(source) if isinstance(call.func, ast.Name) and call.func.id in EMITTERS]


def faults(notebook: Notebook) -> list[str]:
    """What a notebook has against the contract; empty if nothing."""
    return [
        *_stripped(notebook),
        *_parameters(notebook),
        *_finding_first(notebook),
        *_proportions(notebook),
        *_plain_code(notebook),
    ]


def explorer_faults(notebook: Notebook) -> list[str]:
    """What the explorer's notebook has against its own, lighter contract: nothing is printed, so there is no finding."""
    return [
        *_stripped(notebook),
        *_parameters(notebook, "explorer = explore(parameters)\nexplorer"),
        *_size(notebook),
        *_front_room_only(notebook),
        *_plain_code(notebook),
    ]


def _front_room_only(notebook: Notebook) -> Iterator[str]:
    for source in code(notebook):
        for node in ast.walk(ast.parse(source)):
            if (isinstance(node, ast.ImportFrom) and node.module != "helpers") or isinstance(node, ast.Import):
                yield f"imports: {ast.unparse(node)} stands below the front room"


def _stripped(notebook: Notebook) -> Iterator[str]:
    if dict(notebook.metadata) != METADATA:
        yield f"metadata: {dict(notebook.metadata)}"
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None):
            yield f"cell {number}: outputs or execution count"
        if set(cell.metadata) - {"tags"}:
            yield f"cell {number}: metadata {sorted(cell.metadata)}"
        if not cell.source.strip():
            yield f"cell {number}: empty"


def _parameters(notebook: Notebook, opens: str = "study = load_study(parameters)") -> Iterator[str]:
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1 or tagged[0].cell_type != "code" or code(notebook)[0] != tagged[0].source:
        yield "parameters: exactly one cell, the first one with code, must have the tag"
        return
    statements = ast.parse(tagged[0].source).body
    assigned = {
        statement.targets[0].id: ast.literal_eval(statement.value)
        for statement in statements
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, (ast.Constant, ast.Dict))
    }
    if assigned != DEFAULTS or len(statements) != len(DEFAULTS):
        yield f"parameters: {assigned}"
    passed = ", ".join(f"{name}={name}" for name in DEFAULTS)
    wanted = f"parameters = Parameters.check({passed})\n{opens}"
    if wanted not in re.sub(r"\(\s+|\s+\)", lambda match: match.group().strip(), code(notebook)[1]):
        yield f"study: the second cell with code must say {wanted}"


def _finding_first(notebook: Notebook) -> Iterator[str]:
    emitted = [call for source in code(notebook) for call in emits(source)]
    if not emitted:
        yield "finding: nothing is emitted"
        return
    first = ast.unparse(emitted[0])
    if not re.match(r"heading\(wording\.\w+\.finding\(study\), label=tr\(de='[^']+', en='[^']+'\)\)", first):
        yield f"finding: the first block is {first}"
    if sum(any(keyword.arg == "label" for keyword in call.keywords) for call in emitted) != 1:
        yield "finding: exactly one heading opens the chapter"


def _proportions(notebook: Notebook) -> Iterator[str]:
    yield from _size(notebook)
    steps = [source for source in code(notebook)[2:] if not emits(source)]
    if len(steps) < ANALYTICAL_STEPS:
        yield f"analysis: {len(steps)} steps that emit nothing"


def _size(notebook: Notebook) -> Iterator[str]:
    sources = code(notebook)
    if len(sources) > MOST_CODE_CELLS:
        yield f"size: {len(sources)} cells with code"
    yield from (f"size: a cell of {lines(s)} lines" for s in sources if len(s.splitlines()) > MOST_LINES)
    words = sum(len(re.findall(r"\w+", cell.source)) for cell in notebook.cells if cell.cell_type == "markdown")
    total = sum(map(lines, sources))
    if words < WORDS_PER_LINE * total:
        yield f"prose: {words} words for {total} lines of code"


def _plain_code(notebook: Notebook) -> Iterator[str]:
    for source in code(notebook):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ExceptHandler) and node.type is None:
                yield "silence: a bare except"
            if isinstance(node, ast.Attribute) and node.attr in ("filterwarnings", "simplefilter", "catch_warnings"):
                yield f"silence: {node.attr}"
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            for module in modules:
                own = module == "helpers" or module.startswith("helpers.analysis.")
                if not own and module.split(".")[0] not in sys.stdlib_module_names - {"warnings"}:
                    yield f"imports: {module}"
        if re.search(r"^\s*[%!]", source, re.MULTILINE):
            yield "imports: a magic or a shell command"


@pytest.fixture(scope="module", params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest) -> Notebook:
    path: Path = request.param
    return read(path)


def test_the_chapters_stand_in_reading_order() -> None:
    names = [
        "01-at-a-glance",
        "02-rankings",
        "03-open-index",
        "04-how-certain",
        "05-peers",
        "06-gaps-and-levers",
        "07-validity",
        "08-press",
        "09-data-and-method",
    ]
    assert [path.stem for path in CHAPTERS] == names


def test_a_chapter_keeps_the_contract(chapter: Notebook) -> None:
    assert faults(chapter) == []
    nbformat.validate(chapter)
    assert len({cell.id for cell in chapter.cells}) == len(chapter.cells)


def test_the_explorer_keeps_its_contract() -> None:
    notebook = read(EXPLORE)
    assert explorer_faults(notebook) == []
    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert sorted(FOLDER.glob("*.ipynb")) == [*CHAPTERS, EXPLORE]


def test_every_name_of_the_front_room_is_used_in_a_notebook() -> None:
    used = set()
    for path in (*CHAPTERS, EXPLORE):
        for node in ast.walk(ast.parse("\n".join(code(read(path))))):
            used |= {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) else set()
    assert set(helpers.__all__) - used == set()


def test_the_defaults_are_those_of_the_parameters() -> None:
    assert Parameters.model_fields.keys() == DEFAULTS.keys()
    assert Parameters.check(**DEFAULTS) == Parameters.check()


def test_what_a_chapter_takes_from_the_front_room_exists(chapter: Notebook) -> None:
    modules: dict[str, Any] = {}
    for node in ast.walk(ast.parse("\n".join(code(chapter)))):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                modules[alias.name] = getattr(import_module(node.module or ""), alias.name)
                assert node.module != "helpers" or alias.name in helpers.__all__
    used = set(re.findall(r"\b(charts|maps|listings|wording)((?:\.[a-z_]+)+)\(", "\n".join(code(chapter))))
    assert used
    for name, path in used:
        target = modules[name]
        for part in path.strip(".").split("."):
            target = getattr(target, part)
        assert callable(target)


def _add(source: str, at: int = 4) -> Callable[[Notebook], None]:
    return lambda notebook: notebook.cells.insert(at, nbformat.v4.new_code_cell(source))


def _replace(number: int, old: str, new: str) -> Callable[[Notebook], None]:
    def apply(notebook: Notebook) -> None:
        cell = code_cells(notebook)[number]
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    return apply


def _silence_prose(notebook: Notebook) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = "Read."


def _only_emit(notebook: Notebook) -> None:
    for cell in code_cells(notebook)[3:]:
        cell.source = 'note("x")'


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (lambda nb: code_cells(nb)[3].update(execution_count=3), "outputs or execution count"),
        (lambda nb: nb.metadata.language_info.update(version="3.12"), "metadata:"),
        (lambda nb: nb.cells[5].metadata.update(collapsed=True), "metadata ['collapsed']"),
        (lambda nb: code_cells(nb)[0].metadata.pop("tags"), "parameters: exactly one cell"),
        (lambda nb: code_cells(nb)[3].metadata.update(tags=["parameters"]), "parameters: exactly one cell"),
        (_replace(0, "universe =", "colour = 'red'\nuniverse ="), "parameters: {"),
        (_replace(0, "Bochum", "Essen"), "parameters: {'place': 'Essen'"),
        (_replace(1, "peers=peers, ", ""), "study: the second cell"),
        (_add("text('first')"), "finding: the first block is text('first')"),
        (_add("heading(wording.glance.finding(study), label=tr(de='a', en='b'))", -1), "exactly one heading"),
        (_add("\n".join(f"x{i} = {i}" for i in range(26))), "size: a cell of 26 lines"),
        (lambda nb: nb.cells.extend(25 * [code_cells(nb)[2]]), "cells with code"),
        (_silence_prose, "prose:"),
        (_only_emit, "analysis: 0 steps"),
        (_add("try:\n    x = 1\nexcept:\n    pass"), "silence: a bare except"),
        (_add("import warnings\nwarnings.filterwarnings('ignore')"), "silence: filterwarnings"),
        (_add("import warnings"), "imports: warnings"),
        (_add("import pandas as pd"), "imports: pandas"),
        (_add("from helpers.present import fmt"), "imports: helpers.present"),
    ],
)  # fmt: skip
def test_a_breach_is_found(break_it: Callable[[Notebook], None], fault: str) -> None:
    notebook = deepcopy(read(CHAPTERS[0]))
    assert faults(notebook) == []
    break_it(notebook)
    assert any(fault in found for found in faults(notebook)), faults(notebook)


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (lambda nb: code_cells(nb)[3].update(execution_count=3), "outputs or execution count"),
        (_replace(0, "index = {}", "index = {'weights': {'research': 2}}"), "parameters: {"),
        (_replace(1, "index=index, ", ""), "study: the second cell"),
        (_silence_prose, "prose:"),
        (_add("from helpers.analysis.gaps import gap"), "stands below the front room"),
        (_add("import json"), "stands below the front room"),
        (_add("try:\n    x = 1\nexcept:\n    pass"), "silence: a bare except"),
    ],
)
def test_a_breach_of_the_explorer_is_found(break_it: Callable[[Notebook], None], fault: str) -> None:
    notebook = deepcopy(read(EXPLORE))
    break_it(notebook)
    assert any(fault in found for found in explorer_faults(notebook)), explorer_faults(notebook)

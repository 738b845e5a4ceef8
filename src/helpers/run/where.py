"""`cityreport where`: from a figure or table of a report back to its cell, its helper, its rows, sources and commit.

Everything is read from the folder of the report; nothing is run. Only whether the code at hand is still that of the report, and
the commit where the report does not name one, are asked of the checkout.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from textwrap import indent
from typing import Any

from helpers.parameters import REPOSITORY, ParameterError
from helpers.publish.inputs import code_hash, code_inputs
from helpers.publish.manifest import MANIFEST

Lines = Iterator[tuple[str, str]]


def tell_origin(figure: str, folder: Path, render: str, say: Callable[[str], None]) -> None:
    """Tell `say` where `figure` (the id printed beside its number) of the report in `folder` comes from.

    `render` is the command that would make the report. Raises ParameterError if there is no report, or no such figure in it.
    """
    manifest = _manifest(folder, render)
    entries = {str(entry["id"]): entry for entry in manifest["figures"]}
    if figure not in entries:
        near = get_close_matches(figure, entries, n=3, cutoff=0.4)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise ParameterError(
            [f"figure: {figure!r} is not in {str(folder)!r}.{meant}", f"figure: it has {', '.join(entries)}."]
        )
    entry = entries[figure]
    say(f"{'Table' if entry['type'] == 'table' else 'Figure'} {entry['number']} · {figure}: {entry['title']}\n")
    for label, words in (*_of_figure(entry, manifest["sources"]), *_of_report(manifest, folder)):
        say(f"{label:11} {words}".rstrip())
    if code := _code(folder / "notebooks" / entry["notebook"], entry["cell_id"]):
        say(f"\nThe cell:\n\n{indent(code, '    ')}")


def _manifest(folder: Path, render: str) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest["figures"], manifest["sources"]
    except FileNotFoundError:
        raise ParameterError([f"report: there is none in {str(folder)!r}. Make it: {render}"]) from None
    except (OSError, ValueError, KeyError, TypeError):
        fault = f"report: {str(folder / MANIFEST)!r} does not say where its figures come from. Make it anew: {render}"
        raise ParameterError([fault]) from None
    return manifest


def _of_figure(entry: dict[str, Any], sources: dict[str, dict[str, str]]) -> Lines:
    yield "notebook", f"notebooks/{entry['notebook']}, code cell {entry['code_cell']} (id {entry['cell_id']})"
    if made_by := entry["made_by"]:
        yield "drawn by", f"src/{made_by['file']}:{made_by['line']}, {made_by['function']}"
    else:
        yield "drawn by", "the cell itself"
    if entry["pictures"]:
        yield "picture", ", ".join(entry["pictures"])
    data = entry["data"]
    yield "rows", f"{data['path']}: {data['rows']} rows; {', '.join(data['columns'])}"
    if entry["files"]:
        # The files that hold data of these sources; which rows of the observations, the indicators say.
        yield "data files", ", ".join(f"data/{file}" for file in entry["files"])
    for level, indicator, period in entry["indicators"]:
        yield "indicator", f"{indicator}, {level}, {period}"
    for id_ in entry["sources"]:
        one = sources[id_]
        edition = f"edition of {one['date']}" if one["date"] else "edition not dated"
        yield "source", f"{id_}: {one['publisher']}: {one['title']}"
        yield "", f"{edition}; {one['licence']}; {one['url']}"


def _of_report(manifest: dict[str, Any], folder: Path) -> Lines:
    parameters, data, code = manifest["parameters"], manifest["data"], manifest["code"]["sha256"]
    others = ", ".join(f"{name} {value}" for name, value in parameters.items() if name != "place" and value)
    yield "report", f"{manifest['place']} ({parameters['place']}): {others}"
    yield "version", f"cityreport {manifest['cityreport']}"
    yield "data", f"of {data['date']}, sha256 {data['sha256']}"
    same = code == code_hash(code_inputs(sorted((REPOSITORY / "notebooks").glob("[0-9]*.ipynb"))))
    yield "code", f"sha256 {code}"
    yield "", "the code at hand is that of the report" if same else "the code at hand differs: lines may have moved"
    yield "commit", _commit_of(folder)


def _commit_of(folder: Path) -> str:
    """The commit that the report was made from; if it is not written beside it, that of the checkout at hand."""
    try:
        written = json.loads((folder / "timings.json").read_text(encoding="utf-8")).get("commit")
    except (OSError, ValueError, AttributeError):
        written = None
    if written:
        return str(written)
    commit = _git("rev-parse", "HEAD")
    if commit is None or Path(_git("rev-parse", "--show-toplevel") or "") != REPOSITORY:
        return "not known: this is no git checkout"
    changed = ", with changes since" if _git("status", "--porcelain", "--", "src", "notebooks", "data") else ""
    return f"{commit}{changed} (of the checkout at hand; the report does not name one)"


def _git(*words: str) -> str | None:
    """What git says of the repository; None without git or a checkout."""
    try:
        done = subprocess.run(
            ["git", "-C", str(REPOSITORY), *words], capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _code(notebook: Path, cell_id: str) -> str:
    """The code of a cell of an executed notebook; empty if the notebook is gone."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return ""
    return next(("".join(cell["source"]) for cell in cells if cell.get("id") == cell_id), "")

"""Small chapters for tests of running: notebooks of a few cells, and the processes that belong to a test."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic, sleep

import nbformat
import psutil

from helpers.parameters import Parameters
from helpers.run.chapter import notebook_parameters

DEFAULTS = "\n".join(f"{name} = {value!r}" for name, value in notebook_parameters(Parameters.check()).items())
MARK = "CITYREPORT_TEST_MARK"


def write_chapter(folder: Path, *cells: str, name: str = "01-chapter", defaults: str = DEFAULTS) -> Path:
    """A chapter of the given code cells after the cell of defaults."""
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = nbformat.v4.new_notebook(metadata=kernel)
    first = nbformat.v4.new_code_cell(defaults, id="defaults", metadata={"tags": ["parameters"]})
    others = [nbformat.v4.new_code_cell(cell, id=f"cell-{number}") for number, cell in enumerate(cells)]
    notebook.cells = [first, *others]
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


def printed(path: Path, cell: int = -1) -> str:
    """What a cell of an executed notebook printed."""
    outputs = nbformat.read(path, as_version=4).cells[cell].outputs
    return "".join(output.text for output in outputs if output.output_type == "stream")


def marked(mark: str) -> list[psutil.Process]:
    """The processes started with `mark` as the value of the variable MARK, and their forks, this one excepted."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it has ended, or is not ours
    return found


def below(processes: Iterable[int] = ()) -> list[psutil.Process]:
    """The running descendants of this process, without the given ones."""
    children = psutil.Process().children(recursive=True)
    return [p for p in children if p.pid not in processes and p.status() != psutil.STATUS_ZOMBIE]


def comes_true(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait until `condition` holds; False if it does not within `seconds`."""
    until = monotonic() + seconds
    while not condition():
        if monotonic() > until:
            return False
        sleep(0.02)
    return True

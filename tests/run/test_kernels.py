"""Forked kernels give what plain ones give, start clean, and obey as kernels do."""

import asyncio
import json
import re
import signal
import tempfile
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO

import nbformat
import psutil
import pytest
from chapters import MARK, below, comes_true, marked, printed, write_chapter
from jupyter_client.asynchronous.client import AsyncKernelClient

from helpers.parameters import REPOSITORY, ParameterError, Parameters
from helpers.present.blocks import BLOCK_MIME
from helpers.run import chapter as chapter_module
from helpers.run.chapter import execute_chapter
from helpers.run.faults import FigureLost, KernelDied
from helpers.run.forked import environment
from helpers.run.kernels import (
    ForkedKernels,
    ForkProvisioner,
    KernelKind,
    Kernels,
    Manager,
    PlainKernels,
    open_kernels,
)
from helpers.run.report import render_report

BOCHUM = Parameters.check(place="Bochum")

SHOWN = """
import sys, warnings
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
print("to stdout"); print("to stderr", file=sys.stderr)
warnings.warn("a warning")
drawn, axes = plt.subplots(figsize=(2, 1)); axes.plot([1, 2], [2, 1])
display(pd.DataFrame({"a": [1.5, None]}))
__name__, sys.path[0], np.get_printoptions()["precision"], pd.get_option("display.max_rows"), plt.get_backend()
"""
"""Output of every kind; pyplot's figure is shown by the inline backend when the cell ends."""


def test_all_chapters_of_a_place_are_the_same_to_the_byte(
    forked: ForkedKernels, plain: Kernels, tmp_path: Path
) -> None:
    reports = {}
    for kernels in (plain, forked):
        folder = render_report(BOCHUM, tmp_path / kernels.kind, lambda step: None, kernels).folder
        files = [path for path in folder.rglob("*") if path.is_file() and path.name != "timings.json"]
        reports[kernels.kind] = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    assert len([name for name in reports["plain"] if name.endswith(".ipynb")]) == len(
        list((REPOSITORY / "notebooks").glob("[0-9]*.ipynb"))
    )
    assert reports["plain"].keys() == reports["fork"].keys()
    assert [name for name, content in reports["plain"].items() if content != reports["fork"][name]] == []


def test_a_folder_too_long_for_sockets_is_refused_and_left_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("x" * 80)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with pytest.raises(
        ParameterError, match=f"TMPDIR: {str(folder)!r} is too long for the sockets of kernels; at most"
    ):
        PlainKernels()
    assert list(folder.iterdir()) == []


def test_pictures_tables_streams_and_settings_are_the_same(
    forked: ForkedKernels, plain: Kernels, tmp_path: Path
) -> None:
    chapter = write_chapter(tmp_path, SHOWN)
    found = [execute_chapter(chapter, BOCHUM, tmp_path / kernels.kind, kernels).path for kernels in (plain, forked)]
    one, other = (path.read_text("utf-8") for path in found)
    process = r"ipykernel_\d+"  # in the place of a warning
    assert re.sub(process, "", one) == re.sub(process, "", other)
    bundles = [output.get("data", {}) for output in nbformat.read(found[1], as_version=4).cells[-1].outputs]
    assert sum("image/png" in bundle for bundle in bundles) == 1
    assert "'inline'" in one or "backend_inline" in one


def test_nothing_leaks_from_one_chapter_to_the_next(forked: ForkedKernels, tmp_path: Path) -> None:
    probe = (
        "import builtins, os, sys, matplotlib, pandas; from helpers.present import language\n"
        "print('x' in globals(), hasattr(builtins, 'x'), os.environ.get('X'), 'x' in sys.path,\n"
        "      matplotlib.rcParams['font.size'], pandas.get_option('display.max_rows'), language.current(), os.listdir())"
    )
    spoil = (
        "x = builtins.x = 1; os.environ['X'] = '1'; sys.path.append('x'); open('x', 'w').close()\n"
        "matplotlib.rcParams['font.size'] = 99; pandas.set_option('display.max_rows', 9); language.use('en')"
    )
    first = execute_chapter(write_chapter(tmp_path, probe, spoil, probe), BOCHUM, tmp_path / "1", forked).path
    second = execute_chapter(write_chapter(tmp_path, probe), BOCHUM, tmp_path / "2", forked).path
    assert printed(second) == printed(first, 2) == "False False None False 10.0 60 de []\n"
    assert printed(first) == "True True 1 True 99.0 9 en ['x']\n"


def test_a_kernel_has_one_thread_for_linear_algebra_and_random_numbers_of_its_own(
    forked: ForkedKernels, tmp_path: Path
) -> None:
    code = (
        "import os, random, numpy as np; print(os.environ['OPENBLAS_NUM_THREADS'], random.random(), np.random.random())"
    )
    chapter = write_chapter(tmp_path, code)
    one, other = (
        printed(execute_chapter(chapter, BOCHUM, tmp_path / name, forked).path).split() for name in ("1", "2")
    )
    assert one[0] == other[0] == "1"
    assert one[1] != other[1] and one[2] != other[2]


@pytest.mark.parametrize("kind", ["fork", "plain"])
def test_a_notebook_runs_in_a_folder_of_its_own(
    kind: KernelKind, forked: ForkedKernels, plain: Kernels, tmp_path: Path
) -> None:
    chapter = write_chapter(tmp_path, "import os; print(os.listdir()); print(os.getcwd(), os.environ['IPYTHONDIR'])")
    kernels = forked if kind == "fork" else plain
    files, folders = printed(execute_chapter(chapter, BOCHUM, tmp_path / "run", kernels).path).splitlines()
    assert files == "[]"
    for folder in folders.split():
        assert Path(folder).is_relative_to(kernels.private.resolve())
        assert not Path(folder).exists()


def test_the_server_has_one_thread_and_no_zeromq_context(forked: ForkedKernels, tmp_path: Path) -> None:
    execute_chapter(write_chapter(tmp_path, "1"), BOCHUM, tmp_path / "run", forked)
    assert forked.server.ask("threads") == {"threads": 1}
    # A ZeroMQ context is a thread and an event descriptor at least.
    kinds = [str(descriptor.readlink()) for descriptor in Path(f"/proc/{forked.server.pid}/fd").iterdir()]
    assert [kind for kind in kinds if kind.startswith("anon_inode")] == []


def test_the_provisioner_is_registered() -> None:
    (found,) = entry_points(group="jupyter_client.kernel_provisioners", name="cityreport-fork")
    assert found.load() is ForkProvisioner


def test_a_figure_without_its_pictures_is_an_error(forked: ForkedKernels, tmp_path: Path) -> None:
    block = f"{{'{BLOCK_MIME}': {{'type': 'figure', 'id': 'a'}}, 'image/png': 'iVBO', 'image/svg+xml': '<svg/>'}}"
    chapter = write_chapter(tmp_path, f"block = {block}\ndisplay(block, raw=True)\ndel block['image/png']")
    execute_chapter(chapter, BOCHUM, tmp_path / "run", forked)
    chapter = write_chapter(tmp_path, f"block = {block}\ndel block['image/png']\ndisplay(block, raw=True)")
    with pytest.raises(FigureLost, match=r"01-chapter\.ipynb.*: 1 figures and maps came with 0 pictures \(image/png\)"):
        execute_chapter(chapter, BOCHUM, tmp_path / "run", forked)
    assert chapter_module.BLOCK_MIME == BLOCK_MIME


# A kernel obeys.


async def answer(client: AsyncKernelClient, code: str) -> str:
    """What `code` prints, or the name of its error."""
    printed: list[str] = []

    def keep(message: dict[str, dict[str, str]]) -> None:
        printed.append(message["content"].get("text", ""))

    reply = await client.execute_interactive(code, timeout=30, output_hook=keep)
    content = reply["content"]
    return str(content["ename"]) if content["status"] == "error" else "".join(printed)


async def obeys(manager: Manager, folder: Path, output: IO[bytes]) -> None:
    env = environment(IPYTHONDIR=str(folder / "ipython"))
    await manager.start_kernel(cwd=str(folder), env=env, stdout=output, stderr=output)
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=30)
    first = int(await answer(client, "import os; x = 1; print(os.getpid())"))

    async def interrupt() -> None:
        await asyncio.sleep(0.5)
        await manager.interrupt_kernel()

    interrupting = asyncio.ensure_future(interrupt())
    assert await answer(client, "import time; time.sleep(60)") == "KeyboardInterrupt"
    await interrupting
    assert await answer(client, "print(x)") == "1\n", "an interrupt leaves the variables"

    await manager.restart_kernel()
    await client.wait_for_ready(timeout=30)
    second = int(await answer(client, "import os; print(os.getpid())"))
    assert second != first and not psutil.pid_exists(first)
    assert await answer(client, "x") == "NameError", "a restart forgets them"

    client.stop_channels()
    await manager.shutdown_kernel()
    assert not psutil.pid_exists(second)
    assert not await manager.is_alive()


@pytest.mark.parametrize("kind", ["fork", "plain"])
def test_interrupt_restart_and_shutdown(
    kind: KernelKind, forked: ForkedKernels, plain: Kernels, tmp_path: Path
) -> None:
    kernels = forked if kind == "fork" else plain
    with (tmp_path / "output").open("wb") as output:
        asyncio.run(obeys(kernels.manager(tmp_path), tmp_path, output))


def test_a_kernel_goes_with_all_that_it_started(forked: ForkedKernels, tmp_path: Path) -> None:
    code = "import subprocess; print(subprocess.Popen(['sleep', '1000']).pid)"
    pid = int(printed(execute_chapter(write_chapter(tmp_path, code), BOCHUM, tmp_path / "run", forked).path))
    assert comes_true(lambda: not psutil.pid_exists(pid))
    assert below([forked.server.pid]) == []


def test_a_server_that_dies_takes_its_kernels_along_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MARK, str(tmp_path))
    killing = f"import os, signal, time; os.kill(os.getppid(), {signal.SIGKILL:d}); time.sleep(60)"
    with open_kernels("fork") as kernels:
        kernels.prepare(BOCHUM, 60)
        with pytest.raises(
            KernelDied, match=r"01-chapter\.ipynb, code cell 3: the fork server was ended by signal SIGKILL"
        ):
            execute_chapter(write_chapter(tmp_path, killing), BOCHUM, tmp_path / "run", kernels)
        assert comes_true(lambda: marked(str(tmp_path)) == [])


def test_a_server_that_cannot_start_is_named_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ipykernel.py").write_text("raise ImportError('broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    said = r"the fork server ended with exit code 1; it last wrote:(.|\n)*ImportError: broken"
    with open_kernels("fork") as kernels, pytest.raises(KernelDied, match=said):
        kernels.prepare(BOCHUM, 60)


def test_indices_are_shared_by_places_and_by_nothing_that_may_change_them() -> None:
    """A parameter that is new is taken to change the index until it is named among those that do not."""
    with open_kernels("fork") as kernels:
        assert isinstance(kernels, ForkedKernels)
        for place in ("Bochum", "Essen", "Sonsbeck"):
            kernels.prepare(Parameters.check(place=place, language="en", seed=2, draws=200), 60)
        kernels.prepare(Parameters.check(place="Bochum", universe="cities", draws=200), 60)
        (ruhr, cities) = kernels.server.ask("indices")["indices"]
    unaffected = set(Parameters.model_fields) - set(json.loads(ruhr))
    assert unaffected == {"place", "peers", "n_peers", "language", "draws", "seed"}
    assert [json.loads(key)["universe"] for key in (ruhr, cities)] == ["ruhr", "cities"]

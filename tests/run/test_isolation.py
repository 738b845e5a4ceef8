"""What goes wrong in a report stays there: it is named, nothing runs on, nothing half is left, the last good report stays."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from chapters import MARK, below, comes_true, marked, write_chapter

from helpers.parameters import DATA_DIR, Parameters
from helpers.run import report
from helpers.run.console import command, render_all
from helpers.run.faults import KernelDied, LimitExceeded, Limits, ReportError
from helpers.run.kernels import ForkedKernels, KernelKind, Kernels
from helpers.run.report import render_report, report_folder
from helpers.run.staging import staged, swap

BOCHUM = Parameters.check(place="Bochum")
GRANDCHILD = "import subprocess; subprocess.Popen(['sleep', '1000'])\n"


@dataclass(frozen=True)
class Injected:
    """The first cell of a chapter after its parameters, and what is then told of it."""

    code: str
    kind: type[ReportError]
    message: str
    limits: Limits | None = None


INJECTED = {
    "exception": Injected("x = 1\n1 / 0", ReportError, r"code cell 3, line 3: ZeroDivisionError: division by zero"),
    "exit": Injected("import sys; sys.exit('enough')", ReportError, r"code cell 3.*: SystemExit: enough"),
    "exit 0": Injected(
        "import sys; sys.exit(0)",
        ReportError,
        r"code cell 3: the cell ended the notebook \(SystemExit\); 1 code cells after it were not run",
    ),
    "os._exit": Injected("import os; os._exit(7)", KernelDied, r"code cell 3: the kernel ended with exit code 7"),
    "kill": Injected(
        "import os, sys; print('last words', file=sys.__stderr__, flush=True); os.kill(os.getpid(), 9)",
        KernelDied,
        r"code cell 3: the kernel was ended by signal SIGKILL; it last wrote:\n(.|\n)*last words",
    ),
    "endless": Injected(
        "while True: pass",
        LimitExceeded,
        r"code cell 3: the cell took longer than its limit of 1\.5 s",
        Limits(cell_seconds=1.5),
    ),
    "endless report": Injected(
        "import time; time.sleep(100)",
        LimitExceeded,
        r"code cell 3: the report took longer than its limit of 4 s",
        Limits(report_seconds=4),
    ),
    "memory": Injected(
        "import numpy as np; np.ones(10**8)",
        LimitExceeded,
        r"code cell 3.*: more memory than the limit of 700 MiB \((_Array)?MemoryError: Unable to allocate 763\. MiB",
        Limits(memory_mib=700),
    ),
    "memory, bit by bit": Injected(
        "held = []\nwhile True: held.append(bytearray(10**6))",
        LimitExceeded,
        r"code cell 3.*: more memory than the limit of 700 MiB \(MemoryError",
        Limits(memory_mib=700),
    ),
}


@pytest.fixture
def chapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder from which the chapters of a report are taken."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(report, "NOTEBOOKS", folder)
    return folder


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A good report of before."""
    folder = report_folder(BOCHUM, tmp_path / "out")
    folder.mkdir(parents=True)
    (folder / "report.pdf").write_text("the last good one")
    return folder


def is_untouched(folder: Path) -> bool:
    """True if the good report stands there as before, and nothing beside it."""
    return (
        (folder / "report.pdf").read_text() == "the last good one"
        and [path.name for path in folder.iterdir()] == ["report.pdf"]
        and [path.name for path in folder.parent.iterdir()] == [folder.name]
    )


def fails(kernels: Kernels, injected: Injected, chapters: Path, good: Path) -> ReportError:
    write_chapter(chapters, f"{GRANDCHILD}{injected.code}", "'after'", name="02-fails")
    before = {process.pid for process in below()}
    with pytest.raises(injected.kind, match=rf"^02-fails\.ipynb, {injected.message}") as caught:
        render_report(BOCHUM, good.parents[1], lambda step: None, kernels, injected.limits)
    assert type(caught.value) is injected.kind
    assert is_untouched(good)
    assert comes_true(lambda: below(before) == []), below(before)
    assert list(kernels.private.glob("*/")) == [], "the private folders are removed"
    return caught.value


@pytest.mark.parametrize("name", INJECTED)
def test_what_goes_wrong_in_a_forked_kernel(name: str, forked: ForkedKernels, chapters: Path, good: Path) -> None:
    error = fails(forked, INJECTED[name], chapters, good)
    assert (error.chapter, error.cell) == ("02-fails.ipynb", 3)
    assert error.partial is not None and "sleep" in error.partial
    assert psutil.pid_exists(forked.server.pid), "the fork server is there for the next report"


@pytest.mark.parametrize("name", ["exception", "exit 0", "kill", "endless", "memory"])
def test_what_goes_wrong_in_a_plain_kernel(name: str, plain: Kernels, chapters: Path, good: Path) -> None:
    fails(plain, INJECTED[name], chapters, good)


def test_a_failing_chapter_ends_those_beside_it(forked: ForkedKernels, chapters: Path, good: Path) -> None:
    write_chapter(chapters, "import time; time.sleep(100)", name="01-long")
    write_chapter(chapters, "1 / 0", name="02-fails")
    with pytest.raises(ReportError, match=r"02-fails\.ipynb, code cell 3, line 1: ZeroDivisionError"):
        render_report(BOCHUM, good.parents[1], lambda step: None, forked, at_once=2)
    assert below([forked.server.pid]) == []
    assert is_untouched(good)


def test_a_pdf_that_takes_too_long_is_stopped(
    forked: ForkedKernels, tmp_path: Path, good: Path, chapters: Path
) -> None:
    code = "from helpers import heading; heading('Ein Befund', label='Kapitel')"
    path = write_chapter(chapters, code)
    with pytest.raises(LimitExceeded, match="PDF: took longer than the 0 s left of the report's time"):
        forked.print_report(BOCHUM, [path], tmp_path / "made", 0.0)
    assert below([forked.server.pid]) == []


def test_the_message_names_the_command_to_repeat(
    chapters: Path, good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_chapter(chapters, "1 / 0")
    essen = Parameters.check(place="Essen", language="en", peers=["Bochum", "Hagen"])
    assert render_all([essen, BOCHUM], good.parents[1], "plain") == 1
    lines = capsys.readouterr().err.splitlines()
    out = good.parents[1]
    assert lines == [
        "[1/2] Essen (05113000, ruhr): failed in 01-chapter.ipynb, code cell 3, line 1: ZeroDivisionError: division by zero",
        "  repeat: cityreport render 05113000 --universe ruhr --peers 05911000,05914000 --language en"
        f" --out {out} --kernel plain",
        "[2/2] Bochum (05911000, ruhr): failed in 01-chapter.ipynb, code cell 3, line 1: ZeroDivisionError: division by zero",
        f"  repeat: cityreport render 05911000 --universe ruhr --out {out} --kernel plain",
    ]
    assert command(BOCHUM, Path("a folder"), "fork").endswith("--out 'a folder'")


@pytest.mark.parametrize("kind", ["fork", "plain"])
def test_faulty_data_are_refused_with_every_fault(kind: KernelKind, tmp_path: Path) -> None:
    data = Path(shutil.copytree(DATA_DIR, tmp_path / "data"))
    places = (data / "places.csv").read_text(encoding="utf-8")
    (data / "places.csv").write_text(places.replace(",358676,", ",many,"), encoding="utf-8", newline="\n")
    words = ["render", "Bochum", "--out", "out", "--kernel", kind]
    done = subprocess.run(
        [Path(sys.executable).with_name("cityreport"), *words],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"CITYREPORT_DATA": "data"},
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert any("places.csv, line " in line and "population: 'many'" in line for line in done.stderr.splitlines())
    assert list((tmp_path / "out").rglob("*.*")) == []


# The command is ended from outside.

PROGRAM = """
import sys
from pathlib import Path
from helpers.parameters import DATA_DIR, Parameters
from helpers.run import console, report
report.NOTEBOOKS = Path(sys.argv[1])
sys.exit(console.render_all([Parameters.check(place="Bochum")], Path(sys.argv[2]), sys.argv[3]))
"""


@pytest.fixture
def private() -> Iterator[Path]:
    """A folder for the command's own, outside pytest's: the address of a socket holds about a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="cr-") as folder:
        yield Path(folder)


def started(chapters: Path, out: Path, kind: KernelKind, ready: Path, private: Path) -> "subprocess.Popen[str]":
    """A render command whose chapter has begun to wait, with a process of its own beside it."""
    write_chapter(chapters, f"{GRANDCHILD}open('{ready}', 'w').close()\nimport time; time.sleep(100)")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, chapters, out, kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, MARK: str(out), "TMPDIR": str(private)},
    )
    assert comes_true(ready.exists), process.communicate(timeout=1)
    return process


@pytest.mark.parametrize(
    ("kind", "sent", "status"),
    [
        ("fork", signal.SIGINT, 130),
        ("fork", signal.SIGTERM, 143),
        ("fork", signal.SIGKILL, -signal.SIGKILL),
        ("plain", signal.SIGINT, 130),
        ("plain", signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_ending_the_command_leaves_nothing(
    kind: KernelKind, sent: signal.Signals, status: int, chapters: Path, good: Path, tmp_path: Path, private: Path
) -> None:
    process = started(chapters, good.parents[1], kind, tmp_path / "ready", private)
    process.send_signal(sent)
    _, error = process.communicate(timeout=20)
    assert process.returncode == status
    assert "Traceback" not in error
    killed = sent == signal.SIGKILL
    if not killed:
        assert re.fullmatch(
            r"\[1/1\] Bochum \(05911000, ruhr\): stopped, nothing was changed\n  repeat: cityreport render .*\n", error
        )
    if kind == "plain" and killed:
        # Nobody is left to do it, so the kernel ends by itself; its child is what plain kernels cannot account for.
        others = [one for one in marked(str(good.parents[1])) if one.name() == "sleep"]
        assert comes_true(lambda: marked(str(good.parents[1])) == others)
        for one in others:
            one.kill()
        with staged(good):
            pass
    else:
        assert comes_true(lambda: marked(str(good.parents[1])) == []), marked(str(good.parents[1]))
        assert comes_true(lambda: list(private.iterdir()) == []), list(private.iterdir())
    assert comes_true(lambda: is_untouched(good))


# The folder of a report.


def test_a_run_killed_between_the_two_renames_is_put_right(tmp_path: Path) -> None:
    target = tmp_path / "05911000-bochum"
    old = tmp_path / ".05911000-bochum-abc-old"
    old.mkdir()
    (old / "report.pdf").write_text("the last good one")
    (tmp_path / ".05911000-bochum-abc").mkdir()
    with staged(target) as staging:
        assert (target / "report.pdf").read_text() == "the last good one"
        assert {path.name for path in tmp_path.iterdir()} == {target.name, staging.name}
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_two_runs_of_the_same_report_do_not_disturb_each_other(tmp_path: Path) -> None:
    target = tmp_path / "05911000-bochum"
    with staged(target) as first:
        (first / "report.pdf").write_text("first")
        with staged(target) as second:
            (second / "report.pdf").write_text("second")
            swap(second, target)
        assert first.exists()
        swap(first, target)
    assert (target / "report.pdf").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]

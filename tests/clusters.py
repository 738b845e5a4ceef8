"""A real cluster for tests: a scheduler and workers, each a process of its own in a folder of its own."""

import os
import re
import socket
import subprocess
import sys
import tempfile
from functools import partial
from itertools import count
from pathlib import Path

import psutil
from chapters import MARK, comes_true, marked

# Every process of a worker makes its reports from the notebooks of the test.
PRELOAD = """
import os
from pathlib import Path
from helpers.run import report
report.NOTEBOOKS = Path(os.environ["TEST_NOTEBOOKS"])
"""


class Cluster:
    """The processes of a cluster, all marked with `folder`; `close` ends them and sees that nothing is left."""

    def __init__(self, folder: Path, notebooks: Path, **environment: str):
        self.folder, self.notebooks = folder, notebooks
        folder.mkdir()
        # Outside pytest's folders: the address of a kernel's socket holds about a hundred characters.
        self._private = tempfile.TemporaryDirectory(prefix="cr-")
        (folder / "preload.py").write_text(PRELOAD, encoding="utf-8")
        self.workers: list[subprocess.Popen[bytes]] = []
        self._names = (f"worker-{number}" for number in count())
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.scheduler = self._start(
            "scheduler", ["--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"], **environment
        )
        assert comes_true(lambda: "Scheduler at:" in self.log("scheduler"), 60), self.log("scheduler")

    @property
    def address(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def add_workers(
        self, number: int, threads: int = 1, nanny: bool = False, **environment: str
    ) -> "list[subprocess.Popen[bytes]]":
        """Workers that have registered with the scheduler. With a `nanny`, each is started by a process that replaces it."""
        names = [next(self._names) for _ in range(number)]
        added = []
        for name in names:
            options = [
                "--preload",
                str(self.folder / "preload.py"),
                "--local-directory",
                str(self.folder / name / "local"),
            ]
            options += [
                "--nanny" if nanny else "--no-nanny",
                "--nthreads",
                str(threads),
                "--no-dashboard",
                f"tcp://127.0.0.1:{self.port}",
            ]
            added.append(self._start(name, ["--name", name, *options], **environment))
        self.workers += added
        for name in names:
            assert comes_true(partial(self._has_joined, name), 60), self.log(name)
        return added

    def _has_joined(self, name: str) -> bool:
        return "Registered to" in self.log(name)

    def log(self, name: str) -> str:
        return (self.folder / name / "log").read_text(encoding="utf-8", errors="replace")

    def kernels(self) -> list[psutil.Process]:
        """The processes that the workers have started and that still run, and those that dead workers have left."""
        own = {self.scheduler.pid, *(worker.pid for worker in self.workers)}
        return [
            one for one in marked(str(self.folder)) if one.pid not in own and "resource_tracker" not in _command(one)
        ]

    def private(self) -> list[Path]:
        """What our code has in the folder for temporary files of the workers; dask has a folder of its own there."""
        return list(Path(self._private.name).glob("cityreport-*"))

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.terminate()
        for process in (*self.workers, self.scheduler):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        assert comes_true(lambda: self.kernels() == [] and self.private() == []), (self.kernels(), self.private())
        self._private.cleanup()

    def _start(self, name: str, options: list[str], **environment: str) -> "subprocess.Popen[bytes]":
        folder = self.folder / name
        folder.mkdir()
        command = [sys.executable, "-m", "dask", re.sub("-.*", "", name), *options]
        own = {
            MARK: str(self.folder),
            "TMPDIR": self._private.name,
            "TEST_NOTEBOOKS": str(self.notebooks),
            "PYTHONWARNINGS": "default",
        }
        with (folder / "log").open("wb") as log:
            return subprocess.Popen(
                command, stdout=log, stderr=log, cwd=folder, env=os.environ | own | environment, start_new_session=True
            )


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""

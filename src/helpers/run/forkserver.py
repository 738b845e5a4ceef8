"""The fork server: a process that has libraries, helpers and facts loaded once and forks every kernel from itself.

It is started by `forked.ForkServer` with one end of a socket pair as its standard input and a folder as its argument, and
answers one JSON line with one JSON line. It never runs a line of a notebook, opens no ZeroMQ context and starts no thread:
each kernel begins as a copy of a process in which nothing has happened but imports and the study of the report. When the other
end of the socket is closed, however that came about, all that was forked is killed with its children, the folder is
removed, and the server ends.
"""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

ROOMS = (
    "helpers.analysis.audit",
    "helpers.present.blocks",
    "helpers.present.charts",
    "helpers.present.fmt",
    "helpers.present.listings",
    "helpers.present.maps",
    "helpers.present.session",
    "helpers.present.wording",
    "helpers.run.printing",
)
"""What the chapters and the publisher use of the helpers; numpy, pandas, matplotlib and typst come with it."""

LIBRARIES = (
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "scipy.stats",
    # Not matplotlib_inline.backend_inline and not pyplot: they register what shows figures with the running shell, and here
    # none is running. A kernel that inherits them loses its figures without an error.
)


BESIDE_INDEX = ("place", "peers", "n_peers", "language", "draws", "seed")
MOST_INDICES = 8
COLUMNS_IN_NOTEBOOKS = 20
"""pandas' own default of `display.max_columns` in a notebook."""


def threads() -> int:
    """The threads of this process, also those that are not Python's."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else threading.active_count()


class Server:
    """Answers requests until the socket is closed."""

    def __init__(self, connection: socket.socket, folder: str):
        from helpers.analysis.index import IndexResult
        from helpers.data.facts import Facts, load_facts
        from helpers.data.faults import DataError, Fault

        self.connection = connection
        self.facts: Facts | None = None
        self.faults: list[Fault] = []
        try:
            self.facts = load_facts()
        except DataError as error:
            self.faults = error.faults
        self.indices: dict[str, dict[str, IndexResult]] = {}
        self.drawn: set[str] = set()
        self.running: set[int] = set()
        self.folders = {folder}

    def serve(self) -> None:
        """Answer until the other end closes; then leave no process and none of the folders entrusted to this one."""
        buffer = b""
        while True:
            try:
                received, descriptors, _, _ = socket.recv_fds(self.connection, 65536, 1)
            except ConnectionError:
                received, descriptors = b"", []
            if not received:
                break
            buffer += received
            if not buffer.endswith(b"\n"):
                continue
            request = json.loads(buffer)
            buffer = b""
            reply = self.answer(request, descriptors[0] if descriptors else None)
            for descriptor in descriptors:
                os.close(descriptor)
            try:
                self.connection.sendall(json.dumps(reply).encode() + b"\n")
            except ConnectionError:
                break
        for pid in self.running:
            end_group(pid)
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def answer(self, request: dict[str, Any], output: int | None) -> dict[str, Any]:
        """The reply to one request; what goes wrong is told in it and does not end the server."""
        operations: dict[str, Callable[..., dict[str, Any]]] = {
            "prepare": self.prepare,
            "kernel": self.kernel,
            "print": self.print,
            "poll": self.poll,
            "entrust": self.entrust,
            "release": self.release,
            "threads": lambda: {"threads": threads()},
            "indices": lambda: {"indices": list(self.indices)},
        }
        operation = operations[request.pop("op")]
        if output is not None:
            request["output"] = output
        try:
            return operation(**request)
        except Exception as error:  # noqa: BLE001  (it is raised again at the other end)
            traceback.print_exc()
            return {"error": f"{type(error).__name__}: {error}"}

    def prepare(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Make the study of the next report, so that all its chapters inherit it; or tell the faults of the data."""
        if self.facts is None:
            return {"faults": [asdict(fault) for fault in self.faults]}
        from helpers.data.faults import DataError
        from helpers.parameters import Parameters
        from helpers.present import maps, style
        from helpers.present.session import prepare_study
        from helpers.publish import page

        # Indices are kept for the next place, but apart for all parameters except those known to leave an index alone.
        apart = json.dumps(
            {name: value for name, value in parameters.items() if name not in BESIDE_INDEX}, sort_keys=True
        )
        while apart not in self.indices and len(self.indices) >= MOST_INDICES:
            del self.indices[next(iter(self.indices))]
        known = self.indices.setdefault(apart, {})
        study = prepare_study(Parameters.check(**parameters), self.facts, known)
        try:
            study.press  # noqa: B018  (claims that cannot be judged are told before the first chapter; the chapters inherit it)
        except DataError as error:
            return {"faults": [asdict(fault) for fault in error.faults]}
        if study.universe.name not in self.drawn:
            # Outlines, fonts and picture formats are read at their first use. A map and a style sheet that are thrown away spare
            # each chapter and the printer that.
            figure = maps.index_map(study).figure
            style.svg(figure)
            style.png(figure)
            page.style(frozenset())
            self.drawn.add(study.universe.name)
        return {"changed": list(self.facts.changed)}

    def kernel(self, argv: list[str], env: dict[str, str], cwd: str, output: int) -> dict[str, Any]:
        """Fork a kernel with its arguments, environment and working directory; it prints to the descriptor `output`."""
        return self._fork(lambda: _run_kernel(argv, cwd, env), output)

    def print(
        self, parameters: dict[str, Any], notebooks: list[str], folder: str, refused: str, output: int
    ) -> dict[str, Any]:
        """Fork a process that makes the files of a report; why it refuses to is written to the file `refused`."""
        from helpers.parameters import Parameters
        from helpers.publish.blocks import PublishError
        from helpers.run.printing import print_report

        facts = self.facts
        assert facts is not None, "a report is prepared before it is printed"

        def run() -> None:
            try:
                print_report(Parameters.check(**parameters), facts, [Path(path) for path in notebooks], Path(folder))
            except PublishError as error:
                Path(refused).write_text(str(error), encoding="utf-8")

        return self._fork(run, output)

    def poll(self, pid: int) -> dict[str, Any]:
        """The exit status of a forked process as `subprocess` counts it; None while it runs."""
        # The process is looked at but not collected, so that its group keeps its number until all of it is killed.
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return {"status": None}
        self.running.discard(pid)
        return {"status": end_group(pid)}

    def entrust(self, folder: str) -> dict[str, Any]:
        """A folder to remove if the other end disappears: the unfinished work of a running report."""
        self.folders.add(folder)
        return {}

    def release(self, folder: str) -> dict[str, Any]:
        """The folder is finished or removed."""
        self.folders.discard(folder)
        return {}

    def _fork(self, run: Callable[[], None], output: int) -> dict[str, Any]:
        if threads() > 1:
            raise RuntimeError(f"{threads()} threads run in the fork server; a fork would copy their locks")
        sys.stdout.flush()
        sys.stderr.flush()
        gc.collect()
        gc.freeze()  # what is here stays shared: the collector of the copy does not write to it
        pid = os.fork()
        if pid == 0:
            self.connection.detach()
            _become(run, output)
        with suppress(PermissionError):
            # Both set the group, so that it exists whoever comes first; afterwards the child may have moved on.
            os.setpgid(pid, pid)
        self.running.add(pid)
        return {"pid": pid}


def end_group(pid: int) -> int:
    """Kill a forked process with all of its group; its exit status."""
    with suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says so by refusing
        os.killpg(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _become(run: Callable[[], None], output: int) -> NoReturn:
    """Run in the copy and end it: with a group, standard streams and random numbers of its own."""
    status = 1
    try:
        os.setpgid(0, 0)
        empty = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((empty, 0), (output, 1), (output, 2)):
            os.dup2(source, target)
        os.close(empty)
        os.close(output)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        random.seed()
        import numpy as np

        np.random.seed()
        run()
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # noqa: BLE001  (there is nobody above: it is printed, and the status tells)
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _run_kernel(argv: list[str], cwd: str, env: dict[str, str]) -> None:
    """What `python -m ipykernel_launcher` does, without its imports."""
    from ipykernel.kernelapp import IPKernelApp

    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = argv
    # The kernel ends within a second should the server be killed: ipykernel then finds that its parent has changed.
    app: Any = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(argv[1:])
    app.start()


def main() -> None:
    """Load everything, then serve."""
    connection = socket.socket(fileno=os.dup(0))
    connection.set_inheritable(False)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # next to nothing of what is loaded here is garbage; `_fork` collects once
    for module in (*ROOMS, *LIBRARIES):
        import_module(module)
    gc.enable()
    import pandas as pd

    # pandas asks when it is imported whether it is in a notebook, and would cut wide tables to a terminal's width here.
    pd.set_option("display.max_columns", COLUMNS_IN_NOTEBOOKS)
    Server(connection, sys.argv[1]).serve()


if __name__ == "__main__":
    main()

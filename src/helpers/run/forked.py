"""The fork server from the side of those who ask it (forkserver.py is the other side), and the processes that it forks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpers.parameters import DATA_DIR
from helpers.run.faults import KernelDied, LimitExceeded, ReportError

# One thread a process: the arrays are small, and reports run side by side.
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_TAIL = 2000


class ForkServer:
    """This end of the fork server (forkserver.py). It starts loading at once; the first answer waits until it is done.

    `folder` holds what it prints, and is removed when it ends.
    """

    def __init__(self, folder: Path) -> None:
        self.obituary: str | None = None
        self._log = folder / "forkserver"
        self._connection, theirs = socket.socketpair()
        self._asking = threading.Lock()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "helpers.run.forkserver", str(folder)],
                stdin=theirs.fileno(),
                stdout=log,
                stderr=log,
                env=environment(
                    MPLBACKEND="module://matplotlib_inline.backend_inline",
                    PYDEVD_DISABLE_FILE_VALIDATION="1",  # the debugger, imported for ipykernel, would complain in the log
                ),
                start_new_session=True,  # Ctrl-C reaches this process alone, which then ends the others
            )
        theirs.close()

    @property
    def pid(self) -> int:
        """The process of the server."""
        return self._process.pid

    def ask(
        self, op: str, *, seconds: float | None = None, output: int | None = None, **request: Any
    ) -> dict[str, Any]:
        """The server's answer; `output` is a descriptor that it is given.

        Raises ReportError for what the server refuses, KernelDied if it has ended, LimitExceeded after `seconds`.
        """
        message = json.dumps({"op": op, **request}).encode() + b"\n"
        with self._asking:
            try:
                self._connection.settimeout(seconds)
                sent = socket.send_fds(self._connection, [message], [] if output is None else [output])
                self._connection.sendall(message[sent:])
                reply = b""
                while not reply.endswith(b"\n"):
                    received = self._connection.recv(65536)
                    if not received:
                        raise ConnectionError
                    reply += received
            except TimeoutError:
                self.close()  # what it answers later would be taken for the answer to another question
                raise LimitExceeded(f"{op}: took longer than the {seconds:.0f} s left of the report's time") from None
            except OSError:
                self.obituary = self.obituary or f"the fork server {ended(self._process.wait())}{last_words(self._log)}"
                raise KernelDied(self.obituary) from None
        answer: dict[str, Any] = json.loads(reply)
        if "error" in answer:
            raise ReportError(answer["error"])
        return answer

    def fork(self, op: str, *, output: int, **request: Any) -> ForkedProcess:
        """A process forked for `op` (kernel or print), which prints to the descriptor `output`."""
        return ForkedProcess(self, self.ask(op, output=output, **request)["pid"])

    def close(self) -> None:
        """End the server and all that it forked."""
        self.obituary = self.obituary or "the fork server was closed"
        self._connection.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()  # it is computing; what it forked ends when it finds its parent gone
            self._process.wait()


class ForkedProcess:
    """A process forked by the server, with as much of `subprocess.Popen` as the kernel provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, server: ForkServer, pid: int):
        self.server, self.pid = server, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status (negative: the signal); None while the process runs. Its group is killed with it.

        Without the server nobody can know, and it is killed: its parent is gone, with which it would go by itself.
        """
        if self.returncode is None:
            try:
                self.returncode = self.server.ask("poll", pid=self.pid)["status"]
            except KernelDied:
                self.returncode = -signal.SIGKILL
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once there is one. Raises TimeoutExpired after `timeout` seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        pause = 0.002
        while (status := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("forked process", timeout or 0)
            time.sleep(pause)
            pause = min(1.5 * pause, 0.05)
        return status

    def send_signal(self, signum: int) -> None:
        """Send a signal to the group of the process, unless it has ended."""
        if self.poll() is None:
            os.killpg(self.pid, signum)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the process and all of its group, and wait until it is gone."""
        self.send_signal(signal.SIGKILL)
        self.wait()


def environment(**more: str) -> dict[str, str]:
    """The environment of kernels and of the fork server."""
    found = os.environ | dict.fromkeys(_THREADS, "1") | more
    if "CITYREPORT_DATA" in found:
        found["CITYREPORT_DATA"] = str(DATA_DIR.resolve())  # kernels run in a folder of their own
    return found


def ended(status: int | None) -> str:
    """How a process ended, in words."""
    if status is None:
        return "does not answer"
    if status >= 0:
        return f"ended with exit code {status}"
    try:
        return f"was ended by signal {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"


def last_words(output: Path) -> str:
    """The end of what a process printed into a file, to stand behind a sentence; empty if it printed nothing."""
    words = output.read_bytes()[-_TAIL:].decode(errors="replace").strip() if output.exists() else ""
    return f"; it last wrote:\n{words}" if words else ""

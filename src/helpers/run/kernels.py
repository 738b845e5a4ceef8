"""Where the chapters run: plain Jupyter kernels, or kernels forked from a process that has everything loaded.

Both are asked for in the same way and give the same notebooks (tests/run/test_kernels.py). Why there are two, and what
each costs: docs/decisions/0007-forked-kernels.md.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Literal, cast, get_args

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import default

from helpers.data.faults import DataError, Fault
from helpers.parameters import DATA_DIR, ParameterError, Parameters
from helpers.run.faults import KernelDied, LimitExceeded, ReportError

KernelKind = Literal["plain", "fork"]
KERNELS: tuple[KernelKind, ...] = get_args(KernelKind)

# One thread a process: the arrays are small, and reports run side by side.
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_LAUNCH = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
_TAIL = 2000
# The address of a socket holds 104 bytes on macOS, of which one ends it, and 108 on Linux.
_MOST_BYTES = 103
_SOCKET = "/tmp12345678/kernel-5"


def default_kernels() -> KernelKind:
    """`fork` where it is known to work. macOS can fork, but its own libraries do not promise to survive it."""
    return "fork" if hasattr(os, "fork") and sys.platform != "darwin" else "plain"


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Client(AsyncKernelClient):
    """A client without heartbeat, which costs a thread: whether the kernel lives is asked of its process."""

    def start_channels(
        self, shell: bool = True, iopub: bool = True, stdin: bool = True, hb: bool = True, control: bool = True
    ) -> None:
        """As jupyter_client has it, but for the heartbeat."""
        super().start_channels(shell, iopub, stdin, hb=False, control=control)


class Manager(AsyncKernelManager):
    """A kernel manager that brings its kernel specification along: none is looked up, none need be installed."""

    specification: KernelSpec
    server: ForkServer | None = None

    @default("client_factory")
    def _without_heartbeat(self) -> type[Client]:
        return Client

    @property
    def kernel_spec(self) -> KernelSpec:
        """The specification of the kernel that this manager starts."""
        return self.specification

    @property
    def exit_status(self) -> int | None:
        """How the kernel ended; None while it runs, or if it never did."""
        process = getattr(self.provisioner, "process", None)
        return None if process is None else process.poll()

    def limit_memory(self, mib: int) -> None:
        """Let the kernel have no more than `mib` MiB. On Linux only: elsewhere no limit can be set from outside.

        What counts is memory to write to that is its own: not the address space, of which a process with twelve threads has
        reserved more than a gigabyte before it computes anything, and not files mapped into memory.
        """
        if sys.platform == "linux":
            import resource

            pid: int = getattr(self.provisioner, "pid", 0)
            with suppress(ProcessLookupError):  # it has ended already, which is told where its status is read
                resource.prlimit(pid, resource.RLIMIT_DATA, (mib * 2**20, mib * 2**20))

    def end(self) -> None:
        """Kill the kernel with its group: also what a kernel that died by itself has left behind."""
        process = getattr(self.provisioner, "process", None)
        if process is not None and process.poll() is None:
            process.kill()
        group = getattr(self.provisioner, "pgid", None)
        if self.server is None and group is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)


class Kernels(ABC):
    """A source of kernels for the chapters of reports.

    Raises ParameterError where the folder for temporary files has too long a name for sockets.
    """

    kind: KernelKind

    def __init__(self) -> None:
        self._managers: weakref.WeakSet[Manager] = weakref.WeakSet()
        self._private = tempfile.TemporaryDirectory(prefix="cityreport-")
        if len(os.fsencode(self._private.name + _SOCKET)) > _MOST_BYTES:
            self._private.cleanup()
            where, most = tempfile.gettempdir(), _MOST_BYTES - len(_SOCKET) - len("/cityreport-12345678")
            raise ParameterError([f"TMPDIR: {where!r} is too long for the sockets of kernels; at most {most} bytes."])

    @property
    def private(self) -> Path:
        """A folder for sockets, working directories and logs; gone when the kernels are closed."""
        return Path(self._private.name)

    @abstractmethod
    def prepare(self, parameters: Parameters, seconds: float) -> tuple[str, ...]:
        """Get ready for the report of `parameters`; the data files that differ from their seal.

        Raises DataError if these are wrong, ReportError for what else fails, LimitExceeded after `seconds`.
        """

    @abstractmethod
    def print_report(self, parameters: Parameters, notebooks: list[Path], folder: Path, seconds: float) -> None:
        """Make the files of the report from its chapters. Raises ReportError, LimitExceeded after `seconds`."""

    @contextmanager
    def entrusted(self, folder: Path) -> Iterator[None]:
        """While the block runs, `folder` is not to outlive this process, should it be killed."""
        yield

    def close(self) -> None:
        """End all that was started."""
        try:
            for manager in list(self._managers):
                manager.end()
        finally:
            self._private.cleanup()

    def manager(self, private: Path) -> Manager:
        """A manager for one kernel, not yet started, whose sockets and connection file lie in the folder `private`."""
        manager = Manager(transport="ipc", ip=str(private / "kernel"), connection_file=str(private / "kernel.json"))
        provisioner = {"plain": "local-provisioner", "fork": "cityreport-fork"}[self.kind]
        manager.specification = KernelSpec(
            argv=[sys.executable, *_LAUNCH],
            display_name="Python 3",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": provisioner, "config": {}}},
        )
        self._managers.add(manager)
        return manager


@contextmanager
def open_kernels(kind: KernelKind) -> Iterator[Kernels]:
    """Kernels of a kind, ended with all that they started when the block is left."""
    kernels: Kernels = ForkedKernels() if kind == "fork" else PlainKernels()
    try:
        yield kernels
    finally:
        kernels.close()


class PlainKernels(Kernels):
    """A new Python process for each chapter: works everywhere, and is what the forked ones are measured by."""

    kind: KernelKind = "plain"

    def prepare(self, parameters: Parameters, seconds: float) -> tuple[str, ...]:
        """Nothing is made ahead, but claims that cannot be judged are told before the first chapter."""
        from helpers.analysis.claims import audit
        from helpers.data.claims import press_for
        from helpers.data.facts import load_facts

        self._facts = load_facts()
        for press in press_for(parameters.place):
            audit(self._facts, press)
        return self._facts.changed

    def print_report(self, parameters: Parameters, notebooks: list[Path], folder: Path, seconds: float) -> None:
        """Print in this process; it cannot be stopped after `seconds`."""
        from helpers.publish.blocks import PublishError
        from helpers.run.printing import print_report

        try:
            print_report(parameters, self._facts, notebooks, folder)
        except PublishError as error:
            raise ReportError(str(error)) from None


class ForkedKernels(Kernels):
    """Copies of one process that has libraries, helpers, facts and the study of the report loaded."""

    kind: KernelKind = "fork"

    def __init__(self) -> None:
        super().__init__()
        self.server = ForkServer(self.private)

    def prepare(self, parameters: Parameters, seconds: float) -> tuple[str, ...]:
        """Compute the study of the report once for all its chapters."""
        reply = self.server.ask("prepare", seconds=seconds, parameters=parameters.model_dump(mode="json"))
        if "faults" in reply:
            raise DataError([Fault(**fault) for fault in reply["faults"]])
        return tuple(reply["changed"])

    def print_report(self, parameters: Parameters, notebooks: list[Path], folder: Path, seconds: float) -> None:
        """Print in a process of its own, which is killed after `seconds`."""
        with tempfile.TemporaryDirectory(dir=self.private) as private:
            refused, output = Path(private) / "refused", Path(private) / "output"
            with output.open("w+b") as stream:
                process = self.server.fork(
                    "print",
                    output=stream.fileno(),
                    parameters=parameters.model_dump(mode="json"),
                    notebooks=[str(path) for path in notebooks],
                    folder=str(folder),
                    refused=str(refused),
                )
                try:
                    process.wait(seconds)
                except subprocess.TimeoutExpired:
                    raise LimitExceeded(
                        f"PDF: took longer than the {seconds:.0f} s left of the report's time"
                    ) from None
                finally:
                    process.kill()
            if refused.exists():
                raise ReportError(refused.read_text(encoding="utf-8"))
            if process.returncode:
                raise KernelDied(f"PDF: {ended(process.returncode)}{last_words(output)}")

    def manager(self, private: Path) -> Manager:
        """As for `Kernels`, with the server that forks the kernel."""
        manager = super().manager(private)
        manager.server = self.server
        return manager

    @contextmanager
    def entrusted(self, folder: Path) -> Iterator[None]:
        """The fork server removes `folder` when it finds this process gone."""
        self.server.ask("entrust", folder=str(folder))
        yield
        self.server.ask("release", folder=str(folder))

    def close(self) -> None:
        """End the server, and with it every kernel."""
        self.server.close()
        super().close()


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


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel by a fork; all else (signals to the group, interrupt, shutdown, restart) is jupyter_client's.

    Registered as `cityreport-fork` among the entry points `jupyter_client.kernel_provisioners`.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel that takes the arguments of `cmd`; of Popen's keywords it knows cwd, env and stdout."""
        manager = self.parent
        if not isinstance(manager, Manager) or manager.server is None:
            raise RuntimeError("kernels of cityreport-fork are started by `cityreport render`")
        output: IO[bytes] = kwargs["stdout"]
        self.cwd = kwargs["cwd"]
        process = manager.server.fork(
            "kernel",
            output=output.fileno(),
            # Without the interpreter, `-m` and the module: what remains is what the module finds in sys.argv.
            argv=[str(Path(sys.prefix) / "ipykernel_launcher.py"), *cmd[3:]],
            env=kwargs["env"],
            cwd=str(self.cwd),
        )
        self.process = cast("subprocess.Popen[bytes]", process)  # as much of it as is used
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the group and see that it is gone: jupyter_client would look again after a tenth of a second only."""
        if self.process:
            self.process.kill()

    async def wait(self) -> int | None:
        """The exit status, once there is one."""
        status: int | None = 0
        if self.process:
            while (status := self.process.poll()) is None:
                await asyncio.sleep(0.005)
            self.process = None
        return status


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

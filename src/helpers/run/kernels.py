"""Where the chapters run: plain Jupyter kernels, or kernels forked from a process that has everything loaded.

Both are asked for in the same way and give the same notebooks (tests/run/test_kernels.py). Why there are two, and what
each costs: docs/decisions/0007-forked-kernels.md.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
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
from helpers.parameters import ParameterError, Parameters
from helpers.run.faults import KernelDied, LimitExceeded, ReportError
from helpers.run.forked import ForkServer, ended, last_words

KernelKind = Literal["plain", "fork"]
KERNELS: tuple[KernelKind, ...] = get_args(KernelKind)

_LAUNCH = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
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

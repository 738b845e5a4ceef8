"""One report of a batch, made in whatever process an executor has: a function that can be sent there and a small result.

In the process of the batch itself the kernels are opened once and serve all its threads; in any other process they are opened
at the first report and serve those that follow. Such a process refuses a report that it would make from other data or code.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.data.faults import DataError
from helpers.parameters import Parameters
from helpers.run.faults import KernelDied, Limits, ReportError
from helpers.run.fingerprint import MANIFEST
from helpers.run.identity import Identity, refusal
from helpers.run.kernels import ForkedKernels, KernelKind, Kernels, PlainKernels
from helpers.run.report import render_report, report_folder
from helpers.run.target import Target

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """What a report needs; all of it can be pickled. `out` must mean the same folder wherever it is made.

    target: where the report goes instead of to `out`. made_from: what the batch is made from, to be compared in another process.
    batch: its name; reports of one batch share the kernels of a process.
    """

    parameters: Parameters
    out: Path
    kernels: KernelKind
    limits: Limits = field(default_factory=Limits)
    at_once: int = 1
    target: Target | None = None
    made_from: Identity | None = None
    batch: str = ""

    @property
    def folder(self) -> Path:
        """Where the report is published."""
        return report_folder(self.parameters, self.out)

    @property
    def name(self) -> str:
        """`universe/report`, below `out` or the target."""
        return self.folder.relative_to(self.out).as_posix()

    @property
    def failed(self) -> Path:
        """Where the traces of a failed attempt are kept: the chapter as far as it came, and the error."""
        return self.folder.parent / ".batch" / "failed" / self.folder.name


@dataclass(frozen=True)
class Failed:
    """Why a report was not made: chapter, code cell and line as far as they are known, and the error."""

    error: str
    chapter: str | None = None
    cell: int | None = None
    line: int | None = None

    @property
    def where(self) -> str:
        """`code cell 3, line 2`; empty if it is not known."""
        parts = (("code cell", self.cell), ("line", self.line))
        return ", ".join(f"{word} {value}" for word, value in parts if value is not None)


@dataclass(frozen=True)
class Outcome:
    """What became of a job: the seconds of each stage and the manifest of the report, or why it failed."""

    seconds: dict[str, float] = field(default_factory=dict)
    failed: Failed | None = None
    manifest: bytes = b""


class SharedKernels:
    """The kernels of this process, by kind, for all reports of a batch."""

    def __init__(self) -> None:
        self._open: dict[KernelKind, Kernels] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._reports = 0
        self._changed = threading.Condition()

    def get(self, kind: KernelKind) -> Kernels:
        """The kernels, opened at the first call, and anew if their fork server has ended. ReportError after `close`."""
        with self._lock:
            if self._closed:
                raise ReportError("the batch was stopped")
            kernels = self._open.get(kind)
            if kernels is not None and not is_alive(kernels):
                kernels.close()
                kernels = None
            if kernels is None:
                kernels = self._open[kind] = ForkedKernels() if kind == "fork" else PlainKernels()
            return kernels

    def close(self) -> None:
        """End all kernels, also of reports that are being made; no new ones are opened."""
        with self._lock:
            self._closed = True
            for kernels in self._open.values():
                kernels.close()
            self._open = {}

    def allow(self) -> None:
        """Open kernels again when they are asked for."""
        self._closed = False

    @contextmanager
    def making(self) -> Iterator[None]:
        """A report is being made while the block runs."""
        with self._changed:
            self._reports += 1
        try:
            yield
        finally:
            with self._changed:
                self._reports -= 1
                self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until no report is being made; False if one still is after `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._reports, seconds)

    def rest(self) -> None:
        """End the kernels if no report is being made; they are opened again when they are asked for."""
        with self._lock:
            if not self._reports:
                for kernels in self._open.values():
                    kernels.close()
                self._open = {}


SHARED = SharedKernels()
_BY_BATCH = {"": SHARED}
_FINDING = threading.Lock()


def shared(batch: str) -> SharedKernels:
    """The kernels of a batch in this process. Those of a batch that was ended are known for ever, and stay closed."""
    with _FINDING:
        return _BY_BATCH.setdefault(batch, SharedKernels())


def end_batch(batch: str, seconds: float = 60) -> bool:
    """End the kernels of a batch in this process, and with them its reports; False if one is still being made after `seconds`."""
    kernels = shared(batch)
    kernels.close()
    return kernels.wait(seconds)


def rest_others(batch: str) -> None:
    """End the idle kernels of all other batches in this process: of one that was killed, nobody else would."""
    with _FINDING:
        others = [kernels for name, kernels in _BY_BATCH.items() if name != batch]
    for kernels in others:
        kernels.rest()


def is_alive(kernels: Kernels) -> bool:
    """False if the fork server behind the kernels has ended."""
    return not isinstance(kernels, ForkedKernels) or kernels.server.obituary is None


def make_report(job: Job, tell: Tell | None = None) -> Outcome:
    """Make one report; whatever goes wrong is told in the outcome. `tell` is told each step, in this process only.

    A report whose fork server died is tried once more: another one may have been the cause.
    """
    with shared(job.batch).making():
        if job.target is None:
            return _make(job, tell)
        with tempfile.TemporaryDirectory(prefix="cityreport-", ignore_cleanup_errors=True) as folder:
            return _make(replace(job, out=Path(folder)), tell)


def _make(job: Job, tell: Tell | None) -> Outcome:
    try:
        if job.made_from is not None and (refused := refusal(job.made_from)):
            return Outcome(failed=Failed(refused))
        kernels = shared(job.batch).get(job.kernels)
        try:
            return _render(job, tell, kernels)
        except KernelDied:
            if is_alive(kernels):
                raise
            return _render(job, tell, shared(job.batch).get(job.kernels))
    except ReportError as error:
        failed = Failed(error.cause, error.chapter, error.cell, error.line)
        return Outcome(failed=_keep_traces(job, failed, error.partial))
    except DataError as error:
        return Outcome(failed=_keep_traces(job, Failed("; ".join(map(str, error.faults)))))
    except OSError as error:
        return Outcome(failed=_keep_traces(job, Failed(f"{type(error).__name__}: {error}")))
    except Exception as error:  # noqa: BLE001  (an error of ours in one report must not stop the others; the trace is kept)
        failed = Failed(f"{type(error).__name__}: {error}")
        return Outcome(failed=_keep_traces(job, failed, trace=traceback.format_exc()))


def _render(job: Job, tell: Tell | None, kernels: Kernels) -> Outcome:
    def silent(step: str) -> None: ...

    if job.target is None:
        rendered = render_report(job.parameters, job.out, tell or silent, kernels, job.limits, job.at_once)
        manifest = (job.folder / MANIFEST).read_bytes()
        shutil.rmtree(job.failed, ignore_errors=True)
        return Outcome(rendered.seconds, manifest=manifest)
    with kernels.entrusted(job.out):  # it is this process's own
        rendered = render_report(job.parameters, job.out, tell or silent, kernels, job.limits, job.at_once)
        manifest = (job.folder / MANIFEST).read_bytes()
        job.target.publish(job.folder, job.name)
        job.target.put_traces(job.failed, job.name)
    return Outcome(rendered.seconds, manifest=manifest)


def _keep_traces(job: Job, failed: Failed, partial: str | None = None, trace: str = "") -> Failed:
    """Keep the chapter as far as it came, and the error, beside the reports; the last good report is not touched."""
    shutil.rmtree(job.failed, ignore_errors=True)
    with suppress(OSError):  # the disk may be full, which is then the error itself
        job.failed.mkdir(parents=True)
        words = "\n".join(word for word in (failed.chapter, failed.where, failed.error, trace) if word)
        (job.failed / "error.txt").write_text(words + "\n", encoding="utf-8")
        if partial and failed.chapter:
            (job.failed / failed.chapter).write_text(partial, encoding="utf-8")
    if job.target is not None:
        with suppress(Exception):  # the target may be full or out of reach, which is then the error itself
            job.target.put_traces(job.failed, job.name)
    return failed

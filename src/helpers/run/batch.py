"""Many reports: those whose parts have changed are made side by side, and one that fails stops none of the others.

The executor may be anything with the interface of `concurrent.futures`; without one, threads of this process share one fork
server, which computes once what all reports have in common. What is published is complete and good: each report appears by
one rename (report.py), or at a URL by its manifest (target.py), and nothing else writes to its folder.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from helpers.parameters import Language, Parameters, register
from helpers.run.console import INTERRUPTED, Terminated, command, termination, undisturbed
from helpers.run.faults import Limits, ReportError
from helpers.run.fingerprint import MANIFEST, Inputs, Parts, key_path, read_inputs, reasons, shared_by_all, write_key
from helpers.run.identity import identity
from helpers.run.junit import Case, write_junit
from helpers.run.kernels import KernelKind, cores, default_kernels
from helpers.run.making import SHARED, Failed, Job, Outcome, make_report
from helpers.run.progress import Watcher, watching
from helpers.run.report import chapters, check_targets, report_folder
from helpers.run.target import Desk

JUNIT = "batch.xml"
# As in gallery.py, which would bring in pandas.
FAILURES = "failures.json"


@dataclass(frozen=True)
class Options:
    """How a batch is run. workers: reports at once. limit: the most that are made, None for all. force: also those that are
    unchanged. explain: tell why each would be made, and make none. name: under which other processes keep its kernels apart.
    """

    kernels: KernelKind = field(default_factory=default_kernels)
    workers: int | None = None
    limits: Limits = field(default_factory=Limits)
    force: bool = False
    limit: int | None = None
    explain: bool = False
    as_json: bool = False
    name: str = ""

    @property
    def at_once(self) -> int:
        """Reports side by side: the chapters of each run one after another, and a kernel that starts mostly waits."""
        return self.workers or 2 * cores()


@dataclass
class Report:
    """A report of the batch: what it is, its parts, why it has to be made, and what became of it."""

    parameters: Parameters
    folder: Path
    parts: Parts
    reasons: list[str]
    outcome: Outcome | None = None
    status: str = "left"

    @property
    def name(self) -> str:
        """Place, AGS and universe."""
        return f"{register()[self.parameters.place].name} ({self.parameters.place}, {self.parameters.universe})"


def run_batch(
    parameter_sets: Sequence[Parameters],
    out: Path,
    options: Options,
    executor: Executor | None = None,
    desk: Desk | None = None,
) -> int:
    """Make the reports that have to be made; the exit code: 0, 1 if one failed, 130 or 143 if stopped.

    desk: if the reports lie at a URL; `out` is then its folder. Raises ParameterError and DataError before anything is made.
    """
    began = time.monotonic()
    check_targets(list(parameter_sets), out)
    if desk:
        desk.refuse_foreign(parameter_sets)
    inputs = read_inputs()
    reports = [_report(parameters, out, inputs, options.force, desk) for parameters in dict.fromkeys(parameter_sets)]
    if options.explain:
        explain(reports, print)
        return 0
    shown = Path("output") if desk else out  # one that failed at a URL is repeated here, to be looked at
    to_make = [report for report in reports if report.reasons][: options.limit]
    for report in reports:
        if not report.reasons:
            report.status = "unchanged"
    status = 0
    with watching(options.as_json, len(chapters()) + 1) as watcher:
        if to_make:
            workers = min(options.at_once, len(to_make))
            watcher.begins(len(to_make), sum(not report.reasons for report in reports), workers)
            if everyone := _changed_for_all(to_make):
                watcher.says(f"all are made anew, since every report shows everyone: {everyone}")
            status = _make(to_make, _Batch(out, options, inputs, watcher, desk), executor, workers)
        faults = [*_record(reports, out, shown, options, time.monotonic() - began), *_renew_galleries(reports)]
        faults += _send_records(reports, desk) if desk else []
        watcher.closes(_counts(reports), time.monotonic() - began)
    for fault in faults:
        print(f"cityreport: {fault}", file=sys.stderr)
    _tell_what_is_missing(reports, shown, options.kernels)
    failed = any(report.status == "failed" for report in reports)
    return status or int(failed or bool(faults))


def only_failed(parameter_sets: Sequence[Parameters], out: Path) -> list[Parameters]:
    """Those of the reports that failed the last time they were tried. Raises ParameterError if the record is broken."""
    from helpers.run.gallery import read_failures

    folders = {parameters: report_folder(parameters, out) for parameters in parameter_sets}
    failed = {
        path / one.folder for path in {folder.parent for folder in folders.values()} for one in read_failures(path)
    }
    return [parameters for parameters, folder in folders.items() if folder in failed]


def explain(reports: Sequence[Report], say: Callable[[str], None]) -> None:
    """Tell `say` why each report would be made or not."""
    for report in reports:
        say(f"{report.name}: {'made' if report.reasons else 'not made, unchanged'}")
        for reason in report.reasons:
            say(f"  {reason}{' (every report shows everyone)' if shared_by_all(reason) else ''}")


@dataclass(frozen=True)
class _Batch:
    out: Path
    options: Options
    inputs: Inputs
    watcher: Watcher
    desk: Desk | None

    def job(self, report: Report, own: bool) -> Job:
        made_from = None if own else identity(self.inputs)
        return Job(
            report.parameters,
            self.out.resolve(),
            self.options.kernels,
            self.options.limits,
            target=self.desk.target if self.desk else None,
            made_from=made_from,
            batch=self.options.name,
        )


def _report(parameters: Parameters, out: Path, inputs: Inputs, force: bool, desk: Desk | None) -> Report:
    folder, parts = report_folder(parameters, out), inputs.parts(parameters)
    found = reasons(folder, parts, desk.size) if desk else reasons(folder, parts)
    return Report(parameters, folder, parts, found or (["--force"] if force else []))


def _changed_for_all(to_make: Sequence[Report]) -> str:
    """What has changed of everyone, in words; empty if nothing has."""
    return "; ".join(sorted({one for report in to_make for one in report.reasons if shared_by_all(one)}))


def _make(to_make: Sequence[Report], batch: _Batch, executor: Executor | None, workers: int) -> int:
    """Make the reports; 0, or the exit code of what stopped the batch. No process is left over then."""
    own = executor is None
    pool = executor or ThreadPoolExecutor(workers, thread_name_prefix="report")
    running: dict[Future[Outcome], Report] = {}
    SHARED.allow()
    try:
        with termination():
            if own:
                # Faulty data end the batch here, and what all reports have in common is computed before they need it.
                kernels = SHARED.get(batch.options.kernels)
                with suppress(ReportError):  # each report will tell it
                    kernels.prepare(to_make[0].parameters, batch.options.limits.report_seconds)
            for report in to_make:
                make = partial(make_report, tell=partial(batch.watcher.step, report.name)) if own else make_report
                running[pool.submit(make, batch.job(report, own))] = report
            while running:
                for task in wait(running, return_when=FIRST_COMPLETED).done:
                    _conclude(running[task], task, batch)
                    del running[task]  # not before: a batch that is stopped here knows that it ended
    except KeyboardInterrupt as stop:
        with undisturbed():
            _stop(running, batch)
        for report in to_make:
            report.status = "stopped" if report.status == "left" else report.status
        return 128 + signal.SIGTERM if isinstance(stop, Terminated) else INTERRUPTED
    finally:
        SHARED.close()
        if own:
            pool.shutdown()
    return 0


def _conclude(report: Report, task: Future[Outcome], batch: _Batch) -> None:
    """Take down what became of a report."""
    if task.cancelled():
        report.outcome = Outcome(failed=Failed("the executor has lost it: the workers or the way to them are gone"))
    elif error := task.exception():
        # Not of the report, which tells of itself in its outcome: of the worker that had it, or of the way there.
        report.outcome = Outcome(failed=Failed(f"the worker failed: {type(error).__name__}: {error}"))
    else:
        report.outcome = task.result()
    if report.outcome.failed is None:
        try:
            moved = _keep(report, report.outcome.manifest, batch)
        except (OSError, ValueError, KeyError) as error:
            report.outcome = Outcome(failed=Failed(f"published, but what it was made from cannot be kept: {error}"))
        else:
            if moved:
                batch.watcher.says(f"{report.name}: will be made again, changed in the meantime: {', '.join(moved)}")
    report.status = "failed" if report.outcome.failed else "made"
    batch.watcher.ended(report.name, report.outcome)


def _keep(report: Report, manifest: bytes, batch: _Batch) -> list[str]:
    """Keep what the report was made from; the files that have changed since. At a URL, the desk gets its manifest."""
    if not batch.desk:
        return write_key(report.folder, manifest, report.parts, batch.inputs)
    report.folder.mkdir(parents=True, exist_ok=True)
    (report.folder / MANIFEST).write_bytes(manifest)
    moved = write_key(report.folder, manifest, report.parts, batch.inputs)
    batch.desk.send(key_path(report.folder))
    return moved


def _stop(running: dict[Future[Outcome], Report], batch: _Batch) -> None:
    """End what is running. Reports that are finished by then count as made; the others are left as they were."""
    for task in running:
        task.cancel()
    SHARED.close()
    for task, report in running.items():
        if not task.cancelled():
            with suppress(Exception):  # it was told to end, and how it does is of no interest
                if task.result(timeout=60).failed is None:
                    _conclude(report, task, batch)


def _counts(reports: Sequence[Report]) -> dict[str, int]:
    words = ("made", "unchanged", "failed", "stopped", "left")
    return {word: sum(report.status == word for report in reports) for word in words}


def _record(reports: Sequence[Report], out: Path, shown: Path, options: Options, seconds: float) -> list[str]:
    """Write batch.xml and failures.json; what could not be written. shown: the folder in the commands to repeat a report."""
    faults = []
    for universe in dict.fromkeys(report.parameters.universe for report in reports):
        own = [report for report in reports if report.parameters.universe == universe]
        try:
            (out / universe).mkdir(exist_ok=True)
            cases = [_case(report, shown, options.kernels) for report in own]
            write_junit(out / universe / JUNIT, f"cityreport batch {universe}", cases, seconds)
            _record_failures(own, out / universe)
        except OSError as error:
            faults.append(
                f"{error.filename or out / universe}: the record of the batch cannot be written: {error.strerror}"
            )
    return faults


def _case(report: Report, out: Path, kind: KernelKind) -> Case:
    failed = report.outcome and report.outcome.failed
    words = ""
    if failed:
        told = (failed.chapter, failed.where, failed.error, f"repeat: {command(report.parameters, out, kind)}")
        words = "\n".join(part for part in told if part)
    seconds = report.outcome.seconds.get("total", 0.0) if report.outcome else 0.0
    return Case(report.name, report.parameters.universe, report.status, seconds, words)


def _record_failures(reports: Sequence[Report], folder: Path) -> None:
    """Bring failures.json up to date; failures of reports that are not of this batch stay, and so do those not tried."""
    failed = {report.folder.name: report for report in reports if report.status == "failed"}
    settled = {report.folder.name for report in reports if report.status in ("made", "unchanged", "failed")}
    if not failed and not (folder / FAILURES).is_file():
        return
    from helpers.publish.gallery_rows import Failure
    from helpers.run.gallery import read_failures, write_failures

    earlier = [one for one in read_failures(folder) if one.folder not in settled]
    now = [Failure(name, _told(report), report.parameters.language) for name, report in failed.items()]
    write_failures(folder, sorted([*earlier, *now], key=lambda one: one.folder))


def _renew_galleries(reports: Sequence[Report]) -> list[str]:
    """Write the page that lists the reports, unless nothing has changed since it was; what could not be written."""
    pages: dict[tuple[Path, Language], bool] = {}
    for report in reports:
        language, folder = report.parameters.language, report.folder.parent
        page = folder / ("index.html" if language == "de" else f"index-{language}.html")
        changed = report.status in ("made", "failed") or (report.status == "unchanged" and not page.is_file())
        pages[folder, language] = pages.get((folder, language), False) or changed
    if not any(pages.values()):
        return []
    from helpers.run.gallery import write_gallery

    faults = []
    for folder, language in (page for page, changed in pages.items() if changed):
        try:
            write_gallery(folder, language)
        except (OSError, ValueError) as error:
            faults.append(f"{folder}: the gallery cannot be made: {error}")
    return faults


def _send_records(reports: Sequence[Report], desk: Desk) -> list[str]:
    """Send batch.xml, failures.json and the galleries to where the reports are; what could not be sent."""
    faults = []
    for universe in dict.fromkeys(report.parameters.universe for report in reports):
        folder = desk.folder / universe
        try:
            for path in (folder / FAILURES, *sorted(path for path in folder.iterdir() if path.is_file())):
                desk.send(path)
        except OSError as error:
            faults.append(f"{desk.target.url}: {error.filename}: {error.strerror}")
    return faults


def _told(report: Report) -> str:
    assert report.outcome and report.outcome.failed
    failed = report.outcome.failed
    return ", ".join(part for part in (failed.chapter, failed.where) if part) + f": {failed.error.splitlines()[0]}"


def _tell_what_is_missing(reports: Sequence[Report], out: Path, kind: KernelKind) -> None:
    """Print the reports that failed as a table with the commands to repeat them, and those that were stopped or left."""
    failed = [report for report in reports if report.status == "failed"]
    if failed:
        print(f"\n{len(failed)} failed:", file=sys.stderr)
        rows = [("place", "chapter", "where", "error"), *(_row(report) for report in failed)]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            print("  " + "  ".join([*cells, row[3]]).rstrip(), file=sys.stderr)
        print("repeat one:", file=sys.stderr)
        for report in failed:
            print(f"  {command(report.parameters, out, kind)}", file=sys.stderr)
        print("repeat all: the same command with --failed", file=sys.stderr)
    stopped = [report.name for report in reports if report.status == "stopped"]
    if stopped:
        print(f"\nstopped, {len(stopped)} not made: {', '.join(stopped)}", file=sys.stderr)


def _row(report: Report) -> tuple[str, str, str, str]:
    assert report.outcome and report.outcome.failed
    failed = report.outcome.failed
    return report.name, failed.chapter or "", failed.where, failed.error.splitlines()[0]

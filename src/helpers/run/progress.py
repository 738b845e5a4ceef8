"""What is seen of a batch while it runs: live lines on a terminal, plain lines in a log, or JSON events for machines."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from helpers.run.making import Outcome


class Watcher(Protocol):
    """Is told of a batch. `step` comes from the threads that make the reports, the others from one thread."""

    def begins(self, to_make: int, unchanged: int, workers: int) -> None:
        """So many reports will be made by so many workers at once."""

    def step(self, name: str, step: str) -> None:
        """A report has reached a chapter, or the PDF."""

    def ended(self, name: str, outcome: Outcome) -> None:
        """A report was made or has failed."""

    def says(self, line: str) -> None:
        """A word beside the reports: for people."""

    def closes(self, counts: dict[str, int], seconds: float) -> None:
        """The batch is over: how many reports were made, failed, unchanged, stopped, left."""


def duration(seconds: float) -> str:
    """`0.4 s`, `42 s`, `3:05 min`, `1:02:05 h`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02} h"


def summary(counts: dict[str, int], seconds: float) -> str:
    """The last line: `53 reports: 51 made, 2 failed; 3:05 min`."""
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    total = sum(counts.values())
    return f"{total} report{'s' * (total != 1)}: {told or 'none'}; {duration(seconds)}"


class Pace:
    """How far a batch has come and what is left of it, at the pace so far."""

    def __init__(self, to_make: int, workers: int) -> None:
        self.to_make, self.workers, self.done, self.failed = to_make, workers, 0, 0
        self._began = time.monotonic()

    def count(self, outcome: Outcome) -> None:
        """One more has ended."""
        self.done += 1
        self.failed += outcome.failed is not None

    def left(self) -> float | None:
        """Seconds; None before the first has ended. Those that are running are half done, on average."""
        if not self.done:
            return None
        done = self.done + min(self.workers, self.to_make - self.done) / 2
        return (time.monotonic() - self._began) / done * (self.to_make - done)


def _ending(outcome: Outcome) -> str:
    if outcome.failed is None:
        return f"made in {outcome.seconds['total']:.1f} s"
    where = " ".join(part for part in (outcome.failed.chapter, outcome.failed.where) if part)
    first = outcome.failed.error.splitlines()[0] if outcome.failed.error else "no reason given"
    return f"failed{f' in {where}' if where else ''}: {first}"


class Lines:
    """A line for each report that has ended: for a log."""

    def __init__(self) -> None:
        self._pace = Pace(0, 0)

    def begins(self, to_make: int, unchanged: int, workers: int) -> None:
        """See `Watcher`."""
        self._pace = Pace(to_make, workers)
        print(f"{to_make} to make, {unchanged} unchanged; {workers} at once", flush=True)

    def step(self, name: str, step: str) -> None:
        """Steps are not told in a log, except what the data differ in."""

    def ended(self, name: str, outcome: Outcome) -> None:
        """See `Watcher`."""
        self._pace.count(outcome)
        left = self._pace.left()
        rest = f", {duration(left)} left" if left else ""
        print(f"[{self._pace.done}/{self._pace.to_make}{rest}] {name}: {_ending(outcome)}", flush=True)

    def says(self, line: str) -> None:
        """See `Watcher`."""
        print(line, flush=True)

    def closes(self, counts: dict[str, int], seconds: float) -> None:
        """See `Watcher`."""
        print(summary(counts, seconds), flush=True)


class Events:
    """A JSON object a line on standard output."""

    def __init__(self) -> None:
        self._writing = threading.Lock()

    def begins(self, to_make: int, unchanged: int, workers: int) -> None:
        """See `Watcher`."""
        self._write(event="begins", to_make=to_make, unchanged=unchanged, workers=workers)

    def step(self, name: str, step: str) -> None:
        """See `Watcher`."""
        self._write(event="step", report=name, step=step)

    def ended(self, name: str, outcome: Outcome) -> None:
        """See `Watcher`."""
        if (failed := outcome.failed) is None:
            self._write(event="made", report=name, seconds=outcome.seconds)
        else:
            where = {"chapter": failed.chapter, "cell": failed.cell, "line": failed.line}
            self._write(event="failed", report=name, **where, error=failed.error)

    def says(self, line: str) -> None:
        """See `Watcher`."""
        self._write(event="says", words=line)

    def closes(self, counts: dict[str, int], seconds: float) -> None:
        """See `Watcher`."""
        self._write(event="closes", **counts, seconds=round(seconds, 3))

    def _write(self, **event: Any) -> None:
        line = json.dumps(event, ensure_ascii=False)
        with self._writing:
            print(line, flush=True)


class Screen(Lines):
    """A live line for each running report, the totals and the time left, on a terminal; the ended ones stand above."""

    def __init__(self, console: Console, chapters: int) -> None:
        super().__init__()
        self._console, self._chapters = console, chapters
        self._running: dict[str, tuple[float, set[str], str]] = {}
        self._changing = threading.Lock()
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
        self._bar = Progress(*columns, console=console)
        self._task = self._bar.add_task("", total=None)

    def begins(self, to_make: int, unchanged: int, workers: int) -> None:
        """See `Watcher`."""
        self._pace = Pace(to_make, workers)
        self._bar.update(self._task, total=to_make)

    def step(self, name: str, step: str) -> None:
        """See `Watcher`."""
        with self._changing:
            began, seen, _ = self._running.get(name, (time.monotonic(), set(), ""))
            self._running[name] = (began, seen | {step}, step)

    def ended(self, name: str, outcome: Outcome) -> None:
        """See `Watcher`."""
        with self._changing:
            self._running.pop(name, None)
        self._pace.count(outcome)
        self._bar.update(self._task, completed=self._pace.done)
        style = "bold red" if outcome.failed else ""
        self._console.print(Text(f"{name}: {_ending(outcome)}", style=style))

    def says(self, line: str) -> None:
        """See `Watcher`."""
        self._console.print(Text(line))

    def closes(self, counts: dict[str, int], seconds: float) -> None:
        """See `Watcher`."""
        self._console.print(Text(summary(counts, seconds)))

    def __rich__(self) -> Group:
        """The lines as they are now; none before the batch begins."""
        if not self._pace.to_make:
            return Group()
        grid, now = Table.grid(padding=(0, 2)), time.monotonic()
        with self._changing:
            running = dict(self._running)
        for name, (began, seen, step) in running.items():
            grid.add_row(name, f"{min(len(seen), self._chapters)}/{self._chapters}", step, duration(now - began))
        failed = f", {self._pace.failed} failed" if self._pace.failed else ""
        left = self._pace.left()
        rest = f"about {duration(left)} left" if left is not None else "time left not yet known"
        self._bar.update(self._task, description=f"{rest}{failed}")
        return Group(grid, self._bar)


@contextmanager
def watching(as_json: bool, chapters: int) -> Iterator[Watcher]:
    """The watcher that fits where the batch runs: `chapters` is the number of steps of a report."""
    console = Console(stderr=True)
    if as_json:
        yield Events()
    elif console.is_terminal:
        screen = Screen(console, chapters)
        with Live(get_renderable=screen.__rich__, console=console, refresh_per_second=5, transient=True):
            yield screen
    else:
        yield Lines()

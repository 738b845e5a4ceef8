"""Rendering from the command line: a live line on a terminal, plain lines elsewhere."""

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from helpers.parameters import Parameters, register
from helpers.run.faults import Limits, ReportError
from helpers.run.kernels import KernelKind, Kernels, default_kernels, open_kernels
from helpers.run.report import Progress, Rendered, render_report

INTERRUPTED = 128 + signal.SIGINT


class Terminated(KeyboardInterrupt):
    """The command was asked to end by SIGTERM: it tidies up as after Ctrl-C."""


def render_all(
    parameter_sets: list[Parameters], out: Path, kind: KernelKind | None = None, limits: Limits | None = None
) -> int:
    """Render one report after another; a failing one does not stop the others.

    Returns the exit code: 0, or 1 if a report failed, or 130 or 143 after Ctrl-C or SIGTERM. Whatever it is, no process
    is left over.
    """
    console = Console(stderr=True)
    kind = kind or default_kernels()
    failed = 0
    with termination(), open_kernels(kind) as kernels:
        for number, parameters in enumerate(parameter_sets, 1):
            place = register()[parameters.place]
            head = f"[{number}/{len(parameter_sets)}] {place.name} ({place.ags}, {parameters.universe})"
            try:
                rendered = _render(console, head, parameters, out, kernels, limits)
            except ReportError as error:
                failed += 1
                print(f"{head}: failed in {error}\n  repeat: {command(parameters, out, kind)}", file=sys.stderr)
                continue
            except KeyboardInterrupt as stop:
                print(
                    f"{head}: stopped, nothing was changed\n  repeat: {command(parameters, out, kind)}", file=sys.stderr
                )
                return 128 + signal.SIGTERM if isinstance(stop, Terminated) else INTERRUPTED
            print(f"{head}: {rendered.folder / 'report.pdf'} ({rendered.seconds['total']:.1f} s)", flush=True)
    return 1 if failed else 0


def command(parameters: Parameters, out: Path, kind: KernelKind) -> str:
    """The command that makes this report again."""
    words = ["cityreport", "render", parameters.place, "--universe", parameters.universe]
    more = parameters.model_dump(exclude={"place", "universe"}, exclude_defaults=True)
    for name, value in more.items():
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        words += [f"--{name.replace('_', '-')}", text]
    words += ["--out", str(out)]
    if kind != default_kernels():
        words += ["--kernel", kind]
    return shlex.join(words)


@contextmanager
def termination() -> Iterator[None]:
    """SIGTERM ends what runs inside in good order."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Another Ctrl-C does not interrupt tidying up."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _render(
    console: Console, head: str, parameters: Parameters, out: Path, kernels: Kernels, limits: Limits | None
) -> Rendered:
    if not console.is_terminal:
        return render_report(parameters, out, _line(head), kernels, limits)
    with console.status(head) as status:

        def show(step: str) -> None:
            status.update(f"{head}: {step}")

        return render_report(parameters, out, show, kernels, limits)


def _line(head: str) -> Progress:
    def show(step: str) -> None:
        print(f"{head}: {step}", flush=True)

    return show

"""Rendering from the command line: a live line on a terminal, plain lines elsewhere."""

import sys
from pathlib import Path

from rich.console import Console

from helpers.parameters import Parameters, register
from helpers.run.chapter import ReportError
from helpers.run.report import Progress, Rendered, render_report


def render_all(parameter_sets: list[Parameters], out: Path) -> int:
    """Render one report after another; a failing one does not stop the others. Returns the exit code, 0 or 1."""
    console = Console(stderr=True)
    failed = 0
    for number, parameters in enumerate(parameter_sets, 1):
        place = register()[parameters.place]
        head = f"[{number}/{len(parameter_sets)}] {place.name} ({place.ags}, {parameters.universe})"
        try:
            rendered = _render(console, head, parameters, out)
        except ReportError as error:
            failed += 1
            print(f"{head}: failed in {error}", file=sys.stderr)
            continue
        seconds = sum(rendered.seconds.values())
        print(f"{head}: {rendered.folder / 'report.pdf'} ({seconds:.1f} s)", flush=True)
    return 1 if failed else 0


def _render(console: Console, head: str, parameters: Parameters, out: Path) -> Rendered:
    if not console.is_terminal:
        return render_report(parameters, out, _line(head))
    with console.status(head) as status:

        def show(step: str) -> None:
            status.update(f"{head}: {step}")

        return render_report(parameters, out, show)


def _line(head: str) -> Progress:
    def show(step: str) -> None:
        print(f"{head}: {step}", flush=True)

    return show

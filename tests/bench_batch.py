"""Seconds of a batch, side by side with the same cells in a warm process and with a plain papermill loop; machine and versions.

`make bench` runs it; it is no test, because times on a shared machine prove nothing by themselves. Every way is a process of its
own and makes the same PLACES from the same notebooks, PDF included; `python tests/bench_batch.py WAY FOLDER` runs one. CPU
seconds are those of the whole process tree. Warm processes stand for the limit: one for each core, side by side, no kernels, each
with its share of the places one after the other. What is paid once (libraries, the indices and their ranges) is in every way.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import machine

PLACES = ["Bochum", "Essen", "Hagen", "Haltern am See", "Sonsbeck", "Witten", "Hünxe", "Dortmund"]
RUNS = 3
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
AIM_LIMIT, AIM_PAPERMILL, AIM_UNCHANGED = 1.5, 5.0, 2.0
BATCH = [str(Path(sys.executable).with_name("cityreport")), "batch", "--only", ",".join(PLACES), "--out"]


def warm(folder: Path) -> None:
    """`share` in a process for each core, side by side."""
    shares = [PLACES[number::CORES] for number in range(CORES)]
    running = [subprocess.Popen([sys.executable, __file__, "share", str(folder), *places]) for places in shares]
    for process in running:
        process.wait()
    if any(process.returncode for process in running):
        sys.exit("a warm process failed")


def share(folder: Path, places: list[str]) -> None:
    """The cells of all chapters in this process, and the reports of the places printed."""
    import publish.chapters_by_hand as by_hand

    from helpers.data.facts import load_facts
    from helpers.parameters import Parameters
    from helpers.present.session import prepare_study
    from helpers.run.printing import print_report
    from helpers.run.report import chapters

    facts, known = load_facts(), {}  # type: ignore[var-annotated]
    for place in places:
        parameters = Parameters.check(place=place)
        prepare_study(parameters, facts, known)
        target = folder / parameters.place
        (target / "notebooks").mkdir(parents=True)
        values = {"place": parameters.place}
        made = [by_hand.run(chapter, values, target / "notebooks") for chapter in chapters()]
        print_report(parameters, facts, made, target)


def loop(folder: Path) -> None:
    """papermill in a loop over places and notebooks, as its documentation has it, and the report printed."""
    import papermill

    from helpers.data.facts import load_facts
    from helpers.parameters import Parameters
    from helpers.run.printing import print_report
    from helpers.run.report import chapters

    facts = load_facts()
    for place in PLACES:
        parameters = Parameters.check(place=place)
        target = folder / parameters.place
        (target / "notebooks").mkdir(parents=True)
        made = [target / "notebooks" / chapter.name for chapter in chapters()]
        for chapter, path in zip(chapters(), made, strict=True):
            values = {"place": parameters.place}
            papermill.execute_notebook(str(chapter), str(path), values, kernel_name="python3", progress_bar=False)
        print_report(parameters, facts, made, target)


def measure(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of a command with all its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bench() -> None:
    """Print medians and ratios of RUNS rounds, each of which measures every way once."""
    ways: dict[str, list[tuple[float, float]]] = {}
    for number in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            own = [sys.executable, __file__]
            steps: dict[str, list[str]] = {
                "batch, cold": [*BATCH, f"{folder}/batch"],
                "batch, unchanged": [*BATCH, f"{folder}/batch"],
                "warm processes": [*own, "warm", f"{folder}/warm"],
                "papermill loop": [*own, "loop", f"{folder}/loop"],
            }
            for name, command in steps.items():
                ways.setdefault(name, []).append(measure(command))
                print(f"round {number + 1}: {name}: {json.dumps(ways[name][-1])}", file=sys.stderr, flush=True)
    report(ways)


def report(ways: dict[str, list[tuple[float, float]]]) -> None:
    """Print the medians and what they are against the aims."""
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("papermill", "ipykernel", "pandas", "matplotlib", "typst")
    )
    print(f"{machine()}\nPython {sys.version.split()[0]}, {packages}")
    print(f"{len(PLACES)} full reports with PDF, page and export, median of {RUNS} (lowest–highest):")
    middle: dict[str, tuple[Any, Any]] = {}
    for name, runs in ways.items():
        walls, cpus = [run[0] for run in runs], [run[1] for run in runs]
        middle[name] = statistics.median(walls), statistics.median(cpus)
        told = [f"{statistics.median(each):6.1f} s ({min(each):.1f}–{max(each):.1f})" for each in (walls, cpus)]
        print(f"  {name:17} wall {told[0]}, CPU {told[1]}")
    cold, limit, plain = middle["batch, cold"], middle["warm processes"], middle["papermill loop"]
    print(
        f"against a warm process on each of {CORES} cores: wall {cold[0] / limit[0]:.2f}, CPU {cold[1] / limit[1]:.2f}",
        end="",
    )
    print(f" (at most {AIM_LIMIT})")
    print(f"faster than the papermill loop: wall {plain[0] / cold[0]:.1f} times, CPU {plain[1] / cold[1]:.1f} ", end="")
    print(f"(at least {AIM_PAPERMILL:.0f})")
    print(f"unchanged: {middle['batch, unchanged'][0]:.2f} s (under {AIM_UNCHANGED:.0f} s)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["share"]:
        share(Path(sys.argv[2]), sys.argv[3:])
    elif len(sys.argv) == 3:
        {"warm": warm, "loop": loop}[sys.argv[1]](Path(sys.argv[2]))
    else:
        bench()

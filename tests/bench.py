"""Seconds and peak memory of the index engine, and of `cityreport render Bochum` by stage: medians of several runs, with
machine and versions.

Run it with `make bench`; it is no test, because times on a shared machine prove nothing by themselves. Each run of the
engine is a process of its own: `python tests/bench.py engine NUMBER` makes one, NUMBER counting the rows of ENGINE.
"""

import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import psutil

RUNS, TURNS = 5, 15
AIM_SECONDS, AIM_MIB = 8.0, 600.0
COMMAND = Path(sys.executable).with_name("cityreport")


class Work(NamedTuple):
    """A size of the engine's benchmark with its aim; all sources vary, 5 % of the values are missing, 1 in 6 inherited."""

    units: int
    indicators: int
    draws: int
    pairs: str
    runs: int
    seconds: float
    mib: float


ENGINE = (
    Work(53, 24, 10_000, "all", 5, 1.0, 300),
    Work(400, 40, 10_000, "all", 5, 8.0, 1000),
    Work(10_786, 20, 1_000, "focus", 3, 20.0, 2000),
)


def run_engine(work: Work) -> None:
    """Print as JSON the seconds of each step of one run, and the peak memory of this process in MiB."""
    import numpy as np
    import pandas as pd

    from helpers.analysis.draws import default_assumptions
    from helpers.analysis.simulation import Model, monte_carlo
    from helpers.analysis.uncertainty import summary, win_matrix, win_probabilities
    from helpers.data.definition import Group, IndexDefinition, Indicator

    rng = np.random.default_rng(0)
    shape = (work.units, work.indicators)
    values = rng.lognormal(size=shape)
    values[rng.random(shape) < 0.05] = np.nan
    inherited = np.zeros(shape, dtype=bool)
    inherited[work.units // 3 :, : work.indicators // 4] = True
    children = [Indicator(indicator=f"i{number}") for number in range(work.indicators)]
    definition = IndexDefinition(tree=tuple(Group(id=f"g{k}", children=tuple(children[k::4])) for k in range(4)))
    names = pd.Index([f"u{number}" for number in range(work.units)])
    model = Model(definition, definition.indicators, names, values, np.ones(work.indicators), inherited)
    started = time.perf_counter()
    simulation = monte_carlo(model, default_assumptions(definition, inherited=True), work.draws, seed=1)
    simulated = time.perf_counter()
    summary(simulation)
    if work.pairs == "all":
        win_matrix(simulation)
    else:
        win_probabilities(simulation, "u0")
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(json.dumps({"simulation": simulated - started, "summaries": ended - simulated, "peak": peak}))


def bench_engine() -> None:
    """Print the medians for each size, with machine and versions."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "pandas"))
    print(f"{machine()}\nPython {platform.python_version()}, {packages}")
    print("index engine, all sources of uncertainty, median (lowest–highest):")
    for number, work in enumerate(ENGINE):
        command = [sys.executable, __file__, "engine", str(number)]
        runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(work.runs)]
        seconds = [run["simulation"] + run["summaries"] for run in runs]
        drawn, peak = (statistics.median(run[name] for run in runs) for name in ("simulation", "peak"))
        print(
            f"  {work.units:6} x {work.indicators}, {work.draws:6} draws, pairs: {work.pairs:5}  "
            f"{statistics.median(seconds):6.2f} s ({min(seconds):.2f}–{max(seconds):.2f}; of it draws {drawn:.2f}), "
            f"{peak:4.0f} MiB; {work.runs} runs; aim {work.seconds:.0f} s, {work.mib:.0f} MiB: "
            f"{statistics.median(seconds) / work.seconds:.2f} and {peak / work.mib:.2f}"
        )


EXPLORED = (("ruhr", "Bochum", 300.0), ("districts", "05911", 1000.0))
"""Universe, place and aim in milliseconds for an answer of the explorer."""


def bench_explorer() -> None:
    """Print the median milliseconds between a turned control and the finished answer, by panel."""
    from helpers.parameters import Parameters
    from helpers.present.explorer import Explorer

    print(
        f"{machine()}\nexplorer, from a turned slider to rank, range, share and open panel, medians of {TURNS} turns,"
    )
    print("in milliseconds that passed (in brackets: of the processor, which other work does not lengthen much):")
    for universe, place, aim in EXPLORED:
        explorer = Explorer(Parameters.check(place=place, universe=universe))
        slider = explorer.weights["research"]
        passed: dict[str, float] = {}
        used: dict[str, float] = {}
        for number, panel in enumerate(explorer.panels):
            explorer.tabs.selected_index = number
            seconds, processor = [], []
            for turn in range(TURNS + 1):
                # Each turn has a weight of its own, so that nothing is found ready; the first warms up.
                began = time.process_time()
                slider.value = 1 + (number * (TURNS + 1) + turn + 1) / 50
                processor.append(time.process_time() - began)
                seconds.append(explorer.seconds)
            passed[panel], used[panel] = (1000 * statistics.median(one[1:]) for one in (seconds, processor))
        told = ", ".join(f"{panel} {value:.0f} ({used[panel]:.0f})" for panel, value in passed.items())
        slowest = max(passed.values())
        print(f"  {len(explorer.study.index.score):4} places: {told}; aim {aim:.0f}: {slowest / aim:.2f}")


def machine() -> str:
    """Processor, cores and memory."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text(encoding="utf-8").splitlines() if cpu.is_file() else []
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())
    memory = psutil.virtual_memory().total / 2**30
    return f"{platform.machine()}, {model}, {psutil.cpu_count()} cores, {memory:.0f} GiB"


def run_once(out: Path) -> tuple[float, float, dict[str, float]]:
    """Wall seconds, peak memory of the process tree (sum of resident sets, MiB), and seconds by stage."""
    started = time.perf_counter()
    process = psutil.Popen([COMMAND, "render", "Bochum", "--out", out], stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, resident(process))
        time.sleep(0.02)
    seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"render failed with exit code {process.returncode}")
    timings = json.loads((out / "ruhr" / "05911000-bochum" / "timings.json").read_text(encoding="utf-8"))
    return seconds, peak / 2**20, timings


def resident(process: psutil.Process) -> float:
    """Bytes resident in a process and its children; what is shared is counted in each."""
    total = 0.0
    try:
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # it ended between the listing and the look
    return total


def bench_report() -> None:
    """Print the medians of RUNS runs after one that warms the disk."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        run_once(out)
        runs = [run_once(out) for _ in range(RUNS)]
    packages = ", ".join(f"{name} {version(name)}" for name in ("papermill", "matplotlib", "pandas", "typst"))
    print(f"{machine()}\nPython {platform.python_version()}, {packages}")
    print(f"render Bochum, median of {RUNS} (lowest–highest):")
    rows = {"wall": [run[0] for run in runs]}
    rows |= {stage: [run[2][stage] for run in runs] for stage in runs[0][2]}
    for name, values in rows.items():
        print(f"  {name:13} {statistics.median(values):6.2f} s   ({min(values):.2f}–{max(values):.2f})")
    memory = [run[1] for run in runs]
    print(f"  {'peak memory':13} {statistics.median(memory):6.0f} MiB ({min(memory):.0f}–{max(memory):.0f})")
    print(
        f"against the aim of {AIM_SECONDS:.0f} s and {AIM_MIB:.0f} MiB: "
        f"{statistics.median(rows['wall']) / AIM_SECONDS:.2f} and {statistics.median(memory) / AIM_MIB:.2f}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["engine"]:
        run_engine(ENGINE[int(sys.argv[2])])
    else:
        bench_engine()
        bench_explorer()
        bench_report()

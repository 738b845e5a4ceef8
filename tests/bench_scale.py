"""What a report costs as its universe grows, and what that means for all German municipalities: for docs/scale.md.

`make bench` runs it; it is no test. For each universe two batches of different size are made, with one worker: what the larger one
takes more is the cost of a further report, what is left is paid once. Memory is the proportional set of each process, in which
a page shared by k processes counts a k-th.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
from bench import machine

UNIVERSES = ("ruhr", "cities", "districts")
FEW, MANY = 2, 8
ROUNDS = 2
GERMANY = 10_786
COMMAND = str(Path(sys.executable).with_name("cityreport"))


def batch(universe: str, limit: int, folder: str) -> tuple[float, float]:
    """CPU seconds of the process tree and the largest proportional set (MiB) of one of its processes."""
    command = [COMMAND, "batch", "--universe", universe, "--limit", str(limit), "--workers", "1", "--out", folder]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = psutil.Popen(command, stdout=subprocess.DEVNULL)
    largest = [0.0]
    watch = threading.Thread(target=_watch, args=(process, largest))
    watch.start()
    if process.wait():
        sys.exit(f"{' '.join(command)} failed with exit code {process.returncode}")
    watch.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, largest[0] / 2**20


def _watch(process: psutil.Popen, largest: list[float]) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        try:
            for one in [process, *process.children(recursive=True)]:
                largest[0] = max(largest[0], one.memory_full_info().pss)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            pass  # it ended between the listing and the look
        time.sleep(0.25)


def places(universe: str) -> int:
    """The number of places of a universe."""
    from helpers.parameters import universe_places

    return len(universe_places(universe))


def bench() -> None:
    """Print the cost by universe, the line through it, and where that line leads."""
    found = []
    for universe in UNIVERSES:
        once, further, memory, size = [], [], [], 0.0
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                few, _ = batch(universe, FEW, f"{folder}/few")
                many, peak = batch(universe, MANY, f"{folder}/many")
                reports = list(Path(folder, "many", universe).glob("*/manifest.json"))
                size = statistics.mean(_bytes(report.parent) for report in reports) / 2**20
            further.append((many - few) / (MANY - FEW))
            once.append(few - FEW * further[-1])
            memory.append(peak)
        found.append((places(universe), *map(statistics.median, (once, further, memory)), size))
    print(f"{machine()}\nPython {sys.version.split()[0]}; medians of {ROUNDS} rounds; one worker")
    print(" places  once, CPU s  a report, CPU s  largest process, MiB  a report on disk, MiB")
    for count, first, further_cost, memory_mib, size in found:
        print(f"{count:7} {first:12.1f} {further_cost:16.2f} {memory_mib:21.0f} {size:22.1f}")
    counts, each = np.array([row[0] for row in found]), np.array([row[2] for row in found])
    slope, start = np.polyfit(counts, each, 1)
    all_of_germany = start + slope * GERMANY
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    days = all_of_germany * GERMANY / 86_400
    print(f"a report of n places: {start:.2f} s + {1000 * slope:.2f} ms x n")
    print(f"if that held for {GERMANY:,} places: {all_of_germany:.0f} s a report, {days:.1f} days of one core for all,")
    print(f"{days / cores:.1f} days on {cores} cores, {24 * days / 64:.1f} hours on 64")


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    bench()

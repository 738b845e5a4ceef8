"""Seconds and peak memory of `cityreport render Bochum`, by stage: medians of several runs, with machine and versions.

Run it with `make bench`; it is no test, because times on a shared machine prove nothing by themselves.
"""

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import psutil

RUNS = 5
AIM_SECONDS, AIM_MIB = 8.0, 600.0
COMMAND = Path(sys.executable).with_name("cityreport")


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


def main() -> None:
    """Print the medians of RUNS runs after one that warms the disk."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        run_once(out)
        runs = [run_once(out) for _ in range(RUNS)]
    print(f"{platform.machine()}, {psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB,")
    packages = ", ".join(f"{name} {version(name)}" for name in ("papermill", "matplotlib", "pandas", "typst"))
    print(f"Python {platform.python_version()}, {packages}")
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
    main()

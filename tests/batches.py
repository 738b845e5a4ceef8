"""Batches for tests: small chapters, a few places, a copy of the data that may be changed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from chapters import write_chapter

from helpers.data.package import DESCRIPTOR, hash_file
from helpers.parameters import DATA_DIR

HEADING = "from helpers import heading\nheading(f'Befund zu {place}', label='Kapitel')\nheading('Abschnitt')"
# `cityreport` with other notebooks, and with a limit to the size of files if one is set.
PROGRAM = """
import os, sys
from pathlib import Path
from helpers.run import report
report.NOTEBOOKS = Path(sys.argv.pop(1))
if limit := os.environ.get("TEST_FILE_LIMIT"):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
from helpers import cli
cli.main()
"""


def small_chapters(folder: Path, *cells: str) -> Path:
    """A folder of notebooks with one chapter: two headings, the least that is a report, and the given cells."""
    folder.mkdir(exist_ok=True)
    write_chapter(folder, HEADING, *cells, name="01-chapter")
    return folder


def batch_process(notebooks: Path, out: Path | str, *options: str, **environment: str) -> "subprocess.Popen[str]":
    """`cityreport batch` over `notebooks`, started."""
    command = [sys.executable, "-c", PROGRAM, str(notebooks), "batch", "--out", str(out), "--draws", "200", *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=os.environ | environment)


def batch(notebooks: Path, out: Path | str, *options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`cityreport batch` over `notebooks`, ended."""
    process = batch_process(notebooks, out, *options, **environment)
    told, faults = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, told, faults)


def events(done: "subprocess.CompletedProcess[str]", kind: str) -> list[str]:
    """The reports of the events of a kind, in the order in which they were told."""
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [event["report"].split(" (")[0] for event in found if event["event"] == kind]


def data_copy(folder: Path) -> Path:
    """A copy of the data."""
    return Path(shutil.copytree(DATA_DIR, folder))


def edit(data: Path, file: str, change: Callable[[str], str], *, seal: bool = True) -> None:
    """Change a file of the data; sealed as it is, without a check."""
    path = data / file
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before, f"nothing was changed in {file}"
    path.write_text(after, encoding="utf-8", newline="\n")
    if seal:
        descriptor = json.loads((data / DESCRIPTOR).read_text(encoding="utf-8"))
        for resource in descriptor["resources"]:
            if resource["path"] == file:
                resource |= {"hash": hash_file(path), "bytes": path.stat().st_size}
        (data / DESCRIPTOR).write_text(json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

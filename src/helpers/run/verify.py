"""`cityreport verify`: are the reports of a folder still as they were made, file by file?

What differs is told for each report. That this checkout has other data or other code than a report was made from is no fault
of the report: it is told as a note.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from helpers.data.faults import DataError
from helpers.data.package import current_hashes, hash_of, read_descriptor
from helpers.parameters import DATA_DIR, ParameterError
from helpers.publish.inputs import code_hash, code_inputs, data_inputs, lock_input
from helpers.publish.manifest import MANIFEST, TIMINGS
from helpers.publish.published import Published, read_published
from helpers.run.report import chapters

Say = Callable[[str], None]

NAMED = 5  # files that a note names before it counts the others
_OTHER = {
    "data": "made from other data than this checkout has",
    "code": "made with other code than this checkout has",
    "lock": "made with another lock file than this checkout has",
}


@dataclass(frozen=True)
class Difference:
    """What became of a file since the report was made: changed, missing, extra; or broken, for a manifest."""

    kind: str
    path: str


def verify(output: Path, say: Say) -> int:
    """Tell `say` what differs in the report, the universe or the whole output in `output`; the exit code, 0 or 1.

    Raises ParameterError if there is no such folder or no report in it.
    """
    folders = report_folders(output)
    now = inputs_now()
    others: Counter[str] = Counter()
    faulty = files = 0
    for folder in folders:
        try:
            report = read_published(folder)
        except ValueError as error:
            found = [Difference("broken", str(error))]
        else:
            found = differences(folder, report)
            files += len(report.outputs)
            if now is not None:
                others.update(made_otherwise(report, now))
        if found:
            faulty += 1
            say(f"{_name(folder, output)}:")
            for one in found:
                say(f"  {one.kind:8} {one.path}")
    for words, count in others.items():
        say(f"note: {count} of {len(folders)} reports: {words}")
    if now is None:
        say("note: the data of this checkout cannot be read, so nothing is said of where it differs")
    say(f"{len(folders) - faulty} of {len(folders)} reports are as they were made ({files} files).")
    return 1 if faulty else 0


def report_folders(output: Path) -> list[Path]:
    """The report that `output` is, or the reports in it or in the universes in it; hidden folders are unfinished ones.

    A folder beside a report counts as one, too: a report without its manifest must be noticed. Raises ParameterError if there is
    no manifest at all.
    """
    if not output.is_dir():
        raise ParameterError([f"output: {str(output)!r} is no folder."])
    if (output / MANIFEST).exists():
        return [output]
    found = [path.parent for depth in ("*", "*/*") for path in output.glob(f"{depth}/{MANIFEST}")]
    shelves = {folder.parent for folder in found if not folder.parent.name.startswith(".")}
    folders = {folder for shelf in shelves for folder in shelf.iterdir() if folder.is_dir()}
    # A universe beside a report in the same folder holds reports itself.
    reports = sorted(folder for folder in folders - shelves if not folder.name.startswith("."))
    if not reports:
        raise ParameterError([f"output: there is no {MANIFEST} in {str(output)!r} or in the folders in it."])
    return reports


def differences(folder: Path, report: Published) -> list[Difference]:
    """What was changed, is missing or extra in a report, and where its manifest contradicts itself."""
    wanted = {one.path: one.sha256 for one in report.outputs}
    outside = [
        Difference("broken", f"{MANIFEST} names {path!r}, which is outside") for path in wanted if _leads_out(path)
    ]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    there -= {MANIFEST, TIMINGS}
    named = wanted.keys() - {path for path in wanted if _leads_out(path)}
    return [
        *outside,
        *(Difference("broken", f"{MANIFEST} contradicts itself: {words}") for words in _contradictions(report)),
        *(Difference("changed", path) for path in sorted(named & there) if _sha256(folder / path) != wanted[path]),
        *(Difference("missing", path) for path in sorted(named - there)),
        *(Difference("extra", path) for path in sorted(there - named)),
    ]


def inputs_now() -> dict[str, str] | None:
    """The hash of every file that a report of this checkout would be made from; None if the data cannot be read."""
    try:
        hashes = current_hashes(DATA_DIR, read_descriptor(DATA_DIR))
    except DataError:
        return None
    return {one["path"]: one["sha256"] for one in (*data_inputs(hashes), *code_inputs(chapters()), *lock_input())}


def made_otherwise(report: Published, now: dict[str, str]) -> list[str]:
    """In what the inputs of a report differ from those of this checkout, a phrase for each group."""
    then = {one.path: one.sha256 for one in report.inputs}
    groups: dict[str, list[str]] = {}
    for path in sorted(path for path in then.keys() | now.keys() if then.get(path) != now.get(path)):
        group = "data" if path.startswith("data/") else "code" if "/" in path else "lock"
        groups.setdefault(group, []).append(path)
    return [f"{_OTHER[group]} ({_listed(groups[group])})" for group in _OTHER if group in groups]


def _contradictions(report: Published) -> Iterable[str]:
    """Hashes in the manifest that do not belong to the files that it names."""
    data = {one.path.removeprefix("data/"): f"sha256:{one.sha256}" for one in report.inputs if one.kind == "data"}
    code = [one.model_dump() for one in report.inputs if one.kind not in ("data", "lock")]
    if hash_of(data) != report.data.sha256:
        yield "the hash of the data is not that of the data files"
    if code_hash(code) != report.code.sha256:
        yield "the hash of the code is not that of its files"


def _leads_out(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.is_absolute() or ".." in parts.parts


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""  # a link that leads nowhere, or a file that must not be read: not what was made


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(paths[:NAMED]) + more


def _name(folder: Path, output: Path) -> str:
    return folder.name if folder == output else folder.relative_to(output).as_posix()

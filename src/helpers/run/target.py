"""Reports at a URL: for workers that share no folder. Any file system that fsspec knows, such as s3:// or file://.

An object store has no rename of a folder, so a report appears there in this order, and its manifest is what makes it one:

1. All files go to `<universe>/.batch/new/<report>/<token>/`. If that fails, the last good report stands untouched.
2. The old manifest is moved there, too: from now on the report does not count as one.
3. The files are copied into place within the store.
4. The manifest is copied into place: the new report stands, whole.
5. Files that only the old report had are removed, then all of `.batch/new/<report>/`.

Whoever is stopped between 2 and 4 leaves no manifest: no gallery shows that report, and the next batch makes it anew and
removes what is left. No report is ever incomplete with a manifest.
"""

from __future__ import annotations

import errno
import json
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.parameters import ParameterError, Parameters
from helpers.run.fingerprint import MANIFEST
from helpers.run.report import report_folder

TIMINGS = "timings.json"
HIDDEN = ".batch"
_REPLACED = "replaced.json"


@dataclass(frozen=True)
class Target:
    """The place of all reports at a URL, as `--out` for a folder. It can be pickled; credentials are found where it is used."""

    url: str

    def check(self) -> None:
        """See that files can be written and removed there. Raises ParameterError."""
        try:
            fs, root = self._open()
            probe = f"{root}/{HIDDEN}-{uuid.uuid4().hex}"
            fs.makedirs(root, exist_ok=True)
            fs.pipe_file(probe, b"")
            fs.rm_file(probe)
        except Exception as error:  # noqa: BLE001  (each file system raises errors of its own)
            raise ParameterError([f"--out: cannot write to {self.url!r}: {type(error).__name__}: {error}"]) from None

    def publish(self, made: Path, name: str) -> None:
        """Put the report in the folder `made` to `name` (universe/report), in the order told above. Raises what fsspec raises."""
        fs, root = self._open()
        fs.invalidate_cache()
        place, shelf = f"{root}/{name}", _shelf(root, name)
        new = f"{shelf}/{uuid.uuid4().hex}"
        files = sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
        content = [file for file in files if file != MANIFEST]
        ours = _outputs_of(fs, place, shelf)
        _put(fs, [(made / file, f"{new}/{file}") for file in files])
        if fs.exists(f"{place}/{MANIFEST}"):
            fs.cp_file(f"{place}/{MANIFEST}", f"{new}/{_REPLACED}")
            fs.rm_file(f"{place}/{MANIFEST}")
        _make_folders(fs, (f"{place}/{file}" for file in files))
        fs.copy([f"{new}/{file}" for file in content], [f"{place}/{file}" for file in content], on_error="raise")
        fs.cp_file(f"{new}/{MANIFEST}", f"{place}/{MANIFEST}")
        for file in sorted(ours - set(files)):
            with suppress(FileNotFoundError):
                fs.rm_file(f"{place}/{file}")
        fs.rm(shelf, recursive=True)

    def put_traces(self, traces: Path, name: str) -> None:
        """Put the traces of a failed attempt to `name` in place of earlier ones; without a folder `traces`, remove them."""
        fs, root = self._open()
        place = f"{root}/{_hidden(name, 'failed')}"
        fs.invalidate_cache()
        if fs.exists(place):
            fs.rm(place, recursive=True)
        files = [path for path in traces.rglob("*") if path.is_file()] if traces.is_dir() else []
        _put(fs, [(file, f"{place}/{file.relative_to(traces).as_posix()}") for file in files])

    @contextmanager
    def desk(self, universes: Iterable[str]) -> Iterator[Desk]:
        """A local folder with the records of the reports of `universes`, gone at the end. Raises ParameterError."""
        self.check()
        fs, root = self._open()
        with tempfile.TemporaryDirectory(prefix="cityreport-") as folder:
            yield Desk(self, fs, root, Path(folder), universes)

    @contextmanager
    def copied(self) -> Iterator[Path]:
        """A local copy of all that is there, without what is hidden; gone at the end. Raises ParameterError."""
        with tempfile.TemporaryDirectory(prefix="cityreport-") as folder:
            try:
                fs, root = self._open()
                there = _sizes(fs, root, root)
            except Exception as error:  # noqa: BLE001  (each file system raises errors of its own)
                raise ParameterError([f"output: cannot read {self.url!r}: {type(error).__name__}: {error}"]) from None
            if not any(PurePosixPath(one).name == MANIFEST for one in there):
                raise ParameterError([f"output: there is no {MANIFEST} at {self.url!r} or below it."])
            _get(fs, [(f"{root}/{one}", Path(folder) / one) for one in there if f"/{HIDDEN}" not in f"/{one}"])
            yield Path(folder)

    def _open(self) -> tuple[Any, str]:
        """The file system and the path in it. Raises what fsspec raises: ValueError, ImportError, OSError."""
        import fsspec

        fs, root = fsspec.url_to_fs(self.url)
        return fs, str(root).rstrip("/")


class Desk:
    """Where a batch writes its records before they are sent: those that were there, fetched, and the manifests.

    folder: as the folder of a batch, but of each report only the manifest is in it.
    """

    def __init__(self, target: Target, fs: Any, root: str, folder: Path, universes: Iterable[str]):
        self.target, self.folder = target, folder
        self._fs, self._root = fs, root
        self._sizes: dict[str, int] = {}
        for universe in universes:
            self._sizes |= _sizes(fs, root, f"{root}/{universe}")
        records = [one for one in self._sizes if _is_record(one)]
        _get(fs, [(f"{root}/{one}", folder / one) for one in records])

    def size(self, path: Path) -> int:
        """The bytes of a file of a report at the target, by its path on the desk. Raises FileNotFoundError."""
        try:
            return self._sizes[path.relative_to(self.folder).as_posix()]
        except KeyError:
            raise FileNotFoundError(2, "not at the target", str(path)) from None

    def refuse_foreign(self, parameter_sets: Iterable[Parameters]) -> None:
        """Raises ParameterError if files of others lie where a report would be."""
        faults = []
        for parameters in parameter_sets:
            name = report_folder(parameters, Path()).as_posix()
            there = {one[len(name) + 1 :] for one in self._sizes if one.startswith(f"{name}/")}
            # A report without its manifest was stopped while it was put in place, and its new files lie there still.
            if (
                there
                and MANIFEST not in there
                and not any(one.startswith(f"{_shelf('', name)[1:]}/") for one in self._sizes)
            ):
                listed = ", ".join(sorted(there)[:5])
                faults.append(
                    f"--out: {self.target.url}/{name} would be replaced, but holds files of others: {listed}."
                )
        if faults:
            raise ParameterError(faults)

    def send(self, path: Path) -> None:
        """Bring a record at the target up to date with the desk, where it may be gone. Raises OSError."""
        place = f"{self._root}/{path.relative_to(self.folder).as_posix()}"
        try:
            if path.is_file():
                _put(self._fs, [(path, place)])
            else:
                with suppress(FileNotFoundError):
                    self._fs.rm_file(place)
        except Exception as error:
            words = f"the record cannot be sent: {type(error).__name__}: {error}"
            raise OSError(errno.EIO, words, place) from error


def _sizes(fs: Any, root: str, folder: str) -> dict[str, int]:
    """The bytes of all files in `folder` by their path in `root`, as they are now."""
    fs.invalidate_cache()
    try:
        found = fs.find(folder, detail=True)
    except FileNotFoundError:
        return {}
    names = {path[len(root) + 1 :]: int(one["size"]) for path, one in found.items()}
    return {name: size for name, size in names.items() if not _leads_out(name)}


def _is_record(name: str) -> bool:
    """A manifest, a key of a report, or a file beside the reports."""
    parts = PurePosixPath(name).parts
    beside = len(parts) == 2
    return beside or (len(parts) == 3 and (parts[2] == MANIFEST or (parts[1] == HIDDEN and parts[2].endswith(".json"))))


def _hidden(name: str, kind: str) -> str:
    universe, report = name.split("/")
    return f"{universe}/{HIDDEN}/{kind}/{report}"


def _shelf(root: str, name: str) -> str:
    """Where the new files of a report wait, and lie still if a publication was stopped."""
    return f"{root}/{_hidden(name, 'new')}"


def _outputs_of(fs: Any, place: str, shelf: str) -> set[str]:
    """The files that the report at `place`, and unfinished publications of it, have or had."""
    left = (
        [path for path in fs.find(shelf) if PurePosixPath(path).name in (MANIFEST, _REPLACED)]
        if fs.exists(shelf)
        else []
    )
    named: set[str] = set()
    for path in (f"{place}/{MANIFEST}", *left):
        with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
            named |= {one["path"] for one in json.loads(fs.cat_file(path))["outputs"]}
    return {one for one in named if not _leads_out(one)}


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name)
    return parts.is_absolute() or ".." in parts.parts


def _put(fs: Any, files: list[tuple[Path, str]]) -> None:
    _make_folders(fs, (there for _, there in files))
    if files:
        fs.put([str(here) for here, _ in files], [there for _, there in files])


def _get(fs: Any, files: list[tuple[str, Path]]) -> None:
    for _, here in files:
        here.parent.mkdir(parents=True, exist_ok=True)
    if files:
        fs.get([there for there, _ in files], [str(here) for _, here in files])


def _make_folders(fs: Any, paths: Iterable[str]) -> None:
    for folder in sorted({path.rpartition("/")[0] for path in paths}):
        fs.makedirs(folder, exist_ok=True)

"""What a report is made from, part by part, so that a batch makes only those reports whose parts have changed.

A part is a file, or those rows of a table that the report prints. What is shown of everyone (the index: ranks, maps) is a part of
every report; the categories of the Smart City Index and the claims of the press are parts of the reports that print them. A
part may be larger than what is printed, never smaller: tests/run/test_fingerprint.py makes a report from data in which all that
is no part of it is falsified, and finds the same report. No pandas here: an unchanged batch ends before it would be imported.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from helpers.data.faults import DataError
from helpers.data.package import current_hashes, read_descriptor, sealed_hashes
from helpers.data.yaml_file import LOADER
from helpers.parameters import DATA_DIR, REPOSITORY, Parameters, Place, register, universe_places, universes
from helpers.run.report import chapters
from helpers.run.staging import write_whole

Parts = dict[str, str]
Row = dict[str, str]

_PACKAGE = Path(__file__).resolve().parents[1]
LOCK = "requirements.lock"
MANIFEST = "manifest.json"

# What makes a report: the modules that these import, and so on. The rooms that notebooks use are named in helpers/__init__.py.
ROOTS = ("helpers", "helpers.run.report", "helpers.run.chapter", "helpers.run.forkserver", "helpers.run.printing")
_RESOURCES = (".ttf", ".json", ".typ", ".j2", ".css", ".js")
_IMPORT = re.compile(r"^[ \t]*from[ \t]+(helpers[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)", re.MULTILINE)
_NAME = re.compile(r"\bhelpers(?:\.\w+)+")

OBSERVATIONS, PANEL, RUHR_INDEX = "observations.csv", "smart_city_index.csv", "digital_index_ruhr.csv"
CITIES = "cities"
_BY_ROWS = (OBSERVATIONS, PANEL, RUHR_INDEX, "verdicts.yml")
_UNSEALED = "not sealed: "


@dataclass(frozen=True)
class Inputs:
    """All that reports of this checkout are made from, as it is now: read once for a batch, then asked for each report.

    files: sha256 by path, of the data, the notebooks, the modules and other files of the package, and the lock file.
    """

    data_dir: Path
    descriptor: dict[str, Any]
    files: dict[str, str]
    code: tuple[str, ...]

    def parts(self, parameters: Parameters) -> Parts:
        """The hash of every part of the report of `parameters`. Raises what unreadable data raise; see `read_inputs`."""
        place = register(self.data_dir)[parameters.place]
        city = _city_ags(place, register(self.data_dir))
        own = {
            "parameters": _digest(json.dumps(parameters.model_dump(mode="json"), sort_keys=True)),
            f"data/{PANEL}: the rows of {city}": _digest_rows(r for r in self._panel if r["ags"] == city),
        }
        for universe in sorted(_printed_universes(parameters, place)):
            own[f"data: what the index of {universe} shows of everyone"] = self._index_inputs[universe]
        if parameters.universe == "ruhr" or place.in_ruhr:
            own[f"data/{RUHR_INDEX}"] = self.files[f"data/{RUHR_INDEX}"]
        else:
            rows = [r for r in self._ruhr_index if r["ags"] == city or r["topic"] == "above_ruhr_average"]
            own[f"data/{RUHR_INDEX}: the rows of {city} and of the places named"] = _digest_rows(rows)
        if claims := self._claims.get(city):
            # A claim may be about any row of any table.
            every = (*claims, "verdicts.yml", OBSERVATIONS, PANEL, RUHR_INDEX)
            own |= {f"data/{file}": self.files[f"data/{file}"] for file in every}
        return own | self._common

    @cached_property
    def _common(self) -> Parts:
        """The parts of every report."""
        common = {path: self.files[path] for path in self.code}
        common |= {f"data/{file}": self.files[f"data/{file}"] for file in self._whole_files}
        unhashed = [
            {key: value for key, value in item.items() if key not in ("hash", "bytes")}
            for item in self.descriptor["resources"]
        ]
        common["data/datapackage.json without its hashes"] = _digest(json.dumps(unhashed, sort_keys=True))
        common[f"data/{PANEL}: the ranks of all cities in all"] = _digest_rows(
            r for r in self._panel if r["category"] == "total"
        )
        common["the date of the data"] = self._data_date
        common["cityreport"], common["Python"] = version("cityreport"), f"{sys.version_info[0]}.{sys.version_info[1]}"
        sealed = sealed_hashes(self.descriptor)
        for file, seal in sealed.items():
            if self.files.get(f"data/{file}") != seal.removeprefix("sha256:"):
                common[_UNSEALED + file] = ""
        return common

    @cached_property
    def _whole_files(self) -> list[str]:
        named = [item["path"] for item in self.descriptor["resources"]]
        return [file for file in named if file not in _BY_ROWS and not file.startswith(("claims", "universes/"))]

    @cached_property
    def _panel(self) -> list[Row]:
        return self._rows(PANEL)

    @cached_property
    def _ruhr_index(self) -> list[Row]:
        return self._rows(RUHR_INDEX)

    @cached_property
    def _index_inputs(self) -> Parts:
        """By universe: its definition, and the observations of every indicator and structural variable that it names."""
        rows = _lines_by_indicator(self._text(OBSERVATIONS))
        found = {}
        for universe in universes(self.data_dir):
            text = self._text(f"universes/{universe}.yml")
            named = set(_texts(yaml.load(text, Loader=LOADER)))
            found[universe] = _digest(text + "".join(rows[name] for name in sorted(named & rows.keys())))
        return found

    @cached_property
    def _claims(self) -> dict[str, list[str]]:
        """The claims files about a place by the AGS of the city; a file that does not plainly name one counts for all."""
        named: dict[str, list[str]] = {}
        for path in sorted(self.data_dir.glob("claims*.yml")):
            found = re.search(r"^place:\s*[\"']?(\d+)", path.read_text(encoding="utf-8"), re.MULTILINE)
            places = [found[1].ljust(8, "0")] if found else list(register(self.data_dir))
            for ags in places:
                named.setdefault(ags, []).append(path.name)
        return named

    @cached_property
    def _data_date(self) -> str:
        """As `facts.latest_date`."""
        dates = [row["date"] for row in self._rows("sources.csv")]
        return max([*dates, *(row["source_date"] for row in (*self._panel, *self._ruhr_index))], default="")

    def _text(self, file: str) -> str:
        return (self.data_dir / file).read_text(encoding="utf-8")

    def _rows(self, file: str) -> list[Row]:
        return list(csv.DictReader(io.StringIO(self._text(file))))


def read_inputs(data_dir: Path = DATA_DIR) -> Inputs:
    """The inputs as they are now. Raises DataError with all faults if the data cannot be read."""
    descriptor = read_descriptor(data_dir)
    hashes = current_hashes(data_dir, descriptor)
    files = {f"data/{file}": hash_.removeprefix("sha256:") for file, hash_ in hashes.items()}
    code = _code()
    inputs = Inputs(data_dir, descriptor, files | code, tuple(code))
    try:
        for universe in universes(data_dir):
            for ags in universe_places(universe, data_dir):
                inputs.parts(Parameters.model_construct(place=ags, universe=universe))
                break
    except (OSError, UnicodeDecodeError, csv.Error, yaml.YAMLError, KeyError, TypeError) as error:
        from helpers.data.checks import check_package

        # The whole check names every fault; the one met here is told only where the check would accept it.
        raise (DataError(faults) if (faults := check_package(data_dir, sealed=False)) else error) from error
    return inputs


# Kept beside the reports -----------------------------------------------------------------------------------------------


def key_path(folder: Path) -> Path:
    """Where the parts of the report in `folder` are kept: beside it, hidden."""
    return folder.parent / ".batch" / f"{folder.name}.json"


def write_key(folder: Path, content: bytes, parts: Parts, inputs: Inputs) -> list[str]:
    """Keep the parts of the report that was just made in `folder`; files that are no longer as they were when it was made.

    If there are any, it is not known what it was made from, nothing is kept, and the next batch makes it again. content: the
    manifest of the report, read by who made it: for some seconds, another machine may still see the folder as it was.
    """
    manifest = json.loads(content)
    moved = [
        one["path"]
        for one in manifest["inputs"]
        if one["path"] in inputs.files and one["sha256"] != inputs.files[one["path"]]
    ]
    if moved:
        key_path(folder).unlink(missing_ok=True)
        return moved
    sizes = {one["path"]: one["bytes"] for one in manifest["outputs"]}
    kept = {"manifest": hashlib.sha256(content).hexdigest(), "files": sizes, "parts": parts}
    key_path(folder).parent.mkdir(parents=True, exist_ok=True)
    write_whole(key_path(folder), json.dumps(kept, ensure_ascii=False, indent=0) + "\n")
    return []


def _size(path: Path) -> int:
    return path.stat().st_size


def reasons(folder: Path, parts: Parts, size: Callable[[Path], int] = _size) -> list[str]:
    """Why the report in `folder` has to be made; empty if it is there, whole, and made from the same parts.

    size: the bytes of a file of it, for reports that lie elsewhere. May raise OSError.
    """
    if not folder.is_dir():
        return ["there is none yet"]
    try:
        kept = json.loads(key_path(folder).read_text(encoding="utf-8"))
        before: Parts = kept["parts"]
        files: dict[str, int] = kept["files"]
        manifest = str(kept["manifest"])
    except (OSError, ValueError, KeyError, TypeError):
        return ["it is not known what it was made from"]
    try:
        if hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest() != manifest:
            return ["it was made anew by another command"]
        if lacking := [path for path, bytes_ in files.items() if size(folder / path) != bytes_]:
            return [f"of other size than it was made: {path}" for path in lacking]
    except OSError as error:
        return [f"cannot be read: {Path(str(error.filename)).name}"]
    return changes(before, parts)


def changes(before: Parts, now: Parts) -> list[str]:
    """The parts that differ, in words. That a file is no longer as it was sealed is no change by itself: its rows tell."""
    found = []
    for part in sorted(before.keys() | now.keys()):
        if before.get(part) == now.get(part) or (part.startswith(_UNSEALED) and part not in before):
            continue
        if part.startswith(_UNSEALED):
            found.append(f"sealed since: {part.removeprefix(_UNSEALED)}")
        else:
            found.append(f"{'changed' if part in before and part in now else 'new' if part in now else 'gone'}: {part}")
    return found


def shared_by_all(part: str) -> bool:
    """True for a part that every report of a universe has, so that a change makes all of them anew."""
    return "of everyone" in part or "of all cities" in part


# Code -------------------------------------------------------------------------------------------------------------------


def _code() -> Parts:
    """Notebooks, the modules that they and the making of a report import, the files these use, and the lock file."""
    texts = {_module(path): path.read_bytes().decode("utf-8") for path in _PACKAGE.rglob("*.py")}
    used = imported(ROOTS, texts)
    found = {
        f"src/{path.relative_to(_PACKAGE.parent).as_posix()}": _digest(texts[_module(path)])
        for path in sorted(_PACKAGE.rglob("*.py"))
        if _module(path) in used
    }
    for path in sorted(path for suffix in _RESOURCES for path in _PACKAGE.rglob(f"*{suffix}")):
        # A file that only modules outside of the report name (the gallery's) is none of its parts; one that nobody names is.
        users = {module for module, text in texts.items() if path.name in text}
        if not users or users & used:
            found[f"src/{path.relative_to(_PACKAGE.parent).as_posix()}"] = _digest(path.read_bytes())
    found |= {f"notebooks/{path.name}": _digest(_cells(path)) for path in chapters()}
    lock = REPOSITORY / LOCK
    return found | ({LOCK: _digest(lock.read_bytes())} if lock.is_file() else {})


def imported(roots: Iterable[str], texts: dict[str, str]) -> set[str]:
    """The modules among `texts` (source by name) that `roots` import directly or through others, at any place and also by
    name (as `import_module` takes it).
    """
    used: set[str] = set()
    waiting = [root for root in roots if root in texts]
    while waiting:
        module = waiting.pop()
        if module in used:
            continue
        used.add(module)
        names = set(_NAME.findall(texts[module]))
        for package, members in _IMPORT.findall(texts[module]):
            names |= {f"{package}.{member}" for member in re.findall(r"\w+", members)}
        for name in names:
            # `helpers.a.b.c`: each package on the way is imported, and c may be something in a.b.
            steps = name.split(".")
            waiting += [step for n in range(2, len(steps) + 1) if (step := ".".join(steps[:n])) in texts]
    return used


def _module(path: Path) -> str:
    parts = path.relative_to(_PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _cells(notebook: Path) -> str:
    """The kinds and sources of the cells, as publish/inputs.py has them, without pandas."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return json.dumps([[cell["cell_type"], "".join(cell["source"])] for cell in cells], ensure_ascii=False)


# Data -------------------------------------------------------------------------------------------------------------------


def _printed_universes(parameters: Parameters, place: Place) -> set[str]:
    """The universes whose index a report prints: its own, those that the place belongs to, and the cities, with which
    every report compares the Smart City Index. A kreisfreie Stadt is a place and a district.
    """
    forms = {place.ags, place.ags + "000", place.district_ags if place.is_own_district else place.ags}
    return {parameters.universe, CITIES} | {name for name in universes() if forms & universe_places(name).keys()}


def _city_ags(place: Place, places: dict[str, Place]) -> str:
    return place.ags + "000" if place.level == "district" and place.ags + "000" in places else place.ags


def _lines_by_indicator(text: str) -> dict[str, str]:
    """The lines of the observations by the name of the indicator."""
    lines = text.splitlines(keepends=True)
    column = lines[0].rstrip("\r\n").split(",").index("indicator")
    found: dict[str, list[str]] = {}
    for line in lines[1:]:
        found.setdefault(line.split(",", column + 1)[column], []).append(line)
    return {name: "".join(rows) for name, rows in found.items()}


def _texts(content: Any) -> Iterator[str]:
    """Every text in what a YAML file holds."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for item in content:
            yield from _texts(item)
    elif isinstance(content, str):
        yield content


def _digest_rows(rows: Iterable[Row]) -> str:
    return _digest(json.dumps(list(rows), ensure_ascii=False))


def _digest(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()

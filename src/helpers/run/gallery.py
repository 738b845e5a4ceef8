"""`cityreport gallery`: the page of a universe, made from the manifests of the reports in its folder."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from helpers.data.facts import load_facts
from helpers.data.universe import load_universe
from helpers.parameters import Language, ParameterError, universes
from helpers.present.language import LANGUAGES
from helpers.publish.gallery import make_gallery
from helpers.publish.gallery_rows import Earlier
from helpers.publish.gallery_rows import Failure as Failure  # the batch, which writes them, takes it from here
from helpers.publish.manifest import MANIFEST
from helpers.publish.published import Published, read_published

# Beside the reports of a universe: what could not be made in the last run, for the gallery and for `--failed`.
FAILURES = "failures.json"


def gallery_path(folder: Path, language: str) -> Path:
    """index.html in German, index-en.html in English, as the folders of the reports are named."""
    return folder / ("index.html" if language == "de" else f"index-{language}.html")


def write_gallery(folder: Path, language: str, compare: Path | None = None) -> Path:
    """Write the page of the reports in `folder` (OUTPUT/UNIVERSE), with their ranks in `compare` if given; its path.

    The page appears at once, also where another one is being read. Raises ParameterError if a folder does not exist or holds no
    report, or the language is unknown.
    """
    if language not in LANGUAGES:
        raise ParameterError([f"language: {language!r} is not one of {', '.join(get_args(Language))}."])
    reports, broken = read_reports(folder, "folder")
    universe = load_universe(_universe_of(folder, reports))
    earlier = None
    if compare is not None:
        found, _ = read_reports(compare, "--compare")
        of_universe = {name: one for name, one in found.items() if one.parameters.universe == universe.name}
        earlier = Earlier(_name_of(compare, universe.name), of_universe)
    failures = [*broken, *read_failures(folder)]
    page = make_gallery(universe, language, reports, load_facts(), failures, earlier)
    path = gallery_path(folder, language)
    _write(path, page)
    return path


def read_reports(folder: Path, option: str) -> tuple[dict[str, Published], list[Failure]]:
    """The reports in `folder` by the name of theirs, and those whose manifest cannot be read as failures.

    Raises ParameterError, beginning with `option`, if there is no such folder or no manifest in it.
    """
    if not folder.is_dir():
        raise ParameterError([f"{option}: {str(folder)!r} is no folder."])
    reports, broken = {}, []
    for path in sorted(folder.glob(f"[!.]*/{MANIFEST}")):
        name = path.parent.name
        try:
            reports[name] = read_published(path.parent)
        except ValueError as error:
            broken.append(Failure(name, str(error)))
    if not reports and not broken and not (folder / FAILURES).is_file():
        raise ParameterError([f"{option}: {str(folder)!r} holds no report; OUTPUT/UNIVERSE is expected."])
    return reports, broken


def read_failures(folder: Path) -> list[Failure]:
    """What failures.json in `folder` tells; nothing if it is absent. Raises ParameterError if it is broken."""
    path = folder / FAILURES
    try:
        listed: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["failures"]
        return [Failure(str(one["folder"]), str(one["reason"]), one.get("language")) for one in listed]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParameterError([f"folder: {str(path)!r} cannot be read ({error})."]) from None


def write_failures(folder: Path, failures: Sequence[Failure]) -> None:
    """Write failures.json for the reports that could not be made; without any, remove it."""
    path = folder / FAILURES
    if failures:
        content = {"failures": [asdict(one) for one in failures]}
        _write(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    else:
        path.unlink(missing_ok=True)


def _universe_of(folder: Path, reports: dict[str, Published]) -> str:
    """The universe that the folder is named after, else that of its reports."""
    name = folder.resolve().name
    found = sorted({one.parameters.universe for one in reports.values()})
    if name in found or (not found and name in universes()):
        return name
    if len(found) == 1:
        return found[0]
    raise ParameterError(
        [f"folder: {str(folder)!r} holds reports of {', '.join(found) or 'no known universe'}; one is expected."]
    )


def _name_of(compare: Path, universe: str) -> str:
    """What an earlier output is called: its folder, not that of the universe in it."""
    path = compare.resolve()
    return path.parent.name if path.name == universe else path.name


def _write(path: Path, text: str) -> None:
    """Put a file in place by a rename."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}-", encoding="utf-8", newline="\n", delete=False
    ) as stream:
        stream.write(text)
    new = Path(stream.name)
    new.chmod(0o644)  # a temporary file is private; results are to be read by others
    new.replace(path)

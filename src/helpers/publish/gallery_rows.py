"""The rows of a gallery: for each place its report, where it stands, how it moved, and whether the report was made."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import quote

from helpers.data.universe import Universe
from helpers.parameters import CITY_TYPES, Language, Parameters, register, universe_places
from helpers.present import fmt
from helpers.present.language import current, tr
from helpers.present.names import district_of, land_name, place_title
from helpers.publish.published import Published, Result
from helpers.publish.report import PAGE, REPORT

Status = Literal["done", "kept", "failed", "absent"]
STATUSES: tuple[Status, ...] = ("done", "kept", "failed", "absent")
Reports = Mapping[str, Published]

_AGS = re.compile(r"(\d{8}|\d{5})(?!\d)")
# What every report differs in, or what the links of a row tell already.
_TOLD = ("place", "universe", "language")


@dataclass(frozen=True)
class Failure:
    """A report that could not be made: the folder it would have, and why. Without a language it counts for every page."""

    folder: str
    reason: str
    language: Language | None = None

    @property
    def ags(self) -> str:
        """The AGS of the place, by the name of the folder; empty if it does not begin with one."""
        found = _AGS.match(self.folder)
        return found[1] if found else ""


@dataclass(frozen=True)
class Earlier:
    """An earlier output to compare with: its name and its reports by folder."""

    name: str
    reports: Reports


@dataclass(frozen=True)
class Move:
    """How the rank of a place moved against an earlier report: ranks gained, and whether data and code are the same."""

    ranks: int
    same_data: bool
    same_code: bool


@dataclass(frozen=True)
class Link:
    """A report: addresses of its page and its PDF, its language, and in what it differs from the usual one."""

    html: str
    pdf: str
    language: Language
    differs: str


@dataclass(frozen=True)
class Row:
    """A place of the gallery; `links` begin with the report that the row tells of."""

    ags: str
    name: str
    about: str
    status: Status
    reason: str = ""
    links: tuple[Link, ...] = ()
    standing: Result | None = None
    date: str = ""
    move: Move | None = None


def gallery_rows(
    universe: Universe, reports: Reports, failures: Sequence[Failure] = (), earlier: Earlier | None = None
) -> list[Row]:
    """A row for every place of the universe and every further place that has a report: by rank, then by name."""
    chosen, then = chosen_reports(reports), chosen_reports({} if earlier is None else earlier.reports)
    failed = {one.ags: one for one in failures if one.ags and _concerns(one, chosen.get(one.ags))}
    rows = []
    for ags in dict.fromkeys((*universe_places(universe.name), *chosen, *failed)):
        variants = chosen.get(ags, [])
        report = reports[variants[0]] if variants else None
        rows.append(
            Row(
                ags,
                *_named(ags, report),
                status=_status(bool(variants), ags in failed),
                reason=failed[ags].reason if ags in failed else "",
                links=tuple(_link(folder, reports[folder]) for folder in variants),
                standing=report.standing if report else None,
                date=report.data.date if report else "",
                move=_move(report, earlier.reports[then[ags][0]]) if report and earlier and ags in then else None,
            )
        )
    return sorted(rows, key=lambda row: (row.standing.rank if row.standing else len(rows), row.name, row.ags))


def chosen_reports(reports: Reports) -> dict[str, list[str]]:
    """The folders of the reports of each place, best first: in the active language, then with the usual parameters."""
    found: dict[str, list[str]] = {}
    order = sorted(reports, key=lambda folder: (*_distance(reports[folder]), folder))
    for folder in order:
        found.setdefault(reports[folder].parameters.place, []).append(folder)
    return found


def _distance(report: Published) -> tuple[bool, int]:
    return report.parameters.language != current(), len(_unusual(report))


def _unusual(report: Published) -> dict[str, object]:
    """The parameters that are not at their defaults."""
    given = report.parameters.model_dump(exclude=set(_TOLD))
    return {name: value for name, value in given.items() if value != _defaults().get(name)}


@cache
def _defaults() -> dict[str, object]:
    return Parameters().model_dump(mode="json")


def _concerns(failure: Failure, variants: list[str] | None) -> bool:
    """True if the failure is that of the report that the page tells of, or would tell of."""
    shown = variants[0] if variants else None
    return failure.language in (None, current()) or failure.folder == shown


def _status(made: bool, failed: bool) -> Status:
    if failed:
        return "kept" if made else "failed"
    return "done" if made else "absent"


def _named(ags: str, report: Published | None) -> tuple[str, str]:
    """The name of the place and, in small type, what kind of place it is and where; a place not known by its report."""
    place = register().get(ags)
    if place is None:
        return report.place if report else ags, ""
    city = tr(de="kreisfreie Stadt", en="city")
    if place.level == "district":
        kind = city if place.type in CITY_TYPES else tr(de=place.type, en="district")
        return place.name, f"{kind}, {land_name(place.state)}"
    if place.in_ruhr:
        return place.name, city if place.is_own_district else place_title(district_of(place))
    return place.name, land_name(place.state)


def _link(folder: str, report: Published) -> Link:
    differs = fmt.join([_difference(name, value) for name, value in _unusual(report).items()])
    return Link(f"{quote(folder)}/{PAGE}", f"{quote(folder)}/{REPORT}", report.parameters.language, differs)


def _difference(name: str, value: object) -> str:
    """A parameter as it is named on the command line; a mapping would be too long for a table."""
    if isinstance(value, dict):
        return tr(de=f"eigener {name}", en=f"own {name}") if name == "index" else name
    return f"{name} {', '.join(map(str, value)) if isinstance(value, list) else value}"


def _move(now: Published, then: Published) -> Move | None:
    if now.standing is None or then.standing is None:
        return None
    gained = then.standing.rank - now.standing.rank
    return Move(gained, now.data.sha256 == then.data.sha256, now.code.sha256 == then.code.sha256)

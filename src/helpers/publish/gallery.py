"""The gallery: one page that lists the reports of a universe on a map and in a table, made from their manifests.

The template is gallery.html.j2, with the look of the HTML edition (page.py), gallery.css, sorting.js and gallery.js.
"""

import string
from collections import Counter
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from helpers.data.facts import Facts
from helpers.data.universe import Universe
from helpers.parameters import Language, universe_places
from helpers.present import fmt
from helpers.present.language import current, tr, use
from helpers.present.maps.key import limits
from helpers.present.names import universe_in, universe_places_word
from helpers.present.sources import BOUNDARIES
from helpers.present.style import class_of
from helpers.publish.gallery_map import Map, gallery_map
from helpers.publish.gallery_rows import STATUSES, Earlier, Failure, Link, Move, Reports, Row, gallery_rows
from helpers.publish.page import on_paper, read, script_hash, style, template

_LEADING = 3


def make_gallery(
    universe: Universe,
    language: Language,
    reports: Reports,
    facts: Facts,
    failures: Sequence[Failure] = (),
    earlier: Earlier | None = None,
) -> str:
    """The page as HTML. `reports` by the name of their folder, which lies beside the page; `facts` give the map its places."""
    before = current()
    use(language)
    try:
        own = {folder: one for folder, one in reports.items() if one.parameters.universe == universe.name}
        rows = gallery_rows(universe, own, failures, earlier)
        places = facts.places.sort_values("population", ascending=False, kind="stable")[["lon", "lat"]]
        lonlat = dict(zip(places.index, places.itertuples(index=False, name=None), strict=True))
        data = {
            "language": current(),
            "title": _title(universe),
            "paragraphs": _paragraphs(own, rows),
            "comparison": _comparison(earlier, rows) if earlier else "",
            "failed": [(row.name, row.reason) for row in rows if row.status in ("kept", "failed")],
            "columns": _columns(earlier is not None),
            "rows": [_cells(row, _mixed(rows)) for row in rows],
            "key": _key(universe, rows),
            "source": tr(de="Karte: ", en="Map: ") + f"{facts.sources.at[BOUNDARIES, f'short_{current()}']}.",
            "made_with": _made_with(own),
        }
        return _render(data, gallery_map(universe, lonlat), _areas(universe, rows))
    finally:
        use(before)


def _render(data: dict[str, Any], drawing: Map, areas: dict[str, dict[str, Any]]) -> str:
    words = _words(len(data["rows"]))
    script = read("sorting.js") + read("gallery.js")
    characters = frozenset(str([data, words, [name.words for name in drawing.names]]) + string.printable)
    return template("gallery.html.j2").render(
        gallery=data,
        map=drawing,
        areas=areas,
        words=words,
        style=style(characters, "report.css", "gallery.css") + on_paper(".sheet"),
        script=Markup(script),
        script_hash=script_hash(script),
    )


# Table --------------------------------------------------------------------------------------------------------------


def _columns(compared: bool) -> list[dict[str, Any]]:
    columns = [
        ("place", tr(de="Ort", en="Place"), False),
        ("rank", tr(de="Rang", en="Rank"), True),
        ("range", tr(de="Spanne", en="Range"), True),
        ("score", tr(de="Punkte", en="Points"), True),
        ("move", tr(de="Rangänderung", en="Change of rank"), True),
        ("report", tr(de="Bericht", en="Report"), False),
        ("status", tr(de="Status", en="Status"), True),
        ("date", tr(de="Datenstand", en="Data of"), True),
    ]
    return [
        {"id": id_, "label": label, "numeric": numeric} for id_, label, numeric in columns if id_ != "move" or compared
    ]


def _cells(row: Row, mixed: bool) -> dict[str, Any]:
    """A row as the template needs it: for each column the words and, where it is sorted by a number, the number."""
    at, move = row.standing, row.move
    return {
        "ags": row.ags,
        "name": row.name,
        "about": row.about,
        "links": [_link_words(link) for link in row.links],
        "status": row.status,
        "kept": tr(de="früherer Bericht", en="earlier report") if row.status == "kept" else "",
        "rank": (fmt.integer(at.rank), at.rank) if at else None,
        "range": (f"{fmt.integer(at.low)}–{fmt.integer(at.high)}", at.low + at.high / 10_000) if at else None,
        "score": (fmt.number(at.score), at.score) if at else None,
        "move": (*_move_words(move), move.ranks, _basis_words(move) if mixed else "") if move else None,
        "date": (fmt.period(row.date), _date_key(row.date)) if row.date else None,
        "status_words": _status_words()[row.status],
        "status_key": STATUSES.index(row.status),
    }


def _link_words(link: Link) -> dict[str, str]:
    other = "" if link.language == current() else tr(de="auf Englisch", en="in German")
    differs = ", ".join(words for words in (other, link.differs) if words)
    return {"html": link.html, "pdf": link.pdf, "language": link.language, "differs": differs}


def _move_words(move: Move) -> tuple[str, str]:
    """The sign for the eye, and the words for the ear."""
    n = abs(move.ranks)
    if not n:
        return "=", tr(de="gleicher Rang", en="same rank")
    ranks = tr(de="Rang" if n == 1 else "Ränge", en="rank" if n == 1 else "ranks")
    up = move.ranks > 0
    way = tr(de="besser" if up else "schlechter", en="up" if up else "down")
    return f"{'↑' if up else '↓'} {fmt.integer(n)}", f"{fmt.integer(n)} {ranks} {way}"


def _basis_words(move: Move) -> str:
    """Whether the two ranks rest on the same data and code."""
    if move.same_data and move.same_code:
        return tr(de="Daten und Programm gleich", en="same data and program")
    if move.same_code:
        return tr(de="andere Daten", en="other data")
    if move.same_data:
        return tr(de="anderes Programm", en="other program")
    return tr(de="Daten und Programm anders", en="other data and program")


def _status_words() -> dict[str, str]:
    return {
        "done": tr(de="fertig", en="done"),
        "kept": tr(de="fehlgeschlagen", en="failed"),
        "failed": tr(de="fehlgeschlagen", en="failed"),
        "absent": tr(de="kein Bericht", en="no report"),
    }


def _date_key(date: str) -> int:
    """yyyymmdd, with zeros for what is not known."""
    return int(date.replace("-", "").ljust(8, "0"))


def _mixed(rows: Sequence[Row]) -> bool:
    """True if some ranks are compared on another basis than others: each then says its own."""
    return len({_basis_words(row.move) for row in rows if row.move}) > 1


# Map ----------------------------------------------------------------------------------------------------------------


def _areas(universe: Universe, rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """By AGS: class, address and text alternative of an area."""
    areas = {}
    for row in rows:
        words = f"{row.name}: {_status_words()[row.status]}"
        if row.standing:
            rank, n = fmt.integer(row.standing.rank), fmt.integer(row.standing.n)
            score = fmt.number(row.standing.score)
            words = tr(
                de=f"{row.name}: Rang {rank} von {n}, {score} Punkte",
                en=f"{row.name}: rank {rank} of {n}, {score} points",
            )
        areas[row.ags] = {"css": _css(universe, row), "href": row.links[0].html if row.links else "", "words": words}
    return areas


def _css(universe: Universe, row: Row) -> str:
    if not row.links:
        return "failed" if row.status == "failed" else "none"
    return f"c{class_of(row.standing.score, universe.class_breaks)}" if row.standing else "none"


def _key(universe: Universe, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The classes with their limits and how many places are in each; what has no report only where there is any."""
    counts = Counter(_css(universe, row) for row in rows)
    key = [(f"c{number}", words) for number, words in enumerate(limits(universe.class_breaks))]
    words = _status_words()
    without = [("none", words["absent"]), ("failed", words["failed"])]
    return [
        {"css": css, "words": words, "count": fmt.integer(counts[css])}
        for css, words in [*key, *((css, label) for css, label in without if counts[css])]
    ]


# Words --------------------------------------------------------------------------------------------------------------


def _title(universe: Universe) -> str:
    word, within = universe_places_word(universe), universe_in(universe)
    # `unter den Kreisen` would say the same once more.
    many = f"{fmt.integer(len(universe_places(universe.name)))} {word}" + ("" if word in within else f" {within}")
    return tr(de=f"Wie digital sind die {many}?", en=f"How digital are the {many}?")


def _paragraphs(reports: Reports, rows: Sequence[Row]) -> list[str]:
    """Who leads, what there is, and whether it can be compared."""
    return [words for words in (_leading(rows), _inventory(rows), _basis(reports, rows)) if words]


def _leading(rows: Sequence[Row]) -> str:
    """The first places, if there is a report of each of them."""
    first = [row for row in rows if row.standing and row.standing.rank <= _LEADING]
    if len(first) < _LEADING:
        return ""
    named = [
        f"{row.name} ({fmt.number(row.standing.score)}{tr(de=' Punkte', en=' points') if row is first[0] else ''})"
        for row in first
        if row.standing
    ]
    return tr(de=f"Vorn liegen {fmt.join(named)}.", en=f"{fmt.join(named)} lead.")


def _inventory(rows: Sequence[Row]) -> str:
    counts = Counter(row.status for row in rows)
    made, n = counts["done"] + counts["kept"], len(rows)
    if counts["done"] == n:
        return tr(de=f"Alle {fmt.integer(n)} Berichte liegen vor.", en=f"All {fmt.integer(n)} reports have been made.")
    parts = [
        tr(
            de=f"{fmt.integer(made)} von {fmt.integer(n)} Berichten liegen vor",
            en=f"{fmt.integer(made)} of {fmt.integer(n)} reports have been made",
        ),
    ]
    if failed := counts["failed"] + counts["kept"]:
        earlier = tr(
            de=f" (davon {fmt.integer(counts['kept'])} mit früherem Bericht)",
            en=f" ({fmt.integer(counts['kept'])} with an earlier report)",
        )
        kept = earlier if counts["kept"] else ""
        parts.append(tr(de=f"fehlgeschlagen: {fmt.integer(failed)}{kept}", en=f"failed: {fmt.integer(failed)}{kept}"))
    if absent := counts["absent"]:
        parts.append(tr(de=f"ohne Bericht: {fmt.integer(absent)}", en=f"without a report: {fmt.integer(absent)}"))
    return "; ".join(parts) + "."


def _basis(reports: Reports, rows: Sequence[Row]) -> str:
    """What a range is, the date of the data, and a warning if the reports rest on different data or code."""
    ranges = tr(
        de="Die Spanne nennt die Ränge, die ein Ort in neun von zehn Rechenvarianten erreicht.",
        en="The range gives the ranks that a place takes in nine of ten alternative calculations.",
    )
    if not reports:
        return ""
    date = fmt.period(max(row.date for row in rows)).replace(" ", "\u00a0")
    data = tr(de=f"Datenstand: {date}.", en=f"Data of {date}.")
    kinds = {(one.data.sha256, one.code.sha256) for one in reports.values()}
    if len(kinds) > 1:
        data = tr(
            de="Achtung: Die Berichte beruhen auf verschiedenen Daten oder Programmständen; ihre Ränge lassen sich nicht "
            "ohne Weiteres vergleichen.",
            en="Caution: the reports rest on different data or versions of the program; their ranks cannot simply be compared.",
        )
    return f"{ranges} {data}"


def _comparison(earlier: Earlier, rows: Sequence[Row]) -> str:
    """What the ranks are compared with, how many moved, and on what basis."""
    moves = [row.move for row in rows if row.move]
    if not moves:
        return tr(
            de=f"Mit „{earlier.name}“ lässt sich kein Rang vergleichen: Dort liegt von keinem dieser Orte ein Bericht.",
            en=f"No rank can be compared with “{earlier.name}”: it holds a report of none of these places.",
        )
    moved, n = fmt.integer(sum(move.ranks != 0 for move in moves)), fmt.integer(len(moves))
    head = tr(
        de=f"Rangänderung gegenüber „{earlier.name}“: {moved} von {n} Orten haben einen anderen Rang.",
        en=f"Change of rank against “{earlier.name}”: {moved} of {n} places have another rank.",
    )
    bases = Counter(_basis_words(move) for move in moves)
    listed = fmt.join(
        [words if len(bases) == 1 else f"{words} ({fmt.integer(count)})" for words, count in bases.items()]
    )
    return f"{head} " + tr(de=f"Grundlage: {listed}.", en=f"Basis: {listed}.")


def _made_with(reports: Reports) -> str:
    versions = fmt.join(sorted({one.cityreport for one in reports.values()}))
    if not versions:
        return ""
    return tr(
        de=f"Diese Seite ist aus den Manifesten der Berichte gemacht. Berichte: cityreport {versions}.",
        en=f"This page is made from the manifests of the reports. Reports: cityreport {versions}.",
    )


def _words(n: int) -> dict[str, str]:
    return {
        "skip": tr(de="Zur Tabelle springen", en="Skip to the table"),
        "map": tr(de="Karte", en="Map"),
        "map_hint": tr(
            de="Punkte im offenen Index, 0 bis 100. Ein Klick auf einen Ort öffnet seinen Bericht.",
            en="Points in the open index, 0 to 100. A click on a place opens its report.",
        ),
        "map_words": tr(
            de="Karte der Orte; jeder Ort mit Bericht ist ein Link. Dieselben Angaben stehen in der Tabelle.",
            en="Map of the places; each place with a report is a link. The table holds the same.",
        ),
        "failed": tr(de="Warum Berichte fehlgeschlagen sind", en="Why reports failed"),
        "table": tr(de="Alle Orte", en="All places"),
        "search": tr(de="Ort, Kreis, Land oder Status suchen", en="Search place, district, Land or status"),
        "shown": tr(de=f"von {fmt.integer(n)} Orten", en=f"of {fmt.integer(n)} places"),
        "nothing": tr(de="Kein Ort passt zu dieser Suche.", en="No place matches this search."),
        "about": tr(de="Zu dieser Seite", en="About this page"),
        "none": "–",
    }

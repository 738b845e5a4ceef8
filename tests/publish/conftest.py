"""Executed notebooks for the publisher: cells whose outputs are real blocks, as the emitters of present/ make them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import nbformat.v4
import pandas as pd
import pytest

from helpers.parameters import Parameters, register
from helpers.present import blocks
from helpers.present.blocks import Block, Card
from helpers.present.drawing import Canvas, Drawing
from helpers.present.signs import SIGNS
from helpers.present.sources import BOUNDARIES, Sources
from helpers.present.tables import Cell, Column, Table
from helpers.publish.meta import ReportMeta

Emit = Callable[[], None]
Bundle = dict[str, Any]
v4: Any = nbformat.v4

SOURCE = Sources(("inkar-2024",), "Quelle: BBSR (INKAR 2024); eigene Berechnung.")
MAP_SOURCE = Sources(
    ("inkar-2024", BOUNDARIES),
    "Quellen: Breitbandatlas | Gigabit-Grundbuch; BBSR (INKAR 2024); eigene Berechnung. Karte: "
    "© GeoBasis-DE / BKG 2017 (Daten verändert).",
)


def drawing(width: float = 170, height: float = 60, alt: str = "Punkte auf einer Linie: Köln vorn.") -> Drawing:
    """A small figure with a frame and a word."""
    canvas = Canvas(width, height)
    canvas.box(0.2, 0.2, width - 0.4, height - 0.4, edge="#848E98", line=0.6)
    canvas.text(3, 6, "Größe in Köln", weight=700)
    return canvas.finish(alt, pd.DataFrame({"place": ["Köln"], "value": [1.5]}))


def long_table(rows: int = 60) -> Table:
    """A table of `rows` rows whose first is the focus."""
    columns = [Column("Nr.", "right"), Column("Ort", width="1fr"), Column("Wert in Prozent", "right")]
    cells = [[str(i), f"Straße {i}", f"{i},5"] for i in range(1, rows + 1)]
    return Table(columns, cells, pd.DataFrame(cells, columns=["number", "place", "value"]), focus=[0])


ADDRESS = "https://rvr.ruhr/bericht?nr=1&teil=2"


def signed_table(rows: int = 30) -> Table:
    """A table of `rows` rows with a drawn sign, several lines and a part in small type in each.

    Row 16 is so long that it would begin at the end of a page and go on on the next one, could rows be split.
    """

    def middle(number: int) -> str:
        return "und geht weiter " * (24 if number == 16 else 1)

    columns = [
        Column("Nr.", small=True),
        Column("Aussage", width="1fr"),
        Column("Urteil"),
        Column("Befund", width="2fr"),
    ]
    cells: list[list[str | Cell]] = [
        [
            f"A{i:02}",
            "Eine Aussage in unseren Worten, die mehr als eine Zeile braucht",
            Cell(f"[Urteil {i}]{{.strong}}", sign=SIGNS[i % len(SIGNS)]),
            Cell(
                f"Befund {i} beginnt hier {middle(i)}bis zu Ende {i}. [rvr.ruhr (24. Juni 2025)]{{.small}}", url=ADDRESS
            ),
        ]
        for i in range(1, rows + 1)
    ]
    return Table(columns, cells, pd.DataFrame({"number": range(1, rows + 1)}))


def glance() -> list[Emit]:
    """The cells of a first chapter."""
    cards = [
        Card("Rang im Ruhrgebiet", "1", "von 53", "Spanne 1 bis 13 · 59,7 Punkte", 1, 53, 1, 13),
        Card("Rang unter den Großstädten", "35", "von 83", "Spanne 11 bis 43 · 43,0 Punkte", 35, 83, 11, 43),
        Card("Platz im Smart City Index 2025", "5", "von 83", "ohne Spanne: Rohdaten nicht öffentlich", 5, 83),
        Card("Smart City Index", "–", "", "bewertet nur Großstädte"),
    ]
    means = (
        "Drei Messungen, drei Antworten: Unter Nachbarn ist [Köln]{.focus} stark, vor allem bei Beschäftigung und im "
    )
    means += "Gewerbe. Bundesweit liegen [München und Erlangen]{.peer} weit vorn, bei nur 12,1\u202f% „Glasfaser“."
    return [
        lambda: blocks.heading(
            "Köln führt das Ruhrgebiet an – unter Deutschlands Großstädten Mittelfeld", label="Blick"
        ),
        lambda: blocks.text("Offener Index aus zehn Merkmalen: Rang 1 von 53, Rang 35 von 83. " * 2, role="deck"),
        lambda: blocks.key_figures(cards),
        lambda: blocks.text(means, title="Was das heißt", width="half"),
        lambda: blocks.text(means, title="Wie sicher ist das", width="half"),
        lambda: blocks.figure(
            "strips", drawing(170, 19), source=SOURCE, title="Vier Bereiche", subtitle="[Köln]{.focus}"
        ),
        lambda: blocks.map_figure("map", drawing(164, 93.6), source=MAP_SOURCE, title="Karte", subtitle="0 bis 100"),
    ]


def evidence() -> list[Emit]:
    """The cells of a second chapter: headings, a long table, a heat table, notes and a missing section."""
    heat = Table(
        [Column("Bereich", width="1fr"), Column("2024", heat=True, small=True), Column("2025", heat=True, small=True)],
        [["Köln gesamt", "4", "5"], ["Verwaltung", "·", "2"], ["Mobilität", "42", "12"]],
        pd.DataFrame({"category": ["total", "administration", "mobility"], "rank": [5, 2, 12]}),
        focus=[0],
        heat={(0, 1): 4, (0, 2): 4, (1, 2): 4, (2, 1): 0, (2, 2): 2},
    )
    return [
        lambda: blocks.heading("Sechzig Orte, ein Befund", label="Belege"),
        lambda: blocks.text("Was [Köln]{.focus} von den [anderen]{.peer} unterscheidet.", role="deck"),
        lambda: blocks.figure("lines", drawing(170, 122), source=SOURCE),
        lambda: blocks.table("heat", heat, source=SOURCE, title="Plätze", subtitle="○ = übernommen, · = kein Platz"),
        lambda: blocks.heading("Alle Orte"),
        lambda: blocks.table("long", long_table(), source=SOURCE, title="Sechzig Straßen"),
        lambda: blocks.heading("Wie gerechnet wird"),
        lambda: blocks.text(" ".join(f"Satz {i} über die [Gesellschaft]{{.strong}} von {i} Orten." for i in range(9))),
        lambda: blocks.note("Ein Vorbehalt zu [allem]{.small}."),
        lambda: blocks.missing("digital-index-ruhr", "Köln wird nicht genannt."),
    ]


def press() -> list[Emit]:
    """The cells of a third chapter: a long table whose cells carry signs and several runs."""
    return [
        lambda: blocks.heading("Dreißig Aussagen, sechs Urteile", label="Presse"),
        lambda: blocks.table("signs", signed_table(), source=SOURCE),
    ]


def bundle(emit: Emit) -> Bundle:
    """The MIME bundle that one call of an emitter displays."""
    shown: list[Block] = []
    with patch.object(blocks, "display", shown.append):
        emit()
    return shown[0]._repr_mimebundle_()


@pytest.fixture(scope="session")
def bundle_of() -> Callable[[Emit], Bundle]:
    """`bundle_of(emit)` is the MIME bundle that one call of an emitter displays."""
    return bundle


@pytest.fixture(scope="session")
def glance_bundles() -> list[Bundle]:
    """The outputs of a first chapter; a test must copy what it changes."""
    return [bundle(emit) for emit in glance()]


@pytest.fixture(scope="session")
def evidence_bundles() -> list[Bundle]:
    """The outputs of a second chapter; a test must copy what it changes."""
    return [bundle(emit) for emit in evidence()]


@pytest.fixture(scope="session")
def press_bundles() -> list[Bundle]:
    """The outputs of a third chapter; a test must copy what it changes."""
    return [bundle(emit) for emit in press()]


@pytest.fixture
def write_notebook(tmp_path: Path) -> Callable[[str, list[Bundle]], Path]:
    """`write_notebook(name, bundles)` writes an executed notebook with one code cell for each bundle."""

    def write(name: str, bundles: list[Bundle]) -> Path:
        outputs = [v4.new_output("display_data", data=data) for data in bundles]
        cells = [v4.new_code_cell(f"block({i})", id=f"c{i}", outputs=[one]) for i, one in enumerate(outputs)]
        path = tmp_path / name
        path.write_text(v4.writes(v4.new_notebook(cells=[v4.new_markdown_cell("# Prose", id="m"), *cells])), "utf-8")
        return path

    return write


@pytest.fixture
def notebooks(
    write_notebook: Callable[[str, list[Bundle]], Path],
    glance_bundles: list[Bundle],
    evidence_bundles: list[Bundle],
    press_bundles: list[Bundle],
) -> list[Path]:
    """Three executed chapters."""
    chapters = {"01-glance": glance_bundles, "02-evidence": evidence_bundles, "03-press": press_bundles}
    return [write_notebook(f"{name}.ipynb", bundles) for name, bundles in chapters.items()]


@pytest.fixture
def meta() -> ReportMeta:
    """The meta of a German report."""
    parameters = Parameters.check(place="Bochum")
    return ReportMeta(parameters, register()[parameters.place], data_date="2026-04-22", data_hash="ab" * 32)

"""Pages that are hard to set, as real reports: a name of 60 signs, one peer, no peers, indicators without a value, 60 rows."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pymupdf
import pytest

from helpers.parameters import DATA_DIR
from helpers.present.drawing import CAP_HEIGHT, DESCENT
from helpers.present.style import MM_PER_PT, TOKENS
from helpers.publish.blocks import read_blocks
from helpers.publish.meta import ReportMeta
from helpers.publish.pdf import make_pdf

open_pdf: Any = pymupdf.open
SCRIPT = Path(__file__).with_name("chapters_by_hand.py")

LONG_NAME = "Hellschen-Heringsand-Unterschaar am Sankt-Annen-Moor bei Ems"
# Bochum bears the long name. The Wartburgkreis (16063) has no value for the indicators of the Breitbandatlas.
CASES: dict[str, dict[str, Any]] = {
    "long name": {"place": "05911000"},
    "one peer, with a long name": {"place": "05113000", "peers": "05911000", "language": "en"},
    "no peers, five indicators without a value": {"place": "16063", "universe": "districts", "peers": "universe"},
}
SPACE = 0.2  # width of a space, as share of the type size

# Marks drawn in the text, which are no pictures of the report.
MARKS = {"Ring", "Punkt", "ring", "dot"}


@dataclass(frozen=True)
class Report:
    """A PDF with what stands where on its pages; lengths in points from the upper left corner."""

    pdf: Path
    numbered: list[dict[str, Any]]
    page_mm: tuple[float, float] = (TOKENS["page_mm"]["width"], TOKENS["page_mm"]["height"])

    @cached_property
    def spans(self) -> list[list[tuple[str, float, float, float, float]]]:
        """For each page its runs of text, with the box from the height of the capitals to the descenders."""
        with open_pdf(self.pdf) as document:
            return [[self._box(span) for span in _spans(page) if span["text"].strip()] for page in document]

    @cached_property
    def texts(self) -> list[str]:
        """The text of each page with single spaces."""
        with open_pdf(self.pdf) as document:
            return [" ".join(page.get_text().replace("\xad", "").split()) for page in document]

    @staticmethod
    def _box(span: dict[str, Any]) -> tuple[str, float, float, float, float]:
        (left, _, right, _), baseline, size = span["bbox"], span["origin"][1], span["size"]
        words = span["text"].rstrip()
        right -= SPACE * size * (len(span["text"]) - len(words))
        return words, left, baseline - CAP_HEIGHT * size, right, baseline + DESCENT * size

    def page_of(self, words: str) -> int:
        """The only page with these words."""
        (page,) = [number for number, text in enumerate(self.texts) if words in text]
        return page

    def pages_of(self, kind: str) -> list[list[int]]:
        """For each element of a kind in the structure tree, the pages on which it stands, in reading order."""
        with pikepdf.open(self.pdf) as document:
            numbers = {page.objgen: number for number, page in enumerate(document.pages)}
            elements = [one for one in _elements(document.Root.StructTreeRoot.K) if kind == one.S]
            pictures = [one for one in elements if str(one.get("/Alt", "")) not in MARKS]
            return [list(dict.fromkeys(numbers[page.objgen] for page in _pages(one))) for one in pictures]


def _spans(page: Any) -> Iterator[dict[str, Any]]:
    for block in page.get_text("dict")["blocks"]:
        for line in block.get("lines", ()):
            yield from line["spans"]


def _elements(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from _elements(node.get("/K", pikepdf.Array()))


def _pages(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _pages(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/Pg" in node:
            yield node.Pg
        yield from _pages(node.get("/K", pikepdf.Array()))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The three reports, made side by side from data in which Bochum has the long name."""
    root = tmp_path_factory.mktemp("layout")
    data = Path(shutil.copytree(DATA_DIR, root / "data"))
    for file in ("places.csv", "boundaries/ruhr.geojson", "boundaries/districts.geojson"):
        path = data / file
        path.write_text(path.read_text(encoding="utf-8").replace("Bochum", LONG_NAME), encoding="utf-8", newline="\n")
    environment = os.environ | {"CITYREPORT_DATA": str(data)}
    running = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), json.dumps(asked), str(root / str(number))],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number, asked in enumerate(CASES.values())
    ]  # fmt: skip
    done = [process.communicate(timeout=300) for process in running]
    assert [process.returncode for process in running] == [0] * len(CASES), "\n".join(error for _, error in done)
    folders = {name: root / str(number) for number, name in enumerate(CASES)}
    return {
        name: Report(folder / "report.pdf", json.loads((folder / "manifest.json").read_text("utf-8"))["figures"])
        for name, folder in folders.items()
    }


@pytest.fixture(params=list(CASES))
def report(request: pytest.FixtureRequest, reports: dict[str, Report]) -> Report:
    return reports[request.param]


def overlaps(spans: list[tuple[str, float, float, float, float]]) -> list[str]:
    """Pairs of runs whose boxes share an area of more than a hair."""
    hair = 0.3
    left, top, right, bottom = np.array([span[1:] for span in spans]).T
    across = (left[:, None] < right - hair) & (left < right[:, None] - hair)
    down = (top[:, None] < bottom - hair) & (top < bottom[:, None] - hair)
    return [f"{spans[i][0]!r} on {spans[j][0]!r}" for i, j in np.argwhere(np.triu(across & down, k=1))]


def test_nothing_leaves_the_page(report: Report) -> None:
    page = TOKENS["page_mm"]
    for number, spans in enumerate(report.spans, 1):
        for words, left, top, right, bottom in spans:
            inside = left * MM_PER_PT >= page["left"] - 0.3 and right * MM_PER_PT <= 210 - page["right"] + 0.3
            assert inside, (number, words)
            assert 0 < top < bottom < page["height"] / MM_PER_PT, (number, words)


def test_nothing_overlaps(report: Report) -> None:
    found = {number: overlaps(spans) for number, spans in enumerate(report.spans, 1)}
    assert {number: pairs for number, pairs in found.items() if pairs} == {}


def test_each_figure_has_its_source_on_its_page(report: Report) -> None:
    figures = [one for one in report.numbered if one["type"] != "table"]
    pages = report.pages_of("/Figure")
    word = "Fig." if "Contents" in " ".join(report.texts) else "Abb."
    assert len(pages) == len(figures) > 10
    for one, on in zip(figures, pages, strict=True):
        assert on == [report.page_of(f"{word} {one['number']} · {one['id']}")], one["id"]


def test_each_table_ends_with_its_source(report: Report) -> None:
    tables = [one for one in report.numbered if one["type"] == "table"]
    pages = report.pages_of("/Table")
    assert len(pages) == len(tables) > 5
    for one, on in zip(tables, pages, strict=True):
        assert on[-1] == report.page_of(f"Tab. {one['number']} · {one['id']}"), one["id"]


def test_no_row_of_a_table_is_split(report: Report) -> None:
    assert [on for on in report.pages_of("/TR") if len(on) != 1] == []


def test_the_first_chapter_keeps_to_the_first_page(report: Report) -> None:
    assert report.page_of("· domains") == report.page_of("· map") == 0


@pytest.mark.parametrize("name", list(CASES)[1:])
def test_contents_lists_and_imprint_share_one_page(reports: dict[str, Report], name: str) -> None:
    """With a name of 60 signs in nearly every title they may take two."""
    words = reports[name].texts[1]
    assert any(word in words for word in ("Abbildungen", "Figures")) and any(
        word in words for word in ("Prüfsumme", "checksum")
    )


def test_the_imprint_keeps_off_what_stands_above_it(report: Report) -> None:
    (page,) = [
        spans for spans in report.spans if any(span[0].startswith(("Erstellt mit", "Made with")) for span in spans)
    ]
    top = min(span[2] for span in page if span[0].startswith(("Erstellt mit", "Made with")))
    above = max(span[4] for span in page if span[4] < top)
    assert top - above > TOKENS["space_mm"]["block"] / 2 / MM_PER_PT


def test_notes_keep_off_the_paragraph_above(report: Report) -> None:
    """The small print under a chapter's text stands off by more than its own lines do."""
    number = report.page_of(
        "Nicht vor Ort zu beeinflussen" if "Inhalt" in report.texts[1] else "Not to be influenced locally"
    )
    (top,) = [
        span[2] for span in report.spans[number] if span[0].startswith(("Nicht vor Ort zu", "Not to be influenced"))
    ]
    above = max(bottom for _, _, _, _, bottom in report.spans[number] if bottom < top)
    assert top - above > TOKENS["space_mm"]["block"] / 2 / MM_PER_PT


def test_the_long_name_is_told_in_full(reports: dict[str, Report]) -> None:
    texts = reports["long name"].texts
    assert texts[0].startswith(f"Wie digital ist {LONG_NAME}?")
    assert all(LONG_NAME in text for text in texts), "the header names the place on every page"
    assert LONG_NAME in " ".join(reports["one peer, with a long name"].texts)


def test_sixty_rows_with_long_names_keep_rows_header_and_source(
    notebooks: list[Path], meta: ReportMeta, tmp_path: Path
) -> None:
    blocks = [block for block in read_blocks(notebooks) if block.notebook.startswith(("01", "02"))]
    (long,) = [block for block in blocks if block.id == "long"]
    for number, row in enumerate(long.content["rows"], 1):
        words = f"von{number:02} {LONG_NAME} und {LONG_NAME} und {LONG_NAME} bis{number:02}"
        row["cells"][1] |= {"text": words, "runs": [{"text": words, "role": None}]}
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(make_pdf(blocks, meta, "cd" * 32))
    report = Report(pdf, [])
    begun, ended = ([_numbers(text, word) for text in report.texts] for word in ("von", "bis"))
    filled = [numbers for numbers in begun if numbers]
    assert begun == ended and list(chain(*filled)) == list(range(1, 61)) and len(filled) > 2
    assert all("Wert in Prozent" in text for text, numbers in zip(report.texts, begun, strict=True) if numbers)
    assert begun[report.page_of("Tab. 2 · long")] == filled[-1]
    test_nothing_leaves_the_page(report)
    test_nothing_overlaps(report)


def _numbers(text: str, word: str) -> list[int]:
    return [number for number in range(1, 61) if f"{word}{number:02}" in text]


@pytest.mark.parametrize(
    ("move", "fault"),
    [
        (lambda spans: [*spans, ("over", *spans[9][1:])], "on 'over'"),
        (lambda spans: [*spans, ("beside", spans[9][3] + 1, spans[9][2], spans[9][3] + 9, spans[9][4])], ""),
    ],
)
def test_the_measure_finds_what_overlaps(
    reports: dict[str, Report], move: Callable[[list[Any]], list[Any]], fault: str
) -> None:
    spans = reports["long name"].spans[0][:12]
    found = [pair for pair in overlaps(move(spans)) if "over" in pair]
    assert (fault in found[0]) if fault else found == []

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import outloud
import pikepdf
import pymupdf
import pytest

from helpers.parameters import Parameters, register
from helpers.present.language import use
from helpers.present.style import MM_PER_PT, TOKENS
from helpers.publish import pdf as pdf_room
from helpers.publish.blocks import PublishedBlock, PublishError, read_blocks
from helpers.publish.meta import ReportMeta
from helpers.publish.pdf import make_pdf

open_pdf: Any = pymupdf.open
INKS = {TOKENS["color"]["ink"], TOKENS["color"]["paper"]}


@pytest.fixture
def blocks(notebooks: list[Path]) -> list[PublishedBlock]:
    return read_blocks(notebooks)


@pytest.fixture
def pdf(blocks: list[PublishedBlock], meta: ReportMeta) -> bytes:
    return make_pdf(blocks, meta, "cd" * 32)


@pytest.fixture
def pages(pdf: bytes) -> list[str]:
    return page_texts(pdf)


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, as a search finds it."""
    with open_pdf(stream=pdf) as document:
        return [page.get_text() for page in document]


def elements(pdf: bytes) -> Iterator[tuple[str, Any]]:
    """All elements of the structure tree: (type, element), in reading order."""

    def walk(node: Any) -> Iterator[tuple[str, Any]]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield str(node.S), node
            if "/K" in node:
                yield from walk(node.K)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        yield from walk(document.Root.StructTreeRoot.K)


def attributes(element: Any) -> dict[str, Any]:
    """The attributes of an element in one dictionary, whether they come as one or as several."""
    given = element.get("/A", pikepdf.Array())
    listed = given if isinstance(given, pikepdf.Array) else [given]
    return {key: value for one in listed for key, value in one.items()}


def change(blocks: list[PublishedBlock], id: str, **content: Any) -> list[PublishedBlock]:
    """The blocks with other content in the block `id`."""
    return [replace(block, content={**block.content, **content}) if block.id == id else block for block in blocks]


def test_title_author_language_and_date_are_set(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "de"
        assert str(document.docinfo.Title) == "Wie digital ist Bochum?"
        assert str(document.docinfo.Author).startswith("cityreport ")
        assert str(document.docinfo.CreationDate).startswith("D:20260422")


def test_it_says_that_it_is_pdf_ua_1_and_pdf_a_2a(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        with document.open_metadata() as xmp:
            assert xmp["pdfuaid:part"] == "1"
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "A")


def test_an_independent_checker_finds_no_fault(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    result = outloud.check(str(path))
    assert not result.error
    # ORD-001 takes the text of a paragraph before that of the bold words in it; the next test looks at the real order.
    found = [(finding.rule, finding.message) for finding in result.findings if finding.severity != "info"]
    assert [rule for rule, _ in found if rule != "ORD-001"] == []


def test_what_is_read_out_comes_in_the_order_in_which_it_is_painted(pdf: bytes) -> None:
    def read_out(node: Any, page: Any) -> Iterator[tuple[Any, int]]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from read_out(child, page)
        elif isinstance(node, pikepdf.Dictionary):
            page = node.get("/Pg", page)
            if "/MCID" in node:
                yield page.objgen, int(node.MCID)
            elif "/K" in node:
                yield from read_out(node.K, page)
        elif isinstance(node, int):
            yield page.objgen, node

    with pikepdf.open(io.BytesIO(pdf)) as document:
        order = list(read_out(document.Root.StructTreeRoot.K, None))
        painted = [
            (page.objgen, int(step.operands[1].MCID))
            for page in document.pages
            for step in pikepdf.parse_content_stream(page)
            if str(step.operator) == "BDC" and "/MCID" in step.operands[1]
        ]
    assert len(painted) > 200 and order == painted


def test_bookmarks_are_the_findings_and_sections(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert titles == [
            "Köln führt das Ruhrgebiet an – unter Deutschlands Großstädten Mittelfeld",
            "Sechzig Orte, ein Befund",
            "Dreißig Aussagen, sechs Urteile",
        ]
        assert [item.title for item in outline.root[1].children] == ["Alle Orte", "Wie gerechnet wird"]


def test_every_picture_has_its_text_alternative_and_size(pdf: bytes) -> None:
    pictures = [(str(one.Alt), attributes(one)["/BBox"]) for kind, one in elements(pdf) if kind == "/Figure"]
    assert [alt for alt, _ in pictures if alt != "Ring"] == ["Punkte auf einer Linie: Köln vorn."] * 3
    sizes = [
        tuple(round(float(box[i + 2] - box[i]) * MM_PER_PT, 1) for i in (0, 1))
        for alt, box in pictures
        if alt != "Ring"
    ]
    assert sizes == [(170, 19), (164, 93.6), (170, 122)]


def test_a_ring_is_drawn_and_named(pdf: bytes) -> None:
    """The font has no ○: it is drawn, and read out as a ring."""
    assert [str(one.Alt) for kind, one in elements(pdf) if kind == "/Figure"].count("Ring") == 1


def test_every_header_cell_names_its_column(pdf: bytes) -> None:
    headers = [attributes(one)["/Scope"] for kind, one in elements(pdf) if kind == "/TH"]
    assert len(headers) == 10 and set(map(str, headers)) == {"/Column"}


def test_text_is_the_text_that_was_written(pages: list[str]) -> None:
    text = " ".join(" ".join(pages).replace("\xad", "").replace("\xa0", " ").split("\n"))
    for words in (
        "Köln führt das Ruhrgebiet an – unter",
        "12,1\u202f%",
        "„Glasfaser“",
        "Straße 60",
        "© GeoBasis-DE / BKG 2017",
    ):
        assert words in text


def test_no_line_begins_with_a_dash(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    title = "Sonsbeck liegt im Ruhrgebiet im vorderen Viertel – stark bei Infrastruktur"
    lines = page_texts(make_pdf(change(blocks, "map", title=f"{title} {title}"), meta, "cd" * 32))[0].splitlines()
    assert any("Sonsbeck liegt" in line for line in lines)
    assert [line for line in lines if line.startswith("–") and len(line) > 2] == []


def test_the_first_chapter_is_the_first_page_and_each_chapter_starts_one(pages: list[str]) -> None:
    assert "Abb. 2" in pages[0] and "Inhalt" not in pages[0]
    assert "Inhalt" in pages[1] and "Abbildungen" in pages[1] and "Prüfsumme" in pages[1]
    assert "Sechzig Orte, ein Befund" in pages[2]
    press = next(number for number, page in enumerate(pages, 1) if number > 2 and "Dreißig Aussagen" in page)
    for number, page in enumerate(pages, 1):
        assert "Wie digital ist Bochum?" in page and "Digitalstand Bochum · Datenstand 22. April 2026" in page
        assert f"{number} / {len(pages)}" in page
        chapter = "Presse" if number >= press else "Belege"
        assert {1: "Blick", 2: "Inhalt"}.get(number, chapter) in page.splitlines()[:3]


def test_a_long_first_chapter_is_set_tighter_but_still_on_one_page(
    blocks: list[PublishedBlock], meta: ReportMeta
) -> None:
    report = make_pdf(change(blocks, "map", height_mm=105), meta, "cd" * 32)
    first, second, *_ = page_texts(report)
    assert "Abb. 2" in first and "Inhalt" in second


def test_a_chapter_is_set_tighter_where_that_saves_a_page(
    blocks: list[PublishedBlock], meta: ReportMeta, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = next(block.content["rows"] for block in blocks if block.id == "long")
    nearly_full = [b for b in change(blocks, "long", rows=rows[:54]) if not b.notebook.startswith("03")]
    assert len(page_texts(make_pdf(nearly_full, meta, "cd" * 32))) == 4
    monkeypatch.setattr(pdf_room, "SPACINGS", (1.0,))
    monkeypatch.setattr(pdf_room, "SPARE", (1.0,))
    assert len(page_texts(make_pdf(nearly_full, meta, "cd" * 32))) == 5


def test_a_long_table_repeats_its_header_and_keeps_rows_and_source(pages: list[str]) -> None:
    rows = [[n for n in range(1, 61) if f"Straße {n}\n" in page] for page in pages]
    over = [i for i, numbers in enumerate(rows) if numbers]
    assert len(over) == 2 and [n for numbers in rows for n in numbers] == list(range(1, 61))
    assert all("Wert in Prozent" in pages[i] for i in over)
    assert "Tab. 2" in pages[over[-1]]


def test_rows_of_several_lines_are_not_split_over_pages(pages: list[str]) -> None:
    """The signed table fills more than a page: a row that does not fit moves to the next page as a whole."""
    on = [[n for n in range(1, 31) if f"Urteil {n}\n" in page] for page in pages]
    filled = [numbers for numbers in on if numbers]
    assert len(filled) == 2 and [*chain(*filled)] == list(range(1, 31))
    for numbers, page in zip(on, pages, strict=True):
        text = " ".join(page.split())
        assert [n for n in range(1, 31) if f"Befund {n} beginnt" in text] == numbers
        assert [n for n in range(1, 31) if f"zu Ende {n}. rvr.ruhr (24. Juni 2025)" in text] == numbers
        assert ("Aussage Urteil Befund" in text) == bool(numbers)


def test_a_cell_leads_to_its_address(pdf: bytes) -> None:
    with open_pdf(stream=pdf) as document:
        addresses = [link["uri"] for page in document for link in page.get_links() if "uri" in link]
    assert set(addresses) == {"https://rvr.ruhr/bericht?nr=1&teil=2"} and len(addresses) >= 30


def test_each_figure_and_table_shows_its_id_beside_its_number(pages: list[str]) -> None:
    text = " ".join(" ".join(pages).split())
    for named in (
        "Abb. 1 · strips",
        "Abb. 2 · map",
        "Abb. 3 · lines",
        "Tab. 1 · heat",
        "Tab. 2 · long",
        "Tab. 3 · signs",
    ):
        assert text.count(named) == 1


def test_signs_are_drawn_in_ink_beside_their_word(pdf: bytes) -> None:
    """Each row has one, centred on the capitals of its word, and no sign makes its row higher."""
    with open_pdf(stream=pdf) as document:
        page = next(page for page in document if page.number > 1 and page.search_for("Dreißig Aussagen"))
        drawings, words = page.get_drawings(), page.get_text("words")
    # The first word of the column is its header.
    verdicts = [word for word in words if word[4] == "Urteil"][1:]
    tops = [word[1] for word in verdicts]
    assert len(verdicts) > 10 and len({round(b - a, 1) for a, b in pairwise(tops)}) == 1
    for left, top, _, bottom, *_ in verdicts:
        beside = [
            d for d in drawings if left - 20 < d["rect"].x0 and d["rect"].x1 < left and top < d["rect"].y1 < bottom + 2
        ]
        rects = [d["rect"] for d in beside]
        assert rects and max(r.x1 for r in rects) - min(r.x0 for r in rects) < 11
        middle = (min(r.y0 for r in rects) + max(r.y1 for r in rects)) / 2
        assert abs(middle - (top + bottom) / 2) < 1
        colors = {c for d in beside for c in (d["fill"], d["color"]) if c}
        assert {"#" + "".join(f"{round(255 * part):02X}" for part in color) for color in colors} <= INKS


def test_signs_are_read_over(pdf: bytes) -> None:
    """The word beside a sign says the same: for those who listen there is no picture more."""
    alternatives = [str(one.Alt) for kind, one in elements(pdf) if kind == "/Figure"]
    assert len(alternatives) == 4


def test_nothing_leaves_the_page(pdf: bytes) -> None:
    margins = TOKENS["page_mm"]
    with open_pdf(stream=pdf) as document:
        for page in document:
            for left, top, right, bottom, *_ in page.get_text("words"):
                assert left * MM_PER_PT >= margins["left"] - 0.1
                assert right * MM_PER_PT <= margins["width"] - margins["right"] + 0.1
                assert 0 < top < bottom < page.rect.height


def test_only_the_committed_fonts_are_used(pdf: bytes) -> None:
    with open_pdf(stream=pdf) as document:
        names = {font[3].split("+")[-1] for page in document for font in page.get_fonts()}
    assert {name.split("-")[0] for name in names} == {"SourceSansPro"}


def test_an_english_report_is_english(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    parameters = Parameters.check(place="Bochum", language="en")
    use("en")
    try:
        report = make_pdf(blocks, ReportMeta(parameters, register()[parameters.place], "2026-04", "ab" * 32), "cd" * 32)
    finally:
        use("de")
    with pikepdf.open(io.BytesIO(report)) as document:
        assert str(document.Root.Lang) == "en"
        assert str(document.docinfo.Title) == "How digital is Bochum?"
    text = " ".join(page_texts(report))
    assert "Contents" in text and "Fig. 3" in text and "data of April 2026" in text and "Abb." not in text


def test_a_picture_without_text_alternative_fails(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    with pytest.raises(PublishError, match="alt"):
        make_pdf(change(blocks, "map", alt=None), meta, "cd" * 32)


def test_a_character_that_the_font_lacks_fails(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    with pytest.raises(PublishError, match="could not be displayed"):
        make_pdf(change(blocks, "map", title="Karte \u2011 neu"), meta, "cd" * 32)


def test_a_warning_fails(blocks: list[PublishedBlock], meta: ReportMeta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_room, "TOKENS", {**TOKENS, "font": {**TOKENS["font"], "family": "Nowhere Sans"}})
    with pytest.raises(PublishError, match=r"(?i)nowhere sans"):
        make_pdf(blocks, meta, "cd" * 32)


def test_words_are_never_markup(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    hostile = '#panic("x") *fett* = $x$ <b> "Zitat" \\ [a](b)'
    report = make_pdf(change(blocks, "map", title=hostile), meta, "cd" * 32)
    assert hostile in page_texts(report)[0]


def test_a_report_may_have_one_chapter(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    first = [block for block in blocks if block.notebook == blocks[0].notebook]
    assert len(page_texts(make_pdf(first, meta, "cd" * 32))) == 2, "the chapter and the contents"


def test_a_column_width_must_be_known(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    columns = [{"label": "A", "align": "left", "width": "broad", "heat": False}] * 3
    with pytest.raises(PublishError, match="column width broad"):
        make_pdf(change(blocks, "long", columns=columns), meta, "cd" * 32)


def extent(last_page: int, last_height: float, *, is_short: bool = False, height: float = 0.0) -> Any:
    return pdf_room._Extent(is_short, 3, height, last_page, last_height)


@pytest.mark.parametrize(
    ("extents", "chosen"),
    [
        ([extent(4, 0.5), extent(4, 0.4)], 0),  # nothing moves: loose
        ([extent(4, 0.1), extent(3, 1.0)], 1),  # a page is saved
        ([extent(4, 0.7), extent(4, 0.4)], 1),  # a block moves to the page before
        ([extent(4, 0.4), extent(4, 0.05)], 0),  # but not if nearly nothing is left on the last page
    ],
)
def test_a_chapter_is_set_as_loosely_as_its_pages_allow(extents: list[Any], chosen: int) -> None:
    assert pdf_room._loosest(extents) == chosen


def test_the_imprint_keeps_off_the_list_above_it(pdf: bytes) -> None:
    with open_pdf(stream=pdf) as document:
        blocks = sorted(document[1].get_text("blocks"), key=lambda block: block[1])
    (imprint,) = [block for block in blocks if "Prüfsumme" in block[4]]
    above = max(block[3] for block in blocks if block[3] < imprint[3] and block[4] != imprint[4])
    assert imprint[1] - above > 2 / MM_PER_PT

"""The PDF: blocks and meta go to the template report.typ as JSON and come back as tagged PDF/UA-1 and PDF/A-2a."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

from helpers.present import signs
from helpers.present.language import tr
from helpers.present.style import FONTS, TOKENS
from helpers.publish.blocks import NUMBERED, PublishedBlock, PublishError, listing
from helpers.publish.meta import ReportMeta
from helpers.publish.table_size import is_long, is_single_lined

TEMPLATE = Path(__file__).resolve().parent / "report.typ"
STANDARDS: list[Any] = ["ua-1", "a-2a"]
# Share of the full space between the blocks of a chapter, and of the spare space in the contents, loosest first.
SPACINGS = (1.0, 0.6)
SPARE = (1.0, 0.5)
# A tighter chapter must save a page or end earlier by this share of a page: then a block has moved to
# the page before.
PULLED = 1 / 6
# A chapter that begins above this share of the page opens it.
OPENS = 0.05
# A last page with less than this share of text on it looks like a mistake.
SCANT = 0.15


@dataclass(frozen=True)
class _Extent:
    """Where a chapter begins and ends; a height is the share of the page's text above it."""

    is_short: bool
    page: int
    height: float
    last_page: int
    last_height: float

    @property
    def pages(self) -> int:
        return self.last_page - self.page + 1

    @property
    def length(self) -> float:
        """In pages."""
        return self.last_page - self.page + self.last_height


def make_pdf(blocks: Sequence[PublishedBlock], meta: ReportMeta, code: str) -> bytes:
    """The report as PDF; `code` is the code hash for the imprint.

    Raises PublishError for whatever Typst refuses (a missing text alternative, a glyph no font has) or warns about.
    """
    data = report_data(blocks, meta, code)
    pdf: bytes
    settings: dict[str, Any] = {"font_paths": [FONTS], "ignore_system_fonts": True}
    try:
        pdf, warnings = typst.compile_with_warnings(
            TEMPLATE,
            sys_inputs=_inputs(data, _arrangement(data, settings)),
            pdf_standards=STANDARDS,
            timestamp=meta.timestamp,
            **settings,
        )
    except RuntimeError as error:  # also the base of typst.TypstError
        raise PublishError(f"the PDF was refused: {error}") from None
    if warnings:
        raise PublishError("the PDF has warnings: " + "; ".join(str(warning) for warning in warnings))
    return pdf


def _arrangement(data: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """The space in the contents; for each chapter that between its blocks, and whether it joins a short one before it.

    Space is the loosest that needs the fewest pages and leaves no gap into which a tighter one would pull a block. A short
    chapter that finds no room behind the one before it opens a page, and the next one joins it there.
    """
    n = len(data["chapters"])
    tried, contents = [], []
    for spacing, spare in zip(SPACINGS, SPARE, strict=True):
        pages, extents = _pages(data, {"spacing": [spacing] * n, "joined": [False] * n, "contents": spare}, settings)
        contents.append(pages)
        tried.append(extents)
    chosen = [_loosest(extents) for extents in zip(*tried, strict=True)]
    joined = [False] * n
    for number in range(1, n - 1):
        # Where a short chapter stands depends on the space in the one before it.
        before = tried[chosen[max(number - 2, 0)]][number - 1]
        joined[number + 1] = before.is_short and before.height < OPENS
    return {
        "spacing": [SPACINGS[0], *(SPACINGS[choice] for choice in chosen)],
        "joined": joined,
        "contents": SPARE[contents.index(min(contents))],
    }


def _loosest(extents: Sequence[_Extent]) -> int:
    """Which of the spacings to take, from the extents of one chapter under each of them, loosest first."""
    fewest = min(extent.pages for extent in extents)
    good = [extent for extent in extents if extent.pages == fewest]
    good = [extent for extent in good if extent.last_height > SCANT] or good
    earliest = min(extent.length for extent in good)
    return extents.index(next(extent for extent in good if extent.length < earliest + PULLED))


def _pages(data: dict[str, Any], arranged: dict[str, Any], settings: dict[str, Any]) -> tuple[int, list[_Extent]]:
    """The number of pages of the contents, and the extents of all chapters but the first."""
    inputs = _inputs(data, arranged)
    found = typst.query(TEMPLATE, "<pages>", field="value", one=True, sys_inputs=inputs, **settings)
    contents, chapters = json.loads(found)
    return contents, [_Extent(is_short, *begin, *end) for is_short, begin, end in chapters]


def _inputs(data: dict[str, Any], arranged: dict[str, Any]) -> dict[str, str]:
    return {"report": json.dumps(data | arranged, ensure_ascii=False)}


def report_data(blocks: Sequence[PublishedBlock], meta: ReportMeta, code: str) -> dict[str, Any]:
    """All that the template needs: meta, words, tokens, and the chapters with their blocks in layout order."""
    return {
        "language": meta.parameters.language,
        "title": meta.question,
        "description": blocks[0].words,
        "author": f"cityreport {meta.version}",
        "foot": meta.running_foot,
        "imprint": meta.imprint(code),
        "words": {
            "contents": tr(de="Inhalt", en="Contents"),
            "figures": tr(de="Abbildungen", en="Figures"),
            "tables": tr(de="Tabellen", en="Tables"),
            "figure": tr(de="Abb.", en="Fig."),
            "table": tr(de="Tab.", en="Tab."),
            "ring": tr(de="Ring", en="ring"),
            "disc": tr(de="Punkt", en="dot"),
        },
        "tokens": TOKENS,
        "signs": {sign: signs.svg(sign) for sign in signs.SIGNS},
        "sign_em": signs.SIZE_EM,
        "chapters": _chapters(blocks),
    }


def _chapters(blocks: Sequence[PublishedBlock]) -> list[dict[str, Any]]:
    chapters: list[dict[str, Any]] = []
    listed = listing(blocks)
    for block in blocks:
        content = dict(block.content)
        if block.type in NUMBERED:
            content |= {**listed[block.id], "svg": block.svg}
            for not_printed in ("data_csv", "origin"):
                content.pop(not_printed, None)
        if block.type == "table":
            content |= {"is_single_lined": is_single_lined(content), "is_long": is_long(content)}
        if block.opens_chapter:
            chapters.append({**content, "blocks": []})
        else:
            chapters[-1]["blocks"].append(content)
    return [{**chapter, "blocks": _paired(chapter["blocks"])} for chapter in chapters]


def _paired(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks with neighbouring half-width texts, two by two, as one block."""
    paired: list[dict[str, Any]] = []
    for block in blocks:
        half = block["type"] == "text" and block["width"] == "half"
        if half and paired and paired[-1]["type"] == "texts" and len(paired[-1]["texts"]) < 2:
            paired[-1]["texts"].append(block)
        elif half:
            paired.append({"type": "texts", "texts": [block]})
        else:
            paired.append(block)
    return paired

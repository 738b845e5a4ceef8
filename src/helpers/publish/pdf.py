"""The PDF: blocks and meta go to the template report.typ as JSON and come back as tagged PDF/UA-1 and PDF/A-2a."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from helpers.present import signs
from helpers.present.language import tr
from helpers.present.style import FONTS, TOKENS
from helpers.publish.blocks import NUMBERED, PublishedBlock, PublishError, listing
from helpers.publish.meta import ReportMeta

TEMPLATE = Path(__file__).resolve().parent / "report.typ"
STANDARDS: list[Any] = ["ua-1", "a-2a"]
# Share of the full space between blocks, loosest first.
SPACINGS = (1.0, 0.75)


def make_pdf(blocks: Sequence[PublishedBlock], meta: ReportMeta, code: str) -> bytes:
    """The report as PDF; `code` is the code hash for the imprint.

    Raises PublishError for whatever Typst refuses (a missing text alternative, a glyph no font has) or warns about.
    """
    data = report_data(blocks, meta, code)
    pdf: bytes
    settings: dict[str, Any] = {"font_paths": [FONTS], "ignore_system_fonts": True}
    try:
        spacing = _spacing(data, settings)
        pdf, warnings = typst.compile_with_warnings(
            TEMPLATE,
            sys_inputs=_inputs(data, spacing),
            pdf_standards=STANDARDS,
            timestamp=meta.timestamp,
            **settings,
        )
    except RuntimeError as error:  # also the base of typst.TypstError
        raise PublishError(f"the PDF was refused: {error}") from None
    if warnings:
        raise PublishError("the PDF has warnings: " + "; ".join(str(warning) for warning in warnings))
    return pdf


def _spacing(data: dict[str, Any], settings: dict[str, Any]) -> list[float]:
    """The space between the blocks of each chapter: the loosest that needs the fewest pages."""
    pages = [_pages(data, [spacing] * len(data["chapters"]), settings) for spacing in SPACINGS]
    return [SPACINGS[needed.index(min(needed))] for needed in zip(*pages, strict=True)]


def _pages(data: dict[str, Any], spacing: list[float], settings: dict[str, Any]) -> list[int]:
    """The number of pages of each chapter."""
    inputs = _inputs(data, spacing)
    pages: list[int] = json.loads(
        typst.query(TEMPLATE, "<pages>", field="value", one=True, sys_inputs=inputs, **settings)
    )
    return pages


def _inputs(data: dict[str, Any], spacing: list[float]) -> dict[str, str]:
    return {"report": json.dumps({**data, "spacing": spacing}, ensure_ascii=False)}


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

"""The HTML edition as a parser reads it; what only a browser can tell stands in tests/browser."""

import base64
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

from helpers.parameters import Language, Parameters
from helpers.present.language import use
from helpers.publish.blocks import PublishedBlock, read_blocks
from helpers.publish.html import make_html
from helpers.publish.meta import ReportMeta

CODE = "cd" * 32
LABELS = {
    "de": ("Zum Inhalt springen", "Inhalt", "Bild als SVG", "Daten als CSV", "Zu diesem Bericht"),
    "en": ("Skip to content", "Contents", "Image as SVG", "Data as CSV", "About this report"),
}
NASTY = "</script></style><script>alert('x')</script> & \"quoted\""


@pytest.fixture
def blocks(notebooks: list[Path]) -> list[PublishedBlock]:
    return read_blocks(notebooks)


@pytest.fixture
def html(blocks: list[PublishedBlock], meta: ReportMeta) -> str:
    return make_html(blocks, meta, CODE)


@pytest.fixture
def page(html: str) -> Any:
    return parsed(html)


@pytest.fixture(params=["de", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[Language]:
    use(request.param)
    yield request.param
    use("de")


def parsed(html: str) -> Any:
    return BeautifulSoup(html, "html.parser")


def words(element: Any) -> str:
    return " ".join(element.get_text().split())


def change(blocks: list[PublishedBlock], id: str, **content: Any) -> list[PublishedBlock]:
    """The blocks with other content in the block `id`."""
    return [replace(block, content={**block.content, **content}) if block.id == id else block for block in blocks]


def rows(page: Any, id: str) -> list[Any]:
    return list(page.find(id=f"tab-{id}").tbody.find_all("tr"))


def test_head_and_labels_are_in_the_language(
    blocks: list[PublishedBlock], meta: ReportMeta, language: Language
) -> None:
    parameters = Parameters.check(place="Bochum", language=language)
    page = parsed(make_html(blocks, replace(meta, parameters=parameters), CODE))
    assert page.html["lang"] == language
    assert page.title.get_text() == {"de": "Wie digital ist Bochum?", "en": "How digital is Bochum?"}[language]
    text = words(page.body)
    assert [label for label in LABELS[language] if label not in text] == []
    other = {"de": "en", "en": "de"}[language]
    assert [label for label in LABELS[other] if re.search(rf"\b{label}\b", text)] == []


def test_headings_are_in_order_under_one_title(page: Any) -> None:
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile(r"^h[1-6]$"))]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))
    findings = [words(heading) for heading in page.main.select(".chapter > h2")]
    assert findings[1:] == ["Sechzig Orte, ein Befund", "Dreißig Aussagen, sechs Urteile"]


def test_every_id_is_used_once_and_every_link_leads_somewhere(page: Any) -> None:
    ids = Counter(element["id"] for element in page.find_all(id=True))
    assert [id for id, uses in ids.items() if uses > 1] == []
    targets = [link["href"][1:] for link in page.find_all("a") if link["href"].startswith("#")]
    targets += [mark["href"][1:] for mark in page.find_all("use") if mark.has_attr("href")]
    targets += [element["aria-labelledby"] for element in page.find_all(attrs={"aria-labelledby": True})]
    assert targets and set(targets) <= set(ids)


def test_the_contents_name_every_chapter_figure_and_table(page: Any) -> None:
    assert [words(link.b) for link in page.nav.find_all("a")][:3] == ["Blick", "Belege", "Presse"]
    listed = [words(item) for item in page.select(".listing li")]
    assert listed[:3] == ["Abb. 1: Vier Bereiche", "Abb. 2: Karte", "Abb. 3: Sechzig Orte, ein Befund"]
    assert listed[3:] == ["Tab. 1: Plätze", "Tab. 2: Sechzig Straßen", "Tab. 3: Dreißig Aussagen, sechs Urteile"]


def test_every_figure_has_a_name_a_source_and_its_data(page: Any, blocks: list[PublishedBlock]) -> None:
    figures = page.find_all("figure")
    assert [figure["id"] for figure in figures] == ["fig-strips", "fig-map", "fig-lines"]
    content = {f"fig-{block.id}": block.content for block in blocks}
    for figure in figures:
        own = content[figure["id"]]
        assert figure.svg["aria-label"] == own["alt"]
        assert words(figure.select_one(".source")).startswith("Quelle")
        assert words(figure.select_one(".number")).endswith(f" · {own['id']}")
        link = figure.find("a", download=True)
        assert link["download"] == figure["id"].removeprefix("fig-") + ".csv"
        assert unquote(link["href"].partition(",")[2]) == own["data_csv"]


def test_every_table_has_a_caption_and_heads(page: Any) -> None:
    tables = page.find_all("table")
    assert [words(table.caption) for table in tables] == [
        "Plätze = übernommen, · = kein Platz",
        "Sechzig Straßen",
        "Dreißig Aussagen, sechs Urteile",
    ]
    for table in tables:
        assert {head["scope"] for head in table.thead.find_all("th")} == {"col"}
        assert all([head["scope"] for head in row.find_all("th")] == ["row"] for row in table.tbody.find_all("tr"))


def test_a_table_of_sentences_is_named_a_table_whatever_its_layout(page: Any) -> None:
    table = page.find(id="tab-signs").table
    roles = [
        element.get("role") for element in (table, table.tbody, table.tr, table.thead.th, table.tbody.th, table.td)
    ]
    assert roles == ["table", "rowgroup", "row", "columnheader", "rowheader", "cell"]
    assert page.find(id="tab-long").table.find_all(role=True) == []


def test_a_row_is_headed_by_what_names_it(page: Any) -> None:
    assert [words(rows(page, id)[0].th) for id in ("heat", "long", "signs")] == ["Köln gesamt", "Straße 1", "A01"]


def test_numbers_carry_the_value_they_are_sorted_by(page: Any) -> None:
    keys = [[cell.get("data-key") for cell in row.find_all(["td", "th"])] for row in rows(page, "long")]
    assert keys[:2] == [["1.0", None, "1.5"], ["2.0", None, "2.5"]]
    heat = [cell.get("data-key") for cell in rows(page, "heat")[1].find_all("td")]
    assert heat == [None, "2.0"]


def test_a_group_that_is_named_once_is_repeated_for_sorting(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    cells = next(block for block in blocks if block.id == "heat").content["rows"]
    blank = {**cells[1]["cells"][0], "text": "", "runs": []}
    changed = [cells[0], {**cells[1], "cells": [blank, *cells[1]["cells"][1:]]}, cells[2]]
    page = parsed(make_html(change(blocks, "heat", rows=changed), meta, CODE))
    assert [words(mark) for mark in page.select(".repeat")] == ["Köln gesamt"]


def test_cells_carry_signs_classes_and_the_mark_of_the_place(page: Any) -> None:
    first = rows(page, "signs")[0]
    assert first.use["href"] == "#sign-half" and first.find("svg", class_="sign")["aria-hidden"] == "true"
    assert words(first.find("b", class_="strong")) == "Urteil 1"
    assert words(first.find("span", class_="small")) == "rvr.ruhr (24. Juni 2025)"
    assert first.a["href"] == "https://rvr.ruhr/bericht?nr=1&teil=2"
    assert all("heat-4" in cell["class"] for cell in rows(page, "heat")[0].find_all("td"))
    assert "focus" in rows(page, "long")[0]["class"]


def test_marks_that_the_font_lacks_are_drawn_and_named(page: Any) -> None:
    mark = page.find(id="tab-heat").find("span", class_="mark")
    assert (mark["role"], mark["aria-label"]) == ("img", "Ring")
    assert "○" not in page.body.get_text()


def test_cards_show_rank_and_range(page: Any) -> None:
    cards = page.select(".cards li")
    assert [words(card.select_one(".figure")) for card in cards] == ["1 von 53", "35 von 83", "5 von 83", "–"]
    assert cards[1].select_one(".dot")["style"] == "left:41.46%"
    assert cards[1].select_one(".range")["style"] == "left:12.20%;right:48.78%"
    assert cards[2].select_one(".range") is None and cards[3].select_one(".dot") is None


def test_the_imprint_closes_the_page(page: Any) -> None:
    foot = words(page.footer)
    assert "Datenstand 22. April 2026" in foot
    assert "Prüfsumme abababababab" in foot and "Prüfsumme cdcdcdcdcdcd" in foot


def test_the_page_loads_nothing(page: Any, html: str) -> None:
    for element in page.find_all(["script", "img", "iframe", "source", "video", "audio", "embed"]):
        assert not element.has_attr("src")
    assert [link["href"] for link in page.find_all("link")] == ["data:,"]
    inside = ("#", "data:")
    links = [element["href"] for element in page.find_all(href=True) if not element["href"].startswith(inside)]
    assert set(links) == {"https://rvr.ruhr/bericht?nr=1&teil=2"}, "the one address that a reader may follow"
    assert {match[:5] for match in re.findall(r"url\(([^)]*)\)", page.style.get_text())} == {"data:"}
    assert "@import" not in html
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'")


def test_what_looks_like_markup_is_shown_as_text(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    heading = replace(
        blocks[0], content={**blocks[0].content, "label": NASTY, "runs": [{"text": NASTY, "role": "focus"}]}
    )
    text = {"type": "text", "role": "body", "title": NASTY, "width": "full", "runs": [{"text": NASTY, "role": None}]}
    nasty = [heading, replace(blocks[0], content=text), *blocks[1:]]
    nasty = change(nasty, "map", title=NASTY, alt=NASTY, source=NASTY, data_csv=f"name\n{NASTY}\n")
    nasty = change(nasty, "long", title=NASTY, data_csv=NASTY)
    page = parsed(make_html(nasty, meta, CODE))
    assert len(page.find_all("script")) == 1 and len(page.find_all("style")) == 1
    figure = page.find(id="fig-map")
    assert figure.svg["aria-label"] == NASTY
    assert [words(one) for one in (page.h2.find_next("h2"), figure.figcaption.span)] == [NASTY, NASTY]
    assert words(page.select_one(".body")) == f"{NASTY} {NASTY}"
    assert unquote(figure.find("a", download=True)["href"].partition(",")[2]) == f"name\n{NASTY}\n"


def test_the_same_inputs_give_the_same_bytes(blocks: list[PublishedBlock], meta: ReportMeta, html: str) -> None:
    assert make_html(blocks, meta, CODE) == html
    assert len(html) < 300_000


def test_every_character_has_its_glyph_in_the_page(blocks: list[PublishedBlock], meta: ReportMeta) -> None:
    html = make_html(change(blocks, "map", title="Chóśebuz in Łódź"), meta, CODE)
    fonts = [base64.b64decode(code) for code in re.findall(r"font/woff;base64,([^)]+)", html)]
    assert len(fonts) == 3
    for font in fonts:
        assert {ord(letter) for letter in "ChóśebuzŁźß0%\u202f"} <= set(TTFont(io.BytesIO(font)).getBestCmap())

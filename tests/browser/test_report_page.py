"""The HTML edition in a real browser: accessible, usable by keyboard, on every screen, in light and dark."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from browser.conftest import Open
from chapters import comes_true
from matplotlib.image import imread
from playwright.sync_api import Page, expect

from helpers.present.style import COLOR, MAP_PT, TOKENS
from helpers.publish.page import WEIGHTS

PHONE, HALF, TABLET, DESKTOP = 320, 640, 768, 1280
# The smallest type of a figure as it is shown, in CSS pixels.
LEGIBLE_PX = 9

RUN_AXE = "() => axe.run(document, {resultTypes: ['violations']})"
WHAT_HAS_FOCUS = """() => {
  const one = document.activeElement;
  const all = [...document.querySelectorAll('a, button, summary, [tabindex="0"]')].filter(it => it.checkVisibility());
  return one === document.body ? -1 : all.indexOf(one);
}"""
HOW_MANY_CONTROLS = """() =>
  [...document.querySelectorAll('a, button, summary, [tabindex="0"]')].filter(it => it.checkVisibility()).length"""
SMALLEST_TYPE = """size => Math.min(...[...document.querySelectorAll('.drawing')].map(drawing =>
  size * drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width))"""


def column(page: Page, table: str, number: int) -> list[str]:
    """The cells of a column of a table, top to bottom."""
    cells = page.locator(f"#tab-{table} tbody tr > :nth-child({number})")
    return [text.strip() for text in cells.all_text_contents()]


def background(page: Page, selector: str) -> str:
    found: str = page.locator(selector).first.evaluate("it => getComputedStyle(it).backgroundColor")
    return found


def rgb(color: str) -> str:
    return "rgb({}, {}, {})".format(*(int(color[i : i + 2], 16) for i in (1, 3, 5)))


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("language", ["de", "en"])
def test_axe_finds_nothing_serious(
    language: str, width: int, scheme: str, reports: dict[str, Path], open_page: Open, axe: str
) -> None:
    page = open_page(reports[language], width=width, scheme=scheme)
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE)["violations"]
    grave = [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]
    assert grave == []


@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_page_never_scrolls_sideways_and_its_figures_are_legible(
    language: str, width: int, reports: dict[str, Path], open_page: Open
) -> None:
    page = open_page(reports[language], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALLEST_TYPE, MAP_PT) >= LEGIBLE_PX


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_tab_key_reaches_every_control_in_order(width: int, small: Path, open_page: Open) -> None:
    page = open_page(small, width=width)
    controls: int = page.evaluate(HOW_MANY_CONTROLS)
    reached = []
    for _ in range(controls):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(WHAT_HAS_FOCUS))
    assert reached == list(range(controls))


def test_the_first_key_skips_to_the_content(small: Path, open_page: Open) -> None:
    page = open_page(small)
    page.keyboard.press("Tab")
    assert page.locator(":focus").text_content() == "Zum Inhalt springen"
    assert page.locator(":focus").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_table_is_sorted_by_keyboard(small: Path, open_page: Open) -> None:
    page = open_page(small)
    before = column(page, "long", 3)
    head = page.locator("#tab-long th", has_text="Wert in Prozent")
    head.get_by_role("button").focus()
    states = []
    for _ in range(3):
        page.keyboard.press("Enter")
        states.append((head.get_attribute("aria-sort"), column(page, "long", 3)))
    rising = [f"{i},5" for i in range(1, 61)]
    assert states == [("ascending", rising), ("descending", rising[::-1]), ("none", before)]


def test_words_are_sorted_as_words_and_gaps_come_last(small: Path, open_page: Open) -> None:
    page = open_page(small)
    page.locator("#tab-heat th button", has_text="Bereich").click()
    assert column(page, "heat", 1) == ["Köln gesamt", "Mobilität", "Verwaltung"]
    for _ in range(2):
        page.locator("#tab-heat th button", has_text="2024").click()
        assert column(page, "heat", 2)[-1] == "·"
    assert column(page, "heat", 2) == ["42", "4", "·"]
    sorts = page.locator("#tab-heat thead th").evaluate_all("heads => heads.map(it => it.getAttribute('aria-sort'))")
    assert sorts == ["none", "descending", "none"]


def test_a_figure_and_its_data_can_be_taken_away(small: Path, open_page: Open, tmp_path: Path) -> None:
    page = open_page(small)
    for label, name in (
        ("Bild als SVG, Abb. 3", "lines.svg"),
        ("Bild als PNG, Abb. 3", "lines.png"),
        ("Daten als CSV, Abb. 3", "lines.csv"),
    ):
        with page.expect_download() as download:
            page.get_by_text(label).click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
    drawing = ElementTree.parse(tmp_path / "lines.svg").getroot()
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg" and drawing.attrib["width"].endswith("pt")
    assert "".join(drawing.itertext()).endswith("Größe in Köln")
    assert drawing[0].text.count("@font-face") == len(WEIGHTS)  # type: ignore[union-attr]
    picture = imread(tmp_path / "lines.png")
    assert picture.shape[1] > 1800 and (picture[0, 0] == 1).all() and (picture != 1).any()
    published = small.parent / "tables" / "lines.csv"
    assert (tmp_path / "lines.csv").read_bytes() == published.read_bytes()
    assert list(pd.read_csv(tmp_path / "lines.csv").columns) == ["place", "value"]


def test_what_is_too_wide_scrolls_in_a_named_box_of_its_own(small: Path, open_page: Open) -> None:
    page = open_page(small, width=PHONE)
    page.get_by_role("region", name="Abb. 3: Sechzig Orte, ein Befund").focus()
    page.keyboard.press("ArrowRight")
    assert comes_true(lambda: page.evaluate("document.activeElement.scrollLeft") > 0)
    assert page.locator("#fig-lines .hint").is_visible()
    wide = open_page(small, width=DESKTOP)
    assert wide.locator("#fig-lines .hint").is_hidden()
    assert wide.locator("#fig-lines [tabindex]").count() == 0


def test_at_a_zoom_of_200_percent_no_figure_is_cut_off(reports: dict[str, Path], open_page: Open) -> None:
    for scheme in ("light", "dark"):
        page = open_page(reports["de"], width=HALF, scheme=scheme)
        expect(page.locator("figure .scroller[tabindex]")).to_have_count(0)
        assert page.locator("figure .hint:visible").count() == 0


def test_a_figure_that_is_too_wide_is_shown_whole_and_large_again(small: Path, open_page: Open) -> None:
    page = open_page(small, width=PHONE)
    figure = page.locator("#fig-lines")
    drawing, large = figure.locator(".drawing"), figure.locator(".drawing").bounding_box()
    figure.get_by_role("button", name="ganz zeigen").press("Enter")
    assert drawing.bounding_box()["width"] < PHONE < large["width"]  # type: ignore[index]
    expect(page.locator("#fig-lines .scroller[tabindex]")).to_have_count(0)
    page.set_viewport_size({"width": 900, "height": PHONE})
    expect(figure.locator(".hint")).to_be_hidden()
    page.set_viewport_size({"width": PHONE, "height": 900})
    figure.get_by_role("button", name="ganz zeigen").press("Enter")
    figure.get_by_role("button", name="Wieder groß zeigen").press("Enter")
    assert drawing.bounding_box()["width"] == large["width"]  # type: ignore[index]
    page.get_by_role("region", name="Abb. 3: Sechzig Orte, ein Befund").wait_for()


def test_in_forced_colours_the_order_of_a_table_is_seen_and_figures_stay_on_paper(small: Path, open_page: Open) -> None:
    page = open_page(small, scheme="dark")
    page.emulate_media(color_scheme="dark", forced_colors="active")
    head = page.locator("#tab-long th", has_text="Wert in Prozent")
    looks = []
    for _ in range(3):
        looks.append(head.screenshot())
        head.get_by_role("button").evaluate("it => it.click()")
    assert len(set(looks)) == 3
    assert background(page, "figure .scroller") == rgb(COLOR["paper"])


def test_on_a_phone_a_table_of_sentences_is_a_list_and_still_a_table(small: Path, open_page: Open) -> None:
    page = open_page(small, width=PHONE)
    table = page.get_by_role("table", name="Dreißig Aussagen, sechs Urteile")
    assert table.evaluate("it => it.scrollWidth <= it.closest('.scroller').clientWidth")
    assert table.get_by_role("row").count() == 31
    assert table.get_by_role("rowheader").first.text_content() == "A01"
    tops = table.locator("tbody tr").first.locator("td, th").evaluate_all("cells => cells.map(it => it.offsetTop)")
    assert tops == sorted(set(tops))


def test_in_the_dark_the_page_is_dark_and_figures_stay_on_paper(small: Path, open_page: Open) -> None:
    page = open_page(small, scheme="dark")
    assert background(page, "body") == rgb(TOKENS["color_dark"]["paper"])
    assert background(page, "figure .scroller") == rgb(COLOR["paper"])
    page.emulate_media(media="print", color_scheme="dark")
    assert background(page, "body") == rgb(COLOR["paper"])
    assert page.locator("nav").is_hidden()


def test_without_a_script_all_is_there_but_sorting(small: Path, open_page: Open) -> None:
    page = open_page(small, script=False)
    assert page.locator("th button").count() == 0
    assert page.get_by_text("Bild als SVG").first.is_hidden()
    assert page.get_by_text("Daten als CSV").count() == 6
    assert page.locator("#fig-map .drawing").is_visible()


def test_contents_stand_open_where_there_is_room(small: Path, open_page: Open) -> None:
    assert open_page(small, width=DESKTOP).locator("nav li").first.is_visible()
    narrow = open_page(small, width=TABLET)
    assert narrow.locator("nav li").first.is_hidden()
    narrow.get_by_text("Inhalt", exact=True).click()
    narrow.locator("nav a", has_text="Belege").click()
    assert narrow.url.endswith("#ch-2")


@pytest.mark.parametrize("width", [PHONE, TABLET])
def test_contents_stay_within_reach_and_tell_the_chapter(width: int, small: Path, open_page: Open) -> None:
    page = open_page(small, width=width)
    page.locator("#tab-long").evaluate("it => it.scrollIntoView({behavior: 'instant'})")
    expect(page.locator("nav .here")).to_have_text("Belege")
    bar = page.locator("nav").bounding_box()
    assert bar["y"] == 0 and bar["height"] < 60  # type: ignore[index]
    assert page.locator("#tab-long").bounding_box()["y"] >= bar["height"]  # type: ignore[index]
    page.get_by_text("Inhalt", exact=True).click()
    assert page.locator("nav [aria-current]").get_attribute("href") == "#ch-2"
    page.keyboard.press("Escape")
    assert page.locator("nav li").first.is_hidden()
    page.get_by_text("Inhalt", exact=True).click()
    page.locator("nav a", has_text="Presse").click()
    assert page.locator("nav li").first.is_hidden()
    expect(page.locator("nav .here")).to_have_text("Presse")

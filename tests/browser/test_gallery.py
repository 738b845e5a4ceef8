"""The gallery in a real browser: sort, search, map, keyboard, every screen, light and dark, from a file."""

from pathlib import Path
from typing import Any

import pymupdf
import pytest
from browser.conftest import Open
from browser.test_report_page import DESKTOP, HOW_MANY_CONTROLS, PHONE, RUN_AXE, TABLET, background, rgb
from galleries import HOSTILE, manifest, write_output, write_report
from playwright.sync_api import Page

from helpers.parameters import universe_places
from helpers.present.style import COLOR, TOKENS
from helpers.publish.gallery_rows import Failure
from helpers.run.gallery import write_failures, write_gallery

open_pdf: Any = pymupdf.open

HAMM, HALTERN = "05915000", "05562016"
PAGES = {"ruhr": "de", "cities": "de", "districts": "en"}


@pytest.fixture(scope="module")
def galleries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each universe; in the Ruhr one report failed, one is missing, and all are compared with earlier ones."""
    out, earlier = tmp_path_factory.mktemp("now"), tmp_path_factory.mktemp("2025-10")
    for universe in PAGES:
        places = list(universe_places(universe))
        write_output(
            out, universe, [ags for ags in places if ags not in (HAMM, HALTERN)] if universe == "ruhr" else None
        )
    for rank, ags in enumerate(reversed(universe_places("ruhr")), 1):
        write_report(earlier, manifest(ags, "ruhr", rank))
    write_failures(out / "ruhr", [Failure("05562016-haltern-am-see", HOSTILE, "de")])
    compare = {"ruhr": earlier / "ruhr"}
    return {name: write_gallery(out / name, language, compare.get(name)) for name, language in PAGES.items()}


def column(page: Page, number: int) -> list[str]:
    """The cells of a column that are shown, top to bottom."""
    cells = page.locator(f"tbody tr:visible > :nth-child({number})")
    return [" ".join(text.split()) for text in cells.all_text_contents()]


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("universe", PAGES)
def test_axe_finds_nothing_serious(
    universe: str, width: int, scheme: str, galleries: dict[str, Path], open_page: Open, axe: str
) -> None:
    page = open_page(galleries[universe], width=width, scheme=scheme)
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE)["violations"]
    grave = [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]
    assert grave == []


@pytest.mark.parametrize("width", [PHONE, 660, TABLET, DESKTOP, 1800])
@pytest.mark.parametrize("universe", PAGES)
def test_a_page_never_scrolls_sideways(universe: str, width: int, galleries: dict[str, Path], open_page: Open) -> None:
    page = open_page(galleries[universe], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("tbody tr:visible").count() == len(universe_places(universe))


@pytest.mark.parametrize("universe", ["ruhr", "cities"])
def test_a_place_pointed_at_is_outlined_and_named(universe: str, galleries: dict[str, Path], open_page: Open) -> None:
    page = open_page(galleries[universe])
    link = page.get_by_role("link", name="Bochum: Rang")
    link.hover()
    assert page.locator(".pointed").text_content() == link.get_attribute("aria-label")
    assert page.locator(".ring > *").count() == 1
    assert (galleries[universe].parent / str(link.get_attribute("href"))).is_file()


def test_the_report_opens_from_map_and_table(galleries: dict[str, Path], browser: Any) -> None:
    # A page of its own: what the fixture counts as loaded from outside is here the aim.
    page = browser.new_page()
    for target in ("svg a[data-ags='05911000']", "tr[data-ags='05911000'] th a"):
        page.goto(galleries["ruhr"].as_uri())
        page.locator(target).click()
        page.wait_for_url("**/05911000-bochum/report.html")
        assert page.title() == "05911000"
    page.close()


def test_the_keyboard_reaches_table_and_map_and_opens_a_report(galleries: dict[str, Path], browser: Any) -> None:
    page = browser.new_page()
    page.goto(galleries["ruhr"].as_uri())
    page.keyboard.press("Tab")
    assert page.locator(":focus").text_content() == "Zur Tabelle springen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.goto(galleries["ruhr"].as_uri())
    for _ in range(3):  # the skip link, why reports failed, the first area
        page.keyboard.press("Tab")
    area = page.locator(":focus")
    assert area.evaluate("it => it.closest('.sheet') !== null")
    assert page.locator(".pointed").text_content() == area.get_attribute("aria-label")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report.html")
    page.close()


def test_every_area_with_a_report_is_a_stop_of_the_keyboard(galleries: dict[str, Path], open_page: Open) -> None:
    page = open_page(galleries["ruhr"])
    # Skip link, why reports failed, 51 areas, 8 heads, and in each of 51 rows the name, HTML and PDF.
    assert page.locator(".sheet a").evaluate_all("links => links.every(it => it.tabIndex === 0)")
    assert page.evaluate(HOW_MANY_CONTROLS) == 2 + 51 + 8 + 3 * 51


def test_the_heads_of_a_long_table_stay_in_sight(galleries: dict[str, Path], open_page: Open) -> None:
    page = open_page(galleries["districts"])
    page.locator("tbody tr").nth(200).evaluate("it => it.scrollIntoView({behavior: 'instant'})")
    head = page.get_by_role("button", name="Rank", exact=True)
    assert 0 <= head.bounding_box()["y"] < 40  # type: ignore[index]
    assert page.locator("tbody tr").nth(200).bounding_box()["y"] >= 30  # type: ignore[index]
    head.click()
    assert page.locator("thead th", has_text="Rank").get_attribute("aria-sort") == "ascending"


def test_columns_are_sorted_by_value_and_back(galleries: dict[str, Path], open_page: Open) -> None:
    page = open_page(galleries["ruhr"])
    before = column(page, 1)
    head = page.locator("thead th", has_text="Ort")
    head.get_by_role("button").press("Enter")
    names = column(page, 1)
    assert head.get_attribute("aria-sort") == "ascending"
    assert names[0].startswith("Alpen") and names[-1].startswith("Xanten")
    page.get_by_role("button", name="Rangänderung").click()
    moves = page.locator("tbody tr td:nth-child(5)").evaluate_all("cells => cells.map(it => it.dataset.key ?? null)")
    known = [int(move) for move in moves if move is not None]
    assert known == sorted(known) and moves[-2:] == [None, None]
    for _ in range(2):
        page.get_by_role("button", name="Rangänderung").click()
    assert column(page, 1) == before


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_search_finds_places_districts_and_states_however_umlauts_are_typed(
    width: int, galleries: dict[str, Path], open_page: Open
) -> None:
    page = open_page(galleries["ruhr"], width=width)
    box = page.get_by_role("searchbox")
    for typed in ("mülheim", "Muelheim", "mulheim an"):
        box.fill(typed)
        assert [name.split()[0] for name in column(page, 1)] == ["Mülheim"]
        assert page.get_by_role("status").text_content() == "1 von 53 Orten"
    assert page.locator(".sheet .off").count() == 52
    box.fill("kreis recklinghausen fertig")
    assert len(column(page, 1)) == 9
    box.fill("nirgendwo")
    assert page.get_by_text("Kein Ort passt zu dieser Suche.").is_visible()
    box.fill("")
    assert len(column(page, 1)) == 53 and page.locator(".sheet .off").count() == 0


def test_what_failed_or_is_missing_says_so_and_is_no_link(galleries: dict[str, Path], open_page: Open) -> None:
    page = open_page(galleries["ruhr"])
    assert page.get_by_role("img", name="Haltern am See: fehlgeschlagen").count() == 1
    assert page.get_by_role("img", name="Hamm: kein Bericht").count() == 1
    for name in ("Haltern am See: fehlgeschlagen", "Hamm: kein Bericht"):
        edge = page.get_by_role("img", name=name).locator("path").evaluate("it => getComputedStyle(it).stroke")
        assert edge == rgb(COLOR["mark"]), "hatched neighbours must not run into one"
    page.get_by_text("Warum Berichte fehlgeschlagen sind").click()
    assert page.get_by_text(HOSTILE).is_visible()


def test_in_the_dark_the_page_is_dark_and_the_map_stays_on_paper(galleries: dict[str, Path], open_page: Open) -> None:
    page = open_page(galleries["ruhr"], scheme="dark")
    assert background(page, "body") == rgb(TOKENS["color_dark"]["paper"])
    assert background(page, ".sheet") == rgb(COLOR["paper"])
    page.emulate_media(media="print", color_scheme="dark")
    assert background(page, "body") == rgb(COLOR["paper"])
    assert page.get_by_role("searchbox").is_hidden()


def test_on_paper_every_page_of_the_table_has_its_head(galleries: dict[str, Path], open_page: Open) -> None:
    with open_pdf(stream=open_page(galleries["ruhr"]).pdf(format="A4")) as document:
        pages = [page.get_text() for page in document]
    assert len(pages) > 2
    assert all("Datenstand\n" in page for page in pages if "fertig" in page)


def test_without_a_script_every_report_is_in_reach(galleries: dict[str, Path], open_page: Open) -> None:
    page = open_page(galleries["cities"], script=False)
    assert page.get_by_role("searchbox").count() == 0
    assert page.locator("tbody tr:visible").count() == 83
    assert page.get_by_role("link", name="Bochum: Rang").count() == 1

"""The gallery as a parser reads it; what only a browser can tell stands in tests/browser."""

import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from galleries import HOSTILE, manifest, published
from studies import facts

from helpers.data.universe import load_universe
from helpers.parameters import universe_places
from helpers.present.language import current
from helpers.publish.gallery import make_gallery
from helpers.publish.gallery_rows import Earlier, Failure
from helpers.publish.published import Published

BOCHUM, DORTMUND, HALTERN = "05911000", "05913000", "05562016"
EARLIER_DATA = {"date": "2025-10", "sha256": "ef" * 32, "changed": []}


def gallery(reports: dict[str, Published], universe: str = "ruhr", language: Any = "de", **more: Any) -> Any:
    html = make_gallery(load_universe(universe), language, reports, facts(), **more)
    return BeautifulSoup(html, "html.parser")


def folders(*reports: Published) -> dict[str, Published]:
    return {f"{one.parameters.place}-x{number}": one for number, one in enumerate(reports)}


def two() -> dict[str, Published]:
    return {"05911000-bochum": published(BOCHUM, "ruhr", 1), "05913000-dortmund": published(DORTMUND, "ruhr", 3)}


def row(page: Any, ags: str) -> dict[str, str]:
    """The cells of a place by the head of their column."""
    heads = [head.get_text() for head in page.select("thead th")]
    cells = page.select_one(f"tr[data-ags='{ags}']").find_all(["th", "td"])
    return dict(zip(heads, (" ".join(cell.get_text(" ").split()) for cell in cells), strict=True))


def area(page: Any, ags: str) -> Any:
    return page.select_one(f".sheet svg [data-ags='{ags}']")


def test_a_row_tells_rank_range_score_status_and_date_and_leads_to_the_report() -> None:
    page = gallery(two())
    assert row(page, BOCHUM) == {
        "Ort": "Bochum kreisfreie Stadt",
        "Rang": "1",
        "Spanne": "1–8",
        "Punkte": "68,9",
        "Bericht": "HTML , Bochum PDF , Bochum",
        "Status": "fertig",
        "Datenstand": "22. April 2026",
    }
    links = [link["href"] for link in page.select_one(f"tr[data-ags='{BOCHUM}']").find_all("a")]
    assert links == ["05911000-bochum/report.html"] * 2 + ["05911000-bochum/report.pdf"]


def test_the_map_has_every_place_as_a_link_in_its_class_or_hatched_without() -> None:
    page = gallery(two())
    assert len(page.select(".sheet svg [data-ags]")) == 53
    bochum, haltern = area(page, BOCHUM), area(page, HALTERN)
    assert (bochum.name, bochum["href"], bochum["class"]) == ("a", "05911000-bochum/report.html", ["c4"])
    assert bochum["aria-label"] == "Bochum: Rang 1 von 53, 68,9 Punkte"
    assert (haltern.name, haltern["class"], haltern["aria-label"]) == ("g", ["none"], "Haltern am See: kein Bericht")
    assert [li.get_text() for li in page.select(".key li")][-1] == "kein Bericht (51)"


@pytest.mark.parametrize(("universe", "shape"), [("ruhr", "path"), ("cities", "circle"), ("districts", "path")])
def test_every_universe_has_its_map(universe: str, shape: str) -> None:
    places = universe_places(universe)
    page = gallery(folders(*(published(ags, universe, i) for i, ags in enumerate(places, 1))), universe)
    links = page.select(".sheet svg a[data-ags]")
    assert {link["data-ags"] for link in links} == set(places)
    assert all(link.find(shape) for link in links)
    assert f"Alle {len(places)} Berichte liegen vor." in page.header.get_text()


def test_places_are_in_order_of_rank_and_those_without_a_report_come_last_by_name() -> None:
    page = gallery(two())
    names = [cell.get_text().split()[0] for cell in page.select("tbody th")]
    assert names[:3] == ["Bochum", "Dortmund", "Alpen"]
    assert len(names) == 53
    assert "2 von 53 Berichten liegen vor; ohne Bericht: 51." in page.header.get_text()


def test_failed_reports_say_why_and_an_earlier_one_stays_in_reach() -> None:
    failures = [
        Failure("05911000-bochum", "03-open-index.ipynb, cell 4: <b>ValueError</b>", "de"),
        Failure("05562016-haltern-am-see", "killed"),
        Failure("05913000-dortmund-en", "only the English one", "en"),
    ]
    page = gallery(two(), failures=failures)
    assert row(page, BOCHUM)["Status"] == "fehlgeschlagen früherer Bericht"
    assert area(page, BOCHUM).name == "a"
    assert row(page, HALTERN)["Status"] == "fehlgeschlagen"
    assert (area(page, HALTERN).name, area(page, HALTERN)["class"]) == ("g", ["failed"])
    assert row(page, DORTMUND)["Status"] == "fertig"
    assert [li.get_text() for li in page.select("details li")] == [
        "Bochum: 03-open-index.ipynb, cell 4: <b>ValueError</b>",
        "Haltern am See: killed",
    ]
    assert "fehlgeschlagen: 2 (davon 1 mit früherem Bericht)" in page.header.get_text()


def test_a_hostile_name_stays_text() -> None:
    stranger = published("05911000", "ruhr", 9, place=HOSTILE, parameters={"place": "99999999"})
    html = make_gallery(
        load_universe("ruhr"),
        "de",
        {"99999999-'\"><script>": stranger},
        facts(),
        [Failure("88888888-x", HOSTILE)],
        Earlier(HOSTILE, {}),
    )
    page: Any = BeautifulSoup(html, "html.parser")
    assert len(page.find_all("script")) == 1
    assert "<script>alert" not in html
    assert page.select_one("tr[data-ags='99999999'] a").get_text() == HOSTILE
    assert page.select_one("tr[data-ags='99999999'] a")["href"] == "99999999-%27%22%3E%3Cscript%3E/report.html"
    assert HOSTILE in page.select_one("details").get_text()
    assert HOSTILE in page.select_one(".places .subtitle").get_text()


def test_rank_changes_stand_only_where_both_are_known_and_say_on_what_basis() -> None:
    earlier = Earlier("2025-10", folders(published(BOCHUM, "ruhr", 4, data=EARLIER_DATA)))
    page = gallery(two(), earlier=earlier)
    assert row(page, BOCHUM)["Rangänderung"] == "↑ 3 3 Ränge besser"
    assert row(page, DORTMUND)["Rangänderung"] == "–"
    assert page.select_one(".places .subtitle").get_text() == (
        "Rangänderung gegenüber „2025-10“: 1 von 1 Orten haben einen anderen Rang. Grundlage: andere Daten."
    )
    assert "Rangänderung" not in row(gallery(two()), BOCHUM)


def test_each_change_says_its_basis_where_they_differ() -> None:
    same = published(DORTMUND, "ruhr", 2)
    earlier = Earlier("x", folders(published(BOCHUM, "ruhr", 1, data=EARLIER_DATA), same))
    page = gallery(two(), earlier=earlier)
    assert row(page, BOCHUM)["Rangänderung"] == "= gleicher Rang andere Daten"
    assert row(page, DORTMUND)["Rangänderung"] == "↓ 1 1 Rang schlechter Daten und Programm gleich"


def test_reports_of_different_data_are_not_silently_compared() -> None:
    reports = two() | {"05562016-haltern-am-see": published(HALTERN, "ruhr", 3, data=EARLIER_DATA)}
    assert "verschiedenen Daten" in gallery(reports).header.get_text()
    assert "verschiedenen Daten" not in gallery(two()).header.get_text()


def test_the_page_is_in_its_language_and_prefers_reports_in_it() -> None:
    english = published(BOCHUM, "ruhr", 1, parameters={"language": "en"})
    few = published(BOCHUM, "ruhr", 1, parameters={"draws": 200})
    reports = two() | {"05911000-bochum-en": english, "05911000-bochum-abc": few}
    page = gallery(reports, language="en")
    assert page.html["lang"] == "en" and current() == "de"
    assert page.title.get_text() == "How digital are the 53 municipalities in the Ruhr?"
    assert page.find("meta", attrs={"name": "description"})["content"]
    assert row(page, BOCHUM)["Report"] == (
        "HTML , Bochum PDF , Bochum in German: HTML , Bochum PDF , Bochum "
        "in German, draws 200: HTML , Bochum PDF , Bochum"
    )
    assert area(page, BOCHUM)["href"] == "05911000-bochum-en/report.html"
    assert row(page, DORTMUND)["Report"].startswith("in German:")
    german = gallery(reports)
    assert area(german, BOCHUM)["href"] == "05911000-bochum/report.html"
    assert re.search(r"\b(report|rank|Place|data of)\b", german.get_text()) is None


def test_four_hundred_reports_stay_small_and_nothing_is_loaded() -> None:
    places = universe_places("districts")
    reports = folders(*(published(ags, "districts", i) for i, ags in enumerate(places, 1)))
    earlier = Earlier("2025", folders(*(published(ags, "districts", 401 - i) for i, ags in enumerate(places, 1))))
    html = make_gallery(load_universe("districts"), "de", reports, facts(), (), earlier)
    assert len(html.encode()) < 1_500_000
    assert re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", html) == []
    assert len(BeautifulSoup(html, "html.parser").select("tbody tr")) == 400


def test_a_manifest_without_a_result_is_listed_but_not_ranked() -> None:
    page = gallery({"05911000-bochum": published(BOCHUM, "ruhr", 1, result={})})
    assert row(page, BOCHUM)["Rang"] == "–"
    assert (area(page, BOCHUM).name, area(page, BOCHUM)["class"]) == ("a", ["none"])


def test_the_same_manifests_give_the_same_page() -> None:
    reports = two()
    backwards = dict(reversed(reports.items()))
    pages = [make_gallery(load_universe("ruhr"), "de", one, facts()) for one in (reports, backwards)]
    assert pages[0] == pages[1]


def test_the_manifests_of_the_tests_are_of_the_form_that_is_read() -> None:
    assert json.loads(published(BOCHUM, "ruhr", 1).model_dump_json())["place"] == manifest(BOCHUM, "ruhr", 1)["place"]

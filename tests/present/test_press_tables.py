"""The table of the statements: every one of them, sign and word, finding with dated sources and their independence."""

from dataclasses import replace

import pytest
from studies import study_of

from helpers.analysis.claims import Judged
from helpers.data.claims import Evidence, Words
from helpers.present.inline import plain
from helpers.present.press import finding_text
from helpers.present.press_tables import press_claims, press_sources, sources_text
from helpers.present.tables import Cell

ORIGINS = tuple(Words(de=f"Ursprung {name}", en=f"Origin {name}") for name in "ab")


def judged(language: str = "de") -> tuple[Judged, ...]:
    return study_of("Bochum", "ruhr", language).press[0][1]


def with_sources(*sources: tuple[str, str, str], computed: bool = False, beside: bool = False) -> Judged:
    """A judged statement with these sources (name, date, origin a or b)."""
    evidence = tuple(Evidence(source=name, date=date, origin=origin) for name, date, origin in sources)
    used = dict.fromkeys(origin for _, _, origin in sources)
    figures = {"inkar": Words(de="Ein Amt", en="An office")} if beside else {}
    rests_on = tuple(ORIGINS["ab".index(origin)] for origin in used)
    roots = frozenset(used)
    return replace(judged()[0], sources=evidence, rests_on=rests_on, roots=roots, figures=figures, computed=computed)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_statement_has_its_row_with_sign_word_and_finding(language: str) -> None:
    audit = judged(language)
    table = press_claims(audit)
    assert [row[0] for row in table.rows] == [f"C{number:02}" for number in range(1, 27)]
    for item, (_, statement, verdict, finding) in zip(audit, table.rows, strict=True):
        assert isinstance(statement, str) and not statement.endswith(".")
        assert isinstance(verdict, Cell) and isinstance(finding, Cell)
        assert (verdict.sign, plain(verdict.words)) == (item.verdict.sign, item.verdict.word(language))
        assert plain(finding.words).startswith(finding_text(item))
        assert plain(finding.words).endswith(sources_text(item))


def test_the_data_behind_the_table_hold_checks_verdicts_and_addresses() -> None:
    data = press_claims(judged()).data.set_index("claim")
    assert data["computed"].sum() == (data["check"] == "F").sum() == 8
    assert (data["verdict"] == data["written"]).all()
    assert "https://www.rvr.ruhr/" in data.at["C20", "addresses"]
    assert (data.at["C20", "sources"], data.at["C20", "origins"]) == (2, 1)


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ([("rvr.ruhr", "2025-06-24", "a")], "rvr.ruhr (24.06.2025)"),
        ([("4630.de", "", "a")], "4630.de (o. D.)"),
        (
            [("rvr.ruhr", "2025-06-24", "a"), ("kommune21.de", "2025-07", "a")],
            "rvr.ruhr (24.06.2025), kommune21.de (Juli 2025); zwei Quellen, ein Ursprung",
        ),
        (
            [("rvr.ruhr", "2025", "a"), ("iwconsult.de", "2025", "b")],
            "rvr.ruhr (2025), iwconsult.de (2025); zwei unabhängige Quellen",
        ),
        (
            [("a.de", "2025", "a"), ("b.de", "2025", "a"), ("c.de", "2025", "b")],
            "a.de (2025), b.de (2025), c.de (2025); drei Quellen, zwei Ursprünge",
        ),
        (
            [(f"{name}.de", "2025", "a") for name in "abcd"],
            "a.de (2025), b.de (2025), zwei weitere; vier Quellen, ein Ursprung",
        ),
        ([("a.de", "2023", "a"), ("a.de", "2024", "a")], "a.de (2023 und 2024)"),
        ([("Ein Amt", "2025", "a")], "Ursprung a"),
        ([], ""),
    ],
)
def test_sources_come_with_date_and_independence(sources: list[tuple[str, str, str]], words: str) -> None:
    assert sources_text(with_sources(*sources)).replace("\u00a0", " ") == words


def test_own_figures_are_said_to_be_our_own() -> None:
    item = with_sources(("rvr.ruhr", "2025", "a"), beside=True)
    assert sources_text(item) == "rvr.ruhr (2025); eigene Zahlen nach Ein Amt"
    assert "inkar" in press_sources(study_of("Bochum"), [item]).ids


def test_a_computed_verdict_names_the_publisher_of_its_figures_first() -> None:
    item = with_sources(("a.de", "2023", "a"), ("Ein Amt", "2024", "a"), computed=True)
    assert sources_text(item) == "Ursprung a laut a.de (2023)"
    assert sources_text(with_sources(("Ein Amt", "2024", "a"), computed=True)) == "Ursprung a"


def test_dates_do_not_break_and_follow_the_language() -> None:
    item = with_sources(("rvr.ruhr", "2025-06-24", "a"))
    study_of("Bochum", "ruhr", "en")
    assert sources_text(item) == "rvr.ruhr (24\u00a0Jun\u00a02025)"
    study_of("Bochum")


def test_the_source_line_cites_the_package_and_points_to_the_table() -> None:
    study = study_of("Bochum")
    found = press_sources(study, study.press[0][1])
    assert "bitkom-sci" in found.ids
    assert found.line.endswith("eigene Berechnung. Weitere Fundstellen in der Tabelle.")
    alone = press_sources(study, [with_sources(("a.de", "2025", "a"))])
    assert alone.line == "Quellen: in der Tabelle genannt."

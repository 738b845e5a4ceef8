"""Claims files and the vocabulary: what they hold, and that every mistake is told with the claim's id."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from helpers.data.checks import check_package
from helpers.data.claims import load_press, press_for
from helpers.data.facts import load_facts
from helpers.data.faults import DataError, Fault
from helpers.data.seal import seal_package
from helpers.parameters import DATA_DIR

Edit = Callable[[str, str, str], int]


def faults_of(package: Path) -> list[Fault]:
    with pytest.raises(DataError) as caught:
        load_press(package)
    return list(caught.value.faults)


def test_the_article_about_bochum_is_there_in_both_languages() -> None:
    (press,) = load_press()
    assert press.place == "05911000"
    assert [claim.id for claim in press.claims] == [f"C{number:02}" for number in range(1, 27)]
    for claim in press.claims:
        for german, english in (
            (claim.text_de, claim.text_en),
            (claim.finding_de, claim.finding_en),
            (claim.since_de, claim.since_en),
        ):
            assert bool(german) == bool(english)
            assert german != english or not german


def test_no_address_or_date_is_invented() -> None:
    """Every address of a source is in the fact tables, with its date there; others are named without an address."""
    tables = "".join(
        (DATA_DIR / name).read_text(encoding="utf-8") for name in ("smart_city_index.csv", "digital_index_ruhr.csv")
    )
    sources = [source for press in load_press() for claim in press.claims for source in claim.evidence]
    assert len(sources) > 20
    for source in sources:
        assert not source.url or f"{source.url},{source.date}" in tables, source
        assert source.url or source.source in (
            "campus-zollverein.de",
            "bochum-journal.de",
            "Modellprojekte Smart Cities",
        )


def test_the_article_is_not_quoted(shared_dir: Path) -> None:
    """The statements are in our own words: no run of seven words is the article's."""
    words = (shared_dir / "brief" / "article.txt").read_text(encoding="utf-8").split()
    runs = {" ".join(words[i : i + 7]) for i in range(len(words) - 6)}
    for claim in load_press()[0].claims:
        own = claim.text_de.split()
        assert not runs & {" ".join(own[i : i + 7]) for i in range(len(own) - 6)}, claim.id


@pytest.mark.parametrize("ags", ["05911000", "05911"])
def test_a_city_has_its_claims_under_either_key(ags: str) -> None:
    assert [press.place for press in press_for(ags)] == ["05911000"]


@pytest.mark.parametrize("ags", ["05913000", "05170048", "05170", "05911999"])
def test_a_place_without_claims_has_none(ags: str) -> None:
    assert press_for(ags) == ()


def test_a_file_for_another_place_is_all_that_is_needed(package: Path) -> None:
    second = {
        "place": "05913000",
        "title_de": "Titel",
        "title_en": "Title",
        "published": "2024-10-01",
        "about_de": "Über den Text.",
        "about_en": "About the text.",
        "newest": 2024,
        "claims": [
            {
                "id": "D01",
                "text_de": "Dortmund liegt auf Rang 22.",
                "text_en": "Dortmund is at rank 22.",
                "check": "F",
                "verdict": "confirmed",
                "rule": "figure",
                "define": {
                    "rank": 'value(smart_city_index.rank, edition == newest, ags == place, category == "total")',
                    "holds": "rank == 22",
                },
                "finding_de": "Rang {rank}.",
                "finding_en": "Rank {rank}.",
            }
        ],
    }
    (package / "claims-dortmund.yml").write_text(yaml.safe_dump(second, allow_unicode=True), encoding="utf-8")
    assert check_package(package, sealed=False) == []
    assert seal_package(package) == ["claims-dortmund.yml"]
    assert [claim.id for press in press_for("05913", package) for claim in press.claims] == ["D01"]


def test_an_empty_list_of_claims_is_allowed(package: Path) -> None:
    head = (package / "claims.yml").read_text(encoding="utf-8").split("claims:\n")[0]
    (package / "claims.yml").write_text(head + "claims: []\n", encoding="utf-8")
    assert load_press(package)[0].claims == ()


@pytest.mark.parametrize(
    ("old", "new", "key", "rule"),
    [
        ("holds: rank == 6", "holds: rank == six", "C13.define.holds", "six is not known (at 1:9)"),
        (
            "holds: rank == 6",
            "holds: __import__('os').system('true') == 0",
            "C13.define.holds",
            "the functions are value, values, count",
        ),
        (
            "2025, follows: study}",
            "2025, follows: stdy}",
            "origins.bochum-2025",
            "follows must be one of study",
        ),
        (
            "IW Consult, study on the Digital-Index Ruhr\"}",
            "IW Consult, study on the Digital-Index Ruhr\", follows: ministry}",
            "origins.study",
            "follows itself in a circle: study > ministry > study",
        ),
        ("current: administration_newest == 6", "current: current", "C13.define.current", "in a circle"),
        ("current: administration_newest == 6", "now: administration_newest == 6", "C13", "the rule state needs it"),
        (
            "points: value(smart_city_editions.n_data_points,",
            "points: value(smart_city_edition.n_data_points,",
            "C15.define.points",
            "there is no table smart_city_edition; perhaps smart_city_editions (at 1:1)",
        ),
        (
            "points: value(smart_city_editions.n_data_points,",
            "points: value(smart_city_editions.n_datapoints,",
            "C15.define.points",
            "has no column n_datapoints; perhaps n_data_points (at 1:7)",
        ),
        (
            "ict: value(observations.value, level ==",
            "ict: value(observations.value, levl ==",
            "C06.define.ict",
            "the table observations has no column levl; perhaps level (at 1:27)",
        ),
        ("      alike: parameters_before", "      after: parameters_before", "claims.17.define.after", "must occur once"),
        ("      second: min(", "      ruhr: min(", "C11", "is defined for the whole file already"),
        ("  latest: max(values(", "  latest: max(valeus(", "define.latest", "the functions are"),
        ("id: C14", "id: C13", "C13", "each id must occur once"),
        ("id: C14", "id: 14", "claims.13.id", "should match pattern"),
        ("verdict: unsupported", "verdict: unsuported", "C06", "the verdict must be one of confirmed, refined"),
        ("verdict: opinion", "verdict: confirmed", "C07", "the verdict cannot follow from a check O"),
        ("rule: comparison", "rule: comparision", "C18", "the rule must be one of figure, state, comparison"),
        ("check: S\n    verdict: refined", "check: S\n    rule: figure\n    verdict: refined", "C01", "only a check F has a rule"),
        ("origin: study}", "origin: stduy}", "C02", "the origin must be one of study, digital-index-ruhr, ministry"),
        ("{rank_latest} von", "{rank_lates} von", "C09", "since_de: the placeholder must be defined"),
        ("{score:1} Punkten", "{score:f} Punkten", "C09", "finding_de: a placeholder is"),
        ("{score:1} Punkten", "{score Punkten", "C09", "finding_de: a placeholder is"),
        ('published: "2025-06"', 'published: "Juni 2025"', "published", "should match pattern"),
        ('date: "2025-06-24"', 'date: "24.6.2025"', "claims.0.evidence.0.date", "should match pattern"),
        ("picture: {category", "pictures: {category", "claims.8.pictures", "Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_a_mistake_names_the_claim_and_its_line(
    package: Path, edit: Edit, old: str, new: str, key: str, rule: str
) -> None:
    line = edit("claims.yml", old, new)
    faults = faults_of(package)
    assert [fault for fault in faults if fault.column == key and rule in fault.rule], faults
    named = next(fault for fault in faults if fault.column == key and rule in fault.rule)
    assert named.file == "claims.yml"
    assert 0 <= line - named.row < 24  # the line itself, or that on which its claim begins
    assert set(faults) <= set(check_package(package, sealed=False))
    with pytest.raises(DataError):
        load_facts(package)


def test_mistakes_in_several_claims_are_told_at_once(package: Path, edit: Edit) -> None:
    edit("claims.yml", "holds: rank == 6", "holds: rnak == 6")
    edit("claims.yml", "alike: parameters_before", "alike: open(parameters_before)")
    edit("claims.yml", "verdict: outdated", "verdict: wrong")
    shutil.copy(package / "claims.yml", package / "claims-copy.yml")
    faults = faults_of(package)
    keys = {"C09", "C13.define.holds", "C18.define.alike"}
    assert {(fault.file, fault.column) for fault in faults} == {
        (file, key) for file in ("claims.yml", "claims-copy.yml") for key in keys
    }


@pytest.mark.parametrize(
    ("old", "new", "key", "rule"),
    [
        ("when: not holds", "when: not holds(1)", "rules.figure.1", "the functions are"),
        ("- {verdict: confirmed}", "- {verdict: confirmd}", "rules.figure.2", "must be one of confirmed"),
        ("- {verdict: confirmed}", "- {verdict: confirmed, when: holds}", "rules.figure.2", "the last step"),
        ("- {when: not holds, verdict", "- {verdict", "rules.figure.1", "the last step, and no other"),
        ("id: refined", "id: confirmed", "verdicts", "each id must occur once"),
        ("sign: clock", "sign: watch", "verdicts.2.sign", "Input should be"),
    ],
)
def test_a_mistake_in_the_vocabulary_names_its_place(
    package: Path, edit: Edit, old: str, new: str, key: str, rule: str
) -> None:
    edit("verdicts.yml", old, new)
    faults = [fault for fault in faults_of(package) if fault.file == "verdicts.yml"]
    assert [fault for fault in faults if fault.column == key and rule in fault.rule], faults


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "rule"),
    [
        ("claims.yml", 'place: "05911000"', 'place: "05911999"', "place", "must be known in places.csv"),
        ("claims.yml", "newest: 2024\n", "newest: 2023\n", "newest", "smart_city_index.csv by 2025-06 is 2024"),
        ("claims.yml", 'published: "2025-06"', 'published: "2025-10"', "newest", "by 2025-10 is 2025"),
        ("smart_city_editions.csv", "157,12717", "157,12718", "n_data_points", "must be n_parameters x n_places"),
    ],
)  # fmt: skip
def test_claims_and_editions_agree_with_the_tables(
    package: Path, edit: Edit, file: str, old: str, new: str, key: str, rule: str
) -> None:
    edit(file, old, new)
    faults = check_package(package, sealed=False)
    assert [(fault.file, fault.column) for fault in faults] == [(file, key)]
    assert rule in faults[0].rule

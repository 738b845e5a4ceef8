"""Sentences on the claims of the press: the counts of the verdicts, their evidence, and what has changed since."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from studies import study_of

from helpers.analysis.claims import Judged
from helpers.analysis.study import Study
from helpers.data.claims import Picture, Press, Words
from helpers.present.inline import plain
from helpers.present.wording import press


def bochum(language: str = "de") -> Study:
    return study_of("Bochum", "ruhr", language)


def audited(study: Study) -> tuple[Press, tuple[Judged, ...]]:
    return study.press[0]


def as_judged(signs: Sequence[str], language: str = "de") -> Study:
    """Bochum with one statement for each sign, its verdict the one that has the sign."""
    study = bochum(language)
    text, found = audited(study)
    by_sign = {verdict.sign: verdict for verdict in text.vocabulary.verdicts}
    made = tuple(replace(found[0], verdict=by_sign[sign], written=by_sign[sign]) for sign in signs)  # type: ignore[index]
    vars(study)["press"] = [(text, made)]
    return study


@pytest.mark.parametrize(
    ("signs", "de", "en"),
    [
        (
            5 * ["check"] + 10 * ["half"] + 11 * ["clock"],
            "Von 26 Aussagen eines Artikels über Bochum stimmen fünf ganz, zehn nur im Kern",
            "Of 26 statements of one article on Bochum, five hold in full, ten only at the core",
        ),
        (
            ["check", "half", "half"],
            "Von 3 Aussagen eines Artikels über Bochum stimmt eine ganz, zwei nur im Kern",
            "Of 3 statements of one article on Bochum, one holds in full, two only at the core",
        ),
        (
            ["check", "check"],
            "Alle 2 Aussagen eines Artikels über Bochum stimmen",
            "All 2 statements of one article on Bochum hold",
        ),
        (
            ["check", "cross"],
            "Von 2 Aussagen eines Artikels über Bochum stimmt eine",
            "Of 2 statements of one article on Bochum, one holds",
        ),
        (
            ["cross", "dash"],
            "Von 2 Aussagen eines Artikels über Bochum stimmt keine",
            "Of 2 statements of one article on Bochum, none holds",
        ),
        (
            ["half", "cross"],
            "Keine der 2 Aussagen eines Artikels über Bochum stimmt ganz, im Kern stimmt eine",
            "None of 2 statements of one article on Bochum holds in full, one only at the core",
        ),
    ],
)
def test_the_finding_counts_what_holds(signs: list[str], de: str, en: str) -> None:
    assert press.finding(as_judged(signs)) == de
    assert press.finding(as_judged(signs, "en")) == en


def test_the_finding_on_one_statement_is_its_verdict() -> None:
    study = as_judged(["clock"])
    word = audited(study)[1][0].verdict.word("de")
    assert press.finding(study) == f"Die eine geprüfte Aussage eines Artikels über Bochum: {word}"


def test_the_meaning_names_each_kind_with_its_number_and_no_other() -> None:
    told = press.what_it_means(as_judged(["check", "check", "half", "clock", "question", "dash"]))
    assert told == (
        "Nur zwei der 6 stimmen so, wie sie dastehen. Eine ist im Kern richtig, "
        "aber ungenau, eine gab beim Erscheinen des Textes nicht mehr den neuesten Stand wieder. Für eine fand sich keine "
        "Quelle, eine ist eine Wertung oder ein Vorhaben."
    )
    wrong = press.what_it_means(as_judged(["check", "cross", "cross"]))
    assert wrong == "Zwei der 3 Aussagen widersprechen den Zahlen, eine stimmt so, wie sie dasteht."


def test_only_statements_with_figures_can_be_said_not_to_go_against_them() -> None:
    told = press.what_it_means(bochum())
    assert told.startswith(
        "Von den elf Aussagen, zu denen Zahlen vorliegen, widerspricht ihnen keine. Nur fünf der 26 stimmen so, wie sie dastehen."
    )


def test_the_date_is_told_as_far_as_it_is_known() -> None:
    study = bochum()
    assert "Was ein Artikel (frühestens Ende Juni 2025) über" in press.deck(study)
    text, found = audited(study)
    vars(study)["press"] = [(replace(text, dated=Words(de="", en="")), found)]
    assert "Was ein Artikel (Juni 2025) über" in press.deck(study)
    vars(study)["press"] = 2 * [(text, found)]
    assert press.deck(study).startswith("Was zwei Artikel (")
    assert "Aussagen aus zwei Artikeln" in press.finding(study)


def test_nothing_is_said_to_be_lacking_where_all_hold() -> None:
    assert press.what_it_means(as_judged(["check", "check"])) == "Alle 2 Aussagen stimmen so, wie sie dastehen."


def test_certainty_counts_what_was_computed_and_what_rests_on_one_origin() -> None:
    study = bochum()
    judged = press.judged_of(study)
    computed = [item for item in judged if item.claim.check == "F"]
    assert all(item.computed for item in computed) and len(computed) == 8
    told = press.how_certain(study)
    assert told.startswith("Acht der 26 Urteile sind nach Bitkom (Smart City Index) nachgerechnet, bei drei weiteren")
    read = [item for item in judged if item.claim.check in ("S", "SF")]
    single = [item for item in read if item.origins == 1]
    assert (len(read), len(single)) == (15, 15)
    assert "Jedes der 15 Urteile nach Quellen stützt sich auf einen einzigen Ursprung" in told
    assert "Seither erschien der Smart City Index 2025 (Platz 5)" in told


def test_certainty_without_computed_verdicts_says_so() -> None:
    study = bochum()
    text, found = audited(study)
    read = tuple(replace(item, roots=frozenset("ab")) for item in found if item.claim.check == "S")
    vars(study)["press"] = [(text, read)]
    told = press.how_certain(study)
    assert told == (
        f"Nachrechnen ließ sich keines der {len(read)} Urteile; sie folgen aus den genannten Quellen. Jedes Urteil nach "
        "Quellen stützt sich auf mindestens zwei unabhängige Ursprünge."
    )


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_bochum_has_its_statements_in_every_universe(universe: str) -> None:
    study = study_of("05911" if universe == "districts" else "Bochum", universe)
    assert len(press.judged_of(study)) == 26
    assert press.finding(study) == press.finding(bochum())


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_place_without_statements_says_so_without_the_name_of_a_file(language: str) -> None:
    study = study_of("Sonsbeck", "ruhr", language)
    assert study.press == []
    assert "data/" not in press.without_claims(study) and "Sonsbeck" in press.without_claims(study)
    assert "Sonsbeck" in press.finding(study)
    district = study_of("05170", "districts", "de")
    assert press.finding(district) == "Keine Aussage der Presse über den Kreis Wesel ist geprüft"


def test_verdicts_that_are_no_longer_true_are_named_with_both_words() -> None:
    text, found = audited(bochum())
    assert press.no_longer_true(found) == ""
    verdicts = text.vocabulary.verdicts
    moved = [replace(found[0], verdict=verdicts[0], written=verdicts[1]), *found[1:]]
    words = f"{found[0].claim.id} „{verdicts[0].de}“ statt „{verdicts[1].de}“"
    assert words in press.no_longer_true(moved)


def test_pictures_name_the_statements_whose_verdict_reads_the_rank() -> None:
    study = bochum()
    found = {picture.category: claims for picture, claims in press.pictures(study, *audited(study))}
    assert {"C09", "C12", "C17"} <= set(found["total"])
    assert found["administration"] == ["C13"]
    assert not {"C13", "C15", "C18", "C20"} & set(found["total"])


def test_a_picture_without_a_known_rank_is_left_out() -> None:
    study = bochum()
    text, found = audited(study)
    none_known = study.facts.smart_city_index.assign(
        rank=study.facts.smart_city_index["rank"].mask(lambda rank: rank > 0)
    )
    blind = replace(study, facts=replace(study.facts, smart_city_index=none_known))
    assert press.pictures(blind, text, found) == []


@pytest.mark.parametrize(
    ("picture", "title"),
    [
        (Picture(edition=2023), "Der Artikel nennt Platz 11 von 2023; damals galt schon Platz 4 von 2024"),
        (Picture(edition=2024), "Der Artikel nennt Platz 4 von 2024, der damals neuesten Ausgabe"),
        (
            Picture(category="administration", edition=2023),
            "Im Bereich Verwaltung nennt der Artikel Platz 6 von 2023; damals galt schon Platz 4 von 2024",
        ),
        (
            Picture(category="administration", edition=2021),
            "Im Bereich Verwaltung nennt der Artikel die Ausgabe 2021; ein Platz ist dafür nicht bekannt",
        ),
    ],
)
def test_the_title_of_a_picture_sets_the_quoted_rank_against_the_newest_of_its_time(
    picture: Picture, title: str
) -> None:
    study = bochum()
    assert press.rank_title(study, audited(study)[0], picture) == title


def test_the_subtitle_names_the_place_in_its_colour_and_the_statements() -> None:
    told = press.rank_subtitle(bochum(), Picture(edition=2023), ["C09", "C17"], False)
    assert told.startswith("[Bochum]{.focus} ")
    assert plain(told).endswith("Beleg zu C09 und C17")
    assert "grau" not in told

"""The source line, computed from the data behind a figure."""

import pytest
from studies import facts, study_of

from helpers.present.sources import Sources, cite


def test_all_indicators_of_the_index_are_cited_by_default() -> None:
    sources = cite(study_of("Bochum"), own=True)
    assert sources.line == (
        "Quellen: BBSR (INKAR); Breitbandatlas | Gigabit-Grundbuch; Destatis (Hochschulen WS 2021/22); "
        "Destatis und BMWSB (Deutschlandatlas 2026); Statistische Ämter und BA (Regionalstatistik 13111-07-05-4); "
        "eigene Berechnung."
    )  # fmt: skip
    study = study_of("Bochum")
    assert set(sources.ids) == {facts().indicators.at[ref.key, "source"] for ref in study.universe.indicators}


def test_one_source_is_named_in_the_singular() -> None:
    study = study_of("Bochum")
    assert cite(study, indicators=["fibre_households"]).line == "Quelle: Breitbandatlas | Gigabit-Grundbuch."
    assert cite(study, indicators=[], also=("bitkom-sci",)).line == "Quelle: Bitkom (Smart City Index)."


def test_a_map_cites_its_boundaries_at_the_end() -> None:
    study = study_of("Bochum")
    both = cite(study, indicators=["fibre_households"], also=("bkg-vg250",), own=True)
    assert both.line == (
        "Quelle: Breitbandatlas | Gigabit-Grundbuch; eigene Berechnung. Karte: © GeoBasis-DE / BKG 2017 (Daten verändert)."
    )
    assert both.has_boundaries
    alone = cite(study, indicators=[], also=("bkg-vg250",), own=True)
    assert alone.line == "Karte: © GeoBasis-DE / BKG 2017 (Daten verändert)."
    assert not cite(study).has_boundaries


def test_a_source_is_named_once() -> None:
    study = study_of("Bochum", "districts")
    line = cite(study, also=("breitbandatlas-2021", "inkar", "inkar")).line
    assert line.count("Breitbandatlas") == 1
    assert line.count("BBSR (INKAR)") == 1


def test_the_line_follows_the_language() -> None:
    study = study_of("Bochum", language="en")
    line = cite(study, indicators=["fibre_households"], also=("bitkom-sci", "bkg-vg250"), own=True).line
    assert line.startswith(
        "Sources: Bitkom (Smart City Index); Breitbandatlas | Gigabit-Grundbuch; own calculation. Map: ©"
    )
    study_of("Bochum")


def test_citing_nothing_or_the_unknown_is_an_error() -> None:
    study = study_of("Bochum")
    with pytest.raises(ValueError, match="must cite at least one source"):
        cite(study, indicators=[])
    assert cite(study, indicators=[], own=True).line == "Quelle: eigene Darstellung."
    with pytest.raises(KeyError, match="unheard-of"):
        cite(study, also=("unheard-of",))
    for ids, line in (((), "Quelle: x."), (("inkar",), " ")):
        with pytest.raises(ValueError, match="must cite at least one source"):
            Sources(ids, line)

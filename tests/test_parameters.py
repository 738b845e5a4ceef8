"""The parameters of a report: what is resolved, what is refused, and with which words."""

import shutil
import subprocess
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.parameters import (
    DATA_DIR,
    ParameterError,
    Parameters,
    Place,
    check_universe,
    register,
    resolve_place,
    universe_places,
    universes,
)

EVERY_PLACE = [(universe, place) for universe in universes() for place in universe_places(universe).values()]


def refused(**values: Any) -> list[str]:
    """The faults with which the values are refused."""
    with pytest.raises(ParameterError) as caught:
        Parameters.check(**values)
    assert all("\n" not in fault for fault in caught.value.faults)
    return caught.value.faults


def test_defaults_are_bochum_in_the_ruhr() -> None:
    parameters = Parameters.check()
    assert parameters.model_dump() == {
        "place": "05911000",
        "universe": "ruhr",
        "peers": "nearest",
        "n_peers": 10,
        "index": {},
        "language": "de",
        "draws": 2000,
        "seed": 1,
    }


def test_universes_have_their_places() -> None:
    assert universes() == ("ruhr", "cities", "districts")
    assert [len(universe_places(universe)) for universe in universes()] == [53, 83, 400]


@pytest.mark.parametrize(
    ("text", "universe", "ags"),
    [
        ("05911000", "ruhr", "05911000"),
        ("Bochum", "ruhr", "05911000"),
        ("Bochum, Stadt", "ruhr", "05911000"),
        ("  bochum ", "ruhr", "05911000"),
        ("BOCHUM", "cities", "05911000"),
        ("Bochum", "districts", "05911"),
        ("05911", "districts", "05911"),
        ("mülheim  an der\truhr", "ruhr", "05117000"),
        (unicodedata.normalize("NFD", "Mülheim an der Ruhr"), "ruhr", "05117000"),
        ("Haltern am See", "ruhr", "05562016"),
        ("05978016", "ruhr", "05978016"),
        ("Kiel, Landeshauptstadt", "cities", "01002000"),
        ("Voerde (Niederrhein)", "ruhr", "05170044"),
        ("09184", "districts", "09184"),
        ("München", "cities", "09162000"),
        ("GIESSEN", "districts", "06531"),
    ],
)
def test_a_place_is_known_by_ags_name_and_official_name(text: str, universe: str, ags: str) -> None:
    assert resolve_place(text, universe).ags == ags
    assert Parameters.check(place=text, universe=universe).place == ags


@given(st.sampled_from(EVERY_PLACE))
def test_every_place_resolves_from_its_ags_to_itself(known: tuple[str, Place]) -> None:
    universe, place = known
    parameters = Parameters.check(place=place.ags, universe=universe)
    assert resolve_place(place.ags, universe) is place
    assert Parameters.check(**parameters.model_dump()) == parameters


@given(st.sampled_from(EVERY_PLACE))
def test_a_name_gives_the_place_or_lists_it(known: tuple[str, Place]) -> None:
    universe, place = known
    same = [
        other
        for other in universe_places(universe).values()
        if place.official_name in (other.name, other.official_name, other.name.split(" (")[0].split("/")[0])
    ]
    if len(same) == 1:
        assert resolve_place(place.official_name.upper(), universe) is place
        return
    with pytest.raises(ParameterError, match="is not unique") as caught:
        resolve_place(place.official_name.upper(), universe)
    assert all(other.ags in str(caught.value) for other in same)


@settings(max_examples=60, deadline=None)
@given(
    place=st.text(),
    universe=st.sampled_from(universes()) | st.text(),
    peers=st.text() | st.lists(st.text(), max_size=3),
)
def test_no_text_raises_anything_but_a_parameter_error(place: str, universe: str, peers: str | list[str]) -> None:
    with suppress(ParameterError):
        assert Parameters.check(place=place, universe=universe, peers=peers).universe == universe


@settings(max_examples=30, deadline=None)
@given(
    st.none()
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dictionaries(st.text(), st.text())
    | st.lists(st.none())
)
def test_no_value_raises_anything_but_a_parameter_error(value: Any) -> None:
    for field in Parameters.model_fields:
        if field in ("draws", "seed") and isinstance(value, int):
            continue  # a whole number may well be right
        if field == "index" and not value and not isinstance(value, (bool, int, float, list)):
            continue  # nothing is chosen otherwise
        with pytest.raises(ParameterError) as caught:
            Parameters.check(**{field: value})
        assert caught.value.faults[0].startswith(field)


def test_a_mistyped_place_proposes_the_nearest_names() -> None:
    fault = refused(place="Bochm")[0]
    assert fault.startswith("place: 'Bochm' is not in universe 'ruhr'. Did you mean Bochum?")
    assert "the 53 places of `cityreport places --universe ruhr`" in fault


def test_nothing_is_proposed_where_nothing_is_near() -> None:
    fault = refused(place="qqqqqq")[0]
    assert "Did you mean" not in fault
    assert "Allowed are the 53 places" in fault


def test_a_place_outside_the_universe_is_told_where_it_is_known() -> None:
    fault = refused(place="Sonsbeck", universe="cities")[0]
    assert "It is known as --universe ruhr: Sonsbeck (Gemeinde, Nordrhein-Westfalen, AGS 05170040)." in fault
    fault = refused(place="München")[0]
    for universe, ags in (("cities", "09162000"), ("districts", "09162"), ("districts", "09184")):
        assert any(f"--universe {universe}" in part and ags in part for part in fault.split(";"))
    fault = refused(place="05911000", universe="districts")[0]
    assert "--universe ruhr: Bochum" in fault and "--universe cities: Bochum" in fault


def test_an_ambiguous_name_lists_its_candidates() -> None:
    assert refused(place="München", universe="districts") == [
        "place: 'München' is not unique in universe 'districts': München (kreisfreie Stadt, Bayern, AGS 09162); "
        "München (Landkreis, Bayern, AGS 09184). Give the AGS."
    ]


def test_an_unknown_universe_names_the_allowed_and_the_nearest() -> None:
    assert refused(universe="rhur") == ["universe: 'rhur' is not one of ruhr, cities, districts. Did you mean 'ruhr'?"]
    assert refused(universe="germany") == ["universe: 'germany' is not one of ruhr, cities, districts."]
    assert check_universe("cities") == []


def test_an_unknown_language_names_the_allowed() -> None:
    assert refused(language="fr") == ["language: 'fr' is not one of de, en."]
    assert Parameters.check(language=" EN ", universe="Ruhr").language == "en"


@pytest.mark.parametrize(
    ("name", "value"), [("draws", 199), ("draws", 100_001), ("seed", -1), ("seed", 1.5), ("draws", True)]
)
def test_a_number_out_of_range_names_the_range(name: str, value: object) -> None:
    assert refused(**{name: value})[0].startswith(f"{name}: {value!r} is not a whole number from ")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Mülheim", "Did you mean Mülheim an der Ruhr?"),
        ("Muelheim", "Did you mean Mülheim an der Ruhr?"),
        ("Haltern", "Did you mean Haltern am See"),
        (
            "5911000",
            "Did you mean Bochum (kreisfreie Stadt, Nordrhein-Westfalen, AGS 05911000)? An AGS keeps its leading zero.",
        ),
    ],
)
def test_what_is_nearly_right_is_recognised(text: str, hint: str) -> None:
    assert hint in refused(place=text)[0]


@pytest.mark.parametrize(
    ("text", "universe", "ags"),
    [("Wetter", "ruhr", "05954032"), ("Cottbus", "cities", "12052000"), ("Landkreis München", "districts", "09184")],
)
def test_short_names_and_names_with_their_type_are_understood(text: str, universe: str, ags: str) -> None:
    assert Parameters.check(place=text, universe=universe).place == ags


def test_an_unknown_parameter_names_the_allowed_and_the_nearest() -> None:
    allowed = "place, universe, peers, n_peers, index, language, draws, seed"
    assert refused(plaice="Bochum") == [f"plaice: no such parameter. Allowed: {allowed}. Did you mean 'place'?"]
    assert refused(zzz=1) == [f"zzz: no such parameter. Allowed: {allowed}."]


def test_all_faults_are_told_at_once() -> None:
    faults = refused(place="Bochm", language="fr", peers=["Essn", "Essen", "Essen"], colour="red")
    assert [fault.split(":")[0] for fault in faults] == ["colour", "language", "place", "peers", "peers"]
    faults = refused(place="Bochm", language="fr", universe="rhur")
    assert [fault.split(":")[0] for fault in faults] == ["language", "universe"]


@pytest.mark.parametrize(
    "peers",
    [["Essen", "Dortmund"], ("05113000", "05913000"), "Essen,Dortmund", " Essen , 05913000 ,", "essen,dortmund, stadt"],
)
def test_peers_are_a_list_a_tuple_or_text_with_commas(peers: Any) -> None:
    if peers == "essen,dortmund, stadt":
        # A comma within an official name cannot be told from one between two places.
        assert refused(peers=peers)[0].startswith("peers: 'stadt'")
        return
    assert Parameters.check(peers=peers).peers == ("05113000", "05913000")


@pytest.mark.parametrize("rule", ["nearest", "region", "universe"])
def test_peers_may_be_a_rule(rule: str) -> None:
    assert Parameters.check(peers=rule).peers == rule


def test_the_number_of_peers_counts_only_for_the_nearest() -> None:
    assert Parameters.check(n_peers=5).n_peers == 5
    assert Parameters.check(peers="region", n_peers=5) == Parameters.check(peers="region")
    assert refused(peers="nearst")[0].endswith("The rule 'nearest' is spelt so.")
    assert refused(n_peers=0) == ["n_peers: 0 is not a whole number from 1 to 30."]


@pytest.mark.parametrize(
    ("peers", "fault"),
    [
        ("nearst", "peers: 'nearst' is not in universe 'ruhr'."),
        (["Bochum", "Essen"], "peers: Bochum (05911000) is the place of the report and cannot be its own peer."),
        (["05911000"], "peers: Bochum (05911000) is the place of the report and cannot be its own peer."),
        (["Essen", "05113000"], "peers: Essen (05113000) is named twice."),
        ("nearest,Essen", "peers: the rule 'nearest' stands alone and cannot be mixed with places or other rules."),
        (["Essen", "region"], "peers: the rule 'region' stands alone and cannot be mixed with places or other rules."),
        ([], "peers: the list is empty."),
        ("", "peers: the list is empty."),
        (" , ", "peers: the list is empty."),
        (["Essn"], "peers: 'Essn' is not in universe 'ruhr'. Did you mean Essen?"),
        (["Köln"], "peers: 'Köln' is not in universe 'ruhr'. It is known as --universe cities: Köln"),
        (None, "peers: None is no list of places."),
        (7, "peers: 7 is no list of places."),
    ],
)  # fmt: skip
def test_peers_that_cannot_be_are_refused(peers: Any, fault: str) -> None:
    faults = refused(peers=peers)
    assert len(faults) == 1
    assert faults[0].startswith(fault)


def test_parameters_cannot_be_changed_and_can_be_compared() -> None:
    parameters = Parameters.check(place="Essen")
    with pytest.raises(ValueError, match="frozen"):
        parameters.place = "05911000"
    assert parameters == Parameters.check(place="05113000")
    assert len({parameters, Parameters.check(place="Essen, Stadt")}) == 1


def test_a_kreisfreie_stadt_is_its_own_district() -> None:
    cities = {place.name: place.is_own_district for place in universe_places("cities").values()}
    assert cities["Bochum"] and cities["Berlin"] and cities["Hamburg"] and cities["Ulm"]
    assert not any(cities[name] for name in ("Hannover", "Aachen", "Saarbrücken", "Moers", "Göttingen"))
    assert not any(place.is_own_district for place in universe_places("districts").values())


def test_the_region_is_the_ruhr_or_the_land_with_its_part_of_the_ruhr() -> None:
    bochum, essen, cologne, munich = (register()[ags] for ags in ("05911000", "05113000", "05315000", "09162000"))
    assert bochum.region == "Regionalverband Ruhr" and cologne.region == "Nordrhein-Westfalen"
    assert bochum.region_includes(essen)
    assert not bochum.region_includes(cologne)
    assert cologne.region_includes(bochum)
    assert not cologne.region_includes(munich)


def test_an_error_shows_its_faults_in_jupyter_and_nothing_of_the_inside() -> None:
    assert ParameterError(["a", "b"])._render_traceback_() == ["Parameters refused:", "  - a", "  - b"]


def test_data_that_cannot_be_read_become_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"places\.csv cannot be read \(FileNotFoundError"):
        register(tmp_path)
    (tmp_path / "places.csv").write_text("ags,name\n05911000,Bochum\n", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"places\.csv cannot be read \(KeyError: 'level'\)"):
        register(tmp_path)


@pytest.mark.parametrize("definition", ["level: municipality", "[", "", "level: municipality\nmember: in_orbit"])
def test_a_universe_that_cannot_be_read_becomes_one_sentence(tmp_path: Path, definition: str) -> None:
    (tmp_path / "universes").mkdir()
    (tmp_path / "universes" / "own.yml").write_text(definition, encoding="utf-8")
    shutil.copy(DATA_DIR / "places.csv", tmp_path)
    with pytest.raises(ParameterError, match=r"own\.yml cannot be read .*`cityreport data check` lists what is wrong"):
        universe_places("own", tmp_path)


@pytest.mark.parametrize(
    "code",
    [
        "import helpers.parameters",
        "import helpers; helpers.Parameters.check()",
        "import sys, helpers.cli; sys.argv = ['cityreport', 'render', 'Bochm']\n"
        "try: helpers.cli.main()\nexcept SystemExit as end: assert end.code == 2",
    ],
)
def test_a_mistake_is_refused_before_the_libraries_are_loaded(code: str) -> None:
    code += "\nimport sys; print([m for m in ('pandas', 'numpy', 'matplotlib', 'papermill', 'IPython') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

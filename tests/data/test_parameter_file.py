"""Files of parameters: what is read, what is refused with its line, and that what is written is read again."""

from pathlib import Path

import pytest

from helpers.data.parameter_file import HEAD, read_parameters, write_parameters
from helpers.parameters import ParameterError, Parameters


def faults(text: str, folder: Path) -> list[str]:
    path = folder / "p.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        read_parameters(path)
    return [fault.replace(str(path), "p.yml") for fault in caught.value.faults]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"place": "Essen", "language": "en", "draws": 300, "seed": 7},
        {"place": "05112", "universe": "districts", "peers": ["05113", "05911"]},
        {"index": {"weights": {"research": 1.1, "students_rate": 3}, "normalisation": "z_score"}, "n_peers": 4},
        {"index": {"aggregation": "geometric"}, "peers": "region"},
    ],
)
def test_what_is_written_is_read_again(values: dict[str, object], tmp_path: Path) -> None:
    parameters = Parameters.check(**values)
    write_parameters(parameters, tmp_path / "p.yml")
    assert read_parameters(tmp_path / "p.yml") == parameters


def test_json_is_read_too_and_what_is_left_out_keeps_its_default(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text('{"place": "Dortmund", "index": {"weights": {"research": 2}}}')
    assert read_parameters(path) == Parameters.check(place="Dortmund", index={"weights": {"research": 2}})


def test_another_place_may_stand_instead_of_that_of_the_file(tmp_path: Path) -> None:
    write_parameters(Parameters.check(seed=5), tmp_path / "p.yml")
    assert read_parameters(tmp_path / "p.yml", place="Essen") == Parameters.check(place="Essen", seed=5)
    with pytest.raises(ParameterError) as caught:
        read_parameters(tmp_path / "p.yml", place="Esen")
    assert "line" not in caught.value.faults[0] and "'Esen'" in caught.value.faults[0]


def test_all_faults_are_told_with_their_line(tmp_path: Path) -> None:
    told = faults(
        "place: Bochm\nunivers: ruhr\nindex:\n  weights:\n    research: 2\n    reserch: 1\ndraws: 5\n", tmp_path
    )
    assert [fault.split(": ")[:2] for fault in told] == [
        ["p.yml, line 2", "univers"],
        ["p.yml, line 7", "draws"],
        ["p.yml, line 1", "place"],
        ["p.yml, line 6", "index.weights.reserch"],
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- Bochum\n", "p.yml: \"['Bochum']\" breaks the rule: must be a mapping of keys to values"),
        ("place: Bochum\nplace: Essen\n", "p.yml, line 2, place: 'place' breaks the rule: each key must occur once"),
        ("place: [\n", "p.yml, line 2: "),
        ("place: 05113000\n", 'p.yml, line 1: place: an AGS must stand in quotes: "05911000".'),
        ("peers: [05113000]\n", "p.yml, line 1: peers: an AGS must stand in quotes"),
    ],
)
def test_what_is_no_such_file_is_refused(text: str, fault: str, tmp_path: Path) -> None:
    assert faults(text, tmp_path)[0].startswith(fault)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"nowhere\.yml.*must exist"):
        read_parameters(tmp_path / "nowhere.yml")


def test_a_file_of_another_kind_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_text("mine: true\n")
    with pytest.raises(ParameterError, match="holds something else"):
        write_parameters(Parameters.check(), path)
    assert path.read_text() == "mine: true\n"
    path.write_text(f"{HEAD}\nplace: Essen\n")
    write_parameters(Parameters.check(), path)
    assert read_parameters(path) == Parameters.check()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="cannot be written: No such file"):
        write_parameters(Parameters.check(), tmp_path / "absent" / "p.yml")

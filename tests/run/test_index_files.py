"""`cityreport index` from files to files: the example of the documentation, all faults at once, and the replay."""

import csv
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.analysis.aggregation import node_weights
from helpers.analysis.construction import construct
from helpers.analysis.faults import ConstructionError
from helpers.data.definition import IndexDefinition
from helpers.data.faults import DataError
from helpers.run import index_files
from helpers.run.index_files import FILES, run_index
from helpers.run.index_table import Inputs, read_data, read_definition

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "index-files.md").read_text(encoding="utf-8")


def example(first: str) -> str:
    """The indented block of the documentation that begins with `first`."""
    found = re.search(rf"^    {re.escape(first)}.*\n(?:(?:    .*)?\n)*?(?=\S|\n\S)", DOCUMENT, re.MULTILINE)
    assert found is not None
    return re.sub(r"^    ", "", found.group(), flags=re.MULTILINE).strip() + "\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with the example files of the documentation."""
    (tmp_path / "index.yml").write_text(example("# index.yml"), encoding="utf-8")
    (tmp_path / "data.csv").write_text(example("unit,state"), encoding="utf-8")
    (tmp_path / "replay.csv").write_text(example("draw,normalisation"), encoding="utf-8")
    return tmp_path


def run(folder: Path, replay: str | None = None) -> list[str]:
    said: list[str] = []
    replay_file = None if replay is None else folder / replay
    run_index(folder / "index.yml", folder / "data.csv", folder / "out", replay_file, said.append)
    return said


def read(folder: Path) -> Inputs:
    inputs = read_data(folder / "data.csv", read_definition(folder / "index.yml"))
    assert inputs is not None
    return inputs


def faults_of(folder: Path, replay: str | None = None) -> list[str]:
    with pytest.raises(DataError) as caught:
        run(folder, replay)
    assert not any(path.name.startswith(".out") for path in folder.iterdir())
    return [str(fault).replace(str(folder) + "/", "") for fault in caught.value.faults]


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "out" / name, index_col=0, engine="python")


def test_the_example_of_the_documentation_gives_the_tables_it_names(files: Path) -> None:
    said = run(files, "replay.csv")
    assert {path.name for path in (files / "out").iterdir()} == set(FILES)
    assert all(f"`{name}`" in DOCUMENT for name in FILES)
    assert said == [
        "5 units, 4 indicators",
        "values filled in: 2 (filled.csv)",
        "6 draws replayed, 2 could not be made",
        f"Tables: {files / 'out'}",
    ]
    assert table(files, "ranks.csv")["rank"].to_dict() == {
        "Adorf": 3, "Bestadt": 1, "Cehausen": 4, "Deburg": 2, "Eheim": 5,
    }  # fmt: skip
    assert table(files, "filled.csv").reset_index().values.tolist()[0] == ["Cehausen", "graduates", 21.25]
    assert table(files, "replay_failed.csv").index.tolist() == [3, 6]


def test_the_tables_hold_what_was_computed_to_the_last_digit(files: Path) -> None:
    run(files)
    inputs = read(files)
    made = construct(inputs.raw, inputs.definition, groups=inputs.groups, denominators=inputs.denominators)
    for name in ("imputed", "treated", "normalised", "aggregated"):
        expected = getattr(made, name)
        found = table(files, f"{name}.csv")
        assert found.columns.tolist() == expected.columns.tolist()
        assert found.index.tolist() == expected.index.tolist()
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(table(files, "crosschecks.csv"), made.crosschecks().astype(float))


def test_columns_that_are_not_used_and_units_left_out_are_said(files: Path) -> None:
    text = (files / "data.csv").read_text(encoding="utf-8").splitlines()
    lines = [text[0] + ",remark", *(line + ",x" for line in text[1:]), "Feld,north,9000,4000,NA,,NaN,3,y"]
    (files / "data.csv").write_text("\n".join(lines), encoding="utf-8")
    said = run(files)
    assert "columns not used: remark" in said
    assert "units left out for lack of data: Feld" in said
    coverage = table(files, "coverage.csv").set_index("name")
    assert (coverage.at["Feld", "share"], coverage.at["Feld", "kept"]) == (0.25, False)


def test_the_first_column_names_the_units_where_none_is_called_unit(files: Path) -> None:
    text = (files / "data.csv").read_text(encoding="utf-8")
    (files / "data.csv").write_text(text.replace("unit,", "Kommune,", 1), encoding="utf-8-sig")
    run(files)
    assert table(files, "imputed.csv").index.name == "unit"


def test_all_faults_of_all_files_are_told_at_once(files: Path) -> None:
    definition = (files / "index.yml").read_text(encoding="utf-8")
    (files / "index.yml").write_text(definition.replace("minimum_share: 0.5", "minimum_share: 5\nnew: 1"))
    (files / "data.csv").write_text("unit,fibre,fibre\nAdorf,1\nAdorf,2,3\n", encoding="utf-8")
    faults = faults_of(files)
    assert [fault.split(":")[0] for fault in faults] == [
        "index.yml, line 18, minimum_share", "index.yml, line 19, new", "data.csv, line 1, fibre", "data.csv, line 2",
    ]  # fmt: skip


def test_faults_of_the_data_have_line_column_value_and_rule(files: Path) -> None:
    rows = [
        "unit,state,population,households,fibre,outages,graduates",
        'Adorf,north,12000,5800,"31,5",inf,22.1',
        "Adorf,north,1_000,5800,1,2,3",
        ",north,1,5800,1,2,3",
    ]
    (files / "data.csv").write_text("\n".join(rows), encoding="utf-8")
    number = "must be a finite number with a point, or empty"
    assert faults_of(files) == [
        "data.csv, line 3, unit: 'Adorf' breaks the rule: each unit must occur once; see line 2",
        "data.csv, line 4, unit: each row must name its unit",
        "data.csv, line 1, courses: 'unit, state, population, households, fibre, outages, graduates'"
        " breaks the rule: must be a column",
        f"data.csv, line 2, fibre: '31,5' breaks the rule: {number}",
        f"data.csv, line 2, outages: 'inf' breaks the rule: {number}",
        f"data.csv, line 3, population: '1_000' breaks the rule: {number}",
    ]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "must have a row of column names"),
        (b"unit,a\n", "must have at least one row"),
        (b"unit,a\nAdorf,\xff\n", "must be a CSV file in UTF-8"),
        (None, "must be a file that can be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused(files: Path, content: bytes | None, rule: str) -> None:
    (files / "data.csv").unlink()
    if content is not None:
        (files / "data.csv").write_bytes(content)
    (fault,) = faults_of(files)
    assert rule in fault


def test_what_makes_an_index_impossible_is_told_and_the_earlier_tables_stay(files: Path) -> None:
    run(files)
    before = (files / "out" / "ranks.csv").read_bytes()
    definition = (files / "index.yml").read_text(encoding="utf-8")
    (files / "index.yml").write_text(definition.replace("range: [1, 100]", "range: [0, 100]"), encoding="utf-8")
    # The tree's groups are arithmetic means, so it is their geometric mean that meets a zero.
    with pytest.raises(ConstructionError, match=r"geometric mean of index .* networks \(Eheim\); skills \(Eheim\)"):
        run(files)
    assert (files / "out" / "ranks.csv").read_bytes() == before


def test_a_folder_with_other_files_is_not_replaced(files: Path) -> None:
    (files / "out").mkdir()
    (files / "out" / "thesis.odt").write_text("years of work", encoding="utf-8")
    (fault,) = faults_of(files)
    assert "thesis.odt" in fault and "must hold nothing but earlier tables" in fault
    (files / "out" / "thesis.odt").unlink()
    run(files)
    run(files)
    assert (files / "out").stat().st_mode & 0o777 == 0o755


def test_a_file_in_the_place_of_the_folder_is_refused(files: Path) -> None:
    (files / "out").write_text("", encoding="utf-8")
    assert "must be a folder, not a file" in faults_of(files)[0]


def test_large_tables_have_no_crosschecks(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_files, "MOST_UNITS", 4)
    assert "cross-checks are left out for more than 4 units" in run(files)
    assert not (files / "out" / "crosschecks.csv").exists()


def command(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("cityreport")
    files = ("--definition", "index.yml", "--data", "data.csv", "--out", "out")
    return subprocess.run([program, "index", *files, *more], cwd=folder, capture_output=True, text=True, check=False)


def test_the_command_ends_with_0_or_with_2_and_every_fault(files: Path) -> None:
    done = command(files, "--replay", "replay.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Tables: out"
    (files / "data.csv").write_text("unit,fibre\nAdorf,3\n", encoding="utf-8")
    refused = command(files, "--replay", "absent.csv")
    assert (refused.returncode, refused.stdout) == (2, "")
    lines = refused.stderr.splitlines()
    assert "cityreport: data.csv, line 1, outages: 'unit, fibre' breaks the rule: must be a column" in lines
    assert any(line.startswith("cityreport: absent.csv: ") for line in lines)


def test_an_index_too_large_for_the_machine_is_told_without_a_warning(files: Path) -> None:
    (files / "index.yml").write_text(
        "tree: [{indicator: a}, {indicator: b}]\nnormalisation: {method: none}\n", encoding="utf-8"
    )
    (files / "data.csv").write_text("unit,a,b\nAdorf,1e308,1e308\nBestadt,1,2\n", encoding="utf-8")
    done = command(files)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "cityreport: aggregation: the arithmetic mean of index has no finite value for Adorf"
    ]


# The replay.


def by_hand(folder: Path, row: dict[str, str]) -> pd.Series:
    """The index of one draw from a definition written for it alone."""
    content: dict[str, Any] = yaml.safe_load((folder / "index.yml").read_text(encoding="utf-8"))
    inputs = read(folder)
    weights = node_weights(inputs.definition.tree) | content["weight_sets"].get(row["weights"], {})
    weights |= {key.removeprefix("weight:"): float(value) for key, value in row.items() if "weight:" in key and value}
    weights[row["without"]] = 0.0

    def rewritten(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = []
        for node in nodes:
            weight = weights[node.get("id") or node["indicator"]]
            children = {"children": rewritten(node["children"])} if "children" in node else {}
            if weight and children.get("children", True):
                kept.append({**node, **children, "weight": weight})
        return kept

    content["tree"], content["weight_sets"] = rewritten(content["tree"]), {}
    if row["aggregation"]:
        content["aggregation"] = row["aggregation"].split("|") if "|" in row["aggregation"] else row["aggregation"]
    if row["normalisation"]:
        content["normalisation"]["method"] = row["normalisation"]
    if row["imputation"]:
        content["imputation"]["method"] = row["imputation"]
    if row["outliers"]:
        content["treatment"]["method"] = {"on": "winsorise_log", "off": "none"}[row["outliers"]]
    if row["range"]:
        content["normalisation"]["range"] = row["range"].split("|")
    definition = IndexDefinition.model_validate(content)
    return construct(inputs.raw, definition, groups=inputs.groups, denominators=inputs.denominators).score


def test_each_draw_is_the_index_of_a_definition_written_for_it(files: Path) -> None:
    """Also without the indicators that are not in the tree then: imputation and screening see them no more, or not."""
    run(files, "replay.csv")
    scores, ranks = table(files, "replay_scores.csv"), table(files, "replay_ranks.csv")
    with (files / "replay.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        draw = int(row["draw"])
        if draw in (3, 6):
            with pytest.raises(ConstructionError):
                by_hand(files, row)
            assert scores.loc[draw].isna().all() and ranks.loc[draw].isna().all()
            continue
        expected = by_hand(files, row)
        np.testing.assert_allclose(scores.loc[draw], expected, rtol=1e-12)
        assert ranks.loc[draw].tolist() == expected.rank(ascending=False, method="min").tolist()


def test_a_draw_with_nothing_changed_is_the_index(files: Path) -> None:
    (files / "replay.csv").write_text("weights,without\n,\nskills_first,\n,skills\n", encoding="utf-8")
    run(files, "replay.csv")
    scores = table(files, "replay_scores.csv")
    assert scores.index.tolist() == [1, 2, 3]
    np.testing.assert_allclose(scores.loc[1], table(files, "aggregated.csv")["index"], rtol=1e-12)
    np.testing.assert_allclose(scores.loc[3], table(files, "aggregated.csv")["networks"], rtol=1e-12)


def test_min_max_takes_1_to_100_where_a_geometric_mean_follows(files: Path) -> None:
    definition = (files / "index.yml").read_text(encoding="utf-8")
    changed = definition.replace("range: [1, 100]", "range: [0, 100]").replace("[arithmetic, geometric]", "arithmetic")
    (files / "index.yml").write_text(changed, encoding="utf-8")
    (files / "replay.csv").write_text(
        "aggregation,range\ngeometric,\ngeometric,1|100\ngeometric,0|100\narithmetic,\n", encoding="utf-8"
    )
    run(files, "replay.csv")
    scores = table(files, "replay_scores.csv")
    np.testing.assert_array_equal(scores.loc[1], scores.loc[2])
    assert scores.loc[3].isna().all()
    assert scores.loc[4].min() == 0


def test_min_max_takes_1_to_100_where_a_group_has_a_geometric_mean_of_its_own(files: Path) -> None:
    definition = (files / "index.yml").read_text(encoding="utf-8")
    changed = definition.replace("normalisation: {method: min_max, range: [1, 100]}", "normalisation: {method: rank}")
    changed = changed.replace("[arithmetic, geometric]", "arithmetic")
    changed = changed.replace("    weight: 2\n", "    weight: 2\n    aggregation: geometric\n", 1)
    assert changed.count("geometric") == 1
    (files / "index.yml").write_text(changed, encoding="utf-8")
    (files / "replay.csv").write_text("normalisation,range\nmin_max,\nmin_max,1|100\n", encoding="utf-8")
    run(files, "replay.csv")
    scores = table(files, "replay_scores.csv")
    assert scores.notna().all(axis=None)
    np.testing.assert_array_equal(scores.loc[1], scores.loc[2])


def test_a_cell_of_a_replay_is_told_once_with_what_it_may_be(files: Path) -> None:
    rows = ["outliers,range,weight:fibre", "maybe,,", "none,,", "winsorise_log,,", ",a|b,", ",,1e7"]
    (files / "replay.csv").write_text("\n".join(rows), encoding="utf-8")
    allowed = "breaks the rule: must be one of on, off"
    assert faults_of(files, "replay.csv") == [
        f"replay.csv, line 2, outliers: 'maybe' {allowed}",
        f"replay.csv, line 3, outliers: 'none' {allowed}",
        f"replay.csv, line 4, outliers: 'winsorise_log' {allowed}",
        "replay.csv, line 5, range: 'a|b' breaks the rule: must be LOW|HIGH, two numbers that increase",
        "replay.csv, line 6, weight:fibre: '1e7' breaks the rule: must lie between 0 and 1,000,000",
    ]


def test_a_draw_in_which_nothing_has_a_score_is_named(files: Path) -> None:
    (files / "replay.csv").write_text("weight:networks,weight:skills\n0,0\n1,1\n", encoding="utf-8")
    run(files, "replay.csv")
    assert table(files, "replay_failed.csv")["reason"].to_dict() == {1: "no unit has a score"}


def test_all_faults_of_a_replay_are_told_at_once(files: Path) -> None:
    rows = [
        "draw,normalisation,foo,aggregation,outliers,imputation,weights,without,range,weight:fibre",
        "1,goalposts,,,,,,,,",
        "1,xx,,cubic,maybe,x,nope,zz,5|1,-2",
        "3,,,arithmetic|geometric|harmonic,,,,,7,a",
    ]
    (files / "replay.csv").write_text("\n".join(rows), encoding="utf-8")
    places = [
        fault.split(":")[0] if "weight:" not in fault else fault.split(": '")[0]
        for fault in faults_of(files, "replay.csv")
    ]
    assert {
        "replay.csv, line 1, foo",
        "replay.csv, line 2, normalisation",
        "replay.csv, line 3, draw",
        "replay.csv, line 3, normalisation",
        "replay.csv, line 3, aggregation",
        "replay.csv, line 3, outliers",
        "replay.csv, line 3, imputation",
        "replay.csv, line 3, weights",
        "replay.csv, line 3, without",
        "replay.csv, line 3, weight:fibre",
        "replay.csv, line 4, range",
        "replay.csv, line 4, weight:fibre",
    } <= set(places)

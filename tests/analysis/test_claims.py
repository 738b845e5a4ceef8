"""Verdicts: those of the evidence are arrived at by computation, and rest on what they cite and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from studies import facts

from helpers.analysis.claims import Judged, audit, overtaken, overtaken_faults
from helpers.data.claims import Press, load_press
from helpers.data.evaluation import Cell
from helpers.data.expressions import Where, parse
from helpers.data.facts import Facts
from helpers.data.faults import DataError
from helpers.parameters import DATA_DIR, REPOSITORY

ROW = re.compile(r"^\| (C\d\d) \| [^|]* \| ([SFO, ]+) \| (\w+) \|", re.MULTILINE)
BOCHUM_2023 = Cell("smart_city_index", (2023, "05911000", "total"), "rank")
KEYS = {"smart_city_index": ["edition", "ags", "category"], "smart_city_editions": ["edition"]}


@cache
def press() -> Press:
    return load_press()[0]


@cache
def judged() -> dict[str, Judged]:
    return {item.claim.id: item for item in audit(facts(), press())}


@cache
def computed_claims() -> Press:
    """The claims with check F alone."""
    return replace(press(), claims=tuple(claim for claim in press().claims if claim.check == "F"))


def verdicts(changed: Facts, claims: Press) -> dict[str, str]:
    return {item.claim.id: item.verdict.id for item in audit(changed, claims)}


def with_cell(cell: Cell, value: Any) -> Facts:
    """The facts with one cell changed."""
    frame: pd.DataFrame = getattr(facts(), cell.table).copy()
    if cell.table in KEYS:
        row = (frame[KEYS[cell.table]] == pd.Series(cell.row, KEYS[cell.table])).all(axis=1)
    else:
        row = pd.Series(frame.index == cell.row[0], index=frame.index)
    assert row.sum() == 1
    if value is pd.NA and frame[cell.column].dtype == "int64":
        frame[cell.column] = frame[cell.column].astype("Int64")
    frame.loc[row, cell.column] = value
    return replace(facts(), **{cell.table: frame})


def now(cell: Cell) -> Any:
    frame: pd.DataFrame = getattr(facts(), cell.table)
    if cell.table in KEYS:
        frame = frame.set_index(KEYS[cell.table])
    return frame.at[cell.row if len(cell.row) > 1 else cell.row[0], cell.column]


def test_the_verdicts_are_those_of_the_evidence(shared_dir: Path) -> None:
    rows = ROW.findall((shared_dir / "facts" / "claims.md").read_text(encoding="utf-8"))
    assert len(rows) == 26
    given = {id_: (check.replace(", ", ""), verdict) for id_, check, verdict in rows}
    found = {id_: (item.claim.check, item.verdict.id) for id_, item in judged().items()}
    assert found == given
    assert {id_ for id_, item in judged().items() if item.computed} == {
        id_ for id_, row in given.items() if row[0] == "F"
    }


def test_no_verdict_written_down_is_overtaken() -> None:
    assert overtaken(judged().values()) == ()
    assert overtaken_faults(facts(), press()) == []


def test_the_computed_verdicts_do_not_look_at_the_written_ones() -> None:
    """With every written verdict of a computed claim replaced, the same verdicts come out, and all are told as overtaken."""
    wrong = tuple(
        claim.model_copy(update={"verdict": "contradicted"}) for claim in press().claims if claim.check == "F"
    )
    found = audit(facts(), replace(press(), claims=wrong))
    assert {item.claim.id: item.verdict.id for item in found} == {
        item.claim.id: item.verdict.id for item in judged().values() if item.computed
    }
    assert len(overtaken(found)) == 8


def test_rank_12_instead_of_11_changes_two_verdicts_and_no_others() -> None:
    before, after = verdicts(facts(), press()), verdicts(with_cell(BOCHUM_2023, 12), press())
    changed = {id_: after[id_] for id_ in before if before[id_] != after[id_]}
    assert changed == {"C09": "contradicted", "C17": "contradicted"}
    faults = overtaken_faults(with_cell(BOCHUM_2023, 12), press())
    lines = (DATA_DIR / "claims.yml").read_text(encoding="utf-8").splitlines()
    assert [(fault.column, fault.value) for fault in faults] == [("C09", "outdated"), ("C17", "confirmed")]
    for fault in faults:
        assert lines[fault.row - 1].strip() == f"verdict: {fault.value}"
        assert fault.rule.endswith("must be the computed one: contradicted")


@pytest.mark.parametrize(
    ("cell", "value", "changes"),
    [
        # Behind unpublished ranks nobody knows who is ahead.
        (
            BOCHUM_2023,
            30,
            {**dict.fromkeys(["C09", "C12", "C17"], "contradicted"), **dict.fromkeys(["C10", "C11"], "unsupported")},
        ),
        (BOCHUM_2023, pd.NA, dict.fromkeys(["C09", "C10", "C11", "C12", "C17"], "unsupported")),
        (BOCHUM_2023._replace(row=(2024, "05911000", "total")), 11, {"C09": "confirmed", "C11": "outdated"}),
        (BOCHUM_2023._replace(row=(2022, "05911000", "total")), 9, {"C17": "contradicted"}),
        (BOCHUM_2023._replace(row=(2019, "05911000", "total")), 20, {"C12": "contradicted"}),
        (BOCHUM_2023._replace(row=(2023, "05911000", "administration")), 7, {"C13": "contradicted"}),
        (BOCHUM_2023._replace(row=(2023, "05315000", "total")), pd.NA, {"C10": "unsupported", "C11": "unsupported"}),
        (BOCHUM_2023._replace(row=(2022, "05911000", "total"), column="score"), 77.1, {"C18": "contradicted"}),
        (Cell("smart_city_editions", (2022,), "n_parameters"), 157, {"C18": "confirmed"}),
        (Cell("smart_city_editions", (2023,), "n_data_points"), 12800, {"C15": "contradicted"}),
        (Cell("smart_city_editions", (2024,), "n_data_points"), 12717, {"C15": "confirmed"}),
        (Cell("places", ("05315000",), "state"), "Hessen", {"C10": "contradicted"}),
        (Cell("places", ("05315000",), "in_ruhr"), True, {"C11": "contradicted"}),
    ],
)  # fmt: skip
def test_each_changed_fact_changes_its_verdicts(cell: Cell, value: Any, changes: dict[str, str]) -> None:
    before, after = verdicts(facts(), press()), verdicts(with_cell(cell, value), press())
    assert {id_: after[id_] for id_ in before if before[id_] != after[id_]} == changes


def mutations(cell: Cell) -> Iterator[Any]:
    """Other values of a fact: the next one, the first, the last, those of the editions before and after, none."""
    frame: pd.DataFrame = getattr(facts(), cell.table)
    value = now(cell)
    if isinstance(value, str):
        yield from sorted({"", *frame[cell.column]} - {value})[:3]
        yield "Nordrhein-Westfalen"
    elif isinstance(value, (bool,)) or frame[cell.column].dtype == bool:
        yield not value
    else:
        yield from (
            value + 1,
            1,
            frame[cell.column].max(),
            pd.NA if frame[cell.column].dtype != "float64" else float("nan"),
        )
        keyed = frame.set_index(KEYS[cell.table])[cell.column].dropna()
        for edition in (cell.row[0] - 1, cell.row[0] + 1):
            row = (edition, *cell.row[1:]) if len(cell.row) > 1 else edition
            if row in keyed.index:
                yield keyed[row]


def test_only_cited_facts_move_a_verdict_and_each_of_them_does() -> None:
    """For every fact that a computed verdict cites: no change of it moves a verdict that does not cite it, and at least
    one change of it moves a verdict.
    """
    before = verdicts(facts(), computed_claims())
    citing: dict[Cell, set[str]] = {}
    for item in audit(facts(), computed_claims()):
        for cell in item.cites:
            citing.setdefault(cell, set()).add(item.claim.id)
    assert len(citing) > 100
    idle = []
    for cell, claims in citing.items():
        moved: set[str] = set()
        for value in mutations(cell):
            after = verdicts(with_cell(cell, value), computed_claims())
            moved |= {id_ for id_ in before if before[id_] != after[id_]}
        assert moved <= claims, (cell, moved - claims)
        if not moved:
            idle.append(cell)
    assert idle == []


def test_a_fact_that_no_claim_cites_moves_nothing() -> None:
    before = verdicts(facts(), computed_claims())
    cited = {cell for item in audit(facts(), computed_claims()) for cell in item.cites}
    for row in facts().smart_city_index[lambda frame: frame["ags"] == "05911000"].itertuples():
        for column in ("rank", "score"):
            cell = Cell("smart_city_index", (row.edition, row.ags, row.category), column)
            if cell not in cited:
                assert verdicts(with_cell(cell, 1), computed_claims()) == before, cell


def test_what_a_claim_cites_is_what_its_verdict_needs() -> None:
    def rank(edition: int, category: str = "total") -> Cell:
        return Cell("smart_city_index", (edition, "05911000", category), "rank")

    assert judged()["C09"].cites == {rank(2023), rank(2024)}
    assert judged()["C17"].cites == {rank(2022), rank(2023)}
    assert judged()["C12"].cites == {rank(edition) for edition in range(2019, 2025)}
    assert judged()["C13"].cites == {rank(2023, "administration"), rank(2024, "administration")}
    assert judged()["C04"].cites == frozenset()


def test_values_are_those_of_the_evidence() -> None:
    values = {id_: item.values for id_, item in judged().items()}
    assert (values["C09"]["rank_2023"], values["C09"]["of"], values["C09"]["score"]) == (11, 81, 76.2)
    assert (values["C09"]["rank_newest"], values["C09"]["of_newest"], values["C09"]["score_newest"]) == (4, 82, 82.3)
    assert (values["C09"]["rank_latest"], values["C09"]["of_latest"]) == (5, 83)
    assert values["C10"]["better"] == ("Köln", "Aachen")
    assert (values["C11"]["runner_up"], values["C11"]["second"]) == (("Dortmund",), 18)
    assert (values["C12"]["times"], values["C12"]["times_newest"], values["C12"]["times_latest"]) == (4, 5, 6)
    assert values["C15"]["points"] == values["C15"]["parameters"] * values["C15"]["cities"] == 12717  # type: ignore[operator]
    assert values["C22"]["stated"] == 98.3


def test_sources_of_one_release_count_once() -> None:
    assert [source.source for source in judged()["C20"].sources] == ["rvr.ruhr", "kommune21.de"]
    assert judged()["C20"].origins == 1
    # Two cities, two releases, but both report the one study; the ministry's release does so as well.
    assert (len(judged()["C05"].rests_on), judged()["C05"].origins) == (2, 1)
    assert (len(judged()["C02"].rests_on), judged()["C02"].origins) == (3, 1)
    assert judged()["C09"].origins == 1  # whatever paper prints it, the figure is Bitkom's
    assert [words.de for words in judged()["C09"].rests_on] == ["Bitkom (Smart City Index)"]


def test_other_figures_do_not_confirm_what_a_source_says() -> None:
    """The statistics that a finding sets beside a source are told apart: they count neither as source nor as origin."""
    item = judged()["C24"]
    assert [source.source for source in item.sources] == ["rvr.ruhr", "iwconsult.de"]
    assert (item.origins, list(item.figures)) == (1, ["inkar"])
    assert all(not found.figures for found in judged().values() if found.claim.check != "SF")


def test_only_a_worse_rank_is_the_runner_up() -> None:
    """With Dortmund ahead of Bochum it is no runner-up; the next one of the Ruhr behind Bochum is."""
    dortmund = BOCHUM_2023._replace(row=(2023, "05913000", "total"))
    values = {item.claim.id: item.values for item in audit(with_cell(dortmund, 9), press())}["C11"]
    assert values["runner_up"] != ("Dortmund",)
    assert values["second"] is None or values["second"] > 11  # type: ignore[operator]


def test_faults_are_told_beside_the_overtaken_verdicts_and_for_every_definition() -> None:
    """One definition of the file that nobody uses and one of a claim have no value; a verdict is overtaken as well."""
    where = Where("claims.yml", 1, "define.unused")
    unused = {"unused": parse("1 / (newest - newest)", where=where)}
    of_claim = {"too": parse("2 / (newest - newest)", where=replace(where, key="C04.define.too"))}
    definitions = {id_: {**own, **unused} for id_, own in press().definitions.items()}
    definitions["C04"] = {**definitions["C04"], **of_claim}
    faults = overtaken_faults(with_cell(BOCHUM_2023, 12), replace(press(), definitions=definitions))
    assert [fault.column for fault in faults] == ["C04.define.too", "define.unused", "C09", "C17"]


def test_every_verdict_has_a_source_with_what_is_known_of_it() -> None:
    for item in judged().values():
        assert item.sources, item.claim.id
        assert 1 <= item.origins <= len(item.sources)
        urls = [source.url for source in item.sources if source.url]
        assert len(urls) == len(set(urls))
    dates = {source.date for source in judged()["C09"].sources}
    assert {"2023-10-13", "2024-09-18", "2025-09-12"} <= dates


def test_expressions_without_a_value_are_told_all_at_once() -> None:
    doubled = pd.concat([facts().smart_city_index] * 2, ignore_index=True)
    with pytest.raises(DataError) as caught:
        audit(replace(facts(), smart_city_index=doubled), press())
    keys = {fault.column for fault in caught.value.faults}
    assert {"define.rank_2023", "C13.define.rank", "C18.define.before"} <= keys
    assert overtaken_faults(replace(facts(), smart_city_index=doubled), press()) == caught.value.faults


@pytest.mark.parametrize("word", ["id", "de", "en"])
def test_no_verdict_word_stands_in_code(word: str) -> None:
    entries: list[dict[str, str]] = yaml.safe_load((DATA_DIR / "verdicts.yml").read_text(encoding="utf-8"))["verdicts"]
    pattern = re.compile(r"\b(" + "|".join(re.escape(entry[word]) for entry in entries) + r")\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()}"
        for path in sorted((REPOSITORY / "src").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []

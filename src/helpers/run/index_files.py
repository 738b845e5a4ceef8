"""`cityreport index`: an index by definition file and table, every table on the way written as CSV.

The files are described in docs/index-files.md.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pandas as pd

from helpers.analysis.audit import AUDIT_TABLES, audit
from helpers.analysis.construction import Construction, construct, rank_frame
from helpers.analysis.faults import few
from helpers.data.faults import DataError, Fault
from helpers.run.index_table import Inputs, read_data, read_definition, read_formulas, write_table
from helpers.run.replay import Replayed, read_replay, replay
from helpers.run.staging import blocking_file, swap

Read = TypeVar("Read")

FILES = (
    "coverage.csv",
    "imputed.csv",
    "filled.csv",
    "treated.csv",
    "touched.csv",
    "treatments.csv",
    "normalised.csv",
    "aggregated.csv",
    "ranks.csv",
    "crosschecks.csv",
    *(f"audit_{name}.csv" for name in AUDIT_TABLES if name != "size_bias"),
    "replay_scores.csv",
    "replay_ranks.csv",
    "replay_failed.csv",
)

MOST_UNITS = 2_000
"""Cross-checks compare every unit with every other one: beyond this number they are left out."""


def run_index(definition: Path, data: Path, out: Path, replay_file: Path | None, say: Callable[[str], None]) -> None:
    """Compute the index and write all tables to the folder `out`, which appears or changes all at once.

    `say` is told what was left out, filled in or changed. Raises DataError or ConstructionError with all faults; `out` is
    then as it was.
    """
    faults = _folder_faults(out)
    rule = _read(lambda: read_definition(definition), faults)
    formulas = _read(lambda: read_formulas(definition, rule), faults) if rule is not None else {}
    inputs = _read(lambda: read_data(data, rule if formulas is not None else None, formulas), faults)
    plan = None
    if replay_file is not None and rule is not None:
        plan = _read(lambda: read_replay(replay_file, rule), faults)
    if faults or inputs is None:
        raise DataError(faults)
    made = construct(inputs.raw, inputs.definition, groups=inputs.groups, denominators=inputs.denominators)
    replayed = None if plan is None else replay(plan, inputs)
    target = out.resolve()
    staging = _staging(target)
    try:
        _write(made, staging)
        if replayed is not None:
            _write_replay(replayed, staging)
        swap(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    for line in _summary(inputs, made, replayed):
        say(line)
    say(f"Tables: {out}")


def _read(reader: Callable[[], Read], faults: list[Fault]) -> Read | None:
    """What `reader` reads, or None with its faults added to the others."""
    try:
        return reader()
    except DataError as error:
        faults += error.faults
        return None


def _folder_faults(out: Path) -> list[Fault]:
    """`out` may be absent, or a folder with nothing but earlier tables: it is replaced as a whole."""
    if blocking := blocking_file(out):
        return [Fault("--out", 0, "", str(blocking), "must be a folder, not a file", folder="")]
    others = sorted(path.name for path in out.iterdir() if path.name not in FILES) if out.exists() else []
    if others:
        return [
            Fault("--out", 0, "", few(others), f"{out} must hold nothing but earlier tables: it is replaced", folder="")
        ]
    return []


def _staging(target: Path) -> Path:
    """A folder beside `target`, on the same disk, so that the last step is a rename."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        fault = Fault("--out", 0, "", str(target.parent), f"must be a place to write in ({error.strerror})", folder="")
        raise DataError([fault]) from None


def _write(made: Construction, folder: Path) -> None:
    units = set(made.normalised.index)
    coverage = [("unit", name, share, name in units) for name, share in made.unit_coverage.items()]
    coverage += [("indicator", name, share, name in made.normalised) for name, share in made.indicator_coverage.items()]
    write_table(folder / "coverage.csv", ("kind", "name", "share", "kept"), coverage)
    _write_frame(folder / "imputed.csv", made.imputed)
    filled = [
        (unit, name, made.imputed.at[unit, name])
        for unit, flags in made.flags.iterrows()
        for name in made.flags.columns[flags]
    ]
    write_table(folder / "filled.csv", ("unit", "indicator", "value"), filled)
    _write_frame(folder / "treated.csv", made.treated)
    write_table(
        folder / "touched.csv",
        ("unit", "indicator", "from", "to", "how"),
        list(made.touched.itertuples(index=False, name=None)),
    )
    _write_frame(folder / "treatments.csv", made.treatments)
    _write_frame(folder / "normalised.csv", made.normalised)
    _write_frame(folder / "aggregated.csv", made.aggregated)
    ranks = rank_frame(made.aggregated)
    table = pd.DataFrame({"score": made.score, "rank": made.rank})
    for group in made.aggregated.columns.drop("index"):
        table[f"rank:{group}"] = ranks[group]
    _write_frame(folder / "ranks.csv", table)
    found = audit(made.definition, made.values.loc[made.normalised.index], made.normalised)
    for name, frame in found.tables().items():
        frame.reset_index().to_csv(folder / f"audit_{name}.csv", index=False, lineterminator="\n")
    if len(made.normalised) <= MOST_UNITS:
        _write_frame(folder / "crosschecks.csv", made.crosschecks())


def _write_replay(replayed: Replayed, folder: Path) -> None:
    header = ["draw", *replayed.units]
    for name, matrix in (("scores", replayed.scores), ("ranks", replayed.ranks)):
        rows = [[draw, *row] for draw, row in zip(replayed.draws, matrix, strict=True)]
        write_table(folder / f"replay_{name}.csv", header, rows)
    write_table(folder / "replay_failed.csv", ("draw", "reason"), list(replayed.failed.items()))


def _write_frame(path: Path, frame: pd.DataFrame) -> None:
    """A frame with its index as the first column."""
    columns = [frame[name].tolist() for name in frame]
    rows = list(zip(frame.index.tolist(), *columns, strict=True))
    write_table(path, [frame.index.name or "unit", *frame.columns], rows)


def _summary(inputs: Inputs, made: Construction, replayed: Replayed | None) -> list[str]:
    """What happened, a line each; nothing happens unsaid."""
    lines = [f"{len(made.normalised)} units, {made.normalised.shape[1]} indicators"]
    if inputs.unused:
        lines.append(f"columns not used: {few(inputs.unused, 20)}")
    if made.screened_units:
        lines.append(f"units left out for lack of data: {few(made.screened_units, 20)}")
    if made.screened_indicators:
        lines.append(f"indicators left out for lack of data: {few(made.screened_indicators, 20)}")
    if filled := int(made.flags.to_numpy().sum()):
        lines.append(f"values filled in: {filled} (filled.csv)")
    if empty := int(made.imputed.isna().to_numpy().sum()):
        lines.append(f"values missing: {empty}")
    if len(made.touched):
        treated = list(dict.fromkeys(made.touched["indicator"]))
        lines.append(f"outliers: {len(made.touched)} values of {few(treated)} (touched.csv)")
    if without := [str(unit) for unit in made.rank.index[made.rank.isna()]]:
        lines.append(f"units without a score: {few(without, 20)}")
    if len(made.normalised) > MOST_UNITS:
        lines.append(f"cross-checks are left out for more than {MOST_UNITS} units")
    if replayed is not None:
        lines.append(f"{len(replayed.draws)} draws replayed, {len(replayed.failed)} could not be made")
    return lines

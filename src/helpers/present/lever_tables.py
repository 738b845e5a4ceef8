"""The tables of the chapter *Gaps and levers*: gaps by indicator, and the smallest change of each for the next rank."""

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.gaps import Gap
from helpers.analysis.levers import INFLUENCED, Lever, Levers
from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import indicator_label, indicator_unit
from helpers.present.tables import Column, Table
from helpers.present.wording.changes import decimals_apart, influence_word, other_name, signed


def gap_parts(study: Study, gaps: Sequence[Gap]) -> Table:
    """A row for each indicator, a column for each place compared, and their sums: positive = the place is ahead."""
    refs = {ref.indicator: ref for ref in study.universe.indicators}
    heads = [other_name(study, found) for found in gaps]
    frame = pd.DataFrame({head: found.parts for head, found in zip(heads, gaps, strict=True)})
    rows = [
        [indicator_label(study, refs[str(name)]), *(signed(part) for part in parts)]
        for name, parts in zip(frame.index, frame.to_numpy(), strict=True)
    ]
    rows.append([tr(de="Abstand", en="Gap"), *(signed(found.total) for found in gaps)])
    columns = [Column(tr(de="Merkmal", en="Indicator"), width="1fr")]
    columns += [Column(head, align="right") for head in heads]
    return Table(columns, rows, frame.reset_index(names="indicator"), focus=[len(rows) - 1])


def smallest_changes(study: Study, found: Levers) -> Table:
    """For each indicator the value that gains the next rank if nothing else changes, the limit, and who can move it.

    Indicators with a declared influence come first. The district's and the missing ones, which have no such value, are
    named in `wording.levers.not_levers`.
    """
    ordered = [*found.of(*INFLUENCED), *found.of("outside")]
    rows = []
    for lever in ordered:
        decimals = decimals_apart(study, lever, lever.next_rank.values[lever.id] if lever.next_rank else lever.value)
        rows.append(
            [
                f"{indicator_label(study, lever.ref)}, {indicator_unit(study, lever.ref)}",
                fmt.number(lever.value, decimals),
                _next(lever, decimals),
                fmt.number(lever.limit, decimals),
                influence_word(lever.status),
            ]
        )
    columns = [
        Column(tr(de="Merkmal", en="Indicator"), width="1fr"),
        Column(tr(de="Wert", en="Value"), align="right"),
        Column(tr(de="nächster Rang", en="next rank"), align="right"),
        Column(tr(de="Grenze", en="limit"), align="right"),
        Column(tr(de="Einfluss vor Ort", en="Local influence"), small=True),
    ]
    return Table(columns, rows, found.frame.reset_index(names="indicator"))


def _next(lever: Lever, decimals: int) -> str:
    """The value that gains the next rank, that none within the limit does, or that the place is at or beyond it."""
    if lever.next_rank is not None:
        return fmt.number(lever.next_rank.values[lever.id], decimals)
    if not lever.room:
        return tr(de="ausgereizt", en="no room")
    return tr(de="reicht nicht", en="not enough")

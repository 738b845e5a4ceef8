"""The tables of the chapter *Gaps and levers*: gaps by indicator, and the smallest change of each for the next rank."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analysis.gaps import Gap
from helpers.analysis.levers import INFLUENCED, Lever, Levers
from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import indicator_label, indicator_unit, title_of
from helpers.present.tables import Column, Table
from helpers.present.wording.changes import decimals_apart, influence_word, no_value, one_peer, other_name, signed

NOT_ASKED = "–"


def gap_parts(study: Study, gaps: Sequence[Gap]) -> Table:
    """A row for each indicator, a column for each place compared, and their sums: positive = the place is ahead.

    A row says which of the places compared has no value. A single peer is its own median, which is then left out.
    """
    if one_peer(study) and len(gaps) > 1:
        gaps = [found for found in gaps if found.other is not None]
    refs = {ref.indicator: ref for ref in study.universe.indicators}
    heads = [other_name(study, found) for found in gaps]
    frame = pd.DataFrame({head: found.parts for head, found in zip(heads, gaps, strict=True)})
    rows = [
        [indicator_label(study, refs[str(name)]) + _lacking(study, gaps, str(name)), *(signed(part) for part in parts)]
        for name, parts in zip(frame.index, frame.to_numpy(), strict=True)
    ]
    rows.append([tr(de="Abstand", en="Gap"), *(signed(found.total) for found in gaps)])
    columns = [Column(tr(de="Merkmal", en="Indicator"), width="1fr")]
    columns += [Column(head, align="right") for head in heads]
    return Table(columns, rows, frame.reset_index(names="indicator"), focus=[len(rows) - 1])


def _lacking(study: Study, gaps: Sequence[Gap], name: str) -> str:
    """` (ohne Wert: Greifswald)`: those without a value of an indicator; empty where all have one."""
    places = [title_of(study.place.ags)] if any(np.isnan(found.values[name]) for found in gaps) else []
    places += [other_name(study, found) for found in gaps if np.isnan(found.other_values[name])]
    return f" ({no_value()}: {', '.join(places)})" if places else ""


def smallest_changes(study: Study, found: Levers) -> Table:
    """For each indicator the value that gains the next rank if nothing else changes, the limit, and who can move it.

    Indicators with a declared influence come first; of the others no such value is sought. The district's and the missing
    ones are named in `wording.levers.not_levers`.
    """
    ordered = [*found.of(*INFLUENCED), *found.of("outside")]
    rows = []
    for lever in ordered:
        decimals = decimals_apart(study, lever, lever.next_rank.values[lever.id] if lever.next_rank else lever.value)
        rows.append(
            [
                f"{indicator_label(study, lever.ref)}, {indicator_unit(study, lever.ref)} ({fmt.period(lever.ref.period)})",
                fmt.number(lever.value, decimals),
                _next(lever, decimals),
                fmt.number(lever.limit, decimals) if lever.status in INFLUENCED else NOT_ASKED,
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
    if lever.status not in INFLUENCED:
        return NOT_ASKED
    if not lever.room:
        at_limit = fmt.number(lever.value, decimals) == fmt.number(lever.limit, decimals)
        return tr(
            de="an der Grenze" if at_limit else "schon über der Grenze",
            en="at the limit" if at_limit else "beyond the limit",
        )
    return tr(de="reicht nicht", en="not enough")

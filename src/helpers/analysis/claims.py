"""Claims of the press judged by the facts: the verdict where it can be computed, and what each verdict rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.data.claims import Claim, Evidence, Press, Verdict, Words
from helpers.data.evaluation import Cell, Evaluation, Tables, Trace, Value
from helpers.data.facts import Facts
from helpers.data.faults import DataError, Fault

KEYS: Mapping[str, list[str]] = {
    "observations": ["level", "ags", "indicator", "period"],
    "smart_city_index": ["edition", "ags", "category"],
    "smart_city_editions": ["edition"],
    "digital_index_ruhr": ["id"],
}
SOURCES: Mapping[str, str] = {
    "smart_city_index": "bitkom-sci",
    "smart_city_editions": "bitkom-sci",
    "digital_index_ruhr": "digital-index-ruhr",
}
"""The source that the rows of a table go back to, where all have the same."""


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict.

    written: the verdict in the claims file. computed: True if `verdict` was computed from the facts (check F), else it is
    the written one. values: the definitions that it and its findings use; None = not
    known. cites: the facts that the verdict (of a check SF: the figures) rests on. sources: those named in the file; of a
    computed verdict also those of the rows behind all values. rests_on: the words of each release or study that the sources
    go back to, each once. roots: what these go back to in turn. figures: the sources of the figures set beside a verdict that
    was read off sources (check SF), id to words: other figures do not confirm what a source says.
    """

    claim: Claim
    verdict: Verdict
    written: Verdict
    computed: bool
    values: Mapping[str, Value]
    cites: frozenset[Cell]
    sources: tuple[Evidence, ...]
    rests_on: tuple[Words, ...]
    roots: frozenset[str]
    figures: Mapping[str, Words]

    @property
    def origins(self) -> int:
        """The number of independent origins: those that follow one another, or the same, are one."""
        return len(self.roots)


def audit(facts: Facts, press: Press) -> tuple[Judged, ...]:
    """Each claim of `press` judged by `facts`. Raises DataError with all expressions that have no value there."""
    judged, faults = _judge_all(facts, press)
    if faults:
        raise DataError(sorted(faults))
    return tuple(judged)


def _judge_all(facts: Facts, press: Press) -> tuple[list[Judged], set[Fault]]:
    """The claims that can be judged, and a fault for each definition that has no value, of whichever claim."""
    tables = tables_of(facts)
    judged: list[Judged] = []
    faults: set[Fault] = set()
    for claim in press.claims:
        evaluation = Evaluation(press.definitions[claim.id], tables, {"place": press.place, "newest": press.newest})
        found: set[Fault] = set()
        for name in press.definitions[claim.id]:
            try:
                evaluation.named(name)
            except DataError as error:
                found.update(error.faults)
        try:
            judged.append(_judge(claim, press, facts, evaluation))
        except DataError as error:
            found.update(error.faults)
        faults |= found
    return judged, faults


def overtaken(judged: Iterable[Judged]) -> tuple[Judged, ...]:
    """Those whose computed verdict differs from the one written down."""
    return tuple(item for item in judged if item.verdict.id != item.written.id)


def overtaken_faults(facts: Facts, press: Press) -> list[Fault]:
    """A fault for each claim whose written verdict is no longer what the facts give, and for what has no value any more."""
    judged, faults = _judge_all(facts, press)
    return sorted(faults) + [
        Fault(
            file=press.file,
            row=press.rows[item.claim.id],
            column=item.claim.id,
            value=item.written.id,
            rule=f"the verdict written down must be the computed one: {item.verdict.id}",
        )
        for item in overtaken(judged)
    ]


def tables_of(facts: Facts) -> Tables:
    """The tables that an expression may read, each with its key as index."""
    frames: dict[str, pd.DataFrame] = {
        name: getattr(facts, name) for name in ("places", "sources", "indicators", "remarks")
    }
    return Tables(frames | {name: getattr(facts, name).set_index(key) for name, key in KEYS.items()})


def _judge(claim: Claim, press: Press, facts: Facts, evaluation: Evaluation) -> Judged:
    written = press.vocabulary.verdict(claim.verdict)
    verdict, cites = written, Trace()
    if claim.rule is not None:
        for condition, reached in press.rules[claim.rule]:
            met, read = (True, Trace()) if condition is None else evaluation.evaluate(condition)
            cites.add(read)
            if met is True:
                verdict = reached
                break
    values, rows = {}, Trace()
    for name in claim.needed:
        values[name], read = evaluation.named(name)
        rows.add(read)
    if claim.rule is None:
        cites = rows
    sources, beside = _sources(claim, rows, facts, evaluation.tables)
    origins = tuple(dict.fromkeys(source.origin for source in sources))
    return Judged(
        claim=claim,
        verdict=verdict,
        written=written,
        computed=claim.rule is not None,
        values=values,
        cites=frozenset(cites.cells),
        sources=sources,
        rests_on=tuple(_origin(origin, press, facts) for origin in origins),
        roots=frozenset(_root(origin, press) for origin in origins),
        figures={source.origin: _origin(source.origin, press, facts) for source in beside},
    )


def _sources(
    claim: Claim, read: Trace, facts: Facts, tables: Tables
) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """The sources of the verdict, each address once, and those of the figures beside it.

    A computed verdict rests on the rows that were read as well, one that was read off sources does not.
    """
    named = {source.url or source.source: source for source in claim.evidence}
    rows: dict[str, Evidence] = {}
    for table, number in read.rows:
        source = _source_of_row(table, number, facts, tables)
        if source is not None and source.url not in named:
            rows.setdefault(source.url, source)
    if claim.rule is None:
        return tuple(named.values()), tuple(rows.values())
    return (*named.values(), *rows.values()), ()


def _root(origin: str, press: Press) -> str:
    """What an origin goes back to in the end."""
    while origin in press.origins and press.origins[origin].follows:
        origin = press.origins[origin].follows
    return origin


def _source_of_row(table: str, number: int, facts: Facts, tables: Tables) -> Evidence | None:
    """Publisher, address and date of one row; None for tables that only describe others (places, codebook)."""
    if table == "observations":
        level, _, indicator, period = tables.row(table, number)
        id_ = str(facts.indicators.at[(level, indicator, period), "source"])
    elif table in SOURCES:
        id_ = SOURCES[table]
    else:
        return None
    if "source_url" in tables.frames[table]:
        url, date = (tables.column(table, name)[number] or "" for name in ("source_url", "source_date"))
        return Evidence(source=str(url).split("/")[2].removeprefix("www."), url=str(url), date=str(date), origin=id_)
    publisher, url, date = (str(facts.sources.at[id_, name]) for name in ("publisher", "url", "date"))
    return Evidence(source=publisher, url=url, date=date, origin=id_)


def _origin(origin: str, press: Press, facts: Facts) -> Words:
    """The words of an origin: declared in the claims file, or a source of the Data Package."""
    if origin in press.origins:
        return press.origins[origin]
    row = facts.sources.loc[origin]
    return Words(de=str(row["short_de"]), en=str(row["short_en"]))

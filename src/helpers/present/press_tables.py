"""The table of the chapter *What the press says*, and the source line of all that is shown there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
from babel.dates import format_date

from helpers.analysis.claims import Judged
from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.language import current, tr
from helpers.present.press import claim_text, finding_text, since_text, verdict_word
from helpers.present.sources import Sources, cite
from helpers.present.tables import Cell, Column, Table

MOST_SOURCES = 2


def press_claims(audit: Sequence[Judged]) -> Table:
    """A row for each statement: number, statement, verdict with its sign, finding with its sources in small type."""
    rows: list[list[str | Cell]] = []
    data = []
    for item in audit:
        found = " ".join(part for part in (finding_text(item), since_text(item)) if part)
        sources = sources_text(item)
        small = f" [{sources}]{{.small}}" if sources else ""
        rows.append(
            [
                item.claim.id,
                claim_text(item).removesuffix("."),
                Cell(f"[{verdict_word(item)}]{{.strong}}", sign=item.verdict.sign),
                Cell(found + small),
            ]
        )
        data.append(
            {
                "claim": item.claim.id,
                "statement": claim_text(item),
                "check": item.claim.check,
                "verdict": item.verdict.id,
                "written": item.written.id,
                "computed": item.computed,
                "finding": found,
                "sources": len(item.sources),
                "origins": item.origins,
                "rests_on": "; ".join(words.word(current()) for words in item.rests_on),
                "own_figures": "; ".join(words.word(current()) for words in item.figures.values()),
                "addresses": " ".join(source.url for source in item.sources if source.url),
            }
        )
    columns = [
        Column(tr(de="Nr.", en="No."), small=True),
        Column(tr(de="Aussage (in unseren Worten)", en="Statement (in our words)"), width="3fr"),
        Column(tr(de="Urteil", en="Verdict")),
        Column(tr(de="Befund und Beleg", en="Finding and evidence"), width="5fr"),
    ]
    return Table(columns, rows, pd.DataFrame(data))


def press_sources(study: Study, audit: Sequence[Judged]) -> Sources:
    """The sources of the Data Package behind the findings; the others stand in the table, beside what they prove."""
    known = study.facts.sources.index
    behind = [id_ for item in audit for id_ in (*(source.origin for source in item.sources), *item.figures)]
    origins = [id_ for id_ in dict.fromkeys(behind) if id_ in known]
    beside = tr(de="Weitere Fundstellen in der Tabelle.", en="Further places are named in the table.")
    if not origins:
        return Sources(("press",), tr(de="Quellen: in der Tabelle genannt.", en="Sources: named in the table."))
    cited = cite(study, indicators=[], also=tuple(origins), own=any(item.computed for item in audit))
    return replace(cited, line=f"{cited.line} {beside}")


def sources_text(item: Judged) -> str:
    """The sources of a verdict with their dates, and how independent they are; empty if it has none.

    `rvr.ruhr (24.06.2025), kommune21.de (01.07.2025); zwei Quellen, ein Ursprung`. Where a verdict is computed, the
    publisher of the figures comes first: `Bitkom (Smart City Index) laut staedtetag-nrw.de (13.10.2023)`. The figures beside a
    verdict that was read off sources are said to be our own.
    """
    words = dict(zip(dict.fromkeys(source.origin for source in item.sources), item.rests_on, strict=True))
    named: list[str] = []
    places: dict[str, list[str]] = {}
    for source in item.sources:
        is_address = "." in source.source and " " not in source.source
        if is_address:
            places.setdefault(source.source, []).append(_day(source.date))
        # A publisher is better known by the words of its origin, which name the edition as well.
        if item.computed or not is_address:
            named.append(words[source.origin].word(current()))
    named = list(dict.fromkeys(named))
    found = [f"{place} ({fmt.join(list(dict.fromkeys(days)))})" for place, days in places.items()]
    if item.computed and found:
        return (
            fmt.join(named)
            + tr(de=" laut ", en=" as given by ")
            + _some(found)
            + _independence(len(found), item.origins)
        )
    return _some(found + named) + _independence(len(found + named), item.origins) + _own_figures(item)


def _own_figures(item: Judged) -> str:
    """`; eigene Zahlen nach BBSR (INKAR)`, or nothing."""
    if not item.figures:
        return ""
    publishers = fmt.join([words.word(current()) for words in item.figures.values()])
    return tr(de=f"; eigene Zahlen nach {publishers}", en=f"; own figures from {publishers}")


def _some(names: list[str]) -> str:
    """The names, the last of many counted only."""
    more = len(names) - MOST_SOURCES
    if more < 2:
        return ", ".join(names)
    rest = tr(de=f"{fmt.count(more)} weitere", en=f"{fmt.count(more)} more")
    return ", ".join([*names[:MOST_SOURCES], rest])


def _day(day: str) -> str:
    """A date in its short form, whose spaces do not break; `o. D.` for a page without one."""
    if not day:
        return tr(de="o.\u00a0D.", en="n.d.")
    whole = len(day) == len("2025-06-24")
    short = format_date(date.fromisoformat(day), "medium", locale=tr(de="de", en="en_GB")) if whole else fmt.period(day)
    return short.replace(" ", "\u00a0")


def _independence(sources: int, origins: int) -> str:
    if sources < 2:
        return ""
    n = fmt.count(sources)
    if origins == 1:
        return tr(de=f"; {n} Quellen, ein Ursprung", en=f"; {n} sources, one origin")
    if origins >= sources:
        return tr(de=f"; {n} unabhängige Quellen", en=f"; {n} independent sources")
    return tr(de=f"; {n} Quellen, {fmt.count(origins)} Ursprünge", en=f"; {n} sources, {fmt.count(origins)} origins")

"""The tables of the report: from facts and results to formatted rows with the plain data behind them."""

import re
from collections.abc import Iterable

import pandas as pd

from helpers.analysis.index import INHERITED, MISSING
from helpers.analysis.rankings import last_known
from helpers.analysis.study import Study, coverage
from helpers.data.definition import Indicator
from helpers.data.universe import ContextVariable
from helpers.parameters import register
from helpers.present import fmt
from helpers.present import lever_tables as lever_tables
from helpers.present import peer_tables as peer_tables
from helpers.present import press_tables as press_tables
from helpers.present import validity_tables as validity_tables
from helpers.present.language import current, tr
from helpers.present.names import CATEGORIES, category_name, domain_name, indicator_label, indicator_unit, title_of
from helpers.present.style import rank_class
from helpers.present.tables import Cell, Column, Table
from helpers.present.wording.certainty import prior_rows, share_text
from helpers.present.wording.rankings import pioneers as pioneers_of
from helpers.present.wording.rankings import region_cities, statement
from helpers.present.wording.rankings import ruhr_statements as statements_on

DIRECTORY = {"municipality": "destatis-gvisys-cities", "district": "destatis-gvisys"}

_DISTRICT = re.compile(r"\b[0-9]{5}\b")


def smart_city_categories(study: Study) -> Table:
    """Rank of the city by category and edition, shaded by rank class; `·` where none was published."""
    panel = study.smart_city
    editions = sorted(int(edition) for edition in study.facts.smart_city_index["edition"].unique())
    ranks = panel.pivot(index="category", columns="edition", values="rank").reindex(
        index=list(CATEGORIES), columns=editions
    )
    rows, heat = [], {}
    for i, category in enumerate(CATEGORIES):
        name = category_name(category)
        head = f"{study.place.name} {name}" if category == "total" else name
        cells = [fmt.MISSING if pd.isna(rank) else fmt.integer(rank) for rank in ranks.loc[category]]
        rows.append([head[0].upper() + head[1:], *cells])
        heat.update({(i, j): rank_class(rank) for j, rank in enumerate(ranks.loc[category], 1) if not pd.isna(rank)})
    columns = [Column(tr(de="Bereich", en="Category"), width="1fr")]
    columns += [Column(str(edition), align="center", width="17mm", heat=True) for edition in editions]
    return Table(columns, rows, ranks.reset_index(), focus=[0], heat=heat)


def region_smart_city(study: Study) -> Table:
    """The large cities of the region with their last known place in the Smart City Index, newest edition first."""
    table = last_known(study.facts.smart_city_index, region_cities(study))
    names = [title_of(str(ags)) for ags in table.index]
    rows = [
        [name, fmt.integer(row.rank), fmt.integer(row.n_places), str(row.edition)]
        for name, row in zip(names, table.itertuples(), strict=True)
    ]
    columns = [
        Column(tr(de="Stadt", en="City"), width="1fr"),
        Column(tr(de="Platz", en="Rank"), align="right"),
        Column(tr(de="von", en="of"), align="right"),
        Column(tr(de="Ausgabe", en="Edition"), align="right"),
    ]
    table.insert(0, "name", names)
    return Table(columns, rows, table.reset_index(names="ags"))


def ruhr_statements(study: Study) -> Table:
    """What is published of the Digital-Index Ruhr about the place, a row for each statement and source."""
    shown = statements_on(study)
    every = study.facts.digital_index_ruhr
    rows = []
    for _, row in shown.iterrows():
        sources = every[(every["ags"] == row["ags"]) & (every["topic"] == row["topic"])]
        hosts = [_found_at(str(source.source_url), str(source.source_date)) for source in sources.itertuples()]
        rows.append([statement(row), "; ".join(dict.fromkeys(hosts))])
    columns = [
        Column(tr(de="Aussage", en="Statement"), width="3fr"),
        Column(tr(de="Fundstelle", en="Found at"), width="2fr", small=True),
    ]
    return Table(columns, rows, every[every["ags"] == study.city_ags])


def _found_at(url: str, date: str) -> str:
    return f"{_host(url)} ({fmt.period(date) if date else tr(de='ohne Datum', en='undated')})"


def _host(url: str) -> str:
    """The host of an address without `www.`: enough to recognise a source, the full address is behind it."""
    return url.split("://")[-1].split("/")[0].removeprefix("www.")


def pioneers(study: Study) -> Table:
    """The municipalities that the Digital-Index Ruhr puts above average, and the place, by their open index."""
    named, index, own = pioneers_of(study), study.indices["ruhr"], study.ags_in("ruhr")
    shown = sorted({*named, own}, key=lambda ags: (index.rank[ags], study.names[ags]))
    yes, no = tr(de="ja", en="yes"), tr(de="nein", en="no")
    rows = [
        [study.names[a], yes if a in named else no, fmt.integer(index.rank[a]), fmt.number(index.score[a])]
        for a in shown
    ]
    columns = [
        Column(tr(de="Kommune", en="Municipality"), width="1fr"),
        Column(tr(de="in der Studie genannt", en="named in the study")),
        Column(tr(de="Rang im offenen Index", en="Rank in the open index"), align="right"),
        Column(tr(de="Punkte", en="Points"), align="right"),
    ]
    data = pd.DataFrame({"ags": shown, "name": [study.names[a] for a in shown], "named": [a in named for a in shown]})
    data = data.join(pd.DataFrame({"score": index.score, "rank": index.rank}), on="ags")
    return Table(columns, rows, data, focus=[shown.index(own)])


def indicators(study: Study) -> Table:
    """The indicators of the index with value, rank, date and publisher; a ring marks a value of the district."""
    index, ags = study.index, study.place.ags
    rows, data = [], []
    for domain in study.universe.domains:
        for ref in domain.indicators:
            key, facts = ref.indicator, study.facts.indicators.loc[ref.key]
            value, basis = index.raw.at[ags, key], index.basis.at[ags, key]
            ranks = index.indicator_rank[key]
            shown = fmt.number(value, max(int(facts["decimals"]), 1))
            rank = fmt.MISSING if pd.isna(ranks[ags]) else fmt.integer(ranks[ags])
            rows.append(
                [
                    domain_name(domain.id, start=True) if ref is domain.indicators[0] else "",
                    indicator_label(study, ref),
                    indicator_unit(study, ref),
                    fmt.period(ref.period),
                    shown + (f" {fmt.RING}" if basis == INHERITED else ""),
                    rank,
                    _source(study, ref),
                ]
            )
            data.append(
                {
                    "domain": domain.id,
                    "indicator": key,
                    "level": ref.level,
                    "period": ref.period,
                    "value": value,
                    "basis": basis,
                    "rank": ranks[ags],
                    "points": index.normalised.at[ags, key],
                    "source": facts["source"],
                }
            )
    columns = [
        Column(tr(de="Bereich", en="Domain")),
        Column(tr(de="Merkmal", en="Indicator"), width="1fr"),
        Column(tr(de="Einheit", en="Unit"), small=True),
        Column(tr(de="Stand", en="Date"), small=True),
        Column(tr(de="Wert", en="Value"), align="right"),
        Column(tr(de="Rang", en="Rank"), align="right"),
        Column(tr(de="Quelle", en="Source"), width="1fr", small=True),
    ]
    return Table(columns, rows, pd.DataFrame(data))


def indicator_marks(study: Study) -> str:
    """What the marks in the table of indicators mean, as far as they occur."""
    basis = set(study.index.basis.loc[study.place.ags])
    marks = []
    if INHERITED in basis:
        marks.append(tr(de=f"{fmt.RING} = vom Kreis übernommen", en=f"{fmt.RING} = taken over from the district"))
    if MISSING in basis:
        marks.append(tr(de=f"{fmt.MISSING} = kein Wert", en=f"{fmt.MISSING} = no value"))
    return ", ".join(marks)


def _source(study: Study, ref: Indicator) -> str:
    return str(study.facts.sources.at[study.facts.indicators.at[ref.key, "source"], f"short_{current()}"])


def priors(study: Study) -> Table:
    """The range and the chances of the place under three ways to draw the weights."""
    found = prior_rows(study)
    rows = [
        [
            name,
            fmt.integer(row["median"]),
            f"{fmt.integer(row['low'])}–{fmt.integer(row['high'])}",
            share_text(row["top_1"]),
            share_text(row["top_3"]),
        ]
        for name, row in found
    ]
    columns = [
        Column(tr(de="Annahme", en="Assumption"), width="1fr"),
        Column(tr(de="Median", en="median"), align="right"),
        Column(tr(de="Spanne", en="range"), align="right"),
        Column(tr(de="auf Rang 1", en="first"), align="right"),
        Column(tr(de="unter den ersten drei", en="among the top three"), align="right"),
    ]
    data = pd.DataFrame([row for _, row in found], index=pd.Index([name for name, _ in found], name="weights"))
    return Table(columns, rows, data.reset_index(), focus=[0])


def coverage_table(study: Study) -> Table:
    """For each indicator how many places have a value of their own, a derived, an inherited or none."""
    table = coverage(study.index)
    refs = {ref.indicator: ref for ref in study.universe.indicators}
    rows = [
        [indicator_label(study, refs[str(key)]), *(fmt.integer(n) if n else "–" for n in counts)]
        for key, counts in zip(table.index, table.to_numpy(), strict=True)
    ]
    columns = [
        Column(tr(de="Merkmal", en="Indicator"), width="1fr"),
        Column(tr(de="eigener Wert", en="own value"), align="right"),
        Column(tr(de="eigene Berechnung", en="own calculation"), align="right"),
        Column(tr(de="vom Kreis übernommen", en="taken from the district"), align="right"),
        Column(tr(de="fehlt", en="missing"), align="right"),
    ]
    return Table(columns, rows, table.reset_index(names="indicator"))


def influence_table(study: Study, influence: pd.DataFrame) -> Table:
    """For each indicator its weight in the index and its real share of influence (see `analysis.audit.influence`)."""
    refs = {ref.indicator: ref for ref in study.universe.indicators}
    ordered = influence.sort_values("share", ascending=False, kind="stable")
    rows = [
        [
            indicator_label(study, refs[str(name)]),
            fmt.percent(100 * row["weight"]),
            fmt.percent(100 * row["share"]),
            fmt.number(row["ratio"]),
        ]
        for name, row in ordered.iterrows()
    ]
    columns = [
        Column(tr(de="Merkmal", en="Indicator"), width="1fr"),
        Column(tr(de="Gewicht", en="Weight"), align="right"),
        Column(tr(de="Anteil am Einfluss", en="Share of influence"), align="right"),
        Column(tr(de="Einfluss je Gewicht", en="Influence by weight"), align="right"),
    ]
    return Table(columns, rows, ordered.reset_index())


def context_sources(study: Study, variables: Iterable[ContextVariable]) -> tuple[str, ...]:
    """Ids of the sources behind structural variables; population is that of the directory of municipalities."""
    ids: list[str] = []
    for variable in variables:
        keys = [str(study.facts.indicators.at[key, "source"]) for key in variable.keys]
        ids += keys or [DIRECTORY[study.universe.level]]
    return tuple(dict.fromkeys(ids))


def cited_sources(study: Study) -> list[str]:
    """Ids of the sources behind the report: those of its indicators in every universe shown, of the structure of the places,
    of the index of the large cities that is held against the Smart City Index, and the rankings."""
    ids = dict.fromkeys(
        str(study.facts.indicators.at[ref.key, "source"])
        for index in study.indices.values()
        for ref in index.universe.indicators
    )
    ids |= dict.fromkeys(validity_tables.city_sources(study))
    ids |= dict.fromkeys(context_sources(study, study.universe.context))
    last = ["bkg-vg250", "bitkom-sci", "digital-index-ruhr"]
    return [*(id_ for id_ in ids | dict.fromkeys(DIRECTORY.values()) if id_ not in last), *last]


def sources(study: Study) -> Table:
    """Every source of the report with publisher, licence, date and address."""
    frame = study.facts.sources.loc[cited_sources(study)]
    language = current()
    rows = [
        [
            row[f"title_{language}"],
            row["publisher"],
            fmt.period(row["date"]) if row["date"] else tr(de="unbekannt", en="unknown"),
            row[f"licence_{language}"],
            Cell(_host(row["url"]), url=row["url"]),
        ]
        for _, row in frame.iterrows()
    ]
    columns = [
        Column(tr(de="Quelle", en="Source"), width="3fr"),
        Column(tr(de="Herausgeber", en="Publisher"), width="2fr", small=True),
        Column(tr(de="Stand der Ausgabe", en="Edition of"), small=True),
        Column(tr(de="Lizenz", en="Licence"), width="2fr", small=True),
        Column(tr(de="Adresse", en="Address"), small=True),
    ]
    return Table(columns, rows, frame.reset_index(names="source"))


def caveats(study: Study) -> list[str]:
    """The notes of the codebook on the indicators that have a value for the place.

    A sentence about a district that is not compared here, named by its AGS, is left out.
    """
    compared = {register()[str(ags)].district_ags for ags in study.index.score.index}
    notes = []
    for ref in study.universe.indicators:
        sentences = re.split(r"(?<=[.!?]) ", str(study.facts.indicators.at[ref.key, f"note_{current()}"]))
        words = " ".join(s for s in sentences if not _DISTRICT.search(s) or set(_DISTRICT.findall(s)) & compared)
        if words and not pd.isna(study.index.raw.at[study.place.ags, ref.indicator]):
            notes.append(f"[{indicator_label(study, ref)}.]{{.strong}} {words}")
    return notes

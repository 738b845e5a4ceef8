"""The tables of the chapter on validity: differences between two rankings, their agreement, and who is named but far down."""

import pandas as pd

from helpers.analysis.drivers import Driver, drivers_of
from helpers.analysis.study import Study
from helpers.analysis.validity import CITIES, disagreements, weakest
from helpers.data.universe import load_universe
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import indicator_label, remark
from helpers.present.tables import Column, Table
from helpers.present.wording.rankings import pioneers

EACH_WAY = 5
REASONS = 2


def city_sources(study: Study) -> tuple[str, ...]:
    """Ids of the sources behind the two rankings of the large cities, whatever the report's own universe is."""
    refs = load_universe(CITIES).indicators
    return tuple(dict.fromkeys([*(str(study.facts.indicators.at[ref.key, "source"]) for ref in refs), "bitkom-sci"]))


def differences(study: Study, pairs: pd.DataFrame, count: int = EACH_WAY) -> Table:
    """The cities with the largest differences each way, and the place of the report where it is not among them.

    `pairs` as `validity.paired_ranks` gives them; the CSV has all of them.
    """
    positions = {*range(min(count, len(pairs))), *range(max(0, len(pairs) - count), len(pairs))}
    if study.city_ags in pairs.index:
        positions.add(pairs.index.get_loc(study.city_ags))
    shown = pairs.iloc[sorted(positions)]
    rows = [
        [
            str(study.names[ags]),
            fmt.integer(row["open"]),
            fmt.integer(row["smart_city"]),
            fmt.signed(row["difference"], 0),
        ]
        for ags, row in shown.iterrows()
    ]
    columns = [
        Column(tr(de="Stadt", en="City"), width="3fr"),
        Column(tr(de="Rang im offenen Index", en="Rank in the open index"), align="right", width="2fr"),
        Column(tr(de="Platz im Smart City Index", en="Rank in the Smart City Index"), align="right", width="2fr"),
        Column(tr(de="Unterschied", en="Difference"), align="right", width="2fr"),
    ]
    data = pairs.copy()
    data.insert(0, "name", study.names[data.index])
    focus = [number for number, ags in enumerate(shown.index) if ags == study.city_ags]
    return Table(columns, rows, data.reset_index(names="ags"), focus=focus)


def agreement(study: Study, editions: pd.DataFrame) -> Table:
    """Spearman's correlation by edition with its interval and the cities it rests on (see `validity.agreements`)."""
    rows = [
        [
            str(year),
            tr(
                de=f"{fmt.integer(row['n'])} von {fmt.integer(row['n_places'])}",
                en=f"{fmt.integer(row['n'])} of {fmt.integer(row['n_places'])}",
            ),
            fmt.number(row["rho"], 2),
            f"{fmt.number(row['low'], 2)}–{fmt.number(row['high'], 2)}",
        ]
        for year, row in editions.iterrows()
    ]
    columns = [
        Column(tr(de="Ausgabe", en="Edition"), width="1fr"),
        Column(tr(de="Städte mit bekanntem Platz", en="Cities with a known rank"), align="right", width="2fr"),
        Column("Spearman", align="right", width="1fr"),
        Column(tr(de="95-%-Intervall", en="95% interval"), align="right", width="1fr"),
    ]
    return Table(columns, rows, editions.reset_index())


def disagreement(study: Study) -> Table:
    """Named municipalities that are far down with what costs them most, and unnamed ones ahead with what lifts them most."""
    index, named = study.indices["ruhr"], pioneers(study)
    far, unnamed = disagreements(index.rank, named)
    own = study.ags_in("ruhr")
    rows, data = [], []
    for ags in [*far, *unnamed]:
        reasons = weakest(index, ags, REASONS) if ags in far else drivers_of(index, ags)[:REASONS]
        yes = tr(de="ja", en="yes") if ags in named else tr(de="nein", en="no")
        words = "; ".join(_reason(study, reason, ags) for reason in reasons)
        rows.append([str(study.names[ags]), yes, fmt.integer(index.rank[ags]), words])
        data += [
            {
                "ags": ags,
                "name": study.names[ags],
                "named": ags in named,
                "rank": int(index.rank[ags]),
                "indicator": reason.ref.indicator,
                "points": reason.points,
                "inherited": reason.inherited,
            }
            for reason in reasons
        ]
    columns = [
        Column(tr(de="Kommune", en="Municipality")),
        Column(tr(de="genannt", en="named")),
        Column(tr(de="Rang", en="Rank"), align="right"),
        Column(
            tr(de="Was den Rang am meisten senkt oder hebt", en="What lowers or lifts the rank most"),
            width="1fr",
            small=True,
        ),
    ]
    focus = [number for number, ags in enumerate([*far, *unnamed]) if ags == own]
    return Table(columns, rows, pd.DataFrame(data), focus=focus)


def _reason(study: Study, driver: Driver, ags: str) -> str:
    """`Gewerbestandorte mit Gigabit −4,0`; a value of the district is said to be one, and why a value stands out."""
    words = f"{indicator_label(study, driver.ref)} {fmt.signed(driver.points)}"
    if reason := remark(study, driver.ref, ags):
        words += f" ({reason})"
    return words + (tr(de=" (Kreiswert)", en=" (district's value)") if driver.inherited else "")

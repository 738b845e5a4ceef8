"""The tables of the chapter *Peers*: who they are, what they share, and the place beside each of them."""

import pandas as pd

from helpers.analysis.index import INHERITED, MISSING
from helpers.analysis.study import Study
from helpers.data.definition import Indicator
from helpers.data.universe import ContextVariable
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import (
    context_label,
    context_unit,
    indicator_label,
    indicator_short,
    indicator_unit,
    title_of,
    universe_places_dative,
    universe_places_word,
)
from helpers.present.style import BREAKS, SEMIBOLD, SMALL_PT, class_of, text_width_mm
from helpers.present.tables import Cell, Column, Table

MOST = 30
"""Most peers in a table: one page."""
SHOWN_VARIABLES = 3
"""The first declared structural variables stand beside the names; all of them in the table of structure."""


def shown_peers(study: Study) -> list[str]:
    """The peers that a table shows: all, or of many the nearest, in the order of the group."""
    if len(study.peers) <= MOST:
        return study.peers
    order = [str(ags) for ags in study.neighbours.distance.index if ags in study.peers] or study.peers
    kept = set(order[:MOST])
    return [ags for ags in study.peers if ags in kept]


def cut_note(study: Study) -> str:
    """That the tables leave peers out, or nothing."""
    if len(study.peers) <= MOST:
        return ""
    n = fmt.integer(len(study.peers))
    return tr(
        de=f"Die Tabellen zeigen von {n} Vergleichsorten die {MOST} ähnlichsten.",
        en=f"Of {n} peers the tables show the {MOST} most similar ones.",
    )


def peers(study: Study) -> Table:
    """The place and its peers with distance, repeats in which each stays, structure, and their place in the index.

    Nearest peers in order of distance, others in order of rank. The columns of the repeats is there for nearest peers only,
    that of the distance where the universe declares a structure.
    """
    found, index, chosen = study.neighbours, study.index, study.parameters.peers == "nearest"
    ags = [study.place.ags, *shown_peers(study)]
    variables = study.universe.alike[:SHOWN_VARIABLES]
    distance = found.distance.reindex(ags)
    stays = found.peers["stays"].reindex(ags) if chosen else pd.Series(float("nan"), index=ags)
    rows = []
    for place in ags:
        own = place == study.place.ags
        row: list[str | Cell] = [title_of(place) if own else Cell(f"[{title_of(place)}]{{.peer}}")]
        if variables:
            row.append("–" if own else fmt.number(distance[place], 2))
        if chosen:
            row.append("–" if own else fmt.integer(stays[place]))
        row += [_structure(study, variable, place) for variable in variables]
        row += [fmt.number(index.score[place]), fmt.integer(index.rank[place])]
        rows.append(row)
    columns = [Column(tr(de="Ort", en="Place"), width="1fr")]
    if variables:
        columns.append(Column(tr(de="Abstand (0–1)", en="Distance (0–1)"), align="right", width="16mm"))
    if chosen:
        repeats = fmt.integer(found.repeats)
        columns.append(Column(tr(de=f"bleibt, von {repeats}", en=f"stays, of {repeats}"), align="right", width="15mm"))
    for variable in variables:
        words = _heading(study, variable)
        # The column is as wide as its longest word, so that the heading may take three lines and the name has room.
        widest = max(text_width_mm(word, SMALL_PT, SEMIBOLD) for word in words.split())
        columns.append(Column(words, align="right", width=f"{max(22.0, widest + 4.0):.1f}mm"))
    columns.append(Column(tr(de="Index, Punkte", en="Index, points"), align="right", width="15mm"))
    columns.append(Column(tr(de=f"Rang von {_n(study)}", en=f"Rank of {_n(study)}"), align="right", width="18mm"))
    data = pd.DataFrame({"name": study.names[ags], "distance": distance, "stays": stays})
    data = data.join(study.context).join(pd.DataFrame({"score": index.score, "rank": index.rank}))
    return Table(columns, rows, data.reset_index(names="ags"), focus=[0])


def peers_subtitle(study: Study) -> str:
    """How to read the distance and the repeats, as far as the table has them."""
    if not study.universe.alike:
        return ""
    distance = tr(
        de="Abstand der Struktur: 0 = gleich, 1 = der unähnlichste Ort",
        en="Distance in structure: 0 = alike, 1 = least alike",
    )
    repeats = study.neighbours.repeats
    if study.parameters.peers != "nearest" or not repeats:
        return f"{distance}."
    n, group = fmt.count(repeats), fmt.count(len(study.peers))
    stays = tr(
        de=f"bleibt: wie oft der Ort zu den {group} nächsten zählt, wenn je eines der {n} Merkmale fehlt",
        en=f"stays: how often the place is among the {group} nearest with one of the {n} variables left out",
    )
    if len(study.peers) == 1:
        stays = tr(
            de=f"bleibt: wie oft der Ort der nächste ist, wenn je eines der {n} Merkmale fehlt",
            en=f"stays: how often the place is the nearest with one of the {n} variables left out",
        )
    return f"{distance}; {stays}."


def structure(study: Study) -> Table:
    """Each structural variable: the place, its nearest peer (without peers the nearest place), the median of its peers and
    that of all places."""
    ags, context = study.place.ags, study.context
    near = next((str(a) for a in study.neighbours.distance.index if a in study.peers or not study.peers), None)
    rows, data = [], []
    for variable in study.universe.alike:
        values = context[variable.id]
        group, everyone = values[study.peers].median(), values.median()
        row: list[str | Cell] = [context_label(study, variable), context_unit(study, variable)]
        row.append(Cell(f"[{_structure(study, variable, ags)}]{{.focus}}"))
        if near is not None:
            row.append(_structure(study, variable, near))
        if len(study.peers) > 1:
            row.append(Cell(f"[{fmt.number(group, variable.decimals)}]{{.peer}}"))
        rows.append([*row, fmt.number(everyone, variable.decimals)])
        data.append(
            {
                "variable": variable.id,
                "place": values[ags],
                "nearest_peer": values[near] if near else None,
                "median_of_peers": group,
                "median_of_all": everyone,
            }
        )
    columns = [
        Column(tr(de="Merkmal", en="Variable"), width="1fr"),
        Column(tr(de="Einheit", en="Unit"), small=True),
        Column(title_of(ags), align="right", width="26mm"),
    ]
    if near is not None:
        columns.append(Column(title_of(near), align="right", width="26mm"))
    if len(study.peers) > 1:
        columns.append(
            Column(tr(de="Median der Vergleichsorte", en="Median of the peers"), align="right", width="26mm")
        )
    everyone_word = tr(
        de=f"Median von {_n(study)} {universe_places_dative(study.universe)}", en=f"Median of {_n(study)}"
    )
    columns.append(Column(everyone_word, align="right", width="26mm"))
    return Table(columns, rows, pd.DataFrame(data))


def heat(study: Study) -> Table:
    """The place and its peers, in the order of the index, with their value on each indicator, shaded by its points.

    The darker, the nearer to the best of all places (classes of 20 points). A ring, without shade, marks a value of the
    district.
    """
    index, focus = study.index, study.place.ags
    ags = sorted([focus, *shown_peers(study)], key=lambda a: (-index.score.fillna(-1)[a], a))
    rows, shades = [], {}
    for i, place in enumerate(ags):
        own = place == focus
        row: list[str | Cell] = [title_of(place) if own else Cell(f"[{title_of(place)}]{{.peer}}")]
        for j, ref in enumerate(study.universe.indicators, 1):
            value, points = index.raw.at[place, ref.indicator], index.normalised.at[place, ref.indicator]
            inherited = index.basis.at[place, ref.indicator] == INHERITED
            row.append(_value(study, ref, value) + (f" {fmt.RING}" if inherited else ""))
            if not (inherited or pd.isna(points)):
                shades[i, j] = class_of(points, BREAKS["domain_score"])
        rows.append(row)
    columns = [Column(tr(de="Ort", en="Place"), width="1fr", small=True)]
    columns += [
        Column(indicator_short(study, ref), align="center", width="13.8mm", small=True, heat=True)
        for ref in study.universe.indicators
    ]
    data = index.raw.loc[ags].join(index.basis.loc[ags].add_suffix("_basis"))
    data.insert(0, "name", study.names[ags])
    return Table(columns, rows, data.reset_index(names="ags"), focus=[ags.index(focus)], heat=shades)


def heat_subtitle(study: Study) -> str:
    """What the shades and marks mean, and the units of the columns."""
    refs = study.universe.indicators
    shares = [ref for ref in refs if indicator_unit(study, ref) == "%"]
    listed = [tr(de="Anteile in %", en="Shares in %")] if shares else []
    listed += [f"{indicator_label(study, ref)} {indicator_unit(study, ref)}" for ref in refs if ref not in shares]
    units = "; ".join(listed).rstrip(".")
    basis = study.index.basis.loc[[study.place.ags, *shown_peers(study)]]
    ring = tr(de=f" {fmt.RING} = vom Kreis übernommen.", en=f" {fmt.RING} = taken over from the district.")
    dot = tr(de=f" {fmt.MISSING} = kein Wert.", en=f" {fmt.MISSING} = no value.")
    everyone = f"{_n(study)} {universe_places_word(study.universe)}"
    marks = (ring if (basis == INHERITED).any(axis=None) else "") + (dot if (basis == MISSING).any(axis=None) else "")
    return tr(
        de=f"{units}. Je dunkler, desto näher am besten Wert der {everyone}.{marks}",
        en=f"{units}. The darker, the nearer to the best value of the {everyone}.{marks}",
    )


def positions_subtitle(study: Study) -> str:
    """What dots and ticks of the figure of positions are; rings only where some are drawn."""
    basis = study.index.basis.loc[[study.place.ags, *study.peers]]
    rings = bool((basis == INHERITED).any(axis=None))
    ring = tr(de="; Ring: vom Kreis übernommen", en="; ring: taken over from the district") if rings else ""
    return tr(
        de=f"Punkte: die Orte der Gruppe; Strich: Median der Vergleichsorte{ring}",
        en=f"Dots: the places of the group; tick: median of the peers{ring}",
    )


def _structure(study: Study, variable: ContextVariable, ags: str) -> str:
    """A structural value; a ring marks that of the district."""
    text = fmt.number(study.context.at[ags, variable.id], variable.decimals)
    place = register()[ags]
    of_district = variable.level == "district" and place.level == "municipality" and not place.is_own_district
    return f"{text} {fmt.RING}" if of_district and text != fmt.MISSING else text


def _heading(study: Study, variable: ContextVariable) -> str:
    return f"{context_label(study, variable)}, {context_unit(study, variable)}"


def _value(study: Study, ref: Indicator, value: float) -> str:
    return fmt.number(value, max(int(study.facts.indicators.at[ref.key, "decimals"]), 1))


def _n(study: Study) -> str:
    return fmt.integer(len(study.index.score))

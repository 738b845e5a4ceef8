"""Sentences of the chapter *The open index*: neighbours in the ranking, best and weakest indicators, domains."""

from collections.abc import Hashable

import pandas as pd

from helpers.analysis.audit.statistics import statistics
from helpers.analysis.drivers import drivers, extremes
from helpers.analysis.index import INHERITED
from helpers.analysis.selection import is_cut, shown_places
from helpers.analysis.study import Study, domain_contributions, wholly_inherited
from helpers.data.definition import Indicator
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.geometry import LOCAL, bordering
from helpers.present.language import tr
from helpers.present.names import (
    Case,
    domain_name,
    indicator_label,
    place_name,
    place_title,
    universe_places_dative,
    universe_places_word,
)
from helpers.present.wording.choice import with_weights
from helpers.present.wording.phrases import (
    capital,
    named,
    named_first,
    places_word,
    points,
    titles,
    value_text,
)


def finding(study: Study) -> str:
    """The distance to the place ahead or, for the first, to the next one."""
    score, name = study.index.score.round(9), named_first(study)
    own = score[study.place.ags]
    ahead, behind = score[score > own], score[score < own]
    level = score[score == own].index.drop(study.place.ags)
    if len(level):
        return tr(de=f"{name} liegt gleichauf mit {titles(level)}", en=f"{name} is level with {titles(level)}")
    if ahead.empty:
        gap = _points(own - behind.max())
        return tr(
            de=f"{name} liegt {gap} vor {_other(behind.idxmax(), 'dative')}",
            en=f"{name} is {gap} ahead of {_other(behind.idxmax())}",
        )
    gap, dative = _points(ahead.min() - own), named_first(study, "dative")
    other = tr(de=_other(ahead.idxmin(), "accusative"), en=_other(ahead.idxmin()))
    if behind.empty:
        return tr(
            de=f"{dative} fehlen {gap} selbst auf {other}, den vorletzten Ort",
            en=f"{name} is {gap} short even of {other}, the last but one",
        )
    return tr(
        de=f"{dative} fehlen {gap} auf {other}, den Ort davor",
        en=f"{name} is {gap} short of {other}, the place ahead",
    )


def _other(ags: Hashable, case: Case = "nominative") -> str:
    return place_name(register()[str(ags)], case)


def _points(gap: float) -> str:
    """A gap in points; a gap that would print as 0.0 is said to be smaller than that."""
    if gap < 0.05:
        return tr(de="weniger als 0,1 Punkte", en="less than 0.1 points")
    return points(gap)


def ranking_deck(study: Study) -> str:
    """How to read the ranking: who is coloured, what the cells are, what is not there yet."""
    name, places = capital(place_title(study.place)), places_word(study)
    peers = outlined = ""
    if study.peers:
        n, shown = len(study.peers), sum(ags in study.peers for ags in shown_places(study))
        of = tr(de=f" von {fmt.count(n)}", en=f" of {fmt.count(n)}") if shown < n else ""
        peers = tr(
            de=f", {fmt.count(shown)}{of} [Vergleichsorten]{{.peer}}"
            if of
            else f", {fmt.count(n)} [Vergleichsorte]{{.peer}}",
            en=f", {fmt.count(shown)}{of} [peers]{{.peer}}",
        )
        if n == 1:
            peers = tr(de=", ein [Vergleichsort]{.peer}", en=", one [peer]{.peer}")
    if wholly_inherited(study.index).any(axis=None):
        outlined = tr(de=" Umrandete Felder: nur Kreiswerte.", en=" Outlined cells: district values only.")
    draws = fmt.integer(study.certainty().draws)
    rest = tr(de=f"die übrigen der {places}", en=f"the rest of the {places}")
    if is_cut(study):
        count = fmt.integer(len(study.index.score))
        rest = tr(
            de=f"von {count} {universe_places_dative(study.universe)} die ersten zehn, die Umgebung und die letzten fünf",
            en=f"of {places} the first ten, the surroundings and the last five",
        )
    return tr(
        de=f"[{name}]{{.focus}}{peers} und {rest}. Der Punkt zeigt den Rang {with_weights(study)}, die Linie die Spanne (5. bis "
        f"95. Perzentil) von {draws} Varianten mit beliebigen Gewichten (Dirichlet, α = 1); je dunkler ein Feld, desto mehr "
        f"Punkte.{outlined}",
        en=f"[{name}]{{.focus}}{peers} and {rest}. The dot shows the rank {with_weights(study)}, the line the range (5th to 95th "
        f"percentile) of {draws} variants with any weights (Dirichlet, α = 1); the darker a cell, the more points.{outlined}",
    )


def profile_title(study: Study) -> str:
    """The indicators on which the place ranks best and worst; a shared first place does not count as best."""
    best, worst = extremes(study)
    ranks = [fmt.integer(driver.rank) for driver in (best, worst)]
    return tr(
        de=f"{named_first(study)} liegt je nach Merkmal auf Rang {ranks[0]} bis {ranks[1]}",
        en=f"{named_first(study)} ranges from rank {ranks[0]} to rank {ranks[1]} by indicator",
    )


def profile_deck(study: Study) -> str:
    """How to read the profile, and how many of the place's values are the district's."""
    places, name = places_word(study), place_title(study.place)
    inherited = int((study.index.basis.loc[study.place.ags] == INHERITED).sum())
    rings = tr(
        de=f" Offene Ringe: vom Kreis übernommen, bei {name} {fmt.count(inherited)} von {fmt.count(len(study.index.raw.columns))}."
        if inherited
        else " Offene Ringe: vom Kreis übernommene Werte anderer Orte.",
        en=f" Open rings: taken over from the district, {fmt.count(inherited)} of {fmt.count(len(study.index.raw.columns))} for "
        f"{name}."
        if inherited
        else " Open rings: values other places take over from their district.",
    )
    if not (study.index.basis == INHERITED).any(axis=None):
        rings = ""
    peers = tr(de=", die [Vergleichsorte]{.peer}", en=", the [peers]{.peer}") if study.peers else ""
    best, worst = (indicator_label(study, driver.ref) for driver in extremes(study))
    return tr(
        de=f"Bester Rang: {best}; schlechtester: {worst}. Je Ort ein Punkt ({places}), farbig: [{name}]{{.focus}}{peers}."
        f"{rings} Jede Zeile hat ihre eigene Skala.",
        en=f"Best rank: {best}; worst: {worst}. One dot for each of the {places}, in colour: [{name}]{{.focus}}{peers}."
        f"{rings} Each row has a scale of its own.",
    )


def domain_maps_title(study: Study) -> str:
    """In how many domains the place is above the mean of the universe."""
    index, ags = study.index, study.place.ags
    row = index.domains.loc[ags].dropna()
    above = [d for d in row.index if row[d] > index.domains[d].mean()]
    name = named_first(study)
    if not above:
        return tr(de=f"{name} liegt in keinem Bereich über dem Mittel", en=f"{name} is above the mean in no domain")
    if len(above) == len(index.domains.columns):
        return tr(de=f"{name} liegt in allen Bereichen über dem Mittel", en=f"{name} is above the mean in every domain")
    domains = fmt.join([domain_name(d) for d in above])
    return tr(de=f"{name} liegt über dem Mittel bei {domains}", en=f"{name} is above the mean in {domains}")


def hexagons_title(study: Study) -> str:
    """How many of the bordering municipalities are ahead of the place (universes with a regional map)."""
    rank = study.index.rank
    around = bordering(LOCAL, study.place.ags)
    ahead = [ags for ags in around if rank[ags] < rank[study.place.ags]]
    name, n = study.place.name, fmt.count(len(around))
    of = tr(de="beiden" if len(around) == 2 else n, en=n)
    if len(around) == 1:
        return tr(
            de=f"Die einzige Nachbarkommune im Ruhrgebiet liegt {'vor' if ahead else 'hinter'} {name}",
            en=f"The only neighbour in the Ruhr is {'ahead of' if ahead else 'behind'} {name}",
        )
    if len(ahead) == len(around):
        every = tr(de="Beide" if len(around) == 2 else f"Alle {n}", en="Both" if len(around) == 2 else f"All {n}")
        return tr(de=f"{every} Nachbarkommunen liegen vor {name}", en=f"{every} neighbours are ahead of {name}")
    who = capital(fmt.count(len(ahead))) if len(ahead) > 1 else tr(de="Eine", en="One")
    if not ahead:
        who = tr(de="Keine", en="None")
    return tr(
        de=f"{who} der {of} Nachbarkommunen {'liegen' if len(ahead) > 1 else 'liegt'} vor {name}",
        en=f"{who} of the {n} neighbours {'are' if len(ahead) > 1 else 'is'} ahead of {name}",
    )


def hexagons_deck(study: Study) -> str:
    """How to read the hexagon map, with the smallest of the municipalities as the reason for it."""
    area = study.facts.places.loc[study.index.score.index, "area_km2"].astype(float)
    small, large = titles([str(area.idxmin())]), titles([str(area.idxmax())])
    name = study.place.name
    peers = tr(de=", [Vergleichsorte]{.peer} halbfett", en=", [peers]{.peer} semibold") if study.peers else ""
    return tr(
        de=f"Jede Wabe ist eine Kommune, ungefähr an ihrem Ort: {small} ist so gut zu sehen wie {large}. Zahl: Punkte im offenen "
        f"Index, [{name}]{{.focus}} umrandet{peers}. Farben wie auf der Karte der ersten Seite. Nachbarn sind die Kommunen des "
        "Ruhrgebiets mit gemeinsamer Grenze.",
        en=f"Each hexagon is a municipality, roughly where it lies: {small} is as visible as {large}. Number: points in the open "
        f"index, [{name}]{{.focus}} outlined{peers}. Colours as on the map of the first page. Neighbours are the municipalities of "
        "the Ruhr with a common border.",
    )


def what_it_means(study: Study) -> str:
    """The parts of the place's distance to the mean of all places, domain by domain; they sum to it."""
    index, name = study.index, named_first(study)
    parts = domain_contributions(index, study.place.ags).sort_values(ascending=False)
    total = index.score[study.place.ags] - index.score.mean()
    listed = fmt.join([f"{domain_name(str(domain))} {_signed(part)}" for domain, part in parts.items()])
    missing = index.domains.columns[index.domains.loc[study.place.ags].isna()]
    rest = ""
    if len(missing):
        # The other domains then count for more, which moves the score as well.
        absent, moved = fmt.join([domain_name(str(domain)) for domain in missing]), _signed(total - parts.sum())
        rest = tr(
            de=f" Bei {absent} fehlt jeder Wert; das verschiebt den Stand um {moved} Punkte.",
            en=f" There is no value at all in {absent}, which moves the score by {moved} points.",
        )
    side = tr(de="über" if total >= 0 else "unter", en="above" if total >= 0 else "below")
    return tr(
        de=f"{name} liegt {_points(abs(total))} {side} dem Mittel der {places_word(study)}. Dazu tragen bei: {listed}.{rest}",
        en=f"{name} is {_points(abs(total))} {side} the mean of the {places_word(study)}. The parts: {listed}.{rest}",
    )


def _signed(value: float) -> str:
    text = fmt.number(abs(value))
    if text == fmt.number(0):
        return "±" + text
    return ("+" if value > 0 else fmt.MINUS) + text


def how_certain(study: Study) -> str:
    """Which indicators hardly tell the places apart, and how many other places share a value of the place's own."""
    index = study.index
    table = statistics(index.raw, index.universe.index.treatment, index.basis == INHERITED)
    alike = [ref for ref in index.universe.indicators if table.at[ref.indicator, "little_variance"]]
    sentences = [_little_variance(study, ref, table.loc[ref.indicator]) for ref in alike]
    shared = _most_shared(study)
    # What is said of an end of the scale need not be said again of the place at this end.
    row = table.loc[shared.indicator]
    if shared not in alike or index.raw.at[study.place.ags, shared.indicator] not in (row["min"], row["max"]):
        sentences.append(_shared_value(study, shared))
    return " ".join(sentences)


def _little_variance(study: Study, ref: Indicator, row: pd.Series) -> str:
    """Why an indicator hardly tells the places apart: many share the end of the scale, or all lie close together."""
    label, n = indicator_label(study, ref), fmt.integer(row["n"])
    top = row["share_at_max"] >= row["share_at_min"]
    ties = row["at_max"] if top else row["at_min"]
    low, high = (_exact(study, ref, row[end]) for end in ("min", "max"))
    if ties < 2:
        return tr(
            de=f"„{label}“ trennt kaum: Alle {n} liegen zwischen {low} und {high}.",
            en=f"“{label}” hardly separates: all {n} lie between {low} and {high}.",
        )
    if top:
        return tr(
            de=f"Bei „{label}“ teilen {fmt.integer(ties)} von {n} den größten Wert ({high}; der kleinste ist {low}).",
            en=f"On “{label}”, {fmt.integer(ties)} of {n} share the largest value ({high}; the smallest is {low}).",
        )
    return tr(
        de=f"Bei „{label}“ teilen {fmt.integer(ties)} von {n} den kleinsten Wert ({low}; der größte ist {high}).",
        en=f"On “{label}”, {fmt.integer(ties)} of {n} share the smallest value ({low}; the largest is {high}).",
    )


def _exact(study: Study, ref: Indicator, value: float) -> str:
    """A value with the decimals of the codebook; one that they would round off has a decimal."""
    decimals = int(study.facts.indicators.at[ref.key, "decimals"])
    return fmt.number(value, decimals if value == round(value) else max(decimals, 1))


def _sharing(study: Study, ref: Indicator) -> pd.Index:
    """AGS of all with the place's value of an indicator, itself among them."""
    values = study.index.raw[ref.indicator]
    return values.index[values == values[study.place.ags]]


def _most_shared(study: Study) -> Indicator:
    """The indicator on which most others have the place's value; what is inherited is shared anyway and left out."""
    basis = study.index.basis.loc[study.place.ags]
    own = [ref for ref in study.index.universe.indicators if basis[ref.indicator] not in (INHERITED, "missing")]
    return max(own, key=lambda ref: len(_sharing(study, ref)))


def _shared_value(study: Study, most: Indicator) -> str:
    """How many others have the place's value of an indicator."""
    index, ags = study.index, study.place.ags
    others, label = _sharing(study, most).drop(ags), indicator_label(study, most)
    if others.empty:
        return tr(
            de=f"Kein anderer Ort hat bei einem Merkmal genau denselben Wert wie {named(study)}.",
            en=f"No other place has exactly the same value as {named(study)} on any indicator.",
        )
    words = universe_places_word(index.universe)
    value = value_text(study, next(driver for driver in drivers(study) if driver.ref == most))
    who = tr(de=f"{fmt.count(len(others))} weitere {words}", en=f"{fmt.count(len(others))} other {words}")
    if len(others) == 1:
        who = _other(others[0])
    return tr(
        de=f"Bei „{label}“ {'hat' if len(others) == 1 else 'haben'} {who} denselben Wert ({value}) wie {named(study)}.",
        en=f"On “{label}”, {who} {'has' if len(others) == 1 else 'have'} the same value ({value}) as {named(study)}.",
    )

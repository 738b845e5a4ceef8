"""Sentences of the chapter *Data and method*: what the place's figures rest on."""

import json

import pandas as pd

from helpers.analysis.study import Study, coverage
from helpers.parameters import N_PEERS
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import district_of, indicator_label, place_name, universe_places_word
from helpers.present.wording.phrases import capital, named


def finding(study: Study) -> str:
    """How many of the place's values are its own."""
    basis = study.index.basis.loc[study.place.ags]
    n, name = len(basis), named(study, "accusative")
    inherited, absent = int((basis == "inherited").sum()), int((basis == "missing").sum())
    own = n - inherited - absent
    if own == n:
        return tr(
            de=f"Alle {fmt.count(n)} Werte gelten für {name} selbst", en=f"All {fmt.count(n)} values are {name}'s own"
        )
    if not inherited:
        return tr(
            de=f"{capital(fmt.count(own))} von {fmt.count(n)} Werten liegen für {name} vor",
            en=f"{capital(fmt.count(own))} of {fmt.count(n)} values exist for {name}",
        )
    return tr(
        de=f"{capital(fmt.count(own))} von {fmt.count(n)} Werten gelten für {name} selbst, {fmt.count(inherited)} für "
        f"{place_name(district_of(study.place), 'accusative')}",
        en=f"{capital(fmt.count(own))} of {fmt.count(n)} values are {name}'s own, {fmt.count(inherited)} are the district's",
    )


def deck(study: Study) -> str:
    """The age of the place's oldest and newest value."""
    basis = study.index.basis.loc[study.place.ags]
    refs = [r for r in study.universe.indicators if basis[r.indicator] != "missing"]
    first, last = min(ref.period for ref in refs), max(ref.period for ref in refs)

    names = [indicator_label(study, ref) for ref in refs if ref.period == first]
    oldest = fmt.join([tr(de=f"„{name}“", en=f"“{name}”") for name in names])
    return tr(
        de=f"Die ältesten Werte für {named(study, 'accusative')} sind von {fmt.period(first)}: {oldest}; die jüngsten "
        f"von {fmt.period(last)}. Die jüngste Quelle erschien am {fmt.period(study.facts.data_date)}: Datenstand des Berichts.",
        en=f"The oldest values for {named(study)} are of {fmt.period(first)}: {oldest}; the newest of "
        f"{fmt.period(last)}. The newest source appeared on {fmt.period(study.facts.data_date)}: the data date of the report.",
    )


def coverage_title(study: Study) -> str:
    """Whether values are missing anywhere in the universe."""
    table = coverage(study.index)
    absent, total = int(table["missing"].sum()), fmt.integer(int(table.to_numpy().sum()))
    places = universe_places_word(study.universe)
    if absent == 0:
        inherited = fmt.integer(int(table["inherited"].sum()))
        return tr(
            de=f"Kein Wert fehlt, {inherited} von {total} sind vom Kreis übernommen",
            en=f"No value is missing, {inherited} of {total} are taken over from the district",
        )
    return tr(
        de=f"{'Einer' if absent == 1 else fmt.integer(absent)} von {total} Werten der {places} "
        f"{'fehlt' if absent == 1 else 'fehlen'}",
        en=f"{fmt.integer(absent)} of {total} values of the {places} {'is' if absent == 1 else 'are'} missing",
    )


def influence_title(study: Study, influence: pd.DataFrame) -> str:
    """Which indicators count for most and for least of what they were meant to."""
    ratio = influence["ratio"].dropna()
    refs = {ref.indicator: ref for ref in study.universe.indicators}
    most, least = (indicator_label(study, refs[str(name)]) for name in (ratio.idxmax(), ratio.idxmin()))
    return tr(
        de=f"„{most}“ wirkt {fmt.number(ratio.max())}-mal so stark wie sein Gewicht, „{least}“ {fmt.number(ratio.min())}-mal",
        en=f"“{most}” has {fmt.number(ratio.max())} times the influence of its weight, “{least}” {fmt.number(ratio.min())} times",
    )


def left_out(study: Study) -> str:
    """Indicators that could not be used because they do not tell the places apart; empty if there are none."""
    constant = study.index.construction.constant
    if not constant:
        return ""
    refs = {ref.indicator: ref for ref in study.universe.indicators}
    names = fmt.join([indicator_label(study, refs[name]) for name in constant])
    return tr(
        de=f"Nicht gerechnet, weil überall gleich oder ohne Wert: {names}.",
        en=f"Not used, because the same everywhere or without a value: {names}.",
    )


def method(study: Study) -> str:
    """The calculation in words."""
    index = study.universe.index
    mean = tr(de="arithmetisch", en="arithmetic")
    if index.aggregation == "geometric":
        mean = tr(de="geometrisch", en="geometric")
    return tr(
        de=f"{_scaling(study)} {_weighting(study)}; gemittelt wird {mean}. Ein fehlender Wert bleibt leer: Gemittelt wird "
        "über die vorhandenen, nie mit null. Gleiche Punktzahl heißt gleicher Rang. Ausreißer sind nicht behandelt.",
        en=f"{_scaling(study)} {_weighting(study)}; means are {mean}. A missing value stays missing: the mean is taken over "
        "those present, never with zero. Equal scores share a rank. Outliers are not treated.",
    )


def _scaling(study: Study) -> str:
    settings = study.universe.index.normalisation
    if settings.method == "z_score":
        mean, sd = fmt.integer(settings.mean), fmt.integer(settings.sd)
        return tr(
            de=f"Jedes Merkmal wird so skaliert, dass der Durchschnitt aller Orte {mean} Punkte ergibt und jede "
            f"Standardabweichung {sd} Punkte mehr oder weniger (z-Werte).",
            en=f"Each indicator is scaled so that the mean of all places gives {mean} points and each standard deviation "
            f"{sd} points more or less (z-scores).",
        )
    if settings.method == "percentile":
        low, high = (fmt.integer(end) for end in settings.percentiles)
        return tr(
            de=f"Jedes Merkmal zählt nach seiner Rangfolge: Der letzte Ort erhält {low} Punkte, der erste {high} "
            "(Perzentilränge).",
            en=f"Each indicator counts by its order: the last place gets {low} points, the first {high} (percentile ranks).",
        )
    low, high = (fmt.integer(end) for end in settings.range)
    return tr(
        de=f"Jedes Merkmal wird so skaliert, dass der kleinste Wert aller Orte {low} und der größte {high} Punkte ergibt "
        "(Min-Max).",
        en=f"Each indicator is scaled so that the smallest value of all places gives {low} and the largest {high} points "
        "(min-max).",
    )


def _weighting(study: Study) -> str:
    domains = fmt.count(len(study.universe.domains))
    if study.parameters.index.weights:
        return tr(
            de="Bereiche und Merkmale zählen mit gewählten Gewichten, die auf der ersten Seite stehen",
            en="Domains and indicators count by weights that were chosen; they stand on the first page",
        )
    return tr(
        de=f"Innerhalb eines Bereichs zählen die Merkmale gleich, und die {domains} Bereiche zählen gleich",
        en=f"Indicators count equally within a domain, and the {domains} domains count equally",
    )


def reproduce(study: Study, version: str) -> str:
    """Imprint: version, data date and hash, and the command that makes this report again."""
    p = study.parameters
    command = f"cityreport render {p.place} --universe {p.universe} --language {p.language}"
    if isinstance(p.peers, tuple):
        command += f" --peers {','.join(p.peers)}"
    elif p.peers != "nearest":
        command += f" --peers {p.peers}"
    if p.n_peers != N_PEERS:
        command += f" --n-peers {p.n_peers}"
    if p.index:
        command = tr(
            de=f"cityreport render --params DATEI mit {json.dumps(p.model_dump(mode='json', exclude_defaults=True))}",
            en=f"cityreport render --params FILE with {json.dumps(p.model_dump(mode='json', exclude_defaults=True))}",
        )
    return tr(
        de=f"cityreport {version}, Datenstand {fmt.period(study.facts.data_date)} (Prüfsumme {study.facts.data_hash[:12]}). "
        f"Noch einmal erzeugen: {command}",
        en=f"cityreport {version}, data date {fmt.period(study.facts.data_date)} (checksum {study.facts.data_hash[:12]}). "
        f"Make it again: {command}",
    )

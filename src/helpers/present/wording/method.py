"""Sentences of the chapter *Data and method*: what the place's figures rest on."""

from helpers.analysis.study import Study, coverage
from helpers.data.definition import Indicator
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
    oldest, newest = min(refs, key=lambda r: r.period), max(refs, key=lambda r: r.period)

    def dated(ref: Indicator) -> str:
        return f"{indicator_label(study, ref)}, {fmt.period(ref.period)}"

    return tr(
        de=f"Ältester Wert für {named(study, 'accusative')}: {dated(oldest)}. Jüngster: {dated(newest)}. "
        f"Datenstand des Berichts: {fmt.period(study.facts.data_date)}.",
        en=f"Oldest value for {named(study)}: {dated(oldest)}. Newest: {dated(newest)}. "
        f"Data date of the report: {fmt.period(study.facts.data_date)}.",
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
        de=f"{fmt.integer(absent)} von {total} Werten der {places} {'fehlt' if absent == 1 else 'fehlen'}",
        en=f"{fmt.integer(absent)} of {total} values of the {places} {'is' if absent == 1 else 'are'} missing",
    )


def method(study: Study) -> str:
    """The calculation in words."""
    domains = len(study.universe.domains)
    return tr(
        de="Jedes Merkmal wird so skaliert, dass der kleinste Wert aller Orte 0 und der größte 100 Punkte ergibt "
        f"(Min-Max). Innerhalb eines Bereichs zählen die Merkmale gleich, und die {fmt.count(domains)} Bereiche zählen "
        "gleich; gemittelt wird arithmetisch. Ein fehlender Wert bleibt leer: Gemittelt wird über die vorhandenen, nie "
        "mit null. Gleiche Punktzahl heißt gleicher Rang. Ausreißer sind nicht behandelt.",
        en="Each indicator is scaled so that the smallest value of all places gives 0 and the largest 100 points (min-max). "
        f"Indicators count equally within a domain, and the {fmt.count(domains)} domains count equally; means are "
        "arithmetic. A missing value stays missing: the mean is taken over those present, never with zero. Equal scores "
        "share a rank. Outliers are not treated.",
    )


def reproduce(study: Study, version: str) -> str:
    """Imprint: version, data date and hash, and the command that makes this report again."""
    p = study.parameters
    command = f"cityreport render {p.place} --universe {p.universe} --language {p.language}"
    if isinstance(p.peers, tuple):
        command += f" --peers {','.join(p.peers)}"
    elif p.peers != "region":
        command += f" --peers {p.peers}"
    return tr(
        de=f"cityreport {version}, Datenstand {fmt.period(study.facts.data_date)} (Prüfsumme {study.facts.data_hash[:12]}). "
        f"Noch einmal erzeugen: {command}",
        en=f"cityreport {version}, data date {fmt.period(study.facts.data_date)} (checksum {study.facts.data_hash[:12]}). "
        f"Make it again: {command}",
    )

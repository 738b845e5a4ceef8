"""Sentences on the score that structure lets one expect."""

from helpers.analysis.expectation import Expectation
from helpers.analysis.index import INHERITED
from helpers.analysis.study import Study
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import context_label, place_title, remark, universe_places_dative
from helpers.present.wording.phrases import named, named_first

WEAK = 0.25
"""Under this predicted share of the variance, structure says little about the score."""
MOST_NAMES = 5


def title(study: Study, result: Expectation) -> str:
    """Whether the place lies within what its structure lets one expect."""
    ags = study.place.ags
    if ags not in result.places.index:
        return tr(
            de=f"Für {named(study, 'accusative')} lässt sich keine erwartete Punktzahl berechnen",
            en=f"No expected score can be computed for {named(study)}",
        )
    row = result.places.loc[ags]
    if row["outside"]:
        apart = fmt.number(abs(row["difference"]))
        side = tr(de="über" if row["difference"] > 0 else "unter", en="above" if row["difference"] > 0 else "below")
        return tr(
            de=f"{named_first(study)} liegt {apart} Punkte {side} dem, was die Struktur erwarten lässt",
            en=f"{named_first(study)} is {apart} points {side} what its structure lets one expect",
        )
    score, low, high = (fmt.number(min(max(row[key], 0.0), 100.0)) for key in ("score", "low", "high"))
    return tr(
        de=f"{named_first(study)} liegt im Rahmen dessen, was die Struktur erwarten lässt: {score} Punkte, erwartet {low} bis "
        f"{high}",
        en=f"{named_first(study)} is within what its structure lets one expect: {score} points, expected {low} to {high}",
    )


def deck(study: Study, result: Expectation) -> str:
    """What is expected from what, for how many places, and how much of the differences it explains."""
    by_id = {variable.id: variable for variable in study.universe.context}
    labels = [context_label(study, by_id[name]) for name in result.covariates]
    # English labels begin with a capital for a row of a table; within a sentence only abbreviations keep it.
    labels = [tr(de=label, en=label[0].lower() + label[1:] if label[1:2].islower() else label) for label in labels]
    share = fmt.percent(100 * max(result.predicted, 0.0), 0)
    weak = result.predicted < WEAK
    others = f"{fmt.integer(result.n - 1)} {universe_places_dative(study.universe)}"
    if study.peers:
        who = tr(
            de=f"[{named_first(study)}]{{.focus}} und die [Vergleichsorte]{{.peer}} stehen",
            en=f"[{named_first(study)}]{{.focus}} and its [peers]{{.peer}} stand",
        )
    else:
        who = tr(de=f"[{named_first(study)}]{{.focus}} steht", en=f"[{named_first(study)}]{{.focus}} stands")
    return tr(
        de=f"Erwartet wird, was bei gleicher Struktur üblich ist – {fmt.join(labels)} –, für jeden Ort berechnet aus den übrigen "
        f"{others}. Das sagt {share} der Unterschiede voraus"
        f"{': Die Struktur erklärt hier wenig, die Bereiche sind breit' if weak else ''}. {who} zwischen den größten Abständen.",
        en=f"Expected is what is usual for such a structure – {fmt.join(labels)} – computed for each place from the other "
        f"{others}. This predicts {share} of the differences"
        f"{': structure explains little here, the ranges are wide' if weak else ''}. {who} between the largest differences.",
    )


def outside(study: Study, result: Expectation) -> str:
    """Who lies outside the expected range, how many would by chance, and who has no expectation."""
    places = result.places
    beyond = places[places["outside"]].sort_values("difference", ascending=False, kind="stable")
    n, chance = fmt.integer(result.n), fmt.count(round(result.by_chance))
    if beyond.empty:
        words = tr(
            de=f"Keiner der {n} Orte liegt außerhalb seines Bereichs",
            en=f"None of the {n} places lies outside its range",
        )
    else:
        sides = []
        for side, rows in (
            (tr(de="darüber", en="above it"), beyond[beyond["difference"] > 0]),
            (tr(de="darunter", en="below it"), beyond[beyond["difference"] < 0][::-1]),
        ):
            if len(rows):
                sides.append(f"{side} {_with_reasons(study, [str(ags) for ags in rows.index])}")
        many = fmt.count(len(beyond)) if len(beyond) > 1 else tr(de="einer", en="one")
        verb = tr(de="liegen" if len(beyond) > 1 else "liegt", en="lie" if len(beyond) > 1 else "lies")
        words = tr(
            de=f"Von {n} Orten {verb} {many} außerhalb des Bereichs: {'; '.join(sides)}",
            en=f"Of {n} places {many} {verb} outside the range: {'; '.join(sides)}",
        )
    words += tr(
        de=f". Weil ein Bereich 95\u202f% umfasst, wären etwa {chance} schon durch Zufall zu erwarten.",
        en=f". As a range covers 95%, about {chance} would be expected by chance alone.",
    )
    if result.missing:
        who = _with_reasons(study, list(result.missing))
        words += tr(de=f" Ohne Angaben zur Struktur: {who}.", en=f" Without figures on structure: {who}.")
    return words


def _with_reasons(study: Study, ags: list[str]) -> str:
    """Names in a list, the first few, each with a known reason why its values stand out; then how many more."""
    names = []
    for one in ags[:MOST_NAMES]:
        reasons = [words for ref in study.universe.indicators if (words := remark(study, ref, one))]
        names.append(place_title(register()[one]) + (f" ({', '.join(dict.fromkeys(reasons))})" if reasons else ""))
    more = len(ags) - MOST_NAMES
    if more > 0:
        names.append(
            tr(de=f"{fmt.count(more)} weitere" if more > 1 else "ein weiterer Ort", en=f"{fmt.count(more)} more")
        )
    return fmt.join(names)


def limits(study: Study, result: Expectation) -> str:
    """How far the place is from its expected score, and what such a distance does not mean."""
    ags = study.place.ags
    if ags not in result.places.index:
        by_id = {variable.id: variable for variable in study.universe.context}
        lacking = fmt.join([context_label(study, by_id[name]) for name in result.missing.get(ags, [])])
        return tr(
            de=f"Für {named(study, 'accusative')} fehlt: {lacking}. Ohne diese Angabe gibt es keine erwartete Punktzahl.",
            en=f"For {named(study)} there is no figure on {lacking}. Without it there is no expected score.",
        )
    row = result.places.loc[ags]
    order = result.places["difference"].rank(ascending=False, method="min")
    place, n = int(order[ags]), result.n
    words = tr(
        de=f"{named_first(study)}: {fmt.number(row['score'])} Punkte, erwartet {fmt.number(row['expected'])}. Geordnet nach "
        f"dem Abstand ({fmt.signed(row['difference'])}) ist das Stelle {place} von {n}.",
        en=f"{named_first(study)}: {fmt.number(row['score'])} points, expected {fmt.number(row['expected'])}. In order of the "
        f"difference ({fmt.signed(row['difference'])}) that is number {place} of {n}.",
    )
    if (study.index.basis.loc[result.places.index] == INHERITED).any(axis=None):
        words += tr(
            de=" Orte eines Kreises teilen dessen Werte: Ihre Abstände sind nicht unabhängig voneinander.",
            en=" Places of one district share its values: their differences are not independent of each other.",
        )
    return words + tr(
        de=" Ein Abstand ist kein Verdienst und kein Versäumnis: Er kann an allem liegen, was diese Merkmale nicht erfassen.",
        en=" A difference is neither merit nor neglect: it may be due to anything that these figures do not cover.",
    )

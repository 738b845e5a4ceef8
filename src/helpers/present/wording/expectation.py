"""Sentences on the score that structure lets one expect."""

from helpers.analysis.expectation import Expectation
from helpers.analysis.index import INHERITED
from helpers.analysis.study import Study
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import context_label, place_title, remark, universe_places_dative
from helpers.present.wording.phrases import capital, named, named_first

WEAK = 0.25
"""Under this predicted share of the variance, structure says little about the score."""
NEXT_TO_NOTHING = 0.15
HAIR = 0.1
"""A score beyond its range by less than this share of half the range is only just outside."""
MOST_NAMES = 5
MOST_PEERS = 10
"""So many peers are drawn at most, see charts.expectation."""


def title(study: Study, result: Expectation) -> str:
    """Whether the place lies within what its structure lets one expect, with the range; or that this says next to nothing."""
    ags = study.place.ags
    if ags not in result.places.index:
        return tr(
            de=f"Für {named(study, 'accusative')} lässt sich keine erwartete Punktzahl berechnen",
            en=f"No expected score can be computed for {named(study)}",
        )
    row = result.places.loc[ags]
    score, low, high = (fmt.number(min(max(row[key], 0.0), 100.0)) for key in ("score", "low", "high"))
    if row["outside"]:
        beyond = max(row["score"] - row["high"], row["low"] - row["score"])
        narrow = beyond < HAIR * (row["high"] - row["low"]) / 2
        above = row["difference"] > 0
        return tr(
            de=f"{named_first(study)} liegt {'knapp ' if narrow else ''}{'über' if above else 'unter'} dem erwarteten Bereich "
            f"({score}; erwartet {low} bis {high})",
            en=f"{named_first(study)} is {'just ' if narrow else ''}{'above' if above else 'below'} the expected range "
            f"({score}; expected {low} to {high})",
        )
    if result.predicted < WEAK:
        little = tr(de="fast nichts", en="next to nothing")
        if result.predicted >= NEXT_TO_NOTHING:
            little = tr(de="wenig", en="little")
        return tr(
            de=f"Die Struktur sagt über {named(study, 'accusative')} {little} voraus: erwartet {low} bis {high}, erreicht "
            f"{score} Punkte",
            en=f"Structure predicts {little} about {named(study)}: expected {low} to {high}, reached {score} points",
        )
    return tr(
        de=f"{named_first(study)} liegt im Rahmen dessen, was die Struktur erwarten lässt: {score} Punkte, erwartet {low} bis "
        f"{high}",
        en=f"{named_first(study)} is within what its structure lets one expect: {score} points, expected {low} to {high}",
    )


def deck(study: Study, result: Expectation) -> str:
    """What is expected from what, for how many places, and how much of the differences it explains; for a place outside its
    range, how many would be so by chance."""
    by_id = {variable.id: variable for variable in study.universe.context}
    labels = [context_label(study, by_id[name]) for name in result.covariates]
    # English labels begin with a capital for a row of a table; within a sentence only abbreviations keep it.
    labels = [tr(de=label, en=label[0].lower() + label[1:] if label[1:2].islower() else label) for label in labels]
    share = fmt.percent(100 * max(result.predicted, 0.0), 0)
    weak = result.predicted < WEAK
    others = f"{fmt.integer(result.n - 1)} {universe_places_dative(study.universe)}"
    return tr(
        de=f"Erwartet wird, was bei gleicher Struktur üblich ist – {fmt.join(labels)} –, für jeden Ort berechnet aus den übrigen "
        f"{others}. Damit lassen sich {share} der Unterschiede vorhersagen"
        f"{': Die Struktur erklärt hier wenig, die Bereiche sind breit' if weak else ''}. {_by_chance(study, result)}"
        f"Gezeigt sind die größten Abstände nach beiden Seiten{_beside(study, result)}.",
        en=f"The expected score is what is usual for such a structure – {fmt.join(labels)} – computed for each place from the "
        f"other {others}. This predicts {share} of the differences"
        f"{': structure explains little here, the ranges are wide' if weak else ''}. {_by_chance(study, result)}"
        f"Shown are the largest differences both ways{_beside(study, result)}.",
    )


def _by_chance(study: Study, result: Expectation) -> str:
    """For a place outside its range: how many would be by chance alone."""
    if study.place.ags not in result.places.index or not result.places.at[study.place.ags, "outside"]:
        return ""
    chance = fmt.count(round(result.by_chance))
    return tr(
        de=f"Weil ein Bereich 95\u202f% umfasst, lägen von {fmt.integer(result.n)} Orten etwa {chance} schon durch Zufall "
        "außerhalb. ",
        en=f"As a range covers 95%, about {chance} of {fmt.integer(result.n)} places would lie outside by chance alone. ",
    )


def _beside(study: Study, result: Expectation) -> str:
    """`, dazu Bochum und die Vergleichsorte`: what is drawn besides the extremes, as far as it has an expected score."""
    rows = []
    if study.place.ags in result.places.index:
        rows.append(f"[{named(study)}]{{.focus}}")
    peers = len(study.peers)
    if peers == 1:
        rows.append(tr(de="der [Vergleichsort]{.peer}", en="its [peer]{.peer}"))
    elif peers > MOST_PEERS:
        n = fmt.count(MOST_PEERS)
        rows.append(tr(de=f"{n} der [Vergleichsorte]{{.peer}}", en=f"{n} of its [peers]{{.peer}}"))
    elif peers:
        rows.append(tr(de="die [Vergleichsorte]{.peer}", en="its [peers]{.peer}"))
    return tr(de=f", dazu {fmt.join(rows)}", en=f", beside them {fmt.join(rows)}") if rows else ""


def outside(study: Study, result: Expectation) -> str:
    """Who lies outside the expected range, how many would by chance unless the deck has said it, and who has no expectation."""
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
    words += "."
    if study.place.ags not in beyond.index:
        # For a place outside its range the deck says so.
        words += tr(
            de=f" Weil ein Bereich 95\u202f% umfasst, wären etwa {chance} schon durch Zufall zu erwarten.",
            en=f" As a range covers 95%, about {chance} would be expected by chance alone.",
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


def _farther(result: Expectation, ags: str) -> str:
    """How many places are farther from the expected on the same side."""
    difference, n = result.places["difference"], fmt.integer(result.n)
    above = difference[ags] > 0
    more = int((difference > difference[ags]).sum() if above else (difference < difference[ags]).sum())
    if not more:
        return tr(
            de=f"Das ist der größte Abstand nach {'oben' if above else 'unten'} unter den {n} Orten.",
            en=f"That is the largest difference {'upwards' if above else 'downwards'} of the {n} places.",
        )
    many = fmt.count(more) if more > 1 else tr(de="einer", en="one")
    return tr(
        de=f"Weiter {'über' if above else 'unter'} dem Erwarteten {'liegt' if more == 1 else 'liegen'} {many} der {n} Orte.",
        en=f"{capital(many)} of the {n} places {'is' if more == 1 else 'are'} farther {'above' if above else 'below'} the "
        "expected.",
    )


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
    words = tr(
        de=f"{named_first(study)}: {fmt.number(row['score'])} Punkte, erwartet {fmt.number(row['expected'])}, Abstand "
        f"{fmt.signed(row['difference'])}. {_farther(result, ags)}",
        en=f"{named_first(study)}: {fmt.number(row['score'])} points, expected {fmt.number(row['expected'])}, difference "
        f"{fmt.signed(row['difference'])}. {_farther(result, ags)}",
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

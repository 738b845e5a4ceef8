"""Sentences of the chapter *Peers* on the place within its group: by indicator, against each peer, with certainty."""

import pandas as pd

from helpers.analysis.drivers import drivers
from helpers.analysis.peer_group import own_positions, pair_counts
from helpers.analysis.study import Study
from helpers.analysis.uncertainty import win_probabilities
from helpers.data.definition import Indicator
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import indicator_label
from helpers.present.wording.certainty import share_text
from helpers.present.wording.peers import NAMED, place_of, places_of
from helpers.present.wording.phrases import capital, named, named_first, rank_of, titles, value_text

LONGEST = 130
"""Signs of a title; a longer one leaves out the place, whose report it is."""
CLEAR = 0.95
"""Share of the variants from which on one place is clearly ahead of another."""


def positions_title(study: Study) -> str:
    """On how many indicators the place is ahead of the median of its peers; values of the district are not counted."""
    found = own_positions(study.index, study.place.ags, study.peers)
    known = found.dropna(subset=["value", "median"])
    ahead, of = int((known["better"] == True).sum()), len(known)  # noqa: E712
    against = tr(de="dem Median der Gruppe", en="the median of its peers")
    if len(study.peers) == 1:
        against = place_of(study.peers[0], "dative")
    many = _of_indicators(ahead, of)
    if len(found) < len(study.universe.indicators):
        many += tr(de=" mit eigenem Wert" if of == 1 else " mit eigenen Werten", en=" with a value of its own")
    return tr(de=f"Bei {many} liegt {named(study)} vor {against}", en=f"On {many} {named(study)} is ahead of {against}")


def _of_indicators(ahead: int, of: int) -> str:
    """`sieben von zehn Merkmalen`, `allen zehn Merkmalen`, `keinem der zehn Merkmale`."""
    n = fmt.count(of)
    if of == 1:
        return tr(de="einem Merkmal" if ahead else "keinem Merkmal", en="one indicator" if ahead else "no indicator")
    if ahead == of:
        return tr(de=f"allen {n} Merkmalen", en=f"all {n} indicators")
    if ahead == 0:
        return tr(de=f"keinem der {n} Merkmale", en=f"none of the {n} indicators")
    if ahead == 1:
        return tr(de=f"einem von {n} Merkmalen", en=f"one of {n} indicators")
    return tr(de=f"{fmt.count(ahead)} von {n} Merkmalen", en=f"{fmt.count(ahead)} of {n} indicators")


def pairs_title(study: Study) -> str:
    """Against which peer the place is ahead on most indicators and against which on fewest."""
    counts = pair_counts(study.index, study.place.ags, study.peers)
    if len(counts) == 1:
        return tr(
            de=f"{named_first(study)} und {place_of(str(counts.index[0]))}, Merkmal für Merkmal",
            en=f"{named_first(study)} and {place_of(str(counts.index[0]))}, indicator by indicator",
        )
    share = (counts["ahead"] / counts["of"]).dropna()
    most, least = share.idxmax(), share.idxmin()
    (many, of), (few, of_few) = (counts.loc[ags, ["ahead", "of"]].astype(int) for ags in (most, least))
    if (many, of) == (few, of_few):
        each = _of_indicators(many, of)
        return tr(
            de=f"Vor jedem Vergleichsort liegt {named(study)} bei {each}",
            en=f"{named_first(study)} is ahead of each peer on {each}",
        )
    none, rest = tr(de="keinem", en="none"), tr(de="nur einem", en="only one")
    second = {0: none, 1: rest}.get(few, tr(de=f"nur {fmt.count(few)}", en=f"only {fmt.count(few)}"))
    if of != of_few:
        second += tr(de=f" von {fmt.count(of_few)}", en=f" of {fmt.count(of_few)}")
    first, last = place_of(str(most), "dative"), place_of(str(least), "dative")
    whole = tr(
        de=f"Vor {first} liegt {named(study)} bei {_of_indicators(many, of)}, vor {last} bei {second}",
        en=f"{named_first(study)} is ahead of {first} on {_of_indicators(many, of)}, of {last} on {second}",
    )
    if len(whole) <= LONGEST:
        return whole
    return tr(
        de=f"Vor {first} bei {_of_indicators(many, of)}, vor {last} bei {second}",
        en=f"Ahead of {first} on {_of_indicators(many, of)}, of {last} on {second}",
    )


def what_it_means(study: Study) -> str:
    """The indicators on which the place stands best and worst within its group, with the median of the peers.

    Values of the district are no achievement of the place and left aside; a rank counts with all that share it, so that a
    zero shared with most others is no success.
    """
    index, ags = study.index, study.place.ags
    found = own_positions(index, ags, study.peers).copy()
    found["gap"] = index.normalised.loc[ags] - index.normalised.loc[study.peers].median()
    found["last"] = found["rank"] + found["ties"]
    found = found.dropna(subset=["gap", "rank"])
    if found.empty:
        return tr(
            de=f"Kein Merkmal liegt zugleich für {named(study, 'accusative')} und einen Vergleichsort vor.",
            en=f"No indicator is there for both {named(study)} and a peer.",
        )
    best = found.sort_values(["last", "gap"], ascending=[True, False], kind="stable").iloc[0]
    # Behind the median where there is such an indicator; where all are alike nobody is last.
    behind, differing = found[found["better"] == False], found[found["ties"] + 1 < found["n"]]  # noqa: E712
    lowest = next((rows for rows in (behind, differing) if len(rows)), found)
    worst = lowest.sort_values(["last", "gap"], ascending=[False, True], kind="stable").iloc[0]
    group = tr(de="in der Gruppe", en="within the group")
    if len(study.peers) == 1:
        group = tr(de="gegenüber ", en="against ") + place_of(study.peers[0], "dative")
    first = tr(
        de=f"Am besten steht {named(study)} {group} bei „{_label(study, best)}“: {_against(study, best)}.",
        en=f"{capital(group)} {named(study)} does best on “{_label(study, best)}”: {_against(study, best)}.",
    )
    if worst["rank"] == 1:
        return first + tr(
            de=f" Auch beim schwächsten Merkmal, „{_label(study, worst)}“, liegt keiner der Orte davor.",
            en=f" Even on the weakest indicator, “{_label(study, worst)}”, none of the places is ahead.",
        )
    if behind.empty:
        return first + tr(
            de=f" Bei keinem Merkmal mit eigenem Wert liegt {named(study)} hinter dem Median der anderen.",
            en=f" On no indicator with a value of its own is {named(study)} behind the median of the others.",
        )
    return first + tr(
        de=f" Am schlechtesten bei „{_label(study, worst)}“: {_against(study, worst)}.",
        en=f" It does worst on “{_label(study, worst)}”: {_against(study, worst)}.",
    )


def how_certain(study: Study) -> str:
    """Which peers are clearly behind and clearly ahead over the variants, and how many are open."""
    wins = win_probabilities(study.certainty().simulation, study.place.ags)["win"]
    wins = wins[[ags for ags in study.peers if ags in wins.index]].sort_values(ascending=False, kind="stable")
    behind, ahead = list(wins.index[wins >= CLEAR]), list(wins.index[wins <= 1 - CLEAR][::-1])
    level = tr(
        de=f"in mindestens {share_text(CLEAR)} der Varianten", en=f"in at least {share_text(CLEAR)} of the variants"
    )
    if not behind and not ahead:
        return tr(
            de=f"Klar vor oder hinter {named(study, 'dative')}, {level}, liegt keiner der Vergleichsorte; welcher von zweien vorn "
            "ist, hängt an den Annahmen."
            if len(wins) > 1
            else f"Die Reihenfolge der beiden ist offen: Keiner liegt {level} vor dem anderen.",
            en=f"None of the peers is clearly ahead of or behind {named(study)}, {level}; which of two is ahead depends on the "
            "assumptions."
            if len(wins) > 1
            else f"The order of the two is open: neither is ahead {level}.",
        )
    parts = []
    for places, german, english in ((behind, "hinter", "behind"), (ahead, "vor", "ahead of")):
        if places:
            verb = tr(de="liegt" if len(places) == 1 else "liegen", en="is" if len(places) == 1 else "are")
            parts.append(
                tr(
                    de=f"klar {german} {named(study, 'dative')} {verb} {_list(places)}",
                    en=f"clearly {english} {named(study)} {verb} {_list(places)}",
                )
            )
    rest = len(wins) - len(behind) - len(ahead)
    left = {
        0: "",
        1: tr(de=" Offen ist die Reihenfolge bei einem Ort.", en=" The order is open for one place."),
    }.get(
        rest,
        tr(
            de=f" Offen ist die Reihenfolge bei {fmt.count(rest)} Orten.",
            en=f" The order is open for {fmt.count(rest)} places.",
        ),
    )
    return f"{capital('; '.join(parts))}, {level}.{left}"


def _list(places: list[str]) -> str:
    """By name if they are few, else their number (never one)."""
    if len(places) <= NAMED:
        return places_of(places)
    return tr(de=f"{fmt.count(len(places))} Orte", en=f"{fmt.count(len(places))} places")


def _ref(study: Study, row: pd.Series) -> Indicator:
    return next(ref for ref in study.universe.indicators if ref.indicator == row.name)


def _label(study: Study, row: pd.Series) -> str:
    return indicator_label(study, _ref(study, row))


def _against(study: Study, row: pd.Series) -> str:
    """`89,7 %, Rang 1 von 11 (Median der anderen: 62,9)`; with a single peer its value."""
    ref = _ref(study, row)
    driver = next(driver for driver in drivers(study) if driver.ref == ref)
    own = value_text(study, driver)
    median = fmt.number(row["median"], max(int(study.facts.indicators.at[ref.key, "decimals"]), 1))
    if len(study.peers) == 1:
        return f"{own} ({titles(study.peers)}: {median})"
    rank = rank_of(int(row["rank"]), int(row["n"])) + _shared(int(row["ties"]))
    return tr(de=f"{own}, {rank} (Median der anderen: {median})", en=f"{own}, {rank} (median of the others: {median})")


def _shared(ties: int) -> str:
    """` mit neun weiteren`: on how many others a rank is shared with."""
    if not ties:
        return ""
    many = tr(de="einem", en="one") if ties == 1 else fmt.count(ties)
    return tr(de=f" mit {many} weiteren", en=f" with {many} {'other' if ties == 1 else 'others'}")

"""Sentences of the chapter *Peers* on the group: where the place stands in it, why these peers, how firm the group is."""

from collections.abc import Sequence

from helpers.analysis.peer_group import Standing, standing
from helpers.analysis.study import Study
from helpers.data.universe import ContextVariable
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import (
    Case,
    context_label,
    context_unit,
    place_name,
    region_in,
    universe_places_dative,
    universe_places_word,
)
from helpers.present.wording.certainty import share_text
from helpers.present.wording.phrases import capital, named, named_first, places_word

NAMED = 4
"""Most places that a sentence names one by one."""


def finding(study: Study) -> str:
    """The rank of the place within its group with its range; without a group, whom it is most like."""
    if not study.peers:
        return _without_group(study)
    own, name = standing_of(study), named(study)
    if own.n == 2:
        return _against_one(study, own)
    where, ranks = f"Rang {own.rank}", f"ranks {_ordinal(own.rank)}"
    # Kept on one line of the title.
    spread = tr(de=f"Spanne {_span(own)}", en=f"range {_span(own)}").replace(" ", "\u00a0")
    group = fmt.count(own.n)
    rule = study.parameters.peers
    if rule == "nearest":
        return tr(
            de=f"Unter {group} {universe_places_dative(study.universe)} ähnlicher Struktur liegt {name} auf {where} ({spread})",
            en=f"Among {group} {universe_places_word(study.universe)} of similar structure {name} {ranks} ({spread})",
        )
    if rule == "region":
        kind = tr(de=universe_places_dative(study.universe), en=universe_places_word(study.universe))
        return tr(
            de=f"Unter den {group} {kind} {region_in(study.place)} liegt {name} auf {where} ({spread})",
            en=f"Among the {group} {kind} {region_in(study.place)} {name} {ranks} ({spread})",
        )
    return tr(
        de=f"Im Vergleich mit {_chosen(study, 'dative')} liegt {name} auf {where} von {own.n} ({spread})",
        en=f"Compared with {_chosen(study)}, {name} {ranks} of {own.n} ({spread})",
    )


def _without_group(study: Study) -> str:
    nearest = study.neighbours.peers.index
    if not len(nearest):
        return tr(
            de=f"{named_first(study)} wird mit {_everyone(study)} verglichen",
            en=f"{named_first(study)} is compared with {_everyone(study)}",
        )
    other = str(nearest[0])
    return tr(
        de=f"{named_first(study)} ähnelt in der Struktur am stärksten {place_of(other, 'dative')}",
        en=f"In structure {named(study)} is most like {place_of(other)}",
    )


def _against_one(study: Study, own: Standing) -> str:
    peer, score = study.peers[0], study.index.score.round(9)
    gap = score[study.place.ags] - score[peer]
    share = share_text(own.ahead)
    if gap == 0:
        return tr(
            de=f"Im Index liegen {named(study)} und {place_of(peer)} gleichauf",
            en=f"In the index {named(study)} and {place_of(peer)} are level",
        )
    if gap > 0:
        return tr(
            de=f"Im direkten Vergleich liegt {named(study)} vor {place_of(peer, 'dative')}, in {share} der Varianten",
            en=f"One to one {named(study)} is ahead of {place_of(peer)}, in {share} of the variants",
        )
    return tr(
        de=f"Im direkten Vergleich liegt {named(study)} hinter {place_of(peer, 'dative')}, vorn nur in {share} der Varianten",
        en=f"One to one {named(study)} is behind {place_of(peer)}, ahead in only {share} of the variants",
    )


def deck(study: Study) -> str:
    """How the group was chosen, and how often the place is ahead of its median."""
    rule = study.parameters.peers
    how = {"nearest": _nearest, "region": _region}.get(rule, _given) if isinstance(rule, str) else _given
    return f"{how(study)} {_ahead(study)}"


def _nearest(study: Study) -> str:
    n, many = len(study.peers), fmt.count(len(study.neighbours.variables))
    place = f"[{named(study, 'dative')}]{{.focus}}"
    if n == 1:
        peer = f"[{place_of(study.peers[0], 'dative')}]{{.peer}}"
        return tr(
            de=f"Verglichen wird mit {peer}: Kein Ort kommt {place} in {many} Merkmalen der Struktur näher; keines davon steht "
            "im Index.",
            en=f"The peer is {peer}: no place is closer to {place} in {many} structural variables, none of which is part of the "
            "index.",
        )
    return tr(
        de=f"Verglichen wird mit den {fmt.count(n)} [Vergleichsorten]{{.peer}}, die {place} in {many} Merkmalen der Struktur am "
        "nächsten kommen; keines davon steht im Index.",
        en=f"The {fmt.count(n)} [peers]{{.peer}} are the places closest to {place} in {many} structural variables, none of "
        "which is part of the index.",
    )


def _region(study: Study) -> str:
    n, where, place = len(study.peers), region_in(study.place), f"[{named(study)}]{{.focus}}"
    if n == 1:
        peer = f"[{place_of(study.peers[0], 'dative')}]{{.peer}}"
        one = "eine" if study.place.level == "municipality" else "einer"
        return tr(
            de=f"Außer {place} liegt nur {one} der {places_word(study)} {where}: Verglichen wird mit {peer}.",
            en=f"Of the {places_word(study)} only one other than {place} is {where}: the comparison is with {peer}.",
        )
    word = tr(de=universe_places_dative(study.universe), en=universe_places_word(study.universe))
    return tr(
        de=f"[{named_first(study)}]{{.focus}} steht neben den {fmt.count(n)} anderen [{word} {where}]{{.peer}}, ob sie ähnlich "
        "sind oder nicht.",
        en=f"[{named_first(study)}]{{.focus}} stands beside the {fmt.count(n)} other [{word} {where}]{{.peer}}, whether they "
        "are alike or not.",
    )


def _given(study: Study) -> str:
    n, place = len(study.peers), f"[{named(study, 'accusative')}]{{.focus}}"
    if n == 1:
        peer = f"[{place_of(study.peers[0])}]{{.peer}}"
        return tr(
            de=f"Für {place} wurde {peer} als Vergleichsort vorgegeben, nicht nach Ähnlichkeit bestimmt.",
            en=f"For {place}, {peer} was given as the peer, not found by similarity.",
        )
    return tr(
        de=f"Für {place} wurden {fmt.count(n)} [Vergleichsorte]{{.peer}} vorgegeben, nicht nach Ähnlichkeit bestimmt.",
        en=f"For {place}, {fmt.count(n)} [peers]{{.peer}} were given, not found by similarity.",
    )


def _ahead(study: Study) -> str:
    own = standing_of(study)
    against = tr(de="dem Median der Gruppe", en="the median of the group")
    if own.n == 2:
        against = place_of(study.peers[0], "dative")
    draws = fmt.integer(study.certainty().draws)
    return tr(
        de=f"In {share_text(own.ahead)} der {draws} Varianten des Index liegt {named(study)} vor {against}.",
        en=f"In {share_text(own.ahead)} of {draws} variants of the index {named(study)} is ahead of {against}.",
    )


def no_peers(study: Study) -> str:
    """Why the chapter is short: all places are the yardstick."""
    return _no_region(study) + tr(
        de=f"Dieser Bericht misst {named(study, 'accusative')} an {_everyone(study)}, nicht an einer engeren Gruppe. Rang, "
        "Spanne und jedes Merkmal stehen in den Kapiteln davor; offen bleibt, wie viel davon auf Größe und Lage zurückgeht.",
        en=f"This report measures {named(study)} against {_everyone(study)}, not against a closer group. Rank, range and every "
        "indicator are in the chapters before; how much of it is due to size and situation stays open.",
    )


def _no_region(study: Study) -> str:
    """Where the region was asked for: that it holds no other place, or all of them."""
    if study.parameters.peers != "region":
        return ""
    where = region_in(study.place)
    if any(study.place.region_includes(register()[ags]) for ags in study.index.score.index.drop(study.place.ags)):
        return tr(de=f"Alle {places_word(study)} liegen {where}. ", en=f"All {places_word(study)} are {where}. ")
    return tr(
        de=f"Von den {_number_dative(study)} liegt keine weitere {where}. "
        if study.place.level == "municipality"
        else f"Von den {_number_dative(study)} liegt kein weiterer {where}. ",
        en=f"Of the {places_word(study)} no other is {where}. ",
    )


def why(study: Study) -> str:
    """Whom the place is most like and least like; what it shares with the nearest peer and on what they differ."""
    found = study.neighbours
    group = study.peers or list(found.peers.index)
    distance = found.distance[[ags for ags in found.distance.index if ags in group]]
    if distance.empty:
        return tr(
            de=f"Für {named(study, 'accusative')} fehlen die Merkmale, an denen sich Ähnlichkeit messen ließe.",
            en=f"The variables by which likeness could be measured are missing for {named(study)}.",
        )
    nearest, farthest = str(distance.index[0]), str(found.distance.index[-1])
    far = fmt.number(distance.iloc[0], 2)
    parts = [
        tr(
            de=f"Am ähnlichsten ist {place_of(nearest)} ({far} auf der Skala von 0 = gleich bis 1 = {place_of(farthest)}, am "
            "unähnlichsten).",
            en=f"The most similar is {place_of(nearest)} ({far} on the scale from 0 = the same to 1 = {place_of(farthest)}, least "
            "alike).",
        )
    ]
    apart = found.differences.loc[nearest].abs().dropna().sort_values(kind="stable")
    variables = {variable.id: variable for variable in study.universe.alike}
    if len(apart) > 1:
        same, other = variables[str(apart.index[0])], variables[str(apart.index[-1])]
        parts.append(
            tr(
                de=f"Am nächsten liegen beide bei „{context_label(study, same)}“ ({_pair(study, same, nearest)}), am "
                f"weitesten auseinander bei „{context_label(study, other)}“ ({_pair(study, other, nearest)}).",
                en=f"The two are closest in “{context_label(study, same)}” ({_pair(study, same, nearest)}), farthest apart in "
                f"“{context_label(study, other)}” ({_pair(study, other, nearest)}).",
            )
        )
    return " ".join(parts)


def firmness_title(study: Study) -> str:
    """What `firmness` is about: nearest peers may come and go, given ones may leave out others."""
    if study.parameters.peers == "nearest":
        return tr(de="Wie fest die Gruppe ist", en="How firm the group is")
    return tr(de="Wer noch ähnlich ist", en="Who else is alike")


def firmness(study: Study) -> str:
    """How many peers stay when one variable is dropped and who is loosest; of a given group, which similar places are not
    in it; who could not be compared."""
    nearest = study.parameters.peers == "nearest"
    parts = [*([_stays(study), _next(study)] if nearest else [_not_chosen(study)]), _left_out(study)]
    return " ".join(part for part in parts if part)


def _stays(study: Study) -> str:
    found = study.neighbours
    n, repeats, firm = len(found.peers), fmt.count(found.repeats), len(found.firm)
    if n == 0 or found.repeats == 0:
        return ""
    loose = found.peers["stays"].sort_values(kind="stable")
    last = str(loose.index[0])
    few = {0: tr(de="keinem", en="none"), 1: tr(de="einem", en="one")}
    times = few.get(int(loose.iloc[0]), fmt.count(int(loose.iloc[0])))
    if n == 1:
        return tr(
            de=f"Lässt man je eines der {repeats} Merkmale weg, bleibt {place_of(last)} in {times} von {repeats} Fällen am "
            "nächsten.",
            en=f"With one of the {repeats} variables dropped at a time, {place_of(last)} stays nearest in {times} of {repeats} "
            "cases.",
        )
    if firm == n:
        return tr(
            de=f"Lässt man je eines der {repeats} Merkmale weg, bleiben alle {fmt.count(n)} Orte in der Gruppe: Sie hängt an "
            "keinem einzelnen.",
            en=f"With one of the {repeats} variables dropped at a time, all {fmt.count(n)} places stay in the group: it does "
            "not depend on any single one.",
        )
    verb = tr(de="bleiben" if firm > 1 else "bleibt", en="stay" if firm > 1 else "stays")
    who = {0: tr(de="keiner", en="none"), 1: tr(de="nur einer", en="only one")}.get(firm, fmt.count(firm))
    return tr(
        de=f"Lässt man je eines der {repeats} Merkmale weg, {verb} {who} der {fmt.count(n)} Orte immer in der Gruppe. Am "
        f"losesten gehört {place_of(last)} dazu: in {times} von {repeats} Fällen.",
        en=f"With one of the {repeats} variables dropped at a time, {who} of the {fmt.count(n)} places always {verb} in the "
        f"group. The loosest member is {place_of(last)}, in {times} of {repeats} cases.",
    )


def _next(study: Study) -> str:
    """The nearest place that is not in the group, with its distance and that of the last one in it."""
    found = study.neighbours
    outside = [str(ags) for ags in found.distance.index if ags not in found.peers.index and ags != study.place.ags]
    if not outside or not len(found.peers):
        return ""
    first, last = (fmt.number(found.distance[ags], 2) for ags in (outside[0], found.peers.index[-1]))
    if len(found.peers) == 1:
        return tr(
            de=f"Als Nächstes käme {place_of(outside[0])} ({first} nach {last}).",
            en=f"Next would be {place_of(outside[0])} ({first} after {last}).",
        )
    if first == last:
        return tr(
            de=f"Als Nächstes käme {place_of(outside[0])} (Abstand {first} wie beim letzten der Gruppe).",
            en=f"Next would be {place_of(outside[0])} (distance {first}, as for the last of the group).",
        )
    return tr(
        de=f"Als Nächstes käme {place_of(outside[0])} (Abstand {first}, nach {last} beim letzten der Gruppe).",
        en=f"Next would be {place_of(outside[0])} (distance {first}, after {last} for the last of the group).",
    )


def _not_chosen(study: Study) -> str:
    near = [str(ags) for ags in study.neighbours.peers.index]
    if not near:
        return ""
    outside = [ags for ags in near if ags not in study.peers]
    if not outside:
        return tr(
            de=f"Die {fmt.count(len(near))} Orte, die {named(study, 'dative')} am nächsten kommen, sind alle in der Gruppe.",
            en=f"The {fmt.count(len(near))} places closest to {named(study)} are all in the group.",
        )
    names = places_of(outside[:NAMED])
    more = tr(de=", der Reihe nach", en=", in this order") if len(outside) > 1 else ""
    return tr(
        de=f"Ähnlich, aber nicht in der Gruppe: {names}{more}.", en=f"Similar, but not in the group: {names}{more}."
    )


def _left_out(study: Study) -> str:
    found = study.neighbours
    parts = []
    if found.left_out:
        n = len(found.left_out)
        who = places_of(found.left_out) if n <= NAMED else tr(de=f"{fmt.count(n)} Orte", en=f"{fmt.count(n)} places")
        parts.append(
            tr(de=f"Zu wenige Merkmale für einen Vergleich: {who}.", en=f"Too few variables to be compared: {who}.")
        )
    if found.constant:
        variables = {variable.id: variable for variable in study.universe.alike}
        names = fmt.join([context_label(study, variables[name]) for name in found.constant])
        parts.append(tr(de=f"Überall gleich und darum ohne Wirkung: {names}.", en=f"The same everywhere: {names}."))
    return " ".join(parts)


def structure_title(study: Study) -> str:
    """The structural variable on which the place is farthest from the median of its peers; without peers, from the nearest."""
    found = study.neighbours
    group = study.peers or list(found.peers.index[:1])
    peers = [ags for ags in group if ags in found.differences.index]
    gaps = found.differences.loc[peers].median().abs().dropna()
    if gaps.empty:
        return tr(
            de=f"Für {named(study, 'accusative')} fehlen die Merkmale der Struktur",
            en=f"The structural variables are missing for {named(study)}",
        )
    variable = next(v for v in study.universe.alike if v.id == gaps.idxmax())
    own = study.context.at[study.place.ags, variable.id]
    median = study.context.loc[peers, variable.id].median()
    pair = f"{fmt.number(own, variable.decimals)} {tr(de='gegen', en='against')} "
    pair += _in_unit(study, variable, median)
    where = tr(de="im Median der Gruppe", en="in the median of the group")
    if len(peers) == 1:
        where = tr(de=f"bei {place_of(peers[0], 'dative')}", en=f"in {place_of(peers[0])}")
    return tr(
        de=f"Größter Unterschied der Struktur: {context_label(study, variable)}, {pair} {where}",
        en=f"Largest difference of structure: {context_label(study, variable)}, {pair} {where}",
    )


def peers_title(study: Study) -> str:
    """How near the peers are, and who of them stands best on the index."""
    scores = study.index.score[study.peers].dropna()
    best = str(scores.index[scores.argmax()])
    rank, n = fmt.integer(study.index.rank[best]), places_word(study)
    if len(study.peers) == 1:
        return tr(
            de=f"{capital(place_of(best))} steht im Index auf Rang {rank} der {n}",
            en=f"{capital(place_of(best))} ranks {_ordinal(int(study.index.rank[best]))} of the {n} in the index",
        )
    return tr(
        de=f"Bester der Vergleichsorte im Index ist {place_of(best)}: Rang {rank} der {n}",
        en=f"The best peer on the index is {place_of(best)}: rank {rank} of the {n}",
    )


def place_of(ags: str, case: Case = "nominative") -> str:
    """Another place within a sentence: `Essen`, `der Kreis Wesel`."""
    return place_name(register()[ags], case)


def places_of(ags: Sequence[str], case: Case = "nominative") -> str:
    """Other places within a sentence: `Essen und der Kreis Wesel`."""
    return fmt.join([place_of(a, case) for a in ags])


def standing_of(study: Study) -> Standing:
    """Where the place of the report stands among its peers."""
    return standing(study.index, study.certainty().simulation, study.place.ags, study.peers)


def _ordinal(rank: int) -> str:
    """`3rd`, `11th`, for English sentences."""
    ending = "th" if rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{fmt.integer(rank)}{ending}"


def _span(own: Standing) -> str:
    """`1 bis 4`, or `1`."""
    return f"{own.low}" if own.low == own.high else tr(de=f"{own.low} bis {own.high}", en=f"{own.low} to {own.high}")


def _chosen(study: Study, case: Case = "nominative") -> str:
    """The given peers: by name if they are few."""
    if len(study.peers) <= NAMED:
        return places_of(study.peers, case)
    n = fmt.count(len(study.peers))
    return tr(
        de=f"{n} gewählten {universe_places_dative(study.universe)}",
        en=f"{n} chosen {universe_places_word(study.universe)}",
    )


def _everyone(study: Study) -> str:
    """`allen 53 Kommunen`, after `mit` or `an`."""
    return tr(de=f"allen {_number_dative(study)}", en=f"all {places_word(study)}")


def _number_dative(study: Study) -> str:
    """`53 Kommunen`, `400 Kreisen`."""
    return f"{fmt.integer(len(study.index.score))} {universe_places_dative(study.universe)}"


def _pair(study: Study, variable: ContextVariable, other: str) -> str:
    """`7,6 gegen 6,9 %`: the place first."""
    values = study.context[variable.id]
    own = fmt.number(values[study.place.ags], variable.decimals)
    theirs = _in_unit(study, variable, values[other])
    return tr(de=f"{own} gegen {theirs}", en=f"{own} against {theirs}")


def _in_unit(study: Study, variable: ContextVariable, value: float) -> str:
    """The value with its unit; a bare scale such as 0–1 is none."""
    unit = context_unit(study, variable)
    return fmt.with_unit(value, "" if unit[:1].isdigit() else unit, variable.decimals)

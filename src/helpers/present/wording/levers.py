"""Sentences of the chapter *Gaps and levers* on what a change would do and who could make it."""

from collections.abc import Mapping

from helpers.analysis.gaps import opponents
from helpers.analysis.levers import INFLUENCED, Change, Lever, Levers, Outcome, Status, Together, levers_of
from helpers.analysis.study import Study
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import indicator_label, place_name
from helpers.present.wording.certainty import share_text
from helpers.present.wording.changes import limit_word, moved, one_peer, peers_word, points_apart, reason
from helpers.present.wording.phrases import capital, named, named_first

TWO_LINES = 112


def levers_title(study: Study, found: Levers) -> str:
    """The lever that gives most at the best value of the peers, and the rank that it would bring."""
    best = next((lever for lever in found.of(*INFLUENCED) if lever.at_best is not None), None)
    if best is None or best.at_best is None:
        if not found.of(*INFLUENCED):
            return tr(
                de=f"Kein Merkmal mit eigenem Wert ist zu beeinflussen: {named(study)}",
                en=f"No indicator with a value of its own can be influenced: {named(study)}",
            )
        return tr(
            de=f"Wo {named(study)} mitwirken kann, liegt kein Vergleichswert höher",
            en=f"Where {named(study)} has influence, no peer is ahead",
        )
    label, gain = indicator_label(study, best.ref), points_apart(best.at_best.score - found.score)
    now = study.certainty().ranks.loc[study.place.ags]
    rank = ""
    # A rank that the place takes in the variants anyway is no news.
    if not now["low"] <= best.at_best.rank <= now["high"]:
        rank = tr(
            de=f", Rang {fmt.integer(best.at_best.rank)} statt {fmt.integer(found.rank)}",
            en=f", rank {fmt.integer(best.at_best.rank)} instead of {fmt.integer(found.rank)}",
        )
    # The grey ones below the line may bring more: the title speaks of the others only.
    long, short = (
        tr(
            de=f"Von den beeinflussbaren Merkmalen brächte {german}„{label}“ am meisten: {gain}",
            en=f"Of what can be influenced, {english}“{label}” would bring most: {gain}",
        )
        for german, english in (("der Bestwert bei ", "the best value in "), ("", ""))
    )
    return next((words for words in (long + rank, short + rank) if len(words) <= TWO_LINES), short)


def levers_deck(study: Study, found: Levers) -> str:
    """How to read the chart of levers, and what is held as it is."""
    outside = ""
    if found.of("outside"):
        outside = tr(
            de=" Grau unter der Linie: was vor Ort nicht zu beeinflussen ist.",
            en=" Grey below the line: what cannot be influenced locally.",
        )
    if one_peer(study):
        return tr(
            de=f"Punkte, die {named(study)} gewänne, wenn ein Merkmal allein den Vergleichsort erreichte. Der ganze Index ist "
            f"jeweils neu gerechnet, alle anderen Orte bleiben, wie sie sind: eine Rechnung, keine Prognose.{outside}",
            en=f"Points that {named(study)} would gain if one indicator alone reached the value of the peer. The whole index "
            f"is computed anew each time, all other places stay as they are: arithmetic, no forecast.{outside}",
        )
    return tr(
        de=f"Punkte, die {named(study)} gewänne, wenn ein Merkmal allein den Median (kleiner Punkt) oder den besten Wert "
        f"(großer Punkt) {peers_word(study)} erreichte. Der ganze Index ist jeweils neu gerechnet, alle anderen Orte "
        f"bleiben, wie sie sind: eine Rechnung, keine Prognose.{outside}",
        en=f"Points that {named(study)} would gain if one indicator alone reached the median (small dot) or the best value "
        f"(large dot) {peers_word(study)}. The whole index is computed anew each time, all other places stay as they are: "
        f"arithmetic, no forecast.{outside}",
    )


def levers_subtitle(study: Study) -> str:
    """What the ranks at the end of the rows are."""
    n = fmt.integer(study.certainty().draws)
    return tr(
        de=f"In Klammern die Spanne des Rangs danach (5. bis 95. Perzentil) über {n} Varianten",
        en=f"In brackets the range of the rank after it (5th to 95th percentile) over {n} variants",
    )


def smallest_title(study: Study, found: Levers) -> str:
    """How many indicators would each be enough for the next rank."""
    usable = found.of(*INFLUENCED)
    n = sum(lever.next_rank is not None for lever in usable)
    if n == 0:
        return tr(
            de="Kein beeinflussbares Merkmal reicht allein für den nächsten Rang",
            en="No indicator that can be influenced is enough for the next rank alone",
        )
    if n == len(usable) > 1:
        return tr(
            de=f"Jedes der {fmt.count(n)} beeinflussbaren Merkmale reicht allein für den nächsten Rang",
            en=f"Each of the {fmt.count(n)} indicators that can be influenced is enough for the next rank alone",
        )
    of = fmt.count(len(usable))
    if len(usable) == 1:
        return tr(
            de="Das eine beeinflussbare Merkmal reicht allein für den nächsten Rang",
            en="The one indicator that can be influenced is enough for the next rank alone",
        )
    return tr(
        de=f"{'Eines' if n == 1 else capital(fmt.count(n))} von {of} beeinflussbaren Merkmalen "
        f"{'reicht' if n == 1 else 'reichen jeweils'} allein für den nächsten Rang",
        en=f"{capital(fmt.count(n))} of {of} indicators that can be influenced {'is' if n == 1 else 'are each'} enough for "
        "the next rank alone",
    )


def smallest_subtitle(study: Study) -> str:
    """What the columns of the table of smallest changes say."""
    return tr(
        de=f"Alle anderen Merkmale unverändert; Grenze: {limit_word(study)}; die kleinste Änderung ist die mit dem kleinsten "
        "Anteil an der Spanne vom schlechtesten zum besten Ort",
        en=f"All other indicators unchanged; limit: {limit_word(study)}; the smallest change is that with the least share of "
        "the span from the worst to the best place",
    )


def smallest(study: Study, found: Levers) -> str:
    """How far the next rank among all is, and the least change that gains it, in one indicator or in several; of the first
    place, what its pursuer needs."""
    near = opponents(study.index, study.place.ags, []).better
    if found.next_rank is None or near is None:
        return _pursuer(study)
    missing = points_apart(study.index.score[near] - found.score)
    distance = tr(
        de=f"Zum nächsten Rang fehlen {named(study, 'dative')} {missing}.",
        en=f"{named_first(study)} is {missing} short of the next rank.",
    )
    least = _least(study, found, found.next_rank, tr(de="den nächsten Rang", en="the next rank"))
    return " ".join(words for words in (distance, least, _even(study, found.next_rank)) if words)


def top_three(study: Study, found: Levers) -> str:
    """What would bring the place among the first three, or that nothing within the limits does."""
    if found.top is None or found.next_rank is None:
        return tr(
            de=f"{named_first(study)} liegt schon unter den ersten drei.",
            en=f"{named_first(study)} is among the top three already.",
        )
    if found.next_rank.target == found.top.target:
        return tr(
            de="Der nächste Rang ist schon einer der ersten drei.", en="The next rank is one of the top three already."
        )
    if not _reachable(found, "next_rank"):
        return tr(
            de="Damit sind auch die ersten drei Ränge außer Reichweite.",
            en="So the top three are out of reach as well.",
        )
    head = _least(study, found, found.top, tr(de="einen der ersten drei Ränge", en="one of the top three ranks"))
    return f"{head} {even}" if (even := _even(study, found.top)) else head


def _reachable(found: Levers, change: Change) -> bool:
    together: Together | None = getattr(found, change)
    return found.single(change) is not None or (together is not None and together.least is not None)


def influences(study: Study, found: Levers) -> str:
    """What a local authority can do about each indicator with a value of its own, in our declared judgement."""
    told: dict[str, list[str]] = {}
    for lever in [*found.of(*INFLUENCED), *found.of("outside")]:
        told.setdefault(reason(study, lever), []).append(indicator_label(study, lever.ref))
    if not told:
        return tr(
            de=f"Kein Wert gehört {named(study, 'dative')} allein.", en=f"No value is that of {named(study)} alone."
        )
    head = tr(de="Einfluss vor Ort, nach eigenem Urteil.", en="Local influence, in our judgement.")
    parts = [f"{capital(why)} ({', '.join(names)})." for why, names in told.items()]
    return " ".join([head, *parts])


def not_levers(study: Study, found: Levers) -> str:
    """Which indicators are no lever: not to be influenced locally, the district's, or without a value."""
    parts = []
    heads: dict[Status, tuple[str, str]] = {
        "outside": ("Nicht vor Ort zu beeinflussen", "Not to be influenced locally"),
        "inherited": (
            "Werte des Kreises, also kein Hebel der Kommune",
            "Values of the district, so no lever of the town",
        ),
        "missing": ("Ohne Wert", "Without a value"),
    }
    for status, (german, english) in heads.items():
        if names := [indicator_label(study, lever.ref) for lever in found.levers if lever.status == status]:
            parts.append(f"{tr(de=german, en=english)}: {', '.join(names)}.")
    return " ".join(parts) or tr(de="Alle Merkmale sind zu beeinflussen.", en="All indicators can be influenced.")


def _least(study: Study, found: Levers, together: Together, goal: str) -> str:
    """The least change for a goal: one indicator, several, or that it cannot be reached."""
    change: Change = "next_rank" if together is found.next_rank else "top"
    single = found.single(change)
    outcome: Outcome | None = getattr(single, change) if single else None
    if single is not None and outcome is not None:
        words, rank = moved(study, single, outcome.values[single.id]), fmt.integer(outcome.rank)
        return tr(
            de=f"Die kleinste einzelne Änderung für {goal} wäre {words}; das ergäbe Rang {rank}.",
            en=f"The smallest single change for {goal} would be {words}; that would give rank {rank}.",
        )
    if together.least is not None:
        words, rank = _changes(study, found, together.least.values), fmt.integer(together.least.rank)
        return tr(
            de=f"Keine einzelne Änderung reicht für {goal}; zusammen genügten {words} (Rang {rank}).",
            en=f"No single change is enough for {goal}; together these would do: {words} (rank {rank}).",
        )
    if together.furthest is None:
        return tr(
            de=f"Für {goal} gibt es keinen Hebel: Bei keinem Merkmal, auf das {named(study)} Einfluss hat, ist "
            f"{limit_word(study)} besser als der eigene Wert.",
            en=f"There is no lever for {goal}: on no indicator that {named(study)} has influence over is {limit_word(study)} "
            "better than its own value.",
        )
    n, rank = len(together.furthest.values), fmt.integer(together.furthest.rank)
    many = tr(
        de="dem einen Merkmal, bei dem" if n == 1 else f"{_all(n, dative=True)} Merkmalen, bei denen",
        en="the one indicator on which" if n == 1 else f"{_all(n)} indicators on which",
    )
    nearer = together.furthest.rank < found.rank
    end = tr(
        de=f"reichte es nur für Rang {rank}." if nearer else f"bliebe es bei Rang {rank}.",
        en=f"it would {'come no further than' if nearer else 'stay on'} rank {rank}.",
    )
    if one_peer(study):
        reached = tr(de="Auch mit dem Wert des Vergleichsorts", en="even with the value of the peer")
    else:
        reached = tr(
            de=f"Auch an der Schwelle zum besten Zehntel {peers_word(study)}",
            en=f"even at {limit_word(study)}",
        )
    return tr(
        de=f"Für {goal} reicht es nicht: {reached} bei {many} {named(study)} darunter liegt und mitwirken kann, {end}",
        en=f"Not enough for {goal}: {reached} in {many} {named(study)} is below it and has influence, {end}",
    )


def _all(n: int, *, dative: bool = False) -> str:
    """`beide`, `alle sechs`; in the dative `beiden`, `allen sechs`."""
    if n == 2:
        return tr(de="beiden" if dative else "beide", en="both")
    return tr(de=f"{'allen' if dative else 'alle'} {fmt.count(n)}", en=f"all {fmt.count(n)}")


def _even(study: Study, together: Together) -> str:
    """The share of the way to the limits that is enough if all levers move; empty where there is only one."""
    if together.even is None or len(together.even.values) < 2:
        return ""
    n, share = len(together.even.values), share_text(together.share)
    end = tr(de="zur Schwelle des besten Zehntels", en="to the threshold of the best tenth")
    if one_peer(study):
        end = tr(de="zum Vergleichsort", en="to the peer")
    return tr(
        de=f"Bewegten sich {_all(n)} Merkmale mit Spielraum zugleich, genügten {share} des Wegs {end}.",
        en=f"If {_all(n)} indicators with room moved at once, {share} of the way {end} would do.",
    )


def _pursuer(study: Study) -> str:
    """The first place: how far the next is behind, and the least change that would bring it level."""
    behind = opponents(study.index, study.place.ags, []).behind
    if behind is None:
        return tr(de="Es gibt keinen anderen Ort mit Punkten.", en="There is no other place with a score.")
    place = register()[behind]
    lead = study.index.score[study.place.ags] - study.index.score[behind]
    head = tr(
        de=f"Einen besseren Rang gibt es nicht; {named(study)} fiele zurück, sobald der Vorsprung von "
        f"{points_apart(lead, dative=True)} auf {place_name(place, 'accusative')} aufgezehrt ist.",
        en=f"There is no better rank; {named(study)} would fall back once the lead of {points_apart(lead)} over "
        f"{place_name(place)} is used up.",
    )
    found = levers_of(study, behind)
    if found.next_rank is None:
        return head
    single = found.single("next_rank")
    if single is not None and single.next_rank is not None:
        value = single.next_rank.values[single.id]
        words = moved(study, single, value)
        own, beyond = place_name(place), _beyond(study, single, value)
        move = "steigen" if value > single.value else "sinken"
        return head + tr(
            de=f" Dafür müsste {own} bei {words} {move}{beyond}.",
            en=f" For that, {own} would have to move {words}{beyond}.",
        )
    if found.next_rank.least is not None:
        words = _changes(study, found, found.next_rank.least.values)
        return head + tr(
            de=f" Keine einzelne Änderung reicht dafür; zusammen genügten dort {words}.",
            en=f" No single change is enough for that; together these would do there: {words}.",
        )
    return head + tr(
        de=" Mit dem, was sich dort beeinflussen lässt, ist das nicht zu erreichen.",
        en=" What can be influenced there would not be enough.",
    )


def _beyond(study: Study, lever: Lever, value: float) -> str:
    """Whether a value is better than that of the place and of every peer."""
    if not study.peers:
        return ""
    values = study.index.raw.loc[[study.place.ags, *study.peers], lever.id]
    low_is_good = study.index.construction.directions[lever.id] == "-"
    if value >= values.min() if low_is_good else value <= values.max():
        return ""
    own, than = named(study), "weniger" if low_is_good else "mehr"
    if one_peer(study):
        return tr(de=f", {than} als {own} und der Vergleichsort haben", en=f", beyond what {own} and the peer have")
    return tr(de=f", {than} als {own} und jeder Vergleichsort haben", en=f", beyond what {own} and any peer have")


def _changes(study: Study, found: Levers, values: Mapping[str, float]) -> str:
    levers = {lever.id: lever for lever in found.levers}
    # Labels contain "und" and "and": a semicolon keeps the list readable.
    return "; ".join(moved(study, levers[name], value) for name, value in values.items())

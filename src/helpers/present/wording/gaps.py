"""Sentences of the chapter *Gaps and levers* on the difference to other places and where it comes from."""

import pandas as pd

from helpers.analysis.gaps import Gap, gap, opponents
from helpers.analysis.index import INHERITED
from helpers.analysis.levers import levers_of
from helpers.analysis.study import Study
from helpers.analysis.uncertainty import win_probabilities
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import domain_name, indicator_label, place_name, title_of
from helpers.present.wording.certainty import share_text
from helpers.present.wording.changes import LEAST, instead, other_name, points_apart, signed
from helpers.present.wording.phrases import capital, named, named_first

LONGEST = 130


def finding(study: Study) -> str:
    """How far the next rank is and what the least change is that would gain it; for the first place its lead and why."""
    index, ags = study.index, study.place.ags
    near = opponents(index, ags, [])
    if near.better is None:
        return _lead(study, near.behind)
    missing = points_apart(index.score[near.better] - index.score[ags])
    found = levers_of(study)
    single = found.single("next_rank")
    head = tr(
        de=f"Zum nächsten Rang fehlen {named(study, 'dative')} {missing}",
        en=f"{named_first(study)} is {missing} short of the next rank",
    )
    if single is not None and single.next_rank is not None:
        label, change = indicator_label(study, single.ref), instead(study, single, single.next_rank)
        for words in (
            tr(de=f"{head}: so viel wie {change} bei „{label}“", en=f"{head}: as much as {change} in “{label}”"),
            tr(de=f"{head}: „{label}“ {change}", en=f"{head}: “{label}” {change}"),
        ):
            if len(words) <= LONGEST:
                return words
        return head
    together = found.next_rank
    if together is not None and together.least is not None:
        n = fmt.count(len(together.least.values))
        return head + tr(
            de=f"; kein einzelner Hebel reicht, {n} zusammen schon",
            en=f"; no single lever is enough, {n} together are",
        )
    if together is not None and together.furthest is not None:
        return head + tr(de=": mehr, als alle Hebel zusammen bringen", en=": more than all levers together would bring")
    return head + tr(de="; einen Hebel dafür hat es nicht", en="; it has no lever for that")


def _lead(study: Study, behind: str | None) -> str:
    """The first place: its lead over the next and the indicator that gives most of it."""
    if behind is None:
        return tr(de=f"{named_first(study)} steht allein", en=f"{named_first(study)} stands alone")
    second = register()[behind]
    found = gap(study.index, study.place.ags, behind)
    if found.total < 1e-9:
        return tr(
            de=f"{named_first(study)} teilt sich Rang 1 mit {place_name(second, 'dative')}",
            en=f"{named_first(study)} shares rank 1 with {place_name(second)}",
        )
    label = _label(study, str(found.parts.idxmax()))
    lead = points_apart(found.total, dative=True)
    return tr(
        de=f"{named_first(study)} führt mit {lead} vor {place_name(second, 'dative')}, am meisten durch „{label}“",
        en=f"{named_first(study)} leads {place_name(second)} by {lead}, most of all through “{label}”",
    )


def deck(study: Study, found: Gap) -> str:
    """How to read the waterfall, and who is compared."""
    own, other = title_of(study.place.ags), other_name(study, found)
    role = ""
    if found.other is not None:
        near = opponents(study.index, study.place.ags, study.peers)
        peer = tr(de="Vergleichsort", en="peer") if study.peers else tr(de="Ort", en="place")
        kinds = {
            near.behind: tr(de=f"der nächste {peer} dahinter", en=f"the next {peer} behind"),
            near.best: tr(de=f"der beste {peer}", en=f"the best {peer}"),
            near.better: tr(de=f"der nächstbessere {peer}", en=f"the next better {peer}"),
        }
        role = f" ({kinds[found.other]})" if found.other in kinds else ""
    basis = study.index.basis.loc[[place for place in (found.ags, found.other) if place is not None]]
    outlined = ""
    if (basis == INHERITED).any(axis=None):
        outlined = tr(
            de=" Nur umrandet: mindestens ein Wert ist der des Kreises.",
            en=" Outlined only: at least one value is that of the district.",
        )
    return tr(
        de=f"[{own}]{{.focus}} und [{other}]{{.peer}}{role}. Nach rechts: so viele Punkte liegt der andere bei diesem Merkmal "
        f"vorn; nach links: so viele zurück. Zusammen ergeben die Balken genau den Abstand.{outlined}",
        en=f"[{own}]{{.focus}} and [{other}]{{.peer}}{role}. To the right: points by which the other is ahead on this "
        f"indicator; to the left: behind. Together the bars are exactly the gap.{outlined}",
    )


def gap_subtitle(study: Study, found: Gap) -> str:
    """What a further waterfall shows; how to read it was said in `deck`."""
    own, other = title_of(study.place.ags), other_name(study, found)
    return tr(
        de=f"[{own}]{{.focus}} und der beste Vergleichsort, [{other}]{{.peer}}; Punkte je Merkmal wie oben"
        if study.peers
        else f"[{own}]{{.focus}} und der beste Ort, [{other}]{{.peer}}; Punkte je Merkmal wie oben",
        en=f"[{own}]{{.focus}} and the best {'peer' if study.peers else 'place'}, [{other}]{{.peer}}; points by indicator "
        "as above",
    )


def gap_title(study: Study, found: Gap) -> str:
    """By how much the place is behind or ahead of the other, and the indicator that counts most in this direction."""
    behind = found.total < 0
    other = register()[str(found.other)]
    distance = points_apart(abs(found.total))
    label = _label(study, str(found.parts.idxmin() if behind else found.parts.idxmax()))
    if found.total == 0:
        return tr(
            de=f"{named_first(study)} liegt gleichauf mit {place_name(other, 'dative')}",
            en=f"{named_first(study)} is level with {place_name(other)}",
        )
    head = tr(
        de=f"{named_first(study)} liegt {distance} {'hinter' if behind else 'vor'} {place_name(other, 'dative')}",
        en=f"{named_first(study)} is {distance} {'behind' if behind else 'ahead of'} {place_name(other)}",
    )
    against = _label(study, str(found.parts.idxmax() if behind else found.parts.idxmin()))
    opposed = (-1 if behind else 1) * found.parts
    long = head + tr(de=f", vor allem durch „{label}“", en=f", above all through “{label}”")
    both = long + tr(de=f"; dagegen steht „{against}“", en=f", against “{against}”")
    made = [both, long] if opposed.min() < -LEAST else [long]
    return next((words for words in made if len(words) <= LONGEST), head)


def what_it_means(study: Study, found: Gap) -> str:
    """In which domains each of the two is ahead, and by how many points."""
    ahead, behind = (_domains(found.domains[sign * found.domains > LEAST].abs()) for sign in (1, -1))
    own, other = named(study), place_name(register()[str(found.other)])
    if not ahead and not behind:
        return tr(
            de=f"In keinem Bereich trennt die beiden mehr als {fmt.number(LEAST)} Punkte.",
            en=f"No domain sets the two apart by more than {fmt.number(LEAST)} points.",
        )
    if not ahead:
        return capital(
            tr(
                de=f"{other} liegt vorn bei {behind}, {own} in keinem Bereich.",
                en=f"{other} is ahead in {behind}, {own} in no domain.",
            )
        )
    if not behind:
        return capital(
            tr(
                de=f"{own} liegt vorn bei {ahead}, {other} in keinem Bereich.",
                en=f"{own} is ahead in {ahead}, {other} in no domain.",
            )
        )
    return capital(
        tr(
            de=f"{other} liegt vorn bei {behind}; {own} bei {ahead}.",
            en=f"{other} is ahead in {behind}; {own} in {ahead}.",
        )
    )


def _domains(sums: pd.Series) -> str:
    """`Forschung (6,5 Punkte) und Infrastruktur (2,0)`."""
    ordered = sums.sort_values(ascending=False, kind="stable")
    words = [f"{domain_name(str(domain))} ({fmt.number(value)})" for domain, value in ordered.items()]
    if words:
        words[0] = words[0][:-1] + tr(de=" Punkte)", en=" points)")
    return fmt.join(words)


def how_certain(study: Study, found: Gap) -> str:
    """In how many of the variants the place is ahead of the other, and for which calculation the parts hold."""
    certainty = study.certainty()
    n, other = fmt.integer(certainty.draws), register()[str(found.other)]
    wins = win_probabilities(certainty.simulation, study.place.ags)["win"]
    if found.other not in wins.index:
        return tr(de="Die Teile gelten für die Grundrechnung.", en="The parts hold for the basic calculation.")
    share = share_text(float(wins[found.other]))
    return tr(
        de=f"Die Teile gelten für die Grundrechnung. In {share} ihrer {n} Varianten liegt {named(study)} vor "
        f"{place_name(other, 'dative')}, Gleichstand halb gezählt.",
        en=f"The parts hold for the basic calculation. In {share} of its {n} variants {named(study)} is ahead of "
        f"{place_name(other)}, ties counted half.",
    )


def to_median(study: Study, found: Gap) -> str:
    """The distance to a fictitious place with the median values of the peers, and the widest gap in each direction."""
    n = fmt.count(len(study.peers))
    who = tr(de="aller anderen Orte", en="of all other places")
    if study.peers:
        who = tr(
            de=f"der {n} Vergleichsorte" if len(study.peers) > 1 else "des Vergleichsorts",
            en=f"of the {n} peers" if len(study.peers) > 1 else "of the peer",
        )
    behind = found.total < 0
    distance = points_apart(abs(found.total))
    words = tr(
        de=f"Gegenüber einem gedachten Ort, der bei jedem Merkmal den Median {who} hat, liegt {named(study)} {distance} "
        f"{'zurück' if behind else 'vorn'}.",
        en=f"Against a fictitious place that has the median {who} on each indicator, {named(study)} is {distance} "
        f"{'behind' if behind else 'ahead'}.",
    )
    best, worst = str(found.parts.idxmax()), str(found.parts.idxmin())
    ends = []
    if found.parts[best] > LEAST:
        ends.append(
            tr(
                de=f"größter Vorsprung: „{_label(study, best)}“ ({signed(found.parts[best])})",
                en=f"largest lead: “{_label(study, best)}” ({signed(found.parts[best])})",
            )
        )
    if found.parts[worst] < -LEAST:
        ends.append(
            tr(
                de=f"größter Rückstand: „{_label(study, worst)}“ ({signed(found.parts[worst])})",
                en=f"widest gap: “{_label(study, worst)}” ({signed(found.parts[worst])})",
            )
        )
    return f"{words} {capital('; '.join(ends))}." if ends else words


def parts_subtitle(study: Study) -> str:
    """What the columns of the table of parts compare."""
    return tr(
        de=f"Punkte, um die {named(study)} vorn (+) oder zurück (−) liegt; die Teile ergeben zusammen den Abstand",
        en=f"Points by which {named(study)} is ahead (+) or behind (−); the parts sum to the gap",
    )


def _label(study: Study, indicator: str) -> str:
    return indicator_label(study, next(ref for ref in study.universe.indicators if ref.indicator == indicator))

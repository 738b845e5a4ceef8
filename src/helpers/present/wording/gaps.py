"""Sentences of the chapter *Gaps and levers* on the difference to other places and where it comes from."""

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.gaps import Gap, gap, opponents
from helpers.analysis.index import INHERITED
from helpers.analysis.ranking import DECIMALS
from helpers.analysis.study import Study
from helpers.analysis.uncertainty import win_probabilities
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import domain_name, indicator_label, place_name, title_of
from helpers.present.wording.certainty import share_text
from helpers.present.wording.changes import LEAST, no_value, one_peer, other_name, points_apart, signed
from helpers.present.wording.choice import with_weights
from helpers.present.wording.phrases import capital, named, named_first

LONGEST, TWO_LINES = 130, 112


def finding(study: Study) -> str:
    """The gap that the first figure shows, and the indicator that counts most in it."""
    compared = opponents(study.index, study.place.ags, study.peers).chosen
    if not compared:
        return tr(de=f"{named_first(study)} steht allein", en=f"{named_first(study)} stands alone")
    return gap_title(study, gap(study.index, study.place.ags, compared[0]))


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
        if one_peer(study) and found.other in study.peers:
            role = tr(de=" (der Vergleichsort)", en=" (the peer)")
    basis = study.index.basis.loc[[place for place in (found.ags, found.other) if place is not None]]
    outlined = ""
    if (basis == INHERITED).any(axis=None):
        outlined = tr(
            de=" Nur umrandet: mindestens ein Wert ist der des Kreises.",
            en=" Outlined only: at least one value is that of the district.",
        )
    return tr(
        de=f"[{own}]{{.focus}} und [{other}]{{.peer}}{role}. Nach rechts (+): so viele Punkte liegt {named(study)} bei "
        f"diesem Merkmal vorn; nach links (−): so viele zurück. Zusammen ergeben die Balken genau den Abstand."
        f"{outlined}{_without_value(found)}",
        en=f"[{own}]{{.focus}} and [{other}]{{.peer}}{role}. To the right (+): points by which {named(study)} is ahead on "
        f"this indicator; to the left (−): behind. Together the bars are exactly the gap.{outlined}{_without_value(found)}",
    )


def _comparable(found: Gap) -> pd.Series:
    """The parts of the indicators of which both have a value: nobody leads on what is not known."""
    return found.parts[found.values.notna() & found.other_values.notna()]


def _lacks(found: Gap) -> bool:
    """True if only one of the two has a value of some indicator."""
    return bool((found.values.isna() ^ found.other_values.isna()).any())


def _without_value(found: Gap) -> str:
    """Where one of the two has no value: what its part then is."""
    if not _lacks(found):
        return ""
    return tr(
        de=" „Ohne Wert“: Für einen der beiden zählt das Merkmal nicht; nur daraus entsteht sein Teil.",
        en=" “No value”: the indicator does not count for one of the two, and its part comes from that alone.",
    )


def gap_subtitle(study: Study, found: Gap) -> str:
    """What a further waterfall shows; how to read it was said in `deck`."""
    own, other = title_of(study.place.ags), other_name(study, found)
    kind = tr(de="Vergleichsort", en="peer") if study.peers else tr(de="Ort", en="place")
    lacking = ""
    if _lacks(found):
        lacking = tr(
            de=f"; „{no_value()}“: zählt für einen der beiden nicht, nur daraus entsteht sein Teil",
            en=f"; “{no_value()}”: does not count for one of the two, its part comes from that alone",
        )
    return tr(
        de=f"[{own}]{{.focus}} und der beste {kind}, [{other}]{{.peer}}; Punkte je Merkmal wie oben{lacking}",
        en=f"[{own}]{{.focus}} and the best {kind}, [{other}]{{.peer}}; points by indicator as above{lacking}",
    )


def gap_title(study: Study, found: Gap) -> str:
    """By how much the place is behind or ahead of the other, and the indicator that counts most in this direction."""
    behind = found.total < 0
    other = register()[str(found.other)]
    distance = points_apart(abs(found.total))
    if abs(found.total) < 10**-DECIMALS:
        return tr(
            de=f"{named_first(study)} liegt gleichauf mit {place_name(other, 'dative')}",
            en=f"{named_first(study)} is level with {place_name(other)}",
        )
    head = tr(
        de=f"{named_first(study)} liegt {distance} {'hinter' if behind else 'vor'} {place_name(other, 'dative')}",
        en=f"{named_first(study)} is {distance} {'behind' if behind else 'ahead of'} {place_name(other)}",
    )
    parts = (-1 if behind else 1) * _comparable(found)
    if not len(parts) or parts.max() <= 0:
        return head
    label, against = _label(study, str(parts.idxmax())), _label(study, str(parts.idxmin()))
    long = head + tr(de=f", vor allem durch „{label}“", en=f", above all through “{label}”")
    both = long + tr(de=f"; dagegen steht „{against}“", en=f", against “{against}”")
    if parts.min() < -LEAST and len(both) <= TWO_LINES:
        return both
    return long if len(long) <= LONGEST else head


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
        return tr(de=f"Die Teile gelten {with_weights(study)}.", en=f"The parts hold {with_weights(study)}.")
    share = share_text(float(wins[found.other]))
    return tr(
        de=f"Die Teile gelten {with_weights(study)}. In {share} der {n} Varianten liegt {named(study)} vor "
        f"{place_name(other, 'dative')}, Gleichstand halb gezählt.",
        en=f"The parts hold {with_weights(study)}. In {share} of the {n} variants {named(study)} is ahead of "
        f"{place_name(other)}, ties counted half.",
    )


def to_median(study: Study, found: Gap) -> str:
    """The distance to a fictitious place with the median values of the peers, and the widest gap in each direction; a
    single peer has no median, and the report does not ask for it."""
    n = fmt.count(len(study.peers))
    who = tr(de="aller anderen Orte", en="of all other places")
    if study.peers:
        who = tr(de=f"der {n} Vergleichsorte", en=f"of the {n} peers")
    behind = found.total < 0
    distance = points_apart(abs(found.total))
    words = tr(
        de=f"Gegenüber einem gedachten Ort, der bei jedem Merkmal den Median {who} hat, liegt {named(study)} {distance} "
        f"{'zurück' if behind else 'vorn'}.",
        en=f"Against a fictitious place that has the median {who} on each indicator, {named(study)} is {distance} "
        f"{'behind' if behind else 'ahead'}.",
    )
    parts = _comparable(found)
    if not len(parts):
        return words
    best, worst = str(parts.idxmax()), str(parts.idxmin())
    ends = []
    if parts[best] > LEAST:
        ends.append(
            tr(
                de=f"größter Vorsprung: „{_label(study, best)}“ ({signed(found.parts[best])})",
                en=f"largest lead: “{_label(study, best)}” ({signed(found.parts[best])})",
            )
        )
    if parts[worst] < -LEAST:
        ends.append(
            tr(
                de=f"größter Rückstand: „{_label(study, worst)}“ ({signed(found.parts[worst])})",
                en=f"widest gap: “{_label(study, worst)}” ({signed(found.parts[worst])})",
            )
        )
    return f"{words} {capital('; '.join(ends))}." if ends else words


def parts_subtitle(study: Study, gaps: Sequence[Gap]) -> str:
    """What the columns of the table of parts compare, and what a row is made of where one of the two has no value."""
    lacking = ""
    if any(_lacks(found) for found in gaps):
        lacking = tr(
            de=f"; „{no_value()}“: zählt für den genannten Ort nicht, nur daraus entsteht der Teil",
            en=f"; “{no_value()}”: does not count for the place named, the part comes from that alone",
        )
    return tr(
        de=f"Punkte, um die {named(study)} vorn (+) oder zurück (−) liegt; die Teile ergeben zusammen den Abstand{lacking}",
        en=f"Points by which {named(study)} is ahead (+) or behind (−); the parts sum to the gap{lacking}",
    )


def _label(study: Study, indicator: str) -> str:
    return indicator_label(study, next(ref for ref in study.universe.indicators if ref.indicator == indicator))

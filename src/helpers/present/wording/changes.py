"""Phrases on distances and changes that the sentences, charts and tables of *Gaps and levers* share."""

from helpers.analysis.gaps import Gap
from helpers.analysis.levers import Lever, Status
from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.language import current, tr
from helpers.present.names import indicator_label, indicator_unit, title_of

_STATUS: dict[Status, tuple[str, str]] = {
    "direct": ("in eigener Hand", "in its own hands"),
    "shared": ("teils in eigener Hand", "partly in its own hands"),
    "outside": ("nicht in eigener Hand", "not in its own hands"),
    "inherited": ("Wert des Kreises", "value of the district"),
    "missing": ("kein Wert", "no value"),
}
LEAST = 0.05
MOST_DECIMALS = 4


def signed(value: float) -> str:
    """`+3,6`, `−4,7`, `0,0`."""
    words = fmt.number(value)
    return f"+{words}" if value > 0 and words != fmt.number(0) else words


def points_apart(value: float, *, dative: bool = False) -> str:
    """A distance: `3,3 Punkte`, in the dative `3,3 Punkten`; very small ones are not rounded to nothing."""
    n = tr(de="n", en="") if dative else ""
    words = fmt.number(0.1) if value < LEAST else fmt.number(value)
    few = tr(de="weniger als ", en="less than ") if value < LEAST else ""
    return few + tr(de=f"{words} Punkte{n}", en=f"{words} points")


def influence_word(status: Status) -> str:
    """The declared influence of a local authority on an indicator, as a row label has it."""
    german, english = _STATUS[status]
    return tr(de=german, en=english)


def reason(study: Study, lever: Lever) -> str:
    """Why the place can or cannot move an indicator, in half a sentence."""
    if lever.status == "inherited":
        return tr(
            de="gilt für den ganzen Kreis, kein Hebel der Kommune",
            en="holds for the whole district, no lever of the town",
        )
    if lever.status == "missing":
        return tr(de="für diesen Ort fehlt der Wert", en="the value of this place is missing")
    return str(study.facts.indicators.at[lever.ref.key, f"influence_{current()}"])


def moved(study: Study, lever: Lever, value: float) -> str:
    """`„Haushalte mit Glasfaser“ von 12,1 auf 18,6 %`."""
    old, new = _apart(study, lever, value)
    unit, label = indicator_unit(study, lever.ref), indicator_label(study, lever.ref)
    return tr(de=f"„{label}“ von {old} auf {_unit(new, unit)}", en=f"“{label}” from {old} to {_unit(new, unit)}")


def decimals_apart(study: Study, lever: Lever, value: float) -> int:
    """The decimals of an indicator, or as many as tell another value from that of the place."""
    least = max(int(study.facts.indicators.at[lever.ref.key, "decimals"]), 1)
    if lever.value == value or lever.value != lever.value:
        return least
    apart = (d for d in range(least, MOST_DECIMALS) if fmt.number(lever.value, d) != fmt.number(value, d))
    return next(apart, MOST_DECIMALS)


def _apart(study: Study, lever: Lever, value: float) -> tuple[str, str]:
    """Both values with as many decimals as tell them apart."""
    decimals = decimals_apart(study, lever, value)
    return fmt.number(lever.value, decimals), fmt.number(value, decimals)


def _unit(number: str, unit: str) -> str:
    """A number with its unit as the language sets it."""
    if unit.startswith("%"):
        return number + tr(de=fmt.NARROW_SPACE, en="") + unit
    return f"{number} {unit}"


def one_peer(study: Study) -> bool:
    """True if the place is compared with a single other: there is no median and no best tenth of it."""
    return len(study.peers) == 1


def peers_word(study: Study) -> str:
    """Whose values are the yardstick, in the genitive: `der Vergleichsorte`, `des Vergleichsorts`, `aller anderen Orte`."""
    if one_peer(study):
        return tr(de="des Vergleichsorts", en="of the peer")
    if study.peers:
        return tr(de="der Vergleichsorte", en="of the peers")
    return tr(de="aller anderen Orte", en="of all other places")


def limit_word(study: Study) -> str:
    """What no change goes beyond: `die Schwelle zum besten Zehntel der Vergleichsorte`, `der Wert des Vergleichsorts`."""
    if one_peer(study):
        return tr(de="der Wert des Vergleichsorts", en="the value of the peer")
    whose = peers_word(study)
    return tr(de=f"die Schwelle zum besten Zehntel {whose}", en=f"the threshold of the best tenth {whose}")


def no_value() -> str:
    """What stands in the place of a value that there is none of."""
    return tr(de="ohne Wert", en="no value")


def other_name(study: Study, found: Gap) -> str:
    """The compared place as a label; the fictitious one is the median of the peers, or of all others."""
    if found.other is not None:
        return title_of(found.other)
    if one_peer(study):
        return tr(de="Vergleichsort", en="Peer")
    if study.peers:
        return tr(de="Median der Vergleichsorte", en="Median of the peers")
    return tr(de="Median aller anderen", en="Median of all others")

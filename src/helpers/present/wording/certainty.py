"""Sentences of the chapter *How certain is the rank?*: ranges, probabilities, what moves the rank."""

import pandas as pd

from helpers.analysis.certainty import NARROW, QUARTER, Certainty, certainty_of
from helpers.analysis.draws import Dirichlet, PlusMinus
from helpers.analysis.study import Study
from helpers.analysis.uncertainty import groups, not_separable
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import domain_name, indicator_label, universe_in
from helpers.present.wording.phrases import capital, named, named_first, titles

SOURCES = {
    "weights": ("Gewichte", "weights"),
    "normalisation": ("Skalierung", "scaling"),
    "aggregation": ("Art des Mittels", "kind of mean"),
    "treatment": ("Ausreißer-Regel", "outlier rule"),
    "imputation": ("Ersatz fehlender Werte", "imputation"),
    "inherited": ("Kreiswerte", "district values"),
    "left_out": ("ein Merkmal weniger", "one indicator less"),
}


def source_name(source: str) -> str:
    """A source of uncertainty, as a chart row or sentence has it."""
    german, english = SOURCES[source]
    return tr(de=german, en=english)


def prior_name(prior: Dirichlet | PlusMinus | None) -> str:
    """How the weights are drawn, in a few words."""
    if isinstance(prior, PlusMinus):
        share = fmt.percent(100 * prior.share, 0)
        return tr(de=f"jedes Gewicht ± {share}", en=f"each weight ± {share}")
    if prior is None or prior.concentration == 1:
        return tr(de="jede Gewichtung gleich wahrscheinlich", en="any weighting equally likely")
    return tr(de="Gewichte nahe gleich", en="weights close to equal")


def spread(low: float, high: float) -> str:
    """`Rang 1 bis 5`, `Rang 1`."""
    if low == high:
        return tr(de=f"Rang {fmt.integer(low)}", en=f"rank {fmt.integer(low)}")
    return tr(
        de=f"Rang {fmt.integer(low)} bis {fmt.integer(high)}", en=f"rank {fmt.integer(low)} to {fmt.integer(high)}"
    )


def share_text(share: float) -> str:
    """A probability as a whole percentage; beyond the ends it is said to be smaller or larger."""
    if 0 < share < 0.005:
        return tr(de="weniger als 1\u202f%", en="less than 1%")
    if 0.995 < share < 1:
        return tr(de="mehr als 99\u202f%", en="more than 99%")
    return fmt.percent(100 * share, 0)


def finding(study: Study) -> str:
    """The range of the rank in nine of ten alternatives, and out of how many."""
    row, n = _row(study), fmt.integer(study.rank_in(study.parameters.universe)[1])
    where = universe_in(study.universe)
    return tr(
        de=f"In neun von zehn Varianten liegt {named(study)} {where} auf {spread(row.low, row.high)} von {n}",
        en=f"In nine of ten variants {named(study)} is on {spread(row.low, row.high)} of {n} {where}",
    )


def deck(study: Study) -> str:
    """What varies between the alternatives of this index, and how the weights are drawn."""
    certainty = study.certainty()
    varied = [source_name(source) for source in certainty.simulation.assumptions.sources]
    n = fmt.integer(certainty.draws)
    return tr(
        de=f"{n} Rechenvarianten desselben Index verändern zugleich: {fmt.join(varied)}. Für die Gewichte gilt: "
        f"{prior_name(None)} (Dirichlet, α = 1). Die Spanne umfasst 90\u202f% der Varianten.",
        en=f"{n} variants of the same index change at once: {fmt.join(varied)}. For the weights: {prior_name(None)} "
        "(Dirichlet, α = 1). The range holds 90% of the variants.",
    )


def in_brief(study: Study) -> str:
    """The certainty of the rank for the first page: first place or range, in the report's universe."""
    row, certainty = _row(study), study.certainty()
    n, where = fmt.integer(certainty.draws), universe_in(study.universe)
    if row.top_1 >= 0.05:
        return tr(
            de=f"In {share_text(row.top_1)} von {n} Rechenvarianten liegt {named(study)} {where} auf Rang 1, in "
            f"{share_text(row.top_3)} unter den ersten drei.",
            en=f"In {share_text(row.top_1)} of {n} variants {named(study)} is first {where}, in {share_text(row.top_3)} "
            "among the top three.",
        )
    return tr(
        de=f"In neun von zehn der {n} Rechenvarianten liegt {named(study)} {where} auf {spread(row.low, row.high)}.",
        en=f"In nine of ten of the {n} variants {named(study)} is on {spread(row.low, row.high)} {where}.",
    )


def what_it_means(study: Study) -> str:
    """How the rank of equal weights lies in its range, and who cannot be told apart from the place."""
    row = _row(study)
    rank, median = int(row.reference), int(row["median"])
    if rank == median:
        place = tr(
            de=f"Rang {rank} ist auch der mittlere aller Varianten (Median).",
            en=f"Rank {rank} is also the middle one of all variants (median).",
        )
    else:
        weak = rank > median
        place = tr(
            de=f"Der Rang bei gleichen Gewichten, {rank}, liegt {'schlechter' if weak else 'besser'} als der mittlere aller "
            f"Varianten ({median}).",
            en=f"The rank with equal weights, {rank}, is {'worse' if weak else 'better'} than the middle one of all variants "
            f"({median}).",
        )
    place += _group(study)
    close = not_separable(study.certainty().simulation, study.place.ags)
    if not close:
        return place + tr(
            de=f" Von jedem anderen Ort ist {named(study)} klar zu trennen.",
            en=f" {named_first(study)} can be told apart from every other place.",
        )
    who = titles(close) if len(close) <= 4 else tr(de=f"{len(close)} Orten", en=f"{len(close)} places")
    return place + tr(
        de=f" Nicht zu trennen ist {named(study)} von {who}: Keiner liegt in 95\u202f% der Varianten vor dem anderen.",
        en=f" {named_first(study)} cannot be told apart from {who}: neither is ahead of the other in 95% of the variants.",
    )


def _group(study: Study) -> str:
    """Into how many groups the ranking falls, and in which the place is."""
    number = groups(study.certainty().simulation)
    n, own = int(number.max()), int(number[study.place.ags])
    if n == 1:
        return tr(
            de=" Die Rangliste lässt sich nicht in Gruppen trennen.", en=" The ranking cannot be split into groups."
        )
    mates = int((number == own).sum())
    return tr(
        de=f" Sicher trennen lassen sich nur {fmt.count(n)} Gruppen; {named(study)} gehört zur {own}. mit {fmt.integer(mates)} "
        "Orten.",
        en=f" Only {fmt.count(n)} groups can be told apart; {named(study)} is in number {own}, of {fmt.integer(mates)} places.",
    )


def how_certain(study: Study) -> str:
    """How exact the range itself is, and how much it hangs on the way the weights are drawn."""
    row = _row(study)
    narrow = _row(study, NARROW)
    ends = [f"{fmt.integer(row[f'{end}_from'])}–{fmt.integer(row[f'{end}_to'])}" for end in ("low", "high")]
    if row.low_from == row.low_to and row.high_from == row.high_to:
        exact = tr(
            de="Andere Zufallszahlen änderten die Spanne nicht.", en="Other random numbers would not change the range."
        )
    else:
        exact = tr(
            de=f"Mit anderen Zufallszahlen lägen die Enden der Spanne bei {ends[0]} und {ends[1]}.",
            en=f"With other random numbers the ends of the range would lie at {ends[0]} and {ends[1]}.",
        )
    return exact + tr(
        de=f" Wer die Gewichte für nahezu gleich hält, erhält {spread(narrow.low, narrow.high)}.",
        en=f" If the weights are held to be close to equal, the range is {spread(narrow.low, narrow.high)}.",
    )


def prior_rows(study: Study) -> list[tuple[str, pd.Series]]:
    """For each way to draw the weights its name and the place's row of the summary."""
    return [(capital(prior_name(prior)), _row(study, prior)) for prior in (None, NARROW, QUARTER)]


def prior_title(study: Study) -> str:
    """How much the range hangs on the way the weights are drawn."""
    widths = [int(row.high - row.low) + 1 for _, row in prior_rows(study)]
    if len(set(widths)) == 1:
        return tr(
            de=f"Die Spanne umfasst {fmt.count(widths[0])} Ränge, wie man die Gewichte auch zieht",
            en=f"The range spans {fmt.count(widths[0])} ranks, however the weights are drawn",
        )
    return tr(
        de=f"Je nach Vorwissen über die Gewichte umfasst die Spanne {min(widths)} bis {max(widths)} Ränge",
        en=f"Depending on what is held of the weights the range spans {min(widths)} to {max(widths)} ranks",
    )


def wins_title(study: Study, wins: pd.Series) -> str:
    """How often the place is ahead of its neighbours in the ranking, from the least to the most often beaten."""
    least, most = share_text(wins.min()), share_text(wins.max())
    span = least if least == most else tr(de=f"{least} bis {most}", en=f"{least} to {most}")
    many = fmt.count(len(wins))
    who = tr(
        de=f"seinen {many} Nachbarn" if len(wins) > 1 else "seinem Nachbarn",
        en=f"its {many} neighbours" if len(wins) > 1 else "its neighbour",
    )
    return tr(
        de=f"In {span} der Varianten liegt {named(study)} vor {who} in der Rangliste",
        en=f"In {span} of the variants {named(study)} is ahead of {who} in the ranking",
    )


def drivers_title(study: Study, focus: pd.DataFrame) -> str:
    """Which assumption moves the rank of the place most; an empty frame means that nothing does."""
    if focus.empty:
        return tr(
            de=f"Keine Annahme ändert den Rang: {named(study)}", en=f"No assumption changes the rank: {named(study)}"
        )
    top = focus["total"].sort_values(ascending=False, kind="stable")
    return tr(
        de=f"Am stärksten bewegt den Rang: {source_name(str(top.index[0]))} ({share_text(min(top.iloc[0], 1.0))} der Streuung)",
        en=f"What moves the rank most: {source_name(str(top.index[0]))} ({share_text(min(top.iloc[0], 1.0))} of the variance)",
    )


def left_out_title(study: Study, ranks: pd.DataFrame) -> str:
    """The largest change of the rank when one part of the index is left out."""
    own = int(study.index.rank[study.place.ags])
    change = (ranks["rank"] - own).abs()
    if not change.any():
        return tr(
            de=f"Kein Teil des Index ändert Rang {own}, wenn er fehlt",
            en=f"No part of the index changes rank {own} when left out",
        )
    row = ranks.loc[change.idxmax()]
    verb = tr(de="fiele" if row["rank"] > own else "stiege", en="would fall" if row["rank"] > own else "would rise")
    return tr(
        de=f"Ohne „{row['label']}“ {verb} {named(study)} auf Rang {fmt.integer(row['rank'])}",
        en=f"Without “{row['label']}” {named(study)} {verb} to rank {fmt.integer(row['rank'])}",
    )


def part_label(part: str, study: Study) -> str:
    """The name of a domain or indicator that is left out."""
    if part in study.index.domains.columns:
        return domain_name(part, start=True)
    return indicator_label(study, next(ref for ref in study.universe.indicators if ref.indicator == part))


def failures(certainty: Certainty) -> str:
    """How many alternatives could not be made, and why; empty if all could."""
    failed = certainty.simulation.failed
    if not failed:
        return ""
    n = sum(failed.values())
    reasons = "; ".join(f"{fmt.integer(count)} × {reason}" for reason, count in failed.items())
    return tr(
        de=f"{fmt.integer(n)} Varianten konnten nicht gerechnet werden: {reasons}.",
        en=f"{fmt.integer(n)} variants could not be made: {reasons}.",
    )


def _row(study: Study, prior: Dirichlet | PlusMinus | None = None) -> pd.Series:
    """The place's row of the summary under a prior of the weights."""
    parameters = study.parameters
    certainty = certainty_of(study.index, parameters.draws, parameters.seed, prior)
    return certainty.ranks.loc[study.place.ags]

"""Sentences of the chapter *How certain is the rank?*: ranges, probabilities, what moves the rank."""

import pandas as pd

from helpers.analysis.certainty import NARROW, QUARTER, Certainty
from helpers.analysis.draws import DEFAULT_PRIOR, PlusMinus, Prior
from helpers.analysis.study import Study
from helpers.analysis.uncertainty import not_separable
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import domain_name, indicator_label, universe_in
from helpers.present.wording.choice import with_weights
from helpers.present.wording.phrases import capital, named, named_first, titles

SOURCES = {
    "weights": ("Gewichte", "weights"),
    "normalisation": ("Skalierung", "scaling"),
    "aggregation": ("Art des Mittels", "kind of mean"),
    "treatment": ("Ausreißer-Regel", "outlier rule"),
    "imputation": ("Ersatz fehlender Werte", "filling of missing values"),
    "inherited": ("Kreiswerte", "district values"),
    "left_out": ("ein Merkmal weniger", "one indicator less"),
}

# Of these the name is a plural.
PLURAL = {"weights", "inherited"}


def source_name(source: str) -> str:
    """A source of uncertainty, as a chart row or sentence has it."""
    german, english = SOURCES[source]
    return tr(de=german, en=english)


def prior_name(prior: Prior | None) -> str:
    """How the weights are drawn, in a few words."""
    if isinstance(prior, PlusMinus):
        share = fmt.percent(100 * prior.share, 0)
        return tr(de=f"jedes Gewicht ± {share}", en=f"each weight ± {share}")
    alpha = fmt.integer(prior.concentration if prior else DEFAULT_PRIOR.concentration)
    if alpha == "1":
        return tr(de="beliebige Gewichte (α = 1)", en="any weights (α = 1)")
    return tr(de=f"Gewichte nahe gleich (α = {alpha})", en=f"weights close to equal (α = {alpha})")


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
        de=f"In mindestens neun von zehn Varianten liegt {named(study)} {where} auf {spread(row.low, row.high)} von {n}",
        en=f"In at least nine of ten variants {named(study)} is on {spread(row.low, row.high)} of {n} {where}",
    )


def deck(study: Study) -> str:
    """What varies between the alternatives of this index, and how the weights are drawn."""
    certainty = study.certainty()
    varied = [source_name(source) for source in certainty.simulation.assumptions.sources]
    n = fmt.integer(certainty.draws)
    return tr(
        de=f"In {n} Varianten desselben Index ändern sich zugleich: {fmt.join(varied)}. Für die Gewichte der "
        "Bereiche und der Merkmale in jedem Bereich ist jede Verteilung gleich wahrscheinlich (Dirichlet, α = 1). Die Spanne "
        "reicht vom 5. bis zum 95. Perzentil: Mindestens neun von zehn Varianten liegen in ihr.",
        en=f"In {n} variants of the same index change at once: {fmt.join(varied)}. For the weights of the domains, "
        "and of the indicators in each domain, any distribution is equally likely (Dirichlet, α = 1). The range goes from the "
        "5th to the 95th percentile: at least nine of ten variants lie in it.",
    )


def in_brief(study: Study) -> str:
    """The certainty of the rank for the first page: first place and range, in the report's universe; says what a range is."""
    row, certainty = _row(study), study.certainty()
    n, where = fmt.integer(certainty.draws), universe_in(study.universe)
    if row.top_1 >= 0.05:
        return tr(
            de=f"In {share_text(row.top_1)} von {n} Rechenvarianten mit beliebigen Gewichten liegt {named(study)} {where} auf "
            f"Rang 1, in {share_text(row.top_3)} unter den ersten drei, in mindestens neun von zehn auf "
            f"{spread(row.low, row.high)}: Das ist die Spanne.",
            en=f"In {share_text(row.top_1)} of {n} variants with any weights {named(study)} is first {where}, in "
            f"{share_text(row.top_3)} among the top three, in at least nine of ten on {spread(row.low, row.high)}: that is the "
            "range.",
        )
    return tr(
        de=f"In mindestens neun von zehn der {n} Rechenvarianten mit beliebigen Gewichten liegt {named(study)} {where} auf "
        f"{spread(row.low, row.high)}: Das ist die Spanne.",
        en=f"In at least nine of ten of the {n} variants with any weights {named(study)} is on "
        f"{spread(row.low, row.high)} {where}: that is the range.",
    )


def what_it_means(study: Study) -> str:
    """How the rank of equal weights lies in its range, and who cannot be told apart from the place."""
    row = _row(study)
    rank, median = int(row.reference), int(row["median"])
    if rank == median:
        place = tr(
            de=f"Rang {rank} ist auch der Median aller Varianten.",
            en=f"Rank {rank} is also the median of all variants.",
        )
    else:
        weak = rank > median
        place = tr(
            de=f"Rang {rank} {with_weights(study)} ist {'schlechter' if weak else 'besser'} als der Median aller Varianten "
            f"(Rang {median}).",
            en=f"Rank {rank} {with_weights(study)} is {'worse' if weak else 'better'} than the median of all variants "
            f"(rank {median}).",
        )
    close = not_separable(study.certainty().simulation, study.place.ags)
    if not close:
        return place + tr(
            de=f" Von jedem anderen Ort ist {named(study)} klar zu unterscheiden.",
            en=f" {named_first(study)} can be told apart from every other place.",
        )
    who = titles(close) if len(close) <= 4 else tr(de=f"{len(close)} Orten", en=f"{len(close)} places")
    return place + tr(
        de=f" Von {who} ist {named(study)} nicht klar zu unterscheiden: Keiner der beiden liegt in 95\u202f% der Varianten vorn.",
        en=f" {named_first(study)} cannot be told apart from {who}: neither is ahead of the other in 95% of the variants.",
    )


def how_certain(study: Study) -> str:
    """How exact the range itself is, and how much it hangs on the way the weights are drawn."""
    row = _row(study)
    narrow = _row(study, NARROW)
    ends = [_between(row[f"{end}_from"], row[f"{end}_to"]) for end in ("low", "high")]
    return tr(
        de=f"Bei unendlich vielen Varianten lägen die Enden der Spanne mit 95\u202f% Sicherheit bei {ends[0]} und {ends[1]}. Wer "
        f"die Gewichte für nahezu gleich hält, erhält {spread(narrow.low, narrow.high)}.",
        en=f"With infinitely many variants the ends of the range would lie, with 95% confidence, at {ends[0]} and {ends[1]}. If "
        f"the weights are held to be close to equal, the range is {spread(narrow.low, narrow.high)}.",
    )


def _between(low: float, high: float) -> str:
    """`12–14`, or `1` where both are the same."""
    return fmt.integer(low) if low == high else f"{fmt.integer(low)}–{fmt.integer(high)}"


def prior_rows(study: Study) -> list[tuple[str, pd.Series]]:
    """For each way to draw the weights its name and the place's row of the summary; inherited values apart at the end."""
    rows = [(capital(prior_name(prior)), _row(study, prior)) for prior in (None, NARROW, QUARTER)]
    if "inherited" in study.certainty().simulation.assumptions.sources:
        name = tr(
            de=f"{prior_name(None)}, Kreiswerte immer gezählt", en=f"{prior_name(None)}, district values always counted"
        )
        rows.append((capital(name), _row(study, inherited_varies=False)))
    return rows


def prior_title(study: Study) -> str:
    """How much the range hangs on the way the weights are drawn."""
    widths = [int(row.high - row.low) + 1 for _, row in prior_rows(study)]
    if len(set(widths)) == 1:
        return tr(
            de=f"Die Spanne umfasst {fmt.count(widths[0])} Ränge unter allen Annahmen",
            en=f"The range spans {fmt.count(widths[0])} ranks under all assumptions",
        )
    return tr(
        de=f"Je nach Annahme umfasst die Spanne {min(widths)} bis {max(widths)} Ränge",
        en=f"Depending on the assumptions the range spans {min(widths)} to {max(widths)} ranks",
    )


def wins_title(study: Study, wins: pd.Series) -> str:
    """How often the place is ahead of its neighbours in the ranking, from the least to the most often beaten."""
    least, most = share_text(wins.min()), share_text(wins.max())
    span = least if least == most else tr(de=f"{least} bis {most}", en=f"{least} to {most}")
    many = fmt.count(len(wins))
    who = tr(
        de=f"jedem einzelnen der {many} Nachbarn" if len(wins) > 1 else "seinem Nachbarn",
        en=f"each of its {many} neighbours" if len(wins) > 1 else "its neighbour",
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
    source = str(focus["total"].idxmax())
    alone, whole = (share_text(min(max(focus.at[source, kind], 0.0), 1.0)) for kind in ("first", "total"))
    return tr(
        de=f"{capital(source_name(source))} {'bewegen' if source in PLURAL else 'bewegt'} den Rang am stärksten: {alone} der "
        f"Varianz allein, {whole} mit Wechselwirkungen",
        en=f"{capital(source_name(source))} {'move' if source in PLURAL else 'moves'} the rank most: {alone} of the variance "
        f"alone, {whole} with interactions",
    )


def drivers_deck(study: Study) -> str:
    """What the shares of the variance are, and how to read the figure."""
    return tr(
        de=f"Die Annahmen hinter dem Rang von {named(study, 'dative')} werden einzeln und zusammen verändert. Der Punkt zeigt, "
        "welchen Anteil an den Schwankungen des Rangs (Varianz) eine Annahme allein hat, der Ring ihren Anteil samt dem, was "
        "erst im Zusammenspiel mit anderen entsteht (Wechselwirkungen).",
        en=f"The assumptions behind the rank of {named(study)} are changed one by one and together. The dot shows which share "
        "of the movements of the rank (variance) an assumption has alone, the ring its share with what arises only together "
        "with others (interactions).",
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
    alike = [str(label) for label in ranks.loc[ranks["rank"] == row["rank"], "label"]]
    part = fmt.join([tr(de=f"„{label}“", en=f"“{label}”") for label in alike], "or")
    if len(alike) > 2:
        part = tr(de=f"einen von {fmt.count(len(alike))} Teilen", en=f"one of {fmt.count(len(alike))} parts")
    verb = tr(de="fiele" if row["rank"] > own else "stiege", en="would fall" if row["rank"] > own else "would rise")
    return tr(
        de=f"Ohne {part} {verb} {named(study)} auf Rang {fmt.integer(row['rank'])}",
        en=f"Without {part} {named(study)} {verb} to rank {fmt.integer(row['rank'])}",
    )


def left_out_rows(parts: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rows for the figure from `LeaveOneOut.of`: label, rank and domain of each part with a rank; domains first, then by rank."""
    ranked = parts.dropna(subset="without")
    rows = pd.DataFrame(
        {
            "label": [part_label(str(part), study) for part in ranked.index],
            "rank": ranked["without"].astype(int),
            "domain": ranked["kind"] == "domain",
        },
        index=ranked.index,
    )
    return rows.sort_values(["domain", "rank"], ascending=[False, True], kind="stable")


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


def _row(study: Study, prior: Prior | None = None, inherited_varies: bool = True) -> pd.Series:
    """The place's row of the summary under other assumptions than those of the report."""
    return study.certainty(prior=prior, inherited_varies=inherited_varies).ranks.loc[study.place.ags]

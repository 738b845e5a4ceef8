"""Text alternatives of the maps, computed in the active language, and the data behind them."""

import pandas as pd

from helpers.analysis.index import MISSING
from helpers.analysis.study import Study
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.maps.key import limits
from helpers.present.names import domain_name, place_title, title_of, universe_places_word


def index_alt(study: Study, klass: pd.Series, *, hexagons: bool = False) -> str:
    """Kind of picture and set; focus value and rank; top and bottom; the classes; what is missing."""
    score = study.index.score.dropna().sort_values(ascending=False, kind="stable")
    n, word, areal = fmt.integer(len(klass)), universe_places_word(study.universe), study.universe.boundaries
    kind = tr(de="Flächenkarte" if areal else "Punktkarte", en="Choropleth map" if areal else "Dot map")
    if hexagons:
        kind = tr(de="Wabenkarte", en="Hexagon map")
    top = fmt.join([f"{_title(ags)} {fmt.number(score[ags])}" for ags in score.index[:3]])
    last = f"{_title(score.index[-1])} {fmt.number(score.iloc[-1])}"
    breaks = study.universe.class_breaks
    counts = [int((klass == number).sum()) for number in range(len(breaks) + 1)]
    fullest = counts.index(max(counts))
    ends, span = limits(breaks), limits(breaks)[fullest]
    parts = [
        tr(
            de=f"{kind}: offener Index, {n} {word} in fünf Klassen.",
            en=f"{kind}: open index, {n} {word}, five classes.",
        ),
        f"{title_of(study.place.ags)} {_score_and_rank(study.index.score, study.index.rank, study.place.ags)}.",
        tr(de=f"Vorn {top}; zuletzt {last}.", en=f"Ahead: {top}; last {last}."),
        tr(
            de=f"Die meisten ({fmt.integer(max(counts))}): {span} Punkte; {ends[-1]}: {fmt.integer(counts[-1])}, "
            f"{ends[0]}: {fmt.integer(counts[0])}.",
            en=f"Most ({fmt.integer(max(counts))}): {span} points; {ends[-1]}: {fmt.integer(counts[-1])}, "
            f"{ends[0]}: {fmt.integer(counts[0])}.",
        ),
        _absent(study, klass),
    ]
    return " ".join(part for part in parts if part)


def _absent(study: Study, klass: pd.Series) -> str:
    """What is missing: places without a score, else places with a gap in their indicators."""
    unknown = int(klass.isna().sum())
    partial = int((study.index.basis == MISSING).any(axis=1).sum())
    if unknown:
        return tr(
            de=f"Ohne Wert, schraffiert: {fmt.integer(unknown)}.", en=f"No value, hatched: {fmt.integer(unknown)}."
        )
    if partial:
        places = tr(
            de="einem Ort" if partial == 1 else f"{fmt.integer(partial)} Orten",
            en="one place" if partial == 1 else f"{fmt.integer(partial)} places",
        )
        return tr(de=f"Bei {places} fehlen einzelne Merkmale.", en=f"For {places} single indicators are missing.")
    return tr(de="Kein Wert fehlt.", en="No value is missing.")


def domains_alt(study: Study, klass: pd.DataFrame, inherited: pd.DataFrame) -> str:
    """As for the index: the focus in each domain, who is ahead in each, what is hatched."""
    index, ags = study.index, study.place.ags
    n, word = fmt.integer(len(klass)), universe_places_word(study.universe)
    own = ", ".join(
        f"{domain_name(d)} {_score_and_rank(index.domains[d], index.domain_rank[d], ags, short=True)}" for d in klass
    )
    ahead = ", ".join(_title(str(index.domains[d].idxmax())) for d in klass)
    hatched = [
        f"{domain_name(d, start=True)} {fmt.integer(inherited[d].sum())}" for d in klass if bool(inherited[d].any())
    ]
    gaps = [
        f"{domain_name(d, start=True)} {fmt.integer(klass[d].isna().sum())}" for d in klass if klass[d].isna().any()
    ]
    mark = tr(de="schraffiert", en="hatched") if study.universe.boundaries else tr(de="als Ring", en="as rings")
    parts = [
        tr(
            de=f"{_count(klass)} kleine Karten der {n} {word}, Punkte je Bereich.",
            en=f"{_count(klass)} small maps of the {n} {word}, points by domain.",
        ),
        f"{title_of(ags)}: {own}.",
        tr(de=f"Vorn in dieser Folge: {ahead}.", en=f"Ahead, in this order: {ahead}."),
        tr(
            de=f"Vom Kreis übernommen, {mark}: {', '.join(hatched)}.",
            en=f"District's values, {mark}: {', '.join(hatched)}.",
        )
        if hatched
        else "",
        tr(de=f"Ohne Wert: {', '.join(gaps)}.", en=f"No value: {', '.join(gaps)}.") if gaps else "",
    ]
    return " ".join(part for part in parts if part)


def _count(klass: pd.DataFrame) -> str:
    words = fmt.count(klass.shape[1])
    return words[0].upper() + words[1:]


def _title(ags: str) -> str:
    return place_title(register()[ags])


def _score_and_rank(score: pd.Series, rank: pd.Series, ags: str, *, short: bool = False) -> str:
    """`59,7 Punkte, Rang 1`; short: `68,3 (Rang 14)`."""
    if pd.isna(score[ags]):
        return tr(de="ohne Wert", en="without a value")
    points, place = fmt.number(score[ags]), fmt.integer(rank[ags])
    if short:
        return tr(de=f"{points} (Rang {place})", en=f"{points} (rank {place})")
    return tr(de=f"{points} Punkte, Rang {place}", en=f"{points} points, rank {place}")


def index_data(study: Study, klass: pd.Series) -> pd.DataFrame:
    """One row for each place in the order of the ranking: ags, name, score, rank, class (1 = lowest)."""
    frame = pd.DataFrame(
        {"name": study.names[klass.index], "score": study.index.score, "rank": study.index.rank, "class": klass + 1}
    )
    return _ordered(frame)


def domains_data(study: Study, klass: pd.DataFrame, inherited: pd.DataFrame) -> pd.DataFrame:
    """One row for each place and domain: as for the index, and whether all values are inherited."""
    frames = [
        pd.DataFrame(
            {
                "domain": domain,
                "name": study.names[klass.index],
                "score": study.index.domains[domain],
                "rank": study.index.domain_rank[domain],
                "class": klass[domain] + 1,
                "inherited": inherited[domain],
            }
        )
        for domain in klass
    ]
    return pd.concat([_ordered(frame) for frame in frames], ignore_index=True)


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.rename_axis("ags").reset_index()
    return frame.sort_values(["rank", "ags"], kind="stable", na_position="last").reset_index(drop=True)

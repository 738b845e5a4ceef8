"""What the explorer shows of a study: a head that is always there and one panel at a time, as HTML.

Panels are the charts of the report as SVG; the ranking alone is a table, because so many rows take too long to draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import pandas as pd

from helpers.analysis.gaps import gap, opponents
from helpers.analysis.readers_weights import ReadersWeights
from helpers.analysis.selection import CUT, shown_places
from helpers.analysis.study import Study
from helpers.present import charts, fmt, maps
from helpers.present.drawing import Drawing
from helpers.present.inline import parse_runs, to_html
from helpers.present.language import tr
from helpers.present.names import domain_name, domain_short, title_of, universe_in
from helpers.present.style import BREAKS, COLOR, ON_RAMP, RAMP, class_of, svg
from helpers.present.wording import certainty as certain
from helpers.present.wording import choice as departing
from helpers.present.wording import gaps, glance, ranking
from helpers.present.wording.phrases import named, named_first, points

STYLE = f"""<style>
.cr-explorer {{ color: {COLOR["ink"]}; font-family: "Source Sans Pro", "Source Sans 3", sans-serif; line-height: 1.4; }}
.cr-explorer svg {{ width: 100%; max-width: 46rem; height: auto; }}
.cr-explorer h4 {{ margin: .4rem 0; }} .cr-explorer p {{ margin: .3rem 0; max-width: 46rem; }}
.cr-explorer table {{ border-collapse: collapse; font-size: 90%; font-variant-numeric: tabular-nums; }}
.cr-explorer td, .cr-explorer th {{ padding: .05em .6em; text-align: right; }}
.cr-explorer td:nth-child(2), .cr-explorer th:nth-child(2) {{ text-align: left; white-space: nowrap; }}
.cr-explorer thead th {{ position: sticky; top: 0; background: {COLOR["paper"]}; }}
.cr-explorer .rows {{ max-height: 36rem; max-width: 60rem; overflow: auto; }}
.cr-explorer .big {{ font-size: 200%; font-weight: 700; color: {COLOR["accent"]}; }}
.cr-explorer .focus, .cr-explorer .cr-focus {{ color: {COLOR["accent"]}; font-weight: 700; }}
.cr-explorer .peer, .cr-explorer .cr-peer {{ color: {COLOR["peer"]}; font-weight: 600; }}
.cr-explorer .cr-strong {{ font-weight: 700; }} .cr-explorer tr.focus {{ background: {COLOR["wash"]}; }}
.cr-explorer .track {{ display: block; position: relative; width: 11rem; height: .8em; }}
.cr-explorer .track i {{ position: absolute; top: .3em; height: .2em; background: currentColor; }}
.cr-explorer .track b {{ position: absolute; top: .1em; width: .6em; height: .6em; margin-left: -.3em;
  border-radius: 50%; background: currentColor; }}
</style>"""


@dataclass(frozen=True)
class View:
    """A study with all that a panel may need; `top` is the k of "among the first k"."""

    study: Study
    readers: ReadersWeights
    top: int


def head(view: View) -> str:
    """Rank, points, range and the share of all weightings with the place among the first k."""
    study = view.study
    row = study.certainty().ranks.loc[study.place.ags]
    rank, n = study.rank_in(study.parameters.universe)
    score = points(float(study.index.score[study.place.ags]))
    spread = certain.spread(row.low, row.high)
    where = universe_in(study.universe)
    words = tr(
        de=f"{score}; in neun von zehn Varianten auf {spread}. {_readers(view)}",
        en=f"{score}; in nine of ten variants on {spread}. {_readers(view)}",
    )
    big = f'<span class="big">{escape(fmt.integer(rank))}</span>'
    of = tr(de=f"von {fmt.integer(n)} {where}", en=f"of {fmt.integer(n)} {where}")
    notice = departing.notice(study)
    return _framed(
        f"<p><b>{escape(title_of(study.place.ags))}</b> {big} {escape(of)}</p><p>{escape(words)}</p>"
        + (f"<p>{to_html(parse_runs(notice))}</p>" if notice else "")
    )


def _readers(view: View) -> str:
    share, low, high = view.readers.share(view.study.place.ags, view.top)
    held, ends = certain.share_text(share), f"{fmt.percent(100 * low)}–{fmt.percent(100 * high)}"
    k = fmt.integer(view.top)
    return tr(
        de=f"Unter den ersten {k} in {held} aller Gewichtungen (95-%-Intervall der Ziehung: {ends}).",
        en=f"Among the first {k} in {held} of all weightings (95 % interval of the sampling: {ends}).",
    )


def ranking_panel(view: View) -> str:
    """All places (of many a fair cut) with points, range of the rank and points by domain."""
    study, ranges = view.study, view.study.certainty().ranks
    last = int(study.index.rank.notna().sum())
    heads = [
        tr(de="Rang", en="Rank"),
        tr(de="Ort", en="Place"),
        tr(de="Punkte", en="Points"),
        tr(de=f"Spanne des Rangs, 1 bis {last}", en=f"Range of the rank, 1 to {last}"),
        *(domain_short(domain) for domain in study.index.domains),
    ]
    body = "".join(_row(study, ags, ranges, last) for ags in shown_places(study))
    top = "".join(f"<th>{escape(name)}</th>" for name in heads)
    title = escape(ranking.finding(study))
    return _framed(
        f'<h4>{title}</h4><div class="rows"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(study: Study, ags: str, ranges: pd.DataFrame, last: int) -> str:
    index = study.index
    if ags == CUT:
        return f'<tr><td>…</td><td colspan="{3 + len(index.domains.columns)}"></td></tr>'
    kind = "focus" if ags == study.place.ags else "peer" if ags in study.peers else "other"

    def at(rank: float) -> float:
        return 100 * (rank - 1) / max(last - 1, 1)

    first, final = int(ranges.at[ags, "low"]), int(ranges.at[ags, "high"])
    low, high, dot = at(first), at(final), at(int(index.rank[ags]))
    said = f"{first}–{final}"
    track = (
        f'<span class="track" title="{said}"><i style="left:{low:.1f}%;width:{max(high - low, 0.5):.1f}%"></i>'
        f'<b style="left:{dot:.1f}%"></b></span>'
    )
    cells = [fmt.integer(index.rank[ags]), escape(title_of(ags)), fmt.number(index.score[ags]), track]
    plain = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr class="{kind}">{plain}{"".join(_heat(float(value)) for value in index.domains.loc[ags])}</tr>'


def _heat(value: float) -> str:
    if pd.isna(value):
        return f"<td>{fmt.MISSING}</td>"
    shade = class_of(value, BREAKS["domain_score"])
    return f'<td style="background:{RAMP[shade]};color:{ON_RAMP[shade]}">{fmt.integer(value)}</td>'


def map_panel(view: View) -> str:
    """The map of the index."""
    return _drawn(glance.map_title(view.study), maps.index_map(view.study))


def profile_panel(view: View) -> str:
    """The place among all others on each indicator."""
    return _drawn(ranking.profile_title(view.study), charts.profile(view.study))


def gaps_panel(view: View) -> str:
    """The way to the score of the next better place, or from the one behind."""
    study = view.study
    near = opponents(study.index, study.place.ags, study.peers)
    other = near.better or near.behind
    if other is None:
        return _framed(
            f"<p>{escape(tr(de='Es gibt keinen Ort zum Vergleich.', en='There is no place to compare with.'))}</p>"
        )
    found = gap(study.index, study.place.ags, other)
    return _drawn(gaps.gap_title(study, found), charts.waterfall(study, found), gaps.deck(study, found))


def ranks_panel(view: View) -> str:
    """How often the place takes each rank: in the variants of the report, and where the weights alone vary."""
    study, ags = view.study, view.study.place.ags
    own = view.readers.simulation.made[view.readers.simulation.units.get_loc(ags)]
    weights_only = pd.Series(own).value_counts(normalize=True).sort_index()
    drawing = charts.rank_distribution(
        study,
        charts.Spread(tr(de="alles ändert sich", en="everything varies"), study.certainty().shares(ags)),
        charts.Spread(tr(de="nur die Gewichte", en="the weights only"), weights_only),
    )
    return _drawn(certain.finding(study), drawing)


def weights_panel(view: View) -> str:
    """Readers' weights: the share of all weightings for several k, and which weights put the place there."""
    ags = view.study.place.ags
    n = len(view.readers.simulation.units)
    rows = []
    for k in sorted({1, 3, 5, 10, 20, view.top} & set(range(1, n + 1))):
        share, low, high = view.readers.share(ags, k)
        mark = ' class="focus"' if k == view.top else ""
        ends = f"{fmt.percent(100 * low)}–{fmt.percent(100 * high)}"
        rows.append(f"<tr{mark}><td>{fmt.integer(k)}</td><td>{fmt.percent(100 * share)}</td><td>{ends}</td></tr>")
    heads = (
        tr(de="unter den ersten", en="among the first"),
        tr(de="Anteil der Gewichtungen", en="share of the weightings"),
        tr(de="Genauigkeit (95 %)", en="sampling error (95%)"),
    )
    top = "".join(f"<th>{escape(word)}</th>" for word in heads)
    draws = fmt.integer(view.readers.simulation.valid.sum())
    deck = tr(
        de=f"{draws} Gewichtungen der Bereiche und der Merkmale in jedem Bereich, alle gleich wahrscheinlich; Skalierung und "
        "Mittel bleiben wie gewählt.",
        en=f"{draws} weightings of the domains and of the indicators in each domain, all equally likely; scale and mean stay "
        "as chosen.",
    )
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return _framed(f"<h4>{escape(weights_title(view))}</h4><p>{escape(deck)}</p>{table}<p>{escape(_needed(view))}</p>")


def weights_title(view: View) -> str:
    """In which share of all weightings the place is among the first k."""
    share, _, _ = view.readers.share(view.study.place.ags, view.top)
    k, where = fmt.integer(view.top), universe_in(view.study.universe)
    return tr(
        de=f"In {certain.share_text(share)} aller Gewichtungen liegt {named(view.study)} {where} unter den ersten {k}",
        en=f"In {certain.share_text(share)} of all weightings {named(view.study)} is among the first {k} {where}",
    )


def _needed(view: View) -> str:
    """Which domains count for more where the place is among the first k than where it is not."""
    needed = view.readers.needed(view.study.place.ags, view.top)
    k = fmt.integer(view.top)
    if needed.isna().any(axis=None):
        always = needed["inside"].notna().all()
        return tr(
            de=f"{named_first(view.study)} ist {'in jeder' if always else 'in keiner'} dieser Gewichtungen unter den ersten {k}.",
            en=f"{named_first(view.study)} is among the first {k} in {'each' if always else 'none'} of these weightings.",
        )
    moved = (needed["inside"] - needed["outside"]).abs().sort_values(ascending=False, kind="stable")
    parts = []
    for domain in moved.index[:2]:
        inside, outside = (fmt.percent(100 * needed.at[domain, column], 0) for column in ("inside", "outside"))
        name = domain_name(str(domain))
        parts.append(
            tr(de=f"{name} im Mittel {inside}, sonst {outside}", en=f"{name} {inside} on average, else {outside}")
        )
    return tr(
        de=f"Wo der Ort unter den ersten {k} liegt, zählt {fmt.join(parts)}.",
        en=f"Where the place is among the first {k}, the weights are: {fmt.join(parts)}.",
    )


def _drawn(title: str, drawing: Drawing, deck: str = "") -> str:
    picture = svg(drawing.figure)
    picture = picture[picture.index("<svg") :].replace(
        "<svg ", f'<svg role="img" aria-label="{escape(drawing.alt)}" ', 1
    )
    words = f"<p>{to_html(parse_runs(deck))}</p>" if deck else ""
    return _framed(f"<h4>{escape(title)}</h4>{words}{picture}")


def _framed(body: str) -> str:
    return f'{STYLE}<div class="cr-explorer">{body}</div>'


PANELS: dict[str, Callable[[View], str]] = {
    "ranking": ranking_panel,
    "map": map_panel,
    "profile": profile_panel,
    "gaps": gaps_panel,
    "ranks": ranks_panel,
    "weights": weights_panel,
}


def panel_name(panel: str) -> str:
    """The title of a panel's tab."""
    return {
        "ranking": tr(de="Rangliste", en="Ranking"),
        "map": tr(de="Karte", en="Map"),
        "profile": tr(de="Profil", en="Profile"),
        "gaps": tr(de="Abstand", en="Gaps"),
        "ranks": tr(de="Spanne", en="Range"),
        "weights": tr(de="Gewichte", en="Weights"),
    }[panel]

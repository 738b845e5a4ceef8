"""Peers: where the place stands within the distribution of its peers, indicator by indicator."""

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from helpers.analysis.index import INHERITED
from helpers.analysis.peer_group import positions
from helpers.analysis.study import Study
from helpers.data.definition import Indicator
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.charts.profile import LINE_STEP, wrap
from helpers.present.charts.ranking import fitting_name, shorten
from helpers.present.charts.strips import focus_dot
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.names import (
    indicator_label,
    indicator_unit,
    place_name,
    place_title,
    remark,
    title_of,
    universe_places_word,
)
from helpers.present.style import (
    BASE_PT,
    BOLD,
    COLOR,
    LINE_PT,
    MARK_PT,
    REGULAR,
    SEMIBOLD,
    SMALL_PT,
    WIDTH_MM,
    text_width_mm,
)

HEAD = 6.0
ROW = 12.8
NAME_WIDTH = 50.0
LEFT, RIGHT = 55.0, 124.0
VALUE_X, MEDIAN_X = 140.5, 153.0
BIN = 1.7
STACK_HEIGHT = 5.2
TICK = 6.0
OTHERS = 3.0
CROWDED = 30  # more peers than this are drawn with smaller dots
FEWEST = 3  # fewer peers than this make no scale: all places do
GAP = 3.0  # between the labels of the two ends
OWN_SHARE = 0.62  # of their room, for the name of the place where both do not fit in full


def peer_positions(study: Study) -> Drawing:
    """A row for each indicator (170 mm wide): the peers as dots, their median as a tick, the place among them.

    Each row runs from the weakest to the strongest value of the group, both named; with one or two peers, of all places,
    the others as grey ticks. An open ring is a value taken over from the district. At the right the value of the place, the
    median of its peers (the value of a single one) and its rank within the group. Raises ValueError if there are no peers.
    """
    if not study.peers:
        raise ValueError("no peers: there is no group to show the place in")
    found = positions(study.index, study.place.ags, study.peers)
    canvas = Canvas(WIDTH_MM["full"], HEAD + ROW * len(found) + 1)
    _head(canvas, study)
    y = HEAD
    for domain in study.universe.domains:
        canvas.line([0, canvas.width], [y, y], color=COLOR["ink2"], width=LINE_PT["rule_light"])
        for ref in domain.indicators:
            _row(canvas, study, ref, found.loc[ref.indicator], y + ROW / 2)
            y += ROW
    return canvas.finish(_alt(study, found), _data(study))


def _head(canvas: Canvas, study: Study) -> None:
    canvas.text(LEFT, 3.4, tr(de="Schwächster Wert", en="Weakest value"))
    whole = tr(de="Stärkster Wert der Gruppe", en="Strongest value of the group")
    if len(study.peers) < FEWEST:
        whole = tr(de=f"Stärkster Wert der {_all(study)}", en=f"Strongest value of the {_all(study)}")
    canvas.text(RIGHT, 3.4, whole, align="right")
    # In full or without its type, never cut: `Landkreis …` would name no place.
    names = [place_title(study.place), str(study.names[study.place.ags]), tr(de="Wert", en="Value")]
    name = next((n for n in names if text_width_mm(n, SMALL_PT, BOLD) < VALUE_X - RIGHT - 1), names[-1])
    canvas.text(VALUE_X, 3.4, name, align="right", weight=BOLD, color=COLOR["accent"])
    if len(study.peers) == 1:
        peer = fitting_name(study, study.peers[0], MEDIAN_X - VALUE_X - 1, SEMIBOLD)
        canvas.text(MEDIAN_X, 3.4, peer, align="right", color=COLOR["peer"], weight=SEMIBOLD)
    else:
        label = canvas.text(MEDIAN_X, 3.4, "Median", align="right", color=COLOR["peer"])
        canvas.line([label.left - 0.8] * 2, [1.0, 3.9], color=COLOR["peer"], width=LINE_PT["peer"])
    canvas.text(canvas.width, 3.4, tr(de="Rang", en="Rank"), align="right")


def _row(canvas: Canvas, study: Study, ref: Indicator, found: pd.Series, y: float) -> None:
    index, ags, key = study.index, study.place.ags, ref.indicator
    _name(canvas, study, ref, y)
    group = index.raw.loc[[ags, *study.peers], key].dropna()
    scale = index.raw[key].dropna() if len(study.peers) < FEWEST else group
    if scale.empty:
        canvas.text(LEFT, y + 0.9, tr(de="für keinen Ort ein Wert", en="no value for any place"))
        return
    less = study.facts.indicators.at[ref.key, "direction"] == "-"
    worst, best = (scale.max(), scale.min()) if less else (scale.min(), scale.max())
    span = best - worst

    def position(value: float) -> float:
        return LEFT + (RIGHT - LEFT) * ((value - worst) / span if span else 0.5)

    line = y - 2.2
    canvas.line([LEFT, RIGHT], [line, line], color=COLOR["track"], width=LINE_PT["axis"])
    for value in scale.drop(group.index):
        canvas.line([position(value)] * 2, [line - OTHERS / 2, line + OTHERS / 2], color=COLOR["mark"], z=2)
    _dots(canvas, study, key, group.drop(ags, errors="ignore").map(position), line)
    if not pd.isna(found["median"]) and len(study.peers) > 1:
        x = position(found["median"])
        canvas.line([x, x], [line - TICK / 2, line + TICK / 2], color=COLOR["peer"], width=LINE_PT["peer"], z=5)
    if ags in group.index:
        focus_dot(canvas, position(group[ags]), line, ring=index.basis.at[ags, key] == INHERITED)
    if span:
        _ends(canvas, study, ref, scale[scale == worst], scale[scale == best], y + 4.3)
    else:
        words = tr(de=f"alle {_number(study, ref, best)}", en=f"all {_number(study, ref, best)}")
        canvas.text((LEFT + RIGHT) / 2, y + 4.3, words, align="center")
    _numbers(canvas, study, ref, found, y - 0.6)


def _name(canvas: Canvas, study: Study, ref: Indicator, y: float) -> None:
    lines = wrap(indicator_label(study, ref), NAME_WIDTH)
    top = y - 0.6 if len(lines) == 1 else y - 2.6
    for number, line in enumerate(lines):
        canvas.text(0, top + LINE_STEP * number, line, size=BASE_PT, color=COLOR["ink"])
    less = study.facts.indicators.at[ref.key, "direction"] == "-"
    reversed_ = tr(de=", weniger ist besser", en=", less is better") if less else ""
    words = f"{indicator_unit(study, ref)}, {fmt.period(ref.period)}{reversed_}"
    canvas.text(0, top + LINE_STEP * len(lines) - 0.3, words)


def _dots(canvas: Canvas, study: Study, key: str, places: pd.Series, y: float) -> None:
    """The peers, those at one spot piled around the line; open rings where the value is the district's."""
    columns: dict[int, list[str]] = defaultdict(list)
    for ags, x in places.items():
        columns[round((x - LEFT) / BIN)].append(str(ags))
    size = MARK_PT["peer"] * (0.7 if len(study.peers) > CROWDED else 1.0)
    groups: dict[bool, list[tuple[float, float]]] = defaultdict(list)
    for members in columns.values():
        pitch = min(BIN, STACK_HEIGHT / max(len(members) - 1, 1))
        for number, ags in enumerate(members):
            offset = (1 if number % 2 else -1) * ((number + 1) // 2) * pitch
            groups[study.index.basis.at[ags, key] == INHERITED].append((float(places[ags]), y + offset))
    for inherited, points in groups.items():
        xs, ys = [x for x, _ in points], [y for _, y in points]
        stroke = MARK_PT["ring_inherited_stroke"] if inherited else MARK_PT["white_edge"]
        fill, edge = (COLOR["paper"], COLOR["peer"]) if inherited else (COLOR["peer"], COLOR["paper"])
        canvas.dots(xs, ys, diameter=size, fill=fill, edge=edge, edge_width=stroke, z=3 if inherited else 4)


def _ends(canvas: Canvas, study: Study, ref: Indicator, worst: pd.Series, best: pd.Series, y: float) -> None:
    """Who has the weakest and who the strongest value, and the values: in full where both fit beside each other."""
    room = RIGHT - LEFT - GAP
    ends = (worst, best)
    labels = [_holders(study, ref, holders, room) for holders in ends]
    if sum(text_width_mm(words, SMALL_PT, BOLD) for words, _ in labels) > room:
        # The name of the place is not cut for the sake of another, which has what is left.
        first = next((number for number, (_, own) in enumerate(labels) if own), 0)
        share = OWN_SHARE if labels[first][1] else 0.5
        labels[first] = _holders(study, ref, ends[first], room * share)
        room -= text_width_mm(labels[first][0], SMALL_PT, BOLD)
        labels[1 - first] = _holders(study, ref, ends[1 - first], room)
    for x, align, (words, own) in zip((LEFT, RIGHT), ("left", "right"), labels, strict=True):
        color = COLOR["accent" if own else "ink2"]
        canvas.text(x, y, words, align=align, weight=BOLD if own else REGULAR, color=color)


def _holders(study: Study, ref: Indicator, holders: pd.Series, room: float) -> tuple[str, bool]:
    """The name of who holds a value and the value, within `room`, and whether it is the report's place: it is named first,
    its peers next."""
    order = [study.place.ags, *study.peers]
    first = next((ags for ags in order if ags in holders.index), str(holders.index[0]))
    more = ""
    if len(holders) > 1:
        many = fmt.integer(len(holders) - 1)
        more = tr(de=f" und {many} weitere", en=f" and {many} more")
        if len(holders) == 2:
            more = tr(de=" und ein weiterer", en=" and one more")
    rest = f"{more} {_number(study, ref, float(holders.iloc[0]))}"
    weight = BOLD if first == study.place.ags else REGULAR
    room -= text_width_mm(rest, SMALL_PT, weight)
    full, short = title_of(first), str(study.names[first])
    reason = remark(study, ref, first)
    names = [f"{full}, {reason}," if reason else full, full, short]
    name = next((name for name in names if text_width_mm(name, SMALL_PT, weight) <= room), None)
    if name is None and len(holders) > 1:
        # A name cut short, with others beside it, says less than their number.
        many = fmt.integer(len(holders))
        return tr(de=f"{many} Orte", en=f"{many} places") + f" {_number(study, ref, float(holders.iloc[0]))}", False
    return shorten(name or short, room, weight) + rest, first == study.place.ags


def _numbers(canvas: Canvas, study: Study, ref: Indicator, found: pd.Series, y: float) -> None:
    if not pd.isna(found["median"]):
        words = _number(study, ref, found["median"])
        canvas.text(MEDIAN_X, y, words, size=BASE_PT, align="right", color=COLOR["peer"])
    if pd.isna(found["value"]):
        canvas.text(VALUE_X, y, fmt.MISSING, size=BASE_PT, align="right")
        canvas.text(canvas.width, y, fmt.MISSING, size=BASE_PT, align="right")
        return
    words = _number(study, ref, found["value"])
    canvas.text(VALUE_X, y, words, size=BASE_PT, weight=BOLD, color=COLOR["accent"], align="right")
    rank = f"{fmt.integer(found['rank'])} {tr(de='von', en='of')} {fmt.integer(found['n'])}"
    canvas.text(canvas.width, y, rank, size=BASE_PT, color=COLOR["ink"], align="right")
    if found["ties"]:
        words = tr(de="geteilt", en="shared")
        canvas.text(canvas.width, y + 3.6, words, align="right")


def _all(study: Study) -> str:
    return f"{fmt.integer(len(study.index.score))} {universe_places_word(study.universe)}"


def _number(study: Study, ref: Indicator, value: float) -> str:
    return fmt.number(value, max(int(study.facts.indicators.at[ref.key, "decimals"]), 1))


def _data(study: Study) -> pd.DataFrame:
    """A row for each indicator and place of the group: value, its basis, rank within the group."""
    index, group = study.index, [study.place.ags, *study.peers]
    parts = []
    for key in index.raw.columns:
        ranks = index.indicator_rank.loc[group, key].rank(method="min")
        columns = {"value": index.raw.loc[group, key], "basis": index.basis.loc[group, key], "rank": ranks}
        part = pd.DataFrame({"indicator": key, "name": study.names[group], **columns})
        parts.append(part.reset_index(names="ags"))
    return pd.concat(parts, ignore_index=True)


def _alt(study: Study, found: pd.DataFrame) -> str:
    name, n = place_name(study.place), len(study.peers)
    first_word = name[0].upper() + name[1:]
    labels = {ref.indicator: indicator_label(study, ref) for ref in study.universe.indicators}
    # Of values taken over from the district and of ranks that all share nothing is said.
    own = found[found["own"]] if found["own"].any() else found
    ranked = own[own["ties"] + 1 < own["n"]].dropna(subset="rank")
    first = ranked.index[ranked["rank"] == 1]
    last = ranked.index[ranked["rank"] + ranked["ties"] == ranked["n"]]
    ahead, of = fmt.integer(int((own["better"] == True).sum())), fmt.integer(len(found))  # noqa: E712
    rows = tr(de="Zeilen", en="rows")
    if len(own) < len(found):
        n_own = fmt.integer(len(own))
        rows = tr(de=f"von {n_own} Zeilen mit eigenem Wert", en=f"of {n_own} rows with a value of its own")
    peers, median = tr(de=f"{n} Vergleichsorte", en=f"{n} peers"), tr(de="dem Median", en="the median")
    if n == 1:
        peers = place_name(register()[study.peers[0]])
        median = place_name(register()[study.peers[0]], "dative")
        first = last = found.index[:0]  # the number of rows says it
    ends = _named(tr(de="Rang 1", en="Rank 1"), [labels[key] for key in first])
    ends += _named(tr(de="Letzter Rang", en="Last rank"), [labels[key] for key in last])
    return tr(
        de=f"Punktstreifen für {of} Merkmale: {name} und {peers}, je Zeile vom schwächsten zum stärksten Wert. "
        f"{first_word} liegt in {ahead} {rows} vor {median}.{ends}",
        en=f"Dot strips for {of} indicators: {name} and {peers}, in each row from the weakest to the strongest value. "
        f"{first_word} is ahead of {median} in {ahead} {rows}.{ends}",
    )


def _named(word: str, labels: Sequence[str]) -> str:
    """` Rang 1: A und B.`, two or three named, the rest counted; nothing for none."""
    if not labels:
        return ""
    shown = list(labels if len(labels) == 3 else labels[:2])
    if len(labels) > 3:
        shown.append(tr(de=f"{len(labels) - 2} weitere", en=f"{len(labels) - 2} more"))
    return f" {word}: {fmt.join(shown)}."

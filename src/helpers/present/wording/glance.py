"""Sentences of the chapter *At a glance*: the finding, why, what is weak, how sure."""

from helpers.analysis.drivers import drivers
from helpers.analysis.index import INHERITED, MISSING
from helpers.analysis.study import Study, domain_contributions, wholly_inherited
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.blocks import Card
from helpers.present.language import tr
from helpers.present.names import (
    district_in,
    district_of,
    domain_name,
    place_name,
    place_title,
    region_in,
    universe_in,
    universe_places_word,
)
from helpers.present.wording.certainty import in_brief
from helpers.present.wording.choice import notice, with_weights
from helpers.present.wording.phrases import (
    capital,
    driver_text,
    named,
    named_first,
    places_word,
    points,
    position,
    rank_in,
    tier,
    titles,
)

FIRM = 0.9
"""A part of the ranking that fewer of the variants confirm is said to hold with equal weights only."""

CONFIRMED_BY = {
    "first": ("first",),
    "top3": ("first", "top3"),
    "front": ("first", "top3", "front"),
    "back": ("back", "last"),
    "last": ("last",),
}
"""The parts of the ranking in which a variant confirms what a title claims; the middle claims nothing."""


def finding(study: Study) -> str:
    """The title of the report: where the place stands, and how that differs elsewhere or which domain decides it."""
    name = named_first(study)
    where = universe_in(study.universe)
    rank, n = study.rank_in(study.parameters.universe)
    at = tier(rank, n)
    only = "" if _is_firm(study, at, n) else f" {with_weights(study)}"
    head = {
        "first": tr(de=f"{name} führt {where}{only}", en=f"{name} leads {where}{only}"),
        "top3": tr(
            de=f"{name} gehört {where}{only} zu den ersten drei", en=f"{name} is among the top three {where}{only}"
        ),
    }.get(
        at, tr(de=f"{name} liegt {where}{only} {position(rank, n)}", en=f"{name} is {position(rank, n)} {where}{only}")
    )
    return head + (_elsewhere(study) or _deciding_domain(study))


def _is_firm(study: Study, at: str, n: int) -> bool:
    """True if enough of the variants put the place where the title does."""
    if at not in CONFIRMED_BY:
        return True
    shares = study.certainty().shares(study.place.ags)
    return float(shares[[tier(rank, n) in CONFIRMED_BY[at] for rank in shares.index]].sum()) >= FIRM


def _elsewhere(study: Study) -> str:
    """The contrast with the next universe of the place; empty if it has only one."""
    for other in study.indices:
        if other == study.parameters.universe:
            continue
        rank, n = study.rank_in(other)
        where = universe_in(study.indices[other].universe)
        if tier(rank, n) == tier(*study.rank_in(study.parameters.universe)):
            return tr(de=f" – auch {where}", en=f" – also {where}")
        return tr(de=f" – {where} {position(rank, n)}", en=f" – {position(rank, n)} {where}")
    return ""


def _deciding_domain(study: Study) -> str:
    parts = domain_contributions(study.index, study.place.ags)
    best, worst = domain_name(parts.idxmax()), domain_name(parts.idxmin())
    if study.index.score[study.place.ags] >= study.index.score.mean():
        return tr(de=f" – größter Vorsprung bei {best}", en=f" – furthest ahead in {best}")
    return tr(de=f" – am weitesten zurück bei {worst}", en=f" – furthest behind in {worst}")


def deck(study: Study) -> str:
    """What the index is made of and the ranks in every universe of the place and in the Smart City Index."""
    basis = study.index.basis.loc[study.place.ags]
    refs = [ref for ref in study.universe.indicators if basis[ref.indicator] != MISSING]
    years = sorted({ref.period[:4] for ref in refs})
    span = years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"
    n, all_of_them = fmt.count(len(refs)), fmt.count(len(basis))
    complete = len(refs) == len(basis)
    ranks = ", ".join(rank_in(study, universe) for universe in study.indices)
    apart = tr(
        de="; Punkte nur innerhalb eines Vergleichs vergleichbar", en="; points compare within a comparison only"
    )
    own = apart if len(study.indices) > 1 else ""
    what = tr(
        de=f"{n} Merkmalen" if complete else f"nur {n} der {all_of_them} Merkmale",
        en=f"{n} indicators" if complete else f"only {n} of the {all_of_them} indicators",
    )
    equal = ""
    if not study.parameters.index.weights and len({domain.weight for domain in study.universe.domains}) == 1:
        domains = fmt.count(len(study.universe.domains))
        equal = tr(de=f" in {domains} gleich gewichteten Bereichen", en=f" in {domains} equally weighted domains")
    first = tr(
        de=f"Offener Index aus {what}{equal} ({span}){own}: {ranks}.",
        en=f"Open index of {what}{equal} ({span}){own}: {ranks}.",
    )
    return " ".join(filter(None, (notice(study), first, _smart_city(study))))


def _smart_city(study: Study) -> str:
    latest = latest_smart_city(study)
    if latest is None:
        if study.city_ags in register() and register()[study.city_ags].in_cities:
            return tr(
                de="Ein Platz im Smart City Index ist nicht öffentlich.",
                en="Its rank in the Smart City Index is not public.",
            )
        return tr(
            de="Der Smart City Index bewertet nur Großstädte.", en="The Smart City Index rates large cities only."
        )
    edition, rank, n = latest
    return tr(
        de=f"Im Smart City Index {edition}, der fünf Felder von Verwaltung bis Mobilität bewertet: Platz {rank} von {n}.",
        en=f"In the Smart City Index {edition}, which rates five fields from administration to mobility: rank {rank} of {n}.",
    )


def latest_smart_city(study: Study) -> tuple[int, int, int] | None:
    """(edition, rank, cities) of the newest known total rank in the Smart City Index; None if there is none."""
    total = study.smart_city.query("category == 'total'").dropna(subset="rank").sort_values("edition")
    if total.empty:
        return None
    last = total.iloc[-1]
    return int(last["edition"]), int(last["rank"]), int(last["n_places"])


def cards(study: Study) -> list[Card]:
    """Two to four key-figure cards: the ranks of the place, the Smart City Index, and its rank close to home."""
    made = []
    for universe, index in study.indices.items():
        rank, n = study.rank_in(universe)
        label = tr(de=f"Rang {universe_in(index.universe)}", en=f"Rank {universe_in(index.universe)}")
        score = float(index.score[study.ags_in(universe)])
        row = study.certainty(universe).ranks.loc[study.ags_in(universe)]
        low, high = int(row.low), int(row.high)
        ends = tr(
            de=f"Spanne {fmt.integer(low)} bis {fmt.integer(high)} · {points(score)}",
            en=f"range {fmt.integer(low)} to {fmt.integer(high)} · {points(score)}",
        )
        made.append(Card(label, fmt.integer(rank), _of(n), ends, rank, n, low, high, universe, round(score, 4)))
    latest = latest_smart_city(study)
    if latest:
        edition, rank, n = latest
        label = tr(de=f"Platz im Smart City Index {edition}", en=f"Smart City Index {edition}")
        why = tr(de="ohne Spanne: Rohdaten nicht öffentlich", en="no range: raw data not public")
        made.append(Card(label, fmt.integer(rank), _of(n), why, rank, n))
    else:
        why = tr(de="bewertet nur Großstädte", en="rates large cities only")
        if study.city_ags in register() and register()[study.city_ags].in_cities:
            why = tr(de="kein Platz veröffentlicht", en="no rank published")
        made.append(Card(tr(de="Smart City Index", en="Smart City Index"), "–", "", why))
    home = _home_card(study)
    if home and len(made) < 4:
        made.insert(1, home)
    return made


def _home_card(study: Study) -> Card | None:
    """Rank among the places of the same district (municipalities of a Kreis) or Land; None if it is the only one."""
    place, rank = study.place, study.index.rank
    inside = place.level == "municipality" and not place.is_own_district and study.parameters.universe == "ruhr"
    mates = [
        ags
        for ags in rank.index
        if (register()[ags].district_ags == place.district_ags if inside else place.region_includes(register()[ags]))
    ]
    if len(mates) == 1:
        return None
    own = int((rank[mates] < rank[place.ags]).sum()) + 1
    where = district_in(place) if inside else region_in(place)
    best, second = (place_title(register()[ags]) for ags in rank[mates].sort_values(kind="stable").index[:2])
    note = tr(de=f"vorn: {best}", en=f"led by {best}")
    if own == 1:
        other = second if best == place_title(place) else best
        note = tr(de=f"danach: {other}", en=f"next: {other}")
    return Card(tr(de=f"Rang {where}", en=f"Rank {where}"), fmt.integer(own), _of(len(mates)), note, own, len(mates))


def _of(n: int) -> str:
    return tr(de=f"von {fmt.integer(n)}", en=f"of {fmt.integer(n)}")


def what_it_means(study: Study) -> str:
    """The reason for the rank and the weak point, each with value and rank, so that the tables can refute it."""
    index, ags, places = study.index, study.place.ags, places_word(study)
    parts = domain_contributions(index, ags)
    best = parts.idxmax()
    own, mean = fmt.number(index.domains.at[ags, best]), fmt.number(index.domains[best].mean())
    if parts[best] > 0:
        reason = tr(
            de=f"Den größten Vorsprung auf das Mittel hat {named(study)} bei {domain_name(best)}: {own} von 100 Punkten, im "
            f"Mittel der {places} sind es {mean}.",
            en=f"{named_first(study)} is furthest ahead in {domain_name(best)}: {own} of 100 points, against a mean of "
            f"{mean} over the {places}.",
        )
    else:
        reason = tr(
            de=f"{named_first(study)} liegt in keinem Bereich über dem Mittel der {places}; am wenigsten fehlt bei "
            f"{domain_name(best)}: {own} von 100 Punkten gegen {mean} im Mittel.",
            en=f"{named_first(study)} is above the mean of the {places} in no domain; it comes closest in "
            f"{domain_name(best)}: {own} of 100 points against a mean of {mean}.",
        )
    ranked = drivers(study)
    top, low = ranked[0], ranked[-1]
    strong = tr(
        de=f" Am meisten hilft: {driver_text(study, top)}.",
        en=f" Helps most: {driver_text(study, top)}.",
    )
    weak = tr(de=f" Am meisten bremst: {driver_text(study, low)}.", en=f" Holds back most: {driver_text(study, low)}.")
    if low.points >= 0:
        weak = tr(de=" Unter dem Mittel liegt kein einziges Merkmal.", en=" No indicator is below the mean.")
    return reason + (strong if top.points > 0 else "") + weak


def how_certain(study: Study) -> str:
    """How often the place keeps its rank, how far its neighbours are, what is inherited or missing."""
    sentences = [in_brief(study), _neighbours(study), _borrowed(study)]
    return " ".join(sentence for sentence in sentences if sentence)


def within_points(study: Study, reach: float = 1.0) -> list[str]:
    """AGS of the places whose score lies within `reach` points of the place's, best first."""
    score = study.index.score
    near = score[(score - score[study.place.ags]).abs() <= reach].drop(study.place.ags)
    return list(near.sort_values(ascending=False, kind="stable").index)


def _neighbours(study: Study) -> str:
    """How crowded the ranking is around the place."""
    near = within_points(study)
    if not near:
        gaps = (study.index.score - study.index.score[study.place.ags]).abs().drop(study.place.ags)
        closest, gap = place_title(register()[gaps.idxmin()]), fmt.number(gaps.min())
        return tr(
            de=f"{capital(with_weights(study))} liegt kein anderer Ort weniger als einen Punkt entfernt; am nächsten ist {closest} "
            f"mit {gap} Punkten Abstand.",
            en=f"{capital(with_weights(study))} no other place is within one point; {closest} is closest, {gap} points away.",
        )
    words = universe_places_word(study.universe)
    many = tr(de=f"{fmt.count(len(near))} andere {words}", en=f"{fmt.count(len(near))} other {words}")
    who = titles(near) if len(near) <= 3 else many
    verb = tr(de="liegt" if len(near) == 1 else "liegen", en="is" if len(near) == 1 else "are")
    return tr(
        de=f"Höchstens einen Punkt entfernt {verb} {who}: Diese Reihenfolge ist nicht fest.",
        en=f"{capital(who)} {verb} within one point of {named(study)}: this order is not firm.",
    )


def _borrowed(study: Study) -> str:
    """Inherited and missing values of the place."""
    basis = study.index.basis.loc[study.place.ags]
    n, inherited, absent = len(basis), int((basis == INHERITED).sum()), int((basis == "missing").sum())
    parts = []
    if inherited:
        district = place_name(district_of(study.place), "accusative", whole=True)
        parts.append(
            tr(
                de=f"{capital(fmt.count(inherited))} der {fmt.count(n)} Werte gelten für {district}, nicht für "
                f"{study.place.name} allein.",
                en=f"{capital(fmt.count(inherited))} of the {fmt.count(n)} values are for {district}, not for "
                f"{study.place.name} alone.",
            )
        )
    if absent:
        verb = tr(de="fehlt" if absent == 1 else "fehlen", en="is" if absent == 1 else "are")
        number = fmt.count(absent) if absent > 1 else tr(de="einer", en="one")
        parts.append(
            tr(
                de=f"{capital(number)} der {fmt.count(n)} Werte {verb}; gerechnet ist mit den übrigen.",
                en=f"{capital(number)} of the {fmt.count(n)} values {verb} missing; the others are used.",
            )
        )
    return " ".join(parts)


def domains_title(study: Study) -> str:
    """The best and the weakest domain by rank; a domain of the district's values alone says nothing about the place."""
    ranks = study.index.domain_rank.loc[study.place.ags].dropna().astype(int)
    borrowed = wholly_inherited(study.index).loc[study.place.ags]
    among = ""
    if not borrowed[ranks.index].all():
        own = ranks[~borrowed[ranks.index]]
        if (own.min(), own.max()) != (ranks.min(), ranks.max()):
            among = tr(de="mit eigenen Werten ", en="with values of its own ")
        ranks = own
    if ranks.nunique() == 1:
        names = fmt.join([domain_name(d) for d in ranks.index])
        return capital(tr(de=f"{among}Rang {ranks.iloc[0]} bei {names}", en=f"{among}rank {ranks.iloc[0]} in {names}"))
    best = fmt.join([domain_name(d) for d in ranks.index[ranks == ranks.min()]])
    worst = fmt.join([domain_name(d) for d in ranks.index[ranks == ranks.max()]])
    best, worst = f"{best} ({ranks.min()})", f"{worst} ({ranks.max()})"
    return capital(
        tr(
            de=f"{among}bester Rang bei {best}, schlechtester bei {worst}",
            en=f"{among}best rank in {best}, worst in {worst}",
        )
    )


def domains_subtitle(study: Study) -> str:
    """How to read the strips; a ring is explained where the place has one."""
    name, places = capital(place_title(study.place)), places_word(study)
    ring = ""
    if wholly_inherited(study.index).loc[study.place.ags].any():
        ring = tr(de="; Ring: nur Werte des Kreises", en="; ring: values of the district only")
    return tr(
        de=f"Punkte je Bereich, 0 bis 100; Striche: die {places}, [{name}]{{.focus}} als Punkt{ring}",
        en=f"Points by domain, 0 to 100; ticks: the {places}, [{named(study)}]{{.focus}} as a dot{ring}",
    )


def map_subtitle(study: Study) -> str:
    """What the map shows, and whose names are in semibold type."""
    places = places_word(study)
    peers = tr(de="; halbfett: [Vergleichsorte]{.peer}", en="; semibold: [peers]{.peer}") if study.peers else ""
    return tr(
        de=f"Offener Index, {places}, 0 bis 100 Punkte{peers}", en=f"Open index, {places}, 0 to 100 points{peers}"
    )


def map_title(study: Study) -> str:
    """Who is in the top class of the map, and in which class the place is if not there."""
    index, ags = study.index, study.place.ags
    breaks = index.universe.class_breaks
    top = index.score[index.score >= breaks[-1]].sort_values(ascending=False)
    limit = fmt.integer(breaks[-1])
    name = named(study)
    names = titles(top.index) if len(top) <= 4 else ""
    words = universe_places_word(index.universe)
    if top.empty:
        who = tr(de=f"Niemand kommt auf {limit} Punkte oder mehr", en=f"Nobody reaches {limit} points or more")
    elif len(top) == 1:
        who = tr(
            de=f"Nur {names} kommt auf {limit} Punkte oder mehr", en=f"Only {names} reaches {limit} points or more"
        )
    else:
        who = tr(
            de=f"{'Nur ' + names if names else f'{fmt.count(len(top))} {words}'} kommen auf {limit} Punkte oder mehr",
            en=f"{'Only ' + names if names else f'{fmt.count(len(top))} {words}'} reach {limit} points or more",
        )
    if ags not in top.index:
        score = fmt.number(index.score[ags])
        return capital(tr(de=f"{who}; {name} auf {score}", en=f"{who}; {name} has {score}"))
    if names:
        return capital(who)
    return capital(tr(de=f"{who}, {name} gehört dazu", en=f"{who}, {name} among them"))

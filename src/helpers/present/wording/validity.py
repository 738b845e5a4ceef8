"""Sentences of the chapter *Does the index measure the right thing?*: agreement, expectation, hit rate."""

import pandas as pd

from helpers.analysis.expectation import expectation_of
from helpers.analysis.rankings import known_ranks
from helpers.analysis.study import Study
from helpers.analysis.validity import CITIES, Agreement, HitRate, disagreements
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import category_name
from helpers.present.wording import expectation
from helpers.present.wording.certainty import spread
from helpers.present.wording.phrases import capital, named_first, titles
from helpers.present.wording.rankings import pioneers, statement

COVERED = "it_communication"
"""The category of the Smart City Index that the open index measures in part."""
MOST_NAMES = 5


def edition_of(study: Study) -> int:
    """The last edition in which the place's rank is known, else the newest one."""
    known = known_ranks(study.facts.smart_city_index, study.city_ags)
    return int(known.index[-1]) if len(known) else int(study.facts.smart_city_index["edition"].max())


def is_ranked(study: Study) -> bool:
    """True if a rank of the place in the Smart City Index is known and the open index ranks it among the cities."""
    known = known_ranks(study.facts.smart_city_index, study.city_ags)
    return bool(len(known)) and CITIES in study.indices


def finding(study: Study) -> str:
    """How the place stands in the Smart City Index against the open index; without a rank there, against its structure."""
    if not is_ranked(study):
        return expectation.title(study, expectation_of(study))
    edition, name = edition_of(study), study.place.name
    theirs = int(known_ranks(study.facts.smart_city_index, study.city_ags)[edition])
    ours, _ = study.rank_in(CITIES)
    row = study.certainty(CITIES).ranks.loc[study.ags_in(CITIES)]
    if row.low <= theirs <= row.high or theirs == ours:
        return tr(
            de=f"Für {name} liegt Platz {theirs} im Smart City Index {edition} in der Spanne des offenen Index: "
            f"{spread(row.low, row.high)}",
            en=f"For {name}, rank {theirs} in the Smart City Index {edition} lies within the range of the open index: "
            f"{spread(row.low, row.high)}",
        )
    apart = abs(ours - theirs)
    ranks = tr(
        de="einen Rang" if apart == 1 else f"{fmt.integer(apart)} Ränge",
        en="one rank" if apart == 1 else f"{fmt.integer(apart)} ranks",
    )
    # The year of the newest edition stands in the deck; an older one belongs to the finding.
    newest = int(study.facts.smart_city_index["edition"].max())
    year = "" if edition == newest else f" {edition}"
    side = tr(de="besser" if theirs < ours else "schlechter", en="higher" if theirs < ours else "lower")
    return tr(
        de=f"Im Smart City Index{year} liegt {name} {ranks} {side} als im offenen Index",
        en=f"In the Smart City Index{year} {name} stands {ranks} {side} than in the open index",
    )


def agreement_deck(study: Study, found: Agreement) -> str:
    """How alike the two indices order the cities, on how many it rests, and the place in both."""
    edition, name = edition_of(study), study.place.name
    theirs = int(known_ranks(study.facts.smart_city_index, study.city_ags)[edition])
    ours, _ = study.rank_in(CITIES)
    row = study.certainty(CITIES).ranks.loc[study.ags_in(CITIES)]
    return tr(
        de=f"Offener Index und Smart City Index {edition} messen Verschiedenes {_alike(found)}: Rangkorrelation (Spearman) "
        f"{_estimate(found)}. [{name}]{{.focus}} hat dort Platz {theirs}, im offenen Index Rang "
        f"{ours} (Spanne: {spread(row.low, row.high)}).",
        en=f"The open index and the Smart City Index {edition} measure different things {_alike(found)}: rank correlation "
        f"(Spearman) {_estimate(found)}. [{name}]{{.focus}} has rank {theirs} there and rank {ours} in "
        f"the open index (range: {spread(row.low, row.high)}).",
    )


def _alike(found: Agreement) -> str:
    """How alike two indices order the cities whose rank is known in both."""
    cities = tr(de=f"die {found.n} Städte mit bekanntem Platz", en=f"the {found.n} cities with a known rank")
    if found.rho >= 0.7:
        return tr(de=f"und ordnen {cities} doch ähnlich", en=f"and yet order {cities} alike")
    if found.rho >= 0.4:
        return tr(de=f"und ordnen {cities} nur in Grundzügen gleich", en=f"and order {cities} alike in outline only")
    return tr(de=f"und ordnen auch {cities} verschieden", en=f"and order {cities} differently as well")


def _estimate(found: Agreement) -> str:
    """`0,75 (95-%-Intervall 0,53 bis 0,88)`."""
    rho, low, high = (fmt.number(value, 2) for value in (found.rho, found.low, found.high))
    return tr(de=f"{rho} (95-%-Intervall {low} bis {high})", en=f"{rho} (95% interval {low} to {high})")


def differences_title(study: Study, pairs: pd.DataFrame) -> str:
    """Where the place stands among the differences between the two indices."""
    name, n = study.place.name, len(pairs)
    ahead, behind = ((pairs["difference"] * sign).rank(ascending=False, method="min") for sign in (1, -1))
    own = pairs["difference"].get(study.city_ags)
    place = int((ahead if own > 0 else behind)[study.city_ags])
    if own != 0 and place <= MOST_NAMES:
        lead = tr(de="Vorsprung" if own > 0 else "Rückstand", en="lead" if own > 0 else "lag")
        return tr(
            de=f"{name} gehört zu den Städten mit dem größten {lead} im Smart City Index",
            en=f"{name} is one of the cities with the largest {lead} in the Smart City Index",
        )
    wider = int((pairs["difference"].abs() > abs(own)).sum())
    many = tr(de="einer" if wider == 1 else fmt.integer(wider), en="one" if wider == 1 else fmt.integer(wider))
    return tr(
        de=f"Bei {many} von {n - 1} anderen Städten gehen die beiden Indizes weiter auseinander als bei {name}",
        en=f"For {many} of {n - 1} other cities the two indices are further apart than for {name}",
    )


def differences_subtitle(study: Study, pairs: pd.DataFrame) -> str:
    """What the rows of the table are, and how to read the sign."""
    edition, n = edition_of(study), len(pairs)
    return tr(
        de=f"Je fünf Städte mit dem größten Unterschied, unter den {n} mit bekanntem Platz {edition}; +: im Smart City "
        "Index besser",
        en=f"The five largest differences each way, among the {n} cities with a known rank in {edition}; +: higher in the Smart "
        "City Index",
    )


def what_it_means(study: Study, found: Agreement, without_size: Agreement) -> str:
    """How much of the agreement is left when the size of the cities is taken out, and what drives the place's own rank there."""
    if without_size.low > 0:
        verdict = tr(
            de="Ein Teil der Übereinstimmung hängt also nicht an der Größe.",
            en="So a part of the agreement does not depend on size.",
        )
    else:
        verdict = tr(
            de="Unter ähnlich großen Städten ist eine Übereinstimmung damit nicht gesichert.",
            en="So among cities of similar size an agreement is not certain.",
        )
    before, after = fmt.number(found.rho, 2), _estimate(without_size)
    return _category(study) + tr(
        de=f"Große Städte liegen in beiden Indizes vorn: Rechnet man die Einwohnerzahl heraus, sinkt die Rangkorrelation von "
        f"{before} auf {after}. {verdict}",
        en=f"Large cities are ahead in both indices: with population taken out, the rank correlation falls from {before} "
        f"to {after}. {verdict}",
    )


def _category(study: Study) -> str:
    """The category in which the place does best, or worst if it lags, in that edition, and whether the open index covers it."""
    edition, name = edition_of(study), study.place.name
    rows = study.smart_city.dropna(subset="rank")
    rows = rows[(rows["edition"] == edition) & (rows["category"] != "total")].sort_values("rank", kind="stable")
    theirs = known_ranks(study.facts.smart_city_index, study.city_ags)[edition]
    ours, _ = study.rank_in(CITIES)
    if rows.empty or theirs == ours:
        return ""
    row = rows.iloc[0 if theirs < ours else -1]
    what, rank = category_name(row["category"]), fmt.integer(row["rank"])
    covered = row["category"] == COVERED
    end = tr(de="beste" if theirs < ours else "schlechteste", en="best" if theirs < ours else "worst")
    return tr(
        de=f"Der {end} bekannte Bereich von {name} ist dort {what} (Platz {rank}); "
        f"{'auch der offene Index misst ihn zum Teil' if covered else 'ihn misst der offene Index nicht'}. ",
        en=f"The {end} known category of {name} there is {what} (rank {rank}); "
        f"{'the open index measures a part of it, too' if covered else 'the open index does not measure it'}. ",
    )


def how_certain(study: Study, found: Agreement, bounds: tuple[float, float] | None) -> str:
    """That the cities with a known rank are not a random sample, and what the unpublished ranks could do at most."""
    edition = edition_of(study)
    words = tr(
        de=f"Die {found.n} Städte sind keine Zufallsauswahl: Bekannt sind vor allem vordere und letzte Plätze.",
        en=f"The {found.n} cities are not a random sample: mostly the first and the last ranks are known.",
    )
    if bounds:
        low, high = (fmt.number(value, 2) for value in bounds)
        words += tr(
            de=f" Je nachdem, wie sich die unveröffentlichten Plätze von {edition} verteilen, läge die Korrelation aller "
            f"Städte zwischen {low} und {high}.",
            en=f" Depending on how the unpublished ranks of {edition} are spread, the correlation of all cities would lie between "
            f"{low} and {high}.",
        )
    return words + tr(
        de=" Ein Zusammenhang beweist nicht, dass ein Index richtig misst.",
        en=" A correlation does not prove that an index measures the right thing.",
    )


def editions_title(study: Study, editions: pd.DataFrame) -> str:
    """In which span the agreement lies over the editions."""
    low, high = (fmt.number(value, 2) for value in (editions["rho"].min(), editions["rho"].max()))
    n = fmt.count(len(editions))
    return tr(
        de=f"In {n} Ausgaben des Smart City Index liegt die Rangkorrelation (Spearman) zwischen {low} und {high}",
        en=f"In {n} editions of the Smart City Index the rank correlation (Spearman) lies between {low} and {high}",
    )


def editions_deck(study: Study, editions: pd.DataFrame) -> str:
    """Why the test is made with the large cities although the place has no rank there, and what it says."""
    first, last = fmt.integer(editions["n"].min()), fmt.integer(editions["n"].max())
    low, many = fmt.number(editions["low"].min(), 2), fmt.count(len(editions))
    return tr(
        de=f"{named_first(study)} hat keinen bekannten Platz im Smart City Index. Ob der offene Index Ähnliches misst, zeigt sich "
        f"nur an den Großstädten; je Ausgabe sind {first} bis {last} Plätze bekannt, keine Zufallsauswahl. Selbst das niedrigste "
        f"der {many} Intervalle beginnt bei {low}.",
        en=f"{named_first(study)} has no known rank in the Smart City Index. Whether the open index measures something similar "
        f"shows only in the large cities; {first} to {last} ranks are known by edition, not a random sample. Even the lowest "
        f"of the {many} intervals begins at {low}.",
    )


def hits_title(study: Study, found: HitRate) -> str:
    """How many of the named municipalities are among the first of the open index."""
    k, verb = fmt.count(found.k), tr(de="steht", en="is")
    if found.hits > 1:
        many, verb = capital(fmt.count(found.hits)), tr(de="stehen", en="are")
    else:
        many = tr(de="Eine", en="One") if found.hits else tr(de="Keine", en="None")
    return tr(
        de=f"{many} der {k} im Digital-Index Ruhr Genannten {verb} auch im offenen Index unter den ersten {k}",
        en=f"{many} of the {k} named by the Digital-Index Ruhr {verb} among the first {k} of the open index as well",
    )


def hits(study: Study, found: HitRate, by_size: HitRate) -> str:
    """How likely so many hits would be by chance, how many the order by population alone would give, and the place itself."""
    rank, n = study.rank_in("ruhr")
    is_named, name = study.ags_in("ruhr") in pioneers(study), study.place.name
    expected, chance, k = fmt.number(found.expected), _chance(found.probability), fmt.count(found.k)
    return tr(
        de=f"{name} ist {'' if is_named else 'nicht '}genannt und hat im offenen Index Rang {rank} von {n}. Würde man {k} "
        f"Kommunen auslosen, wären {expected} Treffer zu erwarten; die Wahrscheinlichkeit für so viele wie hier oder mehr "
        f"beträgt {chance}. {_by_size(found, by_size)}",
        en=f"{name} is {'' if is_named else 'not '}named and has rank {rank} of {n} in the open index. If {k} municipalities "
        f"were drawn by lot, {expected} hits would be expected; the probability of as many as here or more is {chance}. "
        f"{_by_size(found, by_size)}",
    )


def _by_size(found: HitRate, by_size: HitRate) -> str:
    """Whether the index finds more of those named than a list of the largest municipalities would."""
    if by_size.hits == found.hits:
        return tr(
            de="Die Reihenfolge nach Einwohnerzahl träfe ebenso viele.",
            en="The order by population alone would hit as many.",
        )
    if by_size.hits == 0:
        return tr(
            de="Die Reihenfolge nach Einwohnerzahl träfe keine.", en="The order by population alone would hit none."
        )
    few = by_size.hits < found.hits
    many = fmt.count(by_size.hits) if by_size.hits > 1 else tr(de="eine", en="one")
    return tr(
        de=f"Die Reihenfolge nach Einwohnerzahl träfe {'nur ' if few else 'sogar '}{many}.",
        en=f"The order by population alone would hit {'only ' if few else 'as many as '}{many}.",
    )


def _chance(probability: float) -> str:
    """A small probability with a decimal; under a tenth of a per cent it is said to be smaller."""
    if probability < 0.0005:
        return tr(de="weniger als 0,1\u202f%", en="less than 0.1%")
    return fmt.percent(100 * probability)


def disagreement_title(study: Study) -> str:
    """Which named municipalities are far down in the open index."""
    rank = study.indices["ruhr"].rank
    far, unnamed = disagreements(rank, pioneers(study))
    if far and rank[far].min() > rank.notna().sum() / 2:
        return tr(
            de=f"Genannt, im offenen Index aber weit hinten: {_ranked(rank, far)}",
            en=f"Named, but far down in the open index: {_ranked(rank, far)}",
        )
    if far:
        first = 2 * len(pioneers(study))
        return tr(
            de=f"Genannt, im offenen Index aber nicht unter den ersten {first}: {_ranked(rank, far)}",
            en=f"Named, but not among the first {first} of the open index: {_ranked(rank, far)}",
        )
    if unnamed:
        return tr(
            de=f"Im offenen Index vorn, aber nicht genannt: {_ranked(rank, unnamed)}",
            en=f"Ahead in the open index, but not named: {_ranked(rank, unnamed)}",
        )
    return tr(
        de="Die Genannten und die Ersten des offenen Index sind dieselben",
        en="Those named and the first of the open index are the same",
    )


def _ranked(rank: pd.Series, ags: list[str]) -> str:
    """`Hünxe (Rang 34) und Holzwickede (Rang 21)`."""
    word = tr(de="Rang", en="rank")
    return fmt.join([f"{titles([one])} ({word} {fmt.integer(rank[one])})" for one in ags])


def disagreement(study: Study) -> str:
    """What else the study says of the named municipalities that are far down, and what that means for the two indices."""
    far, _ = disagreements(study.indices["ruhr"].rank, pioneers(study))
    rows = study.facts.digital_index_ruhr
    rows = rows[rows["ags"].isin(far) & (rows["topic"] != "above_ruhr_average")].drop_duplicates(["ags", "topic"])
    told, silent = [], [ags for ags in far if ags not in set(rows["ags"])]
    if len(rows):
        said = " ".join(statement(row) for _, row in rows.iterrows())
        told.append(
            tr(
                de=f"Aus der Studie ist bekannt: {said} Dazu gibt es keine offenen Werte für einzelne Kommunen.",
                en=f"Known from the study: {said} There are no open figures on this for single municipalities.",
            )
        )
    if silent:
        told.append(
            tr(
                de=f"Womit {titles(silent)} in der Studie punktet, ist nicht veröffentlicht."
                if len(silent) == 1
                else f"Womit {titles(silent)} in der Studie punkten, ist nicht veröffentlicht.",
                en=f"What {titles(silent)} scored with in the study has not been published.",
            )
        )
    told.append(
        tr(
            de="Beide Indizes nutzen zum Teil dieselben Statistiken: Treffer beweisen wenig, Abweichungen können zeigen, was "
            "fehlt.",
            en="Both indices use the same statistics in part: hits prove little, deviations may show what is lacking.",
        )
    )
    return " ".join(told)

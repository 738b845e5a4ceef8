"""Sentences of the chapter *What the rankings say*: Smart City Index and Digital-Index Ruhr."""

import pandas as pd

from helpers.analysis.rankings import known_ranks, last_known, members_in_order, only_better_known
from helpers.analysis.study import Study
from helpers.parameters import CITY_TYPES, register
from helpers.present import fmt
from helpers.present.language import current, tr
from helpers.present.names import category_name, region_in
from helpers.present.wording.phrases import capital, named, named_first, titles


def finding(study: Study) -> str:
    """How the place moved in the Smart City Index between the first and the last edition with a known rank."""
    name = named_first(study)
    ranks = known_ranks(study.facts.smart_city_index, study.city_ags)
    if ranks.empty:
        if study.city_ags in register() and register()[study.city_ags].in_cities:
            return tr(
                de=f"Der Smart City Index bewertet {name}, ein Platz ist nicht öffentlich",
                en=f"The Smart City Index rates {name}, but no rank is public",
            )
        return tr(
            de=f"Der Smart City Index bewertet {named(study, 'accusative')} nicht",
            en=f"The Smart City Index does not rate {named(study)}",
        )
    first, last = ranks.index[0], ranks.index[-1]
    if first == last:
        return tr(
            de=f"Im Smart City Index {last} belegte {name} Platz {ranks[last]}",
            en=f"{name} took rank {ranks[last]} in the Smart City Index {last}",
        )
    if ranks[first] == ranks[last]:
        return tr(
            de=f"Im Smart City Index {last} belegte {name} wie {first} Platz {ranks[last]}",
            en=f"{name} took rank {ranks[last]} in the Smart City Index {last}, as in {first}",
        )
    up = ranks[last] < ranks[first]
    return tr(
        de=f"{name} {'stieg' if up else 'fiel'} im Smart City Index von Platz {ranks[first]} ({first}) auf Platz "
        f"{ranks[last]} ({last})",
        en=f"{name} {'rose' if up else 'fell'} from rank {ranks[first]} ({first}) to rank {ranks[last]} ({last}) in the "
        "Smart City Index",
    )


def lines_others(study: Study) -> list[str]:
    """AGS of the cities drawn beside the place: those of its region, or where it is the only one there its peers."""
    rated = set(study.facts.smart_city_index["ags"])
    return region_cities(study) or [ags for ags in study.peers if ags in rated]


def lines_deck(study: Study, others: list[str]) -> str:
    """How to read the rank lines of the place and those of `others` (AGS)."""
    name, where = study.place.name, region_in(study.place)
    known = len(known_ranks(study.facts.smart_city_index, study.city_ags))
    editions = len(study.facts.smart_city_editions)
    mates = ""
    if others and region_cities(study):
        one, many = tr(de="eine weitere Stadt", en="one other city"), tr(de="weitere Städte", en="other cities")
        who = one if len(others) == 1 else f"{fmt.count(len(others))} {many}"
        mates = tr(de=f" und {who} {where}", en=f" and {who} {where}") + _peers_among(study, others)
    elif others:
        one, many = (
            tr(de="ein [Vergleichsort]{.peer}", en="one [peer]{.peer}"),
            tr(de="[Vergleichsorte]{.peer}", en="[peers]{.peer}"),
        )
        who = one if len(others) == 1 else f"{fmt.count(len(others))} {many}"
        mates = tr(de=f" und {who}", en=f" and {who}")
    share = tr(
        de=f"{'einer' if known == 1 else fmt.count(known)} von {fmt.count(editions)} Ausgaben",
        en=f"{fmt.count(known)} of {fmt.count(editions)} editions",
    )
    if known == editions:
        share = tr(de=f"allen {fmt.count(editions)} Ausgaben", en=f"all {fmt.count(editions)} editions")
    return tr(
        de=f"[{name}]{{.focus}}{mates}. Für {name} ist der Platz in {share} bekannt; wo keiner veröffentlicht ist, bricht "
        "die Linie ab. Das Verfahren wechselte mehrmals: Punktwerte sind nicht vergleichbar, Plätze nur bedingt.",
        en=f"[{name}]{{.focus}}{mates}. The rank of {name} is known in {share}; where none was published, the line breaks. "
        "The method changed several times: scores are not comparable, ranks only roughly.",
    )


def _peers_among(study: Study, others: list[str]) -> str:
    """`, neun davon Vergleichsorte`: what the second colour of the lines stands for."""
    n = sum(ags in study.peers for ags in others)
    if n == 0:
        return ""
    if n == 1 and len(others) == 1:
        return tr(de=", ein [Vergleichsort]{.peer}", en=", a [peer]{.peer}")
    many = fmt.count(n) if n > 1 else tr(de="eine", en="one")
    if n == len(others):
        many = tr(de="alle" if n > 2 else "beide", en="all" if n > 2 else "both")
        return tr(de=f", {many} [Vergleichsorte]{{.peer}}", en=f", {many} [peers]{{.peer}}")
    return tr(
        de=f", {many} davon [{'Vergleichsorte' if n > 1 else 'Vergleichsort'}]{{.peer}}",
        en=f", {many} of them [{'peers' if n > 1 else 'a peer'}]{{.peer}}",
    )


def is_in_ruhr(study: Study) -> bool:
    """True if the Digital-Index Ruhr could name the place: it is a municipality or a district of the Ruhr."""
    return bool(register().get(study.city_ags, study.place).in_ruhr)


def categories_title(study: Study) -> str:
    """The best category of the last edition in which any is known, and those never published."""
    rows = study.smart_city.query("category != 'total'").dropna(subset="rank")
    if rows.empty:
        return tr(
            de=f"Für {study.place.name} ist in keinem Bereich ein Platz bekannt",
            en=f"No rank of {study.place.name} is known in any category",
        )
    edition = rows["edition"].max()
    latest = rows[rows["edition"] == edition].sort_values("rank")
    best = latest[latest["rank"] == latest["rank"].min()]
    rank = int(latest["rank"].min())
    if len(best) > 1:
        # Names of categories contain "und": joined by commas only.
        names = ", ".join(category_name(c) for c in best["category"])
        return tr(
            de=f"Beste bekannte Bereiche {edition}: {names} (je Platz {rank})",
            en=f"Best known categories in {edition}: {names} (rank {rank} each)",
        )
    names = category_name(best["category"].iloc[0])
    if len(latest) == 1:
        return tr(
            de=f"{edition} ist nur für {names} ein Platz bekannt: Platz {rank}",
            en=f"For {edition} a rank is known in {names} only: rank {rank}",
        )
    return tr(
        de=f"Bester bekannter Bereich {edition}: {names}, Platz {rank}",
        en=f"Best known category in {edition}: {names}, rank {rank}",
    )


def what_it_means(study: Study) -> str:
    """Where the place stands among the cities of its region with a known rank in its last known edition."""
    name, where = study.place.name, region_in(study.place)
    panel = study.facts.smart_city_index
    ranks = known_ranks(panel, study.city_ags)
    edition, rank = int(ranks.index[-1]), int(ranks.iloc[-1])
    if not region_cities(study):
        return _among_all(study, edition, rank)
    order = members_in_order(panel, edition, _region_cities(study))
    ahead, others = order[order < rank], order.drop(study.city_ags)
    if others.empty:
        return tr(
            de=f"{edition} ist {name} die einzige Stadt {where} mit veröffentlichtem Platz.",
            en=f"In {edition} {name} is the only city {where} with a published rank.",
        )
    if ahead.empty and only_better_known(panel, edition, rank):
        second = titles(others.index[:1])
        return tr(
            de=f"{edition} ist {name} die bestplatzierte Stadt {where}: Alle besseren Plätze sind bekannt, keiner davon "
            f"geht an eine Stadt {where}. Es folgt {second} auf Platz {others.iloc[0]}.",
            en=f"In {edition} {name} is the best-ranked city {where}: every better rank is known and none is there. "
            f"{second} follows on rank {others.iloc[0]}.",
        )
    among = tr(
        de=f"{edition} liegt {name} unter den {fmt.count(len(order))} Städten {where} mit bekanntem Platz an "
        f"{len(ahead) + 1}. Stelle",
        en=f"In {edition} {name} is number {len(ahead) + 1} of the {fmt.count(len(order))} cities {where} with a known "
        "rank",
    )
    if ahead.empty:
        return among + "."
    head = fmt.join([f"{study.names[ags]} ({ahead[ags]})" for ags in ahead.index[:3]])
    if len(ahead) > 3:
        return tr(de=f"{among}; an der Spitze stehen {head}.", en=f"{among}; at the top: {head}.")
    verb = "steht" if len(ahead) == 1 else "stehen"
    return tr(de=f"{among}; davor {verb} {head}.", en=f"{among}; ahead: {head}.")


def _among_all(study: Study, edition: int, rank: int) -> str:
    """The place of a city that is alone in its Land, among all known ones."""
    panel, place = study.facts.smart_city_index, study.place
    known = panel[(panel["edition"] == edition) & (panel["category"] == "total")]["rank"].dropna()
    n, at = fmt.count(len(known)), int((known < rank).sum()) + 1
    return tr(
        de=f"{place.name} ist die einzige Großstadt {region_in(place)}. {edition} steht sie unter den {n} Städten mit "
        f"veröffentlichtem Platz an {at}. Stelle.",
        en=f"{place.name} is the only large city {region_in(place)}. In {edition} it is number {at} of the {n} cities with "
        "a published rank.",
    )


def how_certain(study: Study) -> str:
    """How many ranks are public in the last edition of the place and how the method changed over its editions."""
    panel, editions = study.facts.smart_city_index, study.facts.smart_city_editions.set_index("edition")
    ranks = known_ranks(panel, study.city_ags)
    first, last = int(ranks.index[0]), int(ranks.index[-1])
    public = int(panel.query("edition == @last and category == 'total'")["rank"].notna().sum())
    n = int(editions.at[last, "n_places"])
    known = tr(
        de=f"Für {last} sind {public} von {n} Plätzen öffentlich.", en=f"For {last}, {public} of {n} ranks are public."
    )
    if first == last or editions.at[first, "n_parameters"] == editions.at[last, "n_parameters"]:
        return known
    a, b = int(editions.at[first, "n_parameters"]), int(editions.at[last, "n_parameters"])
    return tr(
        de=f"{known} Zwischen {first} und {last} änderte sich auch das Verfahren: erst {a} Parameter, zuletzt {b}.",
        en=f"{known} The method changed between {first} and {last} as well: first {a} parameters, {b} at the end.",
    )


def not_rated(study: Study) -> str:
    """Why there is no Smart City Index picture for this place."""
    place = study.place
    if place.level == "district" and place.type not in CITY_TYPES:
        return tr(
            de="Bitkom bewertet im Smart City Index Städte ab 100.000 Einwohnern, keine Kreise: "
            f"{named_first(study)} kommt darin nicht vor.",
            en="Bitkom's Smart City Index rates cities of 100,000 inhabitants or more, not districts: "
            f"{named(study)} is not in it.",
        )
    if study.city_ags in register() and register()[study.city_ags].in_cities:
        return tr(
            de=f"Bitkom bewertet {place.name}, doch in keiner Ausgabe ist ein Gesamtplatz der Stadt veröffentlicht.",
            en=f"Bitkom rates {place.name}, but the city's overall rank has not been published in any edition.",
        )
    people = fmt.integer(study.facts.places.at[place.ags, "population"])
    return tr(
        de=f"Bitkom bewertet im Smart City Index nur Städte ab 100.000 Einwohnern. {place.name} hat {people} und kommt darin "
        "nicht vor; ein Platz lässt sich auch nicht ableiten.",
        en=f"Bitkom's Smart City Index rates only cities of 100,000 inhabitants or more. {place.name} has {people} and is "
        "not in it; no rank can be derived either.",
    )


def ruhr_title(study: Study) -> str:
    """Whether the Digital-Index Ruhr names the place."""
    n = len(ruhr_statements(study))
    name = study.place.name
    if n == 0:
        return tr(
            de=f"Der Digital-Index Ruhr nennt {named(study, 'accusative')} nicht",
            en=f"The Digital-Index Ruhr does not name {named(study)}",
        )
    if n == 1:
        return tr(
            de=f"Eine bekannte Aussage zum Digital-Index Ruhr nennt {name}",
            en=f"One known statement on the Digital-Index Ruhr names {name}",
        )
    return tr(
        de=f"{capital(fmt.count(n))} bekannte Aussagen zum Digital-Index Ruhr nennen {name}",
        en=f"{capital(fmt.count(n))} known statements on the Digital-Index Ruhr name {name}",
    )


def ruhr_unnamed(study: Study) -> str:
    """What the silence of the Digital-Index Ruhr on the place means; for places outside the Ruhr: that it covers them not."""
    place = register().get(study.city_ags, study.place)
    if not place.in_ruhr:
        return tr(
            de=f"Der Digital-Index Ruhr 2025 bewertet die 53 Kommunen des Ruhrgebiets; {named(study)} gehört nicht dazu.",
            en=f"The Digital-Index Ruhr 2025 rates the 53 municipalities of the Ruhr; {named(study)} is not one of them.",
        )
    if place.level == "district":
        return tr(
            de="Der Digital-Index Ruhr 2025 bewertet die 53 Kommunen des Ruhrgebiets einzeln; "
            f"{named(study)} als Ganzes kommt darin nicht vor.",
            en=f"The Digital-Index Ruhr 2025 rates the 53 municipalities of the Ruhr one by one; {named(study)} as a whole "
            "is not in it.",
        )
    above = study.facts.digital_index_ruhr.query("topic == 'above_ruhr_average'")["ags"]
    return tr(
        de=f"Über dem Durchschnitt des Ruhrgebiets liegen laut Studie {titles(above.unique())}. {place.name} ist nicht "
        "darunter; Rang und Punkte sind für keine einzelne Kommune veröffentlicht.",
        en=f"Above the Ruhr average, says the study, are {titles(above.unique())}. {place.name} is not among them; ranks "
        "and scores are not published for any single municipality.",
    )


def ruhr_statements(study: Study) -> pd.DataFrame:
    """What is published of the Digital-Index Ruhr about the place, one row for each statement (not each source)."""
    rows = study.facts.digital_index_ruhr
    return rows[rows["ags"] == study.city_ags].drop_duplicates("topic")


def statement(row: pd.Series) -> str:
    """One statement in the active language."""
    return str(row[f"statement_{current()}"])


def _region_cities(study: Study) -> list[str]:
    """AGS of the large cities in the region of the place, itself among them."""
    city = register()[study.city_ags]
    return [p.ags for p in register().values() if p.level == "municipality" and p.in_cities and city.region_includes(p)]


def region_cities(study: Study) -> list[str]:
    """AGS of the other large cities in the region of the place."""
    return [ags for ags in _region_cities(study) if ags != study.city_ags]


def pioneers(study: Study) -> list[str]:
    """AGS of the municipalities that the Digital-Index Ruhr names as above the Ruhr average."""
    return list(study.facts.digital_index_ruhr.query("topic == 'above_ruhr_average'")["ags"].drop_duplicates())


def pioneers_title(study: Study) -> str:
    """How many of the municipalities named by the Digital-Index Ruhr are ahead of the place in the open index."""
    rank, own = study.indices["ruhr"].rank, study.ags_in("ruhr")
    others = [ags for ags in pioneers(study) if ags != own]
    ahead, n = int((rank[others] < rank[own]).sum()), fmt.count(len(others))
    if len(others) < len(pioneers(study)):
        group = tr(de=f"{n} anderen genannten Kommunen", en=f"{n} other municipalities named")
    else:
        group = tr(de=f"{n} genannten Kommunen", en=f"{n} municipalities named")
    who = {0: tr(de="Keine", en="None"), 1: tr(de="Eine", en="One")}.get(ahead, capital(fmt.count(ahead)))
    verb = tr(de="liegt" if ahead < 2 else "liegen", en="is" if ahead < 2 else "are")
    return tr(
        de=f"{who} der {group} {verb} im offenen Index vor {study.place.name}",
        en=f"{who} of the {group} {verb} ahead of {study.place.name} in the open index",
    )


def region_title(study: Study) -> str:
    """Which large city of the region stands best in the newest edition with a known place there."""
    panel = study.facts.smart_city_index
    table = last_known(panel, region_cities(study))
    edition, rank, best = int(table["edition"].iloc[0]), int(table["rank"].iloc[0]), titles([str(table.index[0])])
    where = region_in(study.place)
    if only_better_known(panel, edition, rank):
        return tr(
            de=f"Von den Großstädten {where} liegt {best} vorn: Platz {rank} ({edition})",
            en=f"Of the large cities {where}, {best} is ahead: rank {rank} ({edition})",
        )
    return tr(
        de=f"Bester für {edition} bekannter Platz einer Großstadt {where}: {best}, Platz {rank}",
        en=f"Best rank known for {edition} of a large city {where}: {best}, rank {rank}",
    )

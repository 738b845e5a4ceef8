"""Phrases that several chapters share: ranks, positions, strengths and weaknesses of a place."""

from collections.abc import Iterable

from helpers.analysis.drivers import Driver
from helpers.analysis.study import Study
from helpers.parameters import register
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import (
    Case,
    district_of,
    indicator_label,
    indicator_unit,
    place_name,
    place_title,
    remark,
    universe_in,
    universe_places_word,
)


def rank_of(rank: int, n: int) -> str:
    """`Rang 35 von 83`."""
    return tr(de=f"Rang {fmt.integer(rank)} von {fmt.integer(n)}", en=f"rank {fmt.integer(rank)} of {fmt.integer(n)}")


def points(value: float) -> str:
    """`59,7 Punkte`; with a decimal, even 1,0 takes the plural."""
    return tr(de=f"{fmt.number(value)} Punkte", en=f"{fmt.number(value)} points")


def capital(text: str) -> str:
    """The text with its first letter capitalised."""
    return text[:1].upper() + text[1:]


def named(study: Study, case: Case = "nominative") -> str:
    """The place of the report within a sentence: `Bochum`, `der Kreis Wesel`."""
    return place_name(study.place, case)


def named_first(study: Study, case: Case = "nominative") -> str:
    """The place of the report at the head of a sentence: `Bochum`, `Der Kreis Wesel`."""
    return capital(named(study, case))


def titles(ags: Iterable[str]) -> str:
    """The places in a list: `Bochum, Essen und Dortmund`."""
    return fmt.join([place_title(register()[a]) for a in ags])


def places_word(study: Study) -> str:
    """What is compared, with its number: `53 Kommunen`, `400 districts`."""
    return f"{fmt.integer(len(study.index.score))} {universe_places_word(study.universe)}"


def tier(rank: int, n: int) -> str:
    """Where a rank lies: first, top3, front (first quarter), middle, back (last quarter) or last."""
    if rank == 1:
        return "first"
    if rank == n:
        return "last"
    if rank <= 3:
        return "top3"
    if rank <= n / 4:
        return "front"
    return "middle" if rank <= 3 * n / 4 else "back"


def position(rank: int, n: int) -> str:
    """The end of a sentence that begins with a place and its universe: `im Mittelfeld`."""
    return {
        "first": tr(de="vorn", en="at the top"),
        "top3": tr(de="unter den ersten drei", en="among the top three"),
        "front": tr(de="im vorderen Viertel", en="in the top quarter"),
        "middle": tr(de="im Mittelfeld", en="mid-table"),
        "back": tr(de="im hinteren Viertel", en="in the bottom quarter"),
        "last": tr(de="auf dem letzten Rang", en="in last place"),
    }[tier(rank, n)]


def rank_in(study: Study, universe: str) -> str:
    """`Rang 35 von 83 unter den Großstädten`."""
    return f"{rank_of(*study.rank_in(universe))} {universe_in(study.indices[universe].universe)}"


def value_text(study: Study, driver: Driver) -> str:
    """`12,1 %`, with the decimals of the codebook and, where inherited, the district it stands for."""
    decimals = int(study.facts.indicators.at[driver.ref.key, "decimals"])
    text = fmt.with_unit(driver.value, indicator_unit(study, driver.ref), max(decimals, 1))
    if reason := remark(study, driver.ref, study.place.ags):
        text += f" {reason}"
    if driver.inherited:
        district = place_name(district_of(study.place), "accusative", whole=True)
        text += tr(de=f", Wert für {district}", en=f", value for {district}")
    return text


def driver_text(study: Study, driver: Driver) -> str:
    """`Haushalte mit Glasfaser (12,1 %, Juni 2021, Rang 21)`; a shared rank says with how many."""
    shared = ""
    if driver.ties:
        shared = tr(
            de=f" mit {fmt.integer(driver.ties)} weiteren", en=f" shared with {fmt.integer(driver.ties)} others"
        )
        if driver.ties == 1:
            shared = tr(de=" mit einem weiteren Ort", en=" shared with one other")
    rank = tr(de=f"Rang {fmt.integer(driver.rank)}", en=f"rank {fmt.integer(driver.rank)}")
    date = fmt.period(driver.ref.period)
    return f"{indicator_label(study, driver.ref)} ({value_text(study, driver)}, {date}, {rank}{shared})"

"""Names of universes, domains and indicators in the active language."""

from typing import Literal

from helpers.analysis.study import Study
from helpers.data.definition import Indicator
from helpers.data.universe import ContextVariable, Universe
from helpers.parameters import CITY_TYPES, RUHR, Place, register
from helpers.present.language import current, tr

Case = Literal["nominative", "dative", "accusative"]

_DOMAINS = {
    "infrastructure": ("Infrastruktur", "infrastructure"),
    "research": ("Forschung", "research"),
    "employment": ("Beschäftigung", "employment"),
    "companies": ("Unternehmen", "companies"),
}
_SHORT_DOMAINS = {
    "infrastructure": ("Infrastr.", "Infrastr."),
    "research": ("Forschung", "Research"),
    "employment": ("Beschäft.", "Employm."),
    "companies": ("Untern.", "Companies"),
}
# For the head of a narrow column; a soft hyphen (U+00AD) where a long word may be broken.
_SHORT_INDICATORS = {
    "gigabit_households": ("Gigabit privat", "Gigabit homes"),
    "gigabit_households_bba": ("Gigabit privat", "Gigabit homes"),
    "fibre_households": ("Glasfaser privat", "Fibre homes"),
    "fiveg_area": ("Fläche 5G", "5G area"),
    "fiveg_residential_area": ("Wohnen 5G", "5G homes"),
    "university_sites": ("Hoch\u00adschulen", "Univer\u00adsities"),
    "students_rate": ("Studie\u00adrende", "Students"),
    "patents_rate": ("Patente", "Patents"),
    "ict_employees_share": ("Personal in IuK", "ICT staff"),
    "academics_workplace": ("Akade\u00admiker", "Gradu\u00adates"),
    "gigabit_firms": ("Gigabit Gewerbe", "Gigabit firms"),
    "fibre_commercial_areas": ("Glasfaser Gewerbe", "Fibre firms"),
    "business_services_share": ("Firmen\u00addienste", "Business services"),
}
_CATEGORIES = {
    "total": ("gesamt", "overall"),
    "administration": ("Verwaltung", "administration"),
    "it_communication": ("IT und Kommunikation", "IT and communication"),
    "mobility": ("Mobilität", "mobility"),
    "energy_environment": ("Energie und Umwelt", "energy and environment"),
    "society_education": ("Gesellschaft und Bildung", "society and education"),
}
CATEGORIES = tuple(_CATEGORIES)
# Those that English calls by another name.
_LAENDER = {
    "Bayern": "Bavaria",
    "Hessen": "Hesse",
    "Mecklenburg-Vorpommern": "Mecklenburg-Western Pomerania",
    "Niedersachsen": "Lower Saxony",
    "Nordrhein-Westfalen": "North Rhine-Westphalia",
    "Rheinland-Pfalz": "Rhineland-Palatinate",
    "Sachsen": "Saxony",
    "Sachsen-Anhalt": "Saxony-Anhalt",
    "Thüringen": "Thuringia",
}


def _pick(pair: tuple[str, str]) -> str:
    return tr(de=pair[0], en=pair[1])


def domain_name(domain: str, *, start: bool = False) -> str:
    """A domain in a sentence; `start` capitalises it for the head of a row or sentence."""
    name = _pick(_DOMAINS.get(domain, (domain, domain)))
    return name[0].upper() + name[1:] if start else name


def domain_short(domain: str) -> str:
    """A domain as a narrow column has it."""
    return _pick(_SHORT_DOMAINS[domain]) if domain in _SHORT_DOMAINS else domain_name(domain, start=True)


def category_name(category: str) -> str:
    """A category of the Smart City Index."""
    return _pick(_CATEGORIES[category])


def indicator_label(study: Study, ref: Indicator) -> str:
    """The short label of an indicator, as a chart row has it."""
    return str(study.facts.indicators.at[ref.key, f"label_{current()}"])


def indicator_short(study: Study, ref: Indicator) -> str:
    """An indicator as the head of a narrow column has it, with soft hyphens; else its short label."""
    short = _SHORT_INDICATORS.get(ref.indicator)
    return _pick(short) if short else indicator_label(study, ref)


def indicator_unit(study: Study, ref: Indicator) -> str:
    """The unit of an indicator as the index uses it (per 100,000 inhabitants where it is divided)."""
    if ref.denominator is not None:
        return tr(de="je 100.000 Einw.", en="per 100,000 inh.")
    return str(study.facts.indicators.at[ref.key, f"unit_{current()}"])


def context_label(study: Study, variable: ContextVariable) -> str:
    """The label of a structural variable: its own, else that of the codebook."""
    own = getattr(variable, f"label_{current()}")
    return str(own or study.facts.indicators.at[variable.keys[0], f"label_{current()}"])


def context_unit(study: Study, variable: ContextVariable) -> str:
    """The unit of a structural variable: its own, else that of the codebook."""
    own = getattr(variable, f"unit_{current()}")
    return str(own or study.facts.indicators.at[variable.keys[0], f"unit_{current()}"])


def remark(study: Study, ref: Indicator, ags: str) -> str:
    """Why the value of a place stands out, from the Data Package: `mit Fernstudierenden`; empty if nothing is known."""
    facts = study.facts
    owner = facts.places.at[ags, "district_ags"] if ref.level == "district" else ags
    key = (ref.level, owner, *ref.key[1:])
    return str(facts.remarks.at[key, f"remark_{current()}"]) if key in facts.remarks.index else ""


def universe_in(universe: Universe) -> str:
    """`im Ruhrgebiet`, `unter den Großstädten`, …"""
    return universe.in_de if current() == "de" else universe.in_en


def universe_places_word(universe: Universe) -> str:
    """`Kommunen`, `Großstädte`, `Kreise`."""
    return universe.places_de if current() == "de" else universe.places_en


def universe_places_dative(universe: Universe) -> str:
    """The same after `von` or `mit`: `Kommunen`, `Großstädten`, `Kreisen`."""
    word = universe_places_word(universe)
    return tr(de=word if word.endswith("n") else word + "n", en=word)


def land_name(land: str) -> str:
    """A Land in the active language: `Bayern`, `Bavaria`."""
    return tr(de=land, en=_LAENDER.get(land, land))


def region_in(place: Place) -> str:
    """`im Ruhrgebiet`, `in Bayern`, `im Saarland`, `in Bavaria`."""
    if place.region == RUHR:
        return tr(de="im Ruhrgebiet", en="in the Ruhr")
    return tr(de="im " if place.region == "Saarland" else "in ", en="in ") + land_name(place.region)


# Kinds that a district's own name already carries: `Rhein-Sieg-Kreis`, `Region Hannover`, `Regionalverband Saarbrücken`.
_FEMININE = ("Region ", "Städteregion ")
_ARTICLES: dict[Case, tuple[str, str]] = {
    "nominative": ("der", "die"),
    "dative": ("dem", "der"),
    "accusative": ("den", "die"),
}


def place_title(place: Place) -> str:
    """The name alone, for labels: `Bochum`, `Kreis Wesel`. A district is told apart from the town of its name."""
    if place.level == "municipality" or place.type in CITY_TYPES or _carries_kind(place.name):
        return place.name
    return tr(de=f"{place.type} {place.name}", en=f"district of {place.name}")


def title_of(ags: str) -> str:
    """The name of a place as a label begins: `Bochum`, `Kreis Wesel`, `District of Wesel`."""
    words = place_title(register()[ags])
    return words[0].upper() + words[1:]


def place_name(place: Place, case: Case = "nominative", *, whole: bool = False) -> str:
    """The name within a sentence, with its article in `case` (nominative, dative, accusative) where it has one.

    `Bochum`, `der Kreis Wesel`, `dem Märkischen Kreis`, `die Region Hannover`; `whole` gives `den ganzen Kreis Wesel`.
    """
    title = place_title(place)
    if place.level == "municipality" or place.type in CITY_TYPES:
        return title
    feminine = title.startswith(_FEMININE)
    article = _ARTICLES[case][feminine]
    ending = "en" if case == "dative" or article == "den" else "e"
    inflected = title.replace("ischer Kreis", f"isch{ending} Kreis")
    return tr(
        de=f"{article} {f'ganz{ending} ' if whole else ''}{inflected}", en=f"the {'whole ' if whole else ''}{title}"
    )


def district_of(place: Place) -> Place:
    """The district that a municipality belongs to; a kreisfreie Stadt is its own."""
    return register()[place.district_ags]


def district_in(place: Place) -> str:
    """`im Kreis Wesel`, `in der Region Hannover`, `in the district of Wesel`."""
    district = place_name(district_of(place), "dative")
    german = district.replace("dem ", "im ", 1) if district.startswith("dem ") else f"in {district}"
    return tr(de=german, en=f"in {district}")


def _carries_kind(name: str) -> bool:
    return "kreis" in name.casefold() or name.startswith((*_FEMININE, "Regionalverband "))

"""The validated parameters of a report and the light register of places they are checked against.

The ground floor: no pandas, so that a mistyped place is refused at once. The command line, the batch and the
notebooks share the one model below.
"""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from helpers.choices import IndexChoice, resolve

REPOSITORY = Path(__file__).resolve().parents[2]
DATA_DIR = Path(os.environ.get("CITYREPORT_DATA", REPOSITORY / "data"))
RUHR = "Regionalverband Ruhr"
N_PEERS = 10
_NUMBERS = {"n_peers": (1, 30), "draws": (200, 100_000), "seed": (0, 2**32 - 1)}
_PEER_RULES = ("nearest", "region", "universe")
CITY_TYPES = ("kreisfreie Stadt", "Stadtkreis")
Language = Literal["de", "en"]


class ParameterError(ValueError):
    """One or more parameters are wrong; `faults` lists them all, a sentence each."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("\n".join(faults))

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows instead of a traceback: the faults and nothing of the inside."""
        return ["Parameters refused:", *(f"  - {fault}" for fault in self.faults)]


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turns whatever an unreadable file of the data raises into one sentence; the full check tells the rest."""
    try:
        yield
    except (OSError, UnicodeDecodeError, csv.Error, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise ParameterError(
            [f"data: {path} cannot be read ({reason}); `cityreport data check` lists what is wrong."]
        ) from error


@dataclass(frozen=True)
class Place:
    """A municipality (AGS of 8 digits) or a district (5 digits)."""

    ags: str
    level: Literal["municipality", "district"]
    name: str
    official_name: str
    type: str
    district_ags: str
    district: str
    state: str
    in_ruhr: bool
    in_cities: bool

    @property
    def region(self) -> str:
        """Regionalverband Ruhr for its 53 municipalities and 15 districts, else the Land."""
        return RUHR if self.in_ruhr else self.state

    def region_includes(self, other: Place) -> bool:
        """True if `other` lies in the region of this place; a Land includes its part of the Ruhr."""
        return other.in_ruhr if self.in_ruhr else other.state == self.state

    @property
    def is_own_district(self) -> bool:
        """True for a kreisfreie Stadt: what is published of the district is published of the city."""
        return self.level == "municipality" and self.type in CITY_TYPES

    @property
    def described(self) -> str:
        """Name, type and AGS, as a list of candidates needs them."""
        return f"{self.name} ({self.type}, {self.state}, AGS {self.ags})"


@cache
def register(data_dir: Path = DATA_DIR) -> dict[str, Place]:
    """All places of the Data Package by AGS, municipalities and districts."""
    path = data_dir / "places.csv"
    with _reading(path), path.open(encoding="utf-8", newline="") as stream:
        return {
            row["ags"]: Place(
                ags=row["ags"],
                level="municipality" if row["level"] == "municipality" else "district",
                name=row["name"],
                official_name=row["official_name"],
                type=row["type"],
                district_ags=row["district_ags"],
                district=row["district"],
                state=row["state"],
                in_ruhr=row["in_ruhr"] == "true",
                in_cities=row["in_cities"] == "true",
            )
            for row in csv.DictReader(stream)
        }


@cache
def universes(data_dir: Path = DATA_DIR) -> tuple[str, ...]:
    """Names of the universes that have a definition, the default first."""
    names = sorted(path.stem for path in (data_dir / "universes").glob("*.yml"))
    return tuple(sorted(names, key=lambda name: (name != "ruhr", name)))


@cache
def _definition(universe: str, data_dir: Path = DATA_DIR) -> Any:
    """The file of a universe, unchecked."""
    path = data_dir / "universes" / f"{universe}.yml"
    with _reading(path), path.open(encoding="utf-8") as stream:
        return yaml.safe_load(stream)


@cache
def universe_places(universe: str, data_dir: Path = DATA_DIR) -> dict[str, Place]:
    """The places of a universe by AGS: those of its level that its `member` rule selects."""
    places = register(data_dir)
    definition = _definition(universe, data_dir)
    with _reading(data_dir / "universes" / f"{universe}.yml"):
        level, member = definition["level"], definition["member"]
        return {
            ags: place
            for ags, place in places.items()
            if place.level == level and (member == "all" or getattr(place, member))
        }


def resolve_place(text: str, universe: str) -> Place:
    """The place that `text` (AGS, name or official name) means within `universe`.

    Raises ParameterError naming the value, what is allowed and the nearest names, or all candidates
    where a name is not unique.
    """
    places = universe_places(universe)
    wanted = _folded(text)
    if wanted in places:
        return places[wanted]
    found = [place for place in places.values() if wanted in _names(place)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = "; ".join(p.described for p in sorted(found, key=lambda p: p.ags))
        raise ParameterError([f"place: {text!r} is not unique in universe {universe!r}: {listed}. Give the AGS."])
    raise ParameterError([f"place: {text!r} is not in universe {universe!r}. {_hint(wanted, universe)}"])


def _names(place: Place) -> set[str]:
    """What a place may be called: its names, its name after its type, its name without what stands behind `/` or `(`."""
    short = re.split(r"\s*[/(]", place.name)[0]
    return {_folded(name) for name in (place.name, place.official_name, f"{place.type} {place.name}", short)}


def _folded(text: str) -> str:
    """`text` as names are compared: composed umlauts, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def without_umlauts(text: str) -> str:
    """Lower-case text with umlauts written out and other accents taken off: for folders and those who type without them."""
    plain = unicodedata.normalize("NFKD", text.translate(_UMLAUTS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _hint(wanted: str, universe: str) -> str:
    """What the user may have meant: the same place elsewhere, else the nearest names, else how to list all."""
    elsewhere = [
        f"--universe {other}: {place.described}"
        for other in universes()
        if other != universe
        for place in universe_places(other).values()
        if wanted == place.ags or wanted in _names(place)
    ]
    if elsewhere:
        return "It is known as " + "; ".join(elsewhere) + "."
    places = universe_places(universe)
    if "0" + wanted in places:
        return f"Did you mean {places['0' + wanted].described}? An AGS keeps its leading zero."
    by_folded = {without_umlauts(_folded(p.name)): p.name for p in places.values()}
    plain = without_umlauts(wanted)
    near = [name for name in by_folded if name.startswith(plain) and len(plain) > 3][:3]
    near += [name for name in get_close_matches(plain, by_folded, n=3, cutoff=0.6) if name not in near]
    allowed = f"Allowed are the {len(universe_places(universe))} places of `cityreport places --universe {universe}`."
    return (f"Did you mean {' or '.join(by_folded[n] for n in near[:3])}? " if near else "") + allowed


class Parameters(BaseModel):
    """What a report is made of. `place` may be given as AGS, name or official name and is kept as AGS.

    `peers` is `nearest` (the `n_peers` places most alike in structure), `region` (Regionalverband Ruhr, else the Land),
    `universe` (all places) or a list of places. `n_peers` is kept at its default where `peers` is not `nearest`. `index`
    says how the index departs from that of the universe: a mapping with `weights`, `normalisation`, `aggregation`.
    Build it with `Parameters.check(...)` where all faults should be told as sentences (ParameterError).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str = Field(default="Bochum", description="AGS, name or official name, within the universe")
    universe: str = Field(default="ruhr", description="ruhr, cities or districts")
    peers: Literal["nearest", "region", "universe"] | tuple[str, ...] = Field(
        default="nearest", description="nearest, region, universe, or a list of places"
    )
    n_peers: int = Field(default=N_PEERS, description="how many places `nearest` takes, 1 to 30")
    index: IndexChoice = Field(default=IndexChoice(), description="weights, normalisation, aggregation off the default")
    language: Language = Field(default="de", description="de or en")
    draws: int = Field(default=2000, description="alternative indices behind each range of a rank, 200 to 100000")
    seed: int = Field(default=1, description="of the random numbers: the same seed gives the same report")

    @model_validator(mode="before")
    @classmethod
    def _resolve(cls, values: dict[str, Any]) -> dict[str, Any]:
        values = dict(values)
        for name in ("universe", "language"):
            if isinstance(values.get(name), str):
                values[name] = values[name].strip().lower()
        faults = [*_unknown_parameters(values), *_language_faults(values.get("language", "de"))]
        for name, (low, high) in _NUMBERS.items():
            value = values.get(name, low)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                faults.append(f"{name}: {value!r} is not a whole number from {low} to {high}.")
        universe = values.get("universe", "ruhr")
        universe_faults = check_universe(universe)
        if universe_faults:
            # Places and peers cannot be judged without a universe.
            raise ParameterError([*faults, *universe_faults])
        place: Place | None = None
        try:
            place = resolve_place(str(values.get("place", "Bochum")), universe)
            values["place"] = place.ags
        except ParameterError as error:
            faults += error.faults
        peers, peer_faults = _resolve_peers(values.get("peers", "nearest"), universe, place)
        faults += peer_faults
        with _reading(DATA_DIR / "universes" / f"{universe}.yml"):
            index, index_faults = resolve(values.get("index"), _definition(universe)["index"])
        faults += index_faults
        if faults:
            raise ParameterError(faults)
        values |= {"peers": peers, "index": index}
        if peers != "nearest":
            values["n_peers"] = N_PEERS
        return values

    @classmethod
    def check(cls, **values: Any) -> Parameters:
        """The validated parameters. Raises ParameterError with all faults, one sentence each."""
        try:
            return cls(**values)
        except ValidationError as error:
            raise ParameterError([fault for item in error.errors() for fault in _sentences(dict(item))]) from None


def check_universe(universe: Any) -> list[str]:
    """The fault of a universe that has no definition, with the nearest name; empty if there is none."""
    if not universes():
        return [f"data: {DATA_DIR} holds no universes; CITYREPORT_DATA must name a folder like data/."]
    if universe in universes():
        return []
    near = get_close_matches(str(universe), universes(), n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return [f"universe: {universe!r} is not one of {', '.join(universes())}.{meant}"]


def _unknown_parameters(values: dict[str, Any]) -> list[str]:
    """One fault for each name that is no parameter, with the nearest name."""
    faults = []
    for name in values:
        if name not in Parameters.model_fields:
            near = get_close_matches(name, Parameters.model_fields, n=1)
            meant = f" Did you mean {near[0]!r}?" if near else ""
            faults.append(f"{name}: no such parameter. Allowed: {', '.join(Parameters.model_fields)}.{meant}")
    return faults


def _language_faults(language: Any) -> list[str]:
    allowed = get_args(Language)
    return [] if language in allowed else [f"language: {language!r} is not one of {', '.join(allowed)}."]


def _sentences(item: dict[str, Any]) -> list[str]:
    """One pydantic error as our sentences: field, value, what is expected."""
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, ParameterError):
        return cause.faults
    return [f"{item['loc'][0]}: {item['input']!r} is refused. {item['msg']}."]


def _resolve_peers(peers: Any, universe: str, place: Place | None) -> tuple[Any, list[str]]:
    """Peers as a rule name or a tuple of AGS, and the faults met on the way."""
    allowed = f"Allowed: {', '.join(_PEER_RULES)}, or a list of places."
    if isinstance(peers, str) and peers in _PEER_RULES:
        return peers, []
    if isinstance(peers, str):
        names = [name.strip() for name in peers.split(",") if name.strip()]
    elif isinstance(peers, (list, tuple)):
        names = [str(name) for name in peers]
    else:
        return peers, [f"peers: {peers!r} is no list of places. {allowed}"]
    found: list[str] = []
    faults: list[str] = []
    if not names:
        faults.append(f"peers: the list is empty. {allowed}")
    for name in names:
        word = name.strip().lower()
        if word in _PEER_RULES and len(names) > 1:
            faults.append(
                f"peers: the rule {word!r} stands alone and cannot be mixed with places or other rules. {allowed}"
            )
            continue
        try:
            peer = resolve_place(name, universe)
        except ParameterError as error:
            faults += [fault.replace("place:", "peers:", 1) for fault in error.faults]
            if len(names) == 1 and (rule := get_close_matches(name, _PEER_RULES, n=1)):
                faults[-1] += f" The rule {rule[0]!r} is spelt so."
            continue
        if place and peer.ags == place.ags:
            faults.append(f"peers: {peer.name} ({peer.ags}) is the place of the report and cannot be its own peer.")
        elif peer.ags in found:
            faults.append(f"peers: {peer.name} ({peer.ags}) is named twice.")
        found.append(peer.ags)
    return tuple(found), faults

"""The source line of a figure or table, computed from the data behind it."""

from dataclasses import dataclass

import pandas as pd

from helpers.analysis.study import Study
from helpers.present.language import current, tr

BOUNDARIES = "bkg-vg250"


@dataclass(frozen=True)
class Source:
    """A row of the table of sources, in the language of the report; `date` is that of the edition, empty if unknown."""

    id: str
    publisher: str
    title: str
    licence: str
    url: str
    date: str


@dataclass(frozen=True)
class Sources:
    """The sources behind one figure or table, in the order in which a line names them.

    `cited` are their rows in the table of sources; `indicators` the rows of the codebook whose values are shown, as
    (level, indicator, period). Both are empty where a figure rests on nothing of the Data Package.
    """

    ids: tuple[str, ...]
    line: str
    cited: tuple[Source, ...] = ()
    indicators: tuple[tuple[str, str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.ids or not self.line.strip():
            raise ValueError("a source line must cite at least one source")

    @property
    def has_boundaries(self) -> bool:
        """True if the boundaries are cited, as every map must."""
        return BOUNDARIES in self.ids


def cite(
    study: Study, *, indicators: list[str] | None = None, also: tuple[str, ...] = (), own: bool = False
) -> Sources:
    """The sources of `indicators` (ids in the report's universe; None = all of them) and of further source ids.

    `own` says that the figures were computed here from these sources; alone, that the figure shows no data. Raises ValueError
    if nothing is cited, KeyError for an id that is not in the table of sources.
    """
    refs = [ref for ref in study.universe.indicators if indicators is None or ref.indicator in indicators]
    ids = dict.fromkeys(study.facts.indicators.at[ref.key, "source"] for ref in refs)
    ids.update(dict.fromkeys(also))
    if own and not ids:
        return Sources(("own",), tr(de="Quelle: eigene Darstellung.", en="Source: own drawing."))
    shorts: pd.Series = study.facts.sources[f"short_{current()}"]
    named = sorted({str(shorts[i]) for i in ids if i != BOUNDARIES})
    sentences = []
    if named:
        label = tr(de="Quellen" if len(named) > 1 else "Quelle", en="Sources" if len(named) > 1 else "Source")
        calculated = tr(de="; eigene Berechnung", en="; own calculation") if own else ""
        sentences.append(f"{label}: {'; '.join(named)}{calculated}.")
    if BOUNDARIES in ids:
        sentences.append(tr(de="Karte: ", en="Map: ") + f"{shorts[BOUNDARIES]}.")
    cited = tuple(_source(study, id_) for id_ in ids)
    return Sources(tuple(ids), " ".join(sentences), cited, tuple(ref.key for ref in refs))


def _source(study: Study, id_: str) -> Source:
    row, language = study.facts.sources.loc[id_], current()
    titled = (row["publisher"], row[f"title_{language}"], row[f"licence_{language}"])
    return Source(id_, *map(str, (*titled, row["url"], row["date"])))

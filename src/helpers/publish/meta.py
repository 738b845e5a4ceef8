"""What a report says about itself: title, running foot, imprint, date of its data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

from helpers.parameters import Parameters, Place
from helpers.present import fmt
from helpers.present.language import tr
from helpers.present.names import place_name, place_title
from helpers.present.wording.choice import brief


@dataclass(frozen=True)
class ReportMeta:
    """Parameters, place and data of a report; `data_date` is ISO text: a year, a month or a day.

    changed: data files that differ from their seal. data_files: the hash of each data file, for the manifest.
    The texts are in the active language (see present/language.py), which `publish_report` sets.
    """

    parameters: Parameters
    place: Place
    data_date: str
    data_hash: str
    changed: tuple[str, ...] = ()
    data_files: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The version of the installed package."""
        return version("cityreport")

    @property
    def timestamp(self) -> datetime:
        """The start of the data date: the date of the PDF, so that the same data give the same bytes."""
        parts = [int(part) for part in self.data_date.split("-")]
        year, month, day = (*parts, 1, 1)[:3]
        return datetime(year, month, day, tzinfo=UTC)

    @property
    def question(self) -> str:
        """The title of the report."""
        name = place_name(self.place)
        return tr(de=f"Wie digital ist {name}?", en=f"How digital is {name}?")

    @property
    def running_foot(self) -> str:
        """What stands at the foot of each page."""
        date, name = fmt.period(self.data_date), place_title(self.place)
        departs = tr(de=" · nicht der Standardindex", en=" · not the default index") if self.parameters.index else ""
        return tr(
            de=f"Digitalstand {name} · Datenstand {date}{departs}",
            en=f"Digital standing: {name} · data of {date}{departs}",
        )

    def imprint(self, code: str) -> str:
        """Version and hashes: with which program and which data the report can be made again."""
        date, data, code = fmt.period(self.data_date), self.data_hash[:12], code[:12]
        unsealed = ""
        if self.changed:
            files = fmt.join(self.changed)
            unsealed = tr(de=f" Geändert gegenüber dem Siegel: {files}.", en=f" Changed since it was sealed: {files}.")
        if chosen := brief(self.parameters.index):
            unsealed += tr(de=f" Nicht der Standardindex: {chosen}.", en=f" Not the default index: {chosen}.")
        return tr(
            de=f"Erstellt mit cityreport {self.version}. Daten: Stand {date}, Prüfsumme {data}.{unsealed} "
            f"Programm und Notebooks: Prüfsumme {code}. Gleiche Eingaben ergeben dieselbe Datei.",
            en=f"Made with cityreport {self.version}. Data: of {date}, checksum {data}.{unsealed} "
            f"Program and notebooks: checksum {code}. The same inputs give the same file.",
        )

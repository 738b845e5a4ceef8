"""Executed chapters become the files of a report, with title, imprint and date from the facts."""

from pathlib import Path

from helpers.data.facts import Facts
from helpers.parameters import Parameters, register
from helpers.publish.meta import ReportMeta
from helpers.publish.report import publish_report


def print_report(parameters: Parameters, facts: Facts, notebooks: list[Path], folder: Path) -> None:
    """Publish `notebooks` into `folder`. Raises PublishError for what must not be printed."""
    place = register()[parameters.place]
    meta = ReportMeta(parameters, place, facts.data_date, facts.data_hash, facts.changed, facts.hashes)
    publish_report(notebooks, meta, folder)

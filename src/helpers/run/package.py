"""The Data Package checked and sealed together with the verdicts that are computed from it."""

from pathlib import Path

from helpers.analysis.claims import overtaken_faults
from helpers.data.checks import STALE, check_package
from helpers.data.claims import load_press
from helpers.data.facts import load_facts
from helpers.data.faults import DataError, Fault
from helpers.data.seal import seal_package
from helpers.parameters import DATA_DIR


def check_data(data_dir: Path = DATA_DIR) -> None:
    """Raises DataError with all faults of the package, and with the claims whose written verdict is overtaken."""
    faults = check_package(data_dir)
    if all(fault.rule == STALE for fault in faults):
        faults += verdict_faults(data_dir)
    if faults:
        raise DataError(faults)


def seal_data(data_dir: Path = DATA_DIR) -> list[str]:
    """Seal the package, see `seal_package`. Raises DataError, and writes nothing, also if a verdict is overtaken."""
    if faults := verdict_faults(data_dir):
        raise DataError(faults)
    return seal_package(data_dir)


def verdict_faults(data_dir: Path = DATA_DIR) -> list[Fault]:
    """A fault for each claim whose written verdict differs from the computed one; for data without other faults."""
    facts = load_facts(data_dir)
    return sorted(fault for press in load_press(data_dir) for fault in overtaken_faults(facts, press))

"""The explorer of `notebooks/explore.ipynb`: questions by hand, with the answers of the report."""

from helpers.parameters import Parameters
from helpers.present.explorer.controls import Explorer
from helpers.present.explorer.workbench import Workbench


def explore(parameters: Parameters) -> Explorer:
    """The explorer in the state of `parameters`: shown as the last line of a cell.

    `explorer.parameters` and `explorer.study` are those of what is shown. Raises DataError for faulty data.
    """
    return Explorer(parameters)


__all__ = ["Explorer", "Workbench", "explore"]

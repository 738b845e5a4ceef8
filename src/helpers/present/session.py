"""Opening a study in a notebook: its language becomes the active one."""

from helpers.analysis.study import Study, build_study
from helpers.parameters import Parameters
from helpers.present.language import use


def load_study(parameters: Parameters) -> Study:
    """The study for `parameters`, with the report's language active. Raises DataError for faulty data."""
    use(parameters.language)
    return build_study(parameters)

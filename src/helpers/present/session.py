"""Opening a study in a notebook: its language becomes the active one."""

from helpers.analysis.certainty import points_for, sensitivity_of
from helpers.analysis.index import IndexResult
from helpers.analysis.study import Study, build_study
from helpers.data.facts import Facts
from helpers.parameters import Parameters
from helpers.present.language import use
from helpers.present.wording.certainty import prior_rows

MOST_PREPARED = 16
_prepared: dict[Parameters, Study] = {}


def load_study(parameters: Parameters) -> Study:
    """The study for `parameters`, with the report's language active. Raises DataError for faulty data."""
    use(parameters.language)
    return _prepared.get(parameters) or build_study(parameters)


def prepare_study(parameters: Parameters, facts: Facts, indices: dict[str, IndexResult]) -> Study:
    """Make the study of one report ahead: `load_study` finds it then, here and in every process forked from this one.

    `indices` are the indices known so far, by universe; new ones are added. The ranges of the ranks and, from the second
    report on, what moves them are computed too: they are the same for all places of a universe. An interactive session
    never prepares, so there `load_study` reads the data as they are now.
    """
    study = build_study(parameters, facts, indices)
    for universe in study.indices:
        study.certainty(universe).ranks  # noqa: B018  (computed on first use and then kept)
    if _prepared:  # one report alone does without: its chapter computes them while others run
        sensitivity_of(study.index, study.place.ags, points_for(parameters.draws), parameters.seed)
        prior_rows(study)
    while len(_prepared) >= MOST_PREPARED:
        _prepared.pop(next(iter(_prepared)))
    _prepared[parameters] = study
    return study

"""Studies for tests: the three indices are computed once a process, a study of any place is then cheap."""

from functools import cache

from helpers.analysis.index import IndexResult, compute_index
from helpers.analysis.study import Study, same_place
from helpers.data.facts import Facts, load_facts
from helpers.data.universe import load_universe
from helpers.parameters import Parameters, register, universe_places, universes
from helpers.present.language import use


@cache
def facts() -> Facts:
    return load_facts()


@cache
def index_of(universe: str) -> IndexResult:
    return compute_index(facts(), load_universe(universe), list(universe_places(universe)))


def study_of(place: str, universe: str = "ruhr", language: str = "de", peers: str | list[str] = "nearest") -> Study:
    """The study as `build_study` makes it, over shared indices; its language becomes the active one."""
    parameters = Parameters.check(place=place, universe=universe, language=language, peers=peers)
    use(parameters.language)
    others = [name for name in universes() if name != universe and same_place(register()[parameters.place], name)]
    return Study(parameters, facts(), {name: index_of(name) for name in (universe, *others)})

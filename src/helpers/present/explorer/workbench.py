"""What the explorer computes: studies of any parameters in quick succession, without a widget.

The values of a universe are gathered once and its index is made from them anew for each choice, by the same functions as in a
report: what is seen here is what `cityreport render` computes from the same parameters.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from helpers.analysis.context import context_table
from helpers.analysis.index import Gathered, IndexResult, gather, index_from
from helpers.analysis.readers_weights import ReadersWeights, readers_weights
from helpers.analysis.study import Study, same_place
from helpers.choices import IndexChoice
from helpers.data.facts import Facts, load_facts
from helpers.data.universe import Universe, load_universe
from helpers.parameters import Parameters, register, universe_places, universes

MOST_KEPT = 8
"""Results kept of each kind: those of the last few choices, so that going back is immediate."""


class Workbench:
    """Facts read once, and everything that can be asked of them for changing parameters."""

    def __init__(self, facts: Facts | None = None):
        self.facts = facts or load_facts()
        self._gathered: dict[str, Gathered] = {}
        self._context: dict[str, pd.DataFrame] = {}
        self._index = lru_cache(MOST_KEPT)(self._make_index)
        self._readers = lru_cache(MOST_KEPT)(self._draw_weights)

    def universe(self, name: str) -> Universe:
        """A universe as its file declares it."""
        return self.gathered(name).universe

    def gathered(self, name: str) -> Gathered:
        """The values of a universe."""
        if name not in self._gathered:
            self._gathered[name] = gather(self.facts, load_universe(name), list(universe_places(name)))
        return self._gathered[name]

    def study(self, parameters: Parameters) -> Study:
        """The study of these parameters, as `load_study` makes it. Raises ConstructionError for an index without scores."""
        name, place = parameters.universe, register()[parameters.place]
        others = [other for other in universes() if other != name and same_place(place, other)]
        indices = {name: self._index(name, parameters.index)}
        indices |= {other: self._index(other, IndexChoice()) for other in others}
        study = Study(parameters, self.facts, indices)
        # The structure of the places does not depend on the index: the study need not look it up again.
        if name not in self._context:
            self._context[name] = context_table(self.facts, study.universe, list(universe_places(name)))
        vars(study)["context"] = self._context[name]
        return study

    def readers_weights(self, parameters: Parameters) -> ReadersWeights:
        """The ranks under all weightings, with the scale and the mean that were chosen."""
        kept = parameters.index.model_copy(update={"weights": {}})
        return self._readers(parameters.universe, kept, parameters.draws, parameters.seed)

    def _make_index(self, universe: str, choice: IndexChoice) -> IndexResult:
        return index_from(self.gathered(universe), choice)

    def _draw_weights(self, universe: str, choice: IndexChoice, draws: int, seed: int) -> ReadersWeights:
        return readers_weights(self._index(universe, choice), draws, seed)

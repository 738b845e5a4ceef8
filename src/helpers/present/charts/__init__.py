"""Every chart that is not a map: functions from data to a `Drawing` with a computed text alternative."""

from helpers.present.charts.certainty import Spread, left_out, rank_distribution, rank_drivers, win_probabilities
from helpers.present.charts.profile import profile
from helpers.present.charts.rank_lines import rank_lines
from helpers.present.charts.ranking import ranking
from helpers.present.charts.strips import domain_strips

__all__ = [
    "Spread",
    "domain_strips",
    "left_out",
    "profile",
    "rank_distribution",
    "rank_drivers",
    "rank_lines",
    "ranking",
    "win_probabilities",
]

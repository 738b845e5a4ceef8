"""Every chart that is not a map: functions from data to a `Drawing` with a computed text alternative."""

from helpers.present.charts.certainty import Spread, left_out, rank_distribution, rank_drivers, win_probabilities
from helpers.present.charts.claims import claimed_rank, tally
from helpers.present.charts.expectation import expectation
from helpers.present.charts.levers import levers
from helpers.present.charts.marks import marks_key
from helpers.present.charts.peers import peer_positions
from helpers.present.charts.profile import profile
from helpers.present.charts.rank_lines import rank_lines
from helpers.present.charts.ranking import ranking
from helpers.present.charts.scatter import scatter
from helpers.present.charts.strips import domain_strips
from helpers.present.charts.waterfall import waterfall

__all__ = [
    "Spread",
    "claimed_rank",
    "domain_strips",
    "expectation",
    "left_out",
    "levers",
    "marks_key",
    "peer_positions",
    "profile",
    "rank_distribution",
    "rank_drivers",
    "rank_lines",
    "ranking",
    "scatter",
    "tally",
    "waterfall",
    "win_probabilities",
]

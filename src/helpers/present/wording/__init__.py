"""Every generated sentence of the report: one module for each chapter, shared phrases in `phrases`."""

from helpers.present.wording import (
    certainty,
    choice,
    expectation,
    gaps,
    glance,
    levers,
    method,
    peer_standing,
    peers,
    phrases,
    press,
    ranking,
    rankings,
    validity,
)

__all__ = [
    "certainty",
    "choice",
    "expectation",
    "gaps",
    "glance",
    "levers",
    "method",
    "peer_standing",
    "peers",
    "phrases",
    "press",
    "ranking",
    "rankings",
    "validity",
]

"""Every generated sentence of the report: one module for each chapter, shared phrases in `phrases`."""

from helpers.present.wording import certainty, glance, method, phrases, ranking, rankings

__all__ = ["certainty", "glance", "method", "phrases", "ranking", "rankings"]

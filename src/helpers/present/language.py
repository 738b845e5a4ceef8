"""The active language of a report: one notebook, one language, chosen when its study is loaded."""

from typing import get_args

from helpers.parameters import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)

_active: Language = "de"


def use(language: Language) -> None:
    """Make `language` the active one. Raises ValueError for a language that is not offered."""
    global _active
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not offered; allowed: {', '.join(LANGUAGES)}")
    _active = language


def current() -> Language:
    """The active language."""
    return _active


def tr(*, de: str, en: str) -> str:
    """The variant in the active language; both are required, so that none is forgotten."""
    return de if _active == "de" else en

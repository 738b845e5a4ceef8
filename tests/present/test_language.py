"""The active language."""

from collections.abc import Iterator

import pytest

from helpers.present.language import LANGUAGES, current, tr, use


@pytest.fixture(autouse=True)
def begin_in_german() -> Iterator[None]:
    use("de")
    yield
    use("de")


def test_german_comes_first_and_english_is_equal() -> None:
    assert LANGUAGES == ("de", "en")
    assert tr(de="Ort", en="place") == "Ort"
    use("en")
    assert (current(), tr(de="Ort", en="place")) == ("en", "place")


def test_a_language_that_is_not_offered_is_refused_and_changes_nothing() -> None:
    with pytest.raises(ValueError, match="language 'fr' is not offered; allowed: de, en"):
        use("fr")  # type: ignore[arg-type]
    assert current() == "de"


def test_neither_variant_can_be_forgotten() -> None:
    with pytest.raises(TypeError, match="en"):
        tr(de="Ort")  # type: ignore[call-arg]

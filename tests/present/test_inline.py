"""Roles within a text: parsed to runs, shown as HTML, removed for plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.present.inline import ROLES, parse_runs, plain, to_html


def test_text_and_roles_become_runs_in_order() -> None:
    assert parse_runs("[Bochum]{.focus} und [zwei Städte]{.peer}.") == [
        {"text": "Bochum", "role": "focus"},
        {"text": " und ", "role": None},
        {"text": "zwei Städte", "role": "peer"},
        {"text": ".", "role": None},
    ]
    assert parse_runs("ohne") == [{"text": "ohne", "role": None}]
    assert parse_runs("") == []


@pytest.mark.parametrize("text", ["[Bochum", "a [b] c", "[]{.focus}", "{.focus}", "Voerde (Niederrhein)", "[a]{focus}"])
def test_brackets_that_are_no_role_stay_text(text: str) -> None:
    assert parse_runs(text) == [{"text": text, "role": None}]
    assert plain(text) == text


def test_an_unknown_role_is_an_error_that_names_the_allowed() -> None:
    with pytest.raises(ValueError, match=r"role 'focsu' .* is not one of focus, peer, strong, small"):
        parse_runs("[Bochum]{.focsu}")


def test_html_is_escaped() -> None:
    runs = parse_runs("<b> & [a<b]{.strong}")
    assert to_html(runs) == '&lt;b&gt; &amp; <span class="cr-strong">a&lt;b</span>'


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_characters="[]{}"), min_size=1), st.sampled_from([None, *ROLES])))
)
def test_runs_hold_the_whole_text(parts: list[tuple[str, str | None]]) -> None:
    marked = "".join(f"[{text}]{{.{role}}}" if role else text for text, role in parts)
    runs = parse_runs(marked)
    assert "".join(run["text"] or "" for run in runs) == "".join(text for text, _ in parts) == plain(marked)
    assert [run["role"] for run in runs if run["role"]] == [role for _, role in parts if role]

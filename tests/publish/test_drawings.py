from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from helpers.publish.blocks import PublishedBlock, PublishError, read_blocks
from helpers.publish.drawings import inline_drawing


@pytest.fixture
def figure(notebooks: list[Path]) -> PublishedBlock:
    """A figure whose drawing is what a test sets with `drawn`."""
    return next(block for block in read_blocks(notebooks) if block.id == "lines")


def drawn(figure: PublishedBlock, inner: str) -> PublishedBlock:
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    return replace(figure, svg=f'<?xml version="1.0"?>{head}{inner}</svg>')


def parsed(markup: str) -> Any:
    return BeautifulSoup(markup, "html.parser")


def test_text_stays_text_and_the_drawing_has_a_name(figure: PublishedBlock) -> None:
    svg = parsed(inline_drawing(figure)).svg
    assert svg.get_text(strip=True) == "Größe in Köln"
    assert (svg["role"], svg["aria-label"]) == ("img", figure.content["alt"])
    assert svg.find_all(["style", "metadata"]) == []


def test_ids_are_kept_where_something_refers_to_them(figure: PublishedBlock) -> None:
    inner = (
        '<defs><path id="m" d="M 0 0 L 1 1"/><clipPath id="c"><rect width="3" height="3"/></clipPath></defs>'
        '<g id="unused"><use xlink:href="#m" clip-path="url(#c)" style="fill: url(#c); stroke: #fff"/></g>'
    )
    svg = parsed(inline_drawing(drawn(figure, inner))).svg
    assert [element["id"] for element in svg.find_all(id=True)] == ["lines--m", "lines--c"]
    use = svg.find("use")
    assert (use["xlink:href"], use["clip-path"]) == ("#lines--m", "url(#lines--c)")
    assert use["style"] == "fill:url(#lines--c);stroke:#fff"
    assert use.parent is svg


def test_paths_are_shortened_but_drawn_as_before(figure: PublishedBlock) -> None:
    inner = '<path d="M 0.12345 5 \nL 1.005001 2 \nL 3 -0.0001 \nQ 1 2 3 4 \nL 5 6 \nL 7 8 \nz"/>'
    path = parsed(inline_drawing(drawn(figure, inner))).path
    assert path["d"] == "M 0.12 5 1.01 2 3 0 Q 1 2 3 4 L 5 6 7 8 z"


@pytest.mark.parametrize(
    ("inner", "fault"),
    [
        ("<script>alert(1)</script>", "holds <script>"),
        ("<foreignObject/>", "holds <foreignObject>"),
        ('<path onclick="alert(1)"/>', "has the attribute onclick"),
        ('<image xlink:href="https://example.org/a.png"/>', "refers to 'https://example.org/a.png'"),
        ('<use xlink:href="data:image/svg+xml,x"/>', "refers to"),
        ('<path style="fill: url(https://example.org/a)"/>', "refers to"),
    ],
)
def test_what_could_run_or_load_something_is_refused(inner: str, fault: str, figure: PublishedBlock) -> None:
    with pytest.raises(PublishError, match=fault) as refused:
        inline_drawing(drawn(figure, inner))
    assert "02-evidence.ipynb, cell 4: the drawing of 'lines'" in str(refused.value)


def test_a_drawing_without_a_size_is_refused(figure: PublishedBlock) -> None:
    with pytest.raises(PublishError, match="has no viewBox"):
        inline_drawing(replace(figure, svg='<svg xmlns="http://www.w3.org/2000/svg"/>'))


def test_words_that_look_like_markup_are_shown_as_words(figure: PublishedBlock) -> None:
    words = '</svg><script>alert("x")</script>'
    named = replace(figure, content={**figure.content, "alt": words})
    svg = inline_drawing(drawn(named, "<text>&lt;/svg&gt;&lt;script&gt;</text>"))
    assert "<script" not in svg
    assert parsed(svg).svg["aria-label"] == words
    assert parsed(svg).text == "</svg><script>"

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.present.blocks import BLOCK_MIME
from helpers.publish.blocks import PNG_MIME, SVG_MIME, PublishError, read_blocks

Bundle = dict[str, Any]
Write = Callable[[str, list[Bundle]], Path]

STRIPS = 5  # position of the first figure in the first chapter; its cell number is one higher after the prose


def test_blocks_come_in_reading_order_with_their_pictures(notebooks: list[Path]) -> None:
    blocks = read_blocks(notebooks)
    assert [block.id for block in blocks if block.id] == ["strips", "map", "lines", "heat", "long", "signs"]
    assert [block.words for block in blocks if block.opens_chapter][1] == "Sechzig Orte, ein Befund"
    pictures = [block for block in blocks if block.type in ("figure", "map")]
    assert all(block.svg.startswith("<?xml") and block.png.startswith(b"\x89PNG") for block in pictures)


def test_mime_data_may_be_a_list_of_lines(write_notebook: Write, glance_bundles: list[Bundle]) -> None:
    whole = read_blocks([write_notebook("whole.ipynb", glance_bundles)])
    split = copy.deepcopy(glance_bundles)
    for mime in (SVG_MIME, PNG_MIME):
        split[STRIPS][mime] = split[STRIPS][mime].splitlines(keepends=True)
    lines = read_blocks([write_notebook("lines.ipynb", split)])
    assert (lines[STRIPS].svg, lines[STRIPS].png) == (whole[STRIPS].svg, whole[STRIPS].png)


def _drop(bundle: Bundle, mime: str) -> None:
    del bundle[mime]


def _set(**values: Any) -> Callable[[Bundle], None]:
    return lambda bundle: bundle[BLOCK_MIME].update(values)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda bundle: _drop(bundle, SVG_MIME), "has no image/svg"),
        (lambda bundle: _drop(bundle, PNG_MIME), "has no image/png"),
        (_set(alt=" "), "has no text alternative"),
        (_set(source=""), "has no source"),
        (_set(id="map"), "was used before, in 01-glance.ipynb, cell 7"),
        (_set(id="../strips"), "is not made of"),
        (_set(width_mm=171), "at most 170"),
        (_set(height_mm=215), "at most 170 × 214"),
        (_set(type="video"), "'video' is unknown"),
    ],
)
def test_a_faulty_figure_is_refused_with_notebook_and_cell(
    change: Callable[[Bundle], None], fault: str, write_notebook: Write, glance_bundles: list[Bundle]
) -> None:
    bundles = copy.deepcopy(glance_bundles)
    change(bundles[STRIPS])
    with pytest.raises(PublishError, match=fault) as refused:
        read_blocks([write_notebook("01-glance.ipynb", bundles)])
    assert "01-glance.ipynb, cell" in str(refused.value)


def test_an_id_may_not_return_in_another_notebook(write_notebook: Write, glance_bundles: list[Bundle]) -> None:
    pair = [write_notebook(name, glance_bundles) for name in ("01-a.ipynb", "02-b.ipynb")]
    with pytest.raises(PublishError, match=r"02-b\.ipynb, cell 7: id 'strips' was used before, in 01-a\.ipynb, cell 7"):
        read_blocks(pair)


def test_a_notebook_must_open_with_its_chapter_heading(write_notebook: Write, glance_bundles: list[Bundle]) -> None:
    with pytest.raises(PublishError, match="cell 2: the first block is not a level-1 heading"):
        read_blocks([write_notebook("01-glance.ipynb", glance_bundles[1:])])


def test_a_notebook_without_blocks_is_refused(write_notebook: Write) -> None:
    with pytest.raises(PublishError, match=r"empty\.ipynb: no block"):
        read_blocks([write_notebook("empty.ipynb", [{"text/plain": "3"}])])

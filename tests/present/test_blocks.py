"""Blocks: each emits its display and its JSON in one bundle; what a reader must have cannot be left out."""

import base64
import inspect
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from helpers.present import blocks
from helpers.present.blocks import BLOCK_MIME, Block, Card
from helpers.present.drawing import Canvas, Drawing
from helpers.present.sources import Sources
from helpers.present.tables import Column, Table

SOURCE = Sources(("inkar",), "Quelle: BBSR (INKAR).")
MAP_SOURCE = Sources(("inkar", "bkg-vg250"), "Quelle: BBSR (INKAR). Karte: © GeoBasis-DE.")
CARD = Card("Rang", "1", "von 53", "59,7 Punkte", 1, 53)

Emit = Callable[[Callable[[], None]], dict[str, Any]]


@pytest.fixture
def emit(monkeypatch: pytest.MonkeyPatch) -> Emit:
    """Calls a function that emits one block and returns the output bundle."""
    shown: list[Block] = []
    monkeypatch.setattr(blocks, "display", shown.append)

    def run(call: Callable[[], None]) -> dict[str, Any]:
        shown.clear()
        call()
        assert len(shown) == 1
        bundle = shown[0]._repr_mimebundle_()
        json.dumps(bundle)  # it has to fit into a notebook
        return bundle

    return run


def drawing() -> Drawing:
    canvas = Canvas(40, 20)
    canvas.text(2, 10, "Bochum")
    return canvas.finish('Ein "Bild" & mehr.', pd.DataFrame({"place": ["Bochum"], "rank": [1]}))


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: blocks.heading("Ein Befund", label="Kapitel"), "heading"),
        (lambda: blocks.heading("Abschnitt"), "heading"),
        (lambda: blocks.text("Text"), "text"),
        (lambda: blocks.note("Hinweis"), "note"),
        (lambda: blocks.missing("smart-city-index", "Nichts da."), "text"),
        (lambda: blocks.key_figures([CARD, CARD]), "key_figures"),
        (lambda: blocks.figure("f", drawing(), source=SOURCE), "figure"),
        (lambda: blocks.map_figure("m", drawing(), source=MAP_SOURCE), "map"),
        (lambda: blocks.table("t", Table([Column("a")], [["1"]], pd.DataFrame({"a": [1]})), source=SOURCE), "table"),
    ],
)
def test_every_block_has_html_and_json_in_one_bundle(emit: Emit, call: Callable[[], None], kind: str) -> None:
    bundle = emit(call)
    assert bundle[BLOCK_MIME]["type"] == kind
    assert bundle["text/html"].startswith("<style>")


def test_a_heading_with_a_label_opens_a_chapter(emit: Emit) -> None:
    block = emit(lambda: blocks.heading("[Bochum]{.focus} führt", label="Auf einen Blick"))[BLOCK_MIME]
    assert (block["level"], block["label"]) == (1, "Auf einen Blick")
    assert block["runs"][0] == {"text": "Bochum", "role": "focus"}
    assert emit(lambda: blocks.heading("Abschnitt"))[BLOCK_MIME]["level"] == 2


def test_text_has_a_role_and_a_width(emit: Emit) -> None:
    bundle = emit(lambda: blocks.text("a < b", title="Was das heißt", role="body", width="half"))
    assert bundle[BLOCK_MIME]["title"] == "Was das heißt"
    assert bundle[BLOCK_MIME]["width"] == "half"
    assert "a &lt; b" in bundle["text/html"]
    for wrong in ({"role": "title"}, {"width": "third"}):
        with pytest.raises(ValueError, match="must be"):
            blocks.text("a", **wrong)


def test_what_is_missing_is_marked_for_the_manifest(emit: Emit) -> None:
    block = emit(lambda: blocks.missing("smart-city-index", "Bitkom bewertet Sonsbeck nicht."))[BLOCK_MIME]
    assert block["missing"] == "smart-city-index"
    assert block["runs"] == [{"text": "Bitkom bewertet Sonsbeck nicht.", "role": None}]


@pytest.mark.parametrize("n", [0, 1, 5])
def test_key_figures_are_two_to_four(n: int) -> None:
    with pytest.raises(ValueError, match=f"takes 2 to 4 cards, not {n}"):
        blocks.key_figures([CARD] * n)


def test_a_card_keeps_rank_and_n_for_its_track(emit: Emit) -> None:
    cards = emit(lambda: blocks.key_figures([CARD, replace(CARD, rank=None, n=None)]))[BLOCK_MIME]["cards"]
    assert [card["rank"] for card in cards] == [1, None]
    assert set(cards[0]) == {"label", "value", "of", "note", "rank", "n", "low", "high", "universe", "score"}


def test_a_figure_brings_its_pictures_its_alt_its_source_and_its_data(emit: Emit) -> None:
    bundle = emit(lambda: blocks.figure("f", drawing(), source=SOURCE, title="Titel", subtitle="[Bochum]{.focus}"))
    block = bundle[BLOCK_MIME]
    assert block["alt"] == 'Ein "Bild" & mehr.'
    assert block["source"] == SOURCE.line
    assert (block["width_mm"], block["height_mm"]) == (40, 20)
    assert block["data_csv"] == "place,rank\nBochum,1\n"
    assert bundle["image/svg+xml"].startswith("<?xml")
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert 'alt="Ein &quot;Bild&quot; &amp; mehr."' in bundle["text/html"]
    assert SOURCE.line in bundle["text/html"]


@pytest.mark.parametrize("emitter", [blocks.figure, blocks.map_figure, blocks.table])
def test_the_source_is_a_required_argument(emitter: Callable[..., None]) -> None:
    source = inspect.signature(emitter).parameters["source"]
    assert source.default is inspect.Parameter.empty
    assert source.kind is inspect.Parameter.KEYWORD_ONLY
    with pytest.raises(TypeError, match="source"):
        emitter("id", drawing())


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_a_figure_without_a_text_alternative_is_refused(alt: str) -> None:
    with pytest.raises(ValueError, match="figure 'f' has no text alternative"):
        blocks.figure("f", replace(drawing(), alt=alt), source=SOURCE)
    with pytest.raises(TypeError, match="alt"):
        Drawing(drawing().figure, data=pd.DataFrame(), width_mm=1, height_mm=1)  # type: ignore[call-arg]


def test_a_map_must_cite_its_boundaries() -> None:
    with pytest.raises(ValueError, match="map 'm': the source does not cite the boundaries"):
        blocks.map_figure("m", drawing(), source=SOURCE)


def test_an_unknown_role_in_a_subtitle_is_refused() -> None:
    with pytest.raises(ValueError, match="is not one of"):
        blocks.figure("f", drawing(), source=SOURCE, subtitle="[Bochum]{.star}")

"""Typed blocks: what a helper emits, JupyterLab shows and the publisher prints.

Each block displays itself as HTML and carries the same content as `application/vnd.cityreport.block+json` in the
same output bundle (figures also as SVG and PNG), so that what is seen in Lab is what is printed.
"""

import base64
from dataclasses import dataclass, field
from html import escape
from typing import Any

from IPython.display import display

from helpers.present.drawing import Drawing
from helpers.present.inline import parse_runs, to_html
from helpers.present.origin import Origin
from helpers.present.sources import Sources
from helpers.present.style import COLOR, png, svg
from helpers.present.tables import Table

BLOCK_MIME = "application/vnd.cityreport.block+json"

_CSS = f"""<style>
.cr-block {{ max-width: 46rem; color: {COLOR["ink"]}; font-family: "Source Sans Pro", "Source Sans 3", sans-serif; }}
.cr-block img {{ max-width: 100%; }}
.cr-block .cr-note, .cr-block figcaption, .cr-small {{ color: {COLOR["ink2"]}; font-size: 85%; }}
.cr-focus {{ color: {COLOR["accent"]}; font-weight: 700; }}
.cr-peer {{ color: {COLOR["peer"]}; font-weight: 600; }}
.cr-strong {{ font-weight: 700; }}
.cr-block table {{ border-collapse: collapse; }} .cr-block td, .cr-block th {{ padding: .2em .6em; }}
.cr-scroll {{ max-height: 32rem; overflow: auto; }}
.cr-scroll th {{ position: sticky; top: 0; background: {COLOR["paper"]}; cursor: pointer; }}
.cr-cards {{ display: flex; gap: 1rem; }} .cr-card {{ background: {COLOR["panel"]}; padding: .6rem 1rem; }}
.cr-card b {{ color: {COLOR["accent"]}; font-size: 180%; }}
</style>"""


@dataclass(frozen=True)
class Block:
    """One block: its JSON, its HTML body, and for figures the two pictures."""

    json: dict[str, Any]
    html: str
    pictures: dict[str, str] = field(default_factory=dict)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        body = f'{_CSS}<div class="cr-block">{self.html}</div>'
        return {"text/html": body, BLOCK_MIME: self.json, **self.pictures}


@dataclass(frozen=True)
class Card:
    """A key figure: label, large value, what it is out of, a note.

    rank and n draw the track (both or none), low and high the range on it (both or none). `universe` marks the rank in the
    open index of that universe, with its `score` in points: what the manifest tells of the report.
    """

    label: str
    value: str
    of: str
    note: str
    rank: int | None = None
    n: int | None = None
    low: int | None = None
    high: int | None = None
    universe: str = ""
    score: float | None = None


def heading(words: str, *, label: str | None = None) -> None:
    """Emit a heading: with `label` (the chapter's name) it opens a chapter and states its finding; else level 2."""
    level = 1 if label else 2
    runs = parse_runs(words)
    body = (f'<p class="cr-note">{escape(label)}</p>' if label else "") + f"<h{level}>{to_html(runs)}</h{level}>"
    display(Block({"type": "heading", "level": level, "label": label, "runs": runs}, body))


def text(words: str, *, title: str | None = None, role: str = "body", width: str = "full") -> None:
    """Emit a paragraph; `role` is deck or body; two `half`-width ones in a row stand side by side.

    Words may carry roles: `[Bochum]{.focus}`, `[peers]{.peer}`, `[word]{.strong}`. Raises ValueError for another role or width.
    """
    if role not in ("deck", "body") or width not in ("full", "half"):
        raise ValueError(f"role {role!r} must be deck or body, width {width!r} must be full or half")
    runs = parse_runs(words)
    body = (f"<h4>{escape(title)}</h4>" if title else "") + f"<p>{to_html(runs)}</p>"
    display(Block({"type": "text", "role": role, "title": title, "width": width, "runs": runs}, body))


def note(words: str) -> None:
    """Emit a note in small type: a caveat, or the reason why something is missing."""
    runs = parse_runs(words)
    display(Block({"type": "note", "runs": runs}, f'<p class="cr-note">{to_html(runs)}</p>'))


def missing(section: str, words: str) -> None:
    """Emit the sentence that stands where `section` has no data; the manifest counts it."""
    runs = parse_runs(words)
    block = {"type": "text", "role": "body", "title": None, "width": "full", "runs": runs, "missing": section}
    display(Block(block, f"<p>{to_html(runs)}</p>"))


def key_figures(cards: list[Card]) -> None:
    """Emit two to four key-figure cards in a row. Raises ValueError for fewer or more."""
    if not 2 <= len(cards) <= 4:
        raise ValueError(f"key_figures takes 2 to 4 cards, not {len(cards)}")
    body = "".join(
        f'<div class="cr-card">{escape(c.label)}<br><b>{escape(c.value)}</b> {escape(c.of)}<br>'
        f'<span class="cr-small">{escape(c.note)}</span></div>'
        for c in cards
    )
    display(Block({"type": "key_figures", "cards": [vars(c) for c in cards]}, f'<div class="cr-cards">{body}</div>'))


def figure(id: str, drawing: Drawing, *, source: Sources, title: str | None = None, subtitle: str = "") -> None:
    """Emit a figure. Its text alternative comes with the drawing, its source line with `source`; both are required.

    Raises ValueError if the drawing has no text alternative or `source` names nothing.
    """
    _emit_picture("figure", id, drawing, source, title, subtitle)


def map_figure(id: str, drawing: Drawing, *, source: Sources, title: str | None = None, subtitle: str = "") -> None:
    """Emit a map: a figure whose source line must cite the boundaries. Errors as for `figure`."""
    if not source.has_boundaries:
        raise ValueError(f"map {id!r}: the source does not cite the boundaries")
    _emit_picture("map", id, drawing, source, title, subtitle)


def _emit_picture(kind: str, id: str, drawing: Drawing, source: Sources, title: str | None, subtitle: str) -> None:
    if not drawing.alt.strip():
        raise ValueError(f"{kind} {id!r} has no text alternative")
    line = source.line
    subtitle_runs = parse_runs(subtitle)
    encoded = base64.b64encode(png(drawing.figure)).decode("ascii")
    block = {
        "type": kind,
        "id": id,
        "title": title,
        "subtitle_runs": subtitle_runs,
        "alt": drawing.alt,
        "source": line,
        "width_mm": drawing.width_mm,
        "height_mm": drawing.height_mm,
        "data_csv": drawing.data.to_csv(index=False, lineterminator="\n"),
        "origin": _origin(source, drawing.made_by),
    }
    body = (
        f"<figure>{f'<h4>{escape(title)}</h4>' if title else ''}"
        f'<p class="cr-small">{to_html(subtitle_runs)}</p>'
        f'<img alt="{escape(drawing.alt)}" src="data:image/png;base64,{encoded}">'
        f"<figcaption>{escape(line)}</figcaption></figure>"
    )
    display(Block(block, body, {"image/svg+xml": svg(drawing.figure), "image/png": encoded}))


def _origin(source: Sources, made_by: Origin | None) -> dict[str, Any]:
    """What a figure or table comes from, for the manifest."""
    return {
        "made_by": vars(made_by) if made_by else None,
        "sources": [vars(cited) for cited in source.cited],
        "indicators": [list(key) for key in source.indicators],
    }


def table(id: str, content: Table, *, source: Sources, title: str | None = None, subtitle: str = "") -> None:
    """Emit a table with typed columns; its source line comes from `source`, which is required."""
    subtitle_runs = parse_runs(subtitle)
    block = {
        "type": "table",
        "id": id,
        "title": title,
        "subtitle_runs": subtitle_runs,
        "source": source.line,
        **content.to_json(),
        "origin": _origin(source, content.made_by),
    }
    body = (
        f"{f'<h4>{escape(title)}</h4>' if title else ''}<p class='cr-small'>{to_html(subtitle_runs)}</p>"
        f"{content.to_html()}<p class='cr-small'>{escape(source.line)}</p>"
    )
    display(Block(block, body))

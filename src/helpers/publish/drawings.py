"""Figures inside the HTML edition: the SVG of a figure as part of the page, small, accessible and without side effects."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from markupsafe import Markup

from helpers.publish.blocks import PublishedBlock, PublishError

# What matplotlib draws with. Anything else, above all what could run or load something, is refused.
_SHAPES = {"path", "use", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image"}
_WORDS = {"text", "tspan"}
_HOLDERS = {"svg", "g", "defs", "clipPath", "pattern", "linearGradient", "radialGradient", "stop"}
_DRAWN = _SHAPES | _WORDS | _HOLDERS
# Left out: `style` would apply to the whole page (its one rule stands in report.css), `metadata` is for files.
_LEFT_OUT = {"metadata", "style", "title", "desc"}

_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_PICTURE = "data:image/png;base64,"
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
# After M and L further points are lines without a letter of their own.
_POINTS = re.compile(r"[ML][^A-Za-z]*(?:L[^A-Za-z]*)+")


def inline_drawing(block: PublishedBlock) -> Markup:
    """The figure of `block` as an `<svg>` element named by its text alternative.

    Ids are kept where something refers to them, and begin with the id of the figure, since all figures share one page.
    Coordinates keep two decimals (0.004 mm). Raises PublishError for an element or attribute that no drawing needs.
    """
    where = f"{block.notebook}, cell {block.cell}: the drawing of {block.id!r}"
    root = ElementTree.fromstring(block.svg)
    _Cleaner(f"{block.id}--", _referred(root), where).clean(root)
    if "viewBox" not in root.attrib:
        raise PublishError(f"{where} has no viewBox")
    root.attrib = {
        "class": "drawing",
        "viewBox": root.attrib["viewBox"],
        "role": "img",
        "aria-label": str(block.content["alt"]),
        "style": f"--width-mm:{block.content['width_mm']:g}",
    }
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _referred(root: Element) -> set[str]:
    """The ids to which something in the drawing refers."""
    values = [value for element in root.iter() for value in element.attrib.values()]
    return {value[1:] for value in values if value.startswith("#")} | set(_REFERENCE.findall(" ".join(values)))


@dataclass(frozen=True)
class _Cleaner:
    """Rewrites a drawing: plain names, prefixed ids, short numbers, no groups that say nothing."""

    prefix: str
    referred: set[str]
    where: str

    def clean(self, element: Element) -> None:
        """Rewrite `element` and all below it."""
        element.tag = name = _plain(element.tag)
        if name not in _DRAWN:
            raise PublishError(f"{self.where} holds <{name}>")
        pairs = [self._attribute(_plain(key), value) for key, value in element.attrib.items()]
        element.attrib = {key: value for key, value in pairs if value}
        kept: list[Element] = []
        for child in element:
            if _plain(child.tag) in _LEFT_OUT:
                continue
            self.clean(child)
            is_bare = not child.attrib and (child.tag == "g" or (child.tag == "defs" and not len(child)))
            kept += list(child) if is_bare else [child]
        element[:] = kept
        if name not in _WORDS:
            element.text = None
            for child in element:
                child.tail = None

    def _attribute(self, name: str, value: str) -> tuple[str, str]:
        """The attribute as it is written; without a value if it is left out."""
        if name.startswith("on"):
            raise PublishError(f"{self.where} has the attribute {name}")
        if name == "id":
            return name, self.prefix + value if value in self.referred else ""
        if name == "href":
            if not value.startswith(("#", _PICTURE)):
                raise PublishError(f"{self.where} refers to {value[:60]!r}")
            return "xlink:href", f"#{self.prefix}{value[1:]}" if value.startswith("#") else value
        if "url(" in _REFERENCE.sub("", value):
            raise PublishError(f"{self.where} refers to {value[:60]!r}")
        value = _REFERENCE.sub(rf"url(#{self.prefix}\1)", value)
        if name == "style":
            value = value.replace(": ", ":").replace("; ", ";")
        if name in ("d", "x", "y"):
            value = _LONG_NUMBER.sub(lambda number: f"{round(float(number[0]), 2) + 0.0:g}", value)
            value = _POINTS.sub(lambda points: points[0][0] + points[0][1:].replace("L", ""), value)
            value = " ".join(value.split())
        return name, value


def _plain(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition("}")[2]

"""Names on a map: short forms, breaks at a hyphen, and a place for each where it fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from helpers.present.drawing import CAP_HEIGHT, DESCENT, Canvas, Label
from helpers.present.geometry import Area, Box, Room
from helpers.present.style import MM_PER_PT, text_width_mm

# Display names on maps, and where a name may be broken (a hyphen at the end of a line is part of the name or added).
SHORT = {
    "Mülheim an der Ruhr": "Mülheim",
    "Voerde (Niederrhein)": "Voerde",
    "Wetter (Ruhr)": "Wetter",
    "Fröndenberg/Ruhr": "Fröndenberg",
    "Oldenburg (Oldenburg)": "Oldenburg",
    "Ludwigshafen am Rhein": "Ludwigshafen",
    "Freiburg im Breisgau": "Freiburg",
    "Offenbach am Main": "Offenbach",
    "Frankfurt am Main": "Frankfurt",
    "Cottbus/Chóśebuz": "Cottbus",
    "Halle (Saale)": "Halle",
}
BROKEN = {
    "Bergkamen": ("Berg-", "kamen"),
    "Breckerfeld": ("Brecker-", "feld"),
    "Castrop-Rauxel": ("Castrop-", "Rauxel"),
    "Dinslaken": ("Dins-", "laken"),
    "Dortmund": ("Dort-", "mund"),
    "Duisburg": ("Duis-", "burg"),
    "Düsseldorf": ("Düssel-", "dorf"),
    "Ennepetal": ("Ennepe-", "tal"),
    "Fröndenberg": ("Frönden-", "berg"),
    "Gelsenkirchen": ("Gelsen-", "kirchen"),
    "Gevelsberg": ("Gevels-", "berg"),
    "Gladbeck": ("Glad-", "beck"),
    "Haltern am See": ("Haltern", "am See"),
    "Hamminkeln": ("Hammin-", "keln"),
    "Hattingen": ("Hat-", "tingen"),
    "Herdecke": ("Her-", "decke"),
    "Holzwickede": ("Holz-", "wickede"),
    "Kamp-Lintfort": ("Kamp-", "Lintfort"),
    "Mönchengladbach": ("Mönchen-", "gladbach"),
    "Neukirchen-Vluyn": ("Neukirchen-", "Vluyn"),
    "Oberhausen": ("Ober-", "hausen"),
    "Oer-Erkenschwick": ("Oer-Erken-", "schwick"),
    "Recklinghausen": ("Reckling-", "hausen"),
    "Rheinberg": ("Rhein-", "berg"),
    "Remscheid": ("Rem-", "scheid"),
    "Schermbeck": ("Scherm-", "beck"),
    "Solingen": ("Solin-", "gen"),
    "Sonsbeck": ("Sons-", "beck"),
    "Sprockhövel": ("Sprock-", "hövel"),
    "Wuppertal": ("Wupper-", "tal"),
}
MARGINS = (2.0, 1.4, 0.9, 0.6, 0.4, 0.2, 0.1)
LINE_REACH_MM = 0.8
FOCUS_MARGINS = (2.0, 1.4, 1.1, 0.9)  # the focus keeps off its own casing
SLANT = 1.3
_LEADING = 1.12
_DESCENDERS = set("gjpqyß(),")
Segment = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Block:
    """A name as it is set: its lines, size and weight."""

    lines: tuple[str, ...]
    size: float
    weight: int

    @property
    def width(self) -> float:
        """Width of the longest line."""
        return max(text_width_mm(line, self.size, self.weight) for line in self.lines)

    @property
    def height(self) -> float:
        """From the top of the capitals of the first line to the lower end of the last."""
        return self.size * MM_PER_PT * (CAP_HEIGHT + DESCENT + _LEADING * (len(self.lines) - 1))

    @property
    def boxes(self) -> list[Box]:
        """What each line covers: width, height, and how far its middle lies below that of the block."""
        unit = self.size * MM_PER_PT
        boxes = []
        for number, line in enumerate(self.lines):
            height = CAP_HEIGHT + (DESCENT if set(line) & _DESCENDERS else 0)
            below = height / 2 - self.height / unit / 2 + number * _LEADING
            boxes.append((text_width_mm(line, self.size, self.weight), height * unit, below * unit))
        return boxes

    def draw(self, canvas: Canvas, x: float, y: float, color: str) -> list[Label]:
        """Draw the lines around the centre (x, y), each on its own baseline."""
        unit = self.size * MM_PER_PT
        first = y - self.height / 2 + CAP_HEIGHT * unit
        return [
            canvas.text(
                x, first + i * _LEADING * unit, line, size=self.size, color=color, weight=self.weight, align="center"
            )
            for i, line in enumerate(self.lines)
        ]


@dataclass(frozen=True)
class Setting:
    """A name with the centre it is set around."""

    block: Block
    x: float
    y: float

    def draw(self, canvas: Canvas, color: str) -> list[Label]:
        """Draw the name."""
        return self.block.draw(canvas, self.x, self.y, color)

    def leader_from(self, anchor: tuple[float, float], gap: float = 0.5) -> Segment:
        """The straight line from `anchor` to the nearest side of the name."""
        x = float(np.clip(anchor[0], self.x - self.block.width / 2 - gap, self.x + self.block.width / 2 + gap))
        y = float(np.clip(anchor[1], self.y - self.block.height / 2 - gap, self.y + self.block.height / 2 + gap))
        return anchor, (x, y)


def short_name(name: str) -> str:
    """The name as a map has it."""
    return SHORT.get(name, name)


def broken(name: str) -> tuple[str, str] | None:
    """The name on two lines: at its curated hyphen, else after the hyphen, slash or space nearest to the middle."""
    if name in BROKEN:
        return BROKEN[name]
    ends = [i + 1 for i, sign in enumerate(name[:-1]) if sign in "-/ "]
    if not ends:
        return None
    middle = min(ends, key=lambda end: abs(end - len(name) / 2))
    return name[:middle].rstrip(), name[middle:]


def settings(name: str, sizes: Sequence[float], weight: int) -> list[Block]:
    """The ways to set a name, best first: on one line in each size, else broken."""
    name = short_name(name)
    pair = broken(name)
    ways = [(name,), *([pair] if pair else [])]
    return [Block(lines, size, weight) for lines in ways for size in sizes]


@lru_cache(maxsize=512)
def _room(area: Area) -> Room:
    room = Room(*area.bounds)
    room.keep(area.rings)
    return room


def fit_inside(
    area: Area,
    blocks: Iterable[Block],
    avoid: Iterable[Segment] = (),
    margins: Sequence[float] = MARGINS,
    window: tuple[float, float, float, float] | None = None,
) -> Setting | None:
    """The first way to set a name that fits inside the area (and the window) and off the lines to `avoid`."""
    room = _room(area) if window is None else _room(area).cut(window)
    left, top, right, bottom = area.bounds
    near = [
        line
        for line in avoid
        if min(line[0][0], line[1][0]) < right + LINE_REACH_MM
        and max(line[0][0], line[1][0]) > left - LINE_REACH_MM
        and min(line[0][1], line[1][1]) < bottom + LINE_REACH_MM
        and max(line[0][1], line[1][1]) > top - LINE_REACH_MM
    ]
    if near:
        room = room.copy()
        for start, end in near:
            room.take_line(start, end, LINE_REACH_MM)
    for block in blocks:
        spot = room.best_spot(block.boxes, margins)
        if spot:
            return Setting(block, *spot)
    return None


def segments(area: Area) -> list[Segment]:
    """The border of an area as straight lines, for names to avoid."""
    pairs = [pair for ring in area.rings for pair in pairwise(ring)]
    return [((float(a[0]), float(a[1])), (float(b[0]), float(b[1]))) for a, b in pairs]


def fit_outside(
    room: Room, blocks: Iterable[Block], anchor: tuple[float, float], margin: float = 1.2, clear: float | None = None
) -> Setting | None:
    """The free spot with the shortest leader to `anchor`, over all ways to set the name.

    With `clear`, the leader itself runs over free cells only, but for that distance from its start.
    """
    found: list[tuple[float, Setting]] = []
    for block in blocks:
        spots = room.spots(block.boxes, margin)
        if not len(spots):
            continue
        beyond = np.abs(spots - anchor) - (block.width / 2, block.height / 2)
        lengths = np.hypot(*np.maximum(beyond, 0).T)
        # A level or upright leader looks calmer than a slanting one of nearly the same length.
        lengths *= np.where((beyond > 0).all(axis=1), SLANT, 1.0)
        for best in lengths.argsort(kind="stable"):
            setting = Setting(block, float(spots[best, 0]), float(spots[best, 1]))
            if clear is None or room.is_clear(*setting.leader_from(anchor), clear):
                found.append((float(lengths[best]), setting))
                break
    return min(found, key=lambda item: item[0])[1] if found else None


def fit_beside(
    rooms: Sequence[Room], block: Block, point: tuple[float, float], radius: float, *, lenient: bool
) -> Setting | None:
    """The first of eight positions around a dot that is free in the first of `rooms`; if `lenient`, in the next ones.

    The name then takes its place in all of them.
    """
    across, down = block.width / 2, (CAP_HEIGHT * block.size * MM_PER_PT) / 2
    near, slant, descent = radius + 0.5, 0.7 * radius + 0.3, DESCENT * block.size * MM_PER_PT
    for room in rooms if lenient else rooms[:1]:
        for dx, dy in (
            (near + across, 0.0),
            (-near - across, 0.0),
            (0.0, -near - down - descent),
            (0.0, near + down),
            (slant + across, -slant - down),
            (slant + across, slant + down),
            (-slant - across, -slant - down),
            (-slant - across, slant + down),
        ):
            x, y = point[0] + dx, point[1] + dy
            box = (x - across, y - down, x + across, y + down + descent)
            if room.is_free(*box):
                for each in rooms:
                    each.take(*box)
                # The capitals, not the whole block, are centred on the dot's height.
                return Setting(block, x, y + descent / 2)
    return None

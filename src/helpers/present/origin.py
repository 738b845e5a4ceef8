"""Where in the code a drawing or a table was made: for `cityreport where`."""

import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

_PACKAGE = Path(__file__).resolve().parents[1]
# The surfaces and containers themselves; what is asked for is who filled them.
_CARRIERS = frozenset(f"helpers.present.{room}" for room in ("drawing", "tables", "origin"))


@dataclass(frozen=True)
class Origin:
    """A function of this package: its file (from `helpers/` on), the line of its `def`, its name with its module."""

    file: str
    line: int
    function: str


def made_by() -> Origin | None:
    """The innermost public function of `helpers` that is being executed; None if called from outside, as from a cell.

    Drawings and tables ask for it when they are made, so that no chart has to name itself.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        module, code = frame.f_globals.get("__name__", ""), frame.f_code
        is_public = not code.co_qualname.startswith("_") and "<" not in code.co_qualname
        if module.startswith("helpers.") and module not in _CARRIERS and is_public:
            file = Path(code.co_filename).resolve().relative_to(_PACKAGE.parent).as_posix()
            return Origin(file, code.co_firstlineno, f"{module}.{code.co_qualname}")
        frame = frame.f_back
    return None

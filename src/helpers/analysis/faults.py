"""What makes an index impossible, told all at once."""

from __future__ import annotations

from collections.abc import Sequence


class ConstructionError(ValueError):
    """An index cannot be made from these data by this definition; `faults` lists every reason in a sentence."""

    def __init__(self, faults: Sequence[str]):
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows instead of a traceback: the faults and nothing of the inside."""
        return ["The index cannot be made:", *(f"  - {fault}" for fault in self.faults)]


def named(names: Sequence[str] | None, number: int, kind: str = "column") -> str:
    """The name of a column or row by its number; `column 3` where names are not known."""
    return str(names[number]) if names is not None else f"{kind} {number + 1}"


def few(names: Sequence[str], most: int = 5) -> str:
    """Names as a list that stays readable: `a, b, c, d, e and 12 more`."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"

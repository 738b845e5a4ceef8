"""What is wrong in the Data Package, told all at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One broken rule. `file` is within `folder`; `row` is the line that an editor shows, 0 for the file as a whole."""

    file: str
    row: int
    column: str
    value: str
    rule: str
    folder: str = "data/"

    def __str__(self) -> str:
        where = [f"{self.folder}{self.file}"]
        where += [f"line {self.row}"] if self.row else []
        where += [self.column] if self.column else []
        return f"{', '.join(where)}: {f'{self.value!r} breaks the rule: ' if self.value else ''}{self.rule}"


class DataError(ValueError):
    """The Data Package has faults; `faults` lists them all."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows instead of a traceback: the faults and nothing of the inside."""
        return ["Data refused:", *(f"  - {fault}" for fault in self.faults)]

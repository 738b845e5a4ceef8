"""Why a report could not be made, and what it may use up."""

from __future__ import annotations

from dataclasses import dataclass


class ReportError(RuntimeError):
    """A report could not be made. The message says in which chapter and cell, and why.

    chapter: file name of the notebook; cell: the number of the code cell as executed (`In [cell]`); line: the line within
    it; partial: the chapter as far as it came, as the text of a notebook. What is not known is None.
    """

    def __init__(
        self,
        cause: str,
        *,
        chapter: str | None = None,
        cell: int | None = None,
        line: int | None = None,
        partial: str | None = None,
    ):
        self.cause, self.chapter, self.cell, self.line, self.partial = cause, chapter, cell, line, partial
        where = ", ".join(
            f"{word}{value}"
            for word, value in (("", chapter), ("code cell ", cell), ("line ", line))
            if value is not None
        )
        super().__init__(f"{where}: {cause}" if where else cause)


class LimitExceeded(ReportError):
    """A chapter or the PDF took more time or memory than allowed; the message says which limit it was."""


class KernelDied(ReportError):
    """A kernel or the fork server ended by itself; the message says how, and what it last wrote."""


class FigureLost(ReportError):
    """A figure or map of a chapter came without its pictures."""


@dataclass(frozen=True)
class Limits:
    """What a report may use: seconds for a cell, seconds in all, and MiB of memory for the kernel of a chapter (on Linux)."""

    cell_seconds: float = 300
    report_seconds: float = 1800
    memory_mib: int = 4096

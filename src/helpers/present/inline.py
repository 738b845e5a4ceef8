"""Inline roles in report text, written as Pandoc's bracketed spans: `[Bochum]{.focus}`, `[peers]{.peer}`."""

import re
from html import escape

ROLES = ("focus", "peer", "strong", "small")
Run = dict[str, str | None]

_SPAN = re.compile(r"\[([^\[\]]+)\]\{\.([a-z]+)\}")


def parse_runs(text: str) -> list[Run]:
    """`text` as runs of {"text", "role"}; role is None for plain text. Raises ValueError for an unknown role."""
    runs: list[Run] = []
    end = 0
    for match in _SPAN.finditer(text):
        if match.group(2) not in ROLES:
            raise ValueError(f"role {match.group(2)!r} in {text!r} is not one of {', '.join(ROLES)}")
        if match.start() > end:
            runs.append({"text": text[end : match.start()], "role": None})
        runs.append({"text": match.group(1), "role": match.group(2)})
        end = match.end()
    if end < len(text):
        runs.append({"text": text[end:], "role": None})
    return runs


def plain(text: str) -> str:
    """`text` without its roles."""
    return _SPAN.sub(r"\1", text)


def to_html(runs: list[Run]) -> str:
    """Runs as HTML for the display in JupyterLab; everything is escaped."""
    return "".join(
        f'<span class="cr-{run["role"]}">{escape(run["text"] or "")}</span>'
        if run["role"]
        else escape(run["text"] or "")
        for run in runs
    )

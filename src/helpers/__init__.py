"""The front room: all that a notebook needs, loaded only when it is first used (PEP 562).

A mistyped place is refused by `Parameters` before pandas or matplotlib is imported.
"""

from importlib import import_module
from typing import Any

_ROOMS = {
    "Parameters": "helpers.parameters",
    "load_study": "helpers.present.session",
    "heading": "helpers.present.blocks",
    "text": "helpers.present.blocks",
    "note": "helpers.present.blocks",
    "missing": "helpers.present.blocks",
    "key_figures": "helpers.present.blocks",
    "figure": "helpers.present.blocks",
    "map_figure": "helpers.present.blocks",
    "table": "helpers.present.blocks",
    "cite": "helpers.present.sources",
    "explore": "helpers.present.explorer",
    "tr": "helpers.present.language",
}
_MODULES = {
    "charts": "helpers.present.charts",
    "maps": "helpers.present.maps",
    "listings": "helpers.present.listings",
    "wording": "helpers.present.wording",
    "fmt": "helpers.present.fmt",
}

__all__ = [*_ROOMS, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    raise AttributeError(f"helpers offers no {name!r}; it offers {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted(__all__)

"""What a column of a printed table is sorted by: the numbers and dates behind the digits and words of a language."""

import re
from collections.abc import Callable, Sequence

from babel import Locale
from babel.numbers import NumberFormatError, parse_decimal

from helpers.parameters import Language
from helpers.present.fmt import MINUS, MISSING, NARROW_SPACE

_NOTHING = {"", MISSING, "–"}
# A number, or the first of a range, with its sign, a percent sign and the mark of an inherited or derived value.
_NUMBER = re.compile(rf"([+{MINUS}-]?\d[\d.,]*)(–\d[\d.,]*)?[{NARROW_SPACE}\u00a0 ]?%?[°○● ]*")
_PERIOD = re.compile(r"(?:(\d{1,2})\.? )?(?:([^\W\d]+) )?(\d{4})")

Key = float | None


def column_keys(cells: Sequence[str], language: Language) -> list[Key]:
    """The sort keys of a column; None for a cell without a value, and for all if the column holds words.

    A column counts as dates or numbers if at least half of its values can be read as such. Dates are given as the number
    yyyymmdd, with zeros for what is not known.
    """
    values = [cell for cell in cells if cell not in _NOTHING]
    for read in (_period_reader(values, language), lambda cell: _number(cell, language)):
        keys = [None if cell in _NOTHING else read(cell) for cell in cells]
        known = sum(key is not None for key in keys)
        if values and 2 * known >= len(values):
            return keys
    return [None] * len(cells)


def _number(cell: str, language: Language) -> Key:
    match = _NUMBER.fullmatch(cell)
    if not match:
        return None
    try:
        return float(parse_decimal(match[1].replace(MINUS, "-").lstrip("+"), locale=language, strict=True))
    except NumberFormatError:
        return None


def _period_reader(values: Sequence[str], language: Language) -> Callable[[str], Key]:
    """Reads what `fmt.period` wrote; a column of bare years holds no months and is left to be read as numbers."""
    months = {name: number for number, name in Locale.parse(language).months["format"]["wide"].items()}

    def read(cell: str) -> Key:
        match = _PERIOD.fullmatch(cell)
        if not match or (match[2] and match[2] not in months) or (match[1] and not match[2]):
            return None
        return float(f"{match[3]}{months.get(match[2], 0):02}{int(match[1] or 0):02}")

    has_months = any((match := _PERIOD.fullmatch(cell)) and match[2] in months for cell in values)
    return read if has_months else lambda cell: None

"""Numbers, lists and dates as a reader of the active language expects them (CLDR rules by Babel)."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from helpers.present.language import current, tr

NARROW_SPACE = "\u202f"
MINUS = "\u2212"
MISSING = "·"
RING = "○"  # behind a value that is taken over from the district


def number(value: float, decimals: int = 1) -> str:
    """`value` with a fixed number of decimals; `·` where it is missing."""
    if pd.isna(value):
        return MISSING
    rounded = round(float(value), decimals) + 0.0  # turns -0.0 into 0.0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(rounded, format=pattern, locale=current()).replace("-", MINUS)


def integer(value: float) -> str:
    """A whole number with thousands separators."""
    return number(value, 0)


def percent(value: float, decimals: int = 1) -> str:
    """A value given in percent (0-100): `12,1 %` in German (narrow space), `12.1%` in English."""
    return number(value, decimals) + tr(de=NARROW_SPACE + "%", en="%")


def signed(value: float, decimals: int = 1) -> str:
    """A difference with its sign: `+3,2`, `−0,4`; `0,0` and a missing value have none."""
    text = number(value, decimals)
    return f"+{text}" if not pd.isna(value) and round(float(value), decimals) > 0 else text


def with_unit(value: float, unit: str, decimals: int = 1) -> str:
    """A value with its unit; percent is set by the rule of the language."""
    if pd.isna(value):
        return MISSING
    if unit.startswith("%"):
        return percent(value, decimals) + unit[1:]
    return f"{number(value, decimals)} {unit}".rstrip()


def join(items: Sequence[str], style: str = "standard") -> str:
    """`a, b und c`, `a, b and c`; an empty sequence gives an empty string."""
    return format_list(list(items), style=style, locale=_locale()) if items else ""  # type: ignore[arg-type]


def count(n: int) -> str:
    """Numbers up to twelve in words, as prose wants them; the neuter/plural form, so not for 1 before a noun."""
    words = tr(
        de="null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        en="zero one two three four five six seven eight nine ten eleven twelve",
    ).split()
    return words[n] if 0 <= n < len(words) else integer(n)


def period(text: str) -> str:
    """A period of the codebook: `2021` as it is, `2021-06` as `Juni 2021`, a full date as `22. April 2026`."""
    parts = text.split("-")
    if len(parts) == 1:
        return text
    day = date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) == 3 else 1)
    if len(parts) == 2:
        return format_date(day, "MMMM yyyy", locale=current())
    return format_date(day, "long", locale=_locale())


def _locale() -> str:
    """British English: day before month, no comma before the last item of a list."""
    return tr(de="de", en="en_GB")

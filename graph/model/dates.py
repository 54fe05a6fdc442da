"""Dates in the Extended Date/Time Format (EDTF, ISO 8601-2:2019), and the days that bound them.

`~` and `?` say how sure a source is and do not widen a date. An open or unknown end
becomes `BEGINNING` or `END`, so every claim has two days that can be compared as text.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

BEGINNING: Final = "0001-01-01"
"""The day that stands for an unknown start."""
END: Final = "9999-12-31"
"""The day that stands for an unknown end."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last day on which something can have been, as `YYYY-MM-DD`."""

    earliest: str
    latest: str

    def overlaps(self, other: Bounds) -> bool:
        """Whether some day lies in both."""
        return self.earliest <= other.latest and other.earliest <= self.latest


UNKNOWN: Final = Bounds(BEGINNING, END)

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SIMPLE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?[~?%]?")


def _day(moment: object, unknown: str) -> str:
    if isinstance(moment, float) and math.isinf(moment):
        return unknown
    year, month, day = tuple(moment)[:3]  # type: ignore[arg-type, var-annotated]
    if year < 1:
        return BEGINNING
    return END if year > 9999 else f"{year:04d}-{month:02d}-{day:02d}"


def _simple(text: str) -> Bounds | None:
    """The bounds of a plain year, month or day, which take the parser a thousand times as long.

    None for what is anything else, or no date: the parser says.
    """
    found = _SIMPLE.fullmatch(text)
    if found is None or found[1] == "0000":
        return None
    year, month, day = found.groups()
    if month is None:
        return Bounds(f"{year}-01-01", f"{year}-12-31")
    if not "01" <= month <= "12":
        return None
    last = f"{monthrange(int(year), int(month))[1]:02d}"
    if day is None:
        return Bounds(f"{year}-{month}-01", f"{year}-{month}-{last}")
    return Bounds(text[:10], text[:10]) if "01" <= day <= last else None


@lru_cache(maxsize=65536)
def bounds(text: str) -> Bounds:
    """The days that bound an EDTF date.

    Raises ValueError with a sentence for the reader if `text` is not such a date.
    """
    simple = _simple(text)
    if simple is not None:
        return simple
    try:
        for day in _DAY.findall(text):
            # The parser lets a 29th of February pass in any year.
            date.fromisoformat(day)
        parsed = parse_edtf(text)
        earliest = _day(parsed.lower_strict(), BEGINNING)
        latest = _day(parsed.upper_strict(), END)
    except (EDTFParseException, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"“{text[:40]}” is not a date") from error
    # A slash with nothing beside it is an end that nobody knows, which the parser guesses at.
    if text.endswith("/"):
        latest = END
    if text.startswith("/"):
        earliest = BEGINNING
    if earliest > latest:
        raise ValueError(f"“{text[:40]}” ends before it starts")
    return Bounds(earliest, latest)


DATE_REMEDY: Final = "write a date as EDTF does, such as 2021-02-10, 2021-02~ or 2021-02/2021-03"

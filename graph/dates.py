"""Dates in the Extended Date/Time Format (EDTF, ISO 8601-2:2019), and the days that bound them.

`~` and `?` say how sure a source is and do not widen a date. An open or unknown end
becomes `BEGINNING` or `END`, so every claim has two days that can be compared as text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
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


def _day(moment: object, unknown: str) -> str:
    if isinstance(moment, float) and math.isinf(moment):
        return unknown
    year, month, day = tuple(moment)[:3]  # type: ignore[arg-type, var-annotated]
    if year < 1:
        return BEGINNING
    return END if year > 9999 else f"{year:04d}-{month:02d}-{day:02d}"


@lru_cache(maxsize=65536)
def bounds(text: str) -> Bounds:
    """The days that bound an EDTF date.

    Raises ValueError with a sentence for the reader if `text` is not such a date.
    """
    try:
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

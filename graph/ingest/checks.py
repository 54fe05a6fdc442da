"""Whether the figures of a case add up: sums, shares and remainders computed from their parts.

A share follows from its parts if they round to it at the precision written; “nearly 97” says less
than 97, so it does not follow from 97.42.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.ingest.differences import span
from graph.ingest.staging import Spool
from graph.model.records import Case, Check


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure as its parts make it, beside whether the figure that a source states follows."""

    number: float | int
    follows: bool


def computed(spool: Spool, case: Case) -> Mapping[str, Computed]:
    """For each claim handle that a check recomputes: the number, and whether the claim follows.

    Remainders state no claim and are left to the page that shows them.
    """
    found: dict[str, Computed] = {}
    for check in case.checks:
        if check.kind == "sum":
            found[spool.handle(check.whole)] = _sum(spool, check)
        elif check.kind == "share" and check.share:
            found[spool.handle(check.share)] = _share(spool, check)
    return found


def _figure(spool: Spool, handle: str) -> tuple[float | int, str, str, str]:
    row = spool.first(
        "SELECT number, value, comparator, unit FROM claim WHERE handle = ?",
        [spool.handle(handle)],
    )
    if row is None:
        raise KeyError(handle)
    return row["number"], row["value"], row["comparator"], row["unit"]


def _follows(number: float, value: str, comparator: str, unit: str) -> bool:
    low, high = span(value, comparator, unit)
    return low <= number <= high


def _sum(spool: Spool, check: Check) -> Computed:
    total = sum(_figure(spool, part)[0] for part in check.parts)
    _, value, comparator, unit = _figure(spool, check.whole)
    return Computed(total, _follows(total, value, comparator, unit))


def _share(spool: Spool, check: Check) -> Computed:
    part = sum(_figure(spool, part)[0] for part in check.parts)
    percent = round(100 * part / _figure(spool, check.whole)[0], 4)
    _, value, comparator, unit = _figure(spool, str(check.share))
    return Computed(percent, _follows(percent, value, comparator, unit))

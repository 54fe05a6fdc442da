"""How much of an answer is kept: the bytes that its rows take in this program's memory.

What counts is what Python says of each value (`sys.getsizeof`): a text of a million Latin letters
is a million bytes, a whole number 28, a list 8 for each item and the items besides. It is counted
as rows come, so that an answer of a hundred gigabytes costs no more than the limit.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final

import neo4j.graph
from neo4j._codec.hydration import BrokenHydrationObject  # what it leaves within lists and maps

from graph.errors import QueryError

MEGABYTE: Final = 1_000_000
DEEPEST: Final = 100
"""Levels of lists and maps in each other that a value may have."""

_FLAT: Final = frozenset({str, int, float, bool, type(None), bytes})


class AnswerSize:
    """Takes rows until they are too much. One answer has one."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.clear()

    def clear(self) -> None:
        """Begin anew, as when a query is asked again."""
        self.used, self.full = 0, False

    def takes(self, row: Mapping[str, Any]) -> bool:
        """Whether the row fits in too; once one does not, no other does.

        Raises QueryError for a value that is nested deeper than DEEPEST, or that the driver could
        not read.
        """
        used = sys.getsizeof(row)
        for name, value in row.items():
            used += sys.getsizeof(value) if type(value) in _FLAT else weight(value, name)
        self.used += used
        self.full = self.full or self.used > self.most
        return not self.full


def weight(value: Any, name: str) -> int:
    """The bytes of a value, whatever it holds; raises QueryError if it cannot be shown.

    `name` is that of its column. It goes level by level and not by calls, so that no depth is too
    much for it.
    """
    total, depth, level = 0, 0, [value]
    while level:
        if depth > DEEPEST:
            raise too_deep(f"in column {name} ")
        below: list[Any] = []
        for item in level:
            if isinstance(item, BrokenHydrationObject):
                raise out_of_range(f"in column {name} ")
            total += sys.getsizeof(item)
            if type(item) not in _FLAT:
                below.extend(_inside(item))
        level, depth = below, depth + 1
    return total


def out_of_range(where: str = "") -> QueryError:
    """The error for a value that the driver cannot read, as a day after the year 9999."""
    return QueryError(
        f"A value {where}cannot be shown, since it lies outside of what can be read here; return "
        f"it as text, with toString(...)."
    )


def too_deep(where: str = "") -> QueryError:
    """The error for a value that is nested too deep to be shown."""
    return QueryError(
        f"A value {where}is nested deeper than {DEEPEST} levels and cannot be shown; return its "
        f"parts, or how many it has."
    )


def _inside(item: Any) -> list[Any]:
    if isinstance(item, list | tuple | set | frozenset):
        return list(item)
    if isinstance(item, neo4j.graph.Path):
        return [*item.nodes, *item.relationships]
    if isinstance(item, Mapping | neo4j.graph.Entity):
        return [part for pair in item.items() for part in pair]
    return []

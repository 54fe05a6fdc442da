"""What a query answered: rows in order, and what must be said beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graph.model.wording import counted
from graph.store.answer_size import MEGABYTE, AnswerSize

DEFAULT_LIMIT: Final = 10_000
"""Rows that are shown of one query unless more are asked for."""

DEFAULT_MEGABYTES: Final = 64
"""Megabytes that the rows of one query may take, as `graph.store.answer_size` counts them."""

DEFAULT_TIMEOUT: Final = 30.0
"""Seconds that one query may take unless it is given more."""


@dataclass(frozen=True)
class Result:
    """Rows of a query, each a tuple in the order of `columns`.

    `cypher` and `parameters` are what was run; `seconds` is how long that took. `truncated` says
    that there were more rows than asked for, or than may be kept, and `notes` are the
    sentences that belong beside the rows wherever they are shown. `ends` are the ids of the nodes
    that a relationship in the rows joins, by element ids.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cypher: str
    parameters: Mapping[str, Any]
    truncated: bool
    seconds: float
    notes: tuple[str, ...] = ()
    ends: Mapping[str, str] = field(default_factory=dict)

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, keys in the order of the columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def mark(self) -> str:
        """The sentence that a file of the rows carries if they are not all; else nothing."""
        many = f"these {len(self.rows):,}" if len(self.rows) != 1 else "this one"
        return f"cut at a limit: there are more rows than {many}" if self.truncated else ""


def cut(
    rows: Sequence[Any], limit: int | None, size: AnswerSize | None = None
) -> tuple[Sequence[Any], bool, tuple[str, ...]]:
    """The first `limit` rows, whether there are more, and the sentence that says so.

    Ask the store for one row more than the limit, and hand all of them in, with what counted them.
    """
    if limit is not None and len(rows) > limit:
        where, rows = "", rows[:limit]
    elif size is not None and size.full:
        where = f" of {size.most / MEGABYTE:g} MB"
    else:
        return rows, False, ()
    return rows, True, (f"showing {counted(len(rows), 'row')}, more were cut at the limit{where}",)


def strip_case(value: Any, case: str) -> Any:
    """A value without the case prefix of ids: in a text, and in the items of a list or map."""
    if isinstance(value, str):
        return value.removeprefix(f"{case}:")
    if isinstance(value, list | tuple):
        return [strip_case(item, case) for item in value]
    if isinstance(value, Mapping):
        return {key: strip_case(item, case) for key, item in value.items()}
    return value

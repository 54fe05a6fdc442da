"""One row of a table, read cell by cell, with errors that name the cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from graph.errors import InputError
from graph.model import cells as values
from graph.model.cells import BadValueError
from graph.model.records import Place, Value
from graph.model.schema import Property
from loaders.readers.registry import Cells, open_table


@dataclass(frozen=True, slots=True)
class Head:
    """The columns that a table may have, in order, and those of them that it must have."""

    columns: tuple[str, ...]
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What names in a table stand for: `names` are the ids of its case.

    `shared` comes before the ids of its entities and sources, `own` before those of its passages
    and claims. `label` comes before the name of its file in messages.
    """

    names: tuple[str, ...]
    shared: str = ""
    own: str = ""
    label: str = ""


_seen: Final[set[str]] = set()
"""Texts that are ids, so that each is looked at once; begun anew when there are too many."""
_MOST_SEEN: Final = 20_000


class Row:
    """One row of a table, read cell by cell with errors that name the cell."""

    __slots__ = ("_cells", "_scope", "place")

    def __init__(self, place: Place, cells: Cells, scope: Scope) -> None:
        self.place = place
        self._cells, self._scope = cells, scope

    def text(self, column: str) -> str | None:
        """The text of a cell, or None if it is empty."""
        return self._cells.get(column)

    def need(self, column: str, remedy: str = "fill it in") -> str:
        """The text of a cell that must not be empty."""
        found = self._cells.get(column)
        if found is None:
            self.refuse(column, "is empty", remedy)
        return str(found)

    def parse(self, column: str, reader: Callable[[str], Any], default: Any = None) -> Any:
        """A cell read by one of the readers of `graph.model.cells`, or `default` if it is empty."""
        found = self._cells.get(column)
        if found is None:
            return default
        try:
            return reader(found)
        except BadValueError as error:
            self.refuse(column, error.problem, error.remedy)

    def term(self, column: str, terms: tuple[str, ...], default: str | None = None) -> Any:
        """A cell that holds one of some terms."""
        found = self._cells.get(column)
        if found is None or found in terms:
            return default if found is None else found
        return self.parse(column, partial(values.one_of, terms=terms))

    def id(self, column: str) -> str:
        """A cell that holds the id of an entity or a source of this case."""
        return self.maybe_id(column) or self.need(column)

    def maybe_id(self, column: str) -> str | None:
        """A cell that holds the id of an entity or a source of this case, or nothing."""
        return self._named(column, self._scope.shared)

    def own(self, column: str) -> str:
        """A cell that holds the id of a passage, or the handle of a claim."""
        return self.maybe_own(column) or self.need(column)

    def maybe_own(self, column: str) -> str | None:
        """A cell that holds the id of a passage, the handle of a claim, or nothing."""
        return self._named(column, self._scope.own)

    def _named(self, column: str, before: str) -> str | None:
        found = self._cells.get(column)
        if found is None:
            return None
        # Those of a table are few, and most stand in many rows.
        if found not in _seen:
            if ":" in found:
                return str(self.parse(column, partial(values.reference, names=self._scope.names)))
            _seen.add(self.parse(column, values.identifier))
            if len(_seen) > _MOST_SEEN:
                _seen.clear()
        return f"{before}{found}" if before else found

    def properties(self, declared: Iterable[Property]) -> dict[str, Value]:
        """The declared properties that this row fills in."""
        found: dict[str, Value] = {}
        for prop in declared:
            if prop.name not in self._cells:
                if prop.required:
                    self.need(prop.name)
            elif prop.kind == "id":
                found[prop.name] = self.id(prop.name)
            else:
                found[prop.name] = self.parse(prop.name, partial(values.read, prop))
        return found

    def keep_empty(self, columns: Iterable[str], problem: str) -> None:
        """Refuse the first of these cells that is filled in; `problem` may name it as {}."""
        for column in columns:
            if column in self._cells:
                self.refuse(column, problem.format(column), "leave the cell empty")

    def refuse(self, column: str, problem: str, remedy: str) -> None:
        """Raise the InputError of a cell."""
        raise InputError(
            problem, file=self.place.file, row=self.place.row, column=column, remedy=remedy
        )


def check_head(columns: tuple[str, ...], head: Head, file: str, row: int = 1) -> None:
    """Raise InputError if a table, or a row of an entry, has other columns than these."""
    for name in head.needed:
        if name not in columns:
            raise InputError(
                "the column is missing",
                file=file,
                row=row,
                column=name,
                remedy=f"add it: the head needs {','.join(head.needed)}",
            )
    for name in columns:
        if name not in head.columns:
            raise InputError(
                f"the column is not known here{values.suggestion(name, head.columns)}",
                file=file,
                row=row,
                column=name,
                remedy=f"the head is {','.join(head.columns)}",
            )


def read_rows(path: Path, head: Head, scope: Scope) -> Iterator[Row]:
    """The rows of a table that has these columns, in any order.

    Raises InputError for a head of other columns, and where the file is no table.
    """
    table, file = open_table(path), f"{scope.label}{path.name}"
    check_head(table.columns, head, file)
    for number, cells in table.rows():
        yield Row(Place(file, number), cells, scope)

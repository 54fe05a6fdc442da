"""Entries of the journal: a file that holds one, and its rows, read by what reads those of tables.

A file is YAML or JSON: `kind`, `reason`, `replaces` (an id, or several) if it replaces others, and
its tables by name, each a list of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from graph.errors import InputError
from graph.ingest.inputs import Refuse, refused
from graph.journal.entries import Entry
from graph.journal.keeping import new_entry
from graph.model.cells import suggestion
from graph.model.records import Decision, Place, Record
from graph.model.schema import Schema
from graph.model.types import SCHEMA
from graph.model.types.entities import NAMING
from graph.runtime import files, yamltext
from loaders.rows import Head, Row, Scope, check_head
from loaders.tables import OWN, ReadRow, day, read_row, table_heads

_DECISIONS: Final[Mapping[str, Head]] = {
    "corrections": Head(("target", "passage", "property", "value"), ("target", "property")),
    "withdrawals": Head(("target", "passage"), ("target",)),
    "same": Head(("one", "other"), ("one", "other")),
    "different": Head(("one", "other"), ("one", "other")),
    "naming": Head(("entity", "naming", "on"), ("entity", "naming")),
}
_NAMED_BY: Final = {"sources": "id", **OWN}
"""What an entry can only bring itself, and the column that names it."""


def read_entry(
    case: str,
    file: str,
    space: str,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    refuse: Refuse = refused,
    schema: Schema = SCHEMA,
) -> Iterator[Record]:
    """The records of an entry; see `graph.ingest.inputs.ReadRows`.

    `refuse` is told of each row that cannot be used. Raises InputError for a table or a column that
    is not known.
    """
    heads = {**table_heads(schema), **_DECISIONS}
    for name in tables:
        if name not in heads:
            raise InputError(
                f"the table is not known{suggestion(name, list(heads))}",
                file=f"{file}/{name}",
                remedy=f"use {', '.join(heads)}",
            )
    scope = Scope((case,), space, space)
    for stem, head in heads.items():
        read = _decision(stem) if stem in _DECISIONS else read_row(stem, schema)
        for number, cells in enumerate(tables.get(stem, ()), start=1):
            place = Place(f"{file}/{stem}", number)
            try:
                check_head(tuple(cells), head, place.file, number)
                row = Row(place, {name: text for name, text in cells.items() if text}, scope)
                _check_own(row, stem)
                yield read(row)
            except InputError as error:
                refuse(error)


def _check_own(row: Row, stem: str) -> None:
    column = _NAMED_BY.get(stem)
    if column and ":" in (row.text(column) or ""):
        row.refuse(
            column, "an entry adds, and changes no row of others", "give it a name of its own"
        )


def _decision(stem: str) -> ReadRow:
    def pair(row: Row) -> Decision:
        one, other = row.id("one"), row.id("other")
        if one == other:
            row.refuse("other", "is the same id", "name two entities")
        return Decision(stem, one, row.place, other=other)

    def correction(row: Row) -> Decision:
        return Decision(
            "correct", row.id("target"), row.place, row.maybe_own("passage"),
            row.need("property"), row.text("value"),
        )  # fmt: skip

    def withdrawal(row: Row) -> Decision:
        return Decision("withdraw", row.id("target"), row.place, row.maybe_own("passage"))

    def naming(row: Row) -> Decision:
        row.need("naming")
        if row.text("on") is not None:
            day(row, "on")
        return Decision("naming", row.id("entity"), row.place, value=row.term("naming", NAMING))

    ways = {"corrections": correction, "withdrawals": withdrawal, "naming": naming}
    return ways.get(stem, pair)


# --- a file -------------------------------------------------------------------------------------

_SETTINGS: Final = ("kind", "reason", "replaces")


def read_entry_file(path: Path, case: str, author: str) -> Entry:
    """The entry that a file holds, not kept yet. Raises InputError."""
    text = files.read_text(path, files.SETTINGS)
    try:
        found = files.parse_json(text) if path.suffix == ".json" else yamltext.read(text).value
    except yamltext.YamlProblem as error:
        raise InputError(error.problem, file=path, row=error.line) from error
    except ValueError as error:
        raise InputError(f"is not JSON ({error})", file=path) from error
    if not isinstance(found, dict):
        raise InputError("holds no entry", file=path, remedy="write kind, reason, and its tables")
    for name in ("kind", "reason"):
        if not isinstance(found.get(name), str):
            raise InputError(f"“{name}” is missing, or no text", file=path, remedy="write it down")
    replaces = found.get("replaces") or []
    replaces = [replaces] if isinstance(replaces, str) else replaces
    if not isinstance(replaces, list) or not all(isinstance(one, str) for one in replaces):
        raise InputError("“replaces” is no id of an entry", file=path, remedy="copy the id")
    body = {n: _rows(path, n, rows) for n, rows in found.items() if n not in _SETTINGS}
    return new_entry(case, found["kind"], author, found["reason"], body, replaces)


def _rows(path: Path, table: str, given: Any) -> list[dict[str, str]]:
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise InputError(f"“{table}” is no list of rows", file=path, remedy="start each with `- `")
    return [
        {n: _cell(path, table, n, value) for n, value in row.items() if value not in (None, "")}
        for row in given
    ]


def _cell(path: Path, table: str, column: str, value: Any) -> str:
    """A value as the text of a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int):
        return str(value).strip()
    raise InputError(
        "is no text", file=f"{path}, {table}", column=column, remedy="write it in quotes"
    )

"""A folder of tables: `case.yaml` and one table for each kind of record.

It is the folder of a case, or another input of it (`input:` in its case.yaml). Below `sources/` it
may have a folder for each source, with tables of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from graph.errors import InputError
from graph.ingest.inputs import LoadInput, Refuse, refused
from graph.model import cells as values
from graph.model.cells import BadValueError
from graph.model.records import CASE_FOLDER, Record
from graph.model.schema import Schema
from graph.model.types import SCHEMA
from loaders.journal import read_entry
from loaders.readers.registry import find_table, has_table, open_table, table_files
from loaders.rows import Row, Scope, read_rows
from loaders.settings import read_settings
from loaders.tables import NEEDED, defined, read_row, table_heads


def read_case(folder: Path, case_id: str | None = None, schema: Schema = SCHEMA) -> LoadInput:
    """The input that a folder holds, under its own case's id or `case_id`.

    Raises InputError if the folder is no case; its records raise InputError as they are read.
    """
    if not folder.is_dir():
        raise InputError("is no folder", file=folder, remedy="name the folder of a case")
    settings = folder / "case.yaml"
    case, own_id = read_settings(settings, case_id)
    shared = "" if case.input == CASE_FOLDER else f"{case.input}/"
    scope = Scope((case.id, own_id), shared, shared)
    below, notes = _source_folders(folder)
    parts = [_Part(folder, scope, schema, () if below else NEEDED)]
    for path in below:
        label = f"{path.parent.name}/{path.name}/"
        parts.append(
            _Part(path, Scope(scope.names, shared, f"{shared}{path.name}/", label), schema)
        )

    def records(refuse: Refuse = refused) -> Iterator[Record]:
        # All of one table, then of the next: entities come before what names them.
        for stem in table_heads(schema):
            for part in parts:
                yield from part.records(stem, refuse)

    files = {settings.name: settings}
    for part in parts:
        files |= part.files
        notes += part.notes
    return LoadInput(
        case, records, files, tuple(notes), read_case, partial(read_entry, schema=schema)
    )


def _source_folders(folder: Path) -> tuple[list[Path], list[str]]:
    """The folders of single sources, by name, and notes on what stands beside them."""
    above = folder / "sources"
    if not above.is_dir():
        return [], []
    if above.resolve().parent != folder.resolve():
        raise InputError("leads out of the folder", file=above, remedy="copy it into the folder")
    found, notes = [], []
    for path in sorted(above.iterdir()):
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            notes.append(f"sources/{path.name} is in no folder of a source and is not read.")
            continue
        if path.resolve().parent != above.resolve():
            raise InputError("leads out of the folder", file=path, remedy="copy it into the folder")
        try:
            values.identifier(path.name)
        except BadValueError as error:
            raise InputError(error.problem, file=path, remedy=error.remedy) from error
        found.append(path)
    return found, notes


class _Part:
    """The tables of one folder."""

    def __init__(
        self, folder: Path, scope: Scope, schema: Schema, needed: tuple[str, ...] = ()
    ) -> None:
        self._scope, self._schema, self._heads = scope, schema, table_heads(schema)
        self._tables = {
            stem: find_table(folder, stem)
            for stem in self._heads
            if stem in needed or has_table(folder, stem)
        }
        if scope.label and not self._tables:
            raise InputError(
                "holds no table of a case", file=folder, remedy="add its tables, or take it away"
            )
        self.files = {f"{scope.label}{path.name}": path for path in self._tables.values()}
        self.notes = [note for path in self._tables.values() if (note := open_table(path).note)]
        self.notes += (
            f"{scope.label}{name} is no table of a case and is not read."
            for name in table_files(folder)
            if f"{scope.label}{name}" not in self.files
        )

    def records(self, stem: str, refuse: Refuse) -> Iterator[Record]:
        """The records of one table, if it is there; `refuse` is told of what cannot be used."""
        if stem not in self._tables:
            return
        read = read_row(stem, self._schema)
        try:
            for row in read_rows(self._tables[stem], self._heads[stem], self._scope):
                try:
                    record = read(row)
                except InputError as error:
                    error.defines = self._defined(row, stem)
                    refuse(error)
                else:
                    yield record
        except InputError as error:
            error.ends_table = True
            refuse(error)

    def _defined(self, row: Row, stem: str) -> str | None:
        try:
            return defined(row, stem, self._schema)
        except InputError:
            return None  # the id itself is what cannot be used

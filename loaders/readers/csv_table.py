"""Tables of a case as text with separators: see `graph.runtime.delimited`."""

from __future__ import annotations

from pathlib import Path

from graph.runtime import delimited, files
from graph.runtime.delimited import Table

SUFFIXES = (".csv",)


def table(path: Path) -> Table:
    """Open a table of a case and read its head. Raises InputError."""
    return delimited.open_table(path, files.TABLE, within=path.parent, named=path.name)

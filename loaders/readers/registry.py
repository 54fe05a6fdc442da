"""The formats that a table can come in: one module of this package each.

Such a module has `SUFFIXES` (with the dot, in lower case) and `table(path)`, which opens a table
of a case by way of `graph.runtime.files` and reads its head. Nothing else has to know of it.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

import loaders.readers
from graph.errors import InputError

Cells = Mapping[str, str]
"""The cells of one row by column, trimmed. Empty cells are left out."""


class Format(Protocol):
    """What a format module offers."""

    SUFFIXES: tuple[str, ...]

    def table(self, path: Path) -> Table: ...


class Table(Protocol):
    """A table that has been opened: its columns, and its rows, which are read once."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def note(self) -> str:
        """One sentence on how it is read, where that is not as usual; else nothing."""
        ...

    def rows(self) -> Iterator[tuple[int, Cells]]: ...


@cache
def formats() -> Mapping[str, Format]:
    """Every format by suffix, found by the names of the modules."""
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(loaders.readers.__path__):
        if module.name != "registry":
            format_ = importlib.import_module(f"loaders.readers.{module.name}")
            found.update(dict.fromkeys(format_.SUFFIXES, format_))
    return found


def has_table(folder: Path, stem: str) -> bool:
    """Whether a folder has a table in any known format."""
    return bool(_candidates(folder, stem))


def table_files(folder: Path) -> list[str]:
    """The names of all files in a folder that are of a known format, in order."""
    return sorted(path.name for path in folder.iterdir() if path.suffix.lower() in formats())


def _candidates(folder: Path, stem: str) -> list[Path]:
    # Whatever has that name, since what is no file is better refused than overlooked.
    names = (folder / f"{stem}{suffix}" for suffix in sorted(formats()))
    return [path for path in names if os.path.lexists(path)]


def find_table(folder: Path, stem: str) -> Path:
    """The file of a table in any known format; raises InputError if there is none, or are two."""
    found = _candidates(folder, stem)
    if not found:
        raise InputError(
            f"the table {stem} is missing",
            file=folder,
            remedy=f"add {stem}.csv; a head alone is a valid table",
        )
    if len(found) > 1:
        raise InputError(f"stands beside {found[1].name}", file=found[0], remedy="keep one of them")
    return found[0]


def open_table(path: Path) -> Table:
    """Open a table by its suffix; raises InputError if nothing reads that."""
    format_ = formats().get(path.suffix.lower())
    if format_ is None:
        known = ", ".join(sorted(formats()))
        raise InputError("is of no known format", file=path.name, remedy=f"use one of {known}")
    return format_.table(path)

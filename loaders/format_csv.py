"""Comma-separated tables: UTF-8, one head row, quotes as RFC 4180 says."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from graph.errors import InputError

SUFFIXES = (".csv",)

_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass
class CsvTable:
    """A table that has been opened. Row numbers count as a spreadsheet does: the head is 1."""

    path: Path
    columns: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(row number, cells by column) of each row that is not empty; empty cells are left out.

        Raises InputError for a row of another length and for what is not UTF-8.
        """
        with self.path.open("rb") as file:
            records = _records(self.path, file)
            next(records)
            for number, read in records:
                # Most cells are empty, and are not looked at twice.
                named = zip(self.columns, read, strict=False)
                found = {name: cell for name, text in named if text and (cell := text.strip())}
                if len(read) != len(self.columns) and any(text.strip() for text in read):
                    raise InputError(
                        f"has {len(read)} cells where the head has {len(self.columns)}",
                        file=self.path.name,
                        row=number,
                        remedy="put text that holds a comma in double quotes",
                    )
                if not found:
                    continue
                # Once a row: cell by cell only where there is something to be told.
                if _CONTROL.search("".join(found.values())):
                    self._look_for_controls(number, found)
                yield number, found

    def _look_for_controls(self, number: int, cells: dict[str, str]) -> None:
        for name, cell in cells.items():
            control = _CONTROL.search(cell.replace("\r\n", "\n"))
            if control:
                raise InputError(
                    f"holds the control character U+{ord(control[0]):04X}",
                    file=self.path.name,
                    row=number,
                    column=name,
                    remedy="take it out",
                )


def table(path: Path) -> CsvTable:
    """Open a table and read its head.

    Raises InputError for a file of no bytes, for one that is not CSV, and for a head that names a
    column twice or not at all.
    """
    _look_at(path)
    with path.open("rb") as file:
        _, head = next(_records(path, file), (1, []))
    columns = tuple(cell.strip() for cell in head)
    for place, name in enumerate(columns):
        if not name:
            raise InputError(
                f"column {place + 1} has no name", file=path.name, row=1, remedy="name it"
            )
        if name in columns[:place]:
            raise InputError(
                "stands twice in the head", file=path.name, row=1, column=name, remedy="keep one"
            )
    return CsvTable(path, columns)


def _look_at(path: Path) -> None:
    """Say what a file is that is no CSV."""
    try:
        with path.open("rb") as file:
            start = file.read(8192)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=path.name) from error
    if not start.removeprefix(codecs.BOM_UTF8):
        raise InputError(
            "is a file of no bytes", file=path.name, remedy="a head alone is a valid table"
        )
    if start.startswith(_ZIP):
        raise InputError(
            "is a zip archive (a workbook, perhaps), not CSV",
            file=path.name,
            remedy="save the sheet as CSV, UTF-8",
        )
    if start.startswith(_UTF16) or b"\0" in start:
        raise InputError("is not text in UTF-8", file=path.name, remedy="save it as CSV, UTF-8")


def _records(path: Path, file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of each record, the head included."""
    number = 0

    def lines() -> Iterator[str]:
        for line in file:
            try:
                # Decoded line by line, so that an error knows its row.
                yield line.decode("utf-8-sig" if number == 0 else "utf-8")
            except UnicodeDecodeError as error:
                raise InputError(
                    "is not text in UTF-8",
                    file=path.name,
                    row=number + 1,
                    remedy="save it as CSV, UTF-8",
                ) from error

    try:
        for cells in csv.reader(lines(), strict=True):
            number += 1
            yield number, cells
    except csv.Error as error:
        raise InputError(
            f"is not CSV as RFC 4180 has it ({_reason(error)})",
            file=path.name,
            row=number + 1,
            remedy="close each quote, double a quote inside quotes, and end lines with LF or CRLF",
        ) from error


def _reason(error: csv.Error) -> str:
    """What the csv module has to say, without its advice to programmers."""
    said = str(error)
    if "new-line" in said:
        return "a carriage return stands alone"
    if "field limit" in said:
        return f"a cell is longer than {csv.field_size_limit():,} characters"
    return said

"""Tables as text: UTF-8, one head row, quotes as RFC 4180 says, commas or what stands for them.

A spreadsheet of many countries writes semicolons. So the head tells what parts the cells: the one
separator that it holds outside quotes.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from graph.errors import InputError
from graph.model.wording import counted
from graph.runtime.files import open_file

SEPARATORS: Final[Mapping[str, str]] = {
    ",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar",
}  # fmt: skip
"""What may part cells, the usual one first."""
MOST_COLUMNS: Final = 1_000
LONGEST_ROW: Final = 4_000_000
"""Bytes of a row, at most."""

_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*("|$)')


@dataclass(frozen=True)
class Table:
    """A table whose head was read. Row numbers count as a spreadsheet does: the head is 1.

    `within` is the folder that its file must lie in, if any, and `named` what errors call it.
    """

    path: Path
    most: int
    within: Path | None
    named: str
    columns: tuple[str, ...]
    separator: str

    @property
    def note(self) -> str:
        """One sentence on how the table is read, where that is not as usual; else nothing."""
        if self.separator == ",":
            return ""
        return f"{self.named} is read with {SEPARATORS[self.separator]} between its cells."

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(row number, cells by column) of each row that is not empty; empty cells are left out.

        Raises InputError for a row of another length and for what is not UTF-8.
        """
        with open_file(self.path, self.most, within=self.within, named=self.named) as file:
            records = _records(file, self.named, self.separator)
            next(records, None)
            for number, read in records:
                # Most cells are empty, and are not looked at twice.
                named = zip(self.columns, read, strict=False)
                found = {name: cell for name, text in named if text and (cell := text.strip())}
                if len(read) != len(self.columns) and any(text.strip() for text in read):
                    raise InputError(
                        f"has {counted(len(read), 'cell')} where the head has {len(self.columns)}",
                        file=self.named,
                        row=number,
                        remedy=self._remedy(len(read)),
                    )
                if not found:
                    continue
                # Once a row: cell by cell only where there is something to be told.
                if _CONTROL.search("".join(found.values())):
                    self._look_for_controls(number, found)
                yield number, found

    def _remedy(self, cells: int) -> str:
        if cells < len(self.columns):
            return "write an empty cell where there is nothing to say"
        return f"put text that holds {SEPARATORS[self.separator]} in double quotes"

    def _look_for_controls(self, number: int, cells: dict[str, str]) -> None:
        for name, cell in cells.items():
            control = _CONTROL.search(cell.replace("\r\n", "\n"))
            if control:
                raise _control(control[0], self.named, number, name)


def open_table(
    path: Path, most: int, *, within: Path | None = None, named: str | None = None
) -> Table:
    """Read the head of a table whose file `graph.runtime.files` may open.

    Raises InputError for a file of no bytes, for one that is no such table, for a head that names a
    column twice or not at all, and for one that could be parted in two ways.
    """
    named = str(path) if named is None else named
    with open_file(path, most, within=within, named=named) as file:
        _look_at(file.read(8192), named)
        file.seek(0)
        separator = _separator(file.readline(LONGEST_ROW).decode(errors="replace"), named)
        file.seek(0)
        head = next(_records(file, named, separator), (1, [""]))[1]
    columns = tuple(cell.strip() for cell in head)
    _check_head(columns, named)
    return Table(path, most, within, named, columns, separator)


def _look_at(start: bytes, named: str) -> None:
    """Say what a file is that is no such table."""
    remedy = "save it as CSV, UTF-8"
    if not start.removeprefix(codecs.BOM_UTF8):
        raise InputError(
            "is a file of no bytes", file=named, remedy="a head alone is a valid table"
        )
    if start.startswith(_ZIP):
        raise InputError(
            "is a zip archive (a workbook, perhaps), not CSV",
            file=named,
            remedy="save the sheet as CSV, UTF-8",
        )
    # Latin letters in UTF-16 without a mark: every other byte is 0.
    if start.startswith(_UTF16) or (b"\0" in start[:2] and start.count(b"\0") * 3 > len(start)):
        raise InputError("is text in UTF-16, not in UTF-8", file=named, remedy=remedy)


def _separator(head: str, named: str) -> str:
    """What parts the cells of a head; a comma where nothing does."""
    plain = _QUOTED.sub("", head)
    found = [separator for separator in SEPARATORS if separator in plain]
    if len(found) > 1:
        words = " and ".join(SEPARATORS[separator] for separator in found)
        raise InputError(
            f"the head holds {words}, so nobody knows which parts the cells",
            file=named,
            row=1,
            remedy="write the head, and all rows, with one of them between cells, and a name that "
            "holds the other in double quotes",
        )
    return found[0] if found else ","


def _check_head(columns: tuple[str, ...], named: str) -> None:
    if len(columns) > MOST_COLUMNS:
        raise InputError(
            f"has {len(columns):,} columns, and a table has at most {MOST_COLUMNS:,}",
            file=named,
            row=1,
            remedy="take out what is no column of it",
        )
    for place, name in enumerate(columns):
        if not name:
            raise InputError(f"column {place + 1} has no name", file=named, row=1, remedy="name it")
        control = _CONTROL.search(name)
        if control:
            raise _control(control[0], named, 1, f"{place + 1}")
        if name in columns[:place]:
            raise InputError(
                "stands twice in the head", file=named, row=1, column=name, remedy="keep one"
            )


def _control(character: str, named: str, row: int, column: str) -> InputError:
    code = ord(character)
    what = "a NUL byte" if code == 0 else f"the control character U+{code:04X}"
    return InputError(f"holds {what}", file=named, row=row, column=column, remedy="take it out")


def _records(file: BinaryIO, named: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of each record, the head included."""
    number, length = 0, 0

    def refused(problem: str, remedy: str) -> InputError:
        return InputError(problem, file=named, row=number + 1, remedy=remedy)

    def lines() -> Iterator[str]:
        nonlocal length
        first = True
        # A line without end is never held as a whole, nor a record of lines without end.
        while line := file.readline(LONGEST_ROW + 1):
            length += len(line)
            if length > LONGEST_ROW:
                raise refused(
                    f"is longer than {LONGEST_ROW // 1_000_000} MB", "see that each quote is closed"
                )
            try:
                # Decoded line by line, so that an error knows its row.
                yield line.decode("utf-8-sig" if first else "utf-8")
            except UnicodeDecodeError as error:
                raise refused("is not text in UTF-8", "save it as CSV, UTF-8") from error
            first = False

    try:
        for cells in csv.reader(lines(), strict=True, delimiter=separator):
            number += 1
            length = 0
            yield number, cells
    except csv.Error as error:
        raise refused(
            f"is not CSV as RFC 4180 has it ({_reason(error)})",
            "close each quote, double a quote inside quotes, and end lines with LF or CRLF",
        ) from error


def _reason(error: csv.Error) -> str:
    """What the csv module has to say, without its advice to programmers."""
    said = str(error)
    if "new-line" in said:
        return "a carriage return stands alone"
    if "field limit" in said:
        return f"a cell is longer than {csv.field_size_limit():,} characters"
    return said

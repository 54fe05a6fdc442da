"""A result as an XLSX workbook, for Excel and LibreOffice: nothing in it is a formula or a link.

Numbers are numbers, truth values are truth values, and all else is text: ids of digits too, and
dates, as ISO 8601 has them, since a day of Excel has no zone and does not begin before 1900. A
number of more than 15 digits is text, because Excel would round it. What a sheet or a cell cannot
hold is never dropped without a word: rows go on in another sheet, a text that is too long ends in
the sentence that says so, and the sheet “Notes” has both. The same rows give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import xlsxwriter
from rich.cells import cell_len
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from graph.errors import QueryError
from graph.model.wording import counted
from graph.questions.result import Result
from graph.questions.table_text import taken, text_of

MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_048_576
"""Of a sheet, its head among them."""
MOST_COLUMNS: Final = 16_384
MOST_CHARACTERS: Final = 32_767
"""Of a cell, as UTF-16 counts them."""
MOST_DIGITS: Final = 15

_MADE: Final = datetime(2000, 1, 1)  # the same for every workbook, so that equal ones are equal
_NAMED: Final = 100
"""Cut cells that are named one by one."""
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 60, 200


def write_xlsx(result: Result, file: BinaryIO | Path, *, most_rows: int = MOST_ROWS) -> list[str]:
    """Write the rows, row by row so that memory does not grow; returns what the sheet Notes says.

    Raises QueryError if there are more columns than a sheet can have.
    """
    columns, rows = taken(result)
    if len(columns) > MOST_COLUMNS:
        raise QueryError(
            f"A sheet holds {MOST_COLUMNS:,} columns and the answer has {len(columns):,}; take it "
            f"as CSV."
        )
    to = str(file) if isinstance(file, Path) else file
    book = xlsxwriter.Workbook(to, {"constant_memory": True})
    book.set_properties({"created": _MADE})
    made = _Sheets(book, columns, most_rows)
    made.write(rows)
    notes = [*result.notes, *([result.mark] if result.mark else []), *made.notes()]
    if notes:
        sheet = book.add_worksheet("Notes")
        sheet.set_column(0, 0, 2 * _WIDEST)
        for number, note in enumerate(notes):
            sheet.write_string(number, 0, _fitting(note)[0])
    book.close()
    return notes


class _Sheets:
    """The sheets of the rows: the first, and others where it is full."""

    def __init__(self, book: xlsxwriter.Workbook, columns: Sequence[str], most_rows: int) -> None:
        self._book, self._columns, self._most_rows = book, columns, most_rows
        self._bold = book.add_format({"bold": True})
        self._names: list[str] = []
        self._cut: list[str] = []
        self._cuts = 0

    def notes(self) -> Iterator[str]:
        """What could not be written as it is."""
        if len(self._names) > 1:
            yield (
                f"A sheet holds {counted(self._most_rows, 'row')}: they go on in "
                f"{', '.join(self._names[1:])}."
            )
        yield from self._cut
        if self._cuts > len(self._cut):
            more = counted(self._cuts - len(self._cut), "more cell was", "more cells were")
            yield f"{more} cut."

    def write(self, rows: Iterator[list[Any]]) -> None:
        """Write all rows."""
        # Widths are told from the first rows: the others are gone once they are written.
        first = list(islice(rows, _LOOKED_AT))
        widths = [
            min(_WIDEST, max([_NARROWEST, *(cell_len(text_of(cell)[:_WIDEST]) + 2
                                             for cell in column)]))
            for column in zip(self._columns, *first, strict=True)
        ]  # fmt: skip
        sheet, at = self._begun(widths), 1
        for row in chain(first, rows):
            if at == self._most_rows:
                self._ended(sheet, at)
                sheet, at = self._begun(widths), 1
            for column, value in enumerate(row):
                self._put(sheet, at, column, value)
            at += 1
        self._ended(sheet, at)

    def _begun(self, widths: Sequence[int]) -> Worksheet:
        name = f"Rows {len(self._names) + 1}" if self._names else "Rows"
        self._names.append(name)
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(self._columns):
            self._put(sheet, 0, column, title, self._bold)
        return sheet

    def _ended(self, sheet: Worksheet, rows: int) -> None:
        if self._columns:
            sheet.autofilter(0, 0, rows - 1, len(self._columns) - 1)
            # An id of digits is text on purpose: no green corner in each cell.
            cells = f"A1:{_letters(len(self._columns) - 1)}{rows}"
            sheet.ignore_errors({"number_stored_as_text": cells})

    def _put(
        self, sheet: Worksheet, row: int, column: int, value: Any, style: Format | None = None
    ) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, float) or (isinstance(value, int) and _is_short(value)):
            sheet.write_number(row, column, value)
        else:
            text, length = _fitting(text_of(value))
            sheet.write_string(row, column, text, style)
            if length:
                self._say_cut(sheet, row, column, length)

    def _say_cut(self, sheet: Worksheet, row: int, column: int, length: int) -> None:
        self._cuts += 1
        if self._cuts <= _NAMED:
            self._cut.append(
                f"Cell {_letters(column)}{row + 1} of {sheet.get_name()} was cut: it has "
                f"{length:,} characters and a cell holds {MOST_CHARACTERS:,}. CSV and JSON hold "
                f"all of it."
            )


def _letters(column: int) -> str:
    found: str = xlsxwriter.utility.xl_col_to_name(column)
    return found


def _is_short(value: int) -> bool:
    return abs(value) < 10**MOST_DIGITS


def _fitting(text: str) -> tuple[str, int]:
    """The text as a cell can hold it, and its length if it had to be cut, else 0."""
    units = text.encode("utf-16-le", errors="replace")
    length = len(units) // 2
    if length <= MOST_CHARACTERS:
        return units.decode("utf-16-le"), 0
    said = f" … [cut: it has {length:,} characters, CSV and JSON hold all of it]"
    kept = units[: 2 * (MOST_CHARACTERS - len(said))]
    return kept.decode("utf-16-le", errors="ignore") + said, length

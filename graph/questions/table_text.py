"""A result as text: a table for a terminal, CSV for a spreadsheet, JSON for a program.

Each takes its values from `graph.questions.value_text`, so that they read alike;
`graph.questions.xlsx` writes a workbook.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table

from graph.model.wording import counted
from graph.questions.result import Result
from graph.questions.value_text import plain

NARROWEST: Final = 6
"""Columns are never made narrower than this; a table that would need it is written row by row."""

MARK: Final = "mark"
"""The column that says in a file that a limit cut its rows."""

BOM: Final = "\ufeff"
"""What an older Excel takes for the sign of UTF-8 at the beginning of a CSV file."""

# What a spreadsheet may take for the beginning of a formula; the wide forms count in some of them.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})


# --- rows ---------------------------------------------------------------------------------------


def taken(result: Result) -> tuple[tuple[str, ...], Iterator[list[Any]]]:
    """The columns and plain rows of a file: with a column that says so where a limit cut them."""
    columns, mark = result.columns, result.mark
    rows = ([plain(value, result.ends) for value in row] for row in result.rows)
    if not mark:
        return columns, rows
    name = MARK
    while name in columns:
        name += "_"
    # A row is copied without the others.
    return (*columns, name), ([*row, mark] for row in rows)


def text_of(value: Any) -> str:
    """A plain value as one text: the items of a list joined by `|`, a map as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        flat = all(not isinstance(item, list | dict) for item in value)
        return "|".join(map(text_of, value)) if flat else as_json(value)
    return as_json(value) if isinstance(value, dict) else str(value)


# --- JSON ---------------------------------------------------------------------------------------


def as_json(value: Any, *, indent: int | None = None) -> str:
    """JSON text without NaN, in the order of the given keys (of maps in the data: of the alphabet).

    Text stays as it is written, not as escapes.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def rows_as_objects(result: Result) -> list[dict[str, Any]]:
    """The rows as objects that JSON can hold, keys in the order of the columns."""
    return [
        {name: plain(value, result.ends) for name, value in zip(result.columns, row, strict=True)}
        for row in result.rows
    ]


def answer(result: Result, id_: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The rows with what was asked, and what must be said beside them, for JSON."""
    found: dict[str, Any] = {"id": id_, "params": params, "rows": rows_as_objects(result)}
    if result.truncated:
        found["truncated"] = True
    if result.notes:
        found["notes"] = list(result.notes)
    return found


# --- CSV ----------------------------------------------------------------------------------------


def as_csv(result: Result) -> str:
    """CSV as RFC 4180 has it: head row, CR LF, quotes where needed.

    A text that a spreadsheet could take for a formula gets an apostrophe before it; numbers stay
    numbers. Items of a list are joined by `|`; None is an empty cell.
    """
    return "".join(csv_lines(*taken(result)))


def csv_lines(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of `as_csv`, each with its end, as the rows come; values are plain."""
    written = _Last()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_safe(name) for name in columns])
    yield written.line
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        yield written.line


class _Last:
    """A file for `csv.writer` that keeps the last line alone."""

    line = ""

    def write(self, line: str) -> None:
        self.line = line


def _csv_cell(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return _safe(text_of(value))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) and text not in _NUMBERS else text


# --- a table for a terminal ---------------------------------------------------------------------

_HEAD: Final = box.Box("    \n    \n -  \n" + "    \n" * 5, ascii=True)
"""One rule, under the head."""


def as_table(result: Result, width: int | None = None) -> str:
    """Aligned text of at most `width` columns of a terminal, with the notes below it.

    Long cells are wrapped, never cut; where the columns do not fit beside each other, each row is
    written as a block of lines. What could steer a terminal is shown as its code.
    """
    head = [_shown(name) for name in result.columns]
    rows = [[_cell(plain(value, result.ends)) for value in row] for row in result.rows]
    said = "no rows" if not rows else counted(len(rows), "row")
    notes = [*map(_shown, result.notes), f"({said})"]
    if width is not None and _least_width(head, rows) > width:
        blocks = [
            line
            for number, row in enumerate(rows, start=1)
            for line in (f"-- row {number}", *(f"{n}: {c}" for n, c in zip(head, row, strict=True)))
        ]
        return drawn(*blocks, *notes, width=width)
    table = Table(box=_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for i, name in enumerate(head):
        table.add_column(
            name, overflow="fold", no_wrap=width is None,
            justify="right" if _is_numeric(result, i) else "left",
        )  # fmt: skip
    for row in rows:
        table.add_row(*row)
    return drawn(*([table] if head else []), *notes, width=width)


def drawn(*parts: RenderableType, width: int | None) -> str:
    """Parts as plain text, without colours or spaces at line ends; None for width cuts nothing."""
    text = io.StringIO()
    console = Console(
        file=text, width=width or _UNBOUNDED, color_system=None, legacy_windows=False,
        markup=False, emoji=False, highlight=False,
    )  # fmt: skip
    for part in parts:
        console.print(part, overflow="fold")
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().removesuffix("\n").split("\n"))


_UNBOUNDED: Final = 10**9
"""Columns of what is no terminal."""


def _least_width(head: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """The width that a table needs if no column is narrower than NARROWEST for want of room."""
    columns = zip(head, *rows, strict=True)
    least = [min(NARROWEST, max(map(cell_len, column))) for column in columns]
    return sum(least) + 2 * (len(least) - 1)


def _is_numeric(result: Result, column: int) -> bool:
    values = [row[column] for row in result.rows if row[column] is not None]
    return bool(values) and all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in values
    )


def _cell(value: Any) -> str:
    flat = isinstance(value, list) and not any(isinstance(item, list | dict) for item in value)
    return _shown(", ".join(map(text_of, value)) if flat else text_of(value))


def _shown(text: str) -> str:
    """The text on one line, with what could steer a terminal or turn its direction as a code."""
    return "".join(
        f"\\u{ord(c):04x}"
        if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") or c in _TURNS
        else c
        for c in text.replace("\n", " ").replace("\r", "").replace("\t", " ")
    )


_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

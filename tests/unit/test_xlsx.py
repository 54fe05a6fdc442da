"""Rows as a workbook, read back by another library than the one that wrote it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from graph.errors import QueryError
from graph.questions.result import Result
from graph.questions.xlsx import MOST_CHARACTERS, MOST_COLUMNS, write_xlsx


def result(
    columns: tuple[str, ...], *rows: tuple[Any, ...], notes: tuple[str, ...] = (),
    truncated: bool = False,
) -> Result:  # fmt: skip
    return Result(columns, rows, "", {}, truncated, 0.0, notes)


def made(answer: Result, **more: int) -> tuple[Workbook, bytes]:
    file = io.BytesIO()
    write_xlsx(answer, file, **more)
    return openpyxl.load_workbook(file), file.getvalue()


def test_numbers_are_numbers_and_ids_of_digits_are_texts() -> None:
    rows = ((7, "007", "12345678901234567890"), (-2.5, "123", 12345678901234567890))
    book, _ = made(result(("n", "id", "long"), *rows))
    sheet = book["Rows"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [7, "007", "12345678901234567890"],
        [-2.5, "123", "12345678901234567890"],
    ]
    assert [[cell.data_type for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["n", "s", "s"],
        ["n", "s", "s"],
    ]
    assert book.sheetnames == ["Rows"]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://a.example\")", "http://a.example",
     "mailto:a@b.example", "internal:Rows!A1", "{=A1}", "\t=1", "＝1", "'=1", "_x0041_", "a\x00b",
     "\x1b[2J", "नमस्ते", "😀", " spaced ", "line\nline"],
)  # fmt: skip
def test_no_text_is_a_formula_or_a_link(text: str) -> None:
    book, data = made(result((text,), (text,), ({"k": text},)))
    cells = [cell for row in book["Rows"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    # What XML cannot hold stands there as its code, as Excel writes it.
    assert [unescape(str(cell.value)) for cell in cells[:2]] == [text, text]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_a_text_that_no_cell_holds_ends_in_saying_so() -> None:
    for letter, length in (("x", 40_000), ("😀", 20_000), ("й", MOST_CHARACTERS + 1)):
        units = length * (2 if letter == "😀" else 1)
        book, _ = made(result(("short", "long"), ("a", letter * length)))
        cell = book["Rows"]["B2"].value
        assert cell.startswith(letter * 1000)
        assert cell.endswith(f" [cut: it has {units:,} characters, CSV and JSON hold all of it]")
        assert len(cell.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
        assert book["Notes"]["A1"].value.startswith(f"Cell B2 of Rows was cut: it has {units:,} ")
    book, _ = made(result(("long",), ("x" * MOST_CHARACTERS,)))
    assert (len(book["Rows"]["A2"].value), book.sheetnames) == (MOST_CHARACTERS, ["Rows"])
    book, _ = made(result(("long",), *[("x" * 33_000,)] * 130))
    assert book["Notes"]["A101"].value == "30 more cells were cut."


def test_rows_that_no_sheet_holds_go_on_in_another() -> None:
    book, _ = made(result(("n",), *((n,) for n in range(25))), most_rows=11)
    assert book.sheetnames == ["Rows", "Rows 2", "Rows 3", "Notes"]
    found = [[row[0] for row in book[name].values] for name in book.sheetnames[:3]]
    assert found == [["n", *range(10)], ["n", *range(10, 20)], ["n", *range(20, 25)]]
    assert book["Notes"]["A1"].value == "A sheet holds 11 rows: they go on in Rows 2, Rows 3."
    with pytest.raises(QueryError, match="16,384 columns and the answer has 16,385; take it as"):
        made(result(tuple(f"c{n}" for n in range(MOST_COLUMNS + 1))))


def test_rows_that_a_limit_cut_say_so_in_the_file() -> None:
    book, _ = made(result(("n", "mark"), (1, "a"), (2, "b"), notes=("a note",), truncated=True))
    said = "cut at a limit: there are more rows than these 2"
    assert list(book["Rows"].values) == [("n", "mark", "mark_"), (1, "a", said), (2, "b", said)]
    assert [row[0] for row in book["Notes"].values] == ["a note", said]


def test_the_same_rows_are_the_same_bytes() -> None:
    rows = result(("n", "text"), *((n, f"text {n}") for n in range(500)), notes=("a note",))
    assert made(rows)[1] == made(rows)[1]
    empty, _ = made(result(("n",)))
    assert list(empty["Rows"].values) == [("n",)]
    made(result(()))

"""Answers as table, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from rich.cells import cell_len

from graph.questions.result import Result, cut, strip_case
from graph.questions.table_text import as_csv, as_json, as_table, rows_as_objects


def result(columns: tuple[str, ...], *rows: tuple[Any, ...], notes: tuple[str, ...] = ()) -> Result:
    return Result(columns, rows, "", {}, False, 0.0, notes)


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "-"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_takes_the_force_from_a_formula(text: str) -> None:
    written = as_csv(result((text,), (text,), ([text, "x"],)))
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert rows == [[f"'{text}"], [f"'{text}"], [f"'{text}|x"]]


def test_csv_keeps_numbers_and_harmless_text() -> None:
    written = as_csv(result(("a", "b"), (-5, "a=1"), (-1.5, 'it, "is"\r\nso'), (None, True)))
    assert written == 'a,b\r\n-5,a=1\r\n-1.5,"it, ""is""\r\nso"\r\n,true\r\n'


def test_csv_says_that_a_limit_cut_its_rows() -> None:
    cut_short = Result(("a",), ((1,), (2,)), "", {}, True, 0.0)
    said = "cut at a limit: there are more rows than these 2"
    assert as_csv(cut_short) == f"a,mark\r\n1,{said}\r\n2,{said}\r\n"


def test_json_is_stable_and_finite() -> None:
    rows = rows_as_objects(result(("z", "a"), ({"y": 1, "b": [float("inf")]}, "\u0939")))
    assert as_json(rows) == '[{"z": {"b": ["Infinity"], "y": 1}, "a": "\u0939"}]'
    assert json.loads(as_json(rows)) == rows


def test_table_aligns_text_and_numbers() -> None:
    text = as_table(result(("name", "n"), ("ab", 5), ("漢字", 12)))
    assert text == "name   n\n----- --\nab     5\n漢字  12\n(2 rows)\n"


def test_table_says_what_it_must() -> None:
    text = as_table(result(("n",), notes=("showing 1 row, more were cut at the limit",)))
    assert text == "n\n-\nshowing 1 row, more were cut at the limit\n(no rows)\n"


@pytest.mark.parametrize("width", [12, 33, 60])
def test_table_wraps_and_loses_nothing(width: int) -> None:
    words = "the ministry asked for the removal of नमस्ते accounts " * 3
    cells = ("a-long-identifier-of-something", words.strip())
    for cell in cells:
        lines = as_table(result(("it",), (cell,)), width).splitlines()
        assert all(cell_len(line) <= width for line in lines)
        assert "".join(lines[2:-1]).replace(" ", "") == cell.replace(" ", "")
    beside = as_table(result(("id", "gist"), cells), width)
    assert all(cell_len(line) <= width for line in beside.splitlines())


def test_table_too_narrow_is_written_row_by_row() -> None:
    text = as_table(result(("one", "two", "three"), ("aaaaaaaa", "bbbbbbbb", "cccccccc")), 15)
    assert text == "-- row 1\none: aaaaaaaa\ntwo: bbbbbbbb\nthree: cccccccc\n(1 row)\n"


def test_table_is_plain_and_whole_where_there_is_no_terminal() -> None:
    long = "[bold]a word[/] :smile: http://example.org/ 12 " * 500
    lines = as_table(result(("a", "b"), (long.strip(), "end"), ("", None))).splitlines()
    assert lines[2] == f"{long.strip()}  end"
    assert lines[3:] == ["", "(2 rows)"]


def test_table_cannot_steer_the_terminal() -> None:
    text = as_table(result(("a",), ("\x1b[2Jgone\u202eback\x07",)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\x07" not in text
    assert "\\u001b[2Jgone" in text


def test_cut_says_so_and_only_then() -> None:
    assert cut([1, 2], 2) == ([1, 2], False, ())
    rows, truncated, notes = cut(list(range(10_001)), 10_000)
    assert (len(rows), truncated) == (10_000, True)
    assert notes == ("showing 10,000 rows, more were cut at the limit",)


def test_case_prefix_goes_from_ids_alone() -> None:
    assert strip_case(["c:a", {"k": "c:b"}, "of c:d", 5], "c") == ["a", {"k": "b"}, "of c:d", 5]

"""Rows taken away from the pages, and values of an own query, in a real browser."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from browser import page_of, settled
from pages import CASE, open_explore, shoot
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PATIENT = 60_000
ASKED = (
    "MATCH ()-[r:HOLDS_ROLE]->() WITH r, r.claim AS claim ORDER BY claim "
    "RETURN r, duration({days: 3, hours: 4}) AS d, $h AS h, $number AS n, '=1+1' AS text "
    "LIMIT $most"
)


def taken(within: Any, words: str, page: Any = None) -> Path:
    with (page or within).expect_download() as download:
        within.get_by_role("button", name=words, exact=True).click()
    assert download.value.suggested_filename.endswith(f".{words.lower()}")
    return Path(download.value.path())


def rows_of(file: Path) -> list[Any]:
    """The rows of a workbook; openpyxl goes by a file's name, and a download has none."""
    return list(openpyxl.load_workbook(io.BytesIO(file.read_bytes()))["Rows"].values)


def typed(page: Any, name: str, value: str, kind: str | None = None) -> None:
    box = page.get_by_label(f"${name}", exact=True)
    box.fill(value)
    box.press("Enter")
    settled(page)
    if kind:
        page.get_by_role("combobox", name=f"Type of ${name}").click()
        page.get_by_role("option", name=kind, exact=True).click()
        settled(page)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1920, True)])
def test_rows_are_taken_away_in_three_formats_that_agree(
    browser: Any, address: str, width: int, dark: bool
) -> None:
    with page_of(browser, f"{address}/questions", width=width, height=1000, dark=dark) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        page.get_by_role("button", name="Who attended which meeting").click()
        page.get_by_text("rows in").wait_for()
        settled(page)
        page.get_by_role("button", name="XLSX", exact=True).scroll_into_view_if_needed()
        shoot(page, f"take-{width}-{'dark' if dark else 'light'}")
        objects = json.loads(taken(page, "JSON").read_text("utf-8"))
        table = list(csv.DictReader(taken(page, "CSV").open(encoding="utf-8", newline="")))
        head, *sheet = rows_of(taken(page, "XLSX"))
        assert len(objects["rows"]) == len(table) == len(sheet) > 0
        assert objects["params"]["case"] == CASE
        for object_, row, cells in zip(objects["rows"], table, sheet, strict=True):
            assert list(object_) == list(row) == list(head)
            texts = ["" if cell is None else str(cell) for cell in cells]
            assert texts == list(row.values())
        # The browser's own CSV would hold formulas, and no word of a limit.
        page.get_by_test_id("stDataFrame").hover()
        expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)
        assert seen.errors == []
        assert seen.strangers == []


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (1920, False)])
def test_an_own_query_has_values_of_any_type(
    browser: Any, address: str, width: int, dark: bool
) -> None:
    with page_of(browser, f"{address}/questions", width=width, height=1100, dark=dark) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        page.get_by_role("button", name="Write your own").click()
        editor = page.get_by_label("Cypher", exact=True)
        editor.fill(ASKED)
        editor.press("Control+Enter")
        typed(page, "h", "12345")
        page.get_by_text("Taken for a number").wait_for()
        typed(page, "h", "12345", "text")
        expect(page.get_by_text("Taken for a number")).to_have_count(0)
        typed(page, "most", "2", "whole number")
        typed(page, "number", "2,5", "number")
        page.get_by_text("Parameter number must be a number, as 2.5").wait_for()
        expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()
        shoot(page, f"own-wrong-{width}-{'dark' if dark else 'light'}")
        typed(page, "number", "2.5")
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("2 rows in").wait_for()
        settled(page)
        shoot(page, f"own-typed-{width}-{'dark' if dark else 'light'}")
        answer = json.loads(taken(page, "JSON").read_text("utf-8"))
        row = answer["rows"][0]
        assert (row["d"], row["h"], row["n"]) == ("P3DT4H", "12345", 2.5)
        assert row["r"]["start"].startswith(f"{CASE}:")
        assert row["r"]["end"].startswith(f"{CASE}:")
        sheet = rows_of(taken(page, "XLSX"))
        assert sheet[1][1:] == ("P3DT4H", "12345", 2.5, "=1+1")
        assert json.loads(sheet[1][0]) == row["r"]
        assert seen.errors == []
        assert seen.strangers == []
        # The address leads back to it, and a text stays one.
        page.reload()
        page.get_by_text("2 rows in").wait_for()
        expect(page.get_by_role("combobox", name="Type of $h")).to_have_value("text")
        expect(page.get_by_text("The query has changed since")).to_have_count(0)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1920, True)])
def test_the_table_beside_the_canvas_is_taken_away(
    browser: Any, address: str, width: int, dark: bool
) -> None:
    with page_of(browser, f"{address}/explore", width=width, height=1000, dark=dark) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        network = open_explore(seen)
        page.get_by_text("The same as a table").click()
        page.get_by_role("button", name="Take the rows away").click()
        body = page.locator("[data-testid=stPopoverBody]")
        body.get_by_role("button", name="XLSX").last.wait_for()
        settled(page)
        shoot(page, f"take-table-{width}-{'dark' if dark else 'light'}")
        (head, *entities), (relationships_head, *relationships) = (
            rows_of(taken(body.locator(f".st-key-take-{name}"), "XLSX", page))
            for name in ("entities", "connections")
        )
        assert head == ("id", "name", "type", "connections")
        assert str(len(entities)) == network.data("nodes")
        starts, ends = (relationships_head.index(name) for name in ("start", "end"))
        counted = Counter(end for row in relationships for end in {row[starts], row[ends]})
        assert {row[0]: row[3] for row in entities} == {row[0]: counted[row[0]] for row in entities}
        assert seen.errors == []
        assert seen.strangers == []

"""Hostile values in every text of every type, on every page, in a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browser import Watched, page_of, settled
from hostile_case import CASE, CONTROL, hostile
from invented import COLUMNS, Tables
from pages import PATIENCE, explore, shoot
from playwright.sync_api import expect

from graph.errors import InputError
from graph.ingest import loads
from graph.model.types import SCHEMA
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case

PAGES = ("Overview", "Boards", "Paths", "Questions", "Export")
FETCHES = "![Lanternby](//lanternby.oddly/lamp)"
"""A name that asks for a picture where it is read as Markdown."""


def fine(seen: Watched) -> None:
    """Nothing of the data ran, nothing broke the page, nothing sticks out of it."""
    page = seen.page
    settled(page)
    assert page.evaluate("window.hacked") is None
    assert seen.errors == []
    assert seen.strangers == []
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("a[href^='javascript' i]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def folds(page: Any) -> None:
    """A text of 10,000 characters is its beginning, and all of it in a frame of its own."""
    inspector = page.locator(".stHtml .sutra")
    height = "all => all.reduce((sum, e) => sum + e.offsetHeight, 0)"
    folded = inspector.locator(
        ".folded", has=page.get_by_text(re.compile("Show all (9,999|10,000)"))
    )
    first = folded.first
    before = inspector.evaluate_all(height)
    assert before < 8_000
    assert max(folded.evaluate_all("all => all.map(e => e.offsetHeight)")) < 260
    opener = first.locator("summary")
    opener.focus()
    opener.press("Enter")
    whole = first.locator(".whole")
    whole.wait_for()
    assert len(whole.inner_text()) >= 9_999
    assert inspector.evaluate_all(height) < before + 330
    shoot(page, "hostile-unfolded")
    opener.press("Enter")
    expect(whole).to_be_hidden()


def choose(page: Any) -> None:
    page.get_by_role("combobox", name="Case").first.click()
    page.get_by_role("option").filter(has_text=f"({CASE})").click()
    settled(page)


def decided() -> Tables:
    """The hostile case where all are named but one, so that the report of an export has rows."""
    tables = hostile()
    named = {"naming": "public_role", "naming_reason": "invented", "naming_by": "case editor"}
    for row in (r for stem in tables.rows for r in tables.rows[stem] if "naming" in COLUMNS[stem]):
        row |= named | {"naming_on": "2026-11-22"}
        if row["id"] == "person-2":
            row |= {"naming": "private", "caption": FETCHES, "name": FETCHES, "aliases": ""}
    for row in tables.rows["claims"]:
        if row["subject"] == "person-2":
            row |= {"value": FETCHES} if row["kind"] == "wording" else {}
    return tables


def test_control_characters_do_not_get_in(tmp_path: Path) -> None:
    tables = hostile()
    tables.rows["passages"][3]["gist"] = CONTROL
    given = read_case(tables.write(tmp_path))
    with pytest.raises(InputError, match=r"passages.csv, row 5, column gist: .*U\+0007"):
        list(given.records())


@pytest.mark.browser
def test_nothing_that_a_case_holds_runs_or_breaks_a_page(
    browser: Any, address: str, home: Workspace, tmp_path: Path
) -> None:
    with Store.open(home) as store:
        loads.load(store, home, read_case(decided().write(tmp_path)))
    with page_of(browser, address) as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)
        choose(page)
        for name in PAGES:
            page.get_by_role("link", name=name, exact=True).click()
            page.get_by_role("combobox", name="Case").first.wait_for()
            fine(seen)
            shoot(page, f"hostile-{name.lower()}")
        page.get_by_role("button", name="Look at what would leave").click()
        page.get_by_role("tab", name="Not fully named").wait_for(timeout=120_000)
        for name in ("Stayed behind", "Look at this", "Allegations", "Not fully named"):
            page.get_by_role("tab", name=name).click()
            fine(seen)
        shoot(page, "hostile-report")
        network = explore(seen)
        fine(seen)
        shoot(page, "hostile-explore")
        # The page was still being laid out when the network came: it fills its frame all the same.
        places = [
            network.at(f"{CASE}:{t.label.lower()}-{n}")[0]
            for t in SCHEMA.node_types
            for n in (1, 2)
        ]
        assert max(places) - min(places) > 0.6 * network.root.bounding_box()["width"]
        # Which of them has the text of 10,000 characters depends on the schema.
        long = []
        for declared in SCHEMA.node_types:
            network.click(f"{CASE}:{declared.label.lower()}-1")
            page.locator(".sutra .name").first.wait_for()
            fine(seen)
            if page.get_by_text(re.compile("Show all (9,999|10,000)")).count():
                long.append(declared.label)
                if len(long) == 1:
                    folds(page)
                    shoot(page, "hostile-inspector")
        assert long


@pytest.mark.browser
def test_search_ties_measures_ways_and_answers_are_words_too(
    browser: Any, address: str, home: Workspace, tmp_path: Path
) -> None:
    with Store.open(home) as store:
        loads.load(store, home, read_case(decided().write(tmp_path)))
        relationships = store.read(
            "MATCH (a:Entity)-[r]->(b:Entity) WHERE a.case = $case AND a.id <> b.id "
            "RETURN a.id AS source, b.id AS target, r.claim AS claim ORDER BY claim LIMIT 3",
            {"case": CASE},
        )
    with page_of(browser, address) as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)
        choose(page)
        box = page.get_by_role("combobox", name="Search")
        box.fill("right to left")
        page.get_by_role("option").first.wait_for()
        fine(seen)
        shoot(page, "hostile-search")
        box.fill("")
        network = explore(seen)
        settled(page)
        for relationship in relationships:
            network.click(relationship["claim"])
            page.locator(".sutra .sentence").first.wait_for()
            fine(seen)
        shoot(page, "hostile-tie")
        page.get_by_role("button", name="Measures").click()
        page.get_by_role("combobox", name="Size by").click()
        page.get_by_role("option", name="degree").click()
        page.get_by_text("Computed on the").wait_for()
        fine(seen)
        shoot(page, "hostile-measures")
        page.keyboard.press("Escape")
        settled(page)
        # Both ends by the menu of the canvas, then the way between them, told and drawn.
        for which, words in (("source", "Paths from here"), ("target", "Paths to here")):
            network.click(relationships[0][which], button="right")
            page.get_by_role("menuitem", name=words, exact=True).click()
            settled(page)
        page.get_by_role("button", name="Find them").click()
        page.get_by_text("Also over what is only alleged").click()
        page.get_by_text("shortest path").first.wait_for()
        fine(seen)
        shoot(page, "hostile-ways")
        page.get_by_role("link", name="Questions", exact=True).click()
        page.get_by_role("button", name="Claims that differ").or_(
            page.get_by_role("button", name="Who said what")
        ).first.click()
        page.get_by_text(re.compile(r"rows? in|No row answers")).first.wait_for()
        fine(seen)
        shoot(page, "hostile-answer")

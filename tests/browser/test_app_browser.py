"""The app as `make app` opens it, in a real browser: search, click, and read what is behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser import Network, page_of, settled
from pages import CASE, open_explore, relationship_of, shoot
from playwright.sync_api import expect

from graph.runtime.workspace import Workspace
from graph.store.store import Store

pytestmark = pytest.mark.browser

GIST = "Dorsey is captioned as Twitter's chief executive"


@pytest.fixture(scope="module")
def home(make_workspace: Callable[[], Workspace]) -> Workspace:
    """A fresh workspace: the app loads the bundled case into it by itself."""
    return make_workspace()


def test_a_person_a_node_and_a_relationship_lead_to_what_sources_say(
    browser: Any, address: str, home: Workspace
) -> None:
    with page_of(browser, address) as seen:
        page = seen.page
        page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
        shoot(page, "overview-1280-light")
        network = open_explore(seen)
        box = page.get_by_role("combobox", name="Search")
        box.fill("person:sawh")
        page.get_by_role("option", name="Ajay Prakash Sawhney").click()
        page.locator(".sutra .name", has_text="Ajay Prakash Sawhney").wait_for()
        network.ready()
        network.says("selected", f"{CASE}:sawhney")
        shoot(page, "explore-person-1280-light")

        network.click(f"{CASE}:baker")
        page.locator(".sutra .name", has_text="Jim Baker").wait_for()
        expect(page.locator(".sutra .evidence").first).to_contain_text("Article A")

        network.click(relationship_of(home, f"{CASE}:dorsey", "HOLDS_ROLE"))
        page.locator(".sutra .sentence", has_text="Jack Dorsey holds a role at").wait_for()
        evidence = page.locator(".sutra .evidence").first
        expect(evidence).to_contain_text("According to Article B")
        expect(evidence).to_contain_text(GIST)
        shoot(page, "explore-tie-1280-light")
        assert seen.errors == []
        assert seen.strangers == []


def test_a_pick_on_the_overview_leaves_what_is_open_below_it(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        page, network = seen.page, Network(seen.page).ready()
        settled(page)
        page.get_by_text("that contest nothing").click()
        difference = page.get_by_text("Worded differently").first
        difference.wait_for()
        network.root.scroll_into_view_if_needed()
        network.click(f"{CASE}:twitter")
        page.get_by_role("button", name="Open on the Explore page").wait_for()
        settled(page)
        expect(difference).to_be_visible()
        assert seen.errors == []


def test_a_question_leads_to_rows_and_to_its_cypher(browser: Any, address: str) -> None:
    with page_of(browser, address, width=1920, height=1080, dark=True) as seen:
        page = seen.page
        page.get_by_role("button", name="Who was at the meeting, and according to whom?").click()
        page.get_by_role("button", name="CSV", exact=True).wait_for()
        shoot(page, "question-1920-dark")
        page.get_by_text("The Cypher behind it").click()
        page.get_by_text("$case").first.wait_for()
        assert seen.errors == []
        assert seen.strangers == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1920, True)])
def test_a_source_is_found_by_name_and_opens_with_what_stands_in_it(
    browser: Any, address: str, width: int, dark: bool
) -> None:
    with page_of(browser, address, width=width, dark=dark) as seen:
        page = seen.page
        box = page.get_by_role("combobox", name="Search")
        box.fill("article a")
        option = page.get_by_role("group", name="Sources").get_by_role("option", name="Article A")
        expect(option).to_contain_text("source")
        shoot(page, f"search-source-{width}-{'dark' if dark else 'light'}")
        option.click()
        page.locator(".sutra .name", has_text="Article A").wait_for()
        page.get_by_text("Passages: 28").wait_for()
        page.get_by_text("Showing 20 of 28 passages").wait_for()
        shoot(page, f"source-{width}-{'dark' if dark else 'light'}")
        page.get_by_role("button", name="Show more passages").click()
        expect(page.get_by_text("passages.", exact=False)).to_have_count(0)
        settled(page)
        # What a passage supports leads to the claim, and that to all of its evidence.
        claim = page.get_by_role("button", name="Government of India is named")
        claim.first.click()
        page.locator(".sutra .sentence", has_text="Government of India is named").wait_for()
        expect(page.locator(".sutra .evidence").first).to_contain_text("Article A")
        assert seen.errors == []


def test_what_nobody_is_called_finds_nothing_and_says_so(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        box = seen.page.get_by_role("combobox", name="Search")
        box.fill("zzz <script>alert(1)</script>")
        seen.page.get_by_role("status").get_by_text("Nothing in this case is called").wait_for()
        assert seen.errors == []


_LOWEST = """(root, ids) => Math.max(
  ...ids.map((id) => root.sutraPositionOf(id)).filter(Boolean).map(({ y }) => y))"""
CAPTION = 46
"""Pixels that two lines of a caption reach below the middle of their mark."""


@pytest.mark.parametrize("width", [800, 1280, 1920])
def test_no_caption_of_the_overview_lies_under_the_note(
    browser: Any, address: str, home: Workspace, width: int
) -> None:
    with page_of(browser, address, width=width) as seen:
        network = Network(seen.page).ready()
        settled(seen.page)
        with Store.open(home) as store:
            ids = [row["id"] for row in store.read("MATCH (n:Entity) RETURN n.id AS id")]
        lowest = network.root.evaluate(_LOWEST, ids)
        # There is a note only where some captions had no room.
        note = network.root.locator(".note").bounding_box()
        assert note is None or lowest + CAPTION <= note["y"]

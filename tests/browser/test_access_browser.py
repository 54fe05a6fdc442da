"""The app by keyboard, by ear, on a small screen, and while the database is slow or gone."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import drop_next_message, page_of, settled
from pages import CASE, SLOW, explore, pick, shoot
from playwright.sync_api import expect
from processes import kill, server_process, supervisors

from graph.runtime.workspace import Workspace
from graph.store.store import Store

pytestmark = pytest.mark.browser

PATIENCE = 40_000  # ms: the machine may be busy
DORSEY = f"{CASE}:dorsey"


def table_of_entities(page: Any) -> Any:
    """The table of entities beside the canvas, opened on the whole case."""
    page.get_by_text("The same as a table").click()
    page.get_by_role("heading", name="Entities on the canvas (82)").wait_for()
    return page.get_by_role("table", name="Entities on the canvas")


# --- what a screen reader can use ---------------------------------------------------------------


def faults(page: Any) -> list[str]:
    """What axe-core finds serious or critical. Nothing is let pass: there is no list of excuses."""
    settled(page)
    return [
        f"{found['id']} ({found['impact']}): {node['target']}: {node['failureSummary']}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


def narrow(page: Any) -> list[str]:
    """What makes the page scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{wide} px too wide"] if wide > 0 else []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (800, True)])
def test_no_page_has_a_serious_fault(browser: Any, address: str, width: int, dark: bool) -> None:
    found: dict[str, list[str]] = {}

    with page_of(browser, address, width=width, dark=dark) as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)

        def look(name: str) -> None:
            if wrong := [*faults(page), *narrow(page)]:
                found[name] = wrong
            shoot(page, f"access-{name}-{width}-{'dark' if dark else 'light'}")

        page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
        page.get_by_text("more differences that contest nothing").click()
        look("overview")
        network = explore(seen)
        look("explore")
        network.click(DORSEY)
        page.locator(".sutra .name", has_text="Jack Dorsey").wait_for()
        look("inspector")
        table_of_entities(page)
        look("table")
        for panel in ("Filters", "Measures", "Board", "Cypher"):
            page.get_by_role("button", name=panel, exact=True).click()
            page.locator("[data-testid=stPopoverBody]").wait_for()
            look(panel.lower())
            page.keyboard.press("Escape")
        page.get_by_role("button", name="Story", exact=True).click()
        page.get_by_role("button", name="Add a step").click()
        page.get_by_text("Looks", exact=True).wait_for()
        look("story")
        page.keyboard.press("?")
        page.get_by_role("dialog", name="Keys and gestures").wait_for()
        look("shortcuts")
        page.keyboard.press("Escape")
        page.get_by_role("link", name="Boards").click()
        page.get_by_role("heading", name="Boards").wait_for()
        look("boards")
        page.get_by_role("link", name="Paths").click()
        settled(page)  # a field that is being made anew forgets what is chosen in it
        pick(page, "From", "twitter", "Twitter")
        settled(page)
        pick(page, "To", "government of", "Government of India")
        page.get_by_text("6 shortest paths lead from Twitter").wait_for()
        page.get_by_role("button", name="2. over").click()
        page.get_by_text("The Cypher behind it").click()
        look("paths")
        page.get_by_role("link", name="Questions").click()
        page.get_by_role("button", name="How two actors are connected").click()
        page.get_by_text("12 rows in").wait_for()
        page.get_by_text("The Cypher behind it").click()
        look("question")
        page.get_by_role("button", name="Write your own").click()
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_test_id("stDataFrame").wait_for()
        look("own-query")
        page.get_by_role("link", name="Export").click()
        page.get_by_text("Decisions for this pack").click()
        page.get_by_role("button", name="Look at what would leave").click()
        page.get_by_role("button", name="Download the pack").wait_for(timeout=150_000)
        look("export")
        assert found == {}
        assert seen.errors == []


def test_the_table_does_all_that_the_canvas_does_by_keyboard(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        entities = table_of_entities(page)

        def do(name: str, words: str) -> None:
            """By keys alone: open the row's menu, go to the item, take it."""
            opener = page.get_by_role("button", name=f"Do with {name}", exact=True)
            opener.focus()
            opener.press("Enter")
            menu = page.get_by_role("menu", name=name, exact=True)
            menu.wait_for()
            item = menu.get_by_role("menuitem", name=words, exact=True)
            for _ in range(20):
                if item.evaluate("e => e === e.getRootNode().activeElement"):
                    break
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            settled(page)

        # Open: the inspector has it, and the focus stays where it was.
        name = entities.get_by_role("button", name="Twitter", exact=True)
        name.focus()
        name.press("Enter")
        page.locator(".sutra .name", has_text="Twitter").wait_for()
        settled(page)
        expect(name).to_be_focused()
        expect(name).to_have_attribute("aria-current", "true")
        network.says("selected", f"{CASE}:twitter")

        do("Twitter", "Pin")
        page.get_by_role("button", name="Unpin").wait_for()
        expect(entities.get_by_role("row", name="Twitter organization 24 pinned")).to_be_visible()
        do("Twitter", "Unpin")
        page.get_by_role("button", name="Pin", exact=True).wait_for()

        x, y = network.at_rest(DORSEY)
        only = page.get_by_role("searchbox", name="Only rows that hold").first
        only.fill("dorsey")
        do("Jack Dorsey", "Move right")
        assert network.at_rest(DORSEY)[0] - x > 5
        assert math.isclose(network.at(DORSEY)[1], y, abs_tol=1.5)
        do("Jack Dorsey", "Paths from here")
        page.get_by_text("Paths from Jack Dorsey to …").wait_for()
        only.fill("")

        do("Twitter", "Hide")
        page.locator(".sutra-network[data-nodes='81']").wait_for()
        page.keyboard.press("Control+z")
        page.locator(".sutra-network[data-nodes='82']").wait_for()

        # A relationship: opened, hidden, and its order by a head of the table.
        relationships = page.get_by_role("table", name="Connections on the canvas")
        page.get_by_role("searchbox", name="Only rows that hold").last.fill("Jim Baker")
        relationship = relationships.get_by_role(
            "button", name="Jim Baker holds a role at", exact=False
        ).first
        relationship.focus()
        relationship.press("Enter")
        page.locator(".sutra .sentence", has_text="Jim Baker holds a role at").wait_for()
        hidden = str(relationship.get_attribute("aria-label"))
        do(hidden, "Hide this connection")
        page.locator(".sutra-network[data-edges='175']").wait_for()
        head = entities.get_by_role("button", name="Name", exact=True)
        head.press("Enter")
        expect(entities.get_by_role("columnheader", name="Name")).to_have_attribute(
            "aria-sort", "ascending"
        )
        first = entities.get_by_role("rowheader").first
        expect(first).to_have_text("Accounts flagged in two orders (1,435)")
        assert seen.errors == []


def test_what_streamlit_dropped_is_sent_again_by_the_table(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        table_of_entities(page)
        settled(page)
        drop_next_message(page)
        page.get_by_role("checkbox", name="Select Twitter", exact=True).check()
        page.wait_for_timeout(600)
        assert network.data("selected") == ""
        network.says("selected", f"{CASE}:twitter")
        # It happened once: what is selected afterwards is not undone by what was sent before.
        page.get_by_role("button", name="Select nothing").click()
        network.says("selected", "")
        page.wait_for_timeout(2_500)
        assert network.data("selected") == ""
        assert seen.errors == []


def test_the_table_expands_and_collapses(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        # Most of it is taken out, so that something is left to bring in.
        page.get_by_role("button", name="Filters").click()
        body = page.locator("[data-testid=stPopoverBody]")
        body.get_by_role("button", name="organizations 8").wait_for()
        body.get_by_role("button", name="statements 22").click()
        page.locator(".sutra-network[data-nodes='60']").wait_for()
        page.keyboard.press("Escape")
        settled(page)
        page.get_by_role("button", name="Take out what is not shown").click()
        page.get_by_role("button", name="Clear filters").click()
        page.get_by_role("button", name="Clear filters").wait_for(state="hidden")
        page.get_by_text("The same as a table").click()
        page.get_by_role("heading", name="Entities on the canvas (60)").wait_for()
        opener = page.get_by_role("button", name="Do with Twitter", exact=True)
        opener.press("Enter")
        page.keyboard.press("Enter")  # the first of the menu brings in its neighbours
        page.get_by_text("Connections: 24 of 24 brought in").wait_for()
        expect(network.root).to_have_attribute("data-nodes", re.compile(r"^(6[1-9]|[78]\d)$"))
        opener.press("Enter")
        page.get_by_role("menuitem", name="Take back what it brought").press("Enter")
        page.locator(".sutra-network[data-nodes='60']").wait_for()
        assert seen.errors == []


def test_a_table_that_is_made_anew_stays_sorted_filtered_and_as_long(
    browser: Any, address: str
) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        explore(seen)
        page, entities = seen.page, table_of_entities(seen.page)
        rows = entities.get_by_role("row")
        expect(rows).to_have_count(51)
        page.get_by_role("button", name="Show more rows").first.press("Enter")
        expect(rows).to_have_count(83)
        entities.get_by_role("button", name="Type", exact=True).press("Enter")
        page.get_by_role("searchbox").last.fill("twitter")
        connections = page.get_by_role("table", name="Connections on the canvas")
        page.get_by_text("that hold it.").wait_for()
        found = connections.get_by_role("row").count()
        # As when a run that takes long is cut off, or the page is left.
        page.get_by_text("The same as a table").click()
        entities.wait_for(state="hidden")
        table_of_entities(page)
        expect(rows).to_have_count(83)
        expect(entities.get_by_role("columnheader", name="Type")).to_have_attribute(
            "aria-sort", "ascending"
        )
        expect(page.get_by_role("searchbox").last).to_have_value("twitter")
        expect(connections.get_by_role("row")).to_have_count(found)
        assert seen.errors == []


def test_several_are_selected_and_moved_by_the_keyboard_alone(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        entities = table_of_entities(page)
        page.get_by_role("button", name="Show more rows").first.press("Enter")
        entities.get_by_role("button", name="Twitter", exact=True).press("Enter")
        page.locator(".sutra .name", has_text="Twitter").wait_for()
        expect(entities.get_by_role("checkbox", name="Select Twitter", exact=True)).to_be_checked()
        # At once one after the other: of what a page is told while it is at work nothing is lost.
        box = entities.get_by_role("checkbox", name="Select Jack Dorsey", exact=True)
        box.press("Space")
        entities.get_by_role("button", name="Jim Baker", exact=True).press("Control+Enter")
        said = page.get_by_role("status").filter(has_text="selected")
        expect(said).to_have_text("3 selected: Jim Baker; Jack Dorsey; Twitter.")
        network.says("selected", f"{CASE}:twitter {DORSEY} {CASE}:baker")
        page.locator(".sutra .name", has_text="Jim Baker").wait_for()
        settled(page)
        expect(box).to_be_checked()
        shoot(page, "table-several-1280-light")
        # All of them are moved, as on the canvas, and nothing else.
        ids = (f"{CASE}:twitter", DORSEY, f"{CASE}:baker", f"{CASE}:sawhney")
        before = [network.at_rest(id_) for id_ in ids]
        entities.get_by_role("button", name="Do with Twitter", exact=True).press("Enter")
        page.get_by_role("menuitem", name="Move these 3 right", exact=True).press("Enter")
        settled(page)
        moved = [network.at_rest(id_)[0] - x for id_, (x, _) in zip(ids, before, strict=True)]
        assert all(far > 5 for far in moved[:3])
        assert math.isclose(moved[3], 0, abs_tol=1.5)
        # One less, and none.
        entities.get_by_role("button", name="Jim Baker", exact=True).press("Shift+Enter")
        network.says("selected", f"{CASE}:twitter {DORSEY}")
        page.locator(".sutra .name", has_text="Jack Dorsey").wait_for()
        page.get_by_role("button", name="Select nothing").press("Enter")
        page.get_by_text("Nothing is selected", exact=True).wait_for()
        network.says("selected", "")
        assert seen.errors == []


def test_the_sheet_of_shortcuts_opens_by_key_and_button(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)
        page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
        settled(page)
        sheet = page.get_by_role("dialog", name="Keys and gestures")
        # The script that listens for the key brings the button: a page may be read before.
        opener = page.get_by_role("button", name="Keys and gestures")
        opener.wait_for()
        page.keyboard.press("?")
        sheet.wait_for()
        expect(sheet.get_by_role("button", name="Close")).to_be_focused()
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()
        opener.focus()
        opener.press("Enter")
        sheet.wait_for()
        sheet.get_by_role("button", name="Close").press("Enter")
        expect(sheet).to_be_hidden()
        expect(opener).to_be_focused()
        # In a field it is a letter.
        box = page.get_by_role("combobox", name="Search")
        page.keyboard.press("/")
        expect(box).to_be_focused()
        page.keyboard.type("who?")
        expect(box).to_have_value("who?")
        expect(sheet).to_be_hidden()
        assert seen.errors == []


def test_the_keys_of_the_canvas_do_what_the_sheet_says(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        network.click(DORSEY)
        page.locator(".sutra .name", has_text="Jack Dorsey").wait_for()
        settled(page)
        stage = page.get_by_role("img", name="Network of 82 entities")
        stage.focus()
        x, y = network.at_rest(DORSEY)
        page.keyboard.press("ArrowRight")
        network.comes_to(DORSEY, (x - 60, y))
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowDown")
        network.comes_to(DORSEY, (x, y - 60))
        page.keyboard.press("0")
        page.keyboard.press("Shift+F10")
        page.get_by_role("menuitem", name="Pin", exact=True).wait_for()
        page.keyboard.press("Escape")
        expect(stage).to_be_focused()
        page.keyboard.press("Escape")
        page.get_by_text("Nothing is selected").wait_for()
        assert seen.errors == []


# --- long work ----------------------------------------------------------------------------------


def asked(home: Workspace) -> list[str]:
    """The texts of the slow queries that the database is at work on."""
    with Store.open(home, environ={}) as store:
        rows = store.read("SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery AS query")
    return [row["query"] for row in rows if "a.caption + b.caption" in row["query"]]


def until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_what_is_called_off_ends_on_the_server(browser: Any, address: str, home: Workspace) -> None:
    with page_of(browser, f"{address}/questions") as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)
        page.get_by_role("button", name="Write your own").click()
        page.get_by_label("Stop after, seconds").fill("300")
        editor = page.get_by_label("Cypher", exact=True)
        editor.fill(SLOW)
        editor.press("Control+Enter")
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("Asking …").first.wait_for()
        page.get_by_role("button", name="Cancel").wait_for()
        shoot(page, "long-work-1280-light")
        assert asked(home)
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text("You called this off").wait_for()
        assert until(lambda: not asked(home), 10)
        # Nothing is stuck: the next question is answered.
        editor.fill("RETURN 1 AS one")
        editor.press("Control+Enter")
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("1 row in").wait_for()
        assert seen.errors == []


def test_the_engine_killed_under_a_view_comes_back_with_it(
    browser: Any, address: str, home: Workspace
) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        network.drag(DORSEY, 60, -50)
        settled(page)
        network.click(DORSEY, button="right")
        page.get_by_role("menuitem", name="Hide", exact=True).click()
        page.locator(".sutra-network[data-nodes='81']").wait_for()
        settled(page)
        kept = network.at_rest(f"{CASE}:twitter")
        kill(*supervisors(home), server_process(home))
        network.click(f"{CASE}:twitter")
        page.get_by_text("Reaching the database").first.wait_for()
        shoot(page, "lost-embedded-1280-light")
        page.locator(".sutra .name", has_text="Twitter").wait_for()
        network.ready().says("nodes", "81")
        network.stays_at(f"{CASE}:twitter", kept)
        assert seen.errors == []

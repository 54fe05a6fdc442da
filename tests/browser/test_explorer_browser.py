"""The explorer by hand: expand with counts, filters and measures, undo, boards and links."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from browser import Network, Watched, page_of, say_instead, settled
from invented import Tables
from pages import CASE, PATIENCE, explore, menu, relationship_of, shoot
from playwright.sync_api import expect

from graph.explore import reads as explore_graph
from graph.explore.subgraph import Subgraph
from graph.explore.view import View
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.saved import boards
from graph.store.store import Store
from loaders.case import read_case

pytestmark = pytest.mark.browser

TWITTER, DORSEY = f"{CASE}:twitter", f"{CASE}:dorsey"


def nodes_are(page: Any, count: int) -> None:
    """Wait until so many entities are drawn."""
    page.locator(f".sutra-network[data-nodes='{count}']").wait_for()


def captions(network: Network) -> dict[str, tuple[float, float, float, float]]:
    """What the letters of each caption cover as they are drawn, and of a selected tie's words."""
    drawn = network.root.evaluate("root => root.sutraCaptions()")
    return {c["id"]: (c["left"], c["top"], c["right"], c["bottom"]) for c in drawn}


def covering(drawn: dict[str, tuple[float, float, float, float]]) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, p), (other, q) in combinations(drawn.items(), 2)
        if p[0] < q[2] and q[0] < p[2] and p[1] < q[3] and q[1] < p[3]
    ]


# On a canvas that narrow the fourth lies beside the second, where two captions find no room.
@pytest.mark.parametrize(("width", "dark", "named"), [(800, False, 3), (1280, True, 10)])
def test_captions_as_drawn_never_cover_each_other_and_hubs_are_named_before_the_rim(
    browser: Any, address: str, home: Workspace, width: int, dark: bool, named: int
) -> None:
    with Store.open(home) as store:
        nodes = explore_graph.case_view(store, CASE).nodes
    ranked = [n.id for n in sorted(nodes, key=lambda node: (-node.rank, node.id))]
    relationship = relationship_of(home, DORSEY, "HOLDS_ROLE")
    with page_of(browser, f"{address}/explore", width=width, dark=dark) as seen:
        page, network = seen.page, explore(seen)
        settled(page)
        drawn = captions(network)
        assert covering(drawn) == []
        assert set(ranked[:named]) <= set(drawn)
        # Whatever has no caption yet gets one as soon as it is pointed at, or selected.
        bare = [id_ for id_ in ranked if id_ not in drawn]
        for id_ in (bare[0], bare[-1]):
            page.mouse.move(*network.at(id_))
            page.wait_for_timeout(300)
            assert id_ in captions(network)
            assert covering(captions(network)) == []
            network.click(id_)
            network.says("selected", id_)
            settled(page)
            page.mouse.move(5, 5)
            page.wait_for_timeout(300)
            assert id_ in captions(network)
            assert covering(captions(network)) == []
        # A tie's words have room of their own, and its ends are named.
        network.click(relationship)
        network.says("selected", relationship)
        settled(page)
        page.mouse.move(5, 5)
        page.wait_for_timeout(300)
        assert {relationship, DORSEY, TWITTER} <= set(captions(network))
        assert covering(captions(network)) == []
        shoot(page, f"captions-{width}-{'dark' if dark else 'light'}")
        assert seen.errors == []


def test_expand_shows_counts_first_adds_in_place_and_collapses(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        # A view of one: everything but Twitter is hidden and taken out.
        network.click(TWITTER)
        page.locator(".sutra .name", has_text="Twitter").wait_for()
        page.get_by_role("button", name="Filters").click()
        body = page.locator("[data-testid=stPopoverBody]")
        body.get_by_role("button", name="organizations 8").wait_for()
        for kind in ("people 5", "groups 17", "statements 22", "laws and principles 10"):
            body.get_by_role("button", name=kind).click()
            settled(page)
        page.keyboard.press("Escape")
        nodes_are(page, 28)
        settled(page)
        # One right after the other: the second must not undo the first.
        page.get_by_role("button", name="Take out what is not shown").click()
        page.get_by_role("button", name="Clear filters").click()
        settled(page)
        nodes_are(page, 28)
        place = network.at_rest(TWITTER)
        said = page.get_by_role("button", name="said · 0 of 4")
        said.wait_for()
        shoot(page, "expand-counts-1280-light")
        said.click()
        page.get_by_role("button", name="said · 4 of 4").wait_for()
        nodes_are(page, 32)
        network.stays_at(TWITTER, place)
        page.get_by_role("button", name="Add all").click()
        page.get_by_text("Connections: 24 of 24 brought in").wait_for()
        network.stays_at(TWITTER, place)
        shoot(page, "expand-all-1280-light")
        page.get_by_role("button", name="Take back").click()
        nodes_are(page, 28)
        network.double_click(TWITTER)
        page.get_by_text("Connections: 24 of 24 brought in").wait_for()
        menu(page, network, TWITTER, "Take back what it brought")
        nodes_are(page, 28)
        network.stays_at(TWITTER, place)
        assert seen.errors == []


def test_filters_leave_out_and_count_and_measures_say_on_what(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/explore", width=1920, height=1080, dark=True) as seen:
        page, network = seen.page, explore(seen)
        place = network.at_rest(DORSEY)
        page.get_by_role("button", name="Filters").click()
        body = page.locator("[data-testid=stPopoverBody]")
        body.get_by_role("button", name="inferred 54").click()
        page.get_by_text("Left out by filters").wait_for()
        shoot(page, "filters-1920-dark")
        page.keyboard.press("Escape")
        network.stays_at(DORSEY, place)
        page.get_by_role("button", name="Clear filters").click()
        nodes_are(page, 82)
        # The second clock, by the keyboard.
        slider = page.get_by_role("slider", name="Reported until")
        slider.focus()
        for _ in range(2):
            slider.press("ArrowLeft")
        nodes_are(page, 54)
        page.get_by_text("28 entities and 69 connections").wait_for()
        slider = page.get_by_role("slider", name="Happened until")
        slider.focus()
        slider.press("ArrowLeft")
        slider.press("ArrowLeft")
        page.get_by_text("need not have happened by the day chosen").wait_for()
        shoot(page, "clocks-1920-dark")
        page.get_by_role("button", name="Clear filters").click()
        nodes_are(page, 82)
        page.get_by_role("button", name="Measures").click()
        page.get_by_role("combobox", name="Size by").click()
        page.get_by_role("option", name="degree").click()
        page.get_by_text("Computed on the 82 entities shown").wait_for()
        page.get_by_text(
            "The case rests on 2 sources: this measures coverage, not power"
        ).wait_for()
        page.get_by_role("combobox", name="Colour by").click()
        page.get_by_role("option", name="community").click()
        page.get_by_text("in no group").or_(page.get_by_text("group 1")).first.wait_for()
        page.keyboard.press("Escape")
        settled(page)
        shoot(page, "measures-1920-dark")
        network.stays_at(DORSEY, place)
        assert seen.errors == []


# A press in one go, as where a busy page hears of all of it at once.
AT_ONCE = """(link) => {
  const how = { bubbles: true, composed: true, cancelable: true };
  link.dispatchEvent(new PointerEvent("pointerdown", how));
  document.activeElement.blur();
  link.dispatchEvent(new PointerEvent("pointerup", how));
  link.click();
}"""


@pytest.mark.parametrize("doing", ["an open panel", "a field being written"])
def test_a_press_on_a_link_is_told_after_whatever_else_it_does(
    browser: Any, address: str, doing: str
) -> None:
    """It closes a panel, and a field that is left tells what it holds: neither leads back."""
    with page_of(browser, f"{address}/explore") as seen:
        page = seen.page
        explore(seen)
        panel = page.locator("[data-testid=stPopoverBody]")
        if doing == "an open panel":
            page.get_by_role("button", name="Filters").click()
            panel.get_by_role("button", name="inferred 54").wait_for()
        else:
            page.get_by_role("button", name="Board", exact=True).click()
            panel.get_by_role("textbox").first.fill("half written")
        settled(page)
        page.get_by_role("link", name="Boards").evaluate(AT_ONCE)
        heading = page.get_by_role("heading", name="Boards", exact=True)
        heading.wait_for()
        page.wait_for_timeout(500)  # what would lead back is told by now
        settled(page)
        assert heading.is_visible()
        assert seen.errors == []


def filtered(page: Any, *, nodes: int | None = None, edges: int | None = None) -> None:
    """Wait until so much is drawn, and take the filters away again."""
    wanted = "".join(f"[data-{n}='{v}']" for n, v in (("nodes", nodes), ("edges", edges)) if v)
    page.locator(f".sutra-network{wanted}").wait_for()
    settled(page)
    page.locator("[data-testid=stPopoverBody]").get_by_role(
        "button", name="Leave nothing out"
    ).click()
    page.locator(".sutra-network[data-nodes='82'][data-edges='176']").wait_for()
    settled(page)


def test_each_filter_leaves_out_what_it_says_while_the_canvas_stays_in_sight(
    browser: Any, address: str
) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        page.get_by_role("button", name="Filters").click()
        body = page.locator("[data-testid=stPopoverBody]")
        body.get_by_role("button", name="people 5").wait_for()
        settled(page)
        # The panel lies beside the canvas, not over it.
        canvas, panel = network.root.bounding_box(), body.bounding_box()
        assert canvas["x"] + canvas["width"] <= panel["x"]
        shoot(page, "filters-1280-light")
        # A type by itself goes with what hangs on it alone.
        body.get_by_role("button", name="hashtags 3").click()
        filtered(page, nodes=79)
        # Two types of relationship that read alike are told apart.
        body.get_by_role("button", name="is part of (organizations) 1").wait_for()
        body.get_by_role("button", name="is part of (groups) 4").click()
        filtered(page, edges=172)
        body.get_by_role("button", name="alleged 1").click()
        filtered(page, edges=175)
        body.get_by_text("1 or more", exact=True).click()
        filtered(page, edges=17)
        # Nothing of this case is contested: without it all is left, with it alone nothing.
        body.get_by_text("not contested", exact=True).click()
        filtered(page, edges=176)
        body.get_by_text("contested", exact=True).click()
        page.get_by_text("Nothing of this view is left to show").wait_for()
        body.get_by_role("button", name="Leave nothing out").click()
        page.locator(".sutra-network[data-edges='176']").wait_for()
        settled(page)
        body.get_by_role("combobox", name="Only what stands in").click()
        page.get_by_role("option", name="Article B").click()
        settled(page)
        assert int(network.data("edges")) < 176
        assert seen.errors == []


def test_betweenness_colours_marks_and_the_legend_no_longer_says_colours_are_types(
    browser: Any, address: str
) -> None:
    fill = """all => all.map(({ src }) =>
      atob(src.split(",")[1]).match(/fill="(#[0-9A-Fa-f]+)" stroke="#161616/)[1])"""
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        shapes = page.locator(".sutra-legend").first.locator("img")
        assert len(set(shapes.evaluate_all(fill))) > 5
        page.get_by_role("button", name="Measures").click()
        page.get_by_role("combobox", name="Colour by").click()
        page.get_by_role("option", name="between").first.click()
        page.get_by_text("Computed on the 82 entities shown").wait_for()
        settled(page)
        assert set(shapes.evaluate_all(fill)) == {"#fff"}
        page.keyboard.press("Escape")
        shoot(page, "betweenness-1280-light")
        assert network.data("nodes") == "82"
        assert seen.errors == []


def test_what_is_all_here_says_so_and_its_relationships_are_lit(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/explore", width=800) as seen:
        page, network = seen.page, explore(seen)
        undo = page.get_by_role("button", name="Undo").first
        network.double_click(TWITTER)
        page.get_by_text("All that it is connected to is in this view already.").wait_for()
        expect(undo).to_be_disabled()
        menu(page, network, TWITTER, "Take back what it brought")
        page.get_by_text("Nothing was brought in from here, so there is nothing").wait_for()
        expect(undo).to_be_disabled()
        page.get_by_role("button", name="said · 4 of 4").click()
        expect(network.root).to_have_attribute("data-lit", re.compile(TWITTER))
        lit = network.data("lit").split()
        assert len(lit) == 9  # four relationships, and their five ends
        page.get_by_role("button", name="said · 4 of 4").click()
        network.says("lit", "")
        # The menu of what lies low stays within the window.
        page.set_viewport_size({"width": 800, "height": 520})
        settled(page)
        at = network.root.evaluate(
            "(root, ids) => ids.map((id) => [id, root.sutraPositionOf(id)]).filter(([, p]) => p && "
            "p.y < innerHeight - 5).sort(([, a], [, b]) => b.y - a.y)[0][0]",
            [c for c in captions(network) if c.startswith(CASE)],
        )
        network.click(at, button="right")
        last = page.get_by_role("menuitem", name="Copy id")
        last.wait_for()
        box = last.bounding_box()
        assert box["y"] + box["height"] <= 520
        assert seen.errors == []


def test_the_overview_is_read_in_place_by_mouse_and_keyboard(browser: Any, address: str) -> None:
    with page_of(browser, address, width=800) as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)
        network = Network(page).ready()
        settled(page)
        # Every caption lies whole within its frame.
        frame = network.root.bounding_box()
        for left, _, right, _ in captions(network).values():
            assert frame["x"] <= left
            assert right <= frame["x"] + frame["width"]
        network.click(TWITTER)
        page.locator(".sutra .name", has_text="Twitter").wait_for()
        page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
        # By the keyboard: what its words say is there, is there.
        words = network.root.locator(".stage").get_attribute("aria-label")
        assert words.endswith("the table below lists the same.")
        page.get_by_text("The same as a table").click()
        name = page.get_by_role("table", name="Entities on the canvas").get_by_role(
            "button", name="Government of India"
        )
        name.press("Enter")
        network.says("selected", f"{CASE}:government-of-india")
        page.locator(".sutra .name", has_text="Government of India").wait_for()
        page.get_by_role("button", name="Open on the Explore page").click()
        page.get_by_role("button", name="Undo").first.wait_for()
        page.locator(".sutra .name", has_text="Government of India").wait_for()
        assert seen.errors == []


def test_undo_and_redo_of_every_change_by_the_keyboard(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        first = network.at_rest(DORSEY)
        network.drag(DORSEY, 70, 40)
        settled(page)
        second = network.at_rest(DORSEY)
        assert math.dist(first, second) > 50
        menu(page, network, DORSEY, "Hide")
        nodes_are(page, 81)
        page.get_by_text("Hidden by hand: 1 entity and 1 connection").wait_for()
        settled(page)
        page.keyboard.press("Control+z")
        nodes_are(page, 82)
        network.stays_at(DORSEY, second)
        page.keyboard.press("Control+z")
        settled(page)
        network.stays_at(DORSEY, first)
        page.keyboard.press("Control+Shift+Z")
        settled(page)
        network.stays_at(DORSEY, second)
        page.keyboard.press("Control+Shift+Z")
        nodes_are(page, 81)
        settled(page)
        page.get_by_role("button", name="Show what is hidden").click()
        nodes_are(page, 82)
        # In a field the keys are the field's own.
        network.click(DORSEY)
        note = page.get_by_role("textbox", name="Note on this board")
        note.fill("ask him")
        note.press("Control+z")
        settled(page)
        nodes_are(page, 82)
        assert seen.errors == []


def test_a_board_is_kept_handed_on_and_taken_away(
    browser: Any, address: str, tmp_path: Path
) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        menu(page, network, TWITTER, "Hide")
        nodes_are(page, 81)
        network.drag(DORSEY, 60, -50)
        settled(page)
        network.click(DORSEY)
        note = page.get_by_role("textbox", name="Note on this board")
        note.fill("Whose <b>words</b>?")
        note.press("Control+Enter")
        settled(page)
        page.get_by_role("button", name="Board", exact=True).click()
        title = page.get_by_role("textbox", name="Title")
        title.fill("Who was told")
        title.press("Tab")
        page.get_by_role("button", name="Keep as a new board").click()
        page.get_by_text("Kept as “Who was told”").wait_for()
        shoot(page, "board-kept-1280-light")
        # Opened again, the panel still has the title, and the board can be saved.
        page.keyboard.press("Escape")
        expect(title).to_be_hidden()
        page.get_by_role("button", name="Board", exact=True).click()
        expect(title).to_have_value("Who was told")
        settled(page)
        page.get_by_role("button", name="Save the board").click()
        settled(page)
        page.get_by_text("Kept as “Who was told”").wait_for()
        page.wait_for_url("**/explore?view=*")
        link, place = page.url, network.at_rest(DORSEY)
        for name in ("twitter", "dorsey", "told"):
            assert name not in link.lower().split("?")[1]
    with page_of(browser, link) as colleague:
        page = colleague.page
        page.set_default_timeout(PATIENCE)
        network = Network(page).ready()
        nodes_are(page, 81)
        network.stays_at(DORSEY, place)
        network.click(DORSEY)
        note = page.get_by_role("textbox", name="Note on this board")
        expect(note).to_have_value("Whose <b>words</b>?")
        # The colleague goes on; the board stays as it was kept.
        page.get_by_role("button", name="Show what is hidden").click()
        nodes_are(page, 82)
        page.wait_for_function("old => location.href !== old", arg=link)
        page.get_by_role("link", name="Boards").click()
        page.get_by_text("81 entities").or_(page.get_by_text("82 entities")).first.wait_for()
        shoot(page, "boards-1280-light")
        page.get_by_role("button", name="Duplicate").click()
        page.get_by_text("“Copy of Who was told” is there now").wait_for()
        settled(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").last.click()
        file = tmp_path / "board.json"
        download.value.save_as(file)
        kept = json.loads(file.read_text("utf-8"))
        assert kept["title"] == "Who was told"
        assert kept["hidden"] == [TWITTER]
        file.write_text(json.dumps({**kept, "title": "<script>alert(1)</script>"}), "utf-8")
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Bring it in").click()
        page.get_by_text("<script>alert(1)</script>").first.wait_for()
        settled(page)
        # Under another name: of the same path again the field would hear nothing.
        other = tmp_path / "other.json"
        other.write_text("{}", "utf-8")
        page.locator("input[type=file]").set_input_files(other)
        page.get_by_role("button", name="Bring it in").click()
        page.get_by_text("it is not a board of Sutra").wait_for()
        shoot(page, "boards-refused-1280-light")
        page.get_by_role("button", name="Open").last.click()
        nodes_are(page, 81)
    with page_of(browser, f"{address}/explore?view=nothing") as lost:
        lost.page.set_default_timeout(PATIENCE)
        lost.page.get_by_text("No view is stored under this address").wait_for()
        nodes_are(lost.page, 82)


def ink_at(page: Any, place: tuple[float, float]) -> bytes:
    """What is drawn round that place, with nothing pointed at."""
    page.mouse.move(5, 5)
    settled(page)
    x, y = place
    shot: bytes = page.screenshot(clip={"x": x - 8, "y": y - 8, "width": 16, "height": 16})
    return shot


def write_note(page: Any, network: Network, id_: str, text: str) -> None:
    network.click(id_)
    network.says("selected", id_)
    settled(page)
    note = page.get_by_role("textbox", name="Note on this board")
    note.fill(text)
    note.press("Control+Enter")
    settled(page)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1920, True)])
def test_notes_are_marked_listed_and_in_the_table_and_a_link_shows_the_same(
    browser: Any, address: str, home: Workspace, width: int, dark: bool
) -> None:
    relationship = relationship_of(home, DORSEY, "HOLDS_ROLE")
    words = "Jack Dorsey holds a role at Twitter"
    with page_of(browser, f"{address}/explore", width=width, dark=dark) as seen:
        page, network = seen.page, explore(seen)
        settled(page)
        bare = ink_at(page, network.at(relationship))
        write_note(page, network, relationship, "Since <b>when</b>?")
        write_note(page, network, TWITTER, "Ask *them*")
        network.root.locator(".stage").focus()
        page.keyboard.press("Escape")
        network.says("selected", "")
        assert ink_at(page, network.at(relationship)) != bare
        # All of them in a list, each leading to what it is on.
        page.get_by_text("Notes on this board").click()
        listed = page.get_by_test_id("stExpander").filter(has_text="Notes on this board")
        for one, note in (("Twitter", "Ask *them*"), (words, "Since <b>when</b>?")):
            listed.get_by_text(note).wait_for()
            listed.get_by_role("button", name=one, exact=True).scroll_into_view_if_needed()
        listed.get_by_role("button", name=words, exact=True).click()
        network.says("selected", relationship)
        # And beside the canvas, in words, of an entity and of a relationship alike.
        page.get_by_text("The same as a table").click()
        for table, cell in (("Entities", "Ask *them*"), ("Connections", "Since <b>when</b>?")):
            of = page.get_by_role("table", name=f"{table} on the canvas")
            of.get_by_role("columnheader", name="Note").wait_for()
            expect(of.get_by_role("cell", name=cell, exact=True)).to_have_count(1)
        shoot(page, f"notes-{width}-{'dark' if dark else 'light'}")
        page.get_by_text("The same as a table").click()
        page.get_by_role("button", name="Board", exact=True).click()
        title = page.get_by_role("textbox", name="Title")
        title.fill("Who holds what")
        title.press("Tab")
        page.get_by_role("button", name="Keep as a new board").click()
        page.get_by_text("Kept as “Who holds what”").wait_for()
        page.keyboard.press("Escape")
        settled(page)
        # Nearer, to one side, with two selected: what the address leads to is what is seen.
        network.root.evaluate("root => root.scrollIntoView({ block: 'center' })")
        for _ in range(3):
            network.root.get_by_label("Zoom in").click()
        network.root.locator(".stage").focus()
        page.keyboard.press("ArrowRight")
        settled(page)
        page.keyboard.down("Control")
        network.click(TWITTER)
        page.keyboard.up("Control")
        network.says("selected", f"{relationship} {TWITTER}")
        settled(page)
        page.evaluate("window.scrollTo(0, 0)")
        link, frame = page.url, network.root.bounding_box()
        places = [network.at(id_) for id_ in (TWITTER, DORSEY, relationship)]
        assert seen.errors == []
    with page_of(browser, link, width=width, dark=dark) as colleague:
        page = colleague.page
        page.set_default_timeout(PATIENCE)
        network = Network(page).ready()
        network.says("selected", f"{relationship} {TWITTER}")
        page.get_by_text("2 selected").wait_for()
        page.locator(".sutra .name", has_text="Twitter").wait_for()
        expect(page.locator(".sutra .board")).to_have_text("Who holds what")
        settled(page)
        mine = network.root.bounding_box()
        shift = (mine["x"] - frame["x"], mine["y"] - frame["y"])
        for id_, (x, y) in zip((TWITTER, DORSEY, relationship), places, strict=True):
            network.stays_at(id_, (x + shift[0], y + shift[1]))
        page.get_by_text("Notes on this board").click()
        page.get_by_text("Since <b>when</b>?").first.wait_for()
        shoot(page, f"link-{width}-{'dark' if dark else 'light'}")
        # Nothing was changed: the address is still the one that was handed on.
        assert page.url == link


def test_a_board_is_looked_at_as_it_was_kept_in_the_same_session_too(
    browser: Any, address: str
) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        settled(page)
        for _ in range(2):
            network.root.get_by_label("Zoom in").click()
        settled(page)
        network.click(DORSEY)
        network.says("selected", DORSEY)
        settled(page)
        place = network.at(DORSEY)
        page.get_by_role("button", name="Board", exact=True).click()
        title = page.get_by_role("textbox", name="Title")
        title.fill("Near Dorsey")
        title.press("Tab")
        page.get_by_role("button", name="Keep as a new board").click()
        page.get_by_text("Kept as “Near Dorsey”").wait_for()
        page.keyboard.press("Escape")
        settled(page)
        network.root.get_by_label("Fit").click()
        settled(page)
        network.click(TWITTER)
        network.says("selected", TWITTER)
        settled(page)
        assert math.dist(network.at(DORSEY), place) > 20
        page.get_by_role("link", name="Boards").click()
        board = page.get_by_text("Near Dorsey").first
        board.wait_for()
        settled(page)
        page.get_by_role("button", name="Open").first.click()
        network.ready()
        network.says("selected", DORSEY)
        network.comes_to(DORSEY, place)
        # And what the reader does from there on counts.
        network.root.get_by_label("Fit").click()
        settled(page)
        assert math.dist(network.at(DORSEY), place) > 20
        assert seen.errors == []


@pytest.mark.parametrize("by", ["canvas", "table", "panel"])
def test_what_is_done_with_one_of_several_is_done_with_all_of_them(
    browser: Any, address: str, home: Workspace, by: str
) -> None:
    relationship = relationship_of(home, DORSEY, "HOLDS_ROLE")
    others = [f"{CASE}:baker", f"{CASE}:sawhney"]
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        settled(page)
        network.click(relationship)
        network.says("selected", relationship)
        page.keyboard.down("Control")
        for id_ in others:
            network.click(id_)
        page.keyboard.up("Control")
        page.get_by_text("3 selected").wait_for()
        page.get_by_text("2 entities and 1 connection.").wait_for()
        settled(page)
        if by == "table":
            page.get_by_text("The same as a table").click()
            settled(page)

        def do(words: str, all_words: str) -> None:
            if by == "panel":
                page.get_by_role("button", name=all_words, exact=True).click()
            elif by == "table":
                page.get_by_role("button", name="Do with Jim Baker", exact=True).click()
                page.get_by_role("menuitem", name=words, exact=True).click()
            else:
                menu(page, network, others[0], words)
            settled(page)

        do("Pin these 2", "Pin all")
        expect(page.get_by_role("button", name="Pin all", exact=True)).to_be_disabled()
        do("Unpin these 2", "Unpin all")
        expect(page.get_by_role("button", name="Unpin all", exact=True)).to_be_disabled()
        shoot(page, f"several-{by}-1280-light")
        do("Hide these 3", "Hide all")
        nodes_are(page, 80)
        assert network.data("selected") == ""
        page.get_by_text("Hidden by hand: 2 entities").wait_for()
        # One step, taken back as one.
        page.get_by_role("button", name="Undo").first.click()
        nodes_are(page, 82)
        # What is not selected with others is done alone.
        network.root.evaluate("root => root.scrollIntoView({ block: 'center' })")
        settled(page)
        menu(page, network, f"{CASE}:twitter", "Hide")
        nodes_are(page, 81)
        assert seen.errors == []


def test_a_row_of_the_panel_that_is_pointed_at_leaves_the_next_ones_in_sight(
    browser: Any, address: str
) -> None:
    covered = """(rows) => rows.filter((row) => {
      const { left, top, width, height } = row.getBoundingClientRect();
      const there = document.elementFromPoint(left + Math.min(40, width / 2), top + height / 2);
      return !row.contains(there);
    }).map((row) => row.innerText)"""
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        network.click(TWITTER)
        page.get_by_text("Connections: 24 of 24 brought in").wait_for()
        page.get_by_text("lights these connections and dims the rest").wait_for()
        settled(page)
        rows = page.get_by_role("button", name=re.compile(r" · \d+ of \d+$"))
        assert rows.count() > 3
        for at in range(rows.count()):
            rows.nth(at).hover()
            page.wait_for_timeout(700)  # longer than a tooltip waits
            assert rows.evaluate_all(covered) == []
        assert seen.errors == []


def test_the_clock_and_the_overview_name_the_same_days(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        page = seen.page
        page.get_by_text(
            "Dated events from 26 Jan 2021 to 12 Feb 2021; what has no day of its own had "
            "happened by 16 Feb 2021."
        ).wait_for()
        network = explore(seen)
        settled(page)
        fort, meeting = f"{CASE}:red-fort-disturbance", f"{CASE}:meeting"
        slider = page.get_by_role("slider", name="Happened until")
        slider.focus()
        slider.press("ArrowLeft")
        expect(slider).to_have_attribute("aria-valuetext", "16 Feb 2021")
        settled(page)
        slider.press("Home")
        expect(slider).to_have_attribute("aria-valuetext", "26 Jan 2021")
        settled(page)
        shoot(page, "clock-1280-light")
        there = network.root.evaluate(
            "(root, ids) => ids.filter((id) => root.sutraPositionOf(id))", [fort, meeting]
        )
        assert there == [fort]
        assert seen.errors == []


def crowd(around: int, others: int) -> Tables:
    """An invented case: a body with so many members, and another with so many."""
    tables = Tables(settings="id: crowd\ntitle: A crowd\nsummary: Who is in what.\n")
    tables.add("sources", id="gazette", caption="Gazette", kind="article", status="current",
               text_length="500", language="en", published_on="1987-05-02")  # fmt: skip
    tables.add("passages", passage="g", source="gazette", gist="All keepers by name", start="0",
               end="90", sha256="0" * 64, language="en")  # fmt: skip
    for body, caption in (("lamps", "Lamp Board"), ("oil", "Oil Board")):
        tables.add("actors", id=body, type="Organization", caption=caption, kind="other")
    for number in range(1, 1 + around + others):
        name, claim = f"Person {number:04}", f"role{number}"
        tables.add("actors", id=f"p{number}", type="Person", caption=name, name=name)
        tables.add("claims", claim=claim, kind="relationship", subject=f"p{number}",
                   predicate="HOLDS_ROLE", object="lamps" if number <= around else "oil",
                   title="keeper")  # fmt: skip
        tables.add("supports", passage="g", claim=claim, status="reported")
    return tables


def test_beyond_1000_a_warning_and_beyond_2000_counts_and_a_table_instead(
    browser: Any, address: str, home: Workspace, tmp_path: Path
) -> None:
    """A full view takes no more, and says what there would be."""
    with Store.open(home) as store:
        loads.load(store, home, read_case(crowd(60, 2000).write(tmp_path)))
        links = []
        for count in (990, 1990):
            ids = ["crowd:lamps", *(f"crowd:p{n}" for n in range(61, 60 + count))]
            grid = {id_: (90.0 * (n % 50), 60.0 * (n // 50)) for n, id_ in enumerate(ids)}
            view = View.of("crowd", Subgraph(tuple(explore_graph.some_nodes(store, ids))))
            placed = replace(view, graph=view.graph.with_positions(grid))
            board = boards.keep(store, placed, f"crowd{count}", kept=False)
            links.append(f"{address}/explore?view={board.id}")
    with page_of(browser, links[0]) as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)
        nodes_are(page, 990)
        warning = page.get_by_text("it draws slowly, and beyond 2,000 no more come in")
        settled(page)
        expect(warning).to_be_hidden()
        page.get_by_role("combobox", name="Search").fill("lamp")
        page.get_by_role("option", name="Lamp Board organization").click()
        page.get_by_text("Connections: 0 of 60 brought in").wait_for()
        page.get_by_role("button", name="Add 50").click()
        nodes_are(page, 1040)
        warning.wait_for()
        page.get_by_text("The view holds 1,040 entities; beyond 2,000 no more come in").wait_for()
        shoot(page, "warned-1280-light")
        assert seen.errors == []
    with page_of(browser, links[1], width=1920, height=1080, dark=True) as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)
        nodes_are(page, 1990)
        page.get_by_role("combobox", name="Search").fill("lamp")
        page.get_by_role("option", name="Lamp Board organization").click()
        page.get_by_role("button", name="Add 50").click()
        nodes_are(page, 2000)
        page.get_by_text("This view holds 2,000 entities, which is as many as it may").wait_for()
        page.get_by_text("Around it: 60 people. The best sourced").wait_for()
        page.get_by_test_id("stDataFrame").wait_for()
        shoot(page, "full-1920-dark")
        page.get_by_role("button", name="Start a new view from here").click()
        nodes_are(page, 51)
        page.get_by_role("button", name="Undo").first.click()
        nodes_are(page, 2000)
        assert seen.errors == []


@contextmanager
def lamps(
    browser: Any, address: str, home: Workspace, tmp_path: Path, id_: str
) -> Iterator[Watched]:
    """A page on a stored view of that id, in which one entity with 60 relationships of a type is
    chosen."""
    with Store.open(home) as store:
        loads.load(store, home, read_case(crowd(60, 5).write(tmp_path)))
        view = View.of("crowd", Subgraph(tuple(explore_graph.some_nodes(store, ["crowd:lamps"]))))
        placed = replace(view, graph=view.graph.with_positions({"crowd:lamps": (0.0, 0.0)}))
        boards.keep(store, placed, id_, kept=False)
    with page_of(browser, f"{address}/explore?view={id_}") as seen:
        seen.page.set_default_timeout(PATIENCE)
        network = Network(seen.page).ready()
        nodes_are(seen.page, 1)
        network.click("crowd:lamps")
        yield seen


def test_a_type_of_relationship_comes_in_by_pages_and_says_how_much_of_it_is_shown(
    browser: Any, address: str, home: Workspace, tmp_path: Path
) -> None:
    with lamps(browser, address, home, tmp_path, "crowdpages") as seen:
        page = seen.page
        for shown in (0, 25, 50, 60):
            row = page.get_by_role("button", name=re.compile(f"· {shown} of 60$"))
            row.wait_for()
            nodes_are(page, 1 + shown)
            if shown < 60:
                row.click()
        shoot(page, "pages-1280-light")
        assert seen.errors == []


def test_a_page_opened_by_a_link_is_made_once(
    browser: Any, address: str, home: Workspace, tmp_path: Path
) -> None:
    with lamps(browser, address, home, tmp_path, "crowdonce") as seen:
        page = seen.page
        page.get_by_role("button", name=re.compile("· 0 of 60$")).wait_for()
        page.goto(page.url)
        parts = [page.get_by_role("combobox", name="Search"), Network(page).ready().root]
        for part in parts:
            part.evaluate("part => { part.isTheFirst = true; }")
        settled(page)
        # What a step brings in, and what it has to say, comes and goes beside the table.
        page.get_by_text("The same as a table").click()
        table = page.get_by_role("table", name="Entities on the canvas")
        table.evaluate("part => { part.isTheFirst = true; }")
        page.get_by_role("button", name=re.compile("^Do with ")).first.click()
        page.get_by_role("menuitem", name="Bring in its neighbours").click()
        page.get_by_role("heading", name="Entities on the canvas (51)").wait_for()
        settled(page)
        for part in [*parts, table]:
            assert part.evaluate("part => part.isTheFirst === true"), part


def test_an_address_that_is_left_behind_takes_nothing_back_and_the_way_back_does(
    browser: Any, address: str, home: Workspace, tmp_path: Path
) -> None:
    first = "crowdfirst".ljust(20, "0")
    with lamps(browser, address, home, tmp_path, first) as seen:
        page = seen.page
        more = page.get_by_role("button", name=re.compile("· [0-9]+ of 60$"))
        more.click()
        nodes_are(page, 26)
        settled(page)
        own = page.evaluate("location.search")
        assert first not in own
        # As if the browser had not heard of the new address when the next step is asked for.
        say_instead(page, own.split("view=")[1][:20], first)
        more.click()
        nodes_are(page, 51)
        settled(page)
        assert page.evaluate("location.search") == own
        # The browser's own way back is meant, and so is the way forward.
        page.go_back()
        nodes_are(page, 1)
        settled(page)
        page.go_forward()
        nodes_are(page, 51)

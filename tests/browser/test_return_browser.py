"""The frame of every page: the case that is kept, addresses that lead back, and `/` anywhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from browser import Network, Watched, answers_held, held_back, near, page_of, serving, settled
from pages import CASE, pick, shoot
from playwright.sync_api import expect
from processes import kill, server_process, supervisors

from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.saved import asked_queries
from graph.store.store import Store
from loaders.case import read_case
from sutra.cases import BUNDLED

pytestmark = pytest.mark.browser

TWIN = "zz-twin"
PATIENT = 60_000
PAGES = ("Overview", "Explore", "Boards", "Paths", "Questions", "Export")


@pytest.fixture(scope="module")
def home(make_workspace: Callable[[], Workspace], tmp_path_factory: Any) -> Workspace:
    """A workspace that holds the bundled case, and after it in the list its twin."""
    workspace: Workspace = make_workspace()
    folder: Path = tmp_path_factory.mktemp("cases") / TWIN
    shutil.copytree(BUNDLED, folder)
    settings = folder / "case.yaml"
    text = settings.read_text("utf-8").replace(f"id: {CASE}", f"id: {TWIN}")
    settings.write_text(re.sub("(?m)^title: .*", "title: The twin of it", text), "utf-8")
    with Store.open(workspace, environ={}) as store:
        for case in (BUNDLED, folder):
            loads.load(store, workspace, read_case(case))
    return workspace


@pytest.fixture(scope="module")
def address(home: Workspace) -> Iterator[str]:
    with serving(home) as url:
        yield url


def go(page: Any, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("combobox", name="Search", exact=True).wait_for()
    settled(page)


def on_overview(seen: Watched) -> Any:
    """The page, once the first case that it opens with is there and it rests."""
    page = seen.page
    page.set_default_timeout(PATIENT)
    page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
    settled(page)
    return page


def network_on(page: Any) -> Network:
    """The network of the Explore page, at rest."""
    go(page, "Explore")
    network = Network(page).ready()
    settled(page)
    return network


def choose_twin(page: Any) -> None:
    page.get_by_role("combobox", name="Case").click()
    page.get_by_role("option").filter(has_text=TWIN).click()
    page.get_by_role("heading", name="The twin of it").wait_for()
    settled(page)


def test_the_chosen_case_is_kept_on_every_page_and_over_a_reload(
    browser: Any, address: str
) -> None:
    with page_of(browser, address) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        choose_twin(page)
        field = page.get_by_role("combobox", name="Case")
        for name in (*PAGES[1:], "Overview"):
            go(page, name)
            expect(field).to_have_value(re.compile(TWIN))
            # An address leaks: the case is in it, and its name is not.
            assert "twin" not in page.url
        page.get_by_role("heading", name="The twin of it").wait_for()
        page.reload()
        page.get_by_role("heading", name="The twin of it").wait_for()
        expect(field).to_have_value(re.compile(TWIN))
        assert seen.errors == []


def test_what_was_asked_comes_back_from_its_address(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        choose_twin(page)
        go(page, "Questions")
        page.get_by_role("button", name="How two actors are connected").click()
        page.get_by_text("12 rows in").wait_for()
        settled(page)
        pick(page, "From", "baker", "Jim Baker")
        settled(page)
        page.get_by_role("button", name="Ask", exact=True).click()
        answer = page.get_by_text(re.compile(r"^\d+ rows? in"))
        expect(answer).not_to_contain_text("12 rows", timeout=PATIENT)
        settled(page)
        expect(page).to_have_url(re.compile(r"questions\?.*run=[0-9a-f]{20}"))
        assert "baker" not in page.url
        rows, question = answer.inner_text().partition(" in")[0], page.url

        page.get_by_role("button", name="Write your own").click()
        editor = page.get_by_label("Cypher", exact=True)
        editor.fill("RETURN $word AS word")
        editor.press("Control+Enter")
        page.get_by_label("$word", exact=True).fill("lamp")
        page.keyboard.press("Tab")
        settled(page)
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("1 row in").wait_for()
        settled(page)
        own = page.url

        go(page, "Paths")
        pick(page, "From", "twitter", "Twitter")
        settled(page)
        pick(page, "To", "government of", "Government of India")
        page.get_by_text("6 shortest paths lead from Twitter").wait_for()
        page.get_by_text("Also over what is only possibly the same").click()
        settled(page)
        expect(page).to_have_url(re.compile(r"paths\?.*run=[0-9a-f]{20}"))
        ways = page.url
        page.reload()
        page.get_by_text("6 shortest paths lead from Twitter").wait_for()

    # Somebody else, to whom the addresses were handed on.
    with page_of(browser, question) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        expect(page.get_by_text(f"{rows} in")).to_be_visible(timeout=PATIENT)
        expect(page.get_by_role("combobox", name="From", exact=True)).to_have_value("Jim Baker")
        expect(page.get_by_role("combobox", name="Case")).to_have_value(re.compile(TWIN))
        page.goto(own)
        page.get_by_text("1 row in").wait_for()
        expect(page.get_by_label("Cypher", exact=True)).to_have_value("RETURN $word AS word")
        expect(page.get_by_label("$word", exact=True)).to_have_value("lamp")
        page.goto(ways)
        page.get_by_text("6 shortest paths lead from Twitter to Government of India").wait_for()
        expect(page.get_by_label("Also over what is only possibly the same")).to_be_checked()
        page.goto(f"{address}/paths?run=nothing")
        page.get_by_text("Nothing is kept under this address").wait_for()


def test_the_way_back_leads_to_what_was_asked_before(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        go(page, "Questions")
        first, second = "Measures taken", "Who said what to whom"
        for title in (first, second):
            page.get_by_role("button", name=title).click()
            page.get_by_role("heading", name=title).wait_for()
            settled(page)
        page.go_back()
        page.get_by_role("heading", name=first).wait_for()
        page.go_forward()
        page.get_by_role("heading", name=second).wait_for()
        settled(page)

        go(page, "Paths")
        pick(page, "From", "emergency", "Emergency order on the hashtag")
        settled(page)
        pick(page, "To", "first account", "First account order (257 accounts)")
        page.get_by_text("2 shortest paths lead from Emergency order").wait_for()
        settled(page)
        possible = page.get_by_label("Also over what is only possibly the same")
        page.get_by_text("Also over what is only possibly the same").click()
        page.get_by_text("One shortest path leads from Emergency order").wait_for()
        settled(page)
        page.go_back()
        page.get_by_text("2 shortest paths lead from Emergency order").wait_for()
        expect(possible).not_to_be_checked()
        settled(page)
        page.go_forward()
        page.get_by_text("One shortest path leads from Emergency order").wait_for()
        expect(possible).to_be_checked()
        assert seen.errors == []


def at(page: Any) -> str:
    """The page that the reader is on, by its address."""
    return urlsplit(page.url).path.strip("/") or "overview"


def test_each_press_on_the_way_back_leads_one_page_back(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        page = on_overview(seen)
        links = page.locator("header a[href]").evaluate_all("all => all.map((a) => a.href)")
        assert len(links) >= len(PAGES)
        assert all("history.js" in page.request.get(link).text() for link in links)
        for name in PAGES[1:]:
            go(page, name)
        for name in reversed(PAGES[:-1]):
            page.go_back()
            settled(page)
            assert at(page) == name.lower()
        # And out of it, to what was there before.
        page.go_back()
        assert page.url == "about:blank"
        page.go_forward()
        page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
        for name in PAGES[1:]:
            settled(page)
            page.go_forward()
            settled(page)
            assert at(page) == name.lower()
        assert seen.errors == []


def test_one_press_is_one_step_however_many_addresses_it_writes(browser: Any, address: str) -> None:
    """A busy page hears of the query first, and writes it to the address that it still has."""
    with page_of(browser, address) as seen:
        page = on_overview(seen)
        go(page, "Boards")
        steps = page.evaluate("history.length")
        page.keyboard.press("Shift")
        page.evaluate("history.pushState(null, '', '/boards?other=1')")
        page.evaluate("history.pushState(null, '', '/paths?other=1')")
        assert at(page) == "paths"
        assert page.evaluate("history.length") == steps + 1
        # And nobody takes one who presses nothing.
        page.evaluate("history.pushState(null, '', '/paths?other=2')")
        assert page.evaluate("history.length") == steps + 1
        page.go_back()
        settled(page)
        assert at(page) == "boards"


# The network says by itself where the reader looks, a moment after that has changed.
LOOK = "root.querySelector('button[aria-label^=Fit]').click()"
LEAVE = {
    "overview": "history.back()",
    "boards": "document.querySelector('header a[href$=\"/boards\"]').click()",
}


@pytest.mark.parametrize("to", LEAVE)
def test_what_the_network_says_of_itself_holds_nobody_back_on_its_page(
    browser: Any, address: str, to: str
) -> None:
    with page_of(browser, address) as seen:
        page = on_overview(seen)
        network = network_on(page)
        with answers_held(page):
            network.root.evaluate(f"(root) => {{ {LOOK}; {LEAVE[to]}; }}")
            held_back(page)
        settled(page)
        assert at(page) == to
        expect(page.get_by_role("button", name="Undo")).to_have_count(0)
        expect(page.get_by_text("Something went wrong")).to_have_count(0)
        # And the network is as good as before.
        go(page, "Explore")
        network.ready()
        settled(page)
        network.click(f"{CASE}:twitter")
        network.says("selected", f"{CASE}:twitter")
        page.get_by_role("textbox", name="Note on this board").wait_for()
        assert seen.errors == []


def test_a_node_in_the_hand_is_moved_whatever_the_app_answers_meanwhile(
    browser: Any, address: str
) -> None:
    with page_of(browser, address) as seen:
        page = on_overview(seen)
        network = network_on(page)
        held = f"{CASE}:twitter"
        with answers_held(page):
            network.root.evaluate(f"(root) => {{ {LOOK}; }}")
            held_back(page)
            x, y = network.at(held)
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 30, y + 30, steps=4)
        settled(page)
        assert near(network.at(held), (x + 30, y + 30), 8)
        page.mouse.move(x + 60, y + 60, steps=4)
        page.mouse.up()
        network.stays_at(held, (x + 60, y + 60))
        page.get_by_role("button", name="Undo").first.click()
        network.comes_to(held, (x, y))
        assert seen.errors == []


def test_what_was_searched_stays_selected_whatever_the_network_says_meanwhile(
    browser: Any, address: str
) -> None:
    with page_of(browser, address) as seen:
        page = on_overview(seen)
        go(page, "Explore")
        network = Network(page).ready()
        page.get_by_role("combobox", name="Search", exact=True).fill("person:sawh")
        option = page.get_by_role("option", name="Ajay Prakash Sawhney person")
        option.wait_for()
        settled(page)
        with answers_held(page):
            option.click()
            held_back(page)
            network.root.evaluate(f"(root) => {{ {LOOK}; }}")
            page.wait_for_function("""() => window.traffic.said.includes('"kind":"view"')""")
        settled(page)
        network.says("selected", f"{CASE}:sawhney")
        # And what is selected by hand counts, as before.
        network.click(f"{CASE}:twitter")
        network.says("selected", f"{CASE}:twitter")
        assert seen.errors == []


def test_a_late_word_of_the_page_that_was_left_is_no_step_of_the_way_back(
    browser: Any, address: str
) -> None:
    with page_of(browser, address) as seen:
        page = on_overview(seen)
        first = page.url
        network = network_on(page)
        second, steps = page.url, page.evaluate("history.length")
        with answers_held(page):
            network.root.evaluate(f"(root) => {{ {LOOK}; }}")
            heard = held_back(page)
            page.evaluate("history.back()")
            held_back(page, heard)
        settled(page)
        assert page.url == first
        expect(page.get_by_text("Something went wrong")).to_have_count(0)
        assert page.evaluate("history.length") == steps
        page.go_forward()
        network.ready()
        settled(page)
        assert page.url == second
        page.go_back()
        page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
        page.go_back()
        assert page.url == "about:blank"
        assert seen.errors == []


def test_the_way_back_leads_to_the_case_that_was_left(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/boards") as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        field = page.get_by_role("combobox", name="Case")
        expect(field).to_have_value(re.compile(CASE))
        settled(page)
        field.click()
        page.get_by_role("option").filter(has_text=TWIN).click()
        expect(field).to_have_value(re.compile(TWIN))
        settled(page)
        page.go_back()
        expect(field).to_have_value(re.compile(CASE))
        page.go_forward()
        expect(field).to_have_value(re.compile(TWIN))
        assert seen.errors == []


def test_the_first_way_back_on_explore_leads_to_where_the_reader_came_from(
    browser: Any, address: str
) -> None:
    with page_of(browser, address) as seen:
        page = on_overview(seen)
        go(page, "Explore")
        network = Network(page).ready()
        network.double_click(f"{CASE}:twitter")
        settled(page)
        page.go_back()
        page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
        settled(page)
        page.goto(f"{address}/explore")
        Network(page).ready()
        settled(page)
        page.go_back()
        page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
        assert seen.errors == []


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("overview", "žižek"), ("explore", "žižek"), ("boards", "0000000000"), ("paths", CASE),
        ("questions", "' OR 1=1"), ("export", "<b>"),
    ],
)  # fmt: skip
def test_a_link_to_a_case_that_is_not_here_says_so_and_opens_no_other(
    browser: Any, address: str, name: str, case: str
) -> None:
    path = "" if name == "overview" else name
    with page_of(browser, f"{address}/{path}?case={quote(case)}") as seen:
        page = seen.page
        page.get_by_role("heading", name="This case is not here").wait_for()
        settled(page)
        assert page.get_by_text("Twitter and the blocking orders").count() == 1
        page.get_by_role("button", name="The twin of it").click()
        expect(page.get_by_role("combobox", name="Case")).to_have_value(re.compile(TWIN))
        settled(page)
        assert at(page) == name
        page.get_by_role("heading", name="This case is not here").wait_for(state="detached")
        assert seen.errors == []


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("explore?view=00000000000000000000", "No view is stored under this address"),
        ("explore?view=%C5%BEi%C5%BEek", "No view is stored under this address"),
        ("paths?run=00000000000000000000", "Nothing is kept under this address"),
        ("questions?run=00000000000000000000", "Nothing is kept under this address"),
        ("questions?question=%C5%BEi%C5%BEek", "žižek"),
    ],
)
def test_a_link_to_what_is_not_there_says_so_until_the_page_is_left(
    browser: Any, address: str, link: str, says: str
) -> None:
    with page_of(browser, f"{address}/{link}") as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        said = page.get_by_role("alert").filter(has_text=says)
        said.wait_for()
        settled(page)
        expect(said).to_be_in_viewport()
        # Whatever else is done on the page.
        page.get_by_role("combobox", name="Case").click()
        page.keyboard.press("Escape")
        settled(page)
        expect(said).to_be_visible()
        if "%" not in link:
            shoot(page, f"astray-{link.partition('?')[0]}-1280-light")
        go(page, "Boards")
        expect(said).to_have_count(0)
        assert seen.errors == []


def test_a_link_to_ways_and_questions_whose_ends_are_gone_says_which(
    browser: Any, address: str, home: Workspace
) -> None:
    gone = f"{CASE}:invented-nobody"
    ways = {"start": f"{CASE}:twitter", "end": gone, "hops": 4, "types": []}
    person = {"query": "connections", "params": {"start": gone, "end": f"{CASE}:twitter"}}
    with Store.open(home, environ={}) as store:
        links = {
            "paths": asked_queries.keep(store, CASE, "ways", ways),
            "questions": asked_queries.keep(store, CASE, "question", person),
        }
    for name, run in links.items():
        with page_of(browser, f"{address}/{name}?run={run}") as seen:
            page = seen.page
            page.set_default_timeout(PATIENT)
            said = page.get_by_role("alert").filter(has_text="invented-nobody")
            said.wait_for()
            settled(page)
            expect(page.get_by_role("combobox", name="From")).to_be_visible()
            assert seen.errors == []
    with page_of(browser, f"{address}/questions?run={links['paths']}") as seen:
        seen.page.get_by_role("alert").filter(has_text="Paths page").wait_for()
        assert seen.errors == []


def test_the_search_is_one_key_away_on_every_page(browser: Any, address: str) -> None:
    with page_of(browser, address, width=800) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
        for name in PAGES:
            go(page, name)
            page.keyboard.press("/")
            field = page.get_by_role("combobox", name="Search", exact=True)
            expect(field).to_be_focused()
        field.fill("baker")
        page.get_by_role("option", name="Jim Baker person").click()
        page.locator(".sutra .name", has_text="Jim Baker").wait_for()
        expect(page).to_have_url(re.compile("/explore"))
        # There it opens what is found, too.
        settled(page)
        page.keyboard.press("/")
        page.keyboard.type("dorsey")
        page.get_by_role("option", name="Jack Dorsey person").click()
        page.locator(".sutra .name", has_text="Jack Dorsey").wait_for()
        assert seen.errors == []


def test_a_database_that_is_waited_for_moves_nothing(
    browser: Any, address: str, home: Workspace
) -> None:
    with page_of(browser, address) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        go(page, "Explore")
        network = Network(page).ready()
        before = network.root.bounding_box()
        place = network.at_rest(f"{CASE}:twitter")
        kill(*supervisors(home), server_process(home))
        page.mouse.click(*place)
        page.get_by_text("Reaching the database").first.wait_for()
        assert network.root.bounding_box() == before
        shoot(page, "reaching-1280-light")
        page.locator(".sutra .name", has_text="Twitter").wait_for()
        assert seen.errors == []

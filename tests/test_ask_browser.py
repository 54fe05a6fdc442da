"""Search, paths and questions in a real browser, with real keys and a real pointer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browser import Network, Watched, page_of, settled
from playwright.sync_api import expect
from test_app_browser import address, home, shoot

from graph.workspace import Workspace

__all__ = ["address", "home"]  # fixtures, used by name

pytestmark = pytest.mark.browser

CASE = "twitter-blocking-orders-2021"
PATIENT = 60_000
SLOW = (
    "MATCH (a:Entity) MATCH (b:Entity) MATCH (c:Entity) MATCH (d:Entity) "
    "WHERE a.caption + b.caption + c.caption + d.caption = 'x' RETURN count(*) AS n"
)


def paths_page(seen: Watched) -> Any:
    """The page of paths, before anything is chosen."""
    page = seen.page
    page.set_default_timeout(PATIENT)
    page.get_by_role("link", name="Paths").click()
    page.get_by_text("Choose both ends of the way").wait_for()
    return page


def pick(page: Any, field: str, text: str, name: str) -> None:
    """Choose an entity by the keyboard alone."""
    box = page.get_by_role("combobox", name=field, exact=True)
    box.fill(text)
    expect(page.get_by_role("option", name=name).first).to_be_visible(timeout=PATIENT)
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(name, timeout=PATIENT)


def test_search_by_the_keyboard_from_another_script(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        box = page.get_by_role("combobox", name="Search")
        box.wait_for()
        page.keyboard.press("/")
        expect(box).to_be_focused()
        page.keyboard.type("джек", delay=30)
        option = page.get_by_role("option", name="Jack Dorsey")
        expect(option).to_contain_text("person")
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(box).to_have_attribute("aria-expanded", "false")

        box.fill("twitter")
        page.get_by_role("group", name="What is said of them").wait_for()
        shoot(page, "search-1280-light")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        lit = page.get_by_role("option", selected=True)
        expect(lit).to_have_count(1)
        expect(box).to_have_attribute("aria-activedescendant", str(lit.get_attribute("id")))

        box.fill("जैक")
        box.press("Enter")
        page.locator(".sutra .name", has_text="Jack Dorsey").wait_for()
        assert seen.errors == []
        assert seen.strangers == []


def test_paths_are_drawn_told_lit_and_missed_with_a_way_on(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        page = paths_page(seen)
        pick(page, "From", "twitter", "Twitter")
        pick(page, "To", "government of", "Government of India")
        page.get_by_text("6 shortest ways lead from Twitter").wait_for()
        network = Network(page).ready()
        page.get_by_role("button", name="2. over").click()
        page.locator(".sutra .evidence").first.wait_for()
        shoot(page, "paths-1280-light")
        page.get_by_role("button", name="Swap").click()
        page.get_by_text("6 shortest ways lead from Government").wait_for()

        settled(page)  # the columns change their sides
        network.ready().click(f"{CASE}:order-first")
        page.get_by_role("button", name="End here").click()
        page.get_by_text("shortest way leads from Government of India to First").wait_for()

        pick(page, "From", "dorsey", "Jack Dorsey")
        pick(page, "To", "baker", "Jim Baker")
        page.get_by_text("from Jack Dorsey to Jim Baker").wait_for()
        steps = page.get_by_label("Steps at most")
        steps.fill("1")
        steps.press("Enter")
        page.get_by_text("No way of at most 1 step joins").wait_for()
        page.get_by_text("The shortest way has 2 steps.").wait_for()
        page.get_by_role("button", name="Show that way").click()
        page.get_by_text("from Jack Dorsey to Jim Baker").wait_for()
        assert seen.errors == []
        assert seen.strangers == []


def test_what_was_chosen_last_is_kept_whatever_runs_meanwhile(browser: Any, address: str) -> None:
    with page_of(browser, address) as seen:
        page = paths_page(seen)
        box = page.get_by_role("combobox", name="From", exact=True)
        # Another one, once the page has taken over the first.
        for text, name in (("dorsey", "Jack Dorsey"), ("baker", "Jim Baker"), ("tw", "Twitter")):
            pick(page, "From", text, name)
            settled(page)
            expect(box).to_have_value(name)
        # Something else is asked for at the same moment.
        alleged = page.get_by_text("Also over what is only alleged")
        for text, name in (("dorsey", "Jack Dorsey"), ("government of", "Government of India")):
            to = page.get_by_role("combobox", name="To", exact=True)
            to.fill(text)
            page.get_by_role("option", name=name).first.click()
            alleged.click()
            settled(page)
            expect(to).to_have_value(name)
            page.get_by_text(f"from Twitter to {name}").wait_for()
        assert seen.errors == []


def test_a_field_that_is_made_anew_goes_on_with_what_was_typed(browser: Any, address: str) -> None:
    """The real module, mounted beside the app as Streamlit mounts it, at a moment of our choice."""
    with page_of(browser, address) as seen:
        page = seen.page
        page.get_by_role("combobox", name="Search").wait_for()
        page.evaluate(
            """async () => {
              const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
              const url = loaded.find((name) => /sutra[.]search.*[.]js/.test(name));
              const { default: mount } = await import(url);
              const data = {
                key: "invented", label: "Invented", placeholder: "", pick: true, hideLabel: false,
                chosen: null, slash: false, reset: 0,
                answer: { seq: 0, groups: [], empty: "", error: "" },
              };
              window.asked = [];
              const setTriggerValue = (name, { text }) => window.asked.push(`${name} ${text}`);
              let unmount, place;
              window.anew = () => {
                // The element goes first, and its field hears of it later.
                place?.remove();
                unmount?.();
                place = document.body.appendChild(document.createElement("div"));
                place.style.cssText = "position: fixed; top: 90px; left: 40px; z-index: 9";
                unmount = mount({ parentElement: place, data, setTriggerValue });
              };
              window.anew();
            }"""
        )
        box = page.get_by_role("combobox", name="Invented")
        box.click()
        page.keyboard.type("two wor")
        page.evaluate("() => { window.asked.length = 0; window.anew(); }")
        expect(box).to_be_focused()
        page.keyboard.type("ds")
        expect(box).to_have_value("two words")
        page.wait_for_function("() => window.asked.includes('typed two words')")
        # Whoever left the field is not called back to it.
        box.evaluate("field => field.blur()")
        page.wait_for_timeout(200)
        page.evaluate("() => window.anew()")
        expect(box).to_have_value("")
        expect(box).not_to_be_focused()


def test_questions_are_asked_written_kept_and_called_off(
    browser: Any, address: str, home: Workspace
) -> None:
    with page_of(browser, address) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        page.get_by_role("link", name="Questions").click()
        page.get_by_role("button", name="How two actors are connected").click()
        page.get_by_text("12 rows in").wait_for()
        Network(page).ready()
        expect(page).to_have_url(re.compile(r"question=connections$"))
        pick(page, "From", "baker", "Jim Baker")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text(re.compile(r"^(?!12 )\d+ rows in")).wait_for()
        expect(page).to_have_url(re.compile(r"question=connections$"))
        page.get_by_text("Table", exact=True).click()
        page.get_by_test_id("stDataFrame").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV", exact=True).click()
        assert Path(download.value.path()).read_text("utf-8").startswith("way,hop,from")
        settled(page)  # the page looks after the file that it gave out

        page.get_by_role("button", name="Write your own").click()
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text(re.compile(r"rows in")).wait_for()
        page.get_by_text("Save as a question of ours").click()
        page.get_by_label("Name of the file").fill("people-here")
        page.get_by_label("Title", exact=True).fill("People here")
        page.get_by_label("The question, in a reporter's words").fill("Who is in it?")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("Saved as").wait_for()
        assert (home.root / "queries" / "people-here.cypher").is_file()

        page.get_by_role("button", name="Write your own").click()
        editor = page.get_by_label("Cypher", exact=True)
        editor.fill("MATCH (n) DETACH DELETE n")
        editor.press("Control+Enter")
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("a query may only read").wait_for()
        editor.fill(SLOW)
        editor.press("Control+Enter")
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text("You called this off").wait_for()
        assert seen.errors == []
        assert seen.strangers == []

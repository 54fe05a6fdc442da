"""A story by hand: written beside the network, kept with the board, walked through on the page."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from browser import Network, near, page_of, settled
from pages import CASE, explore, shoot
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TWITTER, DORSEY = f"{CASE}:twitter", f"{CASE}:dorsey"


def write(page: Any, title: str, text: str) -> None:
    page.get_by_role("button", name="Add a step").click()
    field = page.get_by_role("textbox", name="Title")
    field.fill(title)
    field.press("Tab")
    settled(page)
    page.get_by_role("textbox", name="Text").fill(text)
    page.get_by_role("textbox", name="Text").press("Tab")
    settled(page)


def flown(page: Any) -> str:
    """What part of the drawing is seen once that no longer changes."""
    seen = None
    while seen != (seen := page.locator("svg.net").get_attribute("viewBox")):
        page.wait_for_timeout(300)
    return str(seen)


def titled(page: Any, *titles: str) -> None:
    """Wait until the story has these steps."""
    for number, title in enumerate(titles, start=1):
        page.locator(".sutra .sentence", has_text=f"{number}. {title}").wait_for()
    expect(page.get_by_role("button", name="Take out")).to_have_count(len(titles))


def test_a_story_is_written_on_a_board_and_walked_through_on_the_page(
    browser: Any, address: str, tmp_path: Path
) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        page.set_default_timeout(30_000)
        network.click(TWITTER)
        page.locator(".sutra .name", has_text="Twitter").wait_for()
        page.get_by_role("button", name="Story").click()
        page.get_by_role("button", name="Add a step").wait_for()
        settled(page)
        page.get_by_role("button", name="Zoom in").click()
        settled(page)
        write(page, "The platform", "It was asked to <b>block</b>.")
        # What happens to be selected is not lit before it is added.
        expect(page.get_by_role("combobox", name="Lights")).to_have_value("")
        expect(page.locator("[data-testid=stMultiSelect] [data-baseweb=tag]")).to_have_count(0)
        page.get_by_role("button", name="Add what is selected").click()
        settled(page)
        network.click(DORSEY)
        settled(page)
        page.get_by_role("button", name="Add what is selected").click()
        settled(page)
        # What is half written is there again after a look at another page.
        page.get_by_role("textbox", name="Text").fill("It was asked to <b>block</b>. Twice.")
        page.get_by_role("textbox", name="Text").press("Tab")
        settled(page)
        page.get_by_role("link", name="Boards").click()
        page.get_by_role("heading", name="Boards").wait_for()
        page.get_by_role("link", name="Explore").click()
        expect(page.get_by_role("textbox", name="Title")).to_have_value("The platform")
        text = page.get_by_role("textbox", name="Text")
        expect(text).to_have_value("It was asked to <b>block</b>. Twice.")
        settled(page)
        text.fill("It was asked to <b>block</b>.")
        text.press("Tab")
        settled(page)
        shoot(page, "story-writing-1280-light")
        page.get_by_role("button", name="Keep the step").click()
        page.get_by_text("lights Twitter, Jack Dorsey · looks at a part").wait_for()
        near_place = network.at_rest(DORSEY)
        write(page, "All of it", "And so on.")
        page.get_by_role("button", name="Add what is selected").click()
        settled(page)
        page.get_by_text("at the whole").click()
        settled(page)
        page.get_by_role("button", name="Keep the step").click()
        page.get_by_text("lights Jack Dorsey · looks at the whole").wait_for()
        titled(page, "The platform", "All of it")

        page.get_by_role("button", name="Show").nth(1).click()
        page.locator(f".sutra-network[data-lit='{DORSEY}']").wait_for()
        settled(page)
        assert not near(network.at_rest(DORSEY), near_place)
        page.get_by_role("button", name="Show").first.click()
        page.locator(f".sutra-network[data-lit='{DORSEY} {TWITTER}']").wait_for()
        network.comes_to(DORSEY, near_place)
        shoot(page, "story-shown-1280-light")
        page.get_by_role("button", name="Stop showing").click()
        page.locator(".sutra-network[data-lit='']").wait_for()

        page.get_by_role("button", name="Down", exact=True).first.click()
        titled(page, "All of it", "The platform")
        page.get_by_role("button", name="Take out").first.click()
        titled(page, "The platform")
        page.get_by_role("button", name="Undo").first.click()
        titled(page, "All of it", "The platform")
        page.get_by_role("button", name="Undo").first.click()
        titled(page, "The platform", "All of it")

        page.get_by_role("button", name="Board").click()
        body = page.locator("[data-testid=stPopoverBody]")
        body.get_by_role("textbox", name="Title").fill("A story of two")
        body.get_by_role("button", name="Keep as a new board").click()
        page.get_by_text("Kept as “A story of two”").wait_for()
        settled(page)
        link = page.url
        # Somebody else opens it, and makes the page of it.
        page.goto(link)
        Network(page).ready()
        page.get_by_role("button", name="Story (2)").click()
        titled(page, "The platform", "All of it")
        page.get_by_role("link", name="Export").click()
        page.get_by_text("Make a story of the page (2 steps)").wait_for()
        page.set_default_timeout(120_000)
        page.get_by_role("button", name="Look at what would leave").click()
        page.get_by_alt_text("The picture as it would leave").wait_for()
        page.get_by_text("I have read what stayed behind").click()
        take = page.get_by_role("button", name="Download the pack")
        expect(take).to_be_enabled()
        with page.expect_download() as waiting:
            take.click()
        with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
            name = next(n for n in archive.namelist() if n.endswith("page.html"))
            (tmp_path / "page.html").write_bytes(archive.read(name))
        assert seen.errors == []
    with page_of(browser, (tmp_path / "page.html").as_uri()) as seen:
        page = seen.page
        now = page.locator(".story section.now")
        expect(now).to_have_text(re.compile(r"^\s*The platform"))
        expect(now).to_contain_text("It was asked to <b>block</b>.")
        expect(page.locator("g.entity.lit")).to_have_count(2)
        lit = page.locator("g.entity.lit").evaluate_all("all => all.map(g => g.dataset.id).sort()")
        assert lit == ["dorsey", "twitter"]
        close = flown(page)
        shoot(page, "story-page-1280-light")
        page.get_by_role("button", name="Next").click()
        expect(now).to_have_text(re.compile(r"^\s*All of it"))
        expect(page.locator("svg.net")).not_to_have_attribute("viewBox", close)
        assert flown(page) != close
        expect(page.locator("g.entity.lit")).to_have_attribute("data-id", "dorsey")
        assert seen.errors == []


def test_a_half_written_step_is_asked_about_before_it_is_lost_and_a_refusal_names_the_step(
    browser: Any, address: str
) -> None:
    with page_of(browser, f"{address}/explore") as seen:
        page, network = seen.page, explore(seen)
        page.set_default_timeout(30_000)
        network.click(TWITTER)
        page.locator(".sutra .name", has_text="Twitter").wait_for()
        page.get_by_role("button", name="Story").click()
        write(page, "A first step", "In which nothing is lit.")
        page.get_by_role("button", name="Keep the step").click()
        page.get_by_text("lights nothing apart · looks at a part").wait_for()
        page.get_by_role("button", name="Add a step").click()
        page.get_by_role("textbox", name="Title").wait_for()
        settled(page)
        field = page.get_by_role("textbox", name="Text")
        # While the cursor is in the field nobody but the browser knows of what is typed there.
        field.press_sequentially("so says prakash")
        with page.expect_event("dialog") as waiting:
            page.evaluate("() => void setTimeout(() => location.reload(), 0)")
        assert waiting.value.type == "beforeunload"
        waiting.value.dismiss()
        expect(field).to_have_value("so says prakash")
        page.get_by_role("textbox", name="Title").fill("A second step")
        page.get_by_role("textbox", name="Title").press("Tab")
        settled(page)
        # What was typed and is known to the server is asked about as well.
        with page.expect_event("dialog") as waiting:
            page.evaluate("() => void setTimeout(() => location.reload(), 0)")
        waiting.value.dismiss()
        page.get_by_role("button", name="Keep the step").click()
        titled(page, "A first step", "A second step")

        page.get_by_role("link", name="Export").click()
        page.get_by_text("Decisions for this pack").click()
        private = page.get_by_role("textbox", name="Not to be named either")
        private.fill("sawhney")
        private.press("Tab")
        settled(page)
        page.set_default_timeout(120_000)
        page.get_by_role("button", name="Look at what would leave").click()
        refused = page.get_by_text("step 2 of the story, “A second step”")
        refused.wait_for()
        # It is read where the hand is, without a look for it.
        button = page.get_by_role("button", name="Look at what would leave").bounding_box()
        place = refused.bounding_box()
        assert place["y"] > 0
        assert place["y"] + place["height"] <= 900
        assert abs(place["y"] - button["y"]) < 250
        shoot(page, "story-refused-1280-light")
        expect(page.get_by_role("button", name="Download the pack")).to_have_count(0)
        # That it is another word is one decision, which the pack's report keeps.
        why = page.get_by_role("textbox", name="Why “prakash” is not the person")
        why.fill("a word of another language")
        why.press("Tab")
        settled(page)
        page.get_by_role("button", name="These are not the people").click()
        expect(page.get_by_role("textbox", name="Not the people")).to_have_value(
            "prakash = a word of another language"
        )
        settled(page)
        page.get_by_role("button", name="Look at what would leave").click()
        page.get_by_alt_text("The picture as it would leave").wait_for()
        page.get_by_role("tab", name="Look at this").click()
        page.get_by_role("row").filter(has_text="a word of another language").wait_for()
        shoot(page, "story-decided-1280-light")
        expect(page.get_by_role("button", name="These are not the people")).to_have_count(0)

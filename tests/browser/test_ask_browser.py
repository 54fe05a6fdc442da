"""Search, paths and questions in a real browser, with real keys and a real pointer."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from browser import Network, Watched, page_of, settled
from pages import CASE, SLOW, pick, shoot
from playwright.sync_api import expect

from graph.runtime.workspace import Workspace

pytestmark = pytest.mark.browser

PATIENT = 60_000


def paths_page(seen: Watched) -> Any:
    """The page of paths, before anything is chosen."""
    page = seen.page
    page.set_default_timeout(PATIENT)
    page.get_by_text("Choose both ends of the path").wait_for()
    return page


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
    with page_of(browser, f"{address}/paths") as seen:
        page = paths_page(seen)
        pick(page, "From", "twitter", "Twitter")
        pick(page, "To", "government of", "Government of India")
        page.get_by_text("6 shortest paths lead from Twitter").wait_for()
        network = Network(page).ready()
        page.get_by_role("button", name="2. over").click()
        page.locator(".sutra .evidence").first.wait_for()
        shoot(page, "paths-1280-light")
        page.get_by_role("button", name="Swap").click()
        page.get_by_text("6 shortest paths lead from Government").wait_for()

        settled(page)  # the columns change their sides
        network.ready().click(f"{CASE}:order-first")
        page.get_by_role("button", name="Paths to here").click()
        page.get_by_text("shortest path leads from Government of India to First").wait_for()

        pick(page, "From", "dorsey", "Jack Dorsey")
        pick(page, "To", "baker", "Jim Baker")
        page.get_by_text("from Jack Dorsey to Jim Baker").wait_for()
        steps = page.get_by_label("Steps at most")
        steps.fill("1")
        steps.press("Enter")
        page.get_by_text("No path of at most 1 step joins").wait_for()
        page.get_by_text("The shortest path has 2 steps.").wait_for()
        page.get_by_role("button", name="Show that path").click()
        page.get_by_text("from Jack Dorsey to Jim Baker").wait_for()
        assert seen.errors == []
        assert seen.strangers == []


def test_ways_are_narrowed_by_types_by_time_and_by_what_is_certain(
    browser: Any, address: str
) -> None:
    with page_of(browser, f"{address}/paths") as seen:
        page = paths_page(seen)
        pick(page, "From", "twitter", "Twitter")
        settled(page)
        pick(page, "To", "government of", "Government of India")
        page.get_by_text("6 shortest paths lead from Twitter").wait_for()
        steps = page.get_by_label("Steps at most")
        place = steps.bounding_box()
        page.get_by_text("Types of connection and time").click()
        settled(page)
        types = page.get_by_role("combobox", name="Types of connection")
        for words in ("was addressed to", "issued"):
            types.fill(words)
            page.get_by_role("option", name=words, exact=True).click()
            page.keyboard.press("Tab")
            settled(page)
        page.get_by_text("3 shortest paths lead from Twitter").wait_for()
        shoot(page, "paths-terms-1280-light")
        # What is opened leaves no gap above the fields beside it.
        assert steps.bounding_box() == place
        page.get_by_text("all connections but these").click()
        page.get_by_text("2 shortest paths lead from Twitter").wait_for()
        settled(page)
        page.get_by_role("button", name="Clear all").click()
        page.get_by_text("6 shortest paths lead from Twitter").wait_for()

        # Two people who met on the tenth.
        for field, text, name in (
            ("From", "baker", "Jim Baker"), ("To", "sawhney", "Ajay Prakash Sawhney"),
        ):  # fmt: skip
            settled(page)
            pick(page, field, text, name)
        page.get_by_text("One shortest path leads from Jim Baker").wait_for()
        settled(page)
        type_day(page, "Had begun by", "20210209")
        page.get_by_text("No path of at most 4 steps joins").wait_for()
        page.get_by_text("what had begun by 9 Feb 2021").wait_for()
        type_day(page, "Had begun by", "20210210")
        page.get_by_text("One shortest path leads from Jim Baker").wait_for()
        settled(page)
        type_day(page, "Had not ended before", "20210211")
        page.get_by_text("what had not ended before 11 Feb 2021").wait_for()
        # One press leads away from an open calendar, for good.
        page.get_by_role("spinbutton").and_(page.get_by_label("Had begun by")).first.click()
        page.keyboard.type("20210212")
        page.locator("[data-testid=stDateInputCalendar]").wait_for()
        page.get_by_role("link", name="Boards").hover()
        page.mouse.down()
        page.wait_for_timeout(120)  # as long as a finger stays
        page.mouse.up()
        page.get_by_role("heading", name="Boards", exact=True).wait_for()
        settled(page)
        assert page.get_by_role("heading", name="Boards", exact=True).is_visible()
        assert seen.errors == []


def type_day(page: Any, label: str, digits: str) -> None:
    """Write a day into a date field, by keys."""
    field = page.get_by_role("spinbutton").and_(page.get_by_label(label, exact=False)).first
    field.click()
    page.keyboard.type(digits)
    page.keyboard.press("Escape")  # the calendar closes, and the day is taken over
    settled(page)


def test_what_is_only_possibly_the_same_joins_only_if_asked(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/paths") as seen:
        page = paths_page(seen)
        pick(page, "From", "emergency", "Emergency order on the hashtag")
        settled(page)
        pick(page, "To", "first account", "First account order (257 accounts)")
        page.get_by_text("2 shortest paths lead from Emergency order").wait_for()
        page.get_by_text("Also over what is only possibly the same").click()
        page.get_by_text("One shortest path leads from Emergency order").wait_for()
        page.get_by_text("may be the same as").first.wait_for()
        assert seen.errors == []


def test_a_thing_on_a_way_lights_its_ways_and_has_a_menu(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/paths", height=1200) as seen:
        page = paths_page(seen)
        pick(page, "From", "twitter", "Twitter")
        settled(page)
        pick(page, "To", "government of", "Government of India")
        page.get_by_text("6 shortest paths lead from Twitter").wait_for()
        network = Network(page).ready()
        settled(page)
        network.click(f"{CASE}:order-first")
        page.get_by_role("button", name="Paths to here").wait_for()
        settled(page)
        lit = network.data("lit").split()
        assert {f"{CASE}:{n}" for n in ("order-first", "twitter", "government-of-india")} < {*lit}
        assert f"{CASE}:order-second" not in lit
        network.click(f"{CASE}:order-second", button="right")
        page.get_by_role("menuitem", name="Paths to here", exact=True).click()
        page.get_by_text("shortest path leads from Twitter to Second account order").wait_for()
        assert seen.errors == []


def open_question(page: Any, title: str) -> None:
    page.get_by_role("button", name=title, exact=True).click()
    page.get_by_text(re.compile(r"^\d+ rows? in")).wait_for()
    settled(page)


def test_a_question_low_in_the_list_shows_its_answer_from_the_top(
    browser: Any, address: str
) -> None:
    with page_of(browser, f"{address}/questions") as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        open_question(page, "The sequence of events")
        heading = page.get_by_role("heading", name="The sequence of events")
        expect(heading).to_be_in_viewport()
        # Far down in a long answer the list is still there.
        page.get_by_role("button", name="Edit a copy").scroll_into_view_if_needed()
        expect(heading).not_to_be_in_viewport()
        again = page.get_by_role("button", name="What followed a meeting")
        expect(again).to_be_in_viewport()
        open_question(page, "What followed a meeting")
        expect(page.get_by_role("heading", name="What followed a meeting")).to_be_in_viewport()
        assert seen.errors == []


@pytest.mark.parametrize("width", [800, 1280])
def test_a_question_of_time_is_a_timeline_with_its_rows(
    browser: Any, address: str, width: int
) -> None:
    with page_of(browser, f"{address}/questions", width=width) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        open_question(page, "The sequence of events")
        line = page.locator(".sutra table.timeline")
        fort = line.get_by_role("row", name=re.compile("^26 Jan 2021.*Red Fort disturbance"))
        expect(fort).to_contain_text("inferred: year from report")
        meeting = line.get_by_role("row", name=re.compile("^10 Feb 2021.*Meeting of IT"))
        by_then = line.get_by_role("row", name=re.compile("^by 10 Feb 2021.*Reduced"))
        first, later = (row.locator(".track i").bounding_box() for row in (fort, meeting))
        range_ = by_then.locator(".track i").bounding_box()
        # One after the other, each a dot; what has no beginning reaches from the left to its end.
        assert first["x"] + first["width"] < later["x"]
        assert first["width"] < 15 < range_["width"]
        assert range_["x"] <= first["x"] + first["width"]
        assert math.isclose(range_["x"] + range_["width"], later["x"] + later["width"], abs_tol=9)
        page.get_by_test_id("stDataFrame").wait_for()
        page.get_by_test_id("stDataFrame").scroll_into_view_if_needed()
        shoot(page, f"timeline-{width}-light")
        assert seen.errors == []


def test_a_row_is_read_by_a_reporter_and_leads_to_what_it_stands_on(
    browser: Any, address: str
) -> None:
    with page_of(browser, f"{address}/questions") as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        open_question(page, "Claims that differ")
        table = page.get_by_test_id("stDataFrame")
        frame = table.bounding_box()
        page.mouse.click(frame["x"] + 16, frame["y"] + 70)
        page.locator(".sutra .evidence").first.wait_for()
        heads = page.locator(".sutra dt").all_text_contents()
        assert "One says" in heads
        # Neither ids nor the same name twice.
        assert not {"About name", "One", "Other"} & set(heads)
        page.get_by_role("button", name="Explore First account order (257 accounts)").click()
        page.locator(".sutra .name", has_text="First account order").wait_for()
        assert seen.errors == []


def test_fields_are_called_what_they_say_and_stand_in_rows(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/questions") as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        open_question(page, "How two actors are connected")
        form = page.locator(".st-key-question-form")
        names = form.locator("[aria-label]").evaluate_all(
            "all => all.map((e) => e.getAttribute('aria-label'))"
        )
        assert names
        assert not [name for name in names if "\\" in name]
        boxes = [
            form.get_by_role("combobox", name="From", exact=True).bounding_box(),
            form.get_by_role("combobox", name="To", exact=True).bounding_box(),
            form.get_by_label("Steps at most").bounding_box(),
        ]
        middles = [box["y"] + box["height"] / 2 for box in boxes]
        assert max(middles) - min(middles) < 2
        assert seen.errors == []


def test_what_was_chosen_last_is_kept_whatever_runs_meanwhile(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/paths") as seen:
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


def inside(network: Network, *ids: str) -> None:
    """Check that these lie within the frame, with room for a mark."""
    frame = network.root.bounding_box()
    for id_ in ids:
        x, y = network.at(id_)
        assert frame["x"] + 10 < x < frame["x"] + frame["width"] - 10, id_
        assert frame["y"] + 10 < y < frame["y"] + frame["height"] - 10, id_


def test_another_answer_is_shown_whole_and_a_zoom_on_the_same_one_stays(
    browser: Any, address: str
) -> None:
    twitter, dorsey, government, baker = (
        f"{CASE}:{name}" for name in ("twitter", "dorsey", "government-of-india", "baker")
    )
    with page_of(browser, f"{address}/paths") as seen:
        page = paths_page(seen)
        pick(page, "From", "twitter", "Twitter")
        settled(page)
        pick(page, "To", "dorsey", "Jack Dorsey")
        page.get_by_text("One shortest path leads from Twitter to Jack Dorsey").wait_for()
        network = Network(page).ready()
        settled(page)
        inside(network, twitter, dorsey)
        for _ in range(3):
            network.root.get_by_label("Zoom in").click()
        pick(page, "To", "government of", "Government of India")
        page.get_by_text("6 shortest paths lead from Twitter").wait_for()
        settled(page)
        inside(network, twitter, government)
        # The reader's own zoom on this answer stays, whatever runs.
        network.root.get_by_label("Zoom in").click()
        place = network.at(government)
        page.get_by_role("button", name="2. over").click()
        page.locator(".sutra .evidence").first.wait_for()
        network.stays_at(government, place)
        network.click(twitter)
        network.says("selected", twitter)
        network.stays_at(government, place)
        # And the answer before, asked for again, is shown whole again.
        pick(page, "To", "dorsey", "Jack Dorsey")
        page.get_by_text("One shortest path leads from Twitter to Jack Dorsey").wait_for()
        settled(page)
        inside(network, twitter, dorsey)
        # The same where no way is found, and on the page of questions.
        page.get_by_label("Steps at most").fill("1")
        page.get_by_label("Steps at most").press("Enter")
        settled(page)
        pick(page, "From", "baker", "Jim Baker")
        page.get_by_text("No path of at most 1 step joins").wait_for()
        network.ready()
        settled(page)
        inside(network, baker, dorsey)
        page.get_by_role("link", name="Questions").click()
        open_question(page, "How two actors are connected")
        network.ready()
        for _ in range(3):
            network.root.get_by_label("Zoom in").click()
        pick(page, "From", "baker", "Jim Baker")
        settled(page)
        pick(page, "To", "dorsey", "Jack Dorsey")
        settled(page)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text(re.compile(r"^(?!12 )\d+ rows in")).wait_for()
        settled(page)
        inside(network, baker, dorsey)
        assert seen.errors == []


def test_a_copy_is_edited_with_the_values_that_were_asked(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/questions") as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        # Twice, with other values: the second copy has its own.
        for text, name, steps in (("baker", "Jim Baker", "6"), ("dorsey", "Jack Dorsey", "3")):
            open_question(page, "How two actors are connected")
            pick(page, "From", text, name)
            settled(page)
            page.get_by_label("Steps at most").fill(steps)
            page.get_by_label("Steps at most").press("Enter")
            settled(page)
            page.get_by_text("Also over what is only possibly the same").click()
            settled(page)
            page.get_by_role("button", name="Ask", exact=True).click()
            settled(page)
            rows = page.get_by_text(re.compile(r"^\d+ rows? in")).inner_text().partition(" in")[0]
            page.get_by_role("button", name="Edit a copy").click()
            page.get_by_role("heading", name="Your own query").wait_for()
            settled(page)
            field = page.get_by_role("combobox", name="From", exact=True)
            expect(field).to_have_value(name)
            expect(page.get_by_role("combobox", name="To", exact=True)).to_have_value(
                "Government of India"
            )
            expect(page.get_by_label("Steps at most")).to_have_value(steps)
            expect(page.get_by_label("Also over what is only possibly the same")).to_be_checked()
            shoot(page, "copy-1280-light")
            page.get_by_role("button", name="Run", exact=True).click()
            page.get_by_text(f"{rows} in").wait_for()
            settled(page)
        assert seen.errors == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1920, True)])
def test_a_fault_is_pointed_at_and_a_failed_query_can_still_be_kept(
    browser: Any, address: str, home: Workspace, width: int, dark: bool
) -> None:
    written = ["MATCH (Somebody:Person)", "  WHERE Somebody.caption = 'Ünï *x*'", "RETRUN Somebody"]
    with page_of(browser, f"{address}/questions", width=width, dark=dark) as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        page.get_by_role("button", name="Write your own").click()
        editor = page.get_by_label("Cypher", exact=True)
        editor.fill("\n".join(written))
        editor.press("Control+Enter")
        settled(page)
        run = page.get_by_role("button", name="Run", exact=True)
        run.click()
        page.get_by_text("(line 3, column 1)").wait_for()
        assert "RETRUN" in page.get_by_test_id("stAlert").inner_text()
        code = page.get_by_test_id("stCode")
        expect(code).to_have_text(f"{written[2]}\n^", use_inner_text=True)
        # Within a line the caret stands under the place, and what is written stays as it is.
        editor.fill("\n".join([written[0], "RETURN Somebody.caption AS WHO SAID"]))
        editor.press("Control+Enter")
        settled(page)
        run.click()
        page.get_by_text("(line 2, column 32)").wait_for()
        expect(code).to_have_text(
            "RETURN Somebody.caption AS WHO SAID\n" + " " * 31 + "^", use_inner_text=True
        )
        settled(page)
        shoot(page, f"fault-{width}-{'dark' if dark else 'light'}")
        # What fails at last can be kept: the panel stays open from field to field.
        editor.fill("MATCH (p:Person) WHERE p.case = $case RETURN 1 / 0 AS part ORDER BY part")
        editor.press("Control+Enter")
        settled(page)
        run.click()
        page.get_by_text("by zero").wait_for()
        expect(code).to_have_count(0)
        settled(page)
        page.get_by_text("Save as a question of ours").click()
        name = f"failed-{width}"
        fields = (("Name of the file", name), ("Title", "Failed"),
                  ("The question, in a reporter's words", "Who said it?"))  # fmt: skip
        for label, text in fields:
            field = page.get_by_label(label, exact=True)
            field.fill(text)
            page.keyboard.press("Tab")
            settled(page)
            expect(field).to_be_visible()
            expect(field).to_have_value(text)
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("Saved as").wait_for()
        assert (home.root / "queries" / f"{name}.cypher").is_file()
        assert seen.errors == []


@pytest.mark.parametrize("letters", ["x" * 500, "https://a.example/" + "a%20b" * 120, "अ" * 700])
def test_what_is_the_same_in_every_row_is_read_within_the_page(
    browser: Any, address: str, letters: str
) -> None:
    with page_of(browser, f"{address}/questions") as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        page.get_by_role("button", name="Write your own").click()
        editor = page.get_by_label("Cypher", exact=True)
        editor.fill(f"UNWIND [1, 2] AS n RETURN n, '{letters}' AS words")
        editor.press("Control+Enter")
        settled(page)
        page.get_by_role("button", name="Run", exact=True).click()
        said = page.get_by_text("In every row")
        said.first.wait_for()
        assert said.first.evaluate("e => e.closest('.sutra').scrollWidth") <= said.first.evaluate(
            "e => e.closest('.sutra').clientWidth"
        )
        assert seen.errors == []


def test_questions_are_asked_written_kept_and_called_off(
    browser: Any, address: str, home: Workspace
) -> None:
    with page_of(browser, f"{address}/questions") as seen:
        page = seen.page
        page.set_default_timeout(PATIENT)
        page.get_by_role("button", name="How two actors are connected").click()
        page.get_by_text("12 rows in").wait_for()
        Network(page).ready()
        expect(page).to_have_url(re.compile(r"question=connections$"))
        pick(page, "From", "baker", "Jim Baker")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text(re.compile(r"^(?!12 )\d+ rows in")).wait_for()
        # Whom it is about stands in no address.
        expect(page).to_have_url(re.compile(r"run=[0-9a-f]{20}$"))
        page.get_by_text("Table", exact=True).click()
        page.get_by_test_id("stDataFrame").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV", exact=True).click()
        assert Path(download.value.path()).read_text("utf-8").startswith("path,hop,from")
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
        # What is done next does not take the notice away before it was read.
        page.get_by_role("button", name="Edit a copy").click()
        settled(page)
        expect(page.get_by_text("Saved as")).to_have_count(1)

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

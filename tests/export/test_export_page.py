"""The page that an export makes, opened from disk by a browser that has no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from export_case import written

from exports.publication import Publication

pytestmark = [pytest.mark.browser, pytest.mark.embedded]


@pytest.fixture(scope="module")
def address(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("page") / "page.html"
    file.write_bytes(written("page", publication)["page.html"])
    return file.as_uri()


@contextmanager
def opened(browser: Any, address: str, **how: Any) -> Iterator[tuple[Any, list[str]]]:
    """The page, and everything that it asked for or that went wrong on it."""
    context = browser.new_context(offline=True, **how)
    page, seen = context.new_page(), []
    page.on("console", lambda m: seen.append(m.text))
    page.on("pageerror", lambda e: seen.append(str(e)))
    page.on("dialog", lambda d: seen.append(d.message))
    page.on("request", lambda r: seen.append(r.url) if r.url != address else None)
    page.goto(address)
    try:
        yield page, seen
    finally:
        context.close()


def test_it_opens_offline_asks_for_nothing_and_breaks_no_rule(browser: Any, address: str) -> None:
    for scheme in ("light", "dark"):
        with opened(browser, address, color_scheme=scheme) as (page, seen):
            assert page.locator("html").get_attribute("lang") == "en"
            assert page.locator("svg.net g.entity").count() > 5
            assert page.evaluate("document.querySelectorAll('img, iframe, link').length") == 0
            assert seen == []


def test_a_click_reads_what_is_said_and_where(browser: Any, address: str) -> None:
    with opened(browser, address) as (page, seen):
        page.locator('g.entity[data-id="ulla"] .mark').click()
        panel = page.locator("aside")
        assert "took part in Meeting in the fog" in panel.inner_text()
        assert "The mayor met the keeper Ivo Teal" in panel.inner_text()
        assert panel.get_by_role("link", name="S1").first.get_attribute("href") == "#s1"
        page.locator('g.entity[data-id="board"]').press("Enter")
        assert "Lamp Board" in panel.inner_text()
        assert seen == []


def test_search_lights_what_it_finds_and_steps_walk(browser: Any, address: str) -> None:
    with opened(browser, address) as (page, seen):
        assert "It came." in page.locator(".story section.now").inner_text()
        assert page.locator("g.entity.lit").get_attribute("data-id") == "board"
        page.get_by_role("searchbox").fill("keeper")
        assert page.locator(".facts article:visible").count() < page.locator("article").count()
        assert "found" in page.locator("#count").inner_text()
        assert seen == []


def test_on_paper_there_is_all_of_it_whatever_the_screen_shows(browser: Any, address: str) -> None:
    with opened(browser, address) as (page, seen):
        whole = page.locator("svg.net").get_attribute("viewBox")
        page.get_by_role("searchbox").fill("keeper")
        page.get_by_role("button", name="+").click()
        assert page.locator("svg.net.dim").count() == 1
        on_screen = page.locator("svg.net").get_attribute("viewBox")
        page.evaluate(
            """() => addEventListener("beforeprint", () => {
              window.printed = document.querySelector("svg.net").getAttribute("viewBox");
            })"""
        )
        data = page.pdf(format="A4", print_background=True)
        pages = len(re.findall(rb"/Type\s*/Page\b", data))
        assert 1 <= pages <= 3, "two dozen facts are a matter of two or three pages"
        numbers = [float(n) for n in page.evaluate("window.printed").split()]
        assert numbers == pytest.approx([float(n) for n in whole.split()], abs=0.01)
        assert page.locator("svg.net").get_attribute("viewBox") == on_screen
        page.emulate_media(media="print")
        faded = page.evaluate(
            """() => [...document.querySelectorAll("svg.net g[data-id]")]
              .filter((g) => getComputedStyle(g).opacity !== "1").length"""
        )
        assert faded == 0
        assert (
            page.locator(".facts article:visible").count() == page.locator(".facts article").count()
        )
        assert seen == []


def test_a_hand_that_zooms_takes_over_from_a_flight(browser: Any, address: str) -> None:
    with opened(browser, address) as (page, seen):
        page.wait_for_timeout(700)
        # In one go, so that the hand is there in the middle of the flight.
        soon, late = page.evaluate(
            """async () => {
              const net = document.querySelector("svg.net");
              const wide = () => Number(net.getAttribute("viewBox").split(" ")[2]);
              const press = (name) => document.querySelector(`[data-do=${name}]`).click();
              const wait = (ms) => new Promise((done) => setTimeout(done, ms));
              press("in");
              press("in");
              press("all");
              await wait(100);
              press("in");
              const soon = wide();
              await wait(700);
              return [soon, wide()];
            }"""
        )
        assert late == soon
        assert seen == []


def test_everything_can_be_read_without_script(
    browser: Any, address: str, publication: Publication
) -> None:
    with opened(browser, address, java_script_enabled=False) as (page, seen):
        assert page.locator(".facts article").count() == len(publication.facts)
        assert page.locator(".facts article").first.is_visible()
        assert page.locator(".sources li").count() == len(publication.sources)
        assert not page.get_by_role("searchbox").is_visible()
        assert seen == []


def test_its_policy_stops_what_is_not_its_own(browser: Any, address: str) -> None:
    with opened(browser, address) as (page, seen):
        page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.x = 1';"
            " document.body.append(s); }"
        )
        assert page.evaluate("window.x") is None
        assert any("Content Security Policy" in words for words in seen)


PHONE = {"viewport": {"width": 400, "height": 800}, "has_touch": True, "is_mobile": True}
_LABELS = """() => [...document.querySelectorAll("g.label:not(.off)")].map((g) => {
  const { left, top, right, bottom } = g.getBoundingClientRect();
  return [left, top, right, bottom, (bottom - top) / g.querySelectorAll("text").length];
})"""


@pytest.mark.parametrize("how", [PHONE, {"viewport": {"width": 1280, "height": 900}}])
def test_labels_can_be_read_and_lie_on_no_other(
    browser: Any, address: str, how: dict[str, Any]
) -> None:
    with opened(browser, address, **how) as (page, seen):
        page.wait_for_timeout(900)
        labels = page.evaluate(_LABELS)
        assert len(labels) > 2
        assert min(label[4] for label in labels) > 11
        for n, (left, top, right, bottom, _) in enumerate(labels):
            for other in labels[n + 1 :]:
                apart = other[0] >= right or other[2] <= left or other[1] >= bottom - 3
                assert apart or other[3] <= top + 3
        assert seen == []


def test_on_a_phone_a_tap_leads_to_what_is_said_and_back(browser: Any, address: str) -> None:
    with opened(browser, address, **PHONE) as (page, seen):
        net, panel = page.locator("svg.net"), page.locator("aside")
        page.get_by_role("button", name="The whole").tap()
        page.wait_for_timeout(900)
        net.scroll_into_view_if_needed()
        _, _, wide, high = map(float, net.get_attribute("viewBox").split())
        box = net.bounding_box()
        assert box["height"] <= max(262, box["width"] * high / wide + 2), "no blank above the map"
        page.locator('g.entity[data-id="ulla"] .mark').tap()
        page.wait_for_timeout(900)
        assert "took part in Meeting in the fog" in panel.inner_text()
        assert 0 <= panel.bounding_box()["y"] < 400
        panel.get_by_role("button", name="Back to the picture").tap()
        page.wait_for_timeout(900)
        assert 0 <= net.bounding_box()["y"] < 700
        assert seen == []


def test_on_a_phone_one_finger_scrolls_and_two_zoom(browser: Any, address: str) -> None:
    with opened(browser, address, **PHONE) as (page, seen):
        net = page.locator("svg.net")
        page.wait_for_timeout(900)
        net.evaluate("net => net.scrollIntoView({ block: 'center' })")
        touch = page.context.new_cdp_session(page)

        def moved(*ways: tuple[float, float, float, float]) -> None:
            for kind, t in [("touchStart", 0), *(("touchMove", k / 8) for k in range(1, 9))]:
                points = [
                    {"x": ax + (bx - ax) * t, "y": ay + (by - ay) * t, "id": n}
                    for n, (ax, ay, bx, by) in enumerate(ways)
                ]
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
                page.wait_for_timeout(30)
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            page.wait_for_timeout(300)

        def state() -> tuple[str, float]:
            return net.get_attribute("viewBox"), page.evaluate("scrollY")

        box, scrolled = net.bounding_box(), state()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        moved((x - 20, y, x - 80, y), (x + 20, y, x + 80, y))
        zoomed = state()
        assert zoomed[1] == scrolled[1]
        assert float(zoomed[0].split()[2]) < 0.5 * float(scrolled[0].split()[2])
        moved((x, y, x, y - 120))
        assert state()[1] > zoomed[1] + 60, "the page goes on"
        assert seen == []

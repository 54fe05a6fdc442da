"""The Export page in a browser: what would leave is read before it can be taken away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from browser import ROOT, Network, page_of, settled, streamlit_app
from pages import CASE, SCREENS
from playwright.sync_api import expect

from graph.runtime.workspace import Workspace

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(loaded_home: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # A script of its own, because the server's log is written beside it.
    script = tmp_path_factory.mktemp("app") / "app.py"
    script.write_text(f"import runpy\nrunpy.run_path({str(ROOT / 'app.py')!r})\n")
    with streamlit_app(script, env={"SUTRA_HOME": str(loaded_home.root)}) as url:
        yield url


def test_a_pack_is_looked_at_read_and_taken_away(browser: Any, address: str) -> None:
    with page_of(browser, f"{address}/export") as seen:
        page = seen.page
        page.set_default_timeout(120_000)
        page.get_by_role("textbox", name="Name of the pack").fill("orders-1")
        page.get_by_role("textbox", name="Licence").fill("CC BY 4.0")
        page.get_by_role("button", name="Look at what would leave").click()
        page.get_by_alt_text("The picture as it would leave").wait_for()
        page.get_by_text("DRAFT: not everything was checked").wait_for()
        page.get_by_role("tab", name="Allegations").click()
        take = page.get_by_role("button", name="Download the pack")
        expect(take).to_be_disabled()
        page.get_by_text("I have read what stayed behind").click()
        expect(take).to_be_enabled()
        with page.expect_download() as waiting:
            take.click()
        with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
            assert "orders-1/page.html" in archive.namelist()
            assert not any("newsroom" in name for name in archive.namelist())
        page.reload()
        expect(page.get_by_role("textbox", name="Licence")).to_have_value("CC BY 4.0")
        assert seen.errors == []
        assert seen.strangers == []


def test_who_may_be_named_is_decided_there_and_a_changed_pack_is_read_anew(
    browser: Any, address: str
) -> None:
    with page_of(browser, f"{address}/export") as seen:
        page = seen.page
        page.set_default_timeout(120_000)
        look = page.get_by_role("button", name="Look at what would leave")
        page.get_by_role("textbox", name="Name of the pack").fill("../orders")
        look.click()
        refused = page.get_by_text("cannot name a pack; use letters")
        refused.wait_for()
        assert abs(refused.bounding_box()["y"] - look.bounding_box()["y"]) < 150
        page.get_by_role("textbox", name="Name of the pack").fill("orders-2")
        look.click()
        page.get_by_role("tab", name="Not fully named").wait_for()
        read = page.get_by_role("checkbox", name="I have read what stayed behind")
        page.get_by_text("I have read what stayed behind").click()
        expect(read).to_be_checked()
        page.get_by_text("Who may be named").click()
        page.get_by_role("button", name="Decide", exact=True).click()
        page.get_by_text("A decision needs a reason").wait_for()
        choose(page, "On whom", "Jack Dorsey (person)")
        choose(page, "May be", "a made-up name")
        page.get_by_role("textbox", name="Why").fill("only for this test")
        page.get_by_role("textbox", name="Decided by").fill("case editor")
        page.get_by_role("button", name="Decide", exact=True).click()
        page.get_by_text("Jack Dorsey (person): a made-up name").wait_for()
        take = page.get_by_role("button", name="Download the pack")
        locked = page.get_by_text("Changed since you looked: who may be named.")
        locked.first.wait_for()
        expect(take).to_be_disabled()
        look.click()
        row = page.get_by_role("row").filter(has_text="only for this test, decided by case editor")
        row.wait_for()
        expect(locked).to_have_count(0)
        expect(read).not_to_be_checked()
        page.screenshot(path=SCREENS / "export-naming.png", full_page=True)
        page.get_by_role("button", name="Take back").click()
        locked.first.wait_for()
        look.click()
        expect(row).to_have_count(0)
        expect(page.get_by_text("Jack Dorsey (person): a made-up name")).to_have_count(0)


CHANGES = [
    ("Title", "Another title", "Title"),
    ("Name of the pack", "orders-4", "Name of the pack"),
    ("Licence", "All rights reserved", "Licence"),
    ("Embargo until", "2027-01-01", "Embargo until"),
    ("Not to be named either", "dorsey", "Not to be named either"),
    ("Leave out", "Meeting", "Leave out"),
    ("Belongs to the role", "x = y", "Belongs to the role"),
    ("No name here", "fog = a word", "No name here"),
    ("Not the people", "fog = firms", "Not the people"),
]


def test_whatever_decides_what_leaves_locks_the_download_until_it_is_looked_at(
    browser: Any, address: str
) -> None:
    with page_of(browser, f"{address}/export") as seen:
        page = seen.page
        page.set_default_timeout(120_000)
        look = page.get_by_role("button", name="Look at what would leave")
        take = page.get_by_role("button", name="Download the pack")
        # What is typed and opened while the page is first drawn stays.
        page.get_by_role("textbox", name="Name of the pack").fill("orders-3")
        page.get_by_text("Decisions for this pack").click()
        page.get_by_role("textbox", name="Leave out").wait_for()
        look.click()
        page.get_by_alt_text("The picture as it would leave").wait_for()
        page.get_by_text("I have read what stayed behind").click()
        expect(take).to_be_enabled()
        for label, value, words in CHANGES:
            field = page.get_by_role("textbox", name=label)
            before = field.input_value()
            for text in (value, before):
                field.fill(text)
                field.press("Tab")
                settled(page)
                told = page.get_by_text(
                    f"Changed since you looked: {words}. The download is locked"
                )
                expect(told).to_have_count(2 if text == value else 0)
                (expect(take).to_be_disabled if text == value else expect(take).to_be_enabled)()
        page.screenshot(path=SCREENS / "export-unlocked.png", full_page=True)
        # What is typed and not yet known to the page does not slip through with the press.
        taken: list[Any] = []
        page.on("download", lambda download: taken.append(download))
        page.get_by_role("textbox", name="Embargo until").fill("2027-01-01")
        take.click()
        expect(take).to_be_disabled()
        page.get_by_text("Changed since you looked: Embargo until.").first.wait_for()
        settled(page)
        assert taken == []
        page.screenshot(path=SCREENS / "export-locked.png", full_page=True)
        look.click()
        page.get_by_text("I have read what stayed behind").click()
        expect(take).to_be_enabled()
        with page.expect_download() as waiting:
            take.click()
        with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
            assert "2027" in archive.read("orders-3/README.md").decode()
        # What the Explore page shows decides too.
        page.get_by_role("link", name="Explore").click()
        Network(page).ready()
        network = Network(page)
        settled(page)
        network.click(f"{CASE}:dorsey")
        page.get_by_role("button", name="Hide", exact=True).first.click()
        settled(page)
        page.get_by_role("link", name="Export").click()
        page.get_by_text("Changed since you looked: what the Explore page shows.").first.wait_for()
        expect(take).to_be_disabled()


def choose(page: Any, label: str, option: str) -> None:
    settled(page)  # a list that is open closes when the page is drawn anew
    page.get_by_role("combobox", name=label).fill(option)
    page.get_by_role("option", name=option, exact=True).click()

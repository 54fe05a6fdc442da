"""The pages of the app in a browser: what tests on several of them do and look at."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from browser import ROOT, Network, Watched
from playwright.sync_api import expect

from graph.runtime.workspace import Workspace
from graph.store.store import Store
from sutra import cases

CASE: Final = cases.BUNDLED.name
SCREENS: Final = ROOT / "tests" / ".screens"
PATIENCE: Final = 90_000  # ms: the machine may be busy
SLOW: Final = (
    "MATCH (a:Entity) MATCH (b:Entity) MATCH (c:Entity) MATCH (d:Entity) "
    "WHERE a.caption + b.caption + c.caption + d.caption = 'x' RETURN count(*) AS n"
)


def shoot(page: Any, name: str) -> None:
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")


def relationship_of(workspace: Workspace, start: str, kind: str) -> str:
    """The claim behind a relationship of that kind, asked of the app's own engine beside the
    app."""
    with Store.open(workspace) as store:
        rows = store.read(
            f"MATCH (a:Entity {{id: $id}}) MATCH (a)-[r:{kind}]->() RETURN r.claim AS id",
            {"id": start},
        )
    assert len(rows) == 1
    return str(rows[0]["id"])


def open_explore(seen: Watched) -> Network:
    network = explore(seen)
    seen.page.get_by_text("Nothing is selected").wait_for()
    return network


def explore(seen: Watched) -> Network:
    """The network of the Explore page, opened from another page if it is not there."""
    page = seen.page
    page.set_default_timeout(PATIENCE)
    if urlsplit(page.url).path != "/explore":
        page.get_by_role("link", name="Explore").click()
    page.get_by_role("button", name="Undo").first.wait_for()
    # Until the run has ended, the network of the page that was left may still be there.
    page.locator("[data-test-script-state=notRunning]").wait_for()
    return Network(page).ready()


def menu(page: Any, network: Network, id_: str, words: str) -> None:
    network.click(id_, button="right")
    page.get_by_role("menuitem", name=words, exact=True).click()


def pick(page: Any, field: str, text: str, name: str) -> None:
    """Choose an entity by the keyboard alone."""
    box = page.get_by_role("combobox", name=field, exact=True)
    box.fill(text)
    expect(page.get_by_role("option", name=name).first).to_be_visible(timeout=PATIENCE)
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(name, timeout=PATIENCE)

"""Eight people at once on one embedded engine: nobody meets an error or another's view."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from typing import Any

import pytest
from browser import FLAGS, chromium
from pages import CASE, SCREENS
from playwright.async_api import Error, async_playwright

from graph.explore import neighbours, reads
from graph.explore.subgraph import Subgraph
from graph.explore.view import View
from graph.runtime.workspace import Workspace
from graph.saved import boards
from graph.store.store import Store

pytestmark = pytest.mark.browser

SESSIONS = 8
SECONDS = float(os.environ.get("SUTRA_SESSION_SECONDS", "20"))
"""How long each goes on expanding; `SUTRA_SESSION_SECONDS=120` for two minutes."""
PATIENCE = 120_000

# Every node of the network on the page, which lies in a shadow root.
_ON_CANVAS = """
(ids) => {
  const find = (r) => { const hit = r.querySelector('.sutra-network'); if (hit) return hit;
    for (const e of r.querySelectorAll('*')) {
      const inner = e.shadowRoot && find(e.shadowRoot); if (inner) return inner; } };
  const root = find(document);
  return root ? ids.filter((id) => root.sutraPositionOf(id)) : null;
}
"""


def boards_of_one(store: Store) -> dict[str, tuple[str, set[str]]]:
    """Boards with one entity each: the board's address, the entity and all that expanding
    brings."""
    kept = {}
    whole = reads.case_view(store, CASE)
    ranked = sorted(whole.nodes, key=lambda node: -node.rank)[:SESSIONS]
    for number, node in enumerate(ranked):
        view = View.of(CASE, Subgraph((node,), ()).with_positions({node.id: (0.0, 0.0)}))
        boards.keep(store, view.titled(f"Number {number}"), f"session{number}", kept=True)
        brought = neighbours.expand(store, view, node.id)
        kept[f"session{number}"] = (node.id, {n.id for n in brought.view.graph.nodes})
    return kept


async def lying_still(page: Any, id_: str) -> dict[str, float]:
    """Where an entity lies once that has stayed the same for a while: nobody clicks at what
    moves."""
    canvas, before, since = page.locator(".sutra-network"), None, time.monotonic()
    end = since + PATIENCE / 1000
    while time.monotonic() < end:
        at = await canvas.evaluate("(r, id) => r.sutraPositionOf(id)", id_)
        if at != before:
            before, since = at, time.monotonic()
        elif at is not None and time.monotonic() - since > 0.5:
            return dict(at)
        await page.wait_for_timeout(50)
    raise AssertionError(f"{id_} does not come to rest")


async def rests(page: Any) -> None:
    """Wait until the app has had nothing to do for a while.

    With eight sessions at once presses into a run that drew the page anew were lost now and then.
    A cause is mended (`views/session.py`); without this wait it was not tried often enough since.
    """
    await page.wait_for_function(
        """() => {
          const app = document.querySelector("[data-testid=stApp]");
          const idle = !["running", "rerunRequested"].includes(app?.dataset.testScriptState);
          window.idleSince = idle ? window.idleSince ?? performance.now() : undefined;
          return idle && performance.now() - window.idleSince > 800;
        }""",
        polling=100,
    )


async def double_click(page: Any, id_: str, expected: int) -> None:
    await rests(page)
    at = await lying_still(page, id_)
    await page.mouse.dblclick(at["x"], at["y"])
    await page.locator(f".sutra-network[data-nodes='{expected}']").wait_for()


async def one_session(
    browser: Any, link: str, start: str, expected: set[str], every: list[str]
) -> tuple[int, list[str]]:
    """Expand and take back until the time is over; how often, and what went wrong."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page, wrong = await context.new_page(), []
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: wrong.append(str(error)))

    async def shows(wanted: set[str]) -> None:
        try:
            await page.locator(f".sutra-network[data-nodes='{len(wanted)}']").wait_for()
        except Error as error:
            wrong.append(f"{start}: {error}")
            return
        found = set(await page.evaluate(_ON_CANVAS, every))
        if found != wanted:
            wrong.append(f"{start} shows {sorted(found ^ wanted)[:5]}")

    await page.goto(link)
    await shows({start})
    rounds, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end and not wrong:
        await double_click(page, start, len(expected))
        await shows(expected)
        await rests(page)
        try:
            await page.get_by_role("button", name="Take back").click()
        except Error as error:
            SCREENS.mkdir(exist_ok=True)
            await page.screenshot(path=SCREENS / f"session-{start.rpartition(':')[2]}.png")
            wrong.append(f"{start}, round {rounds}: {error}")
            break
        await shows({start})
        rounds += 1
    wrong += await page.locator("[data-testid=stException]").all_inner_texts()
    await context.close()
    return rounds, wrong


async def all_sessions(
    address: str, kept: dict[str, tuple[str, set[str]]], every: list[str]
) -> list[tuple[int, list[str]]]:

    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        found = await asyncio.gather(
            *(
                one_session(running, f"{address}/explore?view={id_}", start, expected, every)
                for id_, (start, expected) in kept.items()
            )
        )
        await running.close()
        return list(found)


@pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
def test_eight_sessions_at_once_keep_apart(address: str, home: Workspace) -> None:
    with Store.open(home) as store:
        kept = boards_of_one(store)
        every = [node.id for node in reads.case_view(store, CASE).nodes]
    assert len({frozenset(expected) for _, expected in kept.values()}) == SESSIONS
    # Playwright's other tests have a loop of their own in this thread.
    found: list[tuple[int, list[str]]] = []
    thread = threading.Thread(
        target=lambda: found.extend(asyncio.run(all_sessions(address, kept, every)))
    )
    thread.start()
    thread.join()
    assert [wrong for _, wrong in found] == [[]] * SESSIONS
    assert all(rounds for rounds, _ in found)

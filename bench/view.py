"""From click to picture in a real browser: our network view beside two others, by turns.

What a canvas is told to paint is counted in every frame of the page, so that each tool is measured
by the same rule whatever it is made of. "Drawn" is when as many shapes have been filled as there
are nodes (an arrowhead is one too: it is a lower bound); "still" is the last change before a second
without one.
"""

from __future__ import annotations

import math
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from browser import FLAGS, Network, chromium, page_of, serving, settled, streamlit_app

from graph.explore import neighbours
from graph.explore.subgraph import NodeView, Subgraph
from graph.explore.view import View
from graph.runtime.workspace import Workspace
from graph.saved import boards
from graph.store.embedded import service
from graph.store.store import Store

APP: Final = Path(__file__).resolve().parent / "view_app.py"
MANY: Final = 300
"""From so many nodes on, once is enough: what differs is no matter of a few hundredths."""
TOOLS: Final = ("sutra", "st-link-analysis", "streamlit-agraph")
GIVES_UP: Final = 30.0
"""Seconds that a picture has to be drawn and to stand still."""
TIRED: Final = 20.0
"""Whatever took longer than so many seconds to draw is not tried with more nodes: minutes go by."""

# Each canvas call is counted, with the time of the first and the last one. A node is a closed shape
# that is filled; relationships are stroked. Caches are canvases too, so their first painting
# counts.
_COUNT: Final = """
(() => {
  const seen = { fills: 0, frames: 0, last: 0, at: [] };
  window.painted = seen;
  let told = false;
  const note = (filled) => () => {
    seen.last = Date.now();
    if (filled) { seen.fills += 1; seen.at.push(seen.last); }
    if (!told) {
      told = true;
      requestAnimationFrame(() => { seen.frames += 1; told = false; });
    }
  };
  for (const [name, filled] of [["fill", true], ["stroke", false], ["drawImage", false],
                                ["fillText", false], ["fillRect", false]]) {
    const real = CanvasRenderingContext2D.prototype[name];
    const count = note(filled);
    CanvasRenderingContext2D.prototype[name] = function (...args) {
      count();
      return real.apply(this, args);
    };
  }
})();
"""


# When the second click of a double-click came, and when that many nodes had been painted after it.
_WAIT_FOR: Final = """
(nodes) => {
  const find = (r) => { const hit = r.querySelector(".sutra-network"); if (hit) return hit;
    for (const e of r.querySelectorAll("*")) {
      const inner = e.shadowRoot && find(e.shadowRoot); if (inner) return inner; } };
  Object.assign(painted, { clicked: 0, whole: 0 });
  document.addEventListener("dblclick", () => { painted.clicked = Date.now(); },
                            { capture: true, once: true });
  let there = 0;
  const look = () => {
    if (find(document)?.dataset.nodes === String(nodes)) there ||= Date.now();
    if (there && painted.last >= there) painted.whole = painted.last;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""


@dataclass(frozen=True)
class Drawing:
    """One tool at one size: seconds from the click, frames a second, megabytes of the page.

    `drawn` and `still` are infinite where `GIVES_UP` seconds were not enough.
    """

    tool: str
    nodes: int
    drawn: float
    still: float
    frames: float
    memory: float


def measure(sizes: Sequence[int], rounds: int = 3) -> Iterator[Drawing]:
    """Every tool at every size, by turns; of several rounds the middle one.

    A tool that is `TIRED` is left out of the sizes after that, so these go up.
    """
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory() as folder,
        streamlit_app(Path(shutil.copy(APP, folder))) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for tool in TOOLS:
            _one(browser, address, tool, min(sizes))  # the server and the browser get warm
        tools = list(TOOLS)
        for size in sorted(sizes):
            found: dict[str, list[Drawing]] = {tool: [] for tool in tools}
            for _ in range(rounds if size < MANY else 1):
                for tool in tools:
                    found[tool].append(_one(browser, address, tool, size))
            for runs in found.values():
                middle = sorted(runs, key=lambda run: run.drawn)[len(runs) // 2]
                if middle.drawn > TIRED:
                    tools.remove(middle.tool)
                yield middle
        browser.close()


@dataclass(frozen=True)
class Expansion:
    """How many entities one brought in, and seconds from the double-click until they were drawn."""

    brought: int
    drawn: float
    still: float


def expanded(rounds: int = 5) -> Expansion:
    """The app itself, on the embedded engine and the bundled case: its hub is expanded.

    "Drawn" is the first painting with all of them; of several rounds the middle one.
    """
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        home = Workspace(Path(folder))
        try:
            with serving(home) as address, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
                with page_of(browser, address) as seen:
                    page = seen.page
                    page.get_by_role("heading", name="Twitter and the blocking orders").wait_for()
                    brought = _board(home)
                    page.add_init_script(_COUNT)
                    page.goto(f"{address}/explore?view=bench")
                    found = [_expanded(page, brought) for _ in range(rounds)]
                browser.close()
        finally:
            service.stop(home)
    return sorted(found, key=lambda one: one.drawn)[rounds // 2]


_HUB: Final = "twitter-blocking-orders-2021:twitter"


def _board(home: Workspace) -> int:
    """Keep a board with the hub alone; returns how many entities its expansion brings."""
    with Store.open(home) as store:
        hub = Subgraph((NodeView(_HUB, "Organization", "Twitter", 0.0, 0.0),))
        view = View.of(_HUB.partition(":")[0], hub)
        boards.keep(store, view.titled("Hub"), "bench", kept=True)
        return len(neighbours.expand(store, view, _HUB).view.graph.nodes) - 1


def _expanded(page: Any, brought: int) -> Expansion:
    network = Network(page).ready()
    settled(page)
    network.at_rest(_HUB)
    # The count of nodes is set where they are painted, so their first painting is the next one.
    page.evaluate(_WAIT_FOR, brought + 1)
    network.double_click(_HUB)
    page.wait_for_function("painted.whole")
    page.wait_for_timeout(1500)
    clicked, whole, last = page.evaluate("[painted.clicked, painted.whole, painted.last]")
    page.get_by_role("button", name="Take back").click()
    network.says("nodes", "1")
    return Expansion(brought, (whole - clicked) / 1000, (last - clicked) / 1000)


def _one(browser: Any, address: str, tool: str, nodes: int) -> Drawing:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        context.add_init_script(_COUNT)
        page = context.new_page()
        page.goto(f"{address}/?tool={tool}&nodes={nodes}")
        button = page.get_by_role("button", name="Draw")
        button.wait_for()
        page.wait_for_timeout(500)
        clicked = page.evaluate("Date.now()")
        button.click()
        frame, still = _settled(page)
        times = sorted(frame.evaluate("painted.at"))
        drawn = times[nodes - 1] if len(times) >= nodes else math.inf
        return Drawing(
            tool,
            nodes,
            drawn=(drawn - clicked) / 1000,
            still=(still - clicked) / 1000,
            frames=_panned(page, frame),
            memory=_memory(context, page),
        )
    finally:
        context.close()


def _settled(page: Any) -> tuple[Any, float]:
    """The frame that paints, and when it last did before a second without painting."""
    end = time.monotonic() + GIVES_UP
    while True:
        page.wait_for_timeout(250)
        late = time.monotonic() > end
        for frame in page.frames:
            last = frame.evaluate("window.painted && painted.fills > 5 ? painted.last : 0")
            if last and (late or frame.evaluate("Date.now()") - last > 1000):
                return frame, math.inf if late else float(last)
        if late:
            return page.main_frame, math.inf


def _panned(page: Any, frame: Any, seconds: float = 3.0) -> float:
    """Frames painted a second while the picture is dragged round."""
    if not frame.locator("canvas").count():
        return 0.0
    box = frame.locator("canvas").last.bounding_box()
    x, y = box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y - 5)
    before = frame.evaluate("painted.frames")
    began = time.monotonic()
    step = 0
    while time.monotonic() - began < seconds:
        step += 1
        page.mouse.move(x + 4 * (step % 60), y - 3 * (step % 50))
    taken = time.monotonic() - began
    after = frame.evaluate("painted.frames")
    page.mouse.up()
    return float(after - before) / taken


def _memory(context: Any, page: Any) -> float:
    """Megabytes of script memory after a collection, the frames of the page included."""
    session = context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / 2**20

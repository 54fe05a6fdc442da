"""From click to picture in a real browser: our network view beside two others, by turns.

What a canvas is told to paint is counted in every frame of the page, so that each tool is measured
by the same rule whatever it is made of. "Drawn" is when as many shapes have been filled as there
are nodes (an arrowhead is one too: it is a lower bound); "at rest" is the last change before a
second without one.
"""

from __future__ import annotations

import math
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Final

from browser import Network, launched, page_of, serving, settled, streamlit_app
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TooLate

from bench.measuring import own_store
from graph.explore import neighbours, reads
from graph.explore.view import View
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.saved import boards
from loaders.case import read_case
from sutra.cases import BUNDLED

APP: Final = Path(__file__).resolve().parent / "view_app.py"
TOOLS: Final = ("sutra", "st-link-analysis", "streamlit-agraph")
GIVES_UP: Final = 30_000  # ms that a picture has to be drawn and to come to rest
MANY: Final = 300  # nodes from which on once is enough: what differs is no matter of hundredths
TIRED: Final = 20.0  # s to draw after which a tool is not tried with more nodes: minutes go by

COLUMNS: Final = (
    "nodes | tool | drawn, s | at rest, s | frames a second, panned | MB of script memory"
)
"""Seconds are from the click, infinite where `GIVES_UP` was not enough."""

Drawing = tuple[int, str, float, float, float, float]
"""The cells of `COLUMNS` of one tool at one size."""

# Each canvas call is counted, in all frames together, with the times of those that fill a shape and
# of the last one. A node is a shape that is filled; relationships are stroked. Caches are canvases
# too, so their first painting counts. `clicked` is when the second click of a double-click came.
_COUNT: Final = """
(() => {
  const seen = top.painted ||= { fills: [], frames: 0, last: 0, clicked: 0, there: 0 };
  let frame;
  for (const name of ["fill", "stroke", "drawImage", "fillText", "fillRect"]) {
    const real = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...args) {
      seen.last = Date.now();
      if (name === "fill") seen.fills.push(seen.last);
      if (frame !== document.timeline.currentTime) seen.frames += 1;
      frame = document.timeline.currentTime;
      return real.apply(this, args);
    };
  }
  const note = () => { Object.assign(seen, { clicked: Date.now(), there: 0 }); };
  window.addEventListener("dblclick", note, { capture: true });
})();
"""
_STILL: Final = "painted.fills.length > 5 && Date.now() - painted.last > 1000"

# The milliseconds from a double-click until that many nodes were first painted: their number is set
# where they are painted, so their first painting is the next one.
_WHOLE: Final = """
([root, nodes]) => {
  if (root.dataset.nodes !== nodes) return false;
  painted.there ||= Date.now();
  return painted.last >= painted.there && painted.last - painted.clicked;
}
"""


def drawings(sizes: Sequence[int], rounds: int) -> Iterator[Drawing]:
    """Every tool at every size, by turns; of several rounds the middle one.

    A tool that is `TIRED` is left out of the sizes after that, so these go up.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        streamlit_app(Path(shutil.copy(APP, folder))) as address,
        launched() as browser,
    ):
        tools = list(TOOLS)
        for tool in tools:
            _drawing(browser, address, tool, min(sizes))  # the server and the browser get warm
        for size in sorted(sizes):
            turns = [
                [_drawing(browser, address, tool, size) for tool in tools]
                for _ in range(rounds if size < MANY else 1)
            ]
            for drawn in zip(*turns, strict=True):
                middle = sorted(drawn, key=itemgetter(2))[len(drawn) // 2]
                if middle[2] > TIRED:
                    tools.remove(middle[1])
                yield middle


def _drawing(browser: Browser, address: str, tool: str, nodes: int) -> Drawing:
    with browser.new_page(viewport={"width": 1280, "height": 900}) as page:
        page.add_init_script(_COUNT)
        page.goto(f"{address}/?tool={tool}&nodes={nodes}")
        button = page.get_by_role("button", name="Draw")
        button.wait_for()
        page.wait_for_timeout(500)
        clicked = page.evaluate("Date.now()")
        button.click()
        try:
            page.wait_for_function(_STILL, timeout=GIVES_UP, polling=250)
            last = page.evaluate("painted.last")
        except TooLate:
            last = math.inf
        fills = [*page.evaluate("painted.fills"), *[math.inf] * nodes]
        drawn, still = (fills[nodes - 1] - clicked) / 1000, (last - clicked) / 1000
        return nodes, tool, drawn, still, _panned(page), _memory(page)


def _panned(page: Page, seconds: float = 3.0) -> float:
    """Frames painted a second while the picture, in the middle of the page, is dragged round."""
    x, y = 300, 500
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y - 5)
    before, began, step = page.evaluate("painted.frames"), time.monotonic(), 0
    while (taken := time.monotonic() - began) < seconds:
        step += 1
        page.mouse.move(x + 4 * (step % 60), y - 3 * (step % 50))
    after = page.evaluate("painted.frames")
    page.mouse.up()
    return float(after - before) / taken


def _memory(page: Page) -> float:
    """Megabytes of script memory after a collection, the frames of the page included."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 2**20


def expansion(rounds: int) -> tuple[int, float]:
    """Expand the hub of the bundled case in the app itself, on the embedded engine.

    Returns how many entities it brings in, and the median of the seconds from the double-click
    until all of them were first painted.
    """
    with tempfile.TemporaryDirectory() as folder, own_store(Path(folder)) as store:
        home = Workspace(Path(folder))
        loads.load(store, home, read_case(BUNDLED))
        view = View.of(BUNDLED.name, reads.case_view(store, BUNDLED.name, limit=1))
        boards.keep(store, view.titled("Hub"), "bench", kept=True)
        hub = view.graph.nodes[0].id
        brought = neighbours.expand(store, view, hub).added
        with serving(home) as at, launched() as browser, page_of(browser, at) as seen:
            seen.page.add_init_script(_COUNT)
            seen.page.goto(f"{at}/explore?view=bench")
            drawn = [_expanded(seen.page, hub, brought) for _ in range(rounds)]
    return brought, statistics.median(drawn)


def _expanded(page: Page, hub: str, brought: int) -> float:
    network = Network(page).ready()
    settled(page)
    network.double_click(hub)
    nodes = [network.root.element_handle(), str(brought + 1)]
    taken = page.wait_for_function(_WHOLE, arg=nodes).json_value()
    settled(page)
    page.get_by_role("button", name="Take back").click()
    network.says("nodes", "1")
    return float(taken) / 1000

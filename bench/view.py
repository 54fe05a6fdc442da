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
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from browser import FLAGS, Network, chromium, page_of, serving, settled, streamlit_app
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from bench.servers import embedded_store
from graph.explore import neighbours, reads
from graph.explore.view import View
from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.saved import boards
from graph.store.store import Store
from loaders.case import read_case
from sutra import cases

APP: Final = Path(__file__).resolve().parent / "view_app.py"
TOOLS: Final = ("sutra", "st-link-analysis", "streamlit-agraph")
MANY: Final = 300
"""From so many nodes on, once is enough: what differs is no matter of a few hundredths."""
GIVES_UP: Final = 30.0
"""Seconds that a picture has to be drawn and to come to rest."""
TIRED: Final = 20.0
"""Whatever took longer than so many seconds to draw is not tried with more nodes: minutes go by."""

# Each canvas call is counted, with the times of those that fill a shape and of the last one. A node
# is a shape that is filled; relationships are stroked. Caches are canvases too, so their first
# painting counts.
_COUNT: Final = """
(() => {
  const seen = window.painted = { fills: [], frames: 0, last: 0 };
  let noted = false;
  const note = (filled) => {
    seen.last = Date.now();
    if (filled) seen.fills.push(seen.last);
    if (noted) return;
    noted = true;
    requestAnimationFrame(() => { seen.frames += 1; noted = false; });
  };
  for (const name of ["fill", "stroke", "drawImage", "fillText", "fillRect"]) {
    const real = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...args) {
      note(name === "fill");
      return real.apply(this, args);
    };
  }
})();
"""

# When the second click of a double-click came, and when that many nodes were first painted after
# it: their number is set where they are painted, so their first painting is the next one.
_WAIT_FOR: Final = """
(root, nodes) => {
  Object.assign(painted, { clicked: 0, whole: 0 });
  const note = () => { painted.clicked = Date.now(); };
  root.addEventListener("dblclick", note, { capture: true, once: true });
  let there = 0;
  const look = () => {
    if (root.dataset.nodes === String(nodes)) there ||= Date.now();
    if (there && painted.last >= there) painted.whole = painted.last;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""


class Drawing(NamedTuple):
    """One tool at one size: seconds from the click (infinite where `GIVES_UP` were not enough),
    frames a second while it is panned, and megabytes of the page's scripts."""

    nodes: int
    tool: str
    drawn: float
    at_rest: float
    frames: float
    memory: float


@contextmanager
def _chromium() -> Iterator[Browser]:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium(), args=FLAGS) as browser,
    ):
        yield browser


def drawings(sizes: Sequence[int], rounds: int) -> Iterator[Drawing]:
    """Every tool at every size, by turns; of several rounds the middle one.

    A tool that is `TIRED` is left out of the sizes after that, so these go up.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        streamlit_app(Path(shutil.copy(APP, folder))) as address,
        _chromium() as browser,
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
                middle = sorted(drawn, key=attrgetter("drawn"))[len(drawn) // 2]
                if middle.drawn > TIRED:
                    tools.remove(middle.tool)
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
        frame, last = _at_rest(page)
        fills = [*frame.evaluate("painted.fills"), *[math.inf] * nodes]
        drawn, still = (fills[nodes - 1] - clicked) / 1000, (last - clicked) / 1000
        return Drawing(nodes, tool, drawn, still, _panned(page, frame), _memory(page))


def _at_rest(page: Page) -> tuple[Frame, float]:
    """The frame that paints, and when it last did before a second without painting."""
    paints, end = "window.painted?.fills.length > 5", time.monotonic() + GIVES_UP
    while time.monotonic() < end:
        page.wait_for_timeout(250)
        for frame in page.frames:
            if frame.evaluate(f"{paints} && Date.now() - painted.last > 1000"):
                return frame, frame.evaluate("painted.last")
    return next((f for f in page.frames if f.evaluate(paints)), page.main_frame), math.inf


def _panned(page: Page, frame: Frame, seconds: float = 3.0) -> float:
    """Frames painted a second while the picture is dragged round."""
    if not frame.locator("canvas").count():
        return 0.0
    box = frame.locator("canvas").last.bounding_box()
    if box is None:
        return 0.0
    x, y = box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y - 5)
    before, began, step = frame.evaluate("painted.frames"), time.monotonic(), 0
    while (taken := time.monotonic() - began) < seconds:
        step += 1
        page.mouse.move(x + 4 * (step % 60), y - 3 * (step % 50))
    after = frame.evaluate("painted.frames")
    page.mouse.up()
    return float(after - before) / taken


def _memory(page: Page) -> float:
    """Megabytes of script memory after a collection, the frames of the page included."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / 2**20


# --- in the app ---------------------------------------------------------------------------------


def expansion(rounds: int) -> tuple[int, float]:
    """Expand the hub of the bundled case in the app itself, on the embedded engine.

    Returns how many entities it brings in, and the median of the seconds from the double-click
    until all of them were first painted.
    """
    with tempfile.TemporaryDirectory() as folder, embedded_store(Path(folder)) as store:
        home = Workspace(Path(folder))
        loads.load(store, home, read_case(cases.BUNDLED))
        hub, brought = _keep_hub(store, cases.BUNDLED.name)
        with serving(home) as at, _chromium() as browser, page_of(browser, at) as seen:
            seen.page.add_init_script(_COUNT)
            seen.page.goto(f"{at}/explore?view=bench")
            drawn = [_expanded(seen.page, hub, brought) for _ in range(rounds)]
    return brought, statistics.median(drawn)


def _keep_hub(store: Store, case: str) -> tuple[str, int]:
    """Keep a board with the hub alone; returns its id, and how many entities it brings."""
    view = View.of(case, reads.case_view(store, case, limit=1))
    boards.keep(store, view.titled("Hub"), "bench", kept=True)
    hub = view.graph.nodes[0].id
    return hub, len(neighbours.expand(store, view, hub).view.graph.nodes) - 1


def _expanded(page: Page, hub: str, brought: int) -> float:
    network = Network(page).ready()
    settled(page)
    network.at_rest(hub)
    network.root.evaluate(_WAIT_FOR, brought + 1)
    network.double_click(hub)
    page.wait_for_function("() => painted.whole")
    taken = page.evaluate("painted.whole - painted.clicked")
    settled(page)
    page.get_by_role("button", name="Take back").click()
    network.says("nodes", "1")
    return float(taken) / 1000

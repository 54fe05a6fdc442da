"""Chromium and a running Streamlit app, for tests that click.

The fixture `browser` is everybody's through conftest.py: one Chromium for the whole run.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from graph.runtime.workspace import Workspace

ROOT: Final = Path(__file__).resolve().parents[2]
FLAGS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The path of a Chromium on this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A running Chromium; the test is skipped where there is none."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def streamlit_app(
    script: Path, *, env: dict[str, str] | None = None, wait: float = 60
) -> Iterator[str]:
    """The address of that script, served by a Streamlit of its own as long as the block lasts.

    `wait` is in seconds. Raises AssertionError with the server's words if it does not come up.
    """
    port = free_port()
    log = script.with_suffix(".log")
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(script)),
        *("--server.port", str(port), "--server.address", "127.0.0.1"),
        *("--server.headless", "true", "--browser.gatherUsageStats", "false"),
        *("--server.fileWatcherType", "none", "--logger.level", "warning"),
        *("--runner.fastReruns", "false"),  # as in .streamlit/config.toml
    ]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **(env or {})}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, cwd=script.parent, env=surroundings
        )
        try:
            _await(f"http://127.0.0.1:{port}/_stcore/health", process, log, wait)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def serving(home: Workspace, database: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of `sutra app` on that workspace, as long as the block lasts.

    It has the embedded engine if no variables name a `database`.
    """
    port = free_port()
    environ = {k: v for k, v in os.environ.items() if not k.startswith("NEO4J_")}
    environ |= database or {}
    process = subprocess.Popen(
        [sys.executable, "-m", "sutra.cli", "app", "--port", str(port)],
        cwd=ROOT, stdin=subprocess.DEVNULL,
        # A first start of somebody who never used Streamlit; what it would open is `true`.
        env={**environ, "SUTRA_HOME": str(home.root), "HOME": str(home.root), "BROWSER": "true"},
    )  # fmt: skip
    url, end = f"http://127.0.0.1:{port}", time.monotonic() + 120
    while time.monotonic() < end:
        assert process.poll() is None, "the app ended by itself"
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
            break
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    try:
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _await(url: str, process: subprocess.Popen[bytes], log: Path, wait: float) -> None:
    end = time.monotonic() + wait
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"Streamlit did not come up:\n{log.read_text(errors='replace')}")


# Streamlit's page says "not running" until the server tells it otherwise, so a rerun that was asked
# for is not seen in it. What goes over its socket is: this counts it, from the page's first byte.
# While `held` is a list, what arrives waits in it, and `said` grows by what is sent.
_TRAFFIC: Final = """
window.traffic = { sent: 0, received: 0, held: null, said: "" };
window.WebSocket = class extends WebSocket {
  constructor(...how) {
    super(...how);
    this.addEventListener("message", (event) => {
      const { traffic } = window;
      traffic.received = performance.now();
      if (!traffic.held) return;
      event.stopImmediatePropagation();
      const again = new MessageEvent("message", { data: event.data });
      traffic.held.push(() => this.dispatchEvent(again));
    });
  }
  send(what) {
    window.traffic.sent = performance.now();
    if (window.traffic.held) window.traffic.said += new TextDecoder().decode(what);
    super.send(what);
  }
};
"""
# By the page's own clock: on a busy machine its timers and ours are far apart.
_IDLE: Final = """
([quiet, patience]) => {
  const { sent, received } = window.traffic, now = performance.now();
  const app = document.querySelector("[data-test-script-state]");
  if (!app || app.dataset.testScriptState !== "notRunning") return false;
  return now - Math.max(sent, received) > quiet && (received > sent || now - sent > patience);
}
"""
_QUIET: Final = 550  # ms: longer than a click waits for a second one, and than work's own polling
_UNANSWERED: Final = 10_000  # ms after which nothing will answer any more


def settled(page: Any) -> None:
    """Wait until the app has done all that it was asked for up to now, and rests."""
    # What was just done may wait for a timer of the page before anything is asked.
    page.evaluate("ms => new Promise(done => setTimeout(done, ms))", _QUIET)
    # Not at each frame, as Playwright would: a page that draws for nobody takes half a processor.
    page.wait_for_function(_IDLE, arg=[_QUIET, _UNANSWERED], timeout=90_000, polling=100)


@contextmanager
def answers_held(page: Any) -> Iterator[None]:
    """Have the page hear nothing of its server meanwhile, as on a slow line; then all of it."""
    page.evaluate("() => { Object.assign(window.traffic, { held: [], said: '' }); }")
    yield
    page.evaluate(
        """() => {
          const { held } = window.traffic;
          window.traffic.held = null;
          for (const hear of held) hear();
        }"""
    )


def held_back(page: Any, since: int = 0) -> int:
    """Wait until more than so many answers are held and no more come; returns how many they are."""
    page.wait_for_function(
        """([since, quiet]) => {
          const { held, sent, received } = window.traffic;
          return held.length > since && performance.now() - Math.max(sent, received) > quiet;
        }""",
        arg=[since, 2 * _QUIET],
        timeout=90_000,
        polling=100,
    )
    return int(page.evaluate("() => window.traffic.held.length"))


def drop_next_message(page: Any) -> None:
    """Lose the next message of the page to its server, as a run that is cut off does."""
    _next_message(page, "() => null")


def say_instead(page: Any, said: str, instead: str) -> None:
    """Have the next message to the server hold another word of the same length."""
    assert len(said) == len(instead)
    _next_message(
        page,
        f"""(message) => {{
          const text = Array.from(message, (byte) => String.fromCharCode(byte)).join("");
          if (!text.includes("{said}")) throw new Error("the message does not hold {said}");
          const other = text.replaceAll("{said}", "{instead}");
          return Uint8Array.from(other, (letter) => letter.charCodeAt(0));
        }}""",
    )


def _next_message(page: Any, change: str) -> None:
    """Send what a function of JavaScript makes of the page's next message, or nothing for null."""
    page.evaluate(
        f"""() => {{
          const real = WebSocket.prototype.send, change = {change};
          WebSocket.prototype.send = function (message) {{
            WebSocket.prototype.send = real;
            const changed = change(message);
            if (changed !== null) real.call(this, changed);
          }};
        }}"""
    )


def near(one: tuple[float, float], other: tuple[float, float], within: float = 1.5) -> bool:
    """Whether two places of the window are the same to the eye."""
    return math.dist(one, other) < within


@dataclass
class Watched:
    """A page, with everything that went wrong on it and every host it asked."""

    page: Any
    home: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def hear(self, message: Any) -> None:
        """Note what the browser calls an error.

        Not that nothing answers below the name of a page: Streamlit tries that first for its own.
        """
        path = urlsplit(message.location["url"]).path
        guessed = "status of 404" in message.text and re.search(r"^/\w+/_stcore/", path)
        if message.type == "error" and not guessed:
            self.errors.append(message.text)

    @property
    def strangers(self) -> list[str]:
        """Requests to any host but the app's own."""
        own = urlsplit(self.home).netloc
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme in ("http", "https", "ws", "wss")
            and urlsplit(url).netloc != own
        ]


@contextmanager
def page_of(
    browser: Any, url: str, *, width: int = 1280, height: int = 900, dark: bool = False
) -> Iterator[Watched]:
    """A fresh page at that address, watched from its first byte."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    context.add_init_script(_TRAFFIC)
    page = context.new_page()
    watched = Watched(page, url)
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("console", watched.hear)
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("websocket", lambda socket: watched.requests.append(socket.url))
    try:
        page.goto(url)
        yield watched
    except BaseException as error:
        error.add_note(_seen(page))
        raise
    finally:
        context.close()


def _seen(page: Any) -> str:
    """What a page shows at the end of a test that failed, and what went over its socket last."""
    try:
        state = page.evaluate(
            "() => [document.querySelector('[data-test-script-state]')?.dataset.testScriptState,"
            " performance.now() - window.traffic.sent, performance.now() - window.traffic.received]"
        )
        return f"At {page.url}, {state}:\n{page.locator('body').aria_snapshot()}"
    except Exception as error:  # noqa: BLE001 (it must not hide what the test has to say)
        return f"The page cannot be asked any more: {error}"


class Network:
    """The network view on a page, handled as a hand would."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.root = page.locator(".sutra-network")

    def ready(self, *, drawn: int = 1) -> Network:
        """Wait until that many updates are drawn."""
        self.page.wait_for_function(
            "([n]) => { const find = (r) => { const hit = r.querySelector('.sutra-network');"
            " if (hit) return hit; for (const e of r.querySelectorAll('*')) {"
            " const inner = e.shadowRoot && find(e.shadowRoot); if (inner) return inner; } };"
            " const root = find(document); return root && Number(root.dataset.drawn) >= n; }",
            arg=[drawn],
            timeout=30_000,
            polling=100,
        )
        return self

    def at(self, id_: str) -> tuple[float, float]:
        """Where that node or relationship lies in the window, in pixels."""
        found = self.root.evaluate("(root, id) => root.sutraPositionOf(id)", id_)
        assert found is not None, f"{id_} is not on the canvas"
        return found["x"], found["y"]

    def at_rest(self, id_: str) -> tuple[float, float]:
        """Where it lies once it no longer moves: a new layout may be on its way."""
        before = None
        for _ in range(50):
            place = self.at(id_)
            if place == before:
                break
            before = place
            self.page.wait_for_timeout(150)
        return place

    def comes_to(self, id_: str, place: tuple[float, float], within: float = 1.5) -> None:
        """Wait until it lies there, and check that it does."""
        end = time.monotonic() + 20
        while not near(self.at(id_), place, within) and time.monotonic() < end:
            self.page.wait_for_timeout(100)
        assert near(self.at(id_), place, within), f"{self.at(id_)} is not {place}"

    def stays_at(self, id_: str, place: tuple[float, float], within: float = 1.5) -> None:
        """Check that it lies there once the app has nothing more to do."""
        settled(self.page)
        assert near(self.at(id_), place, within), f"{self.at(id_)} is not {place}"

    def says(self, name: str, value: str) -> None:
        """Wait until the root element says that under `data-` that name."""
        from playwright.sync_api import expect

        expect(self.root).to_have_attribute(f"data-{name}", value)

    def data(self, name: str) -> str:
        """What the root element says under `data-` that name."""
        return str(self.root.get_attribute(f"data-{name}") or "")

    def click(self, id_: str, **how: Any) -> None:
        """Click that node or relationship with the mouse."""
        self.page.mouse.click(*self.at_rest(id_), **how)

    def double_click(self, id_: str) -> None:
        """Double-click it."""
        self.page.mouse.dblclick(*self.at_rest(id_))

    def drag(self, id_: str, dx: float, dy: float) -> None:
        """Drag it by so many pixels."""
        x, y = self.at_rest(id_)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx / 2, y + dy / 2, steps=4)
        self.page.mouse.move(x + dx, y + dy, steps=4)
        self.page.mouse.up()

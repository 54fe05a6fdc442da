"""The app as a service: it answers its own address alone, and asks no other host."""

from __future__ import annotations

import http.server
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from browser import ROOT, free_port, page_of, streamlit_app

from graph.runtime.workspace import Workspace

pytestmark = pytest.mark.slow

SOCKET: Final = "/_stcore/stream"
# Writes down whom the process asks: each name it looks up, each address it connects or sends to.
WATCH: Final = """
import os, sys
def note(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        asked = args[0]
    elif event in ("socket.connect", "socket.sendto"):
        asked = args[1][0] if isinstance(args[1], tuple) else ""
    else:
        return
    with open(os.environ["WATCHED"], "a") as file:
        file.write(f"{asked}\\n")
sys.addaudithook(note)
"""
# As `sutra app`, without a graph: what is refused is refused before one is asked for.
SERVE: Final = """
from sutra import server
sock = server.listening("127.0.0.1", 0)
server.serve(sock, lambda: print(server.address(sock), flush=True))
"""


@dataclass(frozen=True)
class App:
    """A running app: its port, and the file that says whom it asked."""

    port: int
    watched: Path

    @property
    def own(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def strangers(self) -> list[str]:
        """The hosts that it asked, but for itself."""
        asked = self.watched.read_text().split() if self.watched.exists() else []
        return [name for name in asked if name not in ("127.0.0.1", "localhost", "::1")]

    def ask(self, *lines: str) -> tuple[int, str]:
        """Send these lines as they are; the status of the answer, and its head."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as sock:
            sock.sendall("\r\n".join([*lines, "", ""]).encode())
            answer = b""
            while b"\r\n\r\n" not in answer and (part := sock.recv(65536)):
                answer += part
        return int(answer.split()[1]), answer.decode("latin-1")

    def get(self, *headers: str, target: str = "/", method: str = "GET") -> int:
        """The status of an ordinary request."""
        return self.ask(f"{method} {target} HTTP/1.1", *headers, "Connection: close")[0]

    def shake(self, *headers: str) -> int:
        """The status of a websocket's handshake: 101 if it is let in."""
        handshake = (
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        )  # fmt: skip
        return self.ask(f"GET {SOCKET} HTTP/1.1", *headers, *handshake)[0]


@contextmanager
def running(folder: Path, *command: str) -> Iterator[App]:
    """An app that prints its address, watched from the first line that Python runs in it."""
    (folder / "sitecustomize.py").write_text(WATCH)
    environ = {
        **os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "WATCHED": str(folder / "asked"), "SUTRA_HOME": str(folder / "home"),
        "HOME": str(folder), "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, *command], env=environ, cwd=folder, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline()
        assert address, "it ended by itself"
        yield App(int(address.rpartition(":")[2]), folder / "asked")
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("service"), "-c", SERVE) as found:
        yield found


# What a browser would send from a page of ours, and whatever else: {port} is the app's.
OWN: Final = ["127.0.0.1:{port}", "localhost:{port}", "LocalHost:{port}", "[::1]:{port}"]
FOREIGN: Final = [
    "evil.example:{port}", "evil.example", "127.0.0.1", "localhost", "localhost.:{port}",
    "127.0.0.1:9999", "127.0.0.1.evil.example:{port}", "2130706433:{port}", "0.0.0.0:{port}",
    "user@127.0.0.1:{port}", "127.0.0.1:{port}.evil.example", "", "127.0.0.1:0{port}",
]  # fmt: skip


@pytest.mark.parametrize("host", OWN)
def test_its_own_pages_are_let_in(app: App, host: str) -> None:
    host = host.format(port=app.port)
    assert app.get(f"Host: {host}") == 200
    assert app.get(f"Host: {host}", f"Origin: http://{host}") == 200
    assert app.shake(f"Host: {host}", f"Origin: http://{host}") == 101
    assert app.strangers == []


@pytest.mark.parametrize("host", FOREIGN)
def test_a_name_that_leads_here_by_another_is_refused(app: App, host: str) -> None:
    host = host.format(port=app.port)
    assert app.shake(f"Host: {host}", f"Origin: http://{host}") == 403
    assert app.shake(f"Host: {host}", f"Origin: http://{app.own}") == 403
    forwarded = f"X-Forwarded-Host: {app.own}"
    assert app.shake(f"Host: {host}", forwarded, f"Origin: http://{host}") == 403
    for target in ("/", "/_stcore/health", "/_stcore/host-config", "/media/a", "/explore?view=a"):
        assert app.get(f"Host: {host}", target=target) == 403
    assert app.strangers == []


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:9999", "http://127.0.0.1:9999", "http://127.0.0.1", "null", "",
        "https://127.0.0.1:{port}", "http://localhost:{port}", "http://evil.example",
        "http://evil.example:{port}", "http://127.0.0.1:{port}.evil.example",
        "http://127.0.0.1:{port}/", "file://",
    ],
)  # fmt: skip
def test_a_page_of_another_origin_is_refused(app: App, origin: str) -> None:
    own, asks = f"Host: {app.own}", f"Origin: {origin.format(port=app.port)}"
    assert app.shake(own, asks) == 403
    for method, target in (
        ("GET", "/_stcore/health"),
        ("POST", "/_stcore/agent/interact"),
        ("PUT", "/_stcore/upload_file/a/b"),
        ("OPTIONS", "/_stcore/upload_file/a/b"),
        ("GET", "/_stcore/bidi-components/sutra.network/network.js"),
        ("GET", "/static/js/index.js"),
    ):
        assert app.get(own, asks, "Content-Length: 0", target=target, method=method) == 403
    assert app.strangers == []


def test_what_no_browser_sends_is_refused(app: App) -> None:
    own, asks = f"Host: {app.own}", f"Origin: http://{app.own}"
    assert app.shake(own) == 403
    assert app.shake(asks) in (400, 403)
    assert app.shake(own, asks, asks) in (400, 403)
    assert app.shake(own, "Host: evil.example", asks) in (400, 403)
    assert app.ask("GET / HTTP/1.0")[0] == 403
    assert app.get(own, target=f"http://evil.example:{app.port}/") == 403
    assert app.get(own, target=f"http://{app.own}/") == 403
    status, text = app.ask("GET / HTTP/1.1", "Host: evil.example", "Connection: close")
    assert status == 403
    assert "x-frame-options: DENY" in text
    assert app.strangers == []


def test_each_answer_keeps_pages_to_this_host_and_out_of_others(app: App) -> None:
    for target in ("/", "/explore", "/_stcore/health", "/nothing/at/all", "/static/none.js"):
        status, text = app.ask(f"GET {target} HTTP/1.1", f"Host: {app.own}", "Connection: close")
        assert status in (200, 404)
        headers = dict(line.split(": ", 1) for line in text.split("\r\n\r\n")[0].split("\r\n")[1:])
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        policy = dict(
            rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
        )
        assert policy["frame-ancestors"] == policy["default-src"] == "'none'"
        # No rule names another host, and no script runs that did not come with Streamlit or us.
        hosts = re.findall(r"(?<!')\b(?:https?|wss?):\S*|\*", " ".join(policy.values()))
        assert hosts == [f"ws://{app.own}", f"wss://{app.own}"]
        assert "unsafe" not in policy["script-src"]


@pytest.mark.parametrize("command", [["-m", "streamlit", "run"], []])
def test_the_file_of_the_app_started_by_itself_refuses_too(
    tmp_path: Path, command: list[str]
) -> None:
    """`streamlit run app.py`, and `python app.py`, whatever address they are told to serve on."""
    port = free_port()
    environ = {**os.environ, "HOME": str(tmp_path), "SUTRA_HOME": str(tmp_path / "home")}
    environ |= {"STREAMLIT_SERVER_PORT": str(port), "STREAMLIT_SERVER_HEADLESS": "true"}
    config = tmp_path / ".streamlit" / "config.toml"
    config.parent.mkdir()
    config.write_text(f"[server]\nport = {port}\nheadless = true\n")
    process = subprocess.Popen(
        [sys.executable, *command, str(ROOT / "app.py")],
        cwd=tmp_path, env=environ, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        app = App(port, tmp_path / "asked")
        _answers(port, process)
        assert app.get(f"Host: {app.own}") == 200
        assert app.get("Host: evil.example") == 403
        assert app.shake(f"Host: {app.own}", "Origin: http://localhost:9999") == 403
        assert app.shake(f"Host: {app.own}", f"Origin: http://{app.own}") == 101
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _answers(port: int, process: subprocess.Popen[str]) -> None:
    """Wait until something listens there, as long as the process lives."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            continue
    raise AssertionError(process.communicate()[1])


# --- the command --------------------------------------------------------------------------------


def sutra(home: Workspace, *arguments: str) -> subprocess.Popen[str]:
    """`sutra app` with these arguments, with no screen to open a browser on."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("NEO4J_")}
    return subprocess.Popen(
        [sys.executable, "-m", "sutra.start", "app", *arguments],
        cwd=ROOT, text=True, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env={**environ, "SUTRA_HOME": str(home.root), "HOME": str(home.root), "BROWSER": "true"},
    )  # fmt: skip


def test_a_port_that_is_taken_is_said_first_and_alone(tmp_path: Path) -> None:
    home = Workspace(tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = sutra(home, "--port", str(port))
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert said.count("\n") == 1
    assert f"port {port} of 127.0.0.1" in said
    assert "--port" in said
    assert not home.root.exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "evil.example", ""])  # noqa: S104
def test_no_other_machine_is_served(tmp_path: Path, host: str) -> None:
    process = sutra(Workspace(tmp_path / "home"), "--host", host)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert "Sutra has no sign-in" in said
    assert "Sutra is at" not in said


@pytest.fixture(scope="module")
def home(make_empty: Callable[[], Workspace]) -> Workspace:
    return make_empty()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_it_says_where_it_is_once_it_answers_and_leaves_its_port_at_the_end(
    home: Workspace, how: signal.Signals, host: str
) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    process = sutra(home, "--port", "0", "--host", host)
    assert process.stderr is not None
    said = next(line for line in process.stderr if line.startswith("Sutra is at"))
    found = re.search(r"http://(\S+):(\d+) ", said)
    assert found is not None
    where = ("::1" if host == "::1" else "127.0.0.1", int(found[2]))
    assert found[1] == ("[::1]" if host == "::1" else "127.0.0.1")
    own = f"{found[1]}:{found[2]}"
    with socket.create_connection(where, timeout=30) as sock:
        sock.sendall(f"GET /_stcore/health HTTP/1.1\r\nHost: {own}\r\n\r\n".encode())
        assert sock.recv(65536).startswith(b"HTTP/1.1 200")
        process.send_signal(how)
        rest = process.communicate(timeout=30)[1]
    assert process.returncode == 0
    assert "Traceback" not in rest
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(where, timeout=5)


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


# --- in a browser -------------------------------------------------------------------------------

HOSTILE: Final = """<!doctype html><title>elsewhere</title><body><script>
const got = {};
const keep = (name, promise) =>
  promise.then((value) => { got[name] = value; }, () => { got[name] = null; });
const soon = (start) => new Promise((yes, no) => start(yes, no));
const socketTo = (host) => soon((yes, no) => {
  const s = new WebSocket(`ws://${host}/_stcore/stream`, ["streamlit"]);
  s.onopen = () => yes("open"); s.onerror = no;
});
const element = (tag, src) => soon((yes, no) => {
  const e = document.createElement(tag); e.onload = () => yes("loaded"); e.onerror = no;
  e.src = src; document.body.append(e);
});
window.attack = async (port) => {
  for (const name of ["127.0.0.1", "localhost"]) {
    const host = `${name}:${port}`, url = `http://${host}`, to = `${url}/_stcore/upload_file/a/b`;
    await keep(`socket ${name}`, socketTo(host));
    await keep(`fetch ${name}`, fetch(url).then((r) => r.text()));
    await keep(`blind ${name}`, fetch(url, { mode: "no-cors" }).then((r) => r.type));
    await keep(`put ${name}`, fetch(to, { method: "PUT", body: "x" }));
    await keep(`post ${name}`, fetch(to, { method: "POST", mode: "no-cors", body: "x" }));
    await keep(`picture ${name}`, element("img", `${url}/favicon.png`));
    await keep(`script ${name}`, element("script", `${url}/static/js/index.js`));
  }
  return got;
};
window.frame = (url) => {
  const e = document.createElement("iframe"); e.name = "inner"; e.src = url;
  document.body.append(e);
};
window.send = (url) => {
  const f = document.createElement("form"); f.method = "post"; f.action = url;
  document.body.append(f); f.submit();
};
</script>"""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of a page of another port of this machine, which means ill."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(HOSTILE.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.browser
def test_a_page_of_another_port_gets_nothing(browser: Any, app: App, elsewhere: str) -> None:
    with page_of(browser, elsewhere) as seen:
        page = seen.page
        got = page.evaluate("(port) => window.attack(port)", app.port)
        assert len(got) == 14
        assert {name: value for name, value in got.items() if value is not None} == {}

        # The browser shows that it was refused in place of the frame.
        with page.expect_response(f"http://{app.own}/") as answer:
            page.evaluate("(url) => window.frame(url)", f"http://{app.own}/")
        assert answer.value.headers["x-frame-options"] == "DENY"
        # By its element: a frame that loads nothing is never told its name.
        inner = page.locator("iframe[name=inner]").element_handle().content_frame()
        assert inner is not None
        inner.wait_for_function("() => location.protocol === 'chrome-error:'")

        with page.expect_response(f"http://{app.own}/**") as answer:
            page.evaluate("(url) => window.send(url)", f"http://{app.own}/_stcore/agent/interact")
        assert answer.value.status == 403
    assert app.strangers == []


SCRIPT: Final = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from graph.errors import QueryError
from graph.runtime import log
from views import frame, service

if get_script_run_ctx(suppress_warning=True) is None:
    log.configure_once()
    app = st.App(__file__, middleware=service.MIDDLEWARE, on_script_error=service.say_error)
else:
    st.write("Before it.")
    if st.button("Press"):
        raise LookupError("the words of the error")
    with frame.errors():
        if st.button("Ask"):
            raise QueryError("The query of Odd Lanternby cannot be run.")
    st.write("After it.")
"""


@pytest.mark.browser
def test_an_error_has_a_number_on_the_page_and_in_the_log(browser: Any, tmp_path: Path) -> None:
    script, home = tmp_path / "broken.py", Workspace(tmp_path / "home")
    script.write_text(SCRIPT)
    home.prepare()
    with (
        streamlit_app(script, env={"SUTRA_HOME": str(home.root)}) as url,
        page_of(browser, url) as seen,
    ):
        page = seen.page
        page.get_by_role("button", name="Ask").click()
        said = page.get_by_role("alert").filter(has_text="cannot be run").inner_text()
        foreseen = re.search(r"cannot be run\. \(log ([0-9a-f]{8})\)", said)
        assert foreseen is not None
        page.get_by_role("button", name="Press").click()
        said = page.get_by_role("alert").filter(has_text="Something went wrong").inner_text()
        number = re.search(r"[0-9a-f]{8}", said)
        assert number is not None
        shown = page.locator("body").inner_text()
        assert "LookupError" not in shown
        assert "the words of the error" not in shown
        log = script.with_suffix(".log").read_text()
        assert "the words of the error" in log
        assert number[0] in log
        kept = (home.logs / "sutra.log").read_text("utf-8")
        assert re.search(rf"WARNING .* error {foreseen[1]}: QueryError at ", kept)
        assert re.search(rf"ERROR .* error {number[0]}: LookupError at ", kept)
        assert "Lanternby" not in kept
        assert "the words of the error" not in kept
        assert seen.errors == []

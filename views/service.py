"""The app as a service: whom it answers, what its pages may load, and what it says of an error.

Who asks under another address, or from a page of another, is refused before Streamlit sees it.
Streamlit alone would let in every port of this machine and, to know its own address, ask a host
outside.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.runtime import log

_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_USUAL_PORTS: Final = {"http": 80, "https": 443}
_SHELL: Final = Path(st.__file__).with_name("static") / "index.html"
_HISTORY: Final = Path(__file__).with_name("history.js")


class OwnAddressOnly:
    """Answers who asks under the app's own address, and keeps its pages to it.

    The address is the one that a connection has really come in by, not one that is configured.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._scripts = " ".join(["'self'", *_inline_scripts(_SHELL.read_text("utf-8"))])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is our own; answer 403 to the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = _own_host(scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._headers(host)]
            await send(message)

        if host is None or not _from_own_page(scope, host):
            await _refuse(scope, receive, guarded)
            return
        # The origin is checked, and without one Streamlit has no cause to look at it once more.
        rest = [(name, value) for name, value in scope["headers"] if name != b"origin"]
        await self._app({**scope, "headers": rest}, receive, guarded)

    def _headers(self, host: str | None) -> list[tuple[bytes, bytes]]:
        """What each answer says: nothing from another host, and in no page of another."""
        socket = f" ws://{host} wss://{host}" if host else ""
        policy = "; ".join(
            [
                "default-src 'none'",
                f"script-src {self._scripts}",
                # Streamlit and vis-network write styles while they run.
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self' data:",
                # Not every browser takes 'self' for the socket too.
                f"connect-src 'self'{socket}",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            ]
        )
        return [
            (b"content-security-policy", policy.encode()),
            (b"x-frame-options", b"DENY"),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            # Addresses leak: what is followed from here does not hear of them.
            (b"referrer-policy", b"same-origin"),
        ]


def _inline_scripts(html: str) -> list[str]:
    """The hashes of the scripts that stand in a page, as a policy wants them."""
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    return [f"'sha256-{digest}'" for digest in digests]


def _own_host(scope: Scope) -> str | None:
    """The app's own address as the request names it, or None if it names none or another."""
    server = scope.get("server")
    if server is None or server[1] is None or not ipaddress.ip_address(server[0]).is_loopback:
        return None
    # A whole address as the target is for a proxy, and would stand against the Host.
    if not scope["path"].startswith("/"):
        return None
    port = server[1]
    own = {f"{name}:{port}" for name in _NAMES}
    if port == _USUAL_PORTS[_scheme(scope)]:
        own.update(_NAMES)
    given = _given(scope, b"host")
    return given[0] if len(given) == 1 and given[0] in own else None


def _from_own_page(scope: Scope, host: str) -> bool:
    """Whether the page that asks is the app's own; a browser names none when it opens a page."""
    given = _given(scope, b"origin")
    if not given:
        return bool(scope["type"] == "http")
    return given == [f"{_scheme(scope)}://{host}"]


def _scheme(scope: Scope) -> str:
    return "https" if scope["scheme"] in ("https", "wss") else "http"


def _given(scope: Scope, header: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for name, value in scope["headers"] if name == header]


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 403. Of a socket nobody reads more: to say more there has uvicorn log a fault."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
        return
    port = (scope.get("server") or ("", None))[1]
    words = (
        "Sutra answers on this machine alone, and its own pages alone; "
        f"open {_scheme(scope)}://127.0.0.1:{port} in a browser.\n"
    )
    await PlainTextResponse(words, status_code=403)(scope, receive, send)


def pages(names: Iterable[str]) -> list[Route]:
    """What a browser loads for each of these pages: Streamlit's own, and before it `history.js`."""
    first = f'<script src="./{_HISTORY.name}"></script>'
    html = _SHELL.read_text("utf-8").replace("<script", f"{first}\n    <script", 1)

    async def shell(_: Request) -> Response:
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    async def history(_: Request) -> Response:
        return FileResponse(_HISTORY, headers={"Cache-Control": "no-cache"})

    return [Route(f"/{_HISTORY.name}", history), *(Route(f"/{name}", shell) for name in names)]


MIDDLEWARE: Final = (Middleware(OwnAddressOnly),)


def say_error(error: Exception) -> bool:
    """Say on the page that something went wrong, under its number in the log.

    Streamlit has just written the error itself where it was started, and would show it on the page.
    """
    st.error(
        f"Something went wrong that Sutra knows no words for. What it was stands where Sutra was "
        f"started and in its log, under the number {log.defect(error)}. Reload the page to go on; "
        "nothing that was loaded is lost."
    )
    return True

"""The server of the app: it listens on this machine alone, and says when it answers."""

from __future__ import annotations

import os
import runpy
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from typing import Any, Final

import uvicorn

from graph.errors import SutraError
from sutra import cases

PORT: Final = 8501
_MESSAGE: Final = 200 * 2**20
"""Bytes of the largest message of a page, as Streamlit has it."""
_LEAVE: Final = 3
"""Seconds that open pages have to say goodbye."""


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that listens there. Without a port it is the usual one, or a free one; 0 is free.

    Raises SutraError if another program has that port, or if it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in (PORT, 0) if port is None else (port,):
        try:
            return socket.create_server((host, wanted), family=family, backlog=2048)
        except OSError as error:
            refused = error
    raise SutraError(
        f"Sutra cannot serve on port {wanted} of {host} ({refused.strerror or refused}); end the "
        "program that has it, or name another with --port (0 takes a free one)."
    )


def address(sock: socket.socket) -> str:
    """The address of the app in a browser."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _app() -> Any:
    """What `app.py` serves. It is ours by its place: others have a module named `app` too."""
    return runpy.run_path(str(cases.APP), run_name=cases.APP.stem)["app"]


def serve(sock: socket.socket, ready: Callable[[], None]) -> None:
    """Serve the app until it is told to end; `ready` is called once it answers."""
    config = uvicorn.Config(
        _app(), log_config=None, log_level="warning", access_log=False,
        server_header=False,
        # Who asks is who is connected, whatever a header says.
        proxy_headers=False, ws_max_size=_MESSAGE, ws_per_message_deflate=False,
        timeout_graceful_shutdown=_LEAVE,
    )  # fmt: skip
    try:
        _Server(config, ready).run(sockets=[sock])
    except KeyboardInterrupt:
        return


def end_as_by_hand() -> None:
    """Have this process end on SIGTERM as it does on Ctrl+C, so that nothing is left behind."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def open_browser(url: str) -> None:
    """Open the reader's browser there, if this machine has a screen."""
    screen = sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    if screen or os.environ.get("BROWSER"):
        # Some wait until they are closed.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

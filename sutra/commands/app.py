"""`sutra app`: see that the graph holds something, then serve the pages on this machine."""

from __future__ import annotations

import argparse
from contextlib import suppress
from typing import Any, Final

from graph.errors import StoreError
from graph.ingest import load_states, loads
from graph.runtime.workspace import Workspace
from loaders.case import read_case
from sutra import cases
from sutra.opening import open_store
from sutra.terminal import TerminalProgress, warn

_HOSTS: Final = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}


def add_parser(commands: Any) -> None:
    """Add `app` to the command's subparsers."""
    parser: argparse.ArgumentParser = commands.add_parser("app", help="open the app in a browser")
    parser.add_argument(
        "--port", type=_port, help="to serve on, 0 for a free one (default: 8501, or a free one)"
    )
    parser.add_argument(
        "--host", type=_host, default="127.0.0.1",
        help="to serve on, of this machine alone: 127.0.0.1 (default) or ::1",
    )  # fmt: skip
    parser.add_argument("--no-browser", action="store_true", help="serve, but open no browser")
    parser.set_defaults(command=run)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port from 0 (a free one) to 65535")
    return int(text)


def _host(text: str) -> str:
    if text not in _HOSTS:
        raise argparse.ArgumentTypeError(
            f"{text} can be reached from other machines, and Sutra has no sign-in: whoever reaches "
            "it sees all. It serves on 127.0.0.1, localhost or ::1; from elsewhere come through an "
            "ssh tunnel with the same port at both ends"
        )
    return _HOSTS[text]


def run(args: argparse.Namespace) -> int:
    """Load the bundled case into an empty graph, then serve; returns the exit code."""
    # Slow to import, and no other command needs it.
    from sutra import server

    server.end_as_by_hand()
    # First of all: what it says of a port that is taken comes before anything else is done.
    with server.listening(args.host, args.port) as sock, open_store() as store:
        with suppress(StoreError):  # on a server, too, the app's log wants a workspace
            Workspace.locate().prepare()
        if not load_states.states(store):
            warn("The graph is empty: loading the bundled case.")
            bundled = read_case(cases.BUNDLED)
            with TerminalProgress() as progress:
                loads.load(store, Workspace.locate(), bundled, wait=True, progress=progress)

        def ready() -> None:
            url = server.address(sock)
            warn(f"Sutra is at {url} (Ctrl+C stops it)")
            if not args.no_browser:
                server.open_browser(url)

        # The store stays open meanwhile, so that the engine does not stop between two pages.
        server.serve(sock, ready)
    return 0

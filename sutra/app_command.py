"""`sutra app`: see that the graph holds something, then serve the pages on this machine."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from graph import loads
from graph.errors import SutraError
from graph.store import Store
from graph.workspace import Workspace
from loaders.case import read_case
from sutra import home
from sutra.terminal import TerminalProgress, warn

OpenStore = Callable[[], AbstractContextManager[Store]]
PORT = 8501


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Add `app` to the command's subparsers; returns its parser."""
    parser: argparse.ArgumentParser = commands.add_parser("app", help="open the app in a browser")
    parser.add_argument("--port", type=_port, help=f"to serve on (default: {PORT}, or a free one)")
    parser.add_argument("--no-browser", action="store_true", help="serve, but open no browser")
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port from 0 (a free one) to 65535")
    return int(text)


def run(args: argparse.Namespace, open_store: OpenStore) -> int:
    """Load the bundled case into an empty graph, then serve; returns the exit code."""
    with open_store() as store:
        if not loads.states(store):
            warn("The graph is empty: loading the bundled case.")
            progress = TerminalProgress()
            loads.load(
                store, Workspace.locate(), read_case(home.BUNDLED), wait=True, progress=progress
            )
            progress.end()
        port = args.port or free_port(PORT)
        # The store stays open meanwhile, so that the engine does not stop between two pages.
        return serve(port, headless=args.no_browser)


def free_port(wanted: int) -> int:
    """`wanted` if nothing listens there, otherwise a free port of this machine."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SutraError("No port is free on this machine; close a program that listens and try again.")


def serve(port: int, *, headless: bool) -> int:
    """Run Streamlit on loopback until it ends; returns its exit code."""
    command = [
        sys.executable, "-m", "streamlit", "run", str(home.APP),
        "--server.address", "127.0.0.1", "--server.port", str(port),
        "--server.headless", str(headless).lower(), "--browser.gatherUsageStats", "false",
        "--server.fileWatcherType", "none", "--server.showEmailPrompt", "false",
        # With it goes what Streamlit offers on the page to whoever writes apps.
        "--logger.hideWelcomeMessage", "true",
    ]  # fmt: skip
    warn(f"Sutra is at http://127.0.0.1:{port} (Ctrl+C stops it)")
    process = subprocess.Popen(command, cwd=home.ROOT, env=dict(os.environ))  # noqa: S603
    # Ended itself, this process would leave the server behind, on its port.
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0

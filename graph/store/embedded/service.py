"""The database as a service: start, stop and look at. What `sutra db` calls."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
from filelock import Timeout

from graph.errors import StoreError
from graph.runtime.workspace import Workspace
from graph.store.embedded import leases, lifecycle, supervisor
from graph.store.embedded import server as embedded
from graph.store.embedded.lifecycle import Notify
from graph.store.embedded.server import Server
from graph.store.neo4j_engine import Neo4jEngine, without_credentials
from graph.store.store import Store, StoreInfo

_WAIT: Final = 60.0  # seconds, for another process that is starting or stopping the engine


@dataclass(frozen=True)
class Status:
    """How the graph's database is. Sizes are in bytes; None means not known or not ours to know.

    `leases` counts the open stores that use the embedded engine, in all processes. `why` is one
    sentence on a server that cannot be used.
    """

    running: bool
    engine: str
    version: str
    address: str
    since: dt.datetime | None
    leases: int
    memory: int | None
    folder: Path | None
    folder_size: int | None
    why: str = ""


def start(workspace: Workspace | None = None, notify: Notify | None = None) -> StoreInfo:
    """Start the embedded engine, or check that the Neo4j server answers; returns which it is.

    An engine that nobody uses is stopped again after its idle time.
    """
    with Store.open(workspace, notify=notify) as store:
        return store.info


def stop(workspace: Workspace) -> bool:
    """Stop the workspace's embedded engine; False if none was running.

    Processes that use it start it again when they next ask it something. Raises `StoreError` if
    another process keeps starting it.
    """
    if not workspace.locks.exists():
        return False
    try:
        with supervisor.start_lock(workspace).acquire(timeout=_WAIT):
            return stop_server(workspace)
    except Timeout as error:
        raise StoreError(
            f"Another process is starting or stopping the database in {workspace.root}; try again."
        ) from error


def stop_server(workspace: Workspace) -> bool:
    """As `stop`, for who holds the start lock."""
    server = embedded.running(workspace) or embedded.find_unrecorded(workspace)
    if server is None:
        return False
    embedded.stop(workspace, server)
    embedded.forget(workspace)
    _await_supervisor(workspace)
    return True


def _await_supervisor(workspace: Workspace) -> None:
    """Wait until the stopped server's supervisor has seen it and ended."""
    end = time.monotonic() + 5.0
    while lifecycle.is_supervised(workspace) and time.monotonic() < end:
        time.sleep(0.05)


def status(workspace: Workspace) -> Status:
    """How the graph's database is: the server of `NEO4J_URI` if that is set, else the embedded one.

    Starts nothing, creates nothing. A Neo4j server that cannot be used is not running.
    """
    if os.environ.get("NEO4J_URI", "").strip():
        return _remote_status(os.environ)
    server = embedded.running(workspace) or embedded.find_unrecorded(workspace)
    alive = server is not None and server.ready and lifecycle.answers(workspace, server)
    since, memory = _measured(server) if server is not None else (None, None)
    return Status(
        running=alive,
        engine="ArcadeDB",
        version=embedded.package_version(),
        address=server.address if server is not None else "",
        since=since,
        leases=len(leases.held(workspace)),
        memory=memory,
        folder=workspace.root,
        folder_size=_size(workspace.engine),
    )


def _remote_status(environ: Mapping[str, str]) -> Status:
    remote = Neo4jEngine(environ)
    why, info = "", StoreInfo("Neo4j", "", False, without_credentials(environ["NEO4J_URI"]))
    try:
        drivers = remote.connect()
        info = remote.describe(drivers)
        drivers.close()
    except StoreError as error:
        why = str(error)
    return Status(not why, info.engine, info.version, info.address, None, 0, None, None, None, why)


def _measured(server: Server) -> tuple[dt.datetime | None, int | None]:
    process = server.process()
    with contextlib.suppress(psutil.Error):
        if process is not None:
            since = dt.datetime.fromtimestamp(process.create_time(), dt.UTC)
            return since, process.memory_info().rss
    return None, None


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):  # the engine removes files while we look
            total += file.stat().st_size if file.is_file() else 0
    return total

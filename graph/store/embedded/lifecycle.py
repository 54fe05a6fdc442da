"""Making sure that the embedded engine runs, whatever happened to it before.

Alive means an authenticated answer over Bolt. A recorded process number alone means nothing, but
where it names no process any more there is nobody to ask, and no password is sent to whoever else
may listen on that port by now.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Final

import neo4j
from filelock import Timeout
from neo4j.exceptions import DriverError, Neo4jError

from graph.errors import EngineStartError
from graph.runtime.workspace import Workspace
from graph.store.embedded import leases, supervisor
from graph.store.embedded import server as embedded
from graph.store.embedded.server import Server

Notify = Callable[[str], None]

# Seconds. The supervisor gives up earlier, and says why.
_START_WITHIN: Final = 150.0
# Seconds in which a server must let us in; it takes milliseconds.
_ANSWER_WITHIN: Final = 5.0
# Seconds after which a server that does not answer, and was not started just now, is given up.
_SILENT_FOR: Final = 20.0
# Seconds of a server's life in which it may still be reading a large log.
_YOUNG: Final = 120.0
_SPAWNS: Final = 3


def ensure(workspace: Workspace, notify: Notify | None = None) -> Server:
    """The workspace's server, alive and watched; it is started, or adopted, if need be.

    The caller holds a lease, or the server may be stopped the next moment. `notify` gets a short
    line before and after a start. Raises `EngineStartError` if the server cannot be had.
    """
    workspace.prepare()
    try:
        with supervisor.start_lock(workspace).acquire(timeout=_START_WITHIN):
            return _ensure(workspace, notify or (lambda _line: None))
    except Timeout as error:
        raise EngineStartError(
            f"Another process has been starting or stopping the embedded database in "
            f"{workspace.root} for more than {_START_WITHIN:.0f} s; end it and try again."
        ) from error


def answers(workspace: Workspace, server: Server) -> bool:
    """Whether the server answers an authenticated query over Bolt."""
    login = (embedded.READER, embedded.password(workspace, embedded.READER))
    try:
        with (
            neo4j.GraphDatabase.driver(
                server.address,
                auth=login,
                connection_acquisition_timeout=_ANSWER_WITHIN,  # a hung server accepts, and no more
                telemetry_disabled=True,
            ) as driver,
            driver.session(database=embedded.DATABASE) as session,
        ):
            return session.run("RETURN 1 AS one").single() is not None
    except (DriverError, Neo4jError, OSError):
        return False


def is_supervised(workspace: Workspace) -> bool:
    """Whether a supervisor lives."""
    return leases.is_locked(supervisor.lock_file(workspace))


def _ensure(workspace: Workspace, notify: Notify) -> Server:
    server = _alive(workspace)
    if server is not None:
        if not is_supervised(workspace):
            _Spawner(workspace).spawn()
        return server
    embedded.package_folder()  # says at once if there is none
    if embedded.replaced_folder(workspace).exists() and embedded.running(workspace) is None:
        embedded.settle(workspace)
    notify("Starting the embedded database …")
    begun = time.monotonic()
    server = _start(workspace, begun)
    notify(f"The embedded database is ready, after {time.monotonic() - begun:.1f} s.")
    return server


def _alive(workspace: Workspace) -> Server | None:
    server = embedded.running(workspace)
    if server is None or not server.ready:
        return None
    return server if answers(workspace, server) else None


def _start(workspace: Workspace, begun: float) -> Server:
    failure = supervisor.failure_file(workspace)
    failure.unlink(missing_ok=True)
    spawner = _Spawner(workspace)
    while time.monotonic() < begun + _START_WITHIN:
        if not is_supervised(workspace):
            spawner.spawn()
        server = _alive(workspace)
        if server is not None:
            return server
        if failure.exists():
            raise EngineStartError(failure.read_text(encoding="utf-8", errors="replace").strip())
        _give_up_if_silent(workspace, time.monotonic() - begun)
        time.sleep(0.05)
    raise EngineStartError(
        f"The embedded database does not answer after {_START_WITHIN:.0f} s; run `sutra db stop` "
        f"and try again, and see {embedded.log_file(workspace)}."
    )


def _give_up_if_silent(workspace: Workspace, waited: float) -> None:
    """Raise for a server that runs, is watched and hangs: ending it is for the user to decide."""
    server = embedded.running(workspace)
    if waited < _SILENT_FOR or server is None or not is_supervised(workspace):
        return
    if time.time() - server.created > _YOUNG:
        raise EngineStartError(
            f"The embedded database (process {server.pid}) runs and does not answer; wait for it, "
            f"or end it with `sutra db stop`, which loses nothing that was saved."
        )


class _Spawner:
    """Spawns supervisors, one at a time, and not without end."""

    # Ended children are taken off the process table when the next one is spawned; a child that
    # is still alive when this process ends belongs to nobody, as it should.
    _children: Final[list[subprocess.Popen[bytes]]] = []

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._latest: subprocess.Popen[bytes] | None = None
        self._count = 0

    def spawn(self) -> None:
        """Spawn a supervisor unless the latest one still lives."""
        if self._latest is not None and self._latest.poll() is None:
            return
        if self._count == _SPAWNS:
            raise EngineStartError(
                f"The embedded database's supervisor ends as soon as it is started; see "
                f"{self._workspace.state / 'supervisor.log'}."
            )
        self._children[:] = [child for child in self._children if child.poll() is None]
        self._latest = supervisor.spawn(self._workspace)
        self._children.append(self._latest)
        self._count += 1

"""The embedded engine: ArcadeDB as a server process that Sutra starts itself."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import neo4j
from neo4j.exceptions import AuthError, Forbidden, Neo4jError

from graph.errors import StoreUnavailable
from graph.runtime.workspace import Workspace
from graph.store.embedded import leases, lifecycle
from graph.store.embedded import server as embedded
from graph.store.embedded.lifecycle import Notify
from graph.store.embedded.server import Server
from graph.store.engine import Drivers, StoreInfo, fulltext_name, open_driver
from graph.store.watchdog import Limited, ServerGone, Watchdog


class ArcadeDBEngine:
    """ArcadeDB as a server process of the workspace. Holds a lease from `connect` to `close`."""

    patience = 15.0
    plans = False
    # Seconds for which a look at the process table is believed. A server that ended within them
    # is met as a lost connection.
    _LOOK_EVERY: Final = 0.5
    # Seconds in which a query that nobody wants more rows of must be over.
    _LET_GO_WITHIN: Final = 0.05

    def __init__(self, workspace: Workspace, notify: Notify | None = None) -> None:
        self._workspace = workspace
        self._notify = notify
        self._lease = leases.Lease(workspace)
        self._looked = 0.0
        self._server: Server | None = None

    def connect(self) -> Drivers:
        self._workspace.prepare()
        self._lease.take()
        server = self._server = lifecycle.ensure(self._workspace, self._notify)
        self._looked = time.monotonic()
        writer, reader = (self._open(server, user) for user in (embedded.WRITER, embedded.READER))
        return Drivers(writer, reader, embedded.DATABASE, server.address)

    def _open(self, server: Server, user: str) -> neo4j.Driver:
        login = (user, embedded.password(self._workspace, user))

        def resolve(address: neo4j.Address) -> Iterator[neo4j.Address]:
            # Asked before each new connection: nobody is waited for who is gone, and no password
            # goes to whoever has the port now.
            if server.process() is None:
                raise ServerGone("its process has ended")
            return iter([address])

        return open_driver(
            server.address,
            login,
            resolver=resolve,
            max_transaction_retry_time=self.patience,
            initial_retry_delay=0.1,
        )

    def is_current(self, drivers: Drivers) -> bool:
        now = time.monotonic()
        if now - self._looked < self._LOOK_EVERY:
            return True
        self._looked = now
        server = embedded.running(self._workspace)
        return server is not None and server == self._server

    def may_retry(self, drivers: Drivers, error: Exception) -> bool:
        self._looked = 0.0
        return True

    def is_leaving(self, error: Exception) -> bool:
        if isinstance(error, Neo4jError):
            # While it stops it forgets its users, and refuses whom it had let in.
            refused = isinstance(error, AuthError) and not isinstance(error, Forbidden)
            return refused or "in state: AUTHENTICATION" in str(error)
        return isinstance(error, ServerGone)

    def why_lost(self, port: int) -> str:
        server = self._server
        return "" if server is None else embedded.why_lost(self._workspace, server, port)

    def full_disk(self, error: Exception) -> str:
        # It says no more than which statement failed.
        return str(self._workspace.engine) if embedded.is_full(self._workspace) else ""

    def remedy(self) -> str:
        return (
            "give the engine more with SUTRA_ENGINE_MEMORY, such as 2g, and run `sutra db stop`, "
            "after which it starts anew"
        )

    @contextmanager
    def limited(self, drivers: Drivers, cypher: str, seconds: float | None) -> Iterator[Limited]:
        # The engine ignores the driver's timeout, and when rows are left it computes them all
        # before it lets go. So we end the query from outside, and know it by a comment. That comes
        # first: of a long query the engine lists the first 1,024 characters.
        # It names the lease too, so that the supervisor ends it if this process cannot.
        token = f"{embedded.TOKEN}{self._lease.name}:{uuid.uuid4().hex}"
        with Watchdog(
            drivers.writer,
            drivers.database,
            "SHOW TRANSACTIONS",
            lambda row: token in row["currentQuery"],
        ) as watchdog:
            if seconds is not None:
                watchdog.bite_after(seconds)
            yield Limited(
                f"/* {token} */ {cypher}",
                soon=lambda: watchdog.bite_after(self._LET_GO_WITHIN),
                stop=lambda: watchdog.bite_after(0),
                give_up=watchdog.give_up,
                holds=watchdog.hold,
                given_up=lambda: watchdog.given_up,
            )

    def create_fulltext(self, drivers: Drivers, label: str, name: str) -> None:
        index = fulltext_name(label, name)
        for sql in (
            f"CREATE VERTEX TYPE {label} IF NOT EXISTS",
            f"CREATE PROPERTY {label}.{name} IF NOT EXISTS STRING",
            f"CREATE INDEX {index} IF NOT EXISTS ON {label} ({name}) FULL_TEXT",
        ):
            embedded.command(self._workspace, self._running(), sql)

    def shed(self, indexes: Sequence[str]) -> None:
        # Taking one node out of such an index costs the more the more it holds.
        for index in indexes:
            embedded.command(self._workspace, self._running(), f"DROP INDEX `{index}` IF EXISTS")

    def describe(self, drivers: Drivers) -> StoreInfo:
        found = re.search(r"ArcadeDB ([\w.]+)", drivers.reader.get_server_info().agent)
        version = found[1] if found else embedded.package_version()
        return StoreInfo("ArcadeDB", version, True, drivers.address)

    def backup(self, drivers: Drivers, target: Path) -> Path:
        return embedded.backup(self._workspace, self._running(), target)

    def close(self) -> None:
        self._lease.release()

    def _running(self) -> Server:
        server = embedded.running(self._workspace)
        if server is None:
            raise StoreUnavailable("The embedded database has ended; run the command again.")
        return server

"""The one way to a database server: what every engine does, and the drivers that lead to it.

Whatever one engine does differently from the other is a method of `Engine`, and stands in
`neo4j_engine` or `arcadedb_engine`; nothing outside these two asks which one it has.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import neo4j
from neo4j.exceptions import ServiceUnavailable, SessionExpired

from graph.store.watchdog import Limited, ServerGone, closing

# What the driver has to say of a lost connection is said by our own errors: without a handler of
# its own it would go to the terminal.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

# Seconds in which there must be a connection, where no time limit is shorter.
_ACQUIRED_WITHIN: Final = 60.0
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

LOST: Final = (ServerGone, ServiceUnavailable, SessionExpired)
"""What a call ends with when the connection is lost."""


@dataclass(frozen=True)
class StoreInfo:
    """What the store runs on. `address` holds no credentials."""

    engine: str
    version: str
    embedded: bool
    address: str


@dataclass(frozen=True)
class Drivers:
    """Open drivers: one with a writer's rights, one with a reader's (they may be the same).

    `bookmarks`, if the engine has any, say how much of what was written a read must see: in a
    cluster it may be answered by a member that has not got so far yet.
    """

    writer: neo4j.Driver
    reader: neo4j.Driver
    database: str | None
    address: str
    bookmarks: neo4j.BookmarkManager | None = None

    def writing(self) -> AbstractContextManager[neo4j.Session]:
        """A session with a writer's rights."""
        return closing(self.writer.session(database=self.database, bookmark_manager=self.bookmarks))

    def reading(
        self,
        fetch_size: int = 1000,
        within: float | None = None,
        before: Callable[[], None] = lambda: None,
    ) -> AbstractContextManager[neo4j.Session]:
        """A session with a reader's rights that sees all that was written here.

        A connection is had within so many seconds; `before` is called before the session's end.
        """
        session = self.reader.session(
            database=self.database,
            bookmark_manager=self.bookmarks,
            default_access_mode=neo4j.READ_ACCESS,
            fetch_size=fetch_size,
            connection_acquisition_timeout=min(_ACQUIRED_WITHIN, within or _ACQUIRED_WITHIN),
        )
        return closing(session, before)

    def close(self) -> None:
        """Close both."""
        self.reader.close()
        self.writer.close()


class Engine(Protocol):
    """What differs between the engines."""

    def connect(self) -> Drivers:
        """Open drivers and check that the server answers, takes the login and is new enough.

        Raises `EngineStartError`, `StoreUnavailable`, `CredentialsError` or `ServerTooOld`.
        """

    def is_current(self, drivers: Drivers) -> bool:
        """Whether the drivers still lead to the server, as far as can be told without asking."""

    patience: float
    """Seconds for which what was lost is tried again."""

    def may_retry(self, drivers: Drivers, error: Exception) -> bool:
        """Whether, after a lost connection, one more try is worth it (with fresh drivers)."""

    def is_leaving(self, error: Exception) -> bool:
        """Whether the server says this because it is being stopped, and another one will come."""

    def why_lost(self, port: int) -> str:
        """Why the connection from this port was lost, if what ran on it was too much: a clause."""

    def full_disk(self, error: Exception) -> str:
        """Where the data lie, if a change was refused since that disk is full; else empty."""

    def remedy(self) -> str:
        """What to do about a query that needs more memory than the engine has: a clause."""

    def limited(
        self, drivers: Drivers, cypher: str, seconds: float | None
    ) -> AbstractContextManager[Limited]:
        """A context in which the query can be stopped, and is after so many seconds."""

    def create_fulltext(self, drivers: Drivers, label: str, name: str) -> None:
        """Create the full-text index `<label>_<name>` in lower case, unless it exists."""

    def shed(self, indexes: Sequence[str]) -> None:
        """Drop those of these indexes that make a great removal slow on this engine.

        In each of them one key holds very many nodes.
        """

    plans: bool
    """Whether the plans that it tells can be relied on."""

    def describe(self, drivers: Drivers) -> StoreInfo:
        """What the drivers lead to."""

    def backup(self, drivers: Drivers, target: Path) -> Path:
        """Write a consistent copy of the database to a new file `target`; returns the file.

        Raises `StoreError` if that is not possible here.
        """

    def close(self) -> None:
        """Give back what the engine holds; the drivers are the caller's."""


def fulltext_name(label: str, name: str) -> str:
    """The name of the full-text index on a label's property, the same on both engines."""
    for word in (label, name):
        if not _IDENTIFIER.fullmatch(word):
            raise ValueError(f"not an identifier: {word!r}")
    return f"{label}_{name}".lower()


def open_driver(address: str, auth: tuple[str, str] | None, **settings: Any) -> neo4j.Driver:
    """A driver with what both engines ask of one. It connects when it is first used."""
    return neo4j.GraphDatabase.driver(
        address,
        auth=auth,
        user_agent="sutra",
        telemetry_disabled=True,
        notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
        connection_timeout=5.0,
        connection_acquisition_timeout=_ACQUIRED_WITHIN,
        **settings,
    )

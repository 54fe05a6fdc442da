"""The two engines behind the store, and every difference between them.

`Embedded` is the server process that Sutra starts itself; `Remote` is the Neo4j server that
`NEO4J_URI` names. Both are reached by the official driver. Whatever one does differently from the
other is a method of `Engine`; nothing outside this module asks which one it has.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import neo4j
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    UnsupportedServerProduct,
)

from graph.errors import (
    CredentialsError,
    NothingAnswers,
    ServerTooOld,
    StoreError,
    StoreUnavailable,
)
from graph.runtime.workspace import Workspace
from graph.store.embedded import leases, lifecycle
from graph.store.embedded import server as embedded
from graph.store.embedded.lifecycle import Notify
from graph.store.embedded.server import Server
from graph.store.tokens import tokenize
from graph.store.watchdog import GRACE, Limited, ServerGone, Watchdog, closing

# What the driver has to say of a lost connection is said by our own errors: without a handler of
# its own it would go to the terminal.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

# Saved queries hand variables to a subquery as `CALL (x) { … }`, which came with 5.23. (What else
# they need is older: uniqueness constraints on relationships came with 5.7.)
OLDEST_NEO4J: Final = (5, 23)

_STOPPED: Final = (
    "Neo.ClientError.Transaction.Terminated",
    "Neo.TransientError.Transaction.Terminated",
    "Neo.ClientError.Transaction.TransactionTimedOut",
)

_MEMORY: Final = ("OutOfMemory", "MemoryLimit", "StackOverFlow")

# Seconds in which there must be a connection, where no time limit is shorter.
_ACQUIRED_WITHIN: Final = 60.0
# Seconds: over millions of nodes that are there already, an index takes long.
_INDEXED_WITHIN: Final = 36_000
_SCHEMES: Final = frozenset(
    f"{scheme}{security}" for scheme in ("bolt", "neo4j") for security in ("", "+s", "+ssc")
)
EXPLAIN: Final = "EXPLAIN "
"""What is put before a text to have its plan alone."""
# How each says where a text goes wrong: Neo4j in UTF-16 units of all that was sent, the embedded
# engine by line and column (from 0) of what is left without the comments that open the text.
_OFFSET: Final = re.compile(r"\s*\(line \d+, column \d+ \(offset: (?P<offset>\d+)\)\).*", re.DOTALL)
_LINE: Final = re.compile(
    r"^Syntax error at line (?P<line>\d+):(?P<column>\d+) - "
    r"|\s+at line (?P<line_>\d+), column (?P<column_>\d+)\n.*",
    re.DOTALL,
)
_UNREADABLE: Final = "an address that cannot be read"
# Bytes that a whole number has after its mark, in the driver's own notation.
_WHOLE: Final = {0xC8: 1, 0xC9: 2, 0xCA: 4, 0xCB: 8}

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


def choose(
    workspace: Workspace | None, notify: Notify | None, environ: Mapping[str, str] = os.environ
) -> Engine:
    """The engine that the environment asks for: `Remote` if `NEO4J_URI` is set, else `Embedded`.

    With `NEO4J_URI` set no embedded engine is ever started, nor any folder made.
    """
    if environ.get("NEO4J_URI", "").strip():
        return Remote(environ)
    return Embedded(workspace or Workspace.locate(environ), notify)


def fulltext_name(label: str, name: str) -> str:
    """The name of the full-text index on a label's property, the same on both engines."""
    for word in (label, name):
        if not _IDENTIFIER.fullmatch(word):
            raise ValueError(f"not an identifier: {word!r}")
    return f"{label}_{name}".lower()


def _driver(address: str, auth: tuple[str, str] | None, **settings: Any) -> neo4j.Driver:
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


# --- the embedded engine ------------------------------------------------------------------------


class Embedded:
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
                raise ServerGone
            return iter([address])

        return _driver(
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


# --- Neo4j --------------------------------------------------------------------------------------


class Remote:
    """The Neo4j server that `NEO4J_URI` names.

    The reader is READ access mode, as `SUTRA_READ_USERNAME` where an administrator made such a
    user; Neo4j Community knows no rights by user.
    """

    patience = 30.0
    plans = True
    # What a transaction says of itself, to be found by.
    _KNOWN_BY: Final = "sutra"

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._uri = environ["NEO4J_URI"].strip()
        self._database = environ.get("NEO4J_DATABASE", "").strip() or None
        self._writer = _login(environ, "NEO4J_USERNAME", "NEO4J_PASSWORD")
        self._reader = _login(environ, "SUTRA_READ_USERNAME", "SUTRA_READ_PASSWORD")
        self._address = without_credentials(self._uri)
        # Shared by both drivers: what the writer's sessions wrote, the reader's wait for.
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()

    def connect(self) -> Drivers:
        writer = self._open(self._writer, "NEO4J_USERNAME and NEO4J_PASSWORD")
        if self._reader is None:
            return self._drivers(writer, writer)
        try:
            reader = self._open(self._reader, "SUTRA_READ_USERNAME and SUTRA_READ_PASSWORD")
        except StoreError:
            writer.close()
            raise
        return self._drivers(writer, reader)

    def _drivers(self, writer: neo4j.Driver, reader: neo4j.Driver) -> Drivers:
        return Drivers(writer, reader, self._database, self._address, self._bookmarks)

    def _open(self, login: tuple[str, str] | None, variables: str) -> neo4j.Driver:
        if not _is_address(self._uri):
            raise self._no_address()
        try:
            driver = _driver(
                self._uri,
                login,
                # A cluster chooses another leader within seconds. A load balancer may have dropped
                # an idle connection without a word, so that is looked at before it is used.
                max_transaction_retry_time=self.patience,
                initial_retry_delay=0.1,
                liveness_check_timeout=60.0,
            )
        except (ConfigurationError, ValueError) as error:
            raise self._no_address() from error
        try:
            # A read: a cluster that is choosing a leader can be opened too.
            with driver.session(
                database=self._database, default_access_mode=neo4j.READ_ACCESS
            ) as session:
                used = session.run("RETURN 1 AS one").consume().database
            # Always by name: a session that leaves the choice to the server goes on writing to a
            # member that no longer leads (seen with driver 6.4.1), and asks once more each time.
            self._database = self._database or used
            self._check_version(driver.get_server_info().agent)
        except AuthError as error:
            driver.close()
            raise CredentialsError(
                f"The server at {self._address} refuses the user or the password; correct "
                f"{variables}."
            ) from error
        except UnsupportedServerProduct as error:
            driver.close()
            raise self._too_old("a version that this driver does not know") from error
        except (DriverError, OSError, ValueError) as error:
            driver.close()
            raise self._away() from error
        except Neo4jError as error:
            driver.close()
            raise StoreUnavailable(
                f"The server at {self._address} does not let the database be used: "
                f"{first_sentence(error)}"
            ) from error
        except StoreError:
            driver.close()
            raise
        return driver

    def _no_address(self) -> StoreUnavailable:
        readable = self._address != _UNREADABLE
        told = f"is {self._address!r} and must be" if readable else "cannot be read; it must be"
        return StoreUnavailable(
            f"NEO4J_URI {told} an address such as neo4j://localhost:7687 without a user or "
            f"password in it."
        )

    def _away(self) -> StoreUnavailable:
        kind = NothingAnswers if _refuses(self._uri) else StoreUnavailable
        return kind(
            f"No Neo4j server answers at {self._address}; start it, correct NEO4J_URI, or unset "
            f"NEO4J_URI to use the embedded database."
        )

    def _check_version(self, agent: str) -> None:
        found = re.match(r"Neo4j/v?(\d+)\.(\d+)", agent)
        if found is None or (int(found[1]), int(found[2])) < OLDEST_NEO4J:
            raise self._too_old(agent)

    def _too_old(self, what: str) -> ServerTooOld:
        oldest = ".".join(str(part) for part in OLDEST_NEO4J)
        return ServerTooOld(
            f"The server at {self._address} is {what}, and Sutra needs Neo4j {oldest} or later "
            f"(5.26 LTS is the tested one); update it, or unset NEO4J_URI to use the embedded "
            f"database."
        )

    def is_current(self, drivers: Drivers) -> bool:
        return True

    def may_retry(self, drivers: Drivers, error: Exception) -> bool:
        return isinstance(error, SessionExpired)  # the driver itself has retried all others

    def why_lost(self, port: int) -> str:
        return ""  # it says so itself

    def full_disk(self, error: Exception) -> str:
        full = re.search(r"no space left|disk (?:is )?full", str(error), re.IGNORECASE)
        return f"on the server at {self._address}" if full else ""

    def remedy(self) -> str:
        return "have whoever runs the server give it more"

    @contextmanager
    def limited(self, drivers: Drivers, cypher: str, seconds: float | None) -> Iterator[Limited]:
        # Known by what goes with its transaction: a text that is never the same would be planned
        # anew each time. Every user may see and end what is their own.
        token = uuid.uuid4().hex
        with Watchdog(
            drivers.reader,
            drivers.database,
            "SHOW TRANSACTIONS YIELD transactionId, metaData, status",
            lambda row: (row["metaData"] or {}).get(self._KNOWN_BY) == token,
        ) as watchdog:
            # The server keeps the limit too, for a client that is gone by then.
            if seconds is not None:
                watchdog.bite_after(seconds)
            yield Limited(
                cypher,
                seconds,
                soon=lambda: watchdog.bite_after(GRACE),
                stop=lambda: watchdog.bite_after(0),
                give_up=watchdog.give_up,
                holds=watchdog.hold,
                given_up=lambda: watchdog.given_up,
                metadata={self._KNOWN_BY: token},
            )

    def create_fulltext(self, drivers: Drivers, label: str, name: str) -> None:
        index = fulltext_name(label, name)
        create = f"CREATE FULLTEXT INDEX {index} IF NOT EXISTS FOR (n:{label}) ON EACH [n.{name}]"
        with drivers.writing() as session:
            for statement in (create, f"CALL db.awaitIndexes({_INDEXED_WITHIN})"):
                session.execute_write(_run, statement)

    def shed(self, indexes: Sequence[str]) -> None:
        return None  # none of them does

    def describe(self, drivers: Drivers) -> StoreInfo:
        version = drivers.writer.get_server_info().agent.removeprefix("Neo4j/")
        return StoreInfo("Neo4j", version, False, drivers.address)

    def backup(self, drivers: Drivers, target: Path) -> Path:
        raise StoreError(
            f"Sutra does not back up a Neo4j server; on the machine of {self._address} use "
            f"`neo4j-admin database backup`, or `neo4j-admin database dump` with it stopped."
        )

    def close(self) -> None:
        return None


def _run(
    transaction: neo4j.ManagedTransaction, cypher: str, parameters: dict[str, Any] | None = None
) -> neo4j.ResultSummary:
    return transaction.run(cypher, parameters).consume()


def _login(environ: Mapping[str, str], user: str, password: str) -> tuple[str, str] | None:
    if not environ.get(user) and not environ.get(password):
        return None
    return environ.get(user) or "neo4j", environ.get(password, "")


def _is_address(uri: str) -> bool:
    """Whether the driver can be given this address: for other schemes it fails in its own ways."""
    try:
        parts = urlsplit(uri)
        return parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _refuses(uri: str) -> bool:
    """Whether the machine of an address answers, and refuses the connection: nothing runs there."""
    parts = urlsplit(uri)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 7687), timeout=5.0).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False


def without_credentials(uri: str) -> str:
    """A URI without user, password, query and fragment, fit to be shown."""
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port
    except ValueError:
        return _UNREADABLE
    if not parts.scheme or not host:
        return uri.rpartition("@")[2][:100]
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"


def first_sentence(error: Exception) -> str:
    """What the server said, in at most 500 characters and on one line."""
    text = " ".join((getattr(error, "message", None) or str(error)).split())
    return text if len(text) <= 500 else text[:499] + "…"


def fault_in(error: BaseException, cypher: str, *, explained: bool) -> tuple[str, int] | None:
    """What a server says is wrong with a text, and at which offset of it; None if it names none.

    `explained` says that its plan alone was asked for.
    """
    said = getattr(error, "message", None) or ""
    if found := _OFFSET.search(said):
        units = int(found["offset"]) - (len(EXPLAIN) if explained else 0)
        at = len(cypher.encode("utf-16-le")[: 2 * max(0, units)].decode("utf-16-le", "ignore"))
    elif found := _LINE.search(said):
        line, column = (int(found[name] or found[f"{name}_"]) for name in ("line", "column"))
        start = next((token.start for token in tokenize(cypher)), 0)
        lines = cypher[start:].split("\n")
        at = start + sum(len(one) + 1 for one in lines[: line - 1]) + column
    else:
        return None
    problem = said[: found.start()] + said[found.end() :]
    # What is named first stands at the place, or the place is none of this text.
    named = re.search(r"['`](\w+)['`]", problem)
    if named and not cypher[at:].casefold().startswith(named[1].casefold()):
        return None
    return " ".join(problem.split()), min(at, len(cypher))


def was_stopped(error: Exception) -> bool:
    """Whether the error says that the query was ended from outside or at its time limit."""
    code = getattr(error, "code", None) or ""
    # The embedded engine gives no code when it is stopped while rows are fetched.
    return code.startswith(_STOPPED) or "the command has been terminated" in str(error)


def needs_memory(error: Exception) -> bool:
    """Whether the server says that what it ran needs more memory than there is for it."""
    code = getattr(error, "code", None) or ""
    return any(word in code for word in _MEMORY) or "Java heap space" in str(error)

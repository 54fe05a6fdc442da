"""A Neo4j server that `NEO4J_URI` names."""

from __future__ import annotations

import re
import socket
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import neo4j
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
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
from graph.store.engine import Drivers, StoreInfo, fulltext_name, open_driver
from graph.store.faults import first_sentence
from graph.store.watchdog import GRACE, Limited, Watchdog

# Saved queries hand variables to a subquery as `CALL (x) { … }`, which came with 5.23. (What else
# they need is older: uniqueness constraints on relationships came with 5.7.)
OLDEST_NEO4J: Final = (5, 23)

# Seconds: over millions of nodes that are there already, an index takes long.
_INDEXED_WITHIN: Final = 36_000
_SCHEMES: Final = frozenset(
    f"{scheme}{security}" for scheme in ("bolt", "neo4j") for security in ("", "+s", "+ssc")
)
_UNREADABLE: Final = "an address that cannot be read"


class Neo4jEngine:
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
            driver = open_driver(
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

    def is_leaving(self, error: Exception) -> bool:
        return False

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

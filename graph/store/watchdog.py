"""Ending a query from outside.

First the server is asked, as often as it takes. What does not obey (one long expression, a server
that hangs) is not waited for: its connection is given up, so that whoever waits for it goes on. The
driver offers that to asynchronous programs alone (`AsyncSession.cancel`), so this module reaches
for the connection of a session itself, and nobody else does.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from graph.store.embedded.server import ENDING

GRACE: Final = 0.7
"""Seconds that a server has to end a query once it is asked to."""

# Seconds between two times that the same is asked or tried.
_AGAIN: Final = 0.1
# Seconds that one question to the server may take.
_ASK_WITHIN: Final = 2.0
# Seconds for which a server is asked to end what nobody waits for any more.
_ASK_ON: Final = 10.0
# Seconds that the threads of a watchdog have to end once nobody needs them.
_LAST_BITE: Final = 0.5


class ServerGone(Exception):  # noqa: N818
    """The embedded engine's process has ended. The store meets it; nobody else does."""


@dataclass(frozen=True)
class Limited:
    """A query that can be stopped: its text as it is sent, and the limit if the server keeps it.

    `soon` says that no more rows are wanted: what is left of the query is ended if it takes long.
    `stop` ends it at once, from any thread; `give_up` does, and waits for nothing. `holds` names
    the session that it runs in; `given_up` says whether that was cut off. `metadata` goes with its
    transaction.
    """

    text: str
    timeout: float | None = None
    soon: Callable[[], None] = lambda: None
    stop: Callable[[], None] = lambda: None
    give_up: Callable[[], None] = lambda: None
    holds: Callable[[neo4j.Session], None] = lambda _session: None
    given_up: Callable[[], bool] = lambda: False
    metadata: Mapping[str, str] | None = None


def port_of(session: neo4j.Session) -> int | None:
    """The port on this side of the session's connection, if it has one."""
    connection = session._connection
    return None if connection is None else connection.local_port


def cut(session: neo4j.Session) -> None:
    """Close the socket of the session's connection; whoever waits for an answer is told."""
    connection = session._connection
    if connection is not None:
        connection.kill()  # type: ignore[no-untyped-call]


@contextmanager
def closing(
    session: neo4j.Session, before: Callable[[], None] = lambda: None
) -> Iterator[neo4j.Session]:
    """Close the session at the end, after `before`; once interrupted, without waiting for it."""
    try:
        yield session
    except (Exception, GeneratorExit):
        before()
        session.close()
        raise
    except BaseException:  # Ctrl-C: closing would first wait for the answer to what is running
        cut(session)
        session.close()
        raise
    else:
        before()
        session.close()


class Watchdog:
    """Ends a query some time after it is told to. `is_it` knows the query by its transaction."""

    def __init__(
        self,
        driver: neo4j.Driver,
        database: str | None,
        listing: str,
        is_it: Callable[[Mapping[str, Any]], bool],
    ) -> None:
        self._driver = driver
        self._database = database
        self._listing = listing
        self._is_it = is_it
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._session: neo4j.Session | None = None
        self._given_up = False

    def __enter__(self) -> Watchdog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if kind is not None and not issubclass(kind, (Exception, GeneratorExit)):
            self.give_up()  # Ctrl-C: the server is asked as long as this process lives
        with self._lock:
            self._over.set()
            threads = list(self._threads)
        for thread in threads:
            if isinstance(thread, threading.Timer):
                thread.cancel()
        # One that bites at this moment would go on sending while its driver is closed. What was
        # given up is not waited for: the server may answer nobody.
        end = time.monotonic() + _LAST_BITE
        for thread in threads:
            thread.join(_AGAIN if self._given_up else max(0.0, end - time.monotonic()))

    @property
    def given_up(self) -> bool:
        """Whether the query's connection was cut, since it did not end when it was asked to."""
        return self._given_up

    def hold(self, session: neo4j.Session) -> None:
        """Know the session that the query runs in, to cut it off if need be."""
        self._session = session

    def bite_after(self, seconds: float) -> None:
        """End the query after so many seconds, unless it is over by then."""
        self._start(seconds, self._bite)

    def give_up(self) -> None:
        """Cut the query off now, and have the server asked to end it, which nobody waits for."""
        self._given_up = True
        if self._session is not None:
            cut(self._session)
        self.bite_after(0)

    def _start(self, seconds: float, work: Callable[[], None]) -> None:
        with self._lock:
            if self._over.is_set():
                return
            # What is to be done now is done, even if the query is over in the same moment.
            thread = threading.Timer(seconds, work) if seconds else threading.Thread(target=work)
            thread.daemon = True
            self._threads.append(thread)
            thread.start()

    def _bite(self) -> None:
        self._start(GRACE, self._cut_off)
        end: float | None = None
        # As often as it takes: the query may not have begun yet, and a server of a cluster knows
        # its own transactions alone.
        while end is None or time.monotonic() < end:
            try:
                knows = self._ask()
            except (DriverError, Neo4jError, ServerGone, OSError):
                knows = False  # it may come back to its senses
            if self._over.is_set():
                if knows or not self._given_up:
                    return
                end = end or time.monotonic() + _ASK_ON
                time.sleep(_AGAIN)
            self._over.wait(_AGAIN)

    def _cut_off(self) -> None:
        # Again and again: the connection may only be in the making.
        while not self._over.is_set():
            self._given_up = True
            if self._session is not None:
                cut(self._session)
            self._over.wait(_AGAIN)

    def _ask(self) -> bool:
        """Ask the server to end the query; whether it knew of that already, or knows no such."""
        with self._driver.session(
            database=self._database,
            default_access_mode=neo4j.READ_ACCESS,
            connection_acquisition_timeout=_ASK_WITHIN,
        ) as session:
            patience = threading.Timer(_ASK_WITHIN, cut, [session])
            patience.daemon = True
            patience.start()
            try:
                return self._ask_in(session)
            finally:
                patience.cancel()
                patience.join(_LAST_BITE)
                if self._over.is_set():
                    cut(session)  # many may ask a server that hangs: the pool is not to keep all

    def _ask_in(self, session: neo4j.Session) -> bool:
        knows = True
        for row in session.run(self._listing).data():
            number = str(row["transactionId"])
            if self._is_it(row) and re.fullmatch(r"[\w-]+", number):
                knows = knows and str(row["status"]).startswith(ENDING)
                session.run(f"TERMINATE TRANSACTIONS '{number}'").consume()
        return knows

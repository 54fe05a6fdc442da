"""The store: one way to the graph, whichever engine holds it.

Rows come as dictionaries whose values are the driver's: numbers, texts, lists, and for nodes,
relationships and paths the classes of `neo4j.graph`.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from types import TracebackType
from typing import Any, Final, TypeVar

import neo4j
from neo4j.exceptions import (
    AuthError,
    BrokenRecordError,
    DriverError,
    Forbidden,
    IncompleteCommit,
    Neo4jError,
)

from graph.errors import (
    NEEDS_MEMORY,
    CredentialsError,
    QueryCancelled,
    QueryError,
    QueryRefused,
    QueryTimeout,
    SchemaVersionError,
    StoreError,
    StoreUnavailable,
    SutraError,
    full_disk,
)
from graph.model.schema import SCHEMA_VERSION, Schema
from graph.model.types import SCHEMA
from graph.runtime import cancel
from graph.runtime.cancel import Cancel
from graph.runtime.log import Timed
from graph.runtime.workspace import Workspace
from graph.store.answer_size import AnswerSize, out_of_range, too_deep
from graph.store.engine import LOST, Drivers, Engine, StoreInfo
from graph.store.engines import choose
from graph.store.faults import EXPLAIN, first_sentence, needs_memory, was_stopped
from graph.store.watchdog import Limited, ServerGone, port_of

__all__ = ["MIGRATIONS", "Store", "StoreInfo", "Transaction"]

Row = dict[str, Any]
Parameters = Mapping[str, Any]
T = TypeVar("T")

_LOG: Final = logging.getLogger(__name__)

# Rows fetched at a time.
_FETCH: Final = 1000
# How often a call is made at most, if the connection is lost each time. The driver retries managed
# transactions by itself within each.
_TRIES: Final = 4
# Seconds before a stream, which the driver does not retry, is begun again; doubled each time.
_PAUSE: Final = 0.1
# Seconds that are left at least to whoever keeps a limit: none would mean that there is none.
_LEAST: Final = 0.001
_REFUSED: Final = frozenset(
    {"Neo.ClientError.Statement.AccessMode", "Neo.ClientError.Security.Forbidden"}
)


class Transaction:
    """A write transaction in progress, as `Store.transact` hands it to its work."""

    def __init__(self, transaction: neo4j.ManagedTransaction) -> None:
        self._transaction = transaction

    def run(self, cypher: str, parameters: Parameters | None = None) -> list[Row]:
        """Run one statement and return its rows. Later statements see what it wrote."""
        with Timed(_LOG, "write", parameters) as timed:
            rows = [dict(row) for row in self._transaction.run(cypher, dict(parameters or {}))]
            timed.rows = len(rows)
        return rows


_META_UNIQUE: Final = "CREATE CONSTRAINT meta_id IF NOT EXISTS FOR (m:Meta) REQUIRE m.id IS UNIQUE"
"""Holds the schema's mark single."""

# What turns a database of the key's schema version into one of the next, in one transaction.
MIGRATIONS: dict[int, Callable[[Transaction], None]] = {}


class _Enough(Exception):  # noqa: N818 (not an error: the rows that were asked for)
    """Carries the rows out of a transaction whose query was ended because there are enough."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.rows = rows


def _rows(
    result: neo4j.Result, query: Limited, limit: int | None, size: AnswerSize | None
) -> list[Row]:
    """The rows of a query, at most `limit` of them, and as many as `size` takes."""
    rows: list[Row] = []
    if size is not None:
        size.clear()
    for row in result if limit is None else itertools.islice(result, limit):
        found = dict(row)
        if size is not None and not size.takes(found):
            query.give_up()  # what the server has sent ahead may be as much again
            raise _Enough(rows)
        rows.append(found)
    if limit is not None:
        query.soon()
        try:
            result.consume()
        except (DriverError, Neo4jError) as error:
            if was_stopped(error) or query.given_up():
                raise _Enough(rows) from None
            raise
    return rows


def out_of_time(seconds: float | None) -> QueryTimeout:
    """The error for a query that ran so long, or was stopped in another way."""
    if seconds is None:
        return QueryTimeout("The query was stopped before it ended.")
    return QueryTimeout(
        f"The query was stopped at its time limit of {seconds:g} s; narrow it, or allow it more "
        f"time."
    )


def _log_retry(what: str, error: Exception) -> None:
    code = getattr(error, "code", None) or ""
    _LOG.warning("a %s is tried again after %s %s", what, type(error).__name__, code)


def _go_on(token: Cancel | None) -> None:
    """Raise QueryCancelled if the work that reads was called off."""
    if token is not None and token.called:
        raise QueryCancelled("The query was called off.") from None


class Store:
    """The graph, open for reading and writing. Use it as a context manager.

    Threads may share one. All methods raise `StoreUnavailable` if the server is lost and does not
    come back, and `EngineStartError` if the embedded one cannot be started again.
    """

    def __init__(self, engine: Engine, schema: Schema = SCHEMA) -> None:
        self.schema = schema
        self._engine = engine
        self._lock = threading.Lock()
        self._drivers: Drivers | None = engine.connect()
        self.info: StoreInfo = engine.describe(self._drivers)

    @classmethod
    def open(
        cls,
        workspace: Workspace | None = None,
        *,
        notify: Callable[[str], None] | None = None,
        environ: Mapping[str, str] = os.environ,
        schema: Schema = SCHEMA,
    ) -> Store:
        """Open the graph that the environment names (`NEO4J_URI`), else the workspace's own.

        `schema` says what the graph may hold; loads, reads and exports take it from the store.
        `notify` gets short lines for the user while the embedded engine starts. Raises
        `StoreError`s that say why it cannot be opened, and `SchemaVersionError` if its data are
        not of this program's schema version.
        """
        return cls._opened(choose(workspace, notify, environ), schema)

    @classmethod
    def _opened(cls, engine: Engine, schema: Schema) -> Store:
        try:
            store = cls(engine, schema)
        except BaseException:
            engine.close()
            raise
        try:
            _check_schema(store)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close the connections and give the engine back. A second call does nothing."""
        with self._lock:
            if self._drivers is not None:
                self._drivers.close()
                self._drivers = None
                self._engine.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- reading --------------------------------------------------------------------------------

    def read(
        self,
        cypher: str,
        parameters: Parameters | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
        size: AnswerSize | None = None,
        token: Cancel | None = None,
    ) -> list[Row]:
        """The rows of a query, run with a reader's rights.

        `timeout` is in seconds, whatever the server does; `limit` is how many rows are fetched at
        most, and `size` how many bytes they may take; once `token` is called (by default the one
        that the thread's work obeys) the query ends. Raises `QueryTimeout` when it runs past its
        time, `QueryCancelled` when it is called off, `QueryRefused` if it would write, and
        `QueryError` if the server cannot run it.
        """
        given = dict(parameters or {})

        def take(transaction: neo4j.Transaction, query: Limited) -> list[Row]:
            return _rows(transaction.run(query.text, given), query, limit, size)

        with Timed(_LOG, "read", given) as timed:
            try:
                rows = self._reading(
                    take, cypher, timeout, token,
                    fetch=_FETCH if limit is None else max(1, min(_FETCH, limit + 1)),
                    stoppable=limit is not None or size is not None,
                )  # fmt: skip
            except _Enough as enough:
                rows = enough.rows
            timed.rows = len(rows)
        return rows

    def _reading(
        self,
        take: Callable[[neo4j.Transaction, Limited], T],
        cypher: str,
        timeout: float | None,
        token: Cancel | None,
        *,
        fetch: int = _FETCH,
        stoppable: bool = False,
    ) -> T:
        """What `take` makes of a query in a read transaction.

        It is asked again where that may help, as long as the engine's patience and `timeout` last.
        The driver's own way to do so knows no time limit.
        """
        token = token or cancel.carried()
        began, pause = time.monotonic(), _PAUSE

        def left() -> float | None:
            return None if timeout is None else max(_LEAST, timeout - (time.monotonic() - began))

        while True:
            try:
                drivers = self._current()
                with (
                    self._stoppable(drivers, cypher, left(), stoppable, token) as query,
                    drivers.reading(fetch, left()) as session,
                ):
                    return self._once(take, session, query, token)
            except (DriverError, Neo4jError, ServerGone) as error:
                _go_on(token)
                remaining = left()
                if was_stopped(error) or (remaining is not None and remaining <= pause):
                    raise out_of_time(timeout) from error
                wait = self._engine.patience - (time.monotonic() - began)
                if pause > wait or not self._worth_again(drivers, error):
                    raise self._explained(error, reading=True) from error
                _log_retry("read", error)
            if token is None:
                time.sleep(pause)
            elif token.wait(pause):
                _go_on(token)
            pause *= 2

    def _once(
        self,
        take: Callable[[neo4j.Transaction, Limited], T],
        session: neo4j.Session,
        query: Limited,
        token: Cancel | None,
    ) -> T:
        query.holds(session)
        _go_on(token)
        transaction = session.begin_transaction(dict(query.metadata or {}), query.timeout)
        try:
            with self._within_memory(session, query):
                found = take(transaction, query)
                transaction.commit()
                return found
        except RecursionError as error:  # the driver reads values by calls, unless it has Rust
            raise too_deep() from error

    def _worth_again(self, drivers: Drivers, error: Exception) -> bool:
        if isinstance(error, LOST) or self._engine.is_leaving(error):
            self._engine.may_retry(drivers, error)
            return True
        return isinstance(error, Neo4jError) and error.is_retryable()

    @contextmanager
    def _within_memory(
        self, session: neo4j.Session, query: Limited | None = None
    ) -> Iterator[None]:
        """Raise our own error for what needs more than the engine has: another try is no use.

        It is a query that runs in the session, or a change.
        """
        port = port_of(session)
        try:
            yield
        except (*LOST, Neo4jError) as error:
            why = NEEDS_MEMORY if needs_memory(error) else ""
            was_cut = query is not None and query.given_up()
            if isinstance(error, LOST) and port is not None and not was_cut:
                why = self._engine.why_lost(port)
            if why:
                raise self._too_much(why, reading=query is not None) from error
            raise

    def _too_much(self, why: str, *, reading: bool) -> SutraError:
        kind, what = (QueryError, "The query") if reading else (StoreError, "The change")
        more = f", or {self._engine.remedy()}" if why == NEEDS_MEMORY else ""
        return kind(f"{what} {why}; ask for less at a time{more}.")

    @contextmanager
    def _stoppable(
        self,
        drivers: Drivers,
        cypher: str,
        timeout: float | None,
        stoppable: bool,
        token: Cancel | None,
    ) -> Iterator[Limited]:
        if timeout is None and not stoppable and token is None:
            yield Limited(cypher)
            return
        with (
            self._engine.limited(drivers, cypher, timeout) as query,
            nullcontext() if token is None else token.stopping(query.stop),
        ):
            yield query

    def stream(
        self, cypher: str, parameters: Parameters | None = None
    ) -> Generator[Row, None, None]:
        """The rows of a query one after the other, in one pass that keeps few of them in memory.

        Run with a reader's rights. A connection that is lost under way ends it with
        `StoreUnavailable`; what the thread's work obeys can call it off (`QueryCancelled`).
        """
        given = dict(parameters or {})
        token = cancel.carried()

        def start(drivers: Drivers) -> tuple[ExitStack, neo4j.Result]:
            with ExitStack() as stack:
                query = stack.enter_context(self._engine.limited(drivers, cypher, None))
                if token is not None:
                    stack.enter_context(token.stopping(query.stop))
                session = stack.enter_context(drivers.reading(_FETCH, before=query.soon))
                query.holds(session)
                asked = neo4j.Query(query.text, dict(query.metadata or {}))
                result = session.run(asked, given)
                stack.enter_context(self._within_memory(session, query))
                return stack.pop_all(), result

        try:
            with Timed(_LOG, "stream", given) as timed:
                stack, result = self._attempt(start, reading=True, managed=False)
                timed.rows = 0
                with stack:
                    for row in result:
                        timed.rows += 1
                        yield dict(row)
        except (DriverError, Neo4jError, ServerGone) as error:
            _go_on(token)
            raise self._explained(error, reading=True) from error

    def explain(
        self, cypher: str, parameters: Parameters | None = None, *, timeout: float | None = None
    ) -> dict[str, Any] | None:
        """The plan of a query: a tree of operators (`operatorType`, `args`, `children`).

        None on the embedded engine, whose plans cannot be relied on. Nothing is run; to plan a
        query may take as long as to run it, so there is a time limit too.
        """
        if not self._engine.plans:
            return None
        given = dict(parameters or {})
        with Timed(_LOG, "explain", given):
            return self._reading(
                lambda transaction, query: transaction.run(query.text, given).consume().plan,
                f"{EXPLAIN}{cypher}",
                timeout,
                None,
            )

    # --- writing --------------------------------------------------------------------------------

    def write(
        self, cypher: str, parameters: Parameters | None = None, *, repeatable: bool = False
    ) -> list[Row]:
        """Run one statement in a write transaction of its own; returns its rows.

        `repeatable` is as in `transact`.
        """
        return self.transact(
            lambda transaction: transaction.run(cypher, parameters), repeatable=repeatable
        )

    def transact(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        """Run several statements in one write transaction; returns what `work` returns.

        Nothing is kept if `work` raises. `work` may be called again after a deadlock or a lost
        connection, so it must not change anything else. If the connection is lost at the commit,
        nobody knows whether it happened: `repeatable` work, which changes nothing when it is done
        twice, is then done again; else StoreUnavailable is raised.
        """

        def call(drivers: Drivers) -> T:
            with drivers.writing() as session:
                tries = itertools.count()

                def within(inner: neo4j.ManagedTransaction) -> T:
                    if next(tries):
                        _LOG.warning("the driver tries a write again")
                    with self._within_memory(session):
                        return work(Transaction(inner))

                return session.execute_write(within)

        return self._attempt(call, reading=False, repeatable=repeatable)

    def catch_up(self) -> None:
        """Make all later reads see whatever anybody had written until now.

        A cluster's reads may lag behind what other programs wrote. A transaction that may write
        goes to the member that has it all, and the bookmark that it returns binds later reads.
        """
        self.write("RETURN 1 AS one", repeatable=True)

    def set_up(self, statements: Sequence[str], fulltext: Sequence[tuple[str, str]]) -> None:
        """Create constraints and indexes, each only if it does not exist.

        `fulltext` names (label, property) pairs; each index is called `<label>_<property>` in
        lower case. What was set up before costs one read.
        """
        mark = hashlib.sha256(json.dumps([list(statements), list(fulltext)]).encode()).hexdigest()
        known = self.read("MATCH (m:Meta {id: 'sutra'}) RETURN m.set_up AS mark")
        if known and known[0]["mark"] == mark:
            return
        for statement in statements:
            self.write(statement, repeatable=True)
        for label, name in fulltext:
            self._attempt(
                lambda drivers, label=label, name=name: self._engine.create_fulltext(  # type: ignore[misc]
                    drivers, label, name
                ),
                reading=False,
                repeatable=True,
            )
        self.write(
            "MATCH (m:Meta {id: 'sutra'}) SET m.set_up = $mark", {"mark": mark}, repeatable=True
        )

    def shed(self, indexes: Sequence[str]) -> None:
        """Drop those of these indexes that would make a great removal slow on this engine.

        The next `set_up` makes them again; until then reads do without.
        """
        # First, so that they are made again however this ends.
        self.write("MATCH (m:Meta {id: 'sutra'}) REMOVE m.set_up", repeatable=True)
        self._attempt(lambda _drivers: self._engine.shed(indexes), reading=False)

    # --- connections ----------------------------------------------------------------------------

    def _current(self) -> Drivers:
        """Drivers that lead to the server; fresh ones if it was restarted."""
        with self._lock:
            drivers = self._drivers
            if drivers is None:
                raise StoreError("The store is closed; open it again.")
            if self._engine.is_current(drivers):
                return drivers
            fresh = self._engine.connect()
            self._drivers, self.info = fresh, self._engine.describe(fresh)
            drivers.close()
            return fresh

    def _attempt(
        self,
        call: Callable[[Drivers], T],
        *,
        reading: bool,
        repeatable: bool = False,
        managed: bool = True,
    ) -> T:
        """Call with drivers, again if the connection was lost; errors become our own.

        `managed` says that the driver itself retries what is done within the call.
        """
        lost, began = 0, time.monotonic()
        try:
            while True:
                drivers = self._current()
                try:
                    return call(drivers)
                except (*LOST, Neo4jError) as error:
                    leaving = self._engine.is_leaving(error)
                    if not leaving and not isinstance(error, LOST):
                        raise
                    lost += 1
                    worth = self._engine.may_retry(drivers, error)
                    if leaving:
                        again = time.monotonic() - began < self._engine.patience
                    elif isinstance(error, IncompleteCommit):
                        again = (reading or repeatable) and lost < _TRIES
                    else:
                        again = worth and lost < 2 if managed else lost < _TRIES
                    if not again:
                        raise
                    _log_retry("read" if reading else "write", error)
                if leaving or not managed:
                    time.sleep(_PAUSE * 2 ** min(lost - 1, _TRIES))
        except (DriverError, Neo4jError, ServerGone) as error:
            raise self._explained(error, reading=reading) from error

    def _explained(self, error: Exception, *, reading: bool) -> SutraError:
        said = first_sentence(error)
        code = getattr(error, "code", None) or ""
        if was_stopped(error):
            return out_of_time(None)
        if not reading and (place := self._engine.full_disk(error)):
            return StoreError(full_disk(place))
        if isinstance(error, AuthError) and not isinstance(error, Forbidden):
            return CredentialsError(f"The server at {self.info.address} refuses the login: {said}")
        if isinstance(error, IncompleteCommit) and not reading:
            return StoreUnavailable(
                "The connection was lost while a change was being saved, so it may or may not be "
                "there; run the command again, which doubles nothing."
            )
        if isinstance(error, BrokenRecordError):
            column = re.search(r"\('(.*)'\)", str(error))
            return out_of_range(f"in column {column[1]} " if column else "")
        if isinstance(error, DriverError | ServerGone):
            # What the driver says of it is its own: of addresses resolved and sockets.
            why = re.search(r"reason (?:\[Errno \d+\] )?([^()]+)\)", said)
            return StoreUnavailable(
                f"The connection to the graph at {self.info.address} was lost; see that the "
                f"database runs there, then try again ({why[1] if why else said.rstrip('.')})."
            )
        if not reading:
            return StoreError(f"The graph refused a change: {said}")
        if isinstance(error, Forbidden) or code in _REFUSED:
            return QueryRefused(f"The query would do more than read: {said}")
        return QueryError(f"The query cannot be run: {said}")


# --- the schema's version -----------------------------------------------------------------------


def _check_schema(store: Store) -> None:
    """Check the database's schema version; mark an empty one, migrate an older one."""
    version = _version(store)
    if version is None:
        version = _mark_if_empty(store)
    while version in MIGRATIONS and version < SCHEMA_VERSION:
        version = store.transact(lambda transaction, old=version: _migrate(transaction, old))  # type: ignore[misc]
    if version != SCHEMA_VERSION:
        raise SchemaVersionError(
            f"The database at {store.info.address} has schema version {version} and this Sutra "
            f"uses {SCHEMA_VERSION}; use the Sutra that wrote it, or another database."
        )


def _version(store: Store) -> int | None:
    rows = store.read("MATCH (m:Meta {id: 'sutra'}) RETURN m.schema_version AS version")
    return rows[0]["version"] if rows else None


def _mark_if_empty(store: Store) -> int:
    """Mark an empty database as ours; returns its version. Another process may be as far."""
    # In a cluster the mark may have been made a moment ago, and not have come round yet.
    store.catch_up()
    if store.read("MATCH (n) RETURN 1 AS one LIMIT 1") and _version(store) is None:
        raise SchemaVersionError(
            f"The database at {store.info.address} holds data that Sutra did not write; name an "
            f"empty one with NEO4J_DATABASE."
        )
    try:
        store.write(_META_UNIQUE, repeatable=True)
        store.write(
            "MERGE (m:Meta {id: 'sutra'}) ON CREATE SET m.schema_version = $version",
            {"version": SCHEMA_VERSION},
            repeatable=True,
        )
    except StoreError:
        if _version(store) is None:
            raise
    return _version(store) or SCHEMA_VERSION


def _migrate(transaction: Transaction, old: int) -> int:
    MIGRATIONS[old](transaction)
    transaction.run(
        "MATCH (m:Meta {id: 'sutra'}) SET m.schema_version = $version", {"version": old + 1}
    )
    return old + 1

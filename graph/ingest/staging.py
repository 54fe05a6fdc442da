"""A load's records, laid out in a temporary SQLite file before anything is written.

What must be known of a whole input at once (duplicates, references, who supports what) is asked of
this file, so that memory stays flat whatever the input.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from graph.model.records import (
    Claim,
    Entity,
    Nothing,
    Passage,
    Record,
    Relay,
    Reply,
    Review,
    Source,
    Support,
)
from graph.model.schema import Schema

_TABLES: Final = """
CREATE TABLE entity (id TEXT, label TEXT, caption TEXT, properties TEXT, file TEXT, row INT);
CREATE TABLE source (id TEXT, properties TEXT, file TEXT, row INT);
CREATE TABLE passage (id TEXT, source TEXT, start INT, stop INT, properties TEXT,
                      file TEXT, row INT);
CREATE TABLE claim (handle TEXT, id TEXT, key TEXT, kind TEXT, subject TEXT, predicate TEXT,
                    object TEXT, measure TEXT, value TEXT, number NUMERIC, unit TEXT,
                    comparator TEXT, base TEXT, polarity TEXT, properties TEXT, occurred TEXT,
                    when_basis TEXT, when_rule TEXT, when_from TEXT, file TEXT, row INT);
CREATE TABLE support (passage TEXT, claim TEXT, status TEXT, said_by TEXT, as_worded TEXT,
                      hedge TEXT, quoted INT, rule TEXT, file TEXT, row INT);
CREATE TABLE relay (start TEXT, stop TEXT, evidence TEXT, status TEXT, rule TEXT,
                    file TEXT, row INT);
CREATE TABLE gap (source TEXT, start INT, stop INT, reason TEXT, file TEXT, row INT);
CREATE TABLE reply (party TEXT, allegation TEXT, asked_on TEXT, deadline TEXT, answer TEXT,
                    file TEXT, row INT);
CREATE TABLE review (claim TEXT, evidence TEXT, checked_by TEXT, checked_on TEXT,
                     file TEXT, row INT);
CREATE TABLE differ (start TEXT, stop TEXT, how TEXT);
"""

_INDEXES: Final = """
CREATE INDEX entity_id ON entity(id);
CREATE INDEX source_id ON source(id);
CREATE INDEX passage_id ON passage(id);
CREATE INDEX claim_handle ON claim(handle);
CREATE INDEX claim_id ON claim(id);
CREATE INDEX claim_key ON claim(key);
CREATE INDEX claim_subject ON claim(subject, predicate, object);
CREATE INDEX claim_measure ON claim(subject, measure, value) WHERE measure IS NOT NULL;
CREATE INDEX claim_object ON claim(object);
CREATE INDEX passage_source ON passage(source);
CREATE INDEX support_claim ON support(claim, passage);
CREATE INDEX support_passage ON support(passage);
CREATE INDEX relay_start ON relay(start);
ANALYZE;
"""

_BATCH: Final = 5000

Parameters = Sequence[Any] | Mapping[str, Any]


class Spool:
    """The records of one load, in a temporary file that goes with it.

    Used as a context manager. Rows are read back as `sqlite3.Row`.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._folder = tempfile.TemporaryDirectory(prefix="sutra-")
        self._db = sqlite3.connect(
            Path(self._folder.name) / "spool.sqlite", isolation_level=None, check_same_thread=False
        )
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._folder.cleanup()

    def fill(self, records: Iterable[Record]) -> None:
        """Lay out all records, then index them."""
        waiting: dict[str, list[tuple[Any, ...]]] = {}
        self._db.execute("BEGIN")
        for record in records:
            table, values = _row(record, self.schema)
            rows = waiting.setdefault(table, [])
            rows.append(values)
            if len(rows) >= _BATCH:
                self._insert(table, rows)
                rows.clear()
        for table, rows in waiting.items():
            self._insert(table, rows)
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)

    def add_differences(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Note how claims differ: (lesser claim id, greater claim id, how)."""
        self._db.executemany("INSERT INTO differ VALUES (?, ?, ?)", rows)
        self._db.executescript(
            "CREATE INDEX differ_start ON differ(start); CREATE INDEX differ_stop ON differ(stop);"
        )

    def _insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            marks = ",".join("?" * len(rows[0]))
            # The table's name is one of our own constants, never input.
            self._db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608

    def rows(self, sql: str, parameters: Parameters = ()) -> Iterator[sqlite3.Row]:
        """The rows of a query over the spool, one at a time."""
        # No `yield from`: left half-read, that would close the cursor after the file is gone.
        for row in self._db.execute(sql, parameters):  # noqa: UP028
            yield row

    def dicts(self, sql: str, parameters: Parameters = ()) -> Iterator[dict[str, Any]]:
        """The same as dictionaries: quicker where most columns of very many rows are looked at."""
        cursor = self._db.cursor()
        cursor.row_factory = None
        cursor.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def first(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """The first row of a query over the spool, or None."""
        row: sqlite3.Row | None = self._db.execute(sql, parameters).fetchone()
        return row

    def count(self, table: str) -> int:
        """How many rows a table of the spool holds."""
        row = self.first(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
        return int(row["n"]) if row else 0


_pack: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _row(record: Record, schema: Schema) -> tuple[str, tuple[Any, ...]]:
    """The table and the row of a record."""
    at = (record.place.file, record.place.row)
    match record:
        case Entity():
            packed = _pack(record.properties)
            return "entity", (record.id, record.label, record.caption, packed, *at)
        case Source():
            return "source", (record.id, _pack(record.properties), *at)
        case Passage():
            packed = _pack(record.properties)
            return "passage", (record.id, record.source, record.start, record.end, packed, *at)
        case Claim():
            return "claim", (*_claim_row(record, schema), *at)
        case Support():
            return "support", (
                record.passage, record.claim, record.status, record.said_by, record.as_worded,
                record.hedge, int(record.quoted), record.rule, *at,
            )  # fmt: skip
        case Relay():
            ends = (record.start, record.end)
            return "relay", (*ends, record.evidence, record.status, record.rule, *at)
        case Nothing():
            return "gap", (record.source, record.start, record.end, record.reason, *at)
        case Reply():
            days = (record.asked_on, record.deadline)
            return "reply", (record.party, record.allegation, *days, record.answer, *at)
        case Review():
            who = (record.checked_by, record.checked_on)
            return "review", (record.claim, record.evidence, *who, *at)


def _claim_row(claim: Claim, schema: Schema) -> tuple[Any, ...]:
    key = claim.key(schema)
    return (
        claim.handle, claim.id(key), key, claim.kind, claim.subject, claim.predicate,
        claim.object, claim.measure, claim.value, claim.number, claim.unit, claim.comparator,
        claim.base, claim.polarity, _pack(claim.properties), claim.when, claim.when_basis,
        claim.when_rule, claim.when_from,
    )  # fmt: skip

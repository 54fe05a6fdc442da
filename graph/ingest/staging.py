"""A load's records, laid out in a temporary SQLite file before anything is written.

What must be known of all inputs at once (duplicates, references, who supports what) is asked of
this file, so that memory stays flat whatever the inputs. `merge` makes one entity of what several
inputs say of it, and one claim of rows with one key.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Self

from graph.errors import InputError
from graph.model.records import (
    CASE_FOLDER,
    Claim,
    Decision,
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
CREATE TABLE entity (id TEXT, label TEXT, caption TEXT, properties TEXT, file TEXT, row INT,
                     input TEXT, otherwise TEXT);
CREATE TABLE source (id TEXT, properties TEXT, file TEXT, row INT, input TEXT);
CREATE TABLE passage (id TEXT, source TEXT, start INT, stop INT, properties TEXT, quote TEXT,
                      file TEXT, row INT, input TEXT);
CREATE TABLE claim (handle TEXT, id TEXT, key TEXT, kind TEXT, subject TEXT, predicate TEXT,
                    object TEXT, measure TEXT, value TEXT, number NUMERIC, unit TEXT,
                    comparator TEXT, base TEXT, polarity TEXT, properties TEXT, occurred TEXT,
                    when_basis TEXT, when_rule TEXT, when_from TEXT, file TEXT, row INT,
                    input TEXT);
CREATE TABLE support (passage TEXT, claim TEXT, status TEXT, said_by TEXT, as_worded TEXT,
                      hedge TEXT, quoted INT, rule TEXT, file TEXT, row INT, input TEXT,
                      told TEXT);
CREATE TABLE relay (start TEXT, stop TEXT, evidence TEXT, status TEXT, rule TEXT,
                    file TEXT, row INT, input TEXT);
CREATE TABLE gap (source TEXT, start INT, stop INT, reason TEXT, file TEXT, row INT, input TEXT);
CREATE TABLE reply (party TEXT, allegation TEXT, asked_on TEXT, deadline TEXT, answer TEXT,
                    file TEXT, row INT, input TEXT);
CREATE TABLE review (claim TEXT, evidence TEXT, checked_by TEXT, checked_on TEXT,
                     file TEXT, row INT, input TEXT);
CREATE TABLE decision (kind TEXT, target TEXT, passage TEXT, property TEXT, value TEXT, other TEXT,
                       file TEXT, row INT, input TEXT);
CREATE TABLE spare (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE differ (start TEXT, stop TEXT, how TEXT);
CREATE TABLE known (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE same (at INT, handle TEXT, told TEXT, kept TEXT);
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

# Claims whose key another row has that was read before: their place, handle and what they tell
# beside the key, with the handle of that row.
_SAME: Final = """
INSERT INTO same
SELECT c.rowid, c.handle,
       CASE WHEN c.occurred IS f.occurred AND c.when_basis IS f.when_basis
             AND c.when_rule IS f.when_rule AND c.when_from IS f.when_from AND c.base IS f.base
             AND c.properties = f.properties THEN NULL
       ELSE json_object('when', c.occurred, 'when_basis', c.when_basis, 'when_rule', c.when_rule,
            'when_from', c.when_from, 'base', c.base, 'properties', json(c.properties)) END,
       f.handle
FROM (SELECT key, min(rowid) AS at FROM claim GROUP BY key HAVING count(*) > 1) k
JOIN claim c ON c.key = k.key AND c.rowid > k.at JOIN claim f ON f.rowid = k.at;
"""

_ONE_OF_SAME: Final = """
CREATE INDEX same_handle ON same(handle);
UPDATE support SET told = s.told, claim = s.kept FROM same s WHERE s.handle = support.claim;
UPDATE claim SET when_from = s.kept FROM same s WHERE s.handle = claim.when_from;
UPDATE reply SET allegation = s.kept FROM same s WHERE s.handle = reply.allegation;
UPDATE review SET claim = s.kept FROM same s WHERE s.handle = review.claim;
DELETE FROM claim WHERE rowid IN (SELECT at FROM same);
"""

_NAMING: Final = (
    ("claim", "subject"), ("claim", "object"), ("claim", "base"), ("claim", "when_from"),
    ("passage", "source"), ("support", "said_by"), ("support", "passage"), ("support", "claim"),
    ("relay", "start"), ("relay", "stop"), ("relay", "evidence"), ("reply", "party"),
    ("reply", "allegation"), ("review", "claim"), ("gap", "source"),
)  # fmt: skip
"""Columns that name what another input may describe."""

MOST_PROBLEMS: Final = 100
"""How many rows that cannot be used are told one by one."""

_MERGED: Final = frozenset({"entity", "support"})
"""Tables whose last column is for what `merge` finds."""

_BATCH: Final = 5000

Parameters = Sequence[Any] | Mapping[str, Any]


class Spool:
    """The records of one load, in a temporary file that goes with it.

    Used as a context manager. Rows are read back as `sqlite3.Row`.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._asserted: dict[str, dict[str, int]] = {}
        self.problems: list[InputError] = []
        self.more = 0
        self.is_whole = True  # as far as it could be read
        self._folder = tempfile.TemporaryDirectory(prefix="sutra-")
        self._db = sqlite3.connect(
            Path(self._folder.name) / "spool.sqlite", isolation_level=None, check_same_thread=False
        )
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)

    def clear(self) -> None:
        """Forget all that was laid out."""
        tables = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        for name in [row["name"] for row in tables if not row["name"].startswith("sqlite_")]:
            self.run(f"DROP TABLE {name}")
        self._db.executescript(_TABLES)
        self._asserted, self.problems, self.more, self.is_whole = {}, [], 0, True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._folder.cleanup()

    def fill(self, records: Iterable[Record], name: str = CASE_FOLDER, label: str = "") -> None:
        """Lay out the records of an input; `label` comes before the names of its files.

        Of what two inputs say differently, the first stands. `index` ends the filling.
        """
        waiting: dict[str, list[tuple[Any, ...]]] = {}
        self._db.execute("BEGIN")
        for record in records:
            at = (f"{label}{record.place.file}", record.place.row, name)
            table, values = _row(record, self.schema)
            rows = waiting.setdefault(table, [])
            rows.append((*values, *at, None) if table in _MERGED else (*values, *at))
            if len(rows) >= _BATCH:
                self._insert(table, rows)
                rows.clear()
        for table, rows in waiting.items():
            self._insert(table, rows)
        self._db.execute("COMMIT")

    def refuse(self, error: InputError) -> None:
        """Note a row that cannot be used: the first MOST_PROBLEMS of them, and how many more."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(error)
        else:
            self.more += 1
        self.is_whole = self.is_whole and not error.ends_table
        if error.defines:
            # Others may name it: that it cannot be used is told once.
            self._db.execute("INSERT OR IGNORE INTO known VALUES (?)", [error.defines])

    def take_as_known(self, name: str, files: Iterable[str]) -> int:
        """Take ids of other inputs as known; returns how many an input of that name names."""
        own = {file.split("/")[1] for file in files if "/" in file}
        shared = "" if name == CASE_FOLDER else f"{name}/"
        found = set()
        for table, column in _NAMING:
            for row in self.rows(f"SELECT DISTINCT {column} AS id FROM {table}"):  # noqa: S608
                if row["id"] is None:
                    continue
                first, slash, _ = row["id"].removeprefix(shared).partition("/")
                ours = row["id"].startswith(shared) and (not slash or first in own)
                if not ours:
                    found.add(row["id"])
        self._db.executemany("INSERT OR IGNORE INTO known VALUES (?)", [[id_] for id_ in found])
        return len(found)

    def index(self) -> None:
        """Index what was laid out, and note how much of it each input asserts."""
        self._db.executescript(_INDEXES)
        for table, label in (("entity", "Entity"), ("claim", "Claim"), ("passage", "Passage")):
            for row in self.rows(f"SELECT input, count(*) AS n FROM {table} GROUP BY input"):  # noqa: S608
                self._asserted.setdefault(row["input"], {})[label] = row["n"]

    def asserted_by(self, name: str) -> dict[str, int]:
        """How many entities, claims and passages an input asserts."""
        return self._asserted.get(name, {})

    def merge(self) -> None:
        """One entity of what several inputs say of it, one claim of rows with one key.

        What the later ones say otherwise stays with the entity (`otherwise`) and with the supports
        (`told`). Call it once, when no row stands twice in one input.
        """
        self._merge_entities()
        self._db.execute(_SAME)
        if self.count("same"):
            self._db.executescript(_ONE_OF_SAME)

    def place(self, passage: str, start: int, end: int, digest: str) -> None:
        """Put a passage that was quoted where its words were found."""
        self._db.execute(
            "UPDATE passage SET start = ?, stop = ?, "
            "properties = json_set(properties, '$.sha256', ?) WHERE id = ?",
            [start, end, digest, passage],
        )

    def _merge_entities(self) -> None:
        found = self._db.execute(
            "SELECT rowid, * FROM entity WHERE id IN "
            "(SELECT id FROM entity GROUP BY id HAVING count(*) > 1) ORDER BY id, rowid"
        ).fetchall()
        for _, group in groupby(found, key=itemgetter("id")):
            first, *others = group
            properties, otherwise = json.loads(first["properties"]), []
            for other in others:
                for name, value in json.loads(other["properties"]).items():
                    if properties.setdefault(name, value) != value:
                        otherwise.append([other["input"], name, value])
                if other["caption"] != first["caption"]:
                    otherwise.append([other["input"], "caption", other["caption"]])
            self._db.execute(
                "UPDATE entity SET properties = ?, otherwise = ? WHERE rowid = ?",
                [_pack(properties), _pack(otherwise) if otherwise else None, first["rowid"]],
            )
            gone = [[other["rowid"]] for other in others]
            self._db.executemany("DELETE FROM entity WHERE rowid = ?", gone)

    def handle(self, handle: str) -> str:
        """The handle of the row that stands for that claim."""
        row = self.first("SELECT kept FROM same WHERE handle = ?", [handle])
        return str(row["kept"]) if row else handle

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

    def run(self, sql: str, parameters: Parameters = ()) -> int:
        """Change what was laid out; returns how many rows were changed."""
        return self._db.execute(sql, parameters).rowcount

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
    """The table and the row of a record, without its place."""
    match record:
        case Entity():
            packed = _pack(record.properties)
            return "entity", (record.id, record.label, record.caption, packed)
        case Source():
            return "source", (record.id, _pack(record.properties))
        case Passage():
            packed = _pack(record.properties)
            quote = _pack(record.quote) if record.quote else None
            return "passage", (record.id, record.source, record.start, record.end, packed, quote)
        case Claim():
            return "claim", _claim_row(record, schema)
        case Support():
            return "support", (
                record.passage, record.claim, record.status, record.said_by, record.as_worded,
                record.hedge, int(record.quoted), record.rule,
            )  # fmt: skip
        case Relay():
            ends = (record.start, record.end)
            return "relay", (*ends, record.evidence, record.status, record.rule)
        case Nothing():
            return "gap", (record.source, record.start, record.end, record.reason)
        case Reply():
            days = (record.asked_on, record.deadline)
            return "reply", (record.party, record.allegation, *days, record.answer)
        case Review():
            who = (record.checked_by, record.checked_on)
            return "review", (record.claim, record.evidence, *who)
        case Decision():
            on = (record.target, record.passage, record.property)
            return "decision", (record.kind, *on, record.value, record.other)


def _claim_row(claim: Claim, schema: Schema) -> tuple[Any, ...]:
    key = claim.key(schema)
    return (
        claim.handle, claim.id(key), key, claim.kind, claim.subject, claim.predicate,
        claim.object, claim.measure, claim.value, claim.number, claim.unit, claim.comparator,
        claim.base, claim.polarity, _pack(claim.properties), claim.when, claim.when_basis,
        claim.when_rule, claim.when_from,
    )  # fmt: skip

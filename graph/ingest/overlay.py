"""The journal laid over the inputs of a load, as one more layer that is right before all of them.

What entries add is staged as if each were an input, the newest first. What they decide of others is
carried out once several inputs were made one: `corrections` changes a property and keeps what it
overrules, `withdrawals` takes away. An entry that names what is not there, or that does not hold
together with the inputs, is left out and is an orphan until it does; it never stops a load.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from graph.errors import InputError, InputErrors
from graph.ingest import validation
from graph.ingest.deciding import (
    NOBODY_SPEAKS_OF,
    by_target,
    check_target,
    patched,
    withdraw,
)
from graph.ingest.inputs import ReadRows
from graph.ingest.staging import Spool
from graph.journal import keeping
from graph.journal.entries import IN_FORCE, TAKE_BACK, Entry, space, standing
from graph.model.cells import BadValueError
from graph.model.records import Case
from graph.store.store import Store

_OURS: Final = "LIKE 'journal/%'"
"""What the input of a row is that an entry brings: see `graph.model.records.JOURNAL`."""


@dataclass(frozen=True)
class Journal:
    """The entries of a case that were there at one time: `number` is that of the newest."""

    known: Sequence[Entry] = ()

    @property
    def number(self) -> int:
        return max((entry.number for entry in self.known), default=0)

    @cached_property
    def in_force(self) -> list[Entry]:
        """Those that are laid over the inputs or name what is in them, oldest first.

        What version 0.1.0 kept has no number, and is looked at when it is asked for alone.
        """
        states = standing(self.known)
        counting = (e for e in self.known if e.number and states[e.id] == IN_FORCE)
        return [e for e in counting if e.kind != TAKE_BACK]

    def space(self, entry: Entry) -> str:
        """What comes before the ids of what an entry adds."""
        return space(entry, self._by_id)

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.known}

    def with_(self, entry: Entry) -> Journal:
        """The same with one entry more, as the newest."""
        return Journal([*self.known, replace(entry, number=self.number + 1)])


def read_journal(store: Store, case: str) -> Journal:
    """The journal of a case. Raises JournalError for entries of a newer version."""
    return Journal(keeping.entries(store, case))


@dataclass
class Overlay:
    """The entries that are staged with one set of inputs; `orphans` are those that could not be."""

    journal: Journal
    entries: dict[str, Entry]
    orphans: dict[str, InputError] = field(default_factory=dict)

    def fill(self, spool: Spool, rows: ReadRows) -> None:
        """Stage what the entries say. Call it before the inputs are staged: the first is right."""
        for entry in reversed(list(self.entries.values())):
            problems: list[InputError] = []
            before = self.journal.space(entry)
            try:
                records = list(rows(entry.case, entry.input, before, entry.body, problems.append))
            except InputError as error:
                problems.append(error)
            if problems:
                self._leave(entry.input, problems[0])
            else:
                spool.fill(records, entry.input)

    def settle(self, spool: Spool, case: Case) -> None:
        """Leave out the entries that cannot stand with the inputs, and what leans on these."""
        if not self.entries:
            return
        spool.run(_CLAIMS_BY_ID)
        found = [*spool.problems]
        while blamed := self.blame([*found, *validation.of_rows(spool), *self._wrong(spool, case)]):
            spool.problems = [p for p in spool.problems if _input_of(p) not in blamed]
            for input_, problem in blamed.items():
                self._leave(input_, problem)
            _drop(spool, blamed)
            found = []

    def blame(self, problems: Iterable[InputError]) -> dict[str, InputError]:
        """Of the problems those of rows of entries: the first of each, by its input."""
        inputs = {entry.input for entry in self.entries.values()}
        found: dict[str, InputError] = {}
        for problem in problems:
            if (input_ := _input_of(problem)) in inputs:
                found.setdefault(input_, problem)
        return found

    def reasons(self) -> dict[str, str]:
        """Why each orphan is one, by its id."""
        return {
            id_: str(problem).removeprefix(f"{id_.partition(':')[2]}/")
            for id_, problem in self.orphans.items()
        }

    def _leave(self, input_: str, problem: InputError) -> None:
        (id_,) = [id_ for id_, entry in self.entries.items() if entry.input == input_]
        del self.entries[id_]
        self.orphans[id_] = problem

    def _wrong(self, spool: Spool, case: Case) -> Iterator[InputError]:
        for sql, column, problem, remedy in _DOUBLED:
            for row in spool.rows(sql):
                yield _problem(row, column, problem, remedy)
        spaces = {entry.input: self.journal.space(entry) for entry in self.entries.values()}
        for row in spool.rows(_DESCRIBED_ALONE):
            if not row["id"].startswith(spaces[row["input"]]):
                yield _problem(row, "id", f"“{row['id']}” is not defined", "mend the id")
        for row in list(spool.rows("SELECT * FROM decision ORDER BY input, rowid")):
            try:
                check_target(spool, case, row)
            except BadValueError as error:
                yield _problem(row, "target", error.problem, error.remedy)
        for rows in by_target(spool, "input, target, passage, rowid", "input"):
            try:
                patched(spool, case, rows)
            except BadValueError as error:
                yield _problem(rows[0], "value", error.problem, error.remedy)

    def lay(self, spool: Spool, case: Case) -> None:
        """Carry out what entries decide, once several inputs were made one.

        Raises InputErrors that name an entry.
        """
        if not self.entries:
            return
        for rows in by_target(spool, "target, passage, rowid"):
            try:
                patched(spool, case, rows)(spool)
            except BadValueError as error:
                problem = _problem(rows[-1], "value", error.problem, error.remedy)
                raise InputErrors([problem]) from error
        for row in list(spool.rows("SELECT * FROM decision WHERE kind = 'withdraw'")):
            withdraw(spool, row)
        spool.run(NOBODY_SPEAKS_OF)


def _input_of(problem: InputError) -> str:
    return "/".join(problem.file.split("/")[:2])


def _problem(row: sqlite3.Row, column: str, problem: str, remedy: str) -> InputError:
    return InputError(problem, file=row["file"], row=row["row"], column=column, remedy=remedy)


_TABLES: Final = (
    "entity", "source", "passage", "claim", "support", "relay", "gap", "reply", "review",
    "decision",
)  # fmt: skip


def _drop(spool: Spool, inputs: Iterable[str]) -> None:
    gone = json.dumps(list(inputs))
    for table in _TABLES:
        spool.run(f"DELETE FROM {table} WHERE input IN (SELECT value FROM json_each(?))", [gone])


# --- what must hold of entries ------------------------------------------------------------------

_CLAIMS_BY_ID: Final = f"""
UPDATE support SET claim = (SELECT c.handle FROM claim c WHERE c.id = support.claim
                            ORDER BY c.rowid LIMIT 1)
WHERE input {_OURS} AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.handle = support.claim)
AND EXISTS (SELECT 1 FROM claim c WHERE c.id = support.claim)
"""
"""An entry names a claim by the id that it has in the graph."""

_DESCRIBED_ALONE: Final = f"""
SELECT a.* FROM entity a WHERE a.input {_OURS} AND NOT EXISTS
(SELECT 1 FROM entity b WHERE b.id = a.id AND b.rowid <> a.rowid
 AND (b.input NOT {_OURS} OR a.id {_OURS}))
"""
"""What nothing but one entry describes: that one must have brought it."""


def _doubled(table: str, *columns: str) -> str:
    same = " AND ".join(f"a.{column} IS b.{column}" for column in columns)
    return (
        f"SELECT a.file, a.row FROM {table} a CROSS JOIN {table} b ON {same} AND a.rowid < b.rowid "
        f"WHERE a.input {_OURS}"
    )


# CROSS JOIN keeps the order: from the few rows of entries to all others.
_DOUBLED: Final = (
    (
        "SELECT a.file, a.row FROM support a CROSS JOIN claim c ON c.handle = a.claim "
        "CROSS JOIN claim d ON d.id = c.id "
        "CROSS JOIN support b ON b.claim = d.handle AND b.passage = a.passage "
        f"WHERE a.input {_OURS} AND a.rowid < b.rowid",
        "claim", "this passage supports that claim already", "correct that support instead",
    ),
    (
        "SELECT a.file, a.row FROM entity a CROSS JOIN entity b ON a.id = b.id "
        f"WHERE a.input {_OURS} AND a.label <> b.label",
        "id", "it is of another type", "give it the same type",
    ),
    (
        _doubled("relay", "start", "stop", "evidence"), "to", "this is said to be relayed already",
        "leave the row out",
    ),
    (
        _doubled("reply", "party", "allegation", "asked_on"), "party",
        "was asked the same on the same day already", "leave the row out",
    ),
    (
        _doubled("review", "checked_by", "claim"), "checked_by", "checked this claim already",
        "leave the row out",
    ),
)  # fmt: skip

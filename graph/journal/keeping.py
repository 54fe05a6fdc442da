"""Entries in the store: kept, read, listed, and taken away with the whole journal alone.

Whoever keeps an entry, and whoever completes a load, changes the oldest Load of the case first: so
the server has one wait for the other, and a load that ends has seen all entries that were kept.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from graph.errors import JournalError, UnknownCase
from graph.journal.entries import (
    FORMAT,
    IN_FORCE,
    KINDS,
    NAMING,
    ORPHAN,
    TABLES,
    TAKE_BACK,
    WAITING,
    Entry,
    may_replace,
    standing,
)
from graph.model.records import JOURNAL
from graph.store.store import Store, Transaction

LONGEST: Final = 500
"""Characters of a reason or an author."""
MOST_ROWS: Final = 5000
"""Rows of an entry: it is one judgement, and more is an input."""

_ALL: Final = """
MATCH (e:Entry) WHERE e.case = $case AND ($kinds IS NULL OR e.kind IN $kinds)
RETURN e.id AS id, e.kind AS kind, e.author AS author, e.reason AS reason, e.made AS made,
       e.number AS number, e.replaces AS replaces, e.body AS body, e.format AS format
ORDER BY number, id
"""
_OLD_NAMINGS: Final = """
MATCH (n:Naming) WHERE n.case = $case
RETURN n.id AS id, n.entity AS entity, n.naming AS naming, n.reason AS reason, n.by AS by,
       n.on AS on
ORDER BY id
"""
_OLDEST: Final = "MATCH (l:Load) WHERE l.case = $case RETURN l.id AS id ORDER BY l.number LIMIT 1"
_TOUCH: Final = (
    "MATCH (l:Record {id: $id}) SET l.journal_lock = coalesce(l.journal_lock, 0) + 1 "
    "RETURN timestamp() AS now"
)
_NEWEST: Final = "MATCH (e:Entry) WHERE e.case = $case RETURN coalesce(max(e.number), 0) AS number"
_KNOWN: Final = "MATCH (e:Record) WHERE e.id = $id RETURN e.made AS made, e.number AS number"
_CREATE: Final = "CREATE (e:Record:Entry) SET e = $entry"
_LAID: Final = (
    "MATCH (l:Load) WHERE l.case = $case AND l.status = 'complete' "
    "RETURN coalesce(l.entries, 0) AS entries, l.orphans AS orphans ORDER BY l.number DESC LIMIT 1"
)
_MANY: Final = (
    "MATCH (e:Entry) WHERE e.case = $case RETURN count(e) AS n",
    "MATCH (n:Naming) WHERE n.case = $case RETURN count(n) AS n",
)
_FORGET: Final = (
    "MATCH (e:Entry) WHERE e.case = $case DETACH DELETE e",
    "MATCH (n:Naming) WHERE n.case = $case DETACH DELETE n",
)
_SUPPORTED: Final = (
    "MATCH (c:Claim {id: $id}) MATCH (c)<-[s:SUPPORTS]-() RETURN DISTINCT s.input AS input"
)


def new_entry(
    case: str, kind: str, author: str, reason: str, body: Mapping[str, Any],
    replaces: Sequence[str] = (),
) -> Entry:  # fmt: skip
    """An entry that is not kept yet, with an id of its own."""
    author, reason = " ".join(author.split()), " ".join(reason.split())
    return Entry(
        f"{case}:{JOURNAL}/{uuid.uuid4()}", case, kind, author, reason, body, tuple(replaces)
    )


def check(entry: Entry, known: Collection[Entry]) -> None:
    """Raise JournalError for an entry that cannot be kept, whatever the case holds."""
    if entry.kind not in KINDS:
        raise JournalError(f"“{entry.kind[:40]}” is no kind of entry; use {', '.join(KINDS)}.")
    for words, text in (("a reason", entry.reason), ("the name of its author", entry.author)):
        if not text or len(text) > LONGEST:
            raise JournalError(f"An entry needs {words}, of at most {LONGEST} characters.")
    _check_body(entry)
    by_id = {one.id: one for one in known}
    for id_ in entry.replaces:
        before = by_id.get(id_)
        if before is None:
            raise JournalError(
                f"“{id_[:120]}” is no entry of {entry.case}; `sutra journal {entry.case}` lists "
                f"them."
            )
        if not may_replace(entry.kind, before.kind):
            raise JournalError(
                f"An entry of kind {entry.kind} cannot replace one of kind {before.kind}; take "
                f"that one back, and make another."
            )
    if entry.kind == TAKE_BACK:
        if not entry.replaces:
            raise JournalError("Say which entry is taken back.")
        return
    _check_slots(entry, known)


def _check_body(entry: Entry) -> None:
    allowed = {TABLES[entry.kind]} if entry.kind in TABLES else set(entry.body)
    if entry.kind == TAKE_BACK:
        allowed = set()
    for table in entry.body:
        if table not in allowed:
            instead = f"give {TABLES[entry.kind]} alone" if allowed else "leave it out"
            raise JournalError(
                f"An entry of kind {entry.kind} has no table “{table[:40]}”; {instead}."
            )
    rows = sum(len(rows) for rows in entry.body.values())
    if entry.kind != TAKE_BACK and not rows:
        raise JournalError("The entry says nothing; give it a row.")
    if rows > MOST_ROWS:
        raise JournalError(
            f"The entry has {rows:,} rows, and may have {MOST_ROWS:,}; load them as an input."
        )


def _check_slots(entry: Entry, known: Collection[Entry]) -> None:
    """Whoever decides what is decided already says so."""
    if entry.replaces:
        return
    states, ours = standing(list(known)), set(entry.slots())
    for other in known:
        if states[other.id] == IN_FORCE and ours.intersection(other.slots()):
            raise JournalError(
                f"{other.id} decides that already ({other.author}, {other.made[:16]}); to decide "
                f"otherwise name it in `replaces`."
            )


def keep(store: Store, entry: Entry) -> Entry:
    """Keep an entry at once; returns it with its time and number.

    Raises UnknownCase if no load of the case was ever begun.
    """
    case = entry.case

    def work(transaction: Transaction) -> tuple[str, int]:
        if there := transaction.run(_KNOWN, {"id": entry.id}):
            # Kept by a first try whose answer was lost.
            return there[0]["made"], there[0]["number"]
        oldest = transaction.run(_OLDEST, {"case": case})
        if not oldest:
            raise UnknownCase.called(case)
        now = transaction.run(_TOUCH, {"id": oldest[0]["id"]})[0]["now"]
        number = transaction.run(_NEWEST, {"case": case})[0]["number"] + 1
        made = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds")
        stored = {
            "id": entry.id, "case": case, "kind": entry.kind, "author": entry.author,
            "reason": entry.reason, "made": made, "number": number,
            "replaces": list(entry.replaces), "format": entry.format,
            "body": json.dumps(entry.body, ensure_ascii=False, sort_keys=True),
        }  # fmt: skip
        transaction.run(_CREATE, {"entry": stored})
        return made, number

    made, number = store.transact(work, repeatable=True)
    return replace(entry, made=made, number=number)


def entries(store: Store, case: str, kinds: Collection[str] | None = None) -> list[Entry]:
    """The entries of a case, or those of some kinds, oldest first.

    What version 0.1.0 kept of decisions on naming comes before them. Raises JournalError for an
    entry that only a newer version knows.
    """
    found = _old_namings(store, case) if kinds is None or NAMING in kinds else []
    for row in store.read(_ALL, {"case": case, "kinds": sorted(kinds) if kinds else None}):
        if row["format"] > FORMAT or row["kind"] not in KINDS:
            raise JournalError(
                f"The journal of {case} holds entries that a newer version of Sutra made (format "
                f"{row['format']}, and this one knows {FORMAT}); go on with that version."
            )
        body = json.loads(row["body"])
        found.append(
            Entry(**{**row, "case": case, "body": body, "replaces": tuple(row["replaces"] or ())})
        )
    return found


def _old_namings(store: Store, case: str) -> list[Entry]:
    return [
        Entry(
            row["id"], case, NAMING, row["by"], row["reason"],
            {TABLES[NAMING]: [{name: row[name] for name in ("entity", "naming", "on")}]},
            made=row["on"],
        )
        for row in store.read(_OLD_NAMINGS, {"case": case})
    ]  # fmt: skip


def newest(store: Store, case: str) -> int:
    """The number of the newest entry of a case; 0 if it has none."""
    return int(store.read(_NEWEST, {"case": case})[0]["number"])


def newest_as_last(transaction: Transaction, case: str) -> int:
    """The same; until the transaction ends nobody can keep another."""
    for row in transaction.run(_OLDEST, {"case": case}):
        transaction.run(_TOUCH, {"id": row["id"]})
    return int(transaction.run(_NEWEST, {"case": case})[0]["number"])


def is_known(store: Store, case: str) -> bool:
    """Whether the graph holds a load of the case, or an entry."""
    return bool(store.read(_OLDEST, {"case": case}) or count(store, case))


def count(store: Store, case: str) -> int:
    """How many entries a case has, also such as this version cannot read."""
    return sum(int(store.read(statement, {"case": case})[0]["n"]) for statement in _MANY)


def forget(store: Store, case: str) -> None:
    """Take away all entries of a case."""
    for statement in _FORGET:
        store.write(statement, {"case": case}, repeatable=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it is listed: how it stands, and why it is an orphan if it is one."""

    entry: Entry
    state: str
    why: str = ""


def listed(store: Store, case: str, of: str | None = None) -> list[Listed]:
    """The entries of a case, oldest first; with `of` the history of one entity or claim."""
    known = entries(store, case)
    states = standing(known)
    laid = store.read(_LAID, {"case": case})
    upto, orphans = 0, {}
    if laid:
        upto, orphans = laid[0]["entries"], json.loads(laid[0]["orphans"] or "{}")
    by_id = {entry.id: entry for entry in known}
    found = []
    for entry in known:
        state, why = states[entry.id], ""
        if state == IN_FORCE and (not laid or entry.id in orphans):
            state, why = ORPHAN, orphans.get(entry.id, "the case has no input")
        elif state == IN_FORCE and entry.number > upto and _changes_graph(entry, by_id):
            state = WAITING
        found.append(Listed(entry, state, why))
    return found if of is None else _history(store, found, of)


def _changes_graph(entry: Entry, known: Mapping[str, Entry]) -> bool:
    before = (known[id_] for id_ in entry.replaces if id_ in known)
    return entry.is_laid or (entry.kind == TAKE_BACK and any(one.is_laid for one in before))


def _history(store: Store, found: list[Listed], id_: str) -> list[Listed]:
    """The entries on an entity or a claim, and what was done with these."""
    inputs = {row["input"] for row in store.read(_SUPPORTED, {"id": id_})}
    ours = {
        one.entry.id for one in found if one.entry.names(id_) or one.entry.input in inputs
    }  # fmt: skip
    for one in found:
        if ours.intersection(one.entry.replaces):
            ours.add(one.entry.id)
    return [one for one in found if one.entry.id in ours]

"""What entries of the journal decide of entities, claims and supports that are staged.

A correction changes a property and keeps what it overrules; a withdrawal takes away. Both are
looked at first, and carried out once several inputs were made one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from graph.ingest.staging import Spool
from graph.model import cells
from graph.model.cells import BadValueError
from graph.model.records import Case
from graph.model.types.claims import BASES, STATUSES


def _entity(spool: Spool, id_: str | None) -> sqlite3.Row | None:
    sql = "SELECT rowid AS at, * FROM entity WHERE id = ? ORDER BY rowid LIMIT 1"
    return spool.first(sql, [id_])


def _claim(spool: Spool, id_: str) -> sqlite3.Row | None:
    sql = "SELECT rowid AS at, * FROM claim WHERE id = ? ORDER BY rowid LIMIT 1"
    return spool.first(sql, [id_])


def _support(spool: Spool, id_: str, passage: str) -> sqlite3.Row | None:
    return spool.first(
        "SELECT s.rowid AS at, s.* FROM support s JOIN claim c ON c.handle = s.claim "
        "WHERE c.id = ? AND s.passage = ? ORDER BY s.rowid LIMIT 1",
        [id_, passage],
    )


def check_target(spool: Spool, case: Case, row: sqlite3.Row) -> None:
    """Raise BadValueError if what an entry decides on is not there."""
    target, passage = row["target"], row["passage"]
    entity = _entity(spool, target)
    if row["kind"] in ("same", "different"):
        other = _entity(spool, row["other"])
        for id_, found in ((target, entity), (row["other"], other)):
            if found is None:
                raise BadValueError(f"the entity “{id_}” is not defined", "mend the id")
        if entity and other and row["kind"] == "same" and entity["label"] != other["label"]:
            raise BadValueError("the two are of different types", "name two of one type")
        return
    if passage is not None:
        if _support(spool, target, passage) is None:
            raise BadValueError(
                f"the passage “{passage}” supports no claim “{target}”", "mend the ids"
            )
        return
    if entity is None and (row["kind"] == "naming" or _claim(spool, target) is None):
        raise BadValueError(f"“{target}” is no entity or claim of the case", "mend the id")
    if entity and row["kind"] == "naming" and not spool.schema.nodes[entity["label"]].has_naming:
        raise BadValueError(f"“{target}” is nothing that has a name", "name somebody")
    if entity and row["kind"] == "withdraw":
        _check_unnamed(spool, case, target)


def _check_unnamed(spool: Spool, case: Case, id_: str) -> None:
    """What is said by somebody stands as long as that one does."""
    if spool.first(
        "SELECT 1 FROM support s JOIN claim c ON c.handle = s.claim WHERE s.said_by = ? "
        "AND c.subject <> ? AND c.object IS NOT ? AND NOT EXISTS "
        "(SELECT 1 FROM decision d WHERE d.kind = 'withdraw' AND d.target = c.id)",
        [id_, id_, id_],
    ):
        raise BadValueError(
            f"“{id_}” is named as who says something of others", "withdraw those claims as well"
        )
    if any(choice.get("entity") == id_ for choice in case.choices):
        raise BadValueError(f"a choice of case.yaml names “{id_}”", "take that choice out first")


# --- corrections --------------------------------------------------------------------------------

Change = Callable[[Spool], None]


def by_target(spool: Spool, order: str, *more: str) -> list[list[sqlite3.Row]]:
    rows = spool.rows(f"SELECT * FROM decision WHERE kind = 'correct' ORDER BY {order}")
    return [list(group) for _, group in groupby(rows, itemgetter(*more, "target", "passage"))]


def patched(spool: Spool, case: Case, rows: Sequence[sqlite3.Row]) -> Change:
    """What corrections of one entity, claim or support change. Raises BadValueError."""
    target, passage = rows[0]["target"], rows[0]["passage"]
    if passage is not None:
        if support := _support(spool, target, passage):
            return _patched_support(spool, case, support, rows)
    elif entity := _entity(spool, target):
        return _patched_entity(spool, case, entity, rows)
    elif claim := _claim(spool, target):
        return _patched_claim(spool, claim, rows)
    raise BadValueError(f"“{target}” is no longer there", "mend the id")


def _local(case: Case, text: str) -> str:
    return cells.reference(text, (case.id,)) if ":" in text else cells.identifier(text)


def _patched_entity(
    spool: Spool, case: Case, entity: sqlite3.Row, rows: Sequence[sqlite3.Row]
) -> Change:
    declared = spool.schema.nodes[entity["label"]]
    properties, caption = json.loads(entity["properties"]), entity["caption"]
    otherwise = json.loads(entity["otherwise"] or "[]")
    for row in rows:
        name, text = row["property"], row["value"]
        prop = declared.get(name)
        old = caption if name == "caption" else properties.get(name)
        if name == "caption":
            if text is None:
                raise BadValueError("a caption cannot be empty", "write a short name")
            new = caption = text
        elif prop is None or not prop.printed:
            more = "; an entry of kind naming decides that" if prop else ""
            raise BadValueError(
                f"a {declared.label} has no “{name}” to correct{more}",
                "name a property of docs/schema.md",
            )
        elif text is None and prop.required:
            raise BadValueError(f"a {declared.label} needs its {name}", "give a value")
        else:
            new = None
            if text is not None:
                new = _local(case, text) if prop.kind == "id" else cells.read(prop, text)
            if new is not None and name in declared.dates:
                _check_dated(spool, entity["id"], name, new)
            properties.pop(name, None)
            if new is not None:
                properties[name] = new
        if old is not None and old != new:
            otherwise.append([entity["input"], name, old])

    def change(spool: Spool) -> None:
        spool.run(
            "UPDATE entity SET caption = ?, properties = ?, otherwise = ? WHERE rowid = ?",
            [caption, _pack(properties), _pack(otherwise) if otherwise else None, entity["at"]],
        )

    return change


def _check_dated(spool: Spool, id_: str, name: str, value: Any) -> None:
    sql = "SELECT 1 FROM claim WHERE subject = ? AND measure = ? AND value = ?"
    if spool.first(sql, [id_, name, value]) is None:
        raise BadValueError(f"no claim says “{value}”", f"add a figure claim of {name} first")


_OF_CLAIM: Final = {"when": "occurred", "when_basis": "when_basis", "when_rule": "when_rule"}
_TOLD: Final = """
UPDATE support SET told = (
    SELECT json_object('when', c.occurred, 'when_basis', c.when_basis, 'when_rule', c.when_rule,
           'when_from', c.when_from, 'base', c.base, 'properties', json(c.properties))
    FROM claim c WHERE c.rowid = ?)
WHERE told IS NULL AND claim = ?
"""
"""What the rows said keeps to their supports, as where two rows of one key differ."""


def _patched_claim(spool: Spool, claim: sqlite3.Row, rows: Sequence[sqlite3.Row]) -> Change:
    when = {name: claim[column] for name, column in _OF_CLAIM.items()}
    properties = json.loads(claim["properties"])
    declared = spool.schema.relationships.get(claim["predicate"] or "")
    for row in rows:
        name, text = row["property"], row["value"]
        prop = declared.get(name) if declared else None
        if name in when:
            when[name] = _read_when(name, text) if text is not None else None
        elif prop is None or (declared and name in declared.key):
            raise BadValueError(
                f"“{name}” cannot be corrected: it is what makes it this claim, or none of it",
                "withdraw the claim and add another",
            )
        else:
            properties.pop(name, None)
            if text is not None:
                properties[name] = cells.read(prop, text)
            elif prop.required:
                raise BadValueError(f"the claim needs its {name}", "give a value")
    if when["when"] and not when["when_basis"]:
        raise BadValueError("a day needs its when_basis", "correct that as well")
    if when["when_basis"] == "inferred" and not when["when_rule"]:
        raise BadValueError("an inferred day needs its when_rule", "correct that as well")

    def change(spool: Spool) -> None:
        spool.run(_TOLD, [claim["at"], claim["handle"]])
        spool.run(
            "UPDATE claim SET occurred = ?, when_basis = ?, when_rule = ?, properties = ? "
            "WHERE rowid = ?",
            [*when.values(), _pack(properties), claim["at"]],
        )

    return change


def _read_when(name: str, text: str) -> str:
    if name == "when":
        return cells.date(text)
    return cells.one_of(text, BASES) if name == "when_basis" else text


_OF_SUPPORT: Final = ("status", "said_by", "as_worded", "hedge", "quoted", "rule")


def _patched_support(
    spool: Spool, case: Case, support: sqlite3.Row, rows: Sequence[sqlite3.Row]
) -> Change:
    values = {name: support[name] for name in _OF_SUPPORT}
    otherwise = []
    for row in rows:
        name = row["property"]
        if name not in values:
            raise BadValueError(f"a support has no “{name}”", f"use {', '.join(_OF_SUPPORT)}")
        new = _read_of_support(case, name, row["value"])
        if values[name] is not None and values[name] != new:
            otherwise.append(f"{support['input']}: {name}: {support[name]}")
        values[name] = new
    if values["said_by"] is not None and _entity(spool, values["said_by"]) is None:
        raise BadValueError(f"the entity “{values['said_by']}” is not defined", "mend the id")
    if values["status"] == "alleged" and values["said_by"] is None:
        raise BadValueError("an allegation needs said_by", "correct that as well")
    if values["status"] == "inferred" and values["rule"] is None:
        raise BadValueError("an inference needs its rule", "correct that as well")

    def change(spool: Spool) -> None:
        columns = ", ".join(f"{name} = ?" for name in values)
        spool.run(
            f"UPDATE support SET {columns}, "
            "told = json_set(coalesce(told, '{}'), '$.otherwise', json(?)) WHERE rowid = ?",
            [*values.values(), _pack(otherwise), support["at"]],
        )

    return change


def _read_of_support(case: Case, name: str, text: str | None) -> Any:
    if name == "status":
        return cells.one_of(text or "", STATUSES)
    if name == "quoted":
        return int(cells.yes_or_no(text or "no"))
    return _local(case, text) if name == "said_by" and text else text


_pack: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


# --- withdrawals --------------------------------------------------------------------------------

_CLAIMS_ON: Final = "SELECT id FROM claim WHERE subject = ? OR object = ? OR base = ?"
NOBODY_SPEAKS_OF: Final = """
DELETE FROM entity WHERE id IN (SELECT id FROM spare)
AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.subject = entity.id)
AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.object = entity.id)
AND id NOT IN (SELECT base FROM claim WHERE base IS NOT NULL UNION
               SELECT said_by FROM support WHERE said_by IS NOT NULL UNION
               SELECT party FROM reply)
"""


def withdraw(spool: Spool, row: sqlite3.Row) -> None:
    target, passage = row["target"], row["passage"]
    if passage is not None:
        if support := _support(spool, target, passage):
            spool.run("INSERT OR IGNORE INTO spare VALUES (?)", [passage])
            spool.run("DELETE FROM support WHERE rowid = ?", [support["at"]])
            if spool.first("SELECT 1 FROM support WHERE claim = ?", [support["claim"]]) is None:
                _withdraw_claim(spool, target)
    elif _entity(spool, target):
        for claim in [claim["id"] for claim in spool.rows(_CLAIMS_ON, [target] * 3)]:
            _withdraw_claim(spool, claim)
        spool.run("DELETE FROM reply WHERE party = ?", [target])
        spool.run("DELETE FROM entity WHERE id = ?", [target])
    else:
        _withdraw_claim(spool, target)


def _withdraw_claim(spool: Spool, id_: str) -> None:
    claim = _claim(spool, id_)
    if claim is None:
        return  # by another entry already
    handle = claim["handle"]
    spool.run("INSERT OR IGNORE INTO spare SELECT passage FROM support WHERE claim = ?", [handle])
    for end in filter(None, (claim["subject"], claim["object"])):
        spool.run("INSERT OR IGNORE INTO spare VALUES (?)", [end])
    spool.run("DELETE FROM support WHERE claim = ?", [handle])
    for table, column in (("reply", "allegation"), ("review", "claim")):
        spool.run(f"DELETE FROM {table} WHERE {column} IN (?, ?)", [handle, id_])
    spool.run("DELETE FROM claim WHERE rowid = ?", [claim["at"]])

"""Who may be named in print, as somebody decided in the app: by whom, when, and why.

A decision is a `Naming` record beside the case, which no load touches; a newer one on the same
entity takes its place. Where the tables of the case decide as well, the more protective counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.errors import ParameterError
from graph.model.types.entities import NAMING
from graph.store.store import Store, Transaction

LONGEST: Final = 500
"""Characters of a reason or a name."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: `naming` is a term of `graph.model.types.entities.NAMING`, `on` a day."""

    entity: str
    naming: str
    reason: str
    by: str
    on: str


def decide(store: Store, case: str, made: Decided) -> None:
    """Keep a decision in place of an earlier one on the same thing.

    Raises ParameterError if it says nothing of how, why, who or when, or if the case holds no such
    entity that can be named.
    """
    if made.naming not in NAMING:
        raise ParameterError(f"“{made.naming[:40]}” is no decision; use {', '.join(NAMING)}.")
    for words, text in (("a reason", made.reason), ("the name of who decides", made.by)):
        if not text.strip() or len(text) > LONGEST:
            raise ParameterError(
                f"A decision needs {words}, of at most {LONGEST} characters: write it down."
            )
    try:
        day = date.fromisoformat(made.on).isoformat()
    except ValueError as error:
        raise ParameterError(f"“{made.on[:40]}” is not a day; write it as 2021-02-10.") from error
    named = [t.label for t in store.schema.node_types if t.has_naming]
    if not store.read(_THERE, {"case": case, "id": made.entity, "labels": named}):
        raise ParameterError(f"“{made.entity[:80]}” is nothing in this case that has a name.")
    record = {
        "id": _id(made.entity), "case": case, "entity": made.entity, "naming": made.naming,
        "reason": " ".join(made.reason.split()), "by": " ".join(made.by.split()), "on": day,
    }  # fmt: skip
    told = {"id": record["id"], "record": record}

    def work(transaction: Transaction) -> None:
        there = transaction.run(_ONE, {"id": record["id"]})
        transaction.run(_CHANGE if there else _CREATE, told)

    store.transact(work, repeatable=True)


def take_back(store: Store, entity: str) -> None:
    """Forget the decision on an entity; what the tables of the case say counts again."""
    store.write(_FORGET, {"id": _id(entity)}, repeatable=True)


def decided(store: Store, case: str) -> dict[str, Decided]:
    """The decisions of a case that were made in the app, by entity."""
    return {
        row["entity"]: Decided(row["entity"], row["naming"], row["reason"], row["by"], row["on"])
        for row in store.read(_ALL, {"case": case})
    }


def counting(row: Mapping[str, Any], made: Decided | None) -> tuple[Any, Any, Any, Any]:
    """(naming, reason, by, on) that count for an entity: of its row, or of the decision on it."""
    told = (row["naming"], row["reason"], row["by"], row["on"])
    if made is None or _protects(row["naming"]) > _protects(made.naming):
        return told
    return (made.naming, made.reason, made.by, made.on)


def _protects(naming: str | None) -> int:
    """How much a decision protects; none at all leaves the word to any other."""
    return NAMING.index(naming) if naming in NAMING else -1


def _id(entity: str) -> str:
    return f"{entity}:naming"


_THERE: Final = """
MATCH (n:Entity {id: $id})
WHERE n.case = $case AND any(label IN labels(n) WHERE label IN $labels)
RETURN n.id AS id
"""
_ONE: Final = "MATCH (n:Record) WHERE n.id = $id RETURN n.id AS id"
_CREATE: Final = "CREATE (n:Record:Naming) SET n = $record"
_CHANGE: Final = "MATCH (n:Record) WHERE n.id = $id SET n = $record"
_FORGET: Final = "MATCH (n:Naming) WHERE n.id = $id DETACH DELETE n"
_ALL: Final = """
MATCH (n:Naming) WHERE n.case = $case
RETURN n.entity AS entity, n.naming AS naming, n.reason AS reason, n.by AS by, n.on AS on
ORDER BY entity
"""

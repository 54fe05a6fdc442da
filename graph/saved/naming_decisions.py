"""Who may be named in print, as somebody decided in the app: by whom, when, and why.

A decision is an entry of the journal, and a newer one on the same entity replaces it. What version
0.1.0 kept (`Naming` records) is read as such. Where the tables of the case decide as well, or two
decisions are in conflict, the more protective counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.errors import ParameterError
from graph.journal import keeping
from graph.journal.entries import (
    CONFLICT,
    IN_FORCE,
    NAMING,
    TABLES,
    TAKE_BACK,
    TAKEN_BACK,
    Entry,
    standing,
)
from graph.model.types.entities import NAMING as TERMS
from graph.store.store import Store

_KINDS: Final = frozenset({NAMING, TAKE_BACK})


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: `naming` is a term of `graph.model.types.entities.NAMING`, `on` a day."""

    entity: str
    naming: str
    reason: str
    by: str
    on: str


def decide(store: Store, case: str, made: Decided) -> None:
    """Make an entry of a decision, in place of an earlier one on the same entity.

    Raises ParameterError if it says nothing of how, why, who or when, or if the case holds no such
    entity that can be named.
    """
    if made.naming not in TERMS:
        raise ParameterError(f"“{made.naming[:40]}” is no decision; use {', '.join(TERMS)}.")
    for words, text in (("a reason", made.reason), ("the name of who decides", made.by)):
        if not text.strip() or len(text) > keeping.LONGEST:
            raise ParameterError(
                f"A decision needs {words}, of at most {keeping.LONGEST} characters: write it down."
            )
    try:
        day = date.fromisoformat(made.on).isoformat()
    except ValueError as error:
        raise ParameterError(f"“{made.on[:40]}” is not a day; write it as 2021-02-10.") from error
    named = [t.label for t in store.schema.node_types if t.has_naming]
    if not store.read(_THERE, {"case": case, "id": made.entity, "labels": named}):
        raise ParameterError(f"“{made.entity[:80]}” is nothing in this case that has a name.")
    known = keeping.entries(store, case, _KINDS)
    row = {"entity": made.entity, "naming": made.naming, "on": day}
    body, before = {TABLES[NAMING]: [row]}, [one.id for one in _deciding(known, made.entity)]
    entry = keeping.new_entry(case, NAMING, made.by, made.reason, body, before)
    keeping.check(entry, known)
    keeping.keep(store, entry)


def take_back(store: Store, entity: str, by: str = "the app") -> None:
    """Take all decisions on an entity back; what the tables of the case say counts again."""
    case = entity.partition(":")[0]
    known = keeping.entries(store, case, _KINDS)
    made = [one.id for one in known if one.kind == NAMING and one.names(entity)]
    states = standing(known)
    if left := [id_ for id_ in made if states[id_] != TAKEN_BACK]:
        keeping.keep(store, keeping.new_entry(case, TAKE_BACK, by, "taken back", {}, left))


def _deciding(known: Sequence[Entry], entity: str | None = None) -> list[Entry]:
    """The entries that count, on one entity or on all."""
    states = standing(known)
    counts = (one for one in known if states[one.id] in (IN_FORCE, CONFLICT))
    return [o for o in counts if o.kind == NAMING and (entity is None or o.names(entity))]


def decided(store: Store, case: str) -> dict[str, Decided]:
    """The decisions of a case that were made in the app, by entity.

    Of several that are in conflict it is the most protective.
    """
    found: dict[str, Decided] = {}
    for entry in _deciding(keeping.entries(store, case, _KINDS)):
        for row in entry.body[TABLES[NAMING]]:
            on = row.get("on") or entry.made[:10]
            one = Decided(row["entity"], row["naming"], entry.reason, entry.author, on)
            other = found.get(one.entity)
            if other is None or _protects(one.naming) >= _protects(other.naming):
                found[one.entity] = one
    return dict(sorted(found.items()))


def counting(row: Mapping[str, Any], made: Decided | None) -> tuple[Any, Any, Any, Any]:
    """(naming, reason, by, on) that count for an entity: of its row, or of the decision on it."""
    told = (row["naming"], row["reason"], row["by"], row["on"])
    if made is None or _protects(row["naming"]) > _protects(made.naming):
        return told
    return (made.naming, made.reason, made.by, made.on)


def _protects(naming: str | None) -> int:
    """How much a decision protects; none at all leaves the word to any other."""
    return TERMS.index(naming) if naming in TERMS else -1


_THERE: Final = """
MATCH (n:Entity {id: $id})
WHERE n.case = $case AND any(label IN labels(n) WHERE label IN $labels)
RETURN n.id AS id
"""

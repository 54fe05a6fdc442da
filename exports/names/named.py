"""What has a name in print in a case: every spelling, what was decided, and what connects it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from graph.saved import naming_decisions
from graph.store.store import Store


@dataclass(frozen=True, slots=True)
class Named:
    """An entity that has a name in print: what it is called, and what was decided on that.

    `names` are all spellings that the graph holds: name, aliases, handle, caption, those
    that others overrule, and how sources call it; only these last are in `called`. `of` says what a
    group consists of.
    """

    id: str
    label: str
    names: tuple[str, ...]
    naming: str | None
    reason: str | None
    by: str | None
    on: str | None
    of: str | None = None
    called: tuple[str, ...] = ()

    @property
    def declared(self) -> tuple[str, ...]:
        """Its name, aliases, handle and caption."""
        return tuple(name for name in self.names if name not in self.called)


@dataclass(frozen=True, slots=True)
class Size:
    """A figure on how many members a group has, from a source that is not confidential."""

    group: str
    number: float | None
    comparator: str | None


_NAMED: Final = """
MATCH (n:{label}) WHERE n.case = $case
RETURN n.id AS id, n.caption AS caption, {names} n.naming AS naming,
       n.naming_reason AS reason, n.naming_by AS by, n.naming_on AS on, n.of AS of,
       n.otherwise AS otherwise
ORDER BY id
"""
_CALLED: Final = """
MATCH (c:Claim) WHERE c.case = $case AND c.kind = 'wording' AND c.measure IN ['name', 'called']
RETURN c.subject AS id, c.value AS name ORDER BY id, name
"""
_SIZES: Final = """
MATCH (c:Claim) WHERE c.case = $case AND c.kind = 'figure' AND c.measure = 'size'
RETURN c.id AS id, c.subject AS subject, c.number AS number, c.comparator AS comparator ORDER BY id
"""
_CONNECTED: Final = """
MATCH (c:Claim) WHERE c.case = $case AND c.kind = 'relationship' AND NOT c.predicate IN $far
RETURN c.id AS id, c.subject AS subject, c.object AS object
"""


def all_named(store: Store, case: str) -> tuple[Named, ...]:
    """Every entity of a case that has a name in print."""
    called: dict[str, list[str]] = {}
    for row in store.read(_CALLED, {"case": case}):
        called.setdefault(row["id"], []).append(row["name"])
    found, made = [], naming_decisions.decided(store, case)
    for node_type in store.schema.node_types:
        if not node_type.has_naming:
            continue
        # The description of a group is none of its names.
        by = [p.name for p in node_type.properties if p.search and node_type.naming != "group"]
        columns = ", ".join(f"n.{name} AS name_{name}" for name in by)
        cypher = _NAMED.format(label=node_type.label, names=f"{columns}," if by else "")
        for row in store.read(cypher, {"case": case}):
            names = [*_flat(row[f"name_{name}"] for name in by), row["caption"]]
            names += _overruled(row["otherwise"] or (), {*by, "caption"})
            more = tuple(name for name in called.get(row["id"], ()) if name not in names)
            kept = tuple(dict.fromkeys(name for name in (*names, *more) if name))
            decided = naming_decisions.counting(row, made.get(row["id"]))
            found.append(Named(row["id"], node_type.label, kept, *decided, row["of"], more))
    return tuple(found)


def _overruled(otherwise: Iterable[str], by: Collection[str]) -> Iterator[str]:
    """What another input calls it, or what the journal corrected: texts still call it so.

    They stand there as “register: name: Lamps”, several parted by bars.
    """
    for told in otherwise:
        _, name, value = told.split(": ", 2)
        if name in by:
            yield from value.split(" | ")


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else [value]


def connected(store: Store, case: str, hidden: Collection[str]) -> dict[str, frozenset[str]]:
    """The entities that relationships join to each, by claims that are not hidden.

    What many share (a meeting, a place, a group) connects nobody.
    """
    found: dict[str, set[str]] = {}
    for row in store.read(_CONNECTED, {"case": case, "far": sorted(store.schema.names("apart"))}):
        if row["id"] in hidden:
            continue
        found.setdefault(row["subject"], set()).add(row["object"])
        found.setdefault(row["object"], set()).add(row["subject"])
    return {id_: frozenset(others) for id_, others in found.items()}


def group_sizes(store: Store, case: str, hidden: Collection[str]) -> tuple[Size, ...]:
    """The sizes of the groups of a case, by claims that are not hidden."""
    return tuple(
        Size(row["subject"], row["number"], row["comparator"])
        for row in store.read(_SIZES, {"case": case})
        if row["id"] not in hidden
    )

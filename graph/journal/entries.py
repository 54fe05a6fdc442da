"""What an entry of the journal is, what it says, and which entries are in force.

An entry may replace others of its kind. Where two replace the same one, or say something of the
same, they are in conflict: what was in force before them stays so, until an entry replaces both or
one is taken back. An entry that is taken back counts as never made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from graph.model.types.records import ENTRY_KINDS
from graph.model.wording import counted

FORMAT: Final = 1
"""The version of the form in which this program writes entries."""
KINDS: Final = ENTRY_KINDS
TAKE_BACK: Final = "take-back"
NAMING: Final = "naming"
LAID: Final = frozenset({"add", "correct", "withdraw"})
"""The kinds that change what the graph holds: each load lays them over the inputs."""
TABLES: Final[Mapping[str, str]] = {
    "correct": "corrections", "withdraw": "withdrawals", "same": "same", "different": "different",
    NAMING: "naming",
}  # fmt: skip
"""The one table of each kind but `add`, which has those of a case, and `take-back`, without any."""
_EITHER: Final = frozenset({"same", "different"})

IN_FORCE: Final = "in force"
WAITING: Final = "waiting"
REPLACED: Final = "replaced"
TAKEN_BACK: Final = "taken back"
CONFLICT: Final = "conflict"
ORPHAN: Final = "orphan"

Rows = Sequence[Mapping[str, str]]
Body = Mapping[str, Rows]
"""Rows as tables hold them, by the name of the table."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is kept. `made` is by the server's clock, `number` its place in the case.

    `replaces` are the ids of entries that it replaces, or takes back.
    """

    id: str
    case: str
    kind: str
    author: str
    reason: str
    body: Body
    replaces: tuple[str, ...] = ()
    made: str = ""
    number: int = 0
    format: int = FORMAT

    @property
    def input(self) -> str:
        """What it is called as an input."""
        return self.id.partition(":")[2]

    @property
    def is_laid(self) -> bool:
        """Whether a load lays it over the inputs."""
        return self.kind in LAID

    def slots(self) -> Iterator[tuple[object, ...]]:
        """What it decides, where only one entry can."""
        for row in chain.from_iterable(self.body.values()):
            if self.kind == "correct":
                yield "correct", row.get("target"), row.get("passage"), row.get("property")
            elif self.kind == NAMING:
                yield NAMING, row.get("entity")
            elif self.kind in _EITHER:
                yield "pair", *sorted((row.get("one", ""), row.get("other", "")))

    def names(self, id_: str) -> bool:
        """Whether it says something of an entity, a claim or a passage of that id."""
        return any(id_ in row.values() for row in chain.from_iterable(self.body.values()))


def may_replace(kind: str, other: str) -> bool:
    """Whether an entry of that kind can replace, or take back, one of the other."""
    return kind in (TAKE_BACK, other) or {kind, other} <= _EITHER


def space(entry: Entry, known: Mapping[str, Entry]) -> str:
    """What comes before the ids of what an entry adds.

    It is that of the first entry of its line, so that an id outlives each new version of an entry.
    """
    seen = {entry.id}
    while (before := known.get(next(iter(entry.replaces), ""))) and before.id not in seen:
        seen.add(before.id)
        entry = before
    return f"{entry.input}/"


# --- which are in force -------------------------------------------------------------------------


@dataclass
class _Line:
    """Which entries come after which."""

    taken: set[str] = field(default_factory=set)
    after: dict[str, list[str]] = field(default_factory=dict)

    def next(self, id_: str) -> list[str]:
        """The entries in place of one; those that were taken back count as never made."""
        found, waiting, seen = [], list(self.after.get(id_, ())), {id_}
        while waiting:
            one = waiting.pop(0)
            if one in seen:
                continue
            seen.add(one)
            if one in self.taken:
                waiting += self.after.get(one, ())
            else:
                found.append(one)
        return found

    def ends(self, id_: str) -> list[str]:
        """The last ones that lead back to an entry: itself, if nothing came after it."""
        found, waiting, seen = [], [id_], {id_}
        while waiting:
            one = waiting.pop(0)
            later = self.next(one)
            if not later:
                found.append(one)
            waiting += (each for each in later if each not in seen)
            seen.update(later)
        return found


def standing(entries: Sequence[Entry]) -> dict[str, str]:
    """Of each entry by id whether it is in force, replaced, taken back, or in conflict."""
    line, known = _Line(), {entry.id: entry for entry in entries}
    for entry in sorted(entries, key=lambda e: (e.number, e.id), reverse=True):
        if entry.kind == TAKE_BACK and entry.id not in line.taken:
            line.taken.update(entry.replaces)
    made = [entry for entry in entries if entry.kind != TAKE_BACK]
    for entry in made:
        for before in entry.replaces:
            line.after.setdefault(before, []).append(entry.id)
    found = {entry.id: REPLACED for entry in made}
    for entry in made:
        if not any(before in known for before in entry.replaces):
            _follow(line, entry.id, found)
    _settle_slots(made, found)
    found |= {entry.id: IN_FORCE for entry in entries if entry.kind == TAKE_BACK}
    return found | {id_: TAKEN_BACK for id_ in line.taken if id_ in known}


def _follow(line: _Line, id_: str, found: dict[str, str]) -> None:
    """Find what is in force of the entries that lead back to this one."""
    while len(ends := line.ends(id_)) > 1:
        later = line.next(id_)
        if len(later) > 1:
            found |= dict.fromkeys(ends, CONFLICT)
            found[id_] = IN_FORCE
            return
        id_ = later[0]
    found[ends[0]] = IN_FORCE


def _settle_slots(made: Iterable[Entry], found: dict[str, str]) -> None:
    slots: dict[tuple[object, ...], set[str]] = {}
    for entry in made:
        if found[entry.id] == IN_FORCE:
            for slot in entry.slots():
                slots.setdefault(slot, set()).add(entry.id)
    for ids in slots.values():
        if len(ids) > 1:
            found |= dict.fromkeys(ids, CONFLICT)


# --- in words -----------------------------------------------------------------------------------

_ADDED: Final = {"nothing": "stretch of nothing", "checked": "second reading"}


def sentence(entry: Entry) -> str:
    """What an entry says."""
    if entry.kind == "add":
        parts = [counted(len(rows), _one(table)) for table, rows in entry.body.items() if rows]
        return f"adds {', '.join(parts)}"
    if entry.kind == TAKE_BACK:
        return f"takes back {', '.join(entry.replaces)}"
    rows = chain.from_iterable(entry.body.values())
    return "; ".join(_decided(entry.kind, row) for row in rows)


def _one(table: str) -> str:
    return _ADDED.get(table) or f"row of {table}"


def _decided(kind: str, row: Mapping[str, str]) -> str:
    of = f"{row.get('passage')} for {row.get('target')}" if "passage" in row else row.get("target")
    if kind == "correct":
        return f"{row.get('property')} of {of} is {row.get('value') or 'not known'}"
    if kind == "withdraw":
        return f"{of} is no longer asserted"
    if kind == NAMING:
        return f"{row.get('entity')} may be named as {row.get('naming')}"
    return f"{row.get('one')} and {row.get('other')} are {'one' if kind == 'same' else 'two'}"

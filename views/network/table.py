"""What is on the canvas as tables: everything that can be done there, by keyboard and by ear."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.explore.layout import plain
from graph.explore.style import standing
from graph.explore.subgraph import RelationshipView, Subgraph
from graph.model.dates import BEGINNING, END
from views import session
from views.network.parts import MenuItem, NodeLook, menu_of, mounted

COMPONENT: Final = "sutra.table"
_LONGEST: Final = 300
"""Characters of a note in a cell; all of it stands beside the canvas."""


@dataclass(frozen=True)
class TableEvent:
    """What was asked for in the tables: an action of the menu, of that id.

    `ids` are all that it is for: several if that one was selected with others. `select` opens it
    alone; `choose` has all that are selected from now on, the last one last.
    """

    action: str
    id: str
    chosen: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass
class _State:
    ack: int = 0
    fresh: TableEvent | None = None


def network_table(
    subgraph: Subgraph,
    *,
    key: str,
    selected: Sequence[str],
    menu: Sequence[MenuItem],
    looks: Mapping[str, NodeLook] | None = None,
    on_event: Callable[[TableEvent], None] | None = None,
) -> None:
    """Draw the tables: entities with their type and number of relationships, and relationships with
    their standing.

    `selected` are the ids selected now, the last one last. `menu` is what can be done with a row,
    as on the canvas. What was asked for is had by `take_row_event` before the next drawing; or
    it is given to `on_event`, before the run that it starts.
    """
    state = session.of(_State, key)
    apart = looks or {}
    names, relationships = _named(subgraph), _counted(subgraph)
    mounted(COMPONENT, "table")(
        key=key,
        data={
            "key": key,
            "ack": state.ack,
            "selected": list(selected),
            "menu": menu_of(menu),
            "nodes": [
                {
                    "id": node.id, "name": names[node.id],
                    "pinned": node.id in apart and apart[node.id].pinned,
                    "cells": [names[node.id], subgraph.schema.words(node.label),
                              relationships[node.id], *_marks(apart.get(node.id))],
                }
                for node in subgraph.nodes
            ],
            "relationships": [
                _relationship(one, subgraph.words(one), names, apart.get(one.id))
                for one in subgraph.relationships
            ],
        },
        on_event_change=lambda: _receive(state, key, on_event),
    )  # fmt: skip


def rows(subgraph: Subgraph) -> dict[str, list[dict[str, Any]]]:
    """What stands in the tables, with ids, as it is taken away."""
    names, relationships = _named(subgraph), _counted(subgraph)
    return {
        "entities": [
            {"id": node.id, "name": names[node.id], "type": subgraph.schema.nodes[node.label].words,
             "connections": relationships[node.id]}
            for node in subgraph.nodes
        ],
        "connections": [
            {"claim": one.id, "start": one.source, "start_name": names[one.source],
             "type": one.type, "words": subgraph.words(one), "end": one.target,
             "end_name": names[one.target], "standing": standing(one),
             "earliest": _day(one.earliest), "latest": _day(one.latest)}
            for one in subgraph.relationships
        ],
    }  # fmt: skip


def _named(subgraph: Subgraph) -> dict[str, str]:
    return {node.id: plain(node.caption) for node in subgraph.nodes}


def _counted(subgraph: Subgraph) -> dict[str, int]:
    """How many relationships each node has here."""
    relationships = {node.id: 0 for node in subgraph.nodes}
    for relationship in subgraph.relationships:
        for end in {relationship.source, relationship.target}:
            relationships[end] += 1
    return relationships


def take_row_event(key: str) -> TableEvent | None:
    """What was asked for in those tables since the last run; it is asked once."""
    state = session.of(_State, key)
    fresh, state.fresh = state.fresh, None
    return fresh


def _relationship(
    relationship: RelationshipView, words: str, names: Mapping[str, str], look: NodeLook | None
) -> dict[str, Any]:
    start, end = names[relationship.source], names[relationship.target]
    return {
        "id": relationship.id,
        "name": f"{start} {words} {end}",
        "cells": [
            start, words, end, standing(relationship),
            _day(relationship.earliest), _day(relationship.latest), _note(look),
        ],
    }  # fmt: skip


def _day(day: str | None) -> str:
    """A day in ISO form, which sorts; nothing for a bound that is open."""
    return day if day and day not in (BEGINNING, END) else ""


def _marks(look: NodeLook | None) -> tuple[str, str]:
    """What is marked on an entity, and the note on it."""
    return "pinned" if look is not None and look.pinned else "", _note(look)


def _note(look: NodeLook | None) -> str:
    return "" if look is None else plain(look.note, _LONGEST)


def _receive(state: _State, key: str, on_event: Callable[[TableEvent], None] | None = None) -> None:
    sent = session.sent(key, "event")
    if sent is not None and int(sent["seq"]) > state.ack:
        state.ack = int(sent["seq"])
        chosen = tuple(str(id_) for id_ in sent.get("chosen") or ())
        ids = tuple(str(id_) for id_ in sent.get("ids") or ())
        state.fresh = TableEvent(str(sent["action"]), str(sent["id"]), chosen, ids)
        if on_event is not None:
            on_event(state.fresh)
            state.fresh = None

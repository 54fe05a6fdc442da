"""Boards: views that are kept in the graph's own store, to come back to and to hand on.

A stored view is a `Board` record: which entities, where they lie, what is hidden, filters and
notes, what is selected and where the reader looks. Names, captions and relationships are not kept:
they are read again when it is opened, so that a board survives a new load of its case, and says
what is gone. Its id is opaque, because it stands in an address. A view that a session only stores
to be able to come back is not `kept`, and goes after a while; a board that somebody named is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from graph.errors import SutraError
from graph.explore import neighbours
from graph.explore.layout import layout
from graph.explore.view import LONGEST_TITLE, NO_GAZE, Gaze, View
from graph.model.wording import counted
from graph.saved import states
from graph.saved.board_file import BoardFile, BoardReader, as_json
from graph.store.store import Store, Transaction

UNTITLED: Final = "Untitled board"


class BoardError(SutraError):
    """A board that is not there, or that somebody else has changed."""


@dataclass(frozen=True, slots=True)
class Board:
    """What a list says of a board. Times are ISO 8601 in UTC."""

    id: str
    case: str
    title: str
    nodes: int
    notes: int
    created: str
    changed: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A board as a view, and where to look. `gone` are ids that the graph no longer holds."""

    board: Board
    view: View
    gone: tuple[str, ...] = ()
    gaze: Gaze = NO_GAZE

    @property
    def says(self) -> str:
        """One sentence on what is gone, or nothing."""
        if not self.gone:
            return ""
        bare = [id_.removeprefix(f"{self.board.case}:") for id_ in self.gone]
        names = ", ".join(bare[:8]) + (f" and {len(bare) - 8} more" if len(bare) > 8 else "")
        entities = counted(len(bare), "entity on this board is", "entities on this board are")
        return f"{entities} no longer in the graph: {names}."


# --- opening ------------------------------------------------------------------------------------


def _made(store: Store, file: BoardFile) -> tuple[View, tuple[str, ...]]:
    """The view that a file asks for, from what the graph holds now, and the ids that are gone."""
    case = file.view.case
    ours = [id_ for id_ in file.places if id_.startswith(f"{case}:")]
    whole = neighbours.bring(store, View(case), ours).graph
    here = {node.id for node in whole.nodes}
    fixed = {id_: place for id_, place in file.places.items() if id_ in here}
    graph = whole.with_positions(layout(whole, fixed=fixed))
    known = graph.by_id
    lit = frozenset(id_ for step in file.view.steps for id_ in step.lit)
    wanted = frozenset(file.places) | frozenset(file.view.notes) | file.view.hidden | lit
    view = replace(
        file.view,
        graph=graph,
        base=file.view.base & here,
        expansions=tuple(
            replace(e, reached=e.reached & here) for e in file.view.expansions if e.entity in here
        ),
        hidden=frozenset(i for i in file.view.hidden if i in known),
        pinned=file.view.pinned & here,
        notes={i: note for i, note in file.view.notes.items() if i in known},
        steps=tuple(
            replace(step, lit=tuple(i for i in step.lit if i in known)) for step in file.view.steps
        ),
    )
    return view, tuple(sorted(wanted - set(known)))


_ALL: Final = """
MATCH (b:Board) WHERE b.case = $case AND b.kept = true
RETURN properties(b) AS board ORDER BY b.changed DESC, b.id
"""
_CHANGE: Final = "MATCH (b:Record {id: $id}) SET b += $board"


def boards(store: Store, case: str) -> list[Board]:
    """The boards of a case that somebody named, the last changed first."""
    return [_board(row["board"]) for row in store.read(_ALL, {"case": case})]


def find(store: Store, id_: str) -> Board | None:
    """What is known of a stored view, or None if there is none of that id."""
    row = states.find(store, "Board", id_)
    return None if row is None else _board(row)


def open_board(store: Store, id_: str) -> Opened:
    """A stored view as it is now. Raises BoardError if there is none of that id."""
    row = states.find(store, "Board", id_)
    if row is None:
        raise BoardError(
            "No view is stored under this address; it was deleted, or the address is incomplete."
        )
    file = BoardReader("the stored view", store.schema).parse(row["state"])
    view, gone = _made(store, file)
    return Opened(_board(row), view, gone, _gaze_of(file))


def _gaze_of(file: BoardFile) -> Gaze:
    """Where the file looks: what is of another case cannot be selected."""
    ours = f"{file.view.case}:"
    return replace(
        file.gaze, selected=tuple(id_ for id_ in file.gaze.selected if id_.startswith(ours))
    )


def _board(row: Mapping[str, Any]) -> Board:
    return Board(
        row["id"], row["case"], row["title"], row["nodes"], row["notes"], row["created"],
        row["changed"], row["kept"],
    )  # fmt: skip


# --- keeping ------------------------------------------------------------------------------------


def keep(
    store: Store, view: View, id_: str | None = None, *, kept: bool, seen: str | None = None,
    gaze: Gaze = NO_GAZE,
) -> Board:  # fmt: skip
    """Store a view: under a new id, or under `id_`; returns what a list says of it.

    `gaze` is what whoever opens it sees first. `kept` says that it is a board with a name. `seen`
    is when the board had been changed last as the caller knows it: raises BoardError if somebody
    has changed it since.
    """
    now = states.now()
    board = {
        "case": view.case, "title": view.title or (UNTITLED if kept else ""), "kept": kept,
        "changed": now, "nodes": len(view.graph.nodes), "notes": len(view.notes),
        "state": as_json(view, gaze),
    }  # fmt: skip
    new = id_ or states.new_id()

    def work(transaction: Transaction) -> dict[str, Any]:
        found = transaction.run(states.FIND, {"id": new})
        if not found:
            whole = {**board, "id": new, "created": now}
            transaction.run(states.CREATE["Board"], {"stored": whole})
            return whole
        before = found[0]["stored"]
        if seen is not None and before["changed"] != seen:
            raise BoardError(
                "Somebody has changed this board since you opened it; keep yours as a new board."
            )
        transaction.run(_CHANGE, {"id": new, "board": board})
        return {**before, **board}

    made = _board(store.transact(work))
    if id_ is None and not kept:
        states.sweep(store, "Board", view.case)
    return made


def rename(store: Store, id_: str, title: str) -> Board:
    """Give a board another title. Raises BoardError if it is gone."""
    return _titled(store, _stored(store, id_), title, id_)


def duplicate(store: Store, id_: str) -> Board:
    """Make another board of the same. Raises BoardError if it is gone."""
    row = _stored(store, id_)
    name = (row["title"] or UNTITLED)[: LONGEST_TITLE - 8]
    return _titled(store, row, f"Copy of {name}", states.new_id())


def _titled(store: Store, row: Mapping[str, Any], title: str, id_: str) -> Board:
    """Store what a row holds under that id and title. What is gone from the graph stays named."""
    name = " ".join(title.split())[:LONGEST_TITLE] or UNTITLED
    found = BoardReader("the stored view", store.schema).whole(row["state"])
    state = json.dumps({**found, "title": name}, ensure_ascii=False)
    now = states.now()
    board = {**row, "id": id_, "title": name, "state": state, "kept": True, "changed": now}

    def work(transaction: Transaction) -> None:
        if transaction.run(states.FIND, {"id": id_}):
            transaction.run(_CHANGE, {"id": id_, "board": board})
        else:
            transaction.run(states.CREATE["Board"], {"stored": {**board, "created": now}})

    store.transact(work)
    return _board(board)


def delete(store: Store, ids: Collection[str]) -> None:
    """Delete boards; ids that are none are left out."""
    ours = [id_ for id_ in ids if find(store, id_) is not None]
    if ours:
        store.write(states.DELETE, {"ids": ours})


# --- taking away --------------------------------------------------------------------------------


def export(store: Store, id_: str) -> str:
    """A board as the text of a file that `import_board` reads. Raises BoardError if it is gone."""
    return str(_stored(store, id_)["state"])


def _stored(store: Store, id_: str) -> Mapping[str, Any]:
    row = states.find(store, "Board", id_)
    if row is None:
        raise BoardError("This board is gone; somebody has deleted it.")
    return row


def import_board(store: Store, text: bytes, name: str, case: str) -> Opened:
    """Make a board of an exported file.

    Raises InputError if the file is none, or is of another case than `case`.
    """
    reader = BoardReader(name, store.schema)
    file = reader.parse(text)
    if file.view.case != case:
        raise reader.refuse(
            f"it is a board of the case “{file.view.case[:80]}”, and this one is “{case}”",
            "choose its case first",
        )
    view, gone = _made(store, file)
    gaze = _gaze_of(file)
    return Opened(keep(store, view, kept=True, gaze=gaze), view, gone, gaze)

"""Boards: views that are kept in the graph's own store, to come back to and to hand on.

A stored view is a `Board` record: which entities, where they lie, what is hidden, filters and
notes, what is selected and where the reader looks. Names, captions and relationships are not kept:
they are read again when it is opened, so that a board survives a new load of its case, and says
what is gone. Its id is opaque, because it stands in an address. A view that a session only stores
to be able to come back is not `kept`, and goes after a while; a board that somebody named is.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from graph.errors import InputError, SutraError
from graph.explore import neighbours
from graph.explore.layout import layout
from graph.explore.measures import MEASURES
from graph.explore.subgraph import Point
from graph.explore.view import (
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST_STORY,
    NO_GAZE,
    Expansion,
    Filters,
    Gaze,
    Step,
    View,
    is_look,
    is_place,
)
from graph.model.schema import Schema
from graph.model.wording import counted
from graph.runtime.files import parse_json
from graph.store.store import Store, Transaction

FORMAT: Final = "sutra-board"
VERSION: Final = 1
LARGEST: Final = 4_000_000
"""Bytes of a board's file, at most."""
KEEP_DAYS: Final = 90
"""Days after which a stored view that nobody named goes."""
UNTITLED: Final = "Untitled board"
_LONGEST_ID: Final = 500


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


# --- as JSON ------------------------------------------------------------------------------------


def as_json(view: View, gaze: Gaze = NO_GAZE) -> str:
    """A view as the text of a board: the same view, looked at alike, gives the same text."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "case": view.case,
            "title": view.title,
            "nodes": [
                {"id": n.id, "x": round(n.x or 0.0, 2), "y": round(n.y or 0.0, 2)}
                for n in view.graph.nodes
            ],
            "base": sorted(view.base),
            "hidden": sorted(view.hidden),
            "pinned": sorted(view.pinned),
            "expansions": [
                {**asdict(e), "reached": sorted(e.reached)} for e in view.expansions
            ],
            "filters": {
                name: sorted(value) if isinstance(value, frozenset) else value
                for name, value in asdict(view.filters).items()
            },
            "size_by": view.size_by,
            "colour_by": view.colour_by,
            "notes": dict(sorted(view.notes.items())),
            "steps": [asdict(step) for step in view.steps],
            "selected": list(gaze.selected),
            "look": gaze.look,
        },
        ensure_ascii=False,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the text of a board asks for, checked, before anything is read from the graph."""

    view: View
    places: Mapping[str, Point]
    order: tuple[str, ...]
    gaze: Gaze


class _Reader:
    """Checks the text of a board, piece by piece; each error names the piece."""

    def __init__(self, name: str, schema: Schema) -> None:
        self._name = name
        self.schema = schema

    def refuse(self, problem: str, remedy: str = "") -> InputError:
        return InputError(problem, file=self._name, remedy=remedy)

    def parse(self, text: str | bytes) -> _Plan:
        found = self.whole(text)
        if found.get("format") != FORMAT:
            raise self.refuse("it is not a board of Sutra", "choose a file that a board exported")
        if found.get("version") != VERSION:
            raise self.refuse(
                "it is a board of another version", f"this Sutra reads version {VERSION}"
            )
        places, order = self._nodes(found.get("nodes", []))
        ids = frozenset(places)
        view = View(
            case=self._text(found.get("case"), "case", 200),
            base=self._ids(found.get("base", []), "base") & ids,
            expansions=tuple(
                self._expansion(e) for e in self._list(found.get("expansions", []), "expansions")
            ),
            hidden=self._ids(found.get("hidden", []), "hidden"),
            pinned=self._ids(found.get("pinned", []), "pinned") & ids,
            filters=self._filters(found.get("filters", {})),
            size_by=self._measure(found.get("size_by", ""), "size_by"),
            colour_by=self._measure(found.get("colour_by", ""), "colour_by"),
            notes=self._notes(found.get("notes", {})),
            # A board of before there were stories has none.
            steps=self._steps(found.get("steps", [])),
            title=" ".join(self._text(found.get("title", ""), "title", LONGEST_TITLE).split()),
        )
        return _Plan(view, places, order, self._gaze(found))

    def _gaze(self, found: Mapping[str, Any]) -> Gaze:
        # A board of before this was kept has neither.
        selected = tuple(
            self._id(item, "selected") for item in self._list(found.get("selected", []), "selected")
        )
        return Gaze(tuple(dict.fromkeys(selected)), self._look(found.get("look"), "the board"))

    def whole(self, text: str | bytes) -> dict[str, Any]:
        """What the text says, of which nothing is checked yet."""
        return self._object(self._load(text), "the file")

    def _load(self, text: str | bytes) -> Any:
        if len(text) > LARGEST:
            raise self.refuse(f"it is larger than {LARGEST // 1_000_000} MB, as no board is")

        try:
            return parse_json(text)
        except ValueError as error:
            raise self.refuse(
                "it cannot be read as JSON", "choose a file that a board exported"
            ) from error

    def _object(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.refuse(f"{name} is not an object")
        return value

    def _list(self, value: Any, name: str) -> list[Any]:
        if not isinstance(value, list) or len(value) > 20 * neighbours.MOST:
            raise self.refuse(f"{name} is not a list of a board's size")
        return value

    def _text(self, value: Any, name: str, longest: int) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise self.refuse(f"{name} is not a text of at most {longest:,} characters")
        return value.replace("\x00", "")

    def _id(self, value: Any, name: str) -> str:
        if not value:
            raise self.refuse(f"{name} holds an empty id")
        return self._text(value, f"an id in {name}", _LONGEST_ID)

    def _ids(self, value: Any, name: str) -> frozenset[str]:
        return frozenset(self._id(item, name) for item in self._list(value, name))

    def _nodes(self, value: Any) -> tuple[dict[str, Point], tuple[str, ...]]:
        rows = self._list(value, "nodes")
        if len(rows) > neighbours.MOST:
            raise self.refuse(f"it holds more than the {neighbours.MOST:,} entities of a view")
        places: dict[str, Point] = {}
        for row in rows:
            node = self._object(row, "a node")
            id_ = self._id(node.get("id"), "nodes")
            if id_ in places:
                raise self.refuse("nodes names an entity twice")
            if not is_place(node.get("x"), node.get("y")):
                raise self.refuse("a node has no place on the canvas", "x and y are numbers")
            places[id_] = (float(node["x"]), float(node["y"]))
        return places, tuple(places)

    def _expansion(self, value: Any) -> Expansion:
        row = self._object(value, "an expansion")
        type_, outgoing, after = row.get("type"), row.get("outgoing"), row.get("next", 0)
        if type_ is not None and (
            not isinstance(type_, str) or type_ not in self.schema.relationships
        ):
            raise self.refuse(
                "an expansion names a type of connection that the schema does not know"
            )
        if outgoing is not None and not isinstance(outgoing, bool):
            raise self.refuse("an expansion runs neither out nor in")
        if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= 10**9:
            raise self.refuse("an expansion goes on at no place")
        reached = self._ids(row.get("reached", []), "an expansion")
        return Expansion(
            self._id(row.get("entity"), "an expansion"), type_, outgoing, reached, after
        )

    def _filters(self, value: Any) -> Filters:
        row = self._object(value, "filters")
        least = row.get("least_origins", 0)
        if not isinstance(least, int) or isinstance(least, bool) or least > 10**6:
            raise self.refuse("least_origins is not a number of origins")
        try:
            filters = Filters(
                types=self._ids(row.get("types", []), "types"),
                relationships=self._ids(row.get("ties", []), "ties"),
                statuses=self._ids(row.get("statuses", []), "statuses"),
                sources=self._ids(row.get("sources", []), "sources"),
                least_origins=least,
                dispute=row.get("dispute", "any"),
                happened_until=self._day(row.get("happened_until"), "happened_until"),
                reported_until=self._day(row.get("reported_until"), "reported_until"),
            )
            filters.check(self.schema)
        except ValueError as error:
            raise self.refuse("a filter asks for what the schema does not know") from error
        return filters

    def _day(self, value: Any, name: str) -> str | None:
        if value is None:
            return None
        text = self._text(value, name, 10)
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise self.refuse(f"{name} is not a day", "write it as in 2021-02-10") from error

    def _measure(self, value: Any, name: str) -> str:
        text = self._text(value, name, 50)
        if text and text not in MEASURES:
            raise self.refuse(f"{name} is not a measure")
        return text

    def _notes(self, value: Any) -> dict[str, str]:
        return {
            self._id(id_, "notes"): self._text(note, "a note", LONGEST_NOTE)
            for id_, note in self._object(value, "notes").items()
        }

    def _steps(self, value: Any) -> tuple[Step, ...]:
        rows = self._list(value, "steps")
        if len(rows) > MOST_STORY:
            raise self.refuse(f"it holds more than the {MOST_STORY} steps of a story")
        return tuple(self._step(self._object(row, "a step")) for row in rows)

    def _step(self, row: Mapping[str, Any]) -> Step:
        lit = self._list(row.get("lit", []), "what a step lights")
        return Step(
            self._text(row.get("title"), "the title of a step", LONGEST_TITLE),
            self._text(row.get("text"), "the text of a step", LONGEST_NOTE),
            tuple(self._id(item, "a step") for item in lit),
            self._look(row.get("view"), "a step"),
        )

    def _look(self, value: Any, name: str) -> tuple[float, float, float] | None:
        if value is None:
            return None
        if not isinstance(value, list) or len(value) != 3 or not is_look(*value):
            raise self.refuse(f"{name} looks at no place", "write x, y and zoom, or null")
        return (float(value[0]), float(value[1]), float(value[2]))


# --- opening ------------------------------------------------------------------------------------


def _made(store: Store, plan: _Plan) -> tuple[View, tuple[str, ...]]:
    """The view that a plan asks for, from what the graph holds now, and the ids that are gone."""
    case = plan.view.case
    ours = [id_ for id_ in plan.order if id_.startswith(f"{case}:")]
    whole = neighbours.bring(store, View(case), ours).graph
    here = {node.id for node in whole.nodes}
    fixed = {id_: place for id_, place in plan.places.items() if id_ in here}
    graph = whole.with_positions(layout(whole, fixed=fixed))
    known = graph.by_id
    lit = frozenset(id_ for step in plan.view.steps for id_ in step.lit)
    wanted = frozenset(plan.places) | frozenset(plan.view.notes) | plan.view.hidden | lit
    view = replace(
        plan.view,
        graph=graph,
        base=plan.view.base & here,
        expansions=tuple(
            replace(e, reached=e.reached & here) for e in plan.view.expansions if e.entity in here
        ),
        hidden=frozenset(i for i in plan.view.hidden if i in known),
        pinned=plan.view.pinned & here,
        notes={i: note for i, note in plan.view.notes.items() if i in known},
        steps=tuple(
            replace(step, lit=tuple(i for i in step.lit if i in known)) for step in plan.view.steps
        ),
    )
    return view, tuple(sorted(wanted - set(known)))


_BOARD: Final = """
MATCH (b:Record {id: $id})
RETURN properties(b) AS board, labels(b) AS labels
"""
_ALL: Final = """
MATCH (b:Board) WHERE b.case = $case AND b.kept = true
RETURN properties(b) AS board ORDER BY b.changed DESC, b.id
"""
_CREATE: Final = "CREATE (b:Record:Board) SET b = $board"
_CHANGE: Final = "MATCH (b:Record {id: $id}) SET b += $board"
_DELETE: Final = "MATCH (b:Record) WHERE b.id IN $ids DETACH DELETE b"
_OLD: Final = """
MATCH (b:Board) WHERE b.case = $case AND b.kept = false AND b.changed < $before
RETURN b.id AS id ORDER BY id LIMIT 100
"""


def boards(store: Store, case: str) -> list[Board]:
    """The boards of a case that somebody named, the last changed first."""
    return [_board(row["board"]) for row in store.read(_ALL, {"case": case})]


def find(store: Store, id_: str) -> Board | None:
    """What is known of a stored view, or None if there is none of that id."""
    row = _row(store, id_)
    return None if row is None else _board(row)


def open_board(store: Store, id_: str) -> Opened:
    """A stored view as it is now. Raises BoardError if there is none of that id."""
    row = _row(store, id_)
    if row is None:
        raise BoardError(
            "No view is stored under this address; it was deleted, or the address is incomplete."
        )
    plan = _Reader("the stored view", store.schema).parse(row["state"])
    view, gone = _made(store, plan)
    return Opened(_board(row), view, gone, _gaze_of(plan))


def _gaze_of(plan: _Plan) -> Gaze:
    """Where the plan looks: what is of another case cannot be selected."""
    ours = f"{plan.view.case}:"
    return replace(
        plan.gaze, selected=tuple(id_ for id_ in plan.gaze.selected if id_.startswith(ours))
    )


def _row(store: Store, id_: str) -> Mapping[str, Any] | None:
    if not id_ or len(id_) > 64:
        return None
    rows = store.read(_BOARD, {"id": id_})
    return rows[0]["board"] if rows and "Board" in rows[0]["labels"] else None


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
    now = _now()
    board = {
        "case": view.case, "title": view.title or (UNTITLED if kept else ""), "kept": kept,
        "changed": now, "nodes": len(view.graph.nodes), "notes": len(view.notes),
        "state": as_json(view, gaze),
    }  # fmt: skip
    new = id_ or _new_id()

    def work(transaction: Transaction) -> dict[str, Any]:
        found = transaction.run(_BOARD, {"id": new})
        if not found:
            whole = {**board, "id": new, "created": now}
            transaction.run(_CREATE, {"board": whole})
            return whole
        before = found[0]["board"]
        if seen is not None and before["changed"] != seen:
            raise BoardError(
                "Somebody has changed this board since you opened it; keep yours as a new board."
            )
        transaction.run(_CHANGE, {"id": new, "board": board})
        return {**before, **board}

    made = _board(store.transact(work))
    if id_ is None and not kept:
        _sweep(store, view.case)
    return made


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _new_id() -> str:
    # Letters and digits alone: it stands in addresses, which people copy by hand.
    return secrets.token_hex(10)


def _sweep(store: Store, case: str) -> None:
    """Let go of old views that nobody named."""
    before = (datetime.now(UTC) - timedelta(days=KEEP_DAYS)).isoformat(timespec="microseconds")
    old = [row["id"] for row in store.read(_OLD, {"case": case, "before": before})]
    if old:
        store.write(_DELETE, {"ids": old})


def rename(store: Store, id_: str, title: str) -> Board:
    """Give a board another title. Raises BoardError if it is gone."""
    return _titled(store, _stored(store, id_), title, id_)


def duplicate(store: Store, id_: str) -> Board:
    """Make another board of the same. Raises BoardError if it is gone."""
    row = _stored(store, id_)
    name = (row["title"] or UNTITLED)[: LONGEST_TITLE - 8]
    return _titled(store, row, f"Copy of {name}", _new_id())


def _titled(store: Store, row: Mapping[str, Any], title: str, id_: str) -> Board:
    """Store what a row holds under that id and title. What is gone from the graph stays named."""
    name = " ".join(title.split())[:LONGEST_TITLE] or UNTITLED
    found = _Reader("the stored view", store.schema).whole(row["state"])
    state = json.dumps({**found, "title": name}, ensure_ascii=False)
    now = _now()
    board = {**row, "id": id_, "title": name, "state": state, "kept": True, "changed": now}

    def work(transaction: Transaction) -> None:
        if transaction.run(_BOARD, {"id": id_}):
            transaction.run(_CHANGE, {"id": id_, "board": board})
        else:
            transaction.run(_CREATE, {"board": {**board, "created": now}})

    store.transact(work)
    return _board(board)


def delete(store: Store, ids: Collection[str]) -> None:
    """Delete boards; ids that are none are left out."""
    ours = [id_ for id_ in ids if find(store, id_) is not None]
    if ours:
        store.write(_DELETE, {"ids": ours})


# --- taking away --------------------------------------------------------------------------------


def export(store: Store, id_: str) -> str:
    """A board as the text of a file that `import_board` reads. Raises BoardError if it is gone."""
    return str(_stored(store, id_)["state"])


def _stored(store: Store, id_: str) -> Mapping[str, Any]:
    row = _row(store, id_)
    if row is None:
        raise BoardError("This board is gone; somebody has deleted it.")
    return row


def import_board(store: Store, text: bytes, name: str, case: str) -> Opened:
    """Make a board of an exported file.

    Raises InputError if the file is none, or is of another case than `case`.
    """
    reader = _Reader(name, store.schema)
    plan = reader.parse(text)
    if plan.view.case != case:
        raise reader.refuse(
            f"it is a board of the case “{plan.view.case[:80]}”, and this one is “{case}”",
            "choose its case first",
        )
    view, gone = _made(store, plan)
    gaze = _gaze_of(plan)
    return Opened(keep(store, view, kept=True, gaze=gaze), view, gone, gaze)

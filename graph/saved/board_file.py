"""The JSON of a board: written, read, and refused with a sentence that names what is wrong in it.

It holds ids, places, filters and notes, but no names: see `boards`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from graph.errors import InputError
from graph.explore import neighbours
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
from graph.runtime.files import parse_json

FORMAT: Final = "sutra-board"
VERSION: Final = 1
LARGEST: Final = 4_000_000
"""Bytes of a board's file, at most."""
_FILTER_KEYS: Final = {"relationships": "ties"}
"""Names of filters in a board's file that differ from those in the code: the format is older."""
_LONGEST_ID: Final = 500


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
                _FILTER_KEYS.get(name, name): (
                    sorted(value) if isinstance(value, frozenset) else value
                )
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
class BoardFile:
    """What the text of a board holds, checked, before anything is read from the graph.

    `view` has no graph yet; `places` are those of its entities, in their order.
    """

    view: View
    places: Mapping[str, Point]
    gaze: Gaze


class BoardReader:
    """Checks the text of a board, piece by piece; each error names the piece."""

    def __init__(self, name: str, schema: Schema) -> None:
        self._name = name
        self.schema = schema

    def refuse(self, problem: str, remedy: str = "") -> InputError:
        """The error to raise: it names the file."""
        return InputError(problem, file=self._name, remedy=remedy)

    def parse(self, text: str | bytes) -> BoardFile:
        """What the text holds. Raises InputError if it is not a board that this version reads."""
        found = self.whole(text)
        if found.get("format") != FORMAT:
            raise self.refuse("it is not a board of Sutra", "choose a file that a board exported")
        if found.get("version") != VERSION:
            raise self.refuse(
                "it is a board of another version", f"this Sutra reads version {VERSION}"
            )
        places = self._nodes(found.get("nodes", []))
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
        return BoardFile(view, places, self._gaze(found))

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

    def _nodes(self, value: Any) -> dict[str, Point]:
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
        return places

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

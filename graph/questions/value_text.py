"""Values as the driver gives them, as numbers, texts, lists and maps: one form for every output.

Temporal values are texts of ISO 8601 (a named zone stands behind it in brackets), a point is
written as Cypher writes it, bytes are hexadecimal digits, and a number that JSON cannot hold is a
word. A node is its labels and properties; a relationship its type, both ends and its properties:
it leads from `start` to `end`. A path is a list of them in turn. What the program keeps on nodes
for itself stays inside.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import neo4j.graph
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time
from neo4j.types import UnsupportedType
from neo4j.vector import Vector

from graph.model.schema import INNER

_CLOCK: Final = re.compile(r"(.*?\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d:\d\d.*)?")

Ends = Mapping[str, str]
"""The ids of nodes by their element ids, where a relationship alone does not tell them."""


def plain(value: Any, ends: Ends | None = None) -> Any:
    """A value of any depth as JSON has it: None, truth values, numbers, texts, lists and maps.

    Maps of the data are in the order of the alphabet.
    """
    whole = [value]
    # Without recursion: a value may be nested deeper than Python's calls can be.
    waiting: list[tuple[Any, Any]] = [(whole, 0)]
    while waiting:
        holder, place = waiting.pop()
        holder[place] = made = _bare(holder[place], ends or {})
        if isinstance(made, list):
            waiting += [(made, index) for index in range(len(made))]
        elif isinstance(made, dict):
            waiting += [(made, key) for key in made]
    return whole[0]


def _bare(value: Any, ends: Ends) -> Any:
    """A value whose own type is plain; what it holds may not be."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else _no_number(value)
    if isinstance(value, Date | Time | DateTime | Duration):
        return _moment(value)
    if isinstance(value, Point):
        return _point(value)
    if isinstance(value, Vector):
        return value.to_native()
    if isinstance(value, neo4j.graph.Path):
        return list(_along(value))
    if isinstance(value, neo4j.graph.Node):
        return {"labels": sorted(value.labels), "properties": _outer(value)}
    if isinstance(value, neo4j.graph.Relationship):
        start, end = (end_id(node, ends) for node in value.nodes)
        return {"type": value.type, "start": start, "end": end, "properties": _outer(value)}
    return _held(value)


def _held(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): value[key] for key in sorted(value, key=str)}
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, bytes | bytearray):
        return value.hex()
    return value.name if isinstance(value, UnsupportedType) else str(value)


def _no_number(value: float) -> str:
    """As Neo4j writes it."""
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _moment(value: Date | Time | DateTime | Duration) -> str:
    text = value.iso_format()
    if isinstance(value, Date | Duration) or not (parts := _CLOCK.fullmatch(text)):
        return text
    clock, offset = parts[1] + (parts[2] or "").rstrip("0").rstrip("."), parts[3] or ""
    # The driver's zones are of pytz, Python's own of zoneinfo.
    zone = getattr(value.tzinfo, "zone", None) or getattr(value.tzinfo, "key", None)
    if zone in (None, "UTC"):
        return clock + ("Z" if offset == "+00:00" else offset)
    return f"{clock}{offset}[{zone}]"


def _point(value: Point) -> str:
    names = ("x", "y", "z")
    said = "".join(f", {name}: {part!r}" for name, part in zip(names, value, strict=False))
    return f"point({{srid: {value.srid}{said}}})"


def _outer(entity: neo4j.graph.Entity) -> dict[str, Any]:
    """What it says of the case."""
    return {name: value for name, value in entity.items() if name not in INNER}


def _along(path: neo4j.graph.Path) -> Iterator[Any]:
    yield path.start_node
    for relationship, node in zip(path.relationships, path.nodes[1:], strict=True):
        yield relationship
        yield node


# --- the ends of relationships ------------------------------------------------------------------


def end_id(node: neo4j.graph.Node | None, ends: Ends) -> str | None:
    """The id of a relationship's end; the element id of one that has none or is not known."""
    if node is None:
        return None
    return str(node.get("id") or ends.get(node.element_id, node.element_id))


def unknown_ends(values: Iterable[Any]) -> list[str]:
    """The element ids of those ends of relationships in the values whose ids are not told there."""
    found: dict[str, None] = {}
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if value is None or isinstance(value, bool | int | float | str):
            continue
        if isinstance(value, neo4j.graph.Relationship):
            bare = (node for node in value.nodes if node is not None and "id" not in node)
            found |= dict.fromkeys(node.element_id for node in bare)
        elif isinstance(value, neo4j.graph.Path):
            waiting += value.relationships
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value
    return sorted(found)

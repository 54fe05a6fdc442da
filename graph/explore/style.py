"""How entities and relationships look: one table of outlines and lines for screen and print.

Everything comes from the schema. An entity is told by its outline first and its colour second; a
line says with its width how many origins it has, with dashes that it is alleged, doubled that
it is contested, with an open arrowhead that it is inferred.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.explore.subgraph import Point, RelationshipView, Subgraph
from graph.model.schema import Schema
from graph.model.wording import counted

RED: Final = "#C8102E"
"""The one red thread: a selected relationship, and the mark of evidence. Nothing else is red."""

RED_ON_DARK: Final = "#FF5A6E"
"""The same thread on a dark page, where the other would be too faint."""

Outline = tuple[Point, ...]


def _regular(corners: int, turn: float = 0.0, radius: float = 1.0) -> Outline:
    """A regular polygon; `turn` is in degrees from "a corner on top"."""
    angles = (math.radians(turn - 90 + 360 * k / corners) for k in range(corners))
    return tuple((radius * math.cos(a), radius * math.sin(a)) for a in angles)


def _star(points: int, inner: float) -> Outline:
    outer = _regular(points, 0, 1.18)
    dents = _regular(points, 180 / points, 1.18 * inner)
    return tuple(p for pair in zip(outer, dents, strict=True) for p in pair)


_ARM: Final = 0.38

_PLUS: Final[Outline] = (
    (-_ARM, -1.08),
    (_ARM, -1.08),
    (_ARM, -_ARM),
    (1.08, -_ARM),
    (1.08, _ARM),
    (_ARM, _ARM),
    (_ARM, 1.08),
    (-_ARM, 1.08),
    (-_ARM, _ARM),
    (-1.08, _ARM),
    (-1.08, -_ARM),
    (-_ARM, -_ARM),
)
_HALF: Final = math.sqrt(0.5)

OUTLINES: Final[dict[str, Outline]] = {
    "dot": _regular(36),
    "square": ((-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)),
    "pentagon": _regular(5, 0, 1.1),
    "hexagon": _regular(6, 30, 1.08),
    "octagon": _regular(8, 22.5, 1.06),
    "star": _star(5, 0.48),
    "triangle": ((0, -1.08), (1.12, 0.84), (-1.12, 0.84)),
    "triangleDown": ((0, 1.08), (1.12, -0.84), (-1.12, -0.84)),
    "diamond": _regular(4, 0, 1.2),
    "parallelogram": ((-0.7, -0.72), (1.3, -0.72), (0.7, 0.72), (-1.3, 0.72)),
    "trapezoid": ((-0.62, -0.8), (0.62, -0.8), (1.2, 0.8), (-1.2, 0.8)),
    "plus": _PLUS,
    "cross": tuple(((x - y) * _HALF, (x + y) * _HALF) for x, y in _PLUS),
    "hourglass": ((-0.95, -1), (0.95, -1), (0.25, 0), (0.95, 1), (-0.95, 1), (-0.25, 0)),
    "house": (
        (0, -1.12),
        (1, -0.2),
        (0.72, -0.2),
        (0.72, 0.92),
        (-0.72, 0.92),
        (-0.72, -0.2),
        (-1, -0.2),
    ),
    "shield": ((-0.92, -0.95), (0.92, -0.95), (0.92, 0.1), (0, 1.12), (-0.92, 0.1)),
}
"""The corners of each shape round (0, 0), y downwards, about two units across."""

_WIDTHS: Final = (0.8, 1.5, 2.5, 3.8)
"""Pixels for no stated origin, one, two, three and more."""


@dataclass(frozen=True)
class LineStyle:
    """How a relationship is drawn: `width` in pixels, the rest as named."""

    width: float
    dashed: bool
    double: bool
    open_arrow: bool


def line_style(relationship: RelationshipView) -> LineStyle:
    """The line that shows the standing of that relationship."""
    return LineStyle(
        width=_WIDTHS[min(relationship.origins, len(_WIDTHS) - 1)],
        dashed=relationship.status == "alleged",
        double=relationship.contested,
        open_arrow=relationship.status == "inferred",
    )


def type_styles(schema: Schema) -> dict[str, dict[str, Any]]:
    """Per type of entity: its colour, its outline and its name for people, ready for JSON."""
    return {
        t.label: {
            "colour": t.colour,
            "outline": [[round(x, 4), round(y, 4)] for x, y in OUTLINES[t.shape]],
            "words": t.words,
        }
        for t in schema.nodes.values()
    }


def bends(relationships: Sequence[RelationshipView]) -> dict[str, float]:
    """Per relationship how far it bows out, so that several between the same two stay apart.

    0 is straight; the unit is the distance between two neighbouring lines. The sign counts from
    the lower id to the higher, whichever way the relationship runs.
    """
    together: dict[tuple[str, str], list[str]] = {}
    for r in relationships:
        pair = (min(r.source, r.target), max(r.source, r.target))
        together.setdefault(pair, []).append(r.id)
    result: dict[str, float] = {}
    for (a, b), ids in together.items():
        for k, id_ in enumerate(sorted(ids)):
            # A line from a node to itself is a loop; the next one is a wider loop.
            result[id_] = float(k) if a == b else k - (len(ids) - 1) / 2
    return result


def standing(relationship: RelationshipView) -> str:
    """The status, the origins and the dispute in words, such as “alleged, 1 origin”."""
    origins = {0: "does not say where from", 1: "1 origin"}.get(
        relationship.origins, counted(relationship.origins, "origin")
    )
    parts = [relationship.status, origins] + (["contested"] if relationship.contested else [])
    return ", ".join(parts)


# --- the legend -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class LegendShape:
    """A type of entity in the view: its outline, its colour, its name, and how many there are."""

    label: str
    shape: str
    colour: str
    words: str
    count: int


@dataclass(frozen=True)
class LegendLine:
    """A kind of line in the view: how it is drawn, what it says, and how many there are."""

    style: LineStyle
    words: str
    count: int


def legend_shapes(subgraph: Subgraph) -> list[LegendShape]:
    """The types that occur in the view, in the schema's order."""
    found = []
    for label, count in subgraph.count_nodes().items():
        declared = subgraph.schema.nodes[label]
        words = declared.words if count == 1 else declared.plural
        found.append(LegendShape(label, declared.shape, declared.colour, words, count))
    return found


def legend_lines(subgraph: Subgraph) -> list[LegendLine]:
    """What widths, dashes, double lines and open arrowheads occur in the view, and mean."""
    relationships = subgraph.relationships
    rows = [
        ("3 or more origins", [r for r in relationships if r.origins >= 3]),
        ("2 origins", [r for r in relationships if r.origins == 2]),
        ("1 origin", [r for r in relationships if r.origins == 1]),
        ("does not say where from", [r for r in relationships if r.origins == 0]),
    ]
    lines = [LegendLine(_plain(rs[0]), words, len(rs)) for words, rs in rows if rs]
    marked = [
        (
            "alleged",
            LineStyle(1.6, True, False, False),
            [r for r in relationships if r.status == "alleged"],
        ),
        (
            "inferred",
            LineStyle(1.6, False, False, True),
            [r for r in relationships if r.status == "inferred"],
        ),
        (
            "contested",
            LineStyle(1.6, False, True, False),
            [r for r in relationships if r.contested],
        ),
    ]
    return lines + [LegendLine(style, words, len(rs)) for words, style, rs in marked if rs]


def _plain(relationship: RelationshipView) -> LineStyle:
    return LineStyle(line_style(relationship).width, False, False, False)

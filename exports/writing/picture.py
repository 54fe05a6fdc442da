"""The picture as a list of shapes, lines and texts, drawn alike as SVG and as PNG.

Geometry is that of the network on screen (`drawing.js`): lines end at the outlines, several between
the same two bow apart, arrowheads say the direction.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from exports.publication import Publication
from exports.writing.texts import one_line
from exports.writing.words import marks, strings
from graph.errors import ExportError
from graph.explore.layout import FONT, LINE, MARK, cut, label_lines, shown_labels, text_width
from graph.explore.style import (
    OUTLINES,
    LegendShape,
    LineStyle,
    bends,
    legend_lines,
    legend_shapes,
    line_style,
)
from graph.explore.subgraph import Point, RelationshipView
from graph.model.wording import counted, plain_date

MOST_ENTITIES: Final = 2_000
MOST_RELATIONSHIPS: Final = 10_000
"""More than that and a picture shows nothing any more."""

INK, PAPER, SOFT, RULE = "#1b1b1b", "#ffffff", "#555555", "#777777"
_SPREAD: Final = 30.0
_GAP: Final = 3.0
_MARGIN: Final = 32.0
_LEGEND: Final = 236.0
_SURE: Final = 1.3
"""Widths of texts are estimates: capitals of the font are so much wider at most."""
_TITLE_LINES: Final = 4
_FOOT_LINES: Final = 12
"""A title, a licence or the list of sources may be of any length; a picture shows these lines."""
_NAME: Final = 120
"""Characters of one name in the list of sources and in the alternative text."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed outline, filled."""

    points: tuple[Point, ...]
    fill: str
    stroke: str
    width: float
    kind: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through these points; with three of them the middle one bends it (quadratic)."""

    points: tuple[Point, ...]
    stroke: str
    width: float
    dashed: bool = False
    kind: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text. `x` and `y` are the left end or the middle of its base line."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    middle: bool = False
    bold: bool = False
    kind: str = ""
    owner: str = ""


Item = Shape | Stroke | Text


@dataclass(frozen=True)
class Picture:
    """Width and height in pixels at a zoom of 1, and what is drawn, the last on top.

    `around` is title, legend and source line.
    """

    width: float
    height: float
    network: tuple[Item, ...]
    around: tuple[Item, ...]
    alt: str


def refuse_large(publication: Publication, what: str) -> None:
    """Raise ExportError if that many entities or relationships cannot be told apart in `what`."""
    entities, relationships = len(publication.entities), len(publication.relationships)
    for count, words, most in (
        (entities, "entities", MOST_ENTITIES),
        (relationships, "connections", MOST_RELATIONSHIPS),
    ):
        if count > most:
            raise ExportError(
                f"{count:,} {words} are too many for {what} (at most {most:,}); export it as "
                "data, or narrow the view."
            )


def picture(publication: Publication) -> Picture:
    """The picture of a publication; raises ExportError if it has too much for one."""
    refuse_large(publication, "a picture")
    network, frame = network_items(publication)
    left, top, wide, high = frame
    width = max(960.0, wide + _LEGEND + 3 * _MARGIN)
    title = _wrapped(one_line(publication.title), 26, width - 2 * _MARGIN, _TITLE_LINES)
    marked = _marks(publication, width - 2 * _MARGIN)
    head = _MARGIN + 34 * len(title) + 22 * len(marked) + 16
    legend_high = 22.0 * (len(_legend(publication)) + 1) + 12
    body = max(high, legend_high, 220)
    foot = _source_lines(publication, width - 2 * _MARGIN)
    height = head + body + 24 + 18 * len(foot) + _MARGIN
    shift = (_MARGIN + (width - _LEGEND - 3 * _MARGIN - wide) / 2 - left, head - top)
    moved = tuple(_moved(item, shift) for item in network)
    around = [*_title(title, marked), *_drawn_legend(publication, width, head)]
    for n, line in enumerate(foot):
        around.append(Text(_MARGIN, head + body + 36 + 18 * n, line, 12.5, SOFT))
    words = strings(publication.language)
    alt = words["alt"].format(
        entities=counted(len(publication.entities), "entity"),
        relationships=counted(len(publication.relationships), "connection"),
    )
    return Picture(
        math.ceil(width),
        math.ceil(height),
        moved,
        tuple(around),
        f"{alt} {_mainly(publication)}",
    )


def network_items(
    publication: Publication,
) -> tuple[tuple[Item, ...], tuple[float, float, float, float]]:
    """The network alone in its own coordinates, and the frame it fills (x, y, width, height)."""
    network = tuple(_network(publication))
    left, top, right, bottom = _extent(network)
    return network, (left, top, right - left, bottom - top)


def _mainly(publication: Publication) -> str:
    best = sorted(publication.entities, key=lambda t: (-t.degree, t.caption, t.id))[:5]
    names = (cut(one_line(t.caption), _NAME) for t in best)
    return f"Best connected: {', '.join(names)}."


def _marks(publication: Publication, width: float) -> list[str]:
    return [
        line
        for text in marks(publication)
        for line in _wrapped(one_line(text), 14, width, _TITLE_LINES)
    ]


def _title(title: Sequence[str], marked: Sequence[str]) -> Iterator[Item]:
    y = _MARGIN + 24
    for line in title:
        yield Text(_MARGIN, y, line, 26, INK, bold=True)
        y += 34
    for line in marked:
        yield Text(_MARGIN, y - 6, line, 14, INK, bold=True)
        y += 22


def _source_lines(publication: Publication, width: float) -> list[str]:
    words = strings(publication.language)
    names = dict.fromkeys(
        one_line(
            s.caption
            if s.kind == "unnamed"
            else f"{s.caption} ({s.publisher or 'publisher not known'})"
        )
        for s in publication.sources
    )
    listed = [cut(name, _NAME) for name in list(names)[:12]]
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    lines = _wrapped(f"{words['sources']}: {'; '.join(listed)}{more}.", 12.5, width, _FOOT_LINES)
    last = f"{words['accessed']} {plain_date(publication.accessed)}. {publication.pack}."
    last += _cut(publication)
    if publication.licence:
        last += f" {words['licence']}: {publication.licence}."
    return [*lines, *_wrapped(one_line(last), 12.5, width, _FOOT_LINES)]


def _cut(publication: Publication) -> str:
    if not publication.is_cut:
        return ""
    words = strings(publication.language)
    if publication.total is None:
        return " " + words["cut_unknown"]
    entities, relationships = publication.total
    return " " + words["cut"].format(
        entities=f"{len(publication.entities):,}", all_entities=counted(entities, "entity"),
        relationships=f"{len(publication.relationships):,}",
        all_relationships=counted(relationships, "connection"),
    )  # fmt: skip


def _wrapped(text: str, size: float, width: float, most: int) -> list[str]:
    """The text in lines of that width; a line that would be one too many ends in an ellipsis."""
    lines, line = [], ""
    for word in _broken(text.split(" "), size, width):
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size) * _SURE > width:
            lines.append(line)
            line = word
        else:
            line = longer
        if len(lines) == most:
            return [*lines[:-1], cut(f"{lines[-1]} {line}", len(lines[-1]))]
    return [*lines, line] if line else lines


def _broken(words: Iterable[str], size: float, width: float) -> Iterator[str]:
    """The words; one that is wider than a line comes in pieces that are not."""
    for word in words:
        piece, wide = "", 0.0
        for char in word:
            more = text_width(char, size) * _SURE
            if piece and wide + more > width:
                yield piece
                piece, wide = "", 0.0
            piece, wide = piece + char, wide + more
        yield piece


# --- legend -------------------------------------------------------------------------------------


def _legend(publication: Publication) -> list[tuple[str | LineStyle, str]]:
    rows: list[tuple[str | LineStyle, str]] = [
        (s.label, f"{s.words} ({s.count})") for s in shapes(publication)
    ]
    lines = legend_lines(publication.view)
    return rows + [(line.style, f"{line.words} ({line.count})") for line in lines]


def shapes(publication: Publication) -> list[LegendShape]:
    """The types that occur, for a legend. A measure that is only planned is not called taken."""
    planned = Counter(t.label for t in publication.entities if t.properties.get("planned"))
    found = []
    for shape in legend_shapes(publication.view):
        words = publication.schema.nodes[shape.label].planned_words
        if words and planned[shape.label]:
            shape = replace(shape, words=_planned(words, shape.count, planned[shape.label]))
        found.append(shape)
    return found


def _planned(words: tuple[str, str], count: int, planned: int) -> str:
    noun = words[count != 1]
    return f"{noun} planned" if planned == count else f"{noun}, {planned} of them planned"


def _drawn_legend(publication: Publication, width: float, head: float) -> Iterator[Item]:
    x, y = width - _LEGEND - _MARGIN, head + 16
    yield Text(x, y, strings(publication.language)["legend"], 13, INK, bold=True)
    for look, words in _legend(publication):
        y += 22
        if isinstance(look, str):
            node = publication.schema.nodes[look]
            points = _outline(node.shape, x + 12, y - 4, 7.5)
            yield Shape(points, node.colour, INK, 1.3)
        else:
            yield from _line(look, ((x, y - 4), (x + 27, y - 4)), (x + 27, y - 4))
        yield Text(x + 38, y, words, 13, INK)


# --- the network --------------------------------------------------------------------------------


def _outline(shape: str, x: float, y: float, size: float) -> tuple[Point, ...]:
    return tuple((round(x + px * size, 2), round(y + py * size, 2)) for px, py in OUTLINES[shape])


def _network(publication: Publication) -> Iterator[Item]:
    view = publication.view
    bent = bends(view.relationships)
    places = {t.id: (t.x, t.y) for t in publication.entities}
    types = publication.schema.nodes
    shapes = {t.id: types[t.label].shape for t in publication.entities}
    for relationship in view.relationships:
        yield from _relationship(relationship, bent[relationship.id], places, shapes)
    for entity in publication.entities:
        points = _outline(shapes[entity.id], entity.x, entity.y, MARK)
        yield Shape(points, PAPER, PAPER, 5, "halo", entity.id)
        yield Shape(points, types[entity.label].colour, INK, 1.5, "mark", entity.id)
    labelled = {n.id for n in shown_labels(view.nodes)}
    for entity in publication.entities:
        if entity.id in labelled:
            for n, line in enumerate(label_lines(one_line(entity.caption))):
                y = entity.y + MARK + 3 + LINE * (n + 0.86)
                yield Text(
                    entity.x,
                    round(y, 2),
                    line,
                    FONT,
                    INK,
                    middle=True,
                    kind="label",
                    owner=entity.id,
                )


def _relationship(
    relationship: RelationshipView, bend: float, places: dict[str, Point], shapes: dict[str, str]
) -> Iterator[Item]:
    (ax, ay), (bx, by) = places[relationship.source], places[relationship.target]
    style = line_style(relationship)
    if relationship.source == relationship.target:
        r = 13 + 7 * bend
        cx, cy = ax, ay - MARK - r + 3
        turns = [math.pi * (0.62 + 1.68 * k / 24) for k in range(25)]
        ring = tuple((cx + r * math.cos(t), cy + r * math.sin(t)) for t in turns)
        yield Stroke(ring, RULE, style.width, style.dashed, "relationship", relationship.id)
        return
    length = math.hypot(bx - ax, by - ay) or 1.0
    side = (
        (1 if relationship.source < relationship.target else -1)
        * bend
        * min(_SPREAD, length / 4)
        * 2
    )
    cx = (ax + bx) / 2 - (by - ay) / length * side
    cy = (ay + by) / 2 + (bx - ax) / length * side
    start = _border(shapes[relationship.source], ax, ay, cx, cy)
    end = _border(shapes[relationship.target], bx, by, cx, cy)
    points: tuple[Point, ...] = (start, end) if bend == 0 else (start, (cx, cy), end)
    yield from _line(style, points, end, relationship.id)


def _border(shape: str, x: float, y: float, tx: float, ty: float) -> Point:
    angle = math.atan2(ty - y, tx - x)
    far = _reach(shape, angle) * MARK + _GAP
    return x + math.cos(angle) * far, y + math.sin(angle) * far


def _reach(shape: str, angle: float) -> float:
    """How far an outline reaches from its centre in that direction, in units of its size."""
    dx, dy = math.cos(angle), math.sin(angle)
    far, outline = 0.0, OUTLINES[shape]
    for (ax, ay), (bx, by) in zip(outline, (*outline[1:], outline[0]), strict=True):
        det = dx * (by - ay) - dy * (bx - ax)
        if abs(det) < 1e-9:
            continue
        along = (ax * (by - ay) - ay * (bx - ax)) / det
        part = (ax * dy - ay * dx) / det
        if along > 0 and 0 <= part <= 1:
            far = max(far, along)
    return far or 1.0


def _line(
    style: LineStyle, points: tuple[Point, ...], end: Point, owner: str = ""
) -> Iterator[Item]:
    """A line with its arrowhead; the line ends inside the head, or it would stick out."""
    fx, fy = points[-2]
    length = math.hypot(end[0] - fx, end[1] - fy) or 1.0
    dx, dy = (end[0] - fx) / length, (end[1] - fy) / length
    size = 6.5 + 1.5 * style.width
    base = (end[0] - dx * size * 0.85, end[1] - dy * size * 0.85)
    shaft = tuple((round(x, 2), round(y, 2)) for x, y in (*points[:-1], base))
    if style.double:
        rail = max(1.0, style.width * 0.6)
        yield Stroke(shaft, RULE, 2 * rail + 2.6, style.dashed, "relationship", owner)
        yield Stroke(shaft, PAPER, 2.6, False, "gap", owner)
    else:
        yield Stroke(shaft, RULE, style.width, style.dashed, "relationship", owner)
    back, half = (end[0] - dx * size, end[1] - dy * size), size * 0.42
    head = (
        (round(end[0], 2), round(end[1], 2)),
        (round(back[0] - dy * half, 2), round(back[1] + dx * half, 2)),
        (round(back[0] + dy * half, 2), round(back[1] - dx * half, 2)),
    )
    kind = "open" if style.open_arrow else "head"
    yield Shape(head, PAPER if style.open_arrow else RULE, RULE, 1.2, kind, owner)


def _extent(items: Sequence[Item]) -> tuple[float, float, float, float]:
    xs, ys = [0.0], [0.0]
    for item in items:
        if isinstance(item, Text):
            half = text_width(item.text, item.size) * 0.55
            xs += [item.x - half, item.x + half]
            ys += [item.y - item.size, item.y + 6]
        else:
            xs += [x for x, _ in item.points]
            ys += [y for _, y in item.points]
    return min(xs) - 8, min(ys) - 8, max(xs) + 8, max(ys) + 8


def _moved(item: Item, by: Point) -> Item:
    dx, dy = by
    if isinstance(item, Text):
        return Text(
            round(item.x + dx, 2), round(item.y + dy, 2), item.text, item.size, item.colour,
            item.middle, item.bold, item.kind, item.owner,
        )  # fmt: skip
    points = tuple((round(x + dx, 2), round(y + dy, 2)) for x, y in item.points)
    if isinstance(item, Shape):
        return Shape(points, item.fill, item.stroke, item.width, item.kind, item.owner)
    return Stroke(points, item.stroke, item.width, item.dashed, item.kind, item.owner)

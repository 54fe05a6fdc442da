"""Where the nodes of a view lie, so that captions can be read and nothing placed ever moves.

rustworkx's force-directed layout gives each connected part its shape; the parts are laid side by
side, and boxes (the mark with its caption) that still cover each other are pushed apart. The same
view and the same seed give the same positions on every run.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import rustworkx as rx

from graph.explore.subgraph import NodeView, Point, Subgraph

MARK: Final = 13.0
"""Half the width of a node's mark, in pixels."""
FONT: Final = 13.0
"""Height of a caption's letters, in pixels."""
LINE: Final = 15.0
"""From one line of a caption to the next, in pixels."""
LABELLED: Final = 100
"""In a larger view only this many nodes, those of the highest rank, keep their captions."""

_LINE_CHARS: Final = 20
_ALL_CHARS: Final = 40
_ROOM: Final = 1.6
_GAP: Final = 14.0
_PART_GAP: Final = 46.0


# --- captions -----------------------------------------------------------------------------------


def plain(text: str, limit: int = 400) -> str:
    """The text on one line, without control characters and direction overrides, cut to `limit`."""
    kept = (
        " " if c.isspace() else c
        for c in text[: limit * 4]
        if c.isspace() or (unicodedata.category(c) not in ("Cc", "Cs", "Co") and c not in _BIDI)
    )
    return cut(" ".join("".join(kept).split()), limit)


_BIDI: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS: Final = "\u200d\ufe0f\ufe0e"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis among them; never inside a composed character."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 1 and (
        unicodedata.combining(text[end]) or text[end] in _JOINERS or text[end - 1] == "\u200d"
    ):
        end -= 1
    return text[:end].rstrip() + "…"


def label_lines(caption: str) -> tuple[str, ...]:
    """The caption as it stands under a mark: one or two lines, forty characters at most."""
    text = cut(plain(caption), _ALL_CHARS)
    if len(text) <= _LINE_CHARS:
        return (text,) if text else ()
    # The break that leaves the two lines most alike reads best under a centred mark.
    breaks = [i for i, c in enumerate(text) if c == " "]
    good = [i for i in breaks if max(i, len(text) - i - 1) <= _LINE_CHARS + 4]
    if good:
        middle = min(good, key=lambda i: abs(i - (len(text) - i - 1)))
        return text[:middle], text[middle + 1 :]
    if any(i <= _LINE_CHARS for i in breaks):
        middle = max(i for i in breaks if i <= _LINE_CHARS)
        return text[:middle], cut(text[middle + 1 :], _LINE_CHARS)
    return (cut(text, _LINE_CHARS),)


def text_width(text: str, size: float = FONT) -> float:
    """About how wide a text is in the bundled sans, in pixels."""
    return size * sum(_em(c) for c in text)


def _em(char: str) -> float:
    if unicodedata.combining(char) or char in _JOINERS:
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in " .,:;'|!()[]Iijlft":
        return 0.29
    if char in "mwMW@%—":
        return 0.83
    return 0.6 if char.isupper() else 0.5


# --- boxes --------------------------------------------------------------------------------------


@dataclass
class _Box:
    """A mark with its caption below: `x` and `y` are the mark's centre."""

    x: float
    y: float
    half: float
    up: float
    down: float
    fixed: bool = False

    def covers(self, other: _Box) -> bool:
        return abs(self.x - other.x) < self.half + other.half and (
            self.y - self.up < other.y + other.down and other.y - other.up < self.y + self.down
        )


def _box(node: NodeView, at: Point, labelled: bool, fixed: bool = False) -> _Box:
    lines = label_lines(node.caption) if labelled else ()
    wide = max([2 * MARK, *(text_width(line) for line in lines)])
    below = MARK + (5 + LINE * len(lines) if lines else 0)
    return _Box(at[0], at[1], (wide + _GAP) / 2, MARK + _GAP / 2, below + _GAP / 2, fixed)


def _push_apart(boxes: Sequence[_Box], rounds: int) -> None:
    """Move boxes until none covers another, the fixed ones excepted."""
    for _ in range(rounds):
        order = sorted(boxes, key=lambda b: b.x - b.half)
        moved = False
        for i, a in enumerate(order):
            for b in order[i + 1 :]:
                if b.x - b.half >= a.x + a.half + 4:
                    break
                if a.covers(b) and not (a.fixed and b.fixed):
                    _separate(a, b)
                    moved = True
        if not moved:
            return


def _separate(a: _Box, b: _Box) -> None:
    """Move two boxes apart along the way that is shorter."""
    across = a.half + b.half - abs(a.x - b.x)
    above, below = (a, b) if a.y <= b.y else (b, a)
    along = above.y + above.down - (below.y - below.up)
    share_a = 0.0 if a.fixed else 1.0 if b.fixed else 0.5
    # A hair more than needed, or rounding would call them covering once more.
    if across < along:
        step = math.copysign(across + 0.01, b.x - a.x)
        a.x, b.x = a.x - step * share_a, b.x + step * (1 - share_a)
    else:
        step = math.copysign(along + 0.01, 1.0 if a is above else -1.0)
        a.y, b.y = a.y - step * share_a, b.y + step * (1 - share_a)


# --- the layout ---------------------------------------------------------------------------------


def layout(
    subgraph: Subgraph,
    fixed: Mapping[str, Point] | None = None,
    *,
    seed: int = 7,
    aspect: float = 1.35,
) -> dict[str, Point]:
    """A position for every node of the view, in pixels at a zoom of 1.

    Ids in `fixed` come back exactly as given; the others are put near their neighbours, where
    there is room. Without `fixed` the picture is centred on (0, 0) and about `aspect` times as wide
    as high.
    """
    nodes = sorted(subgraph.nodes, key=lambda n: n.id)
    kept = {n.id: fixed[n.id] for n in nodes if n.id in fixed} if fixed else {}
    labelled = {n.id for n in shown_labels(nodes)}
    if kept:
        return _place_new(subgraph, nodes, kept, labelled)
    return _place_all(subgraph, nodes, labelled, seed, aspect)


def shown_labels(nodes: Iterable[NodeView]) -> list[NodeView]:
    """The nodes that keep their captions when there are too many: those of the highest rank."""
    return sorted(nodes, key=lambda n: (-n.rank, n.id))[:LABELLED]


def _place_all(
    subgraph: Subgraph, nodes: Sequence[NodeView], labelled: set[str], seed: int, aspect: float
) -> dict[str, Point]:
    index = {n.id: i for i, n in enumerate(nodes)}
    pairs = sorted(
        {
            (min(a, b), max(a, b))
            for r in subgraph.relationships
            if (a := index[r.source]) != (b := index[r.target])
        }
    )
    graph: rx.PyGraph[int, None] = rx.PyGraph()
    graph.add_nodes_from(range(len(nodes)))
    graph.add_edges_from_no_data(pairs)
    parts: list[list[_Box]] = []
    owners: list[list[int]] = []
    for members in sorted(
        (sorted(c) for c in rx.connected_components(graph)), key=_size_then_first
    ):
        part = graph.subgraph(members)
        boxes = [_box(nodes[i], (0.0, 0.0), nodes[i].id in labelled) for i in members]
        room = _ROOM * sum(2 * b.half * (b.up + b.down) for b in boxes)
        for box, (x, y) in zip(boxes, _spread(_shape(part, seed), room, aspect), strict=True):
            box.x, box.y = x, y
        _push_apart(boxes, _rounds(len(nodes)))
        parts.append(boxes)
        owners.append(members)
    _pack(parts, aspect)
    placed = {
        nodes[i].id: (box.x, box.y)
        for members, boxes in zip(owners, parts, strict=True)
        for i, box in zip(members, boxes, strict=True)
    }
    return _centred(placed)


def _rounds(count: int) -> int:
    """How often boxes are pushed apart: to the end if captions are read, else for half a second."""
    return 400 if count <= 120 else 20_000 // count


def _steps(count: int) -> int:
    """How many steps the layout takes; one costs the square of the count.

    Chosen in docs/decisions/0005-layout-library.md: as quick as before, with as few crossings.
    """
    return max(30, min(200, 50_000 // count))


def _size_then_first(members: Sequence[int]) -> tuple[int, int]:
    return -len(members), members[0]


def _shape(part: rx.PyGraph[int, None], seed: int) -> list[Point]:
    """The shape of one connected part, lying on its longer side.

    Fruchterman and Reingold (1991) with a repulsion that falls with the distance, not its square,
    as in ForceAtlas2: at the same number of steps fewer lines cross.
    """
    count = part.num_nodes()
    if count == 1:
        return [(0.0, 0.0)]
    found = rx.spring_layout(
        part, num_iter=_steps(count), repulsive_exponent=1, adaptive_cooling=False, seed=seed
    )
    return _lying([(float(found[i][0]), float(found[i][1])) for i in range(count)])


def _spread(spots: Sequence[Point], room: float, widest: float) -> list[Point]:
    """The spots stretched over a rectangle with that much room, in square pixels.

    A few far ones would leave the rest no room, so a place counts half by how far out it is and
    half by how many lie before it; in a small part the shape says more, and counts alone.
    """
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    wide, high = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    aspect = max(1.0, min(widest, wide / high))
    width, height = math.sqrt(room * aspect), math.sqrt(room / aspect)
    evenly = 0.75 * min(1.0, len(spots) / 40)
    # Both sides of a part that lies on a line stay on the line.
    flat = min(1.0, high / wide * 2.4)
    across = _evened(xs, evenly)
    along = _evened(ys, evenly * flat)
    return [(width * x, height * flat * y) for x, y in zip(across, along, strict=True)]


def _evened(values: Sequence[float], share: float) -> list[float]:
    """The values between 0 and 1: by size, and by that share by their place in the order."""
    low, span = min(values), (max(values) - min(values)) or 1.0
    order = {i: k for k, i in enumerate(sorted(range(len(values)), key=lambda i: values[i]))}
    last = max(1, len(values) - 1)
    return [(1 - share) * (v - low) / span + share * order[i] / last for i, v in enumerate(values)]


def _lying(spots: Sequence[Point]) -> list[Point]:
    """The spots turned so that they spread sideways, as a screen does."""
    n = len(spots)
    mx, my = sum(x for x, _ in spots) / n, sum(y for _, y in spots) / n
    centred = [(x - mx, y - my) for x, y in spots]
    xx = sum(x * x for x, _ in centred)
    yy = sum(y * y for _, y in centred)
    xy = sum(x * y for x, y in centred)
    angle = 0.5 * math.atan2(2 * xy, xx - yy)
    c, s = math.cos(angle), math.sin(angle)
    return [(x * c + y * s, y * c - x * s) for x, y in centred]


def _pack(parts: Sequence[Sequence[_Box]], aspect: float) -> None:
    """Lay the parts in rows, the largest first, about as wide as a screen."""
    frames = [_frame(p) for p in parts]
    area = sum((r - x + _PART_GAP) * (b - y + _PART_GAP) for x, y, r, b in frames)
    widest = max((r - x for x, _, r, _ in frames), default=0.0)
    row_width = max(math.sqrt(area * aspect), widest)
    left = top = height = 0.0
    for boxes, (x, y, right, bottom) in zip(parts, frames, strict=True):
        if left and left + right - x > row_width:
            left, top, height = 0.0, top + height + _PART_GAP, 0.0
        for box in boxes:
            box.x, box.y = box.x - x + left, box.y - y + top
        left += right - x + _PART_GAP
        height = max(height, bottom - y)


def _frame(boxes: Sequence[_Box]) -> tuple[float, float, float, float]:
    return (
        min(b.x - b.half for b in boxes),
        min(b.y - b.up for b in boxes),
        max(b.x + b.half for b in boxes),
        max(b.y + b.down for b in boxes),
    )


def _centred(placed: Mapping[str, Point]) -> dict[str, Point]:
    if not placed:
        return {}
    xs, ys = [x for x, _ in placed.values()], [y for _, y in placed.values()]
    cx, cy = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return {i: (round(x - cx, 2), round(y - cy, 2)) for i, (x, y) in placed.items()}


# --- adding to what is placed -------------------------------------------------------------------


class _Room:
    """Boxes by the squares they touch, to ask quickly whether a place is free."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[_Box]] = {}

    def add(self, box: _Box) -> None:
        for cell in self._touched(box):
            self._cells.setdefault(cell, []).append(box)

    def is_free(self, box: _Box) -> bool:
        return not any(
            box.covers(other) for cell in self._touched(box) for other in self._cells.get(cell, ())
        )

    @staticmethod
    def _touched(box: _Box) -> Iterable[tuple[int, int]]:
        for cx in range(int((box.x - box.half) // 120), int((box.x + box.half) // 120) + 1):
            for cy in range(int((box.y - box.up) // 120), int((box.y + box.down) // 120) + 1):
                yield cx, cy


def _place_new(
    subgraph: Subgraph, nodes: Sequence[NodeView], kept: Mapping[str, Point], labelled: set[str]
) -> dict[str, Point]:
    placed = dict(kept)
    room = _Room()
    for node in nodes:
        if node.id in kept:
            room.add(_box(node, kept[node.id], node.id in labelled))
    near: dict[str, list[str]] = {n.id: [] for n in nodes}
    for r in subgraph.relationships:
        near[r.source].append(r.target)
        near[r.target].append(r.source)
    centre = _middle(list(kept.values()))
    waiting = {n.id: n for n in sorted(nodes, key=lambda n: (-n.rank, n.id)) if n.id not in kept}
    while waiting:
        # Whoever has a placed neighbour comes first, so that chains grow from what is there.
        id_ = next((i for i in waiting if any(o in placed for o in near[i])), next(iter(waiting)))
        node = waiting.pop(id_)
        anchors = [placed[o] for o in dict.fromkeys(near[id_]) if o in placed]
        box = _free_place(room, node, _middle(anchors) if anchors else centre, centre, labelled)
        room.add(box)
        placed[id_] = (round(box.x, 2), round(box.y, 2))
    return placed


def _middle(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _free_place(
    room: _Room, node: NodeView, anchor: Point, centre: Point, labelled: set[str]
) -> _Box:
    """The nearest free place round the anchor, looking first away from the picture's middle."""
    outward = math.atan2(anchor[1] - centre[1], anchor[0] - centre[0])
    ring = 0
    while True:
        radius = 84.0 + 34.0 * ring
        steps = max(16, int(radius / 10))
        for k in range(steps):
            # 0, +1, -1, +2, -2 ... steps from the outward direction.
            turn = (k + 1) // 2 * (1 if k % 2 else -1)
            angle = outward + turn * 2 * math.pi / steps
            spot = (
                anchor[0] + 1.2 * radius * math.cos(angle),
                anchor[1] + 0.8 * radius * math.sin(angle),
            )
            box = _box(node, spot, node.id in labelled)
            if room.is_free(box):
                return box
        ring += 1

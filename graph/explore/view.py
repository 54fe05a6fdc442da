"""The state of a view as a value: what was brought in, where it lies, what is hidden, and why.

A `View` never changes. Whatever a reader does makes another one, so that undo is a step back in a
`History` (history.py), and a board, a link and an export can hold the same view without watching
each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from graph.explore.as_of import NO_RECORD, Record
from graph.explore.layout import layout
from graph.explore.subgraph import NodeView, Point, RelationshipView, Subgraph
from graph.model.schema import Schema
from graph.model.types.claims import STATUSES

Dispute = Literal["any", "contested", "agreed"]
DISPUTES: Final[tuple[Dispute, ...]] = ("any", "contested", "agreed")

LONGEST_NOTE: Final = 4_000
"""Characters of a note, at most."""
LONGEST_TITLE: Final = 200
"""Characters of a title, at most."""
MOST_STORY: Final = 100
"""Steps of a story, at most."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a view is left out. The defaults leave out nothing.

    `types`, `relationships` and `statuses` name what is left out; `sources` names the sources on
    which what is shown must stand, where an empty set asks for none. `happened_until` and
    `reported_until` are days in ISO form. Raises ValueError for another status or dispute.
    """

    types: frozenset[str] = frozenset()
    relationships: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    least_origins: int = 0
    dispute: Dispute = "any"
    happened_until: str | None = None
    reported_until: str | None = None

    def __post_init__(self) -> None:
        _check_known(self.statuses, STATUSES)
        if self.dispute not in DISPUTES:
            raise ValueError(f"{self.dispute!r} is not one of {', '.join(DISPUTES)}")
        if self.least_origins < 0:
            raise ValueError("fewer than no origins")

    def check(self, schema: Schema) -> None:
        """Raise ValueError where a type is named that the schema does not know."""
        _check_known(self.types, schema.nodes)
        _check_known(self.relationships, schema.relationships)

    @property
    def need_record(self) -> bool:
        """Whether the passages behind what is shown must be known."""
        return bool(self.sources) or self.reported_until is not None

    @property
    def count(self) -> int:
        """How many of the filters leave something out."""
        return sum(getattr(self, name) != getattr(NO_FILTERS, name) for name in self.__slots__)


def _check_known(names: Collection[str], known: Collection[str]) -> None:
    if unknown := sorted(set(names) - set(known)):
        raise ValueError(f"the schema does not know {unknown[0]!r}")


NO_FILTERS: Final = Filters()


@dataclass(frozen=True, slots=True)
class Expansion:
    """What one expansion reached: neighbours of an entity over one type of relationship, or over
    all.

    `type` is None for all; `outgoing` says which way the relationships run, None for both.
    `reached` holds every neighbour that its pages named, those that were in the view already
    included; `next` is where its next page begins, in the order of `expand.page`.
    """

    entity: str
    type: str | None
    outgoing: bool | None
    reached: frozenset[str]
    next: int

    @property
    def key(self) -> tuple[str, str | None, bool | None]:
        """What was expanded: its pages belong together."""
        return self.entity, self.type, self.outgoing


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story: what to read, what to light, and where to look.

    `lit` holds ids of entities and relationships. `view` is the point in the middle and the zoom (1
    is full size), None for the whole.
    """

    title: str
    text: str
    lit: tuple[str, ...] = ()
    view: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Gaze:
    """What a reader has before their eyes of a view: what is selected, and where they look.

    `selected` are ids of entities, relationships and other claims, the last one read. `look` is as
    in a step of a story. No change of it is a change of the view: it is handed on with it.
    """

    selected: tuple[str, ...] = ()
    look: tuple[float, float, float] | None = None

    def is_like(self, other: Gaze) -> bool:
        """Whether both see the same, as far as an eye can tell."""
        if self.selected != other.selected or (self.look is None) != (other.look is None):
            return False
        if self.look is None or other.look is None:
            return True
        # Half a pixel in the middle, and as much again near the edge of a screen 1,000 pixels wide.
        far = max(abs(a - b) for a, b in zip(self.look[:2], other.look[:2], strict=True))
        return far * other.look[2] < 0.5 and abs(self.look[2] / other.look[2] - 1) < 0.001


NO_GAZE: Final = Gaze()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How much of what was brought in is not shown, and for what reason."""

    nodes_hidden: int = 0
    relationships_hidden: int = 0
    nodes_filtered: int = 0
    relationships_filtered: int = 0

    def __bool__(self) -> bool:
        return any(
            (
                self.nodes_hidden,
                self.relationships_hidden,
                self.nodes_filtered,
                self.relationships_filtered,
            )
        )


@dataclass(frozen=True)
class View:
    """What a reader looks at, and how it came about.

    `graph` is all that was brought in, placed; `base` are the entities that came by themselves and
    not by an expansion. `hidden` and `pinned` are ids, `notes` are the newsroom's own words on an
    entity or a relationship. `size_by` and `colour_by` name a measure, or are empty. `steps` are
    the story that a reader of the published page walks through.
    """

    case: str
    graph: Subgraph = field(default_factory=Subgraph)
    base: frozenset[str] = frozenset()
    expansions: tuple[Expansion, ...] = ()
    hidden: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    filters: Filters = NO_FILTERS
    size_by: str = ""
    colour_by: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    steps: tuple[Step, ...] = ()

    @classmethod
    def of(cls, case: str, graph: Subgraph) -> View:
        """A new view of that network, in which nothing was expanded yet."""
        return cls(case, graph, base=frozenset(node.id for node in graph.nodes))

    # --- what is shown --------------------------------------------------------------------------

    def shown(self, record: Record = NO_RECORD) -> Subgraph:
        """What is on the canvas: what was brought in, without what is hidden and filtered.

        `record` is what `asof.record` read of the relationships, needed where `filters.need_record`
        says so.
        """
        return self._cut(record)[0]

    def left_out(self, record: Record = NO_RECORD) -> LeftOut:
        """How much is not shown, of what was brought in."""
        return self._cut(record)[1]

    def _cut(self, record: Record) -> tuple[Subgraph, LeftOut]:
        """Both answers, worked out once for a record: a page asks several times in a run."""
        known: tuple[Record, tuple[Subgraph, LeftOut]] | None = self.__dict__.get("_last_cut")
        if known is None or known[0] is not record:
            known = (record, self._work_out(record))
            self.__dict__["_last_cut"] = known
        return known[1]

    def _work_out(self, record: Record) -> tuple[Subgraph, LeftOut]:
        filters, graph = self.filters, self.graph
        here = {
            node.id: node
            for node in graph.nodes
            if node.id not in self.hidden
            and node.label not in filters.types
            and not _later(node, filters.happened_until)
        }
        by_hand = sum(node.id in self.hidden for node in graph.nodes)
        relationships: list[RelationshipView] = []
        hidden_relationships, touched, kept = 0, set[str](), set[str]()
        for relationship in graph.relationships:
            if relationship.source not in here or relationship.target not in here:
                continue
            if relationship.id in self.hidden:
                hidden_relationships += 1
                kept.update((relationship.source, relationship.target))
                continue
            touched.update((relationship.source, relationship.target))
            standing = self._standing(relationship, record)
            if standing is not None:
                relationships.append(standing)
                kept.update((relationship.source, relationship.target))
        # Whatever keeps no relationship because of a filter goes with its relationships, unless it
        # was pinned.
        gone = touched - kept - self.pinned
        nodes = tuple(node for id_, node in here.items() if id_ not in gone)
        filtered = len(graph.nodes) - by_hand - len(nodes)
        out = len(graph.relationships) - hidden_relationships - len(relationships)
        with_hidden = sum(
            relationship.source in self.hidden or relationship.target in self.hidden
            for relationship in graph.relationships
            if relationship.id not in self.hidden
        )
        cut = replace(
            graph, nodes=nodes, relationships=tuple(relationships), total_nodes=None,
            total_relationships=None,
        )  # fmt: skip
        left = LeftOut(
            by_hand, hidden_relationships + with_hidden, filtered, max(0, out - with_hidden)
        )
        return cut, left

    def _standing(self, relationship: RelationshipView, record: Record) -> RelationshipView | None:
        """The relationship as it stands under the filters, or None if they leave it out."""
        filters = self.filters
        if relationship.type in filters.relationships:
            return None
        if filters.need_record:
            found = record.relationship_at(relationship, filters.reported_until, filters.sources)
            if found is None:
                return None
            relationship = found
        if relationship.status in filters.statuses or relationship.origins < filters.least_origins:
            return None
        if filters.dispute != "any" and relationship.contested != (filters.dispute == "contested"):
            return None
        until = filters.happened_until
        if until is not None:
            if relationship.earliest is not None and relationship.earliest > until:
                return None
            if relationship.latest is not None and relationship.latest > until:
                return replace(relationship, certain=False)
        return relationship

    # --- bringing in and taking out -------------------------------------------------------------

    def bringing(self, other: Subgraph, ids: Iterable[str] | None = None) -> View:
        """With these as well; what is here already stays where it is, and comes out of hiding.

        `ids` are those that come by themselves; without, all of `other` do.
        """
        new = frozenset(ids if ids is not None else (node.id for node in other.nodes))
        return replace(
            self,
            graph=self.graph.adding(other),
            base=self.base | new,
            hidden=self.hidden - new,
        )

    def expanded(self, other: Subgraph, expansion: Expansion) -> View:
        """With what an expansion brought; a later page of the same joins the earlier ones."""
        earlier = [e for e in self.expansions if e.key == expansion.key]
        reached = expansion.reached.union(*(e.reached for e in earlier))
        others = tuple(e for e in self.expansions if e.key != expansion.key)
        return replace(
            self,
            graph=self.graph.adding(other),
            expansions=(*others, replace(expansion, reached=reached)),
            hidden=self.hidden - expansion.reached,
        )

    def expansion(self, entity: str, type_: str | None, outgoing: bool | None) -> Expansion | None:
        """What was expanded there so far, or None."""
        key = (entity, type_, outgoing)
        return next((e for e in self.expansions if e.key == key), None)

    def brought_by(self, entity: str) -> frozenset[str]:
        """What collapsing that entity would take back: what nothing else needs."""
        own = frozenset[str]().union(*(e.reached for e in self.expansions if e.entity == entity))
        return own - self._needed(without=entity)

    def _needed(self, without: str) -> frozenset[str]:
        """What stays when the expansions of that entity go."""
        others = [e for e in self.expansions if e.entity != without]
        owners = frozenset(e.entity for e in others)
        reached = frozenset[str]().union(*(e.reached for e in others))
        noted = frozenset(self.notes)
        return self.base | self.pinned | noted | owners | reached | {without}

    def collapsed(self, entity: str) -> View:
        """Without what the expansions of that entity brought, unless something else needs it."""
        kept = tuple(e for e in self.expansions if e.entity != entity)
        return replace(self, expansions=kept).without(self.brought_by(entity))

    def without(self, ids: Collection[str]) -> View:
        """Without these entities and relationships, and without all that is known of them here."""
        if not ids:
            return self
        gone = frozenset(ids)
        graph = self.graph.without(gone)
        stays = graph.by_id
        return replace(
            self,
            graph=graph,
            base=self.base - gone,
            expansions=tuple(
                replace(e, reached=e.reached - gone)
                for e in self.expansions
                if e.entity not in gone
            ),
            hidden=frozenset(i for i in self.hidden if i in stays),
            pinned=frozenset(i for i in self.pinned if i in stays),
            notes={i: note for i, note in self.notes.items() if i in stays},
            steps=tuple(
                replace(step, lit=tuple(i for i in step.lit if i in stays)) for step in self.steps
            ),
        )

    def letting_go(self, record: Record = NO_RECORD) -> View:
        """Without the entities that are not shown: room for others."""
        seen = {node.id for node in self.shown(record).nodes}
        return self.without([node.id for node in self.graph.nodes if node.id not in seen])

    # --- what a reader does ---------------------------------------------------------------------

    def hiding(self, ids: Iterable[str]) -> View:
        """With these hidden; they stay counted, and can be brought back."""
        return replace(self, hidden=self.hidden | (frozenset(ids) & frozenset(self.graph.by_id)))

    def showing(self, ids: Iterable[str] | None = None) -> View:
        """With these out of hiding; without ids, with all that was hidden by hand."""
        return replace(self, hidden=self.hidden - frozenset(self.hidden if ids is None else ids))

    def pinning(self, id_: str, *, on: bool = True) -> View:
        """With an entity that keeps its place and is not taken back (or one that no longer is)."""
        if self.graph.node(id_) is None:
            return self
        return replace(self, pinned=self.pinned | {id_} if on else self.pinned - {id_})

    def moved(self, positions: Mapping[str, Point]) -> View:
        """With these entities there."""
        return replace(self, graph=self.graph.with_positions(positions))

    def tidied(self, record: Record = NO_RECORD) -> View:
        """With what is shown laid out anew; what is pinned stays where it is."""
        shown = self.shown(record)
        places = shown.positions
        pinned = {i: places[i] for i in self.pinned if i in places}
        return self.moved(layout(shown, fixed=pinned))

    def filtered(self, filters: Filters) -> View:
        """Under other filters. Raises ValueError for a type that the schema does not know."""
        filters.check(self.graph.schema)
        return replace(self, filters=filters)

    def measured(self, size_by: str, colour_by: str) -> View:
        """With other measures for size and colour."""
        return replace(self, size_by=size_by, colour_by=colour_by)

    def noting(self, id_: str, text: str) -> View:
        """With a note on an entity or a relationship; an empty text takes it away. Cut to
        LONGEST_NOTE."""
        kept = text.strip()[:LONGEST_NOTE]
        notes = {i: note for i, note in self.notes.items() if i != id_}
        if kept and id_ in self.graph.by_id:
            notes[id_] = kept
        return replace(self, notes=notes)

    def titled(self, title: str) -> View:
        """Under another title, cut to LONGEST_TITLE."""
        return replace(self, title=" ".join(title.split())[:LONGEST_TITLE])

    # --- the story ------------------------------------------------------------------------------

    def telling(self, step: Step, at: int | None = None) -> View:
        """With a step in place of the one at `at`, or with one more at the end.

        Title and text are cut to what a step may hold, what is not in the view is not lit. A story
        of MOST_STORY steps gets no more.
        """
        kept = replace(
            step,
            title=" ".join(step.title.split())[:LONGEST_TITLE],
            text=step.text.strip()[:LONGEST_NOTE],
            lit=tuple(i for i in dict.fromkeys(step.lit) if i in self.graph.by_id),
        )
        if at is None:
            return replace(self, steps=(*self.steps, kept)[:MOST_STORY])
        return replace(self, steps=(*self.steps[:at], kept, *self.steps[at + 1 :]))

    def untelling(self, at: int) -> View:
        """Without the step at `at`."""
        return replace(self, steps=self.steps[:at] + self.steps[at + 1 :])

    def reordered(self, at: int, to: int) -> View:
        """With the step at `at` moved to `to`; the same where there is no such place."""
        if not (0 <= at < len(self.steps) and 0 <= to < len(self.steps)):
            return self
        steps = list(self.steps)
        steps.insert(to, steps.pop(at))
        return replace(self, steps=tuple(steps))

    # --- what a panel asks ----------------------------------------------------------------------

    def shown_of(self, entity: str) -> Mapping[tuple[str, bool], int]:
        """How many relationships of each type and direction an entity has in the view, hidden ones
        too."""
        return Counter(self._relationships_of.get(entity, ()))

    @cached_property
    def _relationships_of(self) -> Mapping[str, list[tuple[str, bool]]]:
        found: dict[str, list[tuple[str, bool]]] = {}
        for relationship in self.graph.relationships:
            found.setdefault(relationship.source, []).append((relationship.type, True))
            if relationship.source != relationship.target:
                found.setdefault(relationship.target, []).append((relationship.type, False))
        return found

    def days(self, clock: Literal["happened", "reported"]) -> tuple[str, ...]:
        """The days on which what is known changes, as far as the view goes, in order."""
        graph = self.graph
        if clock == "happened":
            days = [day for node in graph.nodes for day in (node.earliest, node.latest)]
            days += [
                day
                for relationship in graph.relationships
                for day in (relationship.earliest, relationship.latest)
            ]
        else:
            days = [relationship.reported for relationship in graph.relationships]
        return tuple(sorted({day for day in days if day is not None and "1000" < day < "9999"}))

    @property
    def hidden_nodes(self) -> tuple[NodeView, ...]:
        """The entities hidden by hand, by caption."""
        found = [node for node in self.graph.nodes if node.id in self.hidden]
        return tuple(sorted(found, key=lambda node: (node.caption.casefold(), node.id)))


def _later(node: NodeView, until: str | None) -> bool:
    """Whether an entity had not happened by that day."""
    return until is not None and node.earliest is not None and node.earliest > until


def is_place(x: object, y: object) -> bool:
    """Whether two values make a place on the canvas."""
    # Compared and not converted: a whole number may be too large to be a float.
    return all(
        isinstance(v, int | float) and not isinstance(v, bool) and -1e6 < v < 1e6 for v in (x, y)
    )


def is_look(x: object, y: object, zoom: object) -> bool:
    """Whether three values say where to look: a point on the canvas and a zoom."""
    number = isinstance(zoom, int | float) and not isinstance(zoom, bool) and 0.01 <= zoom <= 100
    return is_place(x, y) and number

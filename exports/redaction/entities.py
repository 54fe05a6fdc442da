"""The entities of a pack: what of their properties may be printed, and where they are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from exports.publication import Entity, Fact
from exports.redaction.redactor import Redactor
from exports.redaction.selection import Selection
from exports.redaction.sources import CitedSources
from graph.explore.layout import layout
from graph.explore.subgraph import NodeView, Point, RelationshipView, Subgraph
from graph.model.schema import Property


@dataclass(frozen=True)
class Drawn:
    """The entities with their places; `moved` says that these are not those of the screen."""

    entities: tuple[Entity, ...]
    moved: bool


def draw_entities(
    redactor: Redactor, selection: Selection, sources: CitedSources, facts: Sequence[Fact]
) -> Drawn:
    """The entities that stay, by type and caption; the report notes where they were moved."""
    return _EntityMaker(redactor, selection, sources, facts).drawn()


class _EntityMaker:
    def __init__(
        self, redactor: Redactor, selection: Selection, sources: CitedSources, facts: Sequence[Fact]
    ) -> None:
        self.redactor, self.selection, self.sources = redactor, selection, sources
        self.material, self.schema, self.facts = redactor.material, redactor.schema, facts
        self.nodes = [n for n in self.material.view.nodes if n.id not in selection.gone]
        self.dated = {
            (f.subject, f.measure, f.value)
            for f in facts
            if f.kind == "figure" and f.value and f.measure in self.schema.dates
        }

    def drawn(self) -> Drawn:
        degree = Counter(
            end for f in self.facts if f.is_relationship for end in (f.subject, str(f.object))
        )
        made = [self._entity(node, degree) for node in self.nodes]
        order = list(self.schema.nodes)
        made.sort(key=lambda e: (order.index(e.label), e.caption.casefold(), e.id))
        places, moved = self._places(made)
        return Drawn(tuple(replace(e, x=places[e.id][0], y=places[e.id][1]) for e in made), moved)

    def _entity(self, node: NodeView, degree: Counter[str]) -> Entity:
        id_ = self.redactor.id(node.label, node.id)
        named = self.redactor.naming.how(node.id) not in ("private", "protect")
        properties = self._properties(node, id_)
        caption = self.redactor.caption(node.id)
        return Entity(id_, node.label, caption, properties, named, degree[id_], 0.0, 0.0)

    # --- properties -----------------------------------------------------------------------------

    def _properties(self, node: NodeView, id_: str) -> dict[str, Any]:
        """The properties that may be printed; of something that is not named, hardly any."""
        found, kept = self.material.entities[node.id].properties, {}
        redacted = self.redactor.naming.how(node.id) in ("private", "general")
        about, left_out = self.redactor.around(node.id), self.redactor.choices.left_out
        for prop in self.schema.nodes[node.label].printed:
            value = found.get(prop.name)
            if value in (None, "", []) or f"{node.label}.{prop.name}" in left_out:
                continue
            if redacted and prop.kind != "term":
                continue
            if prop.kind == "edtf" and (id_, prop.name, value) not in self.dated:
                continue
            if prop.kind == "id":
                value = self._named_by(prop, str(value))
                if value is None:
                    continue
            kept[prop.name] = self.redactor.value(value, about)
        return kept

    def _named_by(self, prop: Property, id_: str) -> str | None:
        """What stands for the id in a property: a caption or a source's number.

        None if that may not be printed.
        """
        if prop.to == "entity":
            protected = self.redactor.naming.how(id_) == "protect"
            known = id_ in self.material.entities and not protected
            return self.redactor.caption(id_) if known else None
        number = self.sources.numbers.get(id_)
        return f"S{number}" if number else None

    # --- places ---------------------------------------------------------------------------------

    def _places(self, made: list[Entity]) -> tuple[dict[str, Point], bool]:
        """Where the entities lie, by their ids in the pack, and whether that is not as on screen.

        They are laid out anew where a gap would show that something stays behind.
        """
        chosen, gap = self.redactor.choices.positions, self._leaves_gap()
        placed = {self.redactor.id(n.label, n.id): chosen.get(n.id, n.position) for n in self.nodes}
        if not gap and all(placed.values()):
            return {id_: place for id_, place in placed.items() if place}, False
        if gap and any(placed.values()):
            self.redactor.report.warnings.append(
                "Something that was drawn is out, so the picture was laid out anew and is not as "
                "on screen."
            )
        view = Subgraph(
            tuple(NodeView(e.id, e.label, e.caption, rank=e.degree) for e in made),
            tuple(
                RelationshipView(f.id, str(f.predicate), f.subject, str(f.object))
                for f in self.facts
                if f.is_relationship
            ),
            schema=self.schema,
        )
        return layout(view), True

    def _leaves_gap(self) -> bool:
        # Who is named in a role is there: that more is told of them elsewhere is no secret.
        return bool(self.selection.gone) or any(
            not self.selection.keeps(drawn) and drawn.id not in self.selection.beside_role
            for drawn in self.material.view.relationships
        )

"""Who stands under an allegation in a pack, and what the newsroom asked them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from exports.choices import Reply
from exports.pack.report import Allegation
from exports.publication import Fact
from exports.redaction.redactor import Redactor
from graph.model.schema import NodeType, Schema


@dataclass(frozen=True)
class Actors:
    """Who is behind an entity, and whom an order or a measure reached, by the pack's ids."""

    doers: Mapping[str, Sequence[str]]
    reached: Mapping[str, Sequence[str]]


def allegations(redactor: Redactor, facts: Sequence[Fact]) -> list[Allegation]:
    """Each party that an alleged fact accuses, with the newsroom's replies on that."""
    return list(_Parties(redactor, facts).allegations())


class _Parties:
    def __init__(self, redactor: Redactor, facts: Sequence[Fact]) -> None:
        self.redactor, self.material, self.schema = redactor, redactor.material, redactor.schema
        self.facts, self.actors = facts, _actors(facts, redactor.schema)
        self.replies = (*self.material.replies, *redactor.choices.replies)
        self.back = {out: id_ for id_, out in redactor.report.ids.items()}

    def allegations(self) -> Iterator[Allegation]:
        for fact in self.facts:
            speakers = {e.said_by for e in fact.evidence if e.status == "alleged"}
            for party in self._accused(fact) if speakers else ():
                id_ = self._graph_id(party)
                if speakers == {self.redactor.caption(id_)}:
                    continue  # what somebody says of themselves is no allegation against them
                caption = self.material.entities[id_].caption
                replies = tuple(self._replies(id_, self._graph_id(fact.id)))
                yield Allegation(id_, caption, fact.said, fact.number, replies)

    def _accused(self, fact: Fact) -> Sequence[str]:
        """The subject of an alleged fact, or who is behind what it is about.

        The reason given for an order or a measure accuses those whom that reached, not those who
        gave it.
        """
        if self._type(fact.subject).acts:
            return [fact.subject]
        if fact.kind == "ground" and self._reaches(self._type(fact.subject)):
            reached = self.actors.reached.get(fact.subject, ())
            return [party for party in reached if self._type(party).acts]
        return self.actors.doers.get(fact.subject, ())

    def _reaches(self, declared: NodeType) -> bool:
        """Whether entities of a type reach somebody, as an order or a measure does."""
        types = self.schema.relationships.values()
        return any(t.side == "reaches" and declared.label in t.sources for t in types)

    def _type(self, out: str) -> NodeType:
        return self.schema.nodes[self.material.entities[self._graph_id(out)].label]

    def _graph_id(self, out: str) -> str:
        """The graph's id of one of the pack's."""
        return self.back.get(out) or self.redactor.graph_id(out)

    def _replies(self, party: str, claim: str) -> Iterator[Reply]:
        """What a party was asked on a claim, or on all that is alleged of it."""
        local = self.redactor.local
        for reply in self.replies:
            if local(reply.party) == local(party) and local(reply.allegation) in ("", local(claim)):
                yield reply


def _actors(facts: Iterable[Fact], schema: Schema) -> Actors:
    doers: dict[str, list[str]] = {}
    reached: dict[str, list[str]] = {}
    for fact in facts:
        side = schema.relationships[str(fact.predicate)].side if fact.is_relationship else None
        if side == "does":
            doers.setdefault(str(fact.object), []).append(fact.subject)
        elif side == "reaches":
            reached.setdefault(fact.subject, []).append(str(fact.object))
    return Actors(doers, reached)

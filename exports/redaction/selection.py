"""What of a view stays in a pack and what leaves no trace: entities, claims, supports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from exports.disk_list import Shelf
from exports.names.decide import ROLE_KINDS
from exports.redaction.redactor import Redactor
from exports.stored import ClaimWithEvidence, StoredSupport
from graph.explore.subgraph import NodeView, RelationshipView, Subgraph

_BESIDE_ROLE: Final = "not a fact of the role in which somebody is named"


@dataclass(frozen=True)
class Selection:
    """What stays: the claims, each with the supports that stay. The rest are ids.

    `gone` are the entities and `dropped` the claims that leave no trace; `beside_role` are those of
    the claims that are on somebody who is named in a role, and not of that role.
    """

    claims: Shelf[ClaimWithEvidence]
    gone: frozenset[str]
    dropped: frozenset[str]
    beside_role: frozenset[str]

    def keeps(self, relationship: RelationshipView) -> bool:
        """Whether a relationship of the view stays."""
        ends = (relationship.source, relationship.target)
        return relationship.id not in self.dropped and self.gone.isdisjoint(ends)


def select(redactor: Redactor) -> Selection:
    """What stays of the material; what does not is noted in the report, with the reason."""
    return _Selector(redactor).selection()


class _Selector:
    def __init__(self, redactor: Redactor) -> None:
        self.redactor, self.material = redactor, redactor.material
        self.choices, self.schema, self.naming = redactor.choices, redactor.schema, redactor.naming
        self.of_role = redactor.schema.names("of_role")
        self.gone: set[str] = set()
        self.dropped: set[str] = set()
        self.beside_role: set[str] = set()

    def selection(self) -> Selection:
        for node in self.material.view.nodes:
            if why := self._why_gone(node):
                self._remove(node, why)
        made = self._with(Shelf(self._kept_claims()))
        if disconnected := self._remove_disconnected(made):
            kept = (c for c in made.claims if disconnected.isdisjoint(c.ends))
            made = self._with(Shelf(kept))
        self._remove_without_claims(made.claims)
        return self._with(made.claims)

    def _with(self, claims: Shelf[ClaimWithEvidence]) -> Selection:
        return Selection(
            claims, frozenset(self.gone), frozenset(self.dropped), frozenset(self.beside_role)
        )

    def _remove(self, node: NodeView, why: str) -> None:
        self.gone.add(node.id)
        self.redactor.leave_out(self.schema.nodes[node.label].words, node.id, why)

    # --- entities -------------------------------------------------------------------------------

    def _why_gone(self, node: NodeView) -> str:
        """Why an entity leaves no trace; empty if it stays."""
        out = self.choices.left_out
        if self.naming.how(node.id) == "protect":
            return f"protected: {self.naming.decisions[node.id].why}"
        if node.id in self.material.only_hidden:
            return "only confidential sources tell of it"
        if node.id in out or self.redactor.local(node.id) in out or node.label in out:
            return "left out of this pack"
        properties = self.material.entities[node.id].properties
        printed = [properties.get(prop.name) for prop in self.schema.nodes[node.label].printed]
        texts = [t for value in printed for t in (value if isinstance(value, list) else [value])]
        if self.redactor.names_protected(self.redactor.around(node.id), node.caption, *texts):
            return "it names somebody who is protected"
        return ""

    def _remove_disconnected(self, made: Selection) -> frozenset[str]:
        """Remove nodes that redaction disconnected from the query's start; returns their ids.

        An isolated node would reveal that a hidden relationship leads to it.
        """
        view = self.material.view
        start = _query_start(view)
        left = list(filter(made.keeps, view.relationships))
        if len(left) == len(view.relationships) or not start:
            return frozenset()
        before, after = _reached(start, view.relationships), _reached(start - self.gone, left)
        disconnected = frozenset(before - after - self.gone)
        for node in view.nodes:
            if node.id in disconnected:
                self._remove(node, "nothing that is left joins it to what was asked about")
        return disconnected

    def _remove_without_claims(self, claims: Iterable[ClaimWithEvidence]) -> None:
        """Remove entities that had claims, and of which no claim is left."""
        had = {end for claim in self.material.claims for end in claim.ends}
        bare = had - {end for claim in claims for end in claim.ends}
        for node in self.material.view.nodes:
            if node.id in bare and node.id not in self.gone:
                self._remove(node, "nothing on it is left")

    # --- claims ---------------------------------------------------------------------------------

    def _kept_claims(self) -> Iterator[ClaimWithEvidence]:
        for claim in self.material.claims:
            kept = self._kept(claim)
            if kept is None:
                self.dropped.add(claim.id)
            else:
                yield kept

    def _kept(self, claim: ClaimWithEvidence) -> ClaimWithEvidence | None:
        """A claim with the supports that stay; None if it does not stay."""
        supports = tuple(s for s in claim.supports if self._may_stay(s))
        if why := self._why_dropped(claim, supports):
            self.redactor.leave_out("claim", claim.id, why)
            if why == _BESIDE_ROLE:
                self.beside_role.add(claim.id)
            return None
        if len(supports) < len(claim.supports):
            passages = sorted({s.passage for s in claim.supports} - {s.passage for s in supports})
            self.redactor.leave_out("support of", claim.id, f"passages {', '.join(passages)}")
            self.redactor.report.supports[claim.id] = passages
        return replace(claim, supports=supports)

    def _may_stay(self, support: StoredSupport) -> bool:
        if support.source in self.material.hidden:
            return False
        if support.said_by is not None and self.naming.how(support.said_by) == "protect":
            return False
        passage = self.material.passages[support.passage]
        return not self.redactor.names_protected(
            passage.told_of, passage.gist, support.as_worded, support.hedge
        )

    def _why_dropped(self, claim: ClaimWithEvidence, supports: tuple[StoredSupport, ...]) -> str:
        """Why a claim does not stay; empty if it does."""
        out = self.choices.left_out
        if any(end in self.gone or self.naming.how(end) == "protect" for end in claim.ends):
            return "it is on something that stayed behind"
        if not supports:
            return "no source that may be named tells of it"
        if not out.isdisjoint((claim.id, self.redactor.local(claim.id), claim.predicate)):
            return "left out of this pack"
        if self.redactor.names_protected(claim.ends, claim.value, claim.base):
            return "it names somebody who is protected"
        if claim.kind == "wording" and self.naming.how(claim.subject) in ("private", "general"):
            return "how sources call somebody who is not named"
        return _BESIDE_ROLE if self._is_beside_role(claim) else ""

    def _is_beside_role(self, claim: ClaimWithEvidence) -> bool:
        """Whether it is on somebody who is named in a role, and is not of that role."""
        if claim.predicate in self.of_role or claim.kind in ROLE_KINDS:
            return False
        if not {claim.id, self.redactor.local(claim.id)}.isdisjoint(self.choices.kept):
            return False
        return any(self.naming.how(end) == "role" for end in claim.ends)


def _query_start(view: Subgraph) -> set[str]:
    """The entities of a view that the parameters of its query name."""
    here = {node.id for node in view.nodes}
    start: set[str] = set()
    for value in view.parameters.values():
        start |= here.intersection(value if isinstance(value, list | tuple) else [str(value)])
    return start


def _reached(start: Iterable[str], relationships: Iterable[RelationshipView]) -> set[str]:
    """What these relationships join to the start, in any number of steps, and the start."""
    near: dict[str, list[str]] = {}
    for relationship in relationships:
        near.setdefault(relationship.source, []).append(relationship.target)
        near.setdefault(relationship.target, []).append(relationship.source)
    reached = set(start)
    waiting = list(reached)
    while waiting:
        fresh = [id_ for id_ in near.get(waiting.pop(), ()) if id_ not in reached]
        reached.update(fresh)
        waiting += fresh
    return reached

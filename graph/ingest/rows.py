"""What is stored of each node and claim, with ids as the store has them.

The writer takes them from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.ingest.judgement import JudgedClaim
from graph.ingest.nodes import Node, Properties
from graph.model.records import Case


@dataclass(slots=True)
class ClaimRow:
    """A claim as it is stored: its node, the relationship it draws (if any), and its supports.

    Each support names `passage`, `claim` and `properties`, as the statements take it.
    """

    id: str
    subject: str
    object: str | None
    claim: Properties
    drawn: Properties | None
    supports: list[Properties]


class Rows:
    """Makes the rows of one case, stamped with one load."""

    def __init__(self, case: Case, load: str) -> None:
        self._case, self._load = case.id, load

    def id(self, local: str) -> str:
        """The store's id of an id that is local to the case."""
        return f"{self._case}:{local}"

    def node(self, node: Node) -> Properties:
        """All properties of an entity or a record."""
        stored = {"case": self._case, "load": self._load, "digest": node.digest()}
        return {**node.properties, **stored}

    def claim(self, claim: JudgedClaim) -> ClaimRow:
        """A claim that this load is the first to assert."""
        id_ = self.id(claim.id)
        properties = {
            **claim.properties,
            "id": id_,
            "case": self._case,
            "digest": claim.digest,
            "load": self._load,
            "since": self._load,
            "origin_ids": [
                "+".join(map(self.id, origin.split("+")))
                for origin in claim.properties["origin_ids"]
            ],
        }
        for name in ("subject", "object", "base"):
            if name in properties:
                properties[name] = self.id(properties[name])
        drawn = None if claim.relationship is None else {**claim.relationship, "claim": id_}
        supports = [self._support(id_, support) for support in claim.supports]
        return ClaimRow(
            id_, properties["subject"], properties.get("object"), properties, drawn, supports
        )

    def _support(self, claim: str, support: Properties) -> Properties:
        properties = dict(support)
        passage = self.id(properties.pop("passage"))
        if "said_by" in properties:
            properties["said_by"] = self.id(properties["said_by"])
        return {"passage": passage, "claim": claim, "properties": properties}

"""What changed between a pack and the one that it replaces, told without giving anybody away.

Facts are matched by their ids in the graph, which only the newsroom's records know. A sentence of
the old pack is told again where it names nobody who has no name, then or now, and cites nothing
that has become confidential; of all others only their number is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from exports.choices import Choices
from exports.material import Material
from exports.names.scanner import Scanner
from exports.redaction.publish import Prepared
from exports.stored import ClaimWithEvidence
from exports.writing.texts import one_line
from graph.errors import NameLeft, PackError

_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True)
class Before:
    """The pack that another replaces: its manifest, and the newsroom's record of it."""

    manifest: Mapping[str, Any]
    record: Mapping[str, Any]

    @property
    def pack(self) -> str:
        """Its id."""
        return str(self.manifest["pack"])

    @cached_property
    def facts(self) -> Mapping[str, Mapping[str, Any]]:
        """Its facts by their ids in the graph."""
        return {self.graph_id(fact["id"]): fact for fact in self.manifest["facts"]}

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """The codes of the evidence behind its facts, by the claim's id without the case."""
        return dict(self.record.get("evidence", ()))

    @cached_property
    def _back(self) -> Mapping[str, str]:
        return {out: id_ for id_, out in self.record["ids"].items()}

    def graph_id(self, out: str) -> str:
        """The graph's id of one of its ids."""
        return self._back.get(out, f"{self.manifest['case']}:{out}")

    def sources(self, fact: Mapping[str, Any]) -> set[str]:
        """The graph's ids of the sources that a fact cites."""
        return {self._sources[number] for number in fact["sources"]}

    @cached_property
    def _sources(self) -> Mapping[int, str]:
        return {s["number"]: self.graph_id(s["id"]) for s in self.manifest["sources"]}

    def has_pseudonym(self, fact: Mapping[str, Any]) -> bool:
        """Whether a fact of it is on somebody who has no name there."""
        if fact["id"] in self._back:
            return True
        return not self._codes.isdisjoint(_WORD.findall(fact["said"])) or any(
            words in fact["said"] for words in self._general
        )

    @cached_property
    def _codes(self) -> frozenset[str]:
        """The last words of made-up names: “B4CD” of “Person B4CD”."""
        return frozenset(
            d["instead"].rpartition(" ")[2]
            for d in self.record["decisions"]
            if d["how"] == "private" and d["instead"]
        )

    @cached_property
    def _general(self) -> frozenset[str]:
        return frozenset(
            d["instead"] for d in self.record["decisions"] if d["how"] != "private" and d["instead"]
        )


def changes(
    before: Before, prepared: Prepared, material: Material, choices: Choices
) -> dict[str, Any]:
    """What a reader of the pack before must know, as sentences; how many are `not_told`.

    Raises PackError if that pack is of another case.
    """
    if before.manifest["case"] != material.case:
        raise PackError(
            f"{before.pack} is a pack of the case {before.manifest['case']}, and this one is of "
            f"{material.case}; replace a pack of the same case."
        )
    return _Comparison(before, prepared, material, choices).made()


class _Comparison:
    def __init__(
        self, before: Before, prepared: Prepared, material: Material, choices: Choices
    ) -> None:
        self.before, self.prepared = before, prepared
        self.material, self.choices = material, choices
        exempt = prepared.publication.exempt
        self.scanner = Scanner(prepared.naming, exempt, choices.allowed)
        back = {out: id_ for id_, out in prepared.report.ids.items()}
        self.now = {
            back.get(f.id, f"{material.case}:{f.id}"): (one_line(f.said), f.status, f.contested)
            for f in prepared.publication.facts
        }

    def made(self) -> dict[str, Any]:
        gone = {id_: fact for id_, fact in self.before.facts.items() if id_ not in self.now}
        kept_back = self._kept_back(gone)
        told = [
            fact["said"]
            for id_, fact in gone.items()
            if id_ not in kept_back and self._may_be_told(fact)
        ]
        return {
            "added": [said for id_, (said, *_) in self.now.items() if id_ not in self.before.facts],
            "removed": told,
            "changed": list(self._changed()),
            "not_told": len(gone) - len(told),
        }

    def _changed(self) -> Iterator[str]:
        codes = {claim: code for claim, code, _ in self.prepared.report.checks}
        for id_, (said, status, contested) in self.now.items():
            fact = self.before.facts.get(id_)
            if fact is None:
                continue
            local = self.material.local(id_)
            code = self.before.codes.get(local)
            if fact["said"] != said and self._may_be_told(fact):
                yield f"{fact['said']} → {said}"
            elif (fact["status"], fact["contested"]) != (status, contested) or (
                code is not None and code != codes.get(local)
            ):
                yield said

    def _may_be_told(self, fact: Mapping[str, Any]) -> bool:
        """Whether an old sentence may stand in the new pack."""
        if self.before.has_pseudonym(fact):
            return False
        if not self.material.hidden.isdisjoint(self.before.sources(fact)):
            return False
        try:
            self.scanner.check_name(fact["said"])
        except NameLeft:
            return False
        return True

    def _kept_back(self, gone: Collection[str]) -> set[str]:
        """Those of the facts that the view still has, and that no choice for this pack took out.

        To tell them would show that somebody is protected, or what a confidential source said.
        """
        return {c.id for c in self.material.claims if c.id in gone and not self._is_chosen(c)}

    def _is_chosen(self, claim: ClaimWithEvidence) -> bool:
        if any(self.prepared.naming.how(end) == "protect" for end in claim.ends):
            return False
        ids = {claim.id, *claim.ends}
        labels = {self.material.entities[end].label for end in claim.ends}
        names = {*ids, *map(self.material.local, ids), *labels, claim.predicate}
        return not names.isdisjoint(self.choices.left_out)

"""The facts of a pack and their sentences, made of the claims and supports that stay.

Status, origins, publishers, disputes and days are made anew from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from exports.choices import SecondReading
from exports.disk_list import Shelf, ordered
from exports.publication import Evidence, Fact
from exports.redaction.redactor import Redactor
from exports.redaction.selection import Selection
from exports.redaction.sources import CitedSources
from exports.stored import ClaimWithEvidence, StoredSupport
from exports.writing.words import said
from graph.explore.inspector import when_words
from graph.ingest.judgement import BEFORE_REPORT
from graph.model.dates import BEGINNING, UNKNOWN, Bounds, bounds
from graph.model.types.claims import CONTESTING, STATUSES
from graph.model.wording import plain, sentence

Differs = tuple[tuple[str, int], ...]
"""How other facts differ from one, and their numbers."""


@dataclass(frozen=True)
class UnnumberedFact:
    """A fact that has no number yet, the id of its claim, and the code of its evidence."""

    fact: Fact
    claim: str
    evidence: str

    def place(self) -> tuple[int, str, str, str]:
        """Relationships first, then figures, then what is said; the oldest first."""
        order = {"relationship": 0, "figure": 1}
        fact = self.fact
        return (order.get(fact.kind, 2), fact.earliest, fact.sentence, fact.id)


def make_facts(redactor: Redactor, selection: Selection, sources: CitedSources) -> Shelf[Fact]:
    """The facts in order and numbered; the report notes which of them nobody has checked."""
    return _FactMaker(redactor, selection, sources).facts()


class _FactMaker:
    def __init__(self, redactor: Redactor, selection: Selection, sources: CitedSources) -> None:
        self.redactor, self.selection, self.sources = redactor, selection, sources
        self.material, self.schema = redactor.material, redactor.schema
        self.readings = self._readings_by_claim()

    def facts(self) -> Shelf[Fact]:
        claims, report = self.selection.claims, self.redactor.report
        made = Shelf(ordered(map(self._unnumbered, claims), key=UnnumberedFact.place))
        named = {d.claim for claim in claims for d in claim.differences}
        numbers = {one.claim: n for n, one in enumerate(made, start=1) if one.claim in named}
        differs = {
            claim.id: found
            for claim in claims
            if claim.differences and (found := self._differs(claim, numbers))
        }
        report.checks = Shelf(
            (self.redactor.local(one.claim), one.evidence, one.fact.checked) for one in made
        )
        return Shelf(
            self._numbered(n, one, differs.get(one.claim, ())) for n, one in enumerate(made, 1)
        )

    def _unnumbered(self, claim: ClaimWithEvidence) -> UnnumberedFact:
        return UnnumberedFact(self._fact(claim), claim.id, self.material.evidence(claim))

    def _numbered(self, number: int, one: UnnumberedFact, differs: Differs) -> Fact:
        if one.fact.checked is None:
            self.redactor.report.unchecked.append(number)
            if self.redactor.local(one.claim) in self.readings:
                self.redactor.report.void.append(number)
        return replace(one.fact, number=number, differs=differs)

    def _fact(self, claim: ClaimWithEvidence) -> Fact:
        redactor, ends, hide = self.redactor, claim.ends, self._touches_redacted(claim)
        ranks = sorted(STATUSES.index(s.status) for s in claim.supports)
        evidence = tuple(self._evidence(s, hide=hide) for s in claim.supports)
        reported = min(self.sources.day(s.source) for s in claim.supports)
        days, counts = self._days(claim, reported), self.sources.counts(claim)
        bare, status = self._sentence(claim), STATUSES[ranks[0]]
        trusted = not self.material.hidden_figures and self.material.until is None
        return Fact(
            number=0,
            id=redactor.id("claim", claim.id, hide=hide),
            kind=claim.kind,
            subject=redactor.entity_id(claim.subject),
            predicate=claim.predicate,
            object=redactor.entity_id(claim.object) if claim.object else None,
            measure=redactor.optional(claim.measure, ends),
            value=redactor.optional(claim.value, ends),
            unit=redactor.optional(claim.unit, ends),
            comparator=claim.comparator,
            base=self._base(claim),
            polarity=claim.polarity,
            properties=self._claim_properties(claim),
            sentence=bare,
            said=said(bare, status, evidence, self.sources.captions),
            status=status,
            weakest=STATUSES[ranks[-1]],
            origins=counts.origins,
            not_stated=counts.not_stated,
            publishers=counts.publishers,
            contested=self._is_contested(claim),
            when=redactor.text(self._when(claim, days)),
            earliest=days.earliest,
            latest=days.latest,
            reported=reported,
            computed=claim.computed if trusted else None,
            follows=claim.follows if trusted else None,
            evidence=evidence,
            differs=(),
            checked=self._checked(claim),
        )

    def _base(self, claim: ClaimWithEvidence) -> str | None:
        """The pack's id of what a figure is a part of, unless that stays behind."""
        base = claim.base
        if base is None or base in self.selection.gone or base not in self.material.view.by_id:
            return None
        return self.redactor.entity_id(base)

    def _touches_redacted(self, claim: ClaimWithEvidence) -> bool:
        people = (*claim.ends, *(s.said_by for s in claim.supports))
        return any(map(self.redactor.naming.is_redacted, people))

    def _sentence(self, claim: ClaimWithEvidence) -> str:
        redactor, ends = self.redactor, claim.ends
        fields = {
            **self._claim_properties(claim),
            "kind": claim.kind,
            "predicate": claim.predicate,
            "polarity": claim.polarity,
            "comparator": claim.comparator,
            "value": redactor.optional(claim.value, ends),
            "measure": redactor.optional(claim.measure, ends),
            "unit": redactor.optional(claim.unit, ends),
        }
        second = redactor.caption(claim.object) if claim.object else None
        return sentence(fields, redactor.caption(claim.subject), second, self.schema)

    def _claim_properties(self, claim: ClaimWithEvidence) -> dict[str, Any]:
        """The properties of a relationship that may be printed."""
        if not claim.predicate:
            return {}
        return {
            prop.name: self.redactor.value(claim.properties[prop.name], claim.ends)
            for prop in self.schema.relationships[claim.predicate].properties
            if prop.name in claim.properties
            and f"{claim.predicate}.{prop.name}" not in self.redactor.choices.left_out
        }

    def _evidence(self, support: StoredSupport, *, hide: bool) -> Evidence:
        redactor, passage = self.redactor, self.material.passages[support.passage]
        about = passage.told_of
        gist = redactor.text(passage.gist, about)
        hide = hide or gist != passage.gist or any(map(redactor.naming.is_redacted, about))
        rule = self.material.rules.get(support.rule, plain(support.rule)) if support.rule else None
        return Evidence(
            passage=redactor.id("passage", support.passage),
            source=self.sources.numbers[support.source],
            status=support.status,
            gist=gist,
            said_by=self._speaker(support.said_by),
            as_worded=None if hide else redactor.optional(support.as_worded, about),
            hedge=redactor.optional(support.hedge, about),
            quoted=support.quoted,
            rule=redactor.optional(rule),
            relays=self.sources.cited(support.relays),
            start=None if hide else passage.start,
            end=None if hide else passage.end,
            sha256=None if hide else passage.sha256,
        )

    def _speaker(self, id_: str | None) -> str | None:
        return self.redactor.caption(id_) if id_ and id_ in self.material.entities else None

    # --- days -----------------------------------------------------------------------------------

    def _days(self, claim: ClaimWithEvidence, reported: str) -> Bounds:
        """The days between which it was, from its date, its value or the day of its report."""
        if claim.when and self._may_be_dated(claim):
            return bounds(claim.when)
        if claim.unit == "edtf" and claim.value:
            return bounds(claim.value)
        if claim.when_rule == BEFORE_REPORT:
            return Bounds(BEGINNING, reported)
        return UNKNOWN

    def _when(self, claim: ClaimWithEvidence, days: Bounds) -> str:
        rule = self.material.rules.get(claim.when_rule or "", claim.when_rule)
        when = claim.when if self._may_be_dated(claim) else None
        return when_words(when, rule, claim.value if claim.unit == "edtf" else None, days)

    def _may_be_dated(self, claim: ClaimWithEvidence) -> bool:
        """Whether the passage or source that its date comes from may be named."""
        origin, hidden = claim.when_from or "", self.material.hidden
        passage = self.material.passages.get(origin)
        return origin not in hidden and (passage is None or passage.source not in hidden)

    # --- differences ----------------------------------------------------------------------------

    def _differs(self, claim: ClaimWithEvidence, numbers: Mapping[str, int]) -> Differs:
        found = [
            (d.how, numbers[d.claim])
            for d in claim.differences
            if d.claim in numbers and self._still_differs(claim, d.how, d.sources)
        ]
        return tuple(sorted(found))

    def _still_differs(self, claim: ClaimWithEvidence, how: str, others: frozenset[str]) -> bool:
        """Whether two claims differ without their confidential sources."""
        ours = {s.source for s in claim.supports}
        theirs = others - self.material.hidden
        if how == "wording":
            # Words differ only between sources that do not both use both, as
            # graph/ingest/differences.py has it.
            return bool(ours - theirs) and bool(theirs - ours)
        return bool(theirs)

    def _is_contested(self, claim: ClaimWithEvidence) -> bool:
        return any(
            d.how in CONTESTING
            and self._still_differs(claim, d.how, d.sources)
            and d.claim not in self.selection.dropped
            for d in claim.differences
        )

    # --- second readings ------------------------------------------------------------------------

    def _readings_by_claim(self) -> Mapping[str, list[SecondReading]]:
        """The second readings of the case and of this pack, by the claim's id, the latest
        first."""
        found: dict[str, list[SecondReading]] = {}
        readings: Iterable[SecondReading] = (*self.material.reviews, *self.redactor.choices.checked)
        for reading in sorted(readings, key=lambda c: (c.on, c.by), reverse=True):
            found.setdefault(self.redactor.local(reading.claim), []).append(reading)
        return found

    def _checked(self, claim: ClaimWithEvidence) -> tuple[str, str] | None:
        """Who checked a claim and when, if its evidence is what it was then."""
        known = self.readings.get(self.redactor.local(claim.id), ())
        if not known:
            return None
        now = self.material.evidence(claim)
        return next(((one.by, one.on) for one in known if one.evidence == now), None)

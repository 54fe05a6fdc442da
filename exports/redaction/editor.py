"""From all that the graph holds behind a view to what may leave of it.

Nothing here trusts a stored number: status, origins, publishers, disputes, degrees and days are
made anew from what is left, as if what stayed behind had never been.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from exports.disk_list import Shelf, ordered
from exports.material import Material, Support, Told
from exports.names.decide import FEWEST, ROLE_KINDS, Namesake, Naming, decide
from exports.pack.choices import Check, Choices, Reply
from exports.pack.report import Allegation, LeftOut, Report
from exports.publication import Entity, Evidence, Fact, Publication, Source
from exports.redaction.decisions import resolved, unmet
from exports.writing.references import source_text
from exports.writing.sentences import said
from graph.errors import RevealingSource
from graph.explore.inspector import when_words
from graph.explore.layout import layout
from graph.explore.subgraph import NodeView, Point, RelationshipView, Subgraph
from graph.explore.view import Step
from graph.ingest.judgement import BEFORE_REPORT
from graph.model.dates import END, bounds
from graph.model.origins import origins
from graph.model.schema import Property, Schema
from graph.model.types.claims import CONTESTING, STATUSES
from graph.model.wording import plain, sentence

_TEXTS: Final = ("value", "base")
_NOT_OF_ROLE: Final = "not a fact of the role in which somebody is named"
_LISTED: Final = 12
"""Places that one message names."""


@dataclass(frozen=True)
class _Drafted:
    """A fact without a number yet, the claim that it is, and the code of its evidence."""

    fact: Fact
    claim: str
    evidence: str

    def place(self) -> tuple[int, str, str, str]:
        """Relationships first, then figures, then what is said; the oldest first."""
        order = {"relationship": 0, "figure": 1}
        fact = self.fact
        return (order.get(fact.kind, 2), fact.earliest, fact.sentence, fact.id)


@dataclass(frozen=True)
class Prepared:
    """A publication, what the newsroom must know of it, and the names that it must not hold."""

    publication: Publication
    report: Report
    naming: Naming


def publish(material: Material, choices: Choices) -> Prepared:
    """What may leave of a view, and the newsroom's report on it.

    Raises RevealingSource if a cited title, address or publisher gives a redacted name away and
    nobody has overridden that with a reason, and ExportError if whom the choices keep private is
    not there.
    """
    return _Editor(material, resolved(material, choices)).prepared()


class _Editor:
    """Makes one publication. What it decides on the way goes into the report."""

    def __init__(self, material: Material, choices: Choices) -> None:
        self.material, self.choices, self.schema = material, choices, material.schema
        self.naming = decide(material, choices)
        self.report = Report(
            choices.pack, material.engine, material.view.cypher, material.view.parameters,
            overrides=dict(choices.overrides), allowed=dict(choices.allowed),
            others=dict(choices.others),
        )  # fmt: skip
        self._of_role = self.schema.names("of_role")
        self.gone: set[str] = set()
        self._dropped: set[str] = set()
        self._beside_role: set[str] = set()
        self._ids: dict[str, str] = {}
        self._own: set[str] = set()
        self._moved = False
        self._checks = self._all_checks()
        self._asked = self._all_replies()

    def prepared(self) -> Prepared:
        told = Shelf(self._what_stays())
        if cut_off := self._cut_off():
            told = Shelf(c for c in told if not cut_off.intersection(_ends(c)))
        self._go_with_their_claims(told)
        self._sources = _Sources(self, told)
        here = [n for n in self.material.view.nodes if n.id not in self.gone]
        facts = self._facts(told)
        entities = self._entities(here, facts)
        warn = [
            *_warnings(entities, facts, self.schema),
            *_undecided(entities, facts, self.schema),
            *self._left_alone(entities),
        ]
        publication = self._publication(entities, facts)
        publication = replace(publication, exempt=tuple(self._exempt(publication)))
        self.report.warnings += [*unmet(self.material, self.choices), *warn]
        self.report.warnings += self._other_warnings(publication)
        self.report.decisions = self._decisions(publication)
        self.report.namesakes = self._namesakes(here)
        self.report.allegations = self._allegations(facts)
        self.report.ids = dict(self._ids)
        return Prepared(publication, self.report, self.naming)

    # --- texts and ids --------------------------------------------------------------------------

    def local(self, id_: str) -> str:
        """An id without its case."""
        return id_.removeprefix(f"{self.material.case}:")

    def id(self, kind: str, id_: str, *, hide: bool = False) -> str:
        """The pack's id of an id of the graph: its own, unless that would tell a name."""
        local = self.local(id_)
        if id_ in self._ids or id_ in self._own:
            return self._ids.get(id_, local)
        terms = (self.naming.private, self.naming.protected)
        if hide or self.naming.is_redacted(id_) or any(t.in_id(local) for t in terms):
            local = self._ids[id_] = f"{kind.lower()}-{self.choices.code(kind, id_, 10).lower()}"
        elif kind in self.schema.nodes:
            self._own.add(id_)  # of claims and passages there may be too many to remember
        return local

    def text(self, text: str, about: Iterable[str] = ()) -> str:
        """A text, told of these entities, with whoever is not named called by a pseudonym."""
        alone = self._singles(about)
        out = self.naming.private.replaced(text, alone)
        if out != text:
            for owner in self.naming.private.owners_in(text, alone):
                self.report.replaced[owner] = self.report.replaced.get(owner, 0) + 1
        return out

    def value(self, value: Any, about: Iterable[str] = ()) -> Any:
        """A property's value, with the texts in it as `text` makes them."""
        if isinstance(value, str):
            return self.text(value, about)
        if isinstance(value, list | tuple):
            return [self.value(item, about) for item in value]
        return value

    def caption(self, id_: str) -> str:
        """What an entity is called in the pack."""
        decision = self.naming.decisions.get(id_)
        if decision is not None and decision.instead:
            return decision.instead
        return self.text(str(self.material.entities[id_]["caption"]), self._around(id_))

    def _singles(self, about: Iterable[str]) -> frozenset[str]:
        return self.naming.singles(about) if self._has_singles else frozenset()

    def _around(self, id_: str) -> frozenset[str]:
        """An entity, and all that this view tells together with it."""
        return self._together.get(id_, frozenset()) | {id_}

    @cached_property
    def _has_singles(self) -> bool:
        return any(one.singles for one in self.naming.namesakes.values())

    @cached_property
    def _together(self) -> Mapping[str, frozenset[str]]:
        """What each entity is told together with; of use only where a name is a single word."""
        found: dict[str, set[str]] = {}
        for claim in self.material.claims if self._has_singles else ():
            ends = _ends(claim)
            for end in ends:
                found.setdefault(end, set()).update(ends)
        return {id_: frozenset(others) for id_, others in found.items()}

    def _tells(self, about: Iterable[str], *texts: object) -> bool:
        """Whether a text, told of these entities, names somebody of whom there must be no trace."""
        protected = self.naming.protected
        if not protected:
            return False
        alone = self._singles(about)
        return any(protected.tells(text, alone) for text in texts if isinstance(text, str))

    def _leave(self, what: str, id_: str, why: str) -> None:
        self.report.left_out.append(LeftOut(what, id_, why))

    # --- what stays -----------------------------------------------------------------------------

    def _what_stays(self) -> Iterator[Told]:
        """The claims that stay, with the supports that stay; `gone` are the entities that do
        not."""
        for node in self.material.view.nodes:
            why = self._why_gone(node)
            if why:
                self.gone.add(node.id)
                self._leave(self.schema.nodes[node.label].words, node.id, why)
        for claim in self.material.claims:
            kept = self._kept(claim)
            if kept is None:
                self._dropped.add(claim.id)
            else:
                yield kept

    def _cut_off(self) -> frozenset[str]:
        """Take out what only relationships that are gone joined to what the view was asked about.

        By being there it would tell that something joins it.
        """
        view = self.material.view
        start = _asked_about(view)
        left = [relationship for relationship in view.relationships if self._is_left(relationship)]
        if len(left) == len(view.relationships) or not start:
            return frozenset()
        before, after = _reached(start, view.relationships), _reached(start - self.gone, left)
        off = frozenset(before - after - self.gone)
        for node in view.nodes:
            if node.id in off:
                self.gone.add(node.id)
                words = self.schema.nodes[node.label].words
                self._leave(words, node.id, "nothing that is left joins it to what was asked about")
        return off

    def _is_left(self, relationship: RelationshipView) -> bool:
        return relationship.id not in self._dropped and not self.gone & {
            relationship.source,
            relationship.target,
        }

    def _go_with_their_claims(self, told: Iterable[Told]) -> None:
        """Take out the entities of which nothing is left that was told of them."""
        had = {end for c in self.material.claims for end in _ends(c)}
        left = had - {end for c in told for end in _ends(c)}
        for node in self.material.view.nodes:
            if node.id in left and node.id not in self.gone:
                self.gone.add(node.id)
                self._leave(self.schema.nodes[node.label].words, node.id, "nothing on it is left")

    def _why_gone(self, node: NodeView) -> str:
        """Why an entity leaves no trace; empty if it stays."""
        out = self.choices.left_out
        if self.naming.how(node.id) == "protect":
            return f"protected: {self.naming.decisions[node.id].why}"
        if node.id in self.material.only_hidden:
            return "only confidential sources tell of it"
        if node.id in out or self.local(node.id) in out or node.label in out:
            return "left out of this pack"
        found = self.material.entities[node.id]
        printed = self.schema.nodes[node.label].printed
        texts = [found[prop.name] for prop in printed if prop.name in found]
        flat = [t for v in texts for t in (v if isinstance(v, list) else [v])]
        if self._tells(self._around(node.id), node.caption, *flat):
            return "it names somebody who is protected"
        return ""

    def _kept(self, claim: Told) -> Told | None:
        """A claim with what may stay behind it; None if it does not stay."""
        supports = tuple(s for s in claim.supports if self._may_stand(s))
        why = self._why_not(claim, supports)
        if why:
            self._leave("claim", claim.id, why)
            if why == _NOT_OF_ROLE:
                self._beside_role.add(claim.id)
            return None
        if len(supports) < len(claim.supports):
            passages = {s.passage for s in claim.supports} - {s.passage for s in supports}
            self._leave("support of", claim.id, f"passages {', '.join(sorted(passages))}")
            self.report.supports[claim.id] = sorted(passages)
        return replace(claim, supports=supports)

    def _may_stand(self, support: Support) -> bool:
        if support.source in self.material.hidden:
            return False
        speaker = support.properties.get("said_by")
        if speaker is not None and self.naming.how(speaker) == "protect":
            return False
        passage = self.material.passages[support.passage]
        told = (passage.get("gist"), support.properties.get("as_worded"))
        return not self._tells(_told_of(passage), *told, support.properties.get("hedge"))

    def _why_not(self, claim: Told, supports: tuple[Support, ...]) -> str:
        found, out = claim.properties, self.choices.left_out
        ends = _ends(claim)
        if any(end in self.gone or self.naming.how(end) == "protect" for end in ends):
            return "it is on something that stayed behind"
        if not supports:
            return "no source that may be named tells of it"
        if claim.id in out or self.local(claim.id) in out or found.get("predicate") in out:
            return "left out of this pack"
        if self._tells(ends, *(found.get(name) for name in _TEXTS)):
            return "it names somebody who is protected"
        if found["kind"] == "wording" and self.naming.how(found["subject"]) in (
            "private",
            "general",
        ):
            return "how sources call somebody who is not named"
        return self._why_not_role(claim, ends)

    def _why_not_role(self, claim: Told, ends: tuple[str, ...]) -> str:
        found = claim.properties
        of_role = (
            found.get("predicate") in self.schema.names("of_role") or found["kind"] in ROLE_KINDS
        )
        kept = claim.id in self.choices.kept or self.local(claim.id) in self.choices.kept
        if of_role or kept or not any(self.naming.how(end) == "role" for end in ends):
            return ""
        return _NOT_OF_ROLE

    # --- facts ----------------------------------------------------------------------------------

    def _facts(self, told: Sequence[Told]) -> Shelf[Fact]:
        """The facts in order and numbered; what the newsroom must know of each is noted."""
        made = Shelf(ordered(map(self._drafted, told), key=_Drafted.place))
        named = {d.claim for claim in told for d in claim.differences}
        numbers = {d.claim: n for n, d in enumerate(made, start=1) if d.claim in named}
        differs = {
            claim.id: found
            for claim in told
            if claim.differences and (found := self._differs(claim, numbers))
        }
        self.report.checks = Shelf((self.local(d.claim), d.evidence, d.fact.checked) for d in made)
        return Shelf(
            self._numbered(n, d, differs.get(d.claim, ())) for n, d in enumerate(made, start=1)
        )

    def _drafted(self, claim: Told) -> _Drafted:
        return _Drafted(self._fact(claim), claim.id, self.material.evidence(claim))

    def _numbered(
        self, number: int, drafted: _Drafted, differs: tuple[tuple[str, int], ...]
    ) -> Fact:
        if drafted.fact.checked is None:
            self.report.unchecked.append(number)
            if self.local(drafted.claim) in self._checks:
                self.report.void.append(number)
        return replace(drafted.fact, number=number, differs=differs)

    def _differs(self, claim: Told, numbers: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
        found = [
            (d.how, numbers[d.claim])
            for d in claim.differences
            if d.claim in numbers and self._still_differs(claim, d.how, d.sources)
        ]
        return tuple(sorted(found))

    def _still_differs(self, claim: Told, how: str, others: frozenset[str]) -> bool:
        """Whether two claims differ still, with confidential sources away."""
        ours = {s.source for s in claim.supports}
        theirs = others - self.material.hidden
        if how == "wording":
            # Words differ only between sources that do not both use both, as
            # graph/ingest/differences.py has it.
            return bool(ours - theirs) and bool(theirs - ours)
        return bool(theirs)

    def _is_contested(self, claim: Told) -> bool:
        return any(
            d.how in CONTESTING
            and self._still_differs(claim, d.how, d.sources)
            and d.claim not in self._dropped
            for d in claim.differences
        )

    def _fact(self, claim: Told) -> Fact:
        found, hide, ends = claim.properties, self._touches_redacted(claim), _ends(claim)
        ranks = sorted(STATUSES.index(s.properties["status"]) for s in claim.supports)
        evidence = tuple(self._evidence(s, hide=hide) for s in claim.supports)
        earliest, latest, reported, dated = self._days(claim)
        known, not_stated, publishers = self._sources.counts(claim)
        subject, obj = found["subject"], found.get("object")
        bare = self._sentence(found)
        status = STATUSES[ranks[0]]
        days = {**dated, "earliest": earliest, "latest": latest, "reported": reported}
        if rule := days.get("when_rule"):
            days["when_rule"] = self.material.rules.get(rule, rule)
        trusted = not self.material.hidden_figures and self.material.until is None
        return Fact(
            number=0,
            id=self.id("claim", claim.id, hide=hide),
            kind=found["kind"],
            subject=self.id(self.material.labels[subject], subject),
            predicate=found.get("predicate"),
            object=self.id(self.material.labels[obj], obj) if obj else None,
            measure=self.value(found.get("measure"), ends),
            value=self.value(found.get("value"), ends),
            unit=self.value(found.get("unit"), ends),
            comparator=found.get("comparator"),
            base=self.value(found.get("base"), ends),
            polarity=found["polarity"],
            properties=self._claim_properties(found),
            sentence=bare,
            said=said(bare, status, evidence, self._sources.captions),
            status=status,
            weakest=STATUSES[ranks[-1]],
            origins=known,
            not_stated=not_stated,
            publishers=publishers,
            contested=self._is_contested(claim),
            when=self.text(when_words({**found, **days} if dated else {**_undated(found), **days})),
            earliest=earliest,
            latest=latest,
            reported=reported,
            computed=found.get("computed") if trusted else None,
            follows=found.get("follows") if trusted else None,
            evidence=evidence,
            differs=(),
            checked=self._checked(claim),
        )

    def _sentence(self, found: Mapping[str, Any]) -> str:
        names = ("predicate", "kind", "value", "measure", "unit", "comparator")
        claim = {name: found.get(name) for name in names} | {"polarity": found["polarity"]}
        claim |= self._claim_properties(found)
        ends = [end for end in (found["subject"], found.get("object")) if end]
        claim |= {name: self.value(claim[name], ends) for name in ("value", "measure", "unit")}
        obj = found.get("object")
        second = self.caption(obj) if obj else None
        return sentence(claim, self.caption(found["subject"]), second, self.schema)

    def _claim_properties(self, found: Mapping[str, Any]) -> dict[str, Any]:
        if not found.get("predicate"):
            return {}
        declared = self.schema.relationships[found["predicate"]].properties
        out = self.choices.left_out
        return {
            prop.name: self.value(found[prop.name], (found["subject"], found["object"]))
            for prop in declared
            if prop.name in found and f"{found['predicate']}.{prop.name}" not in out
        }

    def _touches_redacted(self, claim: Told) -> bool:
        return any(self.naming.is_redacted(end) for end in _ends(claim)) or any(
            self.naming.is_redacted(s.properties.get("said_by")) for s in claim.supports
        )

    def _evidence(self, support: Support, *, hide: bool) -> Evidence:
        passage, found = self.material.passages[support.passage], support.properties
        about = _told_of(passage)
        gist, speaker = self.text(passage["gist"], about), found.get("said_by")
        hide = hide or gist != passage["gist"] or any(map(self.naming.is_redacted, about))
        rule = found.get("rule")
        words = self.material.rules.get(rule, plain(rule)) if rule else None
        return Evidence(
            passage=self.id("passage", support.passage),
            source=self._sources.numbers[support.source],
            status=found["status"],
            gist=gist,
            said_by=self.caption(speaker)
            if speaker and speaker in self.material.entities
            else None,
            as_worded=None if hide else self.value(found.get("as_worded"), about),
            hedge=self.value(found.get("hedge"), about),
            quoted=bool(found.get("quoted")),
            rule=self.value(words),
            relays=self._sources.cited(support.relays),
            start=None if hide else passage.get("start"),
            end=None if hide else passage.get("end"),
            sha256=None if hide else passage.get("sha256"),
        )

    def _days(self, claim: Told) -> tuple[str, str, str, dict[str, Any]]:
        """Earliest, latest and reported day, and the date as it is told, made anew."""
        found = claim.properties
        reported = min(self._sources.day(s.source) for s in claim.supports)
        dated = {k: found[k] for k in ("when", "when_rule", "unit", "value") if found.get(k)}
        stands = self._date_stands(found)
        if found.get("when") and stands:
            span = bounds(found["when"])
            return span.earliest, span.latest, reported, dated
        if found.get("unit") == "edtf":
            span = bounds(found["value"])
            return span.earliest, span.latest, reported, dated
        if found.get("when_rule") == BEFORE_REPORT:
            return "0001-01-01", reported, reported, dated
        return "0001-01-01", END, reported, dated if stands else {}

    def _date_stands(self, found: Mapping[str, Any]) -> bool:
        """Whether the passage or source that a date comes from may be named."""
        origin = found.get("when_from")
        if not origin:
            return True
        full = origin if ":" in origin else f"{self.material.case}:{origin}"
        passage = self.material.passages.get(full)
        return full not in self.material.hidden and (
            passage is None or passage["source"] not in self.material.hidden
        )

    # --- what the newsroom did itself -----------------------------------------------------------

    def _all_checks(self) -> Mapping[str, list[Check]]:
        """The checks of the case and of this pack, by the claim's local id, the latest first."""
        found: dict[str, list[Check]] = {}
        own = (
            Check(r["claim"], r["evidence"], r["checked_by"], r["checked_on"])
            for r in self.material.reviews
        )
        for check in (*own, *self.choices.checked):
            found.setdefault(self.local(check.claim), []).append(check)
        for checks in found.values():
            checks.sort(key=lambda c: (c.on, c.by), reverse=True)
        return found

    def _all_replies(self) -> list[Reply]:
        """What the newsroom asked, by the case's tables and for this pack."""
        own = (
            Reply(
                r["party"], r.get("allegation", ""), r["asked_on"], r.get("deadline", ""),
                r.get("answer", ""),
            )
            for r in self.material.replies
        )  # fmt: skip
        return [*own, *self.choices.replies]

    def _checked(self, claim: Told) -> tuple[str, str] | None:
        """Who checked a claim and when, if its evidence is what it was then."""
        known = self._checks.get(self.local(claim.id), ())
        if not known:
            return None
        now = self.material.evidence(claim)
        return next(((c.by, c.on) for c in known if c.evidence == now), None)

    # --- entities ---------------------------------------------------------------------------------

    def _entities(self, here: list[NodeView], facts: Sequence[Fact]) -> tuple[Entity, ...]:
        degree = Counter(
            end for f in facts if f.is_relationship for end in (f.subject, str(f.object))
        )
        backed = {
            (f.subject, f.measure, f.value)
            for f in facts
            if f.kind == "figure" and f.value and f.measure in self.schema.dates
        }
        made = []
        for node in here:
            id_ = self.id(node.label, node.id)
            properties = self._properties(node, id_, backed)
            named = self.naming.how(node.id) not in ("private", "protect")
            caption = self.caption(node.id)
            made.append(Entity(id_, node.label, caption, properties, named, degree[id_], 0.0, 0.0))
        order = list(self.schema.nodes)
        made.sort(key=lambda t: (order.index(t.label), t.caption.casefold(), t.id))
        places = self._places(here, made, facts)
        return tuple(replace(t, x=places[t.id][0], y=places[t.id][1]) for t in made)

    def _properties(self, node: NodeView, id_: str, backed: set[Any]) -> dict[str, Any]:
        """The properties that may be printed; of something that is not named, hardly any."""
        found, kept = self.material.entities[node.id], {}
        redacted, about = self.naming.how(node.id) in ("private", "general"), self._around(node.id)
        for prop in self.schema.nodes[node.label].printed:
            value = found.get(prop.name)
            if value in (None, "", []) or f"{node.label}.{prop.name}" in self.choices.left_out:
                continue
            if redacted and prop.kind != "term":
                continue
            if prop.kind == "edtf" and (id_, prop.name, value) not in backed:
                continue
            if prop.kind == "id":
                value = self._named_id(prop, str(value))
                if value is None:
                    continue
            kept[prop.name] = self.value(value, about)
        return kept

    def _left_alone(self, entities: tuple[Entity, ...]) -> Iterator[str]:
        """Where an entity's relationships in the view are all gone, which may tell that there is
        one."""
        had = {
            end
            for relationship in self.material.view.relationships
            for end in (relationship.source, relationship.target)
        }
        out = {self._out(id_) for id_ in had}
        for entity in entities:
            if not entity.degree and entity.id in out:
                yield (
                    f"Nothing is left of what connected {entity.caption} to the rest: that it is here "
                    "may tell that something does. It can be left out."
                )

    def _named_id(self, prop: Property, id_: str) -> str | None:
        """What a property that names another thing says: its caption, or None if it may not."""
        if prop.to == "entity":
            known = id_ in self.material.entities and self.naming.how(id_) != "protect"
            return self.caption(id_) if known else None
        number = self._sources.numbers.get(id_)
        return f"S{number}" if number else None

    def _places(
        self, here: list[NodeView], made: list[Entity], facts: Sequence[Fact]
    ) -> dict[str, Point]:
        """Where everything lies: as on screen, or anew where a gap would show what is gone."""
        asked = self.choices.positions
        placed = {n.id: asked.get(n.id, n.position) for n in here}
        # Who is named in a role is there: that more is told of them elsewhere is no secret.
        went = bool(self.gone) or any(
            not self._is_left(relationship) and relationship.id not in self._beside_role
            for relationship in self.material.view.relationships
        )
        if not went and all(placed.values()):
            return {self.id(n.label, n.id): placed[n.id] or (0.0, 0.0) for n in here}
        view = Subgraph(
            tuple(NodeView(t.id, t.label, t.caption, rank=t.degree) for t in made),
            tuple(
                RelationshipView(f.id, str(f.predicate), f.subject, str(f.object))
                for f in facts
                if f.is_relationship
            ),
            schema=self.schema,
        )
        self._moved = True
        if went and any(placed.values()):
            self.report.warnings.append(
                "Something that was drawn is out, so the picture was laid out anew and is not as "
                "on screen."
            )
        return layout(view)

    # --- the whole ------------------------------------------------------------------------------

    def _publication(self, entities: tuple[Entity, ...], facts: Sequence[Fact]) -> Publication:
        choices, material = self.choices, self.material
        view, reasons = material.view, []
        if any(f.checked is None for f in facts):
            reasons.append("not everything was checked by a second person")
        # The numbers of the whole would count what must not be known to be there.
        tells = bool(material.hidden) or any(
            d.how == "protect" for d in self.naming.decisions.values()
        )
        total = None
        if view.is_cut and not tells:
            total = (
                max(view.total_nodes or 0, len(entities)),
                max(view.total_relationships or 0, sum(f.is_relationship for f in facts)),
            )
        lit = {self._out(id_) for step in choices.steps for id_ in step.lit}
        here = {t.id for t in entities} | {f.id for f in facts if f.id in lit}
        return Publication(
            schema=self.schema,
            pack=choices.pack,
            title=self.text(choices.title or material.title),
            summary=self.text(choices.summary or material.summary),
            language=choices.language or material.language,
            accessed=choices.accessed,
            case=material.case,
            case_title=self.text(material.title),
            load=material.load,
            entities=entities,
            facts=facts,
            sources=self._sources.entries(),
            is_cut=view.is_cut,
            total=total,
            steps=tuple(self._step(step, here) for step in choices.steps),
            licence=choices.licence,
            embargo=choices.embargo,
            replaces=choices.replaces,
            until=material.until or "",
            draft=tuple(reasons),
        )

    def _exempt(self, publication: Publication) -> Iterator[str]:
        """The texts that may hold a name, by decision; a mere name only where a source is cited."""
        exempt = self._sources.exempt
        yield from exempt
        mere = set(filter(self.naming.is_mere_name, exempt))
        for source in publication.sources if mere else ():
            if not mere.isdisjoint((source.publisher, source.title)):
                yield source_text(source, publication)
                yield f"{source.caption} ({source.publisher})"

    def _out(self, id_: str) -> str:
        """The pack's id of something that has one, by its id with or without the case."""
        local = self.local(id_)
        return self._ids.get(f"{self.material.case}:{local}", local)

    def _step(self, step: Step, here: set[str]) -> Step:
        lit = tuple(out for id_ in step.lit if (out := self._out(id_)) in here)
        # Where everything lies elsewhere, a step looks at the whole.
        view = None if self._moved else step.view
        about = {id_ for name in step.lit for id_ in (name, f"{self.material.case}:{name}")}
        words = {"title": self.text(step.title, about), "text": self.text(step.text, about)}
        return replace(step, **words, lit=lit, view=view)

    def _decisions(self, publication: Publication) -> list[Any]:
        """The decisions that matter here: on what is in the view, and on names that were met."""
        met = set(self.report.replaced) | {n.id for n in self.material.view.nodes}
        met |= set(self.material.entities)
        return sorted(
            (d for d in self.naming.decisions.values() if d.id in met),
            key=lambda d: (d.how, d.label, d.id),
        )

    def _namesakes(self, here: Iterable[NodeView]) -> list[Namesake]:
        """Who is named here although their name has a word of somebody's who is not."""
        seen = {node.id for node in here} | set(self.material.entities)
        known = self.naming.namesakes.values()
        return sorted((n for n in known if n.id in seen), key=lambda n: (n.caption, n.id))

    def _allegations(self, facts: Sequence[Fact]) -> list[Allegation]:
        """Who stands under an allegation in this publication, and what they answered."""
        back = {out: id_ for id_, out in self._ids.items()}
        joined = _joined(facts, self.schema)
        found = []
        for fact in facts:
            if not any(e.status == "alleged" for e in fact.evidence):
                continue
            speakers = {e.said_by for e in fact.evidence if e.status == "alleged"}
            for party in self._parties(fact, joined, back):
                id_ = self._in(party, back)
                if speakers == {self.caption(id_)}:
                    continue  # what somebody says of themselves is no allegation against them
                caption = str(self.material.entities[id_]["caption"])
                replies = self._replies(id_, self._in(fact.id, back))
                found.append(Allegation(id_, caption, fact.said, fact.number, replies))
        return found

    def _parties(self, fact: Fact, joined: _Joined, back: Mapping[str, str]) -> Sequence[str]:
        """Whom an alleged fact accuses: its subject, or who is behind what it is about.

        The reason given for an order or a measure accuses those whom that reached, not those who
        gave it.
        """
        if self._is_actor(fact.subject, back):
            return [fact.subject]
        if fact.kind == "ground" and self._reaches(fact.subject, back):
            reached = joined.reached.get(fact.subject, [])
            return [party for party in reached if self._is_actor(party, back)]
        return joined.doers.get(fact.subject, [])

    def _is_actor(self, out: str, back: Mapping[str, str]) -> bool:
        return self.schema.nodes[self._label(out, back)].acts

    def _reaches(self, out: str, back: Mapping[str, str]) -> bool:
        """Whether it is of a type that reaches somebody, as an order or a measure does."""
        label, types = self._label(out, back), self.schema.relationships.values()
        return any(t.side == "reaches" and label in t.sources for t in types)

    def _label(self, out: str, back: Mapping[str, str]) -> str:
        return self.material.labels[self._in(out, back)]

    def _in(self, out: str, back: Mapping[str, str]) -> str:
        """The graph's id of one of the pack's."""
        return back.get(out) or f"{self.material.case}:{out}"

    def _replies(self, party: str, claim: str) -> tuple[Reply, ...]:
        """What a party was asked on a claim, or on all that is alleged of it."""
        return tuple(
            r
            for r in self._asked
            if self.local(r.party) == self.local(party)
            and self.local(r.allegation) in ("", self.local(claim))
        )

    def _other_warnings(self, publication: Publication) -> list[str]:
        found = []
        if publication.until:
            found.append(
                f"Only what was published by {publication.until} is here: status, origins and "
                "disputes are those of that day, not of today."
            )
        if publication.is_cut:
            found.append("The view was cut at a limit: not everything that is known is here.")
        if self.material.hidden_figures:
            found.append(
                "Confidential sources tell of figures, so no figure here says whether it adds up."
            )
        for source in publication.sources:
            if source.status in ("corrected", "retracted"):
                found.append(f"Source S{source.number} ({source.caption}) was {source.status}.")
        return found


class _Sources:
    """The sources that are cited, numbered in the order in which they are met."""

    def __init__(self, editor: _Editor, told: Iterable[Told]) -> None:
        self.editor, self.material = editor, editor.material
        self._hidden = self.material.hidden
        self.numbers: dict[str, int] = {}
        direct = sorted({s.source for claim in told for s in claim.supports})
        passed = sorted({end for claim in told for s in claim.supports for end in s.relays})
        for source in (*direct, *passed):
            self._number(source)
        self.captions = {n: self._caption(s) for s, n in self.numbers.items()}
        self.exempt = self._check()

    def _number(self, source: str) -> None:
        if source in self._hidden or source in self.numbers or source not in self.material.sources:
            return
        self.numbers[source] = len(self.numbers) + 1
        for end in self.material.relayed.get(source, ()):
            self._number(end)

    def _caption(self, source: str) -> str:
        return self.editor.text(str(self.material.sources[source]["caption"]))

    def cited(self, sources: Iterable[str]) -> tuple[int, ...]:
        """The numbers of sources, those left that may be named."""
        return tuple(sorted(self.numbers[s] for s in sources if s in self.numbers))

    def day(self, source: str) -> str:
        """The latest day on which a source can have been published."""
        day = self.material.sources[source].get("published_on")
        return bounds(day).latest if day else END

    def counts(self, claim: Told) -> tuple[int, int, int]:
        """Known origins, sources whose origin is not stated, and publishers."""
        supporting: dict[str, set[str]] = {}
        for support in claim.supports:
            ends = supporting.setdefault(support.source, set())
            ends.update(end for end in support.relays if end not in self._hidden)
        found = origins(
            {source: sorted(ends) for source, ends in sorted(supporting.items())},
            lambda source: source in self.material.held,
            lambda source: [
                e for e in self.material.relayed.get(source, ()) if e not in self._hidden
            ],
        )
        publishers = {
            self.material.sources[s].get("publisher") or f"source:{s}" for s in supporting
        }
        return len(found.known), len(found.not_stated), len(publishers)

    def _check(self) -> tuple[str, ...]:
        """The texts that give a name away and are printed all the same.

        Raises RevealingSource for those that nobody has overridden.
        """
        blocked, exempt = [], []
        for source in self.numbers:
            found = self.material.sources[source]
            for name in ("title", "url", "publisher"):
                text = found.get(name)
                if not text or not self._reveals(text):
                    continue
                if self._overridden(source):
                    exempt.append(str(text))
                else:
                    blocked.append(f"the {name} of {source}")
        if blocked:
            more = f" and {len(blocked) - _LISTED} more" if len(blocked) > _LISTED else ""
            raise RevealingSource(
                f"A name that is not to be printed stands in {', '.join(blocked[:_LISTED])}{more}; "
                "leave what rests on it out, or override it for this pack with a reason."
            )
        return tuple(sorted(set(exempt)))

    def _overridden(self, source: str) -> bool:
        given = self.editor.choices.overrides
        return bool(given.get(source) or given.get(self.editor.local(source)))

    def _reveals(self, text: str) -> bool:
        # What is cited is printed as it stands: a name of a single word could be anybody's.
        terms = (self.editor.naming.private, self.editor.naming.protected)
        return any(t.tells(text, small=True) for t in terms)

    def entries(self) -> tuple[Source, ...]:
        """What is cited, by number."""
        return tuple(self._entry(source, number) for source, number in self.numbers.items())

    def _entry(self, source: str, number: int) -> Source:
        found = self.material.sources[source]
        return Source(
            number=number,
            id=self.editor.id("source", source),
            kind=found["kind"],
            caption=self.captions[number],
            publisher=found.get("publisher"),
            title=found.get("title"),
            published_on=found.get("published_on"),
            published_basis=found.get("published_basis"),
            url=found.get("url"),
            language=found.get("language"),
            sha256=found.get("sha256"),
            text_sha256=found.get("text_sha256"),
            status=found.get("status"),
            relays=self.cited(self.material.relayed.get(source, ())),
            held=source in self.material.held,
        )


@dataclass(frozen=True)
class _Joined:
    """Who is behind an entity, and whom an order or a measure reached, by the pack's ids."""

    doers: Mapping[str, Sequence[str]]
    reached: Mapping[str, Sequence[str]]


def _joined(facts: Iterable[Fact], schema: Schema) -> _Joined:
    doers: dict[str, list[str]] = {}
    reached: dict[str, list[str]] = {}
    for fact in facts:
        side = schema.relationships[str(fact.predicate)].side if fact.is_relationship else None
        if side == "does":
            doers.setdefault(str(fact.object), []).append(fact.subject)
        elif side == "reaches":
            reached.setdefault(fact.subject, []).append(str(fact.object))
    return _Joined(doers, reached)


def _told_of(passage: Mapping[str, Any]) -> Sequence[str]:
    """Whom with a name a passage tells of."""
    told: Sequence[str] = passage.get("told_of", ())
    return told


def _ends(claim: Told) -> tuple[str, ...]:
    found = claim.properties
    return (found["subject"], found["object"]) if found.get("object") else (found["subject"],)


def _asked_about(view: Subgraph) -> set[str]:
    """The entities of a view that its question names."""
    here = {node.id for node in view.nodes}
    asked: set[str] = set()
    for value in view.parameters.values():
        asked |= here.intersection(value if isinstance(value, list | tuple) else [str(value)])
    return asked


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


def _undated(found: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in found.items() if k not in ("when", "when_rule", "when_basis")}


def _warnings(entities: tuple[Entity, ...], facts: Sequence[Fact], schema: Schema) -> list[str]:
    """Where somebody who is not named could be told by where they stand in the picture."""
    found, degrees = [], Counter((t.label, t.degree) for t in entities)
    held: dict[str, list[tuple[Any, Any]]] = {}
    for fact in facts:
        title = schema.role_of(fact.predicate)
        if title:
            role = (fact.object, fact.properties.get(title))
            held.setdefault(fact.subject, []).append(role)
    roles = Counter(role for those in held.values() for role in those)
    for entity in entities:
        if entity.named:
            continue
        if degrees[(entity.label, entity.degree)] == 1 and entity.degree:
            words = schema.words(entity.label)
            found.append(
                f"{entity.caption} is the only {words} with that number of connections "
                f"here ({entity.degree}), and may be known by that."
            )
        for role in held.get(entity.id, ()):
            if roles[role] == 1:
                found.append(
                    f"{entity.caption} is the only one with the role “{role[1]}”, and may be known "
                    "by that."
                )
    return found


def _undecided(
    entities: tuple[Entity, ...], facts: Iterable[Fact], schema: Schema
) -> Iterator[str]:
    """Where only an editor knows whether a body is one person's, or a group is small."""
    holders: dict[str, set[str]] = {}
    members: dict[str, set[str]] = {}
    sized = set()
    for fact in facts:
        if schema.role_of(fact.predicate):
            holders.setdefault(str(fact.object), set()).add(fact.subject)
        elif fact.predicate in schema.names("member"):
            members.setdefault(str(fact.object), set()).add(fact.subject)
        elif fact.measure == "size":
            sized.add(fact.subject)
    unnamed = {entity.id for entity in entities if not entity.named}
    for entity in entities:
        alone, known = holders.get(entity.id, set()), members.get(entity.id, set())
        if entity.named and len(alone) == 1 and alone <= unnamed:
            yield (
                f"{entity.caption} is named, and the only one with a role there is not. If it is "
                "that person's own, make it private."
            )
        if 0 < len(known) < FEWEST and entity.id not in sized:
            yield (
                f"No figure says how many belong to “{entity.caption}”. If they are fewer than "
                f"{FEWEST}, make it private."
            )

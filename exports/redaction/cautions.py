"""What an editor must look at before a pack goes out: where somebody may be known all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from exports.names.decide import FEWEST
from exports.publication import Entity, Fact, Publication
from exports.redaction.redactor import Redactor
from graph.model.schema import Schema


def cautions(redactor: Redactor, publication: Publication) -> Iterator[str]:
    """A sentence for each."""
    entities, facts, schema = publication.entities, publication.facts, redactor.schema
    yield from _known_by_place(entities, facts, schema)
    yield from _undecided(entities, facts, schema)
    yield from _left_alone(redactor, entities)
    yield from _of_the_whole(redactor, publication)


def _known_by_place(
    entities: Iterable[Entity], facts: Iterable[Fact], schema: Schema
) -> Iterator[str]:
    """Where the number of connections or a role may tell who somebody is that is not named."""
    degrees = Counter((e.label, e.degree) for e in entities)
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
            yield (
                f"{entity.caption} is the only {schema.words(entity.label)} with that number of "
                f"connections here ({entity.degree}), and may be known by that."
            )
        for role in held.get(entity.id, ()):
            if roles[role] == 1:
                yield (
                    f"{entity.caption} is the only one with the role “{role[1]}”, and may be known "
                    "by that."
                )


def _undecided(entities: Iterable[Entity], facts: Iterable[Fact], schema: Schema) -> Iterator[str]:
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


def _left_alone(redactor: Redactor, entities: Iterable[Entity]) -> Iterator[str]:
    """Where all relationships of an entity stay behind, which may tell that there is one."""
    drawn = redactor.material.view.relationships
    had = {redactor.known_id(end) for one in drawn for end in (one.source, one.target)}
    for entity in entities:
        if not entity.degree and entity.id in had:
            yield (
                f"Nothing is left of what joined {entity.caption} to the rest: that it is here "
                "may tell that something does. It can be left out."
            )


def _of_the_whole(redactor: Redactor, publication: Publication) -> Iterator[str]:
    if publication.until:
        yield (
            f"Only what was published by {publication.until} is here: status, origins and "
            "disputes are those of that day, not of today."
        )
    if publication.is_cut:
        yield "The view was cut at a limit: not everything that is known is here."
    if redactor.material.hidden_figures:
        yield "Confidential sources tell of figures, so no figure here says whether it adds up."
    for source in publication.sources:
        if source.status in ("corrected", "retracted"):
            yield f"Source S{source.number} ({source.caption}) was {source.status}."

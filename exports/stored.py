"""What the graph holds behind a view, as typed values that are made once, where the rows are read.

Ids are the store's. Only `properties` are a mapping: which there are depends on the schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, cast

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """An entity. `properties` are those that its type declares."""

    id: str
    label: str
    case: str
    caption: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source. What is None is not known."""

    id: str
    kind: str
    caption: str
    publisher: str | None = None
    title: str | None = None
    published_on: str | None = None
    published_basis: str | None = None
    url: str | None = None
    language: str | None = None
    sha256: str | None = None
    text_sha256: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of a source.

    `told_of` are the entities with a name that its claims are on, and those who speak in it, in the
    view or not.
    """

    id: str
    source: str
    gist: str
    start: int | None = None
    end: int | None = None
    sha256: str | None = None
    told_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredSupport:
    """That a passage supports a claim. `relays` are the sources that the passage passes on."""

    passage: str
    source: str
    status: str
    said_by: str | None = None
    as_worded: str | None = None
    hedge: str | None = None
    rule: str | None = None
    quoted: bool = False
    relays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Another claim that differs from one: how, and the sources behind that other claim."""

    how: str
    claim: str
    sources: frozenset[str]


class OnEntities:
    """What a claim has that is on a subject, and on an object if it has one."""

    __slots__ = ()
    subject: str
    object: str | None

    @property
    def ends(self) -> tuple[str, ...]:
        """The entities that it is on: its subject, and its object if it has one."""
        return (self.subject, self.object) if self.object else (self.subject,)


@dataclass(frozen=True, slots=True)
class ClaimWithEvidence(OnEntities):
    """A claim with its supports and the claims that differ from it.

    `when_from` is the passage or the source that its date is from; `properties` are those that
    types of relationships declare.
    """

    id: str
    kind: str
    subject: str
    polarity: str
    predicate: str | None = None
    object: str | None = None
    measure: str | None = None
    value: str | None = None
    unit: str | None = None
    comparator: str | None = None
    base: str | None = None
    when: str | None = None
    when_rule: str | None = None
    when_from: str | None = None
    computed: float | int | None = None
    follows: bool | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    supports: tuple[StoredSupport, ...] = ()
    differences: tuple[Difference, ...] = ()


def from_row(made: type[T], row: Mapping[str, Any], **given: Any) -> T:
    """A value of that dataclass from the properties of a node or a relationship.

    Properties without a field are left out; what is `given` comes before the row. Raises TypeError
    if the row lacks a field that has no default.
    """
    names = [f.name for f in fields(cast(Any, made))]
    return made(**{**{name: row[name] for name in names if name in row}, **given})

"""What a schema consists of: types of entities, relationships, claims and records, as one value.

Entities are what there is in the world, relationships join them, claims are what sources say of
them, and records say where each claim stands. Constraints, validation, the writer's statements,
colours, shapes, words for people, the FollowTheMoney mapping and `docs/schema.md` all come from a
`Schema`. What a type does (who acts, who may be named, what a role is, what is a date) is declared
with it, so that no other module knows a type by its name.

The declarations are in `graph/model/types/`; their `SCHEMA` is the one that is used where no other
is given. A copy with more in it is made by `dataclasses.replace`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

SCHEMA_VERSION: Final = 1
"""Raised when a database written before can no longer be read as it is."""

ENTITY_LABEL: Final = "Entity"
CLAIM_LABEL: Final = "Claim"
WITHDRAWN_LABEL: Final = "Withdrawn"
META_LABEL: Final = "Meta"
"""The label of the node that marks a database as ours."""
RECORD_LABEL: Final = "Record"

LOCK: Final = ("running", "beat", "holder", "journal_lock")
"""What a Load carries so that no other of its case runs."""
STAMPS: Final = ("load", "digest", "since")
"""What each row carries of the writer's own work: by which load, equal to what, and since when."""
SEARCH_TEXT: Final = "search"
"""The property with the text that an index of names or sentences holds."""
SAID_TEXT: Final = "said"
"""The same of an entity that says something: the text of what it says."""
INNER: Final = frozenset({*STAMPS, *LOCK, SEARCH_TEXT, SAID_TEXT})
"""Properties that no output shows."""

ANY: Final = ("*",)
"""The ends of a relationship that any type of entity may have."""

PropertyKind = Literal[
    "text", "list", "edtf", "bool", "term", "id", "int", "number", "money", "sha256"
]
NamingRule = Literal["person", "account", "body", "group"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_LABEL: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
_TYPE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_ON_ENTITIES: Final = frozenset({"id", "case", "caption", "chosen", "type", *INNER})
"""What every entity carries besides what its type declares."""
_OF_CLAIMS: Final = (
    "id case claim kind subject predicate object measure value number unit comparator base "
    "polarity when when_basis when_rule when_from earliest latest reported status strongest "
    "weakest origins origin_ids not_stated publishers contested computed follows sentence"
)
_ON_CLAIMS: Final = INNER.union(_OF_CLAIMS.split())
"""What claims and relationships carry besides what the type of a relationship declares."""

SPARE_SHAPES: Final = ("cross", "hourglass", "house", "shield")
"""Shapes for types that declare none, or one that another type has."""
SPARE_COLOURS: Final = ("#882255", "#44AA99", "#999933", "#332288", "#CC6677")
"""Colours for types that declare none, in turn. They are one more than the spare shapes, so that
twenty types go by before two look alike."""


@dataclass(frozen=True)
class Property:
    """One property of an entity, a relationship or a record.

    `kind` says how its text in a table is read: `list` is split at `|`, `edtf` must be a date of
    the Extended Date/Time Format, `term` must be one of `terms`, `id` names another row: of an
    entity or, where `to` says so, of a source; `number` is an exact decimal, `money` one with the
    code of its currency. `search` says that the property is a name by which its entity is found,
    `printed` that it may leave in an export. `adds` is what each term adds to the sentence of its
    relationship.
    """

    name: str
    words: str
    kind: PropertyKind = "text"
    terms: tuple[str, ...] = ()
    required: bool = False
    to: Literal["entity", "source"] = "entity"
    search: bool = False
    printed: bool = True
    adds: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.kind == "term") != bool(self.terms):
            raise ValueError(f"property {self.name}: terms go with kind 'term' alone")
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"property {self.name}: a name is lower-case letters, digits and _")
        if unknown := set(self.adds) - set(self.terms):
            raise ValueError(f"property {self.name}: it adds to unknown terms {sorted(unknown)}")

    @property
    def beside(self) -> tuple[str, ...]:
        """Names of what is stored beside its text, so that both engines sort and compare alike."""
        return {
            "number": (f"{self.name}_number",),
            "money": (f"{self.name}_number", f"{self.name}_currency"),
        }.get(self.kind, ())


@dataclass(frozen=True)
class NodeType:
    """A kind of entity: its label, its table, its properties, how it looks, and what it does.

    - `colour` and `shape`: without them the schema finds some that are free.
    - `ftm`, `ftm_properties`: its counterpart in FollowTheMoney, and those of its properties.
      `ftm_kinds` gives the schema for each term of its property `kind`; `ftm_caption` is the
      property there that holds the caption as long as nothing else does.
    - `acts`: it may be accused, and may be behind what is done.
    - `naming`: how it may be named in print. A `person` or an `account` is private unless somebody
      decided; a `body` is named unless its name holds one that is not; a `group` has a description
      in place of a name, and one that is small loses it.
    - `says`: the property that holds what it says; a search of sentences finds it.
    - `planned_words`: what to call one and several of it while its property `planned` is true.
    """

    label: str
    words: str
    plural: str
    table: str
    doc: str
    colour: str = ""
    shape: str = ""
    properties: tuple[Property, ...] = ()
    ftm: str | None = None
    ftm_properties: Mapping[str, str] = field(default_factory=dict)
    ftm_kinds: Mapping[str, str] = field(default_factory=dict)
    ftm_caption: str | None = None
    acts: bool = False
    naming: NamingRule | None = None
    says: str | None = None
    planned_words: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if not _LABEL.fullmatch(self.label):
            raise ValueError(f"{self.label}: a label is a capital and letters or digits")
        if self.has_naming != (self.get("naming") is not None):
            raise ValueError(f"{self.label}: a rule of naming goes with a property 'naming'")
        _check_own(self.label, self.properties, _ON_ENTITIES)
        if self.says is not None and self.get(self.says) is None:
            raise ValueError(f"{self.label}: the property {self.says!r} that it says is missing")

    def get(self, name: str) -> Property | None:
        """The declared property of that name, or None."""
        return next((p for p in self.properties if p.name == name), None)

    @property
    def has_naming(self) -> bool:
        """Whether somebody must decide how entities of this type are named in print."""
        return self.naming is not None

    @property
    def printed(self) -> tuple[Property, ...]:
        """The properties that may leave in an export."""
        return tuple(p for p in self.properties if p.printed)

    @property
    def dates(self) -> tuple[str, ...]:
        """Names of the properties that hold a date of what happened."""
        return tuple(p.name for p in self.printed if p.kind == "edtf")


@dataclass(frozen=True)
class RelationshipType:
    """A kind of relationship between two entities: its ends, its properties, its words, its sense.

    `words` reads from the first end to the second, `reverse` the other way round.
    `key` names the properties that make two claims different.

    - `ftm`, `ftm_ends`: its counterpart in FollowTheMoney, and the properties there of its ends.
    - `role`: the property that holds the title of a role; what has one is a role.
    - `of_role`: somebody who is named in a role alone is shown with it.
    - `apart`: two entities that share it need not know each other: it leads to what many share.
    - `side`: its first end `does` the second, or what its first end is `reaches` the second.
    - `member`: it says who belongs to a group.
    - `part`: what is said of the lower body may be said of the upper one.
    - `same`: its ends are one; it joins nobody to somebody else.
    """

    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    words: str
    reverse: str
    doc: str
    properties: tuple[Property, ...] = ()
    key: tuple[str, ...] = ()
    same_label: bool = False
    ftm: str = "UnknownLink"
    ftm_ends: tuple[str, str] = ("subject", "object")
    role: str | None = None
    of_role: bool = False
    apart: bool = False
    side: Literal["does", "reaches"] | None = None
    member: bool = False
    part: bool = False
    same: bool = False

    def __post_init__(self) -> None:
        if not _TYPE.fullmatch(self.name):
            raise ValueError(f"{self.name}: a relationship type is capitals, digits and _")
        missing = {*self.key, *filter(None, [self.role])} - {p.name for p in self.properties}
        if missing:
            raise ValueError(f"{self.name}: key properties {sorted(missing)} are not declared")
        _check_own(self.name, self.properties, _ON_CLAIMS)

    def get(self, name: str) -> Property | None:
        """The declared property of that name, or None."""
        return next((p for p in self.properties if p.name == name), None)


@dataclass(frozen=True)
class ClaimKind:
    """A kind of assertion: a `relationship` has an object, the others a measure and a value."""

    name: str
    words: str
    doc: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordType:
    """A kind of record: what says where a claim stands."""

    label: str
    words: str
    doc: str
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class Schema:
    """All types that a graph may hold. It checks itself; its look-ups are made once.

    Raises ValueError where two declarations contradict each other.
    """

    node_types: tuple[NodeType, ...]
    relationship_types: tuple[RelationshipType, ...]
    claim_kinds: tuple[ClaimKind, ...]
    record_types: tuple[RecordType, ...]
    record_relationships: Mapping[str, str]

    def __post_init__(self) -> None:
        self._check()

    @cached_property
    def nodes(self) -> Mapping[str, NodeType]:
        """Each type of entity by its label, with a colour and a shape of its own."""
        return {t.label: t for t in _with_looks(self.node_types)}

    @cached_property
    def tables(self) -> Mapping[str, tuple[NodeType, ...]]:
        """Entity tables of a case: file stem to the types it may hold."""
        found: dict[str, list[NodeType]] = {}
        for node in self.nodes.values():
            found.setdefault(node.table, []).append(node)
        return {table: tuple(types) for table, types in found.items()}

    @cached_property
    def relationships(self) -> Mapping[str, RelationshipType]:
        """Each type of relationship by its name, with all labels where ANY may stand."""
        every = tuple(t.label for t in self.node_types)
        return {
            t.name: replace(
                t,
                sources=every if t.sources == ANY else t.sources,
                targets=every if t.targets == ANY else t.targets,
            )
            for t in self.relationship_types
        }

    @cached_property
    def relationship_properties(self) -> tuple[Property, ...]:
        """Every property that some relationship type declares: each is a column of claims.csv."""
        return tuple({p.name: p for t in self.relationship_types for p in t.properties}.values())

    @cached_property
    def dates(self) -> frozenset[str]:
        """Names of the properties of entities and relationships that hold a date."""
        of_relationships = [p.name for p in self.relationship_properties if p.kind == "edtf"]
        return frozenset(of_relationships).union(*(t.dates for t in self.node_types))

    @cached_property
    def kinds(self) -> Mapping[str, ClaimKind]:
        """Each kind of claim by its name."""
        return {k.name: k for k in self.claim_kinds}

    @cached_property
    def records(self) -> Mapping[str, RecordType]:
        """Each type of record by its label."""
        return {t.label: t for t in self.record_types}

    @cached_property
    def saying(self) -> tuple[str, ...]:
        """The labels of what says something, which a search of sentences finds."""
        return tuple(t.label for t in self.node_types if t.says)

    @cached_property
    def fulltext(self) -> tuple[tuple[str, str], ...]:
        """Label and property of each full-text index; the store makes it in its engine's way."""
        return (
            (ENTITY_LABEL, SEARCH_TEXT),
            *((label, SAID_TEXT) for label in self.saying),
            *((label, SEARCH_TEXT) for label in (CLAIM_LABEL, "Passage", "Source")),
        )

    def names(self, flag: Literal["of_role", "apart", "member", "part", "same"]) -> tuple[str, ...]:
        """The relationship types that declare so of themselves."""
        return tuple(t.name for t in self.relationship_types if getattr(t, flag))

    def role_of(self, predicate: str | None) -> str | None:
        """The property with the title, where a relationship of that type is a role."""
        return self.relationships[predicate].role if predicate else None

    def words(self, label: str) -> str:
        """What one entity or record of that label is called."""
        found = self.nodes.get(label) or self.records[label]
        return found.words

    def _check(self) -> None:
        """Raise ValueError where two declarations contradict each other."""
        labels = [ENTITY_LABEL, CLAIM_LABEL, RECORD_LABEL, WITHDRAWN_LABEL, META_LABEL]
        labels += [t.label for t in self.node_types] + [t.label for t in self.record_types]
        _check_once("label", labels)
        types = [t.name for t in self.relationship_types]
        _check_once("relationship", [*types, *self.record_relationships])
        for relationship in self.relationships.values():
            unknown = {*relationship.sources, *relationship.targets} - set(self.nodes)
            if unknown:
                raise ValueError(f"{relationship.name}: unknown ends {sorted(unknown)}")
        kinds: dict[str, str] = {}
        for relationship in self.relationship_types:
            for prop in relationship.properties:
                if kinds.setdefault(prop.name, prop.kind) != prop.kind:
                    raise ValueError(f"claims have two kinds of column {prop.name}")


def _check_own(name: str, properties: Iterable[Property], taken: frozenset[str]) -> None:
    """Raise ValueError where two properties of one type would be stored under one name."""
    stored = [stored for p in properties for stored in (p.name, *p.beside)]
    _check_once(f"property of {name}", [*stored, *taken])


def _check_once(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"the {what} {twice[0]} is declared twice")


def _with_looks(types: Iterable[NodeType]) -> Iterator[NodeType]:
    """The types, each with a colour, and with a shape of its own while any is left."""
    given = tuple(types)
    taken: set[str] = set()
    spare = iter(_spare_shapes({t.shape for t in given}))
    for number, node in enumerate(given):
        free = node.shape and node.shape not in taken
        shape = node.shape if free else next(spare)
        taken.add(shape)
        colour = node.colour or SPARE_COLOURS[number % len(SPARE_COLOURS)]
        yield node if (free and node.colour) else replace(node, shape=shape, colour=colour)


def _spare_shapes(declared: set[str]) -> Iterator[str]:
    yield from (shape for shape in SPARE_SHAPES if shape not in declared)
    while True:  # more types than shapes: those of one shape are told apart by their colour
        yield from SPARE_SHAPES

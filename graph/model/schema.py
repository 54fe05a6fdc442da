"""What can be in the graph: the one declaration from which everything else is derived.

Entities are entities in the world, relationships join them, claims are what sources say of them,
and records say where each claim stands. Constraints, validation, the writer's statements, colours,
shapes, words for people, the FollowTheMoney mapping and `docs/schema.md` all come from here; a new
type is one entry in `NODE_TYPES` or `RELATIONSHIP_TYPES`.

Each declaration checks itself when this module is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

SCHEMA_VERSION: Final = 1
"""Raised when a database written before can no longer be read as it is."""

PropertyKind = Literal["text", "list", "edtf", "bool", "term", "id", "int"]


@dataclass(frozen=True)
class Property:
    """One property of an entity, a relationship or a record.

    `kind` says how its text in a table is read: `list` is split at `|`, `edtf` must be a date of
    the Extended Date/Time Format, `term` must be one of `terms`, `id` names another row.
    """

    name: str
    words: str
    kind: PropertyKind = "text"
    terms: tuple[str, ...] = ()
    required: bool = False

    def __post_init__(self) -> None:
        if (self.kind == "term") != bool(self.terms):
            raise ValueError(f"property {self.name}: terms go with kind 'term' alone")


@dataclass(frozen=True)
class NodeType:
    """A kind of entity: its label, its table, its properties, and how it looks and reads."""

    label: str
    words: str
    plural: str
    table: str
    doc: str
    colour: str
    shape: str
    properties: tuple[Property, ...]
    ftm: str | None = None
    ftm_properties: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> Property | None:
        """The declared property of that name, or None."""
        return next((p for p in self.properties if p.name == name), None)

    @property
    def has_naming(self) -> bool:
        """Whether somebody must decide how entities of this type are named in print."""
        return self.get("naming") is not None

    @property
    def dates(self) -> tuple[str, ...]:
        """Names of the properties that hold a date."""
        return tuple(p.name for p in self.properties if p.kind == "edtf")


@dataclass(frozen=True)
class RelationshipType:
    """A kind of relationship between two entities: its ends, its properties, and its words.

    `words` reads from the first end to the second, `reverse` the other way round.
    `key` names the properties that make two claims different.
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

    def __post_init__(self) -> None:
        missing = set(self.key) - {p.name for p in self.properties}
        if missing:
            raise ValueError(f"{self.name}: key properties {sorted(missing)} are not declared")

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


# --- entities -----------------------------------------------------------------------------------

NAMING: Final = ("public_role", "named_in_role", "private", "protect")

_NAME = Property("name", "name")
_ALIASES = Property("aliases", "also written", "list")
_JURISDICTION = Property("jurisdiction", "jurisdiction")
_NAMING = (
    Property("naming", "how it may be named in print", "term", NAMING),
    Property("naming_reason", "why it may be named so"),
    Property("naming_by", "who decided"),
    Property("naming_on", "decided on", "edtf"),
)


def _kind(*terms: str) -> Property:
    return Property("kind", "kind", "term", terms, required=True)


def _date(name: str, words: str) -> Property:
    return Property(name, words, "edtf")


_PLANNED = Property("planned", "planned, not done", "bool")

NODE_TYPES: Final[tuple[NodeType, ...]] = (
    NodeType(
        "Person",
        "person",
        "people",
        "actors",
        "A human being.",
        "#0072B2",
        "dot",
        (_NAME, _ALIASES, *_NAMING),
        "Person",
        {"name": "name", "aliases": "alias"},
    ),
    NodeType(
        "Organization",
        "organization",
        "organizations",
        "actors",
        "A company, platform, ministry, government, newsroom, legislature or similar body.",
        "#56B4E9",
        "square",
        (
            _NAME,
            _ALIASES,
            _kind(
                "company",
                "platform",
                "ministry",
                "government",
                "newsroom",
                "legislature",
                "party",
                "court",
                "association",
                "other",
            ),
            _JURISDICTION,
            *_NAMING,
        ),
        "Organization",
        {"name": "name", "aliases": "alias", "jurisdiction": "jurisdiction"},
    ),
    NodeType(
        "Account",
        "account",
        "accounts",
        "accounts",
        "One handle on one platform.",
        "#CC79A7",
        "pentagon",
        (
            Property("handle", "handle", required=True),
            Property("platform", "platform", "id", required=True),
            *_NAMING,
        ),
        "UserAccount",
        {"handle": "username", "platform": "service"},
    ),
    NodeType(
        "Group",
        "group",
        "groups",
        "groups",
        "Several accounts, people, posts or bodies that at least one source leaves unnamed.",
        "#CC79A7",
        "hexagon",
        (
            Property("description", "description", required=True),
            Property("of", "of", "term", ("accounts", "people", "posts", "bodies"), required=True),
            *_NAMING,
        ),
    ),
    NodeType(
        "Hashtag",
        "hashtag",
        "hashtags",
        "hashtags",
        "A tag, as a source prints it or only describes it.",
        "#F0E442",
        "star",
        (Property("tag", "tag as printed"), Property("described_as", "described as")),
    ),
    NodeType(
        "Order",
        "order",
        "orders",
        "orders",
        "A directive, emergency order or notice with content of its own.",
        "#E69F00",
        "triangle",
        (_kind("directive", "emergency_order", "notice"), _date("issued_on", "issued on")),
        "Event",
        {"issued_on": "startDate"},
    ),
    NodeType(
        "Meeting",
        "meeting",
        "meetings",
        "meetings",
        "People in one room or call.",
        "#009E73",
        "diamond",
        (_date("held_on", "held on"),),
        "Event",
        {"held_on": "startDate"},
    ),
    NodeType(
        "Action",
        "measure taken",
        "measures taken",
        "actions",
        "What somebody did: blocked, suspended, withheld, reduced visibility, or unspecified.",
        "#E69F00",
        "triangleDown",
        (
            _kind("block", "suspend", "withhold", "reduce_visibility", "unspecified"),
            _date("taken_on", "taken on"),
            _PLANNED,
        ),
        "Event",
        {"taken_on": "startDate"},
    ),
    NodeType(
        "Statement",
        "statement",
        "statements",
        "statements",
        "Something said or published.",
        "#F5F0E1",
        "parallelogram",
        (
            _kind("remark", "demand", "threat", "reason", "denial", "publication"),
            Property("gist", "in our words", required=True),
            _date("said_on", "said on"),
            Property("source", "published as", "id"),
        ),
        "Event",
        {"gist": "summary", "said_on": "startDate"},
    ),
    NodeType(
        "Event",
        "event",
        "events",
        "events",
        "Anything else that happened.",
        "#009E73",
        "octagon",
        (Property("name", "name"), _date("happened_on", "happened on"), _PLANNED),
        "Event",
        {"name": "name", "happened_on": "startDate"},
    ),
    NodeType(
        "Law",
        "law or principle",
        "laws and principles",
        "laws",
        "A constitution, act, rule, platform policy or principle.",
        "#999999",
        "trapezoid",
        (
            Property("name", "name", required=True),
            _kind("constitution", "act", "rule", "platform_policy", "principle", "body_of_law"),
            _JURISDICTION,
        ),
    ),
    NodeType(
        "Place",
        "place",
        "places",
        "places",
        "Somewhere.",
        "#999999",
        "plus",
        (Property("name", "name", required=True), Property("country", "country")),
        "Address",
        {"name": "full", "country": "country"},
    ),
)

ENTITY_LABEL: Final = "Entity"
NODES: Final[Mapping[str, NodeType]] = {t.label: t for t in NODE_TYPES}
TABLES: Final[Mapping[str, tuple[NodeType, ...]]] = {
    table: tuple(t for t in NODE_TYPES if t.table == table)
    for table in dict.fromkeys(t.table for t in NODE_TYPES)
}
"""Entity tables of a case: file stem to the types it may hold."""

ANY: Final = tuple(NODES)

# --- relationships ------------------------------------------------------------------------------

_ACTOR = ("Person", "Organization")
_AS_OF = Property("as_of", "as of", "edtf")

RELATIONSHIP_TYPES: Final[tuple[RelationshipType, ...]] = (
    RelationshipType(
        "HOLDS_ROLE",
        ("Person",),
        ("Organization",),
        "holds a role at",
        "has in a role",
        "A person holds a role at a body.",
        (Property("title", "title", required=True), Property("seen_on", "as of", "edtf")),
        ("title",),
        ftm="Employment",
    ),
    RelationshipType(
        "PART_OF",
        ("Organization",),
        ("Organization",),
        "is part of",
        "has as a part",
        "A body belongs to another.",
    ),
    RelationshipType(
        "MEMBER_OF",
        ("Person", "Account", "Organization"),
        ("Group",),
        "belongs to",
        "includes",
        "A named person, account or body belongs to a group.",
        ftm="Membership",
    ),
    RelationshipType(
        "ISSUED",
        _ACTOR,
        ("Order",),
        "issued",
        "was issued by",
        "Somebody issued an order.",
    ),
    RelationshipType(
        "ADDRESSED_TO",
        ("Order", "Statement"),
        (*_ACTOR, "Group"),
        "was addressed to",
        "was the addressee of",
        "An order or a statement has an addressee.",
    ),
    RelationshipType(
        "FLAGS",
        ("Order",),
        ("Account", "Group", "Hashtag"),
        "flags",
        "is flagged by",
        "An order demands something about accounts, posts or hashtags.",
        (
            Property(
                "demand",
                "demand",
                "term",
                ("block", "remove", "withhold", "label", "disclose", "unspecified"),
            ),
        ),
    ),
    RelationshipType(
        "TOOK",
        _ACTOR,
        ("Action",),
        "took",
        "was taken by",
        "Somebody took a measure.",
    ),
    RelationshipType(
        "APPLIED_TO",
        ("Action",),
        ("Account", "Group", "Hashtag"),
        "was applied to",
        "was subject to",
        "A measure reached accounts, posts or hashtags.",
        (_AS_OF,),
    ),
    RelationshipType(
        "SPARED",
        ("Action",),
        ("Account", "Group", "Hashtag"),
        "spared",
        "was spared by",
        "A measure left accounts, posts or hashtags alone.",
        (_AS_OF,),
    ),
    RelationshipType(
        "ANSWERS",
        ("Action", "Statement"),
        ("Order", "Meeting", "Statement", "Action"),
        "responds to",
        "was responded to by",
        "A source says that one entity responds to another.",
    ),
    RelationshipType(
        "ATTENDED",
        (*_ACTOR, "Group"),
        ("Meeting",),
        "took part in",
        "was attended by",
        "Somebody took part in a meeting.",
    ),
    RelationshipType(
        "DISCUSSED",
        ("Meeting",),
        ANY,
        "discussed",
        "was discussed at",
        "Something was a subject of a meeting.",
    ),
    RelationshipType(
        "MADE",
        _ACTOR,
        ("Statement",),
        "said",
        "was said by",
        "Somebody made a statement.",
    ),
    RelationshipType(
        "MADE_AT",
        ("Statement",),
        ("Meeting", "Organization", "Place", "Event"),
        "was said at",
        "was where was said",
        "Where a statement was made.",
    ),
    RelationshipType(
        "ABOUT",
        ("Statement",),
        ANY,
        "is about",
        "is spoken of in",
        "What a statement speaks of, and how it uses it.",
        (Property("role", "role", "term", ("topic", "compared", "example"), required=True),),
        ("role",),
    ),
    RelationshipType(
        "USED",
        ("Account", "Group"),
        ("Hashtag",),
        "used",
        "was used by",
        "Accounts used a hashtag.",
    ),
    RelationshipType(
        "VARIANT_OF",
        ("Hashtag",),
        ("Hashtag",),
        "is a variant of",
        "has the variant",
        "Two spellings or descriptions of one hashtag.",
        same_label=True,
    ),
    RelationshipType(
        "INVOKES",
        ("Order", "Action", "Statement"),
        ("Law",),
        "invokes",
        "is invoked by",
        "A law, policy or principle is called upon.",
        (
            Property(
                "sense",
                "sense",
                "term",
                ("relies_on", "limits", "says_violated", "demands_compliance"),
                required=True,
            ),
        ),
        ("sense",),
    ),
    RelationshipType(
        "INVOLVED",
        ("Event",),
        ANY,
        "involved",
        "was involved in",
        "Who or what was involved.",
    ),
    RelationshipType(
        "FOLLOWED",
        ANY,
        ANY,
        "came after",
        "came before",
        "From the later to the earlier: order in time, never cause.",
    ),
    RelationshipType(
        "LOCATED_IN",
        ANY,
        ("Place",),
        "is in",
        "is the place of",
        "Where something is.",
    ),
    RelationshipType(
        "SUBSET_OF",
        ("Group",),
        ("Group",),
        "is part of",
        "contains",
        "One group lies in another.",
        same_label=True,
    ),
    RelationshipType(
        "DISJOINT_FROM",
        ("Group",),
        ("Group",),
        "shares nobody with",
        "shares nobody with",
        "Two groups have no member in common.",
        same_label=True,
    ),
    RelationshipType(
        "SAME_AS",
        ANY,
        ANY,
        "is the same as",
        "is the same as",
        "Two entities are one.",
        (Property("certainty", "certainty", "term", ("certain", "possible"), required=True),),
        same_label=True,
    ),
)

RELATIONSHIPS: Final[Mapping[str, RelationshipType]] = {t.name: t for t in RELATIONSHIP_TYPES}

# --- claims -------------------------------------------------------------------------------------

CLAIM_LABEL: Final = "Claim"
WITHDRAWN_LABEL: Final = "Withdrawn"

ABSENCES: Final = ("no_statement", "unreachable", "declined", "not_asked")

CLAIM_KINDS: Final[tuple[ClaimKind, ...]] = (
    ClaimKind("relationship", "relationship", "A subject, a predicate and an object."),
    ClaimKind("figure", "figure", "A number or a date: value, unit, comparator, base."),
    ClaimKind("wording", "wording", "How a source names, counts or calls something."),
    ClaimKind("ground", "reason given", "A reason that somebody gives, as a short code."),
    ClaimKind(
        "characterisation",
        "characterisation",
        "What a source or a speaker calls something; it is theirs, and makes no relationship.",
    ),
    ClaimKind("absence", "silence", "Who has not commented, as of the report.", ABSENCES),
)
KINDS: Final[Mapping[str, ClaimKind]] = {k.name: k for k in CLAIM_KINDS}

AFFIRMATIVE: Final = "affirmative"
NEGATIVE: Final = "negative"
POLARITIES: Final = (AFFIRMATIVE, NEGATIVE)
COMPARATORS: Final = ("=", ">", ">=", "<", "<=", "~", "unknown")
STATUSES: Final = ("reported", "inferred", "alleged")
"""From the strongest to the weakest."""
STATUS_WORDS: Final[Mapping[str, str]] = {
    "reported": "reported",
    "inferred": "inferred",
    "alleged": "alleged",
}
BASES: Final = ("stated", "inferred")
DIFFERENCES: Final = ("value", "polarity", "level", "precision", "wording")
CONTESTING: Final = ("value", "polarity")
"""The differences that put a claim in dispute; the others are shown and dispute nothing."""

RELATIONSHIP_PROPERTIES: Final[tuple[Property, ...]] = tuple(
    {p.name: p for t in RELATIONSHIP_TYPES for p in t.properties}.values()
)
"""Every property that some relationship type declares: each is a column of claims.csv."""

# --- records ------------------------------------------------------------------------------------

RECORD_LABEL: Final = "Record"

RECORD_TYPES: Final[tuple[RecordType, ...]] = (
    RecordType(
        "Source",
        "source",
        "An article, release, register, data set or person relied on.",
        (
            Property(
                "kind",
                "kind",
                "term",
                ("article", "release", "register", "dataset", "report", "speech", "unnamed"),
                required=True,
            ),
            Property("caption", "called here", required=True),
            Property("publisher", "publisher"),
            Property("title", "title"),
            Property("published_on", "published on", "edtf"),
            Property("published_basis", "how the date is known", "term", BASES),
            Property("published_rule", "rule for the date"),
            Property("url", "address"),
            Property("language", "language"),
            Property("sha256", "sha256 of the file"),
            Property("text_sha256", "sha256 of its normalised text"),
            Property("text_length", "code points in its normalised text", "int"),
            Property("status", "status", "term", ("current", "corrected", "retracted")),
            Property("confidential", "confidential", "bool"),
            Property("supersedes", "supersedes", "id"),
        ),
    ),
    RecordType(
        "Passage",
        "passage",
        "A place in a source, with our own one-line gist.",
        (
            Property("source", "source", "id", required=True),
            Property(
                "selector", "selector", "term", ("TextPositionSelector", "row", "JsonPointer")
            ),
            Property("sha256", "sha256 of the passage"),
            Property("language", "language"),
            Property("gist", "in our words", required=True),
        ),
    ),
    RecordType(
        "Reply",
        "reply",
        "Whether the newsroom asked a party for a reply, and what it was. What an article says of "
        "that is no reply.",
        (
            Property("party", "party", "id", required=True),
            Property("allegation", "allegation", "id"),
            Property("asked_on", "asked on", "edtf", required=True),
            Property("deadline", "deadline", "edtf"),
            Property("answer", "answer"),
        ),
    ),
    RecordType(
        "Review",
        "check by a second person",
        "A second person's word on one claim, good as long as its evidence has that code.",
        (
            Property("claim", "claim", "id", required=True),
            Property("evidence", "code of the evidence", required=True),
            Property("checked_by", "checked by", required=True),
            Property("checked_on", "checked on", "edtf", required=True),
        ),
    ),
    RecordType("Load", "load", "One run of a loader.", ()),
    RecordType(
        "Board",
        "board",
        "A stored view: which entities, where they lie, filters and notes. No load touches it.",
        (
            Property("title", "title"),
            Property("kept", "kept under a name", "bool", required=True),
            Property("created", "created"),
            Property("changed", "changed", required=True),
            Property("nodes", "entities", "int", required=True),
            Property("notes", "notes", "int"),
            Property("state", "the view as JSON", required=True),
        ),
    ),
    RecordType(
        "Naming",
        "decision on naming",
        "How somebody decided in the app that an entity may be named in print. No load touches it; "
        "where the case decides as well, the more protective counts.",
        (
            Property("entity", "on whom", "id", required=True),
            Property("naming", "how it may be named in print", "term", NAMING, required=True),
            Property("reason", "why", required=True),
            Property("by", "who decided", required=True),
            Property("on", "decided on", "edtf", required=True),
        ),
    ),
    RecordType(
        "Asked",
        "what was asked",
        "A run of a question, or the ways between two entities: what an address leads back to. No "
        "load touches it.",
        (
            Property("kind", "kind", "term", ("question", "own", "ways"), required=True),
            Property("changed", "kept on", required=True),
            Property("state", "what was asked as JSON", required=True),
        ),
    ),
)
RECORDS: Final[Mapping[str, RecordType]] = {t.label: t for t in RECORD_TYPES}

RECORD_RELATIONSHIPS: Final = {
    "FROM": "Passage to Source: where the passage stands.",
    "SUPPORTS": "Passage to Claim: with status, said_by, as_worded, hedge, quoted and rule.",
    "RELAYS": "Passage or Source to Source: passes on what the other reported.",
    "SUPERSEDES": "Source to Source: replaces it.",
    "DIFFERS": "Claim to Claim: how two claims differ.",
}


def _check() -> None:
    """Raise ValueError where two declarations contradict each other."""
    looks = [(t.shape) for t in NODE_TYPES]
    if len(set(looks)) != len(looks):
        raise ValueError("two node types share a shape")
    for relationship in RELATIONSHIP_TYPES:
        unknown = {*relationship.sources, *relationship.targets} - set(NODES)
        if unknown:
            raise ValueError(f"{relationship.name}: unknown ends {sorted(unknown)}")
    if set(RELATIONSHIPS) & set(RECORD_RELATIONSHIPS):
        raise ValueError("a relationship between entities is named like one of the record")


_check()

# --- what the program keeps for itself ------------------------------------------------------------

FULLTEXT: Final = (
    (ENTITY_LABEL, "search"),
    ("Statement", "said"),
    (CLAIM_LABEL, "search"),
    ("Passage", "search"),
    ("Source", "search"),
)
"""Label and property of each full-text index; the store makes it in its engine's own way."""

LOCK: Final = ("running", "beat", "holder")
"""What a Load carries so that no other of its case runs."""

STAMPS: Final = ("load", "digest", "since")
"""What each row carries of the writer's own work: by which load, equal to what, and since when."""

INNER: Final = frozenset({*STAMPS, *LOCK, *(name for _, name in FULLTEXT)})
"""Properties that no output shows."""

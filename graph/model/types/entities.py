"""Entities: what there can be in the world."""

from __future__ import annotations

from typing import Final

from graph.model.schema import NodeType, Property

NAMING: Final = ("public_role", "named_in_role", "private", "protect")

_NAME = Property("name", "name", search=True)
_ALIASES = Property("aliases", "also written", "list", search=True)
_JURISDICTION = Property("jurisdiction", "jurisdiction")
_NAMING = (
    Property("naming", "how it may be named in print", "term", NAMING, printed=False),
    Property("naming_reason", "why it may be named so", printed=False),
    Property("naming_by", "who decided", printed=False),
    Property("naming_on", "decided on", "edtf", printed=False),
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
        acts=True,
        naming="person",
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
        ftm_kinds={
            "company": "Company",
            "platform": "Company",
            "ministry": "PublicBody",
            "government": "PublicBody",
            "legislature": "PublicBody",
            "court": "PublicBody",
        },
        acts=True,
        naming="body",
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
            Property("handle", "handle", required=True, search=True),
            Property("platform", "platform", "id", required=True),
            *_NAMING,
        ),
        "UserAccount",
        {"handle": "username", "platform": "service"},
        ftm_caption="username",
        acts=True,
        naming="account",
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
            Property("description", "description", required=True, search=True),
            Property("of", "of", "term", ("accounts", "people", "posts", "bodies"), required=True),
            *_NAMING,
        ),
        acts=True,
        naming="group",
    ),
    NodeType(
        "Hashtag",
        "hashtag",
        "hashtags",
        "hashtags",
        "A tag, as a source prints it or only describes it.",
        "#F0E442",
        "star",
        (
            Property("tag", "tag as printed", search=True),
            Property("described_as", "described as", search=True),
        ),
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
        planned_words=("measure", "measures"),
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
            Property("source", "published as", "id", to="source"),
        ),
        "Event",
        {"gist": "summary", "said_on": "startDate"},
        says="gist",
    ),
    NodeType(
        "Event",
        "event",
        "events",
        "events",
        "Anything else that happened.",
        "#009E73",
        "octagon",
        (_NAME, _date("happened_on", "happened on"), _PLANNED),
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
            Property("name", "name", required=True, search=True),
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
        (Property("name", "name", required=True, search=True), Property("country", "country")),
        "Address",
        {"name": "full", "country": "country"},
    ),
)

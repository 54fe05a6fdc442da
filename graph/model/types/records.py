"""Records: what says where a claim stands, and what users keep."""

from __future__ import annotations

from typing import Final

from graph.model.schema import Property, RecordType
from graph.model.types.claims import BASES
from graph.model.types.entities import NAMING

ENTRY_KINDS: Final = ("add", "correct", "withdraw", "same", "different", "naming", "take-back")
"""What an entry of the journal may do."""

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
            Property("sha256", "sha256 of the file", "sha256"),
            Property("text_sha256", "sha256 of its normalised text", "sha256"),
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
            Property("sha256", "sha256 of the passage", "sha256"),
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
        "Entry",
        "entry of the journal",
        "What somebody added or judged: laid over the inputs by each load. No load touches it.",
        (
            Property("kind", "kind", "term", ENTRY_KINDS, required=True),
            Property("author", "author", required=True, printed=False),
            Property("reason", "reason", required=True, printed=False),
            Property("made", "made", required=True),
            Property("number", "number in its case", "int", required=True),
            Property("replaces", "replaces, or takes back", "list"),
            Property("body", "rows by table as JSON", required=True),
            Property("format", "version of its form", "int", required=True),
        ),
    ),
    RecordType(
        "Naming",
        "decision on naming",
        "How somebody decided, in version 0.1.0, that an entity may be named in print. It is read "
        "as an entry of the journal.",
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
        "A run of a question, or the paths between two entities: what an address leads back to. No "
        "load touches it.",
        (
            Property("kind", "kind", "term", ("question", "own", "ways"), required=True),
            Property("changed", "kept on", required=True),
            Property("state", "what was asked as JSON", required=True),
        ),
    ),
)

RECORD_RELATIONSHIPS: Final = {
    "FROM": "Passage to Source: where the passage stands.",
    "SUPPORTS": "Passage to Claim: with status, said_by, as_worded, hedge, quoted and rule.",
    "RELAYS": "Passage or Source to Source: passes on what the other reported.",
    "SUPERSEDES": "Source to Source: replaces it.",
    "DIFFERS": "Claim to Claim: how two claims differ.",
}

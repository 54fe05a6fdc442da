"""Claims: what kinds of assertion there are, and the terms that they are told in."""

from __future__ import annotations

from typing import Final

from graph.model.schema import ClaimKind

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

AFFIRMATIVE: Final = "affirmative"
NEGATIVE: Final = "negative"
POLARITIES: Final = (AFFIRMATIVE, NEGATIVE)
COMPARATORS: Final = ("=", ">", ">=", "<", "<=", "~", "unknown")
STATUSES: Final = ("reported", "inferred", "alleged")
"""From the strongest to the weakest."""
BASES: Final = ("stated", "inferred")
DIFFERENCES: Final = ("value", "polarity", "level", "precision", "wording")
CONTESTING: Final = ("value", "polarity")
"""The differences that put a claim in dispute; the others are shown and dispute nothing."""

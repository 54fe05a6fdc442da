"""Facts as sentences that say on whose word they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from exports.publication import Evidence

_MOST: Final = 3


def said(bare: str, status: str, evidence: Sequence[Evidence], captions: Mapping[int, str]) -> str:
    """A fact with its status in the sentence: who says it, or what it is inferred from.

    `captions` are the sources' by number.
    """
    telling = [e for e in evidence if e.status == status]
    speakers = list(dict.fromkeys(e.said_by for e in telling if e.said_by))
    sources = list(dict.fromkeys(captions[e.source] for e in telling))
    if status == "inferred":
        rules = list(dict.fromkeys(e.rule for e in telling if e.rule))
        why = f" ({'; '.join(rules)})" if rules else ""
        return f"Inferred from {listed(sources)}: {bare}{why}"
    if status == "alleged":
        verb = "say" if len(speakers) > 1 else "says"
        return f"{listed(speakers) or 'Somebody'} {verb}: {bare} (alleged)"
    if speakers and all(e.said_by for e in telling):
        return f"{listed(speakers)} {'say' if len(speakers) > 1 else 'says'}: {bare}"
    return f"{listed(sources)} {'report' if len(sources) > 1 else 'reports'}: {bare}"


def listed(names: Sequence[str]) -> str:
    """Names in a row: “A”, “A and B”, “A, B and 3 others”."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) > _MOST:
        return f"{', '.join(names[:2])} and {len(names) - 2} others"
    return f"{', '.join(names[:-1])} and {names[-1]}"

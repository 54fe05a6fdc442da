"""Whether each passage of a case still stands in the text of its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from graph.ingest import archive
from graph.model.passages import Found, Standing, find_again
from graph.runtime.workspace import Workspace
from graph.store.store import Store

Outcome = Standing | Literal["no text", "no sha256"]
"""Where the text is not at hand, or the passage has no sha256, nothing can be said."""

_PASSAGES: Final = """
MATCH (s:Source) WHERE s.case = $case
MATCH (s)<-[:FROM]-(p:Passage)
RETURN s.id AS source, s.caption AS caption, s.text_sha256 AS text, p.id AS passage,
       p.gist AS gist, p.start AS start, p.end AS end, p.sha256 AS digest
ORDER BY source, start, passage
"""

_LEANING: Final = """
MATCH (p:Record) WHERE p.id IN $ids
MATCH (p)-[:SUPPORTS]->(c:Claim)
RETURN p.id AS passage, c.sentence AS sentence ORDER BY passage, sentence
"""

FAILED: Final = ("changed", "lost")


@dataclass(frozen=True, slots=True)
class Verified:
    """A passage and how it stands; `start` is where it was moved to. `claims` are the sentences
    that lean on it, where it is changed or lost."""

    source: str
    caption: str
    passage: str
    gist: str
    outcome: Outcome
    start: int | None = None
    claims: tuple[str, ...] = ()


def verify(store: Store, workspace: Workspace, case: str) -> list[Verified]:
    """Every passage of a case, by source and place. It reads the texts that were attached."""
    found = [_verified(workspace, row) for row in store.read(_PASSAGES, {"case": case})]
    failed = [one.passage for one in found if one.outcome in FAILED]
    leaning: dict[str, list[str]] = {}
    for row in store.read(_LEANING, {"ids": failed}) if failed else []:
        leaning.setdefault(row["passage"], []).append(row["sentence"])
    return [
        Verified(
            one.source, one.caption, one.passage, one.gist, one.outcome, one.start,
            tuple(leaning.get(one.passage, ())),
        )
        for one in found
    ]  # fmt: skip


def _verified(workspace: Workspace, row: dict[str, Any]) -> Verified:
    text = archive.text(workspace, row["text"]) if row["text"] else None
    outcome: Outcome
    start = None
    if text is None or row["start"] is None or row["end"] is None:
        outcome = "no text"
    elif row["digest"] is None:
        outcome = "no sha256"
    else:
        found: Found = find_again(
            text, row["start"], row["end"], row["digest"], _earlier(workspace, row["text"])
        )
        outcome, start = found.standing, found.start
    return Verified(
        row["source"], row["caption"], row["passage"], row["gist"], outcome,
        start if outcome == "moved" else None,
    )  # fmt: skip


def _earlier(workspace: Workspace, current: str) -> Iterator[str]:
    """The other texts of the archive: an earlier copy may be one of them."""
    for digest in archive.texts(workspace):
        if digest != current and (text := archive.text(workspace, digest)) is not None:
            yield text

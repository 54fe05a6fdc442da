"""A fact sheet in Markdown: what is known, on whose word, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from exports.citations import fact_text, source_text
from exports.plain import one_line
from exports.publication import Fact, Publication
from exports.strings import strings
from graph.schema import NODES

NAME = "markdown"
WORDS = "A fact sheet to read and edit"
FILES = {"facts.md": "a fact sheet"}

# Everything that could begin markup, a link or HTML.
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+!<>|~&:@$-])")


def files(publication: Publication) -> Mapping[str, bytes]:
    """`facts.md`."""
    return {"facts.md": ("\n".join(_lines(publication)) + "\n").encode("utf-8", errors="ignore")}


def _lines(publication: Publication) -> Iterator[str]:
    words = strings(publication.language)
    yield f"# {escaped(publication.title)}"
    yield ""
    if publication.draft:
        yield f"**{words['draft']}**: {escaped('; '.join(publication.draft))}."
        yield ""
    if publication.summary:
        yield escaped(publication.summary)
        yield ""
    yield from _section(words["ties"], publication.ties)
    others = [f for f in publication.facts if not f.is_tie]
    yield from _section(words["figures"], [f for f in others if f.kind == "figure"])
    yield from _section(words["said"], [f for f in others if f.kind != "figure"])
    yield f"## {words['things']}"
    yield ""
    for thing in publication.things:
        yield f"- {escaped(thing.caption)} ({NODES[thing.label].words})"
    yield ""
    yield f"## {words['sources']}"
    yield ""
    for source in publication.sources:
        yield f"- S{source.number}. {escaped(source_text(source, publication))}"
    yield ""
    yield escaped(words["contested_note"])


def _section(title: str, facts: object) -> Iterator[str]:
    listed = [f for f in facts if isinstance(f, Fact)] if isinstance(facts, list | tuple) else []
    if not listed:
        return
    yield f"## {title}"
    yield ""
    for fact in listed:
        yield f"{fact.number}\\. {escaped(fact_text(fact))}"
        if fact.when != "not known":
            yield f"   {escaped(fact.when)}."
        yield ""


def escaped(text: str) -> str:
    """A text in which nothing counts as Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", one_line(text))


def texts(name: str, data: bytes) -> Iterator[str]:
    """Every line, without the escapes."""
    for line in data.decode("utf-8").splitlines():
        yield re.sub(r"\\(.)", r"\1", line)

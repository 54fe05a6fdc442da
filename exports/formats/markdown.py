"""A fact sheet in Markdown: what is known, on whose word, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from exports.publication import Evidence, Fact, Publication
from exports.writing.references import fact_text, place_text, source_text, when_text
from exports.writing.texts import lines, lines_of, markdown_text, one_line
from exports.writing.words import marks, strings

NAME = "markdown"
WORDS = "A fact sheet to read and edit"
FILES = {"facts.md": "a fact sheet"}


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`facts.md`."""
    return {"facts.md": lines(_lines(publication))}


def _lines(publication: Publication) -> Iterator[str]:
    words = strings(publication.language)
    yield f"# {markdown_text(publication.title)}"
    yield ""
    for text in marks(publication):
        yield f"**{markdown_text(text)}.**"
        yield ""
    if publication.summary:
        yield markdown_text(publication.summary)
        yield ""
    yield from _section(words["relationships"], publication.relationships, words)
    yield from _section(words["figures"], _others(publication, figures=True), words)
    yield from _section(words["said"], _others(publication, figures=False), words)
    yield f"## {words['entities']}"
    yield ""
    for entity in publication.entities:
        kind = publication.schema.nodes[entity.label].words
        yield f"- {markdown_text(entity.caption)} ({kind})"
    yield ""
    yield f"## {words['sources']}"
    yield ""
    for source in publication.sources:
        yield f"- S{source.number}. {markdown_text(source_text(source, publication))}"
    yield ""
    yield markdown_text(words["contested_note"])


def _others(publication: Publication, *, figures: bool) -> Iterator[Fact]:
    """The facts that are no relationships: figures, or all but these."""
    return (
        f for f in publication.facts if not f.is_relationship and (f.kind == "figure") == figures
    )


def _section(title: str, facts: Iterable[Fact], words: Mapping[str, str]) -> Iterator[str]:
    for count, fact in enumerate(facts):
        if not count:
            yield f"## {title}"
            yield ""
        yield f"{fact.number}\\. {markdown_text(fact_text(fact))}"
        if when := when_text(fact):
            yield f"   {markdown_text(when)}."
        yield from (f"- {markdown_text(_passage(e))}" for e in fact.evidence)
        if fact.differs:
            others = ", ".join(f"{number} ({how})" for how, number in fact.differs)
            yield f"- {words['differs']} {markdown_text(others)}"
        yield ""


def _passage(evidence: Evidence) -> str:
    """What a passage says in our words, and where it stands."""
    where = ", ".join(filter(None, (f"S{evidence.source}", place_text(evidence))))
    return f"{one_line(evidence.gist)} ({where})"


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every line, without the escapes."""
    for line in lines_of(file):
        yield re.sub(r"\\(.)", r"\1", line)

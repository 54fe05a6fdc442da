"""CSV: entities, facts and sources, with what a spreadsheet takes for a formula made harmless."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from exports.publication import Entity, Fact, Publication, Source
from exports.writing.texts import encoded, lines_of, xml_text
from exports.writing.words import marks
from graph.model.amounts import stored
from graph.model.schema import Property, Schema
from graph.questions.table_text import csv_lines

NAME = "csv"
WORDS = "Tables of entities, facts and sources, for spreadsheets"
FILES = {
    "things.csv": "a table of who and what",
    "facts.csv": "a table of every fact",
    "sources.csv": "a table of the sources",
}

_ENTITY: Final = ("id", "type", "caption", "named", "ties", "x", "y")
_FACT: Final = (
    "number", "id", "kind", "subject", "predicate", "object", "measure", "value", "unit",
    "comparator", "base", "polarity",
)  # fmt: skip
_STANDING: Final = (
    "said", "status", "weakest", "origins", "not_stated", "outlets", "contested", "when",
    "earliest", "latest", "reported", "sources", "gists", "differs_from", "checked_by",
    "checked_on",
)  # fmt: skip
_SOURCE: Final = (
    "number", "id", "kind", "caption", "publisher", "title", "published_on", "published_basis",
    "url", "language", "sha256", "text_sha256", "status", "relays", "held",
)  # fmt: skip


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`things.csv`, `facts.csv` and `sources.csv`."""
    schema = publication.schema
    printed = _columns(p for t in schema.node_types for p in t.printed)
    declared = _columns(schema.relationship_properties)
    entities = (_entity(t, printed, schema) for t in publication.entities)
    facts = (_fact(f, declared, schema) for f in publication.facts)
    return {
        "things.csv": _table((*_ENTITY, *printed), entities, publication),
        "facts.csv": _table((*_FACT, *declared, *_STANDING), facts, publication),
        "sources.csv": _table(_SOURCE, map(_source, publication.sources), publication),
    }


def _columns(properties: Iterable[Property]) -> tuple[str, ...]:
    """Their names, each once; beside an amount stands its number, by which a sheet can sort."""
    return tuple(dict.fromkeys(name for p in properties for name in (p.name, *p.beside)))


def _table(
    columns: Sequence[str], rows: Iterable[tuple[Any, ...]], publication: Publication
) -> Iterator[bytes]:
    # A table has no head but its columns, and a row is copied without the others.
    mark = "; ".join(marks(publication)) or None
    # Newlines inside a cell are legal, but many readers split there.
    clean = (tuple(_cell(value) for value in (*row, mark)) for row in rows)
    return encoded(csv_lines((*columns, "mark"), clean))


def _cell(value: Any) -> Any:
    if isinstance(value, int | float | None):
        return value
    if isinstance(value, list | tuple):
        return [" ".join(xml_text(item).split()) for item in value]
    return " ".join(xml_text(value).split())


def _entity(t: Entity, printed: Sequence[str], schema: Schema) -> tuple[Any, ...]:
    row = (t.id, t.label, t.caption, t.named, t.degree, round(t.x, 2), round(t.y, 2))
    properties = stored(t.properties, schema.nodes[t.label].properties)
    return (*row, *(properties.get(name) for name in printed))


def _fact(f: Fact, declared: Sequence[str], schema: Schema) -> tuple[Any, ...]:
    of_type = schema.relationships[f.predicate].properties if f.predicate else ()
    properties = stored(f.properties, of_type)
    return (
        f.number, f.id, f.kind, f.subject, f.predicate, f.object, f.measure, f.value, f.unit,
        f.comparator, f.base, f.polarity, *(properties.get(name) for name in declared), f.said,
        f.status, f.weakest, f.origins, f.not_stated, f.publishers, f.contested, f.when, f.earliest,
        f.latest, f.reported, [f"S{n}" for n in sorted({e.source for e in f.evidence})],
        [e.gist for e in f.evidence], [f"{n} ({how})" for how, n in f.differs],
        f.checked[0] if f.checked else None, f.checked[1] if f.checked else None,
    )  # fmt: skip


def _source(s: Source) -> tuple[Any, ...]:
    return (
        f"S{s.number}", s.id, s.kind, s.caption, s.publisher, s.title, s.published_on,
        s.published_basis, s.url, s.language, s.sha256, s.text_sha256, s.status,
        [f"S{n}" for n in s.relays], s.held,
    )  # fmt: skip


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every cell of the file."""
    for line in lines_of(file):
        if len(line) > csv.field_size_limit():
            yield line.replace('""', '"')  # a cell could be longer than Python's reader takes
            continue
        for row in csv.reader([line]):
            yield from (cell for cell in row if cell)

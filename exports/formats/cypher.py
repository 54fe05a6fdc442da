"""A Cypher script that rebuilds entities, relationships, claims and sources in an empty graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby, islice
from typing import Any, BinaryIO, Final

from exports.disk_list import ordered
from exports.publication import Entity, Fact, Publication, Source
from exports.writing.marks import marks
from exports.writing.references import source_text
from exports.writing.texts import lines, lines_of, one_line
from graph.model.amounts import stored
from graph.model.schema import Schema

NAME = "cypher"
WORDS = "Cypher, to rebuild it in an empty Neo4j"
FILES = {"graph.cypher": "rebuilds it in an empty Neo4j"}

_ROWS: Final = 200
_STRING: Final = re.compile(r"'([^'\\]*(?:\\.[^'\\]*)*)'")
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
# What cannot stand in a literal as it is: its own signs, control characters, ends of lines.
_ODD: Final = re.compile("[\\\\'\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NAMES: Final = {"n": "\n", "r": "\r", "t": "\t"}


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`graph.cypher`: statements that each end in `;` at the end of a line."""
    told = [publication.title, *marks(publication), "Run it in an empty database."]
    head = (f"// {one_line(text)}" for text in told)
    ended = (f"{statement};" for statement in statements(publication))
    return {"graph.cypher": lines(chain(head, ended))}


def statements(publication: Publication) -> Iterator[str]:
    """The statements in order, without their `;`. None holds a `;` at the end of a line."""
    yield "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE"
    yield "CREATE CONSTRAINT claim_id IF NOT EXISTS FOR (n:Claim) REQUIRE n.id IS UNIQUE"
    yield "CREATE CONSTRAINT source_id IF NOT EXISTS FOR (n:Source) REQUIRE n.id IS UNIQUE"
    yield from _create("Pack", [_pack(publication)])
    for label, entities in groupby(publication.entities, key=lambda t: t.label):
        yield from _create(f"Entity:{label}", (_entity(t, publication.schema) for t in entities))
    yield from _create("Source", (_source(s, publication) for s in publication.sources))
    yield from _create("Claim", map(_claim, publication.facts))
    relationships = ordered(publication.relationships, key=lambda f: (str(f.predicate), f.number))
    for predicate, those in groupby(relationships, key=lambda f: f.predicate):
        rows = (
            {"a": f.subject, "b": f.object, "p": _relationship(f, publication.schema)}
            for f in those
        )
        yield from _batches(
            rows,
            "MATCH (a:Entity {id: row.a}) MATCH (b:Entity {id: row.b}) "
            f"CREATE (a)-[r:{predicate}]->(b) SET r = row.p",
        )
    supports = (
        {"a": f"S{e.source}", "b": f.id, "p": {"status": e.status, "gist": e.gist}}
        for f in publication.facts
        for e in f.evidence
    )
    yield from _batches(
        supports,
        "MATCH (a:Source {id: row.a}) MATCH (b:Claim {id: row.b}) "
        "CREATE (a)-[r:SUPPORTS]->(b) SET r = row.p",
    )


def _create(labels: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield from _batches(rows, f"CREATE (n:{labels}) SET n = row")


def _batches(rows: Iterable[Mapping[str, Any]], then: str) -> Iterator[str]:
    left = iter(rows)
    while some := list(islice(left, _ROWS)):
        listed = ",\n".join(literal(row) for row in some)
        yield f"UNWIND [\n{listed}\n] AS row {then}"


def literal(value: Any) -> str:
    """A value as Cypher writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, Mapping):
        kept = ((name, item) for name, item in value.items() if item is not None)
        return "{" + ", ".join(f"{name}: {literal(item)}" for name, item in kept) + "}"
    return f"'{_ODD.sub(_escaped, str(value))}'"


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if char in "\\'":
        return f"\\{char}"
    # Neither NUL nor half a character can stand in a script at all.
    return "" if char == "\0" or "\ud800" <= char <= "\udfff" else f"\\u{ord(char):04x}"


def _pack(p: Publication) -> dict[str, Any]:
    mark = "; ".join(marks(p)) or None
    return {"id": p.pack, "title": p.title, "accessed": p.accessed, "mark": mark}


def _entity(t: Entity, schema: Schema) -> dict[str, Any]:
    drawn = {"x": round(t.x, 2), "y": round(t.y, 2), "named": t.named}
    properties = stored(t.properties, schema.nodes[t.label].properties)
    return {**properties, "id": t.id, "caption": t.caption, **drawn}


def _source(s: Source, publication: Publication) -> dict[str, Any]:
    return {"id": f"S{s.number}", "caption": s.caption, "citation": source_text(s, publication)}


def _claim(f: Fact) -> dict[str, Any]:
    names = ("id", "number", "kind", "subject", "predicate", "object", "measure", "value", "unit",
             "comparator", "polarity", "said", "status", "origins", "outlets", "contested",
             "earliest", "latest", "reported")  # fmt: skip
    return {name: getattr(f, name) for name in names}


def _relationship(f: Fact, schema: Schema) -> dict[str, Any]:
    names = ("status", "origins", "contested", "earliest", "latest", "reported")
    properties = stored(f.properties, schema.relationships[str(f.predicate)].properties)
    return {**properties, "claim": f.id, **{name: getattr(f, name) for name in names}}


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every string literal of the script, and its comments. No literal goes over a line's end."""
    for line in lines_of(file):
        if line.startswith("//"):
            yield line
            continue
        for found in _STRING.findall(line):
            yield _ESCAPE.sub(_unescaped, found) if "\\" in found else found


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) == 5 else _NAMES.get(code, code)

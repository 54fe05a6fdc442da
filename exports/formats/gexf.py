"""GEXF 1.3, with places, colours and shapes that Gephi shows: gexf.net/schema.html.

An edge's `kind` is its type: Gephi makes one edge of parallel ones that are of the same kind or of
none. So the second of one type between the same two, as another role at the same firm, has a kind
of its own: “HOLDS_ROLE 2”. An edge's days are those of the fact, for Gephi's timeline; a day that
is not known is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from exports.publication import Entity, Fact, Publication, drawn_relationship
from exports.writing.marks import marks
from exports.writing.network_data import (
    GEPHI_SHAPES,
    days,
    entity_data,
    place,
    relationship_data,
    rgb,
)
from exports.writing.texts import encoded, xml_texts
from exports.writing.xml_stream import XmlStream, kinds
from graph.explore.layout import MARK
from graph.explore.style import line_style
from graph.model.schema import Schema

NAME = "gexf"
WORDS = "GEXF 1.3, as Gephi draws it"
FILES = {"graph.gexf": "for Gephi"}

_ROOT: Final = {
    "xmlns": "http://gexf.net/1.3", "xmlns:viz": "http://gexf.net/1.3/viz", "version": "1.3",
}  # fmt: skip
_GRAPH: Final = {"defaultedgetype": "directed", "mode": "dynamic", "timeformat": "date"}
_OWN: Final = ("label",)
"""Data that GEXF has an attribute of its own for."""


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`graph.gexf`."""
    return {"graph.gexf": encoded(_document(publication))}


def _document(publication: Publication) -> Iterator[str]:
    out = XmlStream()
    yield out.begin("gexf", _ROOT)
    yield out.begin("meta", {"lastmodifieddate": publication.accessed})
    yield out.leaf("creator", text="Sutra")
    yield out.leaf("description", text=". ".join([*marks(publication), publication.title]))
    yield out.end()
    yield out.begin("graph", _GRAPH)
    schema = publication.schema
    nodes = _names(entity_data(entity, schema) for entity in publication.entities)
    edges = _names(relationship_data(fact, schema) for fact in publication.relationships)
    yield from _declared(out, "node", nodes)
    yield from _declared(out, "edge", edges)
    yield out.begin("nodes")
    for entity in publication.entities:
        yield from _node(out, entity, nodes, schema)
    yield out.end()
    yield out.begin("edges")
    parallel: Counter[tuple[str, ...]] = Counter()
    for fact in publication.relationships:
        kind = _kind(fact, parallel, schema)
        yield from _edge(out, fact, edges, kind, schema)
    yield out.end()
    yield out.end()
    yield out.end()


def _node(
    out: XmlStream, entity: Entity, names: Mapping[str, str], schema: Schema
) -> Iterator[str]:
    data, look, (x, y) = entity_data(entity, schema), schema.nodes[entity.label], place(entity)
    r, g, b = rgb(look.colour)
    yield out.begin("node", {"id": entity.id, "label": data["label"]})
    yield from _values(out, "node", names, data)
    yield out.leaf("viz:color", {"r": r, "g": g, "b": b, "a": 1.0})
    yield out.leaf("viz:position", {"x": x, "y": y, "z": 0.0})
    yield out.leaf("viz:size", {"value": MARK})
    yield out.leaf("viz:shape", {"value": GEPHI_SHAPES.get(look.shape, "disc")})
    yield out.end()


def _kind(fact: Fact, parallel: Counter[tuple[str, ...]], schema: Schema) -> str:
    """The type of a relationship, with its number from the second on that joins the same two."""
    predicate = str(fact.predicate)
    if not schema.relationships[predicate].key:
        return predicate  # there is one at most
    same = (fact.subject, predicate, str(fact.object))
    parallel[same] += 1
    return predicate if parallel[same] == 1 else f"{predicate} {parallel[same]}"


def _edge(
    out: XmlStream, fact: Fact, names: Mapping[str, str], kind: str, schema: Schema
) -> Iterator[str]:
    data = relationship_data(fact, schema)
    ends = {"id": fact.id, "source": fact.subject, "target": fact.object}
    known = zip(("start", "end"), days(fact), strict=True)
    when = {name: day for name, day in known if day is not None}
    said = {"label": data["label"], "kind": kind, "weight": 1.0}
    yield out.begin("edge", {**ends, **said, **when})
    yield from _values(out, "edge", names, data)
    yield out.leaf("viz:thickness", {"value": line_style(drawn_relationship(fact)).width})
    yield out.end()


def _names(rows: Iterator[Mapping[str, Any]]) -> dict[str, str]:
    """The names of the data of nodes or edges, each with its type."""
    return {name: kind for name, kind in kinds(rows).items() if name not in _OWN}


def _declared(out: XmlStream, what: str, names: Mapping[str, str]) -> Iterator[str]:
    yield out.begin("attributes", {"class": what, "mode": "static"})
    for name, kind in names.items():
        yield out.leaf("attribute", {"id": f"{what}_{name}", "title": name, "type": kind})
    yield out.end()


def _values(
    out: XmlStream, what: str, names: Mapping[str, str], row: Mapping[str, Any]
) -> Iterator[str]:
    yield out.begin("attvalues")
    for name, value in row.items():
        if value is not None and name in names:
            yield out.leaf("attvalue", {"for": f"{what}_{name}", "value": value})
    yield out.end()


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every text in the file."""
    yield from xml_texts(file)

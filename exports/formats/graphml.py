"""GraphML, for yEd, igraph and networkx: graphml.graphdrawing.org.

Gephi reads it too, but makes one edge of all that join the same two: GEXF is for Gephi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from exports.publication import Entity, Fact, Publication, drawn_relationship
from exports.writing.marks import marks
from exports.writing.network_data import entity_data, place, relationship_data, rgb
from exports.writing.texts import encoded, xml_texts
from exports.writing.xml_stream import XmlStream, kinds
from graph.explore.layout import MARK
from graph.explore.style import line_style
from graph.model.schema import Schema

NAME = "graphml"
WORDS = "GraphML, for yEd, igraph, networkx"
FILES = {"graph.graphml": "for yEd, igraph and networkx"}

_SPACE: Final = "http://graphml.graphdrawing.org/xmlns"


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`graph.graphml`."""
    return {"graph.graphml": encoded(_document(publication))}


def _document(publication: Publication) -> Iterator[str]:
    schema = publication.schema
    declared = {
        "node": kinds(_entity(entity, schema) for entity in publication.entities),
        "edge": kinds(_relationship(fact, schema) for fact in publication.relationships),
    }
    out = XmlStream()
    yield out.begin("graphml", {"xmlns": _SPACE})
    about = {"name": publication.title}
    if marked := marks(publication):
        about["mark"] = "; ".join(marked)
    for name in about:
        yield out.leaf("key", _key("graph", name, "string"))
    for what, names in declared.items():
        for name, kind in names.items():
            yield out.leaf("key", _key(what, name, kind))
    yield out.begin("graph", {"edgedefault": "directed"})
    yield from _data(out, "graph", about)
    for entity in publication.entities:
        yield out.begin("node", {"id": entity.id})
        yield from _data(out, "node", _entity(entity, schema))
        yield out.end()
    for fact in publication.relationships:
        yield out.begin("edge", {"id": fact.id, "source": fact.subject, "target": fact.object})
        yield from _data(out, "edge", _relationship(fact, schema))
        yield out.end()
    yield out.end()
    yield out.end()


def _key(what: str, name: str, kind: str) -> dict[str, str]:
    # A node and an edge may have data of one name; ids are unique in the file.
    return {"id": f"{what}_{name}", "for": what, "attr.name": name, "attr.type": kind}


def _data(out: XmlStream, what: str, row: Mapping[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if value is not None:
            yield out.leaf("data", {"key": f"{what}_{name}"}, value)


def _entity(entity: Entity, schema: Schema) -> dict[str, Any]:
    look, (x, y) = schema.nodes[entity.label], place(entity)
    r, g, b = rgb(look.colour)
    drawn = {"x": x, "y": y, "size": MARK, "r": r, "g": g, "b": b, "shape": look.shape}
    return entity_data(entity, schema) | drawn


def _relationship(fact: Fact, schema: Schema) -> dict[str, Any]:
    width = line_style(drawn_relationship(fact)).width
    return {"weight": 1.0, **relationship_data(fact, schema), "thickness": width}


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every text in the file."""
    yield from xml_texts(file)

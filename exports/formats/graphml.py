"""GraphML, for yEd, igraph and networkx: graphml.graphdrawing.org.

Gephi reads it too, but makes one edge of all that join the same two: GEXF is for Gephi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from exports.publication import Fact, Publication, Thing, drawn_tie
from exports.writing.marks import marks
from exports.writing.network_data import place, rgb, thing_data, tie_data
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
        "node": kinds(_thing(thing, schema) for thing in publication.things),
        "edge": kinds(_tie(fact, schema) for fact in publication.ties),
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
    for thing in publication.things:
        yield out.begin("node", {"id": thing.id})
        yield from _data(out, "node", _thing(thing, schema))
        yield out.end()
    for fact in publication.ties:
        yield out.begin("edge", {"id": fact.id, "source": fact.subject, "target": fact.object})
        yield from _data(out, "edge", _tie(fact, schema))
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


def _thing(thing: Thing, schema: Schema) -> dict[str, Any]:
    look, (x, y) = schema.nodes[thing.label], place(thing)
    r, g, b = rgb(look.colour)
    drawn = {"x": x, "y": y, "size": MARK, "r": r, "g": g, "b": b, "shape": look.shape}
    return thing_data(thing, schema) | drawn


def _tie(fact: Fact, schema: Schema) -> dict[str, Any]:
    width = line_style(drawn_tie(fact)).width
    return {"weight": 1.0, **tie_data(fact, schema), "thickness": width}


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every text in the file."""
    yield from xml_texts(file)

"""GraphML, for Gephi, yEd, igraph and networkx: graphml.graphdrawing.org."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from exports.network import place, rgb, thing_data, tie_data
from exports.plain import xml_texts
from exports.publication import Fact, Publication, Thing
from exports.xml_stream import XmlStream, kinds
from graph.layout import MARK
from graph.look import line_style
from graph.schema import NODES

NAME = "graphml"
WORDS = "GraphML, for Gephi, yEd, igraph"
FILES = {"graph.graphml": "for Gephi, yEd and igraph"}

_SPACE: Final = "http://graphml.graphdrawing.org/xmlns"


def files(publication: Publication) -> Mapping[str, bytes]:
    """`graph.graphml`."""
    widths = {tie.id: line_style(tie).width for tie in publication.view.relationships}
    declared = {
        "node": kinds(_thing(thing) for thing in publication.things),
        "edge": kinds(_tie(fact, widths) for fact in publication.ties),
    }
    out = XmlStream()
    with out.element("graphml", {"xmlns": _SPACE}):
        out.leaf("key", _key("graph", "name", "string"))
        for what, names in declared.items():
            for name, kind in names.items():
                out.leaf("key", _key(what, name, kind))
        with out.element("graph", {"edgedefault": "directed"}):
            out.leaf("data", {"key": "graph_name"}, publication.title)
            for thing in publication.things:
                with out.element("node", {"id": thing.id}):
                    _data(out, "node", _thing(thing))
            for fact in publication.ties:
                ends = {"id": fact.id, "source": fact.subject, "target": fact.object}
                with out.element("edge", ends):
                    _data(out, "edge", _tie(fact, widths))
    return {"graph.graphml": out.done()}


def _key(what: str, name: str, kind: str) -> dict[str, str]:
    # A node and an edge may have data of one name; ids are unique in the file.
    return {"id": f"{what}_{name}", "for": what, "attr.name": name, "attr.type": kind}


def _data(out: XmlStream, what: str, row: Mapping[str, Any]) -> None:
    for name, value in row.items():
        if value is not None:
            out.leaf("data", {"key": f"{what}_{name}"}, value)


def _thing(thing: Thing) -> dict[str, Any]:
    look, (x, y) = NODES[thing.label], place(thing)
    r, g, b = rgb(look.colour)
    drawn = {"x": x, "y": y, "size": MARK, "r": r, "g": g, "b": b, "shape": look.shape}
    return thing_data(thing) | drawn


def _tie(fact: Fact, widths: Mapping[str, float]) -> dict[str, Any]:
    return {"weight": 1.0, **tie_data(fact), "thickness": widths[fact.id]}


def texts(name: str, data: bytes) -> Iterator[str]:
    """Every text in the file."""
    yield from xml_texts(data)

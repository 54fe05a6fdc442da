"""GEXF 1.3, with places, colours and shapes that Gephi shows: gexf.net/schema.html."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from exports.network import GEPHI_SHAPES, place, rgb, thing_data, tie_data
from exports.plain import xml_texts
from exports.publication import Publication, Thing
from exports.xml_stream import XmlStream, kinds
from graph.layout import MARK
from graph.look import line_style
from graph.schema import NODES

NAME = "gexf"
WORDS = "GEXF 1.3, as Gephi draws it"
FILES = {"graph.gexf": "for Gephi"}

_ROOT: Final = {
    "xmlns": "http://gexf.net/1.3", "xmlns:viz": "http://gexf.net/1.3/viz", "version": "1.3",
}  # fmt: skip
_OWN: Final = ("label",)
"""Data that GEXF has an attribute of its own for."""


def files(publication: Publication) -> Mapping[str, bytes]:
    """`graph.gexf`."""
    out = XmlStream()
    with out.element("gexf", _ROOT):
        with out.element("meta", {"lastmodifieddate": publication.accessed}):
            out.leaf("creator", text="Sutra")
            out.leaf("description", text=publication.title)
        with out.element("graph", {"defaultedgetype": "directed", "mode": "static"}):
            _graph(out, publication)
    return {"graph.gexf": out.done()}


def _graph(out: XmlStream, publication: Publication) -> None:
    nodes = _declare(out, "node", (thing_data(thing) for thing in publication.things))
    edges = _declare(out, "edge", (tie_data(fact) for fact in publication.ties))
    with out.element("nodes"):
        for thing in publication.things:
            data = thing_data(thing)
            with out.element("node", {"id": thing.id, "label": data["label"]}):
                _values(out, nodes, data)
                _drawn(out, thing)
    styles = {tie.id: line_style(tie) for tie in publication.view.relationships}
    with out.element("edges"):
        for fact in publication.ties:
            data = tie_data(fact)
            ends = {"id": fact.id, "source": fact.subject, "target": fact.object}
            with out.element("edge", {**ends, "label": data["label"], "weight": 1.0}):
                _values(out, edges, data)
                out.leaf("viz:thickness", {"value": styles[fact.id].width})


def _drawn(out: XmlStream, thing: Thing) -> None:
    look, (x, y) = NODES[thing.label], place(thing)
    r, g, b = rgb(look.colour)
    out.leaf("viz:color", {"r": r, "g": g, "b": b, "a": 1.0})
    out.leaf("viz:position", {"x": x, "y": y, "z": 0.0})
    out.leaf("viz:size", {"value": MARK})
    out.leaf("viz:shape", {"value": GEPHI_SHAPES.get(look.shape, "disc")})


def _declare(out: XmlStream, what: str, rows: Iterator[Mapping[str, Any]]) -> dict[str, str]:
    """Declare the data of nodes or edges; returns the id of each name."""
    found = {name: kind for name, kind in kinds(rows).items() if name not in _OWN}
    ids = {name: f"{what}_{name}" for name in found}
    with out.element("attributes", {"class": what, "mode": "static"}):
        for name, kind in found.items():
            out.leaf("attribute", {"id": ids[name], "title": name, "type": kind})
    return ids


def _values(out: XmlStream, ids: Mapping[str, str], row: Mapping[str, Any]) -> None:
    with out.element("attvalues"):
        for name, value in row.items():
            if value is not None and name in ids:
                out.leaf("attvalue", {"for": ids[name], "value": value})


def texts(name: str, data: bytes) -> Iterator[str]:
    """Every text in the file."""
    yield from xml_texts(data)

"""GraphML, for Gephi, yEd, igraph and networkx."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

from networkx.readwrite.graphml import write_graphml_xml

from exports.network import graph
from exports.plain import xml_texts
from exports.publication import Publication

NAME = "graphml"
WORDS = "GraphML, for Gephi, yEd, igraph"
FILES = {"graph.graphml": "for Gephi, yEd and igraph"}


def files(publication: Publication) -> Mapping[str, bytes]:
    """`graph.graphml`."""
    stream = io.BytesIO()
    write_graphml_xml(graph(publication, viz=False), stream, named_key_ids=True)
    return {"graph.graphml": stream.getvalue()}


def texts(name: str, data: bytes) -> Iterator[str]:
    """Every text in the file."""
    yield from xml_texts(data)

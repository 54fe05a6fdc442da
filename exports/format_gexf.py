"""GEXF 1.3, with places, colours and shapes that Gephi shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from networkx.readwrite.gexf import GEXFWriter

from exports.network import graph
from exports.plain import xml_text, xml_texts
from exports.publication import Publication

NAME = "gexf"
WORDS = "GEXF 1.3, as Gephi draws it"
FILES = {"graph.gexf": "for Gephi"}


def files(publication: Publication) -> Mapping[str, bytes]:
    """`graph.gexf`."""
    root = GEXFWriter(graph(publication, viz=True), version="1.3").xml
    # What networkx writes and the schema refuses: a misspelt namespace, the name of a graph.
    del root.attrib["xmlns:xsi"], root.attrib["xsi:schemaLocation"]
    del root.find("graph").attrib["name"]
    # Its own name and the day of today would be other bytes on another day.
    meta = root.find("meta")
    meta.set("lastmodifieddate", publication.accessed)
    meta.find("creator").text = "Sutra"
    ElementTree.SubElement(meta, "description").text = xml_text(publication.title)
    ElementTree.indent(root)
    data = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return {"graph.gexf": data + b"\n"}


def texts(name: str, data: bytes) -> Iterator[str]:
    """Every text in the file."""
    yield from xml_texts(data)

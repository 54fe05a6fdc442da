"""JSON: node-link as networkx and D3 read it, and the elements of Cytoscape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, BinaryIO

from exports.publication import Publication
from exports.writing.marks import marks
from exports.writing.network_data import entity_data, relationship_data
from exports.writing.texts import json_records, json_texts

NAME = "json"
WORDS = "JSON: node-link, and Cytoscape"
FILES = {"graph.json": "node-link JSON with everything", "cytoscape.json": "for Cytoscape"}


def files(publication: Publication) -> Mapping[str, Iterator[bytes]]:
    """`graph.json` (node-link, with all facts and sources) and `cytoscape.json`."""
    return {
        "graph.json": json_records(_node_link(publication)),
        "cytoscape.json": json_records(_cytoscape(publication)),
    }


def _node_link(publication: Publication) -> dict[str, Any]:
    return {
        "directed": True,
        "multigraph": True,
        "graph": {
            "name": publication.title, "pack": publication.pack,
            "mark": "; ".join(marks(publication)),
        },
        "nodes": (
            {
                "id": t.id, "type": t.label, "caption": t.caption, "named": t.named,
                "degree": t.degree, "x": t.x, "y": t.y, "properties": dict(t.properties),
            }
            for t in publication.entities
        ),
        "edges": (
            {"source": f.subject, "target": f.object, "key": f.id, "fact": f.number,
             "type": f.predicate}
            for f in publication.relationships
        ),
        "facts": (asdict(f) for f in publication.facts),
        "sources": (asdict(s) for s in publication.sources),
    }  # fmt: skip


def _cytoscape(publication: Publication) -> dict[str, Any]:
    schema = publication.schema
    nodes = (
        {"data": {"id": t.id, **entity_data(t, schema)}, "position": {"x": t.x, "y": t.y}}
        for t in publication.entities
    )
    edges = (
        {
            "data": {
                "id": f.id,
                "source": f.subject,
                "target": f.object,
                **relationship_data(f, schema),
            }
        }
        for f in publication.relationships
    )
    about = {"name": publication.title, "mark": "; ".join(marks(publication))}
    return {"data": about, "elements": {"nodes": nodes, "edges": edges}}


def texts(name: str, file: BinaryIO) -> Iterator[str]:
    """Every text in the file, keys included."""
    yield from json_texts(file)

"""A publication as a networkx graph, with places, colours and shapes as Gephi shows them."""

from __future__ import annotations

from typing import Any, Final

import networkx as nx

from exports.plain import xml_text
from exports.publication import Fact, Publication, Thing
from graph.layout import MARK
from graph.look import line_style
from graph.schema import NODES

GEPHI_SHAPES: Final = {
    "dot": "disc",
    "square": "square",
    "triangle": "triangle",
    "triangleDown": "triangle",
    "diamond": "diamond",
}
"""The shapes that GEXF knows; everything else is a disc there, and told by its colour."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of a colour like `#0072B2`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def thing_data(thing: Thing) -> dict[str, Any]:
    """A thing's data for graph formats: texts, numbers and truth values alone."""
    data = {name: xml_text(value) for name, value in sorted(thing.properties.items())}
    return {
        "label": xml_text(thing.caption),
        "type": thing.label,
        "named": thing.named,
        "degree": thing.degree,
        **{f"property_{name}": value for name, value in data.items()},
    }


def tie_data(fact: Fact) -> dict[str, Any]:
    """A tie's data for graph formats: texts, numbers and truth values alone."""
    data = {name: xml_text(value) for name, value in sorted(fact.properties.items())}
    return {
        "label": str(fact.predicate),
        "number": fact.number,
        "said": xml_text(fact.said),
        "status": fact.status,
        "weakest": fact.weakest,
        "origins": fact.origins,
        "not_stated": fact.not_stated,
        "outlets": fact.outlets,
        "contested": fact.contested,
        "when": xml_text(fact.when),
        "earliest": fact.earliest,
        "latest": fact.latest,
        "reported": fact.reported,
        "sources": ", ".join(f"S{n}" for n in sorted({e.source for e in fact.evidence})),
        **{f"property_{name}": value for name, value in data.items()},
    }


def graph(publication: Publication, *, viz: bool) -> Any:
    """The things and ties as a directed multigraph; ids are the pack's.

    With `viz`, what is drawn goes where GEXF has it, else into plain attributes.
    """
    made: Any = nx.MultiDiGraph(name=xml_text(publication.title))
    styles = {tie.id: line_style(tie) for tie in publication.view.relationships}
    for thing in publication.things:
        look = NODES[thing.label]
        r, g, b = rgb(look.colour)
        shape = GEPHI_SHAPES.get(look.shape, "disc")
        # Gephi's y runs upwards.
        x, y = round(thing.x, 2), round(-thing.y, 2)
        drawn: dict[str, Any] = {"x": x, "y": y, "size": MARK, "r": r, "g": g, "b": b}
        drawn |= {"shape": look.shape}
        if viz:
            drawn = {
                "viz": {
                    "color": {"r": r, "g": g, "b": b, "a": 1.0},
                    "position": {"x": x, "y": y, "z": 0.0},
                    "size": MARK,
                    "shape": shape,
                }
            }
        made.add_node(thing.id, **thing_data(thing), **drawn)
    for fact in publication.ties:
        width = styles[fact.id].width
        drawn = {"viz": {"thickness": width}} if viz else {"thickness": width}
        made.add_edge(
            fact.subject,
            fact.object,
            key=fact.id,
            id=fact.id,
            weight=1.0,
            **tie_data(fact),
            **drawn,
        )
    return made

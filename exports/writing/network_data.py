"""The data of entities and relationships for graph formats; places, colours and shapes as Gephi
shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from exports.publication import Entity, Fact
from exports.writing.texts import xml_text
from graph.model.amounts import stored
from graph.model.dates import BEGINNING, END
from graph.model.schema import Property, Schema

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


def entity_data(entity: Entity, schema: Schema) -> dict[str, Any]:
    """An entity's data for graph formats: texts, numbers and truth values alone."""
    declared = schema.nodes[entity.label].properties
    return {
        "label": xml_text(entity.caption),
        "type": entity.label,
        "named": entity.named,
        "degree": entity.degree,
        **_properties(entity.properties, declared),
    }


def relationship_data(fact: Fact, schema: Schema) -> dict[str, Any]:
    """A tie's data for graph formats: texts, numbers and truth values alone."""
    declared = schema.relationships[str(fact.predicate)].properties
    first, last = days(fact)
    return {
        "label": str(fact.predicate),
        "number": fact.number,
        "said": xml_text(fact.said),
        "status": fact.status,
        "weakest": fact.weakest,
        "origins": fact.origins,
        "not_stated": fact.not_stated,
        "outlets": fact.publishers,
        "contested": fact.contested,
        "when": xml_text(fact.when),
        "earliest": first,
        "latest": last,
        "reported": fact.reported,
        "sources": ", ".join(f"S{n}" for n in sorted({e.source for e in fact.evidence})),
        **_properties(fact.properties, declared),
    }


def _properties(found: Mapping[str, Any], declared: Iterable[Property]) -> dict[str, Any]:
    """Declared properties as texts, and beside an amount its number, by which one can sort."""
    return {
        f"property_{name}": value if isinstance(value, float) else xml_text(value)
        for name, value in sorted(stored(found, declared).items())
    }


def days(fact: Fact) -> tuple[str | None, str | None]:
    """The days that bound a fact; None for one that is not known."""
    return (
        None if fact.earliest == BEGINNING else fact.earliest,
        None if fact.latest == END else fact.latest,
    )


def place(entity: Entity) -> tuple[float, float]:
    """Where an entity lies: Gephi's y runs upwards."""
    return round(entity.x, 2), round(-entity.y, 2)

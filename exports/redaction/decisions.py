"""Whether what the decisions for one pack name is there: a slip of the pen could print a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from itertools import chain

from exports.choices import Choices
from exports.material import Material
from graph.errors import ExportError
from graph.model.schema import Schema


def resolved(material: Material, choices: Choices) -> Choices:
    """The choices, with full ids for whom they keep private.

    Raises ExportError if one of those is neither in the case nor a type of what has a name.
    """
    types = sorted(t.label for t in material.schema.node_types if t.has_naming)
    known = {material.local(named.id): named.id for named in material.named}
    found = set()
    for word in sorted(choices.private):
        id_ = word if word in types else known.get(material.local(word))
        if id_ is None:
            close = get_close_matches(material.local(word), [*known, *types], 1)
            meant = f"did you mean {close[0]}?" if close else f"or {', '.join(types)}."
            raise ExportError(
                f"“{word}” cannot be kept private, for nothing in this case that has a name has "
                f"that id; {meant}"
            )
        found.add(id_)
    return replace(choices, private=frozenset(found))


def unmet(material: Material, choices: Choices) -> Iterator[str]:
    """A sentence for each decision that meets nothing here: it may be mistyped."""
    entities = (node.id for node in material.view.nodes)
    for what, words, ids in (
        (
            "to be left out",
            choices.left_out - _types(material.schema),
            chain(entities, _claims(material)),
        ),
        ("said to belong to a role", choices.kept, _claims(material)),
        ("to be cited all the same", choices.overrides, iter(material.sources)),
    ):
        left = {material.local(word): word for word in words}
        for id_ in ids if left else ():
            left.pop(material.local(id_), None)
        for word in sorted(left.values()):
            yield f"“{word}” was {what}, and nothing of that id is in this view: is it mistyped?"


def _types(schema: Schema) -> set[str]:
    """The types, and their properties as `Type.property`."""
    declared = [(t.label, t.properties) for t in schema.node_types]
    declared += [(t.name, t.properties) for t in schema.relationship_types]
    return {
        name
        for label, properties in declared
        for name in (label, *(f"{label}.{p.name}" for p in properties))
    }


def _claims(material: Material) -> Iterator[str]:
    return (claim.id for claim in material.claims)

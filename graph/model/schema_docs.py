"""`docs/schema.md`, written from the schema."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from graph.model.schema import ANY, SCHEMA_VERSION, NodeType, Property, RelationshipType, Schema
from graph.model.types import SCHEMA
from graph.model.types.claims import COMPARATORS, CONTESTING, DIFFERENCES, POLARITIES, STATUSES


def markdown(schema: Schema = SCHEMA) -> str:
    """The schema as a page for people, in Markdown."""
    return "\n".join(_lines(schema)) + "\n"


def _lines(schema: Schema) -> Iterator[str]:
    yield "# The schema"
    yield ""
    yield "`python -m graph.model.schema_docs` writes this page from `graph/model/types/`."
    yield f"Schema version {SCHEMA_VERSION}."
    yield ""
    yield "## Entities"
    yield ""
    yield (
        "Each entity has the label `Entity` and one of these, and carries `id`, `case`, `caption` "
        "and `search` (its names, folded)."
    )
    for node in schema.node_types:
        yield from _node(node)
    yield ""
    yield "## Relationships"
    yield ""
    yield (
        "Each is the shadow of an affirmative claim and carries `claim` (its id), `earliest`, "
        "`latest`, `reported`, `status`, `origins` and `contested`, besides what is declared here. "
        "A property in bold makes two claims different."
    )
    yield ""
    yield "| relationship | from | to | reads | properties | does | FollowTheMoney |"
    yield "|---|---|---|---|---|---|---|"
    for relationship in schema.relationship_types:
        yield _relationship(relationship)
    yield ""
    yield "## Claims"
    yield ""
    yield "| kind | reads | is |"
    yield "|---|---|---|"
    for kind in schema.claim_kinds:
        terms = f" One of {_codes(kind.terms)}." if kind.terms else ""
        yield f"| `{kind.name}` | {kind.words} | {kind.doc}{terms} |"
    yield ""
    yield f"- polarity: {_codes(POLARITIES)}; only affirmative claims draw relationships"
    yield f"- comparator of a figure: {_codes(COMPARATORS)}"
    yield f"- status of a support, from strong to weak: {_codes(STATUSES)}"
    yield (
        f"- differences between claims: {_codes(DIFFERENCES)}; only {_codes(CONTESTING)} contest"
    )
    yield ""
    yield "## Records"
    yield ""
    for record in schema.record_types:
        yield f"### {record.label}"
        yield ""
        yield record.doc
        if record.properties:
            yield ""
            yield from _properties(record.properties)
        yield ""
    yield "| relationship of the record | is |"
    yield "|---|---|"
    for name, doc in schema.record_relationships.items():
        yield f"| `{name}` | {doc} |"


def _node(node: NodeType) -> Iterator[str]:
    yield ""
    yield f"### {node.label}"
    yield ""
    ftm = f", FollowTheMoney {node.ftm}" if node.ftm else ""
    yield f"{node.doc} Table `{node.table}.csv`, drawn as {node.shape} in `{node.colour}`{ftm}."
    yield from _node_does(node)
    yield ""
    yield from _properties(node.properties)


def _node_does(node: NodeType) -> Iterator[str]:
    if node.acts:
        yield "It acts, so it may be accused."
    if node.naming:
        yield f"In print it is named by the rule for `{node.naming}`."
    if node.says:
        yield f"A search of sentences finds its `{node.says}`."


def _properties(properties: Iterable[Property]) -> Iterator[str]:
    yield "| property | reads | holds |"
    yield "|---|---|---|"
    for prop in properties:
        yield f"| `{prop.name}` | {prop.words} | {_holds(prop)} |"


def _holds(prop: Property) -> str:
    kinds = {
        "text": "text", "list": "texts, parted by `\\|`", "edtf": "an EDTF date",
        "bool": "yes or no", "id": "an id", "int": "a whole number",
        "number": "an exact decimal, as `12500.50`", "money": "an amount, as `12500.50 EUR`",
        "sha256": "64 hexadecimal digits",
    }  # fmt: skip
    held = f"one of {_codes(prop.terms)}" if prop.terms else kinds[prop.kind]
    if prop.beside:
        held += f"; stored beside it: {_codes(prop.beside)}"
    return f"{held}; required" if prop.required else held


def _relationship(relationship: RelationshipType) -> str:
    properties = ", ".join(
        f"**`{p.name}`**" if p.name in relationship.key else f"`{p.name}`"
        for p in relationship.properties
    )
    does = ", ".join(_relationship_does(relationship))
    return (
        f"| `{relationship.name}` | {_ends(relationship.sources)} | {_ends(relationship.targets)} "
        f"| … {relationship.words} … | {properties} | {does} "
        f"| {relationship.ftm} |"
    )


def _relationship_does(relationship: RelationshipType) -> Iterable[str]:
    flags = {
        "is a role": relationship.role, "belongs to a role": relationship.of_role,
        "leads to what many share": relationship.apart, "tells a member": relationship.member,
        "tells a part": relationship.part, "says that two are one": relationship.same,
        "says who did it": relationship.side == "does",
        "says whom it reached": relationship.side == "reaches",
    }  # fmt: skip
    return (words for words, flag in flags.items() if flag)


def _ends(labels: tuple[str, ...]) -> str:
    return "any" if labels == ANY else ", ".join(labels)


def _codes(terms: Iterable[str]) -> str:
    return ", ".join(f"`{term}`" for term in terms)


if __name__ == "__main__":
    sys.stdout.write(markdown())

"""The schema is the one declaration: what is derived from it follows a change of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.explore.style import OUTLINES, type_styles
from graph.ingest import statements
from graph.model import schema_docs
from graph.model.schema import Property, RelationshipType
from graph.model.types import SCHEMA
from loaders.tables import table_heads

ROOT = Path(__file__).resolve().parents[2]


def test_the_schema_page_is_what_the_schema_says() -> None:
    page = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    assert page == schema_docs.markdown(), "run: python -m graph.model.schema_docs > docs/schema.md"


def test_every_type_has_its_constraint_and_index() -> None:
    made = "\n".join(statements.set_up(SCHEMA))
    for relationship in SCHEMA.relationship_types:
        assert f"FOR ()-[r:{relationship.name}]-() REQUIRE r.claim IS UNIQUE" in made
    for node in SCHEMA.node_types:
        assert f"FOR (n:{node.label}) ON (n.case)" in made


def test_every_type_can_be_told_apart_without_colour() -> None:
    assert len({node.shape for node in SCHEMA.node_types}) == len(SCHEMA.node_types)
    for node in SCHEMA.node_types:
        assert node.shape in OUTLINES
        assert node.label in type_styles(SCHEMA)


def test_every_type_has_a_table_that_holds_all_it_declares() -> None:
    heads = table_heads(SCHEMA)
    for stem, types in SCHEMA.tables.items():
        columns = heads[stem].columns
        assert all(prop.name in columns for node in types for prop in node.properties)
    declared = {p.name for t in SCHEMA.relationship_types for p in t.properties}
    assert declared <= set(heads["claims"].columns)


def test_words_for_people_hold_no_code() -> None:
    for relationship in SCHEMA.relationship_types:
        assert "_" not in relationship.words + relationship.reverse
    for node in SCHEMA.node_types:
        assert "_" not in node.words + node.plural


def test_a_declaration_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="not declared"):
        RelationshipType("X", ("Person",), ("Person",), "x", "x", "x", (), key=("title",))
    with pytest.raises(ValueError, match="terms"):
        Property("kind", "kind", "term")

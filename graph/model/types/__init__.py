"""The declarations: entities, relationships, claims and records, and the schema made of them.

>>> SCHEMA.relationships["ATTENDED"].targets
('Meeting',)
"""

from __future__ import annotations

from typing import Final

from graph.model.schema import Schema
from graph.model.types.claims import CLAIM_KINDS
from graph.model.types.entities import NODE_TYPES
from graph.model.types.records import RECORD_RELATIONSHIPS, RECORD_TYPES
from graph.model.types.relationships import RELATIONSHIP_TYPES

SCHEMA: Final = Schema(
    NODE_TYPES, RELATIONSHIP_TYPES, CLAIM_KINDS, RECORD_TYPES, RECORD_RELATIONSHIPS
)
"""The schema that is used where no other is given."""

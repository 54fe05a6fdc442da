"""The Cypher that the schema implies: constraints, indexes, and the writer's statements.

Relationships are never MERGEd and are found by the list of their claims alone (no label on an end,
no inline map): the other forms scan on one engine or the other. See docs/decisions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model.schema import CLAIM_LABEL, ENTITY_LABEL, RECORD_LABEL, WITHDRAWN_LABEL, Schema

_UNIQUE: Final = (
    (ENTITY_LABEL, "id"),
    (RECORD_LABEL, "id"),
    (CLAIM_LABEL, "id"),
    (WITHDRAWN_LABEL, "id"),
    ("Load", "running"),
)
_INDEXED: Final = (
    (ENTITY_LABEL, ("case",)),
    (RECORD_LABEL, ("case",)),
    (WITHDRAWN_LABEL, ("case",)),
    (CLAIM_LABEL, ("case",)),
    (CLAIM_LABEL, ("case", "kind")),
    (CLAIM_LABEL, ("case", "predicate")),
    (CLAIM_LABEL, ("case", "measure")),
    (CLAIM_LABEL, ("subject",)),
    (CLAIM_LABEL, ("object",)),
)


BEAT: Final = (
    "MATCH (l:Record {id: $id}) SET l.beat = timestamp() "
    "WITH l WHERE l.holder = $holder AND l.running IS NOT NULL RETURN count(l) AS held"
)
"""Shows by the server's clock that a load is alive, and says whether `$holder` still holds it.

It is looked at once the node is locked: so nobody takes the load over before this transaction ends.
"""


BEGIN_LOAD: Final = (
    f"UNWIND $rows AS row CREATE (l:{RECORD_LABEL}:Load) SET l = row, l.beat = timestamp()"
)
HOLD_LOAD: Final = (
    "MATCH (l:Record {id: $id}) SET l.status = $status, l.running = l.case, l.holder = $holder, "
    "l.beat = timestamp()"
)


COMPLETE_LOAD: Final = (
    "MATCH (l:Record {id: $id}) SET l.status = $status, l.finished = $finished, "
    "l.counts = $counts, l.entries = $entries, l.orphans = $orphans REMOVE l.running"
)
RELEASE_LOAD: Final = "MATCH (l:Record {id: $id}) REMOVE l.running"
IS_DONE: Final = (
    "MATCH (l:Record {id: $id}) RETURN l.holder = $holder AND l.running IS NULL AS done"
)


def _index(label: str, names: tuple[str, ...]) -> str:
    return f"{label.lower()}_by_{'_'.join(names)}"


def _indexed(schema: Schema) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from _INDEXED
    yield from ((label, ("case",)) for label in (*schema.nodes, *schema.records))


def case_indexes(schema: Schema) -> tuple[str, ...]:
    """The names of the indexes that hold very many nodes under one key."""
    return tuple(_index(label, names) for label, names in _indexed(schema) if "case" in names)


def set_up(schema: Schema) -> Iterator[str]:
    """Statements that make every constraint and index; each may be run again."""
    for label, name in _UNIQUE:
        yield (
            f"CREATE CONSTRAINT {label.lower()}_{name} IF NOT EXISTS "
            f"FOR (n:{label}) REQUIRE n.{name} IS UNIQUE"
        )
    for relationship in schema.relationships:
        yield (
            f"CREATE CONSTRAINT {relationship.lower()}_claim IF NOT EXISTS "
            f"FOR ()-[r:{relationship}]-() REQUIRE r.claim IS UNIQUE"
        )
    for label, names in _indexed(schema):
        columns = ", ".join(f"n.{name}" for name in names)
        yield (f"CREATE INDEX {_index(label, names)} IF NOT EXISTS FOR (n:{label}) ON ({columns})")


def existing(label: str) -> str:
    """What is there of `$ids`: id, digest, labels, and the load that first asserted it."""
    return (
        f"MATCH (n:{label}) WHERE n.id IN $ids "
        "RETURN n.id AS id, n.digest AS digest, labels(n) AS labels, n.since AS since"
    )


def stamp(label: str) -> str:
    """Note that `$load` asserts `$ids` again."""
    return f"MATCH (n:{label}) WHERE n.id IN $ids SET n.load = $load"


def create_node(*labels: str) -> str:
    """New nodes from `$rows`, each a map of properties."""
    return f"UNWIND $rows AS row CREATE (n:{':'.join(labels)}) SET n = row"


def replace_node(label: str) -> str:
    """All properties of existing nodes from `$rows`."""
    return f"UNWIND $rows AS row MATCH (n:{label} {{id: row.id}}) SET n = row"


def delete_node(label: str) -> str:
    """Nodes of `$ids` and all that is joined to them."""
    return f"MATCH (n:{label}) WHERE n.id IN $ids DETACH DELETE n"


def delete_case(label: str) -> str:
    """At most `$most` nodes of `$case`; says how many are `gone`."""
    return (
        f"MATCH (n:{label}) WHERE n.case = $case WITH n LIMIT $most DETACH DELETE n "
        "RETURN count(*) AS gone"
    )


FORGET_DIGESTS: Final = {
    ENTITY_LABEL: (
        f"MATCH (c:{CLAIM_LABEL}) WHERE c.subject IN $ids REMOVE c.digest",
        f"MATCH (c:{CLAIM_LABEL}) WHERE c.object IN $ids REMOVE c.digest",
    ),
    RECORD_LABEL: (
        f"MATCH (n:{RECORD_LABEL}) WHERE n.id IN $ids "
        "MATCH (n)-[:SUPPORTS|FROM|RELAYS|SUPERSEDES]-(m) REMOVE m.digest",
    ),
}
"""Has whatever is joined to nodes of `$ids` written again, because those nodes are to be deleted.

It goes in the transaction that deletes them, so that no digest outlives what it covers, however a
load ends.
"""


def create_claims_with(relationship: str) -> str:
    """New claims and what they draw, from `$rows` of subject, object, claim, drawn."""
    return f"""
UNWIND $rows AS row
MATCH (a:{ENTITY_LABEL} {{id: row.subject}})
MATCH (b:{ENTITY_LABEL} {{id: row.object}})
CREATE (c:{CLAIM_LABEL}) SET c = row.claim
CREATE (a)-[r:{relationship}]->(b) SET r = row.drawn
"""


def draw(relationship: str) -> str:
    """Relationships of claims that stand already, from `$rows` of subject, object, drawn."""
    return f"""
UNWIND $rows AS row
MATCH (a:{ENTITY_LABEL} {{id: row.subject}})
MATCH (b:{ENTITY_LABEL} {{id: row.object}})
CREATE (a)-[r:{relationship}]->(b) SET r = row.drawn
"""


def erase(relationship: str) -> str:
    """Takes away the relationships that the claims `$ids` drew."""
    return f"MATCH (a)-[r:{relationship}]->(b) WHERE r.claim IN $ids DELETE r"


CREATE_SUPPORTS: Final = f"""
UNWIND $rows AS row
MATCH (p:{RECORD_LABEL} {{id: row.passage}})
MATCH (c:{CLAIM_LABEL} {{id: row.claim}})
CREATE (p)-[s:SUPPORTS]->(c) SET s = row.properties
"""
DELETE_SUPPORTS: Final = (
    f"MATCH (c:{CLAIM_LABEL}) WHERE c.id IN $ids MATCH (c)<-[s:SUPPORTS]-() DELETE s"
)

CREATE_DIFFERS: Final = f"""
UNWIND $rows AS row
MATCH (a:{CLAIM_LABEL} {{id: row.one}})
MATCH (b:{CLAIM_LABEL} {{id: row.other}})
CREATE (a)-[d:DIFFERS {{how: row.how, load: $load}}]->(b)
"""
DELETE_DIFFERS_FROM: Final = (
    f"MATCH (c:{CLAIM_LABEL}) WHERE c.id IN $ids MATCH (c)-[d:DIFFERS]->() DELETE d"
)
DELETE_DIFFERS: Final = (
    f"MATCH (c:{CLAIM_LABEL}) WHERE c.id IN $ids MATCH (c)-[d:DIFFERS]-() DELETE d"
)

STALE_DIFFERS: Final = (
    f"MATCH (n:{CLAIM_LABEL}) WHERE n.case = $case MATCH (n)-[d:DIFFERS]->() "
    "WHERE d.load <> $load RETURN DISTINCT n.id AS id LIMIT $most"
)
DELETE_STALE_DIFFERS: Final = (
    f"MATCH (c:{CLAIM_LABEL}) WHERE c.id IN $ids "
    "MATCH (c)-[d:DIFFERS]->() WHERE d.load <> $load DELETE d"
)

UNSTAMPED_CLAIMS: Final = (
    f"MATCH (n:{CLAIM_LABEL}) WHERE n.case = $case AND n.load <> $load WITH n LIMIT $most "
    "OPTIONAL MATCH (n)<-[:SUPPORTS]-(p)-[:FROM]->(s) "
    "RETURN n.id AS id, n.predicate AS predicate, n.since AS since, "
    "max(CASE WHEN s.load = $load THEN 1 ELSE 0 END) AS listed"
)
"""Claims that no stamp reached, and whether (1) a source of theirs is still listed."""

WITHDRAWN_SUPPORTS: Final = (
    f"MATCH (n:{WITHDRAWN_LABEL}) WHERE n.case = $case "
    "OPTIONAL MATCH (n)<-[:SUPPORTS]-(p)-[:FROM]->(s) "
    "RETURN n.id AS id, p.id AS passage, coalesce(s.load = $load, false) AS listed"
)
"""Each withdrawn claim with its passages, and whether the source of each is still listed."""

BROUGHT_BY: Final = (
    f"MATCH (c:{CLAIM_LABEL}) WHERE c.id IN $ids MATCH (c)<-[s:SUPPORTS]-() "
    "RETURN c.id AS id, c.sentence AS sentence, collect(DISTINCT s.input) AS inputs"
)
"""Claims of `$ids` with the names of the inputs whose passages support them."""

STANDING_CLAIMS: Final = f"MATCH (n:{CLAIM_LABEL}) WHERE n.case = $case RETURN n.id AS id"

DELETE_WITHDRAWN_SUPPORTS: Final = (
    f"MATCH (n:{WITHDRAWN_LABEL}) WHERE n.id IN $ids "
    "MATCH (n)<-[r:SUPPORTS]-(p)-[:FROM]->(s) WHERE s.load <> $load DELETE r"
)
"""Takes away what withdrawn claims have from sources that are no longer listed."""

UNSTAMPED_NODES: Final = (
    (
        f"MATCH (n:{ENTITY_LABEL}) WHERE n.case = $case AND n.load <> $load "
        "RETURN n.id AS id LIMIT $most",
        ENTITY_LABEL,
    ),
    (
        "MATCH (n:Passage) WHERE n.case = $case AND n.load <> $load "
        "AND NOT EXISTS { (n)-[:SUPPORTS]->() } RETURN n.id AS id LIMIT $most",
        RECORD_LABEL,
    ),
    *(
        (
            f"MATCH (n:{label}) WHERE n.case = $case AND n.load <> $load "
            "RETURN n.id AS id LIMIT $most",
            RECORD_LABEL,
        )
        for label in ("Reply", "Review")
    ),
)
"""What no stamp reached, in the order in which it can go; what a withdrawn claim needs stays."""

UNSTAMPED_SOURCES: Final = (
    "MATCH (n:Source) WHERE n.case = $case AND n.load <> $load "
    "OPTIONAL MATCH (n)<-[:FROM|RELAYS|SUPERSEDES]-(m) "
    "RETURN n.id AS id, m.id AS user, m.load = $load OR m:Passage AS stays"
)
"""Sources that no stamp reached, with each record that leads to them and whether that one stays."""

WITHDRAW: Final = f"""
UNWIND $rows AS row MATCH (c:{CLAIM_LABEL} {{id: row.id}})
REMOVE c:{CLAIM_LABEL} SET c:{WITHDRAWN_LABEL},
  c.withdrawn_on = row.day, c.withdrawn_by = row.load, c.withdrawn_because = row.reason
"""
ASSERT_AGAIN: Final = f"""
MATCH (c:{WITHDRAWN_LABEL}) WHERE c.id IN $ids
REMOVE c:{WITHDRAWN_LABEL} SET c:{CLAIM_LABEL}
"""

JOIN_RECORDS: Final = {
    kind: f"""
UNWIND $rows AS row
MATCH (a:{RECORD_LABEL} {{id: row.start}})
MATCH (b:{RECORD_LABEL} {{id: row.end}})
CREATE (a)-[r:{kind}]->(b) SET r = row.properties
"""
    for kind in ("FROM", "RELAYS", "SUPERSEDES")
}
UNJOIN_RECORDS: Final = (
    f"MATCH (n:{RECORD_LABEL}) WHERE n.id IN $ids MATCH (n)-[r:FROM|RELAYS|SUPERSEDES]->() DELETE r"
)

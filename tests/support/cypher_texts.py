"""Texts of Cypher that several tests ask about."""

from __future__ import annotations

READS = [
    "MATCH (n) RETURN n.id AS id",
    "  // where it begins\nMATCH (n:Entity {id: $id})-[r:MADE|TOOK]->(m) RETURN type(r) AS t",
    "MATCH (n) RETURN n.id AS id;  // done",
    "RETURN 'CREATE (n) // not a comment' AS text",
    "RETURN \"it's; MERGE\" AS text, 'a\\'; DELETE x' AS other",
    "RETURN 1 AS `set`, {`create`: 1}.create AS b",
    "MATCH (n:`Set`) WHERE n.set = 1 AND n.`delete` IS NULL RETURN n.load AS l",
    "MATCH (n) WHERE n:Merge RETURN count(*) AS n",
    "CALL { MATCH (n) RETURN n LIMIT 3 } RETURN n.id AS id",
    "MATCH (n) CALL (n) { MATCH (n)--(m) RETURN count(m) AS c } RETURN c",
    "MATCH (n) WHERE EXISTS { (n)-[:MADE]->() } AND COUNT { (n)--() } > 1 RETURN n.id AS id",
    "CALL db.labels() YIELD label RETURN label",
    "CALL db . labels",
    "CALL `db`.`labels`() YIELD label RETURN label",
    "RETURN date.truncate('month', date('2021-02-10')) AS m",
    "RETURN toLower('A') + TOUPPER('b') AS x, reduce(s = 0, i IN [1, 2] | s + i) AS y",
    "RETURN [x IN range(1, 3) WHERE x > (1) | (x)] AS xs, 1.5 AS f, .5 AS h, 1e-3 AS e, 0x1F AS z",
    "MATCH (a), (b) WHERE a <> b MATCH p = shortestPath((a)-[*..3]-(b)) RETURN length(p) AS n",
    "MATCH (a) WITH a, (1 + 2) AS n WHERE NOT (a)--() OR (n > 1) RETURN DISTINCT (n) AS m",
    "MATCH (n) RETURN CASE WHEN (n.x) THEN (1) ELSE (2) END AS c ORDER BY (c) SKIP (1) LIMIT (2)",
    "MATCH (n) WHERE n.name STARTS WITH ('a') OR n.name CONTAINS ('b') RETURN n.id AS id",
    "MATCH (व्यक्ति:Person) /* ज़्यादा‌तर */ RETURN व्यक्ति.id AS id",
    "UNWIND $rows AS row RETURN row.x AS x UNION MATCH (n) RETURN n.x AS x",
]

WRITES = [
    "CREATE (n)", "MERGE (n:X {a: 1})", "MATCH (n) SET n.a = 1", "MATCH (n) DELETE n",
    "MATCH (n) DETACH DELETE n", "MATCH (n) REMOVE n.a", "FOREACH (x IN [1] | CREATE (n))",
    "DROP INDEX x", "CREATE INDEX x FOR (n:A) ON (n.b)", "INSERT (:A)",
    "MATCH (n)/**/SET/**/n.a = 1 RETURN n", "MATCH (n) sEt n.a = 1 RETURN n",
    "MATCH (n) WHERE n.x = 1.SET n.a = 1",
    "CALL { CREATE (n) RETURN n } RETURN n", "MATCH (n) CALL (n) { SET n.a = 1 } RETURN n",
    "MATCH (n) WHERE EXISTS { CALL { CREATE (m) } } RETURN n",
    "RETURN [(a)-->(b) | b] AS x MERGE (c)",
    "MATCH (n) ＳＥＴ n.a = 1", "MATCH (n) ſET n.a = 1",
    "CALL { MATCH (n) DETACH DELETE n } IN TRANSACTIONS OF 10 ROWS",
]  # fmt: skip

OUTSIDE = [
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "load /* x */ csv FROM $url AS row RETURN row",
    "WITH 'http://127.0.0.1/' AS u LOAD\nCSV FROM u AS row RETURN row",
    "MATCH (n) CALL { LOAD CSV FROM 'http://127.0.0.1' AS r RETURN r } RETURN r",
    "LOAD CſV FROM 'x' AS r RETURN r",
    "USE system MATCH (n) RETURN n", "MATCH (n) RETURN n UNION USE other MATCH (n) RETURN n",
    "CALL { USE graph.byName('x') MATCH (n) RETURN n } RETURN n",
    "CALL { MATCH (n) RETURN n } IN 2 CONCURRENT TRANSACTIONS RETURN n",
    "CALL { MATCH (n) RETURN n } IN TRANSACT\u0130ONS RETURN n",
    "USING PERIODIC COMMIT LOAD CSV FROM 'x' AS r RETURN r",
]  # fmt: skip

PATHS = """\
/*
title: Paths between two
question: How are they connected?
category: Paths
params:
  - {name: start, type: entity}
  - {name: end, type: entity}
  - {name: hops, type: int, default: 4}
columns:
  - {name: path, type: int}
  - {name: hop, type: int}
  - {name: from, type: entity}
  - {name: relationship, type: text}
  - {name: to, type: entity}
  - {name: claim, type: claim}
  - {name: status, type: text}
  - {name: evidence, type: evidence}
  - {name: sentence, type: text}
view: graph
example: {start: a, end: b}
procedure: paths
*/
UNWIND $frontier AS id
MATCH (a:Entity {id: id})-[r]-(b:Entity)
WHERE b.case = $case
RETURN a.id AS here, b.id AS there, type(r) AS type, startNode(r) = a AS outward,
       r.claim AS claim, r.status AS status,
       r.certainty AS certainty
"""

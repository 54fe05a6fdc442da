"""The strict model of a saved query: what passes, and the file and line of what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cypher_texts import PATHS

from graph.errors import QueryFileError
from graph.model.types import SCHEMA
from graph.questions.guard.names import unknown_names
from graph.questions.query_file import Query, has_header, parse, read, return_columns
from graph.store.tokens import tokenize

GOOD = """\
/*
title: Who issued what
question: Which orders were issued, and by whom?
category: Orders
params:
  - {name: issuer, type: entity, label: Issued by, required: false}
  - {name: status, type: choice, choices: [reported, alleged], default: reported}
columns:
  - {name: issuer, type: entity}
  - {name: order, type: entity}
  - {name: evidence, type: evidence}
view: table
example: {issuer: ministry}
expect:
  count: 1
  rows:
    - [ministry, order-1, [p-1, 2021-02-10]]
*/
MATCH (a:Person|Organization)-[r:ISSUED]->(o:Order)
WHERE o.case = $case AND ($issuer IS NULL OR a.id = $issuer) AND r.status = $status
WITH a, o, r.claim AS claim
MATCH (c:Claim {id: claim})<-[:SUPPORTS]-(p:Passage) // where it stands
WITH a, o, p ORDER BY p.id
RETURN a.id AS issuer, o.id AS order, collect(p.id) AS evidence
ORDER BY issuer, order
"""


def parsed(text: str, name: str = "who-issued-what") -> Query:
    return parse(text, Path(f"{name}.cypher"))


def problem(text: str, name: str = "q") -> str:
    with pytest.raises(QueryFileError) as caught:
        parsed(text, name)
    return str(caught.value)


def test_a_good_file_is_read() -> None:
    query = parsed(GOOD)
    assert (query.id, query.category, query.view) == ("who-issued-what", "Orders", "table")
    assert [c.name for c in query.columns] == ["issuer", "order", "evidence"]
    assert [(p.name, p.required, p.default) for p in query.params] == [
        ("issuer", False, None),
        ("status", False, "reported"),
    ]
    assert query.expect is not None
    # A date in YAML stays the text that the graph holds.
    assert query.expect.rows == (("ministry", "order-1", ["p-1", "2021-02-10"]),)
    assert query.cypher.startswith("MATCH (a:Person|Organization)")
    assert "title" not in query.cypher


def test_paths_are_asked_for_by_the_header() -> None:
    assert parsed(PATHS).procedure == "paths"


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


WRONG: list[tuple[str, str, int, str]] = [
    ("category: Orders", "categroy: Orders", 4, "did you mean “category”?"),
    ("view: table", "view: pie", 12, "“pie” is not one of graph, table, timeline"),
    ("view: table\n", "", 1, "the header lacks “view”"),
    ("view: table", "view: table\nview: graph", 13, "“view” stands twice"),
    ("title: Who issued what", "title: [1]", 2, "“title” must be text"),
    ("title: Who issued what", "title: a: b", 2, "the header is not YAML"),
    ("type: entity, label", "type: entty, label", 6, "“entty” is not one of text, int"),
    ("label: Issued by", "lable: Issued by", 6, "did you mean “label”?"),
    ("default: reported}", "default: repoted}", 7, "did you mean reported?"),
    ("choices: [reported, alleged], ", "", 7, "goes with type choice alone"),
    ("required: false", "required: maybe", 6, "must be true or false"),
    ("default: reported}", "default: reported, required: true}", 7, "cannot be required"),
    ("name: issuer, type: entity, label", "name: case, type: entity, label", 6, "is not declared"),
    ("r.status = $status", "r.status = 'x'", 7, "“status” is declared and not used"),
    ("a.id = $issuer)", "a.id = $isuer)", 20, "$isuer is used and not declared; did you mean"),
    ("o.case = $case", "o.id <> ''", 19, "the query does not use $case"),
    ("o.id AS order", "o.id AS ordre", 24, "the query returns issuer, ordre, evidence"),
    ("o.id AS order", "o.id", 24, "every column needs a name"),
    ("ORDER BY issuer, order\n", "", 24, "end the query with ORDER BY"),
    ("ORDER BY issuer, order", "ORDER BY issuer;", 25, "without a semicolon"),
    ("[:SUPPORTS]", "[:SUPORTS]", 22, "no relationship type “SUPORTS” is in the schema; did you"),
    ("(p:Passage)", "(p:Pasage)", 22, "no label “Pasage” is in the schema; did you mean"),
    ("Person|Organization", "Person|Organisation", 19, "no label “Organisation”"),
    ("{id: claim}", "{id: a.id}", 22, "a pattern's map cannot read a property"),
    ("{id: claim}", "{idd: claim}", 22, "no property “idd”"),
    ("r.status =", "r.statsu =", 20, "no property “statsu” is in the schema; did you"),
    ("WITH a, o, p", "SET a.id = 1 WITH a, o, p", 23, "a query may only read, and SET writes"),
    ("collect(p.id)", "apoc.coll.sort(p.id)", 24, "the function apoc.coll.sort"),
    ("// where it stands", "/* where it stands", 22, "a comment does not end"),
    ("example: {issuer: ministry}", "example: {issuer: 5}", 13, "must be a text"),
    ("example: {issuer: ministry}", "example: {isuer: x}", 13, "did you mean “issuer”?"),
    ("  count: 1", "  count: 2", 16, "of 2 rows 2 belong here, not 1"),
    ("[ministry, order-1, [", "[ministry, [", 17, "a row has 3 values"),
    ("  count: 1\n", "", 14, "needs “count” and “rows”"),
    ("view: table", "view: table\nprocedure: walks", 13, "“walks” is not one of paths"),
    ("view: table", "view: table\nscan: often", 13, "must be true or false"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "said"), WRONG)
def test_what_is_wrong_has_a_file_and_a_line(old: str, new: str, line: int, said: str) -> None:
    found = problem(changed(old, new))
    assert said in found
    assert found.startswith(f"q.cypher, line {line}: ")
    assert found.endswith((".", "?"))
    assert "\n" not in found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{name: hops, type: int, default: 4}", "{name: hops, type: text}", "a parameter “hops”"),
        ("UNWIND $frontier AS id", "WITH 'a' AS id", "does not use $frontier"),
        (", r.status AS status", "", "the columns here are here, there, type"),
        ("  - {name: sentence, type: text}\n", "", "the columns here are path, hop, from"),
    ],
)  # fmt: skip
def test_the_procedure_has_conditions_too(old: str, new: str, said: str) -> None:
    text = PATHS.replace("AS claim, r.status", "AS claim, r.status")
    assert said in problem(changed(old, new, text))


def test_files_that_are_no_queries(tmp_path: Path) -> None:
    assert "opens with its header" in problem("MATCH (n) RETURN n")
    assert "does not end" in problem("/* title: x")
    assert "key: value" in problem("/* just words */ MATCH (n) RETURN n")
    assert "is named in small letters" in problem(GOOD, "Who Issued")
    (tmp_path / "latin.cypher").write_bytes(b"/* title: \xe9 */")
    with pytest.raises(QueryFileError, match="not UTF-8"):
        read(tmp_path / "latin.cypher")
    with pytest.raises(QueryFileError, match="cannot be read"):
        read(tmp_path / "none.cypher")


def test_comment_signs_in_strings_are_text() -> None:
    text = changed("r.status = $status", "r.status = $status AND o.id <> 'http://x /* $no */'")
    assert "'http://x /* $no */'" in parsed(text).cypher


def test_a_comment_is_a_header_only_with_its_keys() -> None:
    assert has_header("/* title: x */ RETURN 1 AS a")
    assert not has_header("/* note: x */ RETURN 1 AS a")
    assert not has_header("/* words, : and [ */ RETURN 1 AS a")
    assert not has_header("RETURN 1 AS a /* title: x */")


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("RETURN 1 AS a, [x IN y | x] AS b ORDER BY a", ["a", "b"]),
        ("RETURN DISTINCT n, `m n` AS `o p`", ["n", "o p"]),
        ("CALL { RETURN 1 AS z } RETURN z AS a LIMIT 1", ["a"]),
        ("RETURN 1 AS a UNION RETURN 2 AS a", ["a"]),
        ("RETURN n.x, 'RETURN 5 AS q' AS c", [None, "c"]),
        ("RETURN n.return AS a", ["a"]),
        ("MATCH (n)", []),
    ],
)
def test_columns_of_a_return(text: str, columns: list[Any]) -> None:
    assert [name for name, _ in return_columns(tokenize(text))] == columns


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n:Entity&!(Person|Group) {id: 'a'})-[r:MADE|TOOK*1..2 {claim: 'c'}]->(:Claim) "
        "RETURN n",
        "MATCH (n) WHERE n:Person OR n:Group|Order RETURN n { .id, .caption, mine: n.name } AS x",
        "WITH {nonesuch: 1} AS m RETURN m.nonesuch AS a, date('2021-01-01').year AS y",
        "RETURN [x IN $list WHERE x:Person | x.name] AS a, point.distance($a, $b) AS d",
        "MATCH (n) RETURN {a: n.id, b: {c: n.case}} AS m, CASE WHEN n.id = '' THEN {d: 1} END AS e",
        "MATCH (n:Passage) WHERE n.start > 1 AND n.`end` < 2 RETURN n.gist AS g",
    ],
)
def test_names_of_the_schema_and_of_the_query_itself_are_known(text: str) -> None:
    assert unknown_names(tokenize(text), SCHEMA) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "MATCH (n:Foo&!(Bar|Person))-[:BAZ|MADE|QUX]->({quux: 1}) RETURN n.corge",
            "Foo Bar BAZ QUX quux corge",
        ),
        ("MATCH (n) WHERE n:Foo RETURN n { .bar, baz: n.qux }", "Foo bar qux"),
        ("MATCH (n:MADE)-[:Person]->() RETURN n", "MADE Person"),
        ("RETURN [x IN $l WHERE x:Foo | x.bar]", "Foo bar"),
        ("MATCH (n)-[r:MADE {foo: 1}]-(m:Person {bar: $x, id: 1}) RETURN n", "foo bar"),
        ("MATCH (n) WHERE EXISTS { (n)-[:FOO]->(:Bar) } RETURN n", "FOO Bar"),
        ("MATCH (n:`Foo`) RETURN n.`bar` AS b", "Foo bar"),
    ],
)  # fmt: skip
def test_other_names_are_found(text: str, names: str) -> None:
    assert [u.name for u in unknown_names(tokenize(text), SCHEMA)] == names.split()

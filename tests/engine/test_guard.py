"""What an analyst's text may say, and every way round it that we could think of."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
from cypher_texts import OUTSIDE, READS, WRITES

from graph.errors import QueryFileError, QueryRefused
from graph.questions.guard import check
from graph.questions.guard.names import reads_in_patterns
from graph.questions.query_file import has_header, parse
from graph.store.store import Store
from graph.store.tokens import LONGEST, CypherTextError, tokenize

COMMANDS = [
    f"{before}{word} MATCH (n) RETURN n"
    for word in ("EXPLAIN", "profile", "CYPHER 25", "SHOW", "Terminate")
    for before in ("", " \n\t", "/* a */ // b\n", "\ufeff", "\u00a0")
] + [
    "SHOW TRANSACTIONS",
    "TERMINATE TRANSACTIONS 'x'",
    "MATCH (n) RETURN n UNION SHOW SETTINGS",
    "CYPHER runtime=slotted EXPLAIN MATCH (n) RETURN n",
    "ALTER USER x SET PASSWORD 'y'",
    "GRANT ROLE x TO y",
    "BEGIN",
    ":param x => 1",
    "sql: select from x",
    "{sql} SELECT 1",
    "",
    " // nothing\n",
]

SEVERAL = ["RETURN 1 AS a; RETURN 2 AS b", "RETURN 1 AS a;;", "RETURN 1 AS a; // x\n MATCH (n)"]

CALLS = [
    "CALL dbms.listConfig()",
    "CALL dbms.killConnections([])",
    "CALL db.clearQueryCaches",
    "CALL apoc.load.json('http://127.0.0.1') YIELD value RETURN value",
    "CALL apoc . load /* x */ . json ('u') YIELD value RETURN value",
    "CALL `apoc`.`load`.`json`('u') YIELD value RETURN value",
    "CALL `apoc.load.json`('u') YIELD value RETURN value",
    "CALL APOC.Load.JSON('u')",
    "CALL\n//\n apoc.cypher.runWrite('CREATE (n)', {})",
    "OPTIONAL CALL apoc.cypher.doIt('x', {}) YIELD value RETURN value",
    "MATCH (n) CALL { CALL dbms.procedures() YIELD name RETURN name } RETURN name",
    "CALL db.labels.evil()",
    "CALL db.labels\u200b()",
    "CALL algo.pagerank()",
    "CALL sql('select 1')",
    "CALL $procedure()",
    "CALL",
    "RETURN 1.CALL dbms.x()",
]

FUNCTIONS = [
    "RETURN apoc.load.json('x') AS v",
    "RETURN apoc . load . json ('x') AS v",
    "RETURN apoc/**/./**/cypher/**/.runFirstColumnSingle/**/('x') AS v",
    "RETURN `apoc`.`util`.`sleep`(1) AS v",
    "RETURN `apoc.util.sleep`(1) AS v",
    "RETURN {a: apoc.util.sleep(1)} AS v",
    "MATCH (n) WHERE n.x = [y IN [1] | apoc.text.join(y)][0] RETURN n",
    "MATCH (n) WHERE EXISTS { MATCH (n) WHERE apoc.node.degree(n) > 1 } RETURN n",
    "MATCH (n {x: apoc.util.sleep(1)}) RETURN n",
    "MATCH (n) RETURN n ORDER BY apoc.util.sleep(1)",
    "RETURN file() AS f", "RETURN linenumber() AS f", "RETURN graph.names() AS g",
    "RETURN algo.x() AS g", "RETURN sleep(3) AS s", "RETURN `eval`('x') AS s",
    "RETURN [1][0].apoc.load.json('x') AS v", "RETURN 'abc'.size() AS v", "RETURN `match`(1) AS x",
    "RETURN 'abc'.contains('b') AS v",
    "RETURN \u212aeys({a: 1}) AS v",
    "MATCH (n) RETURN n.call apoc.util.sleep(1) AS v",
    "RETURN tolower.evil('x') AS v", "RETURN evil.tolower('x') AS v", "RETURN toLoweſ('x') AS v",
    "RETURN db.nameFromElementId('x') AS v", "RETURN n.`return`('x') AS v",
]  # fmt: skip

TWO_READINGS = [
    "RETURN 'a\\u0027 CREATE (n) //' AS x",
    "\\u0043ALL dbms.listConfig()",
    "RETURN 1 AS a /* \\u002a/ CREATE (n) */",
    "MATCH (n) RETURN n // \\u000a CREATE (m)",
    "RETURN 'x\\\\u0027' AS x",
    "RETURN \\uuuu0031 AS x",
    "RETURN 1 AS a // x\u2028 CREATE (n)",
    "RETURN 1 AS a // x\u0085 CREATE (n)",
    "RETURN 1 AS a // x\x0b CREATE (n)",
    "RETURN 1 AS a /* /* */ ' */ CREATE (n) //'",
    "RETURN 1 AS a /* never ends",
    "RETURN 'never ends",
    "RETURN `never ends",
    "MATCH (n) WHERE n.x = 1SET n.a = 2",
    "RETURN 0xCALL AS x",
    "MA\u200bTCH (n) RETURN n",
    "MATCH (n) S\u200cET n.x = 1",
    "RETURN 1 AS a \u202e// )n( ETAERC",
    "RETURN 'a\u202eb' AS x",
    "RETURN 1 AS a // \u2066",
    "RETURN ‘a’ AS x",
    "MATCH (n RETURN n",
    "RETURN (1] AS x",
    "RETURN 1 AS x)",
]


@pytest.mark.parametrize("text", READS)
def test_a_text_that_reads_passes(text: str) -> None:
    assert check.check(text).rstrip("; ") in text


@pytest.mark.parametrize("text", [*WRITES, *OUTSIDE, *COMMANDS, *SEVERAL, *CALLS, *FUNCTIONS])
def test_a_text_that_does_more_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match=r"^Line \d+: .+\.$"):
        check.check(text)


@pytest.mark.parametrize("text", TWO_READINGS)
def test_a_text_with_two_readings_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match=r"^Line \d+: .+\.$"):
        check.check(text)


def test_the_refusal_names_the_line_and_the_word() -> None:
    with pytest.raises(QueryRefused) as caught:
        check.check("// one\nMATCH (n)\nMERGE (n)")
    assert str(caught.value) == (
        "Line 3: a query may only read, and MERGE writes; if it is a name of your own, put it in "
        "backticks."
    )


def test_load_csv_is_refused_as_what_it_is() -> None:
    with pytest.raises(QueryRefused, match=r"^Line 2: LOAD CSV reads files and addresses"):
        check.check("MATCH (n)\nLOAD CSV FROM 'x' AS row RETURN row")


def test_a_transaction_of_its_own_is_refused_as_what_it_is() -> None:
    with pytest.raises(QueryRefused, match=r"^Line 1: a subquery cannot run in transactions of"):
        check.check("CALL { MATCH (n) RETURN n } IN TRANSACTIONS OF 10 ROWS RETURN n")


@pytest.mark.parametrize("word", ["EXPLAIN", "PROFILE", "CYPHER", "SHOW", "TERMINATE"])
def test_a_command_is_refused_as_one(word: str) -> None:
    with pytest.raises(QueryRefused, match=f"^Line 1: a query cannot begin with {word}\\.$"):
        check.check(f"{word.lower()} RETURN 1 AS one")


def test_the_semicolon_goes_and_the_rest_stays() -> None:
    assert check.check("RETURN ';' AS x ; /* end */\n") == "RETURN ';' AS x"


@pytest.mark.parametrize(
    "text", ["'a'", '"a\\"b"', "`a``b`", "$`x y`", "$x", "n.x", "a<>b", "1..2"]
)
def test_tokens_cover_their_text(text: str) -> None:
    tokens = tokenize(text)
    assert "".join(text[t.start : t.end] for t in tokens) == text


def test_what_strings_and_names_mean() -> None:
    tokens = tokenize("'it\\'s\\n' `a``b` $`p q` $c // no\n/* no */ \"'\"")
    assert [(t.kind, t.text, t.line) for t in tokens] == [
        ("string", "it's\n", 1),
        ("quoted", "a`b", 1),
        ("parameter", "p q", 1),
        ("parameter", "c", 1),
        ("string", "'", 2),
    ]


def test_the_place_of_a_bad_character_is_its_line() -> None:
    with pytest.raises(CypherTextError) as caught:
        tokenize("RETURN 1\n\n  “x”")
    assert caught.value.line == 3


# --- plans, as Neo4j gives them -----------------------------------------------------------------


def plan(operator: str, *children: dict[str, Any], details: str = "") -> dict[str, Any]:
    return {"operatorType": operator, "args": {"Details": details}, "children": list(children)}


@pytest.mark.parametrize(
    ("step", "passes"),
    [
        (plan("Expand(All)@neo4j", plan("NodeByLabelScan@neo4j")), True),
        (plan("ProcedureCall", details="db.labels() :: (x)"), True),
        (plan("ProcedureCall@neo4j", details="`db`.`labels`() :: (x)"), True),
        (plan("LoadCSV@neo4j"), False),
        (plan("Create"), False),
        (plan("TransactionForeach"), False),
        (plan("ShowTransactions"), False),
        (plan("A step of tomorrow"), False),
        (plan("ProcedureCall", details="apoc.load.json($x) :: (v)"), False),
        (plan("ProcedureCall"), False),
    ],
)
def test_a_plan_of_reading_steps_alone_passes(step: dict[str, Any], *, passes: bool) -> None:
    with contextlib.nullcontext() if passes else pytest.raises(QueryRefused):
        check.check_plan(plan("ProduceResults@neo4j", plan("Apply", plan("Argument"), step)))


# --- the engine itself --------------------------------------------------------------------------


@pytest.mark.parametrize("text", [t for t in READS if "$" not in t and "OPTIONAL CALL" not in t])
def test_the_engine_reads_these_too(empty: Store, text: str) -> None:
    """A list of what passes is worth nothing if the engine does not know it."""
    empty.read(check.check(text), {}, timeout=10, limit=5)


@pytest.mark.parametrize("text", [t for t in WRITES if t.isascii()][:10])
def test_the_engine_refuses_a_write_that_got_past(empty: Store, text: str) -> None:
    """Behind the guard stands the engine: without the guard the reader changes nothing either."""
    empty.write("CREATE (:Entity {id: 'kept', a: 0})")
    with pytest.raises(Exception, match=r".+"):
        empty.read(text, {}, timeout=10)
    rows = empty.read("MATCH (n) WHERE NOT n:Meta RETURN n.id AS id, n.a AS a")
    assert rows == [{"id": "kept", "a": 0}]


# --- how long it takes --------------------------------------------------------------------------

AWKWARD = {
    "backslashes": ("RETURN '", "\\", "'"),
    "quotes": ("RETURN ", "''", ""),
    "a quote that stays open": ("RETURN '", "a", ""),
    "backticks": ("RETURN ", "``", ""),
    "backticks in backticks": ("RETURN `", "``", "`"),
    "opened": ("RETURN ", "([{", ""),
    "closed": ("RETURN ", ")", ""),
    "opened and closed": ("RETURN ", "[]", ""),
    "comments that open": ("RETURN ", "/*", ""),
    "comments": ("RETURN 1", "/**/", ""),
    "line comments": ("RETURN 1", "//\n", ""),
    "one long line comment": ("RETURN 1", "//", ""),
    "dots": ("RETURN a", ".a", ""),
    "dots before a call": ("RETURN a", ".a", "()"),
    "digits": ("RETURN ", "1", ""),
    "digits and dots": ("RETURN ", "1.", ""),
    "exponents": ("RETURN ", "1e", ""),
    "dollars": ("RETURN ", "$", ""),
    "parameters": ("RETURN ", "$a,", "1"),
    "colons": ("RETURN a", ":", ""),
    "labels": ("MATCH (a:A", "|B", ") RETURN a"),
    "spaces of Unicode": ("RETURN 1", "\u3000", ""),
    "marks": ("RETURN a", "\u0301", ""),
    "names": ("RETURN ", "व ", ""),
    "semicolons": ("RETURN 1", ";", ""),
    "calls": ("RETURN ", "size(", ""),
    "procedures": ("", "CALL ", ""),
    "cases": ("RETURN ", "CASE WHEN 1 THEN ", ""),
    "subqueries": ("", "CALL { ", ""),
    "existences": ("RETURN ", "EXISTS { ", ""),
    "maps": ("RETURN ", "{a:", ""),
}


def whole(name: str, length: int) -> str:
    before, middle, after = AWKWARD[name]
    return before + middle * ((length - len(before + after)) // len(middle)) + after


def seconds(text: str) -> float:
    """Of this process's own time, the least of a few: how busy the machine is does not count."""

    def once() -> float:
        begun = time.process_time()
        with contextlib.suppress(QueryRefused, CypherTextError):
            check.check(text)
            reads_in_patterns(tokenize(text))
        return time.process_time() - begun

    return min(once() for _ in range(3))


@pytest.mark.slow
@pytest.mark.parametrize("name", AWKWARD)
def test_what_is_looked_at_takes_time_in_its_length(name: str) -> None:
    few, many = (seconds(whole(name, length)) for length in (LONGEST // 8, LONGEST))
    assert many < 1.0
    assert many < 24 * few + 0.02  # of a square it were 64 times


@pytest.mark.parametrize("name", AWKWARD)
def test_a_text_of_a_megabyte_is_refused_at_once(name: str) -> None:
    text = whole(name, 1_000_000)
    begun = time.process_time()
    with pytest.raises(QueryRefused, match=r"^Line 1: the text is [\d,]+ characters long.*30,000"):
        check.check(text)
    assert not has_header(text)
    with pytest.raises(QueryFileError, match="line 1: the text is"):
        parse(text, Path("long.cypher"))
    assert time.process_time() - begun < 0.1


def test_a_refusal_never_repeats_a_long_name() -> None:
    for text in (
        "RETURN " + "a" * 20_000 + "()",
        "CALL " + "a" * 20_000,
        "RETURN 1" + "a" * 20_000,
    ):
        with pytest.raises(QueryRefused) as caught:
            check.check(text)
        assert len(str(caught.value)) < 300


def test_a_plan_may_be_deep() -> None:
    deep = plan("Argument")
    for _ in range(20_000):
        deep = plan("Apply", deep)
    check.check_plan(deep)
    with pytest.raises(QueryRefused, match="LoadCSV"):
        check.check_plan(plan("Apply", deep, plan("LoadCSV")))

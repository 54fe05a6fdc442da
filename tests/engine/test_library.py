"""The library: files in folders, parameters, runs, the command; and every file under queries/."""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.errors import (
    CypherFault,
    ParameterError,
    QueryError,
    QueryFileError,
    QueryRefused,
    QueryTimeout,
    SutraError,
    UnknownCase,
    UnknownQuery,
    WouldOverwrite,
)
from graph.questions import library
from graph.questions.library import BUNDLED, Library, differences, run, run_own
from graph.questions.parameters import Parameter, check_value
from graph.questions.query_file import Expect, parse, read
from graph.store.store import Store
from sutra import cases
from sutra.commands import query as query_command

FILES = sorted(BUNDLED.rglob("*.cypher"))

ENTITIES = """\
/*
title: Things by kind
question: What is in the case?
category: The case
params:
  - {name: thing, type: entity, required: false}
  - {name: most, type: int, default: 5}
  - {name: kind, type: choice, choices: [person, body], required: false}
  - {name: since, type: date, required: false}
  - {name: only, type: list, default: []}
  - {name: shout, type: bool, default: false}
columns:
  - {name: thing, type: entity}
  - {name: name, type: text}
view: table
example: {most: 2}
expect:
  count: 2
  rows: [[baker, Anna Baker], [baker-2, Ann Baker]]
*/
MATCH (n:Entity)
WHERE n.case = $case AND ($thing IS NULL OR n.id = $thing) AND $kind IS NULL AND $since IS NULL
  AND size($only) = 0
RETURN n.id AS thing, CASE WHEN $shout THEN toUpper(n.caption) ELSE n.caption END AS name
ORDER BY thing LIMIT $most
"""
SIMPLE = """\
/*
title: {title}
question: {question}
category: {category}
columns: [{{name: n, type: int}}]
view: table
*/
MATCH (n:Entity) WHERE n.case = $case RETURN count(n) AS n ORDER BY n
"""
ENDLESS = "UNWIND range(1, 9000) AS x UNWIND range(1, 90000) AS y RETURN count(x + y) AS n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "things.cypher").write_text(ENTITIES, "utf-8")
    (tmp_path / "how-many.cypher").write_text(
        SIMPLE.format(title="How many", question="How many things are there?", category="Counts"),
        "utf-8",
    )
    return tmp_path


@pytest.fixture
def people(empty: Store) -> Store:
    """Four things in case `c`, one in case `d`, both loaded."""
    empty.write(
        "UNWIND $rows AS row CREATE (n:Entity:Person) SET n = row",
        {
            "rows": [
                {"id": "c:baker", "case": "c", "caption": "Anna Baker", "aliases": ["A. Baker"]},
                {"id": "c:baker-2", "case": "c", "caption": "Ann Baker", "name": "Ann Baker"},
                {"id": "c:twin-1", "case": "c", "caption": "Müller"},
                {"id": "c:twin-2", "case": "c", "caption": "Muller", "aliases": ["Twin"]},
                {"id": "d:twin", "case": "d", "caption": "Twin"},
            ]
        },
    )
    empty.write("CREATE (:Record:Load {id: 'c:l', case: 'c', status: 'complete'})")
    return empty


# --- the collection -----------------------------------------------------------------------------


def test_queries_are_found_by_id_category_and_words(folder: Path) -> None:
    loaded = Library.load([folder])
    assert [q.id for q in loaded] == ["how-many", "things"]
    assert {c: [q.id for q in qs] for c, qs in loaded.by_category().items()} == {
        "Counts": ["how-many"],
        "The case": ["things"],
    }
    assert loaded.get("things").title == "Things by kind"
    assert [q.id for q in loaded.search("THINGS")] == ["things", "how-many"]
    assert [q.id for q in loaded.search("many things")] == ["how-many"]
    assert loaded.search("nothing of the kind") == []
    assert loaded.problems == ()


def test_a_wrong_id_names_the_nearest(folder: Path) -> None:
    loaded = Library.load([folder])
    with pytest.raises(UnknownQuery, match=r"called “thigns”; did you mean things\?"):
        loaded.get("thigns")
    with pytest.raises(UnknownQuery, match="`sutra query` lists them"):
        loaded.get("zzzzzzzzzz")


def test_a_wrong_file_keeps_no_other_from_use(folder: Path) -> None:
    (folder / "broken.cypher").write_text("MATCH (n) RETURN n", "utf-8")
    (folder / "case" / "how-many.cypher").write_text(ENTITIES, "utf-8")
    loaded = Library.load([folder])
    assert len(loaded) == 2
    assert sorted(str(p).partition(":")[0].rpartition("/")[2] for p in loaded.problems) == [
        "broken.cypher, line 1",
        "how-many.cypher",
    ]
    with pytest.raises(QueryFileError, match="opens with its header"):
        loaded.get("broken")


def test_a_newsrooms_own_folders(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUTRA_QUERIES", os.pathsep.join([str(folder / "case"), ""]))
    assert "things" in [q.id for q in Library.load()]
    monkeypatch.setenv("SUTRA_QUERIES", str(folder / "none"))
    with pytest.raises(QueryFileError, match=r"There is no folder .*none .*SUTRA_QUERIES"):
        Library.load()


# --- parameters and runs ------------------------------------------------------------------------


def test_a_run_gives_rows_and_what_was_run(people: Store, folder: Path) -> None:
    query = Library.load([folder]).get("things")
    result = run(people, query, "c", {"most": "3", "shout": "yes"})
    assert result.columns == ("thing", "name")
    assert [row[0] for row in result.rows] == ["c:baker", "c:baker-2", "c:twin-1"]
    assert result.rows[0] == ("c:baker", "ANNA BAKER")
    assert result.cypher == query.cypher
    assert result.parameters["case"] == "c"
    assert result.parameters["most"] == 3
    assert result.seconds > 0
    assert not result.truncated


def test_the_row_limit_is_visible(people: Store, folder: Path) -> None:
    query = Library.load([folder]).get("things")
    result = run(people, query, "c", limit=2)
    assert (len(result.rows), result.truncated) == (2, True)
    assert result.notes == ("showing 2 rows, more were cut at the limit",)
    assert not run(people, query, "c", limit=4).truncated


WRONG_PARAMETERS = [
    ({"mots": 3}, "No parameter “mots” belongs to things; did you mean most?"),
    ({"qqq": 3}, "No parameter “qqq” belongs to things; it has thing, most, kind, since, only, "
     "shout."),
    ({"case": "d"}, "The case is not a parameter: choose it with --case."),
    ({"most": "many"}, "Parameter most must be a whole number, not “many”."),
    ({"most": True}, "Parameter most must be a whole number, not “True”."),
    ({"most": "1.5"}, "Parameter most must be a whole number, not “1.5”."),
    ({"shout": "maybe"}, "Parameter shout must be yes or no, not “maybe”."),
    ({"since": "2021-02-30"}, "Parameter since must be a day, as 2021-02-10, not “2021-02-30”."),
    ({"since": "20210210"}, "Parameter since must be a day, as 2021-02-10, not “20210210”."),
    ({"kind": "persn"}, "Parameter kind must be one of person, body, not “persn”; did you mean "
     "person?"),
    ({"only": 5}, "Parameter only must be texts, with | between them, not “5”."),
    ({"thing": "Anna Bakker"}, "Parameter thing: nothing in c is called “Anna Bakker”; the "
     "nearest is baker (Anna Baker)."),
    ({"thing": "d:twin"}, "Parameter thing: nothing in c is called “d:twin”; the nearest is "
     "twin-2 (Muller)."),
    ({"thing": "zzz"}, "Parameter thing: nothing in c is called “zzz”."),
    ({"thing": "MULLER"}, "Parameter thing: 2 entities are called “MULLER”; give the id of one: "
     "twin-1, twin-2."),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said"), WRONG_PARAMETERS)
def test_a_wrong_parameter_is_one_sentence(
    people: Store, folder: Path, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        run(people, Library.load([folder]).get("things"), "c", given)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("written", "id_"),
    [
        ("c:baker", "c:baker"), ("baker", "c:baker"), ("Anna Baker", "c:baker"),
        ("A. Baker", "c:baker"), (" anna  BAKER ", "c:baker"), ("Müller", "c:twin-1"),
        ("Muller", "c:twin-2"), ("twin", "c:twin-2"),
    ],
)  # fmt: skip
def test_a_thing_by_id_or_name(people: Store, folder: Path, written: str, id_: str) -> None:
    result = run(people, Library.load([folder]).get("things"), "c", {"thing": written})
    assert [row[0] for row in result.rows] == [id_]


def test_a_parameter_answers_to_the_name_that_it_had_before(people: Store, folder: Path) -> None:
    text = ENTITIES.replace(
        "{name: thing, type: entity", "{name: thing, was: whom, type: entity", 1
    )
    query = parse(text, folder / "things.cypher")
    for name in ("thing", "whom"):
        assert [row[0] for row in run(people, query, "c", {name: "baker"}).rows] == ["c:baker"]
    with pytest.raises(ParameterError, match="No parameter “who” belongs"):
        run(people, query, "c", {"who": "baker"})


def test_a_missing_parameter_says_what_to_give(people: Store, folder: Path) -> None:
    text = ENTITIES.replace("type: entity, required: false", "type: entity, label: Whom")
    query = parse(text.replace("{most: 2}", "{thing: baker}"), folder / "things.cypher")
    for given in ({}, {"thing": ""}, {"thing": None}):
        with pytest.raises(ParameterError) as caught:
            run(people, query, "c", given)
        assert str(caught.value) == "Parameter thing is missing: give Whom (an id or a name)."


def test_values_take_their_type() -> None:
    def value(kind: str, written: object) -> object:
        return check_value(Parameter("p", kind, "p", choices=("a",)), written)

    assert value("int", " -14 ") == -14
    assert value("bool", "No") is False
    assert value("date", "2021-02-10 ") == "2021-02-10"
    assert value("list", "a| b ||c") == ["a", "b", "c"]
    assert value("list", ["a", "b|c"]) == ["a", "b|c"]
    assert value("choice", "a") == "a"
    assert value("text", "=1") == "=1"


# --- an analyst's own ---------------------------------------------------------------------------


def test_an_own_text_runs_with_and_without_a_header(people: Store, folder: Path) -> None:
    file = folder / "mine.cypher"
    text = (
        "MATCH (n:Entity) WHERE n.case = $case AND n.caption STARTS WITH $start "
        "RETURN n.id AS b, 1 AS a ORDER BY b;"
    )
    result = run_own(people, text, file, "c", {"start": "Ann"})
    assert result.columns == ("b", "a")
    assert result.rows == (("c:baker", 1), ("c:baker-2", 1))
    assert run_own(people, ENTITIES, file, "c", {"most": "1"}).rows == (("c:baker", "Anna Baker"),)
    assert run_own(people, "RETURN 1 AS a", file, None).rows == ((1,),)
    empty_answer = run_own(people, "MATCH (n:Order) RETURN n.id AS a, n.kind", file, None)
    assert (empty_answer.columns[0], empty_answer.rows) == ("a", ())


def test_an_own_text_is_stopped_at_its_limits(people: Store, folder: Path) -> None:
    file = folder / "mine.cypher"
    result = run_own(people, "UNWIND range(1, 50) AS x RETURN x", file, None, limit=10)
    assert (len(result.rows), result.truncated) == (10, True)
    assert result.notes == ("showing 10 rows, more were cut at the limit",)
    # A long text too: what an engine lists of it may be cut.
    for text in (ENDLESS, f"// {'long ' * 1_000}\n{ENDLESS}", f"{ENDLESS}\n// {'long ' * 1_000}"):
        began = time.monotonic()
        with pytest.raises(QueryTimeout, match=r"time limit of 0.5 s"):
            run_own(people, text, file, None, timeout=0.5)
        assert time.monotonic() - began < 10


def test_what_the_engine_may_miss_is_said(people: Store, folder: Path) -> None:
    """The day the embedded engine finds its row, the check of query files and the note can go."""
    people.write(
        "MATCH (a:Entity {id: 'c:baker'}) MATCH (b:Entity {id: 'c:twin-1'}) "
        "CREATE (a)-[:MADE {claim: 'c:k'}]->(b) CREATE (:Claim {id: 'c:k', case: 'c'})"
    )
    file = folder / "mine.cypher"
    missed = "MATCH ()-[r:MADE]->() MATCH (c:Claim {id: r.claim}) RETURN c.id AS id"
    result = run_own(people, missed, file, None)
    if people.info.embedded:
        assert result.rows == ()
        assert result.notes[0].startswith("rows may be missing: ")
    else:
        assert (result.rows, result.notes) == ((("c:k",),), ())
    for found in (
        "MATCH ()-[r:MADE]->() WITH r.claim AS claim MATCH (c:Claim {id: claim}) RETURN c.id AS id",
        "MATCH ()-[r:MADE]->() MATCH (c:Claim) WHERE c.id = r.claim RETURN c.id AS id",
    ):
        result = run_own(people, found, file, None)
        assert (result.rows, result.notes) == ((("c:k",),), ())


@pytest.mark.parametrize(
    "text", ["CREATE (n)", "LOAD CSV FROM 'file:///etc/passwd' AS r RETURN r", "CALL dbms.x()"]
)
def test_an_own_text_is_refused(people: Store, folder: Path, text: str) -> None:
    with pytest.raises(QueryRefused):
        run_own(people, text, folder / "mine.cypher", "c")


def test_an_own_text_that_is_no_cypher(people: Store, folder: Path) -> None:
    with pytest.raises(QueryError, match="cannot be run"):
        run_own(people, "MATCH (n RETURN n)".replace("(n ", "(n) RETURN RETURN ("), folder, None)


HEADED = """/*
title: Who
question: Who is there?
category: Ours
columns: [{name: who, type: text}]
view: table
example: {}
*/
MATCH (n:Person)
WHERE n.case = $case
RETURN n.caption AS who ORDER BY▸
"""


@pytest.mark.parametrize(
    "marked",
    [
        "MATCH (Somebody:Person) ▸RETRUN Somebody",
        "MATCH (p:Person)\nWHERE p.caption = 'Ünï'\n▸RETRUN p",
        "// Who is it?\n\n  MATCH (p:Person) /* all\n  of them */ ▸RETRUN p;",
        "/* a */ // b\n RETURN 'x' AS Ab ▸XX",
        "RETURN '🎉 पत्र é\u0301' AS Ab ▸XX",
        "RETURN 1 AS one\r\n, 2 AS two ▸YY",
        "RETURN\t'http://lamp' AS Ab ▸XX",
        "MATCH (n:Person) WHERE n.x = ▸= 3 RETURN n",
        "MATCH (n:Person)\nRETURN n.caption +▸",
        HEADED,
    ],
)
def test_a_fault_is_shown_where_it_stands_in_the_text_as_it_was_written(
    people: Store, folder: Path, marked: str
) -> None:
    before, _, after = marked.partition("▸")
    text = before + after
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    with pytest.raises(CypherFault) as caught:
        run_own(people, text, folder / "mine.cypher", "c")
    fault = caught.value
    assert (fault.line, fault.column) == (line, column)
    assert fault.written == text.split("\n")[line - 1].rstrip("\r")
    assert str(fault).startswith("The query cannot be run: ")
    assert str(fault).endswith(f" (line {line}, column {column}).")
    assert "\n" not in str(fault)
    written, caret = fault.pointed.split("\n")
    assert written == fault.written
    assert caret.strip("\u3000\t ") == "^"


def test_where_the_server_names_no_place_there_is_no_caret(people: Store, folder: Path) -> None:
    with pytest.raises(QueryError, match="by zero") as caught:
        run_own(people, "RETURN 1 / 0 AS x", folder / "mine.cypher", "c")
    assert not isinstance(caught.value, CypherFault)


def test_parameters_of_an_own_text(people: Store, folder: Path) -> None:
    file = folder / "mine.cypher"
    with pytest.raises(ParameterError, match=r"name is missing: give it with --param name="):
        run_own(people, "RETURN $name AS a", file, None)
    with pytest.raises(ParameterError, match=r"case is missing: give it with --case"):
        run_own(people, "RETURN $case AS a", file, None)
    with pytest.raises(ParameterError, match=r"not use a parameter “nam”; did you mean name\?"):
        run_own(people, "RETURN $name AS a", file, None, {"nam": 1, "name": 2})


# --- the command --------------------------------------------------------------------------------


class Command:
    """`sutra query` on a store that is open already."""

    def __init__(self, store: Store, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        self.store, self.captured, self.opened = store, capsysbinary, 0
        self.parser = argparse.ArgumentParser()
        query_command.add_parser(self.parser.add_subparsers())

    @contextmanager
    def open(self) -> Iterator[Store]:
        self.opened += 1
        yield self.store

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = query_command.run(self.parser.parse_args(["query", *words]))
        out, err = self.captured.readouterr()
        return code, out.decode(), err.decode()


@pytest.fixture
def command(
    people: Store,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Command:
    monkeypatch.setattr(library, "BUNDLED", folder)
    monkeypatch.delenv("SUTRA_QUERIES", raising=False)
    made = Command(people, capsysbinary)
    monkeypatch.setattr(query_command, "open_store", made.open)
    return made


def test_the_command_lists_without_opening_the_graph(command: Command) -> None:
    code, out, err = command()
    assert (code, err, command.opened) == (0, "", 0)
    assert out == (
        "Counts\n  how-many  How many things are there?\n\n"
        "The case\n  things  What is in the case?\n\n"
    )
    listed = json.loads(command("--format", "json")[1])
    assert [q["id"] for q in listed] == ["how-many", "things"]
    assert "MATCH (n:Entity)" in command("things", "--show")[1]


def test_the_command_runs_one_in_three_formats(command: Command) -> None:
    words = ("things", "--param", "most=1", "--param", "thing=Anna Baker")
    assert (
        command(*words)[1] == "thing    name\n-------- ----------\nc:baker  Anna Baker\n(1 row)\n"
    )
    assert command(*words, "--format", "csv")[1] == "thing,name\r\nc:baker,Anna Baker\r\n"
    assert json.loads(command(*words, "--format", "json")[1]) == {
        "id": "things",
        "params": {"most": "1", "thing": "Anna Baker"},
        "rows": [{"thing": "c:baker", "name": "Anna Baker"}],
    }
    code, _, err = command("things", "--limit", "1", "--format", "csv")
    assert (code, err) == (0, "showing 1 row, more were cut at the limit\n")


def test_the_command_writes_files(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "things.xlsx"
    wanted = ("things", "--format", "xlsx", "--output", str(target))
    assert command(*wanted, "--limit", "1") == (
        0,
        "",
        "showing 1 row, more were cut at the limit\n"
        "cut at a limit: there are more rows than this one\n",
    )
    rows = list(openpyxl.load_workbook(target)["Rows"].values)
    assert rows[0] == ("thing", "name", "mark")
    assert str(rows[1][2]).startswith("cut at a limit")
    with pytest.raises(WouldOverwrite, match="use --force to replace it"):
        command(*wanted)
    assert command(*wanted, "--force")[0] == 0
    assert len(next(iter(openpyxl.load_workbook(target)["Rows"].values))) == 2
    for words, said in (
        (("things", "--format", "xlsx"), "name it with --output FILE.xlsx"),
        (("things", "--bom"), "goes with CSV alone"),
        (("--all", "--output", str(tmp_path / "all")), "the rows of one query"),
        (("things", "--output", str(tmp_path / "no" / "where.csv")), "cannot be written"),
        (("things", "--output", str(target / "within.csv")), "cannot be written"),
    ):
        with pytest.raises(SutraError, match=said):
            command(*words)
    plain_file, marked = tmp_path / "a.csv", tmp_path / "b.csv"
    command("things", "--format", "csv", "--output", str(plain_file))
    command("things", "--format", "csv", "--bom", "--output", str(marked))
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain_file.read_bytes()
    assert plain_file.read_bytes() == command("things", "--format", "csv")[1].encode()
    assert not list(tmp_path.glob(".*.part")), "nothing is left half-written"


def test_the_command_runs_all_on_their_examples(command: Command, folder: Path) -> None:
    code, out, err = command("--all", "--format", "json")
    assert (code, err) == (0, "")
    assert [json.loads(line) for line in out.splitlines()] == [
        {"id": "how-many", "params": {}, "rows": [{"n": 4}]},
        {
            "id": "things",
            "params": {"most": 2},
            "rows": [
                {"thing": "c:baker", "name": "Anna Baker"},
                {"thing": "c:baker-2", "name": "Ann Baker"},
            ],
        },
    ]
    (folder / "bad.cypher").write_text("RETURN 1", "utf-8")
    code, out, err = command("--all", "--format", "json")
    assert (code, len(out.splitlines())) == (1, 2)
    assert "bad.cypher, line 1: " in err


def test_the_command_runs_a_file(command: Command, folder: Path) -> None:
    mine = folder / "mine.txt"
    mine.write_text("UNWIND range(1, $most) AS x RETURN x, $word AS w", "utf-8")
    words = ("--file", str(mine), "--param", "most=3", "--param", "word=007", "--format", "csv")
    assert command(*words)[1] == "x,w\r\n1,007\r\n2,007\r\n3,007\r\n"
    code, _, err = command(*words, "--limit", "2")
    assert (code, err) == (
        0,
        "showing 2 rows, more were cut at the limit\n"
        "most=3 was taken for a number; where it is a text, write most:text=3\n",
    )
    mine.write_text(ENDLESS, "utf-8")
    with pytest.raises(QueryTimeout):
        command("--file", str(mine), "--timeout", "0.5")
    mine.write_text("MATCH (n) DETACH DELETE n", "utf-8")
    with pytest.raises(QueryRefused, match="DETACH writes"):
        command("--file", str(mine))


GIVEN = {
    "12345": (12345, "a number"), "-3": (-3, "a number"), "true": (True, "true or false"),
    "007": ("007", None), "1.5": ("1.5", None), "9" * 19: ("9" * 19, None), "Voss": ("Voss", None),
}  # fmt: skip


@pytest.mark.parametrize("written", GIVEN)
def test_a_guess_at_a_type_is_said(command: Command, folder: Path, written: str) -> None:
    mine = folder / "mine.txt"
    mine.write_text("RETURN $h AS h", "utf-8")
    value, kind = GIVEN[written]
    words = ("--file", str(mine), "--format", "json", "--param")
    guess = json.loads(command(*words, f"h={written}")[1])
    assert guess["rows"] == [{"h": value}]
    said = f"h={written} was taken for {kind}; where it is a text, write h:text={written}"
    assert guess.get("notes", []) == ([said] if kind else [])
    told = json.loads(command(*words, f"h:text={written}")[1])
    assert (told["rows"], "notes" in told) == ([{"h": written}], False)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("h:int= 5 ", 5), ("h:float=5", 5.0), ("h:float=-.5e2", -50.0), ("h:bool=yes", True),
        ("h:date=2021-02-10", "2021-02-10"), ("h:list=a| 1", ["a", "1"]), ("h:text=", ""),
        ("h:text=a=b:c", "a=b:c"), ("h=a:text=b", "a:text=b"),
    ],
)  # fmt: skip
def test_a_type_is_given_with_a_value(
    command: Command, folder: Path, written: str, value: object
) -> None:
    mine = folder / "mine.txt"
    mine.write_text("RETURN $h AS h", "utf-8")
    words = ("--file", str(mine), "--format", "json", "--param", written)
    found = json.loads(command(*words)[1])["rows"][0]["h"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("h:int=x", "Parameter h must be a whole number, not “x”."),
        ("h:float=1e999", "Parameter h must be a number"),
        ("h:date=10/2/2021", "Parameter h must be a day"),
        ("h:txt=x", "Parameter h has no type “txt”; did you mean text?"),
        ("h:qqqqqqq=x", "it is one of text, int, float, bool, date, list."),
        ("h:=x", "Write a parameter as name=value"),
    ],
)
def test_a_wrong_type_is_one_sentence(
    command: Command, folder: Path, written: str, said: str
) -> None:
    mine = folder / "mine.txt"
    mine.write_text("RETURN $h AS h", "utf-8")
    with pytest.raises(ParameterError, match=re.escape(said)):
        command("--file", str(mine), "--param", written)


def test_a_header_says_the_type(command: Command) -> None:
    words = ("things", "--format", "csv", "--param")
    assert command(*words, "most:int=1") == command(*words, "most=1")
    with pytest.raises(ParameterError, match=r"most is of the type int.*leave “:text” out"):
        command(*words, "most:text=1")


def test_the_command_chooses_the_case(command: Command, people: Store) -> None:
    assert command("how-many", "--format", "csv")[1] == "n\r\n4\r\n"
    people.write("CREATE (:Record:Load {id: 'd:l', case: 'd', status: 'complete'})")
    people.write("CREATE (:Record:Load {id: 'e:l', case: 'e', status: 'running'})")
    with pytest.raises(UnknownCase, match=r"^Choose a case with --case: c, d\.$"):
        command("how-many")
    assert command("how-many", "--format", "csv", "--case", "d")[1] == "n\r\n1\r\n"
    with pytest.raises(UnknownCase, match=r"no case “e”; it holds c, d\."):
        command("how-many", "--case", "e")
    people.write("MATCH (l:Load) DETACH DELETE l")
    with pytest.raises(UnknownCase, match=r"no case yet; load one"):
        command("how-many")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("thigns",), "did you mean things?"),
        (("things", "--param", "most"), "Write a parameter as name=value, not “most”."),
        (("things", "--param", "most=1", "--param", "most=2"), "Parameter most is given twice."),
        (("things", "--all"), "Give one of a query's id, --all and --file."),
        (("--all", "--param", "a=b"), "takes no --param"),
        (("--file", "none.cypher"), "none.cypher: cannot be read"),
    ],
)
def test_the_command_says_what_is_wrong(
    command: Command, words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SutraError) as caught:
        command(*words)
    assert said in str(caught.value)


def test_what_is_not_expected_is_told(people: Store, folder: Path) -> None:
    query = Library.load([folder]).get("things")
    assert query.expect is not None
    result = run(people, query, "c", query.example)
    assert differences(result, query.expect, "c") == []
    assert differences(result, Expect(3, (("baker", "x"),)), "c") == [
        "2 rows, and 3 are expected",
        "row 1 is ['baker', 'Anna Baker'], and ['baker', 'x'] is expected",
    ]


# --- the registry: every file under queries/ ----------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_saved_query_is_well_formed(file: Path) -> None:
    """Header, parameters, columns, names of the schema, order, and reading only."""
    query = read(file)
    assert query.expect is not None, "a bundled query says what it answers"
    assert not query.expect.rows or "evidence" in [c.name for c in query.columns]


def test_every_saved_query_has_an_id_of_its_own() -> None:
    loaded = Library.load([BUNDLED])
    assert loaded.problems == ()
    assert len(loaded) == len(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_saved_query_answers_as_by_hand(file: Path, loaded_store: Store) -> None:
    query = read(file)
    assert query.expect is not None
    result = run(loaded_store, query, cases.BUNDLED.name, query.example)
    assert differences(result, query.expect, cases.BUNDLED.name) == []
    evidence = result.columns.index("evidence")
    assert all(row[evidence] for row in result.rows), "each row names its passages"

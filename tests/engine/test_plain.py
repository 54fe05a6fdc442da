"""Every value of the graph has one form, whatever it is taken away as; on the real engines."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.model.schema import INNER, LOCK
from graph.model.types import SCHEMA
from graph.questions import library
from graph.questions.guard.names import properties
from graph.questions.result import Result
from graph.questions.table_text import answer, as_csv, as_json, as_table
from graph.questions.value_text import plain
from graph.questions.xlsx import write_xlsx
from graph.store.store import Store
from views.widgets.rows import Rows

# What Cypher makes, and its one text. Each is written back where Cypher can read it.
TEXTS = {
    "duration({days: 3, hours: 4})": "P3DT4H",
    "duration({months: -14, days: 3, seconds: -61, milliseconds: -500})": "P-1Y-2M3DT-1M-1.5S",
    "duration({months: 14, days: -1, nanoseconds: 1})": "P1Y2M-1DT0.000000001S",
    "duration({seconds: 60, nanoseconds: -1})": "PT59.999999999S",
    "duration({days: 0})": "PT0S",
    "date('0099-02-03')": "0099-02-03",
    "time('12:31:14.645876123+01:00')": "12:31:14.645876123+01:00",
    "time('12:31:00-03:30')": "12:31:00-03:30",
    "localtime('12:31:14.5')": "12:31:14.5",
    "localtime('00:00')": "00:00:00",
    "datetime('1066-10-14T09:00:00Z')": "1066-10-14T09:00:00Z",
    "datetime('2021-02-10T12:31:14.250-08:00')": "2021-02-10T12:31:14.25-08:00",
    "datetime({year: 2021, month: 7, day: 1, hour: 12, timezone: 'Europe/Oslo'})":
        "2021-07-01T12:00:00+02:00[Europe/Oslo]",
    "localdatetime('2021-02-10T12:31:14.000000001')": "2021-02-10T12:31:14.000000001",
    "point({longitude: 12.5, latitude: 55.75})": "point({srid: 4326, x: 12.5, y: 55.75})",
    "point({longitude: 12.5, latitude: 55.75, height: 3})":
        "point({srid: 4979, x: 12.5, y: 55.75, z: 3.0})",
    "point({x: -1, y: 2})": "point({srid: 7203, x: -1.0, y: 2.0})",
    "point({x: 1, y: 2, z: 1e21})": "point({srid: 9157, x: 1.0, y: 2.0, z: 1e+21})",
    "0.0 / 0.0": "NaN",
    "1.0 / 0.0": "Infinity",
    "-1.0 / 0.0": "-Infinity",
    "$bytes": "00ff10",
    "'5 o''clock'": "5 o'clock",
}  # fmt: skip
VALUES: dict[str, Any] = {
    "true": True, "null": None, "-7": -7, "2.5": 2.5, "9223372036854775807": 2**63 - 1,
    "[1, [date('2021-01-02')], {a: duration('P1D')}]": [1, ["2021-01-02"], {"a": "P1D"}],
    "{b: {c: [localtime('01:02:03')]}, a: false}": {"a": False, "b": {"c": ["01:02:03"]}},
}  # fmt: skip


def asked(store: Store, cypher: str) -> Result:
    rows = store.read(cypher, {"bytes": b"\x00\xff\x10"})
    columns = tuple(rows[0])
    return Result(columns, tuple(tuple(row.values()) for row in rows), cypher, {}, False, 0.0)


def in_xlsx(result: Result) -> list[list[Any]]:
    file = io.BytesIO()
    write_xlsx(result, file)
    return [list(row) for row in openpyxl.load_workbook(file)["Rows"].values]


def in_csv(result: Result) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(result), newline="")))


def test_a_value_is_one_text_in_every_output(store: Store) -> None:
    texts = {k.replace("''", "\\'"): v for k, v in TEXTS.items()}
    result = asked(store, "RETURN " + ", ".join(f"{made} AS v{n}" for n, made in enumerate(texts)))
    wanted = list(texts.values())
    assert [plain(value) for value in result.rows[0]] == wanted
    assert in_csv(result)[1] == wanted
    assert list(answer(result, "q", {})["rows"][0].values()) == wanted
    assert in_xlsx(result)[1] == wanted
    assert list(Rows(result, {}, "c", {}).table().rows[0].values()) == wanted
    table = as_table(result).splitlines()[2].split("  ")
    assert [cell.strip() for cell in table if cell.strip()] == wanted


def test_numbers_truth_lists_and_maps_stay_what_they_are(store: Store) -> None:
    result = asked(store, "RETURN " + ", ".join(f"{made} AS v{n}" for n, made in enumerate(VALUES)))
    assert [plain(value) for value in result.rows[0]] == list(VALUES.values())
    json.loads(as_json(answer(result, "q", {})))
    assert in_csv(result)[1] == [
        "true", "", "-7", "2.5", "9223372036854775807", '[1, ["2021-01-02"], {"a": "P1D"}]',
        '{"a": false, "b": {"c": ["01:02:03"]}}',
    ]  # fmt: skip
    # Excel would round the long one.
    assert in_xlsx(result)[1][:5] == [True, None, -7, 2.5, "9223372036854775807"]
    page = Rows(result, {}, "c", {}).table().rows[0]
    assert list(page.values())[:4] == ["true", -7, 2.5, "9223372036854775807"]


def test_what_is_nested_very_deep_is_a_value_too() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    found = plain(deep)
    for _ in range(50_000):
        (found,) = found
    assert found == 1


# --- nodes, relationships, paths ----------------------------------------------------------------


@pytest.fixture
def people(empty: Store) -> Store:
    empty.write(
        "CREATE (a:Entity:Person {id: 'c:ilka', name: 'Ilka', type: 'x', digest: 'd', load: 'l', "
        "search: 's'})-[:KNOWS {claim: 'c:1', load: 'l'}]->(b:Entity:Person {id: 'c:tomas'}), "
        "(b)-[:ALSO]->(:Nameless {n: 1})"
    )
    return empty


def own(store: Store, text: str) -> Result:
    return library.run_own(store, text, Path("own.cypher"), None)


def test_a_relationship_carries_its_ends_and_its_direction(people: Store) -> None:
    knows = {
        "type": "KNOWS", "start": "c:ilka", "end": "c:tomas", "properties": {"claim": "c:1"},
    }  # fmt: skip
    for text in (
        "MATCH ()-[r:KNOWS]->() RETURN r",
        "MATCH ()<-[r:KNOWS]-() RETURN r",
        "MATCH (b {id: 'c:tomas'})-[r:KNOWS]-(a) RETURN r, a, b",
        "MATCH ()-[r:KNOWS]->() RETURN [{relationship: r}] AS r",
    ):
        result = own(people, text)
        found = answer(result, "q", {})["rows"][0]["r"]
        assert found in (knows, [{"relationship": knows}])
        for written in (in_csv(result)[1][0], in_xlsx(result)[1][0]):
            assert json.loads(written) == found
        assert json.dumps(found) in as_table(result)
        page = Rows(result, {}, "case", {}).table().rows[0]
        assert json.loads(page["R"]) == found
    bare = answer(own(people, "MATCH ()-[r:ALSO]->(n) RETURN r, elementId(n) AS e"), "q", {})
    row = bare["rows"][0]
    assert (row["r"]["start"], row["r"]["end"]) == ("c:tomas", row["e"]), "it has no other id"


def test_a_node_shows_its_labels_and_what_it_says_of_the_case(people: Store) -> None:
    result = own(people, "MATCH (n {id: 'c:ilka'}) RETURN n")
    shown = {
        "labels": ["Entity", "Person"],
        "properties": {"id": "c:ilka", "name": "Ilka", "type": "x"},
    }
    assert answer(result, "q", {})["rows"] == [{"n": shown}]
    for text in (as_csv(result), as_table(result), str(in_xlsx(result))):
        assert not any(name in text for name in ("digest", "load", "search"))


def test_a_path_says_which_way_each_step_leads(people: Store) -> None:
    text = "MATCH p = (b {id: 'c:tomas'})<-[:KNOWS]-(a) RETURN p"
    start, knows, end = answer(own(people, text), "q", {})["rows"][0]["p"]
    assert (start["properties"]["id"], end["properties"]["id"]) == ("c:tomas", "c:ilka")
    assert (knows["start"], knows["end"]) == ("c:ilka", "c:tomas")


def test_what_the_program_keeps_for_itself_is_known_as_such(loaded_store: Store) -> None:
    names = {
        row["name"]
        for row in loaded_store.read(
            "MATCH (n) WHERE (n:Entity OR n:Claim OR n:Source OR n:Passage) "
            "UNWIND keys(n) AS name RETURN DISTINCT name ORDER BY name"
        )
    }
    known = properties(SCHEMA)
    assert names - known - {"chosen"} == INNER - known - set(LOCK)
    assert {name for _, name in SCHEMA.fulltext} <= INNER
    for label in ("Entity", "Claim", "Source", "Passage", "Load"):
        found = loaded_store.read(f"MATCH (n:{label}) RETURN n ORDER BY n.id LIMIT 1")[0]["n"]
        assert INNER & set(found), "it is there"
        assert not INNER & set(plain(found)["properties"])

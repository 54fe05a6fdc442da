"""Additions only add: a type, a property, a reader, a format, a question and a page.

CONTRIBUTING.md promises what these tests prove, with the number of files each takes.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import exports.formats
import loaders.readers
import sutra.commands
import views.pages
from exports import material
from exports.choices import Choices
from exports.formats.registry import formats, get
from exports.pack import pack
from exports.publication import Publication
from exports.redaction.publish import publish
from graph.errors import InputError, QueryFileError
from graph.explore import inspector, neighbours, reads
from graph.explore.search import search
from graph.explore.style import OUTLINES
from graph.explore.view import View
from graph.ingest import load_states, loads
from graph.model.schema import ANY, NodeType, Property, RelationshipType, Schema
from graph.model.types import SCHEMA
from graph.questions.library import Library, run
from graph.questions.query_file import parse
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case
from loaders.readers import registry
from sutra import cases

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "tests" / "compat" / "0.1.0"
CASE = "lamp-oil"

PAYMENT = NodeType(
    "Payment",
    "payment",
    "payments",
    "payments",
    "Money that changed hands.",
    properties=(
        Property("purpose", "for", required=True, search=True),
        Property("amount", "amount", "money", required=True),
        Property("share", "share of the budget", "number"),
    ),
    ftm="Payment",
    ftm_properties={"purpose": "purpose", "amount": "amount"},
)
PAID = RelationshipType(
    "PAID",
    ("Person", "Organization"),
    ("Payment",),
    "paid",
    "was paid by",
    "Somebody paid.",
    (Property("fee", "fee of the bank", "money"),),
    side="does",
)
REGISTER = Property("register_number", "number in the register", search=True)


def widened() -> Schema:
    """A copy of the schema with a type, a relationship type, and a property of an old type."""
    types = tuple(
        replace(t, properties=(*t.properties, REGISTER)) if t.label == "Organization" else t
        for t in SCHEMA.node_types
    )
    return replace(
        SCHEMA,
        node_types=(*types, PAYMENT),
        relationship_types=(*SCHEMA.relationship_types, PAID),
    )


TABLES = {
    "case.yaml": f"id: {CASE}\ntitle: Lamp oil\nsummary: Who paid for it.\n",
    "actors.csv": "id,type,name,kind,register_number,naming\n"
    "board,Organization,Lamp Board,other,LB 77,\nodd,Person,Odd Lanternby,,,public_role\n",
    "payments.csv": "id,caption,purpose,amount,share\n"
    "oil,The oil,oil,12500.50 EUR,0.1\nwicks,The wicks,wicks,9500 EUR,\n"
    "boat,The boat,a boat,100000000000000000000.01 NOK,-2.50\n",
    "sources.csv": "id,kind,caption\nledger,register,The ledger\n",
    "passages.csv": "passage,source,start,end,gist\nl1,ledger,1,9,The board paid for oil\n",
    "claims.csv": "claim,kind,subject,predicate,object,fee\n"
    "paid-oil,relationship,board,PAID,oil,2.5 EUR\n"
    "paid-wicks,relationship,board,PAID,wicks,\npaid-boat,relationship,odd,PAID,boat,\n",
    "supports.csv": "passage,claim,status\nl1,paid-oil,reported\nl1,paid-wicks,reported\n"
    "l1,paid-boat,reported\n",
}
"""A case of the wider schema, with no table and no column that it does not need."""


def lamp_oil(folder: Path, **changed: str) -> Path:
    """The case; `changed` gives other texts of tables, by stem, or none of one."""
    folder.mkdir(parents=True)
    for name, text in TABLES.items():
        text = changed.get(Path(name).stem, text)
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


# --- a type, a relationship type and a property ---------------------------------------------------


@pytest.fixture
def wide(empty: Store) -> Iterator[Store]:
    """A graph of the wider schema, which was filled under the bundled one before."""
    loads.load(empty, Workspace.locate(), read_case(cases.BUNDLED))
    with Store.open(schema=widened()) as opened:
        yield opened


def load(store: Store, folder: Path, case: str | None = None) -> loads.LoadReport:
    return loads.load(store, Workspace.locate(), read_case(folder, case, store.schema))


def test_a_wider_schema_takes_old_cases_and_new_ones(wide: Store, tmp_path: Path) -> None:
    bundled = cases.BUNDLED.name
    before = load_states.counts(wide, bundled)
    again = load(wide, cases.BUNDLED).written
    assert (again.written, again.withdrawn, again.removed) == (0, 0, 0), "nothing of it changed"
    assert load_states.counts(wide, bundled)["claims"] == before["claims"]

    with zipfile.ZipFile(FROZEN / "embedded.zip") as packed:
        packed.extractall(tmp_path / "frozen")
    inputs = sorted((tmp_path / "frozen" / "archive" / "inputs").iterdir())
    of_version = [i for i in inputs if f"id: {bundled}\n" in (i / "case.yaml").read_text()]
    assert of_version
    for number, folder in enumerate(of_version):
        load(wide, folder, f"older-{number}")
        older = load_states.counts(wide, f"older-{number}")
        assert older["entities"] == before["entities"]

    load(wide, lamp_oil(tmp_path / CASE))
    assert load_states.counts(wide, CASE)["entities"] == {
        "Organization": 1,
        "Payment": 3,
        "Person": 1,
    }
    is_seen(wide)
    is_exported(wide)


def is_seen(store: Store) -> None:
    """The new type is found, joined and shown; amounts sort by what they are worth."""
    for words in ("oil", "payment:oil", "payments:"):
        assert f"{CASE}:oil" in {found.id for found in search(store, CASE, words).names}
    assert [found.id for found in search(store, CASE, "LB 77").names] == [f"{CASE}:board"]
    shown = inspector.entity(store, f"{CASE}:oil")
    assert shown is not None
    assert shown.type_words == "payment"
    assert shown.properties == (
        ("for", "oil"), ("amount", "12,500.50 EUR"), ("share of the budget", "0.1"),
    )  # fmt: skip
    board = inspector.entity(store, f"{CASE}:board")
    assert board is not None
    assert ("number in the register", "LB 77") in board.properties
    view = View(CASE)
    (relationship,) = neighbours.relationship_types(store, view, f"{CASE}:board")
    assert (relationship.words, relationship.total) == ("paid", 2)
    grown = neighbours.expand(store, view, f"{CASE}:board", "PAID", True).view
    here = [f"{CASE}:{name}" for name in ("board", "oil", "wicks")]
    assert {node.id for node in grown.graph.nodes} == set(here)
    assert grown.graph.count_nodes() == {"Organization": 1, "Payment": 2}
    (drawn,) = (
        relationship
        for relationship in grown.graph.relationships
        if relationship.target == f"{CASE}:oil"
    )
    paid = inspector.claim(store, drawn.id)
    assert paid is not None
    assert paid.sentence == "Lamp Board paid The oil"
    assert paid.properties == (("fee of the bank", "2.5 EUR"),)
    ordered = store.read(
        "MATCH (p:Payment) WHERE p.case = $case AND p.amount_number > 9500 "
        "RETURN p.amount AS amount, p.amount_currency AS currency, p.share_number AS share "
        "ORDER BY p.amount_number DESC",
        {"case": CASE},
    )
    assert [tuple(row.values()) for row in ordered] == [
        ("100000000000000000000.01 NOK", "NOK", -2.5), ("12500.50 EUR", "EUR", 0.1),
    ]  # fmt: skip


def published(store: Store) -> Publication:
    view = reads.case_view(store, CASE)
    choices = Choices("oil-1", bytes(range(32)), "2026-11-22")
    return publish(material.read(store, CASE, view), choices).publication


def is_exported(store: Store) -> None:
    """The new type leaves in each format, its amount exact, and beside it where one can sort."""
    made = published(store)
    assert "paid" in next(f.said for f in made.facts if f.predicate == "PAID")

    def written(name: str, file: str) -> str:
        return b"".join(get(name).files(made)[file]).decode()

    ftm = [json.loads(line) for line in written("ftm", "entities.ftm.json").splitlines()]
    oil = next(e["properties"] for e in ftm if "The oil" in e["properties"].get("name", ()))
    assert (oil["amount"], oil["currency"], oil["purpose"]) == (["12500.50"], ["EUR"], ["oil"])
    assert "share of the budget: 0.1" in oil["notes"]
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(written("csv", "things.csv")))}
    names = ("type", "amount", "amount_number", "amount_currency", "share_number")
    assert [rows["boat"][name] for name in names] == [
        "Payment", "100000000000000000000.01 NOK", "1e+20", "NOK", "-2.5",
    ]  # fmt: skip
    nodes = {node["id"]: node for node in json.loads(written("json", "graph.json"))["nodes"]}
    assert nodes["oil"]["properties"]["amount"] == "12500.50 EUR"
    for name, file in (("gexf", "graph.gexf"), ("graphml", "graph.graphml")):
        text = written(name, file)
        assert re.search(r'property_amount_number"[^>]*type="double"', text), name
        assert "12500.50 EUR" in text
        assert re.search(r'property_fee_number"[^>]*type="double"', text), name


@pytest.mark.embedded
def test_a_case_without_what_it_does_not_need_is_read(empty: Store, tmp_path: Path) -> None:
    few = {"payments": "", "claims": "claim,kind,subject,measure,value\nn,wording,odd,name,Odd\n",
           "actors": "id,type,name\nodd,Person,Odd Lanternby\n",
           "supports": "passage,claim,status\nl1,n,reported\n"}  # fmt: skip
    folder = lamp_oil(tmp_path / "few", **few)
    (folder / "payment.csv").write_text("id\n", encoding="utf-8")
    given = read_case(folder)
    assert given.notes == ("payment.csv is no table of a case and is not read.",)
    loads.load(empty, Workspace.locate(), given)
    assert load_states.counts(empty, CASE)["entities"] == {"Person": 1}


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        ("sources", "", "the table sources is missing; add sources.csv"),
        ("payments", "id,caption,purpose\n", "payments.csv, row 1, column amount: the column is missing; add it: the head needs id,purpose,amount"),  # noqa: E501
        ("payments", "id,purpose,amount,name\n", "payments.csv, row 1, column name: the column is not known here; the head is id,caption,purpose,amount,share"),  # noqa: E501
        ("payments", "id,purpose,amount\noil,oil,12500.50\n", "payments.csv, row 2, column amount: “12500.50” is no amount with its currency; write digits and the currency's code of ISO 4217, as 12500.50 EUR"),  # noqa: E501
        ("payments", "id,purpose,amount\noil,oil,5 XYZ\n", "payments.csv, row 2, column amount: “5 XYZ” is no amount"),  # noqa: E501
        ("payments", "id,purpose,amount\noil,oil,€ 5\n", "payments.csv, row 2, column amount: “€ 5” is no amount"),  # noqa: E501
        ("payments", 'id,purpose,amount,share\noil,oil,5 EUR,"1,5"\n', "payments.csv, row 2, column share: “1,5” is not a number; write digits, with a point before decimals, as 12500.50"),  # noqa: E501
        ("payments", "id,purpose,amount,share\noil,oil,5 EUR,1e5\n", "column share: “1e5” is not a number"),  # noqa: E501
        ("claims", "claim,kind,subject,predicate,object,fee\nx,relationship,board,PAID,oil,5\n", "claims.csv, row 2, column fee: “5” is no amount"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_is_required_is_asked_for(table: str, text: str, said: str, tmp_path: Path) -> None:
    folder = lamp_oil(tmp_path / CASE, **{table: text})
    with pytest.raises(InputError) as caught:
        list(read_case(folder, schema=widened()).records())
    assert said in str(caught.value)


def test_a_code_of_evidence_does_not_know_of_a_property_that_is_not_there(
    wide: Store, loaded_store: Store
) -> None:
    codes = []
    for schema in (SCHEMA, widened()):
        wide.schema = schema
        found = material.read(wide, cases.BUNDLED.name, reads.case_view(wide, cases.BUNDLED.name))
        codes.append({claim.id: found.evidence(claim) for claim in found.claims})
    assert codes[0]
    assert codes[0] == codes[1]


def test_a_type_finds_a_colour_and_a_shape() -> None:
    plain = replace(PAYMENT, colour="", shape="")
    like = replace(plain, label="Loan", table="loans", shape="dot", colour="#0072B2")
    many = [replace(plain, label=f"Thing{n}", table=f"entities{n}") for n in range(9)]
    schema = replace(SCHEMA, node_types=(*SCHEMA.node_types, plain, like, *many))
    for declared in SCHEMA.node_types:
        assert schema.nodes[declared.label] == declared, "old types look as they did"
    assert schema.nodes["Payment"].shape != schema.nodes["Loan"].shape
    assert schema.nodes["Loan"].colour == "#0072B2"
    for node in schema.nodes.values():
        assert node.shape in OUTLINES
        assert re.fullmatch(r"#[0-9A-F]{6}", node.colour, re.IGNORECASE)
    looks = [(node.shape, node.colour) for node in schema.nodes.values()]
    assert len(set(looks)) == len(looks)


def test_what_may_be_anything_may_be_of_the_new_type() -> None:
    assert "Payment" in widened().relationships["INVOLVED"].targets
    assert next(t.targets for t in SCHEMA.relationship_types if t.name == "INVOLVED") == ANY


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"node_types": (*SCHEMA.node_types, SCHEMA.node_types[0])}, "Person is declared twice"),
        ({"node_types": (replace(PAYMENT, label="Claim"),)}, "Claim is declared twice"),
        ({"node_types": SCHEMA.node_types[1:]}, r"unknown ends \['Person'\]"),
        ({"relationship_types": (replace(PAID, name="FROM"),)}, "FROM is declared twice"),
    ],
)
def test_a_schema_that_contradicts_itself_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(SCHEMA, **changed)


@pytest.mark.parametrize("name", ["search", "amount_number", "id"])
def test_a_property_that_is_stored_under_a_taken_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="declared twice"):
        replace(PAYMENT, properties=(*PAYMENT.properties, Property(name, "taken")))


def test_no_module_but_the_declarations_names_a_type() -> None:
    """Names in docstrings are examples; everything else would have to be kept in step."""
    labels, types = "|".join(SCHEMA.nodes), "|".join(SCHEMA.relationships)
    named = re.compile(rf"^(?:{labels})$|:(?:{labels})\b|\b(?:{types})\b")
    found = []
    for room in ("graph", "loaders", "exports", "views", "sutra"):
        for file in sorted((ROOT / room).rglob("*.py")):
            if file.is_relative_to(ROOT / "graph" / "model" / "types"):
                continue
            nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
            told = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
            found += [
                f"{file.relative_to(ROOT)}:{node.lineno}: {node.value[:60]!r}"
                for node in nodes
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
                and id(node) not in told and named.search(node.value)
            ]  # fmt: skip
    for file in sorted((ROOT / "sutra" / "assets").rglob("*.js")):
        told_there = re.findall(rf"\b(?:{types})\b", file.read_text("utf-8"))
        found += [f"{file.name}: {name}" for name in told_there]
    assert found == []


# --- a reader, an export format, a question and a page --------------------------------------------


@contextmanager
def added(
    package: Any, text: str, name: str, folder: Path, forget: Callable[[], None]
) -> Iterator[None]:
    """One more module in a package, as if the file lay in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    package.__path__.append(str(folder))
    forget()
    try:
        yield
    finally:
        package.__path__.remove(str(folder))
        sys.modules.pop(f"{package.__name__}.{name}", None)
        forget()


READER = '''
"""Tables whose cells are parted by a tilde."""

from graph.runtime import files

SUFFIXES = (".tilde",)


class Table:
    note = ""

    def __init__(self, lines):
        self.columns, *self._rows = [tuple(line.split("~")) for line in lines]

    def rows(self):
        for number, row in enumerate(self._rows, 2):
            yield number, {name: cell for name, cell in zip(self.columns, row) if cell}


def table(path):
    text = files.read_text(path, files.TABLE, within=path.parent, named=path.name)
    return Table(text.splitlines())
'''
FORMAT = '''
"""How many there are of each type."""

from collections import Counter

NAME = "tally"
WORDS = "How many there are of each type"
FILES = {"tally.txt": "one line for each type"}


def files(publication):
    counts = Counter(entity.label for entity in publication.entities)
    return {"tally.txt": (f"{name}: {counts[name]}\\n".encode() for name in sorted(counts))}


def texts(name, file):
    return (line.decode().strip() for line in file)
'''
QUESTION = """/*
title: What was paid
question: What was paid, the most first?
category: Money
columns:
  - {name: payment, type: entity}
  - {name: amount, type: text}
view: table
example: {}
*/
MATCH (p:Payment) WHERE p.case = $case
RETURN p.id AS payment, p.amount AS amount ORDER BY p.amount_number DESC, payment
"""
PAGE = '''
"""A page that says hello."""

import streamlit as st


def page():
    """Draw the page."""
    st.title("The ledger")
'''


def test_a_reader_is_one_file(tmp_path: Path) -> None:
    folder = lamp_oil(tmp_path / CASE)
    table = folder / "sources.csv"
    table.rename(table.with_suffix(".tilde"))
    table = table.with_suffix(".tilde")
    table.write_text(table.read_text("utf-8").replace(",", "~"), encoding="utf-8")
    with added(loaders.readers, READER, "tildes", tmp_path / "more", registry.formats.cache_clear):
        given = read_case(folder, schema=widened())
        assert "ledger" in {getattr(record, "id", "") for record in given.records()}
    with pytest.raises(InputError, match="the table sources is missing"):
        read_case(folder)


@pytest.mark.embedded
def test_an_export_format_is_one_file(loaded_store: Store, tmp_path: Path) -> None:
    case = cases.BUNDLED.name
    found = material.read(loaded_store, case, reads.case_view(loaded_store, case, 20))
    choices = Choices("tally-1", bytes(range(32)), "2026-11-22")
    with added(exports.formats, FORMAT, "tallies", tmp_path, formats.cache_clear):
        made = pack.make(found, choices, ["tally"])
        assert re.search(rb"^Person: \d+$", made.files["tally.txt"], re.MULTILINE)
        assert b"one line for each type" in made.files["README.md"]
    assert "tally" not in formats()


@pytest.mark.embedded
def test_a_question_is_one_file(
    wide: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(wide, lamp_oil(tmp_path / CASE))
    folder = tmp_path / "questions"
    folder.mkdir()
    (folder / "what-was-paid.cypher").write_text(QUESTION, encoding="utf-8")
    monkeypatch.setenv("SUTRA_QUERIES", str(folder))
    library = Library.load(schema=wide.schema)
    answer = run(wide, library.get("what-was-paid"), CASE, {})
    assert [row[1].partition(" ")[2] for row in answer.rows] == ["NOK", "EUR", "EUR"]
    with pytest.raises(QueryFileError, match="no label “Payment” is in the schema"):
        parse(QUESTION, folder / "what-was-paid.cypher")


def test_a_page_is_one_file_and_a_line(
    tmp_path: Path, sutra_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "app.py").read_text("utf-8")
    line = '    "ledger": ("Ledger", "receipt"),\n'
    copy = tmp_path / "app.py"
    copy.write_text(text.replace("PAGES = {\n", "PAGES = {\n" + line), encoding="utf-8")
    with added(views.pages, PAGE, "ledger", tmp_path / "pages", lambda: None):
        shown = AppTest.from_file(str(copy), default_timeout=60).run()
    assert not shown.exception
    assert [title.value for title in shown.title] == ["The ledger"]


COMMAND = '''
"""`sutra ledger`: says it."""

from sutra.terminal import say


def add_parser(commands):
    commands.add_parser("ledger").set_defaults(command=run)


def run(args):
    say("It was said.")
    return 0
'''


def test_a_command_is_one_file_and_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "sutra" / "cli.py").read_text("utf-8")
    # In the list of what is imported, and in that of the commands.
    text, places = re.subn(r"(?<=[ (])app,", "ledger, app,", text)
    assert places == 2
    with added(sutra.commands, COMMAND, "ledger", tmp_path / "commands", lambda: None):
        copy = ModuleType("sutra_with_ledger")
        exec(compile(text, "cli.py", "exec"), copy.__dict__)  # noqa: S102 (our own text)
        assert copy.main(["ledger"]) == 0
    assert capsys.readouterr().out == "It was said.\n"


def test_the_guide_counts_the_files() -> None:
    """What CONTRIBUTING.md promises of each addition is what these tests did."""
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| an? ([^|]+?) \| (\d) \|", guide, re.MULTILINE))
    assert rows == {
        "type of entity or of relationship": "1", "property": "1", "table format": "1",
        "export format": "1", "question": "1", "page": "2", "command": "2",
    }  # fmt: skip

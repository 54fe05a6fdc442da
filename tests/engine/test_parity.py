"""The same files on Neo4j as on the embedded engine: the same rows, in the same order.

One session does what Sutra can do (loads, changes, pages, questions, ways) on both engines while
every statement is recorded with its rows; then the records are compared, statement by statement.
"""

from __future__ import annotations

import ast
import itertools
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cypher_texts import OUTSIDE, READS, WRITES
from engines import clear
from invented import Tables, differing, dump, lighthouse
from neo4j.graph import Node, Relationship

from exports import material as publication
from exports import material_choice
from exports.choices import Choices
from exports.pack import pack
from graph.errors import QueryRefused, SutraError
from graph.explore import as_of, connections, inspector, neighbours, overview, reads, search
from graph.explore.subgraph import Subgraph
from graph.explore.view import View
from graph.ingest import entering, load_states, loads, turns, unloads
from graph.journal import keeping
from graph.questions import library
from graph.questions.guard import check
from graph.questions.library import Library
from graph.runtime.workspace import Workspace
from graph.saved import asked_queries, boards, naming_decisions, states
from graph.store.store import Store, Transaction
from loaders.case import read_case
from sutra import cases

CASE = cases.BUNDLED.name
PACK = Choices("parity-1", bytes(range(32)), "2026-11-22")
pytestmark = pytest.mark.neo4j
Recorded = list[tuple[str, Any, Any]]

# What no two runs have in common.
PASSING = frozenset(
    {
        "beat", "holder", "silent", "started", "finished", "now", "day", "created", "changed",
        "made", "withdrawn_on",
    }
)  # fmt: skip
# Modules whose statements are compared by tests of their own that run on every engine, and what is
# no Cypher at all.
ELSEWHERE = frozenset(
    {
        "connections.py", "server.py", "arcadedb_engine.py", "neo4j_engine.py", "backups.py",
        "check.py", "row_network.py",
        "service.py", "staging.py", "store.py", "supervisor.py", "verification.py",
    }
)  # fmt: skip
# Run where something rare is met: old views are swept, a record changes its type. Element ids are
# each engine's own: `test_plain.py` asks for the ends of relationships on every engine.
RARE = (
    "r.changed < $before", "MATCH (n)-[:SUPPORTS|FROM|RELAYS|SUPERSEDES]-(m) REMOVE m.digest",
    "WHERE elementId(n) = element",
    # Several inputs: `test_inputs.py` runs these on every engine.
    "collect(DISTINCT s.input) AS inputs", "WHERE s.load <> $load DELETE r",
    # A load over a journal that was cut off: `test_journal.py` runs it on every engine.
    "MATCH (l:Record {id: $id}) REMOVE l.running",
)  # fmt: skip


# --- recording ----------------------------------------------------------------------------------


@contextmanager
def recording() -> Iterator[Recorded]:
    """Every statement that any store runs within, with its parameters and its rows."""
    told: Recorded = []
    read, stream, run = Store.read, Store.stream, Transaction.run

    def noting_read(self: Store, cypher: str, parameters: Any = None, **more: Any) -> Any:
        rows = read(self, cypher, parameters, **more)
        told.append((cypher, parameters, rows))
        return rows

    def noting_stream(self: Store, cypher: str, parameters: Any = None) -> Any:
        rows = list(stream(self, cypher, parameters))
        told.append((cypher, parameters, rows))
        yield from rows

    def noting_run(self: Transaction, cypher: str, parameters: Any = None) -> Any:
        rows = run(self, cypher, parameters)
        told.append((cypher, parameters, rows))
        return rows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "read", noting_read)
        patch.setattr(Store, "stream", noting_stream)
        patch.setattr(Transaction, "run", noting_run)
        yield told


def plain(value: Any, name: str = "") -> Any:
    """A value of the driver's as plain data that two engines can have in common."""
    if name in PASSING:
        return None
    match value:
        case Node():
            return sorted(value.labels), plain(dict(value))
        case Relationship():
            return value.type, plain(dict(value))
        case Mapping():
            return {key: plain(inner, key) for key, inner in sorted(value.items())}
        case list() | tuple():
            inner = [plain(each, name) for each in value]
            return sorted(inner) if name == "labels" else inner
        case str() if name == "inputs":
            return plain(json.loads(value))  # with the days on which each was loaded
        case _:
            return value


def comparable(told: Recorded) -> list[tuple[str, Any]]:
    """What was recorded, fit to be compared: rows without an order of their own are sorted."""
    found = []
    for cypher, given, rows in told:
        if "(m:Meta" in cypher or "IF NOT EXISTS" in cypher:
            continue  # a database is set up once, and this is not the first time for either
        bare = plain(rows)
        # Each engine scores in its own way: what is shown is ranked again, and compared as well.
        # Where more was found than is asked for, the score has chosen.
        if "score DESC" in cypher:
            found += [(cypher, rows) for rows in _scored(bare, given["most"])]
        else:
            found.append((cypher, bare if "ORDER BY" in cypher else sorted(bare, key=repr)))
    return found


def _scored(rows: list[dict[str, Any]], most: int) -> list[Any]:
    """The parts of a search, those that were cut as their number alone."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        parts.setdefault(row["kind"], []).append(row)
    return [
        (kind, len(part) if len(part) == most else sorted(part, key=repr))
        for kind, part in sorted(parts.items())
    ]


def compare(one: Recorded, other: Recorded) -> None:
    """Assert that two records tell the same, and say where they first do not."""
    for (cypher, rows), (also, others) in zip(comparable(one), comparable(other), strict=True):
        assert cypher == also
        assert rows == others, cypher


# --- what Sutra does ----------------------------------------------------------------------------


def changed() -> Tables:
    """The lighthouse as it is told later: one claim more, one less, one actor of another type."""
    tables = lighthouse()
    odd = tables.rows["actors"][0] | {"type": "Organization", "kind": "other"}
    tables.rows["actors"] = [odd]
    tables.rows["supports"][1]["said_by"] = "odd"
    tables.rows["claims"] = [r for r in tables.rows["claims"] if r["claim"] != "odd-role"]
    tables.rows["supports"] = [r for r in tables.rows["supports"] if r["claim"] != "odd-role"]
    tables.rows["passages"][2]["gist"] = "Thirteen lamps"
    tables.add("claims", claim="thirteen", kind="figure", subject="lamps", measure="size",
               value="13", unit="lamps", comparator="=")  # fmt: skip
    tables.add("supports", passage="h1", claim="thirteen", status="reported")
    tables.add("relays", from_="h1", to="gazette")
    return tables


def loading(store: Store, folder: Path) -> list[dict[str, Any]]:
    """A case's whole life; what the graph holds after each step."""
    workspace = Workspace.locate()
    first = read_case(lighthouse().write(folder / "first"))
    second = read_case(changed().write(folder / "second"))
    held = []

    def step(work: Callable[[], Any]) -> None:
        work()
        held.append(dump(store, "sandwick"))

    for given in (first, first, second, first, second):
        step(partial(loads.load, store, workspace, given))
    with numbered_entries():
        step(partial(judging, store, workspace))
    turns.cut_off(store, workspace)
    load_states.counts(store, "sandwick")
    unload = partial(unloads.unload, store, workspace, "sandwick", read_case)
    for everything in (False, False, True):
        step(partial(unload, everything=everything))
    assert keeping.is_known(store, "sandwick")
    assert keeping.count(store, "sandwick") == 3
    step(partial(keeping.forget, store, "sandwick"))
    return held


@contextmanager
def numbered_entries() -> Iterator[None]:
    """Entries have the same ids on each engine."""
    numbers = itertools.count(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=next(numbers)))
        yield


def judging(store: Store, workspace: Workspace) -> None:
    """Entries of the journal: a correction, and another that is taken back."""
    ids = []
    for target in ("odd", "lamps"):
        row = {"target": f"sandwick:{target}", "property": "caption", "value": "Called so"}
        body = {"corrections": [row]}
        entry = keeping.new_entry("sandwick", "correct", "Ann", "said so", body)
        ids.append(entering.enter(store, workspace, entry, read_case).entry.id)
    entering.take_back(store, workspace, "sandwick", ids[1:], "Ben", "a slip", read_case)
    keeping.listed(store, "sandwick", "sandwick:odd")


TEXTS = (
    "twitter", "Twi", "person:a", "organization:", "claim:account", "passage:order", "order first",
    "government of india", "govern", "article b", "source:", "zzz", "सरकार", "modi", "a/b",
    "+-&&", "twiter", "accounts",
)  # fmt: skip


def pages(store: Store) -> list[Any]:
    """Everything that the pages read of the bundled case."""
    whole = reads.case_view(store, CASE)
    ids = [node.id for node in whole.nodes]
    view = View.of(CASE, Subgraph((), ()))
    seen: list[Any] = [
        overview.overview(store, CASE), whole, reads.case_view(store, CASE, 7),
        reads.totals(store, CASE), load_states.counts(store, CASE), len(load_states.cases(store)),
        as_of.record(store, [relationship.id for relationship in whole.relationships]),
    ]  # fmt: skip
    for text in TEXTS:
        found = search.search(store, CASE, text)
        seen.append((text, found.names, found.more_names, found.more_said or found.said))
        seen.append((found.sources, found.more_sources))
    for id_ in ids:
        seen.append(inspector.entity(store, id_))
    for id_ in ids[:12]:
        seen.append(reads.around(store, id_))
        relationships = neighbours.relationship_types(store, view, id_)
        seen += [relationships, neighbours.offer(store, id_), neighbours.expand(store, view, id_)]
        seen += [
            neighbours.expand(store, view, id_, relationship.type, relationship.outgoing)
            for relationship in relationships
        ]
    claims = [row["id"] for row in store.read(
        "MATCH (c:Claim) WHERE c.case = $case RETURN c.id AS id ORDER BY id", {"case": CASE}
    )]  # fmt: skip
    seen += inspector.claims(store, claims)
    sources = [row["id"] for row in store.read(
        "MATCH (s:Source) WHERE s.case = $case RETURN s.id AS id ORDER BY id", {"case": CASE}
    )]  # fmt: skip
    seen += [inspector.source(store, id_, 20) for id_ in sources]
    return seen


def questions(store: Store) -> list[Any]:
    """Every saved query on its example, and ways between many pairs."""
    found: list[Any] = []
    saved = Library.load([library.BUNDLED])
    for query in saved:
        result = library.run(store, query, CASE, query.example)
        found.append((query.id, result.columns, result.rows, result.notes))
    named = {"start": "Twitter", "end": "Government of India"}
    found.append(library.run(store, saved.get("connections"), CASE, named).rows)
    ids = [node.id for node in reads.case_view(store, CASE, 14).nodes]
    for start, end in zip(ids, ids[3:], strict=False):
        given = {"start": start, "end": end, "hops": 6, "alleged": True}
        result = library.run(store, saved.get("connections"), CASE, given)
        found.append((start, end, result.rows, result.notes))
    return found


def board(store: Store) -> list[Any]:
    """A board's life, and what is read for publication."""
    view = View.of(CASE, reads.case_view(store, CASE, 10))
    boards.keep(store, view, "aparity", kept=True)
    boards.keep(store, view.titled("Other"), "aparity", kept=True)
    boards.rename(store, "aparity", "Third")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(states, "new_id", lambda: "bparity")
        copied = boards.duplicate(store, "aparity")
    told: list[Any] = [b.title for b in boards.boards(store, CASE)]
    told.append(boards.open_board(store, "aparity").view.graph.nodes)
    boards.delete(store, ["aparity", copied.id])
    material = publication.read(store, CASE, reads.case_view(store, CASE, 40))
    return [*told, [b.title for b in boards.boards(store, CASE)], material.claims,
            material.entities,
            material.named, material.sources, material.passages]  # fmt: skip


def desk(store: Store) -> list[Any]:
    """What pages keep beside boards, and what an export chooses without what is confidential."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(states, "new_id", lambda: "cparity")
        kept_as = asked_queries.keep(store, CASE, "ways", {"start": "nobody"})
    told: list[Any] = [asked_queries.find(store, kept_as)]
    store.write(states.DELETE, {"ids": [kept_as]})
    one = naming_decisions.Decided(
        f"{CASE}:dorsey", "private", "to compare", "case editor", "2021-02-12"
    )
    with numbered_entries():
        for made in (one, replace(one, naming="protect")):
            naming_decisions.decide(store, CASE, made)
            told.append(naming_decisions.decided(store, CASE))
        naming_decisions.take_back(store, one.entity)
    left = naming_decisions.decided(store, CASE)
    keeping.forget(store, CASE)
    told += [left, material_choice.whole(store, CASE, 7)]
    told.append(material_choice.surroundings(store, f"{CASE}:meeting", 2))
    told.append(inspector.called(store, [one.entity, f"{CASE}:article-a"]))
    told.append(inspector.passages(store, [f"{CASE}:a14", f"{CASE}:b10"]))
    query = Library.load([library.BUNDLED]).get("surroundings")
    answer = library.run(store, query, CASE, query.example)
    told.append(material_choice.answer_view(store, answer, {c.name: c.type for c in query.columns}))
    return told


def packed(store: Store) -> list[Any]:
    """A pack in every format, file by file, and the connections of the paths page."""
    graph = reads.case_view(store, CASE, 40)
    made = pack.make(publication.read(store, CASE, graph), PACK)
    found: list[Any] = sorted(made.files.items())
    for start, end in zip(graph.nodes, graph.nodes[5:], strict=False):
        terms = connections.Terms(start.id, end.id, hops=6, alleged=True)
        way = connections.connect(store, Library.load([library.BUNDLED]), CASE, terms)
        found.append(replace(way, seconds=0.0))
    return found


# --- both engines -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def kept() -> dict[str, Any]:
    """What the embedded engine said, so that it is asked once."""
    return {}


def asked_once(
    kept: dict[str, Any], work: Callable[[Store], Any], ours: Store
) -> tuple[Any, Recorded]:
    """What the work gives on the embedded engine, and what that was asked."""
    if work.__name__ not in kept:
        with recording() as told:
            kept[work.__name__] = (work(ours), told)
    given, asked = kept[work.__name__]
    return given, asked


def both(
    kept: dict[str, Any], work: Callable[[Store], Any], ours: Store, theirs: Store
) -> tuple[Any, Any, Recorded]:
    """What the work gives on the embedded engine and on Neo4j, and what Neo4j was asked."""
    given, asked = asked_once(kept, work, ours)
    with recording() as told:
        found = work(theirs)
    compare(asked, told)
    return given, found, told


READING = (pages, questions, board, desk, packed)


@pytest.mark.parametrize("work", READING)
def test_the_bundled_case_reads_the_same(
    work: Callable[[Store], Any],
    kept: dict[str, Any],
    loaded_embedded: Store,
    loaded_store: Store,
) -> None:
    given, found, _ = both(kept, work, loaded_embedded, loaded_store)
    for one, other in zip(given, found, strict=True):
        if isinstance(one, overview.Overview):
            assert one.title == other.title  # its time of loading differs
        else:
            assert one == other


def lived(folder: Path) -> Callable[[Store], list[dict[str, Any]]]:
    """Loads, and what follows them, with what they need in that folder."""

    def life(store: Store) -> list[dict[str, Any]]:
        return loading(store, folder)

    return life


def test_loading_leaves_the_same(
    kept: dict[str, Any], embedded_store: Store, empty: Store, tmp_path: Path
) -> None:
    clear(embedded_store)
    given, found, _ = both(kept, lived(tmp_path), embedded_store, empty)
    for one, other in zip(given, found, strict=True):
        assert differing(one, other) == ""


def test_the_bundled_case_is_held_the_same(loaded_embedded: Store, loaded_store: Store) -> None:
    one, other = (dump(store, CASE) for store in (loaded_embedded, loaded_store))
    assert differing(one, other) == ""


# --- what an analyst may run, by the server's own plans -----------------------------------------


def test_every_reading_statement_has_a_plan_of_reading_steps(
    kept: dict[str, Any], loaded_store: Store
) -> None:
    told = [one for work in ("pages", "questions") for one in kept.get(work, (0, []))[1]]
    assert told, "the comparisons come first"
    for cypher, parameters in {cypher: given for cypher, given, _ in told}.items():
        check.check_plan(loaded_store.explain(cypher, parameters))


@pytest.mark.parametrize("text", [t for t in READS if "OPTIONAL CALL" not in t])
def test_what_the_guard_lets_through_has_such_a_plan(empty: Store, text: str) -> None:
    check.check_plan(empty.explain(check.check(text), {"id": "x", "rows": []}))


@pytest.mark.parametrize("text", [*WRITES, *OUTSIDE, "SHOW TRANSACTIONS", "SHOW SETTINGS",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'", "CALL dbms.listConfig()",
    "CALL db.clearQueryCaches()", "MATCH (n) CALL dbms.listConnections() YIELD userAgent RETURN 1",
])  # fmt: skip
def test_a_plan_of_any_other_step_is_refused(empty: Store, text: str) -> None:
    """Without the guard's look at the text: the plan alone is enough, or there is none."""
    with pytest.raises(SutraError) as caught:
        check.check_plan(empty.explain(text, {"url": "file:///none", "rows": []}))
    assert isinstance(caught.value, QueryRefused) or "cannot be run" in str(caught.value)


# --- nothing is left out ------------------------------------------------------------------------


def written() -> Iterator[tuple[str, str]]:
    """The longest fixed part of each statement in graph/, and where it stands."""
    for file in sorted((cases.BUNDLED.parents[1] / "graph").rglob("*.py")):
        if file.name in ELSEWHERE:
            continue
        tree = ast.parse(file.read_text("utf-8"))
        inner = {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in n.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                fixed = [v.value for v in node.values if isinstance(v, ast.Constant)]
                parts = [part for part in fixed if isinstance(part, str)]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                parts = [] if id(node) in inner else [node.value]
            else:
                continue
            whole = "".join(parts).lstrip()
            if re.match(r"(OPTIONAL )?(MATCH|MERGE|UNWIND|CALL|CREATE) ", whole):
                yield f"{file.name}:{node.lineno}", max(parts, key=len)


def test_every_statement_of_the_program_was_compared(
    kept: dict[str, Any],
    engine: object,
    loaded_embedded: Store,
    embedded_store: Store,
    tmp_path: Path,
) -> None:
    """One that nobody ran here has met one engine only: let `pages` or `loading` run it."""
    for work in READING:
        asked_once(kept, work, loaded_embedded)
    if "life" not in kept:
        clear(embedded_store)
    asked_once(kept, lived(tmp_path), embedded_store)
    asked = "\n".join(cypher for _, told in kept.values() for cypher, _, _ in told)
    never = [
        f"{where} {text!r}"
        for where, text in written()
        if text.strip() not in asked
        and "IF NOT EXISTS" not in text
        and not any(rare in text for rare in RARE)
    ]
    assert not never, "\n".join(never)

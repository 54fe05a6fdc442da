"""Loads and reads over connections that are lost, delayed and torn: none ends wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import bolt_wire
import pytest
from engines import Under
from fault_proxy import Fault, Faults, Proxy
from invented import Tables, differing, dump, lighthouse

from graph.errors import StoreUnavailable
from graph.ingest import load_states, loads, unloads
from graph.ingest.writer import Writer
from graph.runtime import streams
from graph.runtime.jobs import Progress
from graph.runtime.workspace import Workspace
from graph.store.store import Store, Transaction
from loaders.case import read_case

pytestmark = pytest.mark.neo4j

LOADS = {"neo4j-2026": 4}
"""Disturbed loads by engine, else `MOST`; `python -m bench --only faults` makes more."""
MOST = 20


# --- two states of a case -----------------------------------------------------------------------


def before() -> Tables:
    """A case of some twenty transactions, once a transaction takes few rows."""
    tables = lighthouse()
    for number in range(12):
        tables.add("actors", id=f"a{number}", type="Person", caption=f"Keeper {number}",
                   name=f"Keeper {number}")  # fmt: skip
        start = {"start": str(number * 10), "end": str(number * 10 + 9), "sha256": "1" * 64}
        tables.add("passages", passage=f"k{number}", source="gazette", gist=f"Keeper {number}",
                   language="en", **start)  # fmt: skip
        tables.add("claims", claim=f"role{number}", kind="relationship", subject=f"a{number}",
                   predicate="HOLDS_ROLE", object="board", title="keeper")  # fmt: skip
        tables.add("supports", passage=f"k{number}", claim=f"role{number}", status="reported")
    return tables


def after() -> Tables:
    """The same case, of which some is changed, some is gone and some is new."""
    tables = before()
    gone = {"role3", "role4", "a3", "a4", "k3", "k4"}
    names = {"claims": "claim", "supports": "claim", "actors": "id", "passages": "passage"}
    for stem, name in names.items():
        tables.rows[stem] = [row for row in tables.rows[stem] if row[name] not in gone]
    for row in tables.rows["claims"]:
        if row["claim"] in ("role5", "role6"):
            row["title"] = "former keeper"
    tables.add("claims", claim="thirteen", kind="figure", subject="lamps", measure="size",
               value="13", unit="lamps", comparator="=")  # fmt: skip
    tables.add("supports", passage="h1", claim="thirteen", status="reported")
    return tables


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("states")
    return before().write(folder / "before"), after().write(folder / "after")


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BATCH", 6)


@pytest.fixture
def cluster(store: Store) -> Iterator[Proxy]:
    """Three members before the server under test."""
    with Proxy(port_of(store), members=3) as proxy:
        yield proxy


def port_of(store: Store) -> int:
    return int(store.info.address.rpartition(":")[2])


def load(store: Store, folder: Path, case: str) -> loads.LoadReport:
    return loads.load(store, Workspace.locate(), read_case(folder, case))


# --- loads --------------------------------------------------------------------------------------


@pytest.fixture
def calm(empty: Store, states: tuple[Path, Path], small_batches: None) -> Iterator[Store]:
    """A store that holds the case as it must be in the end, loaded twice without a fault."""
    for folder in states:
        load(empty, folder, "calm")
    yield empty
    for case in ("calm", "disturbed"):
        unloads.unload(empty, Workspace.locate(), case, read_case, everything=True)


def loaded(proxy: Proxy, states: tuple[Path, Path]) -> tuple[list[loads.LoadReport], int]:
    """Load both states through the proxy; returns the reports, and how often it took a new try."""
    reports, again = [], 0
    for folder in states:
        report, turns = proxy.persist(partial(load, folder=folder, case="disturbed"))
        reports.append(report)
        again += turns
    return reports, again


def check(store: Store, faults: Faults) -> None:
    wrong = differing(dump(store, "calm"), dump(store, "disturbed"))
    assert not wrong, f"{faults}\n{wrong}"
    unfinished = [
        state.id for state in load_states.states(store) if state.status != load_states.COMPLETE
    ]
    assert not unfinished, f"{faults}\n{unfinished}"


def test_a_disturbed_load_ends_as_one_that_nothing_disturbed(
    calm: Store,
    cluster: Proxy,
    engine: Under,
    states: tuple[Path, Path],
) -> None:
    happened: set[Fault] = set()
    for seed in range(LOADS.get(engine.name, MOST)):
        calm.write("MATCH (n) WHERE n.case = 'disturbed' DETACH DELETE n")
        faults = cluster.faults = Faults(seed)
        loaded(cluster, states)
        cluster.faults = None
        check(calm, faults)
        happened |= {fault for fault, _ in faults.happened}
    assert happened == set(Fault)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(Fault.ELECTION, id="another-leader"),
        pytest.param(Fault.UNANSWERED, id="outcome-unknown"),
        pytest.param(Fault.CUT, id="not-arrived"),
    ],
)
def test_a_load_survives_by_itself_what_happens_at_its_commits(
    kind: Fault,
    calm: Store,
    cluster: Proxy,
    states: tuple[Path, Path],
) -> None:
    expected = [report.written for report in (load(calm, f, "counted") for f in states)]
    unloads.unload(calm, Workspace.locate(), "counted", read_case, everything=True)
    faults = cluster.faults = Faults(
        1, most=99, every=3, apart=3, kinds=(kind,), within=(bolt_wire.COMMIT,)
    )
    reports, again = loaded(cluster, states)
    cluster.faults = None
    assert again == 0, str(faults)
    assert len(faults.happened) >= 8
    assert [report.written for report in reports] == expected
    check(calm, faults)


def test_a_batch_waits_for_a_lost_one_of_its_load(empty: Store, states: tuple[Path, Path]) -> None:
    """What a lost batch is about to keep is not seen yet, so both would write it."""
    report, case = load(empty, states[0], "calm"), read_case(states[0], "calm").case

    def hold(transaction: Transaction) -> None:
        beat = "MATCH (l:Record {id: $id}) SET l.beat = timestamp()"
        transaction.run(beat, {"id": report.id})

    writer = Writer(empty, case, report.id, "2001-01-01", Progress(), hold)
    begun, over, order = threading.Event(), threading.Event(), []

    def lost(_transaction: Transaction) -> None:
        begun.set()
        over.wait(1.0)
        order.append("lost")

    first = threading.Thread(target=writer._transact, args=(lost,))
    first.start()
    begun.wait()
    again = threading.Thread(target=writer._transact, args=(lambda _: order.append("again"),))
    again.start()
    for thread in (first, again):
        thread.join()
    assert order == ["lost", "again"]
    unloads.unload(empty, Workspace.locate(), "calm", read_case, everything=True)


# --- reads and changes --------------------------------------------------------------------------


def test_reads_come_back_whole_or_not_at_all(empty: Store, cluster: Proxy) -> None:
    with cluster.store() as store:
        for seed in range(3):
            faults = cluster.faults = Faults(seed)
            for _ in range(6):
                rows = store.read("UNWIND range(1, 3000) AS n RETURN n")
                assert [row["n"] for row in rows] == list(range(1, 3001)), str(faults)


def test_a_stream_that_is_cut_under_way_says_so(empty: Store, cluster: Proxy) -> None:
    with cluster.store() as store:
        rows = store.stream("UNWIND range(1, 50000) AS n RETURN n")
        got = [next(rows)["n"] for _ in range(1500)]
        cluster.cut_all()
        with pytest.raises(StoreUnavailable, match="was lost"):
            got.extend(row["n"] for row in rows)
        assert got == list(range(1, len(got) + 1))
        assert len(got) < 50000
        assert store.read("RETURN 1 AS one") == [{"one": 1}]


def test_a_stream_that_is_not_begun_yet_begins_again(empty: Store, cluster: Proxy) -> None:
    with cluster.store() as store:
        cluster.faults = Faults(1, most=2, every=1, kinds=(Fault.CUT,), within=(bolt_wire.RUN,))
        rows = [row["n"] for row in store.stream("UNWIND range(1, 50) AS n RETURN n")]
    assert rows == list(range(1, 51))
    assert len(cluster.faults.happened) == 2


def test_a_change_whose_outcome_is_unknown_is_said_and_made_once(
    empty: Store, cluster: Proxy
) -> None:
    with cluster.store() as store:
        cluster.faults = Faults(
            1, most=1, every=1, kinds=(Fault.UNANSWERED,), within=(bolt_wire.COMMIT,)
        )
        with pytest.raises(StoreUnavailable, match="may or may not be there"):
            store.write("CREATE (:Entity {id: 'once'})")
    assert empty.read("MATCH (n:Entity) RETURN count(n) AS n") == [{"n": 1}]


def test_a_change_that_was_not_made_is_made(empty: Store, cluster: Proxy) -> None:
    with cluster.store() as store:
        for kind in (Fault.CUT, Fault.SILENT, Fault.ELECTION):
            cluster.faults = Faults(1, most=3, every=1, kinds=(kind,), within=(bolt_wire.RUN,))
            store.write("CREATE (:Entity {id: $id})", {"id": kind.name})
    rows = empty.read("MATCH (n:Entity) RETURN n.id AS id ORDER BY id")
    assert [row["id"] for row in rows] == ["CUT", "ELECTION", "SILENT"]

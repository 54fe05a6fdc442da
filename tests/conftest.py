"""What all tests share. Nothing here is mocked: the engines are the real ones.

`store`         the graph in a fresh database, one for the whole run: slow to start, shared by all
`empty`         the same store with nothing in it but the schema's own mark
`loaded_store`  a store that holds the bundled case; tests only read it

A test that uses one of these runs on every engine: the embedded one, and each release of Neo4j
that `tests/support/neo4j_server.py` can start here, or the server that NEO4J_TEST_URI names
instead (whose data are removed!). Where it is about the embedded engine alone it is marked
`embedded`; while it runs, the environment is that of its engine.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import browser
from engines import EMBEDDED, FOREIGN, QUICK_START, Under, clear, engines
from neo4j_server import Server, missing

from graph.errors import SutraError
from graph.ingest import statements
from graph.runtime.workspace import Workspace
from graph.store.embedded import service
from graph.store.store import Store

__all__ = ["browser"]  # a fixture for every module, and one Chromium for the run


# --- the engines --------------------------------------------------------------------------------


# What could differ between releases of Neo4j: the language, plans, the driver's talk with a server,
# loads. What builds on those runs on the oldest release alone: `test_parity` has each statement
# that the program sends on every engine.
ON_EACH_RELEASE = frozenset(
    f"test_{subject}"
    for subject in (
        "cluster", "conformance", "guard", "inputs", "journal", "library", "limits", "loads",
        "parity", "plain", "plans", "search", "store", "verify",
    )
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    # A shell has what it starts in the background ignore it, and so would all that tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.setdefault("SUTRA_ENGINE_JAVA", " ".join(QUICK_START))
    config.addinivalue_line("markers", "embedded: is about the embedded engine alone")


def pytest_report_header() -> str:
    """So that a run says what it has been proved on."""
    return f"engines: {', '.join(engines())}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show why a test needed a second try: that is a fault until its cause is known."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"SECOND TRY of {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever asks for an engine on each of them."""
    if "engine" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("embedded")
        there = [EMBEDDED] if alone else engines()
        if metafunc.definition.get_closest_marker("neo4j"):
            there.remove(EMBEDDED)
        if metafunc.definition.path.stem not in ON_EACH_RELEASE:
            there = [name for name in there if name in (EMBEDDED, "neo4j", "neo4j-5.26")]
        params = [
            pytest.param(name, marks=() if name == EMBEDDED else pytest.mark.neo4j)
            for name in there
        ]
        metafunc.parametrize("engine", params, indirect=True, scope="session")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Where several processes share the tests, one has all of a Neo4j, or all of a module."""
    engine = getattr(getattr(item, "callspec", None), "params", {}).get("engine", EMBEDDED)
    item.add_marker(pytest.mark.xdist_group(item.path.stem if engine == EMBEDDED else engine))
    if item.get_closest_marker("browser"):
        item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start each Neo4j once and load the bundled case into it once, first of all.

    Neo4j, browsers and the slow modules come before the others, so that processes that share the
    tests end at about the same time.
    """
    lasting = ("slow", "browser", "neo4j")
    long = {item.path for item in items if any(map(item.get_closest_marker, lasting))}

    def turn(item: pytest.Item) -> tuple[int, bool]:
        params = getattr(getattr(item, "callspec", None), "params", {})
        number = engines().index(params.get("engine", EMBEDDED))
        if number == 0:
            return (0 if item.path in long else 1), False
        return -number, "loaded_store" not in getattr(item, "fixturenames", ())

    items.sort(key=turn)


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Under]:
    """The engine under test, started if it is a Neo4j."""
    name = request.param
    if name == EMBEDDED:
        yield Under(name, {})
    elif name == "neo4j":
        variables = ("_URI", "_USERNAME", "_PASSWORD", "_DATABASE")
        given = {v: os.environ.get(f"NEO4J_TEST{v}", "") for v in variables}
        yield Under(name, {f"NEO4J{v}": value for v, value in given.items() if value})
    else:
        release = name.removeprefix("neo4j-")
        if missing() and os.environ.get("SUTRA_ALLOW_SKIP") == "1":
            pytest.skip(f"no {' and no '.join(missing())}")
        with Server(release, options=QUICK_START) as server:
            yield Under(name, server.environ)


@pytest.fixture(autouse=True)
def _environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the test opens by itself is on the engine under test, in subprocesses too."""
    if "engine" in request.fixturenames:
        for name, value in request.getfixturevalue("engine").environ.items():
            monkeypatch.setenv(name, value)


# --- workspaces and stores ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def make_workspace() -> Iterator[Callable[[], Workspace]]:
    """Makes fresh workspaces; at the end of the run their engines are stopped and they are gone."""
    base = Path(tempfile.mkdtemp(prefix="sutra-test-"))
    made: list[Workspace] = []

    def make() -> Workspace:
        made.append(Workspace(base / f"home{len(made)}"))
        return made[-1]

    yield make
    for workspace in made:
        with contextlib.suppress(SutraError):
            service.stop(workspace)
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def make_copy(make_workspace: Callable[[], Workspace]) -> Callable[[Workspace], Workspace]:
    """Makes fresh copies of a workspace whose engine is stopped."""

    def copy(workspace: Workspace) -> Workspace:
        fresh = make_workspace()
        shutil.copytree(workspace.root, fresh.root)
        return fresh

    return copy


@pytest.fixture(scope="session")
def make_empty(
    make_workspace: Callable[[], Workspace], make_copy: Callable[[Workspace], Workspace]
) -> Callable[[], Workspace]:
    """Makes fresh workspaces whose graphs are empty but have their constraints and indexes."""
    first = make_workspace()
    with Store.open(first, environ={}) as store:
        store.set_up(list(statements.set_up(store.schema)), store.schema.fulltext)
    service.stop(first)
    return lambda: make_copy(first)


@pytest.fixture(scope="session")
def sutra_home(make_workspace: Callable[[], Workspace]) -> Iterator[Path]:
    """A fresh folder that SUTRA_HOME names for the whole run, with no NEO4J variable set."""
    with pytest.MonkeyPatch.context() as patch:
        for name in FOREIGN:
            patch.delenv(name, raising=False)
        workspace = make_workspace()
        patch.setenv("SUTRA_HOME", str(workspace.root))
        yield workspace.root


@pytest.fixture(scope="session")
def embedded_store(sutra_home: Path) -> Iterator[Store]:
    """The graph in a fresh workspace, on a real embedded engine, whichever engine is under test."""
    assert os.environ["SUTRA_HOME"] == str(sutra_home)
    with Store.open(Workspace(sutra_home), environ={}) as opened:
        yield opened


@pytest.fixture(scope="session")
def store(sutra_home: Path, engine: Under, request: pytest.FixtureRequest) -> Iterator[Store]:
    """The graph in a fresh database of the engine under test."""
    if engine.name == EMBEDDED:
        yield request.getfixturevalue("embedded_store")
        return
    with Store.open(environ=engine.environ) as opened:
        clear(opened)
        yield opened


@pytest.fixture
def empty(store: Store) -> Store:
    """The session's store with every node and relationship removed, but not the schema's mark."""
    clear(store)
    return store


@pytest.fixture(scope="session")
def filled(make_workspace: Callable[[], Workspace]) -> Workspace:
    """A workspace that holds the bundled case; its engine is stopped, so that it can be copied."""
    # Imported here, so that what is broken in a loader does not stop the engine's own tests.
    from graph.ingest import loads
    from loaders.case import read_case
    from sutra import cases

    workspace = make_workspace()
    with Store.open(workspace, environ={}) as store:
        loads.load(store, workspace, read_case(cases.BUNDLED))
    service.stop(workspace)
    return workspace


@pytest.fixture(scope="session")
def loaded_home(filled: Workspace, make_copy: Callable[[Workspace], Workspace]) -> Workspace:
    """A workspace of its own that holds the bundled case. Tests only read it."""
    return make_copy(filled)


@pytest.fixture(scope="session")
def loaded_embedded(loaded_home: Workspace) -> Iterator[Store]:
    """The embedded graph with the bundled case in it, on an engine of its own. Only for reading."""
    with Store.open(loaded_home, environ={}) as opened:
        yield opened


@pytest.fixture
def loaded_store(engine: Under, request: pytest.FixtureRequest) -> Store:
    """The graph with the bundled case in it, on the engine under test. Only for reading."""
    if engine.name == EMBEDDED:
        found: Store = request.getfixturevalue("loaded_embedded")
        return found
    from graph.ingest import load_states, loads
    from loaders.case import read_case
    from sutra import cases

    store: Store = request.getfixturevalue("store")
    if cases.BUNDLED.name not in {state.case for state in load_states.cases(store)}:
        clear(store)
        loads.load(store, Workspace.locate(), read_case(cases.BUNDLED))
    return store

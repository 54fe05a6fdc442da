"""What all tests share. Nothing here is mocked: the engine is the real one.

`store`  the graph in a fresh workspace, one for the whole run: slow to start, shared by all
`empty`  the same store with nothing in it but the schema's own mark
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph import service
from graph.errors import SutraError
from graph.store import Store
from graph.workspace import Workspace

# What would lead the tests away from their own workspace.
FOREIGN = ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE")


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
def sutra_home(make_workspace: Callable[[], Workspace]) -> Iterator[Path]:
    """A fresh folder that SUTRA_HOME names for the whole run, with no NEO4J variable set."""
    with pytest.MonkeyPatch.context() as patch:
        for name in FOREIGN:
            patch.delenv(name, raising=False)
        workspace = make_workspace()
        patch.setenv("SUTRA_HOME", str(workspace.root))
        yield workspace.root


@pytest.fixture(scope="session")
def store(sutra_home: Path) -> Iterator[Store]:
    """The graph in a fresh workspace, on a real embedded engine."""
    assert os.environ["SUTRA_HOME"] == str(sutra_home)
    with Store.open() as opened:
        yield opened


@pytest.fixture
def empty(store: Store) -> Store:
    """The session's store with every node and tie removed, but not the schema's mark."""
    while store.write(
        "MATCH (n) WHERE NOT n:Meta WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS gone"
    )[0]["gone"]:
        pass
    return store


@pytest.fixture(scope="session")
def loaded_home(make_workspace: Callable[[], Workspace]) -> Workspace:
    """A workspace of its own that holds the bundled case. Tests only read it."""
    # Imported here, so that what is broken in a loader does not stop the engine's own tests.
    from graph import loads
    from loaders.case import read_case
    from sutra import home

    workspace = make_workspace()
    with Store.open(workspace) as store:
        loads.load(store, workspace, read_case(home.BUNDLED))
    return workspace


@pytest.fixture(scope="session")
def loaded_store(loaded_home: Workspace) -> Iterator[Store]:
    """The graph with the bundled case in it, on an engine of its own. Tests only read it."""
    with Store.open(loaded_home) as opened:
        yield opened

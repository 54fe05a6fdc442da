"""The app on the bundled case, for every module that clicks in it; a module may have its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from browser import serving

from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.store.embedded import service
from graph.store.store import Store
from loaders.case import read_case
from sutra.cases import BUNDLED


@pytest.fixture(scope="session")
def filled(make_workspace: Callable[[], Workspace]) -> Workspace:
    """A workspace that holds the bundled case; its engine is stopped, so that it can be copied."""
    workspace = make_workspace()
    with Store.open(workspace, environ={}) as store:
        loads.load(store, workspace, read_case(BUNDLED))
    service.stop(workspace)
    return workspace


@pytest.fixture(scope="module")
def home(make_workspace: Callable[[], Workspace], filled: Workspace) -> Workspace:
    """A workspace of the module's own that holds the bundled case."""
    workspace = make_workspace()
    shutil.copytree(filled.root, workspace.root, dirs_exist_ok=True)
    return workspace


@pytest.fixture(scope="module")
def address(home: Workspace) -> Iterator[str]:
    """The app on that workspace; it starts the engine by itself."""
    with serving(home) as url:
        yield url

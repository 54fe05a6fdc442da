"""What several modules on loads share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.ingest import loads
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case


@pytest.fixture
def clean(empty: Store) -> Iterator[Store]:
    """An empty store, and afterwards none of the cases that a test loaded."""
    yield empty
    for case in {state.case for state in loads.states(empty)}:
        loads.unload(empty, Workspace.locate(), case, read_case, everything=True)

"""What several modules on loads share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.ingest import load_states, unloads
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from loaders.case import read_case


@pytest.fixture
def clean(empty: Store) -> Iterator[Store]:
    """An empty store, and afterwards none of the cases that a test loaded."""
    yield empty
    for case in {state.case for state in load_states.states(empty)}:
        unloads.unload(empty, Workspace.locate(), case, read_case, everything=True)

"""The graph, as every command opens it."""

from __future__ import annotations

from graph.ingest import turns
from graph.runtime.workspace import Workspace
from graph.store.store import Store
from sutra.terminal import warn


def open_store() -> Store:
    """Open the graph, and warn of every load that was cut off. Raises StoreError."""
    workspace = Workspace.locate()
    store = Store.open(workspace, notify=warn)
    for state in turns.cut_off(store, workspace):
        warn(turns.explain_cut_off(state))
    return store

"""Which engine the store runs on."""

from __future__ import annotations

import os
from collections.abc import Mapping

from graph.runtime.workspace import Workspace
from graph.store.arcadedb_engine import ArcadeDBEngine
from graph.store.embedded.lifecycle import Notify
from graph.store.engine import Engine
from graph.store.neo4j_engine import Neo4jEngine


def choose(
    workspace: Workspace | None, notify: Notify | None, environ: Mapping[str, str] = os.environ
) -> Engine:
    """The engine that the environment asks for: Neo4j if `NEO4J_URI` is set, else the embedded one.

    With `NEO4J_URI` set no embedded engine is ever started, nor any folder made.
    """
    if environ.get("NEO4J_URI", "").strip():
        return Neo4jEngine(environ)
    return ArcadeDBEngine(workspace or Workspace.locate(environ), notify)

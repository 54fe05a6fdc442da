"""Engines of a measurement's own: each starts empty in a folder of its own, and ends after it.

While one runs the environment leads to it, in processes that are started too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import neo4j
from engines import FOREIGN
from neo4j_server import Server

from graph.runtime.workspace import Workspace
from graph.store.embedded import service
from graph.store.store import Store


@contextmanager
def _environment(home: Path, database: dict[str, str]) -> Iterator[Workspace]:
    with patch.dict(os.environ, {"SUTRA_HOME": str(home)}):
        for name in FOREIGN:
            os.environ.pop(name, None)
        os.environ.update(database)
        workspace = Workspace.locate()
        workspace.prepare()
        yield workspace


@contextmanager
def neo4j_store(home: Path) -> Iterator[Store]:
    """The graph on a Neo4j with 2 GB of heap and 2 GB of page cache."""
    with (
        Server("5.26", data=home / "server", heap="2g", page_cache="2g") as server,
        _environment(home / "workspace", server.environ),
        Store.open() as store,
    ):
        yield store


@contextmanager
def embedded_store(home: Path) -> Iterator[Store]:
    """The graph on an embedded engine."""
    with _environment(home, {}) as workspace:
        try:
            with Store.open() as store:
                yield store
        finally:
            service.stop(workspace)


def bare_driver() -> neo4j.Driver:
    """A driver to the Neo4j that the environment names, with nothing of ours around it."""
    login = (os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])
    return neo4j.GraphDatabase.driver(os.environ["NEO4J_URI"], auth=login)

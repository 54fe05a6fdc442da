"""`sutra load --bulk`: the stages of a bulk load, each as far as it can go now."""

from __future__ import annotations

import os
from pathlib import Path

from graph import bulk
from graph.errors import LoadError, StoreUnavailable
from graph.loads import LoadInput
from graph.store import Store
from graph.workspace import Workspace
from sutra.terminal import TerminalProgress

AGAIN = "then run the same command again"


def run(given: LoadInput) -> str:
    """Do what can be done of a bulk load now; returns what was done and what is next.

    Raises LoadError where the bulk route cannot be gone, and what a load raises.
    """
    uri = os.environ.get("NEO4J_URI", "").strip()
    if not uri:
        raise LoadError(
            "--bulk is for a Neo4j server; set NEO4J_URI, or load into the embedded database "
            "without --bulk."
        )
    workspace, progress = Workspace.locate(), TerminalProgress()
    workspace.prepare()
    try:
        try:
            store = Store.open(workspace)
        except StoreUnavailable:
            return _stopped(workspace, given, uri, progress)
        with store:
            return _running(store, workspace, given, uri, progress)
    finally:
        progress.end()


def _running(
    store: Store, workspace: Workspace, given: LoadInput, uri: str, progress: TerminalProgress
) -> str:
    load = bulk.imported(store, given)
    if load is not None:
        counts = bulk.finish(store, workspace, given, load, progress)
        return f"{load}: {counts['Claim']:,} claims of {counts['Passage']:,} passages, imported."
    if not bulk.empty(store):
        raise LoadError(
            f"The database at {store.info.address} is not empty, and --bulk is for the first load; "
            f"load without it, or name an empty one with NEO4J_DATABASE."
        )
    written = bulk.written(workspace, given)
    if written is not None and written.empty:
        raise LoadError(f"The server is still running; {_next(written, uri)}.")
    written = bulk.write(workspace, given, seen_empty=True, progress=progress)
    return f"{written.claims:,} claims are ready to be imported; {_next(written, uri)}."


def _next(written: bulk.Bulk, uri: str) -> str:
    if bulk.is_local(uri):
        return f"stop the server, {AGAIN}"
    return (
        f"copy {written.folder} to the server's machine, stop the server, run "
        f"`{written.command}` there, start the server, {AGAIN}"
    )


def _stopped(workspace: Workspace, given: LoadInput, uri: str, progress: TerminalProgress) -> str:
    written = bulk.written(workspace, given)
    if written is None:
        written = bulk.write(workspace, given, seen_empty=False, progress=progress)
    if not bulk.is_local(uri):
        return f"Nothing answers at the server; {_next(written, uri)}."
    found = bulk.tool()
    if found is None:
        raise LoadError(
            f"No neo4j-admin is found under NEO4J_HOME or on PATH; set NEO4J_HOME, or run "
            f"`{written.command}` yourself, start the server, {AGAIN}."
        )
    progress.step("Importing", 0, 0)
    bulk.run_tool(written, Path(found))
    return f"{written.claims:,} claims are imported; start the server, {AGAIN}."

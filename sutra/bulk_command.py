"""`sutra load --bulk`: the stages of a bulk load, each as far as it can go now."""

from __future__ import annotations

import os
from pathlib import Path

from graph import bulk, loads
from graph.engine import without_credentials
from graph.errors import LoadError, NothingAnswers
from graph.loads import LoadInput
from graph.store import Store
from graph.wording import counted
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
    address = without_credentials(uri)
    try:
        with loads.alone(address, workspace, given.case.id):
            try:
                store = Store.open(workspace)
            except NothingAnswers:
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
        claims, passages = counted(counts["Claim"], "claim"), counted(counts["Passage"], "passage")
        return f"{load}: {claims} of {passages}, imported."
    # Before it is looked whether it is empty: what is written after that is noticed by it.
    address, place = without_credentials(uri), store.place()
    if not bulk.empty(store):
        raise LoadError(
            f"The database at {store.info.address} is not empty, and --bulk is for the first load; "
            f"load without it, or name an empty one with NEO4J_DATABASE."
        )
    written = bulk.written(workspace, given)
    if written is None:
        written = bulk.write(workspace, given, seen_empty=place, address=address, progress=progress)
    elif (written.address, written.seen, written.done) == (address, place, False):
        raise LoadError(f"The server is still running; {_next(written, uri)}.")
    else:
        written = bulk.see(written, address, place)
    return f"{_claims(written)} ready to be imported; {_next(written, uri)}."


def _claims(written: bulk.Bulk) -> str:
    return counted(written.claims, "claim is", "claims are")


def _next(written: bulk.Bulk, uri: str) -> str:
    if bulk.is_local(uri):
        return f"stop the server, {AGAIN}"
    return _by_hand(written)


def _by_hand(written: bulk.Bulk) -> str:
    return (
        f"copy the folder {written.folder} to the server's machine, stop the server, run "
        f"`{written.command}` in the copied folder as the user that the server runs as (such as "
        f"`sudo -u neo4j`, who must be able to read it), start the server, {AGAIN}"
    )


def _stopped(workspace: Workspace, given: LoadInput, uri: str, progress: TerminalProgress) -> str:
    written = bulk.written(workspace, given)
    if written is None:
        written = bulk.write(workspace, given, seen_empty=None, progress=progress)
    if written.done:
        return f"{_claims(written)} imported already; start the server, {AGAIN}."
    if written.seen and not written.is_for(without_credentials(uri)):
        raise LoadError(
            f"The claims were made ready for the database “{written.database}” at "
            f"{written.address}; name that one with NEO4J_URI and NEO4J_DATABASE, or start the "
            f"server at {without_credentials(uri)} and run the command again."
        )
    if not bulk.is_local(uri):
        return f"Nothing answers at the server; {_next(written, uri)}."
    found = bulk.tool()
    if found is None:
        raise LoadError(
            f"No neo4j-admin is found under NEO4J_HOME or, where that is not set, on PATH; set "
            f"NEO4J_HOME to the server's folder, or {_by_hand(written)}."
        )
    progress.step("Importing", 0, 0)
    bulk.run_tool(written, Path(found))
    return f"{_claims(written)} imported; start the server, {AGAIN}."
